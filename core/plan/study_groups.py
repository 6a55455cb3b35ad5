"""Groups, streams and combined classes of a school year (YEAR-10, YEAR-11, YEAR-18): what they are and whom they take.

Who is in one by date stands in ``core.plan.groups``. A group is closed, never struck out: its lessons were held.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, exists, false, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core import free_text
from core.actor import Act
from core.journal import Change, audit, first_time, id_made_by
from core.movement.movement_tables import Enrolment
from core.plan import group_rights, groups, open_years
from core.plan.group_rights import Drawn
from core.plan.plan_tables import GroupClass, GroupMember, SchoolYear, StudyGroup
from core.refusals import Conflict, Invalid, NotFound
from core.roster_file.rows import fold
from core.school.schools import card_of
from core.school_time import school_date
from core.tables import Lesson, School, SchoolClass, Slot, Subject
from core.timetable import change_documents, side_clashes
from core.timetable.timetable_tables import TimetableChange
from core.year.changes import Move
from core.year.words import day_words

LONGEST_TITLE = 60
SHIFTS = range(1, 4)
FEWEST_PARTS = 2


class GroupKind(StrEnum):
    """How a group is drawn."""

    GROUP = "group"
    """By a list, from one class or several."""
    STREAM = "stream"
    """By a list, from several classes; more than thirty in one room (YEAR-11)."""
    COMBINED = "combined"
    """Everybody of its classes, without a list (класс-комплект)."""


class Purpose(StrEnum):
    """What a group is for (YEAR-10)."""

    SUBGROUP = "subgroup"
    """A part of a class for one subject: English, PE, labour (YEAR-18)."""
    PROFILE = "profile"
    ELECTIVE = "elective"
    FACULTATIVE = "facultative"
    CLUB = "club"
    PROJECT = "project"
    COURSE = "course"
    """An extra-curricular course."""
    EXTENDED_DAY = "extended-day"
    STREAM = "stream"
    COMBINED = "combined"


OF_A_SUBJECT = (Purpose.SUBGROUP, Purpose.ELECTIVE, Purpose.FACULTATIVE)
"""Chosen, or divided, by a subject: without one nobody could tell what for."""


@dataclass(frozen=True, slots=True)
class NewGroup:
    """A group as somebody wants it."""

    title: str
    classes: frozenset[UUID]
    kind: GroupKind = GroupKind.GROUP
    purpose: Purpose = Purpose.SUBGROUP
    subject: UUID | None = None
    shift: int = 1
    """The shift in which it learns (YEAR-14)."""
    division: UUID | None = None
    """Of the groups that exclude it; None: it excludes nobody."""


async def create(session: AsyncSession, act: Act, school_id: UUID, wanted: NewGroup) -> UUID:
    """Make a group of the year of its classes. Again with the same key returns the same.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (a group that cannot be), ``Conflict`` (such a title is there, the
    year is closed, the division is of other classes).
    """
    await group_rights.demand(session, act, school_id, wanted.classes)
    fitted = _fit(wanted)
    group = id_made_by(act.key, "group")
    if await first_time(session, act.key, act.at):
        await _put(session, act, school_id, {group: fitted})
    return group


async def create_all(session: AsyncSession, act: Act, school_id: UUID, wanted: Sequence[NewGroup]) -> tuple[UUID, ...]:
    """Make groups of one year, all or none, in as many statements as for one. Raises as ``create`` does."""
    classes = frozenset[UUID]().union(*(one.classes for one in wanted))
    await group_rights.demand(session, act, school_id, classes)
    fitted = {id_made_by(f"{act.key}/{number}", "group"): _fit(one) for number, one in enumerate(wanted)}
    if fitted and await first_time(session, act.key, act.at):
        await _put(session, act, school_id, fitted)
    return tuple(fitted)


async def divide(
    session: AsyncSession, act: Act, class_id: UUID, subject: UUID, titles: Sequence[str]
) -> tuple[UUID, ...]:
    """Divide a class for a subject into groups that exclude each other (YEAR-18). Who is in which, is told later.

    Raises as ``create`` does; ``Invalid`` also for fewer than two groups, ``Conflict`` if it is divided so already.
    """
    school_id = (await session.execute(select(SchoolClass.school_id).where(SchoolClass.id == class_id))).scalar()
    if school_id is None:
        raise NotFound("class-gone")
    await group_rights.demand(session, act, school_id, [class_id])
    if len(titles) < FEWEST_PARTS:
        raise Invalid("group-parts-few")
    ids = tuple(id_made_by(f"{act.key}/{number}", "group") for number in range(len(titles)))
    if await first_time(session, act.key, act.at):
        if await division_of(session, class_id, subject) is not None:
            raise Conflict("group-divided-already")
        whole = NewGroup("", frozenset([class_id]), subject=subject, division=id_made_by(act.key, "division"))
        parts = [_fit(replace(whole, title=title)) for title in titles]
        await _put(session, act, school_id, dict(zip(ids, parts, strict=True)))
    return ids


async def division_of(session: AsyncSession, class_id: UUID, subject: UUID) -> UUID | None:
    """Return the division of a class for a subject, if it is divided; groups drawn from other classes too are none."""
    return (await divisions_of(session, [class_id])).get((class_id, subject))


async def divisions_of(session: AsyncSession, classes: Collection[UUID]) -> dict[tuple[UUID, UUID], UUID]:
    """Return the division of each of these classes for each subject for which it is divided."""
    other = aliased(GroupClass)
    alone = ~exists().where(other.group_id == GroupClass.group_id, other.class_id != GroupClass.class_id)
    rows = await session.execute(
        select(GroupClass.class_id, StudyGroup.subject_id, StudyGroup.division)
        .join(StudyGroup, StudyGroup.id == GroupClass.group_id)
        .where(GroupClass.class_id.in_(classes), StudyGroup.division.is_not(None), ~StudyGroup.closed, alone)
    )
    return {
        (class_id, subject): division
        for class_id, subject, division in rows
        if subject is not None and division is not None
    }


async def change(session: AsyncSession, act: Act, group_id: UUID, wanted: NewGroup) -> None:
    """Change title, purpose, subject, shift and classes of a group; its kind and its division stay what they are.

    Lessons to come are made anew for the classes that it has now. Raises as ``create`` does; ``Conflict`` also if a
    class would be left out of which somebody is in the group, or if one that is added has lessons at the same hours
    (``TimetableClash``).
    """
    drawn = await group_rights.of_group(session, act, group_id)
    fitted = _fit(replace(wanted, kind=GroupKind(drawn.row.kind), division=drawn.row.division))
    await group_rights.demand(session, act, drawn.row.school_id, fitted.classes)
    if not await first_time(session, act.key, act.at):
        return
    drawn = await _locked(session, act, drawn)
    row = drawn.row
    before = _said(row, drawn.classes)
    await _check(session, row.school_id, row.year, {row.id: fitted})
    if fitted.classes != drawn.classes:
        await _draw_anew(session, act, drawn, fitted.classes)
    row.title, row.purpose = fitted.title, fitted.purpose.value
    row.subject_id, row.shift = fitted.subject, fitted.shift
    await session.flush()
    after = _said(row, fitted.classes)
    if after != before:
        made = Change("group.change", f"group/{row.id}", before, after)
        await audit(session, act.actor, row.school_id, act.at, made)


async def close(session: AsyncSession, act: Act, group_id: UUID, last_day: date) -> None:
    """Close a group after ``last_day``, on which everybody still in it leaves. Again is harmless.

    Raises ``NotFound``, ``Forbidden``, ``Conflict``: that day is still to come, until when somebody may join, or the
    timetable has lessons of it after that day, also such as were only moved there.
    """
    drawn = await group_rights.of_group(session, act, group_id)
    if not await first_time(session, act.key, act.at):
        return
    drawn = await _locked(session, act, drawn)
    row = drawn.row
    if row.closed:
        return
    school = card_of(await session.get_one(School, row.school_id))
    if last_day > school_date(act.at, school.zone):
        raise Conflict("group-goes-on", group=row.title, day=day_words(last_day))
    later = select(Slot.id).where(Slot.group_id == group_id, or_(Slot.until.is_(None), Slot.until > last_day))
    if (await session.execute(later.limit(1))).first() is not None or await _moved_behind(session, drawn, last_day):
        raise Conflict("group-has-lessons", group=row.title, day=day_words(last_day))
    await groups.end(session, act, drawn, last_day)
    row.closed = True
    await session.flush()
    after = {"closed": True, "last_day": last_day.isoformat()}
    made = Change("group.close", f"group/{row.id}", {"closed": False}, after)
    await audit(session, act.actor, row.school_id, act.at, made)


async def _put(session: AsyncSession, act: Act, school_id: UUID, wanted: dict[UUID, NewGroup]) -> None:
    # One at a time: two groups of one title, each blind to the other, would be told apart by nobody.
    await open_years.alone(session, school_id)
    classes = frozenset[UUID]().union(*(one.classes for one in wanted.values()))
    year = await open_years.of_classes(session, school_id, classes)
    await open_years.demand(session, school_id, year)
    await _check(session, school_id, year, wanted)
    rows = [_row(group, school_id, year, one) for group, one in wanted.items()]
    session.add_all(rows)
    await session.flush()
    await _draw(session, ((group, one) for group, new in wanted.items() for one in new.classes))
    changes = [Change("group.create", f"group/{row.id}", None, _said(row, wanted[row.id].classes)) for row in rows]
    await audit(session, act.actor, school_id, act.at, *changes)


async def _check(session: AsyncSession, school_id: UUID, year: int, wanted: dict[UUID, NewGroup]) -> None:
    subjects = {one.subject for one in wanted.values() if one.subject is not None}
    known = select(Subject.id).where(Subject.id.in_(subjects), Subject.school_id == school_id)
    if len((await session.scalars(known)).all()) < len(subjects):
        raise NotFound("plan-subject-unknown")
    named = await session.scalars(
        select(StudyGroup.title)
        .where(StudyGroup.school_id == school_id, StudyGroup.year == year)
        .where(StudyGroup.id.not_in(wanted))
    )
    taken = {fold(title) for title in named}
    for one in wanted.values():
        if fold(one.title) in taken:
            raise Conflict("group-there", group=one.title)
        taken.add(fold(one.title))
    await _check_division(session, wanted)


async def _check_division(session: AsyncSession, wanted: dict[UUID, NewGroup]) -> None:
    """Refuse groups that exclude each other and are drawn from different classes: they would share nobody."""
    divisions = {one.division for one in wanted.values() if one.division is not None}
    rows = await session.execute(
        select(StudyGroup.division, StudyGroup.id, GroupClass.class_id)
        .join(GroupClass, GroupClass.group_id == StudyGroup.id)
        .where(StudyGroup.division.in_(divisions), StudyGroup.id.not_in(wanted))
    )
    drawn: dict[tuple[UUID | None, UUID], set[UUID]] = {}
    for division, group, class_id in rows:
        drawn.setdefault((division, group), set()).add(class_id)
    for one in wanted.values():
        if any(division == one.division and there != one.classes for (division, _), there in drawn.items()):
            raise Conflict("group-division-of-others", group=one.title)


async def _draw_anew(session: AsyncSession, act: Act, drawn: Drawn, classes: frozenset[UUID]) -> None:
    """Draw a group from other classes: whoever has its lessons now is asked for clashes, and they are made anew."""
    row = drawn.row
    school = card_of(await session.get_one(School, row.school_id))
    today = school_date(act.at, school.zone)
    before = await side_clashes.look(session, school, row.year, today)
    await _redraw(session, row, drawn.classes, classes)
    await side_clashes.demand_no_new(session, before, await side_clashes.look(session, school, row.year, today))
    made = SchoolYear.school_id == row.school_id, SchoolYear.year == row.year
    await session.execute(update(SchoolYear).where(*made).values(planned_until=None))


async def _moved_behind(session: AsyncSession, drawn: Drawn, last_day: date) -> bool:
    """Tell whether a lesson of a group that the timetable has up to a day is moved to a later one, and held there."""
    moves = await session.scalars(
        select(TimetableChange)
        .join(Slot, Slot.id == TimetableChange.slot_id)
        .where(Slot.group_id == drawn.row.id, TimetableChange.kind == change_documents.MOVE)
        .where(TimetableChange.withdrawn_at.is_(None), TimetableChange.first <= Slot.until)
    )
    behind = [one for one in change_documents.read(moves.all()) if isinstance(one, Move) and one.to > last_day]
    held = [(Lesson.slot_id == one.slot) & (Lesson.planned_day == one.day) for one in behind]
    standing = select(Lesson.id).where(or_(false(), *held), Lesson.cancelled.is_(None)).limit(1)
    return (await session.execute(standing)).first() is not None


async def _redraw(session: AsyncSession, row: StudyGroup, before: Collection[UUID], after: frozenset[UUID]) -> None:
    if await open_years.of_classes(session, row.school_id, after) != row.year:
        raise Invalid("plan-classes-of-years")
    gone = set(before) - after
    overlap = (or_(GroupMember.until.is_(None), GroupMember.until >= Enrolment.since)) & (
        or_(Enrolment.until.is_(None), Enrolment.until >= GroupMember.since)
    )
    from_there = (
        select(Enrolment.class_id)
        .join(GroupMember, (GroupMember.pupil_id == Enrolment.pupil_id) & overlap)
        .where(GroupMember.group_id == row.id, Enrolment.class_id.in_(gone))
        .limit(1)
    )
    if (await session.execute(from_there)).first() is not None:
        raise Conflict("group-class-in-it", group=row.title)
    await session.execute(delete(GroupClass).where(GroupClass.group_id == row.id, GroupClass.class_id.in_(gone)))
    await _draw(session, ((row.id, one) for one in after - set(before)))


async def _draw(session: AsyncSession, pairs: Iterable[tuple[UUID, UUID]]) -> None:
    drawn = [{"group_id": group, "class_id": class_id} for group, class_id in pairs]
    if drawn:
        await session.execute(insert(GroupClass), drawn)


async def _locked(session: AsyncSession, act: Act, drawn: Drawn) -> Drawn:
    """Read a group anew, while nobody else changes it, its lists or the timetable."""
    await open_years.alone(session, drawn.row.school_id)
    await session.refresh(drawn.row, with_for_update={"key_share": True})
    await open_years.demand(session, drawn.row.school_id, drawn.row.year)
    return await group_rights.of_group(session, act, drawn.row.id)


def _fit(wanted: NewGroup) -> NewGroup:
    title = " ".join(free_text.fit(wanted.title, LONGEST_TITLE).split())
    if (wanted.kind is GroupKind.COMBINED) != (wanted.purpose is Purpose.COMBINED) or (
        wanted.kind is GroupKind.GROUP and wanted.purpose is Purpose.STREAM
    ):
        raise Invalid("group-kind-odd", group=title)
    if wanted.purpose in OF_A_SUBJECT and wanted.subject is None:
        raise Invalid("group-subject-needed", group=title)
    if not wanted.classes:
        raise Invalid("group-classes-needed", group=title)
    if wanted.kind is not GroupKind.GROUP and len(wanted.classes) < FEWEST_PARTS:
        raise Invalid("group-classes-few", group=title)
    if wanted.shift not in SHIFTS:
        raise Invalid("group-shift-odd", group=title)
    return replace(wanted, title=title)


def _row(group: UUID, school_id: UUID, year: int, wanted: NewGroup) -> StudyGroup:
    return StudyGroup(
        id=group,
        school_id=school_id,
        year=year,
        kind=wanted.kind.value,
        purpose=wanted.purpose.value,
        title=wanted.title,
        subject_id=wanted.subject,
        division=wanted.division,
        shift=wanted.shift,
        closed=False,
    )


def _said(row: StudyGroup, classes: Iterable[UUID]) -> dict[str, object]:
    return {
        "title": row.title,
        "kind": row.kind,
        "purpose": row.purpose,
        "subject": None if row.subject_id is None else str(row.subject_id),
        "division": None if row.division is None else str(row.division),
        "shift": row.shift,
        "classes": sorted(map(str, classes)),
    }
