"""Updates of MAX, fetched: numbered, put into the shape of the Bot API, and stored before the marker confirms them.

Long polling is for trials: MAX keeps updates for a day and answers twice a second at the most (channels.md §2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.inbox import Inbox
from bot.max_messages import MaxMessages
from bot.max_updates import mids_of, translated
from bot.max_wire import MaxSession
from core.school_time import MachineClock


@dataclass(frozen=True, slots=True)
class MaxUpdates:
    """``bot.polling.Updates`` of MAX."""

    session: MaxSession
    messages: MaxMessages
    inbox: Inbox
    clock: MachineClock

    async def fetch(self, place: int | None, seconds: int) -> tuple[int | None, int]:
        """Store one batch and return the marker that will confirm it."""
        answer = await self.session.updates(place, seconds)
        came = await self.take(answer.get("updates") or [])
        marker = answer.get("marker")
        return marker if isinstance(marker, int) else place, came

    async def take(self, updates: Sequence[Mapping[str, Any]]) -> int:
        """Store updates as MAX sends them, by polling or by a webhook."""
        now = self.clock.now()
        numbers = await self.messages.numbered(mids_of(updates), now)
        shaped = [one for update in updates for one in translated(update, numbers)]
        await self.inbox.store(shaped, now)
        return len(shaped)
