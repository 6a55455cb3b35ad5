"""Help and complaints of the command line in Russian; click's own words are English on every machine.

Words that stand for a value are given with each option (``metavar``); click's names of types are English.
"""

from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import click

from zvonok.called_as import as_called

WORDS = "[КЛЮЧИ]"
ALIKE = 0.75
"""Likeness (0…1) from which a word is taken for a slip of the pen: «doktor» is one, «nonsense» is no «consent»."""


class RussianCommand(click.Command):
    """A command whose help is Russian from the first word to the last."""

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **{"options_metavar": WORDS, **extra})

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the words; what is wrong with them is this command's, though click's parser does not always say so."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that asks for help, with a line of ours."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = "Показать эту справку."
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), prefix="Запуск: ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does; an example in it can be called as it stands: no line is broken any more."""
        before = len(formatter.buffer)
        super().format_help_text(ctx, formatter)
        formatter.buffer[before:] = [as_called(part) for part in formatter.buffer[before:]]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options."""
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        records = [record for option in options if (record := option.get_help_record(ctx)) is not None]
        with formatter.section("Ключи"):
            # click's own word for what may not be left out.
            formatter.write_dl([(name, text.replace("[required]", "[обязательно]")) for name, text in records])


class NoCommandError(click.UsageError):
    """There is no such command; perhaps another one was meant."""

    def __init__(self, typed: str, ctx: click.Context, known: Iterable[str]) -> None:
        super().__init__(typed, ctx)
        self.typed = typed
        self.close = tuple(get_close_matches(typed.casefold(), known, n=2, cutoff=ALIKE))


class RussianCommands(RussianCommand, click.Group):
    """A command that gathers others and knows what somebody may have meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command. Raises ``NoCommandError``."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            raise NoCommandError(args[0], ctx, known)
        return super().resolve_command(ctx, args)


class RussianGroup(RussianCommands):
    """A command that only gathers others, all small enough to be loaded with it."""

    def __init__(self, *args: Any, **extra: Any) -> None:
        super().__init__(*args, **{"subcommand_metavar": "КОМАНДА [СЛОВА]…", **extra})

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, then the commands."""
        super().format_options(ctx, formatter)
        write_commands(formatter, self.commands)


def write_commands(formatter: click.HelpFormatter, commands: Mapping[str, click.Command]) -> None:
    """List commands, each with the whole first paragraph of its help: a line that is cut says nothing."""
    with formatter.section("Команды"):
        formatter.write_dl([(name, first_paragraph(command)) for name, command in commands.items()])


def first_paragraph(command: click.Command) -> str:
    """Return what a command does, in one line however long."""
    return " ".join((command.help or "").partition("\n\n")[0].split())


def complaint(error: click.UsageError) -> str:
    """Say in Russian what is wrong with the words of the command line, and where to read on."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.format_message()
    return f"{_fault(error)} Подсказка: {error.ctx.command_path if error.ctx else 'zvonok'} --help"


def _fault(error: click.UsageError) -> str:
    match error:
        case NoCommandError():
            return f"Команды «{error.typed}» нет.{_like(error.ctx, error.close)}"
        case click.NoSuchOption():
            near = "" if not error.possibilities else f" Похоже на: {', '.join(sorted(error.possibilities))}."
            return f"Ключа {error.option_name} нет.{near}"
        case click.MissingParameter():
            return f"Не хватает: {_name(error.param)}."
        case click.BadParameter():
            return f"{_name(error.param)}: такое значение не подходит.{_allowed(error.param)}"
        case click.BadOptionUsage():
            return f"{error.option_name}: ключ либо без своего значения, либо с лишним."
        case _:
            return "Слов больше, чем команда понимает."


def _like(ctx: click.Context | None, close: Sequence[str]) -> str:
    above = "" if ctx is None else f"{ctx.command_path} "
    return f" Похоже на: {', '.join(f'{above}{one}' for one in close)}." if close else ""


def _name(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return param.opts[0]
    return "слово" if param is None else param.human_readable_name


def _allowed(param: click.Parameter | None) -> str:
    match param.type if param is not None else None:
        case click.Choice() as choice:
            return f" Можно: {', '.join(choice.choices)}."
        case click.IntRange() as bounds:
            return f" Нужно целое число от {bounds.min} до {bounds.max}."
        case click.DateTime(formats=["%d.%m.%Y"]):
            return " Нужна дата, например 24.11.2026."
        case _:
            return ""
