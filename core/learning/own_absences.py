"""A child's day of absence as one guardian may read it and answer for it; of the other guardian nothing is in it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.consent import consent_gate
from core.events import AttendanceDayState, ConsentPurpose, GuardianAnswer
from core.learning import attendance_day
from core.learning.attendance_day import DayKey
from core.movement import closing
from core.tables import AttendanceDay


@dataclass(frozen=True, slots=True)
class OwnDay:
    """A day of a child, read by a guardian."""

    state: AttendanceDayState
    """Its answers are the reader's alone."""
    version: int
    """Raised by whatever changes the day, answers included; 0 before anything was entered."""
    closed: bool
    """Its school year is closed: nothing is answered any more."""

    @property
    def answer(self) -> GuardianAnswer | None:
        """What the reader has answered; None before, or when the entry that he disputed is another by now."""
        return next(iter(self.state.answers), None)


async def read(session: AsyncSession, actor: Actor, day_key: DayKey, now: datetime) -> OwnDay:
    """Read a day for whoever may answer for it, by the rights that ``attendance.answer`` asks for.

    Raises ``NotFound``, ``Forbidden`` if he is no guardian who may, or without his consent to data on attendance
    (CONF-21).
    """
    facts = await rights.of_pupil(session, actor, day_key.pupil, now)
    rights.demand(facts, Right.ABSENCE_EXPLAIN, "child-not-yours")
    await consent_gate.demand(session, facts, day_key.pupil, now, (ConsentPurpose.ATTENDANCE,))
    version = select(AttendanceDay.version).where(
        AttendanceDay.pupil_id == day_key.pupil, AttendanceDay.day == day_key.day
    )
    # Read before the state: at worst a press counts as one on what stood a moment earlier.
    raised = (await session.execute(version)).scalar_one_or_none() or 0
    state = (await attendance_day.read(session, [day_key]))[day_key]
    own = tuple(one for one in state.answers if one.guardian == actor.person)
    closed = await closing.is_closed(session, facts.of_school.id, day_key.day)
    return OwnDay(state.model_copy(update={"answers": own}), raised, closed)
