"""One contract for every channel: the same trouble on the wire comes to outcomes of the same meaning.

Rows are troubles, columns are the adapters. A cell names where its answer comes from and what it must come to, or says
why that channel cannot have such a trouble. The answers of each adapter by itself: ``docs/reference/outcomes.md``.
Sources: Bot API (core.telegram.org/bots/api), MAX (dev.max.ru/docs-api and the published schema), RFC 5321 and 3463.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple, assert_never

import pytest

from core.events import Channel
from notifiers.mail_errors import MailReason
from notifiers.mail_settings import Security
from notifiers.max import MaxNotifier
from notifiers.max_errors import MaxReason
from notifiers.max_settings import MaxSettings
from notifiers.port import CAPABILITIES, Accepted, Deferred, Message, Notifier, Outcome, Recall, Rejected, Unknown
from notifiers.telegram import TelegramNotifier, TelegramSettings
from notifiers.telegram_errors import TelegramReason
from tests.integration import smtp_peers as smtp
from tests.integration import throwaway_tls
from tests.integration.http_peers import Play, answer, drips, fake_http, hang, http, says

NEW = Message(key="k1", address="1001", text="Привет")
EDIT = replace(NEW, provider_id="5")
RECALL, RECALL_MAX = Recall("k1", "1001", "5"), Recall("k1", "1001", "mid.5")
RECALL_LETTER = Recall("k1", "anna@mail.example", "<x@school.example>")
SOON = timedelta(seconds=0.3)
CHANNELS = ("telegram", "max", "mail")


class Cell(NamedTuple):
    """What the server does, where that is written, and what it must come to."""

    source: str
    ask: Callable[[], Awaitable[Outcome]]
    expected: Outcome


class Absent(NamedTuple):
    """Why this channel has no such trouble."""

    why: str


class Row(NamedTuple):
    """One trouble over all channels."""

    name: str
    telegram: Cell | Absent
    max: Cell | Absent
    mail: Cell | Absent


# --- Asking each adapter over its wire --------------------------------------------------------------------------------


def telegram_at(url: str, timeout: timedelta) -> Notifier:
    return TelegramNotifier(TelegramSettings("42:AA", url, timeout=timeout))


def max_at(url: str, timeout: timedelta) -> Notifier:
    return MaxNotifier(MaxSettings("AA", url, timeout=timeout))


async def sent(notifier: Notifier, asked: Message | Recall) -> Outcome:
    try:
        (outcome,) = await notifier.recall([asked]) if isinstance(asked, Recall) else await notifier.send([asked])
    finally:
        await notifier.close()
    return outcome


type Over = Callable[[str, timedelta], Notifier]


def over_http(at: Over, play: Play, message: Message | Recall, *, timeout: timedelta, scheme: str) -> Callable[[], Any]:
    async def ask() -> Outcome:
        async with fake_http(play) as peer:
            outcome = await sent(at(peer.url.replace("http", scheme, 1), timeout), message)
        assert len(peer.requests) == (scheme == "http"), "asked once, and never again by itself"
        return outcome

    return ask


def nobody_listens(at: Over) -> Callable[[], Any]:
    async def ask() -> Outcome:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            return await sent(at(f"http://127.0.0.1:{taken.getsockname()[1]}", SOON), NEW)

    return ask


DEFAULTS: dict[str, Any] = {"timeout": timedelta(seconds=20), "scheme": "http"}


def telegram(source: str, play: Play | bytes, expected: Outcome, message: Message | Recall = NEW, **how: Any) -> Cell:
    play = says(play) if isinstance(play, bytes) else play
    how = DEFAULTS | how
    return Cell(f"Bot API: {source}", over_http(telegram_at, play, message, **how), expected)


def max_api(source: str, play: Play | bytes, expected: Outcome, message: Message | Recall = NEW, **how: Any) -> Cell:
    play = says(play) if isinstance(play, bytes) else play
    how = DEFAULTS | how
    return Cell(f"MAX: {source}", over_http(max_at, play, message, **how), expected)


def mail(
    source: str, play: smtp.Play, expected: Outcome, message: Message | Recall = smtp.HELLO, **account: Any
) -> Cell:
    async def ask() -> Outcome:
        async with (
            smtp.fake_smtp(play) as fake,
            smtp.sending(fake.port, timeout=SOON, content_timeout=SOON, **account) as notifier,
        ):
            outcome = await sent(notifier, message)
        assert len([step for step in fake.steps if step.startswith("DOT")]) <= 1, "said once, and never again by itself"
        return known(outcome)

    return Cell(f"SMTP: {source}", ask, expected)


def known(outcome: Outcome) -> Outcome:
    """A letter's ``Message-ID`` is its own affair."""
    return Accepted("<id>") if isinstance(outcome, Accepted) else outcome


