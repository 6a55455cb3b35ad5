"""Keys of accounts: what hashes tokens and codes, and what seals secrets that must be read again."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field

from cryptography.fernet import Fernet

TOKEN_BYTES = 32
MARK_BYTES = 16


def fresh_token() -> str:
    """Return an opaque token of 256 random bits, fit for a cookie and for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def in_bytes(text: str) -> bytes:
    """Return a text in UTF-8; what a browser sent in no encoding at all stands in it as lone halves, and stays so."""
    return text.encode("utf-8", "surrogatepass")


def same(expected: str, shown: str) -> bool:
    """Compare in a time that tells nothing."""
    return hmac.compare_digest(in_bytes(expected), in_bytes(shown))


@dataclass(frozen=True, slots=True)
class AccountKeeper:
    """Works with a key of the installation's secret. Lose it: second factors are set up anew, sessions begin again."""

    secret: bytes = field(repr=False)

    def hash(self, use: str, value: str) -> bytes:
        """Return the keyed hash of a value; one use's hash never stands for another's."""
        return hmac.new(self.secret, in_bytes(f"{use}:{value}"), hashlib.sha256).digest()

    def seal(self, use: str, value: str) -> bytes:
        """Return a value encrypted for one use."""
        return self._fernet(use).encrypt(value.encode())

    def open(self, use: str, sealed: bytes) -> str:
        """Return what was sealed. Raises ``cryptography.fernet.InvalidToken`` for another key or use."""
        return self._fernet(use).decrypt(sealed).decode()

    def device_mark(self, login: str) -> str:
        """Return what a browser keeps after its owner has entered, so that strangers' tries do not hinder him."""
        nonce = secrets.token_urlsafe(MARK_BYTES)
        return f"{nonce}.{self._signature(login, nonce)}"

    def knows_device(self, login: str, mark: str) -> bool:
        """Tell whether this login's owner has entered from the browser that shows this mark."""
        nonce, _, signature = mark.partition(".")
        return same(self._signature(login, nonce), signature)

    def _signature(self, login: str, nonce: str) -> str:
        return self.hash("device", f"{login}:{nonce}")[:MARK_BYTES].hex()

    def _fernet(self, use: str) -> Fernet:
        return Fernet(urlsafe_b64encode(self.hash("seal", use)))
