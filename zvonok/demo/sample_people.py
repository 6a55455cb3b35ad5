"""The sample school's families: made-up people, of every kind that a school office knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Final

from core.roster_file import ClassTitle, GuardianCells, Place, PupilRow, Relation
from core.russian import FullName
from zvonok.demo.dice import Dice
from zvonok.demo.sample_names import BOYS, GIRLS, MEN, PATRONYMICS, SURNAMES, WOMEN, feminine, latin
from zvonok.demo.sample_plan import CLASSES

_CLASS_SIZES: Final = (22, 23, 21)
_MOST_CHILDREN: Final = 3
_YEARS_BETWEEN_SIBLINGS: Final = 2
_SIBLING_PERCENT: Final = 14
_DOUBLE_SURNAME_PERCENT: Final = 5
_NO_PATRONYMIC_PERCENT: Final = 1
_FIRST_GRADE_BIRTHS_FROM: Final = date(2018, 11, 1)
_BIRTHS_SPREAD_DAYS: Final = 360
_PAPERS_FROM: Final = date(2026, 8, 24)
_PAPERS_SPREAD_DAYS: Final = 14
_MAIL_DOMAINS: Final = ("example.org", "example.com", "example.net", "pochta.test")
"""Reserved by RFC 2606 and RFC 6761: nothing sent there reaches anybody."""
NOWHERE: Final = Place("pupils.csv")


class FamilyKind(Enum):
    """How a family lives, and how far its papers have come."""

    BOTH = "both parents, both reachable"
    MOTHER_REACHABLE = "both parents, the father without e-mail"
    ONE = "one parent, reachable"
    TWO_HOMES = "two homes, two surnames, both reachable"
    NO_CONSENT = "an address, verified, but no consent"
    UNVERIFIED = "consent, but an address that nobody verified"
    NO_MAIL = "consent, but no e-mail at all"
    GRANDMOTHER = "a grandmother who is the guardian"
    FATHER_ALONE = "the father alone, reachable"


_KINDS: Final = (
    (FamilyKind.BOTH, 50),
    (FamilyKind.MOTHER_REACHABLE, 8),
    (FamilyKind.ONE, 17),
    (FamilyKind.TWO_HOMES, 8),
    (FamilyKind.NO_CONSENT, 4),
    (FamilyKind.UNVERIFIED, 5),
    (FamilyKind.NO_MAIL, 4),
    (FamilyKind.GRANDMOTHER, 2),
    (FamilyKind.FATHER_ALONE, 2),
)


@dataclass(slots=True)
class Family:
    """Adults, and the children with their classes; surname in its masculine form."""

    surname: str
    father_given: str
    kind: FamilyKind
    guardians: tuple[GuardianCells, ...] = ()
    grades: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Planted:
    """A pupil who must be in the school for the sake of tests and of the demonstration."""

    school_class: ClassTitle
    given: str
    surname: str
    """In its masculine form."""
    girl: bool = False
    kind: FamilyKind = FamilyKind.BOTH
    father_given: str | None = None

    def is_in(self, row: PupilRow) -> bool:
        """Tell whether the row is the pupil's."""
        surname = feminine(self.surname) if self.girl else self.surname
        return (row.school_class, row.name.surname, row.name.given) == (self.school_class, surname, self.given)


CAST_CLASS: Final = ClassTitle(7, "Б")
CAST_TWO_PARENTS: Final = Planted(CAST_CLASS, "Алёна", "Журавлёв", girl=True)
CAST_ONE_PARENT: Final = Planted(CAST_CLASS, "Тимофей", "Зорин", kind=FamilyKind.ONE)
CAST_TWO_HOMES: Final = Planted(CAST_CLASS, "Пётр", "Лесной-Соколов", kind=FamilyKind.TWO_HOMES)
_NAMESAKES: Final = (
    # in two classes
    Planted(ClassTitle(8, "А"), "Анна", "Кузнецов", girl=True, father_given="Сергей"),
    Planted(ClassTitle(3, "Б"), "Анна", "Кузнецов", girl=True, father_given="Сергей"),
    # in one, with different birth dates
    Planted(ClassTitle(5, "В"), "Иван", "Попов", father_given="Андрей"),
    Planted(ClassTitle(5, "В"), "Иван", "Попов", father_given="Андрей"),
)
_PLANTED: Final = (CAST_TWO_PARENTS, CAST_ONE_PARENT, CAST_TWO_HOMES, *_NAMESAKES)
TWINS_CLASS: Final = ClassTitle(4, "А")
"""Their mother works at the school."""


