"""What came after an import and rests on it: with any of these the import stands, and cannot be taken back.

Of a pupil who was moved or brought in: absences, marks, remarks, orders entered since. Of a person who was brought in:
whatever names him in any table but those that the import itself wrote. Of a relation: whatever somebody decided of it
since, and consents entered since. Of a weekly lesson: a roll, a mark, a remark, homework, a control work, a leave to
write of one of its lessons, a change of one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import RelationKind
from core.family.relation_tables import Majority
from core.family.relation_words import first_of_list
from core.learning.attendance_tables import JournalUnlock
from core.learning.learning_tables import Homework, Mark, Remark
from core.lists.book import Pair
from core.lists.difference import Entry, Kind, What
from core.lists.slots import key_of, key_of_entry
from core.lists.work import about, day, first_ids
from core.movement.movement_tables import Movement
from core.notice.notice_tables import Consent
from core.person import merging_rows
from core.plan.plan_tables import GroupMember
from core.tables import Absence, Guardianship, Lesson, Person, RollCall, Slot
from core.timetable.timetable_tables import ControlWork, TimetableChange

OWN = frozenset(
    {
        "pupil",
        "enrolment",
        "staff",
        "role_assignment",
        "school_class",
        "slot",
        "guardianship",
        "contact",
        "consent",
        "person",
    }
)
"""Tables that an import writes: what stands there is compared with what it wrote, or looked at below."""
LEFT_ALONE = frozenset({("lesson", "teacher_id"), ("majority", "pupil_id")})
"""Who is to give a lesson follows the timetable; a question of majority that nobody answered goes with its pupil."""


class Because(StrEnum):
    """Why an import stands."""

    CHANGED = "changed"
    """Somebody has changed the same thing since."""
    LEARNING = "learning"
    """A pupil has absences, marks or remarks since."""
    GROUPS = "groups"
    """A pupil has come into a group since."""
    NAMED = "named"
    """A person who was brought in has a code, an account, a card, or is named elsewhere."""
    RELATION = "relation"
    """Somebody has decided something of a relation since."""
    CONSENT = "consent"
    """A consent was entered since."""
    LESSON = "lesson"
    """A weekly lesson has lessons with a roll, marks, homework or a substitution."""
    MOVED = "moved"
    """A pupil has moved by an order since."""
    CLOSED = "closed"
    """What a weekly lesson would have again is closed since: its room, its group, or there is no such bell."""
    USED = "used"
    """Something else has come to rest on a class or a subject."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, and whom or what it is about."""

    because: Because
    key: tuple[str, ...]


async def on(session: AsyncSession, entries: Sequence[Entry], at: datetime) -> tuple[Reason, ...]:
    """Return what rests on an import of this moment; ``entries`` are those it wrote."""
    return (
        *await _learning(session, entries, at),
        *await _moved(session, entries, at),
        *await _groups(session, entries),
        *await _named(session, entries),
        *await _relations(session, entries, at),
        *await _lessons(session, entries),
    )


async def _learning(session: AsyncSession, entries: Sequence[Entry], at: datetime) -> list[Reason]:
    pupils = first_ids(about(entries, What.PUPIL))
    if not pupils:
        return []
    found: set[UUID] = set()
    queries: tuple[Select[UUID], ...] = (
        select(Absence.pupil_id).where(Absence.pupil_id.in_(pupils), Absence.recorded_at > at),
        select(Mark.pupil_id).where(Mark.pupil_id.in_(pupils), Mark.given_at > at),
        select(Remark.pupil_id).where(Remark.pupil_id.in_(pupils), Remark.written_at > at),
    )
    for query in queries:
        found |= set((await session.execute(query.distinct())).scalars())
    return _reasons(Because.LEARNING, found)


async def _moved(session: AsyncSession, entries: Sequence[Entry], at: datetime) -> list[Reason]:
    """Look for orders: whoever takes one back later must find the pupil where the order left him."""
    pupils = first_ids(about(entries, What.PUPIL))
    query = select(Movement.pupil_id).where(Movement.pupil_id.in_(pupils), Movement.recorded_at > at).distinct()
    return _reasons(Because.MOVED, (await session.execute(query)).scalars()) if pupils else []


async def _groups(session: AsyncSession, entries: Sequence[Entry]) -> list[Reason]:
    """Look whether pupils have come into groups since the day from which they learn by this import."""
    since = {UUID(entry.key[0]): day((entry.after or {}).get("since")) for entry in about(entries, What.PUPIL)}
    query = select(GroupMember.pupil_id, GroupMember.since).where(GroupMember.pupil_id.in_(since))
    rows = (await session.execute(query)).all() if since else ()
    found = {pupil for pupil, first in rows if (begins := since[pupil]) is not None and first >= begins}
    return _reasons(Because.GROUPS, found)


