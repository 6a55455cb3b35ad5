"""Who has consented, who has refused and who was never asked: what head, deputy and class teacher control (CONS-03)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core import rights
from core.access import Right
from core.actor import Actor
from core.consent import consents
from core.consent.consent_entries import BOTH, ConsentState, Standing
from core.person import people
from core.person.class_titles import title_order
from core.person.people import in_force, name_of
from core.russian import FullName
from core.school_time import school_date
from core.tables import Guardianship, Person, Pupil, SchoolClass

UNANSWERED = frozenset({ConsentState.MISSING, ConsentState.EXPIRED})
"""Nothing that holds is registered, neither consent nor refusal: somebody must ask."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One adult of one pupil."""

    pupil: UUID
    pupil_name: FullName
    guardian: UUID
    guardian_name: FullName
    relation: str
    standing: Standing
    states: tuple[ConsentState, ...]
    """Of achievement and attendance, in this order, on the day of asking."""

    @property
    def unanswered(self) -> bool:
        """Tell whether somebody must ask him, for one of the purposes at least."""
        return not UNANSWERED.isdisjoint(self.states)


@dataclass(frozen=True, slots=True)
class ClassSheet:
    """The adults of a class, in the order of the class list."""

    school_class: UUID
    title: str
    lines: tuple[SheetLine, ...]

    @property
    def unanswered(self) -> tuple[SheetLine, ...]:
        """List those whom somebody must ask."""
        return tuple(line for line in self.lines if line.unanswered)


async def of_class(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> ClassSheet:
    """Return the sheet of a class: for its class teacher, the administration, the secretary (CONS-03, CONS-05).

    Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_class(session, actor, class_id, now)
    rights.demand(facts, Right.CONSENT_VIEW)
    today = school_date(now, facts.of_school.zone)
    title = (await session.get_one(SchoolClass, class_id)).title
    found = await _sheets(session, SchoolClass.id == class_id, today)
    return found[0] if found else ClassSheet(class_id, title, ())


async def of_school(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[ClassSheet, ...]:
    """Return the sheets of the classes in which a school's pupils learn now, by grade and letter, without empty ones.

    For the administration and the secretary. Raises ``NotFound``, ``Forbidden``.
    """
    facts = await rights.of_school(session, actor, school_id, now)
    rights.demand(facts, Right.CONSENT_VIEW)
    now_taught = SchoolClass.year == people.year_of_learning(school_id)
    its_classes = (SchoolClass.school_id == school_id) & now_taught & Pupil.left_on.is_(None)
    return await _sheets(session, its_classes, school_date(now, facts.of_school.zone))


async def _sheets(session: AsyncSession, which: ColumnElement[bool], today: date) -> tuple[ClassSheet, ...]:
    child, adult = aliased(Person), aliased(Person)
    rows = (
        await session.execute(
            select(SchoolClass, child, adult, Guardianship.relation)
            .join(Pupil, Pupil.class_id == SchoolClass.id)
            .join(child, child.id == Pupil.person_id)
            .join(Guardianship, Guardianship.pupil_id == child.id)
            .join(adult, adult.id == Guardianship.guardian_id)
            .where(which, in_force(today))
            .order_by(child.sort_key, child.birth_date, child.id, adult.sort_key, adult.id)
        )
    ).all()
    standings = await consents.standings(session, [(pupil.id, guardian.id) for _, pupil, guardian, _ in rows])
    lines: dict[UUID, list[SheetLine]] = {}
    titles: dict[UUID, str] = {}
    for school_class, pupil, guardian, relation in rows:
        titles[school_class.id] = school_class.title
        line = _line(pupil, guardian, relation, standings[pupil.id, guardian.id], today)
        lines.setdefault(school_class.id, []).append(line)
    return _in_order(titles, lines)


def _line(pupil: Person, guardian: Person, relation: str, standing: Standing, today: date) -> SheetLine:
    states = tuple(standing.state(purpose, today) for purpose in BOTH)
    return SheetLine(pupil.id, name_of(pupil), guardian.id, name_of(guardian), relation, standing, states)


def _in_order(titles: Mapping[UUID, str], lines: Mapping[UUID, Sequence[SheetLine]]) -> tuple[ClassSheet, ...]:
    ordered = sorted(titles.items(), key=lambda one: title_order(one[1]))
    return tuple(ClassSheet(class_id, title, tuple(lines[class_id])) for class_id, title in ordered)