class Town:
    """Makes people and sees to it that no two adults and no two addresses are alike by chance."""

    def __init__(self, dice: Dice) -> None:
        self._dice = dice
        self._names: set[FullName] = set()
        self._mailboxes: set[str] = set()

    def person(self, surname: str, *, woman: bool, given: str | None = None) -> FullName:
        """Name an adult whose full name nobody has yet."""
        form = feminine(surname) if woman else surname
        while True:
            first = given or self._dice.pick(WOMEN if woman else MEN)
            name = FullName(form, first, PATRONYMICS[self._dice.pick(MEN)][woman])
            if name not in self._names:
                self._names.add(name)
                return name

    def child(self, family: Family, *, girl: bool, given: str | None) -> FullName:
        """Name a child by the father's patronymic."""
        surname = feminine(family.surname) if girl else family.surname
        without = given is None and self._dice.chance(_NO_PATRONYMIC_PERCENT)
        patronymic = "" if without else PATRONYMICS[family.father_given][girl]
        while True:
            name = FullName(surname, given or self._dice.pick(GIRLS if girl else BOYS), patronymic)
            if given is not None or name not in self._names:
                self._names.add(name)
                return name

    def mailbox(self, name: FullName) -> str:
        """Invent an address that nobody has yet."""
        stem = f"{latin(name.surname)}.{latin(name.given)[:1]}"
        while True:
            address = f"{stem}{10 + self._dice.below(90)}@{self._dice.pick(_MAIL_DOMAINS)}"
            if address not in self._mailboxes:
                self._mailboxes.add(address)
                return address

    def paper_date(self) -> date:
        """Say when a paper was signed: in the last week of August or the first of September."""
        return _PAPERS_FROM + timedelta(days=self._dice.below(_PAPERS_SPREAD_DAYS))

    def birth_date(self, first: date, days: int) -> date:
        """Say when somebody was born, within so many days from ``first``."""
        return first + timedelta(days=self._dice.below(days))

    def new_family(self, kind: FamilyKind, surname: str | None = None, father_given: str | None = None) -> Family:
        """Begin a family without anybody in it."""
        return Family(surname or self._surname(), father_given or self._dice.pick(MEN), kind)

    def fill(self, family: Family, oldest_grade: int) -> None:
        """Give the family its adults; their age fits the oldest child."""
        makers = {
            FamilyKind.BOTH: ((Relation.MOTHER, True), (Relation.FATHER, True)),
            FamilyKind.MOTHER_REACHABLE: ((Relation.MOTHER, True), (Relation.FATHER, False)),
            FamilyKind.TWO_HOMES: ((Relation.MOTHER, True), (Relation.FATHER, True)),
            FamilyKind.GRANDMOTHER: ((Relation.GUARDIAN, True),),
            FamilyKind.FATHER_ALONE: ((Relation.FATHER, True),),
            FamilyKind.NO_MAIL: ((Relation.MOTHER, False),),
        }
        wanted = makers.get(family.kind, ((Relation.MOTHER, True),))
        family.guardians = tuple(self._guardian(family, relation, oldest_grade, mail=mail) for relation, mail in wanted)

    def _guardian(self, family: Family, relation: Relation, oldest_grade: int, *, mail: bool) -> GuardianCells:
        woman = relation is not Relation.FATHER
        other_home = family.kind is FamilyKind.TWO_HOMES and woman
        surname = self._surname() if other_home else family.surname
        name = self.person(surname, woman=woman, given=None if woman else family.father_given)
        years = 52 if relation is Relation.GUARDIAN else 22
        born = date(2018 - oldest_grade - years - self._dice.below(12), 1, 1)
        verified = mail and family.kind is not FamilyKind.UNVERIFIED
        return GuardianCells(
            name=name,
            birth_date=self.birth_date(born, 365),
            relation=relation,
            email=self.mailbox(name) if mail else None,
            email_verified_on=self.paper_date() if verified else None,
            consent_on=None if family.kind is FamilyKind.NO_CONSENT else self.paper_date(),
        )

    def _surname(self) -> str:
        surname = self._dice.pick(SURNAMES)
        if not self._dice.chance(_DOUBLE_SURNAME_PERCENT):
            return surname
        return f"{surname}-{self._dice.pick([one for one in SURNAMES if one != surname])}"


def make_pupils(town: Town, dice: Dice) -> tuple[PupilRow, ...]:
    """Fill all classes, the upper grades first, so that younger siblings find a family."""
    families: list[Family] = []
    pupils: list[PupilRow] = []
    for number, school_class in enumerate(reversed(CLASSES)):
        members = [_planted(town, planted) for planted in _PLANTED if planted.school_class == school_class]
        if school_class == TWINS_CLASS:
            members += _twins(town)
        while len(members) < _CLASS_SIZES[number % len(_CLASS_SIZES)]:
            family = _family_for(school_class.grade, families, town, dice)
            members.append(_pupil(town, family, school_class, girl=dice.chance(50)))
        pupils += members
    return tuple(sorted(pupils, key=lambda row: (row.school_class, row.name.sort_key(), row.birth_date)))


def _family_for(grade: int, families: list[Family], town: Town, dice: Dice) -> Family:
    """Find a family with an older child, or begin a new one."""
    open_to = [
        family
        for family in families
        if len(family.grades) < _MOST_CHILDREN and family.grades[-1] - grade >= _YEARS_BETWEEN_SIBLINGS
    ]
    if open_to and dice.chance(_SIBLING_PERCENT):
        family = dice.pick(open_to)
    else:
        family = town.new_family(dice.weighted(_KINDS))
        town.fill(family, grade)
        families.append(family)
    family.grades.append(grade)
    return family


def _pupil(town: Town, family: Family, school_class: ClassTitle, *, girl: bool, given: str | None = None) -> PupilRow:
    year = _FIRST_GRADE_BIRTHS_FROM.year - school_class.grade + 1
    born = town.birth_date(_FIRST_GRADE_BIRTHS_FROM.replace(year=year), _BIRTHS_SPREAD_DAYS)
    name = town.child(family, girl=girl, given=given)
    return PupilRow(NOWHERE, school_class, name, born, family.guardians)


def _planted(town: Town, planted: Planted) -> PupilRow:
    family = town.new_family(planted.kind, planted.surname, planted.father_given)
    town.fill(family, planted.school_class.grade)
    return _pupil(town, family, planted.school_class, girl=planted.girl, given=planted.given)


def _twins(town: Town) -> Sequence[PupilRow]:
    family = town.new_family(FamilyKind.BOTH, "Соловьёв", "Фёдор")
    town.fill(family, TWINS_CLASS.grade)
    first = _pupil(town, family, TWINS_CLASS, girl=True, given="Ксения")
    name = town.child(family, girl=False, given="Семён")
    return first, PupilRow(NOWHERE, TWINS_CLASS, name, first.birth_date, family.guardians)
