"""The Telegram notifier against servers that misbehave, byte by byte."""

import asyncio
import json
import logging
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
import structlog
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import notifiers.http_wire
from notifiers.port import Accepted, Button, Deferred, Message, Notifier, Outcome, Rejected, Unknown
from notifiers.telegram import TelegramNotifier, TelegramSettings
from notifiers.telegram_errors import TelegramReason as Reason
from tests.integration.http_peers import FakeHttp, Play, Request, answer, fake_http, hang, http, says

SECRET = "AAsecret-secret"
TOKEN = f"42:{SECRET}"
HELLO = Message(key="k1", address="1001", text="Привет")
SOON = timedelta(seconds=0.2)


@asynccontextmanager
async def served(play: Play, **options: Any) -> AsyncIterator[FakeHttp]:
    """Serve over HTTP; whatever came was a POST of JSON."""
    async with fake_http(play, **options) as fake:
        yield fake
    came = {(request.method, request.headers["content-type"]) for request in fake.requests}
    assert came <= {("POST", "application/json")}


@asynccontextmanager
async def sending(url: str, **settings: Any) -> AsyncIterator[TelegramNotifier]:
    clock = settings.pop("clock", lambda: 0.0)
    notifier = TelegramNotifier(TelegramSettings(TOKEN, url, **settings), clock=clock)
    try:
        yield notifier
    finally:
        await notifier.close()


async def outcome_against(play: Play, message: Message = HELLO, **settings: Any) -> tuple[Outcome, FakeHttp]:
    async with served(play) as fake, sending(fake.url, **settings) as notifier:
        (outcome,) = await notifier.send([message])
    return outcome, fake


def accepts() -> Play:
    return says(answer(200, ok=True, result={"message_id": 7}))


def refuses(code: int, description: str, **parameters: Any) -> Play:
    return says(answer(code, ok=False, error_code=code, description=description, parameters=parameters))


# --- What is sent --------------------------------------------------------------------------------------------------


async def test_new_message_and_edit_go_to_their_methods() -> None:
    async with served(accepts()) as fake, sending(fake.url + "/mirror/") as notifier:
        as_port: Notifier = notifier
        outcomes = await as_port.send([HELLO])
        edited = await as_port.send([replace(HELLO, provider_id="5", buttons=((Button("Да", "a"),),))])
    assert (outcomes, edited) == ([Accepted("7")], [Accepted("5")])
    new, edit = fake.requests
    assert new.target == f"/mirror/bot{TOKEN}/sendMessage"
    assert new.body["text"] == "Привет"
    assert edit.target == f"/mirror/bot{TOKEN}/editMessageText"
    assert (edit.body["chat_id"], edit.body["message_id"]) == (1001, 5)
    assert fake.connections == 1, "the connection is kept"


