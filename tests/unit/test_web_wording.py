"""Days on pages, as people read them."""

from datetime import date

from texts.reader import load
from web import wording

TEXTS = load("ru")


def test_a_day_of_another_year_is_shown_with_its_year() -> None:
    seen = date(2026, 11, 24)
    assert wording.day(TEXTS, date(2026, 11, 25), seen) == "среда, 25\N{NO-BREAK SPACE}ноября"
    assert wording.day(TEXTS, date(2027, 1, 12), seen) == "вторник, 12\N{NO-BREAK SPACE}января\N{NO-BREAK SPACE}2027"
