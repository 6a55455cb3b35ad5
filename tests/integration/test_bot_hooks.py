"""Webhooks at the wire: stored before it is answered, once, from whoever knows the secret, and kept standing."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from io import BytesIO
from typing import Any

import aiohttp
import pytest
import structlog
from aiohttp import web
from sqlalchemy.exc import OperationalError

from bot.hooks import FOLDER, HEADERS, LARGEST, Doors, Hook, hook_of
from bot.line import make_line
from core.database import Database
from core.events import Channel
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last
from tests.integration.eventually import eventually
from tests.integration.sandbox_wire import BOT_ID
from tests.unit.sandbox_clock import MovableClock
from zvonok.sandbox.max_api import MaxBot, MaxEmulator
from zvonok.sandbox.people import Person
from zvonok.sandbox.webhooks import Webhook

KEY = b"hooks of the tests"
MESSENGERS = [Channel.TELEGRAM, Channel.MAX]
POISON: list[dict[str, Any]] = [
    {"update_id": 7**5000, "message": {"chat": {"id": 7**5000, "type": "private"}}},
    {"update_id": True, "update_type": "message_created", "message": {"body": {"mid": "\0"}}},
    {"update_type": "message_created", "message": {"body": {"mid": str(7**5000)}, "recipient": None}},
    {"update_type": "bot_started", "timestamp": float("inf"), "user": {"user_id": 700}},
    {"update_type": "message_callback", "callback": {"callback_id": "\ud800", "user": None}},
]
"""Objects of JSON that no messenger should send, as Telegram's and as MAX's."""


@dataclass
class Kept:
    """A taker that remembers, and may have no database."""

    updates: list[Mapping[str, Any]] = field(default_factory=list)
    away: bool = False
    rung: int = 0

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> int:
        if self.away:
            raise OperationalError("INSERT", {}, ConnectionRefusedError())
        self.updates += updates
        return len(updates)

    def ring(self) -> None:
        self.rung += 1


@asynccontextmanager
async def served(doors: Doors, port: int = 0) -> AsyncIterator[str]:
    runner = web.AppRunner(doors.app(), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@pytest.fixture(params=MESSENGERS)
def hook(request: pytest.FixtureRequest) -> Hook:
    return hook_of(KEY, request.param, "bot:1")


async def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    async with aiohttp.ClientSession() as client, client.post(url, data=BytesIO(body), headers=headers) as answer:
        return answer.status


async def raw(url: str, path: str, header: bytes) -> int:
    """Send a header that no client would."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    body = b'{"update_id": 1}'
    writer.write(
        b"POST %s HTTP/1.1\r\nHost: x\r\n%s\r\nContent-Length: %d\r\n\r\n%s" % (path.encode(), header, len(body), body)
    )
    line = await reader.readline()
    writer.close()
    return int(line.split()[1])


def test_a_hook_names_nothing_and_stays_the_same(hook: Hook) -> None:
    assert hook == hook_of(KEY, hook.messenger, "bot:1")
    others = [hook_of(KEY, hook.messenger, "bot:2"), hook_of(b"another key", hook.messenger, "bot:1")]
    assert len({one.path for one in (hook, *others)}) == len({one.secret for one in (hook, *others)}) == 3
    assert "bot" not in hook.path
    assert hook.secret not in repr(hook)
    assert hook.secret.isalnum()
    assert 5 <= len(hook.secret) <= 256


async def test_what_is_sent_is_taken_before_it_is_answered(hook: Hook) -> None:
    doors, kept = Doors(structlog.get_logger("bot")), Kept()
    headers = {HEADERS[hook.messenger]: hook.secret}
    async with served(doors) as url:
        place = f"{url}{FOLDER}{hook.path}"
        assert await post(place, b"{}", headers) == HTTPStatus.NOT_FOUND, "no door is open yet"
        with doors.opened(hook, kept, kept.ring):
            assert await post(place, b'{"update_id": 7}', headers) == HTTPStatus.OK
            assert (kept.updates, kept.rung) == ([{"update_id": 7}], 1)
            kept.away = True
            assert await post(place, b'{"update_id": 8}', headers) == HTTPStatus.SERVICE_UNAVAILABLE, "to be sent again"
            kept.away = False
            assert await post(place, b'{"update_id": 8}', headers) == HTTPStatus.OK
            assert [one["update_id"] for one in kept.updates] == [7, 8]
        assert await post(place, b"{}", headers) == HTTPStatus.NOT_FOUND


