"""Days at the command line of the timetable and the groups: nobody means the year 1 or the year 9999."""

import click
import pytest

from zvonok.commands.groups import groups
from zvonok.commands.timetable import timetable

FIRST, LAST = "01.01.0001", "31.12.9999"


def reads(words: str) -> None:
    """Read the words of a command as click does before it is carried out."""
    here: click.Command = click.Group(commands={"timetable": timetable, "groups": groups})
    rest = words.split()
    while isinstance(here, click.Group):
        here = here.commands[rest.pop(0)]
    here.make_context(here.name, rest)


@pytest.mark.parametrize("day", [FIRST, LAST, "24.11.0202"])
@pytest.mark.parametrize(
    "words",
    [
        "timetable day {} --closed weather",
        "timetable day 24.11.2026 {} --closed weather",
        "timetable day 24.11.2026 --by {}",
        "timetable substitute 5А {} 1 Седова",
        "timetable move 5А 24.11.2026 1 --to {}",
        "timetable changes --since {}",
        "timetable show --class 5А --week {}",
        "timetable show --day {}",
        "timetable control list --until {}",
        "timetable events plan Ярмарка {} 10:00-11:00",
        "groups join Г1 Иванова --since {}",
        "groups join Г1 Иванова --until {}",
        "groups leave Г1 Иванова --last-day {}",
        "groups close Г1 --last-day {}",
    ],
)
def test_a_day_that_cannot_be_meant_is_refused_before_anything_is_done(words: str, day: str) -> None:
    with pytest.raises(click.BadParameter):
        reads(words.format(day))
    reads(words.format("25.11.2026"))
