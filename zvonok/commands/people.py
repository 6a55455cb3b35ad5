"""``zvonok people``: adults of a pupil, courts' orders, institutions, coming of age."""

from datetime import datetime
from functools import partial
from typing import Any

import click

from core.events import RelationKind
from core.family.guardianships import FIRST_CALLED, LAST_CALLED
from zvonok import adults
from zvonok import twins as records
from zvonok.adults import NewAdult, Wish
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.named import day_of

DATE = click.DateTime(formats=["%d.%m.%Y"])
_CHILD = click.argument("child", metavar="УЧЕНИК")
_ADULT = click.argument("adult", metavar="ВЗРОСЛЫЙ")
_BASIS = click.option("--basis", required=True, metavar="ДОКУМЕНТ", help="Решение суда: номер и дата.")


@click.group(cls=RussianGroup)
def people() -> None:
    """Взрослые ученика: кто они, что им можно, решения суда, совершеннолетие."""


@people.command("list", cls=RussianCommand)
@_CHILD
@office.SCHOOL
def list_(child: str, name: str | None) -> None:
    """Показать взрослых ученика в том порядке, в котором к ним обращаются."""
    tell(partial(adults.listing, school_name=name, child=child))


@people.command(cls=RussianCommand)
@_CHILD
@_ADULT
@click.option("--relation", metavar="КТО", help="Кем приходится: мать, бабушка, детский дом.")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in RelationKind]),
    metavar="ВИД",
    help=f"По закону: {', '.join(RelationKind)}. Без ключа у нового — parent.",
)
@click.option("--sees/--hidden", "may_see", default=None, help="Можно ли видеть ребёнка в журнале.")
@click.option("--signs/--no-sign", "must_sign", default=None, help="Нужна ли подпись этого взрослого.")
@click.option("--contact/--no-contact", "contact", default=None, help="Сообщать ли этому взрослому.")
@click.option(
    "--priority",
    type=click.IntRange(FIRST_CALLED, LAST_CALLED),
    metavar="ЧИСЛО",
    help=f"Кому звонят раньше: от {FIRST_CALLED} до {LAST_CALLED}.",
)
@click.option("--basis", metavar="ДОКУМЕНТ", help="На чём основано: номер и дата.")
@click.option("--until", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без него — бессрочно.")
@click.option("--why", default="", metavar="ПРИЧИНА", help="Почему меняется; останется в журнале действий.")
@click.option("--new", is_flag=True, help="Человека в журнале ещё нет: записать.")
@click.option("--born", type=DATE, metavar="ДД.ММ.ГГГГ", help="Дата рождения нового человека.")
@click.option("--namesake", is_flag=True, help="Это тёзка того, кто уже записан.")
@office.SCHOOL
def relate(child: str, adult: str, name: str | None, *, contact: bool | None, new: bool, **words: Any) -> None:
    """Записать взрослого ученика или изменить запись."""
    newcomer = NewAdult(day_of(words.pop("born")), words.pop("namesake"))
    kind = words.pop("kind")
    wish = Wish(
        kind=None if kind is None else RelationKind(kind),
        no_contact=None if contact is None else not contact,
        until=day_of(words.pop("until")),
        **words,
    )
    who = newcomer if new else None
    tell(partial(adults.relate, school_name=name, child=child, adult=adult, wish=wish, new=who))


@people.command(cls=RussianCommand)
@_CHILD
@_ADULT
@click.option("--last-day", type=DATE, metavar="ДД.ММ.ГГГГ", help="Последний день; без него — вчера, то есть сразу.")
@click.option("--why", default="", metavar="ПРИЧИНА", help="Почему; останется в журнале действий.")
@office.SCHOOL
def part(child: str, adult: str, last_day: datetime | None, why: str, name: str | None) -> None:
    """Завершить связь взрослого с учеником."""
    tell(partial(adults.part, school_name=name, child=child, adult=adult, last_day=day_of(last_day), why=why))


@people.command(cls=RussianCommand)
@_CHILD
@_ADULT
@_BASIS
@office.SCHOOL
def bar(child: str, adult: str, basis: str, name: str | None) -> None:
    """Закрыть взрослому доступ по решению суда: он ничего не увидит и ничего не получит, даже то, что уже ждёт."""
    tell(partial(adults.bar, school_name=name, child=child, adult=adult, basis=basis, barred=True))


@people.command(cls=RussianCommand)
@_CHILD
@_ADULT
@_BASIS
@office.SCHOOL
def unbar(child: str, adult: str, basis: str, name: str | None) -> None:
    """Снять запрет по новому решению."""
    tell(partial(adults.bar, school_name=name, child=child, adult=adult, basis=basis, barred=False))


@people.command(cls=RussianCommand)
@click.argument("short", metavar="КРАТКО")
@click.argument("full", metavar="ПОЛНОЕ_НАЗВАНИЕ")
@office.SCHOOL
def institution(short: str, full: str, name: str | None) -> None:
    """Записать организацию, которая заменяет родителей (детский дом, центр)."""
    tell(partial(adults.institution, school_name=name, name=short, full_name=full))


@people.command(cls=RussianCommand)
@office.SCHOOL
def alone(name: str | None) -> None:
    """Показать учеников, у которых сегодня нет ни одного законного представителя."""
    tell(partial(adults.alone, school_name=name))


@people.command(cls=RussianCommand)
@click.argument("child", metavar="[УЧЕНИК]", required=False)
@click.option("--allow", multiple=True, metavar="ВЗРОСЛЫЙ", help="Кому ученик разрешил; можно повторить.")
@click.option("--nobody", is_flag=True, help="Ученик не разрешил никому.")
@office.SCHOOL
def grown(child: str | None, allow: tuple[str, ...], name: str | None, *, nobody: bool) -> None:
    """Показать, кто из совершеннолетних ещё не ответил, или записать ответ с бумаги."""
    if child is None:
        tell(partial(adults.grown, school_name=name))
        return
    adults.check_answer(allow, nobody=nobody)
    tell(partial(adults.answer, school_name=name, child=child, allowed=allow))


@people.command(cls=RussianCommand)
@office.SCHOOL
def twins(name: str | None) -> None:
    """Показать записи, похожие на одного человека, парами и с номерами."""
    tell(partial(records.listing, school_name=name))


@people.command(cls=RussianCommand)
@click.argument("kept", metavar="ОСТАВИТЬ")
@click.argument("gone", metavar="ДУБЛЬ")
@click.option("--why", required=True, metavar="ПРИЧИНА", help="Почему это один человек; останется в журнале действий.")
def merge(kept: str, gone: str, why: str) -> None:
    """Сделать из двух записей одну: всё, что было у дубля, достаётся первой. Номера показывает people twins."""
    for one in (kept, gone):
        records.number(one)
    tell(partial(records.merge, kept=kept, gone=gone, why=why))
