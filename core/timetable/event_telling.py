"""What is told of a school's event: its whole state, with whoever it is for (YEAR-31, TT-11)."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Addressee, SchoolEventState, event, school_event_subject
from core.movement import enrolments
from core.movement.movement_tables import Enrolment
from core.outbox import publish
from core.person.people import name_of
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Person, SchoolClass
from core.timetable.lesson_views import in_order
from core.timetable.timetable_tables import SchoolEvent


async def tell(session: AsyncSession, school: SchoolCard, planned: SchoolEvent, at: datetime) -> None:
    """Publish the state of an event at the version of its row, which the caller has raised under its lock."""
    begins = school_date(planned.starts_at, school.zone)
    state = SchoolEventState(
        event=planned.id,
        title=planned.title,
        place=planned.place,
        note=planned.note,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        classes=None if planned.classes is None else await _titles(session, planned.classes),
        pupils=await _pupils(session, school, planned.classes, begins),
        planned_on=school_date(planned.planned_at, school.zone),
        withdrawn=planned.withdrawn,
    )
    subject = school_event_subject(planned.id)
    await publish(session, event(state, subject=subject, school=school.id, version=planned.version, at=at))


async def _titles(session: AsyncSession, classes: list[UUID]) -> tuple[str, ...]:
    rows = await session.execute(select(SchoolClass.title).where(SchoolClass.id.in_(classes)))
    return in_order(rows.scalars())


async def _pupils(
    session: AsyncSession, school: SchoolCard, classes: list[UUID] | None, day: date
) -> tuple[Addressee, ...]:
    """List whoever is enrolled on a day, whatever the form of education: an event is no lesson."""
    query = (
        select(Person)
        .join(Enrolment, Enrolment.pupil_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(SchoolClass.school_id == school.id, enrolments.in_force_on(day))
    )
    if classes is not None:
        query = query.where(SchoolClass.id.in_(classes))
    people = sorted((await session.execute(query)).scalars(), key=lambda one: (one.sort_key, str(one.id)))
    return tuple(Addressee(pupil=one.id, name=name_of(one).in_lists()) for one in people)
