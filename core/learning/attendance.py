"""Attendance: the roll of a lesson, its corrections, and what a parent says of an absence.

One day of a pupil is one subject with lessons as its parts. Whatever changes it raises its version under its row's lock
and publishes its whole state, in the same transaction as the fact and the audit row.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.consent import consent_gate
from core.events import ConsentPurpose, ProposedReason
from core.journal import Change, audit, first_time
from core.learning import attendance_day, lesson_learners, lesson_lists, lesson_rights
from core.learning.absence_codes import CODES
from core.learning.lesson_rights import LessonFacts
from core.movement import closing
from core.refusals import Conflict, Forbidden, Invalid
from core.russian import FullName
from core.tables import Absence, AbsenceAnswer, Lesson, RollCall

type Codes = Mapping[UUID, str]
"""Absent pupils and their codes."""
type Wanted = Mapping[UUID, str | None]
"""Entries to make: a code, or None for present."""


@dataclass(frozen=True, slots=True)
class PupilOnRoll:
    """One line of the roll."""

    id: UUID
    name: FullName
    code: str | None
    """None: present."""
    absent_before: bool
    """Absent from the class's previous lesson of the day."""
    answers: tuple[ProposedReason, ...]
    """What guardians answered about this day; a proposal until the school confirms it."""


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll of a lesson, in the order of the class list (YEAR-23).

    Whoever by an order that came later was not in the class that day stands behind it as long as he has an entry.
    """

    lesson: LessonFacts
    version: int
    """0 while the roll has not been called."""
    pupils: tuple[PupilOnRoll, ...]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command changed."""

    lesson: LessonFacts
    version: int
    absent: int
    """Absent pupils on the roll as it stands now."""
    changed: tuple[UUID, ...]
    """Pupils whose entry this command changed."""


async def roll(session: AsyncSession, actor: Actor, lesson_id: UUID, now: datetime) -> Roll:
    """Read the roll of a lesson. Raises ``NotFound`` or ``Forbidden`` (ROLE-06, ROLE-09)."""
    facts = await lesson_rights.of_lesson(session, actor, lesson_id, now)
    if not facts.may(Right.JOURNAL_VIEW):
        raise Forbidden("lesson-not-yours")
    called = await session.get(RollCall, lesson_id)
    codes = await _codes(session, lesson_id)
    listed = await lesson_lists.of_lesson(session, lesson_id, codes)
    before = await _absent_from_previous(session, facts)
    answers = await _answers(session, [one.pupil for one in listed], facts.day)
    lines = tuple(
        PupilOnRoll(one.pupil, one.name, codes.get(one.pupil), one.pupil in before, answers.get(one.pupil, ()))
        for one in listed
    )
    return Roll(facts, called.version if called else 0, lines)


async def record(session: AsyncSession, act: Act, lesson_id: UUID, absent: Mapping[UUID, str]) -> Recorded:
    """Call the roll of a lesson: whoever is not in ``absent`` was present (ATT-01, ATT-02).

    ``key`` makes a repeat harmless; calling the roll again replaces it, and only what differs is changed.
    Raises ``NotFound``, ``Forbidden``, or ``Invalid`` (a pupil of another class, an unknown code, a lesson to come).
    """
    facts = await _for_writing(session, act, lesson_id)
    await _check_entries(session, facts, absent)
    if not await first_time(session, act.key, act.at):
        return await _as_it_stands(session, facts)

    def replaced(current: Codes) -> Wanted:
        return {pupil: absent.get(pupil) for pupil in current.keys() | absent.keys()}

    return await _change(session, act, facts, replaced)


async def correct(session: AsyncSession, act: Act, lesson_id: UUID, entries: Wanted) -> Recorded:
    """Correct single entries of a called roll; a code of None means that the pupil was present after all.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``, or ``Conflict`` if the roll was not called.
    """
    facts = await _for_writing(session, act, lesson_id)
    await _check_entries(session, facts, entries)
    if not await first_time(session, act.key, act.at):
        return await _as_it_stands(session, facts)
    called = await _locked_roll(session, lesson_id)
    if called is None or called.withdrawn:
        raise Conflict("roll-not-called")
    return await _change(session, act, facts, lambda _current: entries)


