"""A small school in the database without the office's files: for tests that need people, lessons and links.

Rows go in through core's own tables and commands, with the events that the importer would publish, so that a gateway
that reads the outbox knows the same school.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import accounts
from core.account.accounts import CodeKeeper, LinkOffer, MessengerAccount
from core.actor import OFFICE
from core.database import Database
from core.events import ConsentPurpose, ConsentTerm, GuardianshipState, SchoolKind, event, guardianship_subject
from core.movement.movement_tables import Enrolment
from core.notice.notice_tables import Consent
from core.outbox import publish
from core.plan.plan_tables import Room
from core.russian import FullName
from core.school import school_settings, schools
from core.school.schools import SchoolCard
from core.school_time import SchoolClock, at_school, school_date
from core.tables import Guardianship, Lesson, Person, Pupil, RoleAssignment, SchoolClass, Slot, Staff, Subject

ZONE = "Asia/Yekaterinburg"
LONG_AGO = date(2020, 9, 1)


@dataclass
class SchoolBuilder:
    """Builds; every method commits."""

    core: Database
    clock: SchoolClock
    keeper: CodeKeeper = field(default_factory=lambda: CodeKeeper(b"codes of the tests"))

    async def school(self, name: str = "Школа «Радуга»", *, zone: str = ZONE, undo_window: int = 60) -> SchoolCard:
        """Make a private school, in which a messenger is lawful."""
        now = self.clock.now()
        async with self.core.begin() as session:
            made = await schools.create(session, OFFICE, name=name, kind=SchoolKind.PRIVATE, zone=zone, now=now)
            return await school_settings.change(
                session, OFFICE, made.id, {"undo_window_seconds": undo_window}, now + timedelta(microseconds=1)
            )

    async def change_settings(self, school: UUID, **changes: int) -> None:
        """Change settings of a school."""
        async with self.core.begin() as session:
            await school_settings.change(session, OFFICE, school, changes, self.clock.now())

    async def teacher(self, school: SchoolCard, name: str, *, administers: bool = False) -> UUID:
        """Make an employee."""
        async with self.core.begin() as session:
            person = await _person(session, school.id, name, None)
            session.add(Staff(person_id=person, position="учитель"))
            await session.flush()
            if administers:
                session.add(_director(school.id, person))
        return person

    async def school_class(self, school: SchoolCard, title: str, class_teacher: UUID | None = None) -> UUID:
        """Make a class of this school year."""
        made = SchoolClass(
            id=uuid4(), school_id=school.id, year=self.clock.now().year, title=title, class_teacher_id=class_teacher
        )
        async with self.core.begin() as session:
            session.add(made)
        return made.id

    async def pupil(self, school_class: UUID, name: str, born: date = date(2014, 3, 5)) -> UUID:
        """Make a pupil of a class."""
        async with self.core.begin() as session:
            school = (await session.get_one(SchoolClass, school_class)).school_id
            person = await _person(session, school, name, born)
            session.add(Pupil(person_id=person, class_id=school_class))
            await session.flush()
            session.add(Enrolment(pupil_id=person, class_id=school_class, since=LONG_AGO))
        return person

    async def move(self, pupil: UUID, to: UUID) -> None:
        """Move a pupil into another class from today on."""
        async with self.core.begin() as session:
            of = await session.get_one(SchoolClass, to)
            zone = next(card.zone for card in await schools.all_schools(session) if card.id == of.school_id)
            today = school_date(self.clock.now(), zone)
            held = update(Enrolment).where(Enrolment.pupil_id == pupil, Enrolment.until.is_(None))
            await session.execute(held.values(until=today - timedelta(days=1)))
            session.add(Enrolment(pupil_id=pupil, class_id=to, since=today))
            (await session.get_one(Pupil, pupil)).class_id = to

    async def room(self, school: UUID, name: str) -> UUID:
        """Make a room."""
        made = Room(id=uuid4(), school_id=school, name=name)
        async with self.core.begin() as session:
            session.add(made)
        return made.id

    async def pupils(self, school_class: UUID, *names: str) -> tuple[UUID, ...]:
        """Make several pupils."""
        return tuple([await self.pupil(school_class, name) for name in names])

    async def guardian(self, *children: UUID, name: str, person: UUID | None = None, consent: bool = True) -> UUID:
        """Make an adult who may see these children; ``person`` makes it somebody who is there already."""
        async with self.core.begin() as session:
            school = (await session.get_one(Person, children[0])).school_id
            assert school is not None, "a child learns at a school"
            adult = person or await _person(session, school, name, None)
            for child in children:
                await self._relate(session, school, child, adult, LONG_AGO if consent else None)
        return adult

    async def _relate(
        self, session: AsyncSession, school: UUID, child: UUID, adult: UUID, consent: date | None
    ) -> None:
        state = GuardianshipState(
            pupil=child,
            guardian=adult,
            relation="parent",
            may_see=True,
            barred=False,
            since=LONG_AGO,
            achievement_consent=ConsentTerm(given_on=consent),
            attendance_consent=ConsentTerm(given_on=consent),
        )
        session.add(
            Guardianship(
                pupil_id=child,
                guardian_id=adult,
                relation=state.relation,
                may_see=True,
                barred=False,
                since=LONG_AGO,
                until=None,
                version=1,
            )
        )
        for purpose in ConsentPurpose if consent is not None else ():
            session.add(
                Consent(
                    id=uuid4(),
                    pupil_id=child,
                    guardian_id=adult,
                    purpose=purpose.value,
                    given=True,
                    since=consent,
                    form="paper",
                    recorded_by=None,
                    recorded_at=self.clock.now(),
                )
            )
        subject = guardianship_subject(child, adult)
        await publish(session, event(state, subject=subject, school=school, version=1, at=self.clock.now()))

    async def lesson(
        self, school_class: UUID, teacher: UUID, starts: time, *, number: int = 1, subject: str = "математика"
    ) -> UUID:
        """Make a lesson of today, 45 minutes long by the school's clock."""
        async with self.core.begin() as session:
            of = await session.get_one(SchoolClass, school_class)
            school = of.school_id
            card = next(card for card in await schools.all_schools(session) if card.id == school)
            day = school_date(self.clock.now(), card.zone)
            ends = (datetime.combine(day, starts) + timedelta(minutes=45)).time()
            slot = Slot(
                id=uuid4(),
                school_id=school,
                year=of.year,
                class_id=school_class,
                weekday=day.isoweekday(),
                number=number,
                starts=starts,
                ends=ends,
                subject_id=await _subject(session, school, subject),
                teacher_id=teacher,
            )
            session.add(slot)
            await session.flush()
            lesson = Lesson(
                id=uuid4(),
                school_id=school,
                slot_id=slot.id,
                planned_day=day,
                class_id=school_class,
                classes=[school_class],
                subject_id=slot.subject_id,
                teacher_id=teacher,
                day=day,
                number=number,
                starts_at=at_school(day, starts, card.zone),
                ends_at=at_school(day, ends, card.zone),
            )
            session.add(lesson)
        return lesson.id

    async def code(self, person: UUID) -> str:
        """Issue a one-time code."""
        async with self.core.begin() as session:
            (issued,) = (await accounts.issue_codes(session, OFFICE, self.keeper, [person], self.clock.now())).codes
        return issued.code

    async def link(self, person: UUID, account: MessengerAccount) -> None:
        """Join a person to an account, the way a code and a birth date do."""
        code = await self.code(person)
        async with self.core.begin() as session:
            shown = await accounts.show_code(session, self.keeper, account, code, self.clock.now())
            if isinstance(shown, LinkOffer):
                child = select(Guardianship.pupil_id).where(Guardianship.guardian_id == person)
                born = (await session.execute(select(Person.birth_date).where(Person.id.in_(child)))).scalars().first()
                assert born is not None
                await accounts.answer_offer(session, account, born, self.clock.now())


def _director(school: UUID, person: UUID) -> RoleAssignment:
    long_before = datetime.combine(LONG_AGO, time(), UTC)
    return RoleAssignment(
        id=uuid4(),
        person_id=person,
        school_id=school,
        role="director",
        since=LONG_AGO,
        why="",
        by_list=False,
        granted_at=long_before,
    )


async def _person(session: AsyncSession, school: UUID, name: str, born: date | None) -> UUID:
    surname, given, patronymic = (*name.split(), "", "")[:3]
    full = FullName(surname, given, patronymic)
    person = Person(
        id=uuid4(),
        school_id=school,
        surname=surname,
        given=given,
        patronymic=patronymic,
        birth_date=born,
        sort_key=full.sort_key(),
    )
    session.add(person)
    await session.flush()
    return person.id


async def _subject(session: AsyncSession, school: UUID, name: str) -> UUID:
    query = select(Subject.id).where(Subject.school_id == school, Subject.name == name)
    found = (await session.execute(query)).scalar_one_or_none()
    if found is not None:
        return found
    made = Subject(id=uuid4(), school_id=school, name=name)
    session.add(made)
    await session.flush()
    return made.id
