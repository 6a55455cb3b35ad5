"""``zvonok backup`` and ``zvonok restore``."""

from functools import partial
from pathlib import Path

import click

from zvonok.backup import keys, office, words
from zvonok.backup.making import check_settings
from zvonok.commands.running import run, say_lines, settings, tell
from zvonok.commands.russian import RussianCommand, RussianGroup
from zvonok.installation import installation

FILE = click.Path(path_type=Path)


@click.group(cls=RussianGroup, invoke_without_command=True, subcommand_metavar="[КОМАНДА] [СЛОВА]…")
@click.option(
    "--to",
    "folder",
    metavar="ПАПКА",
    type=FILE,
    help="Куда положить. Без него — в ZVONOK_BACKUP_FOLDER, а если не задано — рядом с папкой данных.",
)
@click.pass_context
def backup(context: click.Context, folder: Path | None) -> None:
    """Снять копию всех данных: шифрованную, проверенную чтением. Работе не мешает.

    Первая копия сама делает ключ и скажет, где он лежит и что с ним делать.
    """
    if context.invoked_subcommand is None:
        check_settings(settings(), folder)
        tell(partial(office.back_up, folder=folder))


@backup.command(cls=RussianCommand)
@click.argument("file", metavar="ФАЙЛ", type=FILE)
def verify(file: Path) -> None:
    """Прочитать копию целиком и сверить со счётом."""

    async def work() -> None:
        say_lines(await office.verify(settings(), file))

    run(work())


@backup.command(cls=RussianCommand)
@click.argument("file", metavar="[ФАЙЛ]", required=False, type=FILE)
def drill(file: Path | None) -> None:
    """Восстановить копию (последнюю) в пробной базе, сверить, базу убрать."""
    keys.read_key(settings())
    tell(partial(office.drill, path=file))


@backup.command(cls=RussianCommand)
@click.argument("file", metavar="[ФАЙЛ]", required=False, type=FILE)
def key(file: Path | None) -> None:
    """Сделать ключ копий заранее или в другом месте; второй экземпляр храните не на этой машине."""
    found = settings()
    path = keys.key_file(found) if file is None else file
    keys.make(path)
    say_lines(words.key_made(found, path))


@click.command(cls=RussianCommand)
@click.argument("file", metavar="ФАЙЛ", type=FILE)
def restore(file: Path) -> None:
    """Восстановить копию в пустую базу. Сообщения прежней жизни будут ждать вашего решения."""

    async def work() -> None:
        found = settings()
        keys.read_key(found)
        async with installation(found, migrated=False) as here:
            say_lines(await office.restore(here, file))

    run(work())
