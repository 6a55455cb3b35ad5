"""Roles that follow from the positions of the office's lists (ROLE-13)."""

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID, uuid4

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Role
from core.actor import Act
from core.journal import Change, audit
from core.tables import RoleAssignment


async def follow_list(
    session: AsyncSession, act: Act, school: UUID, wanted: Mapping[UUID, Role | None], today: date
) -> None:
    """Give the listed people the role of their position, and take back what another position of a list had given.

    Roles given one by one are nobody's of a list and stay.
    """
    rows = await session.execute(
        select(RoleAssignment).where(
            RoleAssignment.school_id == school,
            RoleAssignment.by_list,
            RoleAssignment.person_id.in_(wanted),
            or_(RoleAssignment.until.is_(None), RoleAssignment.until >= today),
        )
    )
    standing = {row.person_id: row for row in rows.scalars()}
    for person, role in wanted.items():
        row = standing.get(person)
        if (row.role if row else None) == role:
            continue
        if row is not None:
            await _end(session, row, today)
        if role is not None:
            session.add(_given(act, school, person, role, today))
        change = Change("role.by-list", f"person/{person}", {"role": row.role if row else None}, {"role": role})
        await audit(session, act.actor, school, act.at, change)
    await session.flush()


async def _end(session: AsyncSession, row: RoleAssignment, today: date) -> None:
    """End a role yesterday; one that was given today was never meant."""
    if row.since < today:
        row.until = today - timedelta(days=1)
    else:
        await session.delete(row)


def _given(act: Act, school: UUID, person: UUID, role: Role, today: date) -> RoleAssignment:
    return RoleAssignment(
        id=uuid4(),
        person_id=person,
        school_id=school,
        role=role.value,
        since=today,
        why="",
        by_list=True,
        granted_by=act.actor.person,
        granted_at=act.at,
    )
