"""Russian names: sorted as in a Russian class list, shown as they are, never declined."""

from functools import cmp_to_key
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.russian import FullName, sort_key

ALPHABET = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
PLACES = {letter: place for place, letter in enumerate(ALPHABET, 1)}


def by_hand(one: str, other: str) -> int:
    """Compare two surnames as a person with a Russian dictionary does: word by word, letter by letter."""
    for first, second in zip(words(one), words(other), strict=False):
        for a, b in zip(first, second, strict=False):
            if a != b:
                return PLACES[a] - PLACES[b]
        if len(first) != len(second):
            return len(first) - len(second)
    return len(words(one)) - len(words(other))


def words(surname: str) -> list[str]:
    return surname.lower().replace("-", " ").split(" ")


WORDS = st.text(ALPHABET + ALPHABET.upper(), min_size=1, max_size=5)
SURNAMES = st.lists(WORDS, min_size=1, max_size=2).flatmap(
    lambda parts: st.sampled_from(["-", " "]).map(lambda sign: sign.join(parts))
)


@given(SURNAMES, SURNAMES)
def test_the_key_orders_as_a_person_does(one: str, other: str) -> None:
    by_key = (sort_key(one) > sort_key(other)) - (sort_key(one) < sort_key(other))
    expected = by_hand(one, other)
    assert by_key == (expected > 0) - (expected < 0)


@given(st.lists(SURNAMES, max_size=12))
def test_a_list_sorted_by_key_is_the_list_sorted_by_hand(surnames: list[str]) -> None:
    assert [words(one) for one in sorted(surnames, key=sort_key)] == [
        words(one) for one in sorted(surnames, key=cmp_to_key(by_hand))
    ]


def test_every_letter_has_its_place_and_capitals_have_none_of_their_own() -> None:
    assert sorted(ALPHABET[20:] + ALPHABET[:20], key=sort_key) == list(ALPHABET)
    assert all(sort_key(letter) == sort_key(letter.upper()) for letter in ALPHABET)


@pytest.mark.parametrize(
    "in_order",
    [
        ["Елисеев", "Ельцов", "Ёжиков", "Ёлкин", "Жуков"],
        ["Бережной", "Березин", "Берёзин", "Берия"],
        ["Иванов", "Иванов-Петров", "Иванова", "Иванова-Белова"],
        ["Абрамов", "абрамов", "АБРАМОВ", "Абрамова"],
        ["де Бур", "Дебров"],
        ["Йорданов", "Каин"],
        ["Щукин", "Ъ", "Ы", "Ь", "Эльф", "Юдин", "Яшин"],
    ],
    ids=str,
)
def test_surnames_stand_in_the_order_of_a_class_list(in_order: list[str]) -> None:
    assert all(sort_key(one) <= sort_key(other) for one, other in pairwise(in_order))


def test_a_whole_name_is_ordered_by_surname_then_name_then_patronymic() -> None:
    names = [
        FullName("Иванов", "Ян", "Аронович"),
        FullName("Иванов", "Яна"),
        FullName("Иванов-Белов", "Адам"),
        FullName("Иванова", "Анна"),
        FullName("Иванова", "Анна", "Андреевна"),
        FullName("Иванова", "Анна", "Ёлкинична"),
        FullName("Иванова", "Анна", "Жановна"),
        FullName("Иванова", "Ева", "Андреевна"),
    ]
    assert sorted(names[5:] + names[:5], key=FullName.sort_key) == names


@pytest.mark.parametrize(
    ("name", "in_lists", "in_full", "on_buttons", "initials"),
    [
        (FullName("Иванова", "Анна", "Петровна"), "Иванова Анна", "Иванова Анна Петровна", "Иванова А.", "И. А."),
        (FullName("Ёлкина-Белова", "Ёва"), "Ёлкина-Белова Ёва", "Ёлкина-Белова Ёва", "Ёлкина-Белова Ё.", "Ё. Ё."),
        (FullName("Ли", "Джи", "Ян-оглы"), "Ли Джи", "Ли Джи Ян-оглы", "Ли Д.", "Л. Д."),
    ],
)
def test_names_are_shown_as_they_are(
    name: FullName, in_lists: str, in_full: str, on_buttons: str, initials: str
) -> None:
    assert (name.in_lists(), name.in_full()) == (in_lists, in_full)
    assert (name.on_buttons(), name.initials()) == (on_buttons, initials)
