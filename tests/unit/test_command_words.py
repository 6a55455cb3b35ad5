"""The words of the command line are Russian: help to its last line, and what is said of wrong words."""

import re

import click
import pytest

from zvonok.program import COMMANDS, program

# What is typed or named as it is: options, file formats, values, addresses, commands in an example.
NAMES = re.compile(
    r"zvonok( [a-z]+)?|-h\b|--[a-z]+|\[[a-z|-]+\]|\[\d+<=x<=\d+\]|CSV|XLSX|JSON|Asia/Yekaterinburg|[a-z_]+=60|"
    "папку mail|ZVONOK_[A-Z_]+"
)


@pytest.mark.parametrize("name", [None, *COMMANDS])
def test_help_holds_no_foreign_word(name: str | None) -> None:
    above = click.Context(program, info_name="zvonok")
    command = program if name is None else program.get_command(above, name)
    assert command is not None
    context = above if name is None else click.Context(command, info_name=name, parent=above)
    said = " ".join(command.get_help(context).split())
    assert said.startswith(f"Запуск: zvonok {name or ''}".rstrip())
    assert "--help Показать эту справку." in said
    words = said.partition("Команды:")[0]  # beyond are names of commands and lines that the commands begin with too
    assert re.findall("[A-Za-z]{2,}", NAMES.sub("", words)) == []


def test_what_may_not_be_left_out_is_marked_in_russian_in_every_group() -> None:
    above = click.Context(program, info_name="zvonok")
    groups = [one for name in COMMANDS if isinstance(one := program.get_command(above, name), click.Group)]
    shown = [own.get_help(click.Context(own, info_name=name)) for one in groups for name, own in one.commands.items()]
    assert any("[обязательно]" in said for said in shown)
    assert [said for said in shown if re.search(r"\[required|Usage|Options|Show this", said)] == []


VALUE = "ключ либо без своего значения, либо с лишним."
KINDS = "municipal, state, private, branch"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ring"], "Такой команды нет. Подсказка: zvonok --help"),
        (["--loud"], "Ключа --loud нет. Подсказка: zvonok --help"),
        (["up", "--loud"], "Ключа --loud нет. Подсказка: zvonok up --help"),
        (["up", "now"], "Слов больше, чем команда понимает. Подсказка: zvonok up --help"),
        (["trace"], "Не хватает: ЧТО. Подсказка: zvonok trace --help"),
        (
            ["trace", "x", "--day"],
            f"--day: {VALUE} Подсказка: zvonok trace --help",
        ),
        (
            ["demo", "--fresh=yes"],
            f"--fresh: {VALUE} Подсказка: zvonok demo --help",
        ),
        (
            ["demo", "--port", "many"],
            "--port: такое значение не подходит. Нужно целое число от 0 до 65535. Подсказка: zvonok demo --help",
        ),
        (
            ["import", "x.csv", "--kind", "secret"],
            f"--kind: такое значение не подходит. Можно: {KINDS}. Подсказка: zvonok import --help",
        ),
    ],
)
def test_wrong_words_are_told_in_russian(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        program(words, prog_name="zvonok")
    assert left.value.code == 2
    assert capsys.readouterr().err == f"{said}\n"


def test_no_words_at_all_get_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        program([], prog_name="zvonok")
    said = capsys.readouterr().err
    assert said.startswith("Запуск: zvonok")
    assert "make" not in said
    assert "Команды:" in said
