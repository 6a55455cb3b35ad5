"""What the timetable after an import asks of somebody twice at once: dated over the whole year, as lessons will be.

Only what the import itself brings about is named: what clashed before it is not its doing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time
from types import MappingProxyType
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.lists.book import Book, SlotKey
from core.lists.difference import Difference, Entry, What
from core.lists.slots import FROM_THE_FIRST_DAY, key_of_entry
from core.roster_file import Code, LineError, Place
from core.school.schools import SchoolCard
from core.timetable import reading
from core.timetable.reading import YearRead
from core.year.bells import schedule_for
from core.year.clashes import Clash, clashes, once_a_week
from core.year.planned import planned_lessons
from core.year.span import Hours
from core.year.weekly import ClassPart, Every, Learners, LearnersKind, WeeklySlot

LETTER_FREE = "0123456789"


@dataclass(frozen=True, slots=True)
class TimetableClash:
    """Two weekly lessons that cannot both be held, and the lines that say so."""

    clash: Clash
    """As it comes for the first time in the year."""
    times: int
    """How often it comes."""
    first: Place | None
    """None: no line of the list, but a lesson that the journal has."""
    second: Place | None


@dataclass(frozen=True, slots=True)
class Clashing:
    """Everything of this kind that is wrong with a list."""

    clashes: tuple[TimetableClash, ...] = ()
    problems: tuple[LineError, ...] = ()
    """Lines of lessons that go by bells which the school does not have."""
    names: Mapping[UUID, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def any(self) -> bool:
        """Tell whether there is anything."""
        return bool(self.clashes or self.problems)


async def find(
    session: AsyncSession, school: SchoolCard, book: Book, difference: Difference, places: Mapping[SlotKey, Place]
) -> Clashing:
    """Look through the year as it would be; so many statements whatever the size of the school."""
    touched = {key_of_entry(entry): entry for entry in difference.of(What.SLOT)}
    if not touched:
        return Clashing()
    read = await reading.read_year(session, school, book.year)
    year = _Year(read, book, difference, touched)
    slots = year.slots()
    problems = _without_bells(read, [slots[key] for key in touched], {slots[key].id: places[key] for key in touched})
    if problems:
        return Clashing(problems=problems)
    plan = replace(read.plan, slots=tuple(slots.values()))
    lists = await reading.memberships(session, school.id, plan.calendar.span)
    found = clashes(planned_lessons(plan, read.changes), lists, read.shared_rooms)
    new = {slots[key].id for key in touched}
    ours = [one for one in found if not new.isdisjoint((one.first.slot.id, one.second.slot.id))]
    lines = {slots[key].id: place for key, place in places.items() if key in slots}
    seen = tuple(
        TimetableClash(one, times, lines.get(one.first.slot.id), lines.get(one.second.slot.id))
        for one, times in once_a_week(ours)
    )
    return Clashing(seen, names=await _names(session, seen, difference))


async def _names(session: AsyncSession, seen: Sequence[TimetableClash], difference: Difference) -> Mapping[UUID, str]:
    things = {thing for one in seen for thing in (one.clash.thing, one.clash.first.subject, one.clash.second.subject)}
    said = {thing: difference.names[str(thing)] for thing in things if str(thing) in difference.names}
    return dict(await reading.names_of(session, sorted(things))) | said


type OwnKey = tuple[UUID, date | None]


@dataclass(frozen=True, slots=True)
class _Year:
    read: YearRead
    book: Book
    difference: Difference
    touched: Mapping[SlotKey, Entry]

    def slots(self) -> dict[SlotKey | OwnKey, WeeklySlot]:
        """Return the weekly lessons after the import; those of single pupils, which no list has, by id and stay."""
        found: dict[SlotKey | OwnKey, WeeklySlot] = {}
        for slot in self.read.plan.slots:
            own = slot.learners.kind is LearnersKind.PUPIL
            found[(slot.id, slot.since) if own else _key(slot)] = slot
        for key, entry in self.touched.items():
            known = found.get(key)
            found[key] = self._slot(key, entry, uuid4() if known is None else known.id)
        return found

    def _slot(self, key: SlotKey, entry: Entry, slot_id: UUID) -> WeeklySlot:
        learners, weekday, number, every, since = key
        after = entry.after or {}
        until, room, starts, ends = after["until"], after["room"], after["starts"], after["ends"]
        return WeeklySlot(
            id=slot_id,
            learners=self._learners(learners),
            weekday=weekday,
            number=number,
            subject=UUID(after["subject"]),
            teacher=UUID(after["teacher"]),
            room=None if room is None else UUID(room),
            shift=after["shift"],
            since=None if since == FROM_THE_FIRST_DAY else date.fromisoformat(since),
            until=None if until is None else date.fromisoformat(until),
            every=Every(every),
            hours=None if starts is None else Hours(time.fromisoformat(starts), time.fromisoformat(ends)),
        )

    def _learners(self, learners: UUID) -> Learners:
        group = self.book.groups.get(learners)
        if group is None:
            title = self.difference.names[str(learners)]
            return Learners(LearnersKind.CLASS, learners, title, (ClassPart(learners, grade_of(title)),))
        parts = tuple(ClassPart(one, grade_of(self.book.classes[one].title)) for one in sorted(group.classes))
        return Learners(group.kind, learners, group.title, parts)


def grade_of(title: str) -> int:
    """Return the grade that a class's title names; 0 if it names none."""
    digits = title[: len(title) - len(title.lstrip(LETTER_FREE))]
    return int(digits[:2] or 0)


def _key(slot: WeeklySlot) -> SlotKey:
    since = FROM_THE_FIRST_DAY if slot.since is None else slot.since.isoformat()
    return slot.learners.id, slot.weekday, slot.number, slot.every.value, since


def _without_bells(read: YearRead, slots: Sequence[WeeklySlot], places: Mapping[UUID, Place]) -> tuple[LineError, ...]:
    """Name the lines of lessons without hours whose number has no bell."""
    found = []
    for slot in slots:
        if not rings(read, slot):
            details = (("number", str(slot.number)), ("shift", str(slot.shift)))
            found.append(LineError(places[slot.id], Code.NO_BELL, details))
    return tuple(found)


def rings(read: YearRead, slot: WeeklySlot) -> bool:
    """Tell whether a weekly lesson has hours: its own, or for all of its classes those of a bell."""
    return slot.hours is not None or all(_has_bell(read, slot, part.grade) for part in slot.learners.parts)


def _has_bell(read: YearRead, slot: WeeklySlot, grade: int) -> bool:
    schedule = schedule_for(read.plan.bells, slot.shift, grade, slot.weekday)
    return schedule is not None and schedule.hours_of(slot.number) is not None
