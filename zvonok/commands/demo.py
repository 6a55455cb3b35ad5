"""``zvonok demo``: the main job on a whole school, on this machine, without a token."""

import click

from zvonok import log
from zvonok.commands.running import run
from zvonok.demo import play


@click.command()
@click.option("--check", is_flag=True, help="Сыграть всё без человека; последняя строка — JSON.")
@click.option("--fresh", is_flag=True, help="Начать с чистых данных.")
@click.option(
    "--plant",
    type=click.Choice([fault.value for fault in play.Fault]),
    help="Подложить поломку и увидеть, что проверка её находит.",
)
def demo(plant: str | None, *, check: bool, fresh: bool) -> None:
    """Показать главное на целой школе: без токенов, без почты, всё на этой машине."""
    log.configure("error")
    run(play.demo(play.Options(check=check, fresh=fresh, plant=play.Fault(plant) if plant else None)))
