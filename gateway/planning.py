"""Planning: from the head of a subject to the threads of its readers. Runs under the partition's lock only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import NoticeAsk, NoticeState, SchoolState, Subject
from gateway import bundles, due_times, quarantine
from gateway.absence_content import AbsenceContent
from gateway.all_clear import plan_all
from gateway.asked import Asked
from gateway.categories import Duty, topic_of
from gateway.content import Content, NoticeContent
from gateway.copies import Track, copied, tracks
from gateway.due_times import Settle
from gateway.known_readers import KnownReaders
from gateway.own_affairs import duties
from gateway.planned_content import TimetableContent
from gateway.profiles import Choice, Mode
from gateway.routing import Follower, Route, Untold, evenings_of, hours_of, ringing
from gateway.states import GIVEN_UP, Lane, Purpose, State
from gateway.subjects import subject_state
from gateway.terms import TERMS, needed_by, over_at, useful_until
from gateway.thread import Thread, Wanted
from gateway.threads import Head, Plan, Reader
from gateway.watch_rows import recompile
from gateway.watches import Watch

FACTS = text("""
SELECT f.month, f.subject, f.category, f.school, f.part, f.pupils, f.day, f.version, f.occurred_at, f.data,
       s.state AS school_state, s.rev AS school_rev
FROM gateway.fact f
JOIN unnest(CAST(:months AS date[]), CAST(:subjects AS text[])) AS k (month, subject)
  ON k.month = f.month AND k.subject = f.subject
JOIN gateway.school s ON s.id = f.school
""")
# What a courier holds keeps its revs: if it comes back unsent, it is stale and planned again. A retry keeps its time.
# After a send of unknown outcome the reader may know something for ever, so that this count never falls back to nought.
PUT = text("""
INSERT INTO gateway.delivery AS d (month, id, subject, recipient, channel, purpose, school, part, credential, lane,
  not_before, due_at, expires_at, state, want, want_key, gen, recipient_rev, school_rev, attempts, unknowns, reason,
  created_at, changed_at, leave_by, bundle, held, began_at)
VALUES (:month, :id, :subject, :recipient, :channel, :purpose, :school, :part, :credential, :lane,
  :not_before, :due_at, :expires_at, COALESCE(CAST(:state AS text), 'pending'), :want, :want_key, 0,
  :recipient_rev, :school_rev, 0, :maybe_told, CAST(:reason AS text), :at, :at, :leave_by, CAST(:bundle AS uuid),
  :held, :occurred_at)
ON CONFLICT (month, subject, recipient, channel, purpose) DO UPDATE SET
  want = excluded.want, want_key = excluded.want_key,
  told_key = CASE WHEN CAST(:new_message AS boolean) AND d.unknowns = 0 AND d.told_key = excluded.want_key
    THEN NULL ELSE d.told_key END,
  began_at = CASE WHEN d.state IN ('pending', 'claimed', 'sending') AND d.want_key IS DISTINCT FROM d.told_key
    THEN COALESCE(d.began_at, excluded.began_at) ELSE excluded.began_at END,
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
class _Told:
    """A subject, read once for all its readers: hundreds may follow one."""

    fact: Row[Any]
    state: Subject
    school: SchoolState


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
    for part in sorted({row.part for row in facts.values()}):
        await recompile(session, part, at)
    known = await KnownReaders.load(session, keys, facts.values(), at)
    rows: list[dict[str, Any]] = []
    planned: list[dict[str, Any]] = []
    asked, schools = _by_subject(wanted), _schools_of(facts.values())
    for subject, fact in facts.items():
        chosen, readers = asked[subject], known.readers_of(fact.pupils)
        told = _Told(fact, subject_state(fact.data), schools[fact.school])
        for recipient, followers in readers.items():
            if None in chosen or recipient in chosen:
                rows.extend(_plan_reader(told, followers, known, at))
        planned.append({"at": at, "followers": len(readers), "month": fact.month, "subject": subject})
    if planned:
        await session.execute(PLANNED, planned)
    if rows:
        await _put(session, rows)


def _by_subject(targets: Iterable[Target]) -> dict[str, set[UUID | None]]:
    """Return for whom each subject is to be planned; None: for all its readers."""
    found: dict[str, set[UUID | None]] = {}
    for target in targets:
        found.setdefault(target.subject, set()).add(target.recipient)
    return found


