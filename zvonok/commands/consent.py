"""``zvonok consent``: who has consented, sheets of paper, the text that families agree to."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from core.events import ConsentPurpose
from zvonok import consents
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup

_DATE = click.DateTime(formats=["%d.%m.%Y"])
_CLASS = click.option("--class", "title", metavar="КЛАСС", help="Только этот класс, например 5А.")
_ALL = click.option("--all", "everybody", is_flag=True, help="Все, а не только те, у кого нет ответа.")
_SHEET = (
    click.option("--child", required=True, metavar="ИМЯ", help="Ученик: «Фамилия Имя»."),
    click.option("--parent", required=True, metavar="ИМЯ", help="Кто подписал: «Фамилия Имя Отчество»."),
    click.option("--paper", required=True, metavar="ГДЕ", help="Где лежит бумага: номер, папка."),
    click.option("--since", type=_DATE, metavar="ДД.ММ.ГГГГ", help="Дата на бумаге; без неё — сегодня."),
    click.option(
        "--purpose",
        "purposes",
        multiple=True,
        type=click.Choice([purpose.value for purpose in ConsentPurpose]),
        metavar="НА_ЧТО",
        help="Только на это: achievement (успеваемость) или attendance (посещаемость). Без ключа — на то и другое.",
    ),
    click.option("--text", "version", type=int, metavar="НОМЕР", help="Версия текста школы, напечатанная на бумаге."),
    _CLASS,
    office.SCHOOL,
)


def _on_paper[Command: Any](command: Command) -> Command:
    for option in reversed(_SHEET):
        command = option(command)
    return command


@click.group(cls=RussianGroup)
def consent() -> None:
    """Согласия на обработку персональных данных: кто ответил, бумаги, текст."""


@consent.command("list", cls=RussianCommand)
@_CLASS
@_ALL
@office.SCHOOL
def list_(title: str | None, name: str | None, *, everybody: bool) -> None:
    """Показать, у кого нет ни согласия, ни отказа."""
    tell(partial(consents.listing, school_name=name, class_title=title, everybody=everybody))


@consent.command(cls=RussianCommand)
@_on_paper
@click.option("--until", type=_DATE, metavar="ДД.ММ.ГГГГ", help="Последний день согласия; без него — до отзыва.")
def give(until: datetime | None, **words: Any) -> None:
    """Записать согласие, подписанное на бумаге."""
    _enter(words, given=True, until=until)


@consent.command(cls=RussianCommand)
@_on_paper
def refuse(**words: Any) -> None:
    """Записать отказ или отзыв согласия, подписанный на бумаге."""
    _enter(words, given=False, until=None)


@consent.command(cls=RussianCommand)
@click.argument("file", metavar="[ФАЙЛ]", required=False, type=click.Path(path_type=Path))
@office.SCHOOL
def text(file: Path | None, name: str | None) -> None:
    """Показать текст согласия и его версии или опубликовать новую из файла."""
    tell(partial(consents.texts, school_name=name, path=file))


@consent.command(cls=RussianCommand)
@_CLASS
@_ALL
@office.SCHOOL
def form(title: str | None, name: str | None, *, everybody: bool) -> None:
    """Напечатать бланки: пустой или, с --class, для тех, у кого нет ответа."""
    tell(partial(consents.forms, school_name=name, class_title=title, everybody=everybody))


def _enter(words: dict[str, Any], *, given: bool, until: datetime | None) -> None:
    since: datetime | None = words["since"]
    sheet = consents.Sheet(
        child=words["child"],
        parent=words["parent"],
        given=given,
        since=since.date() if since else None,
        until=until.date() if until else None,
        purposes=tuple(ConsentPurpose(purpose) for purpose in words["purposes"]),
        paper_ref=words["paper"],
        version=words["version"],
        class_title=words["title"],
    )
    tell(partial(consents.enter, school_name=words["name"], sheet=sheet))
