"""The gate of consent (CONF-21): what of a pupil is open electronically, and to whom. It is asked here, nowhere else.

A guardian reads and answers by his own consent. What the pupil himself reads, and what an adult is only trusted with,
rests on the consents of those who answer for him in law; a trusted adult needs his own besides. Whoever works with
the pupil acts by his right alone. What is closed here the school says on paper (CONS-17).
"""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.consent import consents
from core.consent.consent_entries import Standing
from core.consent.consents import Relation
from core.events import ConsentPurpose
from core.family.coming_of_age import comes_of_age_on, is_of_age
from core.person.people import in_force, lawful
from core.refusals import Forbidden
from core.rights import Facts
from core.school_time import school_date
from core.tables import Guardianship, Person

ANY = tuple(ConsentPurpose)


async def open_to(session: AsyncSession, facts: Facts, pupil: UUID, now: datetime) -> frozenset[ConsentPurpose]:
    """Return of which purposes whoever asks may read and answer electronically of this pupil today."""
    person = facts.standing.person
    family = facts.thing.guardians | facts.thing.trusted
    if person is None or (person != pupil and person not in family):
        return frozenset(ConsentPurpose)
    today = school_date(now, facts.of_school.zone)
    own = frozenset[ConsentPurpose]()
    if person in family:
        own = _open([await consents.standing(session, pupil, person)], today)
    if person in facts.thing.guardians:
        return own
    relations = await answering_for(session, pupil, today)
    of_family = _open((await consents.standings(session, relations)).values(), today)
    return of_family if person == pupil else own & of_family


async def demand(
    session: AsyncSession, facts: Facts, pupil: UUID, now: datetime, purposes: Collection[ConsentPurpose] = ANY
) -> frozenset[ConsentPurpose]:
    """Return what is open. Raises ``Forbidden`` unless one of ``purposes`` is; its words say whom to ask."""
    found = await open_to(session, facts, pupil, now)
    if found.isdisjoint(purposes):
        if facts.standing.person in facts.thing.guardians:
            raise Forbidden("consent-needed")
        raise Forbidden("consent-of-family-needed")
    return found


async def open_of(
    session: AsyncSession, relations: Collection[Relation], purpose: ConsentPurpose, today: date
) -> frozenset[Relation]:
    """Return those of these guardians' relations through which data of this purpose may go electronically today."""
    found = await consents.standings(session, relations)
    return frozenset(relation for relation, standing in found.items() if standing.term(purpose).in_force(today))


async def answering_for(session: AsyncSession, pupil: UUID, today: date) -> tuple[Relation, ...]:
    """Return the relations on whose consents rests what a pupil does himself.

    Of a minor his guardians in law. Who has come of age keeps what they had agreed to, until it is withdrawn: a
    consent does not end with the guardian's rights, and nobody else could have given it.
    """
    born = (await session.execute(select(Person.birth_date).where(Person.id == pupil))).scalar_one_or_none()
    rows = await session.execute(
        select(Guardianship.pupil_id, Guardianship.guardian_id)
        .where(Guardianship.pupil_id == pupil, _answers(born, today))
        .order_by(Guardianship.guardian_id)
    )
    return tuple((child, guardian) for child, guardian in rows)


def _answers(born: date | None, today: date) -> ColumnElement[bool]:
    if born is None or not is_of_age(born, today):
        return lawful(today)
    return or_(in_force(today), lawful(comes_of_age_on(born) - timedelta(days=1)))


def _open(standings: Iterable[Standing], today: date) -> frozenset[ConsentPurpose]:
    known = list(standings)
    return frozenset(purpose for purpose in ConsentPurpose if any(one.term(purpose).in_force(today) for one in known))
