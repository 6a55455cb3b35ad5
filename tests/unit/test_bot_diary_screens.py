"""Screens of the diary: readable, turned without dead ends, and whole however much was written."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.diary_screens import OpenDiary, day_screen, week_screen
from bot.event_words import event_words
from bot.paging import MAX_TEXT
from bot.parent_payloads import Day, Home, ParentPress, Today, Week, read_parent
from bot.screens import Screen
from bot.wording import days_words
from core.events import AbsenceKind, RemarkKind
from core.learning.diary import DiaryDay, DiaryLesson, DiaryRemark, DiaryWeek
from core.learning.diary_gaps import NoLessons
from core.learning.gradebook import MarkView
from core.russian import FullName
from core.timetable.school_events import EventView
from texts.reader import load
from zvonok.sandbox.text_entities import utf16_length

TEXTS = load("ru")
PUPIL = UUID(int=1)
MONDAY = date(2026, 10, 19)
TODAY = date(2026, 10, 20)
LONGEST = 1000
"""Characters that core takes of homework or a remark."""
WORDS = st.builds(
    lambda word, times: (word * times).strip()[:LONGEST],
    st.sampled_from(["слово ", "🙂", "строка\n", "й"]),
    st.integers(1, 400),
)


_KINDS = {"н": AbsenceKind.UNEXPLAINED, "б": AbsenceKind.ILLNESS, "ну": AbsenceKind.EXCUSED}


def lesson(
    number: int, homework: str | None = None, code: str | None = None, marks: tuple[int, ...] = ()
) -> DiaryLesson:
    starts = datetime(2026, 10, 20, 3, 30, tzinfo=UTC) + timedelta(hours=number - 1)
    views = tuple(MarkView(UUID(int=place), value, "ответ на уроке", 1) for place, value in enumerate(marks))
    return DiaryLesson(
        day=TODAY,
        number=number,
        starts_at=starts,
        ends_at=starts + timedelta(minutes=45),
        subject_name="математика",
        teacher_name="Кузнецова Мария Петровна",
        room="12",
        homework=homework,
        marks=views,
        absence_code=code,
        absence_kind=None if code is None else _KINDS[code],
    )


def diary(*days: DiaryDay, several: bool = False) -> OpenDiary:
    given_days = {one.day: one for one in days}
    week = tuple(
        given_days.get(day, DiaryDay(day, (), ())) for day in (MONDAY + timedelta(days=number) for number in range(6))
    )
    name = FullName("Иванова", "Анна", "Петровна")
    return OpenDiary(DiaryWeek(PUPIL, name, "5А", MONDAY, week), "Asia/Yekaterinburg", TODAY, several)


def presses(screen: Screen) -> list[ParentPress]:
    found = [read_parent(button.payload) for row in screen.rows for button in row]
    assert None not in found
    return [one for one in found if one is not None]


def following(screen: Screen) -> Day:
    """Return where › leads."""
    step = read_parent(screen.rows[0][-1].payload)
    assert isinstance(step, Day)
    return step


def bare(text: str) -> str:
    return "".join(text.split())


DAYS = st.builds(
    DiaryDay,
    st.just(TODAY),
    st.lists(st.builds(lesson, st.integers(1, 8), WORDS), max_size=8).map(tuple),
    st.lists(
        st.builds(DiaryRemark, st.sampled_from(RemarkKind), st.just(None), st.just("Кузнецова Мария"), WORDS),
        max_size=4,
    ).map(tuple),
)


@settings(deadline=None)
@given(DAYS)
def test_a_day_of_any_length_is_told_whole_part_by_part(one: DiaryDay) -> None:
    opened = diary(one)
    told, part = [], 0
    while True:
        screen = day_screen(TEXTS, opened, TODAY, part)
        assert utf16_length(screen.text) <= MAX_TEXT
        told.append(screen.text)
        step = following(screen)
        if step.day != TODAY:
            break
        assert step.part == part + 1
        part = step.part
    for words in [entry.homework or "" for entry in one.lessons] + [remark.text for remark in one.remarks]:
        assert _stands_in(words, told)


def _stands_in(words: str, told: list[str]) -> bool:
    """Tell whether all of the words were told: in one part, or over two of them around the heading."""
    headings = ["".join(text.split("\n\n", 1)[1:]) for text in told]
    return bare(words) in bare("".join(headings))


@settings(deadline=None)
@given(DAYS)
def test_a_week_is_one_message_or_told_by_day(one: DiaryDay) -> None:
    screen = week_screen(TEXTS, diary(one), TODAY)
    assert utf16_length(screen.text) <= MAX_TEXT
    kinds = {type(press) for press in presses(screen)}
    assert kinds == {Week, Day, Today, Home}


def test_what_is_known_of_a_lesson_stands_on_its_line() -> None:
    entries = (lesson(1, "№ 5", None, (5, 2)), lesson(2, None, "б"), lesson(3, None, "ну", (4,)), lesson(4, None, "н"))
    text = week_screen(TEXTS, diary(DiaryDay(TODAY, entries, ())), TODAY).text
    assert "\n".join(text.split("\n\n")[2].splitlines()) == (
        "Вторник, 20 октября (сегодня)\n"
        "1. математика: 5, 2\n✎ № 5\n"
        "2. математика: отсутствует по болезни\n"
        "3. математика: 4, отсутствует по уважительной причине\n"
        "4. математика: отсутствует"
    )
    full = day_screen(TEXTS, diary(DiaryDay(TODAY, entries[:1], ())), TODAY, 0).text
    assert "1. математика\n8:30–9:15, каб. 12\nКузнецова Мария Петровна\nОценка: 5 (ответ на уроке)\n" in full


def test_what_has_changed_stands_after_what_is_written_and_is_not_taken_for_it() -> None:
    moved = replace(lesson(1, "№ 5", None, (5, 2)), moved_from=MONDAY, substituted=True, distant=True)
    cancelled = replace(lesson(2, None, "н"), cancelled="emergency", cancelled_note="нет воды", substituted=True)
    told = DiaryDay(TODAY, (moved, cancelled, replace(lesson(3), cancelled="other")), ())
    text = week_screen(TEXTS, diary(told), TODAY).text
    assert text.split("\n\n")[2].splitlines()[1:] == [
        "1. математика: 5, 2 · замена, перенесён (по расписанию понедельник, 19 октября), дистанционно",
        "✎ № 5",
        "2. математика: отсутствует · урока нет: чрезвычайная ситуация (нет воды)",
        "3. математика · урока нет",
    ]
    full = day_screen(TEXTS, diary(told), TODAY, 0).text
    assert "\nКузнецова Мария Петровна\nЗамена, перенесён (по расписанию понедельник, 19 октября)" in full
    assert "\nКузнецова Мария Петровна\nУрока нет: чрезвычайная ситуация (нет воды)\nПосещение: отсутствует" in full


def test_a_week_of_nothing_but_an_event_is_told_by_day() -> None:
    fair = event("Ярмарка", datetime(2026, 10, 20, 9, tzinfo=UTC), datetime(2026, 10, 20, 10, tzinfo=UTC))
    one = DiaryDay(TODAY, (), (), NoLessons.HOLIDAY, (fair,))
    text = week_screen(TEXTS, diary(one), TODAY).text
    assert text.split("\n\n")[2].splitlines()[1:] == [
        "Занятий нет: каникулы или выходной день.",
        "Мероприятие: Ярмарка, 14:00–15:00",
    ]
    assert day_screen(TEXTS, diary(one), TODAY, 0).text.endswith("\n\nМероприятие: Ярмарка, 14:00–15:00")


def event(title: str, starts_at: datetime, ends_at: datetime, place: str = "") -> EventView:
    return EventView(
        id=UUID(int=7), title=title, classes=None, place=place, note="", starts_at=starts_at, ends_at=ends_at
    )


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        ((20, 9, 5), (20, 10, 0), "14:05–15:00, двор"),
        ((20, 9, 0), (21, 10, 0), "с 14:00, двор"),
        ((19, 9, 0), (20, 10, 0), "до 15:00, двор"),
        ((19, 9, 0), (21, 10, 0), "весь день, двор"),
        ((19, 19, 0), (20, 19, 0), "весь день, двор"),
    ],
)
def test_of_an_event_of_several_days_each_day_says_its_own_hours(
    starts: tuple[int, int, int], ends: tuple[int, int, int], told: str
) -> None:
    begins, over = (datetime(2026, 10, day, hour, minute, tzinfo=UTC) for day, hour, minute in (starts, ends))
    words = event_words(TEXTS, event("Слёт", begins, over, "двор"), TODAY, "Asia/Yekaterinburg")
    assert words == f"Мероприятие: Слёт, {told}"


@pytest.mark.parametrize(
    ("day", "before", "after"),
    [
        (MONDAY, date(2026, 10, 17), date(2026, 10, 20)),
        (date(2026, 10, 24), date(2026, 10, 23), date(2026, 10, 26)),
        (date(2026, 10, 25), date(2026, 10, 23), date(2026, 10, 26)),
    ],
)
def test_sundays_are_skipped(day: date, before: date, after: date) -> None:
    screen = day_screen(TEXTS, diary(), day, 0)
    steps = [read_parent(button.payload) for button in screen.rows[0]]
    assert steps == [Day(PUPIL, before), Today(PUPIL, whole_week=False), Day(PUPIL, after)]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 9, 7), date(2026, 9, 12), "7–12 сентября"),
        (date(2026, 9, 28), date(2026, 10, 3), "28 сентября – 3 октября"),
    ],
)
def test_a_range_of_days_names_a_month_once(first: date, last: date, words: str) -> None:
    assert days_words(TEXTS, first, last) == words


def test_a_part_that_is_there_no_more_opens_the_last_one() -> None:
    assert day_screen(TEXTS, diary(), TODAY, 7).text == day_screen(TEXTS, diary(), TODAY, 0).text


def test_only_who_has_other_children_is_offered_them() -> None:
    labels = [button.label for row in week_screen(TEXTS, diary(several=True), TODAY).rows for button in row]
    assert "Другой ребёнок" in labels
    alone = [button.label for row in week_screen(TEXTS, diary(), TODAY).rows for button in row]
    assert "Другой ребёнок" not in alone
