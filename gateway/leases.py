"""One owner at a time for a credential: a lease row with an epoch (house.md §2.10).

The owner stops by its own monotonic clock before the lease ends; a new owner raises the epoch and starts with an empty
bucket. Never session advisory locks: behind a pooler two owners held one.
"""

import math
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import text

from core.database import Database
from core.school_time import MachineClock
from gateway.retry import LONGEST
from notifiers.port import Window

HOLD = text("""
INSERT INTO gateway.credential AS c (id, owner, epoch, lease_until) VALUES (:id, :owner, 1, :until)
ON CONFLICT (id) DO UPDATE SET owner = :owner, lease_until = :until,
  epoch = CASE WHEN c.owner = :owner AND c.lease_until > :now THEN c.epoch ELSE c.epoch + 1 END
WHERE c.owner IS NULL OR c.owner = :owner OR c.lease_until <= :now
RETURNING epoch, pause_until, refused_since
""")
LET_GO = text("UPDATE gateway.credential SET owner = NULL, lease_until = NULL WHERE id = :id AND owner = :owner")
# A refusal that lasts makes its own pauses longer: each as long as all of it so far, up to ``LONGEST``. A refusal of
# long ago, after which nothing was sent, is another one.
PAUSE = text("""
UPDATE gateway.credential AS c SET refused_since = run.since, pause_reason = :reason,
  pause_until = GREATEST(c.pause_until, CAST(:until AS timestamptz), CASE WHEN CAST(:grows AS boolean)
    THEN CAST(:now AS timestamptz) + LEAST(CAST(:longest AS interval), CAST(:now AS timestamptz) - run.since) END)
FROM (SELECT CASE WHEN pause_until > CAST(:now AS timestamptz) - 2 * CAST(:longest AS interval)
    THEN COALESCE(refused_since, :now) ELSE :now END AS since FROM gateway.credential WHERE id = :id) run
WHERE c.id = :id
""")
WORKS = text("UPDATE gateway.credential SET refused_since = NULL WHERE id = :id")

YOUNG = 0.25
"""The part of a lease's length within which it is not renewed."""


@dataclass(frozen=True, slots=True)
class Held:
    """A lease in force."""

    epoch: int
    stop_at: float
    """Monotonic second after which nothing may be begun under this lease."""
    pause_until: datetime | None
    fresh: bool
    """True for the first hold of this epoch by this owner."""
    renewed: bool = True
    """Taken or renewed in the database just now; False if it was so lately that nobody need be asked."""


@dataclass(slots=True)
class Lease:
    """The lease of one credential as one courier sees it."""

    database: Database
    credential: str
    clock: MachineClock
    length: timedelta
    owner: UUID = field(default_factory=uuid4)
    _epoch: int | None = None
    _stop_at: float = -math.inf
    _held: Held | None = None
    """As the database last said, until anything is known that may change it."""
    _pauses: int = 0
    """How many were written: what was read before the last of them may know nothing of it."""
    _refused: bool = False
    """It was paused, and nothing was taken since."""

    async def hold(self) -> Held | None:
        """Take or renew the lease; None while somebody else holds it.

        In the first quarter of its length the database is not asked again: a turn would cost twice as much.
        """
        asked = self.clock.monotonic()
        if self._held is not None and asked < self._held.stop_at - (1 - YOUNG) * self.length.total_seconds():
            return self._held
        now, pauses = self.clock.now(), self._pauses
        values = {"id": self.credential, "owner": self.owner, "until": now + self.length, "now": now}
        async with self.database.begin() as session:
            row = (await session.execute(HOLD, values)).one_or_none()
        self._held = None
        if row is None:
            self._epoch = None
            return None
        fresh = row.epoch != self._epoch
        self._epoch, self._stop_at = row.epoch, asked + self.length.total_seconds()
        self._refused = row.refused_since is not None
        held = Held(row.epoch, self._stop_at, row.pause_until, fresh)
        paused = pauses != self._pauses or (row.pause_until is not None and row.pause_until > now)
        self._held = None if paused else replace(held, fresh=False, renewed=False)
        return held

    def window(self, held: Held, begin_by: float, margin: timedelta) -> Window:
        """Return until when something may be begun and may leave: ``margin`` before the end of the lease at the latest.

        The end moves with each renewal, and has come once another epoch is known of.
        """

        def leave_by() -> float:
            return (self._stop_at if held.epoch == self._epoch else -math.inf) - margin.total_seconds()

        return Window(min(begin_by, leave_by()), leave_by)

    async def pause(self, until: datetime, reason: str, *, grows: bool) -> None:
        """Make everybody who ever holds this credential wait; ``grows`` where nobody said for how long."""
        values = {"id": self.credential, "until": until, "reason": reason, "now": self.clock.now()}
        try:
            async with self.database.begin() as session:
                await session.execute(PAUSE, {**values, "grows": grows, "longest": LONGEST})
        finally:
            # After it, not before: a turn beside it may have read the lease without the pause, or be reading it.
            self._held, self._pauses = None, self._pauses + 1
        self._refused = True

    async def works(self) -> None:
        """Note that something was taken: whatever the credential was refused for is over."""
        if self._refused:
            async with self.database.begin() as session:
                await session.execute(WORKS, {"id": self.credential})
            self._refused = False

    async def let_go(self) -> None:
        """Give the lease back, so that the next owner need not wait for its end."""
        async with self.database.begin() as session:
            await session.execute(LET_GO, {"id": self.credential, "owner": self.owner})
        self._epoch = self._held = None
