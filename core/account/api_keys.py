"""Keys of programs: a school hands one out, with scopes; whoever shows it acts in the school's name within them.

The key is shown once, when it is made; here stands its SHA-256 alone, which suffices for 256 random bits (no password
needs so little). A program is nobody: it holds no role, and what is somebody's own (a diary, an answer) no key opens.
"""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.account.account_keeper import fresh_token, in_bytes
from core.account.api_key_tables import ApiKey
from core.actor import Act, Actor, Program
from core.journal import Change, audit, first_time, id_made_by
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rights import Facts
from core.school_time import school_date
from core.tables import School

BEGINS = "zvk_"
"""So that whoever finds one, a program that looks for leaked keys included, knows what it is."""
TITLE_LONGEST = 80
VIA = "api"


class Scope(StrEnum):
    """What a key may be made for."""

    JOURNAL_READ = "journal:read"
    TIMETABLE_READ = "timetable:read"
    PUPILS_READ = "pupils:read"
    ATTENDANCE_WRITE = "attendance:write"
    MARKS_WRITE = "marks:write"
    HOMEWORK_WRITE = "homework:write"


RIGHTS_OF_SCOPE: Mapping[Scope, Right] = MappingProxyType(
    {
        Scope.JOURNAL_READ: Right.JOURNAL_VIEW,
        Scope.TIMETABLE_READ: Right.YEAR_VIEW,
        Scope.PUPILS_READ: Right.PUPIL_VIEW,
        Scope.ATTENDANCE_WRITE: Right.ATTENDANCE_RECORD,
        Scope.MARKS_WRITE: Right.MARK_GIVE,
        Scope.HOMEWORK_WRITE: Right.HOMEWORK_SET,
    }
)
"""One right each: a scope that held two would give somebody more than its name says."""


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """What a key is made for."""

    title: str
    """What the program is called at the school."""
    scopes: tuple[Scope, ...]
    expires_on: date | None = None
    """The last day; None: until it is revoked."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A key as it is shown once."""

    id: UUID
    key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key in the school's list."""

    id: UUID
    title: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_on: date | None
    last_used_on: date | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """A program that has shown its key."""

    key: UUID
    actor: Actor
    scopes: frozenset[str]


async def make(session: AsyncSession, act: Act, school_id: UUID, draft: KeyDraft) -> MadeKey:
    """Make a key; it is in the answer, and nowhere else.

    Raises ``NotFound``, ``Forbidden`` (also "above-you": nobody makes a key for what he may not do himself throughout
    the school, unless he could give himself the right), ``Invalid`` (no title, no scope, a last day that is over), or
    ``Conflict`` at a repeat, since the key cannot be shown again.
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.API_KEY_MANAGE)
    _demand_own(facts, draft.scopes)
    said = _checked(draft, school_date(act.at, facts.of_school.zone))
    if not await first_time(session, act.key, act.at):
        raise Conflict("api-key-made-already")
    made = MadeKey(id_made_by(act.key, "api-key"), f"{BEGINS}{fresh_token()}")
    by = {"made_by": act.actor.person, "made_at": act.at}
    session.add(ApiKey(id=made.id, school_id=school_id, digest=_digest(made.key), **said, **by))
    await session.flush()
    expires = None if draft.expires_on is None else draft.expires_on.isoformat()
    change = Change("api-key.make", f"api-key/{made.id}", None, {**said, "expires_on": expires})
    await audit(session, act.actor, school_id, act.at, change)
    return made


async def listed(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[KeyLine, ...]:
    """List the keys of a school, revoked ones included, the newest first. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.API_KEY_MANAGE)
    query = select(ApiKey).where(ApiKey.school_id == school_id).order_by(ApiKey.made_at.desc(), ApiKey.id)
    return tuple(
        KeyLine(one.id, one.title, tuple(one.scopes), one.made_at, one.expires_on, one.last_used_on, one.revoked_at)
        for one in (await session.execute(query)).scalars()
    )


async def revoke(session: AsyncSession, act: Act, key_id: UUID) -> None:
    """Let a key open nothing any more, from this moment on; again is harmless. Raises ``NotFound``, ``Forbidden``."""
    key = await session.get(ApiKey, key_id)
    if key is None:
        raise NotFound("api-key-gone")
    rights.demand(await rights.of_school(session, act.actor, key.school_id, act.at), Right.API_KEY_MANAGE)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(key, with_for_update=True)
    if key.revoked_at is not None:
        return
    key.revoked_at, key.revoked_by = act.at, act.actor.person
    await session.flush()
    change = Change("api-key.revoke", f"api-key/{key.id}", {"revoked": False}, {"revoked": True})
    await audit(session, act.actor, key.school_id, act.at, change)


async def bearer(session: AsyncSession, shown: str, now: datetime) -> Bearer:
    """Tell which program shows a key. Raises ``Forbidden`` for an unknown, revoked or expired one, saying no more."""
    query = (
        select(ApiKey, School.zone).join(School, School.id == ApiKey.school_id).where(ApiKey.digest == _digest(shown))
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise Forbidden("api-key-unknown")
    key, zone = found
    today = school_date(now, zone)
    if key.revoked_at is not None or (key.expires_on is not None and key.expires_on < today):
        raise Forbidden("api-key-unknown")
    if key.last_used_on != today:
        key.last_used_on = today
        await session.flush()
    program = Program(key.school_id, frozenset(RIGHTS_OF_SCOPE[Scope(one)] for one in key.scopes))
    return Bearer(key.id, Actor(via=VIA, account=key.id, program=program), frozenset(key.scopes))


def _demand_own(facts: Facts, scopes: Collection[Scope]) -> None:
    if any(facts.may(power) for power in rights.POWERS):
        return
    if not all(facts.may_throughout(RIGHTS_OF_SCOPE[scope]) for scope in scopes):
        raise Forbidden("above-you")


def _checked(draft: KeyDraft, today: date) -> dict[str, object]:
    if not draft.scopes:
        raise Invalid("api-key-no-scope")
    if draft.expires_on is not None and draft.expires_on < today:
        raise Invalid("api-key-over")
    title = free_text.fit(" ".join(draft.title.split()), TITLE_LONGEST)
    return {"title": title, "scopes": sorted(set(draft.scopes)), "expires_on": draft.expires_on}


def _digest(key: str) -> bytes:
    return hashlib.sha256(in_bytes(key)).digest()
