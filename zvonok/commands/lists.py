"""``zvonok import``: the office's lists looked at, brought in, listed, taken back."""

from functools import partial
from pathlib import Path

import click

from core.events import SchoolKind
from zvonok import lists as desk
from zvonok.commands.office import SCHOOL
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianCommands, write_commands
from zvonok.progress import ProgressLine

_HELP = ("-h", "--help")


class ImportCommands(RussianCommands):
    """What is no command's name is a file to bring in: ``zvonok import staff.csv``; a file «list» is ``./list``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the import's command before words that begin with none."""
        begun = not args or args[0] in self.commands or args[0] in _HELP
        return super().parse_args(ctx, args if begun else ["files", *args])

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options, then the commands."""
        super().format_options(ctx, formatter)
        write_commands(formatter, self.commands)


@click.group(cls=ImportCommands, subcommand_metavar="[КОМАНДА] [СЛОВА]…")
def lists() -> None:
    """Загрузить списки канцелярии, посмотреть разницу, отменить загрузку.

    Слово files можно не писать: zvonok import staff.csv pupils.csv.
    """


@lists.command("files", cls=RussianCommand)
@click.argument("files", nargs=-1, metavar="ФАЙЛ…", required=True, type=click.Path(path_type=Path))
@click.option("--school", "name", metavar="НАЗВАНИЕ", help="Название школы; если её ещё нет, она будет заведена.")
@click.option("--kind", type=click.Choice([kind.value for kind in SchoolKind]), help="Вид новой школы.")
@click.option("--zone", metavar="ПОЯС", help="Часовой пояс новой школы, например Asia/Yekaterinburg.")
@click.option("--dry-run", "dry", is_flag=True, help="Только показать, что изменится; ничего не записать.")
@click.option("--all", "everything", is_flag=True, help="С --dry-run: показать все строки, а не первые.")
@click.option("--expect", metavar="ОТПЕЧАТОК", help="Загрузить, только если разница та же, что показал --dry-run.")
@click.option("--same", multiple=True, metavar="СТРОКА", help="Строка под вопросом — тот, кто уже есть в журнале.")
@click.option("--other", multiple=True, metavar="СТРОКА", help="Строка под вопросом — другой человек.")
def files_(  # noqa: PLR0913 - one parameter for each option of the command
    files: tuple[Path, ...],
    name: str | None,
    kind: str | None,
    zone: str | None,
    *,
    expect: str | None,
    same: tuple[str, ...],
    other: tuple[str, ...],
    dry: bool,
    everything: bool,
) -> None:
    """Загрузить списки: сотрудников, учеников, расписание (CSV или XLSX)."""
    desk.check_files(files)
    asked = desk.Asked(desk.read_answers(same, other), expect, everything)
    work = desk.look if dry else desk.bring_in
    line = ProgressLine()
    new = desk.NewSchool(name, kind, zone)
    try:
        tell(partial(work, paths=files, new=new, asked=asked, on_stage=line.stage), makes=not dry)
    finally:
        line.clear()


@lists.command("list", cls=RussianCommand)
@SCHOOL
def list_(name: str | None) -> None:
    """Показать загрузки: номер, когда, какие файлы, отменена ли."""
    tell(partial(desk.listing, school_name=name))


@lists.command(cls=RussianCommand)
@click.argument("number", metavar="НОМЕР")
@click.option("--why", default="", metavar="ПРИЧИНА", help="Почему; останется в журнале действий.")
@SCHOOL
def undo(number: str, why: str, name: str | None) -> None:
    """Отменить загрузку: вернуть всё, как было до неё.

    Можно, пока то, что она записала, никто не изменил и на нём ничего не держится; иначе будет сказано, что мешает.
    """
    tell(partial(desk.undo, school_name=name, number=number, why=why))
