"""Who a line of a list is: somebody the journal knows, somebody new, or nobody can tell without asking. Pure.

The keys, in this order (docs/reference/roster-files.md tells them to the office):

- **a pupil**: name and birth date. Neither capitals nor ё tell names apart, nor does a patronymic that only one side
  has. Not found by these, but one of the three (surname; given name and patronymic; birth date) alone differs, and the
  pupil is nobody else's line: the same child if an adult of the line is the child's adult already, unless it is the
  given name that differs (twins share everything else); otherwise doubtful. Of another given name nobody is asked about
  whose class and adults differ as well.
- **an adult of a pupil**: name and birth date; where one side has no birth date, name **and child**. A surname alone
  changed: the same if the birth dates are equal, doubtful if one is missing.
- **an employee**: name and birth date; where one side has no birth date, the name, if nobody else at work has it.
  A surname alone changed: the same if the birth dates are equal, doubtful if one is missing and the position is equal.

Doubtful lines are answered by whoever hands in the list: the same, or another person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from core.lists.book import Book, KnownPerson, NameKey
from core.roster_file import ClassTitle, GuardianCells, Place, PupilRow, StaffRow, name_key
from core.roster_file.rows import RELATION_WORDS
from core.russian import FullName

OTHER = 0
"""The answer «another person»; the answer «the same» is the number of the person offered, from 1."""
type Answers = Mapping[str, int]
"""By the mark of the line: ``pupils.csv:14``, of an adult ``pupils.csv:14/1``."""


def mark_of(place: Place, adult: int | None = None) -> str:
    """Return what a doubtful line is called in an answer."""
    line = ":".join(str(part) for part in (place.file, place.sheet, place.line) if part is not None)
    return line if adult is None else f"{line}/{adult + 1}"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A line that may be one of these people, or nobody of them."""

    mark: str
    name: FullName
    born: date | None
    offered: tuple[UUID, ...]
    births: tuple[date | None, ...]
    """Of those offered."""


@dataclass(frozen=True, slots=True)
class Match:
    """Who a line is."""

    person: UUID
    is_new: bool = False
    spelled: bool = True
    """The line says how he is called; False: an old list, which calls him as a merged duplicate was called."""


