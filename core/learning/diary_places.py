"""Where a pupil learns in a week: his class, his groups and his own lessons by date, and the timetable of these.

A week with 1 September in it is of two school years: each of its days goes by the year and the class of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning import lesson_learners
from core.movement.movement_tables import Enrolment
from core.plan.plan_tables import GroupClass, GroupMember, StudyGroup
from core.school.schools import SchoolCard
from core.school_time import school_year_start
from core.tables import Pupil, SchoolClass
from core.timetable import reading
from core.timetable.reading import YearRead
from core.year.changes import Move, Substitution
from core.year.span import Span
from core.year.weekly import LearnersKind

_DAY = timedelta(days=1)
_DAYS = timedelta(days=6)

type Times = tuple[tuple[date, date | None], ...]
"""From when to when; None: still."""


@dataclass(frozen=True, slots=True)
class Schooling:
    """That the pupil is enrolled in a class from one day to another."""

    class_id: UUID
    year: int
    """Of the class."""
    grade: int
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Places:
    """Where a pupil learns: with whom, from when to when, and the timetable of these."""

    pupil: UUID
    schooling: tuple[Schooling, ...]
    """Whatever the form of education."""
    times: Mapping[UUID, Times]
    """Of whose lessons he has, by class, group, or himself: whoever is taught apart has none of a class (YEAR-30)."""
    years: Mapping[int, YearRead]
    """By school year, those of the days of the week."""

    @property
    def learners(self) -> tuple[UUID, ...]:
        """Return the classes and groups whose lessons he has, and himself."""
        return tuple(self.times)

    def has(self, learners: UUID | None, day: date) -> bool:
        """Tell whether he has the lessons of these learners on a day."""
        times = self.times.get(learners, ()) if learners is not None else ()
        return any(since <= day and (until is None or day <= until) for since, until in times)

    def on(self, day: date) -> Schooling | None:
        """Return where he is enrolled on a day."""
        held = (one for one in self.schooling if one.since <= day and (one.until is None or day <= one.until))
        return next(held, None)

    def year_of(self, day: date) -> YearRead:
        """Return the school year of a day of the week."""
        return self.years[school_year_start(day).year]

    def by_years(self, span: Span) -> tuple[tuple[Span, YearRead], ...]:
        """Divide days of the week into school years."""
        found = []
        for year, read in self.years.items():
            first, last = max(span.first, date(year, 9, 1)), min(span.last, date(year + 1, 8, 31))
            if first <= last:
                found.append((Span(first, last), read))
        return tuple(found)


async def of_pupil(session: AsyncSession, pupil: UUID, school: SchoolCard, monday: date) -> Places:
    """Read where the pupil learned in the week by date: his classes, his groups, his own lessons."""
    week = Span(monday, monday + _DAYS)
    schooling, apart_since = await _schooling(session, pupil, week)
    times: dict[UUID, Times] = {}
    for one in schooling:
        times[one.class_id] = (*times.get(one.class_id, ()), (one.since, one.until))
    groups = await session.execute(
        select(GroupMember.group_id, GroupMember.since, GroupMember.until).where(
            GroupMember.pupil_id == pupil, _within(GroupMember.since, GroupMember.until, week)
        )
    )
    for group, since, until in groups:
        times[group] = (*times.get(group, ()), (since, until))
    combined = await session.execute(
        select(GroupClass.group_id, GroupClass.class_id)
        .join(StudyGroup, StudyGroup.id == GroupClass.group_id)
        .where(StudyGroup.kind == LearnersKind.COMBINED.value, GroupClass.class_id.in_(times))
    )
    for group, class_id in combined.all():
        times[group] = (*times.get(group, ()), *times[class_id])
    together = {one: _before(held, apart_since) for one, held in times.items()}
    lessons: dict[UUID, Times] = {pupil: ((date.min, None),)} | {one: held for one, held in together.items() if held}
    of_days = sorted({school_year_start(day).year for day in (week.first, week.last)})
    years = {year: await reading.read_year(session, school, year, sorted(lessons)) for year in of_days}
    return Places(pupil, schooling, lessons, years)


async def _schooling(session: AsyncSession, pupil: UUID, week: Span) -> tuple[tuple[Schooling, ...], date | None]:
    """Read the pupil's classes of a week, and since when he is taught apart from any; None: he is not."""
    rows = await session.execute(
        select(Enrolment, SchoolClass.year, SchoolClass.grade, Pupil.education_form, Pupil.form_since)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .join(Pupil, Pupil.person_id == Enrolment.pupil_id)
        .where(Enrolment.pupil_id == pupil, _within(Enrolment.since, Enrolment.until, week))
        .order_by(Enrolment.since)
    )
    found, apart_since = [], None
    for one, year, grade, form, since in rows:
        found.append(Schooling(one.class_id, year, grade, one.since, one.until))
        apart_since = lesson_learners.apart_since(form, since)
    return tuple(found), apart_since


def _within(since: Any, until: Any, span: Span) -> ColumnElement[bool]:
    return and_(since <= span.last, or_(until.is_(None), until >= span.first))


def _before(times: Times, day: date | None) -> Times:
    """Leave of times what lies before a day; None: all of it."""
    if day is None:
        return times
    last = day - _DAY if day > date.min else day
    return tuple((since, last if until is None else min(until, last)) for since, until in times if since < day)


async def names(session: AsyncSession, places: Places) -> Mapping[UUID, str]:
    """Read what subjects, teachers and rooms of these slots and their changes are called."""
    slots = [slot for read in places.years.values() for slot in read.plan.slots]
    things = {one for slot in slots for one in (slot.subject, slot.teacher, slot.room) if one is not None}
    mine = {slot.id for slot in slots}
    for change in (one for read in places.years.values() for one in read.changes):
        if isinstance(change, (Substitution, Move)) and change.slot in mine:
            named = (change.room, *((change.teacher, change.subject) if isinstance(change, Substitution) else ()))
            things |= {one for one in named if one is not None}
    return await reading.names_of(session, sorted(things))
