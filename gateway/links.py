"""Links in letters: opaque, signed, each to one delivery or one reader, who holds it. Opening one changes nothing."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from enum import Enum
from uuid import UUID

SIGNATURE = 16
"""Bytes of a signature: 128 bits, which nobody guesses."""


class Use(Enum):
    """What a token of a delivery opens; signed with it, so that no page takes another page's token."""

    NOTICE = b"notice:"
    """A notice, or what is an account's own: their pages tell them apart by what was delivered."""
    ABSENCE = b"absence:"


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads the links of an installation."""

    base_url: str | None
    """Where the pages stand, without a slash at its end; None: there are no pages, and letters hold no links."""
    key: bytes = field(repr=False)

    def notice(self, delivery: UUID, address: bytes) -> str | None:
        """Return the page on which the reader of a delivery answers a notice; ``address`` is his mailbox's hash."""
        return None if self.base_url is None else f"{self.base_url}/n/{self.token(delivery, address)}"

    def absence(self, delivery: UUID, address: bytes) -> str | None:
        """Return the page on which the reader of a delivery answers why his child is absent."""
        return None if self.base_url is None else f"{self.base_url}/a/{self.token(delivery, address, Use.ABSENCE)}"

    def password(self, delivery: UUID, address: bytes) -> str | None:
        """Return the page on which the reader of a delivery sets a new password."""
        return None if self.base_url is None else f"{self.base_url}/p/{self.token(delivery, address)}"

    def mailbox(self, delivery: UUID, address: bytes) -> str | None:
        """Return the page on which the holder of a mailbox says whether it is his who gave it."""
        return None if self.base_url is None else f"{self.base_url}/m/{self.token(delivery, address)}"

    def strange_entry(self, delivery: UUID, address: bytes) -> str | None:
        """Return the page on which the owner of a login says that it was not he who entered."""
        return None if self.base_url is None else f"{self.base_url}/e/{self.token(delivery, address)}"

    def unsubscribe(self, recipient: UUID, address: bytes) -> str | None:
        """Return the page on which a reader says that he wants no more letters; the same in all of them."""
        return None if self.base_url is None else f"{self.base_url}/u/{self.unsubscribing(recipient, address)}"

    def token(self, delivery: UUID, address: bytes, use: Use = Use.NOTICE) -> str:
        """Return the token that stands for a delivery to an address."""
        return self._signed(use.value, delivery, address)

    def unsubscribing(self, recipient: UUID, address: bytes) -> str:
        """Return the token by which whoever has this mailbox wants no more letters; no other page takes it."""
        return self._signed(b"unsubscribe:", recipient, address)

    def delivery_of(self, token: str) -> UUID | None:
        """Return the delivery that a token names; None for what is no token. It proves nothing yet."""
        return _named(token)

    def recipient_of(self, token: str) -> UUID | None:
        """Return the reader whom a token of unsubscribing names; None for what is no token. It proves nothing yet."""
        return _named(token)

    def proves(self, token: str, delivery: UUID, address: bytes, use: Use = Use.NOTICE) -> bool:
        """Tell whether we made this token for this delivery to this address: a corrected mailbox opens nothing."""
        # One token, one spelling: base64 forgives bits that do not count.
        return hmac.compare_digest(self.token(delivery, address, use).encode(), token.encode())

    def unsubscribes(self, token: str, recipient: UUID, address: bytes) -> bool:
        """Tell whether we made this token for this reader and this mailbox."""
        return hmac.compare_digest(self.unsubscribing(recipient, address).encode(), token.encode())

    def _signed(self, use: bytes, named: UUID, address: bytes) -> str:
        signature = hmac.new(self.key, use + named.bytes + address, hashlib.sha256).digest()[:SIGNATURE]
        return urlsafe_b64encode(named.bytes + signature).decode().rstrip("=")


def _named(token: str) -> UUID | None:
    try:
        return UUID(bytes=urlsafe_b64decode(token + "=" * (-len(token) % 4))[:16])
    except ValueError:
        return None
