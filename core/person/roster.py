"""Import of a school's roster: rows of the office's files become people, classes, relations and the timetable.

One transaction: either everything of the files is in the journal, or nothing. Importing the same files again changes
nothing; what the files no longer contain stays (re-import with a difference to look at comes with the school year).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act
from core.consent import consent_entries, consents
from core.consent.consent_entries import ConsentEntry
from core.consent.consents import Relation
from core.events import (
    AddressState,
    Channel,
    Event,
    GuardianshipState,
    address_subject,
    event,
    guardianship_subject,
    school_subject,
)
from core.family.relation_words import first_of_list
from core.journal import Change, audit
from core.outbox import publish
from core.refusals import Invalid
from core.roster_file import (
    ClassTitle,
    Code,
    GuardianCells,
    LineError,
    Place,
    PupilRow,
    RosterFiles,
    StaffRow,
    name_key,
    teacher_clashes,
)
from core.roster_file.rows import RELATION_WORDS
from core.russian import FullName
from core.school.schools import SchoolCard
from core.school_time import at_school, school_date, school_year_of_lists
from core.staff import staff_roles
from core.staff.positions import role_of
from core.tables import Contact, Guardianship, Person, Pupil, School, SchoolClass, Slot, Staff, Subject

type NameKey = tuple[str, str, str]


class RosterRefused(Invalid):
    """The files contradict the journal or themselves; ``problems`` are all reasons, each with its place."""

    def __init__(self, problems: Sequence[LineError]) -> None:
        super().__init__("roster-refused")
        self.problems = tuple(problems)


@dataclass(slots=True)
class ImportReport:
    """What an import changed."""

    people: int = 0
    pupils: int = 0
    staff: int = 0
    guardianships: int = 0
    addresses: int = 0
    slots: int = 0
    unchanged: int = 0


async def import_roster(session: AsyncSession, act: Act, school: SchoolCard, files: RosterFiles) -> ImportReport:
    """Bring the rows into the journal. Raises ``Forbidden``, or ``RosterRefused`` with every problem found."""
    rights.demand(await rights.of_school(session, act.actor, school.id, act.at), Right.ROSTER_IMPORT, "office-only")
    # One import of a school at a time: two of the same files, each blind to the other, would double everybody.
    await session.execute(select(School.id).where(School.id == school.id).with_for_update(key_share=True))
    journal = await _Journal.load(session, act, school)
    staff = {row.place: journal.person(row.name, row.birth_date) for row in files.staff}
    await journal.put_staff(files.staff, staff)
    await journal.put_classes({row.school_class for row in files.pupils} | {row.school_class for row in files.lessons})
    await journal.put_class_teachers(files.staff, staff)
    await journal.put_pupils(files.pupils)
    await journal.put_timetable(files)
    await journal.finish()
    return journal.report


@dataclass(slots=True)
class _Journal:
    """The school as the journal knows it, and what the files add to it."""

    session: AsyncSession
    act: Act
    school: SchoolCard
    people: dict[tuple[NameKey, date | None], UUID]
    """Those whom name and birth date tell apart, and employees without a recorded birth date."""
    undated: dict[tuple[NameKey, UUID], UUID]
    """Adults without a birth date, by their name and their child."""
    classes: dict[str, UUID]
    pupils: dict[UUID, Pupil]
    staff: dict[UUID, Staff]
    relations: dict[Relation, Guardianship]
    registered: dict[Relation, tuple[ConsentEntry, ...]]
    contacts: dict[UUID, Contact]
    report: ImportReport = field(default_factory=ImportReport)
    new_people: list[dict[str, Any]] = field(default_factory=list)
    new_consents: list[tuple[Relation, ConsentEntry]] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @classmethod
    async def load(cls, session: AsyncSession, act: Act, school: SchoolCard) -> "_Journal":
        ids = select(Person.id).where(Person.school_id == school.id)
        year = school_year_of_lists(school_date(act.at, school.zone))
        classes = await session.execute(
            select(SchoolClass.title, SchoolClass.id).where(
                SchoolClass.school_id == school.id, SchoolClass.year == year
            )
        )
        persons = (await session.execute(select(Person).where(Person.school_id == school.id))).scalars().all()
        pupils = (await session.execute(select(Pupil).where(Pupil.person_id.in_(ids)))).scalars()
        staff = {
            row.person_id: row
            for row in (await session.execute(select(Staff).where(Staff.person_id.in_(ids)))).scalars()
        }
        locked = select(Guardianship).where(Guardianship.pupil_id.in_(ids)).with_for_update()
        relations = (await session.execute(locked)).scalars().all()
        mail = select(Contact).where(Contact.person_id.in_(ids), Contact.channel == Channel.MAIL)
        names = {one.id: name_key(FullName(one.surname, one.given, one.patronymic)) for one in persons}
        called: dict[UUID, set[NameKey]] = {}
        for one in persons:
            if one.birth_date is None:
                called.setdefault(one.merged_into or one.id, set()).add(names[one.id])
        return cls(
            session=session,
            act=act,
            school=school,
            people={
                # A list that still spells a duplicate as it was means whom it was merged into.
                (names[one.id], one.birth_date): one.merged_into or one.id
                for one in sorted(persons, key=lambda one: one.merged_into is None)
                if one.id in staff or one.birth_date is not None
            },
            undated={
                (name, row.pupil_id): row.guardian_id for row in relations for name in called.get(row.guardian_id, ())
            },
            classes=dict(classes.all()),
            pupils={row.person_id: row for row in pupils},
            staff=staff,
            relations={(row.pupil_id, row.guardian_id): row for row in relations},
            registered=await consents.entries_of(session, [(row.pupil_id, row.guardian_id) for row in relations]),
            contacts={row.person_id: row for row in (await session.execute(mail)).scalars()},
        )

    @property
    def today(self) -> date:
        """The school's calendar day of this import."""
        return school_date(self.act.at, self.school.zone)

    def person(self, name: FullName, birth_date: date | None) -> UUID:
        """Find the person of this name and birth date, or add one."""
        key = (name_key(name), birth_date)
        found = self.people.get(key)
        if found is not None:
            return found
        self.people[key] = person_id = self.add_person(name, birth_date)
        return person_id

    def add_person(self, name: FullName, birth_date: date | None) -> UUID:
        """Add a person who is not in the journal yet."""
        person_id = uuid4()
        self.new_people.append(
            {
                "id": person_id,
                "school_id": self.school.id,
                "surname": name.surname,
                "given": name.given,
                "patronymic": name.patronymic,
                "birth_date": birth_date,
                "sort_key": name.sort_key(),
            }
        )
        self.report.people += 1
        return person_id

    async def write_people(self) -> None:
        """Write the people added so far, before anything refers to them."""
        if self.new_people:
            await self.session.execute(insert(Person), self.new_people)
            self.new_people = []

    async def put_staff(self, rows: Sequence[StaffRow], persons: dict[Place, UUID]) -> None:
        await self.write_people()
        new = []
        for row in rows:
            person = persons[row.place]
            known = self.staff.get(person)
            if known is None:
                new.append({"person_id": person, "position": row.position})
                self.staff[person] = Staff(person_id=person, position=row.position)
            elif known.position != row.position:
                known.position = row.position
            else:
                self.report.unchanged += 1
            await self.put_mail(person, row.email, row.email_verified_on)
        if new:
            await self.session.execute(insert(Staff), new)
        self.report.staff += len(new)
        # An old list takes no dismissal back.
        working = [row for row in rows if not self.dismissed(persons[row.place])]
        wanted = {persons[row.place]: role_of(row.position) for row in working}
        await staff_roles.follow_list(self.session, self.act, self.school.id, wanted, self.today)

    def dismissed(self, person: UUID) -> bool:
        """Tell whether an employee's last day is over."""
        until = self.staff[person].until
        return until is not None and until < self.today

    async def put_classes(self, titles: Iterable[ClassTitle]) -> None:
        year = school_year_of_lists(self.today)
        new = {str(title): uuid4() for title in sorted(titles) if str(title) not in self.classes}
        if new:
            rows = [
                {"id": class_id, "school_id": self.school.id, "year": year, "title": title}
                for title, class_id in new.items()
            ]
            await self.session.execute(insert(SchoolClass), rows)
        self.classes |= new

    async def put_class_teachers(self, rows: Sequence[StaffRow], persons: dict[Place, UUID]) -> None:
        for row in rows:
            if row.class_teacher_of is None or (class_id := self.classes.get(str(row.class_teacher_of))) is None:
                continue
            school_class = await self.session.get_one(SchoolClass, class_id)
            school_class.class_teacher_id = persons[row.place]

    async def put_pupils(self, rows: Sequence[PupilRow]) -> None:
        persons = [(row, self.person(row.name, row.birth_date)) for row in rows]
        adults = {
            (row.place, index): self.guardian(row, cells) for row in rows for index, cells in enumerate(row.guardians)
        }
        await self.write_people()
        new = []
        for row, person in persons:
            class_id = self.classes[str(row.school_class)]
            known = self.pupils.get(person)
            if known is None:
                new.append({"person_id": person, "class_id": class_id})
            elif known.class_id != class_id:
                known.class_id = class_id
            else:
                self.report.unchanged += 1
        if new:
            await self.session.execute(insert(Pupil), new)
        self.report.pupils += len(new)
        for row, person in persons:
            for index, cells in enumerate(row.guardians):
                await self.put_guardian(person, adults[row.place, index], cells)

    def guardian(self, row: PupilRow, cells: GuardianCells) -> UUID:
        """Find or add the adult. Without a birth date he is known only by name **and child**: a namesake is not he."""
        if cells.birth_date is not None:
            return self.person(cells.name, cells.birth_date)
        key = (name_key(cells.name), self.person(row.name, row.birth_date))
        if key not in self.undated:
            self.undated[key] = self.add_person(cells.name, None)
        return self.undated[key]

    async def put_guardian(self, pupil: UUID, adult: UUID, cells: GuardianCells) -> None:
        known = self.relations.get((pupil, adult))
        relation = RELATION_WORDS[cells.relation]
        consent_changed = self.put_consent((pupil, adult), cells.consent_on)
        if known is None:
            known = first_of_list(pupil, adult, relation, self.today)
            self.session.add(known)
            self.relations[pupil, adult] = known
        elif known.relation == relation and not consent_changed:
            self.report.unchanged += 1
            await self.put_mail(adult, cells.email, cells.email_verified_on)
            return
        else:
            known.relation, known.version = relation, known.version + 1
        self.report.guardianships += 1
        state = consents.relation_state(known, consent_entries.stand(self.registered.get((pupil, adult), ())))
        self.events.append(self.event(state, guardianship_subject(pupil, adult), known.version))
        await self.put_mail(adult, cells.email, cells.email_verified_on)

    def put_consent(self, relation: Relation, consent_on: date | None) -> bool:
        """Enter what the list says of a consent; tell whether that changed what stands."""
        entries = self.registered.get(relation, ())
        new = consent_entries.from_list(entries, consent_on)
        self.new_consents += [(relation, entry) for entry in new]
        self.registered[relation] = (*entries, *new)
        return consent_entries.stand(entries) != consent_entries.stand(self.registered[relation])

    async def put_mail(self, person: UUID, value: str | None, verified_on: date | None) -> None:
        """Record a mailbox as the office states it; an empty cell says nothing about an address known before."""
        if value is None:
            return
        known = self.contacts.get(person)
        if known is None:
            known = Contact(person_id=person, channel=Channel.MAIL, value=value, verified_on=verified_on, version=1)
            self.session.add(known)
            self.contacts[person] = known
        elif (known.value, known.verified_on) == (value, verified_on):
            return
        else:
            known.value, known.verified_on, known.version = value, verified_on, known.version + 1
        self.report.addresses += 1
        verified_at = None if verified_on is None else at_school(verified_on, time(), self.school.zone)
        state = AddressState(person=person, channel=Channel.MAIL, value=value, verified_at=verified_at)
        self.events.append(self.event(state, address_subject(person, Channel.MAIL), known.version))

    async def put_timetable(self, files: RosterFiles) -> None:
        teachers = self.teachers(files)
        subjects = await self.subjects({row.subject for row in files.lessons})
        rows = [
            {
                "id": uuid4(),
                "class_id": self.classes[str(row.school_class)],
                "weekday": int(row.weekday),
                "number": row.number,
                "starts": row.starts_at,
                "ends": row.ends_at,
                "subject_id": subjects[row.subject],
                "teacher_id": teachers[row.place],
                "room": row.room or "",
            }
            for row in files.lessons
        ]
        if not rows:
            return
        put = upsert(Slot)
        fresh = {name: put.excluded[name] for name in ("starts", "ends", "subject_id", "teacher_id", "room")}
        await self.session.execute(
            put.on_conflict_do_update(index_elements=["class_id", "weekday", "number"], set_=fresh), rows
        )
        self.report.slots = len(rows)

    async def subjects(self, names: Iterable[str]) -> dict[str, UUID]:
        """Find or add the subjects of these names."""
        known = await self.session.execute(select(Subject.name, Subject.id).where(Subject.school_id == self.school.id))
        found = dict(known.all())
        new = {name: uuid4() for name in sorted(set(names) - set(found))}
        if new:
            rows = [{"id": key, "school_id": self.school.id, "name": name} for name, key in new.items()]
            await self.session.execute(insert(Subject), rows)
        return found | new

    def teachers(self, files: RosterFiles) -> dict[Place, UUID]:
        """Find whom each lesson's teacher names. Raises ``RosterRefused`` with all problems."""
        by_name: dict[NameKey, set[UUID]] = {}
        for (name, _), person in self.people.items():
            if person in self.staff:
                for key in (name, (name[0], name[1][:1], name[2][:1])):
                    by_name.setdefault(key, set()).add(person)
        found: dict[Place, UUID] = {}
        problems = []
        for row in files.lessons:
            fits = by_name.get(_written_name(row.teacher), set())
            if len(fits) == 1:
                found[row.place] = next(iter(fits))
            else:
                code = Code.TEACHER_AMBIGUOUS if fits else Code.TEACHER_UNKNOWN
                problems.append(LineError(row.place, code, (("teacher", row.teacher),)))
        clashes = teacher_clashes(files.lessons, lambda row: found.get(row.place))
        problems += [LineError(place, fault.code, fault.details) for place, fault in clashes]
        if problems:
            raise RosterRefused(problems)
        return found

    def event(self, state: GuardianshipState | AddressState, subject: str, version: int) -> Event:
        """Wrap a state of this import."""
        return event(state, subject=subject, school=self.school.id, version=version, at=self.act.at)

    async def finish(self) -> None:
        """Publish what changed and write the audit row of the import."""
        await self.session.flush()
        await consents.append(self.session, self.act, self.new_consents)
        await publish(self.session, *self.events)
        counts = {
            name: getattr(self.report, name) for name in ("people", "pupils", "staff", "guardianships", "addresses")
        }
        change = Change("roster.import", school_subject(self.school.id), None, counts)
        await audit(self.session, self.act.actor, self.school.id, self.act.at, change)


def _written_name(written: str) -> NameKey:
    """Read «Фамилия Имя Отчество» or «Фамилия И. О.» as a key."""
    parts = [part.rstrip(".") for part in written.replace(".", ". ").split()]
    surname, given, patronymic = (*parts, "", "", "")[:3]
    return name_key(FullName(surname, given, patronymic))
