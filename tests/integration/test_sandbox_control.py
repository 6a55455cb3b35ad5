"""Orders to the sandbox over HTTP, as another process on the same machine gives them."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from tests.integration.sandbox_wire import BOT, BOT_ID, Wire, wire_to
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.control import guarded

PARENT = 1001
BUTTON = {"inline_keyboard": [[{"text": "Понятно", "callback_data": "ok"}]]}


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    async with wire_to(BotApiEmulator(BOT)) as wire:
        yield wire


async def obeyed(wire: Wire, verb: str, path: str, **order: Any) -> dict[str, Any]:
    status, body = await wire.order(verb, path, **order)
    assert status == 200, body
    return body


async def test_a_whole_conversation(wire: Wire) -> None:
    await obeyed(wire, "POST", "people", user_id=PARENT, first_name="Анна", last_name="Иванова")
    await obeyed(wire, "POST", f"people/{PARENT}/send", text="/start code-1")
    sent = await wire.ok("sendMessage", chat_id=PARENT, text="а", reply_markup=BUTTON)
    pressing = asyncio.create_task(obeyed(wire, "POST", f"people/{PARENT}/press", button="Понятно", within=5))
    query = (await wire.ok("getUpdates", offset=1_000_002, timeout=5))[0]["callback_query"]
    await wire.ok("answerCallbackQuery", callback_query_id=query["id"], text="Принято")
    assert (await pressing)["answer"] == {"text": "Принято", "show_alert": False}
    await wire.ok("editMessageText", chat_id=PARENT, message_id=sent["message_id"], text="б")
    await obeyed(wire, "POST", f"people/{PARENT}/block", bot_id=BOT_ID)
    chat = await obeyed(wire, "GET", f"people/{PARENT}/chat")
    assert chat["blocked"] is True
    last = chat["messages"][-1]
    assert (last["text"], last["from_bot"], last["deleted"], last["earlier"][0]["text"]) == ("б", True, False, "а")
    await obeyed(wire, "POST", f"people/{PARENT}/unblock", bot_id=BOT_ID)
    assert (await obeyed(wire, "GET", f"people/{PARENT}/chat?bot_id={BOT_ID}"))["blocked"] is False
    log = (await obeyed(wire, "GET", f"requests?chat_id={PARENT}&method=sendMessage"))["requests"]
    assert [(one["message_id"], one["took_effect"], one["answer"], one["code"]) for one in log] == [
        (2, True, "ok", 200)
    ]


async def test_faults_and_rates(wire: Wire) -> None:
    await wire.emulator.person(PARENT, "Анна").start()
    fault = await obeyed(wire, "POST", "faults", kind="too_many", retry_after=2, chat_id=PARENT, times=1, lasts=60)
    assert [one["fault"] for one in (await obeyed(wire, "GET", "faults"))["faults"]] == [fault["fault"]]
    assert (await wire.refused("sendMessage", chat_id=PARENT, text="а"))[0] == 429
    hang = await obeyed(wire, "POST", "faults", kind="hang", method="sendMessage", bot_id=BOT_ID)
    hanging = asyncio.create_task(wire.ok("sendMessage", chat_id=PARENT, text="б"))
    await wire.emulator.person(PARENT).wait_for(lambda message: message.text == "б")
    await obeyed(wire, "DELETE", f"faults/{hang['fault']}")
    assert not hanging.done()
    await obeyed(wire, "POST", f"faults/{hang['fault']}/release", now=True)
    assert (await hanging)["text"] == "б"
    await obeyed(wire, "PUT", "limits", per_chat=1)
    assert (await wire.refused("sendMessage", chat_id=PARENT, text="в"))[0] == 429
    await obeyed(wire, "DELETE", "limits")
    await obeyed(wire, "POST", "faults", kind="cut")
    await obeyed(wire, "DELETE", "faults")
    assert (await obeyed(wire, "GET", "faults"))["faults"] == []
    await wire.ok("sendMessage", chat_id=PARENT, text="г")
    assert await obeyed(wire, "GET", "health") == {"ok": True}


@pytest.mark.parametrize(
    ("verb", "path", "order", "named"),
    [
        ("POST", "faults", {"kind": "explode"}, "kind"),
        ("POST", "faults", {"kind": "cut", "times": 0}, "times"),
        ("POST", "faults", {"kind": "cut", "skip": -1}, "skip"),
        ("POST", "faults", {"kind": "cut", "lasts": -1}, "lasts"),
        ("POST", "faults", {"kind": "cut", "method": 5}, "method"),
        ("POST", "faults", {"kind": "cut", "chat_id": "x"}, "chat_id"),
        ("POST", "faults", {"kind": "cut", "chat_id": 1.5}, "chat_id"),
        ("POST", "faults/99/release", {"now": True}, "неисправности"),
        ("DELETE", "faults/99", {}, "неисправности"),
        ("PUT", "limits", {"per_chat": 0}, "per_chat"),
        ("POST", "people", {"first_name": "А"}, "user_id"),
        ("POST", "people", {"user_id": 5}, "first_name"),
        ("POST", "people/5/send", {"text": "а"}, "человека"),
        ("GET", "people/5/chat", {}, "человека"),
        ("POST", f"people/{PARENT}/send", {"text": " "}, "text"),
        ("POST", f"people/{PARENT}/send", {"text": "я" * 4097}, "too long"),
        ("POST", f"people/{PARENT}/send", {"text": "а", "bot_id": 9}, "Бота 9"),
        ("POST", f"people/{PARENT}/press", {"button": "Нет"}, "Нет"),
        ("POST", f"people/{PARENT}/press", {"button": "ok", "within": "x"}, "within"),
        ("POST", f"people/{PARENT}/block", {"bot_id": BOT_ID}, "не открыт"),
    ],
)
async def test_a_bad_order_is_refused_in_a_sentence(
    wire: Wire, verb: str, path: str, order: dict[str, Any], named: str
) -> None:
    wire.emulator.person(PARENT, "Анна")
    status, body = await wire.order(verb, path, **order)
    assert status == 400
    assert named in body["error"]
    assert wire.emulator.faults.armed == ()
    assert wire.emulator.person(PARENT).chat.messages == ()


@pytest.mark.parametrize("body", [b"", b"{", b"[]"])
async def test_an_order_must_be_a_json_object(wire: Wire, body: bytes) -> None:
    url = f"{wire.emulator.base_url}/__sandbox/faults"
    async with wire.session.post(url, data=body, headers={"Content-Type": "application/json"}) as response:
        assert response.status == 400
        assert "JSON" in (await response.json())["error"]


async def test_a_page_of_a_stranger_cannot_order_by_a_plain_form(wire: Wire) -> None:
    url = f"{wire.emulator.base_url}/__sandbox/faults"
    async with wire.session.post(url, data=b'{"kind": "cut"}', headers={"Content-Type": "text/plain"}) as response:
        assert response.status == 400
    assert wire.emulator.faults.armed == ()


async def test_a_press_without_an_answer_times_out(wire: Wire) -> None:
    await wire.emulator.person(PARENT, "Анна").start()
    await wire.ok("sendMessage", chat_id=PARENT, text="а", reply_markup=BUTTON)
    status, body = await wire.order("POST", f"people/{PARENT}/press", button="ok", within=0.01)
    assert (status, body["error"]) == (408, "Бот не ответил за отведённое время.")


@pytest.mark.parametrize(
    ("remote", "status"), [("127.0.0.1", 200), ("::1", 200), ("192.0.2.7", 403), ("2001:db8::1", 403), ("", 403)]
)
async def test_orders_from_another_machine_are_refused(remote: str, status: int) -> None:
    async def handler(_: web.Request) -> dict[str, Any]:
        return {}

    request = make_mocked_request("POST", "/__sandbox/faults").clone(remote=remote)
    assert (await guarded(handler)(request)).status == status
