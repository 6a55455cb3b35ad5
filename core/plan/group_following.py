"""What follows from a changed list of a group: nobody is at two lessons at once, and who was told is told anew.

A list that grew is looked at for clashes, pupil by pupil. Days of the group's timetable that were told, and control
works of its lessons, have their addressees by name: they are stated anew from today on.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.plan.plan_tables import GroupMember, StudyGroup
from core.school.schools import SchoolCard, card_of
from core.school_time import school_date
from core.tables import Lesson, School, Slot
from core.timetable import control_telling, reading, side_clashes, telling
from core.timetable.side_clashes import Look
from core.timetable.timetable_tables import ControlWork, TimetableDay
from core.year.membership import Membership, Memberships

type Lists = Mapping[UUID, Memberships]
"""The times of pupils in groups."""


@dataclass(frozen=True, slots=True)
class Followed:
    """Changed lists of groups of a school, and what was seen before they changed."""

    act: Act
    school: SchoolCard
    today: date
    before: Lists
    after: Lists
    changed: Mapping[UUID, frozenset[UUID]]
    """By group, the pupils whose times in it are others than before."""
    looks: Mapping[int, Look]
    """By the year of taught groups that somebody joins, or stays in longer."""

    @property
    def pupils(self) -> frozenset[UUID]:
        """Whose times are others than before."""
        return frozenset[UUID]().union(*self.changed.values())

    def differs(self, group: UUID, day: date) -> bool:
        """Tell whether somebody is in the group on the day who was not, or the other way round."""
        pupils = self.changed.get(group, ())
        return any(_is_in(self.before[one], group, day) != _is_in(self.after[one], group, day) for one in pupils)


async def begin(session: AsyncSession, act: Act, school_id: UUID, before: Lists, after: Lists) -> Followed:
    """Look at the timetable before lists are written; the school is held already."""
    school = card_of(await session.get_one(School, school_id))
    changed: dict[UUID, set[UUID]] = defaultdict(set)
    for pupil, held in after.items():
        for one in set(before[pupil]).symmetric_difference(held):
            changed[one.group].add(pupil)
    done = Followed(
        act=act,
        school=school,
        today=school_date(act.at, school.zone),
        before=before,
        after=after,
        changed={group: frozenset(pupils) for group, pupils in changed.items()},
        looks={},
    )
    return replace(done, looks=await _looks(session, done))


async def end(session: AsyncSession, done: Followed) -> None:
    """Look again after the lists were written, and tell. Raises ``TimetableClash``."""
    for year, before in done.looks.items():
        learners = {slot.learners.id for slot in before.read.plan.slots}
        after = await side_clashes.look(session, done.school, year, done.today, learners)
        await side_clashes.demand_pupils_free(session, before, after, done.pupils)
    await _tell_days(session, done)
    await _tell_works(session, done)


async def _looks(session: AsyncSession, done: Followed) -> Mapping[int, Look]:
    joined = {one.group for pupil in done.pupils for one in done.after[pupil] if not _covered(one, done.before[pupil])}
    taught = exists().where(Slot.group_id == StudyGroup.id)
    years = (await session.scalars(select(StudyGroup.year).where(StudyGroup.id.in_(joined), taught).distinct())).all()
    if not years:
        return {}
    lasts = or_(GroupMember.until.is_(None), GroupMember.until >= done.today)
    theirs = select(GroupMember.group_id).where(GroupMember.pupil_id.in_(done.pupils), lasts)
    learners = done.pupils.union(joined, await session.scalars(theirs))
    return {year: await side_clashes.look(session, done.school, year, done.today, learners) for year in years}


async def _tell_days(session: AsyncSession, done: Followed) -> None:
    told = await session.execute(
        select(TimetableDay.learners_id, TimetableDay.day, StudyGroup.year)
        .join(StudyGroup, StudyGroup.id == TimetableDay.learners_id)
        .where(StudyGroup.id.in_(done.changed), TimetableDay.day >= done.today)
    )
    by_year: dict[int, set[telling.Day]] = defaultdict(set)
    for group, day, year in told:
        if done.differs(group, day):
            by_year[year].add((group, day))
    for year, days in by_year.items():
        read = await reading.read_year(session, done.school, year)
        known = {slot.learners.id for slot in read.plan.slots}
        concerned = [one for one in days if one[0] in known]
        await telling.tell(session, done.school, read, concerned, done.act.at)


async def _tell_works(session: AsyncSession, done: Followed) -> None:
    planned = await session.execute(
        select(Lesson.id, Lesson.group_id, Lesson.day)
        .join(ControlWork, ControlWork.lesson_id == Lesson.id)
        .where(Lesson.group_id.in_(done.changed), Lesson.day >= done.today, ControlWork.withdrawn.is_(False))
    )
    concerned = [one for one, group, day in planned if group is not None and done.differs(group, day)]
    await control_telling.follow(session, done.school, concerned, done.act.at)


def _covered(one: Membership, before: Memberships) -> bool:
    """Tell whether each of these days was in a time of the same group."""
    return any(
        there.group == one.group
        and there.since <= one.since
        and (there.until is None or (one.until is not None and one.until <= there.until))
        for there in before
    )


def _is_in(held: Memberships, group: UUID, day: date) -> bool:
    return any(one.group == group and one.holds(day) for one in held)
