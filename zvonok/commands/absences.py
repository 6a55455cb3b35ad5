"""``zvonok absences``: what was said beforehand of who will not come."""

from datetime import datetime
from functools import partial
from typing import Any

import click

from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.year.span import Span
from zvonok import absences as desk
from zvonok import unreached as unreached_desk
from zvonok.absences import Whose
from zvonok.commands.office import SCHOOL
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.commands.school_day import DATE
from zvonok.named import day_of
from zvonok.timetable_views import Days

_REASONS = "illness — болезнь, family — семейные обстоятельства, other — другая причина."
_NUMBER = click.argument("number", metavar="НОМЕР")


@click.group(cls=RussianGroup)
def absences() -> None:
    """Пропуски, о которых предупредили заранее: записать, показать, изменить, отменить."""


@absences.command(cls=RussianCommand)
@click.argument("pupil", metavar="УЧЕНИК")
@click.argument("first", type=DATE, metavar="ДД.ММ.ГГГГ")
@click.argument("last", type=DATE, metavar="[ДД.ММ.ГГГГ]", required=False)
@click.option(
    "--reason", required=True, type=click.Choice([one.value for one in AbsenceReason]), metavar="ПРИЧИНА", help=_REASONS
)
@click.option("--note", default="", metavar="СЛОВА", help="Что ещё сказала семья; видно классному руководителю.")
@click.option("--certificate", is_flag=True, help="Справка есть или будет.")
@SCHOOL
def announce(pupil: str, first: datetime, last: datetime | None, name: str | None, **words: Any) -> None:
    """Записать, что ученика не будет: "Иванова Анна" 01.12.2026 04.12.2026. Второй день — последний."""
    draft = AbsenceDraft(
        days=Span(first.date(), (last or first).date()),
        reason=AbsenceReason(words["reason"]),
        note=words["note"],
        certificate=words["certificate"],
    )
    tell(partial(desk.announce, school_name=name, pupil=pupil, draft=draft))


@absences.command(cls=RussianCommand)
@click.option("--class", "title", metavar="КЛАСС", help="Только этот класс, например 5А.")
@click.option("--pupil", metavar="УЧЕНИК", help="Только этот ученик.")
@click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="Первый день; без ключа — сегодня.")
@click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без ключа — ещё 30 дней.")
@SCHOOL
def announced(title: str | None, pupil: str | None, name: str | None, **words: Any) -> None:
    """Показать, о каких пропусках предупредили: всей школы, класса или одного ученика."""
    whose = Whose(title, pupil)
    whose.check()
    days = Days(day_of(words["since"]), day_of(words["until"]))
    tell(partial(desk.listing, school_name=name, whose=whose, days=days))


@absences.command(cls=RussianCommand)
@click.option("--class", "title", metavar="КЛАСС", help="Только этот класс, например 5А.")
@SCHOOL
def unreached(title: str | None, name: str | None) -> None:
    """Показать, о чьём отсутствии никто из семьи не узнает, и почему: этим семьям школа звонит сама."""
    tell(partial(unreached_desk.listing, school_name=name, title=title))


@absences.command(cls=RussianCommand)
@_NUMBER
@click.argument("last", type=DATE, metavar="ДД.ММ.ГГГГ")
@SCHOOL
def change(number: str, last: datetime, name: str | None) -> None:
    """Изменить последний день: ученик вернётся раньше или позже. Номера показывает announced."""
    tell(partial(desk.change_last_day, school_name=name, number=number, last=last.date()))


@absences.command(cls=RussianCommand)
@_NUMBER
@SCHOOL
def withdraw(number: str, name: str | None) -> None:
    """Отменить запись: ученик придёт."""
    tell(partial(desk.withdraw, school_name=name, number=number))