async def withdraw(session: AsyncSession, act: Act, lesson_id: UUID, version: int) -> Recorded:
    """Take back the last calling of a roll: it stands again as it was before.

    Raises ``Conflict`` if the roll has changed since ``version``, and what ``record`` raises.
    """
    facts = await _for_writing(session, act, lesson_id)
    if not await first_time(session, act.key, act.at):
        return await _as_it_stands(session, facts)
    called = await _locked_roll(session, lesson_id)
    if called is None or called.withdrawn or called.version != version:
        raise Conflict("roll-changed-since")
    previous: Codes = {UUID(pupil): code for pupil, code in (called.previous or {}).items()}
    first = called.previous is None

    def restored(current: Codes) -> Wanted:
        return {pupil: previous.get(pupil) for pupil in current.keys() | previous.keys()}

    return await _change(session, act, facts, restored, withdrawn=first)


async def answer(session: AsyncSession, act: Act, day_key: attendance_day.DayKey, reason: ProposedReason) -> None:
    """Record what a guardian says of his child's absence: a proposed reason, which the school may accept.

    Raises ``Forbidden`` if he is not (or no longer) a guardian who may see, or without his consent to data on
    attendance (CONF-21), ``Conflict`` if no absence is left, or the year is closed.
    """
    facts = await rights.of_pupil(session, act.actor, day_key.pupil, act.at)
    rights.demand(facts, Right.ABSENCE_EXPLAIN, "child-not-yours")
    await consent_gate.demand(session, facts, day_key.pupil, act.at, (ConsentPurpose.ATTENDANCE,))
    school = facts.of_school
    await closing.demand_open(session, school.id, day_key.day)
    if act.actor.person is None or not await first_time(session, act.key, act.at):
        return
    await attendance_day.lock(session, day_key)
    state = (await attendance_day.read(session, [day_key]))[day_key]
    if not state.absences:
        raise Conflict("absence-already-corrected")
    before = next((given.reason.value for given in state.answers if given.guardian == act.actor.person), None)
    if before == reason.value:
        return
    values = {"reason": reason.value, "at": act.at}
    await session.execute(
        insert(AbsenceAnswer)
        .values(pupil_id=day_key.pupil, day=day_key.day, guardian_id=act.actor.person, **values)
        .on_conflict_do_update(index_elements=["pupil_id", "day", "guardian_id"], set_=values)
    )
    await attendance_day.raise_and_publish(session, school, [day_key], act.at)
    change = Change("attendance.answer", day_key.subject, {"reason": before}, {"reason": reason.value})
    await audit(session, act.actor, school.id, act.at, change)


async def _for_writing(session: AsyncSession, act: Act, lesson_id: UUID) -> LessonFacts:
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(Right.ATTENDANCE_RECORD):
        raise Forbidden("lesson-not-yours")
    facts = await lesson_rights.hold(session, facts)
    if act.at < facts.starts_at:
        raise Invalid("lesson-not-begun", number=facts.number, class_title=facts.class_title)
    facts.demand_open()
    return facts


async def _check_entries(session: AsyncSession, facts: LessonFacts, entries: Wanted) -> None:
    """Refuse entries of strangers and unknown codes.

    Whoever has an entry is no stranger: an order that came later may have taken him out of the class for that day, and
    his entry must not be out of reach by it.
    """
    others = entries.keys() - {one.pupil for one in await lesson_learners.of_lesson(session, facts.id)}
    if others and not others <= (await _codes(session, facts.id)).keys():
        raise Invalid("pupil-not-of-this-class", class_title=facts.class_title)
    unknown = next((code for code in entries.values() if code is not None and code not in CODES), None)
    if unknown is not None:
        raise Invalid("absence-code-unknown", code=unknown)


async def _change(
    session: AsyncSession,
    act: Act,
    facts: LessonFacts,
    decide: Callable[[Codes], Wanted],
    *,
    withdrawn: bool = False,
) -> Recorded:
    """Apply what ``decide`` wants of the entries as they stand under the roll's lock."""
    version, was_withdrawn = await _raise_roll(session, act, facts)
    current = await _codes(session, facts.id)
    wanted = decide(current)
    changed = {pupil: code for pupil, code in wanted.items() if code != current.get(pupil)}
    await session.execute(
        update(RollCall)
        .where(RollCall.lesson_id == facts.id)
        .values(withdrawn=withdrawn, previous=None if version == 1 or was_withdrawn else _as_json(current))
    )
    await _write_entries(session, act, facts, changed)
    await _tell_and_audit(session, act, facts, current, changed)
    after = {pupil: code for pupil, code in (current | changed).items() if code is not None}
    return Recorded(facts, version, len(after), tuple(sorted(changed)))


async def is_called(session: AsyncSession, lesson_id: UUID) -> bool:
    """Tell whether the roll of a lesson was called and not taken back."""
    called = await session.get(RollCall, lesson_id, populate_existing=True)
    return called is not None and not called.withdrawn


