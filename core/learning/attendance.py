"""Attendance: the roll of a lesson, its corrections, and what a parent says of an absence.

One day of a pupil is one subject with lessons as its parts. Whatever changes it raises its version under its row's lock
and publishes its whole state, in the same transaction as the fact and the audit row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.consent import consent_gate
from core.events import ConsentPurpose, LeftEarly, ProposedReason
from core.journal import Change, audit, first_time
from core.learning import (
    attendance_day,
    disputes,
    expected,
    journal_locks,
    lesson_lists,
    lesson_rights,
    roll_hints,
    roll_rows,
)
from core.learning.absence_codes import code_of
from core.learning.attendance_day import DayKey
from core.learning.attendance_tables import AbsenceAnswer, PartialAttendance
from core.learning.disputes import Dispute
from core.learning.entries import LATE_MOST, PRESENT, Entry
from core.learning.expected import Expected
from core.learning.lesson_rights import LessonFacts
from core.learning.roll_rows import RollRows, Writing
from core.movement import closing
from core.refusals import Conflict, Forbidden, Invalid
from core.rule_book.values import AbsenceCode
from core.russian import FullName
from core.tables import Absence, RollCall

type Written = str | Entry | None
"""An entry as it comes: a code, a whole entry, or None for there all the time."""


@dataclass(frozen=True, slots=True)
class PupilOnRoll:
    """One line of the roll."""

    id: UUID
    name: FullName
    entry: Entry
    before: str | None
    """With which code he was absent from the last lesson that he had before on that day and whose roll was called."""
    answers: tuple[ProposedReason, ...]
    """What guardians answered about this day; a proposal until the school confirms it."""
    expected: Expected | None = None
    """What was known beforehand: a roll that was not called yet begins with it."""

    @property
    def absent_before(self) -> bool:
        """Tell whether he was absent from the last lesson that he had before on that day."""
        return self.before is not None

    @property
    def code(self) -> str | None:
        """The code of absence; None: was there."""
        return self.entry.code


@dataclass(frozen=True, slots=True)
class Roll:
    """The roll of a lesson, in the order of the class list (YEAR-23).

    Whoever by an order that came later was not in the class that day stands behind it as long as he has an entry.
    """

    lesson: LessonFacts
    version: int
    """0 while the roll has not been called."""
    roster: str
    """Names the list of learners: a roll that is called by an older list is refused."""
    pupils: tuple[PupilOnRoll, ...]
    is_called: bool = field(kw_only=True)
    """False, too, when its only calling was taken back."""

    def as_last_lesson(self) -> dict[UUID, Written]:
        """Return the exceptions by which it is called like the lesson before: absent is who was absent then."""
        return {line.id: line.before for line in self.pupils if line.before is not None}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a command changed."""

    lesson: LessonFacts
    version: int
    absent: int
    """Absent pupils on the roll as it stands now."""
    changed: tuple[UUID, ...]
    """Pupils whose entry this command changed."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a command makes of a roll."""

    entries: Mapping[UUID, Entry]
    """Of pupils whose entry may change; ``PRESENT`` takes one away."""
    withdrawn: bool = False
    calls: bool = False
    """By it the roll is called, by the list as it stands now."""


async def roll(session: AsyncSession, actor: Actor, lesson_id: UUID, now: datetime) -> Roll:
    """Read the roll of a lesson. Raises ``NotFound`` or ``Forbidden`` (ROLE-06, ROLE-09)."""
    facts = await lesson_rights.of_lesson(session, actor, lesson_id, now)
    if not facts.may(Right.JOURNAL_VIEW):
        raise Forbidden("lesson-not-yours")
    rows = await roll_rows.read(session, lesson_id, "")
    listed = await lesson_lists.of_lesson(session, lesson_id, rows.entries)
    before = await roll_hints.absent_before(session, facts)
    pupils = [one.pupil for one in listed]
    answers = await roll_hints.answers(session, pupils, facts.day)
    known = await expected.of_day(session, pupils, facts.day, facts.number, facts.rules.absence_codes)
    lines = tuple(
        PupilOnRoll(
            id=one.pupil,
            name=one.name,
            entry=rows.entries.get(one.pupil, PRESENT),
            before=before.get(one.pupil),
            answers=answers.get(one.pupil, ()),
            expected=known.get(one.pupil),
        )
        for one in listed
    )
    return Roll(facts, rows.version, rows.roster, lines, is_called=rows.is_called)


