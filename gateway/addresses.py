"""Addresses: kept encrypted, found by a keyed hash, never logged."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache

from cryptography.fernet import Fernet


@dataclass(frozen=True, slots=True)
class AddressVault:
    """Encrypts addresses at rest and makes the hash by which one is found again."""

    secret: bytes = field(repr=False)
    """32 bytes from the installation's secret; losing them means asking every parent again."""

    def seal(self, value: str) -> bytes:
        """Return the encrypted form of an address."""
        return self._fernet().encrypt(value.encode())

    def open(self, sealed: bytes) -> str:
        """Return the address behind its encrypted form. Raises ``cryptography.fernet.InvalidToken`` for a wrong key."""
        return self._fernet().decrypt(sealed).decode()

    def hash(self, channel: str, value: str) -> bytes:
        """Return the hash by which an address of a channel is found."""
        return hmac.new(self.secret, f"{channel}:{value}".encode(), hashlib.sha256).digest()

    def _fernet(self) -> Fernet:
        return _fernet_of(self.secret)


@cache
def _fernet_of(secret: bytes) -> Fernet:
    # 256 bits derived apart from the hash's key use, in the form that Fernet wants.
    key = hmac.new(secret, b"zvonok-address-key", hashlib.sha256).digest()
    return Fernet(urlsafe_b64encode(key))