async def slow_mail() -> Outcome:
    class Slow(smtp.FakeSmtp):
        async def answer(
            self, step: str, argument: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
        ) -> bool:
            await asyncio.sleep(0.02)
            return await super().answer(step, argument, reader, writer)

    slow = Slow(lambda *_: None)
    server = await asyncio.start_server(slow.serve, "127.0.0.1", 0)
    async with server, smtp.sending(server.sockets[0].getsockname()[1]) as notifier:
        (outcome,) = await notifier.send([smtp.HELLO])
        return known(outcome)


async def no_mail_server() -> Outcome:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        async with smtp.sending(taken.getsockname()[1]) as notifier:
            (outcome,) = await notifier.send([smtp.HELLO])
            return outcome


@contextmanager
def a_stranger() -> Iterator[ssl.SSLContext]:
    """A server whose certificate nobody vouches for."""
    with TemporaryDirectory() as folder:
        _, server = throwaway_tls.certificates(Path(folder))
        yield server


async def not_trusted_by(at: Over) -> Outcome:
    with a_stranger() as server:
        async with fake_http(says(b"never heard"), ssl=server) as peer:
            outcome = await sent(at(peer.url, SOON), NEW)
        assert peer.requests == []
        return outcome


async def mail_is_not_trusted() -> Outcome:
    with a_stranger() as server:
        listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0, ssl=server)
        async with listening:
            port = listening.sockets[0].getsockname()[1]
            async with smtp.sending(port, timeout=SOON, security=Security.TLS) as notifier:
                return await sent(notifier, smtp.HELLO)


def refused(code: int, description: str, **parameters: Any) -> bytes:
    return answer(code, ok=False, error_code=code, description=description, parameters=parameters)


def denied(status: int, code: str, message: str = "x") -> bytes:
    return answer(status, code=code, message=message)


# --- The matrix -------------------------------------------------------------------------------------------------------

T, M, L = TelegramReason, MaxReason, MailReason
T_TAKEN = answer(200, ok=True, result={"message_id": 7})
M_TAKEN = answer(200, message={"body": {"mid": "mid.7", "seq": 1, "text": "Привет"}})
T_HALF = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"ok":true'
M_HALF = b'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"message":{"body"'
NOT_HTTP = says(b"SSH-2.0-OpenSSH_9.2\r\n\r\n", then_cut=True)
PAGE = http(200, b"<html>hello</html>")
REDIRECT = http(307, b"", "Location: /elsewhere")
ONE_SECOND, SEVEN_SECONDS = timedelta(seconds=1), timedelta(seconds=7)
LETTER = replace(smtp.HELLO, provider_id="<x@school.example>")
STAYS = Absent("a letter that was taken is never touched again")
NO_AGE = Absent("no age is documented at which a message of ours can be recalled no more")
SAME = Absent("what an edit to the same words comes to is not documented apart")
TLS_AT_ONCE = Absent("TLS from the first byte, or nothing")
NO_SUCH_CONSUMER = Absent("nothing is fetched with the sender's credential")


def dead(reason: str) -> Rejected:
    return Rejected(reason, address_is_dead=True)


def everybody(reason: str) -> Deferred:
    return Deferred(reason, whole_credential=True)


