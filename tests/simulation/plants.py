"""Bugs to be found: each replaces a function or statement of the gateway by a wrong one, here and only here."""

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any
from unittest.mock import patch

from sqlalchemy import TextClause, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from gateway import intake, ledger, packing, receipts, subscriptions
from gateway.courier import Courier
from gateway.leases import Held, Lease
from gateway.retry import MAX_UNKNOWN_SENDS
from gateway.states import Reason, State
from gateway.transitions import Next, Tried, after
from notifiers.port import Accepted, Deferred, Outcome


def _replaced(statement: TextClause, *changes: tuple[str, str]) -> TextClause:
    said = statement.text
    for old, new in changes:
        assert old in said, f"the statement has changed: {old}"
        said = said.replace(old, new)
    return text(said)


def _checkpoint_before_send() -> Iterator[Any]:
    """The outcome is written down as a success before anything is sent."""

    async def fly(self: Courier, held: Held, claim: Any, claimed: Sequence[Any]) -> None:
        parcels, looked = await self._insist(lambda: self._put_on_the_wire(held, claim, claimed))
        if parcels:
            window = self._lease.window(held, looked + self.settings.begun_within.total_seconds(), self.settings.margin)
            ids = [Accepted(parcel.message.provider_id or parcel.message.key) for parcel in parcels]
            await self._insist(lambda: self._record(claim, parcels, ids))
            await self._deliver([parcel.message for parcel in parcels], window)

    yield patch.object(Courier, "_fly", fly)


def _deferral_forgotten() -> Iterator[Any]:
    """«Not now» ends the try, and the message is left where it was."""
    record_one = Courier._record_one

    async def forget(
        self: Courier, session: AsyncSession, claim: Any, part: Any, address: str, result: Next
    ) -> bool | None:
        if result.outcome == "deferred" and result.state is State.PENDING:
            values = {"now": self.school_clock.now(), "outcome": "deferred", "reason": result.reason}
            await session.execute(ledger.END_ATTEMPT, {**values, "provider_id": None, "attempt": part.attempt})
            return False
        return await record_one(self, session, claim, part, address, result)

    yield patch.object(Courier, "_record_one", forget)


def _rights_not_checked() -> Iterator[Any]:
    """Rights are looked at when a message is planned, and never again: nobody compares revs.

    Without the revs of the claim alone nothing breaks: the horizon lets nothing leave before a pass that plans anew
    whatever is stale.
    """
    for name in ("CLAIM", "CLAIM_BUNDLES"):
        revs = (" AND r.rev = p.recipient_rev", ""), (" AND s.rev = p.school_rev", "")
        yield patch.object(ledger, name, _replaced(getattr(ledger, name), *revs))
    whole = ("r.rev = p.recipient_rev AND s.rev = p.school_rev AND ", "")
    yield patch.object(ledger, "READY_BUNDLES", _replaced(ledger.READY_BUNDLES, whole))
    stale = ("d.recipient_rev <> r.rev OR d.school_rev <> s.rev OR ", "")
    yield patch.object(intake, "STALE", _replaced(intake.STALE, stale))
    yield patch.object(packing, "refusal", lambda *_: None)


def _double_claim() -> Iterator[Any]:
    """A claim takes what is on the wire already."""
    loose = _replaced(ledger.CLAIM, ("p.state = 'pending'", "p.state IN ('pending', 'claimed', 'sending')"))
    yield patch.object(ledger, "CLAIM", loose)


def _digest_split() -> Iterator[Any]:
    """What waits for an evening letter is claimed one by one."""
    loose = _replaced(ledger.CLAIM, (" AND p.bundle IS NULL", ""), ("LIMIT :limit", "LIMIT LEAST(:limit, 1)"))
    yield patch.object(ledger, "CLAIM", loose)


def _last_id_poller() -> Iterator[Any]:
    """The outbox is read from the last number seen on."""
    seen: dict[str, int] = {}
    newer = _replaced(
        intake.UNREAD,
        ("SELECT id, event", "SELECT id, event, seq"),
        ("WHERE part = :part", "WHERE part = :part AND seq > :last"),
    )

    right = intake.Intake._plan_batch

    async def batch(self: intake.Intake, part: int) -> int:
        reading: Any = _Reading(self.database, newer, seen)
        return await right(replace(self, database=reading), part)

    yield patch.object(intake.Intake, "_plan_batch", batch)


