"""``zvonok demo``: a whole school on this machine, without a token: a page to tap, or a performance to check."""

from importlib import import_module
from typing import Any

import click

from bot.quick_import import import_aiogram
from zvonok.commands.russian import RussianCommand

FAULTS = ("gateway-stopped", "double-send", "digest-lost", "signed-by-get")
"""Written out, since the list of help must not load the performance; a test compares."""
FOLDER, CHECKED_FOLDER = "demo", "demo-check"


@click.command(cls=RussianCommand)
@click.option("--check", is_flag=True, help="Сыграть всё без человека; последняя строка — JSON.")
@click.option("--fresh", is_flag=True, help="Начать с чистых данных.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="ПОРТ",
    help="Порт страницы, 0 — любой свободный; без него 8031.",
)
@click.option(
    "--plant",
    type=click.Choice(FAULTS),
    help="Подложить проверке поломку и увидеть, что она её находит.",
)
def demo(plant: str | None, port: int | None, *, check: bool, fresh: bool) -> None:
    """Поднять целую школу на этой машине и открыть страницу: без токенов, без почты."""
    click.echo("Загружаю программу…")
    _loaded("zvonok.log").configure("error")
    checked = check or plant is not None
    folder = _loaded("zvonok.data_folder").demonstrations_folder() / (CHECKED_FOLDER if checked else FOLDER)
    with _loaded("zvonok.demo.alone").alone(folder):
        import_aiogram()
        run = _loaded("zvonok.commands.running").run
        if checked:
            play = _loaded("zvonok.demo.play")
            run(play.demo(folder, play.Options(check=check, fresh=fresh, plant=plant and play.Fault(plant))))
        else:
            run(_loaded("zvonok.demo.live").live(folder, fresh=fresh, port=port), lasting=True)


def _loaded(name: str) -> Any:
    """Load a part of the program only now: libraries take long, and silence frightens."""
    return import_module(name)
