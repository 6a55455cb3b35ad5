"""Two schools in a real database, a third beside the first, and in them one person of every role with that role alone.

What a right is tried on stands in three places: ``OWN`` (the role's own school, its class 5А, its own child), then
``NEIGHBOUR`` (class 5Б of the same school, or, of a whole school, another one of the municipality) and ``FOREIGN``
(another school, under another municipality of another region).
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Role
from core.account import api_keys
from core.account.account_keeper import AccountKeeper
from core.account.account_tables import SecondFactor, Session
from core.account.accounts import CodeKeeper
from core.account.api_keys import KeyDraft, Scope
from core.account.logins import CHANNEL
from core.account.password_hashing import Hasher
from core.actor import OFFICE, Act, Actor
from core.audit import breaches
from core.audit.breaches import BreachNotice
from core.database import Database
from core.events import NoticeAsk
from core.family.relation_tables import Majority
from core.learning import attendance, gradebook
from core.learning.learning_tables import Homework, Remark
from core.notice import notices
from core.notice.notices import NoticeDraft, hash_of
from core.person import data_changes
from core.plan import stored_years, year_documents
from core.plan.plan_tables import SchoolYear
from core.russian import FullName
from core.school import organisations
from core.school.schools import SchoolCard
from core.staff import roles
from core.staff.roles import Term
from core.tables import (
    Account,
    AccountPerson,
    Guardianship,
    Lesson,
    Person,
    RoleAssignment,
    Staff,
)
from core.year.span import Span
from tests.integration.account_site import QUICK
from tests.integration.core_world import DAY, FIRST_BELL, Hands
from tests.school_builder import LONG_AGO, SchoolBuilder

NOW = FIRST_BELL + timedelta(minutes=10)
KEEPER = AccountKeeper(b"accounts of the rights' tests...")
CODES = CodeKeeper(b"codes of the rights' tests")
HASHER = Hasher(QUICK)
DRAFT = NoticeDraft("Собрание", "В четверг в 18:00, кабинет 12.", NoticeAsk.SIGN)
KEY = KeyDraft("Расписание", (Scope.JOURNAL_READ,))
NOTICE_HASH = hash_of(DRAFT.title, DRAFT.text)

CLOSING_YEAR = 2025
"""A year that is over, and that somebody has proposed to close."""

GIVEN = (
    Role.DIRECTOR,
    Role.DEPUTY,
    Role.STAND_IN,
    Role.FURTHER_EDUCATION_TEACHER,
    Role.ADMINISTRATOR,
    Role.ASSISTANT,
    Role.SECRETARY,
    Role.HR,
    Role.CLERK,
    Role.SUPPORT,
)
"""Roles of the school that stand in a row of their own."""
BESIDES: dict[Role, Role] = {
    role: Role.TEACHER for role in (Role.CLASS_TEACHER, Role.SUBSTITUTE, *GIVEN) if role is not Role.SUPPORT
}
"""Roles that nobody has without working at the school: their people are teachers besides, and give no lesson."""
GIVES_LESSONS = (Role.TEACHER, Role.FURTHER_EDUCATION_TEACHER, Role.SUBSTITUTE)
STRANGER = "stranger"
"""Whoever is in the school's lists and nothing there."""
FATHER = "father"
"""Another guardian of the pupil of 5А, with the same rights."""
_names = (f"{surname}{number}" for number in count() for surname in ("Иволгин", "Снегирёв", "Дроздов", "Щеглов"))


class Position(StrEnum):
    """Where the thing stands that somebody reaches for."""

    OWN = "own"
    NEIGHBOUR = "neighbour"
    FOREIGN = "foreign"


@dataclass
class Corner:
    """A class with everything in it that a right may be tried on."""

    school: SchoolCard
    school_class: UUID
    class_teacher: UUID
    pupil: UUID
    guardian: UUID
    guardian_account: UUID
    guardian_stay: UUID
    employee: UUID
    """Gives its lesson, and is no class teacher."""
    spare: UUID
    """Works at the school, gives no lesson at this hour, and stands in for the class teacher."""
    free: UUID
    """Somebody of the school without any role or relation."""
    helper: UUID
    """Somebody with a role that can be ended."""
    twins: tuple[UUID, UUID]
    lesson: UUID
    subject: UUID
    """Of that lesson."""
    mark: UUID
    remark: UUID
    homework: UUID
    notice: UUID
    told: UUID
    role: UUID
    """The assignment of ``helper``."""
    stand_in: UUID
    """The assignment of ``spare``."""


