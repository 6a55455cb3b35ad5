"""Planning: from the head of a subject to the threads of its readers. Runs under the partition's lock only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Channel, GuardianshipState, NoticeAsk, NoticeState, SchoolState, Subject
from core.school_time import school_date
from gateway import bundles, due_times, quarantine
from gateway.categories import URGENT, Category, category_of
from gateway.content import NoticeContent, content_for
from gateway.profiles import Choice, Mode, SubscriptionRow, choices, silence, strongest
from gateway.routing import AT_ONCE, AddressView, Follower, Route, Untold, hours_of, refusal, routes
from gateway.states import GIVEN_UP, Lane, Purpose, Reason, State
from gateway.subjects import subject_state
from gateway.threads import Head, Plan, Reader, Thread, Wanted, plan_threads

FACTS = text("""
SELECT f.month, f.subject, f.school, f.part, f.pupils, f.day, f.version, f.occurred_at, f.data,
       s.state AS school_state, s.rev AS school_rev
FROM gateway.fact f
JOIN unnest(CAST(:months AS date[]), CAST(:subjects AS text[])) AS k (month, subject)
  ON k.month = f.month AND k.subject = f.subject
JOIN gateway.school s ON s.id = f.school
""")
FOLLOWERS = text("""
SELECT w.pupil, w.recipient, w.state, r.rev, r.quiet_from, r.quiet_until
FROM gateway.follow w JOIN gateway.recipient r ON r.id = w.recipient
WHERE w.pupil = ANY(CAST(:pupils AS uuid[]))
ORDER BY w.pupil, w.recipient
""")
ADDRESSES = text("""
SELECT recipient, channel, credential, verified_at IS NOT NULL AS verified, dead_reason
FROM gateway.address WHERE recipient = ANY(CAST(:recipients AS uuid[])) AND NOT ended
""")
SUBSCRIPTIONS = text("""
SELECT recipient, category, channel, mode, hour FROM gateway.subscription
WHERE recipient = ANY(CAST(:recipients AS uuid[]))
""")
THREADS = text("""
SELECT d.subject, d.recipient, d.id, d.channel, d.purpose, d.state, d.want, d.want_key, d.told, d.told_key, d.unknowns,
  d.recipient_rev, d.provider_id IS NOT NULL AS has_message, d.bundle,
  (SELECT b.slot FROM gateway.bundle b WHERE b.id = d.bundle) AS slot
FROM gateway.delivery d
JOIN unnest(CAST(:months AS date[]), CAST(:subjects AS text[])) AS k (month, subject)
  ON k.month = d.month AND k.subject = d.subject
ORDER BY d.created_at, d.id
FOR UPDATE OF d
""")
ACKNOWLEDGED = text("""
SELECT DISTINCT subject, recipient FROM gateway.receipt
WHERE subject = ANY(CAST(:subjects AS text[])) AND kind = 'acknowledged'
""")
# What a courier holds keeps its revs: if it comes back unsent, it is stale and planned again. A retry keeps its time.
# After a send of unknown outcome the reader may know something for ever, so that this count never falls back to nought.
PUT = text("""
INSERT INTO gateway.delivery AS d (month, id, subject, recipient, channel, purpose, school, part, credential, lane,
  not_before, due_at, expires_at, state, want, want_key, gen, recipient_rev, school_rev, attempts, unknowns, reason,
  created_at, changed_at, leave_by, bundle, held)
VALUES (:month, :id, :subject, :recipient, :channel, :purpose, :school, :part, :credential, :lane,
  :not_before, :due_at, :expires_at, COALESCE(CAST(:state AS text), 'pending'), :want, :want_key, 0,
  :recipient_rev, :school_rev, 0, :maybe_told, CAST(:reason AS text), :at, :at, :leave_by, CAST(:bundle AS uuid), :held)
