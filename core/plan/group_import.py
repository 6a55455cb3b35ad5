"""A list of groups brought in: groups that are missing are made, pupils join or are transferred (YEAR-10, YEAR-19).

Whoever is in a group and not in the list stays in it, and is named: a list of one half says nothing of the other. An
empty cell says nothing either; of a group that is there, a subject, a kind or a class that is not its own is refused.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.journal import id_made_by
from core.plan import group_lists, group_rights, groups, list_names, open_years, study_groups
from core.plan.list_file import ListProblem, ListRefused
from core.plan.list_lines import GroupLine
from core.plan.list_names import Known, KnownPupil
from core.plan.plan_tables import GroupClass, StudyGroup
from core.plan.study_groups import GroupKind, NewGroup, Purpose
from core.roster_file.rows import fold
from core.school_time import school_date
from core.year import membership
from core.year.membership import Membership, MembershipRefusal, Memberships
from core.year.words import day_words

OUTCOMES = ("joined", "transferred", "changed", "unchanged")
"""What becomes of a line, by the names of ``GroupsBrought``."""


@dataclass(frozen=True, slots=True)
class Stays:
    """Who is in a group of the list without standing in its lines."""

    group: str
    pupil: UUID


@dataclass(frozen=True, slots=True)
class GroupsBrought:
    """What a list of groups changed."""

    made: tuple[str, ...]
    joined: int
    transferred: int
    changed: int
    """Whose last day in a group is another now."""
    unchanged: int
    stays: tuple[Stays, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A line that is understood."""

    line: GroupLine
    group: UUID
    pupil: KnownPupil
    since: date

    @property
    def day(self) -> date:
        """The day by which it is known whether he is in the group already; of a time that is over, its last."""
        last = self.line.until
        return self.since if last is None or self.line.since is not None else min(self.since, last)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A group that is there."""

    subject: UUID | None
    purpose: Purpose
    classes: frozenset[UUID]


async def bring_in(
    session: AsyncSession, act: Act, school_id: UUID, year: int, lines: Sequence[GroupLine]
) -> GroupsBrought:
    """Bring in a list of groups of a year; again changes nothing. All of it, or nothing.

    Raises ``NotFound``, ``Forbidden``, ``ListRefused`` with every problem of every line, ``TimetableClash``: a pupil
    would be at lessons of two groups at once.
    """
    school = await group_rights.demand(session, act, school_id, ())
    await open_years.alone(session, school_id)
    await open_years.demand(session, school_id, year)
    known = await list_names.read(session, school, year, act.at)
    drawn = _drawn(lines, known, await _stored(session, known))
    made = await _make(session, act, school_id, known, drawn)
    # Of groups made just now the list tells the beginning of the year; of others, what is so from today.
    today = max(school_date(act.at, school.zone), date(year, 9, 1))
    ids = {**known.groups, **made}
    wanted = _understood(lines, known, ids, {group: date(year, 9, 1) for group in made.values()}, today)
    counts = await _place(session, act, school_id, wanted)
    stays = await _stays(session, school_id, year, wanted)
    return GroupsBrought(tuple(sorted(drawn[one].title for one in made)), **counts, stays=stays)


async def _stored(session: AsyncSession, known: Known) -> dict[str, _Stored]:
    """Read the groups that are there, by title as far as spellings do not matter."""
    there = await session.scalars(select(StudyGroup).where(StudyGroup.id.in_(known.groups.values())))
    rows = {row.id: row for row in there}
    classes = await _classes_of(session, list(rows))
    return {
        title: _Stored(rows[one].subject_id, Purpose(rows[one].purpose), classes[one])
        for title, one in known.groups.items()
    }


def _drawn(lines: Sequence[GroupLine], known: Known, stored: Mapping[str, _Stored]) -> dict[str, NewGroup]:
    """Put together what the lines say of each group. Raises ``ListRefused``."""
    found: dict[str, NewGroup] = {}
    for one in lines:
        class_id = known.school_class(one.line, "class", one.school_class)
        subject = None if one.subject is None else known.subject(one.line, one.subject)
        if class_id is None or (one.subject is not None and subject is None):
            continue
        there = found.setdefault(
            fold(one.group), NewGroup(one.group, frozenset([class_id]), _kind(one.purpose), one.purpose, subject)
        )
        if (there.subject, there.purpose) != (subject, one.purpose):
            one.line.problem("group", "plan-list-group-differs", group=one.group)
        found[fold(one.group)] = replace(there, classes=there.classes | {class_id})
        if fold(one.group) in stored:
            _say_what_differs(one, class_id, subject, stored[fold(one.group)])
        purposes = {one.purpose} | ({stored[fold(one.group)].purpose} if fold(one.group) in stored else set())
        if Purpose.COMBINED in purposes and one.name is not None:
            one.line.problem("surname", "plan-list-without-list", group=one.group)
    _raise(lines)
    return found


def _say_what_differs(one: GroupLine, class_id: UUID, subject: UUID | None, stored: _Stored) -> None:
    """Refuse what a list does not change of a group; whoever is not of its classes is refused by name later."""
    for key, differs in (
        ("subject", subject is not None and subject != stored.subject),
        ("purpose", one.line.has("purpose") and one.purpose is not stored.purpose),
        ("class", one.name is None and class_id not in stored.classes),
    ):
        if differs:
            one.line.problem(key, f"plan-list-group-other-{key}", group=one.group, title=str(one.school_class))


async def _make(
    session: AsyncSession, act: Act, school_id: UUID, known: Known, drawn: Mapping[str, NewGroup]
) -> dict[str, UUID]:
    """Make the groups that are not there; parts of a class for a subject exclude each other."""
    missing = {title: one for title, one in sorted(drawn.items()) if title not in known.groups}
    there = await study_groups.divisions_of(
        session, frozenset[UUID]().union(*(one.classes for one in missing.values()))
    )
    parts = [_part(act, one, there) for one in missing.values()]
    step = Act(act.actor, act.at, f"{act.key}/groups")
    return dict(zip(missing, await study_groups.create_all(session, step, school_id, parts), strict=True))


def _part(act: Act, wanted: NewGroup, there: Mapping[tuple[UUID, UUID], UUID]) -> NewGroup:
    """Let a part of one class for a subject exclude the other parts, those of the list and those that are there."""
    if wanted.purpose is not Purpose.SUBGROUP or len(wanted.classes) != 1 or wanted.subject is None:
        return wanted
    (class_id,) = wanted.classes
    own = id_made_by(f"{act.key}/{class_id}/{wanted.subject}", "division")
    return replace(wanted, division=there.get((class_id, wanted.subject), own))


def _understood(
    lines: Sequence[GroupLine], known: Known, ids: Mapping[str, UUID], new: Mapping[UUID, date], today: date
) -> list[_Wanted]:
    found: list[_Wanted] = []
    seen: set[tuple[UUID, UUID, date]] = set()
    for one in lines:
        if one.name is None:
            continue
        class_id = known.classes[fold(str(one.school_class))]
        pupil = known.pupil(one.line, "surname", one.name, class_id, one.born)
        if pupil is None:
            continue
        group = ids[fold(one.group)]
        since = one.since or max(pupil.first_day_in(class_id) or today, new.get(group, today))
        if (group, pupil.id, since) in seen:
            one.line.problem("surname", "plan-list-twice", name=one.name.in_full(), group=one.group)
        seen.add((group, pupil.id, since))
        found.append(_Wanted(one, group, pupil, since))
    _raise(lines)
    return found


async def _place(session: AsyncSession, act: Act, school_id: UUID, wanted: Sequence[_Wanted]) -> dict[str, int]:
    """Let pupils join, stay to another day, or be transferred from a group that excludes the new one; count each."""
    pupils = {one.pupil.id for one in wanted}
    rows = (await session.scalars(select(StudyGroup).where(StudyGroup.id.in_({one.group for one in wanted})))).all()
    await groups.lock(session, pupils)
    before = await groups.held_of(session, rows, pupils)
    divisions = await groups.divisions_of(session, rows)
    classes = await _classes_of(session, [row.id for row in rows])
    closed = {row.id for row in rows if row.closed}
    after, counts, problems = dict(before), dict.fromkeys(OUTCOMES, 0), []
    for one in wanted:
        problem = _misplaced(one, classes[one.group], closed)
        outcome, how = _placed(after[one.pupil.id], one, classes[one.group], divisions)
        if problem is None and isinstance(outcome, MembershipRefusal):
            title = (await session.get_one(StudyGroup, outcome.group)).title
            args = outcome.args(one.pupil.name.in_full(), title)
            problem = ListProblem(one.line.line.place, outcome.message_id, tuple(args.items()))
        if problem is not None:
            problems.append(problem)
        elif not isinstance(outcome, MembershipRefusal):
            after[one.pupil.id] = outcome
            counts[how] += 1
    if problems:
        raise ListRefused(problems)
    await groups.write(session, act, school_id, before, after)
    return counts


def _placed(
    held: Memberships, one: _Wanted, classes: frozenset[UUID], divisions: membership.Divisions
) -> tuple[Memberships | MembershipRefusal, str]:
    there = next((stay for stay in held if stay.group == one.group and stay.holds(one.day)), None)
    if there is not None:
        if one.line.until in (None, there.until):
            return held, "unchanged"
        rest = tuple(stay for stay in held if stay is not there)
        return membership.join(rest, replace(there, until=one.line.until), divisions), "changed"
    rivals = frozenset[UUID]().union(*(division for division in divisions if one.group in division))
    rival = next((there.group for there in held if there.group in rivals and there.holds(one.since)), None)
    pupil = one.pupil.id
    if rival is not None and one.line.until is None:
        return membership.transfer(held, pupil, (rival, one.group), one.since, divisions), "transferred"
    end = one.line.until or groups.last_day(one.pupil.times_in(classes), one.since)
    return membership.join(held, Membership(pupil, one.group, one.since, end), divisions), "joined"


def _misplaced(one: _Wanted, classes: frozenset[UUID], closed: set[UUID]) -> ListProblem | None:
    place, title = one.line.line.place, one.line.group
    if one.group in closed:
        return ListProblem(place, "refusal-group-closed", (("group", title),))
    times = one.pupil.times_in(classes)
    if not groups.stays_on(times, one.since):
        day = one.since
    else:
        end = groups.last_day(times, one.since)
        if end is None or one.line.until is None or one.line.until <= end:
            return None
        day = end + timedelta(days=1)
    args = (("pupil", one.pupil.name.in_full()), ("more", 0), ("group", title), ("day", day_words(day)))
    return ListProblem(place, "refusal-group-member-elsewhere", args)


async def _stays(session: AsyncSession, school_id: UUID, year: int, wanted: Sequence[_Wanted]) -> tuple[Stays, ...]:
    listed: dict[UUID, set[UUID]] = defaultdict(set)
    for one in wanted:
        listed[one.group].add(one.pupil.id)
    last = max((one.since for one in wanted), default=date(year, 9, 1))
    there = await group_lists.cards(session, school_id, year, last)
    return tuple(
        Stays(card.title, pupil)
        for card in there
        if card.id in listed
        for pupil in sorted(card.members - listed[card.id])
    )


async def _classes_of(session: AsyncSession, ids: Sequence[UUID]) -> dict[UUID, frozenset[UUID]]:
    rows = await session.execute(select(GroupClass.group_id, GroupClass.class_id).where(GroupClass.group_id.in_(ids)))
    found: dict[UUID, set[UUID]] = {one: set() for one in ids}
    for group, class_id in rows:
        found[group].add(class_id)
    return {group: frozenset(classes) for group, classes in found.items()}


def _kind(purpose: Purpose) -> GroupKind:
    kinds = {Purpose.STREAM: GroupKind.STREAM, Purpose.COMBINED: GroupKind.COMBINED}
    return kinds.get(purpose, GroupKind.GROUP)


def _raise(lines: Sequence[GroupLine]) -> None:
    problems = [problem for one in lines for problem in one.line.problems]
    if problems:
        raise ListRefused(problems)
