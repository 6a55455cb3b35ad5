"""Reads the book of a school; for an import under locks, so that nobody changes what it was compared with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access_names import Role
from core.consent import consents
from core.events import Channel, RelationKind
from core.lists.book import Book, KnownAddress, KnownClass, KnownJob, KnownPerson, KnownRelation, KnownSlot, Pair
from core.person.people import name_of
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_of_lists
from core.tables import Contact, Guardianship, Person, Pupil, RoleAssignment, School, SchoolClass, Slot, Staff, Subject


async def read(session: AsyncSession, school: SchoolCard, now: datetime, *, lock: bool) -> Book:
    """Read everything that lists may speak of; a dry run reads without locks and holds nobody up."""
    if lock:
        # One import of a school at a time: two of the same files, each blind to the other, would double everybody.
        await session.execute(select(School.id).where(School.id == school.id).with_for_update(key_share=True))
    today = school_date(now, school.zone)
    ids = select(Person.id).where(Person.school_id == school.id).scalar_subquery()
    classes = {row.id: row for row in await _all(session, select(SchoolClass).where(_of(SchoolClass, school)))}
    persons = await _all(session, select(Person).where(Person.school_id == school.id))
    pupils = await _all(session, select(Pupil).where(Pupil.person_id.in_(ids)))
    staff = await _all(session, select(Staff).where(Staff.person_id.in_(ids)))
    mail = select(Contact).where(Contact.person_id.in_(ids), Contact.channel == Channel.MAIL)
    subjects = await _all(session, select(Subject).where(Subject.school_id == school.id))
    slots = await _all(session, select(Slot).join(SchoolClass).where(_of(SchoolClass, school)))
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
        pupils={one.person_id: one.class_id for one in pupils},
        staff={one.person_id: KnownJob(one.position, one.until) for one in staff},
        roles={one.person_id: Role(one.role) for one in await _all(session, by_list)},
        relations=await _relations(session, ids, lock=lock),
        addresses={one.person_id: KnownAddress(one.value, one.verified_on) for one in await _all(session, mail)},
        subjects={one.name: one.id for one in subjects},
        slots={(one.class_id, one.weekday, one.number): _slot(one) for one in slots},
    )


def _of(table: type[SchoolClass], school: SchoolCard) -> Any:
    return table.school_id == school.id


async def _all[Row](session: AsyncSession, query: Select[Row]) -> list[Row]:
    return list((await session.execute(query)).scalars())


async def _relations(session: AsyncSession, ids: ScalarSelect[UUID], *, lock: bool) -> dict[Pair, KnownRelation]:
    query = select(Guardianship).where(Guardianship.pupil_id.in_(ids))
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


def _slot(row: Slot) -> KnownSlot:
    return KnownSlot(row.id, f"{row.starts:%H:%M}", f"{row.ends:%H:%M}", row.subject_id, row.teacher_id, row.room)
