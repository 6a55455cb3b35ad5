"""The school of the measurement, brought in by the product's own commands, and whom of it the steps are about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bench import _large_school as large
from core.actor import OFFICE, Act
from core.database import Database
from core.events import SchoolKind
from core.learning import timetable
from core.lists import imports
from core.lists.imports import Wish
from core.plan import groups, study_groups, subjects, years
from core.plan.subjects import SubjectDraft
from core.roster_file import RosterFiles
from core.school import schools
from core.school.schools import SchoolCard
from core.tables import Pupil, SchoolClass
from zvonok import year_file
from zvonok.year_file import YearFile

YEAR = 2026
ZONE = "Asia/Yekaterinburg"
AUGUST = datetime(2026, 8, 28, 6, 0, tzinfo=UTC)
"""When the lists are handed in."""
TODAY, TOMORROW = date(2026, 11, 24), date(2026, 11, 25)
NOW = datetime(2026, 11, 24, 3, 40, tzinfo=UTC)
"""Ten minutes into the first lesson of a Tuesday."""
CALENDAR = Path("docs/how-to/year-2026.toml")

_FACTS = (
    # Of past days every roll is called, one pupil in it was absent, one got a mark, and homework was due.
    """INSERT INTO core.roll_call (lesson_id, recorded_by, recorded_at, version, withdrawn)
SELECT id, teacher_id, starts_at, 1, false FROM core.lesson WHERE day < :today AND cancelled IS NULL""",
    """INSERT INTO core.absence (lesson_id, pupil_id, day, code, recorded_by, recorded_at)
SELECT l.id, p.pupil_id, l.day, 'н', l.teacher_id, l.starts_at FROM core.lesson l JOIN LATERAL
  (SELECT pupil_id FROM core.enrolment WHERE class_id = l.classes[1] ORDER BY md5(pupil_id::text || l.day) LIMIT 1) p
  ON true WHERE l.day < :today AND l.cancelled IS NULL""",
    """INSERT INTO core.attendance_day (pupil_id, day, version) SELECT DISTINCT pupil_id, day, 1 FROM core.absence""",
    """INSERT INTO core.mark (id, lesson_id, pupil_id, day, value, work, given_by, given_at, version)
SELECT gen_random_uuid(), l.id, p.pupil_id, l.day, 4, 'answer', l.teacher_id, l.starts_at, 1 FROM core.lesson l
  JOIN LATERAL (SELECT pupil_id FROM core.enrolment WHERE class_id = l.classes[1]
    ORDER BY md5(l.id::text || pupil_id) LIMIT 1) p ON true
WHERE l.day < :today AND l.cancelled IS NULL""",
    """INSERT INTO core.homework (lesson_id, due_on, set_on, text, nothing_set, set_by, set_at, withdrawn, version)
SELECT id, day, day - 1, 'упражнение 12', false, teacher_id, starts_at - interval '1 day', false, 1
FROM core.lesson WHERE day < :today AND cancelled IS NULL""",
)
_CAST = """
SELECT l.id AS lesson, l.teacher_id AS teacher, c.id AS school_class, d.person_id AS director, f.id AS free,
  e.pupil_id AS pupil, g.guardian_id AS guardian, n.id AS next
FROM core.lesson l JOIN core.school_class c ON c.id = l.class_id
JOIN core.lesson n ON n.class_id = c.id AND n.day = :tomorrow AND n.number = 1
JOIN core.role_assignment d ON d.school_id = l.school_id AND d.role = 'director'
JOIN core.person f ON f.school_id = l.school_id AND f.surname = :free
JOIN LATERAL (SELECT pupil_id FROM core.enrolment e WHERE e.class_id = c.id ORDER BY pupil_id LIMIT 1) e ON true
JOIN core.guardianship g ON g.pupil_id = e.pupil_id AND g.relation = 'мать'
WHERE l.school_id = :school AND l.day = :today AND l.number = 1 AND c.title = '7В'"""
_ABSENT = "SELECT pupil_id FROM core.enrolment WHERE class_id = :class ORDER BY pupil_id OFFSET 1 LIMIT 5"


@dataclass(frozen=True, slots=True)
class Cast:
    """Whom and what the steps are about: a class with its first lesson of today."""

    school: SchoolCard
    lesson: UUID
    teacher: UUID
    school_class: UUID
    director: UUID
    free: UUID
    """Whoever has no lessons."""
    pupil: UUID
    guardian: UUID
    absent: tuple[UUID, ...]
    next: UUID
    """The class's first lesson of tomorrow."""


def office(at: datetime) -> Act:
    """Return an act of the office."""
    return Act(OFFICE, at, str(uuid4()))


async def build(database: Database) -> UUID:
    """Bring the school in: its people, its groups, its year, its week, the lessons of its year, what is written."""
    async with database.begin() as session:
        school = await new(session, "Школа 1")
        await bring_in(session, school, large.people(), AUGUST)
    async with database.begin() as session:
        await prepare(session, school)
    async with database.begin() as session:
        await bring_in(session, school, large.week(), AUGUST)
    async with database.begin() as session:
        await make_year(session, school)
    async with database.begin() as session:
        for statement in _FACTS:
            await session.execute(text(statement), {"today": TODAY})
    return school.id


async def new(session: AsyncSession, name: str) -> SchoolCard:
    """Make an empty school."""
    return await schools.create(session, OFFICE, name=name, kind=SchoolKind.PRIVATE, zone=ZONE, now=AUGUST)


async def bring_in(session: AsyncSession, school: SchoolCard, files: RosterFiles, at: datetime) -> int:
    """Bring lists in; return how many things they wrote."""
    brought = await imports.bring_in(session, office(at), school, files, Wish())
    return len(brought.difference.entries)


async def prepare(session: AsyncSession, school: SchoolCard) -> None:
    """Set the year, and halve the classes for English."""
    year = _year()
    await years.set_calendar(session, office(AUGUST), school.id, year.calendar)
    await years.set_bells(session, office(AUGUST), school.id, YEAR, year.bells or ())
    english = await subjects.add(session, office(AUGUST), school.id, SubjectDraft(large.ENGLISH))
    classes = await _classes(session, school.id)
    for of in large.divided():
        parts = await study_groups.divide(session, office(AUGUST), classes[str(of)], english, large.halves(of))
        pupils = sorted(await session.scalars(select(Pupil.person_id).where(Pupil.class_id == classes[str(of)])))
        for at, part in enumerate(parts):
            await groups.join(session, office(AUGUST), part, pupils[at::2], date(YEAR, 9, 1))


async def make_year(session: AsyncSession, school: SchoolCard) -> int:
    """Make the lessons of the year; return how many."""
    return await timetable.open_rest(session, school, YEAR, AUGUST)


async def cast_of(database: Database, school_id: UUID) -> Cast:
    """Find whom the steps are about."""
    async with database.begin() as session:
        school = next(card for card in await schools.all_schools(session) if card.id == school_id)
        said = {"school": school_id, "today": TODAY, "tomorrow": TOMORROW, "free": large.FREE.split()[0]}
        row = (await session.execute(text(_CAST), said)).mappings().one()
        absent = (await session.execute(text(_ABSENT), {"class": row["school_class"]})).scalars().all()
    return Cast(school=school, absent=tuple(absent), **row)


def _year() -> YearFile:
    return year_file.read(CALENDAR.read_bytes())


async def _classes(session: AsyncSession, school_id: UUID) -> Mapping[str, UUID]:
    rows = await session.execute(select(SchoolClass.title, SchoolClass.id).where(SchoolClass.school_id == school_id))
    return dict(rows.all())
