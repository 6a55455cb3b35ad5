"""``zvonok plan``: curriculum plans of the year."""

from functools import partial
from pathlib import Path

import click

from zvonok import study_plans as desk
from zvonok.commands import office
from zvonok.commands.groups import DRY, FILE, YEAR
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.plan_files import WhichYear

_PLAN = click.argument("plan_name", metavar="ПЛАН")


@click.group(cls=RussianGroup)
def plan() -> None:
    """Учебные планы: школы, профилей, отдельных учеников."""


@plan.command("list", cls=RussianCommand)
@YEAR
@office.SCHOOL
def list_(year: int | None, name: str | None) -> None:
    """Показать планы года и у кого плана нет."""
    tell(partial(desk.listing, which=WhichYear(name, year)))


@plan.command(cls=RussianCommand)
@_PLAN
@YEAR
@office.SCHOOL
def show(plan_name: str, year: int | None, name: str | None) -> None:
    """Показать часы плана по параллелям."""
    tell(partial(desk.show, which=WhichYear(name, year), name=plan_name))


@plan.command(cls=RussianCommand)
@_PLAN
@YEAR
@office.SCHOOL
def remove(plan_name: str, year: int | None, name: str | None) -> None:
    """Вычеркнуть план, по которому никто не учится."""
    tell(partial(desk.remove, which=WhichYear(name, year), name=plan_name))


@plan.command("import", cls=RussianCommand)
@FILE
@DRY
@YEAR
@office.SCHOOL
def import_(file: Path, year: int | None, name: str | None, *, dry: bool) -> None:
    """Загрузить учебные планы (CSV или XLSX): план, параллель, предмет, часов в неделю."""
    tell(partial(desk.bring_in, which=WhichYear(name, year), path=file, dry=dry))
