"""What only the MAX notifier has: its calls, two a second for a dialogue, pauses of its own, the ministry's root."""

import asyncio
import json
import logging
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog

from notifiers.max import MaxNotifier
from notifiers.max_errors import MaxReason as Reason
from notifiers.max_settings import MaxSettings
from notifiers.port import Accepted, Button, Deferred, Message, Notifier, Rejected, Window
from tests.integration.http_peers import answer, fake_http, hang, says
from tests.integration.throwaway_tls import certificates

SECRET = "AAsecret-secret"
NEW = Message(key="k1", address="1001", text="Привет")
EDIT = replace(NEW, provider_id="mid.5")
M_TAKEN = answer(200, message={"body": {"mid": "mid.7", "seq": 1, "text": "Привет"}})
TOO_MANY = answer(429, code="too.many.requests", message="x")


@asynccontextmanager
async def sending(url: str, **settings: Any) -> AsyncIterator[MaxNotifier]:
    clock = settings.pop("clock", asyncio.get_running_loop().time)
    notifier = MaxNotifier(MaxSettings(SECRET, url, **settings), clock=clock)
    try:
        yield notifier
    finally:
        await notifier.close()


async def test_who_we_are_is_in_a_header_and_whom_we_mean_in_the_query() -> None:
    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Any) -> None:
        await says(answer(200, success=True) if request.method == "PUT" else M_TAKEN)(reader, writer, request)

    async with fake_http(play) as peer, sending(peer.url + "/mirror/") as notifier:
        as_port: Notifier = notifier
        assert await as_port.send([replace(NEW, silent=True)]) == [Accepted("mid.7")]
        assert await as_port.send([replace(EDIT, buttons=((Button("Да", "a"),),))]) == [Accepted("mid.5")]
    new, edit = peer.requests
    assert (new.method, new.target) == ("POST", "/mirror/messages?user_id=1001")
    assert (edit.method, edit.target) == ("PUT", "/mirror/messages?message_id=mid.5")
    assert {new.headers["authorization"], edit.headers["authorization"]} == {SECRET}
    assert new.headers["content-type"] == "application/json"
    assert new.body == {"text": "Привет", "notify": False}
    assert edit.body["attachments"][0]["payload"]["buttons"][0][0]["payload"] == "a"
    assert peer.connections == 1, "the connection is kept"


async def test_a_third_call_for_a_dialogue_waits_while_another_dialogue_does_not() -> None:
    at: list[float] = []

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Any) -> None:
        at.append(asyncio.get_running_loop().time())
        await says(answer(200, success=True) if request.method == "PUT" else M_TAKEN)(reader, writer, request)

    async with fake_http(play) as peer, sending(peer.url) as notifier:
        outcomes = await notifier.send([NEW, EDIT, NEW, replace(NEW, address="1002")])
    assert outcomes == [Accepted("mid.7"), Accepted("mid.5"), Accepted("mid.7"), Accepted("mid.7")]
    assert [request.target.partition("?")[2] for request in peer.requests].index("user_id=1002") < 3
    assert max(at) - min(at) >= 1, "two calls a second, sends and edits alike"


async def test_a_turn_beyond_the_window_is_no_try() -> None:
    now = asyncio.get_running_loop().time()
    async with fake_http(says(M_TAKEN)) as peer, sending(peer.url, clock=lambda: now) as notifier:
        outcomes = await notifier.send([NEW] * 3, Window(begin_by=now + 0.5))
        assert notifier.room > 0
    assert outcomes == [Accepted("mid.7"), Accepted("mid.7"), Deferred(Reason.NOT_BEGUN, begun=False)]
    assert len(peer.requests) == 2


async def test_a_connection_that_came_too_late_carries_nothing() -> None:
    async with fake_http(says(M_TAKEN)) as peer, sending(peer.url, clock=lambda: 100.0) as notifier:
        assert await notifier.send([NEW], Window(leave_by=lambda: 99.0)) == [Deferred(Reason.CONNECT_TIMEOUT)]
    assert not peer.requests


async def test_429s_hold_the_dialogue_back_longer_and_longer_then_the_bot() -> None:
    now = [100.0]
    async with fake_http(says(TOO_MANY)) as peer, sending(peer.url, clock=lambda: now[0]) as notifier:
        assert await notifier.send([NEW]) == [Deferred(Reason.TOO_MANY_REQUESTS, timedelta(seconds=1))]
        assert await notifier.send([NEW]) == [Deferred(Reason.CHAT_PAUSED, timedelta(seconds=1))]
        assert len(peer.requests) == 1, "nothing goes to the wire inside a pause"
        now[0] += 5
        assert await notifier.send([NEW]) == [Deferred(Reason.TOO_MANY_REQUESTS, timedelta(seconds=2))]
        (other,) = await notifier.send([replace(NEW, address="1002")])
        assert other == Deferred(Reason.TOO_MANY_REQUESTS, timedelta(seconds=1), whole_credential=True)
        (third,) = await notifier.send([replace(NEW, address="1003")])
        assert third == Deferred(Reason.CREDENTIAL_PAUSED, timedelta(seconds=1), whole_credential=True)
        assert len(peer.requests) == 3


async def test_what_is_refused_before_sending_never_reaches_the_wire() -> None:
    async with fake_http(says(M_TAKEN)) as peer, sending(peer.url) as notifier:
        assert await notifier.send([replace(NEW, text="я" * 4001)]) == [Rejected(Reason.TOO_LONG)]
        assert await notifier.send([]) == []
    assert peer.connections == 0


async def test_the_root_of_the_file_is_believed_by_this_client_alone(tmp_path: Path) -> None:
    ca_file, server = certificates(tmp_path)
    async with fake_http(says(M_TAKEN), ssl=server) as peer:
        async with sending(peer.url) as stranger:
            assert await stranger.send([NEW]) == [Deferred(Reason.TLS_FAILED)]
        async with sending(peer.url, ca_file=ca_file) as notifier:
            assert await notifier.send([NEW]) == [Accepted("mid.7")]
        async with sending(peer.url) as stranger:
            assert await stranger.send([NEW]) == [Deferred(Reason.TLS_FAILED)]
    assert len(peer.requests) == 1


def test_the_usual_roots_stay(tmp_path: Path) -> None:
    ca_file, _ = certificates(tmp_path)
    usual = MaxSettings(SECRET).tls_context()
    with_file = MaxSettings(SECRET, ca_file=ca_file).tls_context()
    assert len(with_file.get_ca_certs()) == len(usual.get_ca_certs()) + 1
    assert (with_file.verify_mode, with_file.check_hostname) == (ssl.CERT_REQUIRED, True)


async def test_nothing_that_is_logged_holds_token_address_or_text(caplog: pytest.LogCaptureFixture) -> None:
    plays = [
        says(M_TAKEN),
        says(answer(401, code="verify.token", message=SECRET)),
        says(answer(403, code="chat.denied", message="error.dialog.suspended")),
        hang,
        says(b"garbage\r\n\r\n", then_cut=True),
    ]
    message = Message(key="the-key", address="777001", text="Тайна")
    asyncio.get_running_loop().set_debug(True)
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        for play in plays:
            async with fake_http(play) as peer, sending(peer.url, timeout=timedelta(seconds=0.2)) as notifier:
                (outcome,) = await notifier.send([message])
                assert SECRET not in repr(outcome)
    said = json.dumps(logs, ensure_ascii=False) + caplog.text
    assert [entry["key"] for entry in logs] == ["the-key"] * (len(plays) - 1), "success is not logged"
    assert not [secret for secret in (SECRET, "777001", "Тайна") if secret in said]
