"""Payloads of a teacher's other buttons: marks, remarks, homework, notices. Short, typed, versioned.

The rules are those of ``bot/payloads.py``. Here a button is one letter and then fields of fixed width, named by their
types, so that two ids, a value and a key still fit into the messenger's 64 bytes.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, NewType
from uuid import UUID

from aiogram.filters import Filter
from aiogram.types import CallbackQuery

from bot.class_day_payloads import AbsentToday, Cause, ClassDay, GoneOver, Named, SchoolNow
from bot.payload_fields import SIGN, Field, Spelling, id_text, letters_of, read_day, read_id
from bot.substitution_payloads import LessonsLeft, StepBack, StepIn, WhoIsAway, WhoStepsIn
from core.events import NoticeAsk, RemarkKind

PREFIX = "t2:"
"""A teacher's buttons, second shape."""

Token = NewType("Token", str)
"""Names a writing: what a person has begun to write, see ``bot/writings.py``."""
Once = NewType("Once", str)
"""Made with a screen, and the same on all its buttons: of several taps on one screen the first alone acts."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Show whom to mark. ``work`` is the place of the chosen kind in the list of kinds of work."""

    lesson: UUID
    work: int


@dataclass(frozen=True, slots=True)
class MarkWhom:
    """Show the marks to choose from for one pupil."""

    lesson: UUID
    pupil: UUID
    work: int


@dataclass(frozen=True, slots=True)
class Give:
    """Give a mark."""

    lesson: UUID
    pupil: UUID
    work: int
    value: int
    once: Once


@dataclass(frozen=True, slots=True)
class GiveForMissed:
    """Give a mark to an absent pupil: yes, it is for the topic that was missed and passed later."""

    lesson: UUID
    pupil: UUID
    work: int
    value: int
    once: Once


@dataclass(frozen=True, slots=True)
class Change:
    """Show what may be done with a mark that stands."""

    lesson: UUID
    mark: UUID


@dataclass(frozen=True, slots=True)
class Correct:
    """Make a mark another value."""

    lesson: UUID
    mark: UUID
    value: int


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Take a mark back."""

    lesson: UUID
    mark: UUID


@dataclass(frozen=True, slots=True)
class Remarks:
    """Show about whom to write."""

    lesson: UUID
    kind: RemarkKind


@dataclass(frozen=True, slots=True)
class RemarkOn:
    """Begin a remark about a pupil."""

    lesson: UUID
    pupil: UUID
    kind: RemarkKind


@dataclass(frozen=True, slots=True)
class Phrase:
    """Take a ready phrase as the text of a remark."""

    token: Token
    place: int


@dataclass(frozen=True, slots=True)
class Rephrase:
    """Show the phrases of a remark again."""

    token: Token


@dataclass(frozen=True, slots=True)
class SendRemark:
    """Send a remark as this preview shows it."""

    token: Token
    view: int


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take a remark back."""

    lesson: UUID
    remark: UUID


@dataclass(frozen=True, slots=True)
class Homework:
    """Show the homework given at a lesson, and ask for it."""

    lesson: UUID


@dataclass(frozen=True, slots=True)
class NothingSet:
    """Take «Не задано» as the homework."""

    token: Token


@dataclass(frozen=True, slots=True)
class SetHomework:
    """Record homework as this preview shows it."""

    token: Token
    view: int


@dataclass(frozen=True, slots=True)
class DropHomework:
    """Take the homework given at ``lesson`` back; ``due`` is the lesson at which it is due."""

    lesson: UUID
    due: UUID


@dataclass(frozen=True, slots=True)
class Unreached:
    """Show of whom nobody is told when they are absent."""

    school_class: UUID


@dataclass(frozen=True, slots=True)
class Notices:
    """Show the notices to a class."""

    school_class: UUID


@dataclass(frozen=True, slots=True)
class NewNotice:
    """Ask what a new notice is to ask."""

    school_class: UUID


@dataclass(frozen=True, slots=True)
class NoticeText:
    """Begin a notice that asks this, and ask for its text."""

    school_class: UUID
    ask: NoticeAsk


