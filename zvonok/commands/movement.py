"""``zvonok movement``: orders about pupils, the passing to a new year, the closing of the old one."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click

from core.movement.movements import Order
from core.movement.orders import Leaving
from zvonok import movement as desk
from zvonok import next_year
from zvonok.commands.office import SCHOOL
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.commands.school_day import DATE, SchoolDay
from zvonok.movement import Comer
from zvonok.named import day_of
from zvonok.next_year import CloseWish, Wish

BORN = SchoolDay(earliest=1900)
_PUPIL = click.argument("pupil", metavar="УЧЕНИК")
_CLASS = click.argument("title", metavar="КЛАСС")
_ORDER = click.option("--order", "number", required=True, metavar="НОМЕР", help="Номер приказа.")
_ORDER_DAY = click.option("--order-day", required=True, type=DATE, metavar="ДД.ММ.ГГГГ", help="Дата приказа.")
_NOTE = click.option("--note", default="", metavar="СЛОВА", help="Примечание; останется в книге движения.")
_TO_SCHOOL = click.option("--to", "other_school", default="", metavar="ШКОЛА", help="В какую школу.")
_LAST_DAY = click.option("--last-day", required=True, type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день в школе.")
_YEAR = click.option(
    "--year", type=click.IntRange(2000, 2100), metavar="ГОД", help="Год сентября; без ключа — этот учебный год."
)


@click.group(cls=RussianGroup)
def movement() -> None:
    """Движение учеников по приказам, переход на новый год, закрытие года."""


@movement.command("list", cls=RussianCommand)
@click.argument("pupil", metavar="[УЧЕНИК]", required=False)
@click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="С какого дня; без него — с начала учебного года.")
@click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="По какой день.")
@SCHOOL
def list_(pupil: str | None, since: datetime | None, until: datetime | None, name: str | None) -> None:
    """Показать книгу движения: всей школы или одного ученика."""
    tell(partial(desk.listing, school_name=name, pupil=pupil, since=day_of(since), until=day_of(until)))


@movement.command(cls=RussianCommand)
@_PUPIL
@_CLASS
@click.option("--since", required=True, type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день в классе.")
@_ORDER
@_ORDER_DAY
@click.option("--from", "other_school", default="", metavar="ШКОЛА", help="Из какой школы.")
@_NOTE
@click.option("--new", is_flag=True, help="Человека в журнале ещё нет: записать.")
@click.option("--born", type=BORN, metavar="ДД.ММ.ГГГГ", help="Дата рождения нового ученика.")
@click.option("--namesake", is_flag=True, help="Это тёзка того, кто уже записан.")
@click.option("--adult", is_flag=True, help="Поступает учиться тот, кто в журнале сотрудник или родитель.")
@SCHOOL
def arrive(pupil: str, title: str, since: datetime, name: str | None, **words: Any) -> None:
    """Принять ученика в класс: нового или того, кто вернулся."""
    comer = Comer(pupil, words["new"], day_of(words["born"]), words["namesake"], words["other_school"], words["adult"])
    order = _order(words)
    tell(partial(desk.arrive, school_name=name, comer=comer, title=title, since=since.date(), order=order))


@movement.command(cls=RussianCommand)
@_PUPIL
@_CLASS
@click.option("--on", "on", required=True, type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день в новом классе.")
@_ORDER
@_ORDER_DAY
@_NOTE
@SCHOOL
def transfer(pupil: str, title: str, on: datetime, name: str | None, **words: Any) -> None:
    """Перевести ученика в другой класс этого года."""
    order = _order(words)
    tell(partial(desk.transfer, school_name=name, pupil=pupil, title=title, on=on.date(), order=order))


@movement.command(cls=RussianCommand)
@_PUPIL
@_LAST_DAY
@_ORDER
@_ORDER_DAY
@_TO_SCHOOL
@_NOTE
@SCHOOL
def leave(pupil: str, last_day: datetime, other_school: str, name: str | None, **words: Any) -> None:
    """Записать выбытие: в другую школу или по другой причине."""
    leaving = Leaving(last_day.date(), _order(words), other_school)
    tell(partial(desk.leave, school_name=name, pupil=pupil, leaving=leaving))


@movement.command(cls=RussianCommand)
@_PUPIL
@_LAST_DAY
@_ORDER
@_ORDER_DAY
@_NOTE
@SCHOOL
def expel(pupil: str, last_day: datetime, name: str | None, **words: Any) -> None:
    """Записать отчисление."""
    leaving = Leaving(last_day.date(), _order(words))
    tell(partial(desk.leave, school_name=name, pupil=pupil, leaving=leaving, expelled=True))


@movement.command(cls=RussianCommand)
@_PUPIL
@_ORDER
@_ORDER_DAY
@click.option("--note", required=True, metavar="СЛОВА", help="В чём была ошибка.")
@SCHOOL
def correct(pupil: str, name: str | None, **words: Any) -> None:
    """Отменить последний приказ об ученике, записанный по ошибке. Сам он остаётся в книге."""
    order = _order(words)
    tell(partial(desk.correct, school_name=name, pupil=pupil, order=order))


@movement.command("next-year", cls=RussianCommand)
@_YEAR
@click.option(
    "--set", "given", multiple=True, metavar="КТО=КУДА", help="«9А=10А», «Иванова Анна=выпуск»; можно повторить."
)
@click.option("--answers", type=click.Path(path_type=Path), metavar="ФАЙЛ", help="То же строками в текстовом файле.")
@click.option("--plan", metavar="КОД", help="Выполнить переход, который показан под этим кодом.")
@click.option("--order", "number", metavar="НОМЕР", help="Номер приказа о переводе.")
@click.option("--order-day", type=DATE, metavar="ДД.ММ.ГГГГ", help="Дата приказа.")
@click.option("--last-day", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день выпускников.")
@SCHOOL
def next_year_(
    year: int | None, given: tuple[str, ...], answers: Path | None, plan: str | None, name: str | None, **words: Any
) -> None:
    """Показать переход классов на новый учебный год или выполнить его.

    Без --plan только показывает, ничего не меняя.
    """
    said = next_year.read_answers(answers, given)
    number, order_day = words["number"], day_of(words["order_day"])
    order = Order(number, order_day) if number and order_day else None
    wish = Wish(said, plan, order, day_of(words["last_day"]))
    tell(partial(next_year.pass_on, school_name=name, year=year, wish=wish))


@movement.command("close-year", cls=RussianCommand)
@_YEAR
@click.option("--propose", metavar="ИМЯ", help="Предложить закрыть год от имени администратора системы.")
@click.option("--confirm", metavar="ИМЯ", help="Закрыть предложенное от имени директора или заместителя.")
@click.option("--reopen", metavar="ПРИЧИНА", help="Снова открыть закрытый год; причина останется в журнале действий.")
@SCHOOL
def close_year(
    year: int | None, propose: str | None, confirm: str | None, reopen: str | None, name: str | None
) -> None:
    """Показать, что осталось до закрытия года, предложить, закрыть, открыть снова."""
    tell(partial(next_year.close, school_name=name, year=year, wish=CloseWish(propose, confirm, reopen)))


def _order(words: Mapping[str, Any]) -> Order:
    return Order(words["number"], words["order_day"].date(), words["note"])
