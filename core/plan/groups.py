"""Who is in a group, by date (YEAR-20), as it is kept: composition changes in the year, and what was stays.

The rules are those of ``core.year.membership``; the database refuses times that share a day on its own account.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    SQLColumnExpression,
    and_,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.actor import Act
from core.journal import Change, audit, first_time
from core.movement.movement_tables import Enrolment
from core.person import people
from core.plan import group_following, group_rights, open_years
from core.plan.group_rights import Drawn
from core.plan.plan_tables import GroupClass, GroupMember, StudyGroup
from core.refusals import Conflict, NotFound
from core.russian import sort_key
from core.tables import Person, Pupil
from core.year import membership
from core.year.membership import Membership, MembershipCode, MembershipRefusal, Memberships
from core.year.weekly import LearnersKind
from core.year.words import day_words

NAMED = 5
"""So many names are told in a refusal; of the rest the number."""


@dataclass(frozen=True, slots=True)
class Left:
    """That a pupil's time in a group was cut short because he left its classes."""

    group: UUID
    since: date
    until: date | None
    """His last day there; None: he has never been in it, since he was to join only later."""


def is_member_on(
    group: SQLColumnExpression[UUID], pupil: SQLColumnExpression[UUID], day: SQLColumnExpression[date] | date
) -> ColumnElement[bool]:
    """Return the condition that a pupil is in a group on a day: he is on its list and enrolled in a class of it.

    A combined class has no list: everybody enrolled in its classes is in it (YEAR-10).
    """
    there, drawn, named, whole = aliased(Enrolment), aliased(GroupClass), aliased(GroupMember), aliased(StudyGroup)
    enrolled = exists().where(
        drawn.group_id == group,
        there.class_id == drawn.class_id,
        there.pupil_id == pupil,
        there.since <= day,
        or_(there.until.is_(None), there.until >= day),
    )
    listed = exists().where(
        named.group_id == group,
        named.pupil_id == pupil,
        named.since <= day,
        or_(named.until.is_(None), named.until >= day),
    )
    takes_all = exists().where(whole.id == group, whole.kind == LearnersKind.COMBINED.value)
    return and_(enrolled, or_(listed, takes_all))


async def members_on(session: AsyncSession, group_id: UUID, day: date) -> frozenset[UUID]:
    """Return the pupils who are in a group on a day; nobody of a group that does not exist."""
    return (await members_of(session, [group_id], day)).get(group_id, frozenset())


async def members_of(session: AsyncSession, groups: Collection[UUID], day: date) -> dict[UUID, frozenset[UUID]]:
    """Return who is in each of these groups on a day, in one statement; a group with nobody has no entry."""
    rows = await session.execute(
        select(GroupClass.group_id, Enrolment.pupil_id)
        .join(Enrolment, Enrolment.class_id == GroupClass.class_id)
        .where(GroupClass.group_id.in_(groups))
        .where(is_member_on(GroupClass.group_id, Enrolment.pupil_id, day))
        .distinct()
    )
    found: dict[UUID, set[UUID]] = defaultdict(set)
    for group, pupil in rows:
        found[group].add(pupil)
    return {group: frozenset(members) for group, members in found.items()}


async def join(
    session: AsyncSession, act: Act, group_id: UUID, pupils: Collection[UUID], since: date, until: date | None = None
) -> None:
    """Put pupils into a group from one day to another; without an end, for as long as they are in its classes.

    All of them, or nobody. Raises ``NotFound``, ``Forbidden``, ``Conflict`` by name: not enrolled in its classes on
    each of these days, in it or in another of its division already, the group is closed or has no list, or two of a
    pupil's groups have lessons at once (``TimetableClash``).
    """
    (drawn,) = await _open(session, act, [group_id])
    if not await first_time(session, act.key, act.at):
        return
    await _lock_here(session, drawn, pupils)
    stays = await _stays(session, drawn, pupils, since)
    if until is not None:
        gone = {one: end for one, end in stays.items() if end is not None and end < until}
        await _refuse_strange(session, drawn, gone, min(gone.values(), default=until) + timedelta(days=1))

    def joined(held: Memberships, pupil: UUID, divisions: membership.Divisions) -> Memberships | MembershipRefusal:
        end = stays[pupil] if until is None else until
        return membership.join(held, Membership(pupil, group_id, since, end), divisions)

    await _alter(session, act, [drawn], pupils, joined)


