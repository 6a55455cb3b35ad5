"""Dated lessons: the weekly timetable over a year's days, by its calendar and bells, with every change in force.

A lesson that is cancelled is made as well, and says why: parents are told of it, and control counts it (TT-08).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from core.refusals import Invalid
from core.school_time import at_school
from core.year.bells import BellSchedule, schedule_for
from core.year.calendar import Calendar
from core.year.changes import (
    CancelReason,
    Change,
    Closed,
    DayAct,
    Distance,
    Effect,
    InForce,
    LessonChange,
    LessonKey,
    Move,
    ShortBells,
    TaughtBy,
    in_force,
)
from core.year.span import Hours, Span
from core.year.weekly import ClassPart, Service, WeeklySlot

type Acts = Sequence[DayAct]
SUNDAY = 7
NOBODY: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class YearPlan:
    """What is set for a year."""

    calendar: Calendar
    bells: tuple[BellSchedule, ...]
    """The first that fits holds."""
    slots: tuple[WeeklySlot, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Why a lesson is not held."""

    reason: CancelReason
    note: str = ""


@dataclass(frozen=True, slots=True)
class PlannedLesson:
    """A lesson on a date."""

    slot: WeeklySlot
    """What the timetable says; where a change says otherwise, the lesson's own fields do."""
    planned_day: date
    day: date
    """On which it is held; another than planned if it was moved."""
    number: int
    starts_at: datetime
    ends_at: datetime
    classes: frozenset[UUID]
    """Of those who have it: of a stream, a class in quarantine is left out; of a cancelled lesson, who would have."""
    distant: frozenset[UUID]
    """Those of the classes that do not come for it."""
    subject: UUID
    teacher: UUID
    room: UUID | None
    cancelled: Cancelled | None

    @property
    def key(self) -> LessonKey:
        """The lesson's name: slot and planned day, whatever changes."""
        return self.slot.id, self.planned_day


def planned_lessons(
    plan: YearPlan, changes: Iterable[Change] = (), within: Span | None = None
) -> tuple[PlannedLesson, ...]:
    """Make the lessons of the year, or those held ``within`` some days, in the order of their beginning.

    Changes are those in force, in the order in which they were made. A lesson moved to where nobody learns any more, or
    to a number that has lost its bell, is not held: the others' lessons do not hang on it. Raises ``Invalid`` for a
    slot whose number has no bell, and for a grade that the calendar does not know.
    """
    made = _Making(plan, in_force(changes))
    days = set((within or plan.calendar.span).days())
    if within is not None:
        days |= {move.day for move in made.changes.moves.values() if move.to in within}
    lessons = (lesson for day in sorted(days) for lesson in made.of_day(day))
    wanted = (lesson for lesson in lessons if within is None or lesson.day in within)
    return tuple(sorted(wanted, key=lambda lesson: (lesson.starts_at, lesson.slot.learners.title, lesson.slot.id.int)))


def demand_bell(plan: YearPlan, changes: Iterable[Change], move: Move) -> None:
    """Raise ``Invalid`` if the number to which ``move``, one of the changes, moves a lesson has no bell on that day."""
    made = _Making(plan, in_force(changes))
    for lesson in made.of_day(move.day):
        if lesson.key == (move.slot, move.day) and lesson.key in made.without_bell:
            raise _without_bell(lesson.slot, move.number)


def idle(changes: Iterable[Change], lessons: Iterable[PlannedLesson]) -> tuple[LessonChange, ...]:
    """Find changes of lessons that are not there, such as a substitution at a lesson since taken off the timetable.

    ``lessons`` are those of all the days that the changes name.
    """
    there = {lesson.key for lesson in lessons}
    return tuple(
        change for change in changes if not isinstance(change, DayAct) and (change.slot, change.day) not in there
    )


def corrected(stands: PlannedLesson, before: Iterable[Change], after: Iterable[Change]) -> PlannedLesson:
    """Return a lesson that was held with what changes now say of its teacher, subject and room, and if it was held.

    Its place stays as it stands, whatever the weekly timetable and the acts of its day say by now.
    """
    was, now, key = in_force(before), in_force(after), stands.key
    had, has = was.substitutions.get(key), now.substitutions.get(key)
    room = now.rooms.get(key, stands.slot.room if key in was.rooms else stands.room)
    told = None if has is None else has.subject
    usual = stands.slot.subject if had is not None and had.subject is not None else stands.subject
    is_called_off_no_more = key in was.cancellations and key not in now.cancellations
    return replace(
        stands,
        teacher=stands.slot.teacher if has is None else has.teacher,
        subject=told or usual,
        room=None if stands.distant == stands.classes else room,
        cancelled=None if is_called_off_no_more else stands.cancelled,
    )


