"""Who learns in which class by date (YEAR-13, YEAR-21).

Nobody else writes ``Enrolment``, ``Pupil.class_id`` and ``Pupil.left_on``.

``Pupil`` repeats what the enrolments say of today, so that reading a class of now stays one comparison: ``class_id`` is
the class of the enrolment in force, of whoever is between two or has left the last one, of whoever is to come the first
one; ``left_on`` is the last day of the last enrolment, None while one has no end. Every writer here makes both follow.

Nobody here asks for rights: those who call do. Every writer locks the rows of its pupils first, in the order of their
ids, so that movements of one pupil come one after another, each seeing what the one before it did. Statements are as
many for a thousand pupils as for one.

Lessons of a group and of one pupil depend on who learns where: every writer lets them be made anew, by forgetting how
far they were (``SchoolYear.planned_until``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, delete, exists, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from core.movement.movement_tables import Enrolment
from core.movement.places import Place
from core.plan.plan_tables import SchoolYear
from core.refusals import Conflict
from core.russian import FullName
from core.school_time import school_year_start
from core.tables import Person, Pupil, SchoolClass

type Classes = UUID | Collection[UUID] | SQLColumnExpression[UUID]
type Day = date | SQLColumnExpression[date]
type PupilColumn = InstrumentedAttribute[UUID] | SQLColumnExpression[UUID]

DAY = timedelta(days=1)
EVER = date(2000, 1, 1)
"""Before every day on which anybody learns here."""
NAMED = 5
"""So many pupils are named in a refusal; of the rest the number."""

_WANTED = "unnest(CAST(:pupils AS uuid[]), CAST(:classes AS uuid[])) AS w (pupil_id, class_id)"

_BEGIN_PUPILS = f"""
INSERT INTO core.pupil (person_id, class_id) SELECT w.pupil_id, w.class_id FROM {_WANTED} ORDER BY w.pupil_id
ON CONFLICT (person_id) DO NOTHING"""  # noqa: S608 - no value is in it, only our own words

_BEGIN = f"""
INSERT INTO core.enrolment (pupil_id, class_id, since) SELECT w.pupil_id, w.class_id, CAST(:since AS date)
FROM {_WANTED}"""  # noqa: S608 - the same

# What began on the very day has never been; its place, with the day on which it is to end, is taken whole.
_REPLACE = f"""
UPDATE core.enrolment e SET class_id = w.class_id FROM {_WANTED}
WHERE e.pupil_id = w.pupil_id AND e.since = CAST(:since AS date)"""  # noqa: S608 - the same

_SPLIT = f"""
WITH held AS MATERIALIZED (
  SELECT e.pupil_id, e.since, e.until, w.class_id FROM core.enrolment e JOIN {_WANTED} ON w.pupil_id = e.pupil_id
  WHERE e.class_id <> w.class_id AND e.since < CAST(:since AS date)
    AND (e.until IS NULL OR e.until >= CAST(:since AS date))),
ended AS (
  UPDATE core.enrolment e SET until = CAST(:since AS date) - 1 FROM held
  WHERE e.pupil_id = held.pupil_id AND e.since = held.since RETURNING e.pupil_id)
INSERT INTO core.enrolment (pupil_id, class_id, since, until)
SELECT held.pupil_id, held.class_id, CAST(:since AS date), held.until FROM held JOIN ended USING (pupil_id)"""  # noqa: S608 - the same

_END = """
UPDATE core.enrolment SET until = CAST(:last_day AS date)
WHERE pupil_id = ANY(CAST(:pupils AS uuid[])) AND since <= CAST(:last_day AS date)
  AND (until IS NULL OR until >= CAST(:last_day AS date))"""

_TURN_BACK = """
UPDATE core.enrolment e SET class_id = w.class_id
FROM unnest(CAST(:pupils AS uuid[]), CAST(:classes AS uuid[]), CAST(:sinces AS date[])) AS w (pupil_id, class_id, since)
WHERE e.pupil_id = w.pupil_id AND e.since = w.since"""

# Two times in one class that follow each other are one again, to the end of the second.
_JOIN = """
WITH gone AS (
  DELETE FROM core.enrolment e USING core.enrolment former,
    unnest(CAST(:pupils AS uuid[]), CAST(:sinces AS date[])) AS w (pupil_id, since)
  WHERE e.pupil_id = w.pupil_id AND e.since = w.since
    AND former.pupil_id = e.pupil_id AND former.class_id = e.class_id AND former.until = e.since - 1
  RETURNING e.pupil_id, e.since, e.until)
