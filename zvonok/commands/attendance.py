"""``zvonok attendance``: late rolls, the absent of a day, head-counts, unexplained days, locked lessons."""

from datetime import datetime
from functools import partial
from typing import Any

import click

from core.learning.absence_counts import COMMISSION_FROM
from zvonok import attendance as desk
from zvonok.commands import office
from zvonok.commands.attendance_enter import enter
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.commands.school_day import DATE
from zvonok.named import day_of
from zvonok.named_lesson import Named
from zvonok.timetable_views import Days

_DAY = click.option("--day", type=DATE, metavar="ДД.ММ.ГГГГ", help="Какой день; без ключа — сегодня.")
_SINCE = click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день; без ключа — месяц назад.")
_UNTIL = click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без ключа — сегодня.")


_LEARNERS = click.argument("learners", metavar="КЛАСС")
_OF_DAY = click.argument("day", type=DATE, metavar="ДД.ММ.ГГГГ")
_NUMBER = click.argument("number", type=click.IntRange(0, 15), metavar="УРОК")
_OWN = click.option("--of", "own", metavar="ПРЕДМЕТ", help="Чей это урок, если класс в это время делится на группы.")


@click.group(cls=RussianGroup, commands=[enter])
def attendance() -> None:
    """Посещаемость: переклички, которых нет, отсутствующие дня, сколько учеников в школе, закрытые уроки."""


@attendance.command(cls=RussianCommand)
@office.SCHOOL
def overdue(name: str | None) -> None:
    """Показать сегодняшние уроки, на которых до сих пор нет переклички."""
    tell(partial(desk.overdue, school_name=name))


@attendance.command(cls=RussianCommand)
@click.argument("title", metavar="[КЛАСС]", required=False)
@_DAY
@click.option("--done", is_flag=True, help="Отметить, что список класса проверен.")
@office.SCHOOL
def recheck(title: str | None, day: datetime | None, name: str | None, *, done: bool) -> None:
    """Показать отсутствующих класса и что о них известно; без класса — где список ещё не проверен."""
    if title is None:
        tell(partial(desk.waiting, school_name=name, day=day_of(day)))
    else:
        tell(partial(desk.recheck, school_name=name, title=title, day=day_of(day), done=done))


@attendance.command(cls=RussianCommand)
@_DAY
@click.option("--at", "clock", metavar="ЧЧ:ММ", help="В котором часу; без ключа — сейчас.")
@office.SCHOOL
def headcount(day: datetime | None, clock: str | None, name: str | None) -> None:
    """Посчитать, сколько учеников каждого класса в школе: для столовой."""
    tell(partial(desk.heads, school_name=name, day=day_of(day), clock=desk.clock_of(clock)))


@attendance.command(cls=RussianCommand)
@click.argument("title", metavar="[КЛАСС]", required=False)
@_SINCE
@_UNTIL
@click.option(
    "--from",
    "from_days",
    type=click.IntRange(1, 200),
    default=COMMISSION_FROM,
    show_default=True,
    metavar="ДНЕЙ",
    help="Со скольких дней пропуски рассматривает комиссия.",
)
@office.SCHOOL
def unexplained(
    title: str | None, since: datetime | None, until: datetime | None, from_days: int, name: str | None
) -> None:
    """Показать, кто и сколько дней пропустил без известной причины: в классе или во всей школе."""
    days = Days(day_of(since), day_of(until))
    tell(partial(desk.unexplained, school_name=name, title=title, days=days, from_days=from_days))


@attendance.command(cls=RussianCommand)
@_LEARNERS
@_OF_DAY
@_NUMBER
@click.option("--until", required=True, type=DATE, metavar="ДД.ММ.ГГГГ", help="До конца какого дня.")
@click.option("--why", required=True, metavar="ПРИЧИНА", help="Зачем; останется в журнале действий.")
@_OWN
@office.SCHOOL
def unlock(learners: str, day: datetime, number: int, own: str | None, name: str | None, **words: Any) -> None:
    """Открыть для правки закрытый урок: 5А 24.11.2026 3 --until 10.12.2026 --why "справка принесена поздно"."""
    lesson = Named(learners, day.date(), number, own)
    tell(partial(desk.unlock, school_name=name, lesson=lesson, until=words["until"].date(), why=words["why"]))


@attendance.command(cls=RussianCommand)
@_LEARNERS
@_OF_DAY
@_NUMBER
@_OWN
@office.SCHOOL
def lock(learners: str, day: datetime, number: int, own: str | None, name: str | None) -> None:
    """Закрыть открытый урок раньше срока."""
    tell(partial(desk.lock, school_name=name, lesson=Named(learners, day.date(), number, own)))


@attendance.command(cls=RussianCommand)
@click.argument("pupil", metavar="УЧЕНИК")
@click.argument("day", type=DATE, metavar="ДД.ММ.ГГГГ")
@click.option("--code", metavar="КОД", help="Какая причина принята: код из правил школы, например б.")
@click.option("--refuse", "refused", is_flag=True, help="Не принять то, что говорит семья.")
@click.option("--why", default="", metavar="ОСНОВАНИЕ", help="На чём основано: справка и её дата, слова врача.")
@office.SCHOOL
def confirm(pupil: str, day: datetime, *, code: str | None, refused: bool, why: str, name: str | None) -> None:
    """Записать причину пропусков дня: "Иванова Анна" 24.11.2026 --code б --why "справка от 30.11"."""
    decided = desk.Decided(code, refused)
    decided.check()
    tell(partial(desk.confirm, school_name=name, pupil=pupil, day=day.date(), decided=decided, why=why))