async def _locked_roll(session: AsyncSession, lesson_id: UUID) -> RollCall | None:
    """Read the roll call under its lock: what is decided by it stays true until the commit."""
    return await session.get(RollCall, lesson_id, with_for_update=True, populate_existing=True)


async def _raise_roll(session: AsyncSession, act: Act, facts: LessonFacts) -> tuple[int, bool]:
    """Lock the roll and raise its version: whoever calls the same roll at once waits here.

    Returns the new version, and whether the roll had been taken back before this.
    """
    statement = (
        insert(RollCall)
        .values(lesson_id=facts.id, recorded_by=act.actor.person, recorded_at=act.at, version=1, withdrawn=False)
        .on_conflict_do_update(index_elements=["lesson_id"], set_={"version": RollCall.version + 1})
        .returning(RollCall.version, RollCall.withdrawn)
    )
    version, was_withdrawn = (await session.execute(statement)).one()
    return version, was_withdrawn


async def _write_entries(session: AsyncSession, act: Act, facts: LessonFacts, changed: Wanted) -> None:
    gone = [pupil for pupil, code in changed.items() if code is None]
    if gone:
        await session.execute(delete(Absence).where(Absence.lesson_id == facts.id, Absence.pupil_id.in_(gone)))
    rows = [
        {
            "lesson_id": facts.id,
            "pupil_id": pupil,
            "day": facts.day,
            "code": code,
            "recorded_by": act.actor.person,
            "recorded_at": act.at,
        }
        for pupil, code in sorted(changed.items())
        if code is not None
    ]
    if rows:
        put = insert(Absence)
        await session.execute(
            put.on_conflict_do_update(index_elements=["lesson_id", "pupil_id"], set_={"code": put.excluded.code}), rows
        )


async def _tell_and_audit(session: AsyncSession, act: Act, facts: LessonFacts, current: Codes, changed: Wanted) -> None:
    keys = [attendance_day.DayKey(pupil, facts.day) for pupil in changed]
    await attendance_day.raise_and_publish(session, facts.school, keys, act.at)
    changes = [
        Change(
            "attendance.record",
            f"lesson/{facts.id}/{pupil}",
            {"code": current.get(pupil)},
            {"code": code},
        )
        for pupil, code in sorted(changed.items())
    ]
    called = Change(
        "attendance.roll",
        f"lesson/{facts.id}",
        None,
        {"absent": sum(code is not None for code in (dict(current) | dict(changed)).values())},
    )
    await audit(session, act.actor, facts.school.id, act.at, called, *changes)


async def _as_it_stands(session: AsyncSession, facts: LessonFacts) -> Recorded:
    called = await session.get(RollCall, facts.id)
    return Recorded(facts, called.version if called else 0, len(await _codes(session, facts.id)), ())


async def _codes(session: AsyncSession, lesson_id: UUID) -> dict[UUID, str]:
    rows = await session.execute(select(Absence.pupil_id, Absence.code).where(Absence.lesson_id == lesson_id))
    return dict(rows.all())


async def _absent_from_previous(session: AsyncSession, facts: LessonFacts) -> set[UUID]:
    """Find who was absent from what went before: halves of a class may have had a lesson each."""
    earlier = (
        Lesson.school_id == facts.school.id,
        Lesson.day == facts.day,
        Lesson.starts_at < facts.starts_at,
        Lesson.classes.overlap(list(facts.classes)),
        Lesson.cancelled.is_(None),
    )
    last = select(func.max(Lesson.starts_at)).where(*earlier).scalar_subquery()
    previous = select(Lesson.id).where(*earlier, Lesson.starts_at == last)
    return set((await session.execute(select(Absence.pupil_id).where(Absence.lesson_id.in_(previous)))).scalars())


async def _answers(session: AsyncSession, pupils: Sequence[UUID], day: date) -> dict[UUID, tuple[ProposedReason, ...]]:
    rows = await session.execute(
        select(AbsenceAnswer.pupil_id, AbsenceAnswer.reason)
        .where(AbsenceAnswer.pupil_id.in_(pupils), AbsenceAnswer.day == day)
        .order_by(AbsenceAnswer.at)
    )
    answers: dict[UUID, tuple[ProposedReason, ...]] = {}
    for pupil, reason in rows:
        answers[pupil] = (*answers.get(pupil, ()), ProposedReason(reason))
    return answers


def _as_json(codes: Codes) -> dict[str, str]:
    return {str(pupil): code for pupil, code in codes.items()}
