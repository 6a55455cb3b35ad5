"""The roll of a school event or an excursion: who of its classes was not there (ATT-18).

One event has one roll, called class by class: the administration calls it for all classes at once, a class teacher for
his own. Of a class whose roll was not called nothing is known, and nobody of it counts as present. On the list is
whoever learned in the event's classes on its first day, whatever the form of education, as the event was told to them.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right, Thing
from core.actor import Act, Actor
from core.journal import Change, audit, first_time
from core.learning import expected, journal_locks
from core.learning.absence_codes import code_of
from core.learning.attendance_tables import EventAbsence, EventRoll
from core.learning.expected import Expected
from core.movement import closing, enrolments
from core.movement.movement_tables import Enrolment
from core.person.class_titles import title_order
from core.person.people import name_of
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rights import Facts
from core.russian import FullName
from core.school import school_rules
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Person, SchoolClass
from core.timetable.timetable_tables import SchoolEvent
from core.year.words import day_words

type Wanted = Mapping[UUID, str | None]
"""Entries to make: a code, or None for present."""

_CALLING = (Right.ATTENDANCE_RECORD, Right.ABSENCE_CONFIRM)
"""Whoever has one of these of a class calls its roll: at an event there is no lesson's teacher, but its own."""
_LOOKING = (*_CALLING, Right.ABSENCES_VIEW)
_ROLL, _ENTRY = "event.roll", "event.absence"


@dataclass(frozen=True, slots=True)
class ClassAtEvent:
    """A class that takes part, as far as whoever asks may see it."""

    id: UUID
    title: str
    called: bool


@dataclass(frozen=True, slots=True)
class PupilAtEvent:
    """One line of the roll."""

    id: UUID
    name: FullName
    class_id: UUID | None
    """None: by an order that came later he was in none of the event's classes; he stands here while he has an entry."""
    code: str | None
    """None: present, if the roll of his class was called."""
    expected: Expected | None


@dataclass(frozen=True, slots=True)
class RollOfEvent:
    """The roll of an event, of the classes that whoever asks may see, each in the order of its list."""

    event: UUID
    title: str
    day: date
    version: int
    """0 while it has not been called for any class."""
    classes: tuple[ClassAtEvent, ...]
    pupils: tuple[PupilAtEvent, ...]


@dataclass(frozen=True, slots=True)
class EventRecorded:
    """What a command changed."""

    event: UUID
    version: int
    absent: int
    """Absent pupils of the classes that it was about, as the roll stands now."""
    changed: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class _Learner:
    id: UUID
    name: FullName
    class_id: UUID | None


@dataclass(frozen=True, slots=True)
class _Part:
    """The classes of an event that somebody may look at, or call."""

    event: SchoolEvent
    school: SchoolCard
    day: date
    classes: Mapping[UUID, str]
    """Titles, in their order."""
    is_whole: bool
    """Whether these are all classes of the event."""
    learners: tuple[_Learner, ...] = ()
    version: int = 0
    """Of the roll, once it was raised."""

    @property
    def pupils(self) -> Mapping[UUID, UUID | None]:
        """Return whoever is on the list, with his class."""
        return {one.id: one.class_id for one in self.learners}

    def key(self, class_id: UUID) -> str:
        """Return the name of the class's part of the roll in the audit."""
        return f"school-event/{self.event.id}/class/{class_id}"


async def roll(session: AsyncSession, actor: Actor, event_id: UUID, now: datetime) -> RollOfEvent:
    """Read the roll of an event. Raises ``NotFound``, ``Forbidden``."""
    part = await _with_learners(session, await _part(session, actor, event_id, now, _LOOKING))
    codes = await _codes(session, part)
    rules = await school_rules.of_school(session, part.school.id)
    known = await expected.of_day(session, part.pupils, part.day, None, rules.absence_codes)
    called, head = await _called(session, part), await session.get(EventRoll, event_id, populate_existing=True)
    return RollOfEvent(
        event_id,
        part.event.title,
        part.day,
        0 if head is None else head.version,
        tuple(ClassAtEvent(one, title, one in called) for one, title in part.classes.items()),
        tuple(
            PupilAtEvent(one.id, one.name, one.class_id, codes.get(one.id), known.get(one.id)) for one in part.learners
        ),
    )


async def record(
    session: AsyncSession,
    act: Act,
    event_id: UUID,
    absent: Mapping[UUID, str],
    *,
    of: UUID | None = None,
    version: int | None = None,
) -> EventRecorded:
    """Call the roll: whoever is not in ``absent`` was there. Of class ``of``, or of all that whoever calls may.

    ``act.key`` makes a repeat harmless; calling again replaces, and only what differs is changed. ``version`` is of the
    roll that he saw. Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a pupil of none of these classes, an unknown
    code, an event of a day to come), or ``Conflict``: called off, changed meanwhile, the year is closed.
    """
    part = await _for_writing(session, act, event_id, of)
    entries = await _checked(session, part, absent)
    if not await first_time(session, act.key, act.at):
        return await _as_it_stands(session, part)
    part = replace(part, version=await _raise_roll(session, act, part, version, calls=True))
    current = await _codes(session, part)
    wanted: Wanted = {pupil: entries.get(pupil) for pupil in current.keys() | entries.keys()}
    return await _change(session, act, part, current, wanted, calls=True)


