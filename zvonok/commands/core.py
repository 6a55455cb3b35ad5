"""``zvonok core``."""

import click

from zvonok.commands.running import serve
from zvonok.commands.russian import RussianCommand
from zvonok.processes.clockwork import run_core


@click.command(cls=RussianCommand)
def core() -> None:
    """Запустить только часы журнала: уроки каждого дня."""
    serve(run_core)
