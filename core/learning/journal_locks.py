"""Locks of the journal: what no longer may be changed, who opens it again, and for how long (CONF-05, AUDIT-04).

What closes a lesson is decided in ``lock_rules``. Everybody is refused alike, the administration too: it opens the
lesson first, with a reason that stays in the audit, and then whoever may write of it does.
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, bindparam, delete, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Reach, Right, Standing, reach_of
from core.access_table import RIGHTS_OF
from core.actor import Act
from core.journal import Change, audit, first_time, id_made_by
from core.learning import lesson_rights
from core.learning.attendance_tables import FinalsLock, JournalUnlock
from core.learning.lesson_rights import LessonFacts
from core.learning.lock_rules import UNLOCKED_AT_MOST, Lock, Locking, Work, last_open_day, lock_of
from core.person.people import name_of
from core.refusals import Conflict, Invalid, NotFound
from core.rights import WITHOUT_WORK
from core.rule_book.model import SchoolRules
from core.russian import FullName
from core.school import school_rules
from core.school.schools import SchoolCard
from core.school_time import end_of_school_date, school_date
from core.tables import Lesson, Person, RoleAssignment, RoleRight, Staff, Subject
from core.year.span import Span
from core.year.words import day_words

WHY_LONGEST = 300
"""Characters of a reason: a line of the audit."""
NAMED = 3
"""So many of those who can open a lesson are named in a refusal; of the rest the number."""
LOCKING_OF = """
  EXISTS (SELECT FROM core.finals_lock f WHERE f.learners_id = coalesce(l.class_id, l.group_id, l.pupil_id)
    AND f.subject_id = l.subject_id AND l.day BETWEEN f.first AND f.last) AS finals,
  (SELECT max(u.until) FROM core.journal_unlock u WHERE u.lesson_id = l.id AND u.ended_at IS NULL) AS open_until"""
"""SQL: two columns about the locks of the lesson ``l``; also for statements of others, after ``lesson_rights.hold``."""
_LOCKING = text(f"SELECT l.id, l.day, {LOCKING_OF} FROM core.lesson l WHERE l.id = ANY(:lessons)").bindparams(  # noqa: S608 - all of it is ours
    bindparam("lessons", type_=ARRAY(Uuid))
)


async def demand_open(session: AsyncSession, facts: LessonFacts, now: datetime, *, first: Work | None = None) -> None:
    """Raise ``Conflict`` if marks and attendance of a lesson may no longer be changed; it names who can open it.

    For whoever writes of a lesson, after ``lesson_rights.hold``: who sets final marks or ends a leave waits for him, or
    he sees it here. One statement; none where the school's rules close nothing. ``first`` is a work that is marked for
    the first time: see ``lock_rules.lock_of``.
    """
    if not facts.rules.lock_after_finals and not is_late(facts, now):
        return
    found = (await session.execute(_LOCKING, {"lessons": [facts.id]})).one()
    await demand(session, facts, Locking(finals=found.finals, open_until=found.open_until), now, first=first)


def is_late(facts: LessonFacts, now: datetime) -> bool:
    """Tell whether the days in which a lesson may be changed without leave are over."""
    last = last_open_day(facts.rules, facts.day)
    return last is not None and school_date(now, facts.school.zone) > last


async def demand(
    session: AsyncSession, facts: LessonFacts, locking: Locking, now: datetime, *, first: Work | None = None
) -> None:
    """Raise what ``demand_open`` does, by what was read of the locks already; no statement unless it refuses."""
    today = school_date(now, facts.school.zone)
    lock = lock_of(facts.rules, locking, facts.day, today, now, first=first)
    if lock is not None:
        raise await _refusal(session, facts.school, facts.rules, lock, now, day=day_words(facts.day))


async def demand_all_open(
    session: AsyncSession, school: SchoolCard, rules: SchoolRules, lessons: Collection[UUID], now: datetime
) -> None:
    """Raise ``Conflict`` if one of several lessons of a school is locked; the caller holds what he writes of."""
    today = school_date(now, school.zone)
    for row in await session.execute(_LOCKING, {"lessons": list(lessons)}):
        lock = lock_of(rules, Locking(finals=row.finals, open_until=row.open_until), row.day, today, now)
        if lock is not None:
            raise await _refusal(session, school, rules, lock, now, day=day_words(row.day))


async def demand_day_open(session: AsyncSession, act: Act, school: SchoolCard, day: date) -> None:
    """Raise ``Conflict`` if what happened on a day, outside lessons, may no longer be changed by whoever wants to.

    There is no lesson that could be opened: whoever can open lessons changes it himself (CONF-05).
    """
    rules = await school_rules.of_school(session, school.id)
    last = last_open_day(rules, day)
    if last is None or school_date(act.at, school.zone) <= last:
        return
    facts = await rights.of_school(session, act.actor, school.id, act.at)
    if not facts.may_throughout(Right.JOURNAL_UNLOCK):
        names, more = await _who_can(session, school, act.at)
        raise Conflict("event-roll-locked", day=day_words(day), days=rules.lock_after_days or 0, names=names, more=more)


async def unlock(session: AsyncSession, act: Act, lesson_id: UUID, until: datetime, why: str) -> UUID:
    """Open a lesson until a moment, for everybody who may write of it; it takes the place of an earlier leave.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no reason, a moment that is over, or later than the end of a day in
    two weeks), or ``Conflict``: the lesson is not held, or its year is closed, which no leave opens.
    """
    facts = await _facts(session, act, lesson_id)
    latest = end_of_school_date(school_date(act.at, facts.school.zone) + UNLOCKED_AT_MOST, facts.school.zone)
    if not act.at < until <= latest:
        raise Invalid("journal-unlock-until", days=UNLOCKED_AT_MOST.days)
    reason = _reason(why)
    facts = await lesson_rights.hold(session, facts, alone=True)
    facts.demand_open()
    made = id_made_by(act.key, "journal-unlock")
    if not await first_time(session, act.key, act.at):
        return made
    before = await _end_leaves(session, act, lesson_id)
    session.add(
        JournalUnlock(
            id=made,
            school_id=facts.school.id,
            lesson_id=lesson_id,
            until=until,
            why=reason,
            given_by=act.actor.person,
            given_at=act.at,
        )
    )
    await session.flush()
    await _write_down(session, act, facts, "journal.unlock", (_until(before), {"until": until.isoformat()}), reason)
    return made


async def lock_again(session: AsyncSession, act: Act, lesson_id: UUID) -> None:
    """End the leave to change a lesson before its time; again is harmless. Raises ``NotFound``, ``Forbidden``."""
    facts = await lesson_rights.hold(session, await _facts(session, act, lesson_id), alone=True)
    if not await first_time(session, act.key, act.at):
        return
    before = await _end_leaves(session, act, lesson_id)
    if before:
        await _write_down(session, act, facts, "journal.lock-again", (_until(before), {"until": None}))


async def lock_finals(session: AsyncSession, act: Act, learners: UUID, subject_id: UUID, span: Span) -> None:
    """Close the lessons of a class, a group or a pupil in a subject, since final marks of these days stand (ROLE-07).

    For whoever sets final marks, who has asked for the right to and seen that his command comes for the first time;
    again is harmless. He waits for those who are writing of these lessons now; who comes later is refused.
    Raises ``NotFound``: there is no such subject.
    """
    subject = await session.get(Subject, subject_id)
    if subject is None:
        raise NotFound("subject-unknown")
    held = (
        select(Lesson.id)
        .where(lesson_rights.learners_column() == learners, Lesson.subject_id == subject_id)
        .where(Lesson.day.between(span.first, span.last))
        .order_by(Lesson.id)
        .with_for_update(key_share=True)
    )
    await session.execute(held)
    put = insert(FinalsLock).values(
        id=id_made_by(f"{act.key}/{learners}/{subject_id}/{span.first}", "finals-lock"),
        school_id=subject.school_id,
        learners_id=learners,
        subject_id=subject_id,
        first=span.first,
        last=span.last,
        set_by=act.actor.person,
        set_at=act.at,
    )
    changed = await session.execute(
        put.on_conflict_do_update(
            index_elements=["learners_id", "subject_id", "first"],
            set_={"last": put.excluded.last, "set_by": put.excluded.set_by, "set_at": put.excluded.set_at},
            where=FinalsLock.last != put.excluded.last,
        ).returning(FinalsLock.id)
    )
    if changed.first() is not None:
        after = _days(span.first, span.last)
        change = Change("journal.lock-finals", _finals_subject(learners, subject_id), None, after)
        await audit(session, act.actor, subject.school_id, act.at, change)


async def lift_finals(session: AsyncSession, act: Act, lesson_id: UUID, why: str) -> None:
    """Open the whole period that final marks have closed, by one of its lessons; if it is open, nothing changes.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no reason), ``Conflict`` (a closed year).
    """
    facts = await _facts(session, act, lesson_id)
    reason = _reason(why)
    facts = await lesson_rights.hold(session, facts)
    facts.demand_open()
    if not await first_time(session, act.key, act.at):
        return
    lesson = await session.get_one(Lesson, lesson_id)
    learners = lesson.class_id or lesson.group_id or lesson.pupil_id
    lifted = await session.execute(
        delete(FinalsLock)
        .where(FinalsLock.learners_id == learners, FinalsLock.subject_id == lesson.subject_id)
        .where(FinalsLock.first <= facts.day, FinalsLock.last >= facts.day)
        .returning(FinalsLock.learners_id, FinalsLock.subject_id, FinalsLock.first, FinalsLock.last)
    )
    changes = [
        Change("journal.lift-finals", _finals_subject(of, subject), _days(first, last), None, reason)
        for of, subject, first, last in lifted
    ]
    await audit(session, act.actor, facts.school.id, act.at, *changes)


async def keepers(session: AsyncSession, school: SchoolCard, now: datetime) -> tuple[FullName, ...]:
    """List who can open any lesson of a school today, in Russian alphabetical order. Asks for no rights."""
    today = school_date(now, school.zone)
    decided = await session.execute(
        select(RoleRight.role, RoleRight.reach).where(
            RoleRight.school_id == school.id, RoleRight.act == Right.JOURNAL_UNLOCK.value
        )
    )
    overrides = {(role, Right.JOURNAL_UNLOCK): Reach(reach) for role, reach in decided}
    said = Standing(None, overrides=overrides)
    named = {role for role, _ in overrides} | {role.value for role in RIGHTS_OF[Right.JOURNAL_UNLOCK]}
    roles = {role for role in named if reach_of(said, role, Right.JOURNAL_UNLOCK) is Reach.SCHOOL}
    works = Staff.person_id.is_not(None)
    rows = await session.execute(
        select(Person)
        .join(RoleAssignment, RoleAssignment.person_id == Person.id)
        .outerjoin(Staff, Staff.person_id == Person.id)
        .where(RoleAssignment.school_id == school.id, RoleAssignment.role.in_(roles))
        .where(RoleAssignment.since <= today, or_(RoleAssignment.until.is_(None), RoleAssignment.until >= today))
        .where(or_(Staff.since.is_(None), Staff.since <= today), or_(Staff.until.is_(None), Staff.until >= today))
        .where(or_(works, RoleAssignment.role.in_(WITHOUT_WORK)))
        .order_by(Person.sort_key, Person.id)
    )
    # By id: who has two of these roles is one who can.
    return tuple({one.id: name_of(one) for one in rows.scalars()}.values())


async def _refusal(
    session: AsyncSession, school: SchoolCard, rules: SchoolRules, lock: Lock, now: datetime, *, day: str
) -> Conflict:
    names, more = await _who_can(session, school, now)
    if lock is Lock.FINALS:
        return Conflict("journal-locked-finals", day=day, names=names, more=more)
    days = rules.lock_after_days or 0
    return Conflict("journal-locked-days", day=day, days=days, names=names, more=more)


async def _who_can(session: AsyncSession, school: SchoolCard, now: datetime) -> tuple[str, int]:
    """Name some of those who can open a lesson, and count the others."""
    there = [one.in_full() for one in await keepers(session, school, now)]
    return ", ".join(there[:NAMED]) or "none", max(len(there) - NAMED, 0)


async def _facts(session: AsyncSession, act: Act, lesson_id: UUID) -> LessonFacts:
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    rights.demand(facts.rights, Right.JOURNAL_UNLOCK)
    return facts


def _reason(why: str) -> str:
    reason = " ".join(free_text.plain(why).split())
    if free_text.says_nothing(reason) or free_text.length(reason) > WHY_LONGEST:
        raise Invalid("journal-unlock-why", longest=WHY_LONGEST)
    return reason


async def _end_leaves(session: AsyncSession, act: Act, lesson_id: UUID) -> list[datetime]:
    """End what leave there is to change a lesson; return until when it was given, where that was not over."""
    ended = await session.execute(
        update(JournalUnlock)
        .where(JournalUnlock.lesson_id == lesson_id, JournalUnlock.ended_at.is_(None), JournalUnlock.until > act.at)
        .values(ended_by=act.actor.person, ended_at=act.at)
        .returning(JournalUnlock.until)
    )
    return list(ended.scalars())


async def _write_down(
    session: AsyncSession,
    act: Act,
    facts: LessonFacts,
    action: str,
    changed: tuple[dict[str, Any], dict[str, Any]],
    why: str | None = None,
) -> None:
    before, after = changed
    change = Change(action, f"lesson/{facts.id}", before, after, why)
    await audit(session, act.actor, facts.school.id, act.at, change)


def _until(leaves: Iterable[datetime]) -> dict[str, Any]:
    last = max(leaves, default=None)
    return {"until": None if last is None else last.isoformat()}


def _finals_subject(learners: UUID, subject: UUID) -> str:
    return f"finals/{learners}/{subject}"


def _days(first: Any, last: Any) -> dict[str, Any]:
    return {"first": first.isoformat(), "last": last.isoformat()}
