"""The lists held beside the journal: every line becomes what it changes, or nothing. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from core.consent import consent_entries
from core.consent.consent_entries import ConsentEntry, Standing
from core.lists import comparing_timetable, teachers
from core.lists.book import NO_ADDRESS, Book, KnownAddress, KnownClass, KnownGroup, KnownPerson, SlotKey
from core.lists.difference import (
    Counts,
    Difference,
    Entry,
    Gone,
    GoneWhat,
    Stays,
    StaysWhy,
    Values,
    What,
    in_order,
)
from core.lists.matching import Answers, Match, Matcher, Matching, mark_of
from core.lists.work import GROUPS
from core.roster_file import ClassTitle, GuardianCells, LineError, Place, PupilRow, RosterFiles, name_key
from core.roster_file.rows import RELATION_WORDS
from core.russian import FullName
from core.staff.positions import role_of

FIRST_DAY = (9, 1)
"""Of a school year: month and day."""


@dataclass(frozen=True, slots=True)
class Giver:
    """Who hands the lists in, as far as roles ask."""

    person: UUID | None
    may_grant: bool


def compare(book: Book, files: RosterFiles, giver: Giver, answers: Answers) -> tuple[Difference, tuple[LineError, ...]]:
    """Return what the lists change, and what in them the journal contradicts: with that, nothing may be written."""
    matcher = Matcher(book, answers)
    matcher.staff(files.staff)
    matcher.pupils(files.pupils)
    comparison = _Comparison(book, files, giver, matcher.found)
    problems = comparison.run()
    return comparison.result(), problems


def unused(answers: Answers, book: Book, files: RosterFiles) -> tuple[str, ...]:
    """Return the marks of answers to what nobody asked."""
    matcher = Matcher(book, answers)
    matcher.staff(files.staff)
    matcher.pupils(files.pupils)
    return tuple(sorted(set(answers) - matcher.found.used))


@dataclass
class _Comparison:
    book: Book
    files: RosterFiles
    giver: Giver
    matching: Matching
    entries: list[Entry] = field(default_factory=list)
    stays: list[Stays] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    known_as: dict[str, str] = field(default_factory=dict)
    fresh: dict[str, str] = field(default_factory=dict)
    written: dict[UUID, FullName] = field(default_factory=dict)
    """How people are called after the import."""
    classes: dict[str, UUID] = field(default_factory=dict)
    addresses: dict[UUID, KnownAddress] = field(default_factory=dict)
    lessons_gone: Sequence[Gone] = ()
    places: Mapping[SlotKey, Place] = field(default_factory=dict)
    unchanged: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("staff", "pupils", "adults", "lessons"), 0)
    )

    def run(self) -> tuple[LineError, ...]:
        self._name_what_is_known()
        self._staff()
        self._classes()
        self._pupils()
        self._put_addresses()
        return self._timetable()

    def result(self) -> Difference:
        return Difference(
            entries=tuple(in_order(self.entries)),
            gone=tuple(self._gone()),
            stays=tuple(dict.fromkeys(self.stays)),
            doubts=tuple(self.matching.doubts),
            unchanged=Counts(**self.unchanged),
            names=self.names,
            known_as=self.known_as,
            fresh=self.fresh,
            places=self.places,
        )

    def _name_what_is_known(self) -> None:
        book = self.book
        self.names |= {str(one.id): one.name.in_full() for one in book.people.values()}
        self.names |= {str(key): name for name, key in book.subjects.items()}
        learners: tuple[KnownClass | KnownGroup, ...] = (*book.classes.values(), *book.groups.values())
        self.names |= {str(one.id): _title(one.title, one.year, book.year) for one in learners}
        self.names |= {str(one.id): one.name for one in book.rooms.values()}
        self.known_as |= {str(person): job.position for person, job in book.staff.items()}
        self.known_as |= {str(pupil): self.names[str(of.class_id)] for pupil, of in book.pupils.items()}
        for pupil, adult in book.relations:
            child = ", ".join(part for part in (self.known_as.get(str(pupil)), self.names[str(pupil)]) if part)
            self.known_as.setdefault(str(adult), child)

    # Whom a line names is settled; here is what it says of him.

    def _staff(self) -> None:
        for row in self.files.staff:
            match = self.matching.staff.get(mark_of(row.place))
            if match is None:
                continue
            self._person(match, row.name, row.birth_date, row.position)
            known = self.book.staff.get(match.person)
            before: Values | None = None if known is None else {"position": known.position}
            if not self._put(What.STAFF, (match.person,), before, {"position": row.position}):
                self.unchanged["staff"] += 1
            self._address(match.person, row.email, row.email_verified_on)
            if self.book.dismissed(match.person):
                self.stays.append(Stays(StaysWhy.DISMISSED, (str(match.person),)))
            else:
                self._role(match.person, row.position)

    def _role(self, person: UUID, position: str) -> None:
        """Follow the position, as ``staff_roles.follow_list`` does."""
        stands, wanted = self.book.roles.get(person), role_of(position)
        if stands == wanted:
            return
        given = wanted if self.giver.may_grant and person != self.giver.person else None
        if stands is not None or given is not None:
            before = None if stands is None else {"role": stands.value}
            self._put(What.ROLE, (person,), before, {"role": None if given is None else given.value})

    def _person(self, match: Match, name: FullName, born: date | None, known_as: str) -> None:
        person = match.person
        known = self.book.people.get(person)
        if person in self.written:
            return  # a second line of somebody says nothing else of him
        if known is None:
            self.written[person] = name
            self.names[str(person)] = name.in_full()
            self.known_as[str(person)] = known_as
            self.fresh[str(person)] = f"{'|'.join(name_key(name))}|{born or known_as}"
            self._put(What.PERSON, (person,), None, _as_values(name, born))
            return
        name, born = _after(known, name, born) if match.spelled else (known.name, known.born)
        self.written[person] = name
        self._put(What.PERSON, (person,), *_changed(_as_values(known.name, known.born), _as_values(name, born)))

    def _classes(self) -> None:
        leaders: dict[str, UUID] = {}
        for row in self.files.staff:
            match = self.matching.staff.get(mark_of(row.place))
            if row.class_teacher_of is not None and match is not None:
                leaders[str(row.class_teacher_of)] = match.person
        self.classes = {title: one.id for title, one in self.book.classes_of_year.items()}
        taught = {row.school_class for row in self.files.lessons if row.school_class is not None}
        for title in sorted({row.school_class for row in self.files.pupils} | taught):
            self._class(title, leaders.pop(str(title), None))
        for written, leader in sorted(leaders.items()):
            if written in self.classes:
                self._lead(written, leader)

    def _class(self, title: ClassTitle, leader: UUID | None) -> None:
        written = str(title)
        if written in self.classes:
            self._lead(written, leader)
            return
        self.classes[written] = made = uuid4()
        self.names[str(made)] = written
        self.fresh[str(made)] = f"{written}|{self.book.year}"
        teacher = None if leader is None else str(leader)
        self._put(What.CLASS, (made,), None, {"title": written, "year": self.book.year, "teacher": teacher})

    def _lead(self, title: str, leader: UUID | None) -> None:
        known = self.book.classes_of_year[title]
        if leader is not None:
            before = None if known.teacher is None else str(known.teacher)
            self._put(What.CLASS, (known.id,), {"teacher": before}, {"teacher": str(leader)})

    def _pupils(self) -> None:
        for row in self.files.pupils:
            match = self.matching.pupils.get(mark_of(row.place))
            if match is None:
                continue
            self._person(match, row.name, row.birth_date, str(row.school_class))
            self._place(match.person, self.classes[str(row.school_class)])
            for number, cells in enumerate(row.guardians):
                self._adult(row, match.person, number, cells)

    def _place(self, pupil: UUID, class_id: UUID) -> None:
        """Say where a pupil learns from which day on; whoever leaves, or has left, does so by an order."""
        known = self.book.pupils.get(pupil)
        if known is None:
            self._put(What.PUPIL, (pupil,), None, _as_place(class_id, self._first_day(class_id)))
        elif known.class_id == class_id and not self.book.has_left(pupil):
            self.unchanged["pupils"] += 1
        elif known.until is not None:
            self.stays.append(Stays(StaysWhy.LEFT, (str(pupil),)))
        else:
            since = max(known.since, self._first_day(class_id, known.class_id))
            before = _as_place(known.class_id, known.since) | self._leaves(pupil, class_id, since)
            self._put(What.PUPIL, (pupil,), before, _as_place(class_id, since))

    def _leaves(self, pupil: UUID, to: UUID, since: date) -> dict[str, object]:
        """Name the groups of his class that a pupil leaves with it; one that is drawn from his next class keeps him."""
        former = self.book.pupils[pupil].class_id
        left = [
            [str(one.group), one.since.isoformat(), None if one.until is None else one.until.isoformat()]
            for one in self.book.members.get(pupil, ())
            if former in (drawn := self.book.groups[one.group].classes)
            and to not in drawn
            and (one.until is None or one.until >= since)
        ]
        return {GROUPS: left} if left else {}

    def _first_day(self, class_id: UUID, former: UUID | None = None) -> date:
        """Return the day from which a list puts somebody into a class.

        Into a class that it brings, or of another year, from 1 September; into one that is there already, or out of
        one, from the day of the import, but not before the year begins.
        """
        september = date(self.book.year, *FIRST_DAY)
        is_new = class_id not in self.book.classes if former is None else self._is_former(former)
        return september if is_new else max(self.book.today, september)

    def _is_former(self, class_id: UUID) -> bool:
        return self.book.classes[class_id].year != self.book.year

    def _adult(self, row: PupilRow, pupil: UUID, number: int, cells: GuardianCells) -> None:
        match = self.matching.adults.get(mark_of(row.place, number))
        if match is None:
            return
        self._person(match, cells.name, cells.birth_date, f"{row.school_class}, {row.name.in_full()}")
        pair = (pupil, match.person)
        known = self.book.relations.get(pair)
        stands = None if known is None or known.never_was else known
        before: Values | None = None if stands is None else {"relation": stands.word}
        changed = self._put(What.RELATION, pair, before, {"relation": RELATION_WORDS[cells.relation]})
        changed |= self._consent(pair, () if known is None else known.consents, cells.consent_on)
        self.unchanged["adults"] += not changed
        if stands is not None and not stands.in_force(self.book.today):
            self.stays.append(Stays(StaysWhy.RELATION_ENDED, (str(pupil), str(match.person))))
        self._address(match.person, cells.email, cells.email_verified_on)

    def _consent(self, pair: tuple[UUID, UUID], entries: Sequence[ConsentEntry], consent_on: date | None) -> bool:
        """Enter what the list says of a consent; tell whether that changes what stands."""
        new = consent_entries.from_list(entries, consent_on)
        if not new:
            return False
        before, after = consent_entries.stand(entries), consent_entries.stand((*entries, *new))
        added = [{"purpose": one.purpose.value, "given": one.given, "since": one.since.isoformat()} for one in new]
        self._put(What.CONSENT, pair, as_values(before) if entries else None, as_values(after) | {"added": added})
        return before != after

    def _address(self, person: UUID, value: str | None, verified_on: date | None) -> None:
        if value is not None:
            self.addresses[person] = KnownAddress(value, verified_on)

    def _put_addresses(self) -> None:
        for person, wanted in self.addresses.items():
            known = self.book.addresses.get(person)
            if known is not None and known.own:
                if known.value != wanted.value:
                    self.stays.append(Stays(StaysWhy.OWN_MAILBOX, (str(person),)))
                continue
            stands = None if known is None or known.value == NO_ADDRESS else known
            before = None if stands is None else _of_address(stands)
            self._put(What.ADDRESS, (person,), before, _of_address(wanted))

    def _timetable(self) -> tuple[LineError, ...]:
        keys = teachers.callable_names(self.book, self.written, self._working())
        matched = ((self.matching.staff.get(mark_of(row.place)), row) for row in self.files.staff)
        marked = teachers.marks(self.book, ((match.person, row) for match, row in matched if match is not None))
        named, problems = teachers.find(self.files.lessons, keys, marked)
        weekly = comparing_timetable.compare(self.book, self.files.lessons, named, self.classes)
        self.entries += weekly.entries
        self.names |= weekly.names
        self.fresh |= weekly.fresh
        self.lessons_gone = weekly.gone
        self.places = weekly.places
        self.unchanged["lessons"] += weekly.unchanged
        # Whoever is asked about may be the teacher whom the timetable names.
        in_doubt = {doubt.mark for doubt in self.matching.doubts} & {mark_of(row.place) for row in self.files.staff}
        return tuple(weekly.problems) if in_doubt else (*weekly.problems, *problems)

    def _working(self) -> set[UUID]:
        return {*self.book.staff, *(match.person for match in self.matching.staff.values())}

    def _put(self, what: What, key: Sequence[UUID | int], before: Values | None, after: Values | None) -> bool:
        """Add an entry unless it changes nothing; tell whether it does."""
        if before == after:
            return False
        self.entries.append(Entry(what, tuple(str(part) for part in key), before, after))
        return True

    # What the list leaves out.

    def _gone(self) -> Iterator[Gone]:
        offered = {person for doubt in self.matching.doubts for person in doubt.offered}
        yield from self._gone_people(offered)
        yield from self._gone_adults(offered)
        yield from self.lessons_gone

    def _gone_people(self, offered: set[UUID]) -> Iterator[Gone]:
        listed = {match.person for match in self.matching.pupils.values()} | offered
        titles = {str(row.school_class) for row in self.files.pupils}
        for pupil in self._by_name(self.book.pupils):
            known = self.book.classes[self.book.class_of(pupil)]
            stays = self.book.pupils[pupil].until is None
            if stays and known.year == self.book.year and known.title in titles and pupil not in listed:
                yield Gone(GoneWhat.PUPIL, (str(pupil),))
        working = {match.person for match in self.matching.staff.values()} | offered
        for person in self._by_name(self.book.staff) if self.files.staff else ():
            if person not in working and not self.book.dismissed(person):
                yield Gone(GoneWhat.STAFF, (str(person),))

    def _gone_adults(self, offered: set[UUID]) -> Iterator[Gone]:
        for row in self.files.pupils:
            match = self.matching.pupils.get(mark_of(row.place))
            marks = [mark_of(row.place, number) for number in range(len(row.guardians))]
            listed = {self.matching.adults[mark].person for mark in marks if mark in self.matching.adults}
            if match is None:
                continue
            for adult in self.book.adults_of.get(match.person, ()):
                relation = self.book.relations[match.person, adult]
                missing = adult not in listed | offered and not relation.is_trusted
                if missing and relation.in_force(self.book.today):
                    yield Gone(GoneWhat.ADULT, (str(match.person), str(adult)))

    def _by_name(self, persons: Mapping[UUID, object]) -> list[UUID]:
        return sorted(persons, key=lambda one: (self.book.people[one].name.sort_key(), one))


def as_values(standing: Standing) -> dict[str, object]:
    """Return what stands of a consent as it is kept."""
    return {
        "attendance": standing.attendance.model_dump(mode="json"),
        "achievement": standing.achievement.model_dump(mode="json"),
    }


def _as_place(class_id: UUID, since: date) -> dict[str, object]:
    return {"class": str(class_id), "since": since.isoformat()}


def _title(title: str, year: int, now: int) -> str:
    return title if year == now else f"{title} ({year}/{(year + 1) % 100:02})"


def _as_values(name: FullName, born: date | None) -> dict[str, object]:
    return {
        "surname": name.surname,
        "given": name.given,
        "patronymic": name.patronymic,
        "born": None if born is None else born.isoformat(),
    }


def _after(known: KnownPerson, name: FullName, born: date | None) -> tuple[FullName, date | None]:
    """Return a known person's name and birth date after a list has said this; an empty cell says nothing."""
    pairs = (
        (known.name.surname, name.surname),
        (known.name.given, name.given),
        (known.name.patronymic, name.patronymic),
    )
    return FullName(*(_spelling(stands, said) for stands, said in pairs)), known.born if born is None else born


def _spelling(stands: str, said: str) -> str:
    """Return the spelling: a list without ё, or in capitals, takes none back; one that has the ё brings it."""
    if not said or name_key(FullName(stands, "")) != name_key(FullName(said, "")):
        return said or stands
    return said if said.replace("ё", "е").replace("Ё", "Е") == stands else stands


def _changed(before: Values, after: Values) -> tuple[Values, Values]:
    """Return only what differs."""
    names = [name for name in before if before[name] != after[name]]
    return {name: before[name] for name in names}, {name: after[name] for name in names}


def _of_address(address: KnownAddress) -> Values:
    verified_on = address.verified_on
    return {"value": address.value, "verified_on": None if verified_on is None else verified_on.isoformat()}
