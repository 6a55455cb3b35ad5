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
    AbsenceKind,
    AttendanceDayState,
    ControlWorkState,
    HomeworkState,
    MarkState,
    NoticeAct,
    NoticeAsk,
    NoticeState,
    PasswordLinkState,
    ProposedReason,
    RemarkKind,
    RemarkState,
    SchoolEventState,
    Subject,
    TimetableDayState,
)
from gateway.planned_content import (
    ControlWorkContent,
    PlannedContent,
    SchoolEventContent,
    TimetableContent,
    canonical,
    planned_content,
)


@dataclass(frozen=True, slots=True)
class Missed:
    """One lesson in a message."""

    number: int
    subject: str
    kind: AbsenceKind
    told: bool
    """Whether it is told unasked (CONF-01)."""


@dataclass(frozen=True, slots=True)
class AbsenceContent:
    """What a message about one day of a pupil tells one guardian. Holds nothing of the other guardian."""

    lessons: tuple[Missed, ...]
    answer: ProposedReason | None = None
    """The reader's own answer, shown to him only."""
    acknowledged: bool = False
    """The reader pressed «Понятно»."""

    @property
    def alarming(self) -> tuple[Missed, ...]:
        """Lessons missed without a known cause: these alone must be told unasked (NOTIF-19).

        A school may have more codes of which it wants families told, or fewer.
        """
        return tuple(lesson for lesson in self.lessons if lesson.told)

    @property
    def facts(self) -> tuple[Missed, ...]:
        """What is true of the pupil."""
        return self.lessons

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical(asdict(self))

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        lessons = tuple(_missed(item) for item in raw["lessons"])
        answer = ProposedReason(raw["answer"]) if raw["answer"] else None
        return cls(lessons, answer, raw["acknowledged"])


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


type _Named = MarkContent | RemarkContent | HomeworkContent | NoticeContent | PasswordLinkContent | PlannedContent
type Content = AbsenceContent | _Named

_OTHERS: dict[str, type[_Named]] = {
    "mark": MarkContent,
    "remark": RemarkContent,
    "homework": HomeworkContent,
    "notice": NoticeContent,
    "password_link": PasswordLinkContent,
    "timetable_day": TimetableContent,
    "control_work": ControlWorkContent,
    "school_event": SchoolEventContent,
}


def read_content(key: str) -> Content:
    """Read a content back from its canonical text. An absence names no kind: it was the first."""
    raw: dict[str, Any] = json.loads(key)
    kind = raw.get("of")
    return AbsenceContent.from_raw(raw) if kind is None else _OTHERS[kind].from_raw(raw)


def content_for(state: Subject, reader: UUID, *, acknowledged: bool, interactive: bool, signs: bool = True) -> Content:
    """Return what ``reader`` is to be told of this on a channel that is ``interactive`` (edits, buttons) or not.

    A letter cannot be edited, so that the reader's own presses never change what a letter tells. Whoever ``signs`` for
    nobody is asked to read what others sign.
    """
    shown = acknowledged and interactive
    found: Content
    match state:
        case AttendanceDayState():
            found = _absence(state, reader, acknowledged=shown, interactive=interactive)
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
        case PasswordLinkState():
            found = PasswordLinkContent(state.expires_at)
        case _ as never:
            assert_never(never)
    return found


def _absence(state: AttendanceDayState, reader: UUID, *, acknowledged: bool, interactive: bool) -> AbsenceContent:
    lessons = tuple(Missed(part.number, part.subject_name, part.kind, part.is_told) for part in state.absences)
    if not interactive:
        return AbsenceContent(lessons)
    answer = next((given.reason for given in state.answers if given.guardian == reader), None)
    return AbsenceContent(lessons, answer, acknowledged)


def _missed(raw: dict[str, Any]) -> Missed:
    """Read a lesson back; what was kept before schools could choose was told if nobody knew why."""
    kind = AbsenceKind(raw["kind"])
    return Missed(raw["number"], raw["subject"], kind, raw.get("told", kind is AbsenceKind.UNEXPLAINED))
