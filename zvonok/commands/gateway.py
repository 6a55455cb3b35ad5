"""``zvonok gateway``."""

import click

from zvonok.commands.running import serve
from zvonok.processes.sending import run_gateway


@click.command()
def gateway() -> None:
    """Запустить только шлюз: кому, когда и что отправить."""
    serve(run_gateway)
