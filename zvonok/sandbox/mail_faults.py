"""Trouble of a mail server on command.

A fault is armed for a mailbox (``"anna@example.ru"``), a domain (``"@example.ru"``) or everybody (None), strikes at its
own stage of the conversation, and is spent after ``times`` strikes or when lifted.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RefuseConnection:
    """Say this instead of the greeting and hang up."""

    reply: str = "421 4.3.2 Service not available, closing transmission channel"


@dataclass(frozen=True, slots=True)
class RefuseRecipient:
    """Answer RCPT TO with this."""

    reply: str


@dataclass(frozen=True, slots=True)
class RefuseMail:
    """Answer the final dot with this; the letter is not kept."""

    reply: str


@dataclass(frozen=True, slots=True)
class HangAfterDot:
    """Keep the letter and answer nothing until released or until the client hangs up."""


@dataclass(frozen=True, slots=True)
class CutAfterDot:
    """Keep the letter (or, with ``kept`` false, lose it) and break the connection without a reply."""

    kept: bool = True


type MailEffect = RefuseConnection | RefuseRecipient | RefuseMail | HangAfterDot | CutAfterDot
type DotEffect = RefuseMail | HangAfterDot | CutAfterDot
"""What can happen at the final dot."""

NO_SUCH_MAILBOX = RefuseRecipient("550 5.1.1 Mailbox does not exist")
MAILBOX_FULL = RefuseRecipient("552 5.2.2 Mailbox is full")
MAILBOX_BUSY = RefuseRecipient("450 4.2.1 Mailbox is busy, try again later")
RECIPIENT_RATE = RefuseRecipient("451 4.5.1 The recipient has exceeded their message rate limit")
TOO_MANY_RECIPIENTS = RefuseRecipient("452 4.5.3 Too many recipients")
NO_STORAGE = RefuseMail("452 4.3.1 Insufficient system storage")
POLICY = RefuseMail("550 5.7.1 Message rejected under policy")


@dataclass(slots=True)
class MailFault:
    """An armed fault."""

    number: int
    effect: MailEffect
    recipient: str | None
    times: int | None
    """Strikes left; None for any number."""
    skip: int
    """Occasions still to be spared."""
    struck: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def covers(self, recipients: Sequence[str]) -> bool:
        """Whether one of the recipients is in its scope."""
        if self.recipient is None:
            return True
        wanted = self.recipient.casefold()
        folded = (recipient.casefold() for recipient in recipients)
        return any(one.endswith(wanted) if wanted.startswith("@") else one == wanted for one in folded)


class MailFaults:
    """The faults that are armed."""

    def __init__(self) -> None:
        self._number = 0
        self._armed: list[MailFault] = []
        self._hung: list[MailFault] = []

    @property
    def armed(self) -> tuple[MailFault, ...]:
        """Faults that can still strike, oldest first."""
        return tuple(self._armed)

    def arm(
        self, effect: MailEffect, recipient: str | None = None, *, times: int | None = None, skip: int = 0
    ) -> MailFault:
        """Arm a fault: at most ``times`` strikes, sparing the first ``skip`` occasions in scope."""
        self._number += 1
        fault = MailFault(self._number, effect, recipient, times, skip)
        self._armed.append(fault)
        if isinstance(effect, HangAfterDot):
            self._hung.append(fault)
        return fault

    def at_connect(self) -> str | None:
        """Return what to say instead of the greeting; None to greet."""
        fault = self._strike(RefuseConnection, ())
        return fault.effect.reply if fault is not None and isinstance(fault.effect, RefuseConnection) else None

    def at_recipient(self, recipient: str) -> str | None:
        """Return the refusal of a recipient; None to accept."""
        fault = self._strike(RefuseRecipient, (recipient,))
        return fault.effect.reply if fault is not None and isinstance(fault.effect, RefuseRecipient) else None

    def at_dot(self, recipients: Sequence[str]) -> tuple[DotEffect, asyncio.Event] | None:
        """Find what meets a letter whose text has come, and the event that releases a hang; None to accept."""
        fault = self._strike((RefuseMail, HangAfterDot, CutAfterDot), recipients)
        if fault is None or isinstance(fault.effect, RefuseConnection | RefuseRecipient):
            return None
        return fault.effect, fault.released

    def _strike(self, stage: type | tuple[type, ...], recipients: Sequence[str]) -> MailFault | None:
        for fault in self._armed:
            if not isinstance(fault.effect, stage) or not fault.covers(recipients):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.struck += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self._armed.remove(fault)
            return fault
        return None

    def release(self, fault: MailFault) -> None:
        """Let the withheld replies of a hang go, and let later ones pass at once."""
        fault.released.set()

    def lift(self, fault: MailFault) -> None:
        """Strike nobody any more; replies that are withheld already stay so until released."""
        self._armed = [other for other in self._armed if other is not fault]

    def lift_all(self) -> None:
        """Lift every fault and release every hang."""
        self._armed = []
        for fault in self._hung:
            fault.released.set()
        self._hung = []
