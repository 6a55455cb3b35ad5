from datetime import date

import pytest

from bot.birth_date import has_figures, read_birth_date

TODAY = date(2026, 10, 20)


@pytest.mark.parametrize(
    "text",
    [
        "5.3.2014",
        "05.03.2014",
        "05.03.14",
        "5/3/2014",
        "5-3-2014",
        "5 3 2014",
        " 5 . 3 . 2014 ",
        "05032014",
        "2014-03-05",
        "5 марта 2014",
        "5 Марта 2014 г.",
        "5 марта 2014 года",
        "5 мар 2014",
        "5 мар. 14",
        "5.3.2014.",
        "5 март, 2014",
    ],
)
def test_reads_a_date_as_people_write_it(text: str) -> None:
    assert read_birth_date(text, TODAY) == date(2014, 3, 5)


@pytest.mark.parametrize(
    ("text", "month"),
    [("1 января 2010", 1), ("1 мая 2010", 5), ("1 май 2010", 5), ("1 июня 2010", 6), ("1 июля 2010", 7)],
)
def test_reads_months_that_begin_alike(text: str, month: int) -> None:
    assert read_birth_date(text, TODAY) == date(2010, month, 1)


@pytest.mark.parametrize(("text", "year"), [("1.9.26", 2026), ("1.9.27", 1927), ("1.9.99", 1999)])
def test_two_figures_mean_the_last_such_year(text: str, year: int) -> None:
    assert read_birth_date(text, TODAY) == date(year, 9, 1)


@pytest.mark.parametrize(
    "text",
    ["", "привет", "31.02.2014", "5.13.2014", "0.3.2014", "5.3", "5.3.2099", "5 мартобря", "5 абв 2014", "1" * 5000],
)
def test_what_is_no_past_date_is_none(text: str) -> None:
    assert read_birth_date(text, TODAY) is None


def test_figures_show_that_a_date_was_meant() -> None:
    assert has_figures("31 февраля")
    assert not has_figures("урок")
