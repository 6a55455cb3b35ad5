"""``zvonok mailbox``: a mail server for trials, which keeps every letter and sends none on."""

import asyncio

import click

from zvonok.commands.running import run, settings
from zvonok.commands.russian import RussianCommand
from zvonok.sandbox.mail_catcher import HandIn, MailCatcher
from zvonok.sandbox.mail_spool import Mail
from zvonok.trouble import OfficeError

STOPPED = "\nПочтовый ящик остановлен. Письма остались на месте."


@click.command(cls=RussianCommand)
@click.option("--host", default="127.0.0.1", metavar="АДРЕС", help="Где слушать; без него 127.0.0.1.")
@click.option("--port", default=2525, metavar="ПОРТ", type=click.IntRange(1, 65535), help="Порт; без него 2525.")
def mailbox(host: str, port: int) -> None:
    """Запустить почтовый ящик для проб: письма ложатся в папку mail и никуда не уходят. Только в песочнице."""
    run(_serve(host, port), lasting=True)


async def _serve(host: str, port: int) -> None:
    read = settings()
    if not read.sandbox:
        raise OfficeError("Почтовый ящик для проб работает только в песочнице: задайте ZVONOK_SANDBOX=true.")
    catcher = MailCatcher(read.data / "mail", host=host, port=port)
    try:
        await catcher.start()
    except OSError as error:
        raise OfficeError(f"Порт {port} на {host} не открывается ({error.strerror}).") from None
    click.echo(f"Почтовый ящик слушает {host}:{port}, письма лежат в {read.data / 'mail'}.")
    try:
        await _tell(catcher)
    except asyncio.CancelledError:
        click.echo(STOPPED)
        raise
    finally:
        await catcher.stop()


async def _tell(catcher: MailCatcher) -> None:
    """Show each letter and where it lies; nobody real stands behind a sandbox's addresses, and still none is shown."""
    with catcher.happenings.watch() as watcher:
        async for _ in watcher:
            said: HandIn = catcher.log[-1]
            if said.mail is not None:
                click.echo("\n".join(_letter(said.mail)))
            await asyncio.sleep(0)


def _letter(mail: Mail) -> list[str]:
    """Return a letter as it reads: the file holds it encoded."""
    lines = [mail.subject, *(mail.text or "").splitlines()]
    return [f"Письмо {mail.number}: {mail.path}", *(f"  {line}".rstrip() for line in lines), ""]