def _effect[E: Effect](kind: type[E], acts: Acts, part: ClassPart, shift: int) -> E | None:
    """Find what acts of a kind say of a class; of several the last made, which stands first."""
    for act in acts:
        if isinstance(act.effect, kind) and act.scope.concerns(part, shift):
            return act.effect
    return None


@dataclass(slots=True)
class _Making:
    """A plan and its changes, with what is asked again and again answered once."""

    plan: YearPlan
    changes: InForce
    by_weekday: Mapping[int, list[WeeklySlot]] = field(init=False)
    studies: dict[tuple[date, date, int, bool], bool] = field(init=False, default_factory=dict)
    bells: dict[tuple[int, int, int, int], Hours | None] = field(init=False, default_factory=dict)
    moments: dict[tuple[date, Hours], tuple[datetime, datetime]] = field(init=False, default_factory=dict)
    classes: dict[tuple[ClassPart, ...], frozenset[UUID]] = field(init=False, default_factory=dict)
    without_bell: set[LessonKey] = field(init=False, default_factory=set)
    """Moved lessons whose number has no bell where they are now."""

    def __post_init__(self) -> None:
        slots: dict[int, list[WeeklySlot]] = defaultdict(list)
        for slot in self.plan.slots:
            slots[slot.weekday].append(slot)
        self.by_weekday = slots

    def of_day(self, day: date) -> Iterator[PlannedLesson]:
        """Make the lessons planned for a day, wherever they were moved."""
        swaps = [act for act in self.changes.acts.get(day, ()) if isinstance(act.effect, TaughtBy)]
        weekday = self.plan.calendar.timetable_day(day).isoweekday()
        for slot in self.plan.slots if swaps else self.by_weekday.get(weekday, ()):
            due = self._due(slot, day, swaps)
            if due:
                yield self._lesson(slot, day, due)

    def _due(self, slot: WeeklySlot, day: date, swaps: Acts) -> tuple[ClassPart, ...]:
        """Find whose lesson it is on a day, closed or not: each class goes by its own grade's days."""
        if not slot.in_force(day):
            return ()
        parts = slot.learners.parts
        due = tuple([part for part in parts if self._is_due(slot, part, day, swaps)])
        return parts if len(due) == len(parts) else due

    def _is_due(self, slot: WeeklySlot, part: ClassPart, day: date, swaps: Acts) -> bool:
        by = self._timetable_day(day, part, slot.shift, swaps)
        if by.isoweekday() != slot.weekday or not slot.every.has(self.plan.calendar.week_number(by)):
            return False
        key = (day, by, part.grade, slot.service is Service.BASIC)
        found = self.studies.get(key)
        if found is None:
            calendar, grade = self.plan.calendar, part.grade
            # Asked of the study week in any case: a grade that the school does not have is refused there.
            in_week = calendar.is_study_day(day, grade, by)
            found = self.studies[key] = in_week or (not key[-1] and calendar.is_open(day, grade))
        return found

    def _timetable_day(self, day: date, part: ClassPart, shift: int, acts: Acts) -> date:
        swap = _effect(TaughtBy, acts, part, shift) if acts else None
        return swap.day if swap else self.plan.calendar.timetable_day(day)

    def _lesson(self, slot: WeeklySlot, planned_day: date, due: tuple[ClassPart, ...]) -> PlannedLesson:
        key = (slot.id, planned_day)
        move, substitution = self.changes.moves.get(key), self.changes.substitutions.get(key)
        day = move.to if move else planned_day
        acts = self.changes.acts.get(day, ())
        stay, closed = _staying(due, slot.shift, acts) if acts else (due, None)
        if day != planned_day and stay:
            stay, closed = self._learning(stay, day)
        hours, too_late = self._hours(slot, move, planned_day, stay or due)
        starts_at, ends_at = self._moments(day, hours)
        classes = self._classes(stay or due)
        distant = _distant(stay, slot.shift, acts) if acts else NOBODY
        called_off = self.changes.cancellations.get(key)
        room = self.changes.rooms.get(key, slot.room)
        return PlannedLesson(
            slot=slot,
            planned_day=planned_day,
            day=day,
            number=move.number if move else slot.number,
            starts_at=starts_at,
            ends_at=ends_at,
            classes=classes,
            distant=distant,
            subject=(substitution and substitution.subject) or slot.subject,
            teacher=substitution.teacher if substitution else slot.teacher,
            room=None if distant == classes else room,
            cancelled=Cancelled(called_off.reason, called_off.note) if called_off else closed or too_late,
        )

    def _learning(self, parts: tuple[ClassPart, ...], day: date) -> tuple[tuple[ClassPart, ...], Cancelled | None]:
        """Tell who learns on the day to which a lesson was moved: holidays may have been set there since."""
        calendar = self.plan.calendar
        is_sunday = calendar.timetable_day(day).isoweekday() == SUNDAY
        learn = tuple(part for part in parts if not is_sunday and calendar.is_open(day, part.grade))
        return learn, None if learn else Cancelled(CancelReason.OTHER)

    def _hours(
        self, slot: WeeklySlot, move: Move | None, planned_day: date, parts: tuple[ClassPart, ...]
    ) -> tuple[Hours, Cancelled | None]:
        """Tell when a lesson goes on, and whether the day's bells end before it."""
        day, number = (move.to, move.number) if move else (planned_day, slot.number)
        if move and move.hours:
            return move.hours, None
        if slot.hours and number == slot.number:
            return slot.hours, None
        # A combined class goes by the bells of its youngest, who have the short lessons.
        part = parts[0] if len(parts) == 1 else min(parts, key=lambda one: one.grade)
        acts = self.changes.acts.get(day, ())
        weekday = self._timetable_day(day, part, slot.shift, acts).isoweekday()
        short = _effect(ShortBells, acts, part, slot.shift) if acts else None
        schedule = schedule_for(short.schedules, slot.shift, part.grade, weekday) if short else None
        if schedule:
            hours = schedule.hours_of(number)
            if hours:
                return hours, None
        usual = self._bell(slot.shift, part.grade, weekday, number)
        if usual is not None:
            return usual, Cancelled(CancelReason.SHORT_DAY) if schedule else None
        if move is None:
            raise _without_bell(slot, number)
        # Bells or calendar were changed after it was moved: it is shown at the hours that it had, and not held.
        self.without_bell.add((slot.id, planned_day))
        return self._own_hours(slot, part.grade), Cancelled(CancelReason.SHORT_DAY)

    def _own_hours(self, slot: WeeklySlot, grade: int) -> Hours:
        """Return the hours that a lesson has in the weekly timetable. Raises ``Invalid`` if no bell rings for it."""
        hours = slot.hours or self._bell(slot.shift, grade, slot.weekday, slot.number)
        if hours is None:
            raise _without_bell(slot, slot.number)
        return hours

    def _bell(self, shift: int, grade: int, weekday: int, number: int) -> Hours | None:
        key = (shift, grade, weekday, number)
        if key not in self.bells:
            schedule = schedule_for(self.plan.bells, shift, grade, weekday)
            self.bells[key] = schedule.hours_of(number) if schedule else None
        return self.bells[key]

    def _moments(self, day: date, hours: Hours) -> tuple[datetime, datetime]:
        key = (day, hours)
        if key not in self.moments:
            zone = self.plan.zone
            self.moments[key] = at_school(day, hours.starts, zone), at_school(day, hours.ends, zone)
        return self.moments[key]

    def _classes(self, parts: tuple[ClassPart, ...]) -> frozenset[UUID]:
        if parts not in self.classes:
            self.classes[parts] = frozenset(part.class_id for part in parts)
        return self.classes[parts]


def _staying(due: tuple[ClassPart, ...], shift: int, acts: Acts) -> tuple[tuple[ClassPart, ...], Cancelled | None]:
    """Tell whose lesson goes on, and why it does not if nobody's does."""
    closed = [_effect(Closed, acts, part, shift) for part in due]
    stay = tuple(part for part, effect in zip(due, closed, strict=True) if effect is None)
    why = next((effect for effect in closed if effect), None)
    return stay, None if stay or why is None else Cancelled(why.reason, why.note)


def _distant(parts: tuple[ClassPart, ...], shift: int, acts: Acts) -> frozenset[UUID]:
    return frozenset(part.class_id for part in parts if _effect(Distance, acts, part, shift))


def _without_bell(slot: WeeklySlot, number: int) -> Invalid:
    title = slot.learners.title
    return Invalid("year-slot-without-bell", learners=title, number=str(number), shift=str(slot.shift))
