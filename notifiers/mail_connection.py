"""One SMTP connection: opening it, and carrying a letter over it.

``aiosmtplib`` speaks the commands; the transaction is driven from here, command by command, because the outcome depends
on where it broke: before the letter's content was written it is certainly unsent, after that nobody knows.
"""

import socket
import ssl
from collections.abc import Callable, Container, Iterator
from contextlib import suppress

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
)
from aiosmtplib.response import SMTPResponse

from notifiers.mail_errors import MailReason, Stage, outcome_of_greeting, outcome_of_login, outcome_of_reply
from notifiers.mail_message import Letter
from notifiers.mail_settings import MailSettings, Security
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown

_COMPLETED = range(200, 300)
_SEND_CONTENT = (354,)
_REFUSALS = range(400, 600)
_SERVICE_CLOSING = 421

type _Step = tuple[Stage, Container[int], tuple[bytes, ...]]


async def open_connection(settings: MailSettings, context: ssl.SSLContext | None) -> "Connection | Deferred":
    """Connect, secure, log in; ``Deferred`` if any of it fails, since nothing of a letter was said yet."""
    smtp = SMTP(
        hostname=settings.host,
        port=settings.actual_port,
        use_tls=settings.security is Security.TLS,
        start_tls=False,  # done below, where a refusal has a name of its own
        tls_context=context,
        timeout=settings.timeout.total_seconds(),
        local_hostname=settings.ehlo_name or settings.domain,
    )
    opened = False
    try:
        refusal = await _introduce(smtp, settings)
        opened = refusal is None
    except (SMTPException, OSError) as failure:
        refusal = _deferred_by(failure)
    finally:
        if not opened:
            smtp.close()
    return Connection(smtp, settings) if refusal is None else refusal


async def _introduce(smtp: SMTP, settings: MailSettings) -> Deferred | None:
    await smtp.connect()
    await smtp.ehlo()
    if settings.security is Security.STARTTLS:
        if not smtp.supports_extension("starttls"):
            return Deferred(MailReason.NO_TLS_OFFERED, whole_credential=True)
        await smtp.starttls()
        await smtp.ehlo()
    if settings.username is None or settings.password is None:
        return None
    return await _log_in(smtp, settings.username, settings.password)


async def _log_in(smtp: SMTP, username: str, password: str) -> Deferred | None:
    """Log in once, by the first way that is offered: trying them all would look like guessing the password."""
    for method, log_in in (("plain", smtp.auth_plain), ("login", smtp.auth_login), ("cram-md5", smtp.auth_crammd5)):
        if method in smtp.server_auth_methods:
            await log_in(username, password)
            return None
    return Deferred(MailReason.NO_AUTH_OFFERED, whole_credential=True)


def _deferred_by(failure: SMTPException | OSError) -> Deferred:
    causes = (failure, failure.__cause__)
    match failure:
        case SMTPAuthenticationError():
            return outcome_of_login(failure.code)
        case SMTPResponseException():
            return outcome_of_greeting(failure.code, failure.message)
        case TimeoutError():
            return Deferred(MailReason.CONNECT_TIMEOUT)
        case _ if any(isinstance(cause, ssl.SSLError) for cause in causes):
            return Deferred(MailReason.TLS_FAILED)
        case _ if any(isinstance(cause, socket.gaierror) for cause in causes):
            return Deferred(MailReason.DNS_FAILED)
        case _:
            return Deferred(MailReason.CONNECT_FAILED)


