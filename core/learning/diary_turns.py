"""What a lesson of several classes is to one pupil: a closed day, or distance, may concern his class alone. Pure.

A stream goes on without a class in quarantine; the first grade of a combined class has holidays of its own.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from core.learning.diary_places import Places
from core.timetable.reading import YearRead
from core.year.changes import Closed, DayAct, LessonKey, in_force
from core.year.planned import Cancelled, planned_lessons
from core.year.span import Span

type Classes = Collection[UUID]


@dataclass(frozen=True, slots=True)
class Turn:
    """What a lesson is to the pupil."""

    distant: bool
    """He does not come for it."""
    closed: Cancelled | None = None
    """Why it is not held for him, though it may be for others."""


def of_lesson(
    places: Places, learners: UUID | None, key: LessonKey, day: date, by: tuple[Classes, Classes]
) -> Turn | None:
    """Tell what a lesson held on a day is to the pupil; None: it is none of his.

    ``by`` are the classes that have it, and those of them that do not come for it.
    """
    classes, distant = by
    if not places.has(learners, day):
        return None
    if learners == places.pupil:
        return Turn(bool(distant))
    here = places.on(day)
    if here is None:
        return None
    if here.class_id in classes:
        return Turn(here.class_id in distant)
    closed = _closed(places.year_of(day), key, day, here.class_id)
    return None if closed is None else Turn(distant=False, closed=closed)


def _closed(read: YearRead, key: LessonKey, day: date, class_id: UUID) -> Cancelled | None:
    """Tell by what act a lesson is not held for a class that would have it otherwise."""
    name, planned_day = key
    slot = next((one for one in read.plan.slots if one.id == name and one.in_force(planned_day)), None)
    part = next((one for one in slot.learners.parts if one.class_id == class_id), None) if slot else None
    if slot is None or part is None:
        return None
    acts = in_force(read.changes).acts.get(day, ())
    effects = (act.effect for act in acts if act.scope.concerns(part, slot.shift))
    closed = next((effect for effect in effects if isinstance(effect, Closed)), None)
    if closed is None:
        return None
    others = [one for one in read.changes if not (isinstance(one, DayAct) and isinstance(one.effect, Closed))]
    due = planned_lessons(replace(read.plan, slots=(slot,)), others, Span(day, day))
    is_his = any(one.key == key and class_id in one.classes for one in due)
    return Cancelled(closed.reason, closed.note) if is_his else None
