"""The whole contract between the journal and whoever listens: CloudEvents 1.0 with typed data.

An event carries the whole state of its subject at a version, not an edge: whoever reads two of them out of order keeps
the higher version and is right. Extension attributes: ``school``, ``version``.
Source of the envelope: CloudEvents specification 1.0, JSON format.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID, uuid4

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter

from core.event_attendance import (
    AbsenceDisputedState,
    AttendanceDayState,
    GuardianAnswer,
    LateLesson,
    LessonAbsence,
    LessonAttended,
    RollOverdueState,
    RollStep,
    SchoolMorningState,
    SchoolRollsState,
    dispute_subject,
    roll_subject,
    school_morning_subject,
    school_rolls_subject,
)
from core.event_learning import DatedWork, LearningWeekState, SubjectAverage, learning_week_subject
from core.event_people import (
    Addressee,
    AddressState,
    ConsentTerm,
    GuardianshipState,
    MailboxLinkState,
    PasswordLinkState,
    PersonMergedState,
    StateModel,
    StrangeEntryState,
)
from core.event_school import SchoolSettings, SchoolState, SchoolTelling
from core.event_subjects import (
    address_subject,
    attendance_subject,
    control_work_subject,
    guardianship_subject,
    homework_subject,
    mailbox_link_subject,
    mark_subject,
    merged_subject,
    notice_subject,
    password_link_subject,
    remark_subject,
    school_event_subject,
    school_subject,
    strange_entry_subject,
    timetable_subject,
)
from core.event_timetable import (
    ControlWorkState,
    PlannedAs,
    SchoolEventState,
    SchoolRest,
    TimetableDayState,
    TimetableLesson,
)
from core.event_words import (
    AbsenceKind,
    Channel,
    ConsentPurpose,
    DaySituation,
    DefaultSubscriptions,
    Insisted,
    LeftEarly,
    NotHeld,
    NoticeAct,
    NoticeAsk,
    ProposedReason,
    RelationKind,
    RemarkKind,
    SchoolKind,
)

__all__ = [
    "BAD_BELOW",
    "BELL",
    "PARTITIONS",
    "AbsenceDisputedState",
    "AbsenceKind",
    "AddressState",
    "Addressee",
    "AttendanceDayState",
    "Channel",
    "ConsentPurpose",
    "ConsentTerm",
    "ControlWorkState",
    "DatedWork",
    "DaySituation",
    "DefaultSubscriptions",
    "Event",
    "GuardianAnswer",
    "GuardianshipState",
    "HomeworkState",
    "Insisted",
    "LateLesson",
    "LearningWeekState",
    "LeftEarly",
    "LessonAbsence",
    "LessonAttended",
    "MailboxLinkState",
    "MarkState",
    "NoSubject",
    "NotHeld",
    "NoticeAct",
    "NoticeAnswer",
    "NoticeAsk",
    "NoticeState",
    "PasswordLinkState",
    "PersonMergedState",
    "PlannedAs",
    "ProposedReason",
    "RelationKind",
    "RemarkKind",
    "RemarkState",
    "RollOverdueState",
    "RollStep",
    "SchoolEventState",
    "SchoolKind",
    "SchoolMorningState",
    "SchoolRest",
    "SchoolRollsState",
    "SchoolSettings",
    "SchoolState",
    "SchoolTelling",
    "State",
    "StrangeEntryState",
    "Subject",
    "SubjectAverage",
    "TimetableDayState",
    "TimetableLesson",
    "address_subject",
    "attendance_subject",
    "control_work_subject",
    "dispute_subject",
    "event",
    "guardianship_subject",
    "homework_subject",
    "learning_week_subject",
    "mailbox_link_subject",
    "mark_subject",
    "merged_subject",
    "notice_subject",
    "partition_of",
    "password_link_subject",
    "read_state",
    "remark_subject",
    "roll_subject",
    "school_event_subject",
    "school_morning_subject",
    "school_rolls_subject",
    "school_subject",
    "strange_entry_subject",
    "timetable_subject",
]

PARTITIONS = 64
"""Planning is serialised inside one of so many partitions of schools."""
BELL = "zvonok_outbox"
"""Name of the PostgreSQL channel on which the outbox's bell rings after a commit."""


BAD_BELOW = 3
"""A mark below it is unsatisfactory (MARK-25)."""


