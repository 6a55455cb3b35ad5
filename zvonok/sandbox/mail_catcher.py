"""A local mail server that keeps every letter and delivers none, in the caller's event loop, over real SMTP.

``async with MailCatcher(folder) as catcher:`` and give ``catcher.host`` and ``catcher.port`` to the client. See
``docs/reference/sandbox.md``.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from zvonok.sandbox.chronicle import WallClock, wall_clock
from zvonok.sandbox.happenings import Happening, Happenings, first
from zvonok.sandbox.mail_faults import MailFaults
from zvonok.sandbox.mail_spool import Mail, MailSpool
from zvonok.sandbox.smtp_server import Handed, MailAccess, MailAnswer, MailDesk, SmtpProtocol

_STOP_STEP = 0.05
_FOR_ALL = MailAccess()


@dataclass(frozen=True, slots=True)
class HandIn:
    """One attempt to hand in a letter (or to speak at all), and how it ended."""

    at: datetime
    answer: MailAnswer
    sender: str
    recipients: tuple[str, ...]
    reply: str
    """Of a refusal."""
    mail: Mail | None
    """The letter, if it was kept; whatever the client was told."""


class MailCatcher:
    """Takes letters between ``start`` and ``stop``; the spool outlives it."""

    def __init__(
        self,
        spool: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        access: MailAccess = _FOR_ALL,
        clock: WallClock = wall_clock,
    ) -> None:
        self.spool = MailSpool(spool)
        self.faults = MailFaults()
        self.happenings = Happenings()
        self.host = host
        self.port = port
        """Of the system's choice (known after ``start``) if none was given; kept over a stop and a start."""
        self._clock = clock
        self._log: list[HandIn] = []
        self._desk = MailDesk(access, self.faults, self._keep, self._note)
        self._server: asyncio.Server | None = None

    @property
    def log(self) -> tuple[HandIn, ...]:
        """What was handed in since this catcher was made, oldest first."""
        return tuple(self._log)

    async def start(self) -> None:
        """Take connections."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: SmtpProtocol(self._desk, loop), self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Refuse connections and break those that are open. ``start`` takes them again on the same port."""
        if self._server is None:
            return
        self._server.close()
        closed = asyncio.ensure_future(self._server.wait_closed())
        while not closed.done():
            # Again and again: a connection may be accepted already and not yet have told that it is there.
            for connection in tuple(self._desk.connections):
                connection.cut()
            await asyncio.wait((closed,), timeout=_STOP_STEP)
        self._server = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def wait_for(self, recipient: str, *, count: int = 1, within: float = 5.0) -> tuple[Mail, ...]:
        """Wait until so many letters to the recipient are kept; ``TimeoutError`` after ``within`` seconds."""

        def enough() -> tuple[Mail, ...] | None:
            mails = self.spool.to(recipient)
            return mails if len(mails) >= count else None

        with self.happenings.watch() as watcher:
            return await first(watcher, enough, within)

    def _keep(self, handed: Handed, answer: MailAnswer) -> None:
        mail = self.spool.add(handed.sender, handed.recipients, handed.raw, self._clock())
        self._happened(HandIn(mail.received_at, answer, handed.sender, handed.recipients, "", mail))

    def _note(self, answer: MailAnswer, sender: str, recipients: tuple[str, ...], reply: str) -> None:
        self._happened(HandIn(self._clock(), answer, sender, recipients, reply, None))

    def _happened(self, hand_in: HandIn) -> None:
        self._log.append(hand_in)
        data = {
            "answer": hand_in.answer,
            "from": hand_in.sender,
            "to": list(hand_in.recipients),
            "reply": hand_in.reply,
            "mail": None if hand_in.mail is None else hand_in.mail.number,
        }
        self.happenings.publish(Happening(len(self._log), hand_in.at, "mail", data))
