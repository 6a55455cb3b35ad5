"""How values stand in the payload of a button: in fields of fixed width, each with one spelling. Pure."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
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
