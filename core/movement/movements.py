"""What an order says of where a pupil learns, and how that is written down (YEAR-21). Asks for no rights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text
from core.actor import Act
from core.journal import Change, audit, id_made_by
from core.movement import enrolments
from core.movement.movement_tables import Movement
from core.movement.places import Place
from core.refusals import Invalid

NUMBER_LONGEST, SCHOOL_LONGEST = 60, 300
EARLIEST = date(2000, 1, 1)
"""No order is older."""
DAY = timedelta(days=1)


class MovementKind(StrEnum):
    """What has become of a pupil."""

    ARRIVED = "arrived"
    """Принят, прибыл."""
    TRANSFERRED = "transferred"
    """Переведён из класса в класс."""
    LEFT = "left"
    """Выбыл."""
    EXPELLED = "expelled"
    """Отчислен."""
    GRADUATED = "graduated"
    """Окончил школу, в 9 или 11 классе."""
    MOVED_UP = "moved-up"
    """Переведён в следующий класс."""
    REPEATS = "repeats"
    """Оставлен на повторное обучение."""
    CORRECTED = "corrected"
    """The movement before this one was written by mistake: it has no effect any more."""

    @property
    def leads_away(self) -> bool:
        """Whether the pupil no longer learns here after the day."""
        return self in {MovementKind.LEFT, MovementKind.EXPELLED, MovementKind.GRADUATED}


@dataclass(frozen=True, slots=True)
class Order:
    """The director's order."""

    number: str
    day: date
    note: str = ""
    """In the school's words: why."""

    def in_words(self) -> str:
        """Return it as the audit keeps it."""
        said = f"приказ № {self.number} от {self.day:%d.%m.%Y}"
        return f"{said}: {self.note}" if self.note else said


@dataclass(frozen=True, slots=True)
class Moved:
    """What an order does with one pupil."""

    pupil: UUID
    kind: MovementKind
    on_day: date
    """The first day of the new state; of whoever leaves, his last day."""
    from_class: UUID | None
    to_class: UUID | None
    other_school: str = ""
    before: tuple[Place, ...] = ()
    """Where he would have learned without the order, from its first day on."""

    @property
    def first_day(self) -> date:
        """The first day that the order changes."""
        return self.on_day + DAY if self.kind.leads_away else self.on_day


@dataclass(frozen=True, slots=True)
class Written:
    """A movement in the book of orders, as far as another one may take it back."""

    id: UUID
    kind: MovementKind


def in_effect(book: Iterable[Written]) -> tuple[Written, ...]:
    """Leave out corrections and what they take back: each the last movement before it that still had an effect."""
    standing: list[Written] = []
    for one in book:
        if one.kind is not MovementKind.CORRECTED:
            standing.append(one)
        elif standing:
            standing.pop()
    return tuple(standing)


def fitted(order: Order, today: date) -> Order:
    """Return an order whose words may be kept.

    Raises ``Invalid``: no number that can be seen, words too long, a day to come or before ``EARLIEST``.
    """
    number = " ".join(free_text.plain(order.number).split()).removeprefix("№").strip()
    if free_text.says_nothing(number) or len(number) > NUMBER_LONGEST:
        raise Invalid("movement-order-needed", longest=NUMBER_LONGEST)
    if order.day < EARLIEST:
        raise Invalid("movement-order-old", day=f"{order.day:%d.%m.%Y}", first=f"{EARLIEST:%d.%m.%Y}")
    if order.day > today:
        raise Invalid("movement-order-ahead", day=f"{order.day:%d.%m.%Y}")
    return Order(number, order.day, fitted_words(order.note))


def fitted_words(words: str) -> str:
    """Return words as they are kept, possibly none. Raises ``Invalid``: too long."""
    one_line = " ".join(free_text.plain(words).split())
    if free_text.says_nothing(one_line):
        return ""
    if len(one_line) > SCHOOL_LONGEST:
        raise Invalid("movement-words-too-long", longest=SCHOOL_LONGEST)
    return one_line


async def record(
    session: AsyncSession,
    act: Act,
    school_id: UUID,
    order: Order,
    moved: Sequence[Moved],
    beside: Mapping[UUID, Mapping[str, Any]] | None = None,
) -> None:
    """Write movements into the book of orders and the audit; ``beside`` is what else changed, by pupil, for the audit.

    The order must have been ``fitted``, and the enrolments written. Three statements, however many pupils.
    """
    if not moved:
        return
    after = await enrolments.places(session, [one.pupil for one in moved], min(one.first_day for one in moved))
    rows = [
        {
            "id": id_made_by(act.key, f"movement/{one.pupil}"),
            "school_id": school_id,
            "pupil_id": one.pupil,
            "kind": one.kind.value,
            "on_day": one.on_day,
            "from_class": one.from_class,
            "to_class": one.to_class,
            "order_number": order.number,
            "order_day": order.day,
            "other_school": one.other_school,
            "note": order.note,
            "places_before": [place.written() for place in one.before],
            "places_after": [place.written() for place in after[one.pupil]],
            "recorded_by": act.actor.person,
            "recorded_at": act.at,
        }
        for one in moved
    ]
    await session.execute(insert(Movement).execution_options(render_nulls=True), rows)
    changes = [_change(one, order, (beside or {}).get(one.pupil, {})) for one in moved]
    await audit(session, act.actor, school_id, act.at, *changes)


def _change(one: Moved, order: Order, beside: Mapping[str, Any]) -> Change:
    before = {"class": None if one.from_class is None else str(one.from_class)}
    after = {
        "class": None if one.to_class is None else str(one.to_class),
        "kind": one.kind.value,
        "on_day": one.on_day.isoformat(),
        **({"other_school": one.other_school} if one.other_school else {}),
        **beside,
    }
    return Change("pupil.move", f"person/{one.pupil}", before, after, why=order.in_words())
