"""Days at the command line of movement: no order is of the year 1, and no pupil leaves in the year 9999."""

import click
import pytest

from zvonok.commands.movement import movement

ORDER = ("--order", "1", "--order-day", "20.11.2026")


@pytest.mark.parametrize(
    "words",
    [
        ("arrive", "Иванова Анна", "5А", "--since", "01.01.0001", *ORDER),
        ("transfer", "Иванова Анна", "5Б", "--on", "01.01.0001", *ORDER),
        ("leave", "Иванова Анна", "--last-day", "31.12.9999", *ORDER),
        ("leave", "Иванова Анна", "--last-day", "24.11.2026", "--order", "1", "--order-day", "31.12.1999"),
        ("list", "--since", "31.12.9999"),
        ("list", "--until", "01.01.2101"),
        ("arrive", "Иванова Анна", "5А", "--since", "24.11.2026", *ORDER, "--new", "--born", "31.12.1899"),
        ("next-year", "--last-day", "31.12.9999"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused(words: tuple[str, ...]) -> None:
    with pytest.raises(click.BadParameter):
        movement.commands[words[0]].make_context(words[0], list(words[1:]))


def test_days_at_the_edges_are_read() -> None:
    leave = movement.commands["leave"].make_context("leave", ["Иванова Анна", "--last-day", "31.12.2100", *ORDER])
    assert f"{leave.params['last_day']:%d.%m.%Y}" == "31.12.2100"
    born = ["Иванова Анна", "5А", "--since", "01.01.2000", *ORDER, "--born", "01.01.1900"]
    arrive = movement.commands["arrive"].make_context("arrive", born)
    assert f"{arrive.params['born']:%d.%m.%Y}" == "01.01.1900"
