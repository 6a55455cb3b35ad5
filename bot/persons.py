"""Who is behind a messenger account: one account may stand for several persons, such as a teacher who is a parent."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.account import accounts
from core.account.accounts import MessengerAccount
from core.actor import Actor
from core.learning import lesson_rights
from core.learning.lesson_rights import LessonFacts
from core.person import people
from core.person.people import Child
from core.refusals import Forbidden
from core.school.schools import SchoolCard, card_of
from core.school_time import school_date
from core.tables import Person, School


@dataclass(frozen=True, slots=True)
class Persona:
    """One person whom an account stands for."""

    person: UUID
    school: SchoolCard
    is_staff: bool
    children: tuple[Child, ...]

    def today(self, now: datetime) -> date:
        """Return the day at the person's school."""
        return school_date(now, self.school.zone)


async def behind(session: AsyncSession, account: MessengerAccount, now: datetime) -> tuple[Persona, ...]:
    """List the persons behind an account; empty for a stranger. ``session`` is core's."""
    persons = await accounts.persons_behind(session, account)
    rows = await session.execute(
        select(Person.id, School)
        .join(School, School.id == Person.school_id)
        .where(Person.id.in_(persons))
        .order_by(School.name, Person.id)
    )
    return tuple(
        [
            Persona(
                person,
                card_of(school),
                await people.is_staff(session, person, now),
                await people.children(session, person, now),
            )
            for person, school in rows.all()
        ]
    )


async def actor_for_lesson(
    session: AsyncSession, account: MessengerAccount, lesson: UUID, now: datetime
) -> tuple[Actor, LessonFacts]:
    """Choose the person behind the account who may call this lesson's roll.

    Raises ``Forbidden`` (a stranger, or another teacher's lesson) or ``NotFound``.
    """
    persons = await accounts.persons_behind(session, account)
    if not persons:
        raise Forbidden("account-not-linked")
    for person in persons:
        actor = await accounts.actor_for(session, account, person)
        facts = await lesson_rights.of_lesson(session, actor, lesson, now)
        if facts.may(Right.ATTENDANCE_RECORD):
            return actor, facts
    raise Forbidden("lesson-not-yours")