async def test_batch_is_concurrent_within_the_setting_and_outcomes_keep_the_order() -> None:
    gate = asyncio.Event()

    async def play(_: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
        if fake.in_flight == 4:
            gate.set()
        await gate.wait()
        chat = request.body["chat_id"]
        if chat % 2:
            writer.write(answer(403, ok=False, error_code=403, description="Forbidden: bot was blocked by the user"))
        else:
            writer.write(answer(200, ok=True, result={"message_id": chat}))

    async with served(play) as fake, sending(fake.url, concurrency=4) as notifier:
        batch = [replace(HELLO, key=str(n), address=str(n)) for n in range(20)]
        outcomes = await notifier.send([*batch, replace(HELLO, address="nobody")])
    dead = Rejected(Reason.BLOCKED, address_is_dead=True)
    assert outcomes == [dead if n % 2 else Accepted(str(n)) for n in range(20)] + [Rejected(Reason.BAD_ADDRESS)]
    assert (fake.connections, fake.most_in_flight) == (4, 4)


async def test_empty_batch() -> None:
    async with sending("http://127.0.0.1:9") as notifier:
        assert await notifier.send([]) == []


async def test_what_is_refused_before_sending_never_reaches_the_wire() -> None:
    outcome, fake = await outcome_against(accepts(), replace(HELLO, text="я" * 4097))
    assert outcome == Rejected(Reason.TOO_LONG)
    assert fake.connections == 0


async def test_sends_again_after_close() -> None:
    async with served(accepts()) as fake, sending(fake.url) as notifier:
        await notifier.send([HELLO])
        await notifier.close()
        await notifier.close()
        assert await notifier.send([HELLO]) == [Accepted("7")]
    assert fake.connections == 2


# --- Answers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("play", "outcome"),
    [
        (refuses(403, "Forbidden: user is deactivated"), Rejected(Reason.USER_DEACTIVATED, address_is_dead=True)),
        (refuses(400, "Bad Request: chat not found"), Rejected(Reason.CHAT_NOT_FOUND, address_is_dead=True)),
        (refuses(400, "Bad Request", migrate_to_chat_id=-1), Rejected(Reason.CHAT_MIGRATED, address_is_dead=True)),
        (refuses(400, "Bad Request: can't parse entities"), Rejected(Reason.REFUSED)),
        (refuses(401, "Unauthorized"), Deferred(Reason.CREDENTIAL_REFUSED, whole_credential=True)),
        (refuses(404, "Not Found"), Deferred(Reason.CREDENTIAL_REFUSED, whole_credential=True)),
        (refuses(409, "Conflict"), Deferred(Reason.CREDENTIAL_REFUSED, whole_credential=True)),
        (refuses(429, "Too Many", retry_after=3), Deferred(Reason.TOO_MANY_REQUESTS, timedelta(seconds=3))),
        (refuses(500, "Internal Server Error"), Deferred(Reason.SERVER_ERROR)),
        (says(http(502, b"<html>Bad Gateway</html>")), Deferred(Reason.SERVER_ERROR)),
        (says(http(200, b"<html>hello</html>")), Unknown(Reason.UNDECODABLE_ANSWER)),
        (says(http(403, b"<html>blocked</html>")), Deferred(Reason.UNDECODABLE_ANSWER)),
        (says(http(302, b"<html>log in</html>")), Deferred(Reason.UNDECODABLE_ANSWER)),
        (says(answer(200, ok=True)), Unknown(Reason.UNDECODABLE_ANSWER)),
        (says(answer(200, result={"message_id": 7})), Unknown(Reason.UNDECODABLE_ANSWER)),
    ],
)
async def test_answers_read_from_the_wire(play: Play, outcome: Outcome) -> None:
    assert (await outcome_against(play))[0] == outcome


@pytest.mark.parametrize(
    ("description", "outcome"),
    [
        ("Bad Request: message is not modified: specified new message content …", Accepted("5")),
        ("Bad Request: message to edit not found", Rejected(Reason.EDIT_IMPOSSIBLE, message_is_gone=True)),
        ("Bad Request: message can't be edited", Rejected(Reason.EDIT_IMPOSSIBLE, message_is_gone=True)),
    ],
)
async def test_answers_to_edits(description: str, outcome: Outcome) -> None:
    edit = replace(HELLO, provider_id="5")
    assert (await outcome_against(refuses(400, description), edit))[0] == outcome


async def test_redirect_is_not_a_second_post() -> None:
    redirect = says(http(307, b"{}", "Location: /elsewhere"))
    outcome, fake = await outcome_against(redirect)
    assert outcome == Deferred(Reason.UNDECODABLE_ANSWER), "whoever redirects has sent nothing"
    assert len(fake.requests) == 1


async def test_a_429_holds_its_chat_back_until_the_time_told() -> None:
    now = [100.0]

    async def play(_: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
        told = answer(429, ok=False, error_code=429, parameters={"retry_after": 3})
        writer.write(answer(200, ok=True, result={"message_id": 7}) if now[0] >= 103 else told)
        assert request.body["chat_id"] == 1001

    async with served(play) as fake, sending(fake.url, clock=lambda: now[0]) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.TOO_MANY_REQUESTS, timedelta(seconds=3))]
        now[0] = 102.0
        assert await notifier.send([HELLO]) == [Deferred(Reason.CHAT_PAUSED, timedelta(seconds=1))]
        assert len(fake.requests) == 1, "nothing goes to the wire inside a pause"
        now[0] = 103.0
        assert await notifier.send([HELLO]) == [Accepted("7")]


