"""A week of learning in numbers, for whoever tells families how it goes: averages, absences, works, homework.

It is the journal's answer to the gateway, which asks for what it may tell whom itself; nobody's rights are asked here.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Row, TextClause, Uuid, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import DatedWork, LearningWeekState, SubjectAverage
from core.learning.lesson_learners import LEARN_AT
from core.person.people import name_of
from core.plan import stored_years
from core.school_time import school_year_start
from core.tables import Person, Pupil, SchoolClass
from core.year.calendar import Calendar, level_of

AHEAD = timedelta(days=7)
"""As far ahead homework and control works are named: to the next such week."""

_ASKED = "unnest(CAST(:pupils AS uuid[]), CAST(:since AS date[])) AS k (pupil, since)"
_AVERAGES = text(f"""
SELECT k.pupil, s.name, CAST(round(avg(m.value) * 100) AS int) AS hundredths,
  CAST(round(avg(m.value) FILTER (WHERE m.day < :first) * 100) AS int) AS before,
  count(*) FILTER (WHERE m.day >= :first) AS marks
FROM {_ASKED}
JOIN core.mark m ON m.pupil_id = k.pupil AND m.day BETWEEN k.since AND :day AND m.value IS NOT NULL
JOIN core.lesson l ON l.id = m.lesson_id
JOIN core.subject s ON s.id = l.subject_id
GROUP BY k.pupil, s.name ORDER BY k.pupil, s.name""")  # noqa: S608 - all of it is ours
_MISSED = text("""
SELECT a.pupil_id AS pupil, count(*) AS missed, count(*) FILTER (WHERE a.kind = 'unexplained') AS unexplained
FROM core.absence a WHERE a.pupil_id = ANY(CAST(:pupils AS uuid[])) AND a.missed AND a.day BETWEEN :first AND :day
GROUP BY a.pupil_id""")
_UNWRITTEN = text(f"""
SELECT k.pupil, s.name, w.form, l.day
FROM {_ASKED}
JOIN core.absence a ON a.pupil_id = k.pupil AND a.missed AND a.day BETWEEN k.since AND :day
JOIN core.lesson l ON l.id = a.lesson_id AND l.cancelled IS NULL
JOIN core.control_work w ON w.lesson_id = l.id AND NOT w.withdrawn
JOIN core.subject s ON s.id = l.subject_id
WHERE NOT EXISTS (SELECT FROM core.mark m
  WHERE m.lesson_id = l.id AND m.pupil_id = k.pupil AND m.value IS NOT NULL)
ORDER BY k.pupil, l.day, s.name""")  # noqa: S608 - all of it is ours
_TO_COME = f"""
JOIN core.subject s ON s.id = l.subject_id
CROSS JOIN LATERAL ({LEARN_AT}) AS learner
WHERE l.school_id = :school AND l.day > :day AND l.day <= :until AND l.cancelled IS NULL
  AND learner.pupil = ANY(CAST(:pupils AS uuid[]))
ORDER BY learner.pupil, l.day, l.number, s.name"""
_HOMEWORK = text(f"""
SELECT learner.pupil, s.name, '' AS form, l.day FROM core.lesson l
JOIN core.homework h ON h.lesson_id = l.id AND NOT h.withdrawn AND NOT h.nothing_set {_TO_COME}""")  # noqa: S608 - all of it is ours
_WORKS = text(f"""
SELECT learner.pupil, s.name, w.form, l.day FROM core.lesson l
JOIN core.control_work w ON w.lesson_id = l.id AND NOT w.withdrawn {_TO_COME}""")  # noqa: S608 - all of it is ours


_TYPES: Mapping[str, Any] = {
    "pupils": ARRAY(Uuid),
    "since": ARRAY(Date),
    "first": Date,
    "day": Date,
    "until": Date,
    "school": Uuid,
}
"""Of what the statements above ask for."""


@dataclass(slots=True)
class _Week:
    """What is found of one pupil."""

    averages: list[SubjectAverage] = field(default_factory=list)
    marks: int = 0
    missed: int = 0
    unexplained: int = 0
    unwritten: list[DatedWork] = field(default_factory=list)
    homework: list[DatedWork] = field(default_factory=list)
    ahead: list[DatedWork] = field(default_factory=list)


async def of_pupils(
    session: AsyncSession, school: UUID, pupils: Collection[UUID], first: date, day: date
) -> Mapping[UUID, LearningWeekState]:
    """Return the week from ``first`` to ``day`` of those of these pupils who learn in a class of the school.

    Averages count from the first day of the term in which ``day`` lies; without terms, of the school year.
    """
    query = select(Person, SchoolClass).join(Pupil, Pupil.person_id == Person.id)
    query = query.join(SchoolClass, SchoolClass.id == Pupil.class_id)
    query = query.where(SchoolClass.school_id == school, Person.id.in_(pupils))
    found = {person.id: (person, of_class) for person, of_class in await session.execute(query)}
    stored = await stored_years.stored(session, school, school_year_start(day).year)
    calendar = None if stored is None else stored.calendar
    since = {pupil: _counted_since(calendar, of_class.grade, day) for pupil, (_, of_class) in found.items()}
    weeks = await _weeks(session, school, since, first, day)
    return {
        pupil: LearningWeekState(
            pupil=pupil,
            pupil_name=name_of(person).in_lists(),
            class_title=of_class.title,
            day=day,
            first=first,
            counted_since=since[pupil],
            averages=tuple(weeks[pupil].averages),
            marks=weeks[pupil].marks,
            missed=weeks[pupil].missed,
            unexplained=weeks[pupil].unexplained,
            unwritten=tuple(weeks[pupil].unwritten),
            homework=tuple(weeks[pupil].homework),
            ahead=tuple(weeks[pupil].ahead),
        )
        for pupil, (person, of_class) in found.items()
    }


async def _rows(session: AsyncSession, statement: TextClause, values: Mapping[str, Any]) -> Sequence[Row[Any]]:
    """Ask a statement for what it names of these values."""
    named = statement.compile().params.keys() & _TYPES.keys()
    typed = statement.bindparams(*(bindparam(name, type_=_TYPES[name]) for name in named))
    return (await session.execute(typed, {name: values[name] for name in named})).all()


def _counted_since(calendar: Calendar | None, grade: int, day: date) -> date:
    taught = calendar is not None and grade in calendar.week
    period = calendar.period_of(day, level_of(grade)) if calendar is not None and taught else None
    return school_year_start(day) if period is None else period.span.first


async def _weeks(
    session: AsyncSession, school: UUID, since: Mapping[UUID, date], first: date, day: date
) -> Mapping[UUID, _Week]:
    weeks: dict[UUID, _Week] = defaultdict(_Week)
    values = {"pupils": list(since), "since": list(since.values()), "first": first, "day": day}
    for row in await _rows(session, _AVERAGES, values):
        week = weeks[row.pupil]
        week.averages.append(SubjectAverage(subject_name=row.name, hundredths=row.hundredths, before=row.before))
        week.marks += row.marks
    for row in await _rows(session, _MISSED, values):
        weeks[row.pupil].missed, weeks[row.pupil].unexplained = row.missed, row.unexplained
    ahead = values | {"school": school, "until": day + AHEAD}
    for name, statement in (("unwritten", _UNWRITTEN), ("homework", _HOMEWORK), ("ahead", _WORKS)):
        for row in await _rows(session, statement, ahead):
            work = DatedWork(subject_name=row.name, day=row.day, form=row.form)
            getattr(weeks[row.pupil], name).append(work)
    return weeks