async def correct(
    session: AsyncSession, act: Act, event_id: UUID, entries: Wanted, *, version: int | None = None
) -> EventRecorded:
    """Correct single entries; a code of None means that the pupil was there after all.

    Raises as ``record`` does, and ``Conflict`` where the roll of one of these pupils' classes was not called.
    """
    part = await _for_writing(session, act, event_id, None)
    wanted = await _checked(session, part, entries)
    if not await first_time(session, act.key, act.at):
        return await _as_it_stands(session, part)
    part = replace(part, version=await _raise_roll(session, act, part, version))
    called = await _called(session, part)
    touched = {part.pupils[pupil] for pupil in wanted}
    uncalled = [title for one, title in part.classes.items() if one in touched and one not in called]
    if uncalled:
        raise Conflict("event-roll-not-called", classes=", ".join(uncalled))
    return await _change(session, act, part, await _codes(session, part), wanted)


async def _part(
    session: AsyncSession, actor: Actor, event_id: UUID, now: datetime, opened_by: Collection[Right]
) -> _Part:
    """Read an event and those of its classes that one of these rights opens to the actor. Locks nothing."""
    event = await session.get(SchoolEvent, event_id)
    if event is None:
        raise NotFound("event-unknown")
    facts = await rights.of_school(session, actor, event.school_id, now)
    school = facts.of_school
    day = school_date(event.starts_at, school.zone)
    classes = await _classes(session, event, day)
    found = len(classes)
    if not any(facts.may_throughout(right) for right in opened_by):
        classes = [one for one in classes if await _is_open(session, actor, facts, one, now, opened_by)]
        if not classes:
            raise Forbidden("event-class-not-yours")
    return _Part(event, school, day, {one.id: one.title for one in classes}, len(classes) == found)


async def _classes(session: AsyncSession, event: SchoolEvent, day: date) -> list[SchoolClass]:
    """List the classes of an event; of the school's those in which anybody learned on its day."""
    query = select(SchoolClass).where(SchoolClass.school_id == event.school_id)
    if event.classes is not None:
        query = query.where(SchoolClass.id.in_(event.classes))
    else:
        there = select(Enrolment.class_id).where(enrolments.in_force_on(day))
        query = query.where(SchoolClass.id.in_(there))
    return sorted((await session.execute(query)).scalars(), key=lambda one: title_order(one.title))


async def _is_open(
    session: AsyncSession, actor: Actor, facts: Facts, one: SchoolClass, now: datetime, opened_by: Collection[Right]
) -> bool:
    """Tell whether one of these rights reaches to a class. Nothing is read of classes that cannot be the actor's."""
    led = {held.school_class for held in facts.standing.held}
    if one.class_teacher_id != facts.standing.person and one.id not in led:
        return False
    thing = Thing(school=one.school_id, school_class=one.id, class_teacher=one.class_teacher_id)
    his = await rights.facts_of(session, actor, facts.of_school, now, thing)
    return any(his.may(right) for right in opened_by)


async def _for_writing(session: AsyncSession, act: Act, event_id: UUID, only: UUID | None) -> _Part:
    """Return what may be called, with the event kept as it is until the commit."""
    part = await _part(session, act.actor, event_id, act.at, _CALLING)
    if only is not None:
        if only not in part.classes:
            raise Forbidden("event-class-not-yours")
        part = replace(part, classes={only: part.classes[only]}, is_whole=len(part.classes) == 1 and part.is_whole)
    seen = part.event.version
    await closing.demand_open(session, part.school.id, part.day)
    await session.refresh(part.event, with_for_update={"read": True})
    if part.event.version != seen:
        raise Conflict("event-roll-changed")
    if part.event.withdrawn:
        raise Conflict("event-withdrawn")
    if school_date(act.at, part.school.zone) < part.day:
        raise Invalid("event-roll-early", day=day_words(part.day))
    await journal_locks.demand_day_open(session, act, part.school, part.day)
    return await _with_learners(session, part)