async def leave(session: AsyncSession, act: Act, group_id: UUID, pupils: Collection[UUID], last_day: date) -> None:
    """Take pupils out of a group after ``last_day``. All of them, or nobody.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` by name: not in it on that day.
    """

    def left(held: Memberships, pupil: UUID, divisions: membership.Divisions) -> Memberships | MembershipRefusal:
        del divisions
        return membership.leave(held, pupil, group_id, last_day)

    (drawn,) = await _open(session, act, [group_id])
    if await first_time(session, act.key, act.at):
        await _lock_here(session, drawn, pupils)
        await _alter(session, act, [drawn], pupils, left)


async def transfer(session: AsyncSession, act: Act, pupils: Collection[UUID], old: UUID, new: UUID, on: date) -> None:
    """Transfer pupils from one group to another, in which they are from ``on``. All of them, or nobody.

    Raises ``NotFound``, ``Forbidden``, ``Conflict`` by name, as ``join`` and ``leave`` do.
    """

    def transferred(held: Memberships, pupil: UUID, divisions: membership.Divisions) -> Memberships | MembershipRefusal:
        return membership.transfer(held, pupil, (old, new), on, divisions)

    drawn = await _open(session, act, [old, new])
    if await first_time(session, act.key, act.at):
        await _lock_here(session, drawn[-1], pupils)
        await _stays(session, drawn[-1], pupils, on)
        await _alter(session, act, drawn, pupils, transferred)


async def end(session: AsyncSession, act: Act, drawn: Drawn, last_day: date) -> None:
    """Let everybody who is still in a group leave it after ``last_day``; a part of closing it, whose lock is held."""
    lasting = select(GroupMember.pupil_id).where(GroupMember.group_id == drawn.row.id)
    ends_later = or_(GroupMember.until.is_(None), GroupMember.until > last_day)
    pupils = frozenset(await session.scalars(lasting.where(ends_later)))

    def ended(held: Memberships, pupil: UUID, divisions: membership.Divisions) -> Memberships:
        del divisions
        return tuple(
            one if one.pupil != pupil or one.group != drawn.row.id else Membership(pupil, one.group, one.since, last)
            for one in held
            for last in [one.until if one.until is not None and one.until < last_day else last_day]
            if one.group != drawn.row.id or one.since <= last
        )

    await lock(session, pupils)
    await _alter(session, act, [drawn], pupils, ended)


async def leave_all(
    session: AsyncSession, pupil: UUID, classes: Collection[UUID], last_day: date, *, to: UUID | None = None
) -> tuple[Left, ...]:
    """Take a pupil who leaves these classes out of their groups after ``last_day``; return what that cut short.

    A group that is drawn from ``to``, the class that he moves to, keeps him. Whoever was to join a group only later
    has never been in it. Rights and audit are those of the order that moves him, which names what is returned.
    """
    await lock(session, [pupil])
    of_these = select(GroupClass.group_id).where(GroupClass.class_id.in_(classes))
    kept = select(GroupClass.group_id).where(GroupClass.class_id == to)
    rows = await session.execute(
        select(GroupMember.group_id, GroupMember.since)
        .where(GroupMember.pupil_id == pupil, GroupMember.group_id.in_(of_these), GroupMember.group_id.not_in(kept))
        .where(or_(GroupMember.until.is_(None), GroupMember.until > last_day))
        .order_by(GroupMember.since, GroupMember.group_id)
    )
    left = [Left(group, since, last_day if since <= last_day else None) for group, since in rows]
    his = GroupMember.pupil_id == pupil
    for one in left:
        place = and_(his, GroupMember.group_id == one.group, GroupMember.since == one.since)
        if one.until is None:
            await session.execute(delete(GroupMember).where(place))
        else:
            await session.execute(update(GroupMember).where(place).values(until=last_day))
    return tuple(left)


async def lock(session: AsyncSession, pupils: Collection[UUID]) -> None:
    """Lock the pupils' rows, in one order for everybody: of two changes of a pupil's groups the second waits."""
    await session.execute(
        select(Pupil.person_id).where(Pupil.person_id.in_(pupils)).order_by(Pupil.person_id).with_for_update()
    )


