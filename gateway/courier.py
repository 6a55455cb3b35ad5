"""The courier of one credential: claims what is due, sends it, and records what came of it.

Order of effects: claim (commit) → mark as on the wire (commit) → request → record (commit). A courier that dies before
the mark has certainly sent nothing; one that dies after it leaves an outcome that is unknown, and says so.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.events import AttendanceDayState, SchoolState
from core.school_time import MachineClock, SchoolClock
from gateway import ledger
from gateway.addresses import AddressVault
from gateway.content import Content, content_for
from gateway.due_times import CORRECTION_LIVES
from gateway.intake import oldest_month
from gateway.leases import Held, Lease
from gateway.pacing import Pacer
from gateway.rendering import Telling, chat_message, letter
from gateway.states import Reason, State
from gateway.transitions import Act, Next, after, describe
from notifiers.port import Deferred, Message, Notifier, Outcome, Unknown
from texts.reader import Texts

AGAIN_SECONDS = 0.2
"""Pause before the database is asked again."""

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
    batches_in_flight: int = 16
    insist: timedelta = timedelta(minutes=4)
    """For how long an outcome is offered to a database that is away: forgotten, it would be a message sent twice."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with the message made of it."""

    row: Row[Any]
    attempt: UUID
    act: Act
    gen: int
    content_key: str
    message: Message


