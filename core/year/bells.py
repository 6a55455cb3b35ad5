"""At what hours lessons go on: bell schedules by shift, for some grades or weekdays apart, and shortened ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from core.year.span import Hours


@dataclass(frozen=True, slots=True)
class Bell:
    """When the lesson of this number goes on; some schools begin with lesson 0."""

    number: int
    hours: Hours


@dataclass(frozen=True, slots=True)
class BellSchedule:
    """The bells of a shift: of everybody in it, or of some grades (grade 1 has short lessons) or weekdays."""

    name: str
    shift: int
    bells: tuple[Bell, ...]
    grades: frozenset[int] | None = None
    weekdays: frozenset[int] | None = None
    """ISO: Monday is 1."""

    def rings(self, shift: int, grade: int, weekday: int) -> bool:
        """Tell whether these are bells of a grade in a shift on a weekday."""
        return (
            self.shift == shift
            and (self.grades is None or grade in self.grades)
            and (self.weekdays is None or weekday in self.weekdays)
        )

    def hours_of(self, number: int) -> Hours | None:
        """Return when the lesson of a number goes on; None if there is no such lesson."""
        return next((bell.hours for bell in self.bells if bell.number == number), None)


def schedule_for(schedules: Iterable[BellSchedule], shift: int, grade: int, weekday: int) -> BellSchedule | None:
    """Return the schedule that holds: the first that fits, so those of some grades stand before everybody's."""
    return next((schedule for schedule in schedules if schedule.rings(shift, grade, weekday)), None)


class BellCode(StrEnum):
    """What may be wrong with bells."""

    NO_BELLS = "no-bells"
    NUMBER_TWICE = "number-twice"
    BELLS_OVERLAP = "bells-overlap"
    SCHEDULE_HIDDEN = "schedule-hidden"


@dataclass(frozen=True, slots=True)
class BellProblem:
    """One mistake: ``details`` fill its sentence in ``texts/*/year.ftl``."""

    code: BellCode
    details: tuple[tuple[str, str | int], ...]

    @property
    def message_id(self) -> str:
        """Id of the Fluent message."""
        return f"bell-problem-{self.code}"

    @property
    def args(self) -> dict[str, str | int]:
        """Arguments of the Fluent message."""
        return dict(self.details)


def problems(schedules: Sequence[BellSchedule]) -> tuple[BellProblem, ...]:
    """Find bells that contradict each other, and schedules by which nobody is ever taught."""
    found = [one for schedule in schedules for one in _of_schedule(schedule)]
    for place, schedule in enumerate(schedules):
        earlier = next((one for one in schedules[:place] if _hides(one, schedule)), None)
        if earlier is not None:
            found.append(_problem(BellCode.SCHEDULE_HIDDEN, schedule, earlier=earlier.name))
    return tuple(found)


def _problem(code: BellCode, schedule: BellSchedule, **details: str | int) -> BellProblem:
    return BellProblem(code, (("name", schedule.name), *details.items()))


def _of_schedule(schedule: BellSchedule) -> Iterator[BellProblem]:
    if not schedule.bells:
        yield _problem(BellCode.NO_BELLS, schedule)
    for one, other in pairwise(sorted(schedule.bells, key=lambda bell: (bell.number, bell.hours))):
        if one.number == other.number:
            yield _problem(BellCode.NUMBER_TWICE, schedule, number=str(one.number))
        elif other.hours.starts < one.hours.ends:
            yield _problem(BellCode.BELLS_OVERLAP, schedule, one=str(one.number), other=str(other.number))


def _hides(earlier: BellSchedule, later: BellSchedule) -> bool:
    """Tell whether the later one never holds because the earlier one fits wherever it does."""
    return (
        earlier.shift == later.shift
        and _within(later.grades, earlier.grades)
        and _within(later.weekdays, earlier.weekdays)
    )


def _within(some: frozenset[int] | None, others: frozenset[int] | None) -> bool:
    return others is None or (some is not None and some <= others)
