"""``zvonok groups``: groups, streams and combined classes, and who is in them by date."""

from datetime import datetime
from functools import partial
from pathlib import Path

import click

from core.plan.list_lines import PURPOSE_WORDS
from core.plan.study_groups import Purpose
from zvonok import groups as desk
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.commands.school_day import DATE
from zvonok.named import day_of
from zvonok.plan_files import WhichYear

YEAR = click.option("--year", type=click.IntRange(2000, 2100), metavar="ГОД", help="Учебный год, с какого сентября.")
DRY = click.option("--dry-run", "dry", is_flag=True, help="Только показать, что изменится; ничего не записать.")
FILE = click.argument("file", metavar="ФАЙЛ", type=click.Path(path_type=Path))
_GROUP = click.argument("title", metavar="ГРУППА")
_PUPILS = click.argument("pupils", metavar="УЧЕНИК…", nargs=-1, required=True)
_ON = click.option("--on", type=DATE, metavar="ДД.ММ.ГГГГ", help="На какой день; без него — на сегодня.")
_SINCE = click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день; без него — сегодня.")
_LAST = click.option("--last-day", type=DATE, required=True, metavar="ДД.ММ.ГГГГ", help="Последний день в группе.")


@click.group(cls=RussianGroup)
def groups() -> None:
    """Группы, потоки, классы-комплекты: завести, разделить класс, записать и перевести учеников."""


@groups.command("list", cls=RussianCommand)
@_ON
@YEAR
@office.SCHOOL
def list_(on: datetime | None, year: int | None, name: str | None) -> None:
    """Показать группы учебного года и сколько в них учеников."""
    tell(partial(desk.listing, which=WhichYear(name, year), on=day_of(on)))


@groups.command(cls=RussianCommand)
@_GROUP
@_ON
@YEAR
@office.SCHOOL
def show(title: str, on: datetime | None, year: int | None, name: str | None) -> None:
    """Показать, кто в группе."""
    tell(partial(desk.show, which=WhichYear(name, year), title=title, on=day_of(on)))


@groups.command(cls=RussianCommand)
@_GROUP
@click.option(
    "--class", "classes", multiple=True, required=True, metavar="КЛАСС", help="Из какого класса; можно не раз."
)
@click.option(
    "--kind",
    "kind",
    type=click.Choice([one.value for one in Purpose]),
    default=Purpose.SUBGROUP.value,
    metavar="ВИД",
    help="; ".join(f"{one.value} — {word}" for one, word in PURPOSE_WORDS.items()) + ".",
)
@click.option("--subject", metavar="ПРЕДМЕТ", help="По какому предмету.")
@click.option("--shift", type=click.IntRange(1, 3), default=1, metavar="СМЕНА", help="В какую смену учится.")
@YEAR
@office.SCHOOL
def create(  # noqa: PLR0913 - one parameter for each option of the command
    title: str,
    classes: tuple[str, ...],
    kind: str,
    subject: str | None,
    shift: int,
    *,
    year: int | None,
    name: str | None,
) -> None:
    """Завести группу, поток или класс-комплект."""
    wish = desk.Wish(title, classes, Purpose(kind), subject, shift)
    tell(partial(desk.create, which=WhichYear(name, year), wish=wish))


@groups.command(cls=RussianCommand)
@click.argument("school_class", metavar="КЛАСС")
@click.argument("subject", metavar="ПРЕДМЕТ")
@click.argument("parts", metavar="ГРУППА ГРУППА…", nargs=-1, required=True)
@YEAR
@office.SCHOOL
def divide(school_class: str, subject: str, parts: tuple[str, ...], year: int | None, name: str | None) -> None:
    """Разделить класс по предмету: никто не окажется в двух таких группах сразу."""
    tell(partial(desk.divide, which=WhichYear(name, year), title=school_class, subject=subject, parts=parts))


@groups.command(cls=RussianCommand)
@_GROUP
@_PUPILS
@_SINCE
@click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без него — до конца года.")
@YEAR
@office.SCHOOL
def join(
    title: str,
    pupils: tuple[str, ...],
    since: datetime | None,
    until: datetime | None,
    year: int | None,
    name: str | None,
) -> None:
    """Записать учеников в группу: всех названных или никого."""
    span = (day_of(since), day_of(until))
    tell(partial(desk.join, which=WhichYear(name, year), title=title, pupils=pupils, span=span))


@groups.command(cls=RussianCommand)
@_GROUP
@_PUPILS
@_LAST
@YEAR
@office.SCHOOL
def leave(title: str, pupils: tuple[str, ...], last_day: datetime, year: int | None, name: str | None) -> None:
    """Отчислить учеников из группы после названного дня."""
    tell(partial(desk.leave, which=WhichYear(name, year), title=title, pupils=pupils, last_day=last_day.date()))


@groups.command(cls=RussianCommand)
@click.argument("old", metavar="ИЗ_ГРУППЫ")
@click.argument("new", metavar="В_ГРУППУ")
@_PUPILS
@click.option("--on", type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день в новой группе; без него — сегодня.")
@YEAR
@office.SCHOOL
def move(old: str, new: str, pupils: tuple[str, ...], on: datetime | None, year: int | None, name: str | None) -> None:
    """Перевести учеников из группы в группу."""
    tell(partial(desk.transfer, which=WhichYear(name, year), titles=(old, new), pupils=pupils, on=day_of(on)))


@groups.command(cls=RussianCommand)
@_GROUP
@_LAST
@YEAR
@office.SCHOOL
def close(title: str, last_day: datetime, year: int | None, name: str | None) -> None:
    """Закрыть группу: после этого дня в ней никого."""
    tell(partial(desk.close, which=WhichYear(name, year), title=title, last_day=last_day.date()))


@groups.command(cls=RussianCommand)
@YEAR
@office.SCHOOL
def check(year: int | None, name: str | None) -> None:
    """Показать, что с группами не так: пустые, малые потоки, ученики вне групп."""
    tell(partial(desk.check, which=WhichYear(name, year)))


@groups.command("import", cls=RussianCommand)
@FILE
@DRY
@YEAR
@office.SCHOOL
def import_(file: Path, year: int | None, name: str | None, *, dry: bool) -> None:
    """Загрузить список групп (CSV или XLSX): класс, предмет, группа, фамилия, имя."""
    tell(partial(desk.bring_in, which=WhichYear(name, year), path=file, dry=dry))
