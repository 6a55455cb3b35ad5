"""Of whom it is known beforehand that he will not be at a lesson: a roll is pre-filled by it, and nobody is alarmed.

By an order that lets him go, or by what his family announced; what an order says wins. Whoever calls the roll decides:
nothing here is an absence before he has recorded it. What a family wrote beside its reason is not shown to him.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CompoundSelect,
    Date,
    SmallInteger,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.ext.asyncio import AsyncSession

from core.learning.announced_absences import AbsenceReason
from core.learning.attendance_tables import AnnouncedAbsence, ReleasedPupil, ReleaseOrder
from core.learning.release_orders import ReleaseKind
from core.rule_book.values import AbsenceClass, AbsenceCode


class ExpectedBy(StrEnum):
    """How it is known."""

    RELEASED = "released"
    """By an order of the school."""
    ANNOUNCED = "announced"
    """From the family."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What is known beforehand of one pupil."""

    code: str | None
    """By which the roll is pre-filled; None: the school's table has none for this, and it is no more than a hint."""
    by: ExpectedBy
    reason: AbsenceReason | ReleaseKind
    title: str
    """Of the order, what for; empty of what a family announced."""
    until: date
    """The last day."""
    source: UUID
    """The order, or what was announced."""


_ANNOUNCED: Mapping[AbsenceReason, Sequence[AbsenceClass]] = MappingProxyType(
    {
        AbsenceReason.ILLNESS: (AbsenceClass.ILLNESS,),
        AbsenceReason.FAMILY: (AbsenceClass.EXCUSED,),
        AbsenceReason.OTHER: (AbsenceClass.EXCUSED,),
    }
)
_RELEASED = (AbsenceClass.EXEMPT, AbsenceClass.EXCUSED)
"""Whoever the school itself lets go is exempt; where its table has no such code, he has a valid reason."""


def code_for(reason: AbsenceReason | ReleaseKind, codes: Sequence[AbsenceCode]) -> str | None:
    """Return the code of a school's table (CONF-01) for a reason; None if it has none.

    Of several the first of which the family is not told: it knows already.
    """
    # "other" is a word of both, so that one table of both would mix them up.
    classes = _ANNOUNCED[reason] if isinstance(reason, AbsenceReason) else _RELEASED
    silent_first = sorted(codes, key=lambda one: one.told)
    return next((one.code for wanted in classes for one in silent_first if one.kind is wanted), None)


async def of_day(
    session: AsyncSession, pupils: Collection[UUID], day: date, number: int | None, codes: Sequence[AbsenceCode]
) -> dict[UUID, Expected]:
    """Return what is known of these pupils for a day's lesson, in one statement; whoever is to come is left out.

    ``number`` is the lesson's; None asks for what is no lesson: an order of single lessons then says nothing. ``codes``
    is the table of the school. Asks for no rights: whoever calls the roll has.
    """
    given = {"pupils": list(pupils), "day": day, "number": number}
    found: dict[UUID, tuple[tuple[Any, ...], Expected]] = {}
    for pupil, rank, last, reason, title, source in await session.execute(_known(), given):
        by = ExpectedBy.ANNOUNCED if rank else ExpectedBy.RELEASED
        why = AbsenceReason(reason) if rank else ReleaseKind(reason)
        one = Expected(code_for(why, codes), by, why, title, last, source)
        # Of several the order, then an illness, then what lasts longest: always the same.
        order = (rank, -last.toordinal(), source)
        if pupil not in found or order < found[pupil][0]:
            found[pupil] = (order, one)
    return {pupil: one for pupil, (_, one) in found.items()}


@cache
def _known() -> CompoundSelect[Any]:
    """Build the statement once: it is asked at every lesson."""
    pupils, day = bindparam("pupils", type_=ARRAY(Uuid)), bindparam("day", type_=Date)
    number = bindparam("number", type_=SmallInteger)
    released = (
        select(
            ReleasedPupil.pupil_id,
            literal(0),
            ReleaseOrder.last,
            ReleaseOrder.kind,
            ReleaseOrder.title,
            ReleaseOrder.id,
        )
        .join(ReleaseOrder, ReleaseOrder.id == ReleasedPupil.release_id)
        .where(
            ReleasedPupil.pupil_id == any_(pupils),
            ReleaseOrder.withdrawn_at.is_(None),
            ReleaseOrder.first <= day,
            ReleaseOrder.last >= day,
            or_(ReleaseOrder.lessons.is_(None), number == any_(ReleaseOrder.lessons)),
        )
    )
    announced = select(
        AnnouncedAbsence.pupil_id,
        case((AnnouncedAbsence.reason == AbsenceReason.ILLNESS, 1), else_=2),
        AnnouncedAbsence.last,
        AnnouncedAbsence.reason,
        literal("", Text),
        AnnouncedAbsence.id,
    ).where(
        AnnouncedAbsence.pupil_id == any_(pupils),
        AnnouncedAbsence.withdrawn_at.is_(None),
        AnnouncedAbsence.first <= day,
        AnnouncedAbsence.last >= day,
    )
    return union_all(released, announced)
