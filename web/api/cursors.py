"""Pages of a list: each says where the next one begins, in a word that means nothing to whoever passes it on.

The word holds the place of the last line shown: what the list is ordered by. So the next page begins behind it even if
that line is gone by now, and whatever stands there all the time is shown once, however many lines come and go. The
place may be a child's name, which has no business in an address that proxies write down: it is sealed, and the same
place always in the same way, since the word is part of an answer that has a tag. Whoever makes up a word of his own
learns nothing by it, and rights are asked anew at every page.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from core.account.account_keeper import AccountKeeper
from web.api.problems import ApiError
from web.api.wire_types import Page

_SEALED_FOR = "api-cursor"
type Place = tuple[str | int, ...]
"""By what a list is ordered; no two of its lines have the same."""


@dataclass(frozen=True, slots=True)
class Part[Line]:
    """A page of a list."""

    lines: tuple[Line, ...]
    next: str | None
    """Where the next page begins; None: this is the last."""


@dataclass(frozen=True, slots=True)
class Cursors:
    """Cuts lists into pages."""

    _cipher: AESSIV = field(repr=False)

    def part_of[Line](self, of: str, lines: Sequence[Line], page: Page, place: Callable[[Line], Place]) -> Part[Line]:
        """Cut a page out of a list; ``of`` names the list, and is another name wherever ``place`` is made otherwise.

        Raises ``ApiError`` (422) for the word of another list.
        """
        ordered = sorted(lines, key=place)
        first = 0 if page.after is None else bisect_right(ordered, self._open(of, page.after), key=place)
        shown = tuple(ordered[first : first + page.limit])
        more = first + len(shown) < len(ordered)
        return Part(shown, self._seal(of, place(shown[-1])) if more else None)

    def _seal(self, of: str, place: Place) -> str:
        sealed = self._cipher.encrypt(json.dumps(place, ensure_ascii=False).encode(), [of.encode()])
        return urlsafe_b64encode(sealed).decode().rstrip("=")

    def _open(self, of: str, word: str) -> Place:
        try:
            sealed = urlsafe_b64decode(word + "=" * (-len(word) % 4))
            return tuple(json.loads(self._cipher.decrypt(sealed, [of.encode()])))
        except (ValueError, InvalidTag):
            # A word that is no word at all is a ValueError; whatever could be opened, we have sealed ourselves.
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "cursor-unknown", field="after") from None


def cursors_by(keeper: AccountKeeper) -> Cursors:
    """Return what seals with a key of this installation: its words are as good after a restart."""
    return Cursors(AESSIV(keeper.hash("seal", _SEALED_FOR)))
