"""What a family says beforehand: the child will not come on these days, and why. A roll is pre-filled by it.

A guardian speaks by his own consent, or the class teacher writes down what he was told. One guardian neither sees nor
changes what another has said: whoever may see the absences of the class sees all of it.

Two that overlap are refused only if both give the same reason and whoever speaks may see the other one: then it is a
slip, or the days have become more, for which there is ``change_last_day``. Another reason may well hold on the same
days (ill during a journey); and two guardians who both say it must not learn of each other by a refusal.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.consent import consent_gate
from core.events import ConsentPurpose
from core.journal import Change, audit, first_time, id_made_by
from core.learning.attendance_tables import AnnouncedAbsence
from core.movement import closing
from core.movement.movement_tables import Enrolment
from core.person.people import name_of
from core.refusals import Conflict, Invalid, NotFound
from core.rights import Facts
from core.russian import FullName
from core.school_time import school_date
from core.tables import Person, Pupil, SchoolClass
from core.year.span import Span
from core.year.words import day_words

PAST = timedelta(days=7)
"""So long ago it may have begun: after a week lessons are locked, and nothing would be pre-filled any more."""
AHEAD = timedelta(days=365)
LONGEST = timedelta(days=92)
"""Longer than a treatment in a sanatorium: it is a slip in a date, or a matter for the school's office."""
NOTE_LONGEST = 500
_DAY = timedelta(days=1)
_ANNOUNCER = aliased(Person)


class AbsenceReason(StrEnum):
    """Why the child will not come, as the family says it."""

    ILLNESS = "illness"
    FAMILY = "family"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceDraft:
    """What is announced."""

    days: Span
    reason: AbsenceReason
    note: str = ""
    certificate: bool = False
    """Whether a certificate was, or will be, brought."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceView:
    """What was announced, as whoever may see it is shown it."""

    id: UUID
    pupil: UUID
    name: FullName
    class_title: str
    """Of the class where he learns now."""
    days: Span
    reason: AbsenceReason
    note: str
    certificate: bool
    announced_by: FullName | None
    """None: the office at the command line."""
    announced_at: datetime
    version: int


async def announce(session: AsyncSession, act: Act, pupil_id: UUID, draft: AbsenceDraft) -> UUID:
    """Announce that a pupil will not come; return the id. A repeat returns the one already made.

    Raises ``NotFound``, ``Forbidden`` (not his child or class, no consent), ``Invalid`` (days too far off or too many,
    a note too long, a pupil who does not learn then), or ``Conflict``: announced for the same reason already, the year
    is closed.
    """
    facts = await _for_writing(session, act, pupil_id)
    note = _note(draft.note)
    _demand_near(draft.days, _today(facts, act.at))
    await closing.demand_open(session, facts.of_school.id, draft.days.first)
    made = AnnouncedAbsence(
        id=id_made_by(act.key, "announced-absence"),
        school_id=facts.of_school.id,
        pupil_id=pupil_id,
        first=draft.days.first,
        last=draft.days.last,
        reason=draft.reason,
        note=note,
        certificate=draft.certificate,
        announced_by=act.actor.person,
        announced_at=act.at,
        version=1,
    )
    if not await first_time(session, act.key, act.at):
        return made.id
    await _one_at_a_time(session, pupil_id)
    await _demand_learning(session, made)
    await _demand_new(session, facts, act.actor, made, made.last)
    session.add(made)
    await session.flush()
    await _write_down(session, act, made, "announce", None, _as_json(made))
    return made.id


async def change_last_day(session: AsyncSession, act: Act, announced_id: UUID, last: date) -> None:
    """Say that the child comes back earlier, or later, than was announced.

    Raises what ``announce`` does, and ``Conflict``: withdrawn, or over for more than a week.
    """
    row, facts = await _found(session, act, announced_id)
    _demand_near(Span(row.first, last), _today(facts, act.at), has_begun=True)
    await closing.demand_open(session, row.school_id, min(row.last, last) + _DAY)
    if not await first_time(session, act.key, act.at):
        return
    await _one_at_a_time(session, row.pupil_id)
    await session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None:
        raise Conflict("absence-announced-withdrawn")
    _demand_not_over(row, _today(facts, act.at))
    if row.last == last:
        return
    await _demand_new(session, facts, act.actor, row, last)
    before = {"last": row.last.isoformat()}
    row.last, row.version = last, row.version + 1
    await session.flush()
    await _write_down(session, act, row, "announce-change", before, {"last": last.isoformat()})


async def withdraw(session: AsyncSession, act: Act, announced_id: UUID) -> None:
    """Take back what was announced; again is harmless.

    Raises ``NotFound``, ``Forbidden``, or ``Conflict``: over for more than a week, or the year is closed.
    """
    row, facts = await _found(session, act, announced_id)
    await closing.demand_open(session, row.school_id, row.first)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(row, with_for_update=True)
    if row.withdrawn_at is not None:
        return
    _demand_not_over(row, _today(facts, act.at))
    row.withdrawn_by, row.withdrawn_at, row.version = act.actor.person, act.at, row.version + 1
    await session.flush()
    await _write_down(session, act, row, "announce-withdraw", {"withdrawn": False}, {"withdrawn": True})


async def of_pupil(
    session: AsyncSession, actor: Actor, pupil_id: UUID, span: Span, now: datetime
) -> tuple[AbsenceView, ...]:
    """List what stands announced of a pupil for some days; a guardian is shown what he said himself, and no more.

    Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_pupil(session, actor, pupil_id, now)
    sees_all = facts.may(Right.ABSENCES_VIEW)
    if not sees_all:
        await _demand_announcing(session, facts, pupil_id, now)
    wanted = [AnnouncedAbsence.pupil_id == pupil_id]
    wanted += [] if sees_all else [AnnouncedAbsence.announced_by == actor.person]
    return await _listed(session, span, *wanted)