async def _with_learners(session: AsyncSession, part: _Part) -> _Part:
    """List whoever learned in these classes on the day, class by class; behind them who has an entry all the same.

    By an order that came later he may have been in none of the event's classes: his entry must not be out of reach.
    """
    in_order = (Person.sort_key, Person.birth_date, Person.id)
    there = enrolments.in_force_on(part.day)
    rows = await session.execute(
        select(Person, Enrolment.class_id)
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .where(Enrolment.class_id.in_(part.classes), there)
        .order_by(*in_order)
    )
    found = [_Learner(person.id, name_of(person), class_id) for person, class_id in rows]
    places = {class_id: place for place, class_id in enumerate(part.classes)}
    found.sort(key=lambda one: len(places) if one.class_id is None else places[one.class_id])
    if part.is_whole:
        entered = select(Person).join(EventAbsence, EventAbsence.pupil_id == Person.id)
        others = entered.where(EventAbsence.event_id == part.event.id, Person.id.not_in([one.id for one in found]))
        more = (await session.execute(others.order_by(*in_order))).scalars()
        found += [_Learner(person.id, name_of(person), None) for person in more]
    return replace(part, learners=tuple(found))


async def _checked(session: AsyncSession, part: _Part, entries: Wanted) -> dict[UUID, str | None]:
    """Return the entries in the letters of the school's table. Raises ``Invalid`` for strangers and unknown codes."""
    if not entries.keys() <= part.pupils.keys():
        raise Invalid("event-pupil-elsewhere")
    rules = await school_rules.of_school(session, part.school.id)
    known: dict[UUID, str | None] = {}
    for pupil, written in entries.items():
        code = None if written is None else code_of(rules, written)
        if written is not None and code is None:
            raise Invalid("absence-code-unknown", code=written)
        known[pupil] = None if code is None else code.code
    return known


async def _raise_roll(session: AsyncSession, act: Act, part: _Part, seen: int | None, *, calls: bool = False) -> int:
    """Lock the roll and raise its version: whoever calls it for another class at once waits here."""
    statement = (
        insert(EventRoll)
        .values(event_id=part.event.id, recorded_by=act.actor.person, recorded_at=act.at, version=1)
        .on_conflict_do_update(
            index_elements=["event_id"],
            set_={"version": EventRoll.version + 1, "recorded_by": act.actor.person, "recorded_at": act.at},
        )
        .returning(EventRoll)
    )
    head = (await session.execute(statement, execution_options={"populate_existing": True})).scalar_one()
    if seen is not None and seen != head.version - 1:
        raise Conflict("event-roll-changed")
    if calls:
        head.classes = sorted({*head.classes, *part.classes})
        await session.flush()
    return head.version


async def _change(
    session: AsyncSession,
    act: Act,
    part: _Part,
    current: Mapping[UUID, str],
    wanted: Wanted,
    *,
    calls: bool = False,
) -> EventRecorded:
    """Write what differs; ``calls`` says that the roll of all these classes is called by it."""
    changed = {pupil: code for pupil, code in sorted(wanted.items()) if code != current.get(pupil)}
    await _write_entries(session, act, part.event.id, changed)
    absent = [pupil for pupil, code in ({**current, **changed}).items() if code is not None]
    of_class = Counter(part.pupils[pupil] for pupil in absent)
    changes = [
        *(Change(_ROLL, part.key(one), None, {"absent": of_class[one]}) for one in part.classes if calls),
        *(
            Change(_ENTRY, f"school-event/{part.event.id}/{pupil}", {"code": current.get(pupil)}, {"code": code})
            for pupil, code in changed.items()
        ),
    ]
    await audit(session, act.actor, part.school.id, act.at, *changes)
    return EventRecorded(part.event.id, part.version, len(absent), tuple(changed))


async def _write_entries(session: AsyncSession, act: Act, event_id: UUID, changed: Wanted) -> None:
    gone = [pupil for pupil, code in changed.items() if code is None]
    if gone:
        of_event = EventAbsence.event_id == event_id
        await session.execute(delete(EventAbsence).where(of_event, EventAbsence.pupil_id.in_(gone)))
    by = {"event_id": event_id, "recorded_by": act.actor.person, "recorded_at": act.at}
    rows = [{**by, "pupil_id": pupil, "code": code} for pupil, code in changed.items() if code is not None]
    if rows:
        put = insert(EventAbsence)
        said = {name: put.excluded[name] for name in ("code", "recorded_by", "recorded_at")}
        await session.execute(put.on_conflict_do_update(index_elements=["event_id", "pupil_id"], set_=said), rows)


async def _codes(session: AsyncSession, part: _Part) -> dict[UUID, str]:
    rows = await session.execute(
        select(EventAbsence.pupil_id, EventAbsence.code).where(
            EventAbsence.event_id == part.event.id, EventAbsence.pupil_id.in_(part.pupils)
        )
    )
    return dict(rows.all())


async def _called(session: AsyncSession, part: _Part) -> frozenset[UUID]:
    """Return of which of these classes the roll was called."""
    head = await session.get(EventRoll, part.event.id, populate_existing=True)
    return frozenset() if head is None else frozenset(head.classes) & part.classes.keys()


async def _as_it_stands(session: AsyncSession, part: _Part) -> EventRecorded:
    head = await session.get(EventRoll, part.event.id, populate_existing=True)
    codes = await _codes(session, part)
    return EventRecorded(part.event.id, 0 if head is None else head.version, len(codes), ())
