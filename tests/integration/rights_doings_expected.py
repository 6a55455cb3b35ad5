"""Commands and queries about absences known beforehand, and about the rolls of events, as somebody would do them."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.actor import OFFICE, Act
from core.learning import announced_absences, event_rolls, release_orders
from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.learning.release_orders import ReleaseDraft, ReleaseKind
from core.tables import Pupil, SchoolClass
from core.timetable import school_events
from core.timetable.school_events import EventDraft
from core.year.span import Span
from tests.integration.core_world import DAY
from tests.integration.rights_tries import Doing, Thing, Try
from tests.integration.rights_world import NOW, act

TWO_DAYS = Span(DAY, DAY + timedelta(days=1))
ILL = AbsenceDraft(days=TWO_DAYS, reason=AbsenceReason.ILLNESS)
TRIP = EventDraft(title="Экскурсия", starts_at=NOW, ends_at=NOW + timedelta(hours=2))


async def _announced_anew(session: AsyncSession, it: Try) -> UUID:
    return await announced_absences.announce(session, it.act, it.at.pupil, ILL)


async def _ordered_anew(session: AsyncSession, it: Try) -> UUID:
    return await release_orders.order(session, it.act, it.school, await _release(session, it))


async def _release(session: AsyncSession, it: Try) -> ReleaseDraft:
    """Let one of the school's pupils go."""
    there = select(Pupil.person_id).join(SchoolClass, SchoolClass.id == Pupil.class_id)
    pupil = (await session.execute(there.where(SchoolClass.school_id == it.school).limit(1))).scalar_one()
    return ReleaseDraft(
        number="12-у",
        ordered_on=DAY,
        kind=ReleaseKind.DUTY,
        title="Дежурство",
        days=TWO_DAYS,
        pupils=frozenset({pupil}),
    )


async def _event(it: Try) -> UUID:
    """Return an excursion of the class, planned once for all tries: whoever is refused must not have planned it."""
    draft = replace(TRIP, classes=frozenset({it.at.school_class}))
    office = Act(OFFICE, NOW, f"excursion/{it.at.school_class}")
    async with it.world.database.begin() as session:
        return await school_events.plan(session, office, it.at.school.id, draft)


async def _shorten(session: AsyncSession, it: Try) -> None:
    await announced_absences.change_last_day(session, it.act, await _announced_anew(session, it), DAY)


async def _take_back(session: AsyncSession, it: Try) -> None:
    await announced_absences.withdraw(session, it.act, await _announced_anew(session, it))


async def _order_otherwise(session: AsyncSession, it: Try) -> None:
    made = await _ordered_anew(session, it)
    await release_orders.change(
        session, it.act, made, replace(await _release(session, it), title="Дежурство по школе"), version=1
    )


async def _revoke(session: AsyncSession, it: Try) -> None:
    await release_orders.withdraw(session, it.act, await _ordered_anew(session, it))


async def _look_at_an_event(session: AsyncSession, it: Try) -> None:
    await event_rolls.roll(session, it.actor, await _event(it), NOW)


async def _call_at_an_event(session: AsyncSession, it: Try) -> None:
    await event_rolls.record(session, it.act, await _event(it), {it.at.pupil: "н"})


async def _correct_at_an_event(session: AsyncSession, it: Try) -> None:
    event = await _event(it)
    await event_rolls.record(session, it.act, event, {})
    await event_rolls.correct(session, act(it.actor), event, {it.at.pupil: "н"})


ON_ABSENCES = (
    Doing("announce an absence", Thing.PUPIL, Right.ABSENCE_ANNOUNCE, _announced_anew),
    Doing("say that he comes back earlier", Thing.PUPIL, Right.ABSENCE_ANNOUNCE, _shorten),
    Doing("take an announced absence back", Thing.PUPIL, Right.ABSENCE_ANNOUNCE, _take_back),
    Doing(
        "list what is announced of a pupil",
        Thing.PUPIL,
        Right.ABSENCE_ANNOUNCE,
        lambda s, it: announced_absences.of_pupil(s, it.actor, it.at.pupil, TWO_DAYS, NOW),
        others=(Right.ABSENCES_VIEW,),
    ),
    Doing(
        "list what is announced of a class",
        Thing.CLASS,
        Right.ABSENCES_VIEW,
        lambda s, it: announced_absences.of_class(s, it.actor, it.at.school_class, TWO_DAYS, NOW),
    ),
    Doing(
        "list what is announced at a school",
        Thing.SCHOOL,
        Right.ABSENCES_VIEW,
        lambda s, it: announced_absences.of_school(s, it.actor, it.school, TWO_DAYS, NOW),
    ),
    Doing("order a release", Thing.SCHOOL, Right.RELEASE_ORDER, _ordered_anew),
    Doing("order a release otherwise", Thing.SCHOOL, Right.RELEASE_ORDER, _order_otherwise),
    Doing("take a release back", Thing.SCHOOL, Right.RELEASE_ORDER, _revoke),
    Doing(
        "list the releases",
        Thing.SCHOOL,
        Right.RELEASE_ORDER,
        lambda s, it: release_orders.listed(s, it.actor, it.school, TWO_DAYS, NOW),
    ),
    Doing(
        "read the roll of an event",
        Thing.CLASS,
        Right.ABSENCES_VIEW,
        _look_at_an_event,
        others=(Right.ATTENDANCE_RECORD, Right.ABSENCE_CONFIRM),
    ),
    Doing(
        "call the roll of an event",
        Thing.CLASS,
        Right.ATTENDANCE_RECORD,
        _call_at_an_event,
        others=(Right.ABSENCE_CONFIRM,),
    ),
    Doing(
        "correct the roll of an event",
        Thing.CLASS,
        Right.ATTENDANCE_RECORD,
        _correct_at_an_event,
        others=(Right.ABSENCE_CONFIRM,),
    ),
)
