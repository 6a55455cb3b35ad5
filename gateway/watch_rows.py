"""Keeps the table of watches what the profiles say: whoever changed is compiled anew, where he was changed.

Whatever may change what a reader is told raises his revision, or his school's (house.md §2.7), and a trigger notes
whose it was. So nobody has to say what he changed: an event and a choice are taken up in their own transaction, a bot
that was blocked while nobody planned by the next pass. Runs under the partition's lock.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import GuardianshipState, SchoolState
from gateway.categories import topics_of
from gateway.profile_rows import addresses_of, policy_of, selections_of, subscription_rows, tie_of
from gateway.profiles import Frequency, Mode
from gateway.states import Reason
from gateway.watches import Filter, Policy, ReaderProfile, Term, Tie, Watch, compile_watches

BATCH = 500
"""Readers compiled at once."""
CHANGED_SCHOOLS = text("""
SELECT id, rev, state, policy FROM gateway.school WHERE part = :part AND watched_rev <> rev ORDER BY id
""")
NEW_POLICY = text("""
INSERT INTO gateway.unwatched (part, recipient) SELECT :part, id FROM gateway.recipient WHERE school = :school
""")
SCHOOL_WATCHED = text("UPDATE gateway.school SET watched_rev = :rev, policy = :policy WHERE id = :school")
CHANGED = text("""
WITH taken AS (
  DELETE FROM gateway.unwatched u
  WHERE u.id = ANY(ARRAY(SELECT n.id FROM gateway.unwatched n WHERE n.part = :part ORDER BY n.id LIMIT :limit))
  RETURNING u.recipient)
SELECT DISTINCT r.id, r.school, r.letters FROM taken t JOIN gateway.recipient r ON r.id = t.recipient
JOIN gateway.school s ON s.id = r.school ORDER BY r.id
""")
LEFT = text("SELECT EXISTS (SELECT FROM gateway.unwatched WHERE part = :part)")
SCHOOLS = text("SELECT id, state FROM gateway.school WHERE id = ANY(CAST(:schools AS uuid[]))")
FOLLOWS = text("""
SELECT recipient, state FROM gateway.follow WHERE recipient = ANY(CAST(:recipients AS uuid[]))
ORDER BY recipient, pupil
""")
KEPT = text("""
SELECT id, pupil, recipient, first, last, topics, rank, channel, mode, hour, weekday, mark_from, mark_below,
  subjects, others, reason
FROM gateway.watch WHERE recipient = ANY(CAST(:recipients AS uuid[]))
""")
OF_PUPILS = text("""
SELECT pupil, recipient, first, last, topics, rank, channel, mode, hour, weekday, mark_from, mark_below,
  subjects, others, reason
FROM gateway.watch WHERE pupil = ANY(CAST(:pupils AS uuid[]))
""")
NO_MORE = text("DELETE FROM gateway.watch WHERE id = ANY(CAST(:ids AS bigint[]))")
NEW = text("""
INSERT INTO gateway.watch (pupil, recipient, first, last, topics, rank, channel, mode, hour, weekday,
  mark_from, mark_below, subjects, others, reason, made_at)
VALUES (:pupil, :recipient, :first, :last, :topics, :rank, :channel, :mode, :hour, :weekday, :mark_from,
  :mark_below, CAST(:subjects AS text[]), :others, :reason, :made_at)
