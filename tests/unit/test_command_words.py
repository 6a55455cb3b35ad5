"""The words of the command line are Russian: help to its last line, and what is said of wrong words."""

import re

import click
import pytest

from zvonok.commands.russian import first_paragraph
from zvonok.program import COMMANDS, program

# What is typed or named as it is: options, file formats, values, addresses, commands in an example.
NAMES = re.compile(
    r"zvonok( [a-z-]+)?|-h\b|--[a-z]+|\[[a-z|-]+\]|\[\d+<=x<=\d+\]|CSV|XLSX|JSON|Asia/Yekaterinburg|[a-z_]+=60|"
    r"папку mail|ZVONOK_[A-Z_]+|[a-z]+\.csv|Слово files|[a-z]+ — "
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


def all_commands() -> list[tuple[click.Context, click.Command]]:
    above = click.Context(program, info_name="zvonok", max_content_width=80)
    found: list[tuple[click.Context, click.Command]] = [(above, program)]
    for name in COMMANDS:
        command = program.get_command(above, name)
        assert command is not None
        context = click.Context(command, info_name=name, parent=above)
        found.append((context, command))
        if isinstance(command, click.Group):
            found += [(click.Context(one, info_name=own, parent=context), one) for own, one in command.commands.items()]
    return found


def test_an_example_in_help_can_be_called_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["/opt/school/bin/zvonok"])
    monkeypatch.setenv("ZVONOK_DATA", "my data")
    above = click.Context(program, info_name="zvonok", max_content_width=80)
    lists = program.get_command(above, "import")
    assert lists is not None
    said = lists.get_help(click.Context(lists, info_name="import", parent=above))
    assert "ZVONOK_DATA='my data' /opt/school/bin/zvonok import staff.csv pupils.csv." in said


def test_no_line_of_help_is_cut_and_every_line_fits_a_narrow_terminal() -> None:
    shown = {context.command_path: command.get_help(context) for context, command in all_commands()}
    assert len(shown) > 50
    assert [name for name, said in shown.items() if "..." in said] == []
    assert [line for said in shown.values() for line in said.splitlines() if len(line) > 80] == []
    for context, command in all_commands():
        if isinstance(command, click.Group) and command is not program:
            listed = " ".join(shown[context.command_path].split())
            assert [
                name for name, one in command.commands.items() if f"{name} {first_paragraph(one)}" not in listed
            ] == []
            assert all(first_paragraph(one).endswith((".", "none")) for one in command.commands.values())


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
        (["ring"], "Команды «ring» нет. Подсказка: zvonok --help"),
        (["nonsense"], "Команды «nonsense» нет. Подсказка: zvonok --help"),
        (["imoprt"], "Команды «imoprt» нет. Похоже на: zvonok import. Подсказка: zvonok --help"),
        (["doktor"], "Команды «doktor» нет. Похоже на: zvonok doctor. Подсказка: zvonok --help"),
        (["people", "lst"], "Команды «lst» нет. Похоже на: zvonok people list. Подсказка: zvonok people --help"),
        (["school", "rulez"], "Команды «rulez» нет. Похоже на: zvonok school rules. Подсказка: zvonok school --help"),
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
            ["dead-letters", "list", "--since", "вчера"],
            (
                "--since: такое значение не подходит. Нужна дата, например 24.11.2026. "
                "Подсказка: zvonok dead-letters list --help"
            ),
        ),
        (
            ["import", "x.csv", "--kind", "secret"],
            f"--kind: такое значение не подходит. Можно: {KINDS}. Подсказка: zvonok import files --help",
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