SUCCESS = (
    Row(
        "success: a new message",
        telegram("sendMessage", T_TAKEN, Accepted("7")),
        max_api("POST /messages", M_TAKEN, Accepted("mid.7")),
        mail("250 after the dot", lambda *_: None, Accepted("<id>")),
    ),
    Row(
        "success: an edit",
        telegram("editMessageText", T_TAKEN, Accepted("5"), EDIT),
        max_api("PUT /messages", answer(200, success=True), Accepted("5"), EDIT),
        mail("no edit exists", lambda *_: None, Rejected(L.CANNOT_EDIT), LETTER),
    ),
    Row(
        "success: a recall",
        telegram("deleteMessage", answer(200, ok=True, result=True), Accepted("5"), RECALL),
        max_api("DELETE /messages", answer(200, success=True), Accepted("mid.5"), RECALL_MAX),
        mail("no recall exists", lambda *_: None, Rejected(L.CANNOT_RECALL), RECALL_LETTER),
    ),
    Row(
        "success: an edit that changes nothing",
        telegram("400 not modified", refused(400, "Bad Request: message is not modified: x"), Accepted("5"), EDIT),
        SAME,
        STAYS,
    ),
    Row(
        "slow answer",
        telegram("sendMessage", drips(T_TAKEN), Accepted("7")),
        max_api("POST /messages", drips(M_TAKEN), Accepted("mid.7")),
        Cell("SMTP: 250 after a while", slow_mail, Accepted("<id>")),
    ),
)
ADDRESS = (
    Row(
        "403 blocked: the reader stopped us",
        telegram("403", refused(403, "Forbidden: bot was blocked by the user"), dead(T.BLOCKED)),
        max_api("403 chat.denied", denied(403, "chat.denied", "error.dialog.suspended"), dead(M.BLOCKED)),
        Absent("a reader cannot stop a sender; his server refuses the letter by 5.7.x"),
    ),
    Row(
        "403 user is deactivated: the account is gone",
        telegram("403", refused(403, "Forbidden: user is deactivated"), dead(T.USER_DEACTIVATED)),
        max_api("404 user.not.found", denied(404, "user.not.found"), dead(M.CHAT_NOT_FOUND)),
        mail("RFC 3463, 5.1.1", smtp.at("RCPT", "550 5.1.1 no such user"), dead(L.NO_SUCH_MAILBOX)),
    ),
    Row(
        "403 can't initiate conversation: never begun",
        telegram("403", refused(403, "Forbidden: bot can't initiate conversation with a user"), dead(T.NEVER_STARTED)),
        max_api(
            "404 dialog.not.found", denied(404, "dialog.not.found", "error.dialog.notfound"), dead(M.CHAT_NOT_FOUND)
        ),
        Absent("a mailbox may be written to by anybody"),
    ),
    Row(
        "400 chat not found: a dead binding",
        telegram("400", refused(400, "Bad Request: chat not found"), dead(T.CHAT_NOT_FOUND)),
        max_api("404 chat.not.found", denied(404, "chat.not.found"), dead(M.CHAT_NOT_FOUND)),
        mail("RFC 7505, 5.1.10", smtp.at("RCPT", "556 5.1.10 null MX"), dead(L.NO_SUCH_MAILBOX)),
    ),
    Row(
        "400 migrate_to_chat_id",
        telegram("ResponseParameters", refused(400, "Bad Request", migrate_to_chat_id=-1), dead(T.CHAT_MIGRATED)),
        Absent("the address is the user's id, which stays"),
        Absent("forwarding is the affair of the reader's server"),
    ),
    Row(
        "5.2.2 full mailbox",
        Absent("a chat cannot be full"),
        Absent("a dialogue cannot be full"),
        mail("RFC 3463, x.2.2", smtp.at("RCPT", "552 5.2.2 full"), Deferred(L.MAILBOX_FULL)),
    ),
)
REFUSED = (
    Row(
        "400 other: our bug",
        telegram("400", refused(400, "Bad Request: can't parse entities"), Rejected(T.REFUSED)),
        max_api("400 proto.payload", denied(400, "proto.payload"), Rejected(M.REFUSED)),
        mail("RFC 3463, 5.6.0", smtp.at("DOT", "554 5.6.0 bad content"), Rejected(L.REFUSED)),
    ),
    Row(
        "403 in other words",
        telegram("403", refused(403, "Forbidden: some new wording"), Rejected(T.FORBIDDEN)),
        max_api("403", denied(403, "access.denied"), Rejected(M.FORBIDDEN)),
        mail("RFC 5321, 550", smtp.at("RCPT", "550 mailbox unavailable"), Rejected(L.REFUSED)),
    ),
    Row(
        "the message to edit is gone",
        telegram(
            "400",
            refused(400, "Bad Request: message to edit not found"),
            Rejected(T.EDIT_IMPOSSIBLE, message_is_gone=True),
            EDIT,
        ),
        max_api("404", denied(404, "not.found"), Rejected(M.EDIT_IMPOSSIBLE, message_is_gone=True), EDIT),
        STAYS,
    ),
    Row(
        "the message to edit is too old",
        telegram(
            "400",
            refused(400, "Bad Request: message can't be edited"),
            Rejected(T.EDIT_IMPOSSIBLE, message_is_gone=True),
            EDIT,
        ),
        max_api("success: false, 7 days", answer(200, success=False, message="too old"), Rejected(M.REFUSED), EDIT),
        STAYS,
    ),
    Row(
        "the message to recall is gone already",
        telegram("400", refused(400, "Bad Request: message to delete not found"), Accepted("5"), RECALL),
        max_api("404", denied(404, "not.found"), Accepted("mid.5"), RECALL_MAX),
        STAYS,
    ),
    Row(
        "the message to recall is too old",
        telegram(
            "400, 48 hours",
            refused(400, "Bad Request: message can't be deleted for everyone"),
            Rejected(T.RECALL_IMPOSSIBLE),
            RECALL,
        ),
        NO_AGE,
        STAYS,
    ),
    Row(
        "200 with a refusal inside, to a recall",
        telegram("ok: false", answer(200, ok=False), Unknown(T.UNDECODABLE_ANSWER), RECALL),
        max_api("success: false", answer(200, success=False, message="x"), Rejected(M.RECALL_IMPOSSIBLE), RECALL_MAX),
        STAYS,
    ),
    Row(
        "405: no such method",
        Absent("an unknown method is 404, as an unknown token is"),
        max_api("405", denied(405, "method.not.allowed"), Rejected(M.REFUSED)),
        mail("RFC 5321, 502", smtp.at("DATA", "502 not implemented"), Rejected(L.REFUSED)),
    ),
    Row(
        "200 with a refusal inside, to an edit",
        telegram("ok: false", answer(200, ok=False), Unknown(T.UNDECODABLE_ANSWER), EDIT),
        max_api("success: false", answer(200, success=False, message="x"), Rejected(M.REFUSED), EDIT),
        STAYS,
    ),
    Row(
        "200 with a refusal inside, to a new message",
        telegram("ok: false", answer(200, ok=False), Unknown(T.UNDECODABLE_ANSWER)),
        max_api("success: false", answer(200, success=False, message="x"), Rejected(M.REFUSED)),
        Absent("a reply is its code"),
    ),
)
CREDENTIAL = (
    Row(
        "401: a bad credential",
        telegram("401", refused(401, "Unauthorized"), everybody(T.CREDENTIAL_REFUSED)),
        max_api("401 verify.token", denied(401, "verify.token"), everybody(M.CREDENTIAL_REFUSED)),
        mail("sender not ours", smtp.at("MAIL", "553 not your address"), everybody(L.SENDER_REFUSED)),
    ),
    Row(
        "409: two consumers",
        telegram("409", refused(409, "Conflict: terminated by other getUpdates"), everybody(T.CREDENTIAL_REFUSED)),
        NO_SUCH_CONSUMER,
        NO_SUCH_CONSUMER,
    ),
    Row(
        "no protection offered",
        TLS_AT_ONCE,
        TLS_AT_ONCE,
        mail("RFC 3207, none", lambda *_: None, everybody(L.NO_TLS_OFFERED), security=Security.STARTTLS),
    ),
    Row(
        "5.7.x: our reputation",
        Absent("no such code; a bot that is shut out gets 401"),
        Absent("no such code; a bot that is shut out gets 401"),
        mail("RFC 3463, 5.7.1", smtp.at("MAIL", "550 5.7.1 you are listed"), everybody(L.POLICY)),
    ),
)
TEMPORARY = (
    Row(
        "429 with a time to wait",
        telegram("retry_after", refused(429, "Too Many", retry_after=7), Deferred(T.TOO_MANY_REQUESTS, SEVEN_SECONDS)),
        Absent("429 tells no time"),
        Absent("SMTP tells no times"),
    ),
    Row(
        "429 without a time to wait",
        telegram("429", refused(429, "Too Many"), Deferred(T.TOO_MANY_REQUESTS)),
        max_api("429", denied(429, "too.many.requests"), Deferred(M.TOO_MANY_REQUESTS, ONE_SECOND)),
        mail("451 4.5.1", smtp.at("RCPT", "451 4.5.1 rate limit"), Deferred(L.TEMPORARY)),
    ),
    Row(
        "5xx: temporary",
        telegram("500", refused(500, "Internal Server Error"), Deferred(T.SERVER_ERROR)),
        max_api("503", denied(503, "service.unavailable"), Deferred(M.SERVER_ERROR)),
        mail("RFC 5321, 4yz", smtp.at("RCPT", "450 4.2.0 later"), Deferred(L.TEMPORARY)),
    ),
    Row(
        "a proxy's 502",
        telegram("not its own", http(502, b"<html>Bad Gateway</html>"), Deferred(T.SERVER_ERROR)),
        max_api("not its own", http(502, b"<html>Bad Gateway</html>"), Deferred(M.SERVER_ERROR)),
        mail("421", smtp.at("MAIL", "421 4.4.2 bye"), Deferred(L.SERVICE_CLOSING)),
    ),
    Row(
        "503 of the service",
        telegram("503", refused(503, "Service Unavailable"), Deferred(T.SERVER_ERROR)),
        max_api("503", denied(503, "service.unavailable"), Deferred(M.SERVER_ERROR)),
        mail("RFC 3463, 4.3.2", smtp.at("MAIL", "451 4.3.2 not now"), Deferred(L.TEMPORARY)),
    ),
    Row(
        "a proxy's 504",
        telegram("not its own", http(504, b"<html>Gateway Timeout</html>"), Deferred(T.SERVER_ERROR)),
        max_api("not its own", http(504, b"<html>Gateway Timeout</html>"), Deferred(M.SERVER_ERROR)),
        mail("RFC 3463, 4.4.2", smtp.at("DOT", "451 4.4.2 timed out behind"), Deferred(L.TEMPORARY)),
    ),
    Row(
        "503 to a recall",
        telegram("503", refused(503, "Service Unavailable"), Deferred(T.SERVER_ERROR), RECALL),
        max_api("503", denied(503, "service.unavailable"), Deferred(M.SERVER_ERROR), RECALL_MAX),
        STAYS,
    ),
    Row(
        "4.7.x: our reputation, for now",
        Absent("no such code; 429 is all that is said"),
        Absent("no such code; 429 is all that is said"),
        mail("Gmail, 4.7.x since 2025", smtp.at("RCPT", "421 4.7.28 unusual rate"), Deferred(L.SERVICE_CLOSING)),
    ),
    Row(
        "redirect",
        telegram("not its own", REDIRECT, Deferred(T.UNDECODABLE_ANSWER)),
        max_api("not its own", REDIRECT, Deferred(M.UNDECODABLE_ANSWER)),
        Absent("SMTP sends nobody elsewhere with a letter"),
    ),
)
NO_ANSWER = (
    Row(
        "network error before the request left",
        Cell("no listener", nobody_listens(telegram_at), Deferred(T.CONNECT_FAILED)),
        Cell("no listener", nobody_listens(max_at), Deferred(M.CONNECT_FAILED)),
        Cell("no listener", no_mail_server, Deferred(L.CONNECT_FAILED)),
    ),
    Row(
        "timeout before the request left",
        telegram("TLS never done", hang, Deferred(T.CONNECT_TIMEOUT), timeout=SOON, scheme="https"),
        max_api("TLS never done", hang, Deferred(M.CONNECT_TIMEOUT), timeout=SOON, scheme="https"),
        mail("no greeting", smtp.at("GREETING", smtp.Act.HANG), Deferred(L.CONNECT_TIMEOUT)),
    ),
    Row(
        "a certificate that is not trusted",
        Cell("Bot API: HTTPS", lambda: not_trusted_by(telegram_at), Deferred(T.TLS_FAILED)),
        Cell("MAX: its own root", lambda: not_trusted_by(max_at), Deferred(M.TLS_FAILED)),
        Cell("SMTP: verified TLS", mail_is_not_trusted, Deferred(L.TLS_FAILED)),
    ),
    Row(
        "timeout after the request left",
        telegram("silence", hang, Unknown(T.NO_ANSWER), timeout=SOON),
        max_api("silence", hang, Unknown(M.NO_ANSWER), timeout=SOON),
        mail("silence after the dot", smtp.at("DOT", smtp.Act.HANG), Unknown(L.NO_ANSWER)),
    ),
    Row(
        "timeout after a recall left",
        telegram("silence", hang, Unknown(T.NO_ANSWER), RECALL, timeout=SOON),
        max_api("silence", hang, Unknown(M.NO_ANSWER), RECALL_MAX, timeout=SOON),
        STAYS,
    ),
    Row(
        "cut before any answer",
        telegram("cut", says(b"", then_cut=True), Unknown(T.CUT_AFTER_SEND)),
        max_api("cut", says(b"", then_cut=True), Unknown(M.CUT_AFTER_SEND)),
        mail("cut after the dot", smtp.at("DOT", smtp.Act.CUT), Unknown(L.CUT_AFTER_SEND)),
    ),
    Row(
        "cut answer",
        telegram("half a body", says(T_HALF, then_cut=True), Unknown(T.CUT_AFTER_SEND)),
        max_api("half a body", says(M_HALF, then_cut=True), Unknown(M.CUT_AFTER_SEND)),
        Absent("half a reply line is no reply: the same as cut before any"),
    ),
    Row(
        "malformed answer",
        telegram("not HTTP", NOT_HTTP, Unknown(T.UNDECODABLE_ANSWER)),
        max_api("not HTTP", NOT_HTTP, Unknown(M.UNDECODABLE_ANSWER)),
        mail("no code after the dot", smtp.at("DOT", "what?"), Unknown(L.UNDECODABLE_ANSWER)),
    ),
    Row(
        "200 with an undecodable body",
        telegram("not JSON", PAGE, Unknown(T.UNDECODABLE_ANSWER)),
        max_api("not JSON", PAGE, Unknown(M.UNDECODABLE_ANSWER)),
        Absent("a reply is its code"),
    ),
)
MATRIX = (*SUCCESS, *ADDRESS, *REFUSED, *CREDENTIAL, *TEMPORARY, *NO_ANSWER)


