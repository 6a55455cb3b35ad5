"""``zvonok year``: the school year set by a file, shown, checked for readiness; rooms, subjects, shifts."""

from functools import partial
from pathlib import Path

import click

from core.plan.subjects import PlanPart
from core.year.weekly import Service
from zvonok import year as desk
from zvonok.commands.office import SCHOOL
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.year import RoomWords, SubjectWords

_YEAR = click.option(
    "--year",
    type=click.IntRange(2000, 2100),
    metavar="ГОД",
    help="Год сентября, например 2026. Без ключа — этот учебный год, с июля — следующий.",
)
_SEATS = click.option("--seats", type=click.IntRange(1, 2000), metavar="ЧИСЛО", help="Сколько мест.")
_PART = click.option(
    "--part",
    type=click.Choice([part.value for part in PlanPart]),
    metavar="ЧАСТЬ",
    help="federal — федеральная часть плана, school — компонент школы.",
)
_SERVICE = click.option(
    "--service",
    type=click.Choice([service.value for service in Service]),
    metavar="ВИД",
    help="basic — уроки, extra-curricular — внеурочная деятельность, additional — дополнительное образование.",
)


@click.group(cls=RussianGroup)
def year() -> None:
    """Учебный год: календарь, звонки, смены, кабинеты, предметы, готовность к 5 сентября."""


@year.command("set", cls=RussianCommand)
@click.argument("file", metavar="ФАЙЛ", type=click.Path(path_type=Path))
@click.option("--dry-run", "dry", is_flag=True, help="Только показать, что изменится; ничего не записать.")
@SCHOOL
def set_(file: Path, name: str | None, *, dry: bool) -> None:
    """Задать календарь и звонки года файлом TOML.

    Образец файла и его описание: docs/how-to/school-year.ru.md
    """
    read = desk.read_file(file)
    tell(partial(desk.set_year, school_name=name, read=read, dry=dry))


@year.command(cls=RussianCommand)
@_YEAR
@SCHOOL
def show(year: int | None, name: str | None) -> None:
    """Показать календарь и звонки."""
    tell(partial(desk.show, school_name=name, year=year))


@year.command(cls=RussianCommand)
@_YEAR
@SCHOOL
def ready(year: int | None, name: str | None) -> None:
    """Показать, что к началу года сделано и чего не хватает."""
    tell(partial(desk.ready, school_name=name, year=year))


@year.command(cls=RussianCommand)
@click.argument("number", metavar="СМЕНА", type=click.IntRange(1, 3))
@click.argument("titles", nargs=-1, required=True, metavar="КЛАСС…")
@SCHOOL
def shift(number: int, titles: tuple[str, ...], name: str | None) -> None:
    """Сказать, в какой смене учатся классы: zvonok year shift 2 6А 6Б."""
    tell(partial(desk.shift, school_name=name, number=number, titles=titles))


@year.group(cls=RussianGroup)
def rooms() -> None:
    """Кабинеты: показать, добавить, изменить, закрыть."""


@rooms.command("list", cls=RussianCommand)
@SCHOOL
def list_rooms(name: str | None) -> None:
    """Показать кабинеты."""
    tell(partial(desk.list_rooms, school_name=name))


@rooms.command("add", cls=RussianCommand)
@click.argument("rooms_", nargs=-1, required=True, metavar="КАБИНЕТ…")
@_SEATS
@click.option("--shared", is_flag=True, help="В нём могут идти несколько уроков сразу, как в спортзале.")
@SCHOOL
def add_rooms(rooms_: tuple[str, ...], seats: int | None, name: str | None, *, shared: bool) -> None:
    """Добавить кабинеты: zvonok year rooms add 12 14 "спортзал"."""
    tell(partial(desk.add_rooms, school_name=name, names=rooms_, words=RoomWords(seats=seats, shared=shared)))


@rooms.command("change", cls=RussianCommand)
@click.argument("room", metavar="КАБИНЕТ")
@click.option("--rename", metavar="НАЗВАНИЕ", help="Новое название.")
@_SEATS
@click.option("--shared/--single", default=None, help="Могут ли идти в нём несколько уроков сразу.")
@SCHOOL
def change_room(room: str, rename: str | None, seats: int | None, name: str | None, *, shared: bool | None) -> None:
    """Изменить кабинет."""
    tell(partial(desk.change_room, school_name=name, name=room, words=RoomWords(rename, seats, shared)))


@rooms.command("close", cls=RussianCommand)
@click.argument("room", metavar="КАБИНЕТ")
@SCHOOL
def close_room(room: str, name: str | None) -> None:
    """Закрыть кабинет, в котором больше нет уроков."""
    tell(partial(desk.close_room, school_name=name, name=room, closed=True))


@rooms.command("open", cls=RussianCommand)
@click.argument("room", metavar="КАБИНЕТ")
@SCHOOL
def open_room(room: str, name: str | None) -> None:
    """Снова открыть закрытый кабинет."""
    tell(partial(desk.close_room, school_name=name, name=room, closed=False))


@year.group(cls=RussianGroup)
def subjects() -> None:
    """Предметы: показать, добавить, изменить."""


@subjects.command("list", cls=RussianCommand)
@SCHOOL
def list_subjects(name: str | None) -> None:
    """Показать предметы: уроки и внеурочные курсы, федеральная часть и компонент школы."""
    tell(partial(desk.list_subjects, school_name=name))


@subjects.command("add", cls=RussianCommand)
@click.argument("subjects_", nargs=-1, required=True, metavar="ПРЕДМЕТ…")
@_PART
@_SERVICE
@SCHOOL
def add_subjects(subjects_: tuple[str, ...], part: str | None, service: str | None, name: str | None) -> None:
    """Добавить предметы, полностью и со строчной буквы: zvonok year subjects add "русский язык" математика."""
    tell(partial(desk.add_subjects, school_name=name, names=subjects_, words=_words(None, part, service)))


@subjects.command("change", cls=RussianCommand)
@click.argument("subject", metavar="ПРЕДМЕТ")
@click.option("--rename", metavar="НАЗВАНИЕ", help="Новое название; уроки и оценки остаются за предметом.")
@_PART
@_SERVICE
@SCHOOL
def change_subject(subject: str, rename: str | None, part: str | None, service: str | None, name: str | None) -> None:
    """Переименовать предмет или перенести его в другую часть плана."""
    tell(partial(desk.change_subject, school_name=name, name=subject, words=_words(rename, part, service)))


def _words(rename: str | None, part: str | None, service: str | None) -> SubjectWords:
    return SubjectWords(rename, None if part is None else PlanPart(part), None if service is None else Service(service))
