"""What planning reads once for a batch of subjects: their readers, watches, threads, receipts and days."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import GuardianshipState
from gateway.absence_content import LATE_ENTRY
from gateway.categories import URGENT, topic_of
from gateway.content import read_content
from gateway.profile_rows import addresses_of
from gateway.reader_times import ReadersDays, days_of
from gateway.retry import tries_of
from gateway.routing import Follower, OwnHours
from gateway.states import Purpose, State
from gateway.thread import Thread
from gateway.watch_rows import watches_of
from gateway.watches import Watch

FOLLOWERS = text("""
SELECT w.pupil, w.recipient, w.state, r.rev, r.quiet_from, r.quiet_until, r.zone, r.days_off, r.copies
FROM gateway.follow w JOIN gateway.recipient r ON r.id = w.recipient
WHERE w.pupil = ANY(CAST(:pupils AS uuid[]))
ORDER BY w.pupil, w.recipient
""")
THREADS = text("""
SELECT d.subject, d.recipient, d.id, d.channel, d.purpose, d.state, d.want, d.want_key, d.told, d.told_key, d.unknowns,
  d.attempts, d.lane, d.reason, d.recipient_rev, d.provider_id IS NOT NULL AS has_message, d.bundle, d.began_at,
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


@dataclass(frozen=True, slots=True)
class KnownReaders:
    """What planning reads once for a batch."""

    followers: dict[UUID, list[Follower]]
    watches: dict[UUID, list[Watch]]
    threads: dict[tuple[str, UUID], list[Thread]]
    acknowledged: frozenset[tuple[str, UUID]]
    days: ReadersDays

    def readers_of(self, pupils: Sequence[UUID]) -> dict[UUID, list[Follower]]:
        """Return the readers of a subject, each with all his relations to its pupils."""
        readers: dict[UUID, list[Follower]] = {}
        for pupil in pupils:
            for follower in self.followers.get(pupil, ()):
                readers.setdefault(follower.recipient, []).append(follower)
        return readers

    @classmethod
    async def load(
        cls, session: AsyncSession, keys: dict[str, Any], facts: Iterable[Row[Any]], at: datetime
    ) -> "KnownReaders":
        """Read all that concerns these facts; ``keys`` names them, ``at`` is the school clock."""
        known = tuple(facts)
        # First of all: whoever records what became of a message holds its row. What he changes besides is read after.
        threads: dict[tuple[str, UUID], list[Thread]] = {}
        for row in await session.execute(THREADS, keys):
            threads.setdefault((row.subject, row.recipient), []).append(_thread(row))
        pupils = {pupil for row in known for pupil in row.pupils}
        follows = (await session.execute(FOLLOWERS, {"pupils": sorted(pupils)})).all()
        recipients = sorted({row.recipient for row in follows})
        addresses = await addresses_of(session, recipients)
        followers: dict[UUID, list[Follower]] = {}
        for row in follows:
            relation = GuardianshipState.model_validate(row.state)
            quiet = None if row.quiet_from is None else (row.quiet_from, row.quiet_until)
            hours = OwnHours(quiet, row.zone, frozenset(row.days_off))
            ways = tuple(addresses.get(row.recipient, ()))
            follower = Follower(row.recipient, row.rev, relation, ways, hours, row.copies)
            followers.setdefault(row.pupil, []).append(follower)
        acknowledged = await session.execute(ACKNOWLEDGED, {"subjects": keys["subjects"]})
        watches = await watches_of(session, pupils)
        waiting = _waiting(known, followers, watches, threads)
        days = await days_of(session, waiting, at.date(), at) if waiting else ReadersDays()
        seen = frozenset((row.subject, row.recipient) for row in acknowledged)
        return cls(followers, watches, threads, seen, days)


def _waiting(
    facts: Iterable[Row[Any]],
    followers: Mapping[UUID, Sequence[Follower]],
    watches: Mapping[UUID, Sequence[Watch]],
    threads: Mapping[tuple[str, UUID], Sequence[Thread]],
) -> frozenset[UUID]:
    """Return the readers to whom something of a batch may go with a letter, or count against the day's budget.

    Of the peak, which is roll calls, that is few: for the others nothing is read of days. A reader's plan is the same
    whatever else is in the batch, so that each fact is asked for itself.
    """
    found: set[UUID] = set()
    for fact in facts:
        readers = {one.recipient for pupil in fact.pupils for one in followers.get(pupil, ())}
        if fact.category == "attendance_day" and not _may_wait(fact.data):
            readers = {
                reader
                for reader in readers - found
                if any(_by_letter(watch, fact.pupils) for watch in watches.get(reader, ()))
                or any(_not_urgent(thread) for thread in threads.get((fact.subject, reader), ()))
            }
        found |= readers
    return frozenset(found)


def _may_wait(day: Mapping[str, Any]) -> bool:
    """Tell whether a day has what passes no quiet hours: half a lesson, or an absence that was entered late."""
    return any(one.get("late_minutes") or one.get("left_early") for one in day.get("attended", ())) or any(
        datetime.fromisoformat(one["recorded_at"]) - datetime.fromisoformat(one["starts_at"]) > LATE_ENTRY
        for one in day["absences"]
    )


def _by_letter(watch: Watch, pupils: Collection[UUID]) -> bool:
    """Tell whether somebody wants with a letter what reaches everybody else at once."""
    return watch.pupil in pupils and watch.term.frequency.mode.is_letter and not URGENT.isdisjoint(watch.topics)


def _not_urgent(thread: Thread) -> bool:
    """Tell whether a thread of attendance is, or was, of something that waits."""
    keys = [key for key in (thread.want_key, thread.told_key) if key is not None]
    return thread.bundle is not None or any(topic_of(read_content(key)) not in URGENT for key in keys)


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
        began_at=row.began_at,
        reason=row.reason,
        in_vain=row.attempts >= tries_of(row.lane),
    )
