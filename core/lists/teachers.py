"""Whom a timetable names: «Фамилия Имя Отчество» or «Фамилия И. О.» of somebody who works at the school. Pure."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from core.lists.book import Book, NameKey
from core.roster_file import Code, LessonRow, LineError, Place, name_key, teacher_clashes
from core.russian import FullName


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


def find(
    lessons: Sequence[LessonRow], names: Mapping[NameKey, set[UUID]]
) -> tuple[dict[Place, UUID], tuple[LineError, ...]]:
    """Find whom each lesson's teacher names, and every reason why that cannot be."""
    found: dict[Place, UUID] = {}
    problems = []
    for row in lessons:
        fits = names.get(_written_name(row.teacher), set())
        if len(fits) == 1:
            found[row.place] = next(iter(fits))
        else:
            code = Code.TEACHER_AMBIGUOUS if fits else Code.TEACHER_UNKNOWN
            problems.append(LineError(row.place, code, (("teacher", row.teacher),)))
    clashes = teacher_clashes(lessons, lambda row: found.get(row.place))
    problems += [LineError(place, fault.code, fault.details) for place, fault in clashes]
    return found, tuple(problems)


def _written_name(written: str) -> NameKey:
    """Read «Фамилия Имя Отчество» or «Фамилия И. О.» as a key."""
    parts = [part.rstrip(".") for part in written.replace(".", ". ").split()]
    surname, given, patronymic = (*parts, "", "", "")[:3]
    return name_key(FullName(surname, given, patronymic))
