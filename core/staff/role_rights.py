"""What a school decides itself: roles of its own, and how far each role's right goes there (ROLE-04, CONF-25).

The built-in table answers where the school has said nothing. Some answers no school may give: rights of families stay
inside what families have anywhere, officers see figures and no names, and nobody can lock everybody out.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import RIGHTS_OF, Reach, Right, Role
from core.actor import Act, Actor
from core.events import school_subject
from core.family.relation_tables import OwnRole
from core.journal import Change, audit, first_time
from core.refusals import Invalid, NotFound
from core.tables import RoleRight, School

CODE = re.compile(r"[a-z][a-z0-9-]{1,30}")
NAME_LONGEST = 60
REACHES: Mapping[Role, frozenset[Reach]] = {
    Role.PUPIL: frozenset({Reach.SELF}),
    Role.GUARDIAN: frozenset({Reach.CHILD, Reach.SELF}),
    Role.TRUSTED_ADULT: frozenset({Reach.CHILD, Reach.SELF}),
    Role.MUNICIPAL_OFFICER: frozenset({Reach.AUTHORITY, Reach.SELF}),
    Role.REGIONAL_OFFICER: frozenset({Reach.AUTHORITY, Reach.SELF}),
    Role.CLASS_TEACHER: frozenset({Reach.CLASS, Reach.SELF}),
    Role.STAND_IN: frozenset({Reach.CLASS, Reach.SELF}),
    Role.SUBSTITUTE: frozenset({Reach.LESSON, Reach.SELF}),
    Role.TEACHER: frozenset({Reach.LESSON, Reach.SELF, Reach.SCHOOL}),
    Role.FURTHER_EDUCATION_TEACHER: frozenset({Reach.LESSON, Reach.SELF, Reach.SCHOOL}),
}
"""Reaches that mean something for a role; other roles, and a school's own, reach themselves or the whole school."""
FAMILY = frozenset({Role.PUPIL, Role.GUARDIAN, Role.TRUSTED_ADULT})
OFFICERS = frozenset({Role.MUNICIPAL_OFFICER, Role.REGIONAL_OFFICER})
ACTS_OF_LAW = frozenset({Right.NOTICE_ANSWER, Right.CONSENT_GIVE, Right.ABSENCE_EXPLAIN, Right.MAJORITY_ANSWER})
"""What only parents do, or the grown pupil: a trusted adult signs nothing."""
ONES_OWN = frozenset({Right.ACCOUNT_OWN, Right.BREACH_REPORT})
"""What everybody does for himself alone: others' accounts are looked after by rights of their own."""
FIXED = frozenset(
    {(Role.ADMINISTRATOR, Right.RIGHTS_CHANGE), (Role.ADMINISTRATOR, Right.ROLE_GRANT)}
    | {(role, right) for role in Role for right in ONES_OWN | ACTS_OF_LAW}
)
"""Here the built-in answer stands, and no narrower one is a way round it. Without these nobody could mend what was
decided, or leave an account that is no longer his own; and what the law gives to parents, or to the grown pupil, no
school takes, or gives to anybody else."""


@dataclass(frozen=True, slots=True)
class OwnRoleCard:
    """A role of a school's own."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Decided:
    """How far a role's right goes at a school by its own decision."""

    role: str
    right: Right
    reach: Reach


