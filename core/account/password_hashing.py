"""Argon2id, off the event loop: hashing takes long on purpose. Source: RFC 9106; OWASP Password Storage Cheat Sheet."""

import asyncio
import secrets

from argon2 import Parameters, PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from core.account.password_strength import normal

PRODUCT = Parameters(
    type=Type.ID, version=ARGON2_VERSION, salt_len=16, hash_len=32, time_cost=2, memory_cost=19456, parallelism=1
)
"""19 MiB and two passes."""
AT_ONCE = 2
"""Hashes under way together: the first lesson begins for everybody at once, and other requests must go on."""


class Hasher:
    """Makes and compares hashes."""

    def __init__(self, parameters: Parameters = PRODUCT) -> None:
        self._argon = PasswordHasher.from_parameters(parameters)
        # A hash that no password has: compared with where there is no account, so that both take as long.
        self._nobody = self._argon.hash(secrets.token_urlsafe())
        self._room = asyncio.Semaphore(AT_ONCE)

    async def make(self, password: str) -> str:
        """Return a new salted hash."""
        async with self._room:
            return await asyncio.to_thread(self._argon.hash, normal(password))

    async def fits(self, kept: str | None, password: str) -> bool:
        """Tell whether a password has this hash; without a hash the answer is no, and takes as long."""
        async with self._room:
            same = await asyncio.to_thread(self._compare, kept or self._nobody, normal(password))
        return same and kept is not None

    def outdated(self, kept: str) -> bool:
        """Tell whether a hash was made with other parameters than are in use now."""
        return self._argon.check_needs_rehash(kept)

    def _compare(self, kept: str, password: str) -> bool:
        try:
            return self._argon.verify(kept, password)
        except (VerificationError, InvalidHashError):
            return False
