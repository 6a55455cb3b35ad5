"""Whom the office means: a person of a school by his name, and by the birth date where names are not enough."""

import re
from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.person import people
from core.refusals import NotFound
from core.russian import FullName
from core.school.schools import SchoolCard
from core.tables import Guardianship, Person, Pupil, SchoolClass, Staff
from texts.reader import load
from zvonok.trouble import OfficeError

WRITTEN = re.compile(r"(?P<name>[^,]+?)(?:\s*,\s*(?P<born>\d{2}\.\d{2}\.\d{4}))?\s*")


async def pupil(session: AsyncSession, school: SchoolCard, written: str) -> UUID:
    """Find the one pupil of this name. Raises ``OfficeError``, ``NotFound``."""
    found = await session.execute(
        select(Pupil.person_id).where(Pupil.person_id.in_(await _all(session, school, written)))
    )
    return _one(found.scalars().all(), written, "ученика")


async def adult_of(session: AsyncSession, school: SchoolCard, child: UUID, written: str) -> UUID:
    """Find the one person of this name, a pupil's adults before all. Raises ``OfficeError``, ``NotFound``."""
    persons = await _all(session, school, written)
    related = await session.execute(
        select(Guardianship.guardian_id).where(Guardianship.pupil_id == child, Guardianship.guardian_id.in_(persons))
    )
    return _one(related.scalars().all() or persons, written, "человека")


async def somebody(session: AsyncSession, school: SchoolCard, written: str) -> UUID:
    """Find the one person of this name, employees before all. Raises ``OfficeError``, ``NotFound``."""
    persons = await _all(session, school, written)
    staff = await session.execute(select(Staff.person_id).where(Staff.person_id.in_(persons)))
    return _one(staff.scalars().all() or persons, written, "человека")


async def the_one(session: AsyncSession, school: SchoolCard, written: str) -> UUID:
    """Find the one person of this name, whoever he is: what is for one must not go to his namesakes, too.

    Raises ``OfficeError``, ``NotFound``.
    """
    return _one(await _all(session, school, written), written, "человека")


async def school_class(session: AsyncSession, school: SchoolCard, title: str) -> UUID:
    """Find the class of this title in which pupils learn now, else the newest one. Raises ``NotFound``."""
    query = (
        select(SchoolClass.id)
        .where(SchoolClass.school_id == school.id, SchoolClass.title == title.upper())
        .order_by((SchoolClass.year == people.year_of_learning(school.id)).desc(), SchoolClass.year.desc())
        .limit(1)
    )
    found = (await session.execute(query)).scalar_one_or_none()
    if found is None:
        raise NotFound("class-unknown", title=title)
    return found


def full_name(written: str) -> FullName:
    """Read «Фамилия Имя Отчество» of somebody who is new. Raises ``OfficeError``."""
    parts = written.split()
    if len(parts) not in (2, 3):
        raise OfficeError(f"«{written}»: для нового человека нужны «Фамилия Имя Отчество» или «Фамилия Имя».")
    return FullName(*parts)


def day_of(written: datetime | None) -> date | None:
    """Return the day of a date as the command line reads it."""
    return None if written is None else written.date()


def span_of(since: date, until: date | None) -> str:
    """Say from when to when something holds: «с 24.11.2026», «с 24.11.2026 по 31.05.2027»."""
    last = "none" if until is None else f"{until:%d.%m.%Y}"
    return load("ru").format("people-span", since=f"{since:%d.%m.%Y}", until=last)


async def _all(session: AsyncSession, school: SchoolCard, written: str) -> Collection[UUID]:
    read = WRITTEN.fullmatch(written)
    if read is None:
        raise OfficeError(
            f"«{written}»: нужны «Фамилия Имя», при тёзках — с датой рождения: «Фамилия Имя, 05.03.2014»."
        )
    found = await people.by_name(session, school, read["name"])
    if not found:
        raise NotFound("person-unknown", name=read["name"])
    if read["born"] is None:
        return found
    born = datetime.strptime(read["born"], "%d.%m.%Y").date()  # noqa: DTZ007 - a birth date has no zone
    dated = await session.execute(select(Person.id).where(Person.id.in_(found), Person.birth_date == born))
    return dated.scalars().all()


def _one(found: Collection[UUID], written: str, whom: str) -> UUID:
    if not found:
        raise OfficeError(f"«{written}»: такого {whom} в школе нет.")
    if len(found) > 1:
        raise OfficeError(
            f"«{written}»: таких в школе {len(found)}. Добавьте отчество или дату рождения: «…, 05.03.2014»."
        )
    (one,) = found
    return one
