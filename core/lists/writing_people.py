"""Writes entries about people, classes, work and learning; the other way round it takes them back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import insert, or_, select

from core.access_names import Role
from core.lists.difference import Entry, What
from core.lists.work import Work, about, day, first_ids, rows_of
from core.russian import FullName
from core.staff import staff_roles
from core.tables import Person, RoleAssignment, SchoolClass, Staff


async def people(work: Work, entries: Sequence[Entry]) -> None:
    """Write records of persons. A record that goes stays, nobody's: the register of consents and the audit name it."""
    found = about(entries, What.PERSON)
    new = [entry for entry in found if entry.before is None]
    if new:
        # Without it every change between people with a birth date and without one would be a statement of its own.
        put = insert(Person).execution_options(render_nulls=True)
        await work.session.execute(put, [_person(work, entry) for entry in new])
    known = {UUID(entry.key[0]): entry for entry in found if entry.before is not None}
    for row in await rows_of(work, select(Person).where(Person.id.in_(known))) if known else ():
        entry = known[row.id]
        if work.fits(entry, _person_values(row)) and entry.after is not None:
            after = _person_values(row) | dict(entry.after)
            row.surname, row.given, row.patronymic = after["surname"], after["given"], after["patronymic"]
            row.birth_date = day(after["born"])
            row.sort_key = FullName(row.surname, row.given, row.patronymic).sort_key()
    await work.session.flush()


async def staff(work: Work, entries: Sequence[Entry]) -> None:
    """Write who works as what."""
    found = about(entries, What.STAFF)
    if not found:
        return
    rows = {
        row.person_id: row for row in await rows_of(work, select(Staff).where(Staff.person_id.in_(first_ids(found))))
    }
    new: list[dict[str, Any]] = []
    for entry in found:
        person = UUID(entry.key[0])
        row = rows.get(person)
        if not work.fits(entry, None if row is None else {"position": row.position}):
            continue
        if entry.after is None:
            await work.session.delete(row)
        elif row is None:
            new.append({"person_id": person, "position": entry.after["position"]})
        else:
            row.position = entry.after["position"]
    if new:
        await staff_roles.begin_work(work.session, new, work.act.at)
    await work.session.flush()


async def roles(work: Work, entries: Sequence[Entry]) -> None:
    """Give and take the roles that follow from positions, through those who know how."""
    found = about(entries, What.ROLE)
    if not found:
        return
    by_list = select(RoleAssignment).where(
        RoleAssignment.school_id == work.school.id,
        RoleAssignment.by_list,
        RoleAssignment.person_id.in_(first_ids(found)),
        or_(RoleAssignment.until.is_(None), RoleAssignment.until >= work.today),
    )
    stand = {row.person_id: row.role for row in await rows_of(work, by_list)}
    wanted: dict[UUID, Role | None] = {}
    for entry in found:
        person = UUID(entry.key[0])
        if work.fits(_without_none(entry), {"role": stand[person]} if person in stand else None):
            role = (entry.after or {}).get("role")
            wanted[person] = None if role is None else Role(role)
    await staff_roles.follow_list(work.session, work.act, work.school.id, wanted, work.today, may_grant=work.may_grant)


async def classes(work: Work, entries: Sequence[Entry]) -> None:
    """Write classes and who leads them."""
    found = about(entries, What.CLASS)
    if not found:
        return
    rows = {row.id: row for row in await rows_of(work, select(SchoolClass).where(SchoolClass.id.in_(first_ids(found))))}
    new: list[dict[str, Any]] = []
    for entry in found:
        class_id = UUID(entry.key[0])
        row = rows.get(class_id)
        if not work.fits(entry, None if row is None else _class_values(row)):
            continue
        if entry.after is None:
            await work.session.delete(row)
        elif row is None:
            teacher = entry.after["teacher"]
            named = {"title": entry.after["title"], "year": entry.after["year"]}
            led_by = None if teacher is None else UUID(teacher)
            new.append({"id": class_id, "school_id": work.school.id, "class_teacher_id": led_by, **named})
        else:
            teacher = entry.after["teacher"]
            row.class_teacher_id = None if teacher is None else UUID(teacher)
    if new:
        await work.session.execute(insert(SchoolClass).execution_options(render_nulls=True), new)
    await work.session.flush()


def _person(work: Work, entry: Entry) -> dict[str, Any]:
    after = entry.after or {}
    name = FullName(after["surname"], after["given"], after["patronymic"])
    return {
        "id": UUID(entry.key[0]),
        "school_id": work.school.id,
        "surname": name.surname,
        "given": name.given,
        "patronymic": name.patronymic,
        "birth_date": day(after["born"]),
        "sort_key": name.sort_key(),
    }


def _person_values(row: Person) -> dict[str, Any]:
    born = None if row.birth_date is None else row.birth_date.isoformat()
    return {"surname": row.surname, "given": row.given, "patronymic": row.patronymic, "born": born}


def _class_values(row: SchoolClass) -> dict[str, Any]:
    teacher = None if row.class_teacher_id is None else str(row.class_teacher_id)
    return {"title": row.title, "year": row.year, "teacher": teacher}


def _without_none(entry: Entry) -> Entry:
    """Return the entry of a role with "none" before it as nothing before it."""
    before = entry.before if (entry.before or {}).get("role") else None
    return Entry(entry.what, entry.key, before, entry.after)
