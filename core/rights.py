"""What must be known before anybody may look at or touch a thing: who he is on this day, and what the thing is.

Every command and every query of core begins here: it reads the facts of its thing and demands a right of them.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Date,
    Select,
    SQLColumnExpression,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Held, Reach, Right, Role, Standing, Thing, may, reach_of
from core.actor import Actor
from core.person.people import TRUSTED, in_force
from core.refusals import Forbidden, NotFound
from core.rule_book.profiles import Profile, rules_by
from core.school.schools import SchoolCard, card_of
from core.school_time import school_date
from core.tables import Authority, Guardianship, Person, Pupil, RoleAssignment, RoleRight, School, SchoolClass, Staff

UTC = "UTC"
"""An authority above schools of several zones counts its days by this one."""
WITHOUT_WORK = (Role.SUPPORT, Role.MUNICIPAL_OFFICER, Role.REGIONAL_OFFICER)
"""Roles that are given to people who do not work at the school; every other one rests on work there."""
POWERS = (Right.ROLE_GRANT, Right.RIGHTS_CHANGE)
"""Whoever has one of these can give himself, or a friend, any other right."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A thing and whoever asks for it."""

    standing: Standing
    thing: Thing
    school: SchoolCard | None
    """None of an authority."""

    def may(self, right: Right) -> bool:
        """Tell whether he may."""
        return may(self.standing, right, self.thing)

    def may_as_author(self, right: Right, author: UUID | None) -> bool:
        """Tell the same of what ``author`` has written of the thing."""
        return may(self.standing, right, replace(self.thing, person=author))

    def may_throughout(self, right: Right) -> bool:
        """Tell whether he may, whichever class or lesson of the school it is."""
        return may(self.standing, right, Thing(school=self.thing.school))

    @property
    def of_school(self) -> SchoolCard:
        """The school that the thing belongs to. Raises ``LookupError`` for what belongs to an authority."""
        if self.school is None:
            raise LookupError("belongs to no school")
        return self.school


@dataclass(frozen=True, slots=True)
class Station:
    """What somebody is at the school besides a child's adult or a pupil, today or from a later day on."""

    works: bool
    roles: frozenset[str]

    @property
    def is_family_alone(self) -> bool:
        """Tell whether he is nothing of the kind."""
        return not self.works and not self.roles

    @property
    def has_given_roles(self) -> bool:
        """Tell whether he has roles that do not follow from his work alone."""
        return bool(self.roles - {Role.TEACHER.value})


def demand_no_less(facts: Facts, his: Station) -> None:
    """Raise ``Forbidden`` unless the actor has himself each of the ``POWERS`` that the roles of this station have.

    What is done in somebody's name must not let anybody rise above himself.
    """
    for right in POWERS:
        if any(reach_of(facts.standing, role, right) not in {Reach.NONE, Reach.SELF} for role in his.roles):
            demand(facts, right, "above-you")


def demand(facts: Facts, right: Right, code: str = "not-allowed", /, **details: str | int) -> None:
    """Raise ``Forbidden`` with this code unless he may."""
    if not facts.may(right):
        raise Forbidden(code, **details)


