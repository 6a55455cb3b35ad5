"""``zvonok phone``: a messenger for trials in this terminal, in place of Telegram; nothing leaves the machine."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import click
from yarl import URL

from zvonok.commands.running import run, settings
from zvonok.commands.russian import RussianCommand
from zvonok.sandbox.bot_api import BotApiEmulator, SandboxBot
from zvonok.sandbox.journal import JournalError
from zvonok.sandbox.typed_phone import TypedPhone
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

OWNER_ID, OWNER = 7001, "Вы"
STOPPED = "\nТелефон остановлен. Переписка осталась: запустите его снова, и она продолжится."
ADDRESS = "http://127.0.0.1:8081"
"""The example of an address at which the phone can stand."""


@click.command(cls=RussianCommand)
def phone() -> None:
    """Запустить телефон для проб: Телеграм в этом окне, наружу ничего не уходит. Только в песочнице."""
    run(_serve(settings()), lasting=True)


async def _serve(read: Settings) -> None:
    emulator = _emulator(read)
    try:
        await emulator.start()
    except OSError as error:
        raise OfficeError(f"{emulator.base_url} не открывается ({error.strerror}).") from None
    try:
        click.echo(
            "Телефон для проб: пишите сюда, как писали бы боту. "
            "Число нажимает кнопку с этим номером, «/start» — «Начать»."
        )
        async with _typed() as lines:
            await _talk(TypedPhone(emulator, OWNER_ID, OWNER, click.echo), lines)
    except asyncio.CancelledError:
        click.echo(STOPPED)
        raise
    finally:
        await emulator.stop()
        emulator.close()


async def _talk(phone: TypedPhone, lines: AsyncIterator[str]) -> None:
    """Show and obey; with nothing more to be typed go on showing."""
    async with asyncio.TaskGroup() as group:
        group.create_task(phone.show())
        group.create_task(phone.obey(lines))


def _emulator(read: Settings) -> BotApiEmulator:
    """Make the stand-in of Telegram at the address where this installation looks for it. Raises ``OfficeError``."""
    if not read.sandbox:
        raise OfficeError("Телефон для проб работает только в песочнице: задайте ZVONOK_SANDBOX=true.")
    if read.telegram_token is None:
        raise OfficeError("Телефону нужен бот: задайте ZVONOK_TELEGRAM_TOKEN, для проб любой, например 1:proba.")
    address = URL(read.telegram_base_url)
    if address.scheme != "http" or address.host != "127.0.0.1" or address.port is None:
        raise OfficeError(f"Телефон для проб стоит на этой машине: задайте ZVONOK_TELEGRAM_BASE_URL={ADDRESS}.")
    bot = SandboxBot(read.telegram_token.get_secret_value())
    try:
        return BotApiEmulator(bot, state=read.data / "telegram", host=address.host, port=address.port)
    except JournalError as error:
        raise OfficeError(str(error)) from None


@asynccontextmanager
async def _typed() -> AsyncIterator[AsyncIterator[str]]:
    """Read what is typed, without a thread that would wait for one more line at the end."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    blocking = os.get_blocking(sys.stdin.fileno())
    try:
        transport, _ = await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    except (OSError, ValueError):
        raise OfficeError("Телефону нужна клавиатура: запустите его в окне терминала.") from None
    try:
        yield _lines(reader)
    finally:
        transport.close()
        with suppress(OSError, ValueError):
            os.set_blocking(sys.stdin.fileno(), blocking)


async def _lines(reader: asyncio.StreamReader) -> AsyncIterator[str]:
    while line := await reader.readline():
        yield line.decode(errors="replace")