async def test_429s_for_two_chats_pause_the_bot_and_the_rest_of_the_batch() -> None:
    batch = [replace(HELLO, address=str(n)) for n in (1, 2, 3, 4)]
    play = refuses(429, "Too Many Requests", retry_after=5)
    async with served(play) as fake, sending(fake.url, concurrency=1) as notifier:
        outcomes = await notifier.send(batch)
    five = timedelta(seconds=5)
    assert outcomes == [
        Deferred(Reason.TOO_MANY_REQUESTS, five),
        Deferred(Reason.TOO_MANY_REQUESTS, five, whole_credential=True),
        Deferred(Reason.CREDENTIAL_PAUSED, five, whole_credential=True),
        Deferred(Reason.CREDENTIAL_PAUSED, five, whole_credential=True),
    ]
    assert len(fake.requests) == 2


# --- No answer -----------------------------------------------------------------------------------------------------


async def cut_unread(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
    del reader, request
    writer.transport.abort()


HALF_CHUNK = b'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"ok":true,"res'
HALF_LENGTH = b'HTTP/1.1 502 X\r\nContent-Length: 500\r\n\r\n{"ok":false'


@pytest.mark.parametrize(
    ("play", "reason"),
    [
        (hang, Reason.NO_ANSWER),
        (cut_unread, Reason.CUT_AFTER_SEND),
        (says(b"", then_cut=True), Reason.CUT_AFTER_SEND),
        (says(b"HTTP/1.1 200 OK\r\nContent-", then_cut=True), Reason.CUT_AFTER_SEND),
        (says(HALF_CHUNK, then_cut=True), Reason.CUT_AFTER_SEND),
        (says(HALF_LENGTH, then_cut=True), Reason.CUT_AFTER_SEND),
        (says(HALF_CHUNK), Reason.NO_ANSWER),
        (says(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", then_cut=True), Reason.UNDECODABLE_ANSWER),
        (says(b"\x00\xff" * 40, then_cut=True), Reason.UNDECODABLE_ANSWER),
    ],
)
async def test_after_the_request_left_nobody_knows(play: Play, reason: Reason) -> None:
    outcome, fake = await outcome_against(play, timeout=SOON)
    assert outcome == Unknown(reason)
    assert len(fake.requests) == 1, "never posted again by itself"


async def test_cut_before_the_request_was_read_through() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(1)
        writer.transport.abort()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with sending(f"http://127.0.0.1:{port}") as notifier:
            assert await notifier.send([HELLO]) == [Unknown(Reason.CUT_AFTER_SEND)]


async def test_refused_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening: every connection is refused
        async with sending(f"http://127.0.0.1:{taken.getsockname()[1]}") as notifier:
            assert await notifier.send([HELLO]) == [Deferred(Reason.CONNECT_FAILED)]


async def test_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_such_name(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", no_such_name)
    async with sending("http://api.telegram.invalid") as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.DNS_FAILED)]


async def test_server_that_never_finishes_the_handshake() -> None:
    async with served(hang) as fake, sending(fake.url.replace("http", "https"), timeout=SOON) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.CONNECT_TIMEOUT)]
    assert fake.requests == []


async def test_server_that_does_not_speak_tls() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with sending(f"https://127.0.0.1:{port}") as notifier:
            assert await notifier.send([HELLO]) == [Deferred(Reason.TLS_FAILED)]


async def test_certificate_that_nobody_trusts(tmp_path: Path) -> None:
    async with served(accepts(), ssl=self_signed(tmp_path)) as fake, sending(fake.url) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.TLS_FAILED)]
    assert fake.requests == []


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


# --- Kept connections ----------------------------------------------------------------------------------------------


async def test_kept_connection_closed_by_the_server_is_not_used_again() -> None:
    closes_after_each = says(answer(200, ok=True, result={"message_id": 7}), then_cut=True)
    async with served(closes_after_each) as fake, sending(fake.url) as notifier:
        assert await notifier.send([HELLO]) == [Accepted("7")]
        await hang_up_seen(notifier)
        assert await notifier.send([HELLO]) == [Accepted("7")]
    assert (fake.connections, len(fake.requests)) == (2, 2)


