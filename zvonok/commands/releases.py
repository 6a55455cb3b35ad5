"""``zvonok releases``: orders that let pupils go from lessons."""

from datetime import datetime
from functools import partial
from typing import Any

import click

from core.learning.release_orders import ReleaseKind
from core.year.span import Span
from zvonok import releases as desk
from zvonok.commands.office import SCHOOL
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.commands.school_day import DATE
from zvonok.named import day_of
from zvonok.releases import Wanted
from zvonok.timetable_views import Days

_KINDS = "olympiad — олимпиада, competition — соревнования, duty — дежурство, event — мероприятие, other — другое."
_LESSON = click.IntRange(0, 15)


@click.group(cls=RussianGroup)
def releases() -> None:
    """Освобождение от уроков по приказу: записать, показать, отменить."""


@releases.command(cls=RussianCommand)
@click.argument("number", metavar="ПРИКАЗ")
@click.argument("title", metavar="НАЗВАНИЕ")
@click.argument("first", type=DATE, metavar="ДД.ММ.ГГГГ")
@click.argument("last", type=DATE, metavar="[ДД.ММ.ГГГГ]", required=False)
@click.option("--order-day", required=True, type=DATE, metavar="ДД.ММ.ГГГГ", help="Дата приказа.")
@click.option(
    "--kind", required=True, type=click.Choice([one.value for one in ReleaseKind]), metavar="ВИД", help=_KINDS
)
@click.option("--pupil", "pupils", multiple=True, metavar="УЧЕНИК", help="Кого; можно повторить.")
@click.option("--class", "classes", multiple=True, metavar="КЛАСС", help="Весь класс; можно повторить.")
@click.option(
    "--lesson", "lessons", multiple=True, type=_LESSON, metavar="УРОК", help="От какого урока; без ключа — от всех."
)
@SCHOOL
def order(number: str, title: str, first: datetime, last: datetime | None, name: str | None, **words: Any) -> None:
    """Записать приказ: 12-у "Олимпиада по математике" 01.12.2026. Второй день — последний."""
    wanted = Wanted(
        number=number,
        ordered_on=words["order_day"].date(),
        kind=ReleaseKind(words["kind"]),
        title=title,
        days=Span(first.date(), (last or first).date()),
        lessons=frozenset(words["lessons"]) or None,
        pupils=words["pupils"],
        classes=words["classes"],
    )
    tell(partial(desk.order, school_name=name, wanted=wanted))


@releases.command("list", cls=RussianCommand)
@click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день; без ключа — сегодня.")
@click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без ключа — ещё 30 дней.")
@SCHOOL
def list_(since: datetime | None, until: datetime | None, name: str | None) -> None:
    """Показать приказы и кого они освобождают."""
    tell(partial(desk.listing, school_name=name, days=Days(day_of(since), day_of(until))))


@releases.command(cls=RussianCommand)
@click.argument("number", metavar="НОМЕР")
@SCHOOL
def withdraw(number: str, name: str | None) -> None:
    """Отменить приказ. Номера показывает list."""
    tell(partial(desk.withdraw, school_name=name, number=number))