@dataclass(slots=True)
class Courier:
    """Serves one credential; several couriers of one credential take turns by the lease."""

    settings: CourierSettings
    database: Database
    notifier: Notifier
    vault: AddressVault
    texts: Texts
    school_clock: SchoolClock
    machine_clock: MachineClock
    planner_bell: asyncio.Event
    """Rung when a way failed: another may be left."""
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    """Wakes this courier: something was planned, or a batch landed and there may be more."""
    jitter: Callable[[], float] = random.random
    _lease: Lease = field(init=False)
    _pacer: Pacer = field(init=False)
    _flying: dict[asyncio.Task[None], UUID] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Start without a lease and with an empty bucket."""
        self._lease = Lease(self.database, self.settings.credential, self.machine_clock, self.settings.lease)
        self._pacer = Pacer(self.settings.rate, self.machine_clock.monotonic())

    async def run_once(self) -> float | None:
        """Send one batch. Returns seconds until it is worth calling again, or None if only news can bring more."""
        held = await self._lease.hold()
        if held is None:
            return self.settings.lease.total_seconds() / 4
        if held.fresh:
            self._pacer = Pacer(self.settings.rate, self.machine_clock.monotonic())
        await self._recover(held)
        pause = (held.pause_until - self.machine_clock.now()).total_seconds() if held.pause_until else 0.0
        if pause > 0:
            return pause
        room = self._pacer.available(self.machine_clock.monotonic())
        if room < 1:
            return self._pacer.wait()
        if len(self._flying) >= self.settings.batches_in_flight:
            return None
        return await self._launch(held, room)

    async def stop(self) -> None:
        """Let batches in flight end, then give the lease back."""
        if self._flying:
            await asyncio.wait(self._flying)
        await self._lease.let_go()

    async def _launch(self, held: Held, room: int) -> float | None:
        """Claim a batch and let it fly, so that one hanging request does not hold up everybody else."""
        claim = uuid4()
        claimed = await self._claim(held, claim, room)
        if not claimed:
            return None
        self._pacer.take(len(claimed))
        task = asyncio.create_task(self._fly(held, claim, claimed))
        self._flying[task] = claim
        task.add_done_callback(self._landed)
        return 0.0

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The rows stay claimed or sending; the lease's end returns them or makes them unknown.
            _log.error("batch not recorded", credential=self.settings.credential, error=type(error).__name__)
        self.bell.set()

    async def _fly(self, held: Held, claim: UUID, claimed: Sequence[UUID]) -> None:
        parcels = await self._insist(lambda: self._put_on_the_wire(held, claim, claimed))
        if not parcels:
            return
        if self.machine_clock.monotonic() + self.settings.margin.total_seconds() > held.stop_at:
            # Somebody else may own the credential before this ended: certainly unsent, and said so.
            outcomes: Sequence[Outcome] = [Deferred(Reason.LEASE_SHORT, timedelta()) for _ in parcels]
        else:
            outcomes = await self._deliver([parcel.message for parcel in parcels])
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

    async def _claim(self, held: Held, claim: UUID, room: int) -> Sequence[UUID]:
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
            return (await session.execute(ledger.CLAIM, values)).scalars().all()

    async def _put_on_the_wire(self, held: Held, claim: UUID, ids: Sequence[UUID]) -> list[Parcel]:
        """Render each claimed delivery from the head of its subject and mark it; what need not leave is settled."""
        now = self.school_clock.now()
        parcels = []
        async with self.database.begin() as session:
            rows = (await session.execute(ledger.READ, {"ids": list(ids), "oldest": oldest_month(now)})).all()
            for row in rows:
                marks = {
                    "month": row.month,
                    "id": row.id,
                    "claim": claim,
                    "epoch": held.epoch,
                    "planned": row.want,
                    "planned_key": row.want_key,
                    "now": now,
                }
                parcel = self._made(row)
                if isinstance(parcel, Parcel):
                    if await self._mark(session, parcel, marks):
                        parcels.append(parcel)
                else:
                    await self._settle(session, row, parcel, marks)
        return parcels

    async def _settle(
        self, session: AsyncSession, row: Row[Any], settled: tuple[State, str | None], marks: dict[str, Any]
    ) -> None:
        """Record that nothing need leave, or put back what is wanted otherwise by now."""
        state, reason = settled
        done = await session.execute(ledger.NOTHING_TO_SEND, {**marks, "state": state.value, "reason": reason})
        if done.one_or_none() is None:
            await self._put_back(session, row, marks)
        elif reason in (Reason.CANNOT_BE_MADE, Reason.ADDRESS_DEAD):
            await _ask_planner(session, row, marks["now"])
            self.planner_bell.set()

    async def _put_back(self, session: AsyncSession, row: Row[Any], marks: dict[str, Any]) -> None:
        if (await session.execute(ledger.PUT_BACK, marks)).one_or_none() is not None:
            await _ask_planner(session, row, marks["now"])
            self.planner_bell.set()

    async def _mark(self, session: AsyncSession, parcel: Parcel, marks: dict[str, Any]) -> bool:
        values = {
            **marks,
            "version": parcel.row.version,
            "content_key": parcel.content_key,
            "gen": parcel.gen,
            "act": parcel.act.value,
            "attempt": parcel.attempt,
        }
        marked = await session.execute(ledger.ON_THE_WIRE, values)
        if marked.one_or_none() is None:
            await self._put_back(session, parcel.row, marks)
            return False
        await session.execute(ledger.BEGIN_ATTEMPT, values)
        return True

    def _made(self, row: Row[Any]) -> Parcel | tuple[State, str | None]:
        try:
            return self._pack(row)
        except Exception as error:  # noqa: BLE001 - whatever one row holds, the others of its batch must leave
            _log.error("message cannot be made", delivery=str(row.id), error=type(error).__name__)
            return State.FAILED, Reason.CANNOT_BE_MADE

    def _pack(self, row: Row[Any]) -> Parcel | tuple[State, str | None]:
        """Make the message, or say what the delivery is if there is nothing to send."""
        if row.ended or row.dead_reason is not None or row.verified_at is None:
            return State.SUPPRESSED, Reason.ADDRESS_DEAD
        can = self.notifier.capabilities
        state = AttendanceDayState.model_validate(row.data)
        content = content_for(state, row.recipient, acknowledged=row.acknowledged, interactive=can.edit)
        key = content.key()
        if key == row.told_key and row.unknowns == 0 and row.provider_id is not None:
            return State.ACCEPTED, None
        if row.told_key is None and row.unknowns == 0 and row.said_key is None and not content.alarming:
            return State.SUPPRESSED, Reason.SUPERSEDED
        edits = can.edit and row.provider_id is not None
        said_key = row.told_key if edits else row.said_key
        school = SchoolState.model_validate(row.school_state)
        gen = row.gen if edits or row.last_key == key else row.gen + 1
        telling = Telling(row.id, content, Content.read(said_key) if said_key else None, state, school)
        make = chat_message if can.buttons else letter
        message = make(self.texts, telling, self.vault.open(row.value), f"{row.id.hex}.{gen}")
        return Parcel(row, uuid4(), Act.EDIT if edits else Act.SEND, gen, key, _threaded(message, row, edits=edits))

    async def _deliver(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        """Send; an exception out of a notifier is our bug and leaves outcomes that nobody knows."""
        try:
            return await self.notifier.send(messages)
        except Exception as error:  # noqa: BLE001 - whatever a notifier raises is its bug; no message may hang on it
            _log.exception("notifier broke its word", credential=self.settings.credential, error=type(error).__name__)
            return [Unknown("notifier-broke") for _ in messages]

    async def _record(self, claim: UUID, parcels: Sequence[Parcel], outcomes: Sequence[Outcome]) -> None:
        replan = False
        pause: tuple[timedelta, str] | None = None
        async with self.database.begin() as session:
            for parcel, outcome in zip(parcels, outcomes, strict=True):
                row = parcel.row
                tried = describe(
                    parcel.act, row.attempts + 1, row.unknowns, shown=parcel.content_key, told=row.told_key
                )
                result = after(outcome, tried, self.jitter())
                replan = await self._record_one(session, claim, parcel, result) or replan
                if result.pause is not None:
                    pause = (max(result.pause, pause[0] if pause else result.pause), str(result.reason))
        if pause is not None:
            _log.warning("credential pauses", credential=self.settings.credential, reason=pause[1])
            await self._lease.pause(self.machine_clock.now() + pause[0], pause[1])
        if replan:
            self.planner_bell.set()

    async def _record_one(self, session: AsyncSession, claim: UUID, parcel: Parcel, result: Next) -> bool:
        """Record an outcome; True if the planner must look at this reader.

        Whoever took over this courier's lease has written the message off as unknown: a later outcome changes nothing.
        """
        now = self.school_clock.now()
        row = parcel.row
        values = {
            **_recorded(result, now),
            "attempt": parcel.attempt,
            "month": row.month,
            "id": row.id,
            "claim": claim,
            "version": row.version,
            "content_key": parcel.content_key,
            "correct_until": now + CORRECTION_LIVES,
        }
        await session.execute(ledger.END_ATTEMPT, values)
        accepted = result.state is State.ACCEPTED
        recorded = await session.execute(ledger.ACCEPTED if accepted else ledger.NOT_ACCEPTED, values)
        raised = recorded.scalar_one_or_none()
        if raised is None:
            return False
        if result.address_dead is not None:
            dead = {
                "recipient": row.recipient,
                "channel": row.channel,
                "value_hmac": self.vault.hash(row.channel, parcel.message.address),
                "reason": result.address_dead,
                "now": now,
            }
            await session.execute(ledger.ADDRESS_DIED, dead)
            await session.execute(ledger.NEW_REV, dead)
        replan = bool(raised or result.replan)
        if replan:
            await _ask_planner(session, row, now)
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
                await _ask_planner(session, row, now)
            abandoned = (await session.execute(ledger.ABANDONED, scope)).all()
            for row in abandoned:
                tried = describe(Act(row.act), row.attempts, row.unknowns, shown=row.content_key, told=row.told_key)
                result = after(Unknown(Reason.LEASE_EXPIRED), tried, self.jitter())
                values = {**_recorded(result, now), "attempt": row.attempt, "month": row.month, "id": row.id}
                await session.execute(ledger.END_ATTEMPT, values)
                await session.execute(
                    ledger.NOT_ACCEPTED, {**values, "claim": row.claim, "content_key": row.content_key}
                )
                await _ask_planner(session, row, now)
        if freed or abandoned:
            _log.warning("took over", credential=self.settings.credential, unclaimed=len(freed), unknown=len(abandoned))
            self.planner_bell.set()


def _threaded(message: Message, row: Row[Any], *, edits: bool) -> Message:
    if edits:
        return replace(message, provider_id=row.provider_id)
    return replace(message, in_reply_to=row.provider_id)


def _recorded(result: Next, now: datetime) -> dict[str, Any]:
    return {
        "now": now,
        "outcome": result.outcome,
        "state": result.state.value,
        "reason": result.reason,
        "provider_id": result.provider_id,
        "due_at": None if result.wait is None else now + result.wait,
        "unknown": int(result.unknown),
        "not_counted": int(result.pause is not None),
        "new_message": result.new_message,
    }


async def _ask_planner(session: AsyncSession, row: Row[Any], now: datetime) -> None:
    values = {
        "month": row.month,
        "subject": row.subject,
        "recipient": row.recipient,
        "step": "fall-back",
        "part": row.part,
        "now": now,
    }
    await session.execute(ledger.REPLAN, values)
