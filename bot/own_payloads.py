"""Payloads of the buttons of a parent's own data and switches; the rules of ``bot/payloads.py`` hold here too."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from bot.screens import Button
from gateway.switches import Switch

PREFIX = "p4:"
_PRESS = re.compile(rf"{PREFIX}([a-z]):([0-9a-f]{{32}})")


class Deed(StrEnum):
    """What a press does."""

    SHOW = "s"
    GIVE = "g"
    ASK_TO_TAKE_BACK = "a"
    TAKE_BACK = "t"
    ENTER = "e"
    """Get a code for the site."""
    NEWS_ON = "n"
    ASK_NEWS_OFF = "q"
    NEWS_OFF = "o"
    LETTERS_ON = "l"
    LETTERS_OFF = "m"
    COPIES_ON = "c"
    COPIES_OFF = "d"


TURNS: Mapping[Deed, tuple[Switch, bool]] = MappingProxyType(
    {
        Deed.NEWS_ON: (Switch.NEWS, True),
        Deed.NEWS_OFF: (Switch.NEWS, False),
        Deed.LETTERS_ON: (Switch.LETTERS, True),
        Deed.LETTERS_OFF: (Switch.LETTERS, False),
        Deed.COPIES_ON: (Switch.COPIES, True),
        Deed.COPIES_OFF: (Switch.COPIES, False),
    }
)
"""Which switch a press turns, and whereto: it says what shall be, so that a second one is harmless."""


@dataclass(frozen=True, slots=True)
class OwnPress:
    """A press about one person's own data; whose it is is checked at every press."""

    deed: Deed
    person: UUID


_DEEDS = frozenset(Deed)


def pack_own(press: OwnPress) -> str:
    """Return the payload of a button."""
    return f"{PREFIX}{press.deed}:{press.person.hex}"


def read_own(payload: str) -> OwnPress | None:
    """Read the payload of a button; None if it is none of ours."""
    found = _PRESS.fullmatch(payload)
    return OwnPress(Deed(found[1]), UUID(found[2])) if found is not None and found[1] in _DEEDS else None


def own_button(label: str, deed: Deed, person: UUID) -> Button:
    """Return a button about one person's own data."""
    return Button(label, pack_own(OwnPress(deed, person)))
