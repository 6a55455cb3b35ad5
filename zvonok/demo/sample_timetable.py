"""Who teaches what where, and when: loads shared out, then a timetable in which nobody is in two places."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.roster_file import ClassTitle, LessonRow, Place, Weekday
from core.russian import FullName
from zvonok.demo.dice import Dice
from zvonok.demo.sample_plan import (
    BELLS,
    CLASSES,
    DEPARTMENTS,
    PLAN,
    PRIMARY_SUBJECTS,
    Department,
    day_lengths,
    is_primary,
)

_MOST_STEPS: Final = 2_000
_PLATEAU_PERCENT: Final = 60
_NOWHERE: Final = Place("timetable.csv", None, None)

type _Slot = tuple[int, int]
"""(day from 0, lesson from 0)"""


@dataclass(frozen=True, slots=True)
class Teacher:
    """A teacher with the room that is the teacher's own."""

    name: FullName
    position: str
    room: str


@dataclass(frozen=True, slots=True)
class Unit:
    """One lesson a week that has to find its place."""

    school_class: ClassTitle
    subject: str
    teacher: Teacher


def share_out(
    primary: Mapping[ClassTitle, Teacher], departments: Mapping[Department, Sequence[Teacher]]
) -> dict[ClassTitle, tuple[Unit, ...]]:
    """Give each class a teacher of each department, the heaviest shares first, to whoever has least to do."""
    load: Counter[Teacher] = Counter()
    teacher_of: dict[tuple[ClassTitle, str], Teacher] = {
        (school_class, subject): teacher for school_class, teacher in primary.items() for subject in PRIMARY_SUBJECTS
    }
    for department in DEPARTMENTS:
        shares = {school_class: _hours(school_class, department.subjects) for school_class in CLASSES}
        for school_class in sorted(CLASSES, key=lambda one: (-shares[one], one)):
            if not shares[school_class]:
                continue
            teacher = min(departments[department], key=lambda one: load[one])
            load[teacher] += shares[school_class]
            for subject in department.subjects:
                teacher_of.setdefault((school_class, subject), teacher)
    return {
        school_class: tuple(
            Unit(school_class, subject, teacher_of[school_class, subject])
            for subject, hours in PLAN[school_class.grade].items()
            for _ in range(hours)
        )
        for school_class in CLASSES
    }


def _hours(school_class: ClassTitle, subjects: frozenset[str]) -> int:
    """Return how many lessons a week of these subjects a department gives in the class."""
    own = PRIMARY_SUBJECTS if is_primary(school_class) else frozenset[str]()
    return sum(hours for subject, hours in PLAN[school_class.grade].items() if subject in subjects - own)


def make_timetable(units: Mapping[ClassTitle, tuple[Unit, ...]], dice: Dice) -> tuple[LessonRow, ...]:
    """Place all lessons: no gaps in a class's day, no teacher twice at once, no subject needlessly twice a day."""
    board = _Board(units, dice)
    board.settle()
    return tuple(
        LessonRow(
            place=_NOWHERE,
            school_class=school_class,
            weekday=Weekday(day + 1),
            number=number + 1,
            starts_at=BELLS[number][0],
            ends_at=BELLS[number][1],
            subject=unit.subject,
            teacher=unit.teacher.name.in_full(),
            room=unit.teacher.room,
        )
        for school_class in CLASSES
        for (day, number), unit in sorted(board.lessons(school_class), key=lambda lesson: lesson[0])
    )


class _Board:
    """The timetable while it is made: swaps two lessons of a class as long as something clashes (min-conflicts)."""

    def __init__(self, units: Mapping[ClassTitle, tuple[Unit, ...]], dice: Dice) -> None:
        self._dice = dice
        self._busy: Counter[tuple[Teacher, _Slot]] = Counter()
        self._daily: Counter[tuple[ClassTitle, str, int]] = Counter()
        self._slots: dict[ClassTitle, list[_Slot]] = {}
        self._units: dict[ClassTitle, list[Unit]] = {}
        for school_class, its_units in units.items():
            lengths = day_lengths(school_class)
            slots = [(day, number) for day, length in enumerate(lengths) for number in range(length)]
            # spread over the days at first, so that few subjects meet themselves
            slots.sort(key=lambda slot: (slot[1], slot[0]))
            self._slots[school_class] = slots
            self._units[school_class] = list(its_units)
            for slot, unit in zip(slots, its_units, strict=True):
                self._put(unit, slot, 1)
        self._most_daily = {
            (school_class, subject): -(-hours // len(day_lengths(school_class)))
            for school_class in units
            for subject, hours in PLAN[school_class.grade].items()
        }

    def lessons(self, school_class: ClassTitle) -> list[tuple[_Slot, Unit]]:
        """Return a class's lessons with their slots."""
        return list(zip(self._slots[school_class], self._units[school_class], strict=True))

    def settle(self) -> None:
        """Swap until nothing clashes. Raises ``RuntimeError`` if the plan leaves no way found in so many steps."""
        for _ in range(_MOST_STEPS):
            clashing = [
                (school_class, index)
                for school_class in self._slots
                for index, (slot, unit) in enumerate(self.lessons(school_class))
                if self._cost(unit, slot)
            ]
            if not clashing:
                return
            for school_class, index in clashing:
                self._improve(school_class, index)
        raise RuntimeError("the sample school's plan fits no timetable")

    def _put(self, unit: Unit, slot: _Slot, by: int) -> None:
        self._busy[unit.teacher, slot] += by
        self._daily[unit.school_class, unit.subject, slot[0]] += by

    def _cost(self, unit: Unit, slot: _Slot) -> int:
        """Return how much is wrong with a placed unit."""
        daily = self._daily[unit.school_class, unit.subject, slot[0]]
        return self._busy[unit.teacher, slot] - 1 + max(0, daily - self._most_daily[unit.school_class, unit.subject])

    def _improve(self, school_class: ClassTitle, index: int) -> None:
        """Swap the unit with the one of its class that makes things best; sometimes with one that makes none worse."""
        slots, units = self._slots[school_class], self._units[school_class]
        if not self._cost(units[index], slots[index]):
            return
        best, best_gain = [index], 0
        for other in range(len(units)):
            gain = self._gain(school_class, index, other)
            if gain > best_gain:
                best, best_gain = [other], gain
            elif gain == best_gain:
                best.append(other)
        if best_gain > 0 or self._dice.chance(_PLATEAU_PERCENT):
            self._swap(school_class, index, self._dice.pick(best))

    def _gain(self, school_class: ClassTitle, one: int, other: int) -> int:
        if one == other:
            return 0
        before = self._cost_of(school_class, one, other)
        self._swap(school_class, one, other)
        after = self._cost_of(school_class, one, other)
        self._swap(school_class, one, other)
        return before - after

    def _cost_of(self, school_class: ClassTitle, one: int, other: int) -> int:
        slots, units = self._slots[school_class], self._units[school_class]
        return sum(self._cost(units[index], slots[index]) for index in (one, other))

    def _swap(self, school_class: ClassTitle, one: int, other: int) -> None:
        slots, units = self._slots[school_class], self._units[school_class]
        for index, by in ((one, -1), (other, -1)):
            self._put(units[index], slots[index], by)
        units[one], units[other] = units[other], units[one]
        for index, by in ((one, 1), (other, 1)):
            self._put(units[index], slots[index], by)
