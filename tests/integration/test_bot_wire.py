"""The bot's client of the Bot API: base URL with a path, and a proxy, are settings."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError
from aiogram.utils.token import TokenValidationError

from bot.wire import GetRawUpdates, make_bot
from tests.integration.sandbox_wire import TOKEN

ANSWER = b'{"ok":true,"result":[{"update_id":7,"something_new":{"x":1}}]}'


@asynccontextmanager
async def answering(requests: list[str]) -> AsyncIterator[str]:
    """Serve one answer to anything, keeping the request lines; yields the URL."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        requests.append(head.splitlines()[0])
        length = b"Content-Length: %d\r\n" % len(ANSWER)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n" + length + b"\r\n")
        writer.write(ANSWER)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@asynccontextmanager
async def client(base_url: str, proxy: str | None = None) -> AsyncIterator[Bot]:
    bot = make_bot(TOKEN, base_url=base_url, proxy=proxy)
    try:
        yield bot
    finally:
        await bot.session.close()


async def test_the_base_url_may_have_a_path_and_updates_come_raw() -> None:
    requests: list[str] = []
    async with answering(requests) as url, client(f"{url}/behind/a/path") as bot:
        updates = await bot(GetRawUpdates(timeout=0, allowed_updates=[]))
    assert updates == [{"update_id": 7, "something_new": {"x": 1}}]
    assert requests == [f"POST /behind/a/path/bot{TOKEN}/getUpdates HTTP/1.1"]


async def test_requests_go_by_the_proxy() -> None:
    requests: list[str] = []
    async with answering(requests) as proxy, client("http://telegram.invalid", proxy) as bot:
        await bot(GetRawUpdates(timeout=0, allowed_updates=[]))
    assert requests == [f"POST http://telegram.invalid/bot{TOKEN}/getUpdates HTTP/1.1"]


async def test_a_proxy_that_is_not_there_is_trouble_of_the_wire() -> None:
    async with client("http://telegram.invalid", "http://127.0.0.1:9") as bot:
        with pytest.raises(TelegramNetworkError):
            await bot(GetRawUpdates(timeout=0, allowed_updates=[]))


def test_what_is_no_token_is_refused_without_repeating_it() -> None:
    with pytest.raises(TokenValidationError) as refused:
        make_bot("no token", base_url="http://telegram.invalid", proxy=None)
    assert "no token" not in str(refused.value)