@dataclass
class Whole:
    """A whole organisation, or the authority above schools, that a right may be tried on."""

    school: SchoolCard
    breach: UUID
    authority: UUID
    head: UUID
    """Directs and administers it."""
    key: UUID
    """Of a program."""


@dataclass
class RightsWorld:
    """Who there is, and what."""

    database: Database
    corners: dict[Position, Corner] = field(default_factory=dict)
    wholes: dict[Position, Whole] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    """By role; ``STRANGER`` has none, ``FATHER`` a guardian's."""
    accounts: dict[str, UUID] = field(default_factory=dict)
    stays: dict[str, UUID] = field(default_factory=dict)
    lessons: dict[str, UUID] = field(default_factory=dict)
    """Own lessons of those who give any."""
    marks: dict[str, UUID] = field(default_factory=dict)
    remarks: dict[str, UUID] = field(default_factory=dict)
    """By role: what its person has written about a pupil of 5А."""
    homework: dict[str, UUID] = field(default_factory=dict)
    """By role: what its person has set at a lesson of ``employee`` in 5А."""

    def actor(self, role: str) -> Actor:
        """Return the person of a role, through his account."""
        return Actor("web", self.people[role], self.accounts[role])


@dataclass
class _Making:
    """Builds the world; every step commits."""

    world: RightsWorld
    builder: SchoolBuilder

    async def everything(self) -> None:
        """Build three schools, then the people of the first."""
        region = await self._authority("Первый край")
        near, beside = [await self._authority(name, region) for name in ("Ближний район", "Соседний район")]
        far = await self._authority("Дальний район", await self._authority("Второй край"))
        own = await self._school("Школа «Радуга»", near)
        next_door = await self._school("Школа «Парус»", near)
        foreign = await self._school("Школа «Маяк»", far)
        teacher, class_teacher = await self._teacher(own), await self._teacher(own)
        self.world.people |= {Role.TEACHER: teacher, Role.CLASS_TEACHER: class_teacher}
        self.world.corners = {
            Position.OWN: await self._corner(own, "5А", class_teacher),
            Position.NEIGHBOUR: await self._corner(own, "5Б", await self._teacher(own)),
            Position.FOREIGN: await self._corner(foreign, "5А", await self._teacher(foreign)),
        }
        aside = await self._corner(next_door, "5А", await self._teacher(next_door))
        corners = (self.world.corners[Position.OWN], aside, self.world.corners[Position.FOREIGN])
        for position, corner, authority in zip(Position, corners, (near, beside, far), strict=True):
            breach, head = await self._breach(corner), await self._head(corner.school)
            self.world.wholes[position] = Whole(corner.school, breach, authority, head, await self._key(corner.school))
        await self._people(near, region)
        await self._what_they_teach()
        await self._what_they_wrote()

    async def _key(self, school: SchoolCard) -> UUID:
        async with self.world.database.begin() as session:
            return (await api_keys.make(session, act(OFFICE), school.id, KEY)).id

    async def _authority(self, name: str, region: UUID | None = None) -> UUID:
        async with self.world.database.begin() as session:
            if region is None:
                return await organisations.found_region(session, act(OFFICE), name)
            return await organisations.found_municipality(session, act(OFFICE), name, region)

    async def _school(self, name: str, authority: UUID) -> SchoolCard:
        school = await self.builder.school(name)
        async with self.world.database.begin() as session:
            await organisations.place(session, act(OFFICE), school.id, authority)
        return school

    async def _teacher(self, school: SchoolCard) -> UUID:
        return await self.builder.teacher(school, f"{next(_names)} Олег Львович")

    async def _corner(self, school: SchoolCard, title: str, class_teacher: UUID) -> Corner:
        school_class = await self.builder.school_class(school, title, class_teacher)
        pupil = await self.builder.pupil(school_class, f"{next(_names)} Глеб")
        guardian = await self.builder.guardian(pupil, name=f"{next(_names)} Ольга")
        employee, spare = await self._teacher(school), await self._teacher(school)
        lesson = await self.builder.lesson(school_class, employee, time(8, 30))
        missed = await self.builder.lesson(school_class, employee, time(8, 30), number=12)
        async with self.world.database.begin() as session:
            account, stay = await _enter(session, guardian)
            session.add(SecondFactor(account_id=account, secret_sealed=b"sealed", confirmed_at=NOW, recovery=[]))
            session.add(Majority(pupil_id=pupil, came_on=DAY, asked_at=NOW))
            free, helper, kept, gone = [await _person(session, school.id) for _ in range(4)]
            await attendance.record(session, act(OFFICE), missed, {pupil: "н"})
            return Corner(
                school=school,
                school_class=school_class,
                class_teacher=class_teacher,
                pupil=pupil,
                guardian=guardian,
                guardian_account=account,
                guardian_stay=stay,
                employee=employee,
                spare=spare,
                free=free,
                helper=helper,
                twins=(kept, gone),
                lesson=lesson,
                subject=(await session.get_one(Lesson, lesson)).subject_id,
                mark=(await gradebook.give(session, act(OFFICE), lesson, pupil, 4)).mark,
                remark=await _remark(session, pupil, employee),
                homework=await _homework(session, lesson, employee, week=1),
                notice=await notices.publish(session, act(Actor("web", class_teacher)), school_class, DRAFT),
                told=await data_changes.tell(session, act(Actor("web", guardian)), pupil, "Мы переехали."),
                role=await roles.grant(session, act(OFFICE), helper, Role.SUPPORT, Term("приказ № 1")),
                stand_in=await roles.stand_in(session, act(OFFICE), school_class, spare, Term("приказ № 2")),
            )

    async def _head(self, school: SchoolCard) -> UUID:
        """Make somebody who directs and administers the school, whose last year somebody has proposed to close."""
        head = await self.builder.teacher(school, f"{next(_names)} Олег Львович", administers=True)
        proposed = await self._teacher(school)
        span = Span(date(CLOSING_YEAR, 9, 1), date(CLOSING_YEAR + 1, 5, 31))
        async with self.world.database.begin() as session:
            await roles.grant(session, act(OFFICE), head, Role.ADMINISTRATOR, Term("приказ № 1"))
            session.add(
                SchoolYear(
                    school_id=school.id,
                    year=CLOSING_YEAR,
                    calendar=year_documents.of_calendar(replace(stored_years.undeclared(CLOSING_YEAR), span=span)),
                    version=1,
                    closing_proposed_by=proposed,
                    closing_proposed_at=NOW,
                )
            )
        return head

    async def _breach(self, corner: Corner) -> UUID:
        """Report the account of somebody who plays no other part."""
        async with self.world.database.begin() as session:
            person = await _person(session, corner.school.id)
            account, _ = await _enter(session, person)
            return (await breaches.report(session, act(OFFICE), BreachNotice(person, account, NOW))).id

    async def _people(self, municipality: UUID, region: UUID) -> None:
        """Make one person of every role that is not there yet, each with an account."""
        own = self.world.corners[Position.OWN]
        people = self.world.people
        people |= {Role.SUBSTITUTE: await self._teacher(own.school), Role.GUARDIAN: own.guardian, Role.PUPIL: own.pupil}
        people[FATHER] = await self.builder.guardian(own.pupil, name=f"{next(_names)} Павел")
        people[Role.TRUSTED_ADULT] = await self.builder.guardian(own.pupil, name=f"{next(_names)} Вера")
        async with self.world.database.begin() as session:
            trusted = Guardianship.guardian_id == people[Role.TRUSTED_ADULT]
            await session.execute(update(Guardianship).where(trusted).values(kind="trusted", must_sign=False))
            people[STRANGER] = await _person(session, own.school.id)
            for role in GIVEN:
                people[role] = await _person(session, own.school.id)
                if role in BESIDES:
                    session.add(Staff(person_id=people[role], position="", since=DAY))
                given = _assignment(people[role], role, school=own.school.id)
                given.class_id = own.school_class if role is Role.STAND_IN else None
                session.add(given)
            for role, authority in ((Role.MUNICIPAL_OFFICER, municipality), (Role.REGIONAL_OFFICER, region)):
                people[role] = await _person(session, None, authority)
                session.add(_assignment(people[role], role, authority=authority))
            for name, person in people.items():
                entered = (own.guardian_account, own.guardian_stay) if person == own.guardian else None
                self.world.accounts[name], self.world.stays[name] = entered or await _enter(session, person)

    async def _what_they_teach(self) -> None:
        """Give a lesson in 5А to everybody who gives any, one that another has in his place included."""
        own = self.world.corners[Position.OWN]
        for number, role in enumerate(GIVES_LESSONS, 2):
            person = self.world.people[role]
            teacher = own.employee if role is Role.SUBSTITUTE else person
            subject = f"предмет {number}"
            lesson = await self.builder.lesson(own.school_class, teacher, time(8, 30), number=number, subject=subject)
            async with self.world.database.begin() as session:
                if role is Role.SUBSTITUTE:
                    (await session.get_one(Lesson, lesson)).substitute_id = person
                given = await gradebook.give(session, act(OFFICE), lesson, own.pupil, 5)
            self.world.lessons[role], self.world.marks[role] = lesson, given.mark

    async def _what_they_wrote(self) -> None:
        own = self.world.corners[Position.OWN]
        async with self.world.database.begin() as session:
            for week, (role, person) in enumerate(self.world.people.items(), 2):
                self.world.remarks[role] = await _remark(session, own.pupil, person)
                self.world.homework[role] = await _homework(session, own.lesson, person, week=week)


