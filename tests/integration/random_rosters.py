"""Random rosters, random changes of them, and what each change must show as: written without the product's matching."""

import random
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from core.lists.difference import Difference, Entry, What
from core.roster_file import GuardianCells, LessonRow, PupilRow, Relation, RosterFiles, StaffRow, Weekday
from core.roster_file.rows import RELATION_WORDS
from core.russian import FullName
from tests.integration.core_world import Watch
from tests.integration.roster_pages import NOWHERE, lesson, office_files, title

LETTERS = "абвгдежзиклмнопрстуфхцчшэюя"
CLASSES = ("5А", "5Б", "6А")
POSITIONS = ("учитель", "педагог-психолог", "директор", "завуч")
ROLES = {"директор": "director", "завуч": "deputy"}
CONSENT = date(2026, 9, 10)
SEPTEMBER, IMPORTED = "2026-09-01", "2026-11-24"
"""Since when pupils of a first import learn, and those of later ones."""
ALWAYS = ("week", "")
"""Of the key of a weekly lesson: in every week, from the year's first day."""

type Seen = tuple[object, ...]


def word(number: int) -> str:
    """Return a word that no other number has."""
    letters = []
    while True:
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
        if not number:
            return "".join(letters).capitalize() + "ов"


@dataclass
class Draft:
    """A roster that can be changed, and what the changes must show as."""

    dice: random.Random
    staff: list[StaffRow] = field(default_factory=list)
    pupils: list[PupilRow] = field(default_factory=list)
    lessons: list[LessonRow] = field(default_factory=list)
    expected: Counter[Seen] = field(default_factory=Counter)
    gone: Counter[Seen] = field(default_factory=Counter)
    number: int = 1

    def files(self) -> RosterFiles:
        """Return the lists as the office would hand them in, in any order."""
        pupils = list(self.pupils)
        self.dice.shuffle(pupils)
        return office_files(self.staff, pupils, self.lessons)

    def name(self) -> FullName:
        """Return a name that nobody has."""
        self.number += 3
        return FullName(word(self.number * 17), word(self.number * 17 + 5), word(self.number * 17 + 9))

    def birth(self, first: date) -> date:
        """Return a birth date that nobody has."""
        self.number += 1
        return first + timedelta(days=self.number)

    def adult(self, relation: Relation) -> GuardianCells:
        """Make an adult; without a birth date every other one."""
        born = self.birth(date(1980, 1, 1)) if self.dice.random() < 0.5 else None
        mail = f"{self.number}@example.org" if self.dice.random() < 0.6 else None
        verified = date(2026, 8, 1) if mail and self.dice.random() < 0.5 else None
        consent = CONSENT if self.dice.random() < 0.7 else None
        return GuardianCells(self.name(), born, relation, mail, verified, consent)

    def pupil(self) -> PupilRow:
        """Make a pupil with one adult or two."""
        adults = [self.adult(Relation.MOTHER)]
        if self.dice.random() < 0.5:
            adults.append(self.adult(Relation.FATHER))
        of = title(self.dice.choice(CLASSES))
        return PupilRow(NOWHERE, of, self.name(), self.birth(date(2014, 1, 1)), tuple(adults))

    def employee(self) -> StaffRow:
        """Make an employee."""
        born = self.birth(date(1970, 1, 1)) if self.dice.random() < 0.5 else None
        return StaffRow(NOWHERE, self.name(), born, self.dice.choice(POSITIONS), None, None, None)

    def see(self, what: What, kind: str, who: object, **fields: tuple[object, object]) -> None:
        """Expect an entry."""
        self.expected[(what, kind, who, frozenset(fields.items()))] += 1

    def see_person(self, name: FullName, born: date | None) -> None:
        """Expect a new record."""
        said = {"surname": name.surname, "given": name.given, "patronymic": name.patronymic or None}
        said["born"] = born.isoformat() if born else None
        fields = {key: (None, value) for key, value in said.items() if value is not None}
        self.see(What.PERSON, "new", name.in_full(), **fields)

    def see_adult(self, child: FullName, cells: GuardianCells) -> None:
        """Expect a new adult of a child, with consent and address."""
        self.see_person(cells.name, cells.birth_date)
        pair = (child.in_full(), cells.name.in_full())
        self.see(What.RELATION, "new", pair, relation=(None, RELATION_WORDS[cells.relation]))
        if cells.consent_on:
            self.see(What.CONSENT, "new", pair, attendance=(None, str(cells.consent_on)))
        if cells.email:
            self.see_address("new", cells.name, (None, None), (cells.email, cells.email_verified_on))

    def see_address(
        self, kind: str, who: FullName, before: tuple[str | None, date | None], after: tuple[str, date | None]
    ) -> None:
        """Expect an address."""
        days = tuple(None if day is None else day.isoformat() for day in (before[1], after[1]))
        fields: dict[str, tuple[object, object]] = {"value": (before[0], after[0]), "verified_on": (days[0], days[1])}
        self.see(What.ADDRESS, kind, who.in_full(), **{key: pair for key, pair in fields.items() if pair[0] != pair[1]})