def _schools_of(facts: Iterable[Row[Any]]) -> dict[UUID, SchoolState]:
    states = {fact.school: fact.school_state for fact in facts}
    return {school: SchoolState.model_validate(state) for school, state in states.items()}


async def _put(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    restored = await quarantine.standing(session)
    for row in rows:
        slot, times = row.pop("slot"), row.pop("times")
        if slot is not None and row["bundle"] is None:
            await bundles.join(session, row, slot, times, row["at"])
        redraws = row.pop("redraws")
        row.update(quarantine.holding(restored, row, None if redraws else row["occurred_at"]))
    await session.execute(PUT, rows)


async def plan_recipient(session: AsyncSession, month: date, subject: str, recipient: UUID, at: datetime) -> None:
    """Plan one reader's threads of one subject anew."""
    await plan(session, [Target(month, subject, recipient)], at)


def _plan_reader(told: _Told, followers: Sequence[Follower], known: KnownReaders, at: datetime) -> list[dict[str, Any]]:
    fact, follower = told.fact, followers[0]
    thread_key = (fact.subject, follower.recipient)
    kept = tuple(known.threads.get(thread_key, ()))
    threads = tuple(one for one in kept if one.purpose is not Purpose.ALL_CLEAR)
    asked = Asked(followers, told.state, told.school, at)
    wanted = asked.wanted(acknowledged=thread_key in known.acknowledged)
    watches = known.watches.get(follower.recipient, ())
    answer = asked.subscribed(watches, _concerned(wanted, threads))
    choice, ways = _in_force(wanted, threads, answer.choice), answer.ways
    if choice.mode is Mode.OFF and (drawn := _drawn_in_place(asked, threads)) is not None:
        choice, ways = drawn
    planned = _Planned(told, follower, known, wanted, choice, at)
    bells = tuple(one for one in kept if one.purpose is Purpose.ALL_CLEAR)
    clear = bool(threads) and _wants_bells(asked, watches, wanted.interactive)
    rows: list[dict[str, Any]] = []
    copies = follower.copies and copied(topic_of(wanted.plain))
    for track in tracks(ways, threads, wanted, copies=copies):
        rows.extend(planned.on(track, bells=bells, clear=clear))
    return rows


@dataclass(frozen=True, slots=True)
class _Planned:
    """A reader of a subject, and all that is the same on whichever track he is told of it."""

    told: _Told
    follower: Follower
    known: KnownReaders
    wanted: Wanted
    choice: Choice
    at: datetime

    def on(self, track: Track, *, bells: tuple[Thread, ...], clear: bool) -> Iterable[dict[str, Any]]:
        """Plan the threads of one track; an all-clear rings in a messenger only."""
        fact, school, at = self.told.fact, self.told.school, self.at
        head = _head(fact, self.told.state, school, self.wanted, self.choice, track.threads)
        reader = self._reader(track, head)
        if not track.copy:
            reader = replace(reader, bells=bells, clear=clear)
        plans = plan_all(head, reader, at)
        if not track.copy:
            self._count(head, plans)
        for plan in plans:
            named = track.named(reader, plan)
            yield _row(fact, self.follower, named, at) | _queue(head, reader, named, at)

    def _reader(self, track: Track, head: Head) -> Reader:
        follower, school, days, ways = self.follower, self.told.school, self.known.days, track.ways
        if head.urgent and not isinstance(ways, Untold):
            spoken = {one.channel for one in track.threads if one.may_be_known}
            ways = ringing(ways, follower.addresses, spoken, self.at)
        limit = None if self._at_work else school.settings.daily_budget
        return Reader(
            ways,
            follower.rev,
            self.wanted,
            track.threads,
            hours_of(follower.hours, school, staff=self._at_work),
            self.choice,
            evenings_of(school, days.lessons_end.get(follower.recipient, {})),
            days.budget(follower.recipient, limit),
        )

    def _count(self, head: Head, plans: Iterable[Plan]) -> None:
        """Keep what rings of this day; a copy of what rings is no second one."""
        reader, subject = self.follower.recipient, self.told.fact.subject
        for one in plans:
            if one.state is not None and one.purpose is not Purpose.ALL_CLEAR:
                alone = one.state is State.PENDING and one.timing.slot is None
                rings = alone and not head.urgent and not self._at_work
                self.known.days.planned(reader, subject, one.timing.not_before if rings else None)

    @property
    def _at_work(self) -> bool:
        return self.follower.relation.pupil == duties(self.follower.recipient)


def _head(
    fact: Row[Any],
    state: Subject,
    school: SchoolState,
    wanted: Wanted,
    choice: Choice,
    threads: Sequence[Thread],
) -> Head:
    of_school, topic = school.settings, topic_of(wanted.plain)
    settle = timedelta(minutes=of_school.settle_minutes)
    said = [one.last_said for one in threads if one.may_be_known]
    alarm = isinstance(wanted.plain, AbsenceContent) and wanted.plain.is_urgent(said)
    urgent = topic is Duty.OWN or alarm or _keeps_at_home(wanted.plain, threads)
    return Head(
        version=fact.version,
        occurred_at=fact.occurred_at,
        day=fact.day,
        zone=school.zone,
        undo_window=timedelta(seconds=0 if isinstance(topic, Duty) else of_school.undo_window_seconds),
        urgent=urgent and choice.mode is Mode.NOW,
        first=topic is Duty.DISPUTE,
        subject=fact.subject,
        terms=TERMS[topic],
        settle=Settle(settle, 3 * settle),
        began_at=min((one.began_at for one in threads if one.waits_to_tell and one.began_at), default=None),
        alone=isinstance(state, NoticeState) and state.ask is not NoticeAsk.READ,
        until=useful_until(state, school.zone),
        needed_by=needed_by(state, school.zone),
        over_at=over_at(state, school.zone),
    )


def _wants_bells(asked: Asked, watches: Iterable[Watch], content: Content) -> bool:
    """Tell whether a reader wants to be rung when an alarm is over."""
    bell = content.ringing([0]) if isinstance(content, AbsenceContent) else None
    return bell is not None and asked.subscribed(watches, [bell]).choice.mode is Mode.NOW


def _concerned(wanted: Wanted, threads: Sequence[Thread]) -> Iterable[Content]:
    """Return the contents whose subscription counts: whoever was told of a bad mark is told what became of it."""
    return (wanted.plain, *(one.last_said for one in threads if one.may_be_known))


def _drawn_in_place(asked: Asked, threads: Sequence[Thread]) -> tuple[Choice, tuple[Route, ...]] | None:
    """Return the one way on which somebody who wants nothing any more is told all the same: the message he has.

    It is changed without a sound, so that what he was told does not go on being wrong. Nothing new is sent.
    """
    for thread in threads:
        certain = thread.told_key is not None and thread.unknowns == 0 and thread.state not in GIVEN_UP
        if certain and thread.editable and thread.last_said.alarming:
            choice = Choice(Mode.NOW, thread.channel)
            ways = asked.ways(choice)
            here = () if isinstance(ways, Untold) else tuple(way for way in ways if way.channel == thread.channel)
            return (choice, here) if here else None
    return None


def _in_force(wanted: Wanted, threads: Sequence[Thread], choice: Choice) -> Choice:
    """Return the choice as it is carried out: what asks for an answer waits for no letter, which has no buttons.

    Nor does a day on which children must not come: it is of use in the morning, or not at all.
    """
    content = wanted.plain
    asks = isinstance(content, NoticeContent) and content.ask is not NoticeAsk.READ
    at_once = asks or _keeps_at_home(content, threads)
    return Choice(Mode.NOW, choice.channel) if at_once and choice.mode.is_letter else choice


def _keeps_at_home(content: Content, threads: Sequence[Thread]) -> bool:
    """Tell whether children must not come to some lesson; or need not stay at home after all, as they were told to."""
    if not isinstance(content, TimetableContent):
        return False
    said = (one.last_said for one in threads if one.may_be_known)
    return any(one.keeps_at_home for one in (content, *said) if isinstance(one, TimetableContent))


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
    bell = plan.purpose is Purpose.ALL_CLEAR
    lane = Lane.URGENT if head.urgent or head.first or bell else Lane.NORMAL
    thread = None if bell else reader.on(plan.channel)
    queue = {
        "slot": slot,
        "bundle": None,
        "times": reader.times,
        "leave_by": plan.timing.leave_by,
        "redraws": thread is not None and thread.assures(plan.content),
    }
    if slot is None or thread is None or not thread.stays_in(slot, at):
        return queue | {"lane": int(lane if slot is None else Lane.DIGEST)}
    timing = due_times.in_loud_hours(max(thread.slot or slot, plan.timing.not_before), reader.hours, at)
    kept = {"bundle": thread.bundle, "due_at": timing.due_at, "leave_by": timing.leave_by}
    return queue | kept | {"lane": int(Lane.DIGEST)}
