"""Reads the book of a school; for an import under locks, so that nobody changes what it was compared with."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CollectionAggregate, Select, Uuid, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from core.access_names import Role
from core.consent import consents
from core.events import Channel, RelationKind
from core.lists.book import (
    Book,
    KnownAddress,
    KnownClass,
    KnownGroup,
    KnownJob,
    KnownMembership,
    KnownPerson,
    KnownPlace,
    KnownRelation,
    KnownRoom,
    KnownSlot,
    Pair,
    SlotKey,
)
from core.lists.slots import key_of, values_of
from core.movement.movement_tables import Enrolment
from core.person.people import name_of
from core.plan.plan_tables import GroupClass, GroupMember, Room, StudyGroup
from core.roster_file.rows import fold
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_of_lists
from core.tables import Contact, Guardianship, Person, RoleAssignment, School, SchoolClass, Slot, Staff, Subject
from core.year.weekly import LearnersKind


async def read(session: AsyncSession, school: SchoolCard, now: datetime, *, lock: bool) -> Book:
    """Read everything that lists may speak of; a dry run reads without locks and holds nobody up."""
    if lock:
        # One import of a school at a time: two of the same files, each blind to the other, would double everybody.
        await session.execute(select(School.id).where(School.id == school.id).with_for_update(key_share=True))
    today = school_date(now, school.zone)
    classes = {row.id: row for row in await _all(session, select(SchoolClass).where(_of(SchoolClass, school)))}
    persons = await _all(session, select(Person).where(Person.school_id == school.id))
    # One parameter, known before the query is planned: joined to persons, all schools' rows would be read for ours.
    ids = any_(literal(sorted(one.id for one in persons), ARRAY(Uuid)))
    staff = await _all(session, select(Staff).where(Staff.person_id == ids))
    mail = select(Contact).where(Contact.person_id == ids, Contact.channel == Channel.MAIL)
    subjects = await _all(session, select(Subject).where(Subject.school_id == school.id))
    by_list = select(RoleAssignment).where(
        RoleAssignment.school_id == school.id,
        RoleAssignment.by_list,
        or_(RoleAssignment.until.is_(None), RoleAssignment.until >= today),
    )
    return Book(
        today=today,
        year=school_year_of_lists(today),
        people={one.id: KnownPerson(one.id, name_of(one), one.birth_date, one.merged_into) for one in persons},
        classes={one.id: KnownClass(one.id, one.title, one.year, one.class_teacher_id) for one in classes.values()},
        pupils=await _pupils(session, school),
        staff={one.person_id: KnownJob(one.position, one.until) for one in staff},
        roles={one.person_id: Role(one.role) for one in await _all(session, by_list)},
        relations=await _relations(session, ids, lock=lock),
        addresses={
            one.person_id: KnownAddress(one.value, one.verified_on, one.own) for one in await _all(session, mail)
        },
        subjects={one.name: one.id for one in subjects},
        rooms=await _rooms(session, school),
        groups=await _groups(session, school),
        members=await _members(session, school, today),
        slots=await _slots(session, school),
    )


def _of(table: type[SchoolClass], school: SchoolCard) -> Any:
    return table.school_id == school.id


async def _all[Row](session: AsyncSession, query: Select[Row]) -> list[Row]:
    return list((await session.execute(query)).scalars())


async def _relations(session: AsyncSession, ids: CollectionAggregate[bool], *, lock: bool) -> dict[Pair, KnownRelation]:
    query = select(Guardianship).where(Guardianship.pupil_id == ids)
    rows = await _all(session, query.with_for_update() if lock else query)
    entries = await consents.entries_of(session, [(row.pupil_id, row.guardian_id) for row in rows])
    return {
        (row.pupil_id, row.guardian_id): KnownRelation(
            word=row.relation,
            since=row.since,
            until=row.until,
            basis=row.basis,
            is_trusted=row.kind == RelationKind.TRUSTED.value,
            consents=entries.get((row.pupil_id, row.guardian_id), ()),
        )
        for row in rows
    }


async def _pupils(session: AsyncSession, school: SchoolCard) -> dict[UUID, KnownPlace]:
    latest = (
        select(Enrolment.pupil_id, Enrolment.class_id, Enrolment.since, Enrolment.until)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(SchoolClass.school_id == school.id)
        .ext(distinct_on(Enrolment.pupil_id))
        .order_by(Enrolment.pupil_id, Enrolment.since.desc())
    )
    return {row[0]: KnownPlace(*row[1:]) for row in (await session.execute(latest)).all()}


async def _rooms(session: AsyncSession, school: SchoolCard) -> dict[str, KnownRoom]:
    rows = await _all(session, select(Room).where(Room.school_id == school.id))
    return {fold(row.name): KnownRoom(row.id, row.name, row.closed) for row in rows}


async def _groups(session: AsyncSession, school: SchoolCard) -> dict[UUID, KnownGroup]:
    rows = await _all(session, select(StudyGroup).where(StudyGroup.school_id == school.id))
    query = select(GroupClass.group_id, GroupClass.class_id).join(StudyGroup, StudyGroup.id == GroupClass.group_id)
    classes: dict[UUID, set[UUID]] = {}
    for group, class_id in (await session.execute(query.where(StudyGroup.school_id == school.id))).all():
        classes.setdefault(group, set()).add(class_id)
    return {
        row.id: KnownGroup(
            row.id, row.title, row.year, frozenset(classes.get(row.id, ())), LearnersKind(row.kind), row.closed
        )
        for row in rows
    }


async def _members(session: AsyncSession, school: SchoolCard, today: date) -> dict[UUID, tuple[KnownMembership, ...]]:
    query = (
        select(GroupMember.pupil_id, GroupMember.group_id, GroupMember.since, GroupMember.until)
        .join(StudyGroup, StudyGroup.id == GroupMember.group_id)
        .where(StudyGroup.school_id == school.id, or_(GroupMember.until.is_(None), GroupMember.until >= today))
        .order_by(GroupMember.pupil_id, GroupMember.group_id, GroupMember.since)
    )
    found: dict[UUID, tuple[KnownMembership, ...]] = {}
    for pupil, group, since, until in (await session.execute(query)).all():
        found[pupil] = (*found.get(pupil, ()), KnownMembership(group, since, until))
    return found


async def _slots(session: AsyncSession, school: SchoolCard) -> dict[SlotKey, KnownSlot]:
    """Read what is taught to classes and groups; one pupil's own timetable is in no list."""
    rows = await _all(session, select(Slot).where(Slot.school_id == school.id, Slot.pupil_id.is_(None)))
    return {key_of(row): KnownSlot(row.id, row.year, values_of(row)) for row in rows}
