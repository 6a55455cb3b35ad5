"""Commands that texts advise: each is there, and nothing is glued to it that a shell would take for a word."""

import re
from collections.abc import Iterator

import click
import pytest

from tests.unit.fluent_files import FILES, entries, written
from texts.reader import LANGUAGES
from zvonok.program import COMMANDS, program

PROSE = r"(?:and|or|says|will|to|is|run)\b"
"""Where an English sentence goes on after a command."""
COMMAND = rf"(?<![\w./-])zvonok((?: (?!{PROSE})[a-z][a-z-]*(?![\w-]|\.[a-z]))+)"
ARGUMENT = r"""(?:"[^"]*"|\{ \$\w+ \}|--?[a-z-]+|\d?[А-Я](?= )|[\w/-]+\.[a-z]+)"""
NAMED = re.compile(COMMAND)
ADVISED = re.compile(rf"{COMMAND}((?: {ARGUMENT})*)(\.?)(?=\s|$)")
"""Our name with the words of a command, its arguments, and a full stop if one is glued on."""


def messages() -> Iterator[tuple[str, str]]:
    """Read what every message of both languages says, each beside its name."""
    for language in LANGUAGES:
        for name in FILES:
            for message_id, entry in entries(language, name).items():
                yield f"{language}/{name}: {message_id}", written(language, name, entry)


@pytest.fixture(scope="module")
def said() -> dict[str, str]:
    return dict(messages())


def unknown(words: list[str]) -> str | None:
    """Return the first of these words that is no command where it stands; None: all are there, or are arguments."""
    here: click.Command | None = program
    above = click.Context(program, info_name="zvonok")
    for word in words:
        if not isinstance(here, click.Group) or (here.invoke_without_command and word not in here.commands):
            return None
        here = here.get_command(above, word)
        if here is None:
            return word
    return None


def test_no_command_that_a_text_advises_ends_in_a_full_stop(said: dict[str, str]) -> None:
    found = {
        name: [one[0] for line in text.splitlines() for one in ADVISED.finditer(line) if one[3]]
        for name, text in said.items()
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_every_command_that_a_text_advises_is_there(said: dict[str, str]) -> None:
    found = {name: [one[0] for one in NAMED.finditer(text) if unknown(one[1].split())] for name, text in said.items()}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert sum(bool(NAMED.search(text)) for text in said.values()) > 2 * len(COMMANDS)


@pytest.mark.parametrize(
    ("line", "glued"),
    [
        ("Все предметы: zvonok year subjects.", True),
        ("Загрузить: zvonok groups import groups.csv.", True),
        ('Добавить: zvonok year subjects add "русский язык". Потом', True),
        ("Загрузить: zvonok groups import groups.csv", False),
        ("Отменить её: zvonok timetable withdraw { $id }", False),
        ("Вы запустили zvonok up. Дальше", True),
    ],
)
def test_a_full_stop_is_told_from_a_file_s_name(line: str, glued: bool) -> None:  # noqa: FBT001 - a case of a table
    assert any(one[3] for one in ADVISED.finditer(line)) is glued


def test_a_command_that_is_not_there_is_found() -> None:
    assert [unknown(words.split()) for words in ("year subjekts", "plan import plan.csv", "backup now")] == [
        "subjekts",
        None,
        None,
    ]