@dataclass
class _Reading:
    """A database whose outbox is read by number."""

    database: Database
    newer: TextClause
    seen: dict[str, int]

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Any]:
        async with self.database.begin() as session:
            yield _ReadingSession(session, self)


@dataclass
class _ReadingSession:
    session: AsyncSession
    reading: _Reading

    async def execute(self, statement: Any, values: Any = None) -> Any:
        if statement is not intake.UNREAD:
            return await self.session.execute(statement, values)
        seen = self.reading.seen
        found = await self.session.execute(self.reading.newer, {**values, "last": seen.get("last", 0)})
        rows = found.all()
        seen["last"] = max([seen.get("last", 0), *(row.seq for row in rows)])
        return _Rows(rows)


@dataclass
class _Rows:
    rows: Sequence[Any]

    def all(self) -> Sequence[Any]:
        return self.rows


def _no_partition_lock() -> Iterator[Any]:
    """Several plan in one partition at a time."""

    async def nobody(session: AsyncSession, part: int) -> None:
        assert session.in_transaction() or part >= 0

    for module in (intake, receipts, subscriptions):
        yield patch.object(module, "lock_partition", nobody)


def _lease_without_epoch() -> Iterator[Any]:
    """Whoever once held a credential goes on as if he still did."""
    hold = Lease.hold

    async def held(self: Lease) -> Held | None:
        found = await hold(self)
        return None if found is None else replace(found, epoch=1, stop_at=float("inf"))

    yield patch.object(Lease, "hold", held)
    yield patch.object(
        ledger, "ON_THE_WIRE", _replaced(ledger.ON_THE_WIRE, (" AND claim = :claim AND epoch = :epoch", ""))
    )


def _sent_again_after_unknown() -> Iterator[Any]:
    """What may have arrived is sent once more, whatever the channel."""

    def wrong(outcome: Outcome, tried: Tried, jitter: float) -> Next:
        limits = tried.limits._replace(copies=max(MAX_UNKNOWN_SENDS, tried.limits.copies))
        return after(outcome, replace(tried, limits=limits), jitter)

    yield patch("gateway.courier.after", wrong)
    yield patch("gateway.recovery.after", wrong)
    # Nor are the copies counted that may have arrived.
    uncounted = _replaced(ledger.READ, ("CASE WHEN d.unknowns = 0 THEN 0 ELSE", "CASE WHEN true THEN 0 ELSE"))
    yield patch.object(ledger, "READ", uncounted)


def _undo_overtaken() -> Iterator[Any]:
    """What is due leaves, however long ago the outbox was read."""
    loose = _replaced(ledger.CLAIM, ("p.due_at <= LEAST(CAST(:now AS timestamptz), i.horizon)", "p.due_at <= :now"))
    yield patch.object(ledger, "CLAIM", loose)


def _outage_is_an_end() -> Iterator[Any]:
    """Whoever was away for all the tries is not asked again."""

    def wrong(outcome: Outcome, tried: Tried, jitter: float) -> Next:
        found = after(outcome, tried, jitter)
        if not isinstance(outcome, Deferred) or not tried.in_vain:
            return found
        return replace(found, state=State.FAILED, reason=Reason.RETRIES_EXHAUSTED, wait=None)

    yield patch("gateway.courier.after", wrong)
    yield patch("gateway.threads._once_more", return_value=None)


PLANTS: dict[str, Callable[[], Iterator[Any]]] = {
    "checkpoint before send": _checkpoint_before_send,
    "deferral forgotten": _deferral_forgotten,
    "rights not re-checked at the claim": _rights_not_checked,
    "double claim": _double_claim,
    "digest split": _digest_split,
    "last-id poller": _last_id_poller,
    "correction beside fan-out without the lock": _no_partition_lock,
    "lease without epoch": _lease_without_epoch,
    "SMS re-sent after unknown": _sent_again_after_unknown,
    "undo overtaken": _undo_overtaken,
    "outage is an end": _outage_is_an_end,
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Let a bug in."""
    with ExitStack() as stack:
        for one in PLANTS[name]():
            stack.enter_context(one)
        yield