async def record(
    session: AsyncSession, act: Act, lesson_id: UUID, exceptions: Mapping[UUID, Written], *, roster: str | None = None
) -> Recorded:
    """Call the roll of a lesson: whoever is not in ``exceptions`` was there all the time (ATT-01, ATT-02).

    ``key`` makes a repeat harmless; calling the roll again replaces it, and only what differs is changed. ``roster``
    is that of the ``Roll`` by which it is called. Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a pupil of another
    class, an unknown code, a lesson to come), or ``Conflict`` (the list of learners is another by now).
    """
    facts, rows, codes, entries = await _for_writing(session, act, lesson_id, exceptions)
    if rows.repeated:
        return _as_it_stands(facts, rows)
    if roster is not None and roster != rows.roster:
        raise Conflict("roll-list-changed", class_title=facts.class_title)
    replaced = {pupil: entries.get(pupil, PRESENT) for pupil in rows.entries.keys() | entries.keys()}
    return await _change(session, act, facts, rows, codes, _Wanted(replaced, calls=True))


async def correct(session: AsyncSession, act: Act, lesson_id: UUID, entries: Mapping[UUID, Written]) -> Recorded:
    """Correct single entries of a called roll; None means that the pupil was there after all.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``, or ``Conflict`` if the roll was not called.
    """
    facts, rows, codes, wanted = await _for_writing(session, act, lesson_id, entries)
    if rows.repeated:
        return _as_it_stands(facts, rows)
    if not rows.is_called:
        raise Conflict("roll-not-called")
    return await _change(session, act, facts, rows, codes, _Wanted(wanted))


async def withdraw(session: AsyncSession, act: Act, lesson_id: UUID, version: int) -> Recorded:
    """Take back the last calling of a roll: it stands again as it was before.

    Raises ``Conflict`` if the roll has changed since ``version``, and what ``record`` raises.
    """
    facts, rows, codes, _ = await _for_writing(session, act, lesson_id, {})
    if rows.repeated:
        return _as_it_stands(facts, rows)
    if not rows.is_called or rows.version != version:
        raise Conflict("roll-changed-since")
    before = rows.previous or {}
    restored = {pupil: before.get(pupil, PRESENT) for pupil in rows.entries.keys() | before.keys()}
    return await _change(session, act, facts, rows, codes, _Wanted(restored, withdrawn=rows.previous is None))


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
    at_school = reason is ProposedReason.AT_SCHOOL
    told = await _disputed(session, day_key, act.actor.person)
    # Of several lessons the last entry speaks for the day.
    disputed = state.absences[-1].lesson if at_school else None
    values = {"reason": reason.value, "at": act.at, "lesson_id": disputed}
    await session.execute(
        insert(AbsenceAnswer)
        .values(pupil_id=day_key.pupil, day=day_key.day, guardian_id=act.actor.person, **values)
        .on_conflict_do_update(index_elements=["pupil_id", "day", "guardian_id"], set_=values)
    )
    raised = await attendance_day.raise_and_publish(session, school, [day_key], act.at)
    lesson = disputed or told
    if lesson is not None:
        dispute = Dispute(day_key.pupil, act.actor.person, lesson, disputed=at_school, version=raised[day_key])
        await disputes.tell(session, school.id, [dispute], act.at)
    change = Change("attendance.answer", day_key.subject, {"reason": before}, {"reason": reason.value})
    await audit(session, act.actor, school.id, act.at, change)


async def _disputed(session: AsyncSession, day_key: DayKey, guardian: UUID) -> UUID | None:
    """Return the lesson whose entry a guardian disputes so far."""
    return (
        await session.execute(
            select(AbsenceAnswer.lesson_id).where(
                AbsenceAnswer.pupil_id == day_key.pupil,
                AbsenceAnswer.day == day_key.day,
                AbsenceAnswer.guardian_id == guardian,
            )
        )
    ).scalar_one_or_none()


async def is_called(session: AsyncSession, lesson_id: UUID) -> bool:
    """Tell whether the roll of a lesson was called and not taken back."""
    called = await session.get(RollCall, lesson_id, populate_existing=True)
    return called is not None and not called.withdrawn


async def entry_of(session: AsyncSession, lesson_id: UUID, pupil_id: UUID) -> Entry:
    """Return what stands of a pupil on the roll of a lesson now, whoever asks."""
    absence = await session.get(Absence, (lesson_id, pupil_id), populate_existing=True)
    if absence is not None:
        return Entry(absence.code)
    partial = await session.get(PartialAttendance, (lesson_id, pupil_id), populate_existing=True)
    if partial is None:
        return PRESENT
    return Entry(None, partial.late_minutes, None if partial.left_early is None else LeftEarly(partial.left_early))


