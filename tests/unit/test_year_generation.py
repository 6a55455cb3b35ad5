"""For any calendar, timetable and changes: the lessons are those of a slow generator that knows none of our functions.

The generator below looks at every day, slot and class in turn, and reads nothing but the fields of the values.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from core.year.bells import Bell, BellSchedule
from core.year.calendar import Calendar, Holiday, StudyWeek
from core.year.changes import (
    Cancellation,
    CancelReason,
    Change,
    Closed,
    DayAct,
    Distance,
    Effect,
    Move,
    Scope,
    ShortBells,
    Substitution,
    TaughtBy,
)
from core.year.planned import PlannedLesson, YearPlan, planned_lessons
from core.year.span import Hours, Span
from core.year.weekly import ClassPart, Every, Learners, LearnersKind, Service, WeeklySlot

SOME = settings(max_examples=120, deadline=None)
FIRST, LAST = date(2026, 9, 1), date(2026, 10, 11)
PARTS = tuple(ClassPart(UUID(int=100 + grade), grade) for grade in (1, 3, 7, 11))
SEEDS = st.integers(0, 2**32)
"""A year is drawn densely from a seed: strategies value by value are ten times slower, and draw mostly empty years."""


def bells(shift: int, grades: frozenset[int] | None, weekdays: frozenset[int] | None, count: int) -> BellSchedule:
    """Make bells that tell by their minutes whose they are."""
    minute = 2 * shift + (5 if grades else 0) + (7 if weekdays else 0) + (count if count < 4 else 0)
    numbers = range(1, count + 1)
    rung = tuple(Bell(one, Hours(time(7 + one, minute), time(7 + one, minute + 40))) for one in numbers)
    return BellSchedule("звонки", shift, rung, grades, weekdays)


class Drawn:
    """Calendars, timetables and changes, drawn by chance."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - no secret

    def seldom[V](self, value: V) -> V | None:
        return value if self.chance.random() < 0.2 else None

    def day(self) -> date:
        """Draw a day of the year, or one beside it."""
        return FIRST + timedelta(days=self.chance.randint(-2, 42))

    def span(self, longest: int) -> Span:
        first = self.day()
        return Span(first, first + timedelta(days=self.chance.randint(0, longest)))

    def grades(self) -> frozenset[int] | None:
        return self.chance.choice((None, None, frozenset({1}), frozenset({3, 11}), frozenset({1, 3, 7})))

    def hours(self) -> Hours:
        start, long = self.chance.randint(8 * 60, 20 * 60), self.chance.randint(30, 90)
        return Hours(time(start // 60, start % 60), time((start + long) // 60, (start + long) % 60))

    def calendar(self) -> Calendar:
        return Calendar(
            2026,
            Span(FIRST, LAST),
            {},
            {part.grade: self.chance.choice(tuple(StudyWeek)) for part in PARTS},
            tuple(Holiday("каникулы", self.span(8), self.grades()) for _ in range(self.chance.randint(0, 2))),
            frozenset(self.day() for _ in range(self.chance.randint(0, 3))),
            {self.day(): self.day() for _ in range(self.chance.randint(0, 4))},
        )

    def book(self) -> tuple[BellSchedule, ...]:
        """Draw bells of some, and then everybody's of both shifts, so that none is missing."""
        some = [
            bells(self.chance.choice((1, 2)), self.grades(), self.seldom(frozenset({self.chance.randint(1, 6)})), 4)
            for _ in range(self.chance.randint(0, 2))
        ]
        return (*some, bells(1, None, None, 4), bells(2, None, None, 4))

    def slot(self, name: int) -> WeeklySlot:
        parts = tuple(self.chance.sample(PARTS, self.chance.choice((1, 1, 2, 3, 4))))
        kind = LearnersKind.STREAM if len(parts) > 1 else LearnersKind.CLASS
        return WeeklySlot(
            id=UUID(int=name),
            learners=Learners(kind, UUID(int=1), "ученики", parts),
            weekday=self.chance.randint(1, 6),
            number=self.chance.randint(1, 4),
            subject=UUID(int=2),
            teacher=UUID(int=3),
            room=self.chance.choice((None, UUID(int=4))),
            shift=self.chance.choice((1, 2)),
            since=self.seldom(self.day()),
            until=self.seldom(self.day()),
            every=self.chance.choice((Every.WEEK, Every.WEEK, *Every)),
            service=self.chance.choice(tuple(Service)),
            hours=self.seldom(self.hours()),
        )

    def change(self, slot: WeeklySlot) -> Change:
        """Draw a change of a lesson that the slot has, unless it is not taught that day."""
        day = date(2026, 8, 31) + timedelta(days=7 * self.chance.randint(0, 5) + slot.weekday - 1)
        match self.chance.randint(1, 4):
            case 1:
                subject, room = self.seldom(UUID(int=6)), self.seldom(UUID(int=7))
                return Substitution(slot.id, day, UUID(int=5), subject, room)
            case 2:
                return Cancellation(slot.id, day, self.chance.choice(tuple(CancelReason)), "заметка")
            case _:
                number, room = self.chance.randint(1, 4), self.seldom(UUID(int=8))
                return Move(slot.id, day, self.day(), number, room, self.seldom(self.hours()))

    def act(self) -> DayAct:
        classes = frozenset(part.class_id for part in self.chance.sample(PARTS, 2))
        scope = Scope(self.seldom(self.chance.choice((1, 2))), self.grades(), self.seldom(classes))
        effects: tuple[Effect, ...] = (
            Closed(self.chance.choice(tuple(CancelReason)), self.chance.choice(("", "приказ"))),
            Distance(),
            TaughtBy(self.day()),
            ShortBells((bells(self.chance.choice((1, 2)), self.grades(), None, 2),)),
        )
        return DayAct(self.span(10), self.chance.choice(effects), scope)

    def year(self) -> tuple[YearPlan, list[Change]]:
        slots = tuple(self.slot(1000 + number) for number in range(self.chance.randint(4, 10)))
        plan = YearPlan(calendar=self.calendar(), bells=self.book(), slots=slots, zone="Asia/Yekaterinburg")
        changes = [self.change(self.chance.choice(slots)) for _ in range(self.chance.randint(0, 12))]
        acts = [self.act() for _ in range(self.chance.randint(0, 8))]
        both = [*changes, *acts]
        self.chance.shuffle(both)
        return plan, both


# --- The slow generator -------------------------------------------------------------------------------------------


class Slow:
    """The same lessons, without any of our functions."""

    def __init__(self, plan: YearPlan, changes: Sequence[Change]) -> None:
        self.plan, self.year = plan, plan.calendar
        self.latest_first = list(changes)[::-1]

    def lessons(self) -> Iterator[tuple[object, ...]]:
        day = self.year.span.first
        while day <= self.year.span.last:
            for slot in self.plan.slots:
                due = [part for part in slot.learners.parts if self.due(slot, part, day)]
                if due:
                    yield self.lesson(slot, day, due)
            day += timedelta(days=1)

    def said[C: (Substitution, Move, Cancellation)](self, kind: type[C], slot: WeeklySlot, day: date) -> C | None:
        for change in self.latest_first:
            if isinstance(change, kind) and (change.slot, change.day) == (slot.id, day):
                return change
        return None

    def effect[E: Effect](self, kind: type[E], slot: WeeklySlot, part: ClassPart, day: date) -> E | None:
        for act in self.latest_first:
            if not isinstance(act, DayAct) or not isinstance(act.effect, kind):
                continue
            meant = act.scope
            if (
                act.span.first <= day <= act.span.last
                and meant.shift in (None, slot.shift)
                and (meant.grades is None or part.grade in meant.grades)
                and (meant.classes is None or part.class_id in meant.classes)
            ):
                return act.effect
        return None

    def source(self, slot: WeeklySlot, part: ClassPart, day: date) -> date:
        swap = self.effect(TaughtBy, slot, part, day)
        return swap.day if swap else self.year.moved.get(day, day)

    def open(self, part: ClassPart, day: date) -> bool:
        if day in self.year.days_off:
            return False
        for holiday in self.year.holidays:
            if holiday.span.first <= day <= holiday.span.last and part.grade in (holiday.grades or {part.grade}):
                return False
        return True

    def receives(self, part: ClassPart, day: date) -> bool:
        """Tell whether a lesson that was moved to a day is held there."""
        in_year, by = FIRST <= day <= LAST, self.year.moved.get(day, day)
        return in_year and by.weekday() < 6 and self.open(part, day)

    def due(self, slot: WeeklySlot, part: ClassPart, day: date) -> bool:
        if (slot.since and day < slot.since) or (slot.until and slot.until < day) or not self.open(part, day):
            return False
        source = self.source(slot, part, day)
        if source.weekday() + 1 != slot.weekday:
            return False
        if slot.service is Service.BASIC and slot.weekday > self.year.week[part.grade].value:
            return False
        mondays = sum(1 for gone in range((source - FIRST).days + 1) if (FIRST + timedelta(days=gone)).weekday() == 0)
        parity = {0: Every.ODD, 1: Every.EVEN}[mondays % 2]
        return slot.every in (Every.WEEK, parity)

    def lesson(self, slot: WeeklySlot, planned: date, due: list[ClassPart]) -> tuple[object, ...]:
        move = self.said(Move, slot, planned)
        given = self.said(Substitution, slot, planned)
        off = self.said(Cancellation, slot, planned)
        day, number = (move.to, move.number) if move else (planned, slot.number)
        closed = {part: self.effect(Closed, slot, part, day) for part in due}
        staying = [part for part in due if closed[part] is None]
        learning = [part for part in staying if day == planned or self.receives(part, day)]
        nobody_learns, staying = bool(staying) and not learning, learning
        who = staying or due
        distant = {part.class_id for part in staying if self.effect(Distance, slot, part, day)}
        hours, too_late = self.hours(slot, move, day, who)
        room = move.room if move and move.room else slot.room
        if given and given.room:
            room = given.room
        if off:
            why: tuple[object, ...] | None = (off.reason, off.note)
        elif nobody_learns:
            why = (CancelReason.OTHER, "")
        elif not staying:
            first = closed[due[0]]
            assert first is not None
            why = (first.reason, first.note)
        else:
            why = (CancelReason.SHORT_DAY, "") if too_late else None
        classes = {part.class_id for part in who}
        return (
            (slot.id, planned),
            (day, number, self.moment(day, hours.starts), self.moment(day, hours.ends)),
            (frozenset(classes), frozenset(distant)),
            given.subject if given and given.subject else slot.subject,
            given.teacher if given else slot.teacher,
            None if distant == classes else room,
            why,
        )

    def hours(self, slot: WeeklySlot, move: Move | None, day: date, who: list[ClassPart]) -> tuple[Hours, bool]:
        if move and move.hours:
            return move.hours, False
        number = move.number if move else slot.number
        if slot.hours and number == slot.number:
            return slot.hours, False
        youngest = min(who, key=lambda part: part.grade)
        weekday = self.source(slot, youngest, day).weekday() + 1
        short = self.effect(ShortBells, slot, youngest, day)
        rung = self.rung(short.schedules, slot, youngest, weekday) if short else None
        usual = self.rung(self.plan.bells, slot, youngest, weekday)
        assert usual is not None
        if rung is None:
            return usual[number], False
        return (rung[number], False) if number in rung else (usual[number], True)

    def rung(
        self, schedules: Sequence[BellSchedule], slot: WeeklySlot, part: ClassPart, weekday: int
    ) -> dict[int, Hours] | None:
        for schedule in schedules:
            of_grade = schedule.grades is None or part.grade in schedule.grades
            on_weekday = schedule.weekdays is None or weekday in schedule.weekdays
            if schedule.shift == slot.shift and of_grade and on_weekday:
                return {bell.number: bell.hours for bell in schedule.bells}
        return None

    def moment(self, day: date, clock: time) -> datetime:
        return datetime(day.year, day.month, day.day, clock.hour, clock.minute, tzinfo=UTC) - timedelta(hours=5)


def plain(lesson: PlannedLesson) -> tuple[object, ...]:
    return (
        lesson.key,
        (lesson.day, lesson.number, lesson.starts_at, lesson.ends_at),
        (lesson.classes, lesson.distant),
        lesson.subject,
        lesson.teacher,
        lesson.room,
        (lesson.cancelled.reason, lesson.cancelled.note) if lesson.cancelled else None,
    )


def by_name(lessons: Sequence[tuple[object, ...]]) -> dict[object, tuple[object, ...]]:
    found = {lesson[0]: lesson for lesson in lessons}
    assert len(found) == len(lessons), "a lesson is made once"
    return found


@SOME
@given(SEEDS)
def test_lessons_are_those_of_a_slow_generator(seed: int) -> None:
    plan, changes = Drawn(seed).year()
    lessons = planned_lessons(plan, changes)
    assert by_name([plain(lesson) for lesson in lessons]) == by_name(list(Slow(plan, changes).lessons()))
    assert [lesson.starts_at for lesson in lessons] == sorted(lesson.starts_at for lesson in lessons)


@SOME
@given(SEEDS)
def test_lessons_of_some_days_are_those_of_the_year_on_these_days(seed: int) -> None:
    drawn = Drawn(seed)
    year, span = drawn.year(), drawn.span(8)
    wanted = tuple(lesson for lesson in planned_lessons(*year) if span.first <= lesson.day <= span.last)
    assert planned_lessons(*year, within=span) == wanted
