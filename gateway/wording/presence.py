"""What rolls say of a child's presence: where he was seen, from where he is gone, and the all-clear that rings."""

from collections.abc import Iterable, Sequence

from core.events import AttendanceDayState, LessonAttended
from gateway.absence_content import Missed, Partly
from gateway.wording.words import Words, day_words, pupil_line
from texts.reader import Texts


def came_to(state: AttendanceDayState) -> LessonAttended | None:
    """Return the first lesson at which the child was seen after the last one that he missed; None: at none."""
    missed = max((one.starts_at for one in state.absences if one.is_told), default=None)
    later = (one for one in state.attended if missed is None or one.starts_at > missed)
    return min(later, key=lambda one: one.starts_at, default=None)


def seen_and_missed(texts: Texts, state: AttendanceDayState, alarm: Sequence[Missed]) -> str:
    """Return «На 1-м и 2-м уроках отмечено присутствие, на 3-м — нет»; lessons missed before are in the list alone."""
    missed = {one.number for one in alarm}
    starts = {one.number: one.starts_at for one in state.absences if one.number in missed}
    last = max(starts.values())
    seen = [one for one in state.attended if one.starts_at < last]
    since = min(one.starts_at for one in seen)
    return texts.format(
        "alert-gone",
        count=len(seen),
        seen=_lessons(texts, (one.number for one in seen)),
        missed=_lessons(texts, (number for number, at in starts.items() if at > since)),
    )


def partly_words(texts: Texts, lesson: Partly) -> str:
    """Return «опоздание 10 мин», «уход до конца урока», or both."""
    words = []
    if lesson.late_minutes:
        words.append(texts.format("alert-late", minutes=lesson.late_minutes))
    if lesson.left is not None:
        words.append(texts.format(f"alert-left-{lesson.left}"))
    return ", ".join(words)


def presence_words(texts: Texts, state: AttendanceDayState, cleared: Sequence[int]) -> Words:
    """Put the all-clear into words: the child was seen since, or was never missing, or an entry was only taken back."""
    day = day_words(texts, state.day)
    absent = {one.number for one in state.absences}
    mistaken = [number for number in cleared if number not in absent]
    first = None if mistaken else came_to(state)
    attended = {one.number for one in state.attended}
    if first is not None:
        line = texts.format("alert-clear-came", lesson=_lessons(texts, [first.number]))
    else:
        line = texts.format("alert-clear-corrected", count=len(mistaken), lessons=_lessons(texts, mistaken))
    seen = first is not None or (mistaken and set(mistaken) <= attended)
    return Words(
        title=texts.format("alert-clear-title" if seen else "alert-clear-title-corrected"),
        about=(pupil_line(texts, state.pupil_name, state.class_title), day),
        body=(line,),
        closing=(),
        subject=texts.format("letter-subject-came", name=state.pupil_name, day=day),
        item=(line,),
        calm=True,
    )


def _lessons(texts: Texts, numbers: Iterable[int]) -> str:
    """Return «1-м», «1-м и 2-м», «1-м, 2-м и 3-м»."""
    *most, last = (texts.format("alert-nth", number=number) for number in sorted(set(numbers)))
    return texts.format("alert-and", most=", ".join(most), last=last) if most else last
