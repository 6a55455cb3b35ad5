"""Tables of schema ``core`` and the outbox on the bus. ORM objects never leave core."""

from datetime import date, datetime, time
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Computed,
    DateTime,
    ForeignKey,
    Identity,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Table(DeclarativeBase):
    """Declarative registry; aware datetimes and text everywhere."""

    metadata = MetaData(schema="core")
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text,
        dict[str, Any]: JSONB(none_as_null=True),
    }


class School(Table):
    """An organisation; its data are kept apart from every other's (GEN-28)."""

    __tablename__ = "school"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    zone: Mapped[str]
    settings: Mapped[dict[str, Any]]
    version: Mapped[int]
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.authority.id"))
    """The municipality that it belongs to."""
    head_school_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.school.id"))
    """Of a branch: the organisation whose branch it is (MON-21)."""
    profile: Mapped[str] = mapped_column(server_default="region-2020")
    rules: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    """What this school decided otherwise than its profile."""


class Authority(Table):
    """A region or a municipality above schools (ROLE-36)."""

    __tablename__ = "authority"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.authority.id"))


class Person(Table):
    """A human being inside one school: pupil, guardian or employee, or several of these; or an authority's officer."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.school.id"))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.authority.id"))
    """Of an officer, who belongs to no school."""
    surname: Mapped[str]
    given: Mapped[str]
    patronymic: Mapped[str]
    birth_date: Mapped[date | None]
    sort_key: Mapped[str]
    merged_into: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    """Set on a duplicate: all that was his is that person's."""


