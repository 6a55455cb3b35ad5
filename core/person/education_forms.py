"""Forms of education and individual plans (YEAR-12, YEAR-29, YEAR-30): how a pupil learns, and how that is recorded."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time
from core.person.class_titles import title_order
from core.person.people import name_of
from core.refusals import Invalid, NotFound
from core.rule_book.model import SchoolRules
from core.rule_book.values import Accounting
from core.russian import FullName
from core.school import school_rules
from core.school_time import school_date
from core.tables import Person, Pupil, SchoolClass

LONGEST_ORDER = 200


class EducationForm(StrEnum):
    """How a pupil learns."""

    FULL_TIME = "full-time"
    """Очно, with the class."""
    FAMILY = "family"
    """Семейное образование."""
    SELF = "self"
    """Самообразование по индивидуальной программе."""
    EXTERNAL = "external"
    """Экстернат."""
    FREE = "free"
    """Свободное посещение."""
    HOME = "home"
    """Обучение на дому."""
    HOSPITAL = "hospital"
    """Обучение в больнице или санатории."""


@dataclass(frozen=True, slots=True)
class Learning:
    """How one pupil learns."""

    pupil: UUID
    name: FullName
    class_title: str
    form: EducationForm
    since: date | None
    individual_plan: bool
    accounting: Accounting
    """Where what he has learnt is recorded, by the school's rules."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """What an order says of a pupil."""

    form: EducationForm
    since: date
    individual_plan: bool
    order: str
    """Number and date of the order."""


async def change(session: AsyncSession, act: Act, pupil: UUID, ordered: Ordered) -> None:
    """Change how a pupil learns, by the school's order.

    Raises ``NotFound``, ``Forbidden``, or ``Invalid``: no order named, or a day to come, since a form counts at once.
    """
    facts = await rights.of_pupil(session, act.actor, pupil, act.at)
    rights.demand(facts, Right.MOVEMENT_RECORD)
    order = " ".join(ordered.order.split())
    if not 1 <= len(order) <= LONGEST_ORDER:
        raise Invalid("form-order-needed", longest=LONGEST_ORDER)
    if ordered.since > school_date(act.at, facts.of_school.zone):
        raise Invalid("form-day-ahead")
    if not await first_time(session, act.key, act.at):
        return
    row = await session.get_one(Pupil, pupil, with_for_update=True, populate_existing=True)
    before = _said(row)
    row.education_form, row.form_since = ordered.form.value, ordered.since
    row.individual_plan = ordered.individual_plan
    if before == _said(row):
        return
    await session.flush()
    change_made = Change("pupil.form", f"person/{pupil}", before, _said(row), why=order)
    await audit(session, act.actor, facts.of_school.id, act.at, change_made)


async def of_pupil(session: AsyncSession, actor: Actor, pupil: UUID, now: datetime) -> Learning:
    """Read how a pupil learns. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_pupil(session, actor, pupil, now)
    rights.demand(facts, Right.PUPIL_VIEW)
    found = await _learning(session, facts.of_school.id, Pupil.person_id == pupil)
    if not found:
        raise NotFound("pupil-unknown")
    return found[0]


async def apart(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[Learning, ...]:
    """List the pupils who do not simply learn with their class: another form, or an individual plan (YEAR-12).

    By class and name. Raises ``NotFound``, ``Forbidden``.
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.PUPIL_VIEW)
    apart_from_class = or_(Pupil.education_form != EducationForm.FULL_TIME.value, Pupil.individual_plan)
    return await _learning(session, school_id, SchoolClass.school_id == school_id, apart_from_class)


def accounting_of(rules: SchoolRules, form: EducationForm) -> Accounting:
    """Return where what is learnt in this form is recorded, as the school chose (YEAR-29, YEAR-30)."""
    chosen = {
        EducationForm.FULL_TIME: Accounting.CLASS_JOURNAL,
        EducationForm.FAMILY: rules.accounting_family,
        EducationForm.SELF: rules.accounting_self,
        EducationForm.EXTERNAL: rules.accounting_external,
        EducationForm.FREE: rules.accounting_free,
        EducationForm.HOME: rules.accounting_home,
        EducationForm.HOSPITAL: rules.accounting_hospital,
    }
    return chosen[form]


async def _learning(session: AsyncSession, school_id: UUID, *conditions: ColumnElement[bool]) -> tuple[Learning, ...]:
    rules = await school_rules.of_school(session, school_id)
    rows = await session.execute(
        select(Pupil, Person, SchoolClass.title)
        .join(Person, Person.id == Pupil.person_id)
        .join(SchoolClass, SchoolClass.id == Pupil.class_id)
        .where(*conditions)
        .order_by(Person.sort_key, Person.id)
    )
    found = [
        Learning(
            row.person_id,
            name_of(person),
            title,
            EducationForm(row.education_form),
            row.form_since,
            row.individual_plan,
            accounting_of(rules, EducationForm(row.education_form)),
        )
        for row, person, title in rows
    ]
    return tuple(sorted(found, key=lambda one: title_order(one.class_title)))


def _said(row: Pupil) -> dict[str, str | bool | None]:
    since = row.form_since.isoformat() if row.form_since else None
    return {"form": row.education_form, "since": since, "individual_plan": row.individual_plan}