class MarkState(StateModel):
    """A mark for a lesson. ``value`` None: it was taken back."""

    type: Literal["mark"] = "mark"
    mark: UUID
    pupil: UUID
    pupil_name: str
    """As it stands in messages: surname and given name, never declined."""
    class_title: str
    lesson: UUID
    day: date
    """Of the lesson (MARK-06)."""
    lesson_number: int
    subject_name: str
    value: int | None = Field(ge=1, le=5)
    work: str
    """Kind of work done (MARK-08), as the school names it: «ответ на уроке»."""

    @property
    def is_bad(self) -> bool:
        """Tell whether the mark is unsatisfactory (MARK-25)."""
        return self.value is not None and self.value < BAD_BELOW


class RemarkState(StateModel):
    """A teacher's remark or praise about a pupil."""

    type: Literal["remark"] = "remark"
    remark: UUID
    pupil: UUID
    pupil_name: str
    class_title: str
    kind: RemarkKind
    day: date
    subject_name: str | None
    """Of the lesson at which it was written; None outside lessons."""
    author_name: str
    """Surname, given name and patronymic: parents know teachers by these."""
    text: str
    withdrawn: bool = False


class HomeworkState(StateModel):
    """What a class has to do for one lesson; its subject is the lesson at which it is due (HW-05)."""

    type: Literal["homework"] = "homework"
    lesson: UUID
    class_title: str
    pupils: tuple[Addressee, ...]
    subject_name: str
    set_on: date
    due_on: date
    text: str
    """«Не задано» where nothing is set (HW-08)."""
    nothing_set: bool = False
    withdrawn: bool = False


class NoticeAnswer(StateModel):
    """What one guardian did with a notice."""

    guardian: UUID
    act: NoticeAct
    at: AwareDatetime


class NoticeState(StateModel):
    """A notice to the families of a class."""

    type: Literal["notice"] = "notice"
    notice: UUID
    class_title: str
    pupils: tuple[Addressee, ...]
    author_name: str
    title: str
    text: str
    text_hash: str
    """SHA-256 of title and text, hexadecimal: what exactly was signed."""
    ask: NoticeAsk
    reply_by: date | None
    published_on: date
    answers: tuple[NoticeAnswer, ...] = ()
    withdrawn: bool = False


NoSubject = (SchoolState, GuardianshipState, AddressState, PersonMergedState)
"""States of which nobody is told: by them others are told."""
type Subject = (
    AttendanceDayState
    | MarkState
    | RemarkState
    | HomeworkState
    | NoticeState
    | TimetableDayState
    | ControlWorkState
    | SchoolEventState
    | LearningWeekState
    | PasswordLinkState
    | MailboxLinkState
    | StrangeEntryState
    | RollOverdueState
    | SchoolMorningState
    | SchoolRollsState
    | AbsenceDisputedState
)
"""States that people are told of: families, and the school's own people of the last two."""
# Written out: through the alias above the discriminator would be lost, and every kind tried in turn.
type State = Annotated[
    SchoolState
    | GuardianshipState
    | AddressState
    | PersonMergedState
    | AttendanceDayState
    | MarkState
    | RemarkState
    | HomeworkState
    | NoticeState
    | TimetableDayState
    | ControlWorkState
    | SchoolEventState
    | LearningWeekState
    | PasswordLinkState
    | MailboxLinkState
    | StrangeEntryState
    | RollOverdueState
    | SchoolMorningState
    | SchoolRollsState
    | AbsenceDisputedState,
    Field(discriminator="type"),
]

_STATE: TypeAdapter[State] = TypeAdapter(State)


class Event(BaseModel):
    """A CloudEvents 1.0 envelope around the state of one subject."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    """Whoever sends an event makes it: one made up by the reader would turn each redelivery into another event."""
    source: str = "urn:zvonok:core"
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    school: UUID
    version: int = Field(ge=1, le=2**31 - 1)
    data: State


def event(state: State, *, subject: str, school: UUID, version: int, at: datetime) -> Event:
    """Wrap the state of a subject at a version; the event's type is the state's, under our name."""
    name = f"zvonok.{state.type}"
    return Event(id=uuid4(), type=name, subject=subject, school=school, version=version, time=at, data=state)


def read_state(data: object) -> State:
    """Read a state back from its JSON form, or the text of it. Raises ``pydantic.ValidationError`` if it is none."""
    if isinstance(data, str):
        return _STATE.validate_json(data, strict=False)
    return _STATE.validate_python(data, strict=False)


def partition_of(school: UUID) -> int:
    """Return the planning partition (0…63) of a school; stable for ever, since locks and rows name it."""
    return school.int % PARTITIONS