async def hang_up_seen(notifier: TelegramNotifier) -> None:
    """Wait until the client's loop has seen the server's FIN on its one kept connection."""
    session = notifier._session
    assert session is not None
    assert session.connector is not None
    for kept in list(session.connector._conns.values()):
        for protocol, _ in kept:
            if protocol.is_connected() and protocol.closed is not None:
                await protocol.closed


async def hung_up_unseen() -> tuple[Outcome, Outcome]:
    """Send twice; before the second the server hangs up while the client's loop has no chance to see it."""
    loop = asyncio.get_running_loop()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        async with sending(f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=timedelta(seconds=5)) as notifier:
            sent = asyncio.create_task(notifier.send([HELLO]))
            connection, _ = await loop.sock_accept(listening)
            received = b""
            while not received.endswith(b"}"):
                received += await loop.sock_recv(connection, 65536)
            await loop.sock_sendall(connection, answer(200, ok=True, result={"message_id": 7}))
            (first,) = await sent
            connection.shutdown(socket.SHUT_RDWR)
            connection.close()
            (second,) = await notifier.send([HELLO])
            return first, second


async def test_hang_up_that_the_busy_loop_has_not_seen_is_certainly_unsent() -> None:
    assert await hung_up_unseen() == (Accepted("7"), Deferred(Reason.CONNECTION_LOST))


async def test_where_the_kernel_cannot_tell_it_stays_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notifiers.http_wire, "_HANGUP", 0)
    assert await hung_up_unseen() == (Accepted("7"), Unknown(Reason.CUT_AFTER_SEND))


async def test_cancelled_send_leaves_the_notifier_usable() -> None:
    plays = iter([hang, accepts()])

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
        await next(plays)(reader, writer, request)

    async with served(play) as fake, sending(fake.url, concurrency=1) as notifier:
        sent = asyncio.create_task(notifier.send([HELLO]))
        await fake.arrived.wait()
        sent.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sent
        assert await notifier.send([HELLO]) == [Accepted("7")]


# --- Proxy ---------------------------------------------------------------------------------------------------------


async def test_proxy_is_used() -> None:
    async with served(accepts()) as proxy, sending("http://api.telegram.invalid", proxy=proxy.url) as notifier:
        assert await notifier.send([HELLO]) == [Accepted("7")]
    assert proxy.requests[0].target == f"http://api.telegram.invalid/bot{TOKEN}/sendMessage"


async def test_proxy_that_is_not_there() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        proxy = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with sending("http://api.telegram.invalid", proxy=proxy) as notifier:
            assert await notifier.send([HELLO]) == [Deferred(Reason.PROXY_FAILED)]


async def test_proxy_that_refuses_the_tunnel() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"CONNECT api.telegram.invalid:443")
        assert SECRET.encode() not in head, "a tunnel's proxy does not see the token"
        writer.write(http(407, b""))
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with sending("https://api.telegram.invalid", proxy=proxy) as notifier:
            assert await notifier.send([HELLO]) == [Deferred(Reason.PROXY_FAILED)]


# --- Secrets -------------------------------------------------------------------------------------------------------


async def test_nothing_that_is_logged_holds_token_address_or_text(caplog: pytest.LogCaptureFixture) -> None:
    plays: list[Play] = [
        accepts(),
        refuses(401, f"Unauthorized {TOKEN}"),
        refuses(403, "Forbidden: bot was blocked by the user"),
        refuses(500, "Internal"),
        hang,
        cut_unread,
        says(b"garbage\r\n\r\n", then_cut=True),
        says(HALF_CHUNK, then_cut=True),
    ]
    message = Message(key="the-key", address="777001", text="Тайна")
    asyncio.get_running_loop().set_debug(True)
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        for play in plays:
            outcome, _ = await outcome_against(play, message, timeout=SOON)
            assert SECRET not in repr(outcome)
    said = json.dumps(logs, ensure_ascii=False) + caplog.text
    assert [entry["key"] for entry in logs] == ["the-key"] * (len(plays) - 1), "success is not logged"
    assert not [secret for secret in (SECRET, "777001", "Тайна") if secret in said]
