"""The MAX channel: a thin sender of ``POST /messages`` and ``PUT /messages`` over kept connections.

The libraries for MAX repeat a ``POST`` after a broken connection, lose the keyboard of an edit, or do not wait after a
429; two calls over our own wire cost less than watching them. The token goes in a header, without ``Bearer``. Nothing
here logs a header or a URL, or turns a wire error into text.
"""

import time
from collections.abc import Callable, Sequence

import aiohttp
import structlog
from yarl import URL

from notifiers.carriers import Carriers, Load
from notifiers.http_wire import Body, Kept, open_session, outcome_of_failure
from notifiers.max_errors import MaxReason, outcome_of_answer
from notifiers.max_request import MAX_TEXT, Call, call_of
from notifiers.max_settings import MaxSettings
from notifiers.max_turns import DialogueTurns, GrowingPauses
from notifiers.outcome_log import log_outcome
from notifiers.port import ALWAYS, Capabilities, Deferred, Message, Outcome, Unknown, Window

_log = structlog.get_logger("notifiers.max")


class MaxNotifier:
    """``Notifier`` over the MAX API with one bot token. ``clock`` is monotonic seconds.

    Raises ``ValueError`` for a file of certificates that cannot be used.
    """

    def __init__(self, settings: MaxSettings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._tls = settings.tls_context()
        self._messages = f"{settings.base_url.rstrip('/')}/messages"
        self._pauses = GrowingPauses(clock)
        not_begun = Deferred(MaxReason.NOT_BEGUN, begun=False)
        self._carriers = Carriers(settings.concurrency, clock, self._deliver, not_begun, DialogueTurns(clock))
        self._session: aiohttp.ClientSession | None = None

    def __repr__(self) -> str:
        return f"MaxNotifier({self._settings.base_url!r})"

    @property
    def capabilities(self) -> Capabilities:
        """Edits, buttons, and 4000 characters."""
        return Capabilities(edit=True, buttons=True, max_text=MAX_TEXT)

    @property
    def room(self) -> int:
        """Requests that can be begun soon, less those that wait already."""
        return self._carriers.room

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Send the messages of the batch concurrently; one outcome for each, in order. No wire error leaves it.

        Two calls a second go to one dialogue: further ones wait for their turn within the window, or are not begun.
        """
        outcomes = await self._carriers.carry(batch, call_of, window)
        for message, outcome in zip(batch, outcomes, strict=True):
            log_outcome(_log, message.key, outcome)
        return outcomes

    async def close(self) -> None:
        """Close the kept connections; a later ``send`` opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _deliver(self, load: Load[Call], window: Window) -> Outcome:
        address = load.message.address
        pause = self._pauses.standing(address)
        if pause is not None:
            return pause
        outcome = await self._call(load.request, load.message.provider_id, window)
        if isinstance(outcome, Deferred) and outcome.reason == MaxReason.TOO_MANY_REQUESTS:
            return self._pauses.refused(address)
        if not isinstance(outcome, Deferred | Unknown):
            self._pauses.answered(address)
        return outcome

    async def _call(self, call: Call, editing: str | None, window: Window) -> Outcome:
        body = Body(call.body, lambda: self._clock() > window.leave_by())
        method = "POST" if editing is None else "PUT"
        url = URL(f"{self._messages}?{call.query}", encoded=True)
        try:
            # A redirect would be a second call with the same message, and with the token.
            async with self._connected().request(method, url, data=body, allow_redirects=False) as answer:
                return outcome_of_answer(answer.status, await answer.read(), editing=editing)
        except (aiohttp.ClientError, OSError) as failure:
            return outcome_of_failure(failure, handed_over=body.handed_over)

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            told = self._settings
            kept = Kept(told.concurrency, told.timeout, told.keepalive, told.proxy)
            self._session = open_session(kept, {"Authorization": told.token}, self._tls)
        return self._session
