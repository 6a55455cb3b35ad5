"""``zvonok dead-letters``: what was given up, why, and how to have it tried again."""

from datetime import datetime
from functools import partial
from typing import Any

import click

from core.events import Channel
from zvonok import dead_letters as desk
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.commands.school_day import DATE
from zvonok.dead_letters import Asked
from zvonok.named import day_of

_REASON = click.option("--reason", metavar="КОД", help="Только с этой причиной: код из справочника причин.")
_CHANNEL = click.option(
    "--channel", type=click.Choice([channel.value for channel in Channel]), metavar="ПУТЬ", help="Только этим путём."
)
_SINCE = click.option("--since", type=DATE, metavar="ДД.ММ.ГГГГ", help="Только с этого дня.")
_SCHOOL = click.option("--school", metavar="НАЗВАНИЕ", help="Только этой школы.")


@click.group("dead-letters", cls=RussianGroup)
def dead_letters() -> None:
    """Недоставленные сообщения: показать, почему не дошли, отправить ещё раз."""


@dead_letters.command("list", cls=RussianCommand)
@_REASON
@_CHANNEL
@_SINCE
@_SCHOOL
@click.option("--all", "every", is_flag=True, help="Показать и те, о которых сообщать поздно или уже сообщили иначе.")
@click.option("--behind", metavar="НОМЕР", help="Продолжить список после этого сообщения.")
def list_(
    *,
    reason: str | None,
    channel: str | None,
    since: datetime | None,
    school: str | None,
    every: bool,
    behind: str | None,
) -> None:
    """Показать, кому не дошло, о чём и почему. Текстов не показывает."""
    asked = Asked(reason, channel, day_of(since), school, every)
    asked.check()
    tell(partial(desk.list_, asked=asked, behind=behind))


@dead_letters.command(cls=RussianCommand)
@click.argument("number", metavar="НОМЕР")
def show(number: str) -> None:
    """Показать одно сообщение и сказать, можно ли отправить его ещё раз."""
    tell(partial(desk.show, number=number))


@dead_letters.command(cls=RussianCommand)
@click.argument("numbers", metavar="[НОМЕР]…", nargs=-1)
@_REASON
@_CHANNEL
@_SINCE
@_SCHOOL
@click.option("--why", required=True, metavar="ЗАЧЕМ", help="Что изменилось; останется в записях, поэтому без имён.")
@click.option("--maybe-told", is_flag=True, help="Отправить и то, что, может быть, уже дошло: придёт дважды.")
def replay(
    numbers: tuple[str, ...], *, reason: str | None, channel: str | None, school: str | None, **words: Any
) -> None:
    """Отправить ещё раз: названные номерами или все, что подходят под ключи."""
    asked = Asked(reason, channel, day_of(words["since"]), school)
    asked.check()
    tell(partial(desk.replay, numbers=numbers, asked=asked, why=words["why"], maybe_told=words["maybe_told"]))
