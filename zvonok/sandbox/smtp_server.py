"""aiosmtpd's SMTP conversation with the mail catcher behind it, in the caller's event loop.

What this adds to aiosmtpd: faults, the ``PIPELINING`` that it understands but does not offer, ``AUTH`` that is demanded
without TLS too (aiosmtpd warns of that, rightly outside a sandbox), and quietness: it logs addresses, and complains of
itself after AUTH.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn, assert_never

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from zvonok.sandbox.mail_certificate import MailCertificate
from zvonok.sandbox.mail_faults import CutAfterDot, DotEffect, HangAfterDot, MailFaults, RefuseMail

_HOST_NAME = "mail.sandbox"
_NEED_AUTH = "530 5.7.0 Authentication required"
_OK = "250 2.0.0 OK"


@dataclass(frozen=True, slots=True)
class MailAccess:
    """Who may hand letters in."""

    user: str | None = None
    """With a user, ``AUTH PLAIN`` or ``LOGIN`` is demanded (over TLS only, if there is a certificate)."""
    password: str = field(default="", repr=False)
    certificate: MailCertificate | None = None
    """With a certificate, STARTTLS is offered."""
    require_tls: bool = False
    """Refuse everything before STARTTLS."""


@dataclass(frozen=True, slots=True)
class Handed:
    """A letter whose final dot has come."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


type MailAnswer = Literal["accepted", "refused", "hang", "cut"]
"""``hang`` and ``cut`` got no reply (a hang may be let go later)."""
type Keep = Callable[[Handed, MailAnswer], None]
"""Keeps a letter and notes how it was answered."""
type Note = Callable[[MailAnswer, str, tuple[str, ...], str], None]
"""Notes what was not kept: answer, sender, recipients, reply."""


class _QuietSession(Session):
    """``login_data`` without aiosmtpd's complaint about its own attribute."""

    login_data: Any = None


class SmtpProtocol(SMTP):
    """One connection."""

    def __init__(self, desk: "MailDesk", loop: asyncio.AbstractEventLoop) -> None:
        # aiosmtpd keeps these limits on the class and lets EHLO of one connection change them for all.
        self.command_size_limits = defaultdict(lambda: SMTP.command_size_limit)
        access = desk.access
        super().__init__(
            desk,
            enable_SMTPUTF8=True,
            hostname=_HOST_NAME,
            ident="Zvonok sandbox",
            tls_context=desk.tls,
            require_starttls=access.require_tls,
            auth_require_tls=desk.tls is not None,
            authenticator=desk.authenticate,
            loop=loop,
        )
        self._desk = desk

    def _create_session(self) -> Session:
        return _QuietSession(self.loop)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, or begin anew after STARTTLS."""
        super().connection_made(transport)
        self._desk.connections.add(self)

    def connection_lost(self, error: Exception | None) -> None:
        """End."""
        self._desk.connections.discard(self)
        super().connection_lost(error)

    async def _handle_client(self) -> None:
        refusal = self._desk.faults.at_connect()
        if refusal is None:
            await super()._handle_client()
            return
        self._desk.note("refused", "", (), refusal)
        await self.push(refusal)
        if self.transport is not None:
            self.transport.close()

    def cut(self) -> None:
        """Break the connection."""
        if isinstance(self.transport, asyncio.Transport):
            self.transport.abort()


class MailDesk:
    """aiosmtpd's handler: decides what each command is answered. Its hooks have the names that aiosmtpd looks for."""

    def __init__(self, access: MailAccess, faults: MailFaults, keep: Keep, note: Note) -> None:
        self.access = access
        self.faults = faults
        self.tls = None if access.certificate is None else access.certificate.server_context()
        self.connections: set[SmtpProtocol] = set()
        self.note = note
        self._keep = keep
        log = logging.getLogger("mail.log")
        if log.level == logging.NOTSET:
            # aiosmtpd writes addresses and, at the lowest level, whole letters.
            log.setLevel(logging.ERROR)

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _kind: str, data: Any) -> AuthResult:
        """Compare user and password."""
        if not isinstance(data, LoginPassword):
            return AuthResult(success=False, handled=False)
        given = (data.login.decode(errors="replace"), data.password.decode(errors="replace"))
        return AuthResult(success=given == (self.access.user, self.access.password), handled=False, auth_data=data)

    async def handle_EHLO(  # noqa: N802 - the name that aiosmtpd looks for
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer what the desk can: AUTH only with a user, and PIPELINING, which reading line by line gives for free."""
        session.host_name = hostname
        offered = [line for line in responses if self.access.user is not None or not line.startswith("250-AUTH")]
        return [*offered[:-1], "250-PIPELINING", offered[-1]]

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd looks for
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender, from whoever has the right."""
        if self.access.user is not None and not session.authenticated:
            self.note("refused", address, (), _NEED_AUTH)
            return _NEED_AUTH
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd looks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse as told."""
        refusal = self.faults.at_recipient(address)
        if refusal is not None:
            self.note("refused", envelope.mail_from or "", (address,), refusal)
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd looks for
        self, server: SmtpProtocol, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the letter, or do as told."""
        content = envelope.content
        raw = content if isinstance(content, bytes) else (content or "").encode()
        handed = Handed(envelope.mail_from or "", tuple(envelope.rcpt_tos), raw)
        trouble = self.faults.at_dot(handed.recipients)
        if trouble is None:
            self._keep(handed, "accepted")
            return _OK
        return await self._struck(server, handed, *trouble)

    async def _struck(self, server: SmtpProtocol, handed: Handed, effect: DotEffect, released: asyncio.Event) -> str:
        match effect:
            case RefuseMail(reply):
                self.note("refused", handed.sender, handed.recipients, reply)
                return reply
            case HangAfterDot():
                self._keep(handed, "hang")
                await released.wait()
                return _OK
            case CutAfterDot(kept):
                if kept:
                    self._keep(handed, "cut")
                else:
                    self.note("cut", handed.sender, handed.recipients, "")
                server.cut()
                return await _gone()
            case _:
                assert_never(effect)


async def _gone() -> NoReturn:
    """Wait for the loss of the connection to cancel this conversation."""
    await asyncio.get_running_loop().create_future()
    raise ConnectionError("the connection is gone")