def roster(dice: random.Random) -> Draft:
    """Make a roster."""
    draft = Draft(dice)
    draft.staff = [draft.employee() for _ in range(3)]
    draft.pupils = [draft.pupil() for _ in range(dice.randint(4, 9))]
    # Each class has a pupil from the first day on: classes are then never new.
    draft.pupils += [replace(draft.pupil(), school_class=title(one)) for one in CLASSES]
    draft.lessons = [
        lesson(of, number, draft.staff[index].name.in_full())
        for index, of in enumerate(CLASSES)
        for number in range(1, dice.randint(2, 4))
    ]
    return draft


def add_pupil(draft: Draft) -> None:
    """Let somebody come."""
    row = draft.pupil()
    draft.pupils.append(row)
    draft.see_person(row.name, row.birth_date)
    days = {"since": (None, IMPORTED)}
    draft.see(What.PUPIL, "new", row.name.in_full(), **{"class": (None, str(row.school_class))}, **days)
    for cells in row.guardians:
        draft.see_adult(row.name, cells)


def drop_pupil(draft: Draft) -> None:
    """Leave somebody out whose class stays in the list."""
    fits = [row for row in draft.pupils if sum(one.school_class == row.school_class for one in draft.pupils) > 1]
    if fits:
        row = draft.dice.choice(fits)
        draft.pupils.remove(row)
        draft.gone[("pupil", str(row.school_class), row.name.in_full())] += 1


def move_pupil(draft: Draft, at: int) -> None:
    """Move somebody to another class."""
    row = draft.pupils[at]
    to = title(draft.dice.choice([one for one in CLASSES if one != str(row.school_class)]))
    draft.pupils[at] = replace(row, school_class=to)
    days = {"since": (SEPTEMBER, IMPORTED)}
    draft.see(What.PUPIL, "changed", row.name.in_full(), **{"class": (str(row.school_class), str(to))}, **days)


def rename_pupil(draft: Draft, at: int) -> None:
    """Give somebody another surname; his adults stay."""
    row = draft.pupils[at]
    surname = draft.name().surname
    draft.pupils[at] = replace(row, name=replace(row.name, surname=surname))
    draft.see(What.PERSON, "changed", row.name.in_full(), surname=(row.name.surname, surname))


def correct_birth(draft: Draft, at: int) -> None:
    """Correct somebody's birth date."""
    row = draft.pupils[at]
    born = draft.birth(date(2015, 1, 1))
    draft.pupils[at] = replace(row, birth_date=born)
    draft.see(What.PERSON, "changed", row.name.in_full(), born=(row.birth_date.isoformat(), born.isoformat()))


def other_word(draft: Draft, at: int) -> None:
    """Call the first adult something else."""
    row, cells = draft.pupils[at], draft.pupils[at].guardians[0]
    changed = replace(cells, relation=Relation.STEPMOTHER)
    draft.pupils[at] = replace(row, guardians=(changed, *row.guardians[1:]))
    pair = (row.name.in_full(), cells.name.in_full())
    draft.see(What.RELATION, "changed", pair, relation=("мать", "мачеха"))


def other_mail(draft: Draft, at: int) -> None:
    """Give the first adult another mailbox."""
    row, cells = draft.pupils[at], draft.pupils[at].guardians[0]
    value = f"new{draft.number}@example.org"
    changed = replace(cells, email=value, email_verified_on=None)
    draft.pupils[at] = replace(row, guardians=(changed, *row.guardians[1:]))
    kind = "changed" if cells.email else "new"
    draft.see_address(kind, cells.name, (cells.email, cells.email_verified_on), (value, None))


