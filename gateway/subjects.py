"""What every subject says of itself, whatever it is about: whose family it concerns, and its school day. Pure."""

from collections.abc import Collection
from datetime import date
from typing import assert_never
from uuid import UUID

from core.events import (
    AbsenceDisputedState,
    AttendanceDayState,
    ConsentPurpose,
    ControlWorkState,
    HomeworkState,
    LearningWeekState,
    MailboxLinkState,
    MarkState,
    NoSubject,
    NoticeState,
    PasswordLinkState,
    RemarkState,
    RollOverdueState,
    SchoolEventState,
    SchoolMorningState,
    SchoolRollsState,
    StrangeEntryState,
    Subject,
    TimetableDayState,
    read_state,
)
from gateway.duty_content import DutyState
from gateway.own_affairs import duties, own_affairs


def day_of(state: Subject) -> date:
    """Return the school date of a subject; it never changes, since the subject's partition follows from it."""
    match state:
        case AttendanceDayState() | MarkState() | RemarkState() | TimetableDayState():
            return state.day
        case HomeworkState():
            return state.due_on
        case NoticeState():
            return state.published_on
        case ControlWorkState() | SchoolEventState():
            # Both may be moved; the day on which they were planned never is.
            return state.planned_on
        case PasswordLinkState() | MailboxLinkState() | StrangeEntryState() | LearningWeekState():
            return state.day
        case RollOverdueState() | AbsenceDisputedState() | SchoolRollsState() | SchoolMorningState():
            return state.day
        case _ as never:
            assert_never(never)


def pupils_of(state: Subject) -> tuple[UUID, ...]:
    """Return the pupils whose families a subject concerns."""
    match state:
        case AttendanceDayState() | MarkState() | RemarkState() | LearningWeekState():
            return (state.pupil,)
        case HomeworkState() | NoticeState() | TimetableDayState() | ControlWorkState() | SchoolEventState():
            return tuple(addressee.pupil for addressee in state.pupils)
        case PasswordLinkState() | StrangeEntryState():
            return (own_affairs(state.person),)
        case MailboxLinkState():
            return (own_affairs(state.claim),)
        case RollOverdueState() | AbsenceDisputedState() | SchoolRollsState() | SchoolMorningState():
            return tuple(duties(one) for one in on_duty(state))
        case _ as never:
            assert_never(never)


def names_of(state: Subject, followed: Collection[UUID]) -> tuple[str, ...]:
    """Return the names of those pupils of the subject whom a reader follows."""
    match state:
        case AttendanceDayState() | MarkState() | RemarkState() | LearningWeekState():
            return (state.pupil_name,)
        case HomeworkState() | NoticeState() | TimetableDayState() | ControlWorkState() | SchoolEventState():
            return tuple(one.name for one in state.pupils if one.pupil in followed)
        case PasswordLinkState() | MailboxLinkState() | StrangeEntryState():
            return ()
        case RollOverdueState() | AbsenceDisputedState() | SchoolRollsState() | SchoolMorningState():
            return ()
        case _ as never:
            assert_never(never)


def on_duty(state: DutyState) -> tuple[UUID, ...]:
    """Return whose work it is: each once, though he may both give the lesson and answer for the class."""
    match state:
        case RollOverdueState():
            return (state.teacher,)
        case AbsenceDisputedState():
            return tuple(dict.fromkeys((state.teacher, *state.class_teachers)))
        case SchoolRollsState() | SchoolMorningState():
            return state.administration


def purpose_of(state: Subject) -> ConsentPurpose:
    """Return the purpose of the consent without which a subject is not told: attendance has its own (CONS-02)."""
    match state:
        case AttendanceDayState():
            return ConsentPurpose.ATTENDANCE
        case MarkState() | RemarkState() | HomeworkState() | NoticeState() | PasswordLinkState() | StrangeEntryState():
            return ConsentPurpose.ACHIEVEMENT
        case TimetableDayState() | ControlWorkState() | SchoolEventState() | LearningWeekState() | MailboxLinkState():
            return ConsentPurpose.ACHIEVEMENT
        case RollOverdueState() | AbsenceDisputedState() | SchoolRollsState() | SchoolMorningState():
            # Work: it hangs on no parent's consent, and whoever has it follows it with all of them (``own_affairs``).
            return ConsentPurpose.ATTENDANCE
        case _ as never:
            assert_never(never)


def subject_state(data: object) -> Subject:
    """Read a subject's state back from its JSON form. Raises ``ValueError`` for what families are not told of."""
    state = read_state(data)
    if isinstance(state, NoSubject):
        raise ValueError(state.type)  # noqa: TRY004 - what was stored is wrong, not what the caller passed
    return state
