"""``zvonok audit``: whether the audit is whole, where it ends, and what must be forgotten."""

from functools import partial

import click

from zvonok import auditing
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup


@click.group(cls=RussianGroup)
def audit() -> None:
    """Проверить журнал действий, записать концы его цепочек, стереть слова."""


@audit.command(cls=RussianCommand)
@office.SCHOOL
@click.option("--head", metavar="КОНЕЦ", help="Конец цепочки с бумаги: его раньше напечатала zvonok audit head.")
def verify(name: str | None, head: str | None) -> None:
    """Проверить цепочки: всё ли на месте и не изменено. Первое нарушенное звено будет названо."""
    tell(partial(auditing.verify, school_name=name, paper=auditing.read_head(head)))


@audit.command(cls=RussianCommand)
@office.SCHOOL
@click.option(
    "--anew", is_flag=True, help="После восстановления из копии: считать нынешние концы верными и хранить их."
)
def head(name: str | None, *, anew: bool) -> None:
    """Напечатать концы цепочек. На бумаге они докажут, что конец журнала никто не отрезал."""
    tell(partial(auditing.heads, school_name=name, anew=anew))


@audit.command(cls=RussianCommand)
@click.argument("what", metavar="ЧТО")
@office.SCHOOL
@click.option("--why", required=True, metavar="ПРИЧИНА", help="Почему; останется в журнале, поэтому без имён.")
def erase(what: str, name: str | None, why: str) -> None:
    """Стереть слова записи; кто, что и когда сделал, останется.

    ЧТО — номер записи или её предмет, например remark/6b1f4c9e-0000-4000-8000-000000000000.
    """
    tell(partial(auditing.erase, school_name=name, what=what, why=why))
