"""``zvonok core``."""

import click

from zvonok.commands.running import serve
from zvonok.processes.clockwork import run_core


@click.command()
def core() -> None:
    """Запустить только часы журнала: уроки каждого дня."""
    serve(run_core)
