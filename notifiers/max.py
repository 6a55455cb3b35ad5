"""The MAX channel: ``POST``, ``PUT`` and ``DELETE`` of ``/messages`` over kept connections, and no more.

The libraries for MAX repeat a ``POST`` after a broken connection, lose the keyboard of an edit, or do not wait after a
429; three calls over our own wire cost less than watching them. The token goes in a header, without ``Bearer``. Nothing
here logs a header or a URL, or turns a wire error into text.
"""

import time
from collections.abc import Callable, Sequence

import aiohttp
import structlog
from yarl import URL

from notifiers.asked import Asked, Deed, asked_of
from notifiers.carriers import Carriers, Load
from notifiers.http_wire import Body, Kept, open_session, outcome_of_failure
from notifiers.max_errors import MaxReason, outcome_of_answer
from notifiers.max_request import Call, call_of, recall_of
from notifiers.max_settings import MaxSettings
from notifiers.max_turns import DialogueTurns, GrowingPauses
from notifiers.outcome_log import log_outcome
from notifiers.port import ALWAYS, CAPABILITIES, Capabilities, Deferred, Message, Outcome, Recall, Unknown, Window

_log = structlog.get_logger("notifiers.max")
_VERBS = {Deed.SEND: "POST", Deed.EDIT: "PUT", Deed.RECALL: "DELETE"}


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
        """What the API can do in a dialogue."""
        return CAPABILITIES["max"]

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

    async def recall(self, batch: Sequence[Recall], window: Window = ALWAYS) -> Sequence[Outcome]:
        """Delete messages of ours in dialogues, which have no age for it; they take turns as sends and edits do."""
        outcomes = await self._carriers.carry(batch, recall_of, window)
        for item, outcome in zip(batch, outcomes, strict=True):
            log_outcome(_log, item.key, outcome)
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
        outcome = await self._call(load.request, asked_of(load.message), window)
        if isinstance(outcome, Deferred) and outcome.reason == MaxReason.TOO_MANY_REQUESTS:
            return self._pauses.refused(address)
        if not isinstance(outcome, Deferred | Unknown):
            self._pauses.answered(address)
        return outcome

    async def _call(self, call: Call, asked: Asked, window: Window) -> Outcome:
        body = Body(call.body, lambda: self._clock() > window.leave_by())
        url = URL(f"{self._messages}?{call.query}", encoded=True)
        try:
            # A redirect would be a second call with the same message, and with the token.
            request = self._connected().request(_VERBS[asked.deed], url, data=body, allow_redirects=False)
            async with request as answer:
                return outcome_of_answer(answer.status, await answer.read(), asked=asked)
        except (aiohttp.ClientError, OSError) as failure:
            return outcome_of_failure(failure, handed_over=body.handed_over)

    def _connected(self) -> aiohttp.ClientSession:
        if self._session is None:
            told = self._settings
            kept = Kept(told.concurrency, told.timeout, told.keepalive, told.proxy)
            self._session = open_session(kept, {"Authorization": told.token}, self._tls)
        return self._session
