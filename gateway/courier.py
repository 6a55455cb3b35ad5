"""The courier of one credential: claims what is due, sends it, and records what came of it.

Order of effects: claim (commit) → mark as on the wire (commit) → request → record (commit). A courier that dies before
the mark has certainly sent nothing; one that dies after it leaves an outcome that is unknown, and says so.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.school_time import MachineClock, SchoolClock
from gateway import kept_letters, ledger
from gateway.addresses import AddressVault
from gateway.batches import columns_of, made_of, marks_of, read
from gateway.claimed import Claimed, ClaimedRow
from gateway.due_times import CORRECTION_LIVES
from gateway.leases import Held, Lease
from gateway.links import Links
from gateway.observing import Counted, CourierObserver, Unobserved, tell
from gateway.pacing import Pacer
from gateway.packing import Packer, Parcel, Part, Settled
from gateway.partition import oldest_month
from gateway.recovery import ask_planner, recorded, write_off
from gateway.retry import MAX_UNKNOWN_SENDS, tries_of
from gateway.silence import Silence
from gateway.states import Reason
from gateway.transitions import Limits, Next, after, describe
from notifiers.port import Accepted, Deferred, Message, Outcome, Sender, Unknown, Window
from texts.reader import Texts

AGAIN_SECONDS = 0.2
"""Pause before the database is asked again."""
SOON_SECONDS = 0.02
"""Pause before it is looked again whether a place for a message came free; the database is not asked for that."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CourierSettings:
    """How one credential may be used."""

    credential: str
    rate: float
    """Messages a second; what the messenger allows, less a reserve for conversations."""
    lease: timedelta = timedelta(seconds=15)
    """For how long one gateway owns the credential; renewed at each turn. After a crash the next one waits so long."""
    longest_send: timedelta = timedelta(minutes=5)
    """A batch not recorded by then never will be: longer than all of the notifier's own timeouts together."""
    margin: timedelta = timedelta(milliseconds=500)
    """No request is begun when less than this is left of the lease."""
    begun_within: timedelta = timedelta(seconds=2)
    """What was not begun so soon after it was last looked at is looked at again: its reader may have lost the right."""
    largest_claim: int = 250
    """Messages claimed at once, however fast the messenger is: the next ones are made while these are on the wire."""
    batches_in_flight: int = 16
    insist: timedelta = timedelta(minutes=4)
    """For how long an outcome is offered to a database that is away: forgotten, it would be a message sent twice."""
    copies: int = MAX_UNKNOWN_SENDS
    """How often a message may be sent while nobody knows whether it arrived; 1 for what costs money: never again."""


