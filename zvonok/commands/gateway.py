"""``zvonok gateway``."""

import click

from zvonok.commands.running import serve
from zvonok.commands.russian import RussianCommand
from zvonok.processes.sending import run_gateway


@click.command(cls=RussianCommand)
def gateway() -> None:
    """Запустить только шлюз: кому, когда и что отправить."""
    serve(run_gateway)
