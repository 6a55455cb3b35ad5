"""The teaching load against what it follows from and what follows from it: plans, and the weekly timetable. Pure.

Of a class the load must give each subject's hours of its plans; of learners, a teacher and a subject the timetable must
have the hours of the load.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

NONE = Decimal(0)


@dataclass(frozen=True, slots=True)
class Hours:
    """What one teacher gives to some learners, in hours a week: by the load, or by the timetable."""

    learners: UUID
    """A class, a group or a pupil."""
    subject: UUID
    teacher: UUID
    hours: Decimal


@dataclass(frozen=True, slots=True)
class Part:
    """A group as far as hours of classes ask for it."""

    id: UUID
    classes: frozenset[UUID]
    division: UUID | None = None
    whole: bool = False
    """A combined class: everybody of its classes hears what it has."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What is to be compared."""

    classes: Mapping[UUID, Mapping[UUID, Decimal]]
    """Hours of each subject by the plans of each class; a class without plans is not here, and is not compared."""
    load: Collection[Hours]
    timetable: Collection[Hours]
    parts: Collection[Part] = field(default=())


class DifferenceKind(StrEnum):
    """What does not agree."""

    BELOW_PLAN = "below-plan"
    """Somebody of the class hears fewer hours by the load than by the plans."""
    ABOVE_PLAN = "above-plan"
    BELOW_LOAD = "below-load"
    """The timetable has fewer hours than the load."""
    ABOVE_LOAD = "above-load"


@dataclass(frozen=True, slots=True)
class Difference:
    """One place in which two of the three do not agree; its sentence stands in ``texts/*/plan_groups.ftl``."""

    kind: DifferenceKind
    learners: UUID
    subject: UUID
    teacher: UUID | None
    """None of a class and its plans."""
    wanted: Decimal
    found: Decimal


def differences(planned: Planned) -> tuple[Difference, ...]:
    """Return everything that does not agree."""
    return (*_with_plans(planned), *_with_timetable(planned))


def _with_plans(planned: Planned) -> Iterator[Difference]:
    heard = _heard(planned)
    for class_id, plan in planned.classes.items():
        subjects = {*plan, *(subject for of_class, subject in heard if of_class == class_id)}
        for subject in sorted(subjects):
            wanted = plan.get(subject, NONE)
            least, most = heard.get((class_id, subject), Heard()).bounds()
            if least < wanted:
                yield Difference(DifferenceKind.BELOW_PLAN, class_id, subject, None, wanted, least)
            if most > wanted:
                yield Difference(DifferenceKind.ABOVE_PLAN, class_id, subject, None, wanted, most)


@dataclass(slots=True)
class Heard:
    """Hours of one subject that pupils of one class hear."""

    all: Decimal = NONE
    """What everybody hears: the class's own hours and those of a combined class."""
    chosen: Decimal = NONE
    """What is heard by whoever is in a stream, an elective, a group without rivals."""
    divisions: dict[UUID, dict[UUID, Decimal]] = field(default_factory=dict)
    """Of groups that exclude each other one is heard."""

    def bounds(self) -> tuple[Decimal, Decimal]:
        """Return the hours of whoever hears least, and of whoever hears most; what is chosen may fill, not exceed."""
        least = sum((min(parts.values()) for parts in self.divisions.values()), self.all)
        most = sum((max(parts.values()) for parts in self.divisions.values()), self.all)
        return least + self.chosen, most


def _heard(planned: Planned) -> dict[tuple[UUID, UUID], Heard]:
    parts = {part.id: part for part in planned.parts}
    found: dict[tuple[UUID, UUID], Heard] = defaultdict(Heard)
    for one in planned.load:
        part = parts.get(one.learners)
        if part is None:
            found[one.learners, one.subject].all += one.hours
            continue
        for class_id in part.classes:
            heard = found[class_id, one.subject]
            if part.whole:
                heard.all += one.hours
            elif part.division is None:
                heard.chosen += one.hours
            else:
                rivals = [other.id for other in planned.parts if other.division == part.division]
                hours = heard.divisions.setdefault(part.division, dict.fromkeys(rivals, NONE))
                hours[part.id] += one.hours
    return found


def _with_timetable(planned: Planned) -> Iterator[Difference]:
    load, timetable = _sums(planned.load), _sums(planned.timetable)
    for key in sorted({*load, *timetable}):
        wanted, found = load.get(key, NONE), timetable.get(key, NONE)
        if wanted != found:
            kind = DifferenceKind.BELOW_LOAD if found < wanted else DifferenceKind.ABOVE_LOAD
            learners, subject, teacher = key
            yield Difference(kind, learners, subject, teacher, wanted, found)


def _sums(given: Collection[Hours]) -> dict[tuple[UUID, UUID, UUID], Decimal]:
    found: dict[tuple[UUID, UUID, UUID], Decimal] = defaultdict(Decimal)
    for one in given:
        found[one.learners, one.subject, one.teacher] += one.hours
    return found


def total(load: Sequence[Hours], teacher: UUID) -> Decimal:
    """Return how many hours a week a teacher has."""
    return sum((one.hours for one in load if one.teacher == teacher), NONE)
