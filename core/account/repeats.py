"""Repeats of a request that comes from outside under a key of the asker's choice (Idempotency-Key).

The key belongs to who asks and to what he asks: the same key with another request is a mistake of his program, and
neither a repeat nor a new act. Source: draft-ietf-httpapi-idempotency-key-header-07.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.journal import first_time
from core.refusals import Invalid
from core.tables import Command


@dataclass(frozen=True, slots=True)
class Request:
    """A request as repeats tell it from others."""

    whose: str
    """Who asks: keys of two never meet."""
    key: str
    """As he has chosen it."""
    fingerprint: str
    """Of all that he asks for."""

    @property
    def act_key(self) -> str:
        """The key of the act that the request causes; of several acts, the beginning of theirs."""
        return f"{self._name}/act"

    @property
    def _claim(self) -> str:
        return f"api/{self.whose}/{self.key}"

    @property
    def _name(self) -> str:
        return f"{self._claim}/{self.fingerprint}"

    async def is_repeat(self, session: AsyncSession, at: datetime) -> bool:
        """Tell whether this very request was carried out before; one that is under way is waited for.

        Raises ``Invalid`` ("repeat-of-another-request") if the asker has used the key for something else.
        """
        if await first_time(session, self._claim, at):
            await first_time(session, self._name, at)
            return False
        if await session.get(Command, self._name) is None:
            raise Invalid("repeat-of-another-request")
        return True