""")


async def recompile(session: AsyncSession, part: int, at: datetime) -> int:
    """Compile whoever has changed in a partition; return how many. The caller holds the partition's lock.

    ``at`` is the school clock: since when a new row stands.
    """
    await _take_policies(session, part)
    compiled = 0
    while (await session.execute(LEFT, {"part": part})).scalar_one():
        rows = (await session.execute(CHANGED, {"part": part, "limit": BATCH})).all()
        await _compile(session, rows, at)
        compiled += len(rows)
    return compiled


async def watches_of(session: AsyncSession, pupils: Iterable[UUID]) -> dict[UUID, list[Watch]]:
    """Read the watches of pupils, by reader; ``recompile`` comes before, or they say what was."""
    found: dict[UUID, list[Watch]] = {}
    for row in await session.execute(OF_PUPILS, {"pupils": sorted(pupils)}):
        found.setdefault(row.recipient, []).append(_read(row))
    return found


async def _take_policies(session: AsyncSession, part: int) -> None:
    """Take up what schools allow and demand; most changes of a school change nothing of that."""
    for row in (await session.execute(CHANGED_SCHOOLS, {"part": part})).all():
        policy = _named(policy_of(SchoolState.model_validate(row.state)))
        if policy != row.policy:
            await session.execute(NEW_POLICY, {"school": row.id, "part": part})
        await session.execute(SCHOOL_WATCHED, {"school": row.id, "rev": row.rev, "policy": policy})


def _named(policy: Policy) -> str:
    """Return as text what of a policy decides."""
    allowed, floor = ",".join(sorted(policy.allowed)), ",".join(sorted(policy.floor))
    told = policy.telling
    rules = f"{told.absences_at_once:d}{told.changes_at_once:d}{told.weekly_letter_on}"
    return f"{allowed} {policy.settings.default_subscriptions} {floor} {rules}"


async def _compile(session: AsyncSession, rows: Sequence[Row[Any]], at: datetime) -> None:
    recipients = [row.id for row in rows]
    wanted = {watch for profile in await _profiles(session, rows) for watch in compile_watches(profile)}
    kept = {_read(row): row.id for row in await session.execute(KEPT, {"recipients": recipients})}
    if gone := [number for watch, number in kept.items() if watch not in wanted]:
        await session.execute(NO_MORE, {"ids": gone})
    if new := [_row(watch) | {"made_at": at} for watch in wanted - kept.keys()]:
        await session.execute(NEW, new)


async def _profiles(session: AsyncSession, rows: Sequence[Row[Any]]) -> Sequence[ReaderProfile]:
    recipients = [row.id for row in rows]
    schools = await session.execute(SCHOOLS, {"schools": sorted({row.school for row in rows})})
    policies = {row.id: policy_of(SchoolState.model_validate(row.state)) for row in schools}
    ties: dict[UUID, list[Tie]] = {}
    for row in await session.execute(FOLLOWS, {"recipients": recipients}):
        ties.setdefault(row.recipient, []).append(tie_of(row.recipient, GuardianshipState.model_validate(row.state)))
    addresses = await addresses_of(session, recipients)
    chosen = await subscription_rows(session, recipients)
    selected = await selections_of(session, recipients)

    def of[One](found: Mapping[UUID, Sequence[One]], recipient: UUID) -> tuple[One, ...]:
        return tuple(found.get(recipient, ()))

    return [
        ReaderProfile(
            row.id,
            of(ties, row.id),
            of(addresses, row.id),
            of(chosen, row.id),
            of(selected, row.id),
            policies[row.school],
            row.letters,
        )
        for row in rows
    ]


def _row(watch: Watch) -> dict[str, Any]:
    term, often, passes = watch.term, watch.term.frequency, watch.term.filter
    return {
        "pupil": watch.pupil,
        "recipient": watch.recipient,
        "first": watch.first,
        "last": watch.last,
        "topics": watch.bits,
        "rank": term.rank,
        "channel": term.channel,
        "mode": often.mode.value,
        "hour": often.hour,
        "weekday": often.weekday,
        "mark_from": passes.mark_from,
        "mark_below": passes.mark_below,
        "subjects": list(passes.subjects),
        "others": passes.others,
        "reason": term.reason,
    }


def _read(row: Row[Any]) -> Watch:
    often = Frequency(Mode(row.mode), row.hour, row.weekday)
    passes = Filter(row.mark_from, row.mark_below, tuple(row.subjects), row.others)
    reason = None if row.reason is None else Reason(row.reason)
    term = Term(row.rank, row.channel, often, passes, reason)
    return Watch(row.pupil, row.recipient, row.first, row.last, topics_of(row.topics), term)