@dataclass(slots=True)
class Courier:
    """Serves one credential; several couriers of one credential take turns by the lease."""

    settings: CourierSettings
    database: Database
    notifier: Sender
    vault: AddressVault
    texts: Texts
    school_clock: SchoolClock
    machine_clock: MachineClock
    planner_bell: asyncio.Event
    """Rung when a way failed: another may be left."""
    links: Links = field(default_factory=lambda: Links(None, b""))
    """Makes the links in letters; without pages there are none."""
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    """Wakes this courier: something was planned, or a batch landed and there may be more."""
    jitter: Callable[[], float] = random.random
    observer: CourierObserver = field(default_factory=Unobserved)
    """Hears of each try whose outcome stands in the ledger."""
    _packer: Packer = field(init=False)
    _lease: Lease = field(init=False)
    _pacer: Pacer = field(init=False)
    _flying: dict[asyncio.Task[None], UUID] = field(init=False, default_factory=dict)
    _boarding: dict[UUID, int] = field(init=False, default_factory=dict)
    """Messages of each claim that the notifier has not been given yet."""
    _silence: Silence = field(init=False)

    def __post_init__(self) -> None:
        """Start without a lease and with an empty bucket."""
        self._packer = Packer(self.notifier.capabilities, self.texts, self.vault, self.links, self.settings.copies)
        self._silence = Silence(self.settings.credential)
        self._lease = Lease(self.database, self.settings.credential, self.machine_clock, self.settings.lease)
        self._pacer = Pacer(self.settings.rate, self.machine_clock.monotonic())

    async def run_once(self) -> float | None:
        """Send one batch. Returns seconds until it is worth calling again, or None if only news can bring more."""
        held = await self._lease.hold()
        if held is None:
            return self.settings.lease.total_seconds() / 4
        if held.fresh:
            self._pacer = Pacer(self.settings.rate, self.machine_clock.monotonic())
        if held.renewed:
            await self._recover(held)
        pause = (held.pause_until - self.machine_clock.now()).total_seconds() if held.pause_until else 0.0
        if pause > 0:
            return pause
        room = min(self._pacer.available(self.machine_clock.monotonic()), self.settings.largest_claim)
        if room < 1:
            return self._pacer.wait()
        if len(self._flying) >= self.settings.batches_in_flight:
            return None
        # What would only wait for a place stays in the ledger, where news can still reach it.
        room = min(room, self.notifier.room - sum(self._boarding.values()))
        return await self._launch(held, room) if room >= 1 else SOON_SECONDS

    async def stop(self) -> None:
        """Let batches in flight end, then give the lease back."""
        if self._flying:
            await asyncio.wait(self._flying)
        await self._lease.let_go()

    async def _launch(self, held: Held, room: int) -> float | None:
        """Claim a batch and let it fly, so that one hanging request does not hold up everybody else."""
        claim = uuid4()
        claimed, messages = await self._claim(held, claim, room)
        if not claimed:
            return None
        self._pacer.take(messages)
        task = asyncio.create_task(self._fly(held, claim, claimed))
        self._flying[task] = claim
        self._boarding[claim] = messages
        task.add_done_callback(self._landed)
        return 0.0

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._boarding.pop(self._flying.pop(task), None)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The rows stay claimed or sending; the lease's end returns them or makes them unknown.
            _log.error("batch not recorded", credential=self.settings.credential, error=type(error).__name__)
        self.bell.set()

    async def _fly(self, held: Held, claim: UUID, claimed: Sequence[Claimed]) -> None:
        parcels, looked = await self._insist(lambda: self._put_on_the_wire(held, claim, claimed))
        if not parcels:
            return
        window = self._lease.window(held, looked + self.settings.begun_within.total_seconds(), self.settings.margin)
        self._boarding.pop(claim, None)
        if self.machine_clock.monotonic() > window.leave_by():
            # Somebody else may own the credential before this ended: certainly unsent, and said so.
            outcomes: Sequence[Outcome] = [Deferred(Reason.LEASE_SHORT, begun=False) for _ in parcels]
        else:
            outcomes = await self._deliver([parcel.message for parcel in parcels], window)
        await self._insist(lambda: self._record(claim, parcels, outcomes))

    async def _insist[Result](self, work: Callable[[], Awaitable[Result]]) -> Result:
        """Repeat one repeatable transaction until the database takes it, for as long as is worth while."""
        give_up = self.machine_clock.monotonic() + self.settings.insist.total_seconds()
        while True:
            try:
                return await work()
            except (SQLAlchemyError, OSError) as error:
                if self.machine_clock.monotonic() >= give_up:
                    raise
                _log.warning("again", credential=self.settings.credential, error=type(error).__name__)
                await asyncio.sleep(AGAIN_SECONDS)

    async def _claim(self, held: Held, claim: UUID, room: int) -> tuple[Sequence[Claimed], int]:
        """Claim what is due, at most ``room`` messages; returns the deliveries, and how many messages they make."""
        now = self.school_clock.now()
        values = {
            "claim": claim,
            "epoch": held.epoch,
            "lease_until": self.machine_clock.now() + self.settings.longest_send,
            "now": now,
            "oldest": oldest_month(now),
            "credential": self.settings.credential,
            "limit": room,
        }
        async with self.database.begin() as session:
            alone = [Claimed._make(row) for row in await session.execute(ledger.CLAIM, values)]
            if len(alone) == room:
                return alone, len(alone)
            bundles = (await session.execute(ledger.READY_BUNDLES, {**values, "limit": room - len(alone)})).scalars()
            members = (await session.execute(ledger.CLAIM_BUNDLES, {**values, "bundles": bundles.all()})).all()
            letters = {row.bundle for row in members}
            return [*alone, *(Claimed(row.month, row.id) for row in members)], len(alone) + len(letters)

    async def _put_on_the_wire(self, held: Held, claim: UUID, claimed: Sequence[Claimed]) -> tuple[list[Parcel], float]:
        """Render each claimed delivery from the head of its subject and mark it; what need not leave is settled.

        Returns also the monotonic second at which they were last compared with what is wanted.
        """
        now = self.school_clock.now()
        async with self.database.begin() as session:
            rows, schools = await read(session, claimed)
            made = list(zip(rows, self._packer.parts(rows, schools, now), strict=True))
            parts = [part for _, part in made if isinstance(part, Part)]
            looked = self.machine_clock.monotonic()
            marked = await self._mark(session, held, claim, parts, now)
            for row, settled in made:
                if isinstance(settled, Settled):
                    await self._settle(session, row, settled, marks_of(row, claim, now))
            parcels = self._packer.parcels(marked)
            await kept_letters.keep(session, parcels, now)
        return parcels, looked

    async def _settle(self, session: AsyncSession, row: ClaimedRow, settled: Settled, marks: dict[str, Any]) -> None:
        """Record that nothing need leave, or put back what is wanted otherwise by now."""
        state, reason = settled
        done = await session.execute(ledger.NOTHING_TO_SEND, {**marks, "state": state.value, "reason": reason})
        if done.one_or_none() is None:
            await self._put_back(session, row, marks)
        elif reason in (Reason.CANNOT_BE_MADE, Reason.ADDRESS_DEAD, Reason.MAYBE_TOLD):
            await ask_planner(session, row, marks["now"])
            self.planner_bell.set()

    async def _put_back(self, session: AsyncSession, row: ClaimedRow, marks: dict[str, Any]) -> None:
        if (await session.execute(ledger.PUT_BACK, marks)).one_or_none() is not None:
            await ask_planner(session, row, marks["now"])
            self.planner_bell.set()

    async def _mark(
        self, session: AsyncSession, held: Held, claim: UUID, parts: Sequence[Part], now: datetime
    ) -> list[Part]:
        """Mark what is to leave, all of it at once; what is wanted otherwise by now goes back. Returns the marked."""
        if not parts:
            return []
        values = {
            **made_of(parts),
            "claim": claim,
            "epoch": held.epoch,
            "now": now,
        }
        marked = set((await session.execute(ledger.ON_THE_WIRE, values)).scalars())
        for part in parts:
            if part.row.id not in marked:
                await self._put_back(session, part.row, marks_of(part.row, claim, now))
        return [part for part in parts if part.row.id in marked]

    async def _deliver(self, messages: Sequence[Message], window: Window) -> Sequence[Outcome]:
        """Send; an exception out of a notifier is our bug and leaves outcomes that nobody knows."""
        try:
            return await self.notifier.send(messages, window)
        except Exception as error:  # noqa: BLE001 - whatever a notifier raises is its bug; no message may hang on it
            _log.exception("notifier broke its word", credential=self.settings.credential, error=type(error).__name__)
            return [Unknown("notifier-broke") for _ in messages]

    async def _record(self, claim: UUID, parcels: Sequence[Parcel], outcomes: Sequence[Outcome]) -> None:
        replan = False
        pause: tuple[timedelta, str, bool] | None = None
        taken: list[tuple[Part, str]] = []
        counted: list[Counted] = []
        async with self.database.begin() as session:
            for parcel, outcome in zip(parcels, outcomes, strict=True):
                if isinstance(outcome, Accepted):
                    taken += [(part, outcome.provider_id) for part in parcel.parts]
                    continue
                # One for the whole parcel: a letter that is tried again must be due at one moment.
                jitter = self.jitter()
                for part in parcel.parts:
                    result = self._result(part, outcome, jitter)
                    asks = await self._record_one(session, claim, part, parcel.message.address, result)
                    counted += [] if asks is None else [(part, result.outcome, result.reason)]
                    replan = bool(asks) or replan
                    if result.pause is not None:
                        longest = max(result.pause, pause[0] if pause else result.pause)
                        pause = (longest, str(result.reason), result.pause_grows)
            kept = await self._record_accepted(session, claim, taken)
        counted += [(part, "accepted", None) for part, _ in taken if part.row.id in kept]
        tell(self.observer, counted, self.school_clock.now())
        replan = any(kept.values()) or replan
        if taken:
            await self._lease.works()
        if pause is not None:
            _log.warning("credential pauses", credential=self.settings.credential, reason=pause[1])
            await self._lease.pause(self.machine_clock.now() + pause[0], pause[1], grows=pause[2])
        self._silence.heard(outcomes)
        if replan:
            self.planner_bell.set()

    async def _record_accepted(
        self, session: AsyncSession, claim: UUID, taken: Sequence[tuple[Part, str]]
    ) -> dict[UUID, bool]:
        """Record all that was taken in one statement; of what came in time, return whether the planner must look at it.

        Whoever took over this courier's lease has written a message off as unknown: this changes nothing then.
        """
        if not taken:
            return {}
        now = self.school_clock.now()
        values = {
            **columns_of([part for part, _ in taken]),
            "provider_ids": [provider_id for _, provider_id in taken],
            "claim": claim,
            "now": now,
            "correct_until": now + CORRECTION_LIVES,
        }
        kept = {delivery: bool(raised) for delivery, raised in await session.execute(ledger.ACCEPTED, values)}
        for part, _ in taken:
            if kept.get(part.row.id):
                await ask_planner(session, part.row, now)
        return kept

    async def _record_one(
        self, session: AsyncSession, claim: UUID, part: Part, address: str, result: Next
    ) -> bool | None:
        """Record that a message was not taken; True if the planner must look at this reader, None if it came too late.

        Whoever took over this courier's lease has written the message off as unknown: a later outcome changes nothing.
        """
        now = self.school_clock.now()
        row = part.row
        values = {
            **recorded(result, now),
            "attempt": part.attempt,
            "month": row.month,
            "id": row.id,
            "claim": claim,
            "content_key": part.content_key,
        }
        # First the delivery, then its try: whoever writes this off after a lost lease locks them in this order.
        raised = (await session.execute(ledger.NOT_ACCEPTED, values)).scalar_one_or_none()
        await session.execute(ledger.END_ATTEMPT, values)
        if raised is None:
            return None
        if result.address_dead is not None:
            dead = {
                "recipient": row.recipient,
                "channel": row.channel,
                "value_hmac": self.vault.hash(row.channel, address),
                "reason": result.address_dead,
                "now": now,
            }
            await session.execute(ledger.ADDRESS_DIED, dead)
            await session.execute(ledger.NEW_REV, dead)
        replan = bool(raised or result.replan)
        if replan:
            await ask_planner(session, row, now)
        return replan

    async def _recover(self, held: Held) -> None:
        """Take over what an earlier owner left: claimed goes back, sending is unknown."""
        now = self.school_clock.now()
        scope = {
            "oldest": oldest_month(now),
            "credential": self.settings.credential,
            "epoch": held.epoch,
            "machine": self.machine_clock.now(),
            "now": now,
            "in_hand": list(self._flying.values()),
        }
        async with self.database.begin() as session:
            freed = (await session.execute(ledger.UNCLAIM, scope)).all()
            for row in freed:
                await ask_planner(session, row, now)
            abandoned = (await session.execute(ledger.ABANDONED, scope)).all()
            copies = self.settings.copies
            lost = [(row, await write_off(session, row, now, self.jitter(), copies=copies)) for row in abandoned]
        for row, result in lost:
            self.observer.recorded(row.channel, result.outcome, result.reason)
        if freed or abandoned:
            _log.warning("took over", credential=self.settings.credential, unclaimed=len(freed), unknown=len(abandoned))
            self.planner_bell.set()

    def _result(self, part: Part, outcome: Outcome, jitter: float) -> Next:
        row = part.row
        limits = Limits(self.settings.copies, tries_of(row.lane))
        shown, told = part.content_key, row.told_key
        tried = describe(part.act, row.attempts + 1, row.unknowns, shown=shown, told=told, limits=limits)
        return after(outcome, tried, jitter)