class SchoolClass(Table):
    """A class of one school year (YEAR-01)."""

    __tablename__ = "school_class"
    __table_args__ = (UniqueConstraint("school_id", "year", "title"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    title: Mapped[str]
    class_teacher_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    grade: Mapped[int] = mapped_column(
        SmallInteger, Computed("coalesce(substring(title from '^[0-9]{1,2}')::smallint, 0)", persisted=True)
    )
    """1 to 11; 0 if the title names none."""
    shift: Mapped[int] = mapped_column(SmallInteger, server_default="1")


class Pupil(Table):
    """A person who learns in a class; in which ones by date, stands in ``enrolment``."""

    __tablename__ = "pupil"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    class_id: Mapped[UUID] = mapped_column(ForeignKey("core.school_class.id"))
    """Where he learns now; of whoever has left, where he learned last."""
    education_form: Mapped[str] = mapped_column(server_default="full-time")
    """How he learns (YEAR-29)."""
    form_since: Mapped[date | None]
    individual_plan: Mapped[bool] = mapped_column(server_default="false")
    left_on: Mapped[date | None]
    """Of whoever has left: his last day."""


class Staff(Table):
    """A person who works at the school; what he may do stands in his roles."""

    __tablename__ = "staff"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    position: Mapped[str]
    since: Mapped[date | None]
    until: Mapped[date | None]
    """The last day of work."""


class RoleAssignment(Table):
    """That a person has a role from one day to another, in a school, a class of it or an authority (ROLE-34)."""

    __tablename__ = "role_assignment"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    school_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.school.id"))
    authority_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.authority.id"))
    role: Mapped[str]
    class_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.school_class.id"))
    since: Mapped[date]
    until: Mapped[date | None]
    """The last day."""
    why: Mapped[str]
    """The order by which it was given."""
    by_list: Mapped[bool]
    """Follows from a position in the office's list, and may be taken back by one."""
    granted_by: Mapped[UUID | None]
    granted_at: Mapped[datetime]


class RoleRight(Table):
    """A school's own answer to "how far may this role do this" (ROLE-04); without a row the built-in table answers."""

    __tablename__ = "role_right"
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    act: Mapped[str] = mapped_column(primary_key=True)
    reach: Mapped[str]
    changed_by: Mapped[UUID | None]
    changed_at: Mapped[datetime]


class Guardianship(Table):
    """An adult's relation to a pupil; the consent that opens electronic channels stands in its register (CONS-01)."""

    __tablename__ = "guardianship"
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    guardian_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    relation: Mapped[str]
    may_see: Mapped[bool]
    barred: Mapped[bool]
    since: Mapped[date]
    until: Mapped[date | None]
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(server_default="parent")
    must_sign: Mapped[bool] = mapped_column(server_default="true")
    no_contact: Mapped[bool] = mapped_column(server_default="false")
    """By a court's order, or his own wish: he may look, and is told nothing."""
    priority: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    """Whom the school calls first."""
    basis: Mapped[str] = mapped_column(server_default="")
    """The paper that it rests on: an order of court, of guardianship authorities."""


class Contact(Table):
    """A mailbox as the office recorded it, with the date of its verification on paper, or as a person confirmed his."""

    __tablename__ = "contact"
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
    verified_on: Mapped[date | None]
    version: Mapped[int]
    own: Mapped[bool] = mapped_column(default=False)
    """Whether its person decided this himself: no list of the school says otherwise then."""


class Account(Table):
    """A messenger account; who may act through it stands in ``account_person``."""

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("channel", "external_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    external_id: Mapped[str]
    closed_at: Mapped[datetime | None]
    closed_why: Mapped[str | None]


class AccountPerson(Table):
    """Account ↔ person: one parent may have children in two schools, hence two persons."""

    __tablename__ = "account_person"
    account_id: Mapped[UUID] = mapped_column(ForeignKey("core.account.id"), primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    linked_at: Mapped[datetime]


class LinkCode(Table):
    """A one-time code that joins a person to an account. Only its keyed hash is kept."""

    __tablename__ = "link_code"
    code_hash: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    expires_at: Mapped[datetime]
    wrong_answers: Mapped[int] = mapped_column(SmallInteger)
    offered_to: Mapped[str | None]
    """``channel:external_id`` of the account that showed the code and still owes the child's birth date."""
    offered_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    used_by: Mapped[str | None]


class LinkAttempt(Table):
    """A wrong code or answer from an account; too many of them close the door for an hour."""

    __tablename__ = "link_attempt"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    account: Mapped[str]
    at: Mapped[datetime]


class Subject(Table):
    """A subject, named in full and in lower case, as in the curriculum plan (GEN-17)."""

    __tablename__ = "subject"
    __table_args__ = (UniqueConstraint("school_id", "name"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    name: Mapped[str]
    part: Mapped[str] = mapped_column(server_default="federal")
    """Of the federal plan, or the school's own component (YEAR-05)."""
    service: Mapped[str] = mapped_column(server_default="basic")
    """What it is taught as (TT-02): a lesson, an extra-curricular course, additional education."""


class Slot(Table):
    """A weekly place in the timetable of a class, a group or one pupil (TT-01)."""

    __tablename__ = "slot"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    class_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.school_class.id"))
    group_id: Mapped[UUID | None]
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    weekday: Mapped[int] = mapped_column(SmallInteger)
    """ISO: Monday is 1."""
    number: Mapped[int] = mapped_column(SmallInteger)
    starts: Mapped[time | None]
    """None: by the bells."""
    ends: Mapped[time | None]
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("core.subject.id"))
    teacher_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    room_id: Mapped[UUID | None]
    shift: Mapped[int] = mapped_column(SmallInteger, server_default="1")
    since: Mapped[date | None]
    until: Mapped[date | None]
    """The last day."""
    every: Mapped[str] = mapped_column(server_default="week")
    service: Mapped[str] = mapped_column(server_default="basic")


class Lesson(Table):
    """A lesson of a day, as the timetable and its changes have it."""

    __tablename__ = "lesson"
    __table_args__ = (UniqueConstraint("slot_id", "planned_day"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID] = mapped_column(ForeignKey("core.school.id"))
    slot_id: Mapped[UUID] = mapped_column(ForeignKey("core.slot.id"))
    planned_day: Mapped[date]
    """On which the timetable has it; ``day`` is another if it was moved."""
    class_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.school_class.id"))
    group_id: Mapped[UUID | None]
    pupil_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    classes: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """Of those who have it; a class in quarantine is left out of a stream's."""
    distant: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default="{}")
    """Those of the classes that do not come for it."""
    subject_id: Mapped[UUID] = mapped_column(ForeignKey("core.subject.id"))
    teacher_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    substitute_id: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    """Who gives it in the teacher's place (ROLE-27)."""
    room_id: Mapped[UUID | None]
    day: Mapped[date]
    number: Mapped[int] = mapped_column(SmallInteger)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    cancelled: Mapped[str | None]
    """Why it is not held (TT-15)."""
    cancelled_note: Mapped[str] = mapped_column(server_default="")


class RollCall(Table):
    """That the roll of a lesson was called: without it "nobody absent" and "nobody looked" are the same."""

    __tablename__ = "roll_call"
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id"), primary_key=True)
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    recorded_at: Mapped[datetime]
    version: Mapped[int]
    withdrawn: Mapped[bool]
    """Taken back by whoever called it: as if it had not been called."""
    previous: Mapped[dict[str, Any] | None]
    """Entries before the last change; None if it was the first calling."""
    learners: Mapped[list[UUID] | None] = mapped_column(ARRAY(Uuid))
    """Who was on it: whoever came into the class later was not seen at it. None, of rolls of old: nobody knows."""


class Absence(Table):
    """A pupil's absence from a lesson. A correction removes or changes the row; the audit keeps what was."""

    __tablename__ = "absence"
    lesson_id: Mapped[UUID] = mapped_column(ForeignKey("core.lesson.id"), primary_key=True)
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    day: Mapped[date]
    code: Mapped[str]
    recorded_by: Mapped[UUID | None] = mapped_column(ForeignKey("core.person.id"))
    recorded_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(server_default="unexplained")
    """What the code came to when it was entered: a school may give it another meaning later (CONF-01)."""
    missed: Mapped[bool] = mapped_column(server_default="true")
    """Whether the lesson counts as missed."""
    told: Mapped[bool] = mapped_column(server_default="true")
    """Whether the family is told of it unasked."""


class AttendanceDay(Table):
    """Head of the subject "this pupil's attendance on this day"; its version is raised under its lock."""

    __tablename__ = "attendance_day"
    pupil_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    version: Mapped[int]


class AuditRow(Table):
    """Who did what, when, from what to what, through which account (AUDIT-01). Append-only by grant."""

    __tablename__ = "audit"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    school_id: Mapped[UUID]
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    via: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]
    before: Mapped[dict[str, Any] | None]
    after: Mapped[dict[str, Any] | None]
    why: Mapped[str | None]
    salt: Mapped[bytes | None]
    """None once the words were erased."""
    commitment: Mapped[bytes]
    """SHA-256 of the salt and the words; stands in the chain in their place."""
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    sealed: Mapped[bool] = mapped_column(server_default="false")


class Command(Table):
    """Key of a command that was carried out: the same key twice acts once (house.md §2.12)."""

    __tablename__ = "command"
    key: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class BusTable(DeclarativeBase):
    """Declarative registry of what core writes on the bus."""

    metadata = MetaData(schema="bus")
    type_annotation_map = Table.type_annotation_map


class OutboxRow(BusTable):
    """An event that waits to be planned; taken out in the transaction that plans it."""

    __tablename__ = "outbox"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    """Order of writing, for reading in turn; never a checkpoint, since rows commit out of this order."""
    part: Mapped[int] = mapped_column(SmallInteger)
    event: Mapped[dict[str, Any]]
    at: Mapped[datetime]
