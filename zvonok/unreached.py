"""Of whom nobody would be told if they were absent, for the office: a school's pupils, or a class's."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select

from core.database import Role
from core.family import families
from core.person import people
from core.person.class_titles import title_order
from core.person.people import Classmate
from core.refusals import NotFound
from core.school import schools
from core.school_time import school_date
from core.tables import SchoolClass
from gateway.unreached import AbsenceRoutes, absence_routes
from texts.reader import load
from zvonok.installation import Installation

_SAY = load("ru").format
_INDENT = "  "


async def listing(here: Installation, school_name: str | None, title: str | None) -> list[str]:
    """List the pupils of whom nobody is told, with the reasons. Raises ``NotFound`` for an unknown school or class."""
    async with here.database(Role.CORE) as core, here.database(Role.GATEWAY) as gateway:
        async with core.begin() as session:
            school = await schools.find(session, school_name)
            learning = SchoolClass.year == people.year_of_learning(school.id)
            query = select(SchoolClass.id, SchoolClass.title).where(SchoolClass.school_id == school.id, learning)
            classes = [row for row in await session.execute(query) if title in (None, row.title)]
            if title is not None and not classes:
                raise NotFound("class-unknown", title=title)
            listed = [
                (row.title, one)
                for row in sorted(classes, key=lambda row: title_order(row.title))
                for one in await people.of_class(session, row.id)
            ]
            today = school_date(here.school_clock.now(), school.zone)
            guardians = await families.guardians_of(session, [one.pupil for _, one in listed], today)
        async with gateway.begin() as session:
            routes = await absence_routes(session, [one.pupil for _, one in listed], today)
    found = [_line(title, one, routes[one.pupil], guardians) for title, one in listed if routes[one.pupil].nobody]
    if not found:
        return [_SAY("unreached-office-none")]
    count = _SAY("unreached-office-count", count=len(found), pupils=len(listed))
    return [_SAY("unreached-office-title"), *(f"{_INDENT}{line}" for line in found), count]


def _line(title: str, one: Classmate, routes: AbsenceRoutes, guardians: Mapping[UUID, tuple[UUID, ...]]) -> str:
    why = [_SAY(f"reason-{reason}") for reason in routes.reasons] or [_SAY("unreached-not-yet")]
    if not guardians[one.pupil]:
        why = [_SAY("unreached-no-family")]
    return _SAY("unreached-office-line", **{"class": title}, name=one.name.in_lists(), reason=", ".join(why))
