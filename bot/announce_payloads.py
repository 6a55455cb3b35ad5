"""Payloads of the buttons by which a parent announces that a child will not come; rules of ``bot/payloads.py``.

Like a teacher's second shape: a letter, then fields of fixed width. «Сегодня» carries no date: a button means the day
on which it is pressed, however long it has stood in the chat.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bot.payload_fields import SIGN, Field, Spelling, id_text, letters_of, read_day, read_id
from bot.teacher_payloads import Token
from core.learning.announced_absences import AbsenceReason

PREFIX = "p2:"
"""A parent's buttons, second shape."""


class Lasting(StrEnum):
    """How long, as it is offered."""

    ONE = "one"
    FRIDAY = "friday"
    WEEK = "week"
    UNKNOWN = "unknown"
    """Nobody knows yet: a week is announced, and said to be one."""


class Edge(StrEnum):
    """Which of the two days is typed."""

    BEGINNING = "beginning"
    END = "end"


@dataclass(frozen=True, slots=True)
class NewAbsence:
    """Announce an absence: ask of whom."""


@dataclass(frozen=True, slots=True)
class Whom:
    """Ask why this child will not come; also shows what is announced of him already."""

    pupil: UUID


@dataclass(frozen=True, slots=True)
class IllToday:
    """Ill, from the day on which this is pressed: what is announced most of all, and in haste."""

    pupil: UUID


@dataclass(frozen=True, slots=True)
class Why:
    """Take the reason."""

    pupil: UUID
    reason: AbsenceReason


@dataclass(frozen=True, slots=True)
class Since:
    """Take the first day: so many days from the one on which this is pressed."""

    token: Token
    ahead: int


@dataclass(frozen=True, slots=True)
class Lasts:
    """Take how long."""

    token: Token
    lasting: Lasting


@dataclass(frozen=True, slots=True)
class TypeDay:
    """Ask for a day to be typed."""

    token: Token
    edge: Edge


@dataclass(frozen=True, slots=True)
class AskNote:
    """Ask for a note to be typed."""

    token: Token


@dataclass(frozen=True, slots=True)
class NoNote:
    """Take the note away."""

    token: Token


@dataclass(frozen=True, slots=True)
class Certificate:
    """Say whether there will be a certificate; it says what shall be, so that a second tap is harmless."""

    token: Token
    brought: int


@dataclass(frozen=True, slots=True)
class SendAbsence:
    """Announce what this very look shows."""

    token: Token
    view: int


@dataclass(frozen=True, slots=True)
class Announced:
    """Show what one child's parent has announced."""

    pupil: UUID


@dataclass(frozen=True, slots=True)
class OneAnnounced:
    """Show one of them."""

    pupil: UUID
    announced: UUID


@dataclass(frozen=True, slots=True)
class Sooner:
    """Ask on which day the child comes back."""

    pupil: UUID
    announced: UUID


@dataclass(frozen=True, slots=True)
class Longer:
    """Ask until when it goes on."""

    pupil: UUID
    announced: UUID


@dataclass(frozen=True, slots=True)
class Until:
    """Make this the last day, if nothing has changed since the button was drawn."""

    pupil: UUID
    announced: UUID
    last: date
    version: int
    """What ``version_mark`` makes of the version that was shown."""


@dataclass(frozen=True, slots=True)
class AskToCancel:
    """Ask once more before it is taken back."""

    pupil: UUID
    announced: UUID


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take it back."""

    pupil: UUID
    announced: UUID


_KINDS: dict[str, type] = {
    "o": NewAbsence,
    "w": Whom,
    "i": IllToday,
    "y": Why,
    "s": Since,
    "l": Lasts,
    "t": TypeDay,
    "n": AskNote,
    "e": NoNote,
    "c": Certificate,
    "x": SendAbsence,
    "a": Announced,
    "k": OneAnnounced,
    "b": Sooner,
    "g": Longer,
    "u": Until,
    "q": AskToCancel,
    "z": Cancel,
}
"""Kinds by letter; a letter is never given to another kind."""

_VERSIONS = 100


def version_mark(version: int) -> int:
    """Return as much of a version as a button holds: two figures."""
    return version % _VERSIONS


def _of(kind: Any) -> Field:
    found: dict[Any, Field] = {
        UUID: Field(SIGN + "{22}", id_text, read_id),
        Token: Field(SIGN + "{8}", str, Token),
        int: Field(r"\d{2}", "{:02}".format, int),
        date: Field(r"\d{8}", "{:%Y%m%d}".format, read_day),
        AbsenceReason: letters_of(AbsenceReason),
        Lasting: letters_of(Lasting),
        Edge: letters_of(Edge),
    }
    return found[kind]


_SPELLING = Spelling(PREFIX, _KINDS, _of)


def pack_absence(press: object) -> str:
    """Return the payload of a button. Raises ``LookupError`` for what is no press of this module."""
    return _SPELLING.pack(press)


def read_absence(payload: str) -> object | None:
    """Read the payload of a button; None if it is none of ours."""
    return _SPELLING.read(payload)


class PressedAbsence(Filter):
    """Lets through presses of these kinds; the handler gets the ``press``."""

    def __init__(self, *kinds: type) -> None:
        self._kinds = kinds

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Read the button."""
        press = read_absence(query.data or "")
        return {"press": press} if isinstance(press, self._kinds) else False