async def rights_world(database: Database) -> RightsWorld:
    """Build the world in an empty migrated database."""
    world = RightsWorld(database)
    await _Making(world, SchoolBuilder(database, Hands().clock)).everything()
    return world


def act(actor: Actor) -> Act:
    """Return an act of this moment under a key of its own."""
    return Act(actor, NOW, str(uuid4()))


async def _person(session: AsyncSession, school: UUID | None, authority: UUID | None = None) -> UUID:
    name = FullName(next(_names), "Пётр", "Ильич")
    person = Person(
        id=uuid4(),
        school_id=school,
        authority_id=authority,
        surname=name.surname,
        given=name.given,
        patronymic=name.patronymic,
        sort_key=name.sort_key(),
    )
    session.add(person)
    await session.flush()
    return person.id


async def _enter(session: AsyncSession, person: UUID) -> tuple[UUID, UUID]:
    """Give somebody an account with a login and a stay in a browser."""
    account, stay = uuid4(), uuid4()
    session.add(Account(id=account, channel=CHANNEL, external_id=f"login-{account}"))
    await session.flush()
    session.add(AccountPerson(account_id=account, person_id=person, linked_at=NOW))
    session.add(
        Session(
            id=stay,
            token_hash=stay.bytes,
            account_id=account,
            person_id=person,
            method="provider",
            proof="provider",
            device="",
            created_at=NOW,
            seen_at=NOW,
            expires_at=NOW + timedelta(days=1),
            idle_seconds=3600,
        )
    )
    await session.flush()
    return account, stay