def other_consent(draft: Draft, at: int) -> None:
    """Give a consent, or take one back."""
    row, cells = draft.pupils[at], draft.pupils[at].guardians[0]
    changed = replace(cells, consent_on=None if cells.consent_on else CONSENT)
    draft.pupils[at] = replace(row, guardians=(changed, *row.guardians[1:]))
    pair = (row.name.in_full(), cells.name.in_full())
    if cells.consent_on:
        draft.see(What.CONSENT, "changed", pair, attendance=(str(CONSENT), f"{CONSENT} −"))
    else:
        draft.see(What.CONSENT, "new", pair, attendance=(None, str(CONSENT)))


def other_adult(draft: Draft, at: int) -> None:
    """Put somebody else in the place of the second adult, or add one."""
    row = draft.pupils[at]
    cells = draft.adult(Relation.GRANDMOTHER)
    draft.pupils[at] = replace(row, guardians=(row.guardians[0], cells))
    draft.see_adult(row.name, cells)
    for former in row.guardians[1:]:
        draft.gone[("adult", row.name.in_full(), former.name.in_full())] += 1


def other_position(draft: Draft) -> None:
    """Promote somebody, or the opposite; a role may follow."""
    row = draft.staff[0]
    position = draft.dice.choice([one for one in POSITIONS if one != row.position])
    draft.staff[0] = replace(row, position=position)
    draft.see(What.STAFF, "changed", row.name.in_full(), position=(row.position, position))
    before, after = ROLES.get(row.position), ROLES.get(position)
    if before != after:
        draft.see(What.ROLE, "changed" if before else "new", row.name.in_full(), role=(before, after))


def other_staff(draft: Draft) -> None:
    """Hire somebody; leave somebody out who gives no lessons."""
    row = replace(draft.employee(), position="библиотекарь")
    draft.staff.append(row)
    draft.see_person(row.name, row.birth_date)
    draft.see(What.STAFF, "new", row.name.in_full(), position=(None, row.position))


def other_lesson(draft: Draft) -> None:
    """Change a room, drop a lesson, add one on Friday."""
    row = draft.lessons[0]
    draft.lessons[0] = replace(row, room="21")
    draft.see(What.ROOM, "new", "21", name=(None, "21"))
    draft.see(What.SLOT, "changed", (str(row.school_class), "2", str(row.number), *ALWAYS), room=(None, "21"))
    last = draft.lessons.pop()
    draft.gone[("slot", str(last.school_class), "2", str(last.number), *ALWAYS)] += 1
    added = lesson(CLASSES[0], 6, draft.staff[1].name.in_full(), weekday=Weekday.FRIDAY)
    draft.lessons.append(added)
    fields = {"starts": "13:30", "ends": "14:15", "subject": "алгебра", "teacher": draft.staff[1].name.in_full()}
    said: dict[str, tuple[object, object]] = {name: (None, value) for name, value in fields.items()}
    draft.see(What.SLOT, "new", (CLASSES[0], "5", "6", *ALWAYS), group=(None, False), shift=(None, 1), **said)


OF_A_PUPIL = (move_pupil, rename_pupil, correct_birth, other_word, other_mail, other_consent, other_adult)
OF_THE_SCHOOL = (drop_pupil, add_pupil, other_position, other_staff, other_lesson)


def change(draft: Draft) -> None:
    """Change the school in some ways, each once, and then some of the pupils who were there, each in one way."""
    there = list(draft.pupils)
    some = draft.dice.sample(OF_THE_SCHOOL, draft.dice.randint(0, len(OF_THE_SCHOOL)))
    # Whoever goes was there before somebody came.
    for alter in sorted(some, key=OF_THE_SCHOOL.index):
        alter(draft)
    stay = [at for at, row in enumerate(draft.pupils) if row in there]
    for at in draft.dice.sample(stay, draft.dice.randint(0, len(stay))):
        draft.dice.choice(OF_A_PUPIL)(draft, at)


def expected_gone(draft: Draft) -> Counter[Seen]:
    """Return what must show as gone: of classes of which the list says nothing any more, nothing is."""
    learning = {str(row.school_class) for row in draft.pupils}
    taught = {str(row.school_class) for row in draft.lessons}
    spoken_of = {"pupil": learning, "slot": taught}
    return Counter(
        {
            (key[0], *key[2:]) if key[0] == "pupil" else key: count
            for key, count in draft.gone.items()
            if key[0] not in spoken_of or key[1] in spoken_of[str(key[0])]
        }
    )


