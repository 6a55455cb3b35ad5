"""What stands around everything that is done at one lesson: its heading, and the ways from its card. Pure."""

from uuid import UUID

from bot.lesson_words import cancelled_words, instead_words
from bot.payloads import Look
from bot.payloads import pack as pack_first
from bot.screens import Button, Rows
from bot.teacher_payloads import Homework, Marks, Remarks, pack
from bot.wording import begun, bell, day_words, lines
from core.events import RemarkKind
from core.learning.lesson_rights import LessonFacts
from texts.reader import Texts


def heading(texts: Texts, lesson: LessonFacts) -> str:
    """Return class, subject, number, time and day; and what is otherwise than in the timetable (TT-05)."""
    zone = lesson.school.zone
    when = texts.format(
        "bot-roll-when",
        number=lesson.number,
        starts=bell(lesson.starts_at, zone),
        ends=bell(lesson.ends_at, zone),
        day=day_words(texts, lesson.day),
    )
    what = texts.format("bot-roll-heading", class_title=lesson.class_title, subject=lesson.subject_name)
    changed = (begun(cancelled_words(texts, lesson.cancelled)), instead_words(texts, lesson.instead_of))
    return lines(what, when, *changed)


def work_rows(texts: Texts, lesson: UUID) -> Rows:
    """Return the buttons that lead from the card of a lesson to its marks, remarks and homework."""
    marks = Button(texts.format("teacher-button-marks"), pack(Marks(lesson, 0)))
    remarks = Button(texts.format("teacher-button-remarks"), pack(Remarks(lesson, RemarkKind.REMARK)))
    homework = Button(texts.format("teacher-button-homework"), pack(Homework(lesson)))
    return ((marks, remarks), (homework,))


def back_to_lesson(texts: Texts, lesson: UUID) -> Button:
    """Return the button that leads back to the card."""
    return Button(texts.format("teacher-button-lesson"), pack_first(Look(lesson)))