async def of_class(
    session: AsyncSession, actor: Actor, class_id: UUID, span: Span, now: datetime
) -> tuple[AbsenceView, ...]:
    """List what stands announced for some days of those who learn in a class then.

    Raises ``NotFound``, ``Forbidden``.
    """
    rights.demand(await rights.of_class(session, actor, class_id, now), Right.ABSENCES_VIEW)
    there = exists().where(
        Enrolment.pupil_id == AnnouncedAbsence.pupil_id,
        Enrolment.class_id == class_id,
        Enrolment.since <= func.least(AnnouncedAbsence.last, span.last),
        or_(Enrolment.until.is_(None), Enrolment.until >= func.greatest(AnnouncedAbsence.first, span.first)),
    )
    return await _listed(session, span, there)


async def of_school(
    session: AsyncSession, actor: Actor, school_id: UUID, span: Span, now: datetime
) -> tuple[AbsenceView, ...]:
    """List what stands announced at a school for some days. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.ABSENCES_VIEW)
    return await _listed(session, span, AnnouncedAbsence.school_id == school_id)


async def _listed(session: AsyncSession, span: Span, *wanted: ColumnElement[bool]) -> tuple[AbsenceView, ...]:
    rows = await session.execute(
        select(AnnouncedAbsence, Person, SchoolClass.title, _ANNOUNCER)
        .join(Person, Person.id == AnnouncedAbsence.pupil_id)
        .join(Pupil, Pupil.person_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .outerjoin(_ANNOUNCER, _ANNOUNCER.id == AnnouncedAbsence.announced_by)
        .where(*wanted, _stands(span.first, span.last))
        .order_by(AnnouncedAbsence.first, Person.sort_key, AnnouncedAbsence.announced_at, AnnouncedAbsence.id)
    )
    return tuple(
        AbsenceView(
            id=one.id,
            pupil=one.pupil_id,
            name=name_of(pupil),
            class_title=title,
            days=Span(one.first, one.last),
            reason=AbsenceReason(one.reason),
            note=one.note,
            certificate=one.certificate,
            announced_by=None if announcer is None else name_of(announcer),
            announced_at=one.announced_at,
            version=one.version,
        )
        for one, pupil, title, announcer in rows
    )


async def _for_writing(session: AsyncSession, act: Act, pupil_id: UUID) -> Facts:
    facts = await rights.of_pupil(session, act.actor, pupil_id, act.at)
    await _demand_announcing(session, facts, pupil_id, act.at)
    return facts


async def _demand_announcing(session: AsyncSession, facts: Facts, pupil_id: UUID, now: datetime) -> None:
    rights.demand(facts, Right.ABSENCE_ANNOUNCE, "child-not-yours")
    await consent_gate.demand(session, facts, pupil_id, now, (ConsentPurpose.ATTENDANCE,))


async def _found(session: AsyncSession, act: Act, announced_id: UUID) -> tuple[AnnouncedAbsence, Facts]:
    """Read what was announced, if whoever asks may know of it."""
    row = await session.get(AnnouncedAbsence, announced_id)
    if row is None:
        raise NotFound("absence-announced-unknown")
    facts = await _for_writing(session, act, row.pupil_id)
    if row.announced_by != act.actor.person and not facts.may(Right.ABSENCES_VIEW):
        raise NotFound("absence-announced-unknown")
    return row, facts


async def _one_at_a_time(session: AsyncSession, pupil_id: UUID) -> None:
    """Let whoever announces something of the same child wait: he has to see what is said now."""
    await session.execute(select(Pupil.person_id).where(Pupil.person_id == pupil_id).with_for_update(key_share=True))


def _note(written: str) -> str:
    return "" if free_text.says_nothing(written) else free_text.fit(written, NOTE_LONGEST)


def _today(facts: Facts, now: datetime) -> date:
    return school_date(now, facts.of_school.zone)


def _demand_near(days: Span, today: date, *, has_begun: bool = False) -> None:
    """Raise ``Invalid`` for days too long ago or too far ahead; what was announced in time may have begun long ago."""
    earliest, latest = today - PAST, today + AHEAD
    if days.last > latest or (days.first < earliest and not has_begun):
        raise Invalid("absence-announced-far", first=day_words(earliest), last=day_words(latest))
    if days.last - days.first >= LONGEST:
        raise Invalid("absence-announced-long", days=LONGEST.days)


def _demand_not_over(row: AnnouncedAbsence, today: date) -> None:
    if row.last < today - PAST:
        raise Conflict("absence-announced-over", day=day_words(row.last))


async def _demand_learning(session: AsyncSession, said: AnnouncedAbsence) -> None:
    there = select(Enrolment.pupil_id).where(
        Enrolment.pupil_id == said.pupil_id,
        Enrolment.since <= said.last,
        or_(Enrolment.until.is_(None), Enrolment.until >= said.first),
    )
    if (await session.execute(there.limit(1))).first() is None:
        raise Invalid("absence-announced-not-learning", first=day_words(said.first), last=day_words(said.last))


async def _demand_new(session: AsyncSession, facts: Facts, actor: Actor, said: AnnouncedAbsence, last: date) -> None:
    """Raise ``Conflict`` if the same was said already, as far as whoever says it may know."""
    query = select(AnnouncedAbsence).where(
        AnnouncedAbsence.pupil_id == said.pupil_id,
        AnnouncedAbsence.reason == said.reason,
        AnnouncedAbsence.id != said.id,
        _stands(said.first, last),
    )
    if not facts.may(Right.ABSENCES_VIEW):
        query = query.where(AnnouncedAbsence.announced_by == actor.person)
    other = (await session.execute(query.order_by(AnnouncedAbsence.first).limit(1))).scalar_one_or_none()
    if other is not None:
        raise Conflict("absence-announced-already", first=day_words(other.first), last=day_words(other.last))


def _stands(first: date, last: date) -> ColumnElement[bool]:
    """Build the condition of what was announced for one of some days, and not withdrawn."""
    return AnnouncedAbsence.withdrawn_at.is_(None) & (AnnouncedAbsence.first <= last) & (AnnouncedAbsence.last >= first)


def _as_json(said: AnnouncedAbsence) -> dict[str, Any]:
    return {
        "first": said.first.isoformat(),
        "last": said.last.isoformat(),
        "reason": said.reason,
        "note": said.note,
        "certificate": said.certificate,
        "pupil": str(said.pupil_id),
    }


async def _write_down(
    session: AsyncSession,
    act: Act,
    row: AnnouncedAbsence,
    what: str,
    before: dict[str, Any] | None,
    after: dict[str, Any],
) -> None:
    change = Change(f"absence.{what}", f"announced-absence/{row.id}", before, after)
    await audit(session, act.actor, row.school_id, act.at, change)
