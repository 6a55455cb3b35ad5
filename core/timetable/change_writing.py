"""A change of the timetable on its way in, or out again: judged whole, stored, its lessons made anew, its news told.

Changes of one school wait for each other: of two that are free of clashes alone, together they may not be.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.actor import Act
from core.plan import open_years
from core.refusals import Conflict
from core.school.schools import SchoolCard
from core.timetable import change_documents, dated, held_lessons, reading, telling
from core.timetable.dated import Late, Made
from core.timetable.reading import YearRead
from core.timetable.telling import Day
from core.timetable.timetable_tables import TimetableChange
from core.year.changes import Change, DayAct, LessonChange, LessonKey, Move
from core.year.clashes import Clash, ClashKind, clashes
from core.year.planned import PlannedLesson, corrected, demand_bell, planned_lessons
from core.year.span import Span
from core.year.words import day_words

type Lessons = Mapping[LessonKey, PlannedLesson]
_NEXT = timedelta(days=1)


class TimetableClash(Conflict):
    """A change would have somebody or something be in two places at once; ``clashes`` are all the pairs of lessons.

    Each is put into a sentence by ``core.year.clashes.describe`` with ``names`` and ``zone``; the refusal itself names
    the first.
    """

    def __init__(self, found: Sequence[Clash], names: Mapping[UUID, str], zone: str) -> None:
        one = found[0]
        super().__init__(
            "timetable-clash",
            kind=one.kind.value,
            thing=names[one.thing],
            day=day_words(one.second.day),
            first=_shown(one.first, names, zone),
            second=_shown(one.second, names, zone),
            more=len(found) - 1,
        )
        self.clashes = tuple(found)
        self.names = names
        self.zone = zone


@dataclass(frozen=True, slots=True)
class Ground:
    """A school year as it stands, while nobody else changes its timetable."""

    school: SchoolCard
    year: int
    rows: tuple[TimetableChange, ...]
    """Changes in force, in the order in which they were made."""
    read: YearRead

    @property
    def changes(self) -> tuple[Change, ...]:
        """The same changes as values."""
        return self.read.changes

    def without(self, gone: Collection[UUID]) -> tuple[Change, ...]:
        """Return the changes but for those of some rows."""
        return tuple(change for row, change in zip(self.rows, self.changes, strict=True) if row.id not in gone)

    def of_lesson(self, key: LessonKey) -> tuple[tuple[TimetableChange, LessonChange], ...]:
        """Return the changes of one lesson with their rows."""
        found = zip(self.rows, self.changes, strict=True)
        return tuple((row, one) for row, one in found if not isinstance(one, DayAct) and (one.slot, one.day) == key)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a change makes of the lessons of the days that it concerns."""

    changes: tuple[Change, ...]
    """All those that are in force after it."""
    spans: tuple[Span, ...]
    before: Lessons
    after: Lessons
    held: frozenset[LessonKey]
    """Those that were held; they stand in ``before`` as they were, and in ``after`` too but for what was put right."""
    kept: frozenset[LessonKey]
    """Those of them that would be others now, had they not been held."""
    differing: frozenset[LessonKey] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "differing", _differing(self.before, self.after))

    @property
    def concerned(self) -> frozenset[Day]:
        """Whose timetables are others than before, and on which days."""
        sides = (lessons[key] for lessons in (self.before, self.after) for key in self.differing if key in lessons)
        return frozenset((one.slot.learners.id, day) for one in sides for day in (one.planned_day, one.day))


async def ground(session: AsyncSession, school: SchoolCard, year: int) -> Ground:
    """Read a year for changing it, and keep others from changing the school's timetable until the transaction ends.

    Raises ``Conflict``: the year is closed (YEAR-28).
    """
    await dated.hold(session, school.id)
    await open_years.demand(session, school.id, year)
    found = await session.execute(
        select(TimetableChange)
        .where(
            TimetableChange.school_id == school.id,
            TimetableChange.year == year,
            TimetableChange.withdrawn_at.is_(None),
        )
        .order_by(TimetableChange.seq)
        .execution_options(populate_existing=True)
    )
    rows = tuple(found.scalars())
    read = await reading.read_year(session, school, year)
    return Ground(school, year, rows, replace(read, changes=change_documents.read(rows)))


async def turn(
    session: AsyncSession, at: Ground, changes: Sequence[Change], days: Collection[date], of: LessonKey | None = None
) -> Turn:
    """Work out what lessons become on these days if these changes are those in force; nobody writes of them meanwhile.

    A lesson that either list of changes moves to or from one of the days is looked at on both. ``of`` names the lesson
    that is changed: if it was held, its teacher and its room follow. Raises ``Invalid`` as ``planned_lessons`` does,
    and if one is moved now to a number without a bell.
    """
    moves = [one for one in (*at.changes, *changes) if isinstance(one, Move)]
    far = {one.to for one in moves if one.day in days}
    for one in moves:
        if one not in at.changes:
            demand_bell(at.read.plan, changes, one)
    spans = tuple(_spans({*days, *far}))
    before, after = (_lessons(at.read, wanted, spans) for wanted in (at.changes, changes))
    others = _differing(before, after)
    await held_lessons.lock_those(session, others, of)
    stand = await held_lessons.standing(session, at.school.id, spans, at.read.plan.slots)
    now = {} if of is None or of not in stand else {of: corrected(stand[of], at.changes, changes)}
    held = frozenset(stand)
    return Turn(tuple(changes), spans, {**before, **stand}, {**after, **stand, **now}, held, held & others)


