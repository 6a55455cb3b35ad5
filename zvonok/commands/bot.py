"""``zvonok bot``."""

import click

from zvonok.commands.running import serve
from zvonok.processes.conversation import run_bot


@click.command()
def bot() -> None:
    """Запустить только бота."""
    serve(run_bot)