def _assignment(
    person: UUID, role: str, *, school: UUID | None = None, authority: UUID | None = None
) -> RoleAssignment:
    return RoleAssignment(
        id=uuid4(),
        person_id=person,
        school_id=school,
        authority_id=authority,
        role=role,
        since=LONG_AGO,
        why="",
        by_list=False,
        granted_at=datetime.combine(LONG_AGO, time(), UTC),
    )


async def _remark(session: AsyncSession, pupil: UUID, author: UUID) -> UUID:
    made = Remark(
        id=uuid4(),
        pupil_id=pupil,
        day=DAY,
        kind="remark",
        text="Забыл дневник.",
        author_id=author,
        written_at=NOW,
        withdrawn=False,
        version=1,
    )
    session.add(made)
    await session.flush()
    return made.id


async def _homework(session: AsyncSession, lesson: UUID, author: UUID, *, week: int) -> UUID:
    """Put homework at the same lesson so many weeks ago; return the lesson at which it was due."""
    of_today = await session.get_one(Lesson, lesson)
    back = timedelta(weeks=week)
    due = Lesson(
        id=uuid4(),
        school_id=of_today.school_id,
        planned_day=of_today.day - back,
        classes=of_today.classes,
        slot_id=of_today.slot_id,
        class_id=of_today.class_id,
        subject_id=of_today.subject_id,
        teacher_id=of_today.teacher_id,
        day=of_today.day - back,
        number=of_today.number,
        starts_at=of_today.starts_at - back,
        ends_at=of_today.ends_at - back,
    )
    session.add(due)
    await session.flush()
    session.add(
        Homework(
            lesson_id=due.id,
            due_on=due.day,
            set_on=due.day - timedelta(weeks=1),
            text="§ 12, № 345",
            nothing_set=False,
            set_by=author,
            set_at=NOW - back,
            withdrawn=False,
            version=1,
        )
    )
    await session.flush()
    return due.id