class Connection:
    """A connection that is ready for letters, one after another."""

    def __init__(self, smtp: SMTP, settings: MailSettings) -> None:
        self._smtp = smtp
        self._settings = settings
        self.used = 0
        """Letters begun on it."""

    @property
    def alive(self) -> bool:
        """Whether another letter may be begun on it."""
        return self._smtp.is_connected

    async def carry(self, letter: Letter, late: Callable[[], bool]) -> Outcome:
        """Carry one letter to its one recipient. After a failure of the wire the connection is not alive.

        Nor is it if the server was so slow that it is ``late`` for the content: only a cut takes back what it was told.
        """
        if letter.mailbox.needs_smtputf8 and not self._smtp.supports_extension("smtputf8"):
            return Rejected(MailReason.ADDRESS_NEEDS_SMTPUTF8)
        self.used += 1
        handed_over = False
        finished = False
        try:
            refusal = await self._envelope(letter)
            if refusal is None and late():
                self._smtp.close()
                refusal = Deferred(MailReason.TOO_SLOW)
            if refusal is None:
                self._write(letter.content + b".\r\n")
                handed_over = True
            outcome = refusal or await self._verdict(letter)
            finished = True
        except (SMTPException, OSError) as failure:
            outcome = _outcome_of_failure(failure, handed_over=handed_over)
        finally:
            if not finished:
                self._smtp.close()
        return outcome

    async def try_sender(self) -> Deferred | Rejected | None:
        """Ask whether the account's own address may send, and take the question back; None if it may.

        No recipient is named, so nothing can leave.
        """
        sender = self._settings.envelope.address.encode("ascii")
        try:
            reply = await self._smtp.execute_command(b"MAIL", b"FROM:<" + sender + b">")
            if reply.code not in _COMPLETED:
                return await self._refused(Stage.SENDER, reply)
            await self._smtp.rset()
        except SMTPResponseException:
            self._smtp.close()
            return Deferred(MailReason.GARBLED_REPLY)
        except (SMTPException, OSError):
            self._smtp.close()
            return Deferred(MailReason.CONNECTION_LOST)
        return None

    def say_goodbye(self) -> None:
        """Send QUIT and close, without waiting for the answer; nothing if it is closed already."""
        if self.alive:
            with suppress(SMTPException):
                self._write(b"QUIT\r\n")
        self._smtp.close()

    async def _envelope(self, letter: Letter) -> Deferred | Rejected | None:
        for stage, expected, command in self._steps(letter):
            reply = await self._smtp.execute_command(*command)
            if reply.code not in expected:
                return await self._refused(stage, reply)
        return None

    def _steps(self, letter: Letter) -> Iterator[_Step]:
        options = [b"SIZE=%d" % len(letter.content)] if self._smtp.supports_extension("size") else []
        if letter.mailbox.needs_smtputf8:
            options.append(b"SMTPUTF8")
        sender = self._settings.envelope.address.encode("ascii")
        yield Stage.SENDER, _COMPLETED, (b"MAIL", b"FROM:<" + sender + b">", *options)
        yield Stage.RECIPIENT, _COMPLETED, (b"RCPT", b"TO:<" + letter.mailbox.address.encode() + b">")
        yield Stage.DATA, _SEND_CONTENT, (b"DATA",)

    async def _verdict(self, letter: Letter) -> Outcome:
        """Read the reply to the final dot."""
        if self._smtp.protocol is None:
            raise SMTPServerDisconnected("closed")
        reply = await self._smtp.protocol.read_response(self._settings.content_timeout.total_seconds())
        if reply.code in _COMPLETED:
            return Accepted(letter.message_id)
        if reply.code not in _REFUSALS:
            self._smtp.close()
            return Unknown(MailReason.UNDECODABLE_ANSWER)
        return await self._refused(Stage.CONTENT, reply)

    async def _refused(self, stage: Stage, reply: SMTPResponse) -> Deferred | Rejected:
        """Read the refusal, and clear the half-made envelope so that the next letter finds a clean connection."""
        if reply.code == _SERVICE_CLOSING:
            self._smtp.close()
        elif stage is not Stage.CONTENT:
            try:
                await self._smtp.rset()
            except (SMTPException, OSError):
                self._smtp.close()
        return outcome_of_reply(stage, reply.code, reply.message)

    def _write(self, data: bytes) -> None:
        if self._smtp.protocol is None:
            raise SMTPServerDisconnected("closed")
        self._smtp.protocol.write(data)


def _outcome_of_failure(failure: SMTPException | OSError, *, handed_over: bool) -> Deferred | Unknown:
    """Map a failure of the wire in the middle of a letter by its kind; its text may hold addresses and is not read."""
    garbled = isinstance(failure, SMTPResponseException)
    if not handed_over:
        return Deferred(MailReason.GARBLED_REPLY if garbled else MailReason.CONNECTION_LOST)
    if garbled:
        return Unknown(MailReason.UNDECODABLE_ANSWER)
    return Unknown(MailReason.NO_ANSWER if isinstance(failure, TimeoutError) else MailReason.CUT_AFTER_SEND)
