"""What must be known of a lesson before anybody may look at or touch what is written of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Row,
    Select,
    SQLColumnExpression,
    Uuid,
    and_,
    bindparam,
    case,
    func,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core import rights
from core.access import Right, Thing
from core.actor import Actor
from core.movement import enrolments
from core.movement.movement_tables import Enrolment
from core.plan.plan_tables import SchoolYear, StudyGroup
from core.refusals import Conflict, NotFound
from core.rights import Facts
from core.rule_book.model import SchoolRules
from core.rule_book.profiles import rules_kept
from core.russian import FullName
from core.school.schools import SchoolCard, card_of
from core.tables import Lesson, Person, School, SchoolClass, Slot, Subject

_OWN_CLASS, _OWN_PUPIL = aliased(SchoolClass), aliased(Person)
type _Held = Select[*tuple[Any, ...]]
type _Query = Select[*tuple[Any, ...]]
_OF_A_LESSON = (
    Lesson.id,
    Lesson.classes,
    Lesson.pupil_id,
    Lesson.teacher_id,
    Lesson.substitute_id,
    Lesson.day,
    Lesson.number,
    Lesson.starts_at,
    Lesson.ends_at,
    Lesson.cancelled,
    *(Person.surname, Person.given, Person.patronymic),
)


@dataclass(frozen=True, slots=True)
class LessonFacts:
    """A lesson, with the rights of whoever asked."""

    id: UUID
    school: SchoolCard
    class_title: str
    """Of the class; of a group, a stream or one pupil, how these are called."""
    classes: tuple[UUID, ...]
    """Of those who have it; of one pupil's own lesson, where he learns on its day, if he does."""
    subject_name: str
    day: date
    number: int
    starts_at: datetime
    ends_at: datetime
    cancelled: str | None
    """Why it is not held (TT-15)."""
    instead_of: str | None
    """Whom the person who gives it replaces (TT-05); None: he gives it himself."""
    year_closed: bool
    rules: SchoolRules
    """Of the school."""
    rights: Facts

    def may(self, right: Right) -> bool:
        """Tell whether whoever asked may do this with the lesson."""
        return self.rights.may(right)

    def demand_open(self) -> None:
        """Raise ``Conflict`` if nothing may be written of it: it is not held, or its year is closed (YEAR-28)."""
        if self.cancelled is not None:
            raise Conflict("lesson-cancelled", number=self.number, class_title=self.class_title)
        if self.year_closed:
            raise Conflict("year-closed", day=f"{self.day:%d.%m.%Y}")


async def of_lesson(session: AsyncSession, actor: Actor, lesson_id: UUID, now: datetime) -> LessonFacts:
    """Read a lesson and the actor's relation to it on this day. Raises ``NotFound``."""
    found = (await session.execute(_of_lesson(), {"lesson": lesson_id})).one_or_none()
    if found is None:
        raise NotFound("lesson-unknown")
    lesson, school = found, found.School
    classes = tuple(lesson.classes)
    if lesson.pupil_id is not None:
        classes = () if lesson.of_class is None else (lesson.of_class,)
    # Of a stream of several classes no class teacher sees the page: it holds the pupils of others.
    (only,) = classes if len(classes) == 1 else (None,)
    thing = Thing(
        school=school.id,
        school_class=only,
        class_teacher=None if only is None else lesson.led_by,
        lesson_teacher=lesson.teacher_id,
        substitute=lesson.substitute_id,
    )
    card = card_of(school)
    return LessonFacts(
        id=lesson.id,
        school=card,
        class_title=lesson.title,
        classes=classes,
        subject_name=lesson.subject_name,
        day=lesson.day,
        number=lesson.number,
        starts_at=lesson.starts_at,
        ends_at=lesson.ends_at,
        cancelled=lesson.cancelled,
        instead_of=None if lesson.substitute_id is None else _replaced(lesson),
        year_closed=lesson.closed_at is not None,
        rules=rules_kept(school.profile, school.rules),
        rights=await rights.facts_of(session, actor, card, now, thing),
    )


def _replaced(lesson: Row[*tuple[Any, ...]]) -> str:
    return FullName(lesson.surname, lesson.given, lesson.patronymic).in_full()


async def hold(session: AsyncSession, facts: LessonFacts, *, alone: bool = False) -> LessonFacts:
    """Keep a lesson as it is, and its year open, until the commit; return what is known of it now.

    ``alone``: nobody else holds it meanwhile, nor another lesson of the same classes' day, so that what is read of it
    and of its learners' day next stays true as well.

    For whoever may write of it, before he does: who closes the year, strikes the lesson out or moves it waits for him,
    and he for them. The year comes before the lesson, as it does for whoever makes lessons anew: else each could wait
    for the other. Raises ``NotFound``: it was struck out meanwhile.
    """
    values = {"lesson": facts.id} | ({"days": days_of(facts.classes, facts.day)} if alone else {})
    found = (await session.execute(_hold(alone=alone), values)).one_or_none()
    if found is None:
        raise NotFound("lesson-unknown")
    day, number, starts_at, ends_at, cancelled, closed_at = found
    return replace(
        facts,
        day=day,
        number=number,
        starts_at=starts_at,
        ends_at=ends_at,
        cancelled=cancelled,
        year_closed=closed_at is not None,
    )


