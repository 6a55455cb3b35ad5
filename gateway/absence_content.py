"""What one reader is told of a day of attendance: lessons missed, where the child is since, lateness. Pure.

An alarm is a lesson missed without a known cause, told while it is fresh, of a child who was not seen since. It is over
when the child came or the entry was taken back; a cause that is found ends it too, but rings nobody.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from core.events import AbsenceKind, AttendanceDayState, LeftEarly, LessonAbsence, ProposedReason
from gateway.planned_content import canonical

LATE_ENTRY = timedelta(hours=3)
"""An absence entered so long after its lesson began is told as what it is: no alarm, but a late entry."""
_CLEARED = '"cleared":'


class Whereabouts(StrEnum):
    """Where a child is who missed lessons without a known cause, by the rolls that were called since."""

    AWAY = "away"
    """Seen at no lesson of the day."""
    GONE = "gone"
    """Was at an earlier lesson, and is not at a later one: more alarming than not to have come (parents.md §4.2)."""
    CAME = "came"
    """Is at a later lesson than the last one missed."""


@dataclass(frozen=True, slots=True)
class Missed:
    """One lesson in a message."""

    number: int
    subject: str
    kind: AbsenceKind
    told: bool
    """Whether it is told unasked (CONF-01)."""
    entered: datetime | None = field(default=None, compare=False)
    """When it was entered, if that was long after its lesson.

    A label, no fact: entered anew, the same absence is no news to whoever knows of it.
    """

    def raw(self) -> dict[str, Any]:
        """Return its fields; what is as usual is left out, so that a message of old is still the same."""
        fields = {"number": self.number, "subject": self.subject, "kind": self.kind, "told": self.told}
        return fields if self.entered is None else {**fields, "entered": self.entered.isoformat()}

    @classmethod
    def of(cls, part: LessonAbsence) -> Self:
        """Return what is told of a lesson missed."""
        late = part.recorded_at - part.starts_at > LATE_ENTRY
        return cls(part.number, part.subject_name, part.kind, part.is_told, part.recorded_at if late else None)

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a lesson back; what was kept before schools could choose was told if nobody knew why."""
        kind, entered = AbsenceKind(raw["kind"]), raw.get("entered")
        told = raw.get("told", kind is AbsenceKind.UNEXPLAINED)
        return cls(raw["number"], raw["subject"], kind, told, entered and datetime.fromisoformat(entered))


