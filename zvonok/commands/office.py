"""``zvonok codes``, ``school``: what the school's office does; ``zvonok import`` is in ``lists``."""

from functools import partial
from pathlib import Path

import click

from zvonok import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand

SCHOOL = click.option("--school", "name", metavar="НАЗВАНИЕ", help="Название школы, если их несколько.")


@click.command(cls=RussianCommand)
@SCHOOL
@click.option("--class", "title", metavar="КЛАСС", help="Коды родителям этого класса, например 5А.")
@click.option("--staff", is_flag=True, help="Коды сотрудникам.")
@click.option("--person", metavar="ИМЯ", help="Код одному человеку: «Фамилия Имя Отчество».")
@click.option(
    "--sheets",
    metavar="ФАЙЛ",
    type=click.Path(path_type=Path),
    help="Листки с кодами для печати: по два на странице, на экране коды не появятся.",
)
def codes(name: str | None, title: str | None, person: str | None, *, staff: bool, sheets: Path | None) -> None:
    """Выдать одноразовые коды для подключения мессенджера."""
    who = office.WhoGetsCodes(title, person, staff=staff)
    office.check_who(who)
    tell(partial(office.codes, school_name=name, who=who, sheets=sheets))


@click.command(cls=RussianCommand)
@click.argument("changes", nargs=-1, metavar="[ИМЯ=ЗНАЧЕНИЕ]…")
@SCHOOL
def school(changes: tuple[str, ...], name: str | None) -> None:
    """Показать настройки школы или изменить их: undo_window_seconds=60."""
    office.check_changes(changes)
    tell(partial(office.school_settings, school_name=name, changes=changes))
