"""The table of topics is whole and says where it comes from; what a subject itself says of its time."""

import csv
import re
from datetime import date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from core.events import (
    ControlWorkState,
    HomeworkState,
    NoticeAsk,
    NoticeState,
    PlannedAs,
    RemarkKind,
    RemarkState,
    SchoolEventState,
    Subject,
    TimetableDayState,
    TimetableLesson,
)
from core.school_time import at_school
from gateway.categories import URGENT, Category, Duty, Topic
from gateway.terms import TERMS, needed_by, useful_until
from tests.unit.gateway_cases import TODAY, ZONE, day_state, mark_state

TOPICS: tuple[Topic, ...] = (*Category, *Duty)
REQUIREMENTS = Path(__file__).parents[2] / "docs/reference/requirements"
TOMORROW = TODAY + timedelta(days=1)


def test_each_topic_has_its_terms_and_nothing_urgent_gives_way() -> None:
    assert set(TERMS) == set(TOPICS)
    assert not any(TERMS[topic].overflows or TERMS[topic].settles for topic in (*URGENT, *Duty))


def test_only_marks_settle() -> None:
    assert {topic for topic in TOPICS if TERMS[topic].settles} == {
        Category.MARK,
        Category.BAD_MARK,
        Category.FINAL_MARK,
    }


def test_the_sources_of_the_table_exist() -> None:
    named = {name for terms in TERMS.values() for name in re.findall(r"[A-Z]+-\d+", terms.source)}
    found: set[str] = set()
    for table in ("catalogue.csv", "deadlines.csv"):
        with (REQUIREMENTS / table).open(encoding="utf-8", newline="") as rows:
            found |= {row["id"] for row in csv.DictReader(rows)}
    assert len(named) > 5
    assert named <= found


def clock(day: date, hour: int) -> datetime:
    return at_school(day, time(hour), ZONE)


def lesson(number: int, was: PlannedAs | None = None, *, substituted: bool = False) -> TimetableLesson:
    return TimetableLesson(
        lesson=UUID(int=number),
        day=TOMORROW,
        number=number,
        starts_at=clock(TOMORROW, 7 + number),
        ends_at=clock(TOMORROW, 7 + number) + timedelta(minutes=40),
        subject_name="математика",
        teacher_name="Петрова Анна Ивановна",
        room_name=None,
        substituted=substituted,
        was=was,
    )


def planned(hour: int) -> PlannedAs:
    begins = clock(TOMORROW, hour)
    hours = {"starts_at": begins, "ends_at": begins + timedelta(minutes=40)}
    who = {"subject_name": "математика", "teacher_name": "Петрова Анна Ивановна", "room_name": None}
    return PlannedAs.model_validate({"day": TOMORROW, "number": 1, **hours, **who})


def timetable(*lessons: TimetableLesson) -> TimetableDayState:
    return TimetableDayState(learners=UUID(int=7), class_title="5 «А»", pupils=(), day=TOMORROW, lessons=lessons)


def notice(reply_by: date | None) -> NoticeState:
    return NoticeState(
        notice=UUID(int=8),
        class_title="5 «А»",
        pupils=(),
        author_name="Петрова Анна Ивановна",
        title="Экскурсия",
        text="В музей.",
        text_hash="0" * 64,
        ask=NoticeAsk.READ,
        reply_by=reply_by,
        published_on=TODAY,
    )


HOMEWORK = HomeworkState(
    lesson=UUID(int=1),
    class_title="5 «А»",
    pupils=(),
    subject_name="математика",
    set_on=TODAY,
    due_on=TOMORROW,
    text="№ 12",
)
REMARK = RemarkState(
    remark=UUID(int=2),
    pupil=UUID(int=3),
    pupil_name="Ёлкина Саша",
    class_title="5 «А»",
    kind=RemarkKind.REMARK,
    day=TODAY,
    subject_name=None,
    author_name="Петрова Анна Ивановна",
    text="Забыта форма.",
)
WORK = ControlWorkState(
    work=UUID(int=4),
    class_title="5 «А»",
    pupils=(),
    lesson=UUID(int=1),
    day=TOMORROW,
    number=1,
    subject_name="математика",
    form="контрольная работа",
    topic="дроби",
    planned_on=TODAY,
)
EVENING = SchoolEventState(
    event=UUID(int=5),
    title="Концерт",
    place="актовый зал",
    note="",
    starts_at=clock(TOMORROW, 23),
    ends_at=clock(TOMORROW, 23) + timedelta(hours=2),
    classes=(),
    pupils=(),
    planned_on=TODAY,
)


@pytest.mark.parametrize(
    ("state", "until", "needed"),
    [
        (day_state({}), TODAY, None),
        (mark_state(), None, None),
        (REMARK, None, None),
        (HOMEWORK, TOMORROW, None),
        (notice(None), None, None),
        (notice(TOMORROW), TOMORROW, None),
        (WORK, TOMORROW, clock(TOMORROW, 0)),
        (EVENING, TOMORROW + timedelta(days=1), clock(TOMORROW, 23)),
        (timetable(lesson(1), lesson(2)), TOMORROW, None),
        (timetable(lesson(1), lesson(3), lesson(2, substituted=True)), TOMORROW, clock(TOMORROW, 9)),
        # Moved from eight to ten, or from eleven to ten: needed before the earlier of both.
        (timetable(lesson(3, planned(8))), TOMORROW, clock(TOMORROW, 8)),
        (timetable(lesson(3, planned(11))), TOMORROW, clock(TOMORROW, 10)),
    ],
)
def test_until_when_it_is_of_use_to_be_told(state: Subject, until: date | None, needed: datetime | None) -> None:
    assert useful_until(state, ZONE) == until
    assert needed_by(state, ZONE) == needed
