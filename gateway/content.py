"""What one reader is to be told about a subject, in a form that can be compared with what he was told.

A thread keeps two of these as text: what is wanted and what was told. They differ: there is something to send.
Every content says three things of itself: ``facts`` (what is true, whatever the reader did with the message),
``alarming`` (what must be told unasked; nothing: a reader who knows nothing is left in peace), and its key.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, Self, assert_never
from uuid import UUID

from core.events import (
    AbsenceDisputedState,
    AttendanceDayState,
    ControlWorkState,
    HomeworkState,
    LearningWeekState,
    MailboxLinkState,
    MarkState,
    NoticeAct,
    NoticeAsk,
    NoticeState,
    PasswordLinkState,
    RemarkKind,
    RemarkState,
    RollOverdueState,
    SchoolEventState,
    SchoolMorningState,
    SchoolRollsState,
    StrangeEntryState,
    Subject,
    TimetableDayState,
)
from gateway.absence_content import AbsenceContent, Whereabouts, absence_content
from gateway.duty_content import (
    DisputeContent,
    DutyContent,
    DutyState,
    MorningContent,
    RollContent,
    SchoolRollsContent,
    duty_content,
)
from gateway.learning_content import LearningContent
from gateway.mailbox_content import MailboxLinkContent
from gateway.planned_content import (
    ControlWorkContent,
    PlannedContent,
    SchoolEventContent,
    TimetableContent,
    canonical,
    planned_content,
)
from gateway.strange_entry_content import StrangeEntryContent


@dataclass(frozen=True, slots=True)
class MarkContent:
    """What is told of one mark; a value of None: it was taken back."""

    subject: str
    value: int | None
    work: str
    bad: bool
    acknowledged: bool = False

    @property
    def alarming(self) -> tuple[tuple[str, int], ...]:
        """The mark, as long as it stands."""
        return () if self.value is None else ((self.subject, self.value),)

    @property
    def facts(self) -> tuple[str, int | None, str]:
        """The mark and the work that it was given for."""
        return self.subject, self.value, self.work

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "mark", **asdict(self)})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(raw["subject"], raw["value"], raw["work"], raw["bad"], raw["acknowledged"])


@dataclass(frozen=True, slots=True)
class RemarkContent:
    """What is told of one remark or praise."""

    remark: RemarkKind
    text: str
    withdrawn: bool = False
    acknowledged: bool = False

    @property
    def alarming(self) -> tuple[str, ...]:
        """The text, as long as it stands."""
        return () if self.withdrawn else (self.text,)

    @property
    def facts(self) -> tuple[str, bool]:
        """The text, and whether it stands."""
        return self.text, self.withdrawn

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "remark", **asdict(self)})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(RemarkKind(raw["remark"]), raw["text"], raw["withdrawn"], raw["acknowledged"])


@dataclass(frozen=True, slots=True)
class HomeworkContent:
    """What is told of the homework for one lesson."""

    subject: str
    due_on: date
    text: str
    withdrawn: bool = False

    @property
    def alarming(self) -> tuple[str, ...]:
        """The task, as long as it stands."""
        return () if self.withdrawn else (self.text,)

    @property
    def facts(self) -> tuple[str, date, str, bool]:
        """The task, its day, and whether it stands."""
        return self.subject, self.due_on, self.text, self.withdrawn

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "homework", **asdict(self), "due_on": self.due_on.isoformat()})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(raw["subject"], date.fromisoformat(raw["due_on"]), raw["text"], raw["withdrawn"])


@dataclass(frozen=True, slots=True)
class NoticeContent:
    """What is told of a notice: its text by hash, what it asks, and what this reader did. Nothing of other readers."""

    title: str
    text_hash: str
    ask: NoticeAsk
    withdrawn: bool = False
    answer: NoticeAct | None = None
    """The reader's own act, shown to him only."""
    acknowledged: bool = False

    @property
    def alarming(self) -> tuple[str, ...]:
        """The notice, as long as it stands."""
        return () if self.withdrawn else (self.text_hash,)

    @property
    def facts(self) -> tuple[str, bool]:
        """The text, and whether it stands."""
        return self.text_hash, self.withdrawn

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "notice", **asdict(self)})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        answer = NoticeAct(raw["answer"]) if raw["answer"] else None
        return cls(raw["title"], raw["text_hash"], NoticeAsk(raw["ask"]), raw["withdrawn"], answer, raw["acknowledged"])


@dataclass(frozen=True, slots=True)
class PasswordLinkContent:
    """What is told of a link to a new password: until when it is good. The link itself is made when it is sent."""

    expires_at: datetime

    @property
    def alarming(self) -> tuple[datetime, ...]:
        """Somebody asked for it, and waits."""
        return (self.expires_at,)

    @property
    def facts(self) -> tuple[datetime, ...]:
        """Until when it is good."""
        return (self.expires_at,)

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "password_link", "expires_at": self.expires_at.isoformat()})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(datetime.fromisoformat(raw["expires_at"]))


