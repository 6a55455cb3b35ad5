"""How many came, by group: parents, pupils, staff (AUDIT-07), counted from what they left behind; nobody is watched.

A visit is a day on which somebody entered the site, opened a diary or did something in the journal, once for each way
that he came by. Whoever works at the school is staff, though he may be a parent, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, Text, case, cast, exists, func, literal, select, union
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.account.account_tables import Session
from core.actor import Actor
from core.learning.learning_tables import DiaryView
from core.refusals import Invalid
from core.school.schools import SchoolCard
from core.school_time import at_school, end_of_school_date
from core.tables import AuditRow, Person, Pupil, Staff

WEB = "web"
"""How whoever has a session came."""


class Group(StrEnum):
    """Who comes to a school's journal."""

    PARENTS = "parents"
    PUPILS = "pupils"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Visits:
    """Figures of one group."""

    visits: int = 0
    people: int = 0
    """Who came at least once."""


@dataclass(frozen=True, slots=True)
class _Days:
    school: SchoolCard
    first: date
    last: date


async def counted(
    session: AsyncSession, actor: Actor, school: UUID, first: date, last: date, now: datetime
) -> Mapping[Group, Visits]:
    """Count a school's visits by group, from one day to another. Raises ``NotFound``, ``Forbidden``, ``Invalid``."""
    facts = await rights.of_school(session, actor, school, now)
    rights.demand(facts, Right.FIGURES_VIEW)
    if last < first:
        raise Invalid("visits-days")
    days = _Days(facts.of_school, first, last)
    came = union(
        _came(days, Session.person_id, Session.created_at, literal(WEB)),
        _came(days, DiaryView.viewer_id, DiaryView.at, DiaryView.via),
        _came(days, AuditRow.person_id, AuditRow.at, AuditRow.via),
    ).subquery()
    group = case(
        (exists().where(Staff.person_id == came.c.person), Group.STAFF.value),
        (exists().where(Pupil.person_id == came.c.person), Group.PUPILS.value),
        else_=Group.PARENTS.value,
    )
    of_group = select(group.label("group"), came.c.person).subquery()
    rows = await session.execute(
        select(of_group.c.group, func.count(), func.count(of_group.c.person.distinct())).group_by(of_group.c.group)
    )
    found = {Group(name): Visits(visits, people) for name, visits, people in rows}
    return MappingProxyType({one: found.get(one, Visits()) for one in Group})


def _came(days: _Days, person: Any, at: Any, via: Any) -> Select[Any]:
    """Return who left such a trace at the school, on which of its days, and by which way he came."""
    zone = days.school.zone
    return (
        select(person.label("person"), cast(func.timezone(zone, at), Date).label("day"), cast(via, Text).label("via"))
        .join(Person, Person.id == person)
        .where(Person.school_id == days.school.id)
        .where(at >= at_school(days.first, time(), zone), at < end_of_school_date(days.last, zone))
    )
