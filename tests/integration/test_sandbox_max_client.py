"""Somebody else's client of MAX talks to our emulator: it reads what we answer by the vendor's shapes, not by ours.

What it cannot show: that the vendor's server answers so. What is uncertain,
``docs/reference/sandbox.md`` tells.
"""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from maxapi import Bot
from maxapi.enums.format import Format
from maxapi.exceptions.max import InvalidToken, MaxApiError
from maxapi.methods.types.getted_updates import process_update_request
from maxapi.types import CallbackButton
from maxapi.types.command import BotCommand
from maxapi.types.updates.bot_started import BotStarted
from maxapi.types.updates.bot_stopped import BotStopped
from maxapi.types.updates.message_callback import MessageCallback
from maxapi.types.updates.message_created import MessageCreated
from maxapi.utils.inline_keyboard import InlineKeyboardBuilder

from zvonok.sandbox.journal import JournalError
from zvonok.sandbox.max_api import MaxBot, MaxEmulator

BOT_ID, TOKEN, ANNA = 4243, "f9LHodD0cOL-sandbox-token", 501


class Client:
    """Their bot, and a person on our side."""

    def __init__(self, emulator: MaxEmulator, token: str = TOKEN) -> None:
        self.bot = Bot(token, auto_requests=False, auto_check_subscriptions=False)
        self.bot.set_api_url(emulator.base_url)
        self.anna = emulator.person(ANNA, "Анна", last_name="Ёлкина")
        self._marker: int | None = None

    async def updates(self) -> list[Any]:
        """Fetch what is new, read by the library's own models."""
        raw = await self.bot.get_updates(limit=100, timeout=1, marker=self._marker)
        self._marker = raw["marker"]
        return list(await process_update_request(events=raw, bot=self.bot))

    async def sends(self, text: str) -> str:
        """Send a message with a button; return what MAX calls it."""
        sent = await self.bot.send_message(user_id=ANNA, text=text, attachments=[keyboard()])
        assert sent is not None
        assert sent.message.body is not None
        return str(sent.message.body.mid)


def keyboard() -> Any:
    """Return one button."""
    builder = InlineKeyboardBuilder()  # type: ignore[no-untyped-call]  # the library says nothing of its types
    return builder.row(CallbackButton(text="Понятно", payload="a:1")).as_markup()


@pytest_asyncio.fixture
async def emulator() -> AsyncIterator[MaxEmulator]:
    async with MaxEmulator(MaxBot(TOKEN, BOT_ID)) as made:
        yield made


@pytest_asyncio.fixture
async def client(emulator: MaxEmulator) -> AsyncIterator[Client]:
    made = Client(emulator)
    yield made
    await made.bot.close_session()


async def test_the_bot_its_commands_and_subscriptions(client: Client) -> None:
    me = await client.bot.get_me()
    assert (me.user_id, me.username, me.is_bot) == (BOT_ID, "zvonok_sandbox_bot", True)
    said = await client.bot.set_commands(BotCommand(name="start", description="Начать"))
    assert said.commands is not None
    assert [one.name for one in said.commands] == ["start"]
    assert (await client.bot.get_subscriptions()).subscriptions == []


async def test_a_start_with_a_payload_then_words_then_a_stop(client: Client) -> None:
    await client.anna.start("CODE2345")
    (started,) = await client.updates()
    assert isinstance(started, BotStarted)
    assert (started.payload, started.user.user_id, started.user.last_name) == ("CODE2345", ANNA, "Ёлкина")
    await client.anna.send("5 марта 2014")
    (said,) = await client.updates()
    assert isinstance(said, MessageCreated)
    assert said.message.body is not None
    assert (said.message.body.text, said.message.recipient.chat_id) == ("5 марта 2014", started.chat_id)
    await client.anna.block()
    (stopped,) = await client.updates()
    assert isinstance(stopped, BotStopped)