type _OfFamilies = MarkContent | RemarkContent | HomeworkContent | NoticeContent | PlannedContent | LearningContent
type _OfAccounts = PasswordLinkContent | MailboxLinkContent | StrangeEntryContent
type _Named = _OfFamilies | _OfAccounts | DutyContent
type Content = AbsenceContent | _Named
type _OwnLinkState = PasswordLinkState | MailboxLinkState | StrangeEntryState
type _Own = LearningWeekState | _OwnLinkState | DutyState

_OTHERS: dict[str, type[_Named]] = {
    "mark": MarkContent,
    "remark": RemarkContent,
    "homework": HomeworkContent,
    "notice": NoticeContent,
    "password_link": PasswordLinkContent,
    "mailbox_link": MailboxLinkContent,
    "strange_entry": StrangeEntryContent,
    "timetable_day": TimetableContent,
    "control_work": ControlWorkContent,
    "school_event": SchoolEventContent,
    "learning_week": LearningContent,
    "roll_overdue": RollContent,
    "absence_disputed": DisputeContent,
    "school_rolls": SchoolRollsContent,
    "school_morning": MorningContent,
}


def read_content(key: str) -> Content:
    """Read a content back from its canonical text. An absence names no kind: it was the first."""
    raw: dict[str, Any] = json.loads(key)
    kind = raw.get("of")
    return AbsenceContent.from_raw(raw) if kind is None else _OTHERS[kind].from_raw(raw)


def content_for(
    state: Subject,
    reader: UUID,
    *,
    acknowledged: bool,
    interactive: bool,
    signs: bool = True,
    attendance: bool = True,
) -> Content:
    """Return what ``reader`` is to be told of this on a channel that is ``interactive`` (edits, buttons) or not.

    A letter cannot be edited, so that the reader's own presses never change what a letter tells. Whoever ``signs`` for
    nobody is asked to read what others sign; whoever may not be told of ``attendance`` reads nothing of it in a week.
    """
    shown = acknowledged and interactive
    found: Content
    match state:
        case AttendanceDayState():
            found = absence_content(state, reader, acknowledged=shown, interactive=interactive)
        case MarkState():
            found = MarkContent(state.subject_name, state.value, state.work, state.is_bad, shown)
        case RemarkState():
            found = RemarkContent(state.kind, state.text, state.withdrawn, shown)
        case HomeworkState():
            found = HomeworkContent(state.subject_name, state.due_on, state.text, state.withdrawn)
        case NoticeState():
            own = next((given.act for given in state.answers if given.guardian == reader), None)
            answer = own if interactive else None
            ask = NoticeAsk.READ if state.ask is NoticeAsk.SIGN and not signs else state.ask
            found = NoticeContent(state.title, state.text_hash, ask, state.withdrawn, answer, shown)
        case TimetableDayState() | ControlWorkState() | SchoolEventState():
            found = planned_content(state)
        case _ as own:
            found = _own(own, reader, attendance=attendance)
    return found


def _own(
    state: _Own,
    reader: UUID,
    *,
    attendance: bool,
) -> Content:
    match state:
        case LearningWeekState():
            return LearningContent.of(state, reader, attendance=attendance)
        case PasswordLinkState():
            return PasswordLinkContent(state.expires_at)
        case MailboxLinkState():
            return MailboxLinkContent(state.expires_at)
        case StrangeEntryState():
            return StrangeEntryContent(state.at, state.browser)
        case RollOverdueState() | AbsenceDisputedState() | SchoolRollsState() | SchoolMorningState():
            return duty_content(state)
        case _ as never:
            assert_never(never)


def rings_again(content: Content, said: Content) -> bool:
    """Tell whether whoever has a message of ``said`` is rung anew by ``content``; else that message is changed.

    What was all-clear and is alarming again must ring, and so must a plan by which a family arranges its day; a teacher
    is rung once for a roll, and once more if he was told no more than that its lesson has begun.
    """
    if isinstance(content, RollContent | SchoolRollsContent):
        return content.rings_after(said)
    if isinstance(content, AbsenceContent) and isinstance(said, AbsenceContent):
        return _alarms_again(content, said)
    plans = (TimetableContent, ControlWorkContent, SchoolEventContent)
    if isinstance(content, plans) and isinstance(said, plans):
        return content.rings != said.rings
    return bool(content.alarming) and not said.alarming


def is_news(content: Content, said: Content) -> bool:
    """Tell whether this waits out the undo window once more; what takes back or clarifies what was said does not.

    That the child came is news, which a teacher may take back; that he was never missing is not.
    """
    if isinstance(content, AbsenceContent) and isinstance(said, AbsenceContent) and content.clears(said):
        return content.where is Whereabouts.CAME
    return not set(content.alarming) <= set(said.alarming)


def ends_in_silence(content: Content) -> bool:
    """Tell whether this is never said by a message of its own: that a duty of the reader is over."""
    return isinstance(content, RollContent | DisputeContent | SchoolRollsContent) and not content.alarming


def _alarms_again(content: AbsenceContent, said: AbsenceContent) -> bool:
    """Tell whether an alarm is a new one: one more lesson grows the message, but a child who is gone rings anew."""
    gone = content.where is Whereabouts.GONE and said.where is not Whereabouts.GONE
    return bool(content.standing) and (gone or not said.standing)
