"""Families: which adults may be told of which pupils."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.person.people import lawful
from core.tables import Guardianship


async def guardians_of(session: AsyncSession, pupils: Collection[UUID], today: date) -> Mapping[UUID, tuple[UUID, ...]]:
    """Return for each of the pupils the guardians who may see him on this day; nobody is a family too."""
    rows = await session.execute(
        select(Guardianship.pupil_id, Guardianship.guardian_id)
        .where(Guardianship.pupil_id.in_(pupils), lawful(today))
        .order_by(Guardianship.pupil_id, Guardianship.guardian_id)
    )
    found: dict[UUID, tuple[UUID, ...]] = dict.fromkeys(pupils, ())
    for pupil, guardian in rows:
        found[pupil] = (*found[pupil], guardian)
    return found


async def signs_for(session: AsyncSession, adult: UUID) -> frozenset[UUID]:
    """Return the pupils for whom this adult's signature is asked; whether he may see them now is another question."""
    query = select(Guardianship.pupil_id).where(Guardianship.guardian_id == adult, Guardianship.must_sign)
    return frozenset((await session.execute(query)).scalars())