async def test_a_press_is_answered_and_the_message_changed(client: Client) -> None:
    await client.anna.start()
    mid = await client.sends("Не было на уроке")
    await client.anna.press("Понятно")
    _, press = await client.updates()
    assert isinstance(press, MessageCallback)
    assert (press.callback.payload, press.callback.user.user_id) == ("a:1", ANNA)
    assert press.message is not None
    assert press.message.body is not None
    assert press.message.body.mid == mid
    assert (await press.ack("Спасибо")).success
    changed = await client.bot.edit_message(message_id=mid, text="Уже знаем", attachments=[keyboard()])
    assert changed is not None
    assert changed.success
    shown = client.anna.chat.messages[-1]
    assert (shown.text, shown.labels()) == ("Уже знаем", ("Понятно",))
    await client.bot.edit_message(message_id=mid, text="Уже знаем", attachments=[])
    assert client.anna.chat.messages[-1].labels() == ()


async def test_a_message_is_shown_without_its_markup_and_then_taken_back(client: Client) -> None:
    await client.anna.start()
    sent = await client.bot.send_message(user_id=ANNA, text="<b>Нет</b> на уроке", format=Format.HTML)
    assert sent is not None
    assert sent.message.body is not None
    shown = client.anna.chat.messages[-1]
    assert (shown.text, [one["type"] for one in shown.content.entities]) == ("Нет на уроке", ["bold"])
    taken = await client.bot.delete_message(message_id=str(sent.message.body.mid))
    assert taken.success
    assert client.anna.chat.messages == ()
    with pytest.raises(MaxApiError) as gone:
        await client.bot.delete_message(message_id=str(sent.message.body.mid))
    assert gone.value.code == HTTPStatus.NOT_FOUND


async def test_what_has_no_read_is_asked_for_again_by_the_same_marker(client: Client) -> None:
    await client.anna.start()
    first = await client.bot.get_updates(limit=100, timeout=1, marker=None)
    again = await client.bot.get_updates(limit=100, timeout=1, marker=None)
    assert [one["update_type"] for one in first["updates"]] == ["bot_started"]
    assert again["updates"] == first["updates"]
    assert (await client.bot.get_updates(limit=100, timeout=0, marker=first["marker"]))["updates"] == []


async def test_a_message_is_read_as_it_stands(client: Client) -> None:
    await client.anna.start()
    mid = await client.sends("Не было на уроке")
    read = await client.bot.get_message(message_id=mid)
    assert read.body is not None
    assert (read.body.mid, read.body.text) == (mid, "Не было на уроке")


async def test_a_later_emulator_on_the_same_folder_goes_on(tmp_path: Path) -> None:
    async with MaxEmulator(MaxBot(TOKEN, BOT_ID), state=tmp_path) as emulator:
        client = Client(emulator)
        await client.anna.start()
        mid = await client.sends("Не было на уроке")
        with pytest.raises(JournalError):
            MaxEmulator(MaxBot(TOKEN, BOT_ID), state=tmp_path)
        chat = client.anna.chat
        await client.bot.close_session()
    async with MaxEmulator(MaxBot(TOKEN, BOT_ID), state=tmp_path) as emulator:
        assert emulator.person(ANNA).chat == chat
        client = Client(emulator)
        assert [type(one) for one in await client.updates()] == [BotStarted]
        await client.bot.edit_message(message_id=mid, text="Уже знаем", attachments=[])
        assert [one.text for one in client.anna.chat.messages] == ["Уже знаем"]
        assert len(emulator.log.delivered(ANNA)) == 1
        await client.bot.close_session()


async def test_refusals_are_the_librarys_own_errors(client: Client, emulator: MaxEmulator) -> None:
    with pytest.raises(MaxApiError) as nobody:
        await client.bot.send_message(user_id=999, text="Слово")
    await client.anna.start()
    await client.anna.block()
    with pytest.raises(MaxApiError) as stopped:
        await client.bot.send_message(user_id=ANNA, text="Слово")
    assert [(one.value.code, one.value.raw) for one in (nobody, stopped)] == [
        (404, {"code": "chat.not.found", "message": "Chat not found"}),
        (403, {"code": "chat.denied", "message": "error.dialog.suspended"}),
    ]
    stranger = Client(emulator, "no such token")
    with pytest.raises(InvalidToken):
        await stranger.bot.get_me()
    await stranger.bot.close_session()