async def _open(session: AsyncSession, act: Act, ids: Sequence[UUID]) -> list[Drawn]:
    """Read groups whose lists the actor may write, and hold them open until the end. Raises ``Conflict``."""
    drawn = {one: await group_rights.of_group(session, act, one) for one in sorted(set(ids))}
    for school in sorted({one.row.school_id for one in drawn.values()}):
        await open_years.alone(session, school)
    for one in drawn.values():
        row = await session.get_one(StudyGroup, one.row.id, with_for_update={"read": True}, populate_existing=True)
        await open_years.demand(session, row.school_id, row.year)
        if row.closed:
            raise Conflict("group-closed", group=row.title)
        if row.kind == LearnersKind.COMBINED.value:
            raise Conflict("group-without-list", group=row.title)
    return [drawn[one] for one in ids]


async def _lock_here(session: AsyncSession, drawn: Drawn, pupils: Collection[UUID]) -> None:
    """Lock pupils of the group's school; nobody learns the name of another's. Raises ``NotFound``."""
    here = select(func.count()).select_from(Pupil).join(Person, Person.id == Pupil.person_id)
    of_school = here.where(Person.id.in_(pupils), Person.school_id == drawn.row.school_id)
    if (await session.execute(of_school)).scalar_one() < len(set(pupils)):
        raise NotFound("pupil-unknown")
    await lock(session, pupils)


async def _stays(session: AsyncSession, drawn: Drawn, pupils: Collection[UUID], day: date) -> dict[UUID, date | None]:
    """Return how long each pupil stays in the classes of a group from a day on. Raises ``Conflict`` by name."""
    rows = await session.execute(
        select(Enrolment.pupil_id, Enrolment.since, Enrolment.until)
        .where(Enrolment.pupil_id.in_(pupils), Enrolment.class_id.in_(drawn.classes))
        .order_by(Enrolment.since)
    )
    times: dict[UUID, list[tuple[date, date | None]]] = {pupil: [] for pupil in pupils}
    for pupil, since, until in rows:
        times[pupil].append((since, until))
    await _refuse_strange(session, drawn, [one for one in pupils if not stays_on(times[one], day)], day)
    return {pupil: last_day(of_pupil, day) for pupil, of_pupil in times.items()}


def stays_on(times: Sequence[tuple[date, date | None]], day: date) -> bool:
    """Tell whether one of these times has this day."""
    return any(since <= day and (until is None or day <= until) for since, until in times)


def last_day(times: Sequence[tuple[date, date | None]], day: date) -> date | None:
    """Return the last day up to which these times go on without a gap; None: without an end. ``day`` is one of them."""
    end = day
    for since, until in sorted(times):
        if until is None and since <= end + timedelta(days=1):
            return None
        if until is not None and since <= end + timedelta(days=1):
            end = max(end, until)
    return end


async def _refuse_strange(session: AsyncSession, drawn: Drawn, strange: Collection[UUID], day: date) -> None:
    if strange:
        names = sorted((await people.names(session, tuple(strange))).values(), key=sort_key)
        shown, more = "; ".join(names[:NAMED]), max(0, len(names) - NAMED)
        raise Conflict("group-member-elsewhere", pupil=shown, more=more, group=drawn.row.title, day=day_words(day))


async def _alter(
    session: AsyncSession,
    act: Act,
    drawn: Sequence[Drawn],
    pupils: Collection[UUID],
    change: Callable[[Memberships, UUID, membership.Divisions], Memberships | MembershipRefusal],
) -> None:
    held = await held_of(session, [one.row for one in drawn], pupils)
    divisions = await divisions_of(session, [one.row for one in drawn])
    after: dict[UUID, Memberships] = {}
    for pupil in sorted(pupils):
        outcome = change(held[pupil], pupil, divisions)
        if isinstance(outcome, MembershipRefusal):
            raise await _refusal(session, outcome)
        after[pupil] = outcome
    await write(session, act, drawn[0].row.school_id, held, after)