UPDATE core.enrolment former SET until = gone.until FROM gone
WHERE former.pupil_id = gone.pupil_id AND former.until = gone.since - 1"""

_FOLLOW = """
UPDATE core.pupil p SET class_id = said.class_id, left_on = said.left_on FROM (
  SELECT e.pupil_id,
    (array_agg(e.class_id ORDER BY e.since <= CAST(:today AS date) DESC,
      CASE WHEN e.since <= CAST(:today AS date) THEN e.since END DESC, e.since))[1] AS class_id,
    CASE WHEN bool_and(coalesce(e.until < CAST(:today AS date), false)) THEN max(e.until) END AS left_on
  FROM core.enrolment e WHERE e.pupil_id = ANY(CAST(:pupils AS uuid[])) GROUP BY e.pupil_id) said
WHERE p.person_id = said.pupil_id AND (p.class_id, p.left_on) IS DISTINCT FROM (said.class_id, said.left_on)
RETURNING p.person_id"""


@dataclass(frozen=True, slots=True)
class Stay:
    """That a pupil learns in a class from one day to another."""

    class_id: UUID
    title: str
    since: date
    until: date | None
    """The last day; None: still."""


def in_force_on(day: Day) -> ColumnElement[bool]:
    """Build the condition that an ``Enrolment`` holds on a day."""
    return and_(Enrolment.since <= day, or_(Enrolment.until.is_(None), Enrolment.until >= day))


def in_class_on(classes: Classes, day: Day, pupil: PupilColumn = Pupil.person_id) -> ColumnElement[bool]:
    """Build the condition that a pupil learns in a class, or in one of several, on a day.

    ``classes`` is an id, several, or a column of an outer query; ``pupil`` the column that names him there.
    """
    if isinstance(classes, UUID | SQLColumnExpression):
        of_class = Enrolment.class_id == classes
    else:
        of_class = Enrolment.class_id.in_(classes)
    return exists().where(Enrolment.pupil_id == pupil, of_class, in_force_on(day)).correlate_except(Enrolment)


def learns_on(day: Day, pupil: PupilColumn = Pupil.person_id) -> ColumnElement[bool]:
    """Build the condition that a pupil learns in whatever class on a day: he has come, and has not left."""
    return exists().where(Enrolment.pupil_id == pupil, in_force_on(day)).correlate_except(Enrolment)


async def stays(session: AsyncSession, pupil: UUID) -> tuple[Stay, ...]:
    """Read where a pupil learns and has learned, in the order of time."""
    rows = await session.execute(
        select(Enrolment.class_id, SchoolClass.title, Enrolment.since, Enrolment.until)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .where(Enrolment.pupil_id == pupil)
        .order_by(Enrolment.since)
    )
    return tuple(Stay(*row) for row in rows)


async def classes_on(session: AsyncSession, pupils: Collection[UUID], day: date) -> Mapping[UUID, UUID]:
    """Read in which class each of these pupils learns on a day; whoever learns in none is left out."""
    rows = await session.execute(
        select(Enrolment.pupil_id, Enrolment.class_id).where(Enrolment.pupil_id.in_(pupils), in_force_on(day))
    )
    return {row.pupil_id: row.class_id for row in rows}


async def enrol(
    session: AsyncSession, pupils: Sequence[tuple[UUID, UUID]], since: date, *, today: date | None = None
) -> None:
    """Let persons learn in classes from a day on; whoever was no pupil becomes one, whoever had left is back.

    ``today`` says whose class of now this makes; without it, that of ``since``. Raises ``Conflict``
    ``pupil-enrolled``: he learns already on that day or is to learn later, by name.
    """
    if not pupils:
        return
    wanted = _wanted(pupils)
    await session.flush()  # of statements in text the session does not know what they rest on
    await session.execute(text(_BEGIN_PUPILS), wanted)
    await lock(session, wanted["pupils"])
    await _demand_free(session, wanted["pupils"], since)
    await session.execute(text(_BEGIN), wanted | {"since": since})
    await _settle(session, wanted["pupils"], since, today or since)


async def move(
    session: AsyncSession, pupils: Sequence[tuple[UUID, UUID]], on: date, *, today: date | None = None
) -> None:
    """Let pupils learn in other classes from a day on, to the day on which they were to leave the former ones.

    Whoever is in that class already stays. Raises ``Conflict`` ``pupil-not-enrolled``: he learns nowhere that day.
    """
    if not pupils:
        return
    wanted = _wanted(pupils)
    await lock(session, wanted["pupils"])
    await _demand_enrolled(session, wanted["pupils"], on)
    await session.execute(text(_REPLACE), wanted | {"since": on})
    await session.execute(text(_SPLIT), wanted | {"since": on})
    await _settle(session, wanted["pupils"], on, today or on)


async def end(session: AsyncSession, pupils: Collection[UUID], last_day: date, *, today: date | None = None) -> None:
    """Let pupils leave the school after a day; what was planned for them beyond it never comes.

    Raises ``Conflict`` ``pupil-not-enrolled``: he learns nowhere on that day.
    """
    if not pupils:
        return
    await lock(session, pupils)
    await _demand_enrolled(session, pupils, last_day)
    ids = sorted(pupils)
    await session.execute(delete(Enrolment).where(Enrolment.pupil_id.in_(ids), Enrolment.since > last_day))
    await session.execute(text(_END), {"pupils": ids, "last_day": last_day})
    await _settle(session, ids, last_day, today or last_day)


async def turn_back(session: AsyncSession, pupils: Sequence[tuple[UUID, UUID, date]], *, today: date) -> None:
    """Let pupils have learned in these classes instead, in the time that began on a day: its end stays.

    If it follows on a time in that same class the two are one again, as before a ``move`` that was a mistake.
    """
    if not pupils:
        return
    ids, sinces = [pupil for pupil, _, _ in pupils], [since for _, _, since in pupils]
    await lock(session, ids)
    wanted = {"pupils": ids, "sinces": sinces}
    await session.execute(text(_TURN_BACK), wanted | {"classes": [class_id for _, class_id, _ in pupils]})
    await session.execute(text(_JOIN), wanted)
    await _settle(session, ids, min(sinces), today)


async def lay_out(session: AsyncSession, pupil: UUID, places: Sequence[Place], since: date, *, today: date) -> None:
    """Let a pupil learn in these places and nowhere else; ``since`` is the first day that differs from before.

    Of whoever has never come at all the row of the pupil stays, gone before he came.
    """
    await lock(session, [pupil])
    await session.execute(delete(Enrolment).where(Enrolment.pupil_id == pupil))
    if places:
        rows = [{"pupil_id": pupil, "class_id": one.class_id, "since": one.since, "until": one.until} for one in places]
        await session.execute(insert(Enrolment).execution_options(render_nulls=True), rows)
    else:
        await session.execute(update(Pupil).where(Pupil.person_id == pupil).values(left_on=since - DAY))
    await _settle(session, [pupil], since, today)


async def places(session: AsyncSession, pupils: Collection[UUID], since: date) -> Mapping[UUID, tuple[Place, ...]]:
    """Read where each of these learns from a day on, in the order of time; whoever learns nowhere has an empty one."""
    rows = await session.execute(
        select(Enrolment.pupil_id, Enrolment.class_id, Enrolment.since, Enrolment.until)
        .where(Enrolment.pupil_id.in_(pupils), or_(Enrolment.until.is_(None), Enrolment.until >= since))
        .order_by(Enrolment.pupil_id, Enrolment.since)
    )
    found: dict[UUID, tuple[Place, ...]] = dict.fromkeys(pupils, ())
    for row in rows:
        found[row.pupil_id] = (*found[row.pupil_id], Place(row.class_id, row.since, row.until))
    return found


async def strike_out(session: AsyncSession, pupils: Collection[UUID]) -> None:
    """Make pupils such as have never learned here, as when a list handed in by mistake is taken back."""
    await lock(session, pupils)
    await session.execute(delete(Enrolment).where(Enrolment.pupil_id.in_(pupils)))
    await session.execute(delete(Pupil).where(Pupil.person_id.in_(pupils)))
    await _plan_anew(session, pupils, EVER)


async def follow(session: AsyncSession, school_id: UUID, today: date) -> tuple[UUID, ...]:
    """Make the pupils of a school those of their classes of today; tell whose class, or last day, changed.

    A passing to the next year is written before 1 September, a transfer before its day: on the day somebody has to
    turn the page. Again is harmless.
    """
    of_school = select(Pupil.person_id).join(Person, Person.id == Pupil.person_id).where(Person.school_id == school_id)
    pupils = (await session.execute(of_school)).scalars().all()
    await lock(session, pupils)
    changed = await _follow(session, pupils, today)
    if changed:
        await _plan_anew(session, changed, today)
    return changed


async def lock(session: AsyncSession, pupils: Collection[UUID]) -> None:
    """Let one movement of these pupils go on at a time; the order of ids keeps two lists from waiting in a ring."""
    await session.flush()  # of statements in text the session does not know what they rest on
    query = select(Pupil.person_id).where(Pupil.person_id.in_(pupils)).order_by(Pupil.person_id)
    await session.execute(query.with_for_update())


def _wanted(pupils: Sequence[tuple[UUID, UUID]]) -> dict[str, list[UUID]]:
    return {"pupils": [pupil for pupil, _ in pupils], "classes": [class_id for _, class_id in pupils]}


async def _settle(session: AsyncSession, pupils: Collection[UUID], since: date, today: date) -> None:
    await _follow(session, pupils, today)
    await _plan_anew(session, pupils, since)


async def _plan_anew(session: AsyncSession, pupils: Collection[UUID], since: date) -> None:
    """Forget how far lessons were made, in the years of a day and after it."""
    schools = select(Person.school_id).where(Person.id.in_(pupils))
    made = SchoolYear.school_id.in_(schools), SchoolYear.planned_until.is_not(None)
    concerned = SchoolYear.year >= school_year_start(since).year
    await session.execute(update(SchoolYear).where(*made, concerned).values(planned_until=None))


async def _follow(session: AsyncSession, pupils: Collection[UUID], today: date) -> tuple[UUID, ...]:
    changed = await session.execute(text(_FOLLOW), {"pupils": list(pupils), "today": today})
    found = tuple(changed.scalars())
    held = [one.person_id for one in session.identity_map.values() if isinstance(one, Pupil)]
    if held:  # they would still show the class of before
        query = select(Pupil).where(Pupil.person_id.in_(held)).execution_options(populate_existing=True)
        await session.execute(query)
    return found


async def _demand_enrolled(session: AsyncSession, pupils: Collection[UUID], day: date) -> None:
    nowhere = set(pupils) - (await classes_on(session, pupils, day)).keys()
    if nowhere:
        names, more = await _called(session, nowhere)
        raise Conflict("pupil-not-enrolled", names=names, more=more, day=f"{day:%d.%m.%Y}")


async def _demand_free(session: AsyncSession, pupils: Collection[UUID], since: date) -> None:
    """Refuse whoever learns on a day, or is to learn later; of the first the class and since when."""
    there = or_(Enrolment.until.is_(None), Enrolment.until >= since)
    rows = await session.execute(
        select(Enrolment.pupil_id, SchoolClass.title, Enrolment.since)
        .join(SchoolClass, SchoolClass.id == Enrolment.class_id)
        .join(Person, Person.id == Enrolment.pupil_id)
        .where(Enrolment.pupil_id.in_(pupils), there)
        .order_by(Person.sort_key, Person.id, Enrolment.since)
    )
    found = rows.all()
    if found:
        names, more = await _called(session, {row.pupil_id for row in found})
        _, title, begins = found[0]
        raise Conflict("pupil-enrolled", names=names, more=more, title=title, day=f"{begins:%d.%m.%Y}")


async def _called(session: AsyncSession, pupils: Collection[UUID]) -> tuple[str, int]:
    """Name the first of these by the alphabet, and tell how many more there are."""
    query = select(Person.surname, Person.given, Person.patronymic).where(Person.id.in_(pupils))
    first = await session.execute(query.order_by(Person.sort_key, Person.id).limit(NAMED))
    return "; ".join(FullName(*row).in_lists() for row in first), max(0, len(pupils) - NAMED)
