"""The mail notifier against a real SMTP server, and against servers that misbehave, line by line."""

import asyncio
import json
import logging
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import structlog
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from notifiers.mail import MailNotifier
from notifiers.mail_errors import MailReason as Reason
from notifiers.mail_settings import MailSettings, Security
from notifiers.port import Accepted, Deferred, Message, Notifier, Outcome, Rejected, Unknown
from tests.integration import throwaway_tls
from tests.integration.smtp_peers import (
    HELLO,
    LONG,
    NOON,
    SOON,
    Act,
    FakeSmtp,
    Play,
    Reply,
    at,
    fake_smtp,
    letters,
    once,
    sending,
)

# --- A real server ---------------------------------------------------------------------------------------------------


class Mailroom:
    """What aiosmtpd took, and whom it lets in."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.peers: set[Any] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802  aiosmtpd's name
        del server
        self.taken.append(envelope)
        self.peers.add(session.peer)
        return "250 2.0.0 taken"

    def admits(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, auth: Any) -> AuthResult:
        del server, session, envelope, mechanism
        return AuthResult(success=(auth.login, auth.password) == (b"bell", "пароль".encode()), handled=False)


@asynccontextmanager
async def mailroom(tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[tuple[Mailroom, int]]:
    room = Mailroom()
    if options.pop("with_login", False):
        options |= {"authenticator": room.admits, "auth_required": True}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(room, loop=loop, **options), "127.0.0.1", 0, ssl=tls)
    try:
        yield room, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()


@dataclass
class Certificates:
    """A throw-away authority and its server context."""

    ca_file: Path
    server: ssl.SSLContext


@pytest.fixture
def certificates(tmp_path: Path) -> Certificates:
    return Certificates(*throwaway_tls.certificates(tmp_path))


def parsed(envelope: Envelope) -> EmailMessage:
    assert isinstance(envelope.content, bytes)
    return message_from_bytes(envelope.content, policy=policy.default)


async def test_letter_arrives_whole_and_the_connection_is_kept() -> None:
    async with mailroom() as (room, port), sending(port, envelope_sender="bounce@school.example") as notifier:
        as_port: Notifier = notifier
        first = await as_port.send([HELLO])
        again = await as_port.send([HELLO])
    envelope = room.taken[0]
    letter = parsed(envelope)
    assert first == again == [Accepted(letter["Message-ID"])]
    assert (envelope.mail_from, envelope.rcpt_tos) == ("bounce@school.example", ["anna@mail.example"])
    assert letter["Subject"] == "Отметка «н»"
    text, html = (letter.get_body(preferencelist=(kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert html is not None
    assert (text.get_content().strip(), html.get_content().strip()) == ("Не был на уроке.", "<p>Не был на уроке.</p>")
    assert len(room.peers) == 1


async def test_batch_shares_the_connections_and_everyone_gets_a_letter_alone() -> None:
    async with mailroom() as (room, port), sending(port, connections=3) as notifier:
        outcomes = await notifier.send([*letters(30), replace(HELLO, address="no mailbox")])
    assert all(isinstance(outcome, Accepted) for outcome in outcomes[:30])
    assert outcomes[30] == Rejected(Reason.BAD_ADDRESS)
    assert sorted(envelope.rcpt_tos for envelope in room.taken) == sorted([[f"p{n}@mail.example"] for n in range(30)])
    assert len(room.peers) == 3
    by_recipient = {envelope.rcpt_tos[0]: parsed(envelope)["Message-ID"] for envelope in room.taken}
    assert [Accepted(by_recipient[f"p{n}@mail.example"]) for n in range(30)] == outcomes[:30]


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")  # aiosmtpd does not see the TLS that wraps it
@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_encrypted_with_login(certificates: Certificates, security: Security) -> None:
    implicit = certificates.server if security is Security.TLS else None
    explicit = {} if implicit else {"tls_context": certificates.server, "require_starttls": True}
    login = {"username": "bell", "password": "пароль", "ca_file": certificates.ca_file, "security": security}
    async with (
        mailroom(implicit, with_login=True, auth_require_tls=not implicit, **explicit) as (room, port),
        sending(port, **login) as notifier,
    ):
        assert [type(outcome) for outcome in await notifier.send(letters(3))] == [Accepted] * 3
    assert len(room.taken) == 3


async def test_wrong_password_stops_the_account(certificates: Certificates) -> None:
    login = {"username": "bell", "password": "wrong", "ca_file": certificates.ca_file}
    async with (
        mailroom(tls_context=certificates.server, with_login=True) as (room, port),
        sending(port, security=Security.STARTTLS, **login) as notifier,
    ):
        outcomes = await notifier.send(letters(2))
    assert outcomes == [Deferred(Reason.CREDENTIAL_REFUSED, whole_credential=True)] * 2
    assert room.taken == []


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
async def test_certificate_that_nobody_trusts(certificates: Certificates, security: Security) -> None:
    implicit = certificates.server if security is Security.TLS else None
    explicit = {} if implicit else {"tls_context": certificates.server}
    async with mailroom(implicit, **explicit) as (room, port), sending(port, security=security) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.TLS_FAILED)]
    assert room.taken == []


async def test_international_mailbox_where_it_is_offered() -> None:
    async with mailroom(enable_SMTPUTF8=True) as (room, port), sending(port) as notifier:
        outcomes = await notifier.send([replace(HELLO, address="анна@почта.рф")])
    assert isinstance(outcomes[0], Accepted)
    assert room.taken[0].rcpt_tos == ["анна@xn--80a1acny.xn--p1ai"]
    assert room.taken[0].smtp_utf8


async def test_international_mailbox_where_it_is_not() -> None:
    batch = [replace(HELLO, address="анна@почта.рф"), replace(HELLO, address="anna@почта.рф")]
    async with mailroom() as (room, port), sending(port) as notifier:
        outcomes = await notifier.send(batch)
    assert outcomes[0] == Rejected(Reason.ADDRESS_NEEDS_SMTPUTF8)
    assert isinstance(outcomes[1], Accepted)
    assert [envelope.rcpt_tos for envelope in room.taken] == [["anna@xn--80a1acny.xn--p1ai"]]


# --- A server that does what the test says -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "reply", "outcome"),
    [
        ("MAIL", "451 4.3.0 later", Deferred(Reason.TEMPORARY)),
        ("MAIL", "550 5.7.1 you are listed", Deferred(Reason.POLICY, whole_credential=True)),
        ("MAIL", "553 not your address", Deferred(Reason.SENDER_REFUSED, whole_credential=True)),
        ("MAIL", "421 4.4.2 bye", Deferred(Reason.SERVICE_CLOSING)),
        ("RCPT", "450 4.2.0 later", Deferred(Reason.TEMPORARY)),
        ("RCPT", "550-5.1.1 no\r\n550 5.1.1 such user", Rejected(Reason.NO_SUCH_MAILBOX, address_is_dead=True)),
        ("RCPT", "550 5.7.1 No such user!", Rejected(Reason.NO_SUCH_MAILBOX, address_is_dead=True)),
        ("RCPT", "552 5.2.2 full", Deferred(Reason.MAILBOX_FULL)),
        ("RCPT", "550 mailbox unavailable", Rejected(Reason.REFUSED)),
        ("DATA", "554 no", Rejected(Reason.REFUSED)),
        ("DATA", "250 odd", Deferred(Reason.GARBLED_REPLY)),
        ("DOT", "452 4.3.1 no room", Deferred(Reason.TEMPORARY)),
        ("RCPT", "554 5.7.1 spam", Deferred(Reason.POLICY)),
        ("DOT", "554 5.7.1 spam", Deferred(Reason.POLICY)),
        ("DOT", "554 5.6.0 bad", Rejected(Reason.REFUSED)),
        ("DOT", "421 4.3.2 bye", Deferred(Reason.TEMPORARY)),
    ],
)
async def test_replies_read_from_the_wire_and_the_next_letter_goes(step: str, reply: str, outcome: Outcome) -> None:
    async with fake_smtp(once(step, reply)) as fake, sending(fake.port, connections=1) as notifier:
        outcomes = await notifier.send(letters(2))
    assert outcomes[0] == outcome
    assert isinstance(outcomes[1], Accepted)
    assert fake.taken == ["p1@mail.example"]
    closed = reply.startswith("421")
    assert fake.connections == (2 if closed else 1)


async def test_connection_whose_envelope_cannot_be_cleared_is_not_used_again() -> None:
    def play(_: FakeSmtp, step: str, argument: str) -> Reply | None:
        refused = step == "RSET" or (step == "RCPT" and "p0@" in argument)
        return "550 no" if refused else None

    async with fake_smtp(play) as fake, sending(fake.port, connections=1) as notifier:
        outcomes = await notifier.send(letters(2))
    assert outcomes[0] == Rejected(Reason.REFUSED)
    assert isinstance(outcomes[1], Accepted)
    assert fake.connections == 2


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
async def test_before_the_content_it_is_certainly_unsent(step: str, act: Act) -> None:
    async with fake_smtp(at(step, act)) as fake, sending(fake.port, timeout=SOON) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.CONNECTION_LOST)]
    assert fake.taken == []
    assert fake.connections == 1


async def test_garbage_before_the_content() -> None:
    async with fake_smtp(at("RCPT", "what?")) as fake, sending(fake.port) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.GARBLED_REPLY)]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Act.CUT, Reason.CUT_AFTER_SEND),
        (Act.HANG, Reason.NO_ANSWER),
        ("what?", Reason.UNDECODABLE_ANSWER),
        ("354 go on", Reason.UNDECODABLE_ANSWER),
    ],
)
async def test_after_the_final_dot_nobody_knows(reply: Reply, reason: Reason) -> None:
    async with fake_smtp(once("DOT", reply)) as fake, sending(fake.port, content_timeout=SOON) as notifier:
        assert await notifier.send([HELLO]) == [Unknown(reason)]
        assert [step for step in fake.steps if step.startswith("DOT")] != []
        assert len(fake.taken) == (1 if isinstance(reply, Act) else 0)
        assert isinstance((await notifier.send([HELLO]))[0], Accepted), "a broken connection is not used again"
    assert fake.connections == 2


async def test_a_broken_connection_takes_down_only_its_own_letter() -> None:
    def play(_: FakeSmtp, step: str, argument: str) -> Reply | None:
        return Act.CUT if step == "DOT" and re.search(r"p(3|11)@", argument) else None

    async with fake_smtp(play) as fake, sending(fake.port) as notifier:
        outcomes = await notifier.send(letters(20))
    unknown = [n for n, outcome in enumerate(outcomes) if outcome == Unknown(Reason.CUT_AFTER_SEND)]
    accepted = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Accepted)]
    assert (unknown, len(accepted)) == ([3, 11], 18)
    assert sorted(fake.taken) == sorted(f"p{n}@mail.example" for n in range(20)), "each exactly once"


@pytest.mark.parametrize(
    ("play", "outcome"),
    [
        (at("GREETING", "421 busy"), Deferred(Reason.GREETING_REFUSED)),
        (at("GREETING", "554 no"), Deferred(Reason.GREETING_REFUSED)),
        (at("GREETING", "554 5.7.1 listed"), Deferred(Reason.POLICY, whole_credential=True)),
        (at("GREETING", "hello?"), Deferred(Reason.GARBLED_REPLY)),
        (at("GREETING", Act.CUT), Deferred(Reason.CONNECT_FAILED)),
        (at("GREETING", Act.HANG), Deferred(Reason.CONNECT_TIMEOUT)),
        (at("EHLO", "502 no"), Deferred(Reason.GREETING_REFUSED)),
        (at("EHLO", Act.CUT), Deferred(Reason.CONNECT_FAILED)),
        (at("EHLO", Act.HANG), Deferred(Reason.CONNECT_TIMEOUT)),
    ],
)
async def test_a_server_that_lets_nobody_in(play: Play, outcome: Outcome) -> None:
    async with fake_smtp(play) as fake, sending(fake.port, timeout=SOON) as notifier:
        assert await notifier.send([HELLO]) == [outcome]
    assert fake.taken == []


async def test_a_dead_server_costs_a_batch_one_timeout_not_one_for_each_letter() -> None:
    async with fake_smtp(at("GREETING", Act.HANG)) as fake, sending(fake.port, timeout=SOON, connections=4) as notifier:
        assert await notifier.send(letters(50)) == [Deferred(Reason.CONNECT_TIMEOUT)] * 50
    assert fake.connections == 4


async def test_a_server_that_admits_one_connection_still_gets_all_letters() -> None:
    def play(server: FakeSmtp, step: str, _: str) -> Reply | None:
        return "421 too many connections" if step == "GREETING" and server.open_now > 1 else None

    async with fake_smtp(play) as fake, sending(fake.port, connections=4) as notifier:
        outcomes = await notifier.send(letters(20))
    assert all(isinstance(outcome, Accepted) for outcome in outcomes)
    assert len(set(fake.taken)) == len(fake.taken) == 20


async def test_refused_connection() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound but not listening
        async with sending(taken.getsockname()[1]) as notifier:
            assert await notifier.send(letters(2)) == [Deferred(Reason.CONNECT_FAILED)] * 2


async def test_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_such_name(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", no_such_name)
    account = MailSettings(host="mail.invalid", security=Security.PLAIN, sender_address="bell@school.example")
    notifier = MailNotifier(account, now=lambda: NOON)
    assert await notifier.send([HELLO]) == [Deferred(Reason.DNS_FAILED)]


async def test_without_starttls_nothing_of_ours_is_said() -> None:
    async with fake_smtp() as fake, sending(fake.port, security=Security.STARTTLS) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.NO_TLS_OFFERED, whole_credential=True)]
    assert fake.steps == ["GREETING:220", "EHLO:250"]


async def test_starttls_that_is_refused() -> None:
    def play(_: FakeSmtp, step: str, __: str) -> Reply | None:
        return {"EHLO": "250-fake\r\n250 STARTTLS", "STARTTLS": "454 not now"}.get(step)

    async with fake_smtp(play) as fake, sending(fake.port, security=Security.STARTTLS) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.GREETING_REFUSED)]
    assert fake.taken == []


async def test_password_without_a_way_to_say_it(certificates: Certificates) -> None:
    login = {"username": "bell", "password": "пароль", "ca_file": certificates.ca_file}
    options: dict[str, Any] = {"tls_context": certificates.server, "auth_exclude_mechanism": ["LOGIN", "PLAIN"]}
    async with mailroom(**options) as (room, port), sending(port, security=Security.STARTTLS, **login) as notifier:
        assert await notifier.send([HELLO]) == [Deferred(Reason.NO_AUTH_OFFERED, whole_credential=True)]
    assert room.taken == []


# --- Kept connections ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reply", ["421 4.4.2 idle too long", Act.CUT])
async def test_kept_connection_that_died_is_replaced_silently(reply: Reply) -> None:
    second = iter([None, reply])
    play: Play = lambda _, step, __: next(second, None) if step == "MAIL" else None  # noqa: E731  it is a Play
    async with fake_smtp(play) as fake, sending(fake.port, connections=1) as notifier:
        await notifier.send(letters(1))
        assert isinstance((await notifier.send([HELLO]))[0], Accepted)
    assert fake.connections == 2
    assert fake.taken == ["p0@mail.example", "anna@mail.example"]


async def test_each_connection_carries_so_many_letters_and_says_goodbye() -> None:
    async with fake_smtp() as fake, sending(fake.port, connections=1, messages_per_connection=3) as notifier:
        await notifier.send(letters(7))
        await notifier.close()
    assert (fake.connections, fake.most_open) == (3, 1)
    assert fake.steps.count("QUIT:221") == 3


async def test_idle_connection_is_closed_in_time_and_not_used_again() -> None:
    now = [0.0]
    async with fake_smtp() as fake, sending(fake.port, clock=lambda: now[0], idle=LONG) as notifier:
        await notifier.send([HELLO])
        now[0] += 19.9
        await notifier.send([HELLO])
        assert fake.connections == 1
        now[0] += 20
        await notifier.send([HELLO])
        assert fake.connections == 2


async def test_idle_connections_are_swept_without_another_letter() -> None:
    loop = asyncio.get_running_loop()
    async with fake_smtp() as fake, sending(fake.port, clock=loop.time, idle=timedelta(seconds=0.05)) as notifier:
        await notifier.send(letters(4))
        async with asyncio.timeout(5):
            await fake.emptied.wait()
        assert fake.steps.count("QUIT:221") == fake.connections


async def test_concurrent_batches_share_the_limit() -> None:
    async with fake_smtp() as fake, sending(fake.port, connections=2) as notifier:
        batches = await asyncio.gather(*(notifier.send(letters(5)) for _ in range(4)))
    assert all(isinstance(outcome, Accepted) for batch in batches for outcome in batch)
    assert len(fake.taken) == 20
    assert fake.most_open == 2


async def test_cancelled_send_leaves_no_half_used_connection() -> None:
    async with fake_smtp(once("RCPT", Act.HANG)) as fake, sending(fake.port, connections=1, timeout=LONG) as notifier:
        sent = asyncio.create_task(notifier.send([HELLO]))
        await fake.hung.wait()
        sent.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sent
        assert isinstance((await notifier.send([HELLO]))[0], Accepted)
    assert fake.connections == 2


async def test_connection_given_back_after_close_is_closed() -> None:
    async with fake_smtp(once("RCPT", Act.HANG)) as fake, sending(fake.port, timeout=SOON) as notifier:
        sent = asyncio.create_task(notifier.send([HELLO]))
        await fake.hung.wait()
        await notifier.close()
        assert await sent == [Deferred(Reason.CONNECTION_LOST)]
        await fake.emptied.wait()


async def test_empty_batch() -> None:
    async with sending(9) as notifier:
        assert await notifier.send([]) == []


# --- Secrets -------------------------------------------------------------------------------------------------------


async def test_nothing_that_is_logged_holds_password_address_or_text(
    caplog: pytest.LogCaptureFixture, certificates: Certificates
) -> None:
    plays = [
        at("RCPT", "550 5.1.1 tayna@mail.example unknown"),
        at("MAIL", "550 5.7.1 bell-secret"),
        at("DOT", Act.CUT),
        at("DOT", "what? tayna@mail.example"),
        at("RCPT", Act.HANG),
    ]
    message = Message(key="the-key", address="tayna@mail.example", text="Тайна", subject="Тайна")
    asyncio.get_running_loop().set_debug(True)
    login = {"username": "bell-secret", "password": "password-secret", "ca_file": certificates.ca_file}
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs:
        for play in plays:
            async with fake_smtp(play) as fake, sending(fake.port, timeout=SOON) as notifier:
                await notifier.send([message])
        async with (
            mailroom(tls_context=certificates.server, with_login=True) as (_, port),
            sending(port, security=Security.STARTTLS, **login) as notifier,
        ):
            await notifier.send([message])
            assert "secret" not in repr(notifier)
    ours = json.dumps(logs, ensure_ascii=False)
    assert [entry["key"] for entry in logs] == ["the-key"] * 6
    assert {entry["log_level"] for entry in logs} == {"info", "warning", "error"}
    assert not [secret for secret in ("secret", "tayna", "Тайна", "тайна") if secret in ours + not_of_the_peer(caplog)]


def not_of_the_peer(caplog: pytest.LogCaptureFixture) -> str:
    """What was logged through ``logging``, except by the test's own SMTP server."""
    return "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("mail."))