def days_of(classes: Iterable[UUID], day: date) -> list[int]:
    """Name these classes' days to the database's advisory locks, in the order in which everybody takes them.

    Whoever is absent from one lesson is seen at another: of two teachers at once each would miss what the other writes,
    and neither would tell that the child has come.
    """
    names = (f"day/{one}/{day}".encode() for one in classes)
    return sorted(int.from_bytes(blake2b(name, digest_size=8).digest(), signed=True) for name in names)


@cache
def _hold(*, alone: bool) -> _Held:
    """Build the statement once, as that of the facts: building them anew cost more than asking them."""
    lesson = bindparam("lesson", type_=Uuid)
    # Not FOR SHARE: planning again writes another column of the year, and nobody should wait for that.
    year = (
        select(SchoolYear.closed_at)
        .join(Lesson, Lesson.school_id == SchoolYear.school_id)
        .join(Slot, and_(Slot.id == Lesson.slot_id, Slot.year == SchoolYear.year))
        .where(Lesson.id == lesson)
        .with_for_update(read=True, key_share=True, of=SchoolYear)
        .cte("held_year")
    )
    in_turn = [select(func.count()).select_from(year).scalar_subquery() >= 0]
    if alone:
        one = func.unnest(bindparam("days", type_=ARRAY(BigInteger))).column_valued("one")
        in_turn.append(select(func.count(func.pg_advisory_xact_lock(one))).scalar_subquery() >= 0)
    return (
        select(Lesson.day, Lesson.number, Lesson.starts_at, Lesson.ends_at, Lesson.cancelled)
        .add_columns(select(year.c.closed_at).scalar_subquery())
        .where(Lesson.id == lesson, *in_turn)
        .with_for_update(read=not alone, key_share=alone, of=Lesson)
    )


def learners_title() -> SQLColumnExpression[str]:
    """Return what a lesson's learners are called: a class, a group, a pupil; joined as ``with_learners`` does."""
    return func.coalesce(_OWN_CLASS.title, StudyGroup.title, _OWN_PUPIL.surname + " " + _OWN_PUPIL.given)


def with_learners[*Columns](query: Select[*Columns]) -> Select[*Columns]:
    """Join what ``learners_title`` needs to a query of lessons."""
    return (
        query.outerjoin(_OWN_CLASS, _OWN_CLASS.id == Lesson.class_id)
        .outerjoin(StudyGroup, StudyGroup.id == Lesson.group_id)
        .outerjoin(_OWN_PUPIL, _OWN_PUPIL.id == Lesson.pupil_id)
    )


def same_learners(lesson: Lesson) -> ColumnElement[bool]:
    """Return the condition of lessons of the same class, group or pupil; one index answers it."""
    return learners_column() == (lesson.class_id or lesson.group_id or lesson.pupil_id)


def learners_column() -> SQLColumnExpression[UUID]:
    """Return whose a lesson is: the one of three columns that is filled."""
    return func.coalesce(Lesson.class_id, Lesson.group_id, Lesson.pupil_id)


@cache
def _of_lesson() -> _Query:
    # A pupil's own lesson goes with him: not the class that the timetable was made by, but that of its day (YEAR-21).
    his_own = select(Enrolment.class_id).where(
        Enrolment.pupil_id == Lesson.pupil_id, enrolments.in_force_on(Lesson.day)
    )
    of_class = case((Lesson.pupil_id.is_(None), Lesson.classes[1]), else_=his_own.correlate(Lesson).scalar_subquery())
    led_by = select(SchoolClass.class_teacher_id).where(SchoolClass.id == of_class).correlate(Lesson)
    query = (
        # Columns, not whole rows: putting an object of each together took longer than asking for them.
        select(*_OF_A_LESSON)
        .add_columns(
            School,
            learners_title().label("title"),
            of_class.label("of_class"),
            led_by.scalar_subquery().label("led_by"),
            Subject.name.label("subject_name"),
            SchoolYear.closed_at,
        )
        .join(Subject, Subject.id == Lesson.subject_id)
        .join(School, School.id == Lesson.school_id)
        .join(Person, Person.id == Lesson.teacher_id)
        .join(Slot, Slot.id == Lesson.slot_id)
        .outerjoin(SchoolYear, and_(SchoolYear.school_id == Lesson.school_id, SchoolYear.year == Slot.year))
    )
    return with_learners(query).where(Lesson.id == bindparam("lesson", type_=Uuid))
