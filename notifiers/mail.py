"""The e-mail channel: one letter to one recipient, over kept SMTP connections.

SMTP has no idempotency either: a reply lost after the final dot leaves the letter unknown. A ``Message-ID`` that is the
same on every retry lets mail programs show a doubled letter once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from notifiers.mail_connection import Connection
from notifiers.mail_errors import MailReason
from notifiers.mail_message import Letter, compose, letterhead
from notifiers.mail_policy import Policy
from notifiers.mail_pool import ConnectionPool
from notifiers.mail_settings import MailSettings
from notifiers.outcome_log import log_outcome
from notifiers.port import ALWAYS, CAPABILITIES, Capabilities, Deferred, Message, Outcome, Recall, Rejected, Window

_log = structlog.get_logger("notifiers.mail")

_LOST_CONNECTION = (MailReason.CONNECTION_LOST, MailReason.SERVICE_CLOSING)


@dataclass(slots=True)
class _Round:
    """The letters of one batch: still waiting, done, and why no connection could be had, if so."""

    window: Window
    waiting: deque[tuple[int, Letter]] = field(default_factory=deque)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    trouble: Deferred | None = None


class MailNotifier:
    """``Notifier`` over one SMTP account. ``now`` gives aware times for ``Date``, ``clock`` monotonic seconds."""

    def __init__(
        self, settings: MailSettings, *, now: Callable[[], datetime], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._settings = settings
        self._now = now
        self._head = letterhead(settings.sender_name, settings.sender, settings.domain)
        self._clock = clock
        self._policy = Policy(clock)
        self._pool = ConnectionPool(settings, settings.tls_context(), clock)
        self._rounds: list[_Round] = []

    def __repr__(self) -> str:
        return f"MailNotifier({self._settings.host!r})"

    @property
    def capabilities(self) -> Capabilities:
        """What a letter can do: little but be long."""
        return CAPABILITIES["mail"]

    @property
    def room(self) -> int:
        """Letters that can be begun soon, less those that wait already."""
        return self._pool.room - sum(len(work.waiting) for work in self._rounds)

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Send over as many connections as allowed; one outcome for each message, in order. No wire error leaves it.

        A connection that breaks takes down only the letter it was carrying. When no connection can be opened, the
        letters that still wait are deferred with that reason at once, so a dead server costs one timeout, not one each.
        """
        work = self._prepared(batch, window)
        self._rounds.append(work)
        try:
            async with asyncio.TaskGroup() as carriers:
                for _ in range(min(self._settings.connections, len(work.waiting))):
                    carriers.create_task(self._carry(work))
        finally:
            self._rounds.remove(work)
        if work.trouble is not None:
            work.outcomes.update((index, work.trouble) for index, _ in work.waiting)
        outcomes = [work.outcomes[index] for index in range(len(batch))]
        for message, outcome in zip(batch, outcomes, strict=True):
            log_outcome(_log, message.key, outcome)
        return outcomes

    async def recall(self, batch: Sequence[Recall], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Refuse each: a letter that was taken is its reader's, and nothing goes on the wire."""
        del window
        outcomes = [Rejected(MailReason.CANNOT_RECALL) for _ in batch]
        for item, outcome in zip(batch, outcomes, strict=True):
            log_outcome(_log, item.key, outcome)
        return outcomes

    async def close(self) -> None:
        """Say goodbye on the kept connections; a later ``send`` opens new ones."""
        self._pool.close()

    def _prepared(self, batch: Sequence[Message], window: Window) -> _Round:
        work = _Round(window)
        date = self._now()
        for index, message in enumerate(batch):
            letter = compose(message, self._head, date)
            if isinstance(letter, Rejected):
                work.outcomes[index] = letter
            else:
                work.waiting.append((index, letter))
        return work

    async def _carry(self, work: _Round) -> None:
        """Carry waiting letters until none is left or no connection can be had in time."""
        while work.waiting:
            connection = await self._pool.take(work.window.begin_by)
            if isinstance(connection, Deferred):
                # What is wrong with the server is worth more than that somebody waited for it.
                work.trouble = connection if connection.begun else work.trouble or connection
                return
            try:
                if work.waiting:
                    await self._carry_one(work, connection)
            finally:
                self._pool.give_back(connection)

    async def _carry_one(self, work: _Round, connection: Connection) -> None:
        index, letter = work.waiting.popleft()
        was_kept = connection.used > 0
        outcome = await connection.carry(letter, lambda: self._clock() > work.window.leave_by())
        if was_kept and isinstance(outcome, Deferred) and outcome.reason in _LOST_CONNECTION:
            # The server had closed it meanwhile and the content was not written: a fresh connection will do.
            # It ends, because each kept connection can fail so only once.
            work.waiting.appendleft((index, letter))
        else:
            work.outcomes[index] = self._policy.judged(letter.mailbox.address, outcome)
