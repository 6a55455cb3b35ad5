"""The sandbox against an emulator of the Bot API that others wrote: one dialogue of real aiogram, answers of one shape.

Compared are keys and types of every ``result``; identifiers, dates and texts are not. What only one side has stands
below with its reason, and nothing else may differ.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import Response, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import BotCommand, BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup

from tests.integration.sandbox_wire import BOT, TOKEN
from zvonok.sandbox.bot_api import BotApiEmulator

PARENT = 1001
BUTTON = {"inline_keyboard": [[{"text": "Болеет", "callback_data": "ill"}]]}

OURS_ALONE = {
    # Optional in the Bot API, always there in Telegram's own answers; the other emulator models request contracts only.
    "getMe.username",
    "getMe.can_connect_to_business",
    "getMe.has_main_web_app",
    "message.from",
    "message.chat.first_name",
    "message.edit_date",
    "sendDocument.document.file_name",
    "sendDocument.document.mime_type",
    "sendDocument.document.file_size",
    "getFile.file_size",
    # Its editMessageReplyMarkup answers without what the message says.
    "editMessageReplyMarkup.text",
    # It forgets the menu that was set and answers with an empty list.
    "getMyCommands[]",
}
THEIRS_ALONE = {
    # An extension of the server that it models; not in the Bot API.
    "getMe.capabilities",
    # Telegram leaves the list out while it is the default one.
    "getWebhookInfo.allowed_updates",
}


class ListeningSession(AiohttpSession):
    """Keeps every answer as it came, before aiogram reads it."""

    def __init__(self, base_url: str) -> None:
        super().__init__(api=TelegramAPIServer.from_base(base_url), timeout=10)
        self.answers: list[tuple[str, dict[str, Any]]] = []

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        self.answers.append((method.__api_method__, json.loads(content)))
        return super().check_response(bot, method, status_code, content)


type Inject = Callable[[int], Awaitable[None]]
"""Lets the parent press the button under a message."""


@dataclass
class Side:
    """One of the two emulators."""

    base_url: str
    inject: Inject
    answers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


async def dialogue(side: Side) -> None:
    session = ListeningSession(side.base_url)
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Понятно", callback_data="ok")]])
    async with Bot(TOKEN, session=session) as bot:
        await bot.delete_webhook(drop_pending_updates=True)
        await bot.get_me()
        await bot.get_webhook_info()
        await bot.set_my_commands([BotCommand(command="start", description="Начать")])
        await bot.get_my_commands()
        sent = await bot.send_message(PARENT, "Нет на уроке", reply_markup=keyboard)
        other = InlineKeyboardMarkup.model_validate(BUTTON)
        await bot.edit_message_text("Пришёл", chat_id=PARENT, message_id=sent.message_id, reply_markup=keyboard)
        await bot.edit_message_reply_markup(chat_id=PARENT, message_id=sent.message_id, reply_markup=other)
        poll = asyncio.create_task(bot.get_updates(timeout=9))
        await side.inject(sent.message_id)
        query = (await poll)[0].callback_query
        assert query is not None
        assert query.data == "ill"
        await bot.answer_callback_query(query.id, "Принято")
        document = await bot.send_document(PARENT, BufferedInputFile("да".encode(), "a.txt"), caption="Памятка")
        assert document.document is not None
        body = await bot.download(document.document.file_id, BytesIO())
        assert body is not None
        assert body.read() == "да".encode()
        await bot.send_chat_action(PARENT, "typing")
        await bot.delete_message(PARENT, sent.message_id)
    side.answers = session.answers


@asynccontextmanager
async def ours() -> AsyncIterator[Side]:
    async with BotApiEmulator(BOT) as emulator:
        parent = emulator.person(PARENT, "Анна")
        await parent.start()

        async def press(message_id: int) -> None:
            await parent.press("Болеет", message_id=message_id)

        yield Side(emulator.base_url, press)


@asynccontextmanager
async def theirs(port: int) -> AsyncIterator[Side]:
    program = Path(sys.executable).with_name("lo-bot-api-emulator")
    base_url = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        program, "--port", str(port), "--enable-control", stdout=subprocess.DEVNULL
    )
    try:
        async with aiohttp.ClientSession() as session:
            await ready(session, f"{base_url}/bot{TOKEN}/getMe")

            async def press(message_id: int) -> None:
                await queue(session, base_url, message_id)

            yield Side(base_url, press)
    finally:
        process.terminate()
        await process.wait()


async def ready(session: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                async with session.post(url) as response:
                    assert response.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def queue(session: aiohttp.ClientSession, base_url: str, message_id: int) -> None:
    """Give the other emulator the update whole: it invents nothing."""
    chat = {"id": PARENT, "type": "private", "first_name": "Анна"}
    user = {"id": 4242, "is_bot": True, "first_name": "Звонок", "username": "school_bot"}
    message = {"message_id": message_id, "from": user, "chat": chat, "date": 1, "edit_date": 1, "text": "Пришёл"}
    query = {
        "id": "1",
        "from": {"id": PARENT, "is_bot": False, "first_name": "Анна", "language_code": "ru"},
        "message": message | {"reply_markup": BUTTON},
        "chat_instance": "1",
        "data": "ill",
    }
    order = {"token": TOKEN, "update": {"callback_query": query}}
    async with session.post(f"{base_url}/__fixture/updates", json=order) as response:
        assert response.status == 200


def shape(value: Any, path: str) -> dict[str, str]:
    """Flatten a result into paths and types."""
    if isinstance(value, dict):
        return {path: "object"} | {k: v for name, one in value.items() for k, v in shape(one, f"{path}.{name}").items()}
    if isinstance(value, list):
        return {path: "array"} | {k: v for one in value for k, v in shape(one, f"{path}[]").items()}
    return {path: type(value).__name__}


def differences(mine: dict[str, str], other: dict[str, str]) -> set[str]:
    """Find paths that the other side has not; a missing object or list stands for all that is in it."""
    missing = {path for path in mine if path not in other}
    return {
        path for path in missing if not any(path != one and path.startswith((f"{one}.", f"{one}[")) for one in missing)
    }


def common(paths: set[str]) -> set[str]:
    """Name a difference of every message once."""
    sends = ("sendMessage.", "editMessageText.", "editMessageReplyMarkup.", "sendDocument.")
    renamed = set()
    for path in paths:
        rest = next((path.removeprefix(send) for send in sends if path.startswith(send)), None)
        renamed.add(f"message.{rest}" if rest and f"message.{rest}" in OURS_ALONE else path)
    return renamed


async def test_the_same_dialogue_gets_answers_of_the_same_shape(unused_tcp_port: int) -> None:
    async with ours() as our_side, theirs(unused_tcp_port) as their_side:
        await dialogue(our_side)
        await dialogue(their_side)
    assert [method for method, _ in our_side.answers] == [method for method, _ in their_side.answers]
    only_ours: set[str] = set()
    only_theirs: set[str] = set()
    for (method, our_answer), (_, their_answer) in zip(our_side.answers, their_side.answers, strict=True):
        assert our_answer["ok"] is their_answer["ok"] is True
        mine, other = shape(our_answer["result"], method), shape(their_answer["result"], method)
        assert {path: mine[path] for path in mine.keys() & other.keys()} == {
            path: other[path] for path in mine.keys() & other.keys()
        }
        only_ours |= differences(mine, other)
        only_theirs |= differences(other, mine)
    assert common(only_ours) == OURS_ALONE
    assert only_theirs == THEIRS_ALONE