@dataclass(frozen=True, slots=True)
class Reword:
    """Ask for the text of a notice again."""

    token: Token


@dataclass(frozen=True, slots=True)
class ReplyBy:
    """Answers are wanted until this day: the very day that stands on the button, whenever it is pressed."""

    token: Token
    day: date


@dataclass(frozen=True, slots=True)
class NoHurry:
    """Answers are wanted whenever."""

    token: Token


@dataclass(frozen=True, slots=True)
class OtherDay:
    """Ask until when answers are wanted."""

    token: Token


@dataclass(frozen=True, slots=True)
class SendNotice:
    """Publish a notice as this preview shows it."""

    token: Token
    view: int


@dataclass(frozen=True, slots=True)
class Drop:
    """Write no more: forget what was begun."""

    token: Token


@dataclass(frozen=True, slots=True)
class Board:
    """Show who has answered a notice."""

    notice: UUID


@dataclass(frozen=True, slots=True)
class AskToWithdraw:
    """Ask whether a notice is really to be withdrawn."""

    notice: UUID


@dataclass(frozen=True, slots=True)
class WithdrawNotice:
    """Withdraw a notice."""

    notice: UUID


@dataclass(frozen=True, slots=True)
class Classes:
    """Show the classes of the school to its administration, a page at a time."""

    page: int


@dataclass(frozen=True, slots=True)
class ThisWeek:
    """Show the lessons of a teacher in the week that it is when the button is pressed."""

    person: UUID


@dataclass(frozen=True, slots=True)
class LessonWeek:
    """Show the lessons of a teacher in the week of a day; a week that fits no message has several parts."""

    person: UUID
    day: date
    part: int


_KINDS: dict[str, type] = {
    "g": Marks,
    "p": MarkWhom,
    "v": Give,
    "m": GiveForMissed,
    "c": Change,
    "x": Correct,
    "b": TakeBack,
    "k": Remarks,
    "r": RemarkOn,
    "f": Phrase,
    "o": Rephrase,
    "w": SendRemark,
    "z": Withdraw,
    "h": Homework,
    "n": NothingSet,
    "s": SetHomework,
    "q": DropHomework,
    "N": Notices,
    "R": Unreached,
    "A": NewNotice,
    "T": NoticeText,
    "E": Reword,
    "D": ReplyBy,
    "H": NoHurry,
    "O": OtherDay,
    "S": SendNotice,
    "X": Drop,
    "B": Board,
    "W": AskToWithdraw,
    "Y": WithdrawNotice,
    "L": Classes,
    "U": ThisWeek,
    "V": LessonWeek,
    "d": ClassDay,
    "a": AbsentToday,
    "e": Cause,
    "i": GoneOver,
    "j": SchoolNow,
    "l": WhoIsAway,
    "t": LessonsLeft,
    "u": WhoStepsIn,
    "y": StepIn,
    "P": StepBack,
}
"""Kinds by letter; a letter is never given to another kind."""


def _of(kind: Any) -> Field:
    found: dict[Any, Field] = {
        UUID: Field(SIGN + "{22}", id_text, read_id),
        Token: Field(SIGN + "{8}", str, Token),
        Once: Field(SIGN + "{6}", str, Once),
        int: Field(r"\d{2}", "{:02}".format, int),
        date: Field(r"\d{8}", "{:%Y%m%d}".format, read_day),
        RemarkKind: letters_of(RemarkKind),
        NoticeAsk: letters_of(NoticeAsk),
        Named: letters_of(Named),
    }
    return found[kind]


_SPELLING = Spelling(PREFIX, _KINDS, _of)


def pack(press: object) -> str:
    """Return the payload of a button. Raises ``LookupError`` for what is no press of this module."""
    return _SPELLING.pack(press)


def read(payload: str) -> object | None:
    """Read the payload of a button; None if it is none of ours."""
    return _SPELLING.read(payload)


class Pressed(Filter):
    """Lets through presses of these kinds; the handler gets the ``press``."""

    def __init__(self, *kinds: type) -> None:
        self._kinds = kinds

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        """Read the button."""
        press = read(query.data or "")
        return {"press": press} if isinstance(press, self._kinds) else False
