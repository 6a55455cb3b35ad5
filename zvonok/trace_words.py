"""The way of a message in sentences: what it is about, to whom it was to be told, what came of each try."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date

from core.events import (
    AbsenceDisputedState,
    AttendanceDayState,
    ControlWorkState,
    HomeworkState,
    LearningWeekState,
    MailboxLinkState,
    MarkState,
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
)
from gateway.states import State
from gateway.thread import NO_CHANNEL
from gateway.trace import AttemptSeen, ReceiptSeen, ThreadSeen, Way
from texts.reader import Texts
from zvonok.reasons import in_words

ACKNOWLEDGED, FALLBACK, ALL_CLEAR, COPY = "acknowledged", "fallback", "all-clear", "copy"


class WayWords:
    """Puts a way into sentences of the school's time zone."""

    def __init__(self, texts: Texts, zone: ZoneInfo, names: Mapping[UUID, str]) -> None:
        self._texts = texts
        self._zone = zone
        self._names = names

    def way(self, way: Way) -> list[str]:
        """Tell one way: heading, what stands now, every thread, and last the names that machines use."""
        at = way.occurred_at.astimezone(self._zone)
        day, clock = f"{at:%d.%m.%Y}", f"{at:%H:%M:%S}"
        now = [self._texts.format("trace-recorded", day=day, clock=clock, version=way.version)]
        if isinstance(way.state, AttendanceDayState):
            now.append(self._texts.format("trace-absences", count=len(way.state.absences)))
        now.append(self._texts.format("trace-followers", count=way.followers))
        ids = self._texts.format("trace-ids", subject=way.subject, event=str(way.event_id))
        if way.followers and not way.threads:
            now.append(self._texts.format("trace-not-read" if way.planned_at is None else "trace-nothing-to-tell"))
        threads = [line for one in way.threads for line in self._thread(one)]
        return [self._heading(way.state), f"  {' '.join(now)}", *threads, f"  {ids}"]

    def _heading(self, state: Subject) -> str:
        kind, said, day = self._about(state)
        return self._texts.format(f"trace-title-{kind}", **said, day=self._day(day))

    def _about(self, state: Subject) -> tuple[str, dict[str, str], date]:
        """Return of which kind a subject is, what its heading says, and its day."""
        match state:
            case AttendanceDayState():
                found = ("attendance", {"child": _child(state)}, state.day)
            case MarkState() | RemarkState():
                found = (*_of_teacher(state), state.day)
            case HomeworkState():
                found = ("homework", {"group": state.class_title, "lesson": state.subject_name}, state.due_on)
            case NoticeState():
                found = ("notice", {"group": state.class_title, "title": state.title}, state.published_on)
            case TimetableDayState() | ControlWorkState() | SchoolEventState():
                found = self._planned(state)
            case PasswordLinkState() | MailboxLinkState() | StrangeEntryState():
                found = (state.type.replace("_", "-"), {"name": self._name(state.person)}, state.day)
            case (
                LearningWeekState()
                | RollOverdueState()
                | AbsenceDisputedState()
                | SchoolRollsState()
                | SchoolMorningState()
            ):
                found = (*_summed_up(state), state.day)
            case _ as never:
                assert_never(never)
        return found

    def _planned(
        self, state: TimetableDayState | ControlWorkState | SchoolEventState
    ) -> tuple[str, dict[str, str], date]:
        match state:
            case TimetableDayState():
                return "timetable", {"group": state.class_title}, state.day
            case ControlWorkState():
                said = {"group": state.class_title, "form": state.form, "lesson": state.subject_name}
                return "control-work", said, state.day
            case SchoolEventState():
                return *_event(state), state.starts_at.astimezone(self._zone).date()

    def _thread(self, thread: ThreadSeen) -> list[str]:
        line = self._untold(thread) or self._with_reason(
            "trace-thread",
            thread.reason,
            name=self._name(thread.recipient),
            channel=self._channel(thread),
            state=self._state(thread),
            told=self._told(thread),
        )
        seen: tuple[AttemptSeen | ReceiptSeen, ...] = (*thread.attempts, *thread.receipts)
        happened = sorted(seen, key=_moment)
        return [f"  {line}", *(f"    {self._happened(one)}" for one in happened)]

    def _untold(self, thread: ThreadSeen) -> str | None:
        """Say why a reader has no way at all; None if he has one."""
        if thread.channel != NO_CHANNEL or thread.state != State.SUPPRESSED or thread.reason is None:
            return None
        reason = in_words(self._texts, thread.reason)
        return self._texts.format("trace-thread-untold", name=self._name(thread.recipient), reason=reason)

    def _state(self, thread: ThreadSeen) -> str:
        if thread.state != State.PENDING:
            return self._texts.format(f"trace-state-{thread.state}")
        due = thread.due_at.astimezone(self._zone)
        return self._texts.format("trace-state-pending-until", day=f"{due:%d.%m.%Y}", clock=f"{due:%H:%M}")

    def _channel(self, thread: ThreadSeen) -> str:
        """Name the channel; of a second way, a copy, and an all-clear that rang beside the alarm, that it is one."""
        channel = self._texts.format(f"trace-channel-{thread.channel}")
        if thread.purpose == FALLBACK:
            return self._texts.format("trace-channel-second", channel=channel)
        if thread.purpose == COPY:
            return self._texts.format("trace-channel-copy", channel=channel)
        if thread.purpose == ALL_CLEAR:
            return self._texts.format("trace-channel-all-clear", channel=channel)
        return channel

    def _told(self, thread: ThreadSeen) -> str:
        """Say how much of what is recorded has reached the reader's side."""
        told = thread.told or 0
        if told == 0:
            return self._texts.format("trace-told-nothing")
        if told >= thread.want:
            return self._texts.format("trace-told-all")
        return self._texts.format("trace-told-part", told=told, want=thread.want)

    def _happened(self, one: AttemptSeen | ReceiptSeen) -> str:
        if isinstance(one, ReceiptSeen):
            return self._texts.format("trace-receipt", at=self._clock(one.at), answer=self._answer(one))
        return self._with_reason(
            "trace-attempt",
            one.reason,
            at=self._clock(one.started_at),
            act=self._texts.format(f"trace-act-{one.act}"),
            version=one.version,
            outcome=self._texts.format(f"trace-outcome-{one.outcome or 'open'}"),
        )

    def _answer(self, one: ReceiptSeen) -> str:
        """Say what the reader did: of a notice that asked for more than to be read, his very answer."""
        kind = self._texts.format(f"trace-kind-{one.kind}")
        if one.detail is None:
            return kind
        detail = self._texts.format(f"trace-detail-{one.detail}")
        return detail if one.kind == ACKNOWLEDGED else f"{kind} ({detail})"

    def _with_reason(self, message_id: str, reason: str | None, /, **args: str | int) -> str:
        if reason is None:
            return self._texts.format(message_id, **args)
        return self._texts.format(f"{message_id}-reason", **args, reason=in_words(self._texts, reason))

    def _name(self, person: UUID) -> str:
        return self._names.get(person, str(person))

    def _day(self, day: date) -> str:
        return str(format_date(day, "d MMMM y", locale=self._texts.language))

    def _clock(self, at: datetime) -> str:
        """Write a moment, always with its day: steps of two days stand below each other."""
        return f"{at.astimezone(self._zone):%d.%m %H:%M:%S}"