async def held_of(
    session: AsyncSession, groups: Sequence[StudyGroup], pupils: Collection[UUID]
) -> dict[UUID, Memberships]:
    """Return the times of each pupil in these groups and in those that exclude them; for whoever holds the locks."""
    divisions = [one.division for one in groups if one.division is not None]
    rows = await session.execute(
        select(GroupMember.pupil_id, GroupMember.group_id, GroupMember.since, GroupMember.until)
        .where(GroupMember.pupil_id.in_(pupils))
        .where(or_(GroupMember.group_id.in_([one.id for one in groups]), GroupMember.division.in_(divisions)))
        .order_by(GroupMember.since, GroupMember.group_id)
    )
    found: dict[UUID, Memberships] = dict.fromkeys(pupils, ())
    for row in rows:
        found[row.pupil_id] = (*found[row.pupil_id], Membership(*row))
    return found


async def divisions_of(session: AsyncSession, groups: Sequence[StudyGroup]) -> list[frozenset[UUID]]:
    """Return the divisions that these groups are of, each as all its groups."""
    divisions = {one.division for one in groups if one.division is not None}
    query = select(func.array_agg(StudyGroup.id)).where(StudyGroup.division.in_(divisions))
    return [frozenset(ids) for ids in await session.scalars(query.group_by(StudyGroup.division))]


async def write(
    session: AsyncSession, act: Act, school_id: UUID, before: dict[UUID, Memberships], after: dict[UUID, Memberships]
) -> None:
    """Make the rows of locked pupils what was decided, audit whose changed, and tell whoever was told otherwise.

    The school is held (``open_years.alone``). Raises ``TimetableClash``: a pupil would be at two lessons at once.
    """
    following = await group_following.begin(session, act, school_id, before, after)
    await _store(session, before, after)
    changes = [
        Change("group.member", f"person/{pupil}", _said(before[pupil]), _said(after[pupil]))
        for pupil in after
        if before[pupil] != after[pupil]
    ]
    await audit(session, act.actor, school_id, act.at, *changes)
    await group_following.end(session, following)


async def _store(session: AsyncSession, before: dict[UUID, Memberships], after: dict[UUID, Memberships]) -> None:
    """Write the rows: first what ends, then what begins, since the database looks for shared days after each."""
    was = {(one.group, one.pupil, one.since): one.until for held in before.values() for one in held}
    now = {(one.group, one.pupil, one.since): one.until for held in after.values() for one in held}
    gone = [key for key in was if key not in now]
    cut = [key for key in now if key in was and now[key] != was[key]]
    if gone or cut:
        keys = tuple_(GroupMember.group_id, GroupMember.pupil_id, GroupMember.since)
        await session.execute(delete(GroupMember).where(keys.in_([*gone, *cut])))
    new = [key for key in now if key not in was or key in cut]
    if new:
        division = await _division_of(session, {group for group, _, _ in new})
        await session.execute(
            insert(GroupMember),
            [
                {"group_id": group, "pupil_id": pupil, "since": since, "until": now[group, pupil, since]}
                | {"division": division[group]}
                for group, pupil, since in new
            ],
        )


async def _division_of(session: AsyncSession, groups: Collection[UUID]) -> dict[UUID, UUID | None]:
    rows = await session.execute(select(StudyGroup.id, StudyGroup.division).where(StudyGroup.id.in_(groups)))
    return {row.id: row.division for row in rows}


async def _refusal(session: AsyncSession, refusal: MembershipRefusal) -> Conflict:
    pupil = (await people.names(session, [refusal.pupil])).get(refusal.pupil, "")
    group = (await session.get_one(StudyGroup, refusal.group)).title
    day = day_words(refusal.day)
    match refusal.code:
        case MembershipCode.BACKWARDS:
            return Conflict("group-member-backwards", pupil=pupil, group=group, day=day)
        case MembershipCode.ALREADY_IN:
            return Conflict("group-member-already-in", pupil=pupil, group=group, day=day)
        case MembershipCode.IN_RIVAL:
            return Conflict("group-member-in-rival", pupil=pupil, group=group, day=day)
        case MembershipCode.NOT_IN:
            return Conflict("group-member-not-in", pupil=pupil, group=group, day=day)
        case MembershipCode.SAME_GROUP:
            return Conflict("group-member-same-group", pupil=pupil, group=group)


def _said(held: Memberships) -> dict[str, object] | None:
    lines = [
        {
            "group": str(one.group),
            "since": one.since.isoformat(),
            "until": None if one.until is None else one.until.isoformat(),
        }
        for one in held
    ]
    return {"groups": lines} if lines else None