async def name_role(session: AsyncSession, act: Act, school_id: UUID, code: str, name: str) -> None:
    """Make a role of the school's own, or give it another name. It may nothing until rights are decided for it.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a code that is no code, or one of the built-in ones; no name).
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.RIGHTS_CHANGE)
    if CODE.fullmatch(code) is None or code in set(Role):
        raise Invalid("own-role-code", role=code[:NAME_LONGEST])
    called = free_text.fit(" ".join(free_text.plain(name).split()), NAME_LONGEST)
    if not await first_time(session, act.key, act.at):
        return
    known = await session.get(OwnRole, (school_id, code), with_for_update=True, populate_existing=True)
    before = None if known is None else {"role": code, "name": known.name}
    put = insert(OwnRole).values(school_id=school_id, code=code, name=called)
    await session.execute(put.on_conflict_do_update(index_elements=["school_id", "code"], set_={"name": called}))
    change = Change("own-role.name", school_subject(school_id), before, {"role": code, "name": called})
    await audit(session, act.actor, school_id, act.at, change)


async def decide(session: AsyncSession, act: Act, school_id: UUID, decided: Decided) -> None:
    """Decide how far a role's right goes at this school; what the built-in table says already is not kept twice.

    Raises ``NotFound`` (school or role), ``Forbidden``, ``Invalid`` (an answer that no school may give).
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.RIGHTS_CHANGE)
    await _check(session, school_id, decided)
    if not await first_time(session, act.key, act.at):
        return
    await session.execute(select(School.id).where(School.id == school_id).with_for_update(key_share=True))
    before = await _stands(session, school_id, decided.role, decided.right)
    if before is decided.reach:
        return
    key = (RoleRight.school_id == school_id, RoleRight.role == decided.role, RoleRight.act == decided.right.value)
    await session.execute(delete(RoleRight).where(*key))
    if decided.reach is not _built_in(decided.role, decided.right):
        session.add(
            RoleRight(
                school_id=school_id,
                role=decided.role,
                act=decided.right.value,
                reach=decided.reach.value,
                changed_by=act.actor.person,
                changed_at=act.at,
            )
        )
    await session.flush()
    told = {"role": decided.role, "right": decided.right.value}
    change = Change(
        "role-right.decide", school_subject(school_id), told | {"reach": before}, told | {"reach": decided.reach}
    )
    await audit(session, act.actor, school_id, act.at, change)


async def decided_at(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[Decided, ...]:
    """List what a school has decided otherwise than the built-in table. Raises ``NotFound``, ``Forbidden``."""
    await _may_look(session, actor, school_id, now)
    rows = await session.execute(
        select(RoleRight).where(RoleRight.school_id == school_id).order_by(RoleRight.role, RoleRight.act)
    )
    return tuple(Decided(row.role, Right(row.act), Reach(row.reach)) for row in rows.scalars())


async def own_roles(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[OwnRoleCard, ...]:
    """List a school's own roles. Raises ``NotFound``, ``Forbidden``."""
    await _may_look(session, actor, school_id, now)
    rows = await session.execute(select(OwnRole).where(OwnRole.school_id == school_id).order_by(OwnRole.code))
    return tuple(OwnRoleCard(row.code, row.name) for row in rows.scalars())


def may_be_decided(decided: Decided) -> bool:
    """Tell whether a school may give this answer at all."""
    role, right, reach = decided.role, decided.right, decided.reach
    known = Role(role) if role in set(Role) else None
    if known is not None and (known, right) in FIXED:
        return reach is _built_in(role, right)
    if reach is Reach.NONE:
        return True
    if known is None:
        return _own_role_may(right, reach)
    return _may_reach(known, right, reach)


def _may_reach(known: Role, right: Right, reach: Reach) -> bool:
    if reach not in REACHES.get(known, frozenset({Reach.SELF, Reach.SCHOOL})):
        return False
    if known in FAMILY:
        return any(role in RIGHTS_OF[right] for role in FAMILY)
    if known in OFFICERS:
        return any(role in RIGHTS_OF[right] for role in OFFICERS)
    return True


def _own_role_may(right: Right, reach: Reach) -> bool:
    farthest = {Reach.SELF} if right in ONES_OWN else {Reach.SELF, Reach.SCHOOL}
    return reach in farthest and right not in ACTS_OF_LAW


async def is_own_role(session: AsyncSession, school_id: UUID, code: str) -> bool:
    """Tell whether a school has a role of its own by this code, which may be anything that somebody typed."""
    return CODE.fullmatch(code) is not None and await session.get(OwnRole, (school_id, code)) is not None


async def _check(session: AsyncSession, school_id: UUID, decided: Decided) -> None:
    if decided.role not in set(Role) and not await is_own_role(session, school_id, decided.role):
        raise NotFound("role-unknown")
    if not may_be_decided(decided):
        raise Invalid("role-right-impossible")


async def _stands(session: AsyncSession, school_id: UUID, role: str, right: Right) -> Reach:
    row = await session.get(RoleRight, (school_id, role, right.value), populate_existing=True)
    return _built_in(role, right) if row is None else Reach(row.reach)


def _built_in(role: str, right: Right) -> Reach:
    return RIGHTS_OF[right].get(Role(role), Reach.NONE) if role in Role else Reach.NONE


async def _may_look(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> None:
    facts = await rights.of_school(session, actor, school_id, now)
    if not facts.may(Right.RIGHTS_CHANGE):
        rights.demand(facts, Right.SETTINGS_VIEW)
