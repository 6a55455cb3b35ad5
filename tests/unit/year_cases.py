"""A small school year for tests: names, a calendar, bells, learners, slots."""

from datetime import date, time
from typing import Any
from uuid import UUID

from core.year.bells import Bell, BellSchedule
from core.year.calendar import Calendar, Holiday, Level, Period, PeriodKind, StudyWeek, Terms
from core.year.planned import PlannedLesson, YearPlan
from core.year.span import Hours, Span
from core.year.weekly import ClassPart, Learners, LearnersKind, WeeklySlot

ZONE = "Asia/Yekaterinburg"
"""Five hours before UTC, all the year round."""
MATHS, ENGLISH = UUID(int=901), UUID(int=902)
IVANOVA, PETROV = UUID(int=801), UUID(int=802)
ROOM_12, ROOM_14 = UUID(int=701), UUID(int=702)
CLASS_1A, CLASS_3A, CLASS_7A, CLASS_7B = (UUID(int=number) for number in (101, 103, 107, 108))
OF_1A, OF_3A, OF_7A, OF_7B = (
    ClassPart(CLASS_1A, 1),
    ClassPart(CLASS_3A, 3),
    ClassPart(CLASS_7A, 7),
    ClassPart(CLASS_7B, 7),
)


def learners(kind: LearnersKind, number: int, title: str, *parts: ClassPart) -> Learners:
    return Learners(kind, UUID(int=number), title, parts)


THE_1A = learners(LearnersKind.CLASS, 101, "1А", OF_1A)
THE_7A = learners(LearnersKind.CLASS, 107, "7А", OF_7A)
THE_7B = learners(LearnersKind.CLASS, 108, "7Б", OF_7B)
FIRST_HALF = learners(LearnersKind.GROUP, 201, "7А, английский 1", OF_7A)
SECOND_HALF = learners(LearnersKind.GROUP, 202, "7А, английский 2", OF_7A)
STREAM = learners(LearnersKind.STREAM, 203, "поток 7", OF_7A, OF_7B)
COMBINED = learners(LearnersKind.COMBINED, 204, "1–3", OF_1A, OF_3A)
PUPIL = learners(LearnersKind.PUPIL, 301, "ИУП", OF_7A)


def hours(starts: str, ends: str) -> Hours:
    return Hours(time.fromisoformat(starts), time.fromisoformat(ends))


FIRST_SHIFT = BellSchedule(
    "первая смена",
    1,
    tuple(Bell(number, hours(f"{7 + number:02}:30", f"{8 + number:02}:10")) for number in range(1, 7)),
)
"""Lesson 1 from 8:30 to 9:10, lesson 2 from 9:30, and so on."""


def span(first: str, last: str) -> Span:
    """Make a span of «2026-09-01» or «09-01», the latter of the school year 2026/27."""
    return Span(day(first), day(last))


def day(text: str) -> date:
    year = "2026-" if int(text[:2]) >= 8 else "2027-"
    return date.fromisoformat(year + text)


QUARTERS = tuple(
    Period(number, f"{number} четверть", span(first, last))
    for number, (first, last) in enumerate(
        (("09-01", "10-25"), ("11-03", "12-29"), ("01-11", "03-26"), ("04-05", "05-26")), 1
    )
)
HALF_YEARS = (
    Period(1, "1 полугодие", span("09-01", "12-29")),
    Period(2, "2 полугодие", span("01-11", "05-26")),
)


def calendar(**changed: Any) -> Calendar:
    """Make the year 2026/27; it begins on a Tuesday. Grade 1 has holidays of its own, grade 11 learns on Saturdays."""
    quarters = Terms(PeriodKind.QUARTER, QUARTERS)
    plain: dict[str, Any] = {
        "year": 2026,
        "span": span("09-01", "05-26"),
        "terms": {
            Level.PRIMARY: quarters,
            Level.BASIC: quarters,
            Level.SECONDARY: Terms(PeriodKind.HALF_YEAR, HALF_YEARS),
        },
        "week": dict.fromkeys(range(1, 11), StudyWeek.FIVE) | {11: StudyWeek.SIX},
        "holidays": (
            Holiday("осенние", span("10-26", "11-02")),
            Holiday("зимние", span("12-30", "01-10")),
            Holiday("дополнительные", span("02-15", "02-21"), frozenset({1})),
            Holiday("весенние", span("03-27", "04-04")),
        ),
        "days_off": frozenset({day("02-23"), day("03-08"), day("05-03")}),
        "moved": {day("02-20"): day("02-22")},
    }
    return Calendar(**plain | changed)


def slot(name: int, /, **changed: Any) -> WeeklySlot:
    """Make a slot with this id: mathematics of 7А on Monday, lesson 2."""
    plain: dict[str, Any] = {
        "learners": THE_7A,
        "weekday": 1,
        "number": 2,
        "subject": MATHS,
        "teacher": IVANOVA,
        "room": ROOM_12,
    }
    return WeeklySlot(id=UUID(int=name), **plain | changed)


def plan(*slots: WeeklySlot, **changed: Any) -> YearPlan:
    plain: dict[str, Any] = {"calendar": calendar(), "bells": (FIRST_SHIFT,), "zone": ZONE}
    return YearPlan(slots=slots, **plain | changed)


def these(*classes: UUID) -> frozenset[UUID]:
    return frozenset(classes)


def days_of(lessons: tuple[PlannedLesson, ...]) -> list[date]:
    return [lesson.day for lesson in lessons]