async def test_nobody_else_gets_in_and_nothing_is_told_him(hook: Hook) -> None:
    doors, kept = Doors(structlog.get_logger("bot")), Kept()
    name = HEADERS[hook.messenger]
    other = next(one for one in HEADERS.values() if one != name)
    async with served(doors) as url, aiohttp.ClientSession() as client:
        with doors.opened(hook, kept, kept.ring):
            place, body = f"{url}{FOLDER}{hook.path}", b'{"update_id": 1}'
            for headers in ({}, {name: ""}, {name: hook.secret[:-1]}, {name: "wrong"}, {other: hook.secret}):
                assert await post(place, body, headers) == HTTPStatus.NOT_FOUND
            for path in ("nobody", f"{hook.path}x", "%00", "../hook/"):
                assert await post(f"{url}{FOLDER}{path}", body, {name: hook.secret}) == HTTPStatus.NOT_FOUND
            for header in (b"\xff\xfe", "секрет".encode(), "секрет".encode("cp1251")):
                shown = name.encode() + b": " + header
                assert await raw(url, FOLDER + hook.path, shown) == HTTPStatus.NOT_FOUND
            async with client.get(place, headers={name: hook.secret}) as answer:
                assert answer.status == HTTPStatus.METHOD_NOT_ALLOWED
            for bad in (b"", b"no json", b"[]", b'"text"', b"\xff", b"[" * 200_000, b'{"a": ' * 200_000):
                status = await post(place, bad, {name: hook.secret})
                assert status in {HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}, bad[:9]
            huge = await post(place, b'{"a":"' + b"x" * LARGEST + b'"}', {name: hook.secret})
            assert huge == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert (kept.updates, kept.rung) == ([], 0)


# --- With the real bot, over the emulators ----------------------------------------------------------------------------


@pytest.fixture(params=MESSENGERS)
async def world(
    request: pytest.FixtureRequest, core_database: Database, gateway_database: Database, bot_database: Database
) -> AsyncIterator[BotWorld]:
    """A bot whose messenger sends updates itself; five minutes pass as fast as anything here."""
    rooms = Rooms(core_database, gateway_database, bot_database)
    async with bot_world(rooms, messenger=request.param) as made:
        hook, doors = hook_of(KEY, request.param, made.settings.credential), Doors(structlog.get_logger("bot"))
        async with served(doors) as url:
            settings = replace(made.settings, hook=hook, hook_url=f"{url}{FOLDER}{hook.path}")
            yield replace(made, settings=settings, doors=doors)


def standing(world: BotWorld) -> Webhook | None:
    """Return the webhook that the messenger has."""
    return world.emulator.world.webhooks.of(BOT_ID)


def writer(world: BotWorld) -> Person:
    """Return person 700, whose dialogue with the bot is open."""
    person = world.someone(700)
    world.emulator.world.chronicle.record("started", {"bot_id": BOT_ID, "chat_id": 700})
    return person


def written(world: BotWorld) -> dict[str, Any]:
    """Return what the messenger sends when person 700 writes."""
    if world.settings.messenger is Channel.TELEGRAM:
        person = {"id": 700, "is_bot": False, "first_name": "Кто-то"}
        chat = {"id": 700, "type": "private", "first_name": "Кто-то"}
        return {"update_id": 41, "message": {"message_id": 5, "date": 1, "chat": chat, "from": person, "text": "/help"}}
    person = {"user_id": 700, "first_name": "Кто-то", "is_bot": False}
    body = {"mid": "mid.41", "seq": 1, "text": "/help", "attachments": None}
    where = {"chat_id": 70, "chat_type": "dialog", "user_id": BOT_ID}
    message = {"sender": person, "recipient": where, "timestamp": 1000, "body": body}
    return {"update_type": "message_created", "timestamp": 1000, "message": message}


async def sent(world: BotWorld, update: Mapping[str, Any]) -> int:
    """Send an update as the messenger does, with its secret; return the status of the answer."""
    hook = world.settings.hook
    assert hook is not None
    return await post(world.settings.hook_url, json.dumps(update).encode(), {HEADERS[hook.messenger]: hook.secret})


