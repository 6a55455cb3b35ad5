"""Where a pupil learns in a week: his class, his groups and his own lessons by date, and the timetable of these."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.movement.movement_tables import Enrolment
from core.plan.plan_tables import GroupClass, GroupMember, StudyGroup
from core.school.schools import SchoolCard
from core.school_time import school_year_start
from core.timetable import reading
from core.timetable.reading import YearRead
from core.year.changes import Move, Substitution
from core.year.weekly import LearnersKind

_DAYS = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Places:
    """Where a pupil learns: with whom, from when to when, and the timetable of these."""

    times: Mapping[UUID, tuple[tuple[date, date | None], ...]]
    """By class, group, or himself."""
    read: YearRead

    @property
    def learners(self) -> tuple[UUID, ...]:
        """Return the classes and groups, and himself."""
        return tuple(self.times)

    def has(self, learners: UUID | None, day: date) -> bool:
        """Tell whether he is one of these learners on a day."""
        times = self.times.get(learners, ()) if learners is not None else ()
        return any(since <= day and (until is None or day <= until) for since, until in times)


async def of_pupil(session: AsyncSession, pupil: UUID, school: SchoolCard, monday: date) -> Places:
    """Read where the pupil learned in the week by date: his classes, his groups, his own lessons."""
    days = (monday, monday + _DAYS)
    rows = await session.execute(
        select(Enrolment.class_id, Enrolment.since, Enrolment.until)
        .where(Enrolment.pupil_id == pupil, Enrolment.since <= days[1])
        .where(or_(Enrolment.until.is_(None), Enrolment.until >= days[0]))
        .union_all(
            select(GroupMember.group_id, GroupMember.since, GroupMember.until)
            .where(GroupMember.pupil_id == pupil, GroupMember.since <= days[1])
            .where(or_(GroupMember.until.is_(None), GroupMember.until >= days[0]))
        )
    )
    times: dict[UUID, tuple[tuple[date, date | None], ...]] = {pupil: ((date.min, None),)}
    for learners, since, until in rows:
        times[learners] = (*times.get(learners, ()), (since, until))
    combined = await session.execute(
        select(GroupClass.group_id, GroupClass.class_id)
        .join(StudyGroup, StudyGroup.id == GroupClass.group_id)
        .where(StudyGroup.kind == LearnersKind.COMBINED.value, GroupClass.class_id.in_(times))
    )
    for group, class_id in combined.all():
        times[group] = (*times.get(group, ()), *times[class_id])
    read = await reading.read_year(session, school, school_year_start(monday).year, sorted(times))
    return Places(times, read)


async def names(session: AsyncSession, places: Places) -> Mapping[UUID, str]:
    """Read what subjects, teachers and rooms of these slots and their changes are called."""
    slots = places.read.plan.slots
    things = {one for slot in slots for one in (slot.subject, slot.teacher, slot.room) if one is not None}
    mine = {slot.id for slot in slots}
    for change in places.read.changes:
        if isinstance(change, (Substitution, Move)) and change.slot in mine:
            named = (change.room, *((change.teacher, change.subject) if isinstance(change, Substitution) else ()))
            things |= {one for one in named if one is not None}
    return await reading.names_of(session, sorted(things))
