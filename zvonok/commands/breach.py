"""``zvonok breach``: somebody else is in an account."""

from functools import partial

import click

from zvonok import breaching
from zvonok.commands import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup

NUMBER = click.argument("number", metavar="НОМЕР")


@click.group(cls=RussianGroup)
def breach() -> None:
    """Чужой доступ к учётной записи: сообщить, посмотреть, что сделано, признать недействительным."""


@breach.command(cls=RussianCommand)
@click.argument("who", metavar="ИМЯ")
@office.SCHOOL
@click.option("--account", metavar="КАКАЯ", help="Какая учётная запись, если их несколько: telegram, login или номер.")
@click.option("--found", metavar="ВРЕМЯ", help="Когда обнаружено, по часам школы: «2026-11-24 08:30».")
@click.option("--head-told", metavar="ВРЕМЯ", help="Когда сообщили директору, если раньше.")
@click.option("--support-told", metavar="ВРЕМЯ", help="Когда сообщили технической поддержке, если раньше.")
def report(
    who: str, name: str | None, account: str | None, found: str | None, head_told: str | None, support_told: str | None
) -> None:
    """Сообщить, что учётной записью пользуется чужой: ИМЯ — «Фамилия Имя Отчество». Сеансы закончатся сразу."""
    reported = breaching.Reported(who, account, found, head_told, support_told)
    breaching.check(reported)
    tell(partial(breaching.report, school_name=name, reported=reported))


@breach.command("list", cls=RussianCommand)
@office.SCHOOL
def list_(name: str | None) -> None:
    """Показать сообщения о чужом доступе; первыми те, о которых ещё нет акта."""
    tell(partial(breaching.listed, school_name=name))


@breach.command(cls=RussianCommand)
@NUMBER
@office.SCHOOL
def show(number: str, name: str | None) -> None:
    """Показать, что сделано под учётной записью с тех пор, как о ней сообщили."""
    tell(partial(breaching.show, school_name=name, number=number))


@breach.command(cls=RussianCommand)
@NUMBER
@office.SCHOOL
@click.option("--act", "act_number", required=True, metavar="АКТ", help="Номер акта о нарушении конфиденциальности.")
def void(number: str, name: str | None, act_number: str) -> None:
    """Признать сделанное недействительным по акту и исправить всё, что можно исправить."""
    tell(partial(breaching.void, school_name=name, number=number, act_number=act_number))
