"""``zvonok staff``: hiring and dismissal, roles and rights, class teachers."""

from datetime import datetime
from functools import partial
from typing import Any

import click

from core.staff.roles import Term
from core.staff.staffing import Job
from zvonok import staffing
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.named import day_of
from zvonok.staffing import Hired

DATE = click.DateTime(formats=["%d.%m.%Y"])
_PERSON = click.argument("person", metavar="СОТРУДНИК")
_ROLE = click.argument("role", metavar="РОЛЬ")
_CLASS = click.argument("title", metavar="КЛАСС")
_ORDER = click.option("--order", required=True, metavar="ПРИКАЗ", help="Приказ: номер и дата.")
_SINCE = click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день; без него — сегодня.")
_UNTIL = click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без него — бессрочно.")


@click.group(cls=RussianGroup)
def staff() -> None:
    """Сотрудники: приём, увольнение, роли и права, классное руководство."""


@staff.command("list", cls=RussianCommand)
@office.SCHOOL
def list_(name: str | None) -> None:
    """Показать сотрудников и их роли."""
    tell(partial(staffing.listing, school_name=name))


@staff.command(cls=RussianCommand)
@_PERSON
@click.option("--position", required=True, metavar="ДОЛЖНОСТЬ", help="Директор и завучи получают свою роль сами.")
@_ORDER
@_SINCE
@click.option("--new", is_flag=True, help="Человека в журнале ещё нет: записать.")
@click.option("--born", type=DATE, metavar="ДД.ММ.ГГГГ", help="Дата рождения нового человека.")
@click.option("--namesake", is_flag=True, help="Это тёзка того, кто уже записан.")
@office.SCHOOL
def hire(person: str, name: str | None, **words: Any) -> None:
    """Принять на работу."""
    job = Job(words["position"], words["order"], day_of(words["since"]))
    hired = Hired(person, job, words["new"], day_of(words["born"]), words["namesake"])
    tell(partial(staffing.hire, school_name=name, hired=hired))


@staff.command(cls=RussianCommand)
@_PERSON
@click.option("--last-day", required=True, type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний рабочий день.")
@_ORDER
@office.SCHOOL
def dismiss(person: str, last_day: datetime, order: str, name: str | None) -> None:
    """Уволить: с последним днём кончаются роли, классное руководство и входы в журнал."""
    tell(partial(staffing.dismiss, school_name=name, person=person, last_day=last_day.date(), order=order))


@staff.command(cls=RussianCommand)
@_PERSON
@_ROLE
@_ORDER
@_SINCE
@_UNTIL
@office.SCHOOL
def grant(person: str, role: str, order: str, since: datetime | None, until: datetime | None, name: str | None) -> None:
    """Назначить роль: administrator, secretary, hr, deputy…, или свою роль школы."""
    term = Term(order, day_of(since), day_of(until))
    tell(partial(staffing.grant, school_name=name, person=person, role=role, term=term))


@staff.command(cls=RussianCommand)
@_PERSON
@_ROLE
@click.option("--last-day", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без него — вчера, то есть сразу.")
@click.option("--why", default="", metavar="ПРИЧИНА", help="Почему; останется в журнале действий.")
@office.SCHOOL
def take(person: str, role: str, last_day: datetime | None, why: str, name: str | None) -> None:
    """Снять роль."""
    tell(partial(staffing.take, school_name=name, person=person, role=role, last_day=day_of(last_day), why=why))


@staff.command(cls=RussianCommand)
@_CLASS
@click.argument("person", metavar="[СОТРУДНИК]", required=False)
@_ORDER
@office.SCHOOL
def lead(title: str, person: str | None, order: str, name: str | None) -> None:
    """Назначить классного руководителя; без имени класс останется без него."""
    tell(partial(staffing.lead, school_name=name, title=title, person=person, order=order))


@staff.command("stand-in", cls=RussianCommand)
@_CLASS
@_PERSON
@_ORDER
@_SINCE
@_UNTIL
@office.SCHOOL
def stand_in(
    title: str, person: str, order: str, since: datetime | None, until: datetime | None, name: str | None
) -> None:
    """Назначить замену классного руководителя на время."""
    term = Term(order, day_of(since), day_of(until))
    tell(partial(staffing.stand_in, school_name=name, title=title, person=person, term=term))


@staff.command("name-role", cls=RussianCommand)
@click.argument("code", metavar="КОД")
@click.argument("called", metavar="НАЗВАНИЕ")
@office.SCHOOL
def name_role(code: str, called: str, name: str | None) -> None:
    """Завести свою роль школы или переименовать её: psychologist «Психолог»."""
    tell(partial(staffing.name_role, school_name=name, code=code, called=called))


@staff.command(cls=RussianCommand)
@click.argument("change", nargs=3, metavar="[РОЛЬ ПРАВО ОХВАТ]", required=False)
@office.SCHOOL
def rights(change: tuple[str, str, str] | None, name: str | None) -> None:
    """Показать, что школа решила о правах ролей иначе, чем обычно, или решить: secretary pupil.write none."""
    if change is not None:
        staffing.read_decided(change)
    tell(partial(staffing.rights, school_name=name, change=change))
