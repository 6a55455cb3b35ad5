"""``zvonok timetable``: substitutions, moves, cancellations, acts of whole days; views stand in ``timetable_views``."""

from datetime import datetime
from functools import partial
from typing import Any

import click

from core.timetable.lesson_changes import REASONS
from core.year.changes import CancelReason
from core.year.span import Span
from zvonok import timetable as desk
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.commands.school_day import DATE
from zvonok.commands.timetable_views import VIEWS
from zvonok.named import day_of
from zvonok.named_lesson import Named
from zvonok.timetable import Otherwise, Wanted, Whom

NUMBER = click.IntRange(0, 15)
REASON = click.Choice([one.value for one in CancelReason if one in REASONS])
_REASONS = (
    "weather — актированный день, quarantine — карантин, no-teacher — нет учителя, event — мероприятие, "
    "emergency — чрезвычайная ситуация, other — другое."
)
_LEARNERS = click.argument("learners", metavar="КЛАСС")
_DAY = click.argument("day", type=DATE, metavar="ДД.ММ.ГГГГ")
_NUMBER = click.argument("number", type=NUMBER, metavar="УРОК")
_OF = click.option("--of", "own", metavar="ПРЕДМЕТ", help="Чей это урок, если класс в это время делится на группы.")
_ROOM = click.option("--room", metavar="КАБИНЕТ", help="В каком кабинете; без ключа — где и должен быть.")
_WHY = click.option("--why", default="", metavar="ПРИЧИНА", help="Почему; видно завучу, в журнале действий останется.")
_SINCE = click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день; без ключа — сегодня.")
_UNTIL = click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без ключа — ещё 30 дней.")


@click.group(cls=RussianGroup, commands=VIEWS)
def timetable() -> None:
    """Расписание: показать, записать замену, перенос, отмену, особый день; контрольные и мероприятия."""


@timetable.command(cls=RussianCommand)
@_LEARNERS
@_DAY
@_NUMBER
@click.argument("teacher", metavar="УЧИТЕЛЬ")
@_OF
@click.option("--subject", metavar="ПРЕДМЕТ", help="Каким предметом заменён урок; без ключа — тем же.")
@_ROOM
@_WHY
@office.SCHOOL
def substitute(learners: str, day: datetime, number: int, name: str | None, **words: Any) -> None:
    """Записать замену: 5А 24.11.2026 3 "Седова Анна". Можно и после урока."""
    lesson = Named(learners, day.date(), number, words["own"])
    otherwise = Otherwise(words["subject"], words["room"], None, words["why"])
    tell(partial(desk.substitute, school_name=name, lesson=lesson, teacher=words["teacher"], otherwise=otherwise))


@timetable.command(cls=RussianCommand)
@_LEARNERS
@_DAY
@_NUMBER
@click.option("--to", "to", type=DATE, metavar="ДД.ММ.ГГГГ", help="На какой день; без ключа — в тот же.")
@click.option("--number", "new", type=NUMBER, metavar="УРОК", help="Каким уроком; без ключа — тем же по счёту.")
@click.option("--at", "hours", metavar="ЧЧ:ММ-ЧЧ:ММ", help="Во сколько, если не по звонкам.")
@_OF
@_ROOM
@_WHY
@office.SCHOOL
def move(learners: str, day: datetime, number: int, name: str | None, **words: Any) -> None:
    """Перенести урок на другой день, другой час или в другой кабинет: 5А 24.11.2026 3 --to 26.11.2026 --number 5."""
    desk.read_hours(words["hours"])
    lesson = Named(learners, day.date(), number, words["own"])
    to = (day_of(words["to"]) or day.date(), number if words["new"] is None else words["new"])
    otherwise = Otherwise(None, words["room"], words["hours"], words["why"])
    tell(partial(desk.move, school_name=name, lesson=lesson, to=to, otherwise=otherwise))


@timetable.command(cls=RussianCommand)
@_LEARNERS
@_DAY
@_NUMBER
@click.option("--reason", required=True, type=REASON, metavar="ПРИЧИНА", help=_REASONS)
@click.option("--note", default="", metavar="ПОЯСНЕНИЕ", help="Что ещё сказать об отмене.")
@_OF
@office.SCHOOL
def cancel(learners: str, day: datetime, number: int, name: str | None, **words: Any) -> None:
    """Отменить урок: 5А 24.11.2026 3 --reason no-teacher."""
    lesson = Named(learners, day.date(), number, words["own"])
    reason = CancelReason(words["reason"])
    tell(partial(desk.cancel, school_name=name, lesson=lesson, reason=reason, note=words["note"]))


@timetable.command("day", cls=RussianCommand)
@click.argument("first", type=DATE, metavar="ДД.ММ.ГГГГ")
@click.argument("last", type=DATE, metavar="[ДД.ММ.ГГГГ]", required=False)
@click.option("--closed", type=REASON, metavar="ПРИЧИНА", help=f"Уроков нет. {_REASONS}")
@click.option("--note", default="", metavar="ПОЯСНЕНИЕ", help="Что сказать вместе с причиной, если уроков нет.")
@click.option("--short", "minutes", type=int, metavar="МИНУТ", help="Уроки короче: по столько минут.")
@click.option("--break", "pause", type=click.IntRange(0, 60), metavar="МИНУТ", help="Перемены при коротких уроках.")
@click.option("--lessons", type=NUMBER, metavar="УРОК", help="Последний урок короткого дня; остальных нет.")
@click.option("--distance", is_flag=True, help="Дистанционно: уроки по расписанию, в школу не приходят.")
@click.option("--by", type=DATE, metavar="ДД.ММ.ГГГГ", help="Учиться по расписанию этого дня.")
@click.option("--class", "classes", multiple=True, metavar="КЛАСС", help="Только этот класс; можно повторить.")
@click.option(
    "--grade", "grades", multiple=True, type=click.IntRange(1, 11), metavar="ЧИСЛО", help="Только эти классы."
)
@click.option("--shift", type=click.IntRange(1, 3), metavar="СМЕНА", help="Только эта смена.")
@_WHY
@office.SCHOOL
def day_(first: datetime, last: datetime | None, name: str | None, **words: Any) -> None:
    """Особый день или несколько: нет уроков, короткие уроки, дистанционно, по расписанию другого дня.

    Актированный день: zvonok timetable day 24.11.2026 --closed weather
    """
    span = Span(first.date(), day_of(last) or first.date())
    closed = None if words["closed"] is None else CancelReason(words["closed"])
    wanted = Wanted(
        closed=closed,
        minutes=words["minutes"],
        by=day_of(words["by"]),
        distance=words["distance"],
        note=words["note"],
        pause=words["pause"],
        lessons=words["lessons"],
    )
    wanted.check()
    whom = Whom(words["classes"], frozenset(words["grades"]), words["shift"])
    tell(partial(desk.act, school_name=name, span=span, wanted=wanted, whom=whom, why=words["why"]))


@timetable.command(cls=RussianCommand)
@_SINCE
@_UNTIL
@office.SCHOOL
def changes(since: datetime | None, until: datetime | None, name: str | None) -> None:
    """Показать изменения расписания с их номерами."""
    tell(partial(desk.listing, school_name=name, first=day_of(since), last=day_of(until)))


@timetable.command(cls=RussianCommand)
@click.argument("number", metavar="НОМЕР")
@office.SCHOOL
def withdraw(number: str, name: str | None) -> None:
    """Отменить изменение: урок или день снова по расписанию. Номера показывает changes."""
    tell(partial(desk.withdraw, school_name=name, number=number))
