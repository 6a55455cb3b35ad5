"""``zvonok load``: the teaching load of the year."""

from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path

import click

from zvonok import load as desk
from zvonok.commands import office
from zvonok.commands.groups import DRY, FILE, YEAR
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.plan_files import WhichYear

_TEACHER = click.argument("teacher", metavar="УЧИТЕЛЬ")
_SUBJECT = click.argument("subject", metavar="ПРЕДМЕТ")
_WHOM = click.argument("whom", metavar="КОМУ")


class Hours(click.ParamType[Decimal]):
    """Hours a week: 2, 1,5 or 1.5."""

    name = "hours"

    def convert(self, value: str | Decimal, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Read the number. Fails with a sentence."""
        try:
            found = Decimal(str(value).replace(",", "."))
        except InvalidOperation:
            self.fail(f"«{value}» — не часы. Пишите число: 2 или 1,5.", param, ctx)
        if not found.is_finite():
            self.fail(f"«{value}» — не часы. Пишите число: 2 или 1,5.", param, ctx)
        return found


@click.group(cls=RussianGroup)
def load() -> None:
    """Нагрузка учителей: кто, что, кому и сколько часов в неделю."""


@load.command("list", cls=RussianCommand)
@click.option("--teacher", metavar="УЧИТЕЛЬ", help="Только этого учителя.")
@YEAR
@office.SCHOOL
def list_(teacher: str | None, year: int | None, name: str | None) -> None:
    """Показать нагрузку учителей с суммой часов."""
    tell(partial(desk.listing, which=WhichYear(name, year), teacher=teacher))


@load.command(cls=RussianCommand)
@_TEACHER
@_SUBJECT
@_WHOM
@click.argument("hours", metavar="ЧАСОВ", type=Hours())
@YEAR
@office.SCHOOL
def give(teacher: str, subject: str, whom: str, hours: Decimal, year: int | None, name: str | None) -> None:
    """Назначить часы: классу, группе или ученику; прежнее число часов заменяется."""
    tell(partial(desk.give, which=WhichYear(name, year), what=desk.Named(teacher, subject, whom), hours=hours))


@load.command(cls=RussianCommand)
@_TEACHER
@_SUBJECT
@_WHOM
@YEAR
@office.SCHOOL
def take(teacher: str, subject: str, whom: str, year: int | None, name: str | None) -> None:
    """Снять часы."""
    tell(partial(desk.take, which=WhichYear(name, year), what=desk.Named(teacher, subject, whom)))


@load.command(cls=RussianCommand)
@YEAR
@office.SCHOOL
def check(year: int | None, name: str | None) -> None:
    """Показать, где нагрузка не сходится с учебным планом и с расписанием."""
    tell(partial(desk.check, which=WhichYear(name, year)))


@load.command("import", cls=RussianCommand)
@FILE
@DRY
@YEAR
@office.SCHOOL
def import_(file: Path, year: int | None, name: str | None, *, dry: bool) -> None:
    """Загрузить нагрузку (CSV или XLSX): учитель, предмет, класс или группа, часов в неделю."""
    tell(partial(desk.bring_in, which=WhichYear(name, year), path=file, dry=dry))
