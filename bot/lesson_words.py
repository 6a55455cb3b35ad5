"""How a change of the timetable is told of a lesson: cancelled, moved, given by somebody else, at a distance. Pure."""

from collections.abc import Iterator
from datetime import date

from bot.wording import commas, day_words, room_words
from core.timetable.lesson_views import LessonView
from texts.reader import Texts


def cancelled_words(texts: Texts, reason: str | None, note: str = "") -> str:
    """Say that a lesson is not held, and why (TT-15); nothing, if it is."""
    if reason is None:
        return ""
    why = texts.format(f"lesson-cancelled-{reason}")
    return texts.format("lesson-cancelled-noted", why=why, note=note) if note else why


def changed_words(
    texts: Texts, *, moved_from: date | None = None, substituted: bool = False, distant: bool = False
) -> str:
    """Say what else is otherwise than in the timetable."""
    return commas(
        (
            *((texts.format("lesson-substituted"),) if substituted else ()),
            *((texts.format("lesson-moved", day=day_words(texts, moved_from)),) if moved_from else ()),
            *((texts.format("lesson-distant"),) if distant else ()),
        )
    )


def week_words(texts: Texts, lesson: LessonView, reader: str) -> str:
    """Say all that is otherwise of a lesson in the week of a teacher, called ``reader``, and what is planned for it."""
    if lesson.cancelled is not None:
        return cancelled_words(texts, lesson.cancelled, lesson.cancelled_note)
    return commas((*_otherwise(texts, lesson, reader), *((lesson.control,) if lesson.control else ())))


def _otherwise(texts: Texts, lesson: LessonView, reader: str) -> Iterator[str]:
    if lesson.own_teacher is not None and lesson.teacher_name != reader:
        yield texts.format("lesson-given-by", teacher=lesson.teacher_name)
    elif lesson.own_teacher is not None:
        yield texts.format("lesson-given-for", teacher=lesson.own_teacher)
    if planned := commas(_planned(texts, lesson)):
        moved = lesson.is_moved
        yield texts.format("lesson-moved", day=planned) if moved else texts.format("lesson-planned-as", what=planned)
    if lesson.is_all_distant:
        yield texts.format("lesson-distant")
    elif lesson.distant:
        yield texts.format("lesson-distant-classes", classes=commas(lesson.distant))


def _planned(texts: Texts, lesson: LessonView) -> Iterator[str]:
    """Say what the timetable has, where the lesson is otherwise."""
    if lesson.planned_day != lesson.day:
        yield day_words(texts, lesson.planned_day)
    if lesson.planned_number != lesson.number:
        yield texts.format("lesson-number", number=lesson.planned_number)
    if lesson.planned_subject != lesson.subject_name:
        yield lesson.planned_subject
    if lesson.planned_room is not None and lesson.room_name not in (None, lesson.planned_room):
        yield room_words(texts, lesson.planned_room)


def instead_words(texts: Texts, teacher: str | None) -> str:
    """Say who gives the lesson by the timetable, if it is given in his place (TT-05)."""
    return "" if teacher is None else texts.format("lesson-instead-of", teacher=teacher)