ON CONFLICT (month, subject, recipient, channel, purpose) DO UPDATE SET
  want = excluded.want, want_key = excluded.want_key,
  recipient_rev = CASE WHEN CAST(:state AS text) IS NULL THEN d.recipient_rev ELSE excluded.recipient_rev END,
  school_rev = CASE WHEN CAST(:state AS text) IS NULL THEN d.school_rev ELSE excluded.school_rev END,
  changed_at = excluded.changed_at, state = COALESCE(CAST(:state AS text), d.state),
  credential = CASE WHEN CAST(:state AS text) = 'pending' THEN excluded.credential ELSE d.credential END,
  not_before = CASE WHEN CAST(:state AS text) = 'pending' THEN excluded.not_before ELSE d.not_before END,
  due_at = CASE WHEN CAST(:state AS text) IS DISTINCT FROM 'pending' THEN d.due_at
    WHEN d.state = 'pending' AND d.attempts > 0 THEN GREATEST(d.due_at, excluded.due_at) ELSE excluded.due_at END,
  expires_at = CASE WHEN CAST(:state AS text) = 'pending' THEN excluded.expires_at ELSE d.expires_at END,
  leave_by = CASE WHEN CAST(:state AS text) = 'pending' THEN excluded.leave_by ELSE d.leave_by END,
  lane = CASE WHEN CAST(:state AS text) = 'pending' THEN excluded.lane ELSE d.lane END,
  bundle = CASE WHEN CAST(:state AS text) = 'pending' THEN excluded.bundle ELSE d.bundle END,
  attempts = CASE WHEN CAST(:state AS text) = 'pending' AND d.state <> 'pending' THEN 0 ELSE d.attempts END,
  unknowns = GREATEST(excluded.unknowns,
    CASE WHEN CAST(:new_message AS boolean) THEN LEAST(d.unknowns, 1) ELSE d.unknowns END),
  held = CASE WHEN CAST(:state AS text) IS NULL THEN d.held ELSE excluded.held END,
  provider_id = CASE WHEN CAST(:new_message AS boolean)
    OR (CAST(:state AS text) = 'pending' AND d.credential <> excluded.credential) THEN NULL ELSE d.provider_id END,
  reason = CASE WHEN CAST(:state AS text) IS NULL THEN d.reason ELSE excluded.reason END
""")
# Whoever follows none of a subject's pupils any more is told nothing of it.
LEFT = text("""
UPDATE gateway.delivery d SET state = 'suppressed', reason = 'rights-lost', changed_at = :at
FROM gateway.fact f
JOIN unnest(CAST(:months AS date[]), CAST(:subjects AS text[])) AS k (month, subject)
  ON k.month = f.month AND k.subject = f.subject
WHERE d.month = f.month AND d.subject = f.subject AND d.state = 'pending'
  AND NOT EXISTS (SELECT FROM gateway.follow w WHERE w.recipient = d.recipient AND w.pupil = ANY(f.pupils))
""")
PLANNED = text("""
UPDATE gateway.fact SET planned_at = :at, followers = :followers WHERE month = :month AND subject = :subject
""")


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be planned: a subject for all its readers, or for one."""

    month: date
    subject: str
    recipient: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    """A reader with all his relations to the pupils of a subject: which of them opens a way to him."""

    followers: Sequence[Follower]
    about: Subject
    school: SchoolState
    at: datetime

    def ways(self, choice: Choice, silenced: Reason = Reason.UNSUBSCRIBED) -> tuple[Route, ...] | Untold:
        """Return the ways to a reader of several pupils: one of them is enough."""
        today = school_date(self.at, self.school.zone)
        how = (self.about, self.school.settings, today, choice, silenced)
        tried = [routes(one, *how) for one in self.followers]
        return next((ways for ways in tried if not isinstance(ways, Untold)), tried[0])

    def signs(self) -> bool:
        """Tell whether his signature is asked for one of the pupils of whom he may be told."""
        today = school_date(self.at, self.school.zone)
        told = (one.relation for one in self.followers if refusal(one.relation, self.about, today) is None)
        return isinstance(self.about, NoticeState) and any(relation.must_sign for relation in told)


async def plan(session: AsyncSession, targets: Iterable[Target], at: datetime) -> None:
    """Plan these subjects anew from their heads; repeating it changes nothing. The caller holds the partition's lock.

    ``at`` is the school clock.
    """
    wanted = sorted(set(targets), key=lambda target: (target.month, target.subject, str(target.recipient)))
    if not wanted:
        return
    keys = {
        "months": [month for month, _ in dict.fromkeys((t.month, t.subject) for t in wanted)],
        "subjects": [subject for _, subject in dict.fromkeys((t.month, t.subject) for t in wanted)],
    }
    await session.execute(LEFT, {**keys, "at": at})
    facts = {row.subject: row for row in await session.execute(FACTS, keys)}
    known = await _Known.load(session, keys, {pupil for row in facts.values() for pupil in row.pupils})
    rows: list[dict[str, Any]] = []
    for subject, fact in facts.items():
        chosen = {target.recipient for target in wanted if target.subject == subject}
        readers = known.readers_of(fact.pupils)
        for recipient, followers in readers.items():
            if None in chosen or recipient in chosen:
                rows.extend(_plan_reader(fact, followers, known, at))
        await session.execute(PLANNED, {"at": at, "followers": len(readers), "month": fact.month, "subject": subject})
    if rows:
        await _put(session, rows)


