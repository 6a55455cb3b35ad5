"""The timetable that an undo leaves: judged as that of an import is, and told to whoever was told of what it takes.

Lessons of weekly places that an import brought go with them; they are held before anybody looks whether something is
written of them, as planning does, so that whoever writes at this moment is waited for, and then seen.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import Select, Uuid, any_, func, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from core.lists.book import SlotKey
from core.lists.clashing import Clashing, rings
from core.lists.clashing import TimetableClash as ListClash
from core.lists.depending import Because, Reason
from core.lists.difference import Entry, Kind, What
from core.lists.slots import key_of, key_of_entry
from core.lists.work import GROUPS, Work, about
from core.plan.plan_tables import Room, StudyGroup
from core.school.schools import SchoolCard
from core.tables import Lesson, Slot
from core.timetable import dated, reading, side_clashes, telling
from core.timetable.change_writing import TimetableClash
from core.timetable.reading import YearRead
from core.timetable.side_clashes import Look
from core.timetable.telling import Day
from core.timetable.timetable_tables import TimetableDay
from core.year.clashes import once_a_week
from core.year.span import Span


@dataclass(frozen=True, slots=True)
class Former:
    """A year as it stood before an undo."""

    look: Look
    told: frozenset[Day]
    """Days of which somebody was told, and from which lessons go."""

    @property
    def year(self) -> int:
        """Its first calendar year."""
        return self.look.read.plan.calendar.year


async def hold(work: Work, year: int, entries: Sequence[Entry]) -> Former | None:
    """Hold the lessons that go with these entries of an import; None: nothing of them is of a timetable.

    The school's row and the year's are held already: they come before lessons, as for whoever makes lessons anew.
    """
    keys = {key_of_entry(entry) for entry in about(entries, What.SLOT) if entry.kind is Kind.NEW}
    if not about(entries, What.SLOT) and not any(GROUPS in (one.before or {}) for one in about(entries, What.PUPIL)):
        return None
    there = (await work.session.execute(_at(work.school, keys))).scalars().all() if keys else ()
    days = await _held(work.session, [row.id for row in there if key_of(row) in keys])
    look = await side_clashes.look(work.session, work.school, year, work.today)
    return Former(look, await _told(work.session, days))


async def judge(work: Work, former: Former, entries: Sequence[Entry]) -> tuple[tuple[Reason, ...], Clashing]:
    """Look through the year as the undo has left it; what was so before is not its doing."""
    look = await side_clashes.look(work.session, work.school, former.year, work.today)
    closed = await _closed(work, look.read, entries)
    try:
        await side_clashes.demand_no_new(work.session, former.look, look)
    except TimetableClash as clash:
        seen = tuple(ListClash(one, times, None, None) for one, times in once_a_week(clash.clashes))
        return closed, Clashing(seen, names=clash.names)
    return closed, Clashing()


async def _closed(work: Work, read: YearRead, entries: Sequence[Entry]) -> tuple[Reason, ...]:
    """Name the weekly lessons put back into what is closed since: a room, a group, a number that has no bell now."""
    keys = {key_of_entry(entry) for entry in about(entries, What.SLOT) if entry.kind is Kind.CHANGED}
    if not keys:
        return ()
    mute = {slot.id for slot in read.plan.slots if not rings(read, slot)}
    shut = (
        _at(work.school, keys)
        .outerjoin(Room, Room.id == Slot.room_id)
        .outerjoin(StudyGroup, StudyGroup.id == Slot.group_id)
        .where(
            or_(Room.closed, StudyGroup.closed, Slot.id.in_(mute)), or_(Slot.until.is_(None), Slot.until >= work.today)
        )
    )
    found = sorted(key_of(row) for row in (await work.session.execute(shut)).scalars())
    return tuple(Reason(Because.CLOSED, tuple(str(part) for part in key)) for key in found if key in keys)


async def tell(work: Work, former: Former) -> None:
    """Tell anew the days of which somebody was told, and from which lessons have gone.

    Of those to come the other lessons are made at once what the timetable says: none is told as it will not be held.
    """
    if not former.told:
        return
    session, school, at = work.session, work.school, work.act.at
    read = await reading.read_year(session, school, former.year)
    coming = sorted({day for _, day in former.told if day >= work.today})
    made = [await dated.write(session, school, read, Span(day, day), at) for day in coming]
    concerned = former.told | await _told(session, {day for one in made for day in one.days})
    # Whoever has lost his last weekly place is known by those that have gone.
    there = {slot.id for slot in read.plan.slots}
    slots = (*read.plan.slots, *(slot for slot in former.look.read.plan.slots if slot.id not in there))
    await telling.tell(session, school, replace(read, plan=replace(read.plan, slots=slots)), concerned, at)
    for one in made:
        await dated.follow(session, school, one, at)


def _at(school: SchoolCard, keys: Collection[SlotKey]) -> Select[Slot]:
    """Return the query of the weekly lessons at these places; of other weeks or days, others are there too."""
    by_place = tuple_(func.coalesce(Slot.class_id, Slot.group_id), Slot.weekday, Slot.number)
    places = sorted({key[:3] for key in keys})
    return select(Slot).where(Slot.school_id == school.id, Slot.pupil_id.is_(None), by_place.in_(places))


async def _held(session: AsyncSession, slots: Collection[UUID]) -> frozenset[Day]:
    """Hold the lessons of weekly places; return the days of which they are."""
    query = (
        select(func.coalesce(Lesson.class_id, Lesson.group_id), Lesson.planned_day, Lesson.day)
        .where(Lesson.slot_id == any_(literal(sorted(slots), ARRAY(Uuid))))
        .order_by(Lesson.id)
        .with_for_update()
    )
    rows = await session.execute(query)
    return frozenset((learners, day) for learners, *days in rows.all() for day in days)


async def _told(session: AsyncSession, days: Collection[Day]) -> frozenset[Day]:
    """Choose the days of which something was told."""
    learners = sorted({one for one, _ in days})
    rows = await session.execute(
        select(TimetableDay.learners_id, TimetableDay.day).where(
            TimetableDay.learners_id == any_(literal(learners, ARRAY(Uuid))),
            TimetableDay.day.in_({day for _, day in days}),
        )
    )
    return frozenset(days).intersection((who, day) for who, day in rows)
