"""How learning goes, as listeners know it: averages, lessons missed, works not written, what is to be done next."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from core.event_people import StateModel


def learning_week_subject(pupil: UUID, day: date) -> str:
    """Name the subject "how this pupil's learning went in the week that ends on this day"."""
    return f"learning-week/{pupil}/{day.isoformat()}"


class SubjectAverage(StateModel):
    """The average of a subject's marks since ``LearningWeekState.counted_since``."""

    subject_name: str
    hundredths: int = Field(ge=100, le=500)
    """425 is 4.25."""
    before: int | None = Field(default=None, ge=100, le=500)
    """What it was when the week began, in hundredths; None: there were no marks yet."""


class DatedWork(StateModel):
    """Something of a subject that belongs to a day: homework, a control work."""

    subject_name: str
    day: date
    form: str = ""
    """Of a control work, in the school's own words."""


class LearningWeekState(StateModel):
    """A week of one pupil in numbers: no event of it is told here, only what they come to."""

    type: Literal["learning_week"] = "learning_week"
    pupil: UUID
    pupil_name: str
    """As it stands in messages: surname and given name, never declined."""
    class_title: str
    day: date
    """The last day of the week, on which it is told."""
    first: date
    """The first day of the week."""
    counted_since: date | None = None
    """From this day on averages and works count: the term's first day, or the school year's."""
    averages: tuple[SubjectAverage, ...] = ()
    """Of subjects in which there are marks, by their names."""
    marks: int = Field(default=0, ge=0)
    """Marks of the week."""
    missed: int = Field(default=0, ge=0)
    """Lessons missed in the week."""
    unexplained: int = Field(default=0, ge=0)
    """Of them, for a reason that the school does not know."""
    unwritten: tuple[DatedWork, ...] = ()
    """Control works that the pupil missed, and has no mark for."""
    homework: tuple[DatedWork, ...] = ()
    """What is to be done for lessons to come."""
    ahead: tuple[DatedWork, ...] = ()
    """Control works to come."""
    readers: tuple[UUID, ...] | None = None
    """Whom it was put together for; None: whoever wants to be told of it."""

    @property
    def is_empty(self) -> bool:
        """Tell whether it says nothing: averages alone, without anything new, are no news."""
        return not (self.marks or self.missed or self.unwritten or self.homework or self.ahead)
