"""Taps on a page of the roll: several people may have it open, and some of them no network.

Until the roll is called, what a page shows calls it as a whole. Once it is called, only what was tapped changes, child
by child, and of two taps the later one stays, whichever of them came first: a phone that was without network brings
what its owner saw long ago.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ARRAY, DateTime, Text, Uuid, bindparam, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.actor import Act
from core.learning import attendance, lesson_rights
from core.learning.entries import Entry
from core.refusals import Conflict, Forbidden

KEEP = timedelta(days=14)
"""So long a tap may still have been overtaken; a page forgets what it could not send long before."""

_STANDING = text("""
SELECT coalesce((SELECT NOT withdrawn FROM core.roll_call WHERE lesson_id = :lesson), false) AS called,
  EXISTS (SELECT FROM core.command WHERE key = :key) AS repeated""").bindparams(
    bindparam("lesson", type_=Uuid), bindparam("key", type_=Text)
)
# Whatever was changed otherwise (in a chat, by a program) was tapped when it was written down. What comes from one page
# comes in its order: how long each of its commands was under way says nothing.
_LAST = text("""
SELECT one.pupil,
  CASE WHEN tap.taken_at < changed.at OR tap.page IS NULL THEN changed.at
    WHEN tap.page <> :page THEN tap.tapped_at END AS at
FROM unnest(:pupils) AS one (pupil)
LEFT JOIN core.roll_tap tap ON tap.lesson_id = :lesson AND tap.pupil_id = one.pupil
LEFT JOIN LATERAL (
  SELECT at FROM core.audit WHERE subject = 'lesson/' || :lesson || '/' || one.pupil ORDER BY at DESC LIMIT 1
) AS changed ON true""").bindparams(
    bindparam("pupils", type_=ARRAY(Uuid)), bindparam("lesson", type_=Uuid), bindparam("page", type_=Uuid)
)
_KEEP = text("""
INSERT INTO core.roll_tap (lesson_id, pupil_id, page, tapped_at, taken_at)
SELECT :lesson, one.pupil, :page, one.at, :now FROM unnest(:pupils, :at) AS one (pupil, at) ORDER BY one.pupil
ON CONFLICT (lesson_id, pupil_id) DO UPDATE
SET page = excluded.page, tapped_at = excluded.tapped_at, taken_at = excluded.taken_at
""").bindparams(
    bindparam("lesson", type_=Uuid),
    bindparam("pupils", type_=ARRAY(Uuid)),
    bindparam("page", type_=Uuid),
    bindparam("at", type_=ARRAY(DateTime(timezone=True))),
    bindparam("now", type_=DateTime(timezone=True)),
)
_FORGET = text("DELETE FROM core.roll_tap WHERE taken_at < :before")


@dataclass(frozen=True, slots=True)
class Tap:
    """What one child was tapped to be, and when, by the school's clock."""

    entry: Entry
    at: datetime


@dataclass(frozen=True, slots=True)
class Taps:
    """What a page sends."""

    taps: Mapping[UUID, Tap]
    """Of those whom its owner has tapped himself."""
    page: UUID
    """The browser in which: its own taps come in their order."""
    calls: bool = False
    """«Готово»: a roll that is not called yet is called by ``exceptions``."""
    exceptions: Mapping[UUID, Entry] | None = None
    """Whoever was not there all the time, as the page shows it: also what was known beforehand."""
    roster: str | None = None
    """The list of learners that the page shows."""


async def take(session: AsyncSession, act: Act, lesson_id: UUID, sent: Taps) -> tuple[UUID, ...]:
    """Bring taps into the roll; return whom somebody else has tapped later. The same ``key`` again does nothing.

    Raises what ``attendance.record`` and ``attendance.correct`` raise.
    """
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(Right.ATTENDANCE_RECORD):
        raise Forbidden("lesson-not-yours")
    await lesson_rights.hold(session, facts, alone=True)
    standing = (await session.execute(_STANDING, {"lesson": lesson_id, "key": act.key})).one()
    if standing.repeated:
        return ()
    if not standing.called:
        await _call(session, act, lesson_id, sent)
        return ()
    last = await _last_taps(session, lesson_id, sent)
    overtaken = {pupil for pupil, tap in sent.taps.items() if last.get(pupil, tap.at) > tap.at}
    fresh = {pupil: tap for pupil, tap in sent.taps.items() if pupil not in overtaken}
    if fresh:
        await attendance.correct(session, act, lesson_id, {pupil: tap.entry for pupil, tap in fresh.items()})
        await _keep(session, act, lesson_id, sent.page, fresh)
    return tuple(sorted(overtaken))


async def forget(session: AsyncSession, now: datetime) -> None:
    """Forget when was tapped what nobody can overtake any more."""
    await session.execute(_FORGET, {"before": now - KEEP})


async def _call(session: AsyncSession, act: Act, lesson_id: UUID, sent: Taps) -> None:
    if not sent.calls:
        raise Conflict("roll-not-called")
    await attendance.record(session, act, lesson_id, sent.exceptions or {}, roster=sent.roster)
    await _keep(session, act, lesson_id, sent.page, sent.taps)


async def _last_taps(session: AsyncSession, lesson_id: UUID, sent: Taps) -> dict[UUID, datetime]:
    """Return when others have tapped these children last."""
    if not sent.taps:
        return {}
    rows = await session.execute(_LAST, {"lesson": lesson_id, "pupils": list(sent.taps), "page": sent.page})
    return {row.pupil: row.at for row in rows if row.at is not None}


async def _keep(session: AsyncSession, act: Act, lesson_id: UUID, page: UUID, taps: Mapping[UUID, Tap]) -> None:
    if taps:
        when = {"pupils": list(taps), "at": [tap.at for tap in taps.values()]}
        await session.execute(_KEEP, {"lesson": lesson_id, "page": page, "now": act.at, **when})
