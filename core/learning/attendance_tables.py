"""Tables of schema ``core`` around the roll: late and early, announced and ordered absences, rolls of events, locks."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, SmallInteger, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class PartialAttendance(Table):
    """That a pupil was at a lesson, but not from its beginning or not to its end (ATT-07)."""

    __tablename__ = "partial_attendance"
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id"), primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    day: Mapped[date]
    late_minutes: Mapped[int | None] = mapped_column(SmallInteger)
    left_early: Mapped[str | None]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    recorded_at: Mapped[datetime]


class RollTap(Table):
    """When a child was last tapped on a page of the roll, and in which browser; forgotten after a while."""

    __tablename__ = "roll_tap"
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id", ondelete="CASCADE"), primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(primary_key=True)
    page: Mapped[UUID]
    tapped_at: Mapped[datetime]
    """By the finger."""
    taken_at: Mapped[datetime]
    """When it came."""


class AbsenceRecheck(Table):
    """That the class teacher has gone over the absent of a day (DL-02, ATT-10)."""

    __tablename__ = "absence_recheck"
    class_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_class.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    rechecked_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    rechecked_at: Mapped[datetime]
    seen: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    """What was gone over: absences by lesson, and whether their cause was known."""


class RollDeadline(Table):
    """Head of the subject "the roll of this lesson is late" (DL-01)."""

    __tablename__ = "roll_deadline"
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id"), primary_key=True)
    day: Mapped[date]
    teacher_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    """Of whom it was told last that he has to call it."""
    version: Mapped[int]
    overdue: Mapped[bool]
    """Whether anybody waits for it still."""
    step: Mapped[int]
    """How far it has come: 1 the lesson has begun, 2 it is nearly late, 3 it is late."""
    rung: Mapped[int]
    """How often its teacher was reminded."""
    silent: Mapped[bool]
    """He was reminded often enough that day."""


class SchoolRolls(Table):
    """Head of the subject "these rolls of the school are late now", for its administration."""

    __tablename__ = "school_rolls"
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int]
    lessons: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Whose rolls were late when it was told last."""
    rung: Mapped[int]
    """How often it rang that day."""


class SchoolMorning(Table):
    """That a school's morning was told."""

    __tablename__ = "school_morning"
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class AnnouncedAbsence(Table):
    """What a family said beforehand: the child will not come on these days."""

    __tablename__ = "announced_absence"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    first: Mapped[date]
    last: Mapped[date]
    reason: Mapped[str]
    note: Mapped[str]
    certificate: Mapped[bool]
    """Whether a certificate was, or will be, brought."""
    announced_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    announced_at: Mapped[datetime]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int]


class ReleaseOrder(Table):
    """An order that lets pupils go from lessons: an olympiad, a competition, a duty."""

    __tablename__ = "release_order"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    number: Mapped[str]
    ordered_on: Mapped[date]
    kind: Mapped[str]
    title: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    lessons: Mapped[list[int] | None] = mapped_column(ARRAY(SmallInteger))
    """Numbers of the lessons of each day; None: all."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    made_at: Mapped[datetime]
    withdrawn_by: Mapped[UUID | None]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int]


class ReleasedPupil(Table):
    """One of those whom an order lets go."""

    __tablename__ = "released_pupil"
    release_id: Mapped[UUID] = mapped_column(ForeignKey("core.release_order.id"), primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)


class EventRoll(Table):
    """That the roll of a school event was called (ATT-18)."""

    __tablename__ = "event_roll"
    event_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_event.id"), primary_key=True)
    classes: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """For which of its classes: of the others nobody knows who was there."""
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    recorded_at: Mapped[datetime]
    version: Mapped[int]


class EventAbsence(Table):
    """A pupil's absence from a school event."""

    __tablename__ = "event_absence"
    event_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_event.id"), primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    code: Mapped[str]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    recorded_at: Mapped[datetime]


class JournalUnlock(Table):
    """The administration's leave to change a lesson that is locked, with its reason (ATT-11, CONF-05)."""

    __tablename__ = "journal_unlock"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id"))
    until: Mapped[datetime]
    why: Mapped[str]
    given_by: Mapped[UUID | None]
    given_at: Mapped[datetime]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]


class FinalsLock(Table):
    """That final marks of a period are set: its lessons of this subject are closed (AUDIT-04)."""

    __tablename__ = "finals_lock"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    learners_id: Mapped[UUID]
    """A class, a group or a pupil."""
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("core.subject.id"))
    first: Mapped[date]
    last: Mapped[date]
    set_by: Mapped[UUID | None]
    set_at: Mapped[datetime]


class AbsenceAnswer(Table):
    """A guardian's answer about a day: a proposed reason, not yet the school's decision."""

    __tablename__ = "absence_answer"
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    reason: Mapped[str]
    at: Mapped[datetime]
    lesson_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.lesson.id"))
    """Of the entry that he disputes, and that somebody was told of; None: he disputes none."""
