"""Kept SMTP connections: at most so many, each for at most so many letters, closed when idle."""

import asyncio
import ssl
from collections.abc import Callable

from notifiers.mail_connection import Connection, open_connection
from notifiers.mail_errors import MailReason
from notifiers.mail_settings import MailSettings
from notifiers.port import Deferred
from notifiers.slots import Slots


class ConnectionPool:
    """Hands out one connection to one letter at a time. ``clock`` is monotonic seconds."""

    def __init__(self, settings: MailSettings, context: ssl.SSLContext | None, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._context = context
        self._clock = clock
        self._slots = Slots(settings.connections, clock)
        self._idle: list[tuple[Connection, float]] = []
        self._sweep_timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def room(self) -> int:
        """How many letters can be begun soon."""
        return self._slots.room

    async def take(self, begin_by: float) -> Connection | Deferred:
        """Wait for a free place, then give a kept connection or open one; ``Deferred`` if that fails, or comes late.

        A connection that was long in opening is kept: the next letter finds it ready.
        """
        if not await self._slots.take(begin_by):
            return Deferred(MailReason.NOT_BEGUN, begun=False)
        connection: Connection | Deferred | None = None
        try:
            self._closed = False
            connection = self._kept() or await open_connection(self._settings, self._context)
        finally:
            if not isinstance(connection, Connection):
                self._slots.give_back()
        if isinstance(connection, Connection) and self._clock() > begin_by:
            self.give_back(connection)
            return Deferred(MailReason.NOT_BEGUN, begun=False)
        return connection

    def give_back(self, connection: Connection) -> None:
        """Keep it for the next letter, or part with it if it broke or has done its share."""
        self._slots.give_back()
        spent = connection.used >= self._settings.messages_per_connection
        if self._closed or spent or not connection.alive:
            connection.say_goodbye()
            return
        self._idle.append((connection, self._clock()))
        if self._sweep_timer is None:
            self._schedule_sweep()

    def close(self) -> None:
        """Part with the kept connections; those in use follow when they are given back."""
        self._closed = True
        if self._sweep_timer is not None:
            self._sweep_timer.cancel()
            self._sweep_timer = None
        while self._idle:
            self._idle.pop()[0].say_goodbye()

    def _kept(self) -> Connection | None:
        """Give the connection used last, so that the others can grow old and go."""
        while self._idle:
            connection, since = self._idle.pop()
            if connection.alive and self._is_fresh(since):
                return connection
            connection.say_goodbye()
        return None

    def _is_fresh(self, since: float) -> bool:
        return self._clock() - since < self._settings.idle.total_seconds()

    def _schedule_sweep(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweep_timer = loop.call_later(self._settings.idle.total_seconds(), self._sweep)

    def _sweep(self) -> None:
        kept, self._idle = self._idle, []
        for connection, since in kept:
            if connection.alive and self._is_fresh(since):
                self._idle.append((connection, since))
            else:
                connection.say_goodbye()
        self._sweep_timer = None
        if self._idle:
            self._schedule_sweep()
