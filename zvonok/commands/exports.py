"""``zvonok export``: a list of the school in a file."""

from functools import partial
from pathlib import Path

import click

from core.lists.exporting import ListKind
from zvonok import exports
from zvonok.commands.office import SCHOOL
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand


@click.command(cls=RussianCommand)
@click.argument("kind", metavar="СПИСОК", type=click.Choice([kind.value for kind in ListKind]))
@click.option("--to", "path", metavar="ФАЙЛ", required=True, type=click.Path(path_type=Path), help="Файл CSV или XLSX.")
@click.option("--overwrite", is_flag=True, help="Записать вместо файла, который там уже есть.")
@SCHOOL
def export(kind: str, path: Path, name: str | None, *, overwrite: bool) -> None:
    """Выгрузить список школы в файл.

    Списки: pupils — ученики, staff — сотрудники, classes — классы, parents — родители, groups — группы,
    timetable — расписание, load — нагрузка, movement — движение учеников. Учеников, сотрудников, расписание, группы
    и нагрузку можно поправить в файле и загрузить снова.
    """
    exports.check_target(path, overwrite=overwrite)
    tell(partial(exports.export, school_name=name, kind=ListKind(kind), path=path))
