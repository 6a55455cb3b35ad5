"""``zvonok migrate``."""

import click

from zvonok.commands.running import run, settings
from zvonok.commands.russian import RussianCommand
from zvonok.installation import installation
from zvonok.migrate import migrate as bring_up


@click.command(cls=RussianCommand)
def migrate() -> None:
    """Привести базу данных к этой версии программы."""

    async def work() -> None:
        async with installation(settings(), migrated=False) as here:
            number = await bring_up(here.url)
        click.echo(f"База данных готова, миграция {number}.")

    run(work())
