"""Clashes that come from the side: of bells, rooms and groups, which move no lesson by name and yet many at once.

Whoever changes one of them looks at the year before and after it: what clashes only afterwards is refused. Lessons that
have no bell yet have no hours, and clash with nobody: whoever sets the bells is asked then.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.refusals import Invalid
from core.school.schools import SchoolCard
from core.timetable import reading
from core.timetable.change_writing import TimetableClash
from core.timetable.reading import YearRead
from core.year.bells import BellSchedule
from core.year.changes import LessonKey
from core.year.clashes import Clash, ClashKind, clashes
from core.year.membership import Membership
from core.year.planned import PlannedLesson, planned_lessons
from core.year.span import Span


@dataclass(frozen=True, slots=True)
class Look:
    """The rest of a school year, as it is or as it would be."""

    school: SchoolCard
    read: YearRead
    span: Span | None
    """The days looked at; None: the year is over."""
    lists: tuple[Membership, ...]

    def ringing(self, bells: Sequence[BellSchedule]) -> "Look":
        """Return the same year with other bells."""
        return replace(self, read=replace(self.read, plan=replace(self.read.plan, bells=tuple(bells))))

    def unshared(self, room: UUID) -> "Look":
        """Return the same year with a room that holds one lesson at a time."""
        return replace(self, read=replace(self.read, shared_rooms=self.read.shared_rooms - {room}))

    def of_pupil(self, pupil: UUID) -> "Look":
        """Return the same year as if nobody else learned in it."""
        return replace(self, lists=tuple(one for one in self.lists if one.pupil == pupil))

    def clashes(self) -> tuple[Clash, ...]:
        """Find what clashes."""
        return clashes(self._lessons(), self.lists, self.read.shared_rooms)

    def _lessons(self) -> tuple[PlannedLesson, ...]:
        if self.span is None:
            return ()
        try:
            return planned_lessons(self.read.plan, self.read.changes, self.span)
        except Invalid:  # a lesson without a bell: no lesson of the year can be dated, as the module says
            return ()


async def look(
    session: AsyncSession, school: SchoolCard, year: int, today: date, learners: Collection[UUID] | None = None
) -> Look:
    """Read a year from ``today`` on; with ``learners``, only lessons of these classes, groups and pupils.

    The caller keeps others from changing the timetable (``dated.hold``).
    """
    read = await reading.read_year(session, school, year, learners)
    whole = read.plan.calendar.span
    if today > whole.last:
        return Look(school, read, None, ())
    span = Span(max(today, whole.first), whole.last)
    return Look(school, read, span, await reading.memberships(session, school.id, span))


async def demand_no_new(session: AsyncSession, before: Look, after: Look) -> None:
    """Raise ``TimetableClash`` for everything that clashes only after a change."""
    await _refuse(session, after, tuple(_new(before, after)))


async def demand_pupils_free(session: AsyncSession, before: Look, after: Look, pupils: Iterable[UUID]) -> None:
    """Raise ``TimetableClash`` if one of these pupils is to be at two lessons at once, and was not before."""
    if not any(one.kind is ClashKind.PUPIL for one in after.clashes()):
        return
    found = [clash for one in sorted(pupils) for clash in _new(before.of_pupil(one), after.of_pupil(one))]
    await _refuse(session, after, tuple(one for one in found if one.kind is ClashKind.PUPIL))


def _new(before: Look, after: Look) -> Iterator[Clash]:
    found = after.clashes()
    known = {_identity(one) for one in before.clashes()} if found else frozenset()
    return (one for one in found if _identity(one) not in known)


async def _refuse(session: AsyncSession, after: Look, found: Sequence[Clash]) -> None:
    if found:
        things = {thing for one in found for thing in (one.thing, one.first.subject, one.second.subject)}
        raise TimetableClash(found, await reading.names_of(session, sorted(things)), after.school.zone)


def _identity(clash: Clash) -> tuple[ClashKind, UUID | None, frozenset[LessonKey]]:
    """Name a clash; of pupils who are in two groups at once any of them may be the one that it names."""
    thing = None if clash.kind is ClashKind.PUPIL else clash.thing
    return clash.kind, thing, frozenset((clash.first.key, clash.second.key))
