"""Whom a timetable names: «Фамилия Имя Отчество» or «Фамилия И. О.» of somebody who works at the school. Pure.

Whoever has a namesake there is named with his birth date or his position in brackets.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from core.lists.book import Book, NameKey
from core.roster_file import Code, LessonRow, LineError, Place, StaffRow, name_key, teacher_clashes
from core.roster_file.fields import split_teacher
from core.roster_file.rows import fold
from core.russian import FullName

type Marks = Mapping[UUID, tuple[str, ...]]
"""What tells people from namesakes: birth date, position."""


def callable_names(book: Book, written: Mapping[UUID, FullName], working: Collection[UUID]) -> dict[NameKey, set[UUID]]:
    """Return whom each name may mean: in full or by initials, as the journal calls him or as the list does."""
    found: dict[NameKey, set[UUID]] = {}
    for person in working:
        keys = set(book.called.get(person, ()))
        if person in written:
            keys.add(name_key(written[person]))
        for name in keys:
            for key in (name, (name[0], name[1][:1], name[2][:1])):
                found.setdefault(key, set()).add(person)
    return found


def marks(book: Book, listed: Iterable[tuple[UUID, StaffRow]] = ()) -> Marks:
    """Return what tells employees from namesakes, as the journal knows it, and as the list's lines say it."""
    found = {person: _marks(book.people[person].born, job.position) for person, job in book.staff.items()}
    for person, row in listed:
        found[person] = (*found.get(person, ()), *_marks(row.birth_date, row.position))
    return found


def as_written(book: Book, names: Mapping[NameKey, set[UUID]], marked: Marks, person: UUID) -> str:
    """Return how a list names an employee so that it means nobody else, if anything tells him from namesakes."""
    name = book.people[person].name
    fits = names.get(name_key(name), set())
    for mark in marked.get(person, ()) if len(fits) > 1 else ():
        if _marked(fits, mark, marked) == {person}:
            return f"{name.in_full()} ({mark})"
    return name.in_full()


def find(
    lessons: Sequence[LessonRow], names: Mapping[NameKey, set[UUID]], marked: Marks
) -> tuple[dict[Place, UUID], tuple[LineError, ...]]:
    """Find whom each lesson's teacher names, and every reason why that cannot be."""
    found: dict[Place, UUID] = {}
    problems = []
    for row in lessons:
        name, mark = split_teacher(row.teacher)
        fits = _marked(names.get(_written_name(name), set()), mark, marked)
        if len(fits) == 1:
            found[row.place] = next(iter(fits))
        else:
            code = Code.TEACHER_AMBIGUOUS if fits else Code.TEACHER_UNKNOWN
            problems.append(LineError(row.place, code, (("teacher", row.teacher),)))
    clashes = teacher_clashes(lessons, lambda row: found.get(row.place))
    problems += [LineError(place, fault.code, fault.details) for place, fault in clashes]
    return found, tuple(problems)


def _marks(born: date | None, position: str) -> tuple[str, ...]:
    return (*([] if born is None else [f"{born:%d.%m.%Y}"]), *([position] if position else []))


def _marked(fits: set[UUID], mark: str, marked: Marks) -> set[UUID]:
    """Choose those whom a mark means; without one, all."""
    wanted = fold(mark)
    return {one for one in fits if not mark or wanted in {fold(known) for known in marked.get(one, ())}}


def _written_name(written: str) -> NameKey:
    """Read «Фамилия Имя Отчество» or «Фамилия И. О.» as a key."""
    parts = [part.rstrip(".") for part in written.replace(".", ". ").split()]
    surname, given, patronymic = (*parts, "", "", "")[:3]
    return name_key(FullName(surname, given, patronymic))
