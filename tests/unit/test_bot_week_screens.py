"""A teacher's week: whole however much stands in it, turned without dead ends, plain about what has changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.lesson_words import week_words
from bot.paging import MAX_TEXT
from bot.screens import Screen
from bot.teacher_payloads import LessonWeek, ThisWeek, read
from bot.week_screens import OpenWeek, week_screen
from core.timetable.lesson_views import LessonView
from core.timetable.school_events import EventView
from core.timetable.views import DayView, Unrecorded, WeekView
from core.year.changes import CancelReason
from texts.reader import load
from zvonok.sandbox.text_entities import utf16_length

TEXTS = load("ru")
TEACHER = UUID(int=1)
NAME, OTHER = "Кузнецова Мария Петровна", "Седова Анна Юрьевна"
MONDAY = date(2026, 11, 23)
BELL = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)


def lesson(number: int = 1, **changed: Any) -> LessonView:
    plain: dict[str, Any] = {
        "id": UUID(int=number),
        "slot": UUID(int=100 + number),
        "day": MONDAY,
        "number": number,
        "starts_at": BELL,
        "ends_at": BELL + timedelta(minutes=45),
        "learners": "5А",
        "classes": ("5А",),
        "distant": (),
        "subject_name": "математика",
        "teacher_name": NAME,
        "room_name": "12",
        "control": None,
        "cancelled": None,
        "cancelled_note": "",
        "planned_day": MONDAY,
        "planned_number": number,
        "planned_subject": "математика",
        "planned_room": "12",
        "own_teacher": None,
    }
    return LessonView(**plain | changed)


def event(title: str) -> EventView:
    return EventView(
        id=UUID(int=7),
        title=title,
        classes=("5А", "5Б"),
        place="актовый зал",
        note="Сменная обувь",
        starts_at=BELL,
        ends_at=BELL + timedelta(hours=2),
    )


def a_day(day: date, *lessons: LessonView, events: tuple[EventView, ...] = (), is_made: bool = True) -> DayView:
    return DayView(day, lessons, (), events, is_made)


def week(*days: DayView, school: str = "") -> OpenWeek:
    given_days = {one.day: one for one in days}
    six = (MONDAY + timedelta(days=number) for number in range(6))
    view = WeekView(NAME, tuple(given_days.get(day, a_day(day)) for day in six))
    return OpenWeek(TEACHER, view, "Asia/Yekaterinburg", MONDAY, school)


def presses(screen: Screen) -> dict[str, object | None]:
    return {button.label: read(button.payload) for row in screen.rows for button in row}


WORDS = st.builds(
    lambda word, times: (word * times).strip(), st.sampled_from(["слово ", "🙂", "й"]), st.integers(1, 100)
)
DAYS = st.tuples(
    *(
        st.builds(
            DayView,
            st.just(MONDAY + timedelta(days=place)),
            st.lists(st.builds(lesson, st.integers(1, 8), control=WORDS, own_teacher=WORDS), max_size=12).map(tuple),
            st.lists(st.builds(lesson, st.integers(1, 8), planned_subject=WORDS), max_size=4).map(tuple),
            st.lists(st.builds(event, WORDS), max_size=4).map(tuple),
            st.booleans(),
        )
        for place in range(6)
    )
)


@settings(deadline=None, max_examples=40)
@given(DAYS)
def test_a_week_of_any_length_is_told_whole_part_by_part(days: tuple[DayView, ...]) -> None:
    opened = week(*days, school="Муниципальное бюджетное общеобразовательное учреждение " * 8)
    told: list[str] = []
    while True:
        screen = week_screen(TEXTS, opened, len(told))
        assert utf16_length(screen.text) <= MAX_TEXT
        told.append(screen.text.split("\n\n", 1)[1])
        following = presses(screen).get(f"Часть {len(told) + 1} ›")
        if following is None:
            break
        assert following == LessonWeek(TEACHER, MONDAY, len(told))
    whole = "".join("".join(told).split())
    for one in days:
        words = [*(each.control or "" for each in one.lessons), *(each.planned_subject for each in one.moved_away)]
        assert all("".join(each.split()) in whole for each in (*words, *(each.title for each in one.events)))


def test_a_week_of_several_parts_is_turned_by_part_and_by_week() -> None:
    days = [a_day(MONDAY + timedelta(days=place), events=(event("Слёт " * 250),)) for place in range(6)]
    screen = week_screen(TEXTS, week(*days), 1)
    assert screen.text.startswith("Ваши уроки: 23–28 ноября\nЧасть 2 из 3: остальное по кнопкам\n\n")
    assert presses(screen) == {
        "‹ Часть 1": LessonWeek(TEACHER, MONDAY, 0),
        "Часть 3 ›": LessonWeek(TEACHER, MONDAY, 2),
        "‹ 16 нояб.": LessonWeek(TEACHER, MONDAY - timedelta(days=7), 0),
        "Эта неделя": ThisWeek(TEACHER),
        "30 нояб. ›": LessonWeek(TEACHER, MONDAY + timedelta(days=7), 0),
        "К урокам": None,
    }
    assert week_screen(TEXTS, week(), 7).text.endswith("На этой неделе уроков у вас нет."), "it has become shorter"


def test_a_day_without_lessons_is_told_from_one_whose_lessons_are_not_made_yet() -> None:
    days = (MONDAY + timedelta(days=2), MONDAY + timedelta(days=5))
    fair = (event("Слёт"),)
    opened = week(a_day(days[0], is_made=False), a_day(days[1], events=fair, is_made=False))
    told = week_screen(TEXTS, opened, 0).text.split("\n\n")[1:]
    assert told[:3] == [
        "Понедельник, 23 ноября (сегодня)\nУроков нет.",
        "Вторник, 24 ноября\nУроков нет.",
        "Среда, 25 ноября\nУроки этого дня ещё не составлены.",
    ]
    assert told[5].startswith("Суббота, 28 ноября\nУроки этого дня ещё не составлены.\nМероприятие: Слёт")
    assert "Уроков нет" not in week_screen(TEXTS, week(a_day(MONDAY, is_made=False)), 0).text.split("\n\n")[1]


def test_a_past_day_of_which_nothing_is_recorded_is_not_called_free() -> None:
    before = Unrecorded(MONDAY + timedelta(days=1))
    days = [replace(a_day(MONDAY + timedelta(days=number)), unrecorded=before) for number in range(6)]
    told = week_screen(TEXTS, week(days[0], a_day(MONDAY + timedelta(days=2))), 0).text.split("\n\n")[1:]
    since = "школа ведёт этот журнал с 24 ноября 2026 года."
    assert told[0] == f"Понедельник, 23 ноября (сегодня)\nЗаписей нет: {since}"
    assert told[1] == "Вторник, 24 ноября\nУроков нет."
    assert week_screen(TEXTS, week(*days), 0).text.endswith(f"\n\nОб этой неделе записей нет: {since}")
    holes = [replace(one, unrecorded=Unrecorded(None)) for one in days]
    told = week_screen(TEXTS, week(*holes), 0).text.split("\n\n")[1:]
    assert [one.partition("\n")[2] for one in told] == ["Об этом дне в журнале записей нет."] * 6


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({}, ""),
        ({"control": "диктант"}, "диктант"),
        ({"cancelled": CancelReason.OTHER, "own_teacher": OTHER}, "урока нет"),
        ({"cancelled": CancelReason.EVENT, "cancelled_note": "ярмарка"}, "урока нет: школьное мероприятие (ярмарка)"),
        ({"own_teacher": OTHER}, f"замена, по расписанию ведёт {OTHER}"),
        ({"own_teacher": NAME, "teacher_name": OTHER}, f"замена, ведёт {OTHER}"),
        ({"planned_number": 4}, "перенесён (по расписанию 4-й урок)"),
        (
            {"planned_day": date(2026, 11, 20), "planned_room": "14"},
            "перенесён (по расписанию пятница, 20 ноября, каб. 14)",
        ),
        ({"planned_subject": "физика"}, "изменён (по расписанию физика)"),
        ({"planned_room": "спортзал"}, "изменён (по расписанию спортзал)"),
        ({"planned_room": None}, ""),
        ({"room_name": None, "distant": ("5А",)}, "дистанционно"),
        ({"classes": ("5А", "5Б"), "distant": ("5Б",)}, "дистанционно: 5Б"),
        (
            {"own_teacher": OTHER, "planned_number": 4, "planned_subject": "физика", "control": "зачёт"},
            f"замена, по расписанию ведёт {OTHER}, перенесён (по расписанию 4-й урок, физика), зачёт",
        ),
    ],
)
def test_all_that_is_otherwise_is_said_of_a_lesson(changed: dict[str, Any], told: str) -> None:
    assert week_words(TEXTS, lesson(**changed), NAME) == told