def in_short(outcome: Outcome) -> str:
    """The outcome as the printed matrix has it."""
    match outcome:
        case Accepted():
            return "accepted"
        case Deferred(reason, retry_after, whole_credential):
            told = f" {retry_after.total_seconds():g} s" if retry_after else ""
            return f"deferred{told}{', all' * whole_credential} ({reason})"
        case Rejected(reason, address_is_dead, message_is_gone):
            return f"rejected{', dead' * address_is_dead}{', gone' * message_is_gone} ({reason})"
        case Unknown(reason):
            return f"unknown ({reason})"
        case _ as never:
            assert_never(never)


@pytest.mark.parametrize(("number", "row"), list(enumerate(MATRIX, 1)), ids=[row.name for row in MATRIX])
async def test_the_same_trouble_comes_to_the_same(
    number: int, row: Row, record_property: Callable[[str, object], None]
) -> None:
    cells = {channel: getattr(row, channel) for channel in CHANNELS}
    found = {channel: await cell.ask() for channel, cell in cells.items() if isinstance(cell, Cell)}
    shown = [f"{one} {in_short(found[one]) if one in found else f'absent: {cells[one].why}'}" for one in CHANNELS]
    record_property("figure", f"contract {number:02} {row.name}: {'; '.join(shown)}")
    assert found == {channel: cell.expected for channel, cell in cells.items() if isinstance(cell, Cell)}


def test_every_channel_of_the_port_has_a_column() -> None:
    assert set(CAPABILITIES) == set(CHANNELS) == set(Channel)


def test_what_is_absent_says_why_and_what_is_there_whence() -> None:
    cells = [getattr(row, channel) for row in MATRIX for channel in CHANNELS]
    assert [cell for cell in cells if len((cell.why if isinstance(cell, Absent) else cell.source).split()) < 2] == []
    assert len({row.name for row in MATRIX}) == len(MATRIX)