def _of_teacher(state: MarkState | RemarkState) -> tuple[str, dict[str, str]]:
    if isinstance(state, RemarkState):
        return "remark", {"child": _child(state), "kind": str(state.kind)}
    said = {"child": _child(state), "lesson": state.subject_name}
    return ("mark-taken-back", said) if state.value is None else ("mark", said | {"value": str(state.value)})


def _summed_up(
    state: LearningWeekState | RollOverdueState | AbsenceDisputedState | SchoolRollsState | SchoolMorningState,
) -> tuple[str, dict[str, str]]:
    match state:
        case LearningWeekState():
            return "learning-week", {"child": _child(state)}
        case RollOverdueState():
            return "roll-overdue", {"group": state.class_title, "lesson": state.subject_name}
        case AbsenceDisputedState():
            return "absence-disputed", {"child": _child(state)}
        case SchoolRollsState() | SchoolMorningState():
            return state.type.replace("_", "-"), {}


def _moment(one: AttemptSeen | ReceiptSeen) -> datetime:
    return one.at if isinstance(one, ReceiptSeen) else one.started_at


def _event(state: SchoolEventState) -> tuple[str, dict[str, str]]:
    if state.classes is None:
        return "school-event-whole", {"title": state.title}
    return "school-event", {"title": state.title, "group": ", ".join(state.classes)}


def _child(
    state: AttendanceDayState | MarkState | RemarkState | LearningWeekState | AbsenceDisputedState,
) -> str:
    return f"{state.pupil_name}, {state.class_title}"
