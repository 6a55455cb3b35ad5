"""``zvonok web``."""

import click

from zvonok.commands.running import serve
from zvonok.commands.russian import RussianCommand
from zvonok.processes.pages import run_pages


@click.command(cls=RussianCommand)
def web() -> None:
    """Запустить только страницы, которые открывают ссылки из писем."""
    serve(run_pages)
