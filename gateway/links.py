"""Links in letters: opaque, signed, each to one delivery, whose reader holds it. Opening one changes nothing."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from uuid import UUID

SIGNATURE = 16
"""Bytes of a signature: 128 bits, which nobody guesses."""


@dataclass(frozen=True, slots=True)
class Links:
    """Makes and reads the links of an installation."""

    base_url: str | None
    """Where the pages stand, without a slash at its end; None: there are no pages, and letters hold no links."""
    key: bytes = field(repr=False)

    def notice(self, delivery: UUID) -> str | None:
        """Return the address of the page on which the reader of a delivery answers a notice."""
        return None if self.base_url is None else f"{self.base_url}/n/{self.token(delivery)}"

    def token(self, delivery: UUID) -> str:
        """Return the token that stands for a delivery."""
        return urlsafe_b64encode(delivery.bytes + self._signature(delivery)).decode().rstrip("=")

    def read(self, token: str) -> UUID | None:
        """Return the delivery of a token; None for one that we did not make."""
        try:
            raw = urlsafe_b64decode(token + "=" * (-len(token) % 4))
            delivery = UUID(bytes=raw[:16])
        except ValueError:
            return None
        # One token, one spelling: base64 forgives bits that do not count.
        ours = hmac.compare_digest(self.token(delivery).encode(), token.encode())
        return delivery if ours else None

    def _signature(self, delivery: UUID) -> bytes:
        return hmac.new(self.key, b"notice:" + delivery.bytes, hashlib.sha256).digest()[:SIGNATURE]
