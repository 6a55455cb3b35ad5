"""How many control works one pupil may have on a day and in a week. Pure.

What counts is what one pupil of the class may have: two halves of a class that write on one day write one work each.
Of a pupil taught alone only his own works count, as in ``core.year.clashes``: he is taken out of his class's lessons.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core.year.span import Span

A_DAY = 1
"""Works of a class on one day: letter of the Ministry of Education № СК-228/03 and of Rosobrnadzor № 01-169/08-01 of
6 August 2021 on schedules of assessment."""
A_WEEK = 3
"""Works of a class in a week. Ours: neither the documents of the catalogue nor that letter give a number."""
_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """A control work as the limits see it."""

    work: UUID
    day: date
    learners: UUID
    """The class, the group or the pupil."""
    classes: frozenset[UUID]
    division: UUID | None = None
    """Of a group: its division, whose groups share no pupil."""
    is_alone: bool = False
    """Of one pupil, taught apart from his class."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """More works than there may be."""

    of: UUID
    """The class, or the pupil who is taught alone."""
    span: Span
    """The day, or the week from Monday to Sunday."""
    limit: int
    works: tuple[UUID, ...]


def week_of(day: date) -> Span:
    """Return the week of a day, from Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Span(monday, monday + _WEEK - timedelta(days=1))


def crowds(sittings: Iterable[Sitting]) -> tuple[Crowd, ...]:
    """Find every day and every week with more works of a class than there may be, in the order of days."""
    by_learners: dict[UUID, list[Sitting]] = defaultdict(list)
    for one in sittings:
        for concerned in _whom(one):
            by_learners[concerned].append(one)
    found = [crowd for whose, theirs in by_learners.items() for crowd in _of(whose, theirs)]
    return tuple(sorted(found, key=lambda one: (one.span, one.of)))


def crowded_by(new: Sitting, others: Iterable[Sitting]) -> Crowd | None:
    """Find the day or the week that a new work would overfill; None: it may be planned."""
    theirs = [one for one in others if one.work != new.work and _may_share_a_pupil(new, one)]
    found = (one for one in crowds([*theirs, new]) if new.work in one.works and one.of in _whom(new))
    return next(found, None)


def _whom(one: Sitting) -> frozenset[UUID]:
    return frozenset((one.learners,)) if one.is_alone else one.classes


def _may_share_a_pupil(one: Sitting, other: Sitting) -> bool:
    if one.learners == other.learners:
        return True
    if one.is_alone or other.is_alone or (one.division is not None and one.division == other.division):
        return False
    return not one.classes.isdisjoint(other.classes)


def _of(whose: UUID, sittings: Sequence[Sitting]) -> Iterator[Crowd]:
    for limit, span_of in ((A_DAY, _day_of), (A_WEEK, week_of)):
        by_span: dict[Span, list[Sitting]] = defaultdict(list)
        for one in sittings:
            by_span[span_of(one.day)].append(one)
        for span, within in by_span.items():
            if _most(within) > limit:
                works = sorted(within, key=lambda one: (one.day, one.work))
                yield Crowd(whose, span, limit, tuple(one.work for one in works))


def _day_of(day: date) -> Span:
    return Span(day, day)


def _most(sittings: Iterable[Sitting]) -> int:
    """Count the works that one pupil may have: of groups that exclude each other, those of the one that has most."""
    of_everybody, by_division = 0, defaultdict[UUID, Counter[UUID]](Counter)
    for one in sittings:
        if one.division is None:
            of_everybody += 1
        else:
            by_division[one.division][one.learners] += 1
    return of_everybody + sum(max(groups.values()) for groups in by_division.values())
