"""How links of the audit's chain are computed: pure, and the same for whoever seals and whoever verifies.

Each link is HMAC-SHA256, under a key that the database never sees, of the link before it and of everything that its row
says; in place of the row's words stands their salted commitment. Without the key nobody can make a chain anew over
rows that he has changed; without the words the chain still holds.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

NOTHING_BEFORE = bytes(hashlib.sha256().digest_size)
"""What the first link follows."""
_USE = b"zvonok audit link 1\n"
PAPER_DIGITS = 20
"""Of a hash on paper: 80 bits, enough since nobody can try hashes without the key."""
_HEAD = re.compile(rf"(?P<number>\d{{1,18}})-(?P<hash>[0-9a-f]{{{PAPER_DIGITS},64}})")


@dataclass(frozen=True, slots=True)
class SealedFacts:
    """What a link vouches for: every column of an audit row, with the commitment in place of the words."""

    id: UUID
    seq: int
    school: UUID
    at: datetime
    person: UUID | None
    account: UUID | None
    via: str
    action: str
    subject: str
    commitment: bytes

    def in_bytes(self) -> bytes:
        """Return the one writing of these facts: JSON of strings in a fixed order, moments in UTC to microseconds."""
        parts = [
            str(self.id),
            str(self.seq),
            str(self.school),
            _moment(self.at),
            _name(self.person),
            _name(self.account),
            self.via,
            self.action,
            self.subject,
            self.commitment.hex(),
        ]
        return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Head:
    """The last link of a chain: kept elsewhere, it proves later that nothing up to it was cut off or written anew."""

    number: int
    hash: bytes
    """Only its beginning, when it was read from paper."""

    def __str__(self) -> str:
        return f"{self.number}-{self.hash.hex()}"

    def on_paper(self) -> str:
        """Return the head as people write it down: «128-1f2e-3d4c-5b6a-7988-0f1e»."""
        digits = self.hash.hex()[:PAPER_DIGITS]
        return "-".join([str(self.number), *(digits[start : start + 4] for start in range(0, PAPER_DIGITS, 4))])

    @classmethod
    def read(cls, written: str) -> "Head | None":
        """Read a head, whole or from paper; capitals, blanks and dashes do not matter. None: it is none."""
        number, _, digits = "".join(written.split()).lower().partition("-")
        found = _HEAD.fullmatch(f"{number}-{digits.replace('-', '')}")
        if found is None or len(found["hash"]) % 2:
            return None
        return cls(int(found["number"]), bytes.fromhex(found["hash"]))


EMPTY = Head(0, NOTHING_BEFORE)
"""The head of a chain without links."""


@dataclass(frozen=True, slots=True)
class ChainKey:
    """Makes links; derived from the installation's secret, and never in the database."""

    value: bytes = field(repr=False)

    def next(self, head: Head, facts: SealedFacts, sealed_at: datetime) -> Head:
        """Return the head after one more row."""
        number = head.number + 1
        message = b"".join(
            (_USE, number.to_bytes(8, "big"), head.hash, _moment(sealed_at).encode(), b"\n", facts.in_bytes())
        )
        return Head(number, hmac.digest(self.value, message, "sha256"))


def commitment_of(
    salt: bytes, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, why: str | None
) -> bytes:
    """Return what the chain holds in place of words: SHA-256 of a salt of their own and the words as sorted JSON."""
    words = json.dumps([before, after, why], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(salt + words.encode()).digest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def _name(one: UUID | None) -> str:
    return "" if one is None else str(one)
