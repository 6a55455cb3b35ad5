from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.last_day import end_of_school_year, read_last_day

TODAY = date(2026, 10, 20)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("25.11", date(2026, 11, 25)),
        ("25.11.2026", date(2026, 11, 25)),
        ("25/11/26", date(2026, 11, 25)),
        (" до 25 ноября ", date(2026, 11, 25)),
        ("25 нояб. 2026 г.", date(2026, 11, 25)),
        ("3 мая", date(2027, 5, 3)),
        ("3 марта", date(2027, 3, 3)),
        ("2026-11-25", date(2026, 11, 25)),
        ("20.10", TODAY),
        ("19.10", date(2026, 10, 19)),
        ("19.10.2026", date(2026, 10, 19)),
        ("Завтра", date(2026, 10, 21)),
        ("послезавтра!", date(2026, 10, 22)),
        ("сегодня", TODAY),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date) -> None:
    assert read_last_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text", ["", "31.02", "0.11", "25.13", "25", "25 ноябрь ноября", "пятница", "25.11.2", "в мае"]
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert read_last_day(text, TODAY) is None


@pytest.mark.parametrize(
    ("today", "end"),
    [
        (date(2026, 9, 1), date(2027, 8, 31)),
        (TODAY, date(2027, 8, 31)),
        (date(2027, 6, 30), date(2027, 8, 31)),
        # From July on the classes are those of September.
        (date(2027, 7, 1), date(2028, 8, 31)),
    ],
)
def test_a_school_year_ends_with_august(today: date, end: date) -> None:
    assert end_of_school_year(today) == end


@given(st.text(max_size=30))
def test_nothing_typed_breaks_the_reading(text: str) -> None:
    day = read_last_day(text, TODAY)
    assert day is None or isinstance(day, date)


@given(st.dates(min_value=TODAY, max_value=date(2027, 8, 31)))
def test_a_day_without_a_year_is_the_next_such_day_of_the_school_year(day: date) -> None:
    assert read_last_day(f"{day.day}.{day.month}", TODAY) == day


@given(st.dates(min_value=date(2026, 9, 1), max_value=TODAY - timedelta(days=1)))
def test_a_day_without_a_year_of_which_this_school_year_has_no_more_is_the_one_that_is_over(day: date) -> None:
    assert read_last_day(f"{day.day}.{day.month}", TODAY) == day


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2027, 2, 8), date(2026, 10, 1)),
        (date(2027, 7, 15), date(2027, 10, 1)),
        (date(2026, 9, 8), date(2026, 10, 1)),
    ],
)
def test_autumn_is_of_the_school_year_that_goes_on(today: date, day: date) -> None:
    assert read_last_day("1.10", today) == day