async def of_school(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> Facts:
    """Read a school as a thing. Raises ``NotFound``."""
    school = await session.get(School, school_id)
    if school is None:
        raise NotFound("school-unknown")
    return await facts_of(session, actor, card_of(school), now, Thing(school=school.id))


async def of_class(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> Facts:
    """Read a class as a thing. Raises ``NotFound``."""
    query = (
        select(SchoolClass.class_teacher_id, School)
        .join(School, School.id == SchoolClass.school_id)
        .where(SchoolClass.id == class_id)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("class-gone")
    class_teacher, school = found
    thing = Thing(school=school.id, school_class=class_id, class_teacher=class_teacher)
    return await facts_of(session, actor, card_of(school), now, thing)


async def of_pupil(session: AsyncSession, actor: Actor, pupil_id: UUID, now: datetime) -> Facts:
    """Read a pupil as a thing: his record, his class, and whether the actor is an adult of his. Raises ``NotFound``."""
    query = (
        select(SchoolClass, School)
        .join(School, School.id == SchoolClass.school_id)
        .join(Pupil, Pupil.class_id == SchoolClass.id)
        .where(Pupil.person_id == pupil_id)
    )
    found = (await session.execute(query)).one_or_none()
    if found is None:
        raise NotFound("pupil-unknown")
    school_class, school = found
    card = card_of(school)
    guardians, trusted = await _adults(session, actor, pupil_id, card, now)
    thing = Thing(
        school=school.id,
        school_class=school_class.id,
        class_teacher=school_class.class_teacher_id,
        person=pupil_id,
        guardians=guardians,
        trusted=trusted,
    )
    return await facts_of(session, actor, card, now, thing)


async def of_person(session: AsyncSession, actor: Actor, person_id: UUID, now: datetime) -> Facts:
    """Read a person's record as a thing; a pupil's as ``of_pupil`` does. Raises ``NotFound``."""
    if await session.get(Pupil, person_id) is not None:
        return await of_pupil(session, actor, person_id, now)
    person = await session.get(Person, person_id)
    if person is None:
        raise NotFound("person-gone")
    if person.school_id is None:
        if person.authority_id is None:
            raise NotFound("person-gone")
        return await of_authority(session, actor, person.authority_id, now, person=person_id)
    school = await session.get_one(School, person.school_id)
    return await facts_of(session, actor, card_of(school), now, Thing(school=school.id, person=person_id))


async def of_authority(
    session: AsyncSession, actor: Actor, authority_id: UUID, now: datetime, *, person: UUID | None = None
) -> Facts:
    """Read a region or a municipality as a thing. Raises ``NotFound``."""
    authority = await session.get(Authority, authority_id)
    if authority is None:
        raise NotFound("authority-unknown")
    above = frozenset(one for one in (authority.id, authority.parent_id) if one is not None)
    held, _, _ = await _known(session, actor, None, school_date(now, UTC))
    standing = Standing(actor.person, is_office=actor.is_office, held=held)
    return Facts(standing, Thing(authorities=above, person=person), None)


async def station_of(session: AsyncSession, person: UUID, today: date) -> Station:
    """Read whether somebody works at his school, and which roles he was given there, today or from a later day on."""
    works = select(Staff.person_id).where(Staff.person_id == person, or_(Staff.until.is_(None), Staff.until >= today))
    roles = select(RoleAssignment.role).where(
        RoleAssignment.person_id == person, or_(RoleAssignment.until.is_(None), RoleAssignment.until >= today)
    )
    at_work = (await session.execute(works)).first() is not None
    given = frozenset((await session.execute(roles)).scalars())
    return Station(at_work, given | {Role.TEACHER.value} if at_work else given)


async def facts_of(session: AsyncSession, actor: Actor, school: SchoolCard, now: datetime, thing: Thing) -> Facts:
    """Put together who the actor is on this day at this school and a thing of it."""
    if actor.is_office or actor.program is not None:
        return Facts(Standing(None, is_office=actor.is_office, program=actor.program), thing, school)
    held, overrides, above = await _known(session, actor, school.id, school_date(now, school.zone))
    standing = Standing(
        person=actor.person,
        held=held | _derived(actor.person, school.id, thing, held),
        overrides=MappingProxyType(overrides),
    )
    return Facts(standing, replace(thing, authorities=above), school)


async def _adults(
    session: AsyncSession, actor: Actor, pupil_id: UUID, school: SchoolCard, now: datetime
) -> tuple[frozenset[UUID], frozenset[UUID]]:
    """Return the actor as the pupil's guardian, or as his trusted adult, if he is one who may see him on this day."""
    query = select(Guardianship.kind).where(
        Guardianship.pupil_id == pupil_id,
        Guardianship.guardian_id == actor.person,
        in_force(school_date(now, school.zone)),
    )
    kind = None if actor.person is None else (await session.execute(query)).scalar_one_or_none()
    mine = frozenset() if actor.person is None or kind is None else frozenset({actor.person})
    return (frozenset(), mine) if kind == TRUSTED else (mine, frozenset())


async def _known(
    session: AsyncSession, actor: Actor, school: UUID | None, today: date
) -> tuple[frozenset[Held], dict[tuple[str, Right], Reach], frozenset[UUID]]:
    """Read in one statement the roles of a person, what the school decided about rights, and what stands above it."""
    given = {"person": actor.person, "school": school, "today": today}
    held: set[Held] = set()
    overrides: dict[tuple[str, Right], Reach] = {}
    ruled: dict[tuple[str, Right], Reach] = {}
    above: set[UUID] = set()
    for what, name, reach, at_school, authority, class_id in await session.execute(_all_known(), given):
        if what == "right":
            overrides[name, Right(reach.partition(" ")[0])] = Reach(reach.partition(" ")[2])
        elif what == "rule":
            ruled[name, Right.ATTENDANCE_RECORD] = Reach.CLASS
        elif what == "above":
            above |= {one for one in (at_school, authority) if one is not None}
        else:
            held.add(Held(name, at_school, authority, class_id))
    # What a school says of a role's right by name goes before what follows from its rules.
    return frozenset(held), ruled | overrides, frozenset(above)


@cache
def _all_known() -> CompoundSelect[Any]:
    """Build the statement once: building it anew cost more than asking it. Nobody, and no school, have no lines."""
    person, school = bindparam("person", type_=Uuid), bindparam("school", type_=Uuid)
    of_school = [_decided(school), *_ruled(school), _above(school)]
    return union_all(*_roles_of(person, bindparam("today", type_=Date)), *of_school)


def _roles_of(person: BindParameter[UUID], today: BindParameter[date]) -> list[Select[Any]]:
    now_in = (RoleAssignment.since <= today, or_(RoleAssignment.until.is_(None), RoleAssignment.until >= today))
    employed = or_(Staff.since.is_(None), Staff.since <= today), or_(Staff.until.is_(None), Staff.until >= today)
    guards = case((Guardianship.kind == TRUSTED, Role.TRUSTED_ADULT.value), else_=Role.GUARDIAN.value)
    return [
        _line(
            "role",
            RoleAssignment.role,
            at_school=RoleAssignment.school_id,
            authority=RoleAssignment.authority_id,
            school_class=RoleAssignment.class_id,
        )
        .outerjoin(Staff, Staff.person_id == RoleAssignment.person_id)
        .where(
            RoleAssignment.person_id == person,
            *now_in,
            or_(RoleAssignment.role.in_(WITHOUT_WORK), and_(Staff.person_id.is_not(None), *employed)),
        ),
        _line("staff", literal(Role.TEACHER.value), at_school=Person.school_id)
        .join(Staff, Staff.person_id == Person.id)
        .where(Person.id == person, *employed),
        _line("pupil", literal(Role.PUPIL.value), at_school=Person.school_id)
        .join(Pupil, Pupil.person_id == Person.id)
        .where(Person.id == person),
        _line("guardian", guards, at_school=Person.school_id)
        .join(Guardianship, Guardianship.guardian_id == Person.id)
        .where(Person.id == person, in_force(today))
        .distinct(),
    ]


def _decided(school: BindParameter[UUID]) -> Select[Any]:
    said = RoleRight.act + literal(" ") + RoleRight.reach
    return _line("right", RoleRight.role, reach=said).where(RoleRight.school_id == school)


def _ruled(school: BindParameter[UUID]) -> list[Select[Any]]:
    """Read whether the school's rules let class teachers call the roll (CONF-02, ROLE-11)."""
    own = School.rules["class_teacher_sets_absence"].as_boolean()
    by_profile = School.profile.in_(_profiles_with_leaders_calling())
    leading = (Role.CLASS_TEACHER, Role.STAND_IN)
    return [
        _line("rule", literal(role.value)).where(School.id == school, func.coalesce(own, by_profile))
        for role in leading
    ]


@cache
def _profiles_with_leaders_calling() -> tuple[str, ...]:
    return tuple(one.value for one in Profile if rules_by(one, {}).class_teacher_sets_absence)


def _above(school: BindParameter[UUID]) -> Select[Any]:
    return (
        _line("above", literal(""), at_school=Authority.id, authority=Authority.parent_id)
        .join(School, School.authority_id == Authority.id)
        .where(School.id == school)
    )


def _line(
    what: str,
    name: SQLColumnExpression[Any],
    *,
    reach: SQLColumnExpression[Any] | None = None,
    at_school: Any = None,
    authority: Any = None,
    school_class: Any = None,
) -> Select[Any]:
    """Build one branch of the union; every branch has the same columns."""
    ids = [cast(null() if one is None else one, Uuid) for one in (at_school, authority, school_class)]
    return select(literal(what), name, literal("") if reach is None else reach, *ids)


def _derived(person: UUID | None, school: UUID, thing: Thing, held: frozenset[Held]) -> frozenset[Held]:
    """Add the roles that follow from the thing itself: its class's teacher, whoever gives its lesson for another."""
    at_work = any(one.role == Role.TEACHER and one.school == school for one in held)
    if person is None or not at_work:
        return frozenset()
    found = set()
    if person == thing.class_teacher:
        found.add(Held(Role.CLASS_TEACHER, school))
    if person == thing.substitute:
        found.add(Held(Role.SUBSTITUTE, school))
    return frozenset(found)
