"""Work, and roles that follow from the positions of the office's lists (ROLE-13)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Role
from core.account import handing_out
from core.actor import Act
from core.journal import Change, audit
from core.tables import RoleAssignment, Staff


async def begin_work(session: AsyncSession, rows: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Write down people of a list who begin to work, as columns of ``staff``; what they had as a family is void."""
    if rows:
        await session.execute(insert(Staff), rows)
        await handing_out.take_back(session, [row["person_id"] for row in rows], at)


async def follow_list(
    session: AsyncSession, act: Act, school: UUID, wanted: Mapping[UUID, Role | None], today: date, *, may_grant: bool
) -> None:
    """Give the listed people the role of their position, and take back what another position of a list had given.

    Roles given one by one are nobody's of a list and stay. To write down a position is not to give its role: that is
    for those who give roles (``may_grant``), and not for oneself; otherwise it waits for one of them.
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
        given = role if may_grant and person != act.actor.person else None
        if given is not None:
            session.add(await _given(session, act, school, person, given, today))
        if row is None and given is None:
            continue
        change = Change("role.by-list", f"person/{person}", {"role": row.role if row else None}, {"role": given})
        await audit(session, act.actor, school, act.at, change)
    await session.flush()


async def _end(session: AsyncSession, row: RoleAssignment, today: date) -> None:
    """End a role yesterday; one that was given today was never meant."""
    if row.since < today:
        row.until = today - timedelta(days=1)
    else:
        await session.delete(row)


async def _given(
    session: AsyncSession, act: Act, school: UUID, person: UUID, role: Role, today: date
) -> RoleAssignment:
    """Make the role, until further notice or until the last day of his work."""
    last_day = await session.execute(select(Staff.until).where(Staff.person_id == person))
    return RoleAssignment(
        id=uuid4(),
        person_id=person,
        school_id=school,
        role=role.value,
        since=today,
        until=last_day.scalar_one_or_none(),
        why="",
        by_list=True,
        granted_by=act.actor.person,
        granted_at=act.at,
    )