async def _for_writing(
    session: AsyncSession, act: Act, lesson_id: UUID, written: Mapping[UUID, Written]
) -> tuple[LessonFacts, RollRows, dict[str, AbsenceCode], dict[UUID, Entry]]:
    """Ask for the right, keep everybody else from the lesson, and read its roll and what is to be entered.

    Whoever has an entry is no stranger: an order that came later may have taken him out of the class for that day, and
    his entry must not be out of reach by it.
    """
    facts = await lesson_rights.of_lesson(session, act.actor, lesson_id, act.at)
    if not facts.may(Right.ATTENDANCE_RECORD):
        raise Forbidden("lesson-not-yours")
    facts = await lesson_rights.hold(session, facts, alone=True)
    if act.at < facts.starts_at:
        raise Invalid("lesson-not-begun", number=facts.number, class_title=facts.class_title)
    facts.demand_open()
    rows = await roll_rows.read(session, lesson_id, act.key)
    await journal_locks.demand(session, facts, rows.locking, act.at)
    if not written.keys() <= rows.learners | rows.entries.keys():
        raise Invalid("pupil-not-of-this-class", class_title=facts.class_title)
    entries = {pupil: _entry(one) for pupil, one in written.items()}
    codes = _codes(facts, rows, entries)
    known = {pupil: Entry(codes[one.code].code) if one.code is not None else one for pupil, one in entries.items()}
    return facts, rows, codes, known


def _entry(written: Written) -> Entry:
    entry = Entry(written) if isinstance(written, str) else written or PRESENT
    if entry.code is not None and entry.is_partial:
        raise Invalid("absent-and-there")
    if entry.late_minutes is not None and not 1 <= entry.late_minutes <= LATE_MOST:
        raise Invalid("late-minutes", most=LATE_MOST)
    return entry


def _codes(facts: LessonFacts, rows: RollRows, entries: Mapping[UUID, Entry]) -> dict[str, AbsenceCode]:
    """Find the meaning of the codes that are entered, and of those that may come back. Raises ``Invalid``."""
    found: dict[str, AbsenceCode] = {}
    for entry in entries.values():
        if entry.code is not None:
            code = code_of(facts.rules, entry.code)
            if code is None:
                raise Invalid("absence-code-unknown", code=entry.code)
            found[entry.code] = found[code.code] = code
    for entry in (rows.previous or {}).values():
        code = None if entry.code is None else code_of(facts.rules, entry.code)
        if code is not None and entry.code is not None:
            found.setdefault(entry.code, code)
    return found


async def _change(
    session: AsyncSession,
    act: Act,
    facts: LessonFacts,
    rows: RollRows,
    codes: Mapping[str, AbsenceCode],
    wanted: _Wanted,
) -> Recorded:
    """Make of a roll what is wanted, tell it, and write down who did."""
    changed = {pupil: entry for pupil, entry in wanted.entries.items() if entry != rows.entries.get(pupil, PRESENT)}
    for entry in changed.values():
        # Only what is taken back can be such: by a code that the school's table has no more.
        if entry.code is not None and entry.code not in codes:
            raise Invalid("absence-code-unknown", code=entry.code)
    # Whoever was missing elsewhere is seen here, or is seen no more: that is news of his day.
    seen = rows.missing_elsewhere & rows.learners if rows.is_called is wanted.withdrawn else frozenset[UUID]()
    was_first = rows.version == 0 or rows.withdrawn
    writing = Writing(
        lesson=facts.id,
        day=facts.day,
        entries=changed,
        codes=codes,
        touched=changed.keys() | seen,
        withdrawn=wanted.withdrawn,
        previous=None if was_first else {str(pupil): entry.kept() for pupil, entry in rows.entries.items()},
        learners=rows.learners if wanted.calls else wanted.entries.keys(),
        calls=wanted.calls,
    )
    done = await roll_rows.write(session, act, writing)
    if done is None:
        return _as_it_stands(facts, rows)
    version, days = done
    versions = {DayKey(pupil, facts.day): raised for pupil, raised in days.items()}
    await attendance_day.publish_states(session, facts.school, versions, act.at)
    gone = {pupil for pupil, entry in changed.items() if entry.code is None and _was_absent(rows, pupil)}
    no_more = {key: raised for key, raised in versions.items() if key.pupil in gone}
    await disputes.close(session, facts.school.id, facts.id, no_more, act.at)
    after = {**rows.entries, **changed}
    absent = sum(entry.code is not None for entry in after.values())
    await audit(session, act.actor, facts.school.id, act.at, *_audited(facts, rows, changed, absent))
    return Recorded(facts, version, absent, tuple(sorted(changed)))


def _was_absent(rows: RollRows, pupil: UUID) -> bool:
    return rows.entries.get(pupil, PRESENT).code is not None


def _audited(facts: LessonFacts, rows: RollRows, changed: Mapping[UUID, Entry], absent: int) -> Sequence[Change]:
    called = Change("attendance.roll", f"lesson/{facts.id}", None, {"absent": absent})
    entries = (
        Change(
            "attendance.record",
            f"lesson/{facts.id}/{pupil}",
            rows.entries.get(pupil, PRESENT).said(),
            entry.said(),
        )
        for pupil, entry in sorted(changed.items())
    )
    return called, *entries


def _as_it_stands(facts: LessonFacts, rows: RollRows) -> Recorded:
    return Recorded(facts, rows.version, rows.absent, ())
