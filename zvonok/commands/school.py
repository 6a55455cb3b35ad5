"""``zvonok school``: a school's settings, and ``zvonok school rules``: its deadlines, codes and thresholds."""

from functools import partial

import click

from core.rule_book.profiles import Profile
from zvonok import organisations
from zvonok import rules as school_rules
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import NoCommandError, RussianCommand, RussianCommands, write_commands

_HELP = ("-h", "--help")


class SchoolCommands(RussianCommands):
    """What is no command's name is what to do with the settings: ``zvonok school undo_window_seconds=60``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the settings' command before words that begin with none."""
        begun = bool(args) and (args[0] in self.commands or args[0] in _HELP)
        if args and not begun and "=" not in args[0] and not args[0].startswith("-"):
            raise NoCommandError(args[0], ctx, self.commands)
        return super().parse_args(ctx, args if begun else ["settings", *args])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, then the commands."""
        super().format_options(ctx, formatter)
        write_commands(formatter, self.commands)


@click.group(cls=SchoolCommands, commands={"settings": office.school}, subcommand_metavar="[КОМАНДА] [СЛОВА]…")
def school() -> None:
    """Показать настройки и правила школы или изменить их."""


@school.command(cls=RussianCommand)
@click.argument("changes", nargs=-1, metavar="[ИМЯ=ЗНАЧЕНИЕ]…")
@office.SCHOOL
@click.option(
    "--profile",
    type=click.Choice([profile.value for profile in Profile]),
    metavar="НАБОР",
    help=f"Готовый набор правил: {', '.join(Profile)}.",
)
def rules(changes: tuple[str, ...], name: str | None, profile: str | None) -> None:
    """Показать правила школы (сроки, коды, пороги), изменить их или взять готовый набор.

    «Нет» выключает правило, которое можно выключить; пустое значение (имя=) возвращает правило набора.
    """
    school_rules.check(changes)
    tell(partial(school_rules.rules, school_name=name, profile=profile, changes=changes))


@school.command(cls=RussianCommand)
def tree() -> None:
    """Показать организации: регионы, муниципалитеты, школы, филиалы."""
    tell(organisations.tree)


@school.command(cls=RussianCommand)
@click.argument("authority", metavar="ОРГАН")
@office.SCHOOL
@click.option("--region", metavar="РЕГИОН", help="Регион муниципалитета. Если их ещё нет, они будут заведены.")
def under(authority: str, name: str | None, region: str | None) -> None:
    """Поставить школу под муниципалитет (или под регион, если она не муниципальная)."""
    tell(partial(organisations.under, school_name=name, authority=authority, region=region))


@school.command(cls=RussianCommand)
@click.argument("head", metavar="ГОЛОВНАЯ")
@office.SCHOOL
def branch(head: str, name: str | None) -> None:
    """Сказать, чей это филиал: ГОЛОВНАЯ — название головной организации."""
    tell(partial(organisations.branch, school_name=name, head_name=head))