async def _put(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    restored = await quarantine.standing(session)
    for row in rows:
        slot, hours = row.pop("slot"), row.pop("hours")
        if slot is not None and row["bundle"] is None:
            await bundles.join(session, row, slot, hours, row["at"])
        redraws, occurred_at = row.pop("redraws"), row.pop("occurred_at")
        row.update(quarantine.holding(restored, row, None if redraws else occurred_at))
    await session.execute(PUT, rows)


async def plan_recipient(session: AsyncSession, month: date, subject: str, recipient: UUID, at: datetime) -> None:
    """Plan one reader's threads of one subject anew."""
    await plan(session, [Target(month, subject, recipient)], at)


@dataclass(frozen=True, slots=True)
class _Known:
    """What planning reads once for a batch."""

    followers: dict[UUID, list[Follower]]
    subscriptions: dict[UUID, list[SubscriptionRow]]
    threads: dict[tuple[str, UUID], list[Thread]]
    acknowledged: frozenset[tuple[str, UUID]]

    def readers_of(self, pupils: Sequence[UUID]) -> dict[UUID, list[Follower]]:
        """Return the readers of a subject, each with all his relations to its pupils."""
        readers: dict[UUID, list[Follower]] = {}
        for pupil in pupils:
            for follower in self.followers.get(pupil, ()):
                readers.setdefault(follower.recipient, []).append(follower)
        return readers

    @classmethod
    async def load(cls, session: AsyncSession, keys: dict[str, Any], pupils: set[UUID]) -> "_Known":
        follows = (await session.execute(FOLLOWERS, {"pupils": sorted(pupils)})).all()
        recipients = sorted({row.recipient for row in follows})
        addresses = await _addresses(session, recipients)
        followers: dict[UUID, list[Follower]] = {}
        for row in follows:
            relation = GuardianshipState.model_validate(row.state)
            quiet = None if row.quiet_from is None else (row.quiet_from, row.quiet_until)
            follower = Follower(row.recipient, row.rev, relation, tuple(addresses.get(row.recipient, ())), quiet)
            followers.setdefault(row.pupil, []).append(follower)
        threads: dict[tuple[str, UUID], list[Thread]] = {}
        for row in await session.execute(THREADS, keys):
            threads.setdefault((row.subject, row.recipient), []).append(_thread(row))
        acknowledged = await session.execute(ACKNOWLEDGED, {"subjects": keys["subjects"]})
        subscriptions = await subscription_rows(session, recipients)
        return cls(followers, subscriptions, threads, frozenset((row.subject, row.recipient) for row in acknowledged))


async def subscription_rows(session: AsyncSession, recipients: Sequence[UUID]) -> dict[UUID, list[SubscriptionRow]]:
    """Read what these readers chose themselves."""
    found: dict[UUID, list[SubscriptionRow]] = {}
    for row in await session.execute(SUBSCRIPTIONS, {"recipients": recipients}):
        kept = SubscriptionRow(Category(row.category), Channel(row.channel), Mode(row.mode), row.hour)
        found.setdefault(row.recipient, []).append(kept)
    return found


async def _addresses(session: AsyncSession, recipients: Sequence[UUID]) -> dict[UUID, list[AddressView]]:
    found: dict[UUID, list[AddressView]] = {}
    for row in await session.execute(ADDRESSES, {"recipients": recipients}):
        view = AddressView(Channel(row.channel), row.credential, row.verified, row.dead_reason)
        found.setdefault(row.recipient, []).append(view)
    return found


def _thread(row: Row[Any]) -> Thread:
    return Thread(
        id=row.id,
        channel=row.channel,
        purpose=Purpose(row.purpose),
        state=State(row.state),
        want=row.want,
        want_key=row.want_key,
        told=row.told,
        told_key=row.told_key,
        unknowns=row.unknowns,
        rev=row.recipient_rev,
        has_message=row.has_message,
        bundle=row.bundle,
        slot=row.slot,
    )


def _plan_reader(fact: Row[Any], followers: Sequence[Follower], known: _Known, at: datetime) -> list[dict[str, Any]]:
    school = SchoolState.model_validate(fact.school_state)
    state = subject_state(fact.data)
    follower = followers[0]
    thread_key = (fact.subject, follower.recipient)
    threads = tuple(known.threads.get(thread_key, ()))
    acknowledged = thread_key in known.acknowledged
    asked = _Asked(followers, state, school, at)
    said = partial(content_for, state, follower.recipient, acknowledged=acknowledged, signs=asked.signs())
    wanted = Wanted(interactive=said(interactive=True), plain=said(interactive=False))
    own = known.subscriptions.get(follower.recipient, ())
    chosen, concerned = choices(own, school.settings), _concerned(wanted, threads)
    category = category_of(wanted.plain)
    choice = _in_force(wanted, strongest(chosen[one] for one in concerned)) if category else AT_ONCE
    ways = asked.ways(choice, silence(concerned, own, school.settings))
    if choice.mode is Mode.OFF and (drawn := _drawn_in_place(asked, threads)) is not None:
        choice, ways = drawn
    head = Head(
        version=fact.version,
        occurred_at=fact.occurred_at,
        day=fact.day,
        zone=school.zone,
        undo_window=timedelta(seconds=school.settings.undo_window_seconds if category else 0),
        urgent=(category is None or category in URGENT) and choice.mode is Mode.NOW,
    )
    reader = Reader(ways, follower.rev, wanted, threads, hours_of(follower.quiet, school), choice)
    return [_row(fact, follower, plan, at) | _queue(head, reader, plan, at) for plan in plan_threads(head, reader, at)]


def _concerned(wanted: Wanted, threads: Sequence[Thread]) -> set[Category]:
    """Return the categories whose choice counts: whoever was told of a bad mark is told what became of it."""
    said = (category_of(content) for content in (wanted.plain, *(one.last_said for one in threads if one.may_be_known)))
    return {category for category in said if category is not None}


def _drawn_in_place(asked: "_Asked", threads: Sequence[Thread]) -> tuple[Choice, tuple[Route, ...]] | None:
    """Return the one way on which somebody who wants nothing any more is told all the same: the message he has.

    It is changed without a sound, so that what he was told does not go on being wrong. Nothing new is sent.
    """
    for thread in threads:
        certain = thread.told_key is not None and thread.unknowns == 0 and thread.state not in GIVEN_UP
        if certain and thread.editable and thread.last_said.alarming:
            choice = Choice(Mode.NOW, Channel(thread.channel))
            ways = asked.ways(choice)
            here = () if isinstance(ways, Untold) else tuple(way for way in ways if way.channel == thread.channel)
            return (choice, here) if here else None
    return None


def _in_force(wanted: Wanted, choice: Choice) -> Choice:
    """Return the choice as it is carried out: what asks for an answer waits for no letter, which has no buttons."""
    content = wanted.plain
    asks = isinstance(content, NoticeContent) and content.ask is not NoticeAsk.READ
    return Choice(Mode.NOW, choice.channel) if asks and choice.mode is Mode.DAILY else choice


def _row(fact: Row[Any], follower: Follower, plan: Plan, at: datetime) -> dict[str, Any]:
    return {
        "month": fact.month,
        "id": uuid4(),
        "subject": fact.subject,
        "occurred_at": fact.occurred_at,
        "recipient": follower.recipient,
        "channel": str(plan.channel),
        "purpose": plan.purpose.value,
        "school": fact.school,
        "part": fact.part,
        "credential": plan.credential,
        "not_before": plan.timing.not_before,
        "due_at": plan.timing.due_at,
        "expires_at": plan.timing.expires_at,
        "state": None if plan.state is None else plan.state.value,
        "want": fact.version,
        "want_key": plan.content.key(),
        "recipient_rev": follower.rev,
        "school_rev": fact.school_rev,
        "reason": plan.reason,
        "new_message": plan.new_message,
        "at": at,
    }


def _queue(head: Head, reader: Reader, plan: Plan, at: datetime) -> dict[str, Any]:
    """Say in which queue the row waits: its lane, its letter, and until when it may leave."""
    slot = plan.timing.slot if plan.state is State.PENDING else None
    lane = Lane.URGENT if head.urgent else Lane.NORMAL
    thread = reader.on(plan.channel)
    queue = {
        "slot": slot,
        "bundle": None,
        "hours": reader.hours,
        "leave_by": plan.timing.leave_by,
        "redraws": thread is not None and thread.assures(plan.content),
    }
    if slot is None or thread is None or not thread.stays_in(slot, at):
        return queue | {"lane": int(lane if slot is None else Lane.DIGEST)}
    timing = due_times.in_loud_hours(max(thread.slot or slot, plan.timing.not_before), reader.hours, at)
    kept = {"bundle": thread.bundle, "due_at": timing.due_at, "leave_by": timing.leave_by}
    return queue | kept | {"lane": int(Lane.DIGEST)}
