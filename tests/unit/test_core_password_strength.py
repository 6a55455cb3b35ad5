"""Which passwords will do (AUTH-13): length and guesses count, kinds of signs do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.account.password_strength import ALONE, LONGEST, WITH_SECOND_FACTOR, Weakness, in_latin, normal, weakness

OWNER = ("kuznetsova-mp", "Кузнецова", "Мария", "Петровна", "1980", "Радуга")
GOOD = ("четыре рыжих чайника летят", "семь тихих якорей поют", "correct horse battery staple", "щ7Ф:kk1Эы0пЁ;я№")


@pytest.mark.req("AUTH-13")
@pytest.mark.parametrize(
    "password",
    [
        "qwertyuiopasdfgh",
        "йцукенгшщзхъфыва",  # the same keys in the Russian layout
        "аааааааааааааааа",
        "123456789012345678",
        "password123456789",
        "парольпарольпароль",
        "Кузнецова Мария Петровна",
        "kuznetsova-mp-kuznetsova",
        "KUZNETSOVA MARIYA 1980",
        "repytwjdfvfhbzgtnhjdyf",  # her name by the same keys in the other layout
        "школа радуга 1980 мария",
        "ab" * 40 + "четыре",
    ],
)
def test_what_others_would_try_first_will_not_do(password: str) -> None:
    assert weakness(password, OWNER, second_factor=False) is Weakness.GUESSABLE


@pytest.mark.parametrize("password", GOOD)
def test_phrases_of_words_that_have_nothing_to_do_with_each_other_will(password: str) -> None:
    assert weakness(password, OWNER, second_factor=False) is None


def test_length_is_counted_in_characters_as_typed_on_any_keyboard() -> None:
    composed, apart = "й" * 3, "и\u0306" * 3
    assert normal(apart) == composed
    phrase = GOOD[0]
    assert weakness(phrase[: ALONE - 1], (), second_factor=False) is Weakness.SHORT
    assert weakness(phrase[:ALONE], (), second_factor=False) is None
    assert weakness("ы7;Йх=ъ", (), second_factor=True) is Weakness.SHORT
    assert weakness("ы7;Йх=ъ2", (), second_factor=True) is None
    assert len("ы7;Йх=ъ2") == WITH_SECOND_FACTOR
    long = (phrase * 9)[:LONGEST]
    assert weakness(long, (), second_factor=False) is not Weakness.LONG
    assert weakness(f"{long}я", (), second_factor=False) is Weakness.LONG


def test_a_name_in_latin_letters() -> None:
    assert in_latin("Щербакова-Ёж") == "scherbakova-ezh"


@settings(max_examples=60, deadline=None)
@given(password=st.text(max_size=200), owner=st.lists(st.text(max_size=12), max_size=4), second_factor=st.booleans())
def test_whatever_is_typed_is_judged(password: str, owner: list[str], *, second_factor: bool) -> None:
    judged = weakness(password, owner, second_factor=second_factor)
    assert judged is None or judged in Weakness
