"""What one reader is to be told about a subject, in a form that can be compared with what he was told.

A thread keeps two of these as text: what is wanted and what was told. They differ: there is something to send.
"""

import json
from dataclasses import asdict, dataclass
from typing import Any, Self
from uuid import UUID

from core.events import AbsenceKind, AttendanceDayState, ProposedReason


@dataclass(frozen=True, slots=True)
class Missed:
    """One lesson in a message."""

    number: int
    subject: str
    kind: AbsenceKind


@dataclass(frozen=True, slots=True)
class Content:
    """What a message about one day of a pupil tells one guardian. Holds nothing of the other guardian."""

    lessons: tuple[Missed, ...]
    answer: ProposedReason | None = None
    """The reader's own answer, shown to him only."""
    acknowledged: bool = False
    """The reader pressed «Понятно»."""

    @property
    def alarming(self) -> tuple[Missed, ...]:
        """Lessons missed without a known cause: these alone must be told unasked (NOTIF-19)."""
        return tuple(lesson for lesson in self.lessons if lesson.kind is AbsenceKind.UNEXPLAINED)

    @property
    def facts(self) -> tuple[Missed, ...]:
        """What is true of the pupil, whatever the reader did with the message."""
        return self.lessons

    def key(self) -> str:
        """Return the canonical text of this content."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @classmethod
    def read(cls, key: str) -> Self:
        """Read a content back from its canonical text."""
        raw: dict[str, Any] = json.loads(key)
        lessons = tuple(Missed(item["number"], item["subject"], AbsenceKind(item["kind"])) for item in raw["lessons"])
        answer = ProposedReason(raw["answer"]) if raw["answer"] else None
        return cls(lessons, answer, raw["acknowledged"])


def content_for(state: AttendanceDayState, reader: UUID, *, acknowledged: bool, interactive: bool) -> Content:
    """Return what ``reader`` is to be told of this day on a channel that is ``interactive`` (edits, buttons) or not.

    A letter cannot be edited, so that the reader's own presses never change what a letter tells.
    """
    lessons = tuple(Missed(part.number, part.subject_name, part.kind) for part in state.absences)
    if not interactive:
        return Content(lessons)
    answer = next((given.reason for given in state.answers if given.guardian == reader), None)
    return Content(lessons, answer, acknowledged)
