"""Who is in a group, by date: its composition changes in the year (YEAR-20), and what was is kept.

A pupil's times in one group never share a day; nor do those in groups that exclude each other, such as the halves of a
class for English. Lists are tuples; a change gives a new one or says why not.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from core.year.words import day_words


@dataclass(frozen=True, slots=True)
class Membership:
    """That a pupil is in a group from one day to another."""

    pupil: UUID
    group: UUID
    since: date
    until: date | None = None
    """The last day; None: still."""

    def holds(self, day: date) -> bool:
        """Tell whether he is in it on this day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def overlaps(self, other: "Membership") -> bool:
        """Tell whether the two share a day."""
        return (other.until is None or self.since <= other.until) and (self.until is None or other.since <= self.until)


class MembershipCode(StrEnum):
    """Why a list was not changed."""

    BACKWARDS = "backwards"
    ALREADY_IN = "already-in"
    IN_RIVAL = "in-rival"
    NOT_IN = "not-in"
    SAME_GROUP = "same-group"


@dataclass(frozen=True, slots=True)
class MembershipRefusal:
    """Why a list was not changed; its sentence stands in ``texts/*/year.ftl``."""

    code: MembershipCode
    pupil: UUID
    group: UUID
    """In which he is already, or is not."""
    day: date

    @property
    def message_id(self) -> str:
        """Id of the Fluent message; its arguments are the names of ``pupil`` and ``group``, and ``day``."""
        return f"membership-refused-{self.code}"

    def args(self, pupil: str, group: str) -> dict[str, str]:
        """Return the arguments of the Fluent message, given the names of pupil and group."""
        return {"pupil": pupil, "group": group, "day": day_words(self.day)}


type Memberships = tuple[Membership, ...]
type Divisions = Collection[frozenset[UUID]]
"""Groups that exclude each other: the halves of a class for one subject. Nobody is in two of a division on a day."""


def join(held: Memberships, new: Membership, divisions: Divisions = ()) -> Memberships | MembershipRefusal:
    """Put a pupil into a group.

    Refused if he is in it, or in another group of its division, on any day of the new time, later days included.
    """
    rivals = frozenset[UUID]().union(*(division for division in divisions if new.group in division))
    if new.until is not None and new.until < new.since:
        return MembershipRefusal(MembershipCode.BACKWARDS, new.pupil, new.group, new.until)
    for one in held:
        if one.pupil != new.pupil or not one.overlaps(new):
            continue
        day = max(one.since, new.since)
        if one.group == new.group:
            return MembershipRefusal(MembershipCode.ALREADY_IN, one.pupil, one.group, day)
        if one.group in rivals:
            return MembershipRefusal(MembershipCode.IN_RIVAL, one.pupil, one.group, day)
    return (*held, new)


def leave(held: Memberships, pupil: UUID, group: UUID, last_day: date) -> Memberships | MembershipRefusal:
    """Take a pupil out of a group after ``last_day``. Refused if he is not in it on that day."""
    current = _current(held, pupil, group, last_day)
    if current is None:
        return MembershipRefusal(MembershipCode.NOT_IN, pupil, group, last_day)
    return tuple(replace(one, until=last_day) if one is current else one for one in held)


def transfer(
    held: Memberships, pupil: UUID, groups: tuple[UUID, UUID], on: date, divisions: Divisions = ()
) -> Memberships | MembershipRefusal:
    """Transfer a pupil from the first group to the second, in which he is from ``on`` to the day he was to leave.

    Refused if he is not in the first on that day, or may not join the second. Whoever joined the first only on that
    day has never been in it.
    """
    old, new = groups
    if old == new:
        return MembershipRefusal(MembershipCode.SAME_GROUP, pupil, old, on)
    current = _current(held, pupil, old, on)
    if current is None:
        return MembershipRefusal(MembershipCode.NOT_IN, pupil, old, on)
    before = () if current.since == on else (replace(current, until=on - timedelta(days=1)),)
    left = tuple(kept for one in held for kept in (before if one is current else (one,)))
    return join(left, Membership(pupil, new, on, current.until), divisions)


def _current(held: Memberships, pupil: UUID, group: UUID, day: date) -> Membership | None:
    return next((one for one in held if one.pupil == pupil and one.group == group and one.holds(day)), None)


@dataclass(slots=True)
class Lists:
    """Memberships made ready for many questions of who is in a group on a day."""

    held: Iterable[Membership]
    _of_group: dict[UUID, list[Membership]] = field(init=False, repr=False)
    _found: dict[tuple[UUID, date], frozenset[UUID]] = field(init=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._of_group = defaultdict(list)
        for one in self.held:
            self._of_group[one.group].append(one)

    def members(self, group: UUID, day: date) -> frozenset[UUID]:
        """Return the pupils who are in a group on a day."""
        found = self._found.get((group, day))
        if found is None:
            found = frozenset(one.pupil for one in self._of_group.get(group, ()) if one.holds(day))
            self._found[group, day] = found
        return found


def groups_of(held: Sequence[Membership], pupil: UUID, day: date) -> frozenset[UUID]:
    """Return the groups in which a pupil is on a day."""
    return frozenset(one.group for one in held if one.pupil == pupil and one.holds(day))
