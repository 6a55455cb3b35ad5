"""A school day of lessons for the tests of what is told of plans."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from core.events import (
    Addressee,
    Channel,
    ControlWorkState,
    NotHeld,
    PlannedAs,
    SchoolEventState,
    SchoolKind,
    SchoolSettings,
    SchoolState,
    TimetableDayState,
    TimetableLesson,
)
from core.school_time import at_school

ZONE = "Asia/Yekaterinburg"
DAY = date(2026, 10, 21)
PUPIL, READER = UUID(int=1), UUID(int=2)
SCHOOL = SchoolState(
    kind=SchoolKind.PRIVATE,
    name="Школа «Радуга»",
    zone=ZONE,
    settings=SchoolSettings(allowed_channels=(Channel.TELEGRAM, Channel.MAIL)),
)
SAME: Any = {"lesson", "substituted", "cancelled", "cancelled_note", "distant", "left_out", "was"}
NAMES = ("математика", "русский язык", "физика")


def at(hour: int, minute: int = 0, day: date = DAY) -> datetime:
    return at_school(day, time(hour, minute), ZONE)


def lesson(number: int, /, **changes: Any) -> TimetableLesson:
    """Return a lesson of the day as it is every week; lessons begin at 8:30 and every hour after it."""
    values: dict[str, Any] = {
        "lesson": UUID(int=number),
        "day": DAY,
        "number": number,
        "starts_at": at(7 + number, 30),
        "ends_at": at(8 + number, 10),
        "subject_name": NAMES[number - 1],
        "teacher_name": "Кузнецова Мария Петровна",
        "room_name": "12",
    }
    return TimetableLesson(**(values | changes))


def otherwise(number: int, /, **changes: Any) -> TimetableLesson:
    """Return a lesson that is held otherwise than every week."""
    usual = lesson(number)
    was = PlannedAs.model_validate(usual.model_dump(exclude=SAME))
    return usual.model_copy(update={"was": was, **changes})


def day(*lessons: TimetableLesson, **changes: Any) -> TimetableDayState:
    values: dict[str, Any] = {
        "learners": UUID(int=50),
        "class_title": "5А",
        "pupils": (Addressee(pupil=PUPIL, name="Ёлкина Саша"),),
        "day": DAY,
        "lessons": lessons,
    }
    return TimetableDayState(**(values | changes))


USUAL = (lesson(1), lesson(2), lesson(3))
COLD = tuple(lesson(number, cancelled=NotHeld.WEATHER, cancelled_note="мороз") for number in (1, 2, 3))
SUBSTITUTED = otherwise(2, teacher_name="Орлов Пётр Ильич", substituted=True)
WORK = ControlWorkState(
    work=UUID(int=7),
    class_title="5А",
    pupils=(Addressee(pupil=PUPIL, name="Ёлкина Саша"),),
    lesson=UUID(int=6),
    day=DAY + timedelta(days=2),
    number=2,
    subject_name="математика",
    form="контрольная работа",
    topic="Дроби",
    planned_on=DAY,
)
FAIR = SchoolEventState(
    event=UUID(int=8),
    title="Ярмарка",
    place="Актовый зал",
    note="Сменная обувь",
    starts_at=at(14),
    ends_at=at(15, 30),
    classes=None,
    pupils=(Addressee(pupil=PUPIL, name="Ёлкина Саша"),),
    planned_on=DAY - timedelta(days=1),
)
