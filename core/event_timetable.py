"""The timetable as listeners know it: the lessons of a day with what changed and why, control works, school events."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, model_validator

from core.event_people import Addressee, StateModel
from core.event_words import NotHeld


class SchoolRest(StateModel):
    """Days without lessons for the whole school, both included: holidays, or a single day off (YEAR-04)."""

    first: date
    last: date

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "SchoolRest":
        """Refuse what nobody could time a letter by: it would stop the planning of its whole partition."""
        if self.last < self.first:
            raise ValueError("a rest ends before it begins")
        return self


class PlannedAs(StateModel):
    """How the weekly timetable has a lesson that is held otherwise."""

    day: date
    number: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    subject_name: str
    teacher_name: str
    room_name: str | None


class TimetableLesson(StateModel):
    """One lesson of the day: held on it, or planned for it and moved to another."""

    lesson: UUID
    day: date
    """On which it is held; another than the state's: it was moved away."""
    number: int
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    subject_name: str
    teacher_name: str
    """Of whoever gives it: surname, given name and patronymic."""
    room_name: str | None
    substituted: bool = False
    """Somebody else than its teacher gives it (TT-05)."""
    cancelled: NotHeld | None = None
    """Why it is not held (TT-15)."""
    cancelled_note: str = ""
    distant: tuple[str, ...] = ()
    """Titles of the classes that do not come for it."""
    left_out: tuple[str, ...] = ()
    """Titles of the classes that do not have it, while others of the same stream do."""
    was: PlannedAs | None = None
    """How the weekly timetable has it; None: just so, or not on this day at all."""

    @property
    def is_changed(self) -> bool:
        """Tell whether it is held otherwise than the weekly timetable says, or not at all."""
        told = self.was is not None or self.cancelled is not None or self.substituted
        return told or bool(self.distant or self.left_out)


class TimetableDayState(StateModel):
    """The timetable of a class, a group, a stream or one pupil on a day: one subject, with its lessons as parts."""

    type: Literal["timetable_day"] = "timetable_day"
    learners: UUID
    class_title: str
    """What those who learn together are called: a class, a group, a stream, a pupil."""
    pupils: tuple[Addressee, ...]
    """Who is among them on that day."""
    day: date
    lessons: tuple[TimetableLesson, ...]
    """In the order of their beginning."""
    taught_by: date | None = None
    """The day by whose timetable this one is taught, by an act of the school."""


class ControlWorkState(StateModel):
    """A control work planned for a lesson; it goes with the lesson, whatever becomes of that (TT-12)."""

    type: Literal["control_work"] = "control_work"
    work: UUID
    class_title: str
    """What those who write it are called: a class, a group, a stream, a pupil."""
    pupils: tuple[Addressee, ...]
    """Who learns at the lesson on its day."""
    lesson: UUID
    day: date
    """On which the lesson is held; it changes with the lesson, and when the work is moved to another."""
    number: int
    subject_name: str
    form: str
    """In the school's own words: «контрольная работа», «диктант», «тест»."""
    topic: str
    planned_on: date
    """The school day on which it was planned; it never changes."""
    cancelled: NotHeld | None = None
    """Why the lesson is not held; the work is then to be moved."""
    withdrawn: bool = False


class SchoolEventState(StateModel):
    """What a school or some classes do beside lessons (YEAR-31, TT-11)."""

    type: Literal["school_event"] = "school_event"
    event: UUID
    title: str
    place: str
    note: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    classes: tuple[str, ...] | None
    """Titles of the classes, in the school's order; null: the whole school's."""
    pupils: tuple[Addressee, ...]
    """Who is in these classes, or at the school, on the day on which it begins."""
    planned_on: date
    """The school day on which it was planned; it never changes."""
    withdrawn: bool = False
