"""Who may be given a phone in the sandbox: the school's employees and parents, as the journal knows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.roster_file.rows import fold
from core.russian import FullName

MOST_FOUND = 12
NO_BREAK = "\u00a0"
"""A class stays on the line of whatever it belongs to."""
DEPUTY_HEAD, OF_STUDIES = "завуч", ("заместитель директора по учебно", "заместитель директора по воспитательно")
"""What everybody calls these deputies of the head, and how their positions begin in papers."""
PEOPLE = text("""
SELECT p.id, p.surname, p.given, p.patronymic, s.position, k.value AS email,
  array(SELECT c.title FROM core.school_class c WHERE c.class_teacher_id = p.id ORDER BY c.year DESC LIMIT 1) AS leads,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(g.relation, child.surname, child.given, child.patronymic, kc.title,
       child.birth_date) ORDER BY child.sort_key), '[]')
   FROM core.guardianship g JOIN core.person child ON child.id = g.pupil_id
   JOIN core.pupil u ON u.person_id = child.id JOIN core.school_class kc ON kc.id = u.class_id
   WHERE g.guardian_id = p.id) AS children
FROM core.person p
LEFT JOIN core.staff s ON s.person_id = p.id
LEFT JOIN core.contact k ON k.person_id = p.id AND k.channel = 'mail'
WHERE p.school_id = :school
  AND (CAST(:persons AS uuid[]) IS NULL OR p.id = ANY(CAST(:persons AS uuid[])))
  AND (s.person_id IS NOT NULL OR EXISTS (SELECT FROM core.guardianship g WHERE g.guardian_id = p.id))
ORDER BY p.sort_key, p.id
""")


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody who may have a phone and a mailbox."""

    person: UUID
    name: FullName
    about: str
    """«учитель истории · классное руководство: 7Б» or «мать: Зорин Тимофей, 7Б»."""
    email: str | None
    birth_date: date | None
    """Of one of the children: what the bot asks a parent for."""
    is_staff: bool

    def called(self) -> str:
        """Return all that he may be looked for by, folded; a deputy of the head also as people call him."""
        about = fold(f"{self.name.in_full()} {self.about}")
        return f"{about} {DEPUTY_HEAD}" if any(one in about for one in OF_STUDIES) else about


async def find(session: AsyncSession, school: UUID, words: str) -> tuple[Resident, ...]:
    """Find people whose name, class or child fits every word; neither capitals nor ё matter. At most ``MOST_FOUND``."""
    wanted = [fold(word) for word in words.split()]
    rows = (await session.execute(PEOPLE, {"school": school, "persons": None})).all()
    everybody = (_resident(row) for row in rows)
    fitting = [one for one in everybody if all(word in one.called() for word in wanted)]
    by_name = sorted(fitting, key=lambda one: not fold(one.name.in_full()).startswith(tuple(wanted)))
    return tuple(by_name[:MOST_FOUND])


async def known(session: AsyncSession, school: UUID, persons: Sequence[UUID]) -> dict[UUID, Resident]:
    """Return these people by their ids; whoever has left the school is not among them."""
    rows = await session.execute(PEOPLE, {"school": school, "persons": list(persons)})
    return {row.id: _resident(row) for row in rows}


def _resident(row: Row[tuple[object, ...]]) -> Resident:
    leads = [f"классное руководство:{NO_BREAK}{row.leads[0]}"] if row.leads else []
    families = [
        f"{relation}: {surname} {given},{NO_BREAK}{title}" for relation, surname, given, _, title, _ in row.children
    ]
    born = next((date.fromisoformat(child[5]) for child in row.children if child[5]), None)
    return Resident(
        person=row.id,
        name=FullName(row.surname, row.given, row.patronymic),
        about=" · ".join([*([row.position] if row.position else []), *leads, *families]),
        email=row.email,
        birth_date=born,
        is_staff=row.position is not None,
    )
