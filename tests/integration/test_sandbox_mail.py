"""The mail catcher over real SMTP, through aiosmtplib."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import pytest

from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.mail_certificate import MailCertificate
from zvonok.sandbox.mail_faults import (
    MAILBOX_BUSY,
    MAILBOX_FULL,
    NO_STORAGE,
    NO_SUCH_MAILBOX,
    POLICY,
    RECIPIENT_RATE,
    TOO_MANY_RECIPIENTS,
    CutAfterDot,
    HangAfterDot,
    MailEffect,
    RefuseConnection,
    RefuseRecipient,
)
from zvonok.sandbox.mail_spool import MailSpool, SpoolError
from zvonok.sandbox.smtp_server import MailAccess

MAMA, PAPA = "mama@example.ru", "papa@example.com"
NOW = datetime(2026, 9, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
async def catcher(tmp_path: Path) -> AsyncIterator[MailCatcher]:
    async with MailCatcher(tmp_path, clock=lambda: NOW) as catcher:
        yield catcher


def letter(number: int = 1, to: str = MAMA) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Школа № 1 <school@example.ru>"
    message["To"] = f"Анна Иванова <{to}>"
    message["Subject"] = "Урок 1: отсутствие"
    message["Message-ID"] = f"<absence-{number}@school.example.ru>"
    message.set_content("Здравствуйте!\n.начинается с точки\n")
    message.add_alternative("<p>Здравствуйте!</p>", subtype="html")
    return message


def client(catcher: MailCatcher, **options: object) -> aiosmtplib.SMTP:
    settings = {"hostname": catcher.host, "port": catcher.port, "timeout": 5, "start_tls": False} | options
    return aiosmtplib.SMTP(**settings)  # type: ignore[arg-type]  # a dictionary of mixed settings says nothing to mypy


async def send(catcher: MailCatcher, message: EmailMessage) -> None:
    async with client(catcher) as smtp:
        await smtp.send_message(message)


async def test_a_letter_is_kept_whole(catcher: MailCatcher) -> None:
    message = letter()
    message.set_boundary("=-=")
    async with client(catcher) as smtp:
        await smtp.ehlo()
        assert smtp.supports_extension("pipelining")
        assert smtp.supports_extension("smtputf8")
        assert smtp.supports_extension("8bitmime")
        assert not smtp.supports_extension("auth")
        await smtp.send_message(message, recipients=[MAMA, PAPA])
    (mail,) = catcher.spool.mails
    assert (mail.number, mail.sender, mail.recipients, mail.received_at) == (1, "school@example.ru", (MAMA, PAPA), NOW)
    assert (mail.subject, mail.to, mail.message_id) == ("Урок 1: отсутствие", (MAMA,), message["Message-ID"])
    assert mail.text == "Здравствуйте!\n.начинается с точки\n"
    assert mail.html == "<p>Здравствуйте!</p>\n"
    assert mail.headers["From"] == "Школа № 1 <school@example.ru>"
    assert mail.raw == message.as_bytes(policy=message.policy.clone(linesep="\r\n"))
    assert [entry.answer for entry in catcher.log] == ["accepted"]


async def test_letters_are_found_by_recipient_and_message_id(catcher: MailCatcher) -> None:
    for number, to in ((1, MAMA), (2, PAPA), (2, PAPA)):
        await send(catcher, letter(number, to))
    assert [mail.number for mail in catcher.spool.to("Papa@Example.com")] == [2, 3]
    assert [mail.number for mail in catcher.spool.by_message_id("<absence-2@school.example.ru>")] == [2, 3]
    assert [mail.number for mail in catcher.spool.by_message_id("absence-1@school.example.ru")] == [1]
    assert catcher.spool.to("nobody@example.ru") == catcher.spool.by_message_id("<x@y>") == ()


async def test_waiting_for_a_letter(catcher: MailCatcher) -> None:
    waiting = asyncio.create_task(catcher.wait_for(MAMA, count=2))
    for number in (1, 2):
        assert not waiting.done()
        await send(catcher, letter(number))
    assert [mail.number for mail in await waiting] == [1, 2]
    with pytest.raises(TimeoutError):
        await catcher.wait_for(PAPA, within=0.01)


async def test_those_who_watch_are_told(catcher: MailCatcher) -> None:
    with catcher.happenings.watch() as watcher:
        await send(catcher, letter())
        happening = await anext(watcher)
    told = (happening.kind, happening.data["answer"], happening.data["to"], happening.data["mail"])
    assert told == ("mail", "accepted", [MAMA], 1)


async def test_a_later_catcher_goes_on_with_the_spool(tmp_path: Path) -> None:
    async with MailCatcher(tmp_path) as first:
        await send(first, letter(1))
    (tmp_path / "00000002.77.part").write_bytes(b"torn")
    async with MailCatcher(tmp_path) as second:
        assert [mail.message_id for mail in second.spool.to(MAMA)] == ["<absence-1@school.example.ru>"]
        await send(second, letter(2))
    read = MailSpool(tmp_path)
    assert [(mail.number, mail.subject) for mail in read.mails] == [
        (1, "Урок 1: отсутствие"),
        (2, "Урок 1: отсутствие"),
    ]


async def test_a_foreign_file_in_the_spool_is_named(tmp_path: Path) -> None:
    (tmp_path / "00000001.eml").write_text("Subject: чужое\r\n\r\n")
    with pytest.raises(SpoolError, match=r"00000001\.eml"):
        MailSpool(tmp_path)


async def test_addresses_and_headers_in_russian(catcher: MailCatcher) -> None:
    message = letter(to="мама@почта.рф")
    await send(catcher, message)
    (mail,) = catcher.spool.to("МАМА@почта.рф")
    assert mail.to == ("мама@почта.рф",)


async def test_pipelined_commands_are_answered_in_order(catcher: MailCatcher) -> None:
    catcher.faults.arm(NO_SUCH_MAILBOX, PAPA)
    reader, writer = await asyncio.open_connection(catcher.host, catcher.port)
    await reader.readline()
    writer.write(b"EHLO test\r\n")
    while not (await reader.readline()).startswith(b"250 "):
        pass
    writer.write(
        f"MAIL FROM:<a@example.ru>\r\nRCPT TO:<{MAMA}>\r\nRCPT TO:<{PAPA}>\r\nDATA\r\n".encode()
        + b"Subject: a\r\n\r\nb\r\n.\r\nQUIT\r\n"
    )
    replies = [(await reader.readline())[:3] for _ in range(6)]
    assert replies == [b"250", b"250", b"550", b"354", b"250", b"221"]
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(
    ("effect", "code", "status"),
    [
        (NO_SUCH_MAILBOX, 550, "5.1.1"),
        (MAILBOX_FULL, 552, "5.2.2"),
        (MAILBOX_BUSY, 450, "4.2.1"),
        (RECIPIENT_RATE, 451, "4.5.1"),
        (TOO_MANY_RECIPIENTS, 452, "4.5.3"),
        (RefuseRecipient("550 5.7.1 Blocked"), 550, "5.7.1"),
    ],
)
async def test_a_recipient_is_refused(catcher: MailCatcher, effect: MailEffect, code: int, status: str) -> None:
    catcher.faults.arm(effect, PAPA, times=1)
    async with client(catcher) as smtp:
        refused, _ = await smtp.send_message(letter(1), recipients=[MAMA, PAPA])
        assert (refused[PAPA].code, refused[PAPA].message.partition(" ")[0]) == (code, status)
        await smtp.send_message(letter(2), recipients=[PAPA])
    assert [mail.recipients for mail in catcher.spool.mails] == [(MAMA,), (PAPA,)]
    assert [(entry.answer, entry.recipients) for entry in catcher.log] == [
        ("refused", (PAPA,)),
        ("accepted", (MAMA,)),
        ("accepted", (PAPA,)),
    ]


@pytest.mark.parametrize(("effect", "code"), [(POLICY, 550), (NO_STORAGE, 452)])
async def test_a_letter_is_refused_at_the_dot(catcher: MailCatcher, effect: MailEffect, code: int) -> None:
    catcher.faults.arm(effect, "@example.ru", times=1)
    async with client(catcher) as smtp:
        with pytest.raises(aiosmtplib.SMTPDataError) as refusal:
            await smtp.send_message(letter(1))
        await smtp.send_message(letter(2))
    assert refusal.value.code == code
    assert [mail.message_id for mail in catcher.spool.mails] == ["<absence-2@school.example.ru>"]


async def test_421_instead_of_a_greeting(catcher: MailCatcher) -> None:
    catcher.faults.arm(RefuseConnection(), times=1)
    with pytest.raises(aiosmtplib.SMTPConnectError, match=r"4\.3\.2"):
        await send(catcher, letter())
    await send(catcher, letter())
    assert [entry.answer for entry in catcher.log] == ["refused", "accepted"]


async def test_silence_after_the_dot(catcher: MailCatcher) -> None:
    hang = catcher.faults.arm(HangAfterDot(), times=1)
    sending = asyncio.create_task(send(catcher, letter(1)))
    await catcher.wait_for(MAMA)
    assert not sending.done()
    await send(catcher, letter(2))
    catcher.faults.release(hang)
    await sending
    catcher.faults.arm(HangAfterDot(), times=1)
    with pytest.raises(aiosmtplib.SMTPReadTimeoutError):
        async with client(catcher, timeout=0.2) as smtp:
            await smtp.send_message(letter(3))
    assert [entry.answer for entry in catcher.log] == ["hang", "accepted", "hang"]
    assert len(catcher.spool.mails) == 3


@pytest.mark.parametrize(("kept", "mails"), [(True, 2), (False, 1)])
async def test_a_cut_after_the_dot(catcher: MailCatcher, *, kept: bool, mails: int) -> None:
    catcher.faults.arm(CutAfterDot(kept=kept), times=1)
    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await send(catcher, letter())
    await send(catcher, letter())
    assert len(catcher.spool.by_message_id("<absence-1@school.example.ru>")) == mails
    assert [(entry.answer, entry.mail is not None) for entry in catcher.log] == [("cut", kept), ("accepted", True)]


async def test_refused_connections_and_back_again(catcher: MailCatcher) -> None:
    port = catcher.port
    async with client(catcher) as kept_open:
        await catcher.stop()
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await kept_open.noop()
        with pytest.raises(aiosmtplib.SMTPConnectError):
            await send(catcher, letter())
    await catcher.start()
    assert catcher.port == port
    await send(catcher, letter())


async def test_stopping_does_not_wait_for_clients(catcher: MailCatcher) -> None:
    catcher.faults.arm(HangAfterDot())
    sending = asyncio.create_task(send(catcher, letter()))
    await catcher.wait_for(MAMA)
    async with asyncio.timeout(1):
        await catcher.stop()
        with pytest.raises(aiosmtplib.SMTPServerDisconnected):
            await sending


async def test_starttls_and_auth(tmp_path: Path) -> None:
    certificate = MailCertificate(tmp_path / "tls")
    access = MailAccess("school", "пароль", certificate, require_tls=True)
    async with MailCatcher(tmp_path / "spool", access=access) as catcher:
        trust = {"hostname": "localhost", "start_tls": True, "tls_context": certificate.client_context()}
        async with client(catcher, username="school", password="пароль", **trust) as smtp:
            await smtp.send_message(letter())
        with pytest.raises(aiosmtplib.SMTPAuthenticationError, match=r"5\.7\.8"):
            async with client(catcher, username="school", password="чужой", **trust):
                pytest.fail("a wrong password was taken")
        async with client(catcher, **trust) as smtp:
            with pytest.raises(aiosmtplib.SMTPSenderRefused, match=r"5\.7\.0"):
                await smtp.send_message(letter())
        async with client(catcher) as smtp:
            with pytest.raises(aiosmtplib.SMTPResponseException, match="STARTTLS"):
                await smtp.send_message(letter())
        with pytest.raises(ssl.SSLCertVerificationError):
            await client(catcher, start_tls=True, tls_context=ssl.create_default_context()).connect()
        assert len(catcher.spool.mails) == 1
        assert "пароль" not in repr(access)


async def test_auth_without_tls_on_one_machine(tmp_path: Path) -> None:
    async with MailCatcher(tmp_path, access=MailAccess("school", "secret")) as catcher:
        async with client(catcher) as smtp:
            with pytest.raises(aiosmtplib.SMTPSenderRefused):
                await smtp.send_message(letter())
        async with client(catcher, username="school", password="secret") as smtp:
            await smtp.send_message(letter())
        assert [entry.answer for entry in catcher.log] == ["refused", "accepted"]


async def test_the_certificate_stays_over_a_restart_and_the_key_is_private(tmp_path: Path) -> None:
    certificate = MailCertificate(tmp_path / "tls")
    certificate.server_context()
    authority = certificate.ca_file.read_bytes()
    MailCertificate(tmp_path / "tls").server_context()
    assert certificate.ca_file.read_bytes() == authority
    assert b"PRIVATE KEY" not in authority
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "tls").iterdir())


async def test_many_letters_at_once(catcher: MailCatcher) -> None:
    async def postman(first: int) -> None:
        async with client(catcher) as smtp:
            for number in range(first, first + 10):
                await smtp.send_message(letter(number))

    async with asyncio.TaskGroup() as group:
        for first in range(0, 100, 10):
            group.create_task(postman(first))
    assert len(catcher.spool.to(MAMA)) == 100
    assert all(len(catcher.spool.by_message_id(f"absence-{number}@school.example.ru")) == 1 for number in range(100))
