"""What every command writes beside its fact: the audit row, and the key that makes a repeat harmless."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from sqlalchemy import ARRAY, DateTime, LargeBinary, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Actor
from core.audit.audit_links import commitment_of
from core.tables import Command

SALT_BYTES = 16
# One statement however many changes there are; in their order, which is that of the chain.
_WRITE_DOWN = text("""
INSERT INTO core.audit
  (id, school_id, at, person_id, account_id, via, action, subject, before, after, why, salt, commitment)
SELECT one.id, :school, :at, :person, :account, :via, one.action, one.subject, one.before::jsonb, one.after::jsonb,
  one.why, one.salt, one.commitment
FROM unnest(:ids, :actions, :subjects, :before, :after, :why, :salts, :commitments)
  WITH ORDINALITY AS one (id, action, subject, before, after, why, salt, commitment, turn)
ORDER BY one.turn""").bindparams(
    *(bindparam(name, type_=Uuid) for name in ("school", "person", "account")),
    bindparam("at", type_=DateTime(timezone=True)),
    bindparam("via", type_=Text),
    bindparam("ids", type_=ARRAY(Uuid)),
    *(bindparam(name, type_=ARRAY(Text)) for name in ("actions", "subjects", "before", "after", "why")),
    *(bindparam(name, type_=ARRAY(LargeBinary)) for name in ("salts", "commitments")),
)


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
    if not changes:
        return
    salts = [secrets.token_bytes(SALT_BYTES) for _ in changes]
    values: dict[str, Any] = {
        "school": school,
        "at": at,
        "person": actor.person,
        "account": actor.account,
        "via": actor.via,
        "ids": [uuid4() for _ in changes],
        "actions": [change.action for change in changes],
        "subjects": [change.subject for change in changes],
        "before": [_as_json(change.before) for change in changes],
        "after": [_as_json(change.after) for change in changes],
        "why": [change.why for change in changes],
        "salts": salts,
        "commitments": [change.commitment(salt) for change, salt in zip(changes, salts, strict=True)],
    }
    await session.execute(_WRITE_DOWN, values)


def _as_json(said: dict[str, Any] | None) -> str | None:
    return None if said is None else json.dumps(said)


async def first_time(session: AsyncSession, key: str, at: datetime) -> bool:
    """Tell whether a command with this key comes for the first time; concurrent repeats wait for the first one.

    The key of a command from a messenger is its update's id, so that an update handled twice acts once.
    """
    statement = upsert(Command).values(key=key, at=at).on_conflict_do_nothing().returning(Command.key)
    return (await session.execute(statement)).scalar_one_or_none() is not None


def id_made_by(key: str, kind: str) -> UUID:
    """Return the id of the thing that the command with this key makes: a repeat finds by it what it made before."""
    return uuid5(NAMESPACE_URL, f"urn:zvonok:{kind}:{key}")
