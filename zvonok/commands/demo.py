"""``zvonok demo``: a whole school on this machine, without a token: a page to tap, or a performance to check."""

from importlib import import_module
from typing import Any

import click

from zvonok import log
from zvonok.commands.running import run

FAULTS = "gateway-stopped, double-send, digest-lost, signed-by-get"
"""Written out, since the list of help must not load the performance; a test compares."""


def _fault(context: click.Context, option: click.Parameter, value: str | None) -> Any:
    try:
        return None if value is None else _loaded("play").Fault(value)
    except ValueError:
        raise click.BadParameter(value or "", context, option) from None


@click.command()
@click.option("--check", is_flag=True, help="Сыграть всё без человека; последняя строка — JSON.")
@click.option("--fresh", is_flag=True, help="Начать с чистых данных.")
@click.option("--port", type=click.IntRange(0, 65535), help="Порт страницы, 0 — любой свободный; без него 8031.")
@click.option(
    "--plant",
    callback=_fault,
    help=f"Подложить проверке поломку и увидеть, что она её находит: {FAULTS}.",
)
def demo(plant: Any, port: int | None, *, check: bool, fresh: bool) -> None:
    """Поднять целую школу на этой машине и открыть страницу: без токенов, без почты."""
    log.configure("error")
    click.echo("Загружаю программу…")
    if check or plant:
        play = _loaded("play")
        run(play.demo(play.Options(check=check, fresh=fresh, plant=plant)))
    else:
        run(_loaded("live").live(fresh=fresh, port=port))


def _loaded(name: str) -> Any:
    """Load a part of the demonstration only now: a messenger's library takes long, and silence frightens."""
    return import_module(f"zvonok.demo.{name}")
