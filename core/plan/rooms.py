"""The school's rooms (YEAR-07): added, changed, closed when nothing is taught in them any more."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import plain_names, rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time, id_made_by
from core.person.class_titles import title_order
from core.plan import open_years
from core.plan.plan_tables import Room
from core.refusals import Conflict, Invalid, NotFound
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_start
from core.tables import Lesson, Slot
from core.timetable import side_clashes

NAME_LONGEST, SEATS_MOST = 40, 2000


@dataclass(frozen=True, slots=True)
class RoomDraft:
    """A room as it is to be."""

    name: str
    seats: int | None = None
    shared: bool = False
    """Several lessons at once are no clash in it, as in a gymnasium."""


@dataclass(frozen=True, slots=True)
class RoomCard:
    """A room as other rooms of the program see it."""

    id: UUID
    name: str
    seats: int | None
    shared: bool
    closed: bool


async def listed(session: AsyncSession, actor: Actor, school_id: UUID, now: datetime) -> tuple[RoomCard, ...]:
    """List all rooms, closed ones too, by number, then those that have a name. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.YEAR_VIEW)
    rows = (await session.execute(select(Room).where(Room.school_id == school_id))).scalars()
    return tuple(sorted(map(_card, rows), key=_order))


async def add(session: AsyncSession, act: Act, school_id: UUID, draft: RoomDraft) -> UUID:
    """Add a room.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no name, seats that cannot be), ``Conflict`` (it is there).
    """
    rights.demand(await rights.of_school(session, act.actor, school_id, act.at), Right.YEAR_SET)
    wanted = _fit(draft)
    room = id_made_by(act.key, "room")
    if not await first_time(session, act.key, act.at):
        return room
    await _check_free(session, school_id, room, wanted.name)
    row = Room(id=room, school_id=school_id, name=wanted.name, seats=wanted.seats, shared=wanted.shared, closed=False)
    session.add(row)
    await session.flush()
    await audit(session, act.actor, school_id, act.at, Change("room.add", f"room/{room}", None, _said(row)))
    return room


async def change(session: AsyncSession, act: Act, room_id: UUID, draft: RoomDraft) -> None:
    """Change name, seats, and whether lessons share the room.

    Raises as ``add`` does, and ``TimetableClash``: a room that is not shared any more has two lessons at once.
    """
    row, school = await _room(session, act, room_id)
    wanted = _fit(draft)
    if not await first_time(session, act.key, act.at):
        return
    await _check_free(session, row.school_id, room_id, wanted.name)
    await session.refresh(row, with_for_update=True)
    if row.shared and not wanted.shared:
        await _check_apart(session, act, row, school)
    before = _said(row)
    row.name, row.seats, row.shared = wanted.name, wanted.seats, wanted.shared
    await _keep(session, act, row, "room.change", before)


async def set_closed(session: AsyncSession, act: Act, room_id: UUID, *, closed: bool) -> None:
    """Close a room, or open it again; what was taught in it stays.

    Raises ``NotFound``, ``Forbidden``, ``Conflict``: the timetable still has lessons in it.
    """
    row, school = await _room(session, act, room_id)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(row, with_for_update=True)
    if closed and not row.closed:
        await _check_idle(session, act, row, school)
    before = _said(row)
    row.closed = closed
    await _keep(session, act, row, "room.close" if closed else "room.open", before)


async def _room(session: AsyncSession, act: Act, room_id: UUID) -> tuple[Room, SchoolCard]:
    row = await session.get(Room, room_id)
    if row is None:
        raise NotFound("room-unknown")
    facts = await rights.of_school(session, act.actor, row.school_id, act.at)
    rights.demand(facts, Right.YEAR_SET)
    return row, facts.of_school


async def _keep(session: AsyncSession, act: Act, row: Room, action: str, before: dict[str, str | int | None]) -> None:
    after = _said(row)
    if before == after:
        return
    await session.flush()
    await audit(session, act.actor, row.school_id, act.at, Change(action, f"room/{row.id}", before, after))


async def _check_free(session: AsyncSession, school_id: UUID, room: UUID, name: str) -> None:
    """Raise ``Conflict`` if another room has this name; two who name rooms come one after the other."""
    await open_years.alone(session, school_id)
    others = select(Room.name).where(Room.school_id == school_id, Room.id != room)
    wanted = name.casefold()
    there = next(
        (one for one in (await session.execute(others)).scalars() if plain_names.seen(one).casefold() == wanted), None
    )
    if there is not None:
        raise Conflict("room-there", name=there)


async def _check_apart(session: AsyncSession, act: Act, row: Room, school: SchoolCard) -> None:
    """Raise ``TimetableClash`` if from today on the room has two lessons at once; its school is held already."""
    today = school_date(act.at, school.zone)
    for year in (school_year_start(today).year, school_year_start(today).year + 1):
        now = await side_clashes.look(session, school, year, today)
        await side_clashes.demand_no_new(session, now, now.unshared(row.id))


async def _check_idle(session: AsyncSession, act: Act, row: Room, school: SchoolCard) -> None:
    """Raise ``Conflict`` if from today on a weekly place, or a lesson that was moved here, is in the room."""
    today = school_date(act.at, school.zone)
    weekly = select(func.count(Slot.id)).where(
        Slot.room_id == row.id,
        Slot.year >= school_year_start(today).year,
        or_(Slot.until.is_(None), Slot.until >= today),
    )
    dated = select(func.count(Lesson.id)).where(
        Lesson.room_id == row.id, Lesson.day >= today, Lesson.cancelled.is_(None)
    )
    counts = (await session.execute(select(weekly.scalar_subquery(), dated.scalar_subquery()))).one()
    if any(counts):
        raise Conflict("room-in-use", name=row.name, weekly=counts[0], dated=counts[1])


def _fit(draft: RoomDraft) -> RoomDraft:
    name = plain_names.fit(draft.name, NAME_LONGEST)
    if draft.seats is not None and not 1 <= draft.seats <= SEATS_MOST:
        raise Invalid("room-seats", most=SEATS_MOST)
    return RoomDraft(name, draft.seats, draft.shared)


def _card(row: Room) -> RoomCard:
    return RoomCard(row.id, row.name, row.seats, row.shared, row.closed)


def _order(card: RoomCard) -> tuple[bool, tuple[int, str]]:
    return not card.name[:1].isdigit(), title_order(card.name)


def _said(row: Room) -> dict[str, str | int | None]:
    return {"name": row.name, "seats": row.seats, "shared": row.shared, "closed": row.closed}
