"""An account as its owner sees it: as whom he is here, as whom he may go on, and where else he has entered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import admission, logins, sessions
from core.account.account_tables import Password
from core.account.sessions import SessionLine, Visitor
from core.person import people
from core.refusals import Forbidden
from core.tables import Person, School

FARTHEST = "Europe/Moscow"
"""By whose clock an officer of an authority without schools reads."""


@dataclass(frozen=True, slots=True)
class OwnPerson:
    """One of the persons for whom an account stands."""

    id: UUID
    name: str
    school_name: str | None
    """None for an officer of an authority."""
    this: bool
    """The stay goes on as this one."""


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """What stands on the page of one's own account."""

    persons: tuple[OwnPerson, ...]
    """Those as whom he may be here, the one that he is among them."""
    stays: tuple[SessionLine, ...]
    has_password: bool
    zone: str
    """Time zone by which he reads, by its IANA name."""

    @property
    def me(self) -> OwnPerson:
        """As whom the stay goes on."""
        return next(one for one in self.persons if one.this)


async def read(session: AsyncSession, here: Visitor, now: datetime) -> OwnAccount:
    """Return the visitor's own account. Raises ``Forbidden``."""
    stays = await sessions.of_account(session, here, now)
    account = here.actor.account
    if account is None:
        raise Forbidden("session-over")
    persons = [
        one
        for one in await logins.persons_of(session, account)
        if one.id == here.actor.person or (await admission.of_person(session, one.id, now)).kinds
    ]
    names = await people.names(session, [one.id for one in persons])
    schools = await _schools(session, persons)
    shown = tuple(_own(one, names, schools, here) for one in persons)
    zone = next((schools[one.school_id].zone for one in persons if one.school_id in schools), FARTHEST)
    return OwnAccount(shown, stays, await session.get(Password, account) is not None, zone)


async def _schools(session: AsyncSession, persons: list[Person]) -> dict[UUID | None, School]:
    ids = [one.school_id for one in persons if one.school_id is not None]
    return {one.id: one for one in (await session.execute(select(School).where(School.id.in_(ids)))).scalars()}


def _own(one: Person, names: Mapping[UUID, str], schools: Mapping[UUID | None, School], here: Visitor) -> OwnPerson:
    school = schools.get(one.school_id)
    return OwnPerson(one.id, names[one.id], None if school is None else school.name, one.id == here.actor.person)
