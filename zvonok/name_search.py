"""Whom somebody means who types part of a name: pupils by surname, given name or both; capitals and ё do not count."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.roster_file.rows import fold
from core.russian import FullName
from core.school.schools import SchoolCard
from core.tables import Guardianship, Person, Pupil, SchoolClass

SHORTEST_BEGINNING = 3
"""Letters of a word that may stand for a longer name; fewer would mean half of the school."""


@dataclass(frozen=True, slots=True)
class Found:
    """A pupil who may be meant."""

    person: UUID
    name: FullName
    class_title: str
    born: date | None

    @property
    def shown(self) -> str:
        """Return how he is named for people: «Журавлёва Алёна, 7Б»."""
        return f"{self.name.in_lists()}, {self.class_title}"


async def pupils_like(session: AsyncSession, school: SchoolCard, written: str) -> tuple[Found, ...]:
    """Find the pupils of a school who may be meant (``matching``), as in class lists."""
    return matching([_found(row) for row in await session.execute(_pupils(school))], written)


def matching(pupils: Sequence[Found], written: str) -> tuple[Found, ...]:
    """Choose by surname, given name or both, in any order; a class («7Б») or a birth date may follow after a comma.

    Whole words count before beginnings: «Иван» is no Иванова while there is an Иван.
    """
    name, _, sign = (part.strip() for part in written.partition(","))
    chosen = [one for one in pupils if not sign or fold(sign) in _signs(one)]
    persons = _meant({one.person: one.name for one in chosen}, name)
    return tuple(one for one in chosen if one.person in persons)


async def children_of_adults_like(session: AsyncSession, school: SchoolCard, written: str) -> tuple[Found, ...]:
    """Find the pupils whose adults are named so."""
    rows = await session.execute(
        select(Person.id, Person.surname, Person.given, Person.patronymic)
        .join(Guardianship, Guardianship.guardian_id == Person.id)
        .where(Person.school_id == school.id, Person.merged_into.is_(None))
    )
    adults = _meant({person: FullName(*parts) for person, *parts in rows}, written.partition(",")[0])
    query = _pupils(school).join(Guardianship, Guardianship.pupil_id == Person.id)
    children = await session.execute(query.where(Guardianship.guardian_id.in_(adults)).distinct())
    return tuple(_found(row) for row in children)


async def pupil_of_id(session: AsyncSession, school: SchoolCard, person: UUID) -> tuple[Found, ...]:
    """Return the pupil of this id, if there is one."""
    return tuple(_found(row) for row in await session.execute(_pupils(school).where(Person.id == person)))


def distinct_words(one: Found, others: Sequence[Found]) -> str:
    """Return the shortest words by which this pupil alone is found among the others; at worst, his id."""
    shapes = (
        one.name.in_lists(),
        one.shown,
        one.name.in_full(),
        f"{one.name.in_full()}, {one.class_title}",
        *([] if one.born is None else [f"{one.name.in_full()}, {one.born:%d.%m.%Y}"]),
    )
    return next((words for words in shapes if matching(others, words) == (one,)), str(one.person))


def _pupils(school: SchoolCard) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Person.id,
            Person.surname,
            Person.given,
            Person.patronymic,
            Person.birth_date,
            SchoolClass.title,
            Person.sort_key,
        )
        .join(Pupil, Pupil.person_id == Person.id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(Person.school_id == school.id, Person.merged_into.is_(None))
        .order_by(Person.sort_key, Person.id)
    )


def _found(row: Row[Any]) -> Found:
    return Found(row.id, FullName(row.surname, row.given, row.patronymic), row.title, row.birth_date)


def _signs(one: Found) -> Collection[str]:
    return (fold(one.class_title), "" if one.born is None else f"{one.born:%d.%m.%Y}")


def _meant(names: dict[UUID, FullName], written: str) -> Collection[UUID]:
    """Return whose names have all these words; if nobody's, whose have words that begin so."""
    wanted = fold(written).split()
    if not wanted:
        return frozenset()
    whole = {person for person, name in names.items() if all(word in _words(name) for word in wanted)}
    if whole or min(map(len, wanted)) < SHORTEST_BEGINNING:
        return whole
    return {
        person
        for person, name in names.items()
        # Not of a patronymic: Журавлёва Алёна Кирилловна is no Журавлёв Кирилл.
        if all(any(one.startswith(word) for one in _words(FullName(name.surname, name.given))) for word in wanted)
    }


def _words(name: FullName) -> frozenset[str]:
    """Return the words of a name, and the halves of a double one."""
    words = fold(name.in_full()).split()
    return frozenset([*words, *(half for word in words for half in word.split("-"))])
