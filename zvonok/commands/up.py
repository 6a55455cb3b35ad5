"""``zvonok up``."""

import click

from zvonok.commands.running import serve
from zvonok.processes.everything import run_all


@click.command()
def up() -> None:
    """Запустить всё вместе: журнал, шлюз, бота и страницы."""
    serve(run_all)