async def stored(world: BotWorld) -> int:
    return int(await world.value("SELECT count(*) FROM bot.inbox"))


async def test_the_bot_sets_its_webhook_and_answers_what_comes(world: BotWorld) -> None:
    stranger = world.someone(700)
    async with world.running():
        await eventually(lambda: standing(world) is not None)
        await stranger.start()
        await eventually(lambda: any(one.from_bot for one in stranger.chat.messages))
        await world.settled()
    assert "код" in last(stranger).text
    assert {one.method for one in world.emulator.log.requests}.isdisjoint({"getUpdates", "GET /updates"}), (
        "and fetches none"
    )


async def test_what_is_sent_while_nobody_listens_comes_later_and_once(world: BotWorld) -> None:
    stranger = world.someone(700)
    async with world.running():
        await eventually(lambda: standing(world) is not None)
        await stranger.start()
        await eventually(lambda: any(one.from_bot for one in stranger.chat.messages))
        await world.settled()
    before, answers = await stored(world), len(stranger.chat.messages)
    await stranger.send("/help")
    hook = standing(world)
    assert hook is not None
    await eventually(lambda: hook.failed)
    assert await stored(world) == before
    async with world.running():
        await world.settled()
    assert await stored(world) == before + 1
    assert len(stranger.chat.messages) == answers + 2, "what was sent, and one answer"


async def test_an_update_that_comes_twice_is_handled_once(world: BotWorld) -> None:
    async with world.running():
        await eventually(lambda: standing(world) is not None)
        person = writer(world)
        for _ in range(3):
            assert await sent(world, written(world)) == HTTPStatus.OK
        await world.settled()
        assert await sent(world, written(world)) == HTTPStatus.OK, "long after it was handled"
        await world.settled()
    assert await stored(world) == 1
    assert sum(one.from_bot for one in person.chat.messages) == 1


async def test_what_comes_while_the_database_is_away_is_handled_once_when_it_is_sent_again(world: BotWorld) -> None:
    async with world.running():
        await eventually(lambda: standing(world) is not None)
        person = writer(world)
        async with world.without_inbox():
            for _ in range(2):
                assert await sent(world, written(world)) == HTTPStatus.SERVICE_UNAVAILABLE
        for _ in range(2):
            assert await sent(world, written(world)) == HTTPStatus.OK
        await world.settled()
    assert await stored(world) == 1
    assert sum(one.from_bot for one in person.chat.messages) == 1


async def test_a_process_that_dies_after_the_answer_handles_it_when_it_is_back(world: BotWorld) -> None:
    hook, taker = world.settings.hook, make_line(world.settings, world.desk, world.inbox, asyncio.sleep)
    assert hook is not None
    assert world.doors is not None
    try:
        # A process that takes what comes, and is gone before anybody handles it.
        with world.doors.opened(hook, taker.updates, lambda: None):
            person = writer(world)
            assert await sent(world, written(world)) == HTTPStatus.OK
    finally:
        await taker.bot.session.close()
    assert await world.waiting() == 1
    async with world.running():
        await world.settled()
    assert await stored(world) == 1
    assert "код" in last(person).text


@pytest.mark.parametrize("poison", POISON, ids=[str(place) for place in range(len(POISON))])
async def test_what_nobody_can_read_is_kept_once_set_aside_and_holds_up_nobody(
    world: BotWorld, poison: dict[str, Any]
) -> None:
    async with world.running():
        await eventually(lambda: standing(world) is not None)
        person = writer(world)
        for _ in range(2):
            assert await sent(world, poison) == HTTPStatus.OK, "refused, it would come again for a day"
        assert await sent(world, written(world)) == HTTPStatus.OK
        await world.settled()
    assert await stored(world) == 2
    assert await world.value("SELECT count(*) FROM bot.inbox WHERE failure IS NOT NULL") == 1
    assert "код" in last(person).text


async def test_a_webhook_that_the_messenger_let_go_is_set_again(world: BotWorld) -> None:
    async with world.running():
        await eventually(lambda: standing(world) is not None)
        world.emulator.world.webhooks.drop(BOT_ID)
        await eventually(lambda: standing(world) is not None)
        found = standing(world)
    assert found is not None
    assert found.url == world.settings.hook_url
    assert found.secret is not None


