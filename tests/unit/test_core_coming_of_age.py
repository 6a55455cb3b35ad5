"""The eighteenth birthday, leap years included."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.family.coming_of_age import born_by, comes_of_age_on, is_of_age


@pytest.mark.parametrize(
    ("born", "on"),
    [
        (date(2008, 11, 22), date(2026, 11, 22)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
        (date(2002, 2, 28), date(2020, 2, 28)),
    ],
)
def test_it_is_the_eighteenth_birthday(born: date, on: date) -> None:
    assert comes_of_age_on(born) == on


def test_of_an_unknown_birth_date_nothing_is_assumed() -> None:
    assert not is_of_age(None, date(2026, 11, 22))


days = st.dates(date(1950, 1, 1), date(2090, 12, 31))


@given(born=days, today=days)
def test_a_search_by_birth_date_finds_just_those_who_are_of_age(born: date, today: date) -> None:
    assert (born <= born_by(today)) == is_of_age(born, today)
