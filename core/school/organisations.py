"""Organisations: regions, their municipalities, the schools under these, and branches of schools (MON-21, GEN-28).

An authority sees figures of the schools under it, never their people; a branch is a school whose data are its own.
Who stands under whom is the operator's to say: no role of a school reaches beyond it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.events import SchoolKind, school_subject
from core.journal import Change, audit, first_time, id_made_by
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.tables import Authority, School

LONGEST_NAME = 200


class AuthorityKind(StrEnum):
    """What stands above schools."""

    REGION = "region"
    MUNICIPALITY = "municipality"


@dataclass(frozen=True, slots=True)
class AuthorityCard:
    """A region or a municipality."""

    id: UUID
    kind: AuthorityKind
    name: str
    region: UUID | None
    """Of a municipality."""


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """A school in a list of organisations: nothing of its people."""

    id: UUID
    name: str
    kind: SchoolKind
    authority: UUID | None
    branch_of: UUID | None


async def found_region(session: AsyncSession, act: Act, name: str) -> UUID:
    """Enter a region; return its id. Raises ``Forbidden``, ``Invalid`` (no name), ``Conflict`` (name taken)."""
    return await _found(session, act, AuthorityKind.REGION, name, None)


async def found_municipality(session: AsyncSession, act: Act, name: str, region: UUID) -> UUID:
    """Enter a municipality of a region; return its id. Raises ``NotFound``, and what ``found_region`` raises."""
    above = await session.get(Authority, region)
    if above is None or above.kind != AuthorityKind.REGION:
        raise NotFound("authority-unknown")
    return await _found(session, act, AuthorityKind.MUNICIPALITY, name, region)


async def place(session: AsyncSession, act: Act, school_id: UUID, authority_id: UUID | None) -> None:
    """Put a school under a municipality, or, a state or private one, under the region itself; None takes it out.

    Raises ``Forbidden``, ``NotFound``, or ``Invalid``: a municipal school stands under a municipality.
    """
    school = await _school(session, act, school_id)
    authority = None if authority_id is None else await session.get(Authority, authority_id)
    if authority_id is not None and authority is None:
        raise NotFound("authority-unknown")
    if authority is not None and authority.kind == AuthorityKind.REGION and school.kind == SchoolKind.MUNICIPAL:
        raise Invalid("municipal-school-under-region", name=school.name)
    if school.authority_id == authority_id or not await first_time(session, act.key, act.at):
        return
    before, school.authority_id = school.authority_id, authority_id
    await session.flush()
    change = Change(
        "school.place", school_subject(school.id), _said("authority", before), _said("authority", authority_id)
    )
    await audit(session, act.actor, school.id, act.at, change)


async def make_branch(session: AsyncSession, act: Act, branch_id: UUID, head_id: UUID) -> None:
    """Say whose branch a school of that kind is (MON-21).

    Raises ``Forbidden``, ``NotFound``, or ``Invalid``: only a branch has a head organisation, which is no branch.
    """
    branch = await _school(session, act, branch_id)
    head = await _school(session, act, head_id)
    if branch.kind != SchoolKind.BRANCH:
        raise Invalid("school-is-no-branch", name=branch.name)
    if head.kind == SchoolKind.BRANCH:
        raise Invalid("head-is-a-branch", name=head.name)
    if branch.head_school_id == head_id or not await first_time(session, act.key, act.at):
        return
    before, branch.head_school_id = branch.head_school_id, head_id
    await session.flush()
    change = Change("school.branch", school_subject(branch.id), _said("head", before), _said("head", head_id))
    await audit(session, act.actor, branch.id, act.at, change)


async def authorities(session: AsyncSession) -> tuple[AuthorityCard, ...]:
    """List regions and municipalities by name; that there are such is no secret."""
    rows = await session.execute(select(Authority).order_by(Authority.name))
    return tuple(AuthorityCard(one.id, AuthorityKind(one.kind), one.name, one.parent_id) for one in rows.scalars())


async def under(session: AsyncSession, actor: Actor, authority_id: UUID, now: datetime) -> tuple[OrganisationLine, ...]:
    """List the organisations under an authority, a region's municipalities included; branches follow their heads.

    Raises ``NotFound``, ``Forbidden`` for whoever is no officer of it.
    """
    rights.demand(await rights.of_authority(session, actor, authority_id, now), Right.FIGURES_VIEW)
    below = select(Authority.id).where(or_(Authority.id == authority_id, Authority.parent_id == authority_id))
    heads = select(School.id).where(School.authority_id.in_(below))
    return await _lines(session, or_(School.authority_id.in_(below), School.head_school_id.in_(heads)))


async def everything(session: AsyncSession, actor: Actor) -> tuple[OrganisationLine, ...]:
    """List all organisations of the installation, for its operator. Raises ``Forbidden``."""
    if not actor.is_office:
        raise Forbidden("office-only")
    return await _lines(session, true())


async def branches(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[OrganisationLine, ...]:
    """List the branches of a school. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.SETTINGS_VIEW)
    return await _lines(session, School.head_school_id == school_id)


async def _found(session: AsyncSession, act: Act, kind: AuthorityKind, name: str, region: UUID | None) -> UUID:
    _office_only(act)
    plain = " ".join(free_text.plain(name).split())
    if not 1 <= len(plain) <= LONGEST_NAME:
        raise Invalid("authority-name-needed", longest=LONGEST_NAME)
    made = id_made_by(act.key, "authority")
    if not await first_time(session, act.key, act.at):
        return made
    values = {"id": made, "kind": kind.value, "name": plain, "parent_id": region}
    put = insert(Authority).values(values).on_conflict_do_nothing(index_elements=["name"]).returning(Authority.id)
    if (await session.execute(put)).scalar_one_or_none() is None:
        raise Conflict("authority-exists", name=plain)
    # An authority is no school, and has a chain of the audit to itself.
    after = {"kind": kind.value, "name": plain, **(_said("region", region) if region else {})}
    await audit(session, act.actor, made, act.at, Change("authority.found", f"authority/{made}", None, after))
    return made


async def _school(session: AsyncSession, act: Act, school_id: UUID) -> School:
    _office_only(act)
    school = await session.get(School, school_id, with_for_update=True, populate_existing=True)
    if school is None:
        raise NotFound("school-unknown")
    return school


async def _lines(session: AsyncSession, condition: ColumnElement[bool]) -> tuple[OrganisationLine, ...]:
    rows = await session.execute(select(School).where(condition).order_by(School.name))
    return tuple(
        OrganisationLine(one.id, one.name, SchoolKind(one.kind), one.authority_id, one.head_school_id)
        for one in rows.scalars()
    )


def _office_only(act: Act) -> None:
    if not act.actor.is_office:
        raise Forbidden("office-only")


def _said(name: str, value: UUID | None) -> dict[str, str | None]:
    return {name: None if value is None else str(value)}
