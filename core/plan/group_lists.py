"""Lists of a year's groups for people to look at, and what is odd about them (YEAR-10, YEAR-11, YEAR-18)."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.movement.movement_tables import Enrolment
from core.person.class_titles import title_order
from core.person.people import ClassCard, Classmate, name_of
from core.plan import groups
from core.plan.plan_tables import GroupClass, StudyGroup
from core.plan.study_groups import GroupKind, Purpose
from core.refusals import NotFound
from core.russian import sort_key
from core.tables import Person, SchoolClass, Subject

STREAM_MORE_THAN = 30
"""A stream is a group of more than so many people (YEAR-11)."""


@dataclass(frozen=True, slots=True)
class GroupCard:
    """A group as people see it."""

    id: UUID
    year: int
    title: str
    kind: GroupKind
    purpose: Purpose
    subject: str | None
    classes: tuple[ClassCard, ...]
    shift: int
    division: UUID | None
    closed: bool
    members: frozenset[UUID]
    """On the day that was asked for."""

    @property
    def of_classes(self) -> str:
        """Return «5А, 5Б»."""
        return ", ".join(one.title for one in self.classes)


class GroupTrouble(StrEnum):
    """What is odd about a group."""

    SMALL_STREAM = "small-stream"
    """A stream of thirty or fewer."""
    EMPTY = "empty"
    OUTSIDE = "outside"
    """Of a class that is divided, somebody is in none of the parts."""


@dataclass(frozen=True, slots=True)
class GroupProblem:
    """What is odd about a group, or a division; its sentence stands in ``texts/*/plan_groups.ftl``."""

    trouble: GroupTrouble
    group: UUID
    title: str
    """Of a division: the titles of its parts."""
    count: int
    """Of members; of those outside."""
    pupils: tuple[UUID, ...] = ()
    """Those outside."""


async def of_year(
    session: AsyncSession, actor: Actor, school_id: UUID, year: int, day: date, now: datetime
) -> tuple[GroupCard, ...]:
    """List the groups of a year with whoever is in them on a day: by classes, then by title.

    Raises ``NotFound``, ``Forbidden``.
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    return await cards(session, school_id, year, day)


async def cards(session: AsyncSession, school_id: UUID, year: int, day: date) -> tuple[GroupCard, ...]:
    """Read the groups of a year, whoever asks; a part of other questions about the year."""
    rows = await session.execute(
        select(StudyGroup, Subject.name)
        .outerjoin(Subject, Subject.id == StudyGroup.subject_id)
        .where(StudyGroup.school_id == school_id, StudyGroup.year == year)
    )
    found = [(row, subject) for row, subject in rows]
    ids = [row.id for row, _ in found]
    drawn = await _classes(session, ids)
    members = await groups.members_of(session, ids, day)
    listed = [
        GroupCard(
            row.id,
            row.year,
            row.title,
            GroupKind(row.kind),
            Purpose(row.purpose),
            subject,
            drawn.get(row.id, ()),
            row.shift,
            row.division,
            row.closed,
            members.get(row.id, frozenset()),
        )
        for row, subject in found
    ]
    return tuple(sorted(listed, key=_place))


async def members(
    session: AsyncSession, actor: Actor, group_id: UUID, day: date, now: datetime
) -> tuple[Classmate, ...]:
    """List who is in a group on a day, in the order of a class list. Raises ``NotFound``, ``Forbidden``."""
    row = await session.get(StudyGroup, group_id)
    if row is None:
        raise NotFound("group-unknown")
    rights.demand(await rights.of_school(session, actor, row.school_id, now), Right.YEAR_VIEW)
    there = await groups.members_on(session, group_id, day)
    people = await session.scalars(select(Person).where(Person.id.in_(there)).order_by(Person.sort_key, Person.id))
    return tuple(Classmate(one.id, name_of(one)) for one in people)


async def problems(
    session: AsyncSession, actor: Actor, school_id: UUID, year: int, day: date, now: datetime
) -> tuple[GroupProblem, ...]:
    """Say what is odd about the groups of a year on a day; closed ones are nobody's trouble.

    Raises ``NotFound``, ``Forbidden``.
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    return await found_problems(session, school_id, year, day)


async def found_problems(session: AsyncSession, school_id: UUID, year: int, day: date) -> tuple[GroupProblem, ...]:
    """Find the same, whoever asks; a part of the readiness of the year."""
    listed = [one for one in await cards(session, school_id, year, day) if not one.closed]
    own = [problem for one in listed for problem in _own(one)]
    divided: dict[UUID, list[GroupCard]] = defaultdict(list)
    for one in listed:
        if one.division is not None:
            divided[one.division].append(one)
    classes = {part.id for parts in divided.values() for part in parts[0].classes}
    enrolled = await _enrolled(session, classes, day)
    return (*own, *_outside(divided.values(), enrolled))


def _own(one: GroupCard) -> Iterator[GroupProblem]:
    if not one.members:
        yield GroupProblem(GroupTrouble.EMPTY, one.id, one.title, 0)
    elif one.kind is GroupKind.STREAM and len(one.members) <= STREAM_MORE_THAN:
        yield GroupProblem(GroupTrouble.SMALL_STREAM, one.id, one.title, len(one.members))


def _outside(
    divisions: Collection[Sequence[GroupCard]], enrolled: Mapping[UUID, frozenset[UUID]]
) -> Iterator[GroupProblem]:
    for parts in divisions:
        everybody = frozenset[UUID]().union(*(enrolled.get(one.id, frozenset()) for one in parts[0].classes))
        outside = everybody.difference(*(part.members for part in parts))
        if outside:
            title = "», «".join(part.title for part in parts)
            who = tuple(sorted(outside))
            yield GroupProblem(GroupTrouble.OUTSIDE, parts[0].id, title, len(outside), who)


async def _classes(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, tuple[ClassCard, ...]]:
    rows = await session.execute(
        select(GroupClass.group_id, SchoolClass.id, SchoolClass.title)
        .join(SchoolClass, SchoolClass.id == GroupClass.class_id)
        .where(GroupClass.group_id.in_(ids))
    )
    found: dict[UUID, list[ClassCard]] = defaultdict(list)
    for group, class_id, title in rows:
        found[group].append(ClassCard(class_id, title))
    return {group: tuple(sorted(drawn, key=lambda one: title_order(one.title))) for group, drawn in found.items()}


async def _enrolled(session: AsyncSession, classes: Collection[UUID], day: date) -> dict[UUID, frozenset[UUID]]:
    rows = await session.execute(
        select(Enrolment.class_id, Enrolment.pupil_id)
        .where(Enrolment.class_id.in_(classes), Enrolment.since <= day)
        .where(or_(Enrolment.until.is_(None), Enrolment.until >= day))
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for class_id, pupil in rows:
        found[class_id].add(pupil)
    return {class_id: frozenset(pupils) for class_id, pupils in found.items()}


def _place(one: GroupCard) -> tuple[list[tuple[int, str]], str]:
    return [title_order(part.title) for part in one.classes], sort_key(one.title)