async def test_a_webhook_to_which_other_updates_go_is_set_anew_and_is_not_called_lost(world: BotWorld) -> None:
    updates = world.emulator.world.updates
    with structlog.testing.capture_logs() as lines:
        async with world.running():
            await eventually(lambda: standing(world) is not None)
            wanted = updates.allowed(BOT_ID)
            updates.allow(BOT_ID, ["message_callback"])
            await eventually(lambda: updates.allowed(BOT_ID) == wanted)
    assert wanted is not None
    assert len(wanted) > 1
    assert not [line for line in lines if line["event"] == "bot.hook-lost"]


@pytest.mark.parametrize("world", [Channel.TELEGRAM], indirect=True)
async def test_ours_takes_the_place_of_another_webhook_in_telegram(world: BotWorld) -> None:
    world.emulator.world.webhooks.put(BOT_ID, "http://127.0.0.1:9/hook/old", None)
    async with world.running():
        await eventually(lambda: (standing(world) or Webhook("", None)).url == world.settings.hook_url)


@pytest.mark.parametrize("world", [Channel.MAX], indirect=True)
async def test_old_webhooks_of_ours_are_removed_in_max_and_those_of_others_are_told_and_left(world: BotWorld) -> None:
    assert isinstance(world.emulator, MaxEmulator)
    old, other = world.settings.hook_url[:-4] + "gone", "https://stranger.example/hook/his"
    stand = world.emulator.world.subscriptions.setdefault(BOT_ID, [])
    stand += [old, other, old + "1"]
    with structlog.testing.capture_logs() as lines:
        async with world.running():
            await eventually(lambda: stand == [other])
            await eventually(lambda: [one for one in lines if one.get("count") == 1])
    assert {one["event"] for one in lines if "count" in one} == {"bot.hook-elsewhere"}
    asked = [one.method for one in world.emulator.log.requests]
    put, dropped = asked.index("POST /subscriptions"), asked.index("DELETE /subscriptions")
    assert put < dropped, "ours stands before an old one is taken away"
    assert standing(world) is not None


@pytest.mark.parametrize("world", [Channel.TELEGRAM], indirect=True)
async def test_what_telegram_says_of_failed_tries_is_told_once_and_without_the_address(world: BotWorld) -> None:
    hook = world.settings.hook
    assert hook is not None
    with structlog.testing.capture_logs() as lines:
        async with world.running():
            await eventually(lambda: standing(world) is not None)
            async with world.without_inbox():
                await world.someone(700).start()
                await eventually(lambda: [one for one in lines if one["event"] == "bot.hook-troubled"])
                looked = len(world.emulator.log.of("getWebhookInfo"))
                await eventually(lambda: len(world.emulator.log.of("getWebhookInfo")) > looked + 3)
            await world.settled()
    (told,) = [one for one in lines if one["event"] == "bot.hook-troubled"]
    assert "503" in told["reason"]
    assert hook.path not in str(lines)
    assert hook.secret not in str(lines)


async def test_max_lets_a_webhook_go_after_eight_hours_without_success(bot_database: Database) -> None:
    del bot_database
    at = datetime(2026, 10, 20, 3, 40, tzinfo=UTC)
    clock = MovableClock(at)
    async with MaxEmulator(MaxBot("a token", BOT_ID), wall=lambda: clock.wall) as emulator:
        emulator.world.webhooks.put(BOT_ID, "http://127.0.0.1:9/hook/nobody", "secret")
        await emulator.person(700, "Кто-то").start()
        hook = emulator.world.webhooks.of(BOT_ID)
        assert hook is not None
        await eventually(lambda: hook.since)
        clock.move(hours=7, minutes=59)
        await asyncio.sleep(0.3)
        assert emulator.world.webhooks.of(BOT_ID) is hook
        clock.move(minutes=1)
        await eventually(lambda: emulator.world.webhooks.of(BOT_ID) is None)


async def test_the_sandbox_calls_no_other_machine() -> None:
    async with MaxEmulator(MaxBot("a token", BOT_ID)) as emulator:
        for url in ("https://max.ru/hook", "http://10.0.0.1/hook", "http://127.0.0.1.example.org/", "no address"):
            with pytest.raises(ValueError, match=re.escape(url)):
                emulator.world.webhooks.put(BOT_ID, url, None)