def lesson_by(at: Ground, changes: Sequence[Change], key: LessonKey, day: date) -> PlannedLesson | None:
    """Return what a lesson would be on a day if these changes were those in force; None if it is not there."""
    return _lessons(at.read, changes, (Span(day, day),)).get(key)


async def demand_no_new_clash(
    session: AsyncSession, at: Ground, made: Turn, apart: Collection[LessonKey] = frozenset()
) -> None:
    """Raise ``TimetableClash`` if there is a clash that was not there before; lessons ``apart`` are not asked."""
    whole = Span(made.spans[0].first, made.spans[-1].last)
    lists = await reading.memberships(session, at.school.id, whole)
    rooms = at.read.shared_rooms
    before, after = ([one for one in lessons.values() if one.key not in apart] for lessons in (made.before, made.after))
    known = {_identity(one) for one in clashes(before, lists, rooms)}
    new = [one for one in clashes(after, lists, rooms) if _identity(one) not in known]
    if new:
        things = {thing for one in new for thing in (one.thing, one.first.subject, one.second.subject)}
        raise TimetableClash(new, await reading.names_of(session, sorted(things)), at.school.zone)


async def carry_out(session: AsyncSession, act: Act, at: Ground, made: Turn, also: Collection[LessonKey]) -> Made:
    """Make the lessons what the changes say, and tell whoever listens; the rows of the changes are written already.

    Lessons in ``also`` follow though they have begun.
    """
    read = replace(at.read, changes=made.changes)
    late = Late(frozenset(also), {key: made.after[key] for key in also if key in made.held})
    parts = [await dated.write(session, at.school, read, span, act.at, late) for span in made.spans]
    await telling.tell(session, at.school, read, made.concerned, act.at)
    done = Made(*(tuple(one for part in parts for one in getattr(part, name)) for name in Made.__slots__))
    await dated.follow(session, at.school, done, act.at)
    return done


def right_to(kind: str) -> Right:
    """Return the right to make changes of a kind, to take them back, and to know why they were made."""
    return Right.SUBSTITUTION_RECORD if kind == change_documents.SUBSTITUTION else Right.TIMETABLE_SET


def row_of(act: Act, at: Ground, change: Change, identity: UUID, why: str) -> TimetableChange:
    """Make the row of a change."""
    written = change_documents.write(change)
    return TimetableChange(
        id=identity,
        school_id=at.school.id,
        year=at.year,
        kind=written.kind,
        slot_id=written.slot_id,
        first=written.first,
        last=written.last,
        data=written.data,
        why=why,
        made_by=act.actor.person,
        made_at=act.at,
    )


def withdraw(rows: Collection[TimetableChange], act: Act) -> None:
    """Mark rows as withdrawn by this act."""
    for row in rows:
        row.withdrawn_by, row.withdrawn_at = act.actor.person, act.at


def _differing(before: Lessons, after: Lessons) -> frozenset[LessonKey]:
    return frozenset(key for key in {*before, *after} if before.get(key) != after.get(key))


def _lessons(read: YearRead, changes: Sequence[Change], spans: Sequence[Span]) -> Lessons:
    made = (lesson for span in spans for lesson in planned_lessons(read.plan, changes, span))
    return {lesson.key: lesson for lesson in made}


def _spans(days: Collection[date]) -> Iterator[Span]:
    """Yield days as spans, those that follow each other together."""
    first = last = None
    for day in sorted(days):
        if first is None or last is None:
            first = last = day
        elif day == last + _NEXT:
            last = day
        else:
            yield Span(first, last)
            first = last = day
    if first is not None and last is not None:
        yield Span(first, last)


def _identity(clash: Clash) -> tuple[ClashKind, UUID | None, frozenset[LessonKey]]:
    """Name a clash; of pupils who are in two groups at once any of them may be the one that it names."""
    thing = None if clash.kind is ClashKind.PUPIL else clash.thing
    return clash.kind, thing, frozenset((clash.first.key, clash.second.key))


def _shown(lesson: PlannedLesson, names: Mapping[UUID, str], zone: str) -> str:
    clock = [f"{at.astimezone(ZoneInfo(zone)):%H:%M}" for at in (lesson.starts_at, lesson.ends_at)]
    return f"{names[lesson.subject]}, {lesson.slot.learners.title} ({'–'.join(clock)})"
