"""Updates that wait for bots, and long polling.

As in Telegram: an update waits at most 24 hours (a press of a button 150 seconds, ``add_new_callback_query`` in the
server's source); asking with a larger offset confirms; ``allowed_updates`` are remembered and concern later updates
only; a new getUpdates ends the one that still waits with 409. Not emulated: the random next id after a week of silence.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from zvonok.sandbox.chronicle import Chronicle
from zvonok.sandbox.happenings import Happening
from zvonok.sandbox.refusals import conflict

UPDATE_LIFE = timedelta(hours=24)
PRESS_LIFE = timedelta(seconds=150)
_LEFT_OUT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
_FIRST_ID = 1_000_001

type Json = dict[str, Any]


@dataclass(slots=True)
class _Queue:
    waiting: list[tuple[datetime, Json]] = field(default_factory=list)
    last_id: int = _FIRST_ID - 1
    allowed: frozenset[str] | None = None
    waiter: asyncio.Future[bool] | None = None
    """Of the getUpdates that waits: True when something came, False when another getUpdates took its place."""

    def wake(self, *, news: bool) -> None:
        if self.waiter is not None and not self.waiter.done():
            self.waiter.set_result(news)


class Updates:
    """Queues of all bots."""

    def __init__(self, chronicle: Chronicle) -> None:
        self._chronicle = chronicle
        self._queues: dict[int, _Queue] = {}
        chronicle.on("update", self._queued)
        chronicle.on("confirmed", self._confirmed)
        chronicle.on("allowed", self._allowed)

    def put(self, bot_id: int, kind: str, payload: Json) -> None:
        """Queue an update, unless the bot has not asked for such."""
        queue = self._queue(bot_id)
        wanted = kind not in _LEFT_OUT_BY_DEFAULT if queue.allowed is None else kind in queue.allowed
        if not wanted:
            return
        expires = self._chronicle.clock() + (PRESS_LIFE if kind == "callback_query" else UPDATE_LIFE)
        data = {
            "bot_id": bot_id,
            "update_id": queue.last_id + 1,
            "kind": kind,
            "payload": payload,
            "expires_at": expires.timestamp(),
        }
        self._chronicle.record("update", data)

    def allow(self, bot_id: int, kinds: Sequence[str] | None) -> None:
        """Remember which kinds the bot wants from now on; an empty list means the default, None changes nothing."""
        if kinds is None:
            return
        allowed = frozenset(kinds) or None
        if allowed != self._queue(bot_id).allowed:
            self._chronicle.record("allowed", {"bot_id": bot_id, "kinds": sorted(kinds)})

    def allowed(self, bot_id: int) -> frozenset[str] | None:
        """Return the kinds that the bot asked for; None for the default."""
        return self._queue(bot_id).allowed

    def listens(self, bot_id: int) -> bool:
        """Tell whether a getUpdates of this bot waits now."""
        waiter = self._queue(bot_id).waiter
        return waiter is not None and not waiter.done()

    def pending(self, bot_id: int) -> list[Json]:
        """Return updates that wait and have not expired."""
        now = self._chronicle.clock()
        return [update for expires, update in self._queue(bot_id).waiting if expires > now]

    def confirm(self, bot_id: int, offset: int) -> None:
        """Forget updates before the offset; a negative offset counts from the end, ``-1`` keeping the last one."""
        waiting = self._queue(bot_id).waiting
        before = waiting[offset:][0][1]["update_id"] if offset < 0 and waiting else offset
        if any(update["update_id"] < before for _, update in waiting):
            self._chronicle.record("confirmed", {"bot_id": bot_id, "before": before})

    def drop(self, bot_id: int) -> None:
        """Forget all that waits (``drop_pending_updates``)."""
        self.confirm(bot_id, self._queue(bot_id).last_id + 1)

    async def poll(self, bot_id: int, offset: int, limit: int, seconds: float) -> list[Json]:
        """Confirm, then wait up to ``seconds`` for something to give; raises 409 in whoever waited before."""
        queue = self._queue(bot_id)
        queue.wake(news=False)
        self.confirm(bot_id, offset)
        try:
            async with asyncio.timeout(seconds):
                while not (pending := self.pending(bot_id)):
                    queue.waiter = asyncio.get_running_loop().create_future()
                    if not await queue.waiter:
                        raise conflict()
        except TimeoutError:
            return []
        return pending[:limit]

    def _queue(self, bot_id: int) -> _Queue:
        return self._queues.setdefault(bot_id, _Queue())

    def _queued(self, happening: Happening) -> None:
        data = happening.data
        queue = self._queue(data["bot_id"])
        queue.last_id = data["update_id"]
        expires = datetime.fromtimestamp(data["expires_at"], UTC)
        queue.waiting.append((expires, {"update_id": data["update_id"], data["kind"]: data["payload"]}))
        queue.wake(news=True)

    def _confirmed(self, happening: Happening) -> None:
        queue = self._queue(happening.data["bot_id"])
        before = happening.data["before"]
        queue.waiting = [item for item in queue.waiting if item[1]["update_id"] >= before]

    def _allowed(self, happening: Happening) -> None:
        self._queue(happening.data["bot_id"]).allowed = frozenset(happening.data["kinds"]) or None
