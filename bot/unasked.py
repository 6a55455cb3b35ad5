"""A text that nobody asked an employee for: it is recorded nowhere, and the screen says so and where it belongs. Pure.

Silence here would be taken for «записано»: whoever has just given homework types the next one right below it.
"""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.lesson_card import back_to_lesson
from bot.lesson_list import TeachingDay, class_rows, lesson_line
from bot.payloads import Lessons
from bot.payloads import pack as pack_first
from bot.screens import Button, Rows, Screen
from bot.teacher_payloads import Homework, Remarks, pack
from bot.wording import lines, paragraphs
from core.events import RemarkKind
from core.learning.timetable import LessonCard
from texts.reader import Texts

_LESSON = r"(к )?урок(и|а|у|ам)?|ehjr|переклич(ка|ку)"
_OPENING = re.compile(
    rf"{_LESSON}|журнал|меню|начать|старт|start|ещ[её] раз"
    r"|привет|здравствуйте|добр(ый|ое|ого) (день|дня|утро|утра|вечер|вечера)",
    re.IGNORECASE,
)
"""«ehjr» is «урок», typed with the keyboard left in Latin."""


def opens(text: str) -> bool:
    """Tell whether a text is a word by which people open the bot; any other may be meant for the journal."""
    return _OPENING.fullmatch(_bare(text)) is not None


def asks_for_lesson(text: str) -> bool:
    """Tell whether a text is the word by which the guide has a lesson opened: no homework or remark says only that."""
    return re.fullmatch(_LESSON, _bare(text), re.IGNORECASE) is not None


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip(" .,!?)")


def unasked(texts: Texts, days: Sequence[TeachingDay], now: datetime) -> Screen:
    """Say that a text was recorded nowhere, with the buttons of what may be written now."""
    found = _begun(days, now)
    if found is None:
        about = texts.format("teacher-unasked-no-lesson")
        rows: Rows = ()
    else:
        day, lesson = found
        about = texts.format("teacher-unasked-lesson", lesson=lesson_line(texts, lesson, day.persona.school.zone))
        rows = _lesson_rows(texts, lesson)
    lessons = Button(texts.format("bot-button-lessons"), pack_first(Lessons()))
    text = paragraphs(texts.format("teacher-unasked"), lines(texts.format("teacher-unasked-how"), about))
    return Screen(text, (*rows, *class_rows(texts, days), (lessons,)))


def _begun(days: Sequence[TeachingDay], now: datetime) -> tuple[TeachingDay, LessonCard] | None:
    """Choose the lesson that is on, or was the last: of one to come, or not held, nothing can be written."""
    held = [(day, lesson) for day in days for lesson in day.lessons if lesson.cancelled is None]
    begun = [one for one in held if one[1].starts_at <= now]
    return max(begun, key=lambda one: one[1].starts_at, default=None)


def _lesson_rows(texts: Texts, lesson: LessonCard) -> Rows:
    homework = Button(texts.format("teacher-button-homework"), pack(Homework(lesson.id)))
    remarks = Button(texts.format("teacher-button-remarks"), pack(Remarks(lesson.id, RemarkKind.REMARK)))
    return ((homework,), (remarks,), (back_to_lesson(texts, lesson.id),))
