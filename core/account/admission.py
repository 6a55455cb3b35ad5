"""Who may have an account with a login: those who work here, and families who have consented (CONF-21)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.consent import consent_gate, consents
from core.person.people import in_force
from core.refusals import Forbidden
from core.rule_book.values import LoginMethod
from core.school import school_rules
from core.school_time import school_date
from core.tables import Guardianship, Person, Pupil, School, Staff


class Kind(StrEnum):
    """As what somebody has an account."""

    STAFF = "staff"
    GUARDIAN = "guardian"
    PUPIL = "pupil"


@dataclass(frozen=True, slots=True)
class Admission:
    """As what a person may enter now; nothing: ``refusal`` says why."""

    kinds: frozenset[Kind]
    refusal: str | None = None

    def demand(self) -> None:
        """Raise ``Forbidden`` unless he may have an account."""
        if self.refusal == "no-consent":
            raise Forbidden("login-no-consent")
        if self.refusal is not None:
            raise Forbidden("login-nobody")


async def of_person(session: AsyncSession, person_id: UUID, now: datetime) -> Admission:
    """Tell as what a person may enter; a duplicate record and whoever has left may not."""
    row = (
        await session.execute(
            select(Person, School.zone).outerjoin(School, School.id == Person.school_id).where(Person.id == person_id)
        )
    ).one_or_none()
    if row is None or row[0].merged_into is not None:
        return Admission(frozenset(), "nobody")
    person, zone = row
    if person.authority_id is not None:
        return Admission(frozenset({Kind.STAFF}))
    today = school_date(now, zone)
    kinds = {Kind.STAFF} if await _works(session, person_id, today) else set()
    families = await _families(session, person_id, today)
    for kind, relations in families.items():
        if await _consented(session, relations, today):
            kinds.add(kind)
    if kinds:
        return Admission(frozenset(kinds))
    return Admission(frozenset(), "no-consent" if families else "nobody")


async def this_way(session: AsyncSession, person: Person, kinds: Collection[Kind], method: LoginMethod) -> bool:
    """Tell whether a person's school lets him enter in this way; an authority's officers may in any."""
    if person.school_id is None or not kinds:
        return bool(kinds)
    rules = await school_rules.of_school(session, person.school_id)
    ways = {Kind.STAFF: rules.login_staff, Kind.PUPIL: rules.login_pupils, Kind.GUARDIAN: rules.login_parents}
    return any(method in ways[kind] for kind in kinds)


async def _works(session: AsyncSession, person_id: UUID, today: date) -> bool:
    staff = await session.get(Staff, person_id)
    return staff is not None and (staff.until is None or staff.until >= today)


async def _families(session: AsyncSession, person_id: UUID, today: date) -> dict[Kind, list[consents.Relation]]:
    """Return the relations on whose consent an account rests: his own as a guardian, his guardians' as a pupil."""
    rows = await session.execute(
        select(Guardianship.pupil_id, Guardianship.guardian_id).where(
            Guardianship.guardian_id == person_id, in_force(today)
        )
    )
    own = [(pupil, guardian) for pupil, guardian in rows]
    found = {Kind.GUARDIAN: own} if own else {}
    if await session.get(Pupil, person_id) is not None:
        found[Kind.PUPIL] = list(await consent_gate.answering_for(session, person_id, today))
    return found


async def _consented(session: AsyncSession, relations: list[consents.Relation], today: date) -> bool:
    if not relations:
        return False
    standings = await consents.standings(session, relations)
    return any(standing.in_force(today) for standing in standings.values())
