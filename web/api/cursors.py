"""Pages of a list: each says where the next one begins, in a word that means nothing to whoever passes it on.

The word names the last line shown, and its place in case that line is gone by now. It is no secret and opens nothing:
rights are asked anew at every page.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from uuid import UUID

from web.api.problems import ApiError
from web.api.wire_types import Page

_PARTS = 3
_LARGEST_PLACE = 1_000_000


class _Line(Protocol):
    @property
    def id(self) -> UUID: ...


@dataclass(frozen=True, slots=True)
class Part[Line]:
    """A page of a list."""

    lines: tuple[Line, ...]
    next: str | None
    """Where the next page begins; None: this is the last."""


def part_of[Line: _Line](of: str, lines: Sequence[Line], page: Page) -> Part[Line]:
    """Cut a page out of a list; ``of`` names the list. Raises ``ApiError`` for the cursor of another list."""
    first = 0 if page.after is None else _first_after(of, lines, page.after)
    shown = tuple(lines[first : first + page.limit])
    end = first + len(shown)
    more = end < len(lines) and shown
    return Part(shown, _word(of, end, shown[-1].id) if more else None)


def _first_after[Line: _Line](of: str, lines: Sequence[Line], after: str) -> int:
    place, last = _read(of, after)
    found = next((number for number, line in enumerate(lines, 1) if line.id == last), None)
    return place if found is None else found


def _word(of: str, place: int, last: UUID) -> str:
    return urlsafe_b64encode(f"{of}:{place}:{last}".encode()).decode().rstrip("=")


def _read(of: str, word: str) -> tuple[int, UUID]:
    try:
        parts = urlsafe_b64decode(word + "=" * (-len(word) % 4)).decode().split(":")
        named, place, last = parts if len(parts) == _PARTS else ("", "", "")
        number, line = int(place), UUID(last)
    except (ValueError, Error):
        raise _unknown() from None
    if named != of or not 0 < number < _LARGEST_PLACE:
        raise _unknown()
    return number, line


def _unknown() -> ApiError:
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "cursor-unknown", field="after")
