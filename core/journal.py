"""What every command writes beside its fact: the audit row, and the key that makes a repeat harmless."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Actor
from core.audit.audit_links import commitment_of
from core.tables import AuditRow, Command

SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one subject, for the audit."""

    action: str
    subject: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    why: str | None = None
    """In the words of whoever did it, where a reason is asked for."""

    def commitment(self, salt: bytes) -> bytes:
        """Return what the chain holds in place of the words, so that it stays whole when they are erased."""
        return commitment_of(salt, self.before, self.after, self.why)


async def audit(session: AsyncSession, actor: Actor, school: UUID, at: datetime, *changes: Change) -> None:
    """Write who changed what, when, from what to what (AUDIT-01), in the transaction of the change."""
    rows = [_row(actor, school, at, change) for change in changes]
    if rows:
        # With what is not said as NULL: rows that say different things would else be as many statements.
        await session.execute(insert(AuditRow).execution_options(render_nulls=True), rows)


def _row(actor: Actor, school: UUID, at: datetime, change: Change) -> dict[str, Any]:
    salt = secrets.token_bytes(SALT_BYTES)
    return {
        "id": uuid4(),
        "school_id": school,
        "at": at,
        "person_id": actor.person,
        "account_id": actor.account,
        "via": actor.via,
        "action": change.action,
        "subject": change.subject,
        "before": change.before,
        "after": change.after,
        "why": change.why,
        "salt": salt,
        "commitment": change.commitment(salt),
    }


async def first_time(session: AsyncSession, key: str, at: datetime) -> bool:
    """Tell whether a command with this key comes for the first time; concurrent repeats wait for the first one.

    The key of a command from a messenger is its update's id, so that an update handled twice acts once.
    """
    statement = upsert(Command).values(key=key, at=at).on_conflict_do_nothing().returning(Command.key)
    return (await session.execute(statement)).scalar_one_or_none() is not None


def id_made_by(key: str, kind: str) -> UUID:
    """Return the id of the thing that the command with this key makes: a repeat finds by it what it made before."""
    return uuid5(NAMESPACE_URL, f"urn:zvonok:{kind}:{key}")
