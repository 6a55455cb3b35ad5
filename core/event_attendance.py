"""What listeners know of attendance: a pupil's day, late rolls, mornings of schools, entries that are disputed."""

from datetime import date
from enum import StrEnum
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from core.event_people import StateModel
from core.event_words import AbsenceKind, DaySituation, LeftEarly, ProposedReason


def roll_subject(lesson: UUID) -> str:
    """Name the subject "the roll of this lesson"."""
    return f"roll/{lesson}"


def school_rolls_subject(school: UUID, day: date) -> str:
    """Name the subject "the rolls of this school that are late on this day"."""
    return f"school-rolls/{school}/{day.isoformat()}"


def school_morning_subject(school: UUID, day: date) -> str:
    """Name the subject "the morning of this school"."""
    return f"school-morning/{school}/{day.isoformat()}"


def dispute_subject(pupil: UUID, day: date, guardian: UUID) -> str:
    """Name the subject "this guardian says that this child was at school on this day"."""
    return f"absence-dispute/{pupil}/{day.isoformat()}/{guardian}"


class LessonAbsence(StateModel):
    """One lesson from which the pupil was absent."""

    lesson: UUID
    number: int
    subject_name: str
    starts_at: AwareDatetime
    code: str
    kind: AbsenceKind
    recorded_at: AwareDatetime
    told: bool | None = None
    """Whether the school wants the family told unasked (CONF-01); None, in events of old: of unexplained ones."""

    @property
    def is_told(self) -> bool:
        """Tell whether the family is told of it unasked."""
        return self.kind is AbsenceKind.UNEXPLAINED if self.told is None else self.told


class LessonAttended(StateModel):
    """One lesson at which the pupil was, by its roll; not from its beginning, or not to its end, perhaps (ATT-07)."""

    lesson: UUID
    number: int
    subject_name: str
    starts_at: AwareDatetime
    late_minutes: int | None = None
    left_early: LeftEarly | None = None


class GuardianAnswer(StateModel):
    """What one guardian answered about this day."""

    guardian: UUID
    reason: ProposedReason
    at: AwareDatetime


class AttendanceDayState(StateModel):
    """One day of a pupil: one subject, with the lessons as its parts."""

    type: Literal["attendance_day"] = "attendance_day"
    pupil: UUID
    pupil_name: str
    """As it stands in messages: surname and given name, never declined."""
    class_title: str
    day: date
    absences: tuple[LessonAbsence, ...]
    answers: tuple[GuardianAnswer, ...] = ()
    missed_lessons: int
    """Lessons missed in this school year, this day included, counted in the transaction of the event."""
    attended: tuple[LessonAttended, ...] = ()
    """Lessons of the day whose roll was called, and at which the pupil was."""
    situation: DaySituation = DaySituation.PRESENT
    """How the day stands at this version; in events of old, which know of no lessons attended, not to be relied on."""
    counted_since: date | None = None
    """First day that the count covers: 1 September, or the first day of the school's journal if that came later.
    None: not known."""


class RollStep(StrEnum):
    """How far a roll that is not called has come."""

    BEGUN = "begun"
    """Its lesson has begun."""
    SOON = "soon"
    """It is nearly late."""
    LATE = "late"
    """It is late."""


class RollOverdueState(StateModel):
    """Whether the roll of a lesson is waited for, or late (DL-01): one subject for each lesson of which it ever was."""

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
    step: RollStep = RollStep.LATE
    silent: bool = False
    """Its teacher was reminded often enough that day: no message of its own says this."""


class LateLesson(StateModel):
    """A lesson whose roll is late."""

    lesson: UUID
    class_title: str
    subject_name: str
    number: int
    starts_at: AwareDatetime
    teacher_name: str
    """Surname, given name and patronymic."""


class SchoolRollsState(StateModel):
    """Which rolls of a school are late at a moment: one subject for each day on which any was."""

    type: Literal["school_rolls"] = "school_rolls"
    day: date
    lessons: tuple[LateLesson, ...]
    """In the order in which they began; none: all were called after all."""
    administration: tuple[UUID, ...]
    """Who answers for the journal: the deputies, or the director where there are none."""
    rings: int = Field(ge=0)
    """How often more rolls had become late so far, and were worth a message: a school sets how often in a day."""


class SchoolMorningState(StateModel):
    """A school's morning in numbers, at the moment its rules name: one subject for each day with lessons."""

    type: Literal["school_morning"] = "school_morning"
    day: date
    at: AwareDatetime
    classes: int
    """That learn at school on this day."""
    called: int
    """Those of them of which a roll was called."""
    enrolled: int
    present: int
    """Of the enrolled: who is there, by the newest roll; where none was called, who is to come."""
    unknown: int
    """Pupils who have missed a lesson of today without a known cause."""
    late_rolls: int
    substituted: int
    """Lessons of the day given by another."""
    cancelled: int
    """Lessons of the day that are not held."""
    administration: tuple[UUID, ...]
    """Who answers for the school: director and deputies."""


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
