"""Real aiogram, polling the sandbox over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiogram.filters import ChatMemberUpdatedFilter, CommandObject, CommandStart
from aiogram.filters.chat_member_updated import KICKED
from aiogram.types import BufferedInputFile, CallbackQuery, ChatMemberUpdated, InlineKeyboardButton, Message
from aiogram.utils.keyboard import InlineKeyboardBuilder

from tests.integration.sandbox_wire import BOT, TOKEN
from zvonok.sandbox import faults as trouble
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.faults import Effect, Scope

PARENT = 1001


@pytest.fixture
async def emulator() -> AsyncIterator[BotApiEmulator]:
    async with BotApiEmulator(BOT) as emulator:
        yield emulator


def open_bot(emulator: BotApiEmulator, token: str = TOKEN, seconds: float = 10) -> Bot:
    server = TelegramAPIServer.from_base(emulator.base_url)
    return Bot(token, session=AiohttpSession(api=server, timeout=seconds))


@pytest.fixture
async def bot(emulator: BotApiEmulator) -> AsyncIterator[Bot]:
    async with open_bot(emulator) as bot:
        yield bot


@asynccontextmanager
async def polling(dispatcher: Dispatcher, bot: Bot) -> AsyncIterator[None]:
    task = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False, polling_timeout=5)
    )
    try:
        yield
    finally:
        await dispatcher.stop_polling()
        await task


async def test_a_parent_is_told_answers_and_sees_the_message_change(emulator: BotApiEmulator, bot: Bot) -> None:
    dispatcher = Dispatcher()
    left: list[int] = []

    @dispatcher.message(CommandStart(deep_link=True))
    async def welcome(message: Message, command: CommandObject) -> None:
        keyboard = InlineKeyboardBuilder([[InlineKeyboardButton(text="Понятно", callback_data="ok")]])
        text = f"Код <code>{command.args}</code> принят"
        await message.answer(text, parse_mode="HTML", reply_markup=keyboard.as_markup(), protect_content=True)

    @dispatcher.callback_query(F.data == "ok")
    async def acknowledge(query: CallbackQuery) -> None:
        assert isinstance(query.message, Message)
        await query.message.edit_text("Спасибо")
        await query.message.reply_document(BufferedInputFile("памятка".encode(), "Памятка.txt"))
        await query.answer("Принято", show_alert=True)

    @dispatcher.my_chat_member(ChatMemberUpdatedFilter(KICKED))
    async def stopped(event: ChatMemberUpdated) -> None:
        left.append(event.from_user.id)

    parent = emulator.person(PARENT, "Анна")
    async with polling(dispatcher, bot):
        await parent.start("code-1")
        greeting = await parent.wait_for(lambda message: "принят" in message.text)
        assert (greeting.text, greeting.protected) == ("Код code-1 принят", True)
        answer = await parent.press("Понятно", within=5)
        await parent.block()
        await parent.unblock()
        await parent.start("code-2")
        await parent.wait_for(lambda message: "code-2" in message.text)
    assert answer is not None
    assert (answer.text, answer.show_alert) == ("Принято", True)
    first = parent.chat.all_messages[greeting.message_id]
    assert (first.text, [version.text for version in first.earlier]) == ("Спасибо", ["Код code-1 принят"])
    document = parent.chat.all_messages[greeting.message_id + 1].document
    assert document is not None
    body = await bot.download(document.file_id, BytesIO())
    assert body is not None
    assert body.read() == "памятка".encode()
    assert left == [PARENT]


async def test_a_press_is_not_lost_when_the_bot_was_away(emulator: BotApiEmulator, bot: Bot) -> None:
    parent = emulator.person(PARENT, "Анна")
    await parent.start()
    got: list[str] = []
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def remember(message: Message) -> None:
        got.append(message.text or "")
        await message.answer("Здесь")

    async with polling(dispatcher, bot):
        await parent.wait_for(lambda message: message.text == "Здесь")
    await parent.send("Пока бота не было")
    async with polling(dispatcher, bot):
        await parent.wait_for(lambda message: message.text == "Здесь", after=3)
    assert got == ["/start", "Пока бота не было"]


@pytest.mark.parametrize(
    ("effect", "error"),
    [
        (trouble.TooMany(7), TelegramRetryAfter),
        (trouble.blocked(), TelegramForbiddenError),
        (trouble.Refused(400, "Bad Request: message thread not found"), TelegramBadRequest),
        (trouble.bad_gateway(), TelegramServerError),
        (trouble.Cut(accepted=False), TelegramNetworkError),
        (trouble.Cut(accepted=True), TelegramNetworkError),
        (trouble.Garbage(), ClientDecodeError),
    ],
)
async def test_aiogram_takes_every_fault_for_what_it_is(
    emulator: BotApiEmulator, bot: Bot, effect: Effect, error: type[Exception]
) -> None:
    await emulator.person(PARENT, "Анна").start()
    emulator.faults.arm(effect, Scope(method="sendMessage"), times=1)
    with pytest.raises(error):
        await bot.send_message(PARENT, "а")
    assert (await bot.send_message(PARENT, "б")).text == "б"


async def test_a_wrong_token_and_a_hang(emulator: BotApiEmulator) -> None:
    parent = emulator.person(PARENT, "Анна")
    await parent.start()
    async with open_bot(emulator, token="5:unknown") as stranger:
        with pytest.raises(TelegramUnauthorizedError):
            await stranger.get_me()
    async with open_bot(emulator, seconds=0.2) as hasty:
        emulator.faults.arm(trouble.Hang(), Scope(method="sendMessage"))
        with pytest.raises(TelegramNetworkError, match="timeout"):
            await hasty.send_message(PARENT, "а")
    assert [request.answer.kind for request in emulator.log.delivered(PARENT)] == ["hang"]