async def _named(session: AsyncSession, entries: Sequence[Entry]) -> list[Reason]:
    """Look into every table that names a person; a test holds their list against the database."""
    people = [UUID(entry.key[0]) for entry in about(entries, What.PERSON) if entry.kind is Kind.NEW]
    if not people:
        return []
    columns = [(one.table, column) for one in merging_rows.HANDOVERS for column in one.columns]
    columns += [(table, column) for table, names in merging_rows.BY_HAND.items() for column in names]
    looked_at = [one for one in columns if one[0] not in OWN and one not in LEFT_ALONE]
    # Names of tables and columns are our own.
    each = [f"SELECT {column} FROM core.{table} WHERE {column} = ANY(:people)" for table, column in looked_at]  # noqa: S608 - names of our own
    named = await session.execute(text(" UNION ".join(each)), {"people": people})
    answered = select(Majority.pupil_id).where(Majority.pupil_id.in_(people), Majority.answered_at.is_not(None))
    into = select(Person.merged_into).where(Person.merged_into.in_(people))
    others = [one for query in (answered, into) for one in (await session.execute(query)).scalars() if one is not None]
    return _reasons(Because.NAMED, {*named.scalars(), *others})


async def _relations(session: AsyncSession, entries: Sequence[Entry], at: datetime) -> list[Reason]:
    people = [UUID(entry.key[0]) for entry in about(entries, What.PERSON) if entry.kind is Kind.NEW]
    brought = {_pair(entry) for entry in about(entries, What.RELATION) if entry.kind is Kind.NEW}
    touched = sorted(brought | {_pair(entry) for entry in about(entries, What.CONSENT)})
    found: set[Pair] = set()
    if people or brought:
        of_people = or_(Guardianship.pupil_id.in_(people), Guardianship.guardian_id.in_(people))
        of_pairs = tuple_(Guardianship.pupil_id, Guardianship.guardian_id).in_(sorted(brought))
        for row in (await session.execute(select(Guardianship).where(or_(of_people, of_pairs)))).scalars():
            pair = (row.pupil_id, row.guardian_id)
            if pair not in brought or _decided(row):
                found.add(pair)
    reasons = [Reason(Because.RELATION, (str(pupil), str(adult))) for pupil, adult in sorted(found)]
    later = select(Consent.pupil_id, Consent.guardian_id).where(
        tuple_(Consent.pupil_id, Consent.guardian_id).in_(touched), Consent.recorded_at > at
    )
    rows = (await session.execute(later.distinct())).all() if touched else []
    return [*reasons, *(Reason(Because.CONSENT, (str(pupil), str(adult))) for pupil, adult in rows)]


def _decided(row: Guardianship) -> bool:
    """Tell whether a relation is more than a list made of it; its end alone is nothing to lose."""
    made = first_of_list(row.pupil_id, row.guardian_id, row.relation, row.since)
    names = ("may_see", "must_sign", "no_contact", "priority", "basis", "barred")
    decided = any(getattr(row, name) != getattr(made, name) for name in names)
    return decided or row.kind == RelationKind.TRUSTED.value


async def _lessons(session: AsyncSession, entries: Sequence[Entry]) -> list[Reason]:
    keys = {key_of_entry(entry) for entry in about(entries, What.SLOT) if entry.kind is Kind.NEW}
    if not keys:
        return []
    named = or_(
        Lesson.substitute_id.is_not(None),
        *(
            exists().where(table.lesson_id == Lesson.id)
            for table in (RollCall, JournalUnlock, Mark, Remark, Homework, ControlWork)
        ),
    )
    by_place = tuple_(func.coalesce(Slot.class_id, Slot.group_id), Slot.weekday, Slot.number)
    held = or_(
        exists().where(Lesson.slot_id == Slot.id, named),
        exists().where(TimetableChange.slot_id == Slot.id),
    )
    query = select(Slot).where(by_place.in_(sorted({key[:3] for key in keys})), Slot.pupil_id.is_(None), held)
    found = sorted(key_of(row) for row in (await session.execute(query)).scalars())
    return [Reason(Because.LESSON, tuple(str(part) for part in key)) for key in found if key in keys]


def _pair(entry: Entry) -> Pair:
    return UUID(entry.key[0]), UUID(entry.key[1])


def _reasons(because: Because, people: Iterable[UUID]) -> list[Reason]:
    return [Reason(because, (str(person),)) for person in sorted(people)]