def seen(difference: Difference) -> Counter[Seen]:
    """Return the entries of a difference in the words of the expectations."""
    names = difference.names

    def called(value: object) -> object:
        return names.get(value, value) if isinstance(value, str) else value

    def one(entry: Entry) -> Seen:
        who = tuple(called(part) for part in entry.key)
        if entry.what is What.CONSENT:
            fields: dict[str, tuple[object, object]] = {"attendance": (_term(entry.before), _term(entry.after))}
        else:
            fields = {name: (called(before), called(after)) for name, before, after in entry.fields}
        return entry.what, entry.kind.value, who if len(who) > 1 else who[0], frozenset(fields.items())

    return Counter(one(entry) for entry in difference.entries)


def seen_gone(difference: Difference) -> Counter[Seen]:
    """Return what is gone in the words of the expectations."""
    names = difference.names
    return Counter((one.what.value, *(names.get(part, part) for part in one.key)) for one in difference.gone)


def _term(values: object) -> str | None:
    if not isinstance(values, dict):
        return None
    assert values["attendance"] == values["achievement"]
    term = values["attendance"]
    return f"{term['given_on']} −" if term["withdrawn_on"] else str(term["given_on"])


SNAPSHOT = {
    "pupils": """
SELECT c.year, c.title, concat_ws(' ', p.surname, p.given, p.patronymic) AS name, p.birth_date FROM core.pupil u
JOIN core.person p ON p.id = u.person_id JOIN core.school_class c ON c.id = u.class_id WHERE p.school_id = $1""",
    "enrolments": """
SELECT c.year, c.title, concat_ws(' ', p.surname, p.given, p.patronymic) AS name, e.since, e.until, u.left_on
FROM core.enrolment e JOIN core.person p ON p.id = e.pupil_id JOIN core.school_class c ON c.id = e.class_id
JOIN core.pupil u ON u.person_id = e.pupil_id WHERE p.school_id = $1""",
    "classes": """
SELECT c.year, c.title, concat_ws(' ', p.surname, p.given, p.patronymic) AS led FROM core.school_class c
LEFT JOIN core.person p ON p.id = c.class_teacher_id WHERE c.school_id = $1""",
    "staff": """
SELECT concat_ws(' ', p.surname, p.given, p.patronymic) AS name, p.birth_date, s.position FROM core.staff s
JOIN core.person p ON p.id = s.person_id WHERE p.school_id = $1""",
    "roles": """
SELECT concat_ws(' ', p.surname, p.given, p.patronymic) AS name, r.role FROM core.role_assignment r
JOIN core.person p ON p.id = r.person_id
WHERE r.school_id = $1 AND r.until IS NULL""",
    "relations": """
SELECT concat_ws(' ', p.surname, p.given, p.patronymic) AS pupil,
  concat_ws(' ', a.surname, a.given, a.patronymic) AS adult, a.birth_date, g.relation, g.may_see, g.barred,
  (SELECT array_agg(given ORDER BY purpose) FROM (SELECT DISTINCT ON (purpose) purpose, given FROM core.consent x
    WHERE x.pupil_id = g.pupil_id AND x.guardian_id = g.guardian_id ORDER BY purpose, since DESC, seq DESC) y
    WHERE given) AS consents
FROM core.guardianship g JOIN core.person p ON p.id = g.pupil_id JOIN core.person a ON a.id = g.guardian_id
WHERE p.school_id = $1 AND (g.until IS NULL OR g.until >= g.since)""",
    "addresses": """
SELECT concat_ws(' ', p.surname, p.given, p.patronymic) AS name, c.value, c.verified_on FROM core.contact c
JOIN core.person p ON p.id = c.person_id
WHERE p.school_id = $1 AND c.value <> ''""",
    "slots": """
SELECT c.title, s.weekday, s.number, s.starts, s.ends, j.name, r.name AS room, s.every, s.since, s.until, s.shift,
  concat_ws(' ', p.surname, p.given, p.patronymic) AS teacher FROM core.slot s
JOIN core.school_class c ON c.id = s.class_id JOIN core.subject j ON j.id = s.subject_id
LEFT JOIN core.room r ON r.id = s.room_id JOIN core.person p ON p.id = s.teacher_id WHERE s.school_id = $1""",
    "rooms": "SELECT name FROM core.room WHERE school_id = $1",
}
"""The roster of a school as the database has it, whatever stands behind it."""


async def snapshot(watch: Watch, school: object) -> dict[str, list[str]]:
    """Read a school's roster past the product."""
    return {
        name: sorted(str(tuple(row.values())) for row in await watch.rows(query, school))
        for name, query in SNAPSHOT.items()
    }
