"""``zvonok gateway``."""

import click

from zvonok.commands.running import serve
from zvonok.commands.russian import RussianCommand
from zvonok.processes.collecting import collect_seldom
from zvonok.processes.sending import run_gateway


@click.command(cls=RussianCommand)
def gateway() -> None:
    """Запустить только шлюз: кому, когда и что отправить."""
    collect_seldom()
    serve(run_gateway)
