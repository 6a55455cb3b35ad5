"""What listeners know of attendance besides a pupil's day: rolls that are late, and entries that a family disputes."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from core.event_people import StateModel


def roll_subject(lesson: UUID) -> str:
    """Name the subject "the roll of this lesson"."""
    return f"roll/{lesson}"


def dispute_subject(pupil: UUID, day: date, guardian: UUID) -> str:
    """Name the subject "this guardian says that this child was at school on this day"."""
    return f"absence-dispute/{pupil}/{day.isoformat()}/{guardian}"


class RollOverdueState(StateModel):
    """Whether the roll of a lesson is late (DL-01): one subject for each lesson of which it ever was."""

    type: Literal["roll_overdue"] = "roll_overdue"
    lesson: UUID
    class_title: str
    """What those who have it are called: a class, a group, a stream, a pupil."""
    subject_name: str
    teacher: UUID
    """Who gives it, and has to call the roll: its teacher, or whoever replaces him."""
    teacher_name: str
    """Surname, given name and patronymic."""
    day: date
    number: int
    starts_at: AwareDatetime
    minutes: int = Field(ge=1)
    """Within so many minutes of its beginning the school wants it called."""
    overdue: bool
    """False: it was called after all, or nobody waits for it any more, since the lesson is not held."""


class AbsenceDisputedState(StateModel):
    """«Ребёнок в школе, это ошибка»: what a guardian says of an entry, for whoever made it."""

    type: Literal["absence_disputed"] = "absence_disputed"
    pupil: UUID
    pupil_name: str
    """As it stands in messages: surname and given name, never declined."""
    class_title: str
    guardian: UUID
    day: date
    lesson: UUID
    """Of the entry that he speaks of."""
    lesson_number: int
    subject_name: str
    teacher: UUID
    """Who gave that lesson."""
    class_teachers: tuple[UUID, ...] = ()
    """Who answers for the class on that day: its teacher, and whoever stands in for him."""
    disputed: bool
    """False: he says otherwise by now, or the entry is gone."""
