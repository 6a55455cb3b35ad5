"""``zvonok up``."""

from collections.abc import Callable
from importlib import import_module

import click

from bot.quick_import import import_aiogram
from zvonok.commands.running import stay_up
from zvonok.commands.russian import RussianCommand
from zvonok.installation import Installation


@click.command(cls=RussianCommand)
def up() -> None:
    """Запустить всё вместе: журнал, шлюз, бота и страницы."""
    stay_up(_run)


async def _run(here: Installation, ready: Callable[[], None]) -> None:
    # Loaded only now: the bot's library takes seconds, and wrong settings are refused before.
    import_aiogram()
    await import_module("zvonok.processes.everything").run_all(here, ready)
