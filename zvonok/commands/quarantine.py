"""``zvonok quarantine``: what a restore has held back."""

from functools import partial

import click

from zvonok.backup import office
from zvonok.commands.running import tell
from zvonok.commands.russian import RussianCommand, RussianGroup


@click.group(cls=RussianGroup)
def quarantine() -> None:
    """Посмотреть сообщения, задержанные после восстановления, отпустить их или отменить."""


@quarantine.command("list", cls=RussianCommand)
def list_() -> None:
    """Показать, кому и сколько сообщений ждёт решения. Текстов не показывает."""
    tell(office.list_held)


@quarantine.command(cls=RussianCommand)
def checked() -> None:
    """Бумаги за потерянное время проверены и внесены: с этой минуты сообщать новое."""
    tell(office.checked)


@quarantine.command(cls=RussianCommand)
@click.option("--discard", is_flag=True, help="Не отправлять задержанное: семьи это уже знают.")
def release(*, discard: bool) -> None:
    """Отпустить задержанные сообщения: уйдут те, что ещё не устарели."""
    tell(partial(office.release, discard=discard))
