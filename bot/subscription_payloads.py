"""Payloads of the buttons by which a parent chooses for all his children or for one; rules of ``bot/payloads.py``.

Like the others of a later shape: a letter, then fields of fixed width. A category stands by the number of its bit,
which it keeps for ever; a choice by the first letters of how often and by which way, then its hour and its weekday.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from bot.payload_fields import SIGN, Field, Spelling, id_text, read_id
from core.events import Channel
from gateway.categories import BIT, Category
from gateway.profiles import OFF, Choice, Mode

PREFIX = "p3:"
"""A parent's buttons, third shape."""
EVERY_CHILD = UUID(int=0)
"""Stands where a child would: what is chosen counts for all for whom nothing else was."""
SUBJECT_SIGNS = 8
"""As much of the hash of a subject's name as names it among those of a family: 48 bits."""

_CHOICE = re.compile(r"([ndw])([txm])(\d\d)?([1-7])?")
_NOTHING = "o"


class SubjectSign(str):
    """A subject as a button names it."""

    __slots__ = ()


def sign_of(subject: str) -> SubjectSign:
    """Return what a button remembers of the name of a subject."""
    digest = hashlib.sha256(subject.encode()).digest()
    return SubjectSign(urlsafe_b64encode(digest).decode()[:SUBJECT_SIGNS])


@dataclass(frozen=True, slots=True)
class OfChild:
    """Show what is sent of one child, or of every child."""

    person: UUID
    child: UUID


@dataclass(frozen=True, slots=True)
class OfTopic:
    """Show the choices of one category."""

    person: UUID
    child: UUID
    category: Category


@dataclass(frozen=True, slots=True)
class ChooseFor:
    """Choose how to be told of one category."""

    person: UUID
    child: UUID
    category: Category
    choice: Choice


@dataclass(frozen=True, slots=True)
class CallBad:
    """Choose below which value marks are bad."""

    person: UUID
    child: UUID
    below: int


@dataclass(frozen=True, slots=True)
class OfSubjects:
    """Show of which subjects a category is sent."""

    person: UUID
    child: UUID
    category: Category


@dataclass(frozen=True, slots=True)
class TakeSubject:
    """Want to hear of a subject, or not."""

    person: UUID
    child: UUID
    category: Category
    subject: SubjectSign
    wanted: bool


@dataclass(frozen=True, slots=True)
class EverySubject:
    """Want to hear of all subjects again."""

    person: UUID
    child: UUID
    category: Category


@dataclass(frozen=True, slots=True)
class LikeTheOthers:
    """Let what was chosen for all children count for this one."""

    person: UUID
    child: UUID


class Place(int):
    """Of a choice among those that are offered; it never becomes another's."""


@dataclass(frozen=True, slots=True)
class OfHours:
    """Show when a reader is left alone."""

    person: UUID


@dataclass(frozen=True, slots=True)
class BeQuiet:
    """Choose the quiet hours."""

    person: UUID
    place: Place


@dataclass(frozen=True, slots=True)
class LiveBy:
    """Choose the zone whose clock a reader lives by."""

    person: UUID
    place: Place


@dataclass(frozen=True, slots=True)
class RestOnSunday:
    """Want to be left alone on Sundays, or not."""

    person: UUID
    wanted: bool


type HoursChoice = OfHours | BeQuiet | LiveBy | RestOnSunday
type SubscriptionChoice = (
    OfChild | OfTopic | ChooseFor | CallBad | OfSubjects | TakeSubject | EverySubject | LikeTheOthers
)

_KINDS: dict[str, type] = {
    "c": OfChild,
    "t": OfTopic,
    "h": ChooseFor,
    "b": CallBad,
    "l": OfSubjects,
    "s": TakeSubject,
    "e": EverySubject,
    "a": LikeTheOthers,
    "q": OfHours,
    "u": BeQuiet,
    "z": LiveBy,
    "d": RestOnSunday,
}
"""A letter is never given to another kind: chats hold buttons for years."""
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_BY_DIGIT = {_DIGITS[BIT[category].bit_length() - 1]: category for category in Category}


_LETTERS = {Channel.TELEGRAM: "t", Channel.MAX: "x", Channel.MAIL: "m"}
"""Of channels in payloads. A letter is never given to another one."""


def _choice_text(choice: Choice) -> str:
    if choice.channel is None:
        return _NOTHING
    hour = "" if choice.hour is None else f"{choice.hour:02}"
    return f"{choice.mode[0]}{_LETTERS[Channel(choice.channel)]}{hour}{choice.weekday or ''}"


def _read_choice(packed: str) -> Choice | None:
    if packed == _NOTHING:
        return OFF
    found = _CHOICE.fullmatch(packed)
    if found is None:
        return None
    mode = next(mode for mode in Mode if mode.value[0] == found[1])
    channel = next(channel for channel, letter in _LETTERS.items() if letter == found[2])
    try:
        return Choice(mode, channel, int(found[3]) if found[3] else None, int(found[4]) if found[4] else None)
    except ValueError:
        return None


_FIELDS: dict[Any, Field] = {
    UUID: Field(f"{SIGN}{{22}}", id_text, read_id),
    Category: Field("[0-9a-z]", lambda one: _DIGITS[BIT[one].bit_length() - 1], _BY_DIGIT.get),
    # What takes a press apart takes the choice in it apart too.
    Choice: Field("[a-z0-9]{1,5}", lambda parts: _choice_text(Choice(*parts)), _read_choice),
    SubjectSign: Field(f"{SIGN}{{{SUBJECT_SIGNS}}}", str, SubjectSign),
    int: Field("[2-6]", str, int),
    Place: Field(r"[0-9]{2}", "{:02}".format, lambda digits: Place(int(digits))),
    bool: Field("[01]", lambda one: str(int(one)), {"0": False, "1": True}.get),
}
_SPELLING = Spelling(PREFIX, _KINDS, _FIELDS.__getitem__)


def pack_choice(press: SubscriptionChoice | HoursChoice) -> str:
    """Return the payload of a button. Raises ``LookupError`` for what is no press of this kind."""
    return _SPELLING.pack(press)


def read_choice(payload: str) -> SubscriptionChoice | HoursChoice | None:
    """Read the payload of a button; None if it is none of ours."""
    press: Any = _SPELLING.read(payload)
    return press  # type: ignore[no-any-return] # the spelling reads none but these kinds
