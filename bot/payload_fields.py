"""How values stand in the payload of a button: in fields of fixed width, each with one spelling. Pure."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

SIGN = "[A-Za-z0-9_-]"
"""A sign of the alphabet of ids."""


@dataclass(frozen=True, slots=True)
class Field:
    """How values of one type stand in a payload."""

    shape: str
    write: Callable[[Any], str]
    read: Callable[[str], Any]


def id_text(value: UUID) -> str:
    """Write an id in 22 signs."""
    return base64.urlsafe_b64encode(value.bytes).decode().rstrip("=")


def read_id(text: str) -> UUID | None:
    """Read an id; None for what is none. Several spellings are read: whoever asks writes it back and compares."""
    try:
        return UUID(bytes=base64.urlsafe_b64decode(text + "=="))
    except (ValueError, binascii.Error):
        return None


def read_day(text: str) -> date | None:
    """Read a day as «20261123»; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def letters_of(kind: type[StrEnum]) -> Field:
    """Return the field of a set of words: each stands by its first letter, so no two may begin alike."""
    return Field("[a-z]", lambda one: one.value[0], {one.value[0]: one for one in kind}.get)


@dataclass(frozen=True, slots=True)
class Spelling:
    """How the presses of one family of buttons are written: prefix, letter, then the fields of their kind."""

    prefix: str
    kinds: Mapping[str, type]
    """Dataclasses by letter; a letter is never given to another kind."""
    of: Callable[[Any], Field]
    """How values of a type stand."""

    def pack(self, press: object) -> str:
        """Return the payload of a button. Raises ``LookupError`` for what is no press of this family."""
        letter = next((letter for letter, kind in self.kinds.items() if kind is type(press)), None)
        if letter is None:
            raise LookupError(type(press).__name__)
        values = astuple(press)  # type: ignore[call-overload]  # whatever stands in ``kinds`` is a dataclass
        written = (one.write(value) for one, value in zip(self._fields(type(press)), values, strict=True))
        return self.prefix + letter + "".join(written)

    def read(self, payload: str) -> object | None:
        """Read the payload of a button; None if it is none of this family."""
        start = len(self.prefix)
        kind = self.kinds.get(payload[start : start + 1])
        if kind is None or not payload.startswith(self.prefix):
            return None
        parts = self._fields(kind)
        found = re.compile("".join(f"({one.shape})" for one in parts)).fullmatch(payload, start + 1)
        if found is None:
            return None
        values = [one.read(part) for one, part in zip(parts, found.groups(), strict=True)]
        if None in values:
            return None
        press: object = kind(*values)
        # An id has several spellings in this alphabet, of which one is ours.
        return press if self.pack(press) == payload else None

    def _fields(self, kind: Any) -> list[Field]:
        return [self.of(field.type) for field in fields(kind)]
