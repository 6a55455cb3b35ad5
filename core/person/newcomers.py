"""People who come into the journal one by one: a pupil, an adult of one, an employee, an institution, an officer.

The same person twice is two records that know nothing of each other: a full namesake with the same birth date is
refused, and one without a birth date is let in only if whoever writes says that he knows of the other.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act
from core.family.relation_tables import Institution
from core.journal import Change, audit, first_time, id_made_by
from core.refusals import Conflict, Forbidden, Invalid
from core.roster_file import name_key
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Authority, Person, School

NAME_LONGEST, INSTITUTION_LONGEST = 60, 300
OLDEST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Who comes."""

    name: FullName
    birth_date: date | None = None
    namesake: bool = False
    """Whoever writes knows that somebody of this name is there already, and that it is somebody else."""


async def adult_of(session: AsyncSession, act: Act, pupil: UUID, who: Newcomer) -> UUID:
    """Write down an adult of a pupil; the relation itself is recorded by ``guardianships.add``.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` (he is there already), ``Invalid`` (a name or date that cannot be).
    """
    facts = await rights.of_pupil(session, act.actor, pupil, act.at)
    rights.demand(facts, Right.GUARDIANSHIP_WRITE)
    return await _put(session, act, facts.of_school, who)


async def employee(session: AsyncSession, act: Act, school_id: UUID, who: Newcomer) -> UUID:
    """Write down somebody who is about to be hired by ``staffing.hire``. Raises as ``adult_of`` does."""
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.STAFF_MANAGE)
    return await _put(session, act, facts.of_school, who)


async def pupil(session: AsyncSession, act: Act, school_id: UUID, who: Newcomer) -> UUID:
    """Write down somebody who is about to be taken in by ``orders.arrive``. Raises as ``adult_of`` does."""
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.MOVEMENT_RECORD)
    return await _put(session, act, facts.of_school, who)


async def institution(session: AsyncSession, act: Act, school_id: UUID, name: str, full_name: str) -> UUID:
    """Write down an organisation that stands in for parents, under the short name by which the school knows it.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` (it is there already), ``Invalid`` (no name).
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.GUARDIANSHIP_WRITE)
    short, full = (free_text.fit(_one_line(one), INSTITUTION_LONGEST) for one in (name, full_name))
    person = id_made_by(act.key, "person")
    if not await first_time(session, act.key, act.at):
        return person
    await _lock(session, school_id)
    known = select(Institution.full_name).join(Person, Person.id == Institution.person_id)
    there = (await session.execute(known.where(Person.school_id == school_id))).scalars()
    if full.casefold() in {one.casefold() for one in there}:
        raise Conflict("institution-there", name=short)
    await _insert(session, person, FullName(short, ""), None, school=school_id)
    session.add(Institution(person_id=person, full_name=full))
    await session.flush()
    await audit(session, act.actor, school_id, act.at, Change("person.add", f"person/{person}", None, {"name": full}))
    return person


async def officer(session: AsyncSession, act: Act, authority_id: UUID, name: FullName) -> UUID:
    """Write down an officer of a region or a municipality (ROLE-36). For the operator of the installation only.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``.
    """
    await rights.of_authority(session, act.actor, authority_id, act.at)
    if not act.actor.is_office:
        raise Forbidden("office-only")
    wanted = _fit(name)
    person = id_made_by(act.key, "person")
    if not await first_time(session, act.key, act.at):
        return person
    await session.get_one(Authority, authority_id, with_for_update={"key_share": True})
    await _insert(session, person, wanted, None, authority=authority_id)
    # The audit is a school's; what the operator does above schools is kept under the authority's own id.
    change = Change("person.add", f"person/{person}", None, {"name": wanted.in_full()})
    await audit(session, act.actor, authority_id, act.at, change)
    return person


async def _put(session: AsyncSession, act: Act, school: SchoolCard, who: Newcomer) -> UUID:
    name = _fit(who.name)
    if who.birth_date is not None and not OLDEST <= who.birth_date <= school_date(act.at, school.zone):
        raise Invalid("birth-date-impossible")
    person = id_made_by(act.key, "person")
    if not await first_time(session, act.key, act.at):
        return person
    await _lock(session, school.id)
    await _check_namesakes(session, school.id, name, who)
    await _insert(session, person, name, who.birth_date, school=school.id)
    after = {"name": name.in_full(), "birth_date": who.birth_date.isoformat() if who.birth_date else None}
    await audit(session, act.actor, school.id, act.at, Change("person.add", f"person/{person}", None, after))
    return person


async def _check_namesakes(session: AsyncSession, school: UUID, name: FullName, who: Newcomer) -> None:
    rows = await session.execute(
        select(Person.surname, Person.given, Person.patronymic, Person.birth_date).where(
            Person.school_id == school, Person.merged_into.is_(None)
        )
    )
    wanted = name_key(name)
    born = [birth for *parts, birth in rows if name_key(FullName(*parts)) == wanted]
    same = who.birth_date is not None and who.birth_date in born
    unsure = who.birth_date is None or None in born
    if same or (born and unsure and not who.namesake):
        raise Conflict("person-there", name=name.in_full())


async def _insert(
    session: AsyncSession,
    person: UUID,
    name: FullName,
    born: date | None,
    *,
    school: UUID | None = None,
    authority: UUID | None = None,
) -> None:
    session.add(
        Person(
            id=person,
            school_id=school,
            authority_id=authority,
            surname=name.surname,
            given=name.given,
            patronymic=name.patronymic,
            birth_date=born,
            sort_key=name.sort_key(),
        )
    )
    await session.flush()


async def _lock(session: AsyncSession, school: UUID) -> None:
    """Let one newcomer of a school in at a time: two blind to each other would be one person twice."""
    await session.execute(select(School.id).where(School.id == school).with_for_update(key_share=True))


def _fit(name: FullName) -> FullName:
    parts = [_one_line(part) for part in (name.surname, name.given, name.patronymic)]
    if any(free_text.says_nothing(part) for part in parts[:2]):
        raise Invalid("person-name-needed")
    if any(len(part) > NAME_LONGEST or any(sign.isdigit() for sign in part) for part in parts):
        raise Invalid("person-name-odd")
    return FullName(*parts)


def _one_line(written: str) -> str:
    return " ".join(free_text.plain(written).split())
