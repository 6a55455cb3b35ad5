"""Whom somebody means who types part of a name; what is to be typed of several who are named so."""

from datetime import date
from uuid import UUID

import pytest

from core.russian import FullName
from zvonok.name_search import Found, distinct_words, matching

BORN = date(2013, 3, 5)
ALYONA = Found(UUID(int=1), FullName("Журавлёва", "Алёна", "Кирилловна"), "7Б", BORN)
NATALIA = Found(UUID(int=2), FullName("Журавлёва", "Наталья"), "9Б", None)
DOUBLE = Found(UUID(int=3), FullName("Иванов-Петров", "Лев"), "7Б", None)
NAMESAKE = Found(UUID(int=4), FullName("Журавлёва", "Наталья"), "9А", None)
TWIN = Found(UUID(int=5), FullName("Журавлёва", "Наталья"), "9Б", date(2010, 1, 31))
SHORT = Found(UUID(int=6), FullName("Ли", "Анна"), "1А", None)
ALL = (ALYONA, NATALIA, DOUBLE, SHORT)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Журавлёва", {ALYONA, NATALIA}),
        ("журавлева", {ALYONA, NATALIA}),
        ("АЛЕНА", {ALYONA}),
        ("Алёна  Журавлёва", {ALYONA}),
        ("Журавлёва Алёна Кирилловна", {ALYONA}),
        ("Журавл", {ALYONA, NATALIA}),
        ("Журавлёв Алёна", {ALYONA}),
        ("Журавлёв Кирилл", set()),
        ("петров", {DOUBLE}),
        ("иванов-петров", {DOUBLE}),
        ("Ли", {SHORT}),
        ("Жу", set()),
        ("Журавлёва, 9б", {NATALIA}),
        ("Журавлёва, 05.03.2013", {ALYONA}),
        ("Журавлёва, 1А", set()),
        ("Бумбараш", set()),
        ("", set()),
        (", 7Б", set()),
    ],
)
def test_a_pupil_is_found_by_part_of_the_name(typed: str, found: set[Found]) -> None:
    assert set(matching(ALL, typed)) == found


@pytest.mark.parametrize(
    ("one", "others", "words"),
    [
        (ALYONA, ALL, "Журавлёва Алёна"),
        (NATALIA, (*ALL, NAMESAKE), "Журавлёва Наталья, 9Б"),
        (TWIN, (NATALIA, TWIN), "Журавлёва Наталья, 31.01.2010"),
        (NATALIA, (NATALIA, TWIN), str(NATALIA.person)),
    ],
)
def test_what_is_to_be_typed_finds_this_pupil_alone(one: Found, others: tuple[Found, ...], words: str) -> None:
    assert distinct_words(one, others) == words
    if words != str(one.person):
        assert matching(others, words) == (one,)