@dataclass
class Matching:
    """Who every line is."""

    staff: dict[str, Match] = field(default_factory=dict)
    pupils: dict[str, Match] = field(default_factory=dict)
    adults: dict[str, Match] = field(default_factory=dict)
    """By the mark of the line."""
    doubts: list[Doubt] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    """Marks of the answers that were asked for."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """One line that the exact keys did not find."""

    mark: str
    name: FullName
    born: date | None
    sure: tuple[UUID, ...]
    """Who it is if nobody else could be."""
    maybe: tuple[UUID, ...]

    @property
    def offered(self) -> tuple[UUID, ...]:
        return (*self.sure, *self.maybe)


class Matcher:
    """Finds out who the lines are. Adults come after pupils, since they are known by their children."""

    def __init__(self, book: Book, answers: Answers, new_id: Callable[[], UUID] = uuid4) -> None:
        self._book = book
        self._answers = answers
        self._new_id = new_id
        self.found = Matching()
        self._dated: dict[tuple[NameKey, date], UUID] = {}
        # Where a duplicate and the record that was kept are called alike, the kept one is found.
        for one in sorted(book.people.values(), key=lambda one: one.merged_into is None):
            if one.born is not None:
                self._dated[one.key, one.born] = one.merged_into or one.id
        self._undated: dict[tuple[NameKey, UUID], UUID] = {}
        """Adults without a birth date who are new, by name and child."""

    def staff(self, rows: Sequence[StaffRow]) -> None:
        """Match the lines of «Сотрудники»: whoever is found exactly is not open to a line that says less."""
        left = self._staff_by(rows, self._employee)
        left = self._staff_by(left, self._employee_by_name)
        taken = {match.person for match in self.found.staff.values()}
        self._settle([self._ask_employee(row, taken) for row in left], self.found.staff)

    def _staff_by(self, rows: Sequence[StaffRow], find: Callable[[StaffRow], UUID | None]) -> list[StaffRow]:
        """Match those whom ``find`` finds; return the rest."""
        left = []
        for row in rows:
            person = find(row)
            if person is None:
                left.append(row)
            else:
                self._put(self.found.staff, mark_of(row.place), row.name, row.birth_date, person)
        return left

    def pupils(self, rows: Sequence[PupilRow]) -> None:
        """Match the lines of «Ученики», and their adults."""
        left = []
        for row in rows:
            found = self._dated.get((name_key(row.name), row.birth_date))
            if found is None:
                left.append(row)
            else:
                self._put(self.found.pupils, mark_of(row.place), row.name, row.birth_date, found)
        taken = {match.person for match in self.found.pupils.values()}
        free = [self._book.people[one] for one in self._book.pupils if one not in taken]
        near = _Near(free)
        self._settle([self._ask_pupil(row, near) for row in left], self.found.pupils)
        for row in rows:
            if (pupil := self.found.pupils.get(mark_of(row.place))) is not None:
                self._adults(row, pupil)

    def _employee(self, row: StaffRow) -> UUID | None:
        key = name_key(row.name)
        if row.birth_date is not None:
            return self._dated.get((key, row.birth_date))
        undated = [one for one in self._namesakes(key) if self._book.people[one].born is None]
        return undated[0] if len(undated) == 1 else None

    def _employee_by_name(self, row: StaffRow) -> UUID | None:
        taken = {match.person for match in self.found.staff.values()}
        same = [one for one in self._namesakes(name_key(row.name)) if one not in taken]
        known = [one for one in same if _dates(row.birth_date, self._book.people[one].born) is not False]
        return known[0] if len(known) == len(same) == 1 else None

    def _namesakes(self, key: NameKey) -> list[UUID]:
        return [one for one in self._book.staff if key in self._book.called[one]]

    def _ask_employee(self, row: StaffRow, taken: set[UUID]) -> _Asked:
        key = name_key(row.name)
        sure, maybe = [], []
        for person, job in self._book.staff.items():
            one = self._book.people[person]
            if person in taken or self._book.dismissed(person):
                continue
            dates = _dates(row.birth_date, one.born)
            if one.key == key or (one.key[1:] == key[1:] and key[2] and dates is not False):
                known = dates is True and one.key != key
                if known:
                    sure.append(person)
                elif one.key == key or job.position == row.position:
                    maybe.append(person)
        return _Asked(mark_of(row.place), row.name, row.birth_date, tuple(sure), tuple(maybe))

    def _ask_pupil(self, row: PupilRow, near: "_Near") -> _Asked:
        sure, maybe = [], []
        for one in near.to(row):
            differs = _differs(row, one)
            is_family = self._has_adult_of(row, one.id)
            if differs == {"patronymic"} or (is_family and differs != {"given"}):
                sure.append(one.id)
            elif is_family or differs != {"given"} or self._is_in(one.id, row.school_class):
                maybe.append(one.id)
        return _Asked(mark_of(row.place), row.name, row.birth_date, tuple(sure), tuple(maybe))

    def _is_in(self, pupil: UUID, title: ClassTitle) -> bool:
        """Tell whether a pupil is in this class already."""
        stands = self._book.classes_of_year.get(str(title))
        return stands is not None and self._book.class_of(pupil) == stands.id

    def _has_adult_of(self, row: PupilRow, pupil: UUID) -> bool:
        """Tell whether an adult of the line is an adult of this pupil already."""
        adults = [self._book.people[one] for one in self._book.adults_of.get(pupil, ())]
        return any(
            name_key(cells.name) in self._book.called[one.merged_into or one.id]
            and _dates(cells.birth_date, one.born) is not False
            for cells in row.guardians
            for one in adults
        )

    def _adults(self, row: PupilRow, pupil: Match) -> None:
        left = []
        taken = set()
        for number, cells in enumerate(row.guardians):
            mark = mark_of(row.place, number)
            found = self._adult(cells, pupil.person)
            if found is None:
                left.append((mark, cells))
            else:
                taken.add(found)
                self._put(self.found.adults, mark, cells.name, cells.birth_date, found)
        asked = [self._ask_adult(mark, cells, pupil.person, taken) for mark, cells in left]
        self._settle(asked, self.found.adults)
        for mark, cells in left:
            if cells.birth_date is None and (match := self.found.adults.get(mark)) is not None:
                self._undated[name_key(cells.name), pupil.person] = match.person

    def _adult(self, cells: GuardianCells, pupil: UUID) -> UUID | None:
        key = name_key(cells.name)
        if cells.birth_date is not None and (exact := self._dated.get((key, cells.birth_date))) is not None:
            return exact
        named = [one for one in self._book.adults_of.get(pupil, ()) if key in self._book.called[one]]
        fits = [one for one in named if cells.birth_date is None or self._book.people[one].born is None]
        undated = [one for one in fits if self._book.people[one].born is None]
        if undated:
            return undated[0]
        return fits[0] if len(fits) == 1 else self._undated.get((key, pupil))

    def _ask_adult(self, mark: str, cells: GuardianCells, pupil: UUID, taken: set[UUID]) -> _Asked:
        key = name_key(cells.name)
        word = RELATION_WORDS[cells.relation]
        sure, maybe = [], []
        for adult in self._book.adults_of.get(pupil, ()):
            one, relation = self._book.people[adult], self._book.relations[pupil, adult]
            if adult in taken or relation.never_was:
                continue
            dates = _dates(cells.birth_date, one.born)
            same_name = one.key[1] == key[1] and _compatible(one.key[2], key[2])
            if same_name and (dates is True or (one.key[0] == key[0] and dates is None)):
                sure.append(adult)
            elif one.key[1] == key[1] and relation.word == word and (one.key == key or dates is None):
                maybe.append(adult)
        return _Asked(mark, cells.name, cells.birth_date, tuple(sure), tuple(maybe))

    def _settle(self, asked: Sequence[_Asked], into: dict[str, Match]) -> None:
        """Decide what the keys decide, ask about the rest."""
        wanted: dict[UUID, int] = {}
        for one in asked:
            for person in one.offered:
                wanted[person] = wanted.get(person, 0) + 1
        for one in asked:
            alone = len(one.offered) == 1 and wanted[one.offered[0]] == 1
            if not one.offered:
                self._add(one, into)
            elif one.sure and alone:
                self._put(into, one.mark, one.name, one.born, one.sure[0])
            else:
                self._answer(one, into)

    def _answer(self, one: _Asked, into: dict[str, Match]) -> None:
        answer = self._answers.get(one.mark)
        if answer is None or not OTHER <= answer <= len(one.offered):
            births = tuple(self._book.people[person].born for person in one.offered)
            self.found.doubts.append(Doubt(one.mark, one.name, one.born, one.offered, births))
            return
        self.found.used.add(one.mark)
        if answer == OTHER:
            self._add(one, into)
        else:
            self._put(into, one.mark, one.name, one.born, one.offered[answer - 1])

    def _add(self, one: _Asked, into: dict[str, Match]) -> None:
        """Add somebody new; a dated adult in another line of the list is the same."""
        known = None if one.born is None else self._dated.get((name_key(one.name), one.born))
        person = known or self._new_id()
        if one.born is not None:
            self._dated[name_key(one.name), one.born] = person
        into[one.mark] = Match(person, is_new=True)

    def _put(self, into: dict[str, Match], mark: str, name: FullName, born: date | None, person: UUID) -> None:
        key = name_key(name)
        known = self._book.people.get(person)
        if born is not None:
            self._dated[key, born] = person
        merged = known is not None and key != known.key and key in self._book.called[person]
        into[mark] = Match(person, is_new=known is None, spelled=not merged)


class _Near:
    """Pupils who differ from a line in one thing alone, found without comparing everybody with everybody."""

    def __init__(self, pupils: Iterable[KnownPerson]) -> None:
        self._by_birth: dict[date, list[KnownPerson]] = {}
        self._by_name: dict[tuple[str, str], list[KnownPerson]] = {}
        for one in sorted(pupils, key=lambda one: one.id):
            if one.born is not None:
                self._by_birth.setdefault(one.born, []).append(one)
            self._by_name.setdefault(one.key[:2], []).append(one)

    def to(self, row: PupilRow) -> tuple[KnownPerson, ...]:
        """Return them, each once."""
        key = name_key(row.name)
        close = {one.id: one for one in self._by_name.get(key[:2], ()) if _compatible(one.key[2], key[2])}
        close |= {one.id: one for one in self._by_birth.get(row.birth_date, ()) if len(_differs(row, one)) == 1}
        return tuple(close.values())


def _differs(row: PupilRow, one: KnownPerson) -> set[str]:
    """Say in what a line and a pupil differ; the given name and the patronymic count as one, unless one is missing."""
    key = name_key(row.name)
    found = set()
    if key[0] != one.key[0]:
        found.add("surname")
    if key[1] != one.key[1] or not _compatible(key[2], one.key[2]):
        found.add("given")
    elif key[2] != one.key[2]:
        found.add("patronymic")
    if row.birth_date != one.born:
        found.add("born")
    return found - {"patronymic"} if len(found) > 1 else found


def _compatible(first: str, second: str) -> bool:
    return first == second or not first or not second


def _dates(first: date | None, second: date | None) -> bool | None:
    """Tell whether two birth dates are the same; None: one of them is not known."""
    return None if first is None or second is None else first == second