@dataclass(frozen=True, slots=True)
class Partly:
    """One lesson at which the child was, but not from its beginning or not to its end (ATT-07)."""

    number: int
    subject: str
    late_minutes: int | None = None
    left: LeftEarly | None = None

    def raw(self) -> dict[str, Any]:
        """Return its fields."""
        return {"number": self.number, "subject": self.subject, "late_minutes": self.late_minutes, "left": self.left}

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read it back from its fields."""
        left = LeftEarly(raw["left"]) if raw["left"] else None
        return cls(raw["number"], raw["subject"], raw["late_minutes"], left)


@dataclass(frozen=True, slots=True)
class AbsenceContent:
    """What a message about one day of a pupil tells one guardian. Holds nothing of the other guardian."""

    lessons: tuple[Missed, ...]
    answer: ProposedReason | None = None
    """The reader's own answer, shown to him only."""
    acknowledged: bool = False
    """The reader pressed «Понятно»."""
    where: Whereabouts = Whereabouts.AWAY
    partly: tuple[Partly, ...] = ()
    cleared: tuple[int, ...] = ()
    """Lessons of the alarms that are over: not empty in the short message alone that rings to say so."""
    missed: tuple[Missed, ...] = field(init=False, repr=False, compare=False)
    """Lessons missed without a known cause: these alone of the missed must be told unasked (NOTIF-19).

    A school may have more codes of which it wants families told, or fewer.
    """

    def __post_init__(self) -> None:
        """Find once what everything else of it asks for."""
        object.__setattr__(self, "missed", tuple(lesson for lesson in self.lessons if lesson.told))

    @property
    def alarming(self) -> tuple[Missed | Partly, ...]:
        """What must be told unasked: lessons missed without a known cause, and lateness."""
        return *self.missed, *self.partly

    @property
    def standing(self) -> tuple[Missed, ...]:
        """The alarm: lessons whose absence was entered in time, of a child who was not seen since."""
        if self.where is Whereabouts.CAME:
            return ()
        return tuple(lesson for lesson in self.missed if lesson.entered is None)

    @property
    def facts(self) -> tuple[tuple[Missed, ...], Whereabouts, tuple[Partly, ...]]:
        """What is true of the pupil."""
        return self.lessons, self.where, self.partly

    def key(self) -> str:
        """Return the canonical text of this content; what is as usual is left out."""
        lessons = [one.raw() for one in self.lessons]
        fields: dict[str, Any] = {"lessons": lessons, "answer": self.answer, "acknowledged": self.acknowledged}
        if self.where is not Whereabouts.AWAY:
            fields["where"] = self.where
        if self.partly:
            fields["partly"] = [one.raw() for one in self.partly]
        if self.cleared:
            fields["cleared"] = self.cleared
        return canonical(fields)

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(
            tuple(Missed.from_raw(item) for item in raw["lessons"]),
            ProposedReason(raw["answer"]) if raw["answer"] else None,
            raw["acknowledged"],
            Whereabouts(raw.get("where", Whereabouts.AWAY)),
            tuple(Partly.from_raw(item) for item in raw.get("partly", ())),
            tuple(raw.get("cleared", ())),
        )

    def clears(self, said: "AbsenceContent") -> frozenset[int]:
        """Return the lessons of the alarm in ``said`` that this tells to be over; none while one stands.

        The child came, or an entry was taken back. A cause that was found is told too, but is no all-clear.
        """
        alarm = frozenset(lesson.number for lesson in said.standing)
        return alarm if self.is_over(alarm) else frozenset()

    def is_over(self, alarm: frozenset[int]) -> bool:
        """Tell whether it is over because the child came, or because an entry of these lessons was taken back."""
        still_absent = {lesson.number for lesson in self.lessons}
        return not self.standing and (self.where is Whereabouts.CAME or not alarm <= still_absent)

    def is_urgent(self, said: Iterable[object]) -> bool:
        """Tell whether it passes quiet hours: an alarm, and whatever becomes of one that the reader heard in ``said``.

        A late entry does not, nor does lateness.
        """
        alarmed = any(isinstance(one, AbsenceContent) and one.standing for one in said)
        return alarmed or bool(self.standing) or self.where is Whereabouts.CAME

    def ringing(self, cleared: Iterable[int]) -> "AbsenceContent":
        """Return the same as the short message that rings: nothing is asked in it, and nothing of the reader shown."""
        return replace(self, answer=None, acknowledged=False, cleared=tuple(sorted(cleared)))


def cleared_in(key: str) -> tuple[int, ...]:
    """Return the lessons whose alarm the content of this key says to be over; nothing is read of most keys."""
    return AbsenceContent.from_raw(json.loads(key)).cleared if _CLEARED in key else ()


def absence_content(
    state: AttendanceDayState, reader: UUID, *, acknowledged: bool, interactive: bool
) -> AbsenceContent:
    """Return what a reader is to be told of a day; a letter, not ``interactive``, shows none of his presses."""
    lessons = tuple(Missed.of(part) for part in state.absences)
    partly = tuple(
        Partly(one.number, one.subject_name, one.late_minutes, one.left_early)
        for one in state.attended
        if one.late_minutes or one.left_early
    )
    day = AbsenceContent(lessons, where=_where(state, lessons), partly=partly)
    if not interactive:
        return day
    answer = next((given.reason for given in state.answers if given.guardian == reader), None)
    return replace(day, answer=answer, acknowledged=acknowledged) if answer or acknowledged else day


def _where(state: AttendanceDayState, lessons: tuple[Missed, ...]) -> Whereabouts:
    """Tell where the child is since the last lesson of the alarm; a cause that is known alarms nobody."""
    parts = zip(state.absences, lessons, strict=True)
    missed = [part.starts_at for part, lesson in parts if lesson.told and lesson.entered is None]
    seen = [one.starts_at for one in state.attended]
    if not missed or not seen:
        return Whereabouts.AWAY
    if max(seen) > max(missed):
        return Whereabouts.CAME
    return Whereabouts.GONE if min(seen) < max(missed) else Whereabouts.AWAY
