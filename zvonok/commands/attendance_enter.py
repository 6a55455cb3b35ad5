"""``zvonok attendance enter``: rolls of many lessons from paper, after the journal stood still."""

from functools import partial
from pathlib import Path

import click

from zvonok import late_rolls as desk
from zvonok.commands import office
from zvonok.commands.groups import DRY
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand


@click.command(cls=RussianCommand)
@click.argument("file", metavar="[ФАЙЛ]", required=False, type=click.Path(path_type=Path))
@click.option("--template", is_flag=True, help="Напечатать образец файла; ничего не записать.")
@DRY
@office.SCHOOL
def enter(file: Path | None, name: str | None, *, template: bool, dry: bool) -> None:
    """Внести переклички с бумаги из файла (CSV или XLSX), сразу за много уроков."""
    if template:
        click.echo(desk.template(), nl=False)
    else:
        tell(partial(desk.enter, school_name=name, path=desk.check(file), dry=dry))
