"""Somebody reaches for something: which places each reach of a right covers, and what stands there for whom."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Reach, Right, Role
from core.account.sessions import Need, Visitor
from core.actor import Act, Actor
from core.audit.breaches import BreachNotice
from tests.integration.rights_world import (
    FATHER,
    GIVES_LESSONS,
    NOW,
    STRANGER,
    Corner,
    Position,
    RightsWorld,
    Whole,
    act,
)

OWN = frozenset({Position.OWN})
WITHIN = frozenset({Position.OWN, Position.NEIGHBOUR})
NOWHERE: frozenset[Position] = frozenset()
NO_STAFF = frozenset(
    {
        Role.SUPPORT,
        Role.MUNICIPAL_OFFICER,
        Role.REGIONAL_OFFICER,
        Role.PUPIL,
        Role.GUARDIAN,
        Role.TRUSTED_ADULT,
        STRANGER,
    }
)
"""Those of whom there is no teacher's card."""


class Thing(Enum):
    """What a right is tried on, and which places each reach covers of it; a reach that is not named covers none."""

    PUPIL = 1, {Reach.SELF: OWN, Reach.CHILD: OWN, Reach.CLASS: OWN, Reach.SCHOOL: WITHIN, Reach.AUTHORITY: WITHIN}
    PERSON = 2, {Reach.SELF: OWN, Reach.SCHOOL: WITHIN}
    """He himself, or somebody else."""
    CLASS = 3, {Reach.CLASS: OWN, Reach.SCHOOL: WITHIN}
    LESSON = 4, {Reach.LESSON: OWN, Reach.CLASS: OWN, Reach.SCHOOL: WITHIN}
    WRITTEN = 5, {Reach.SELF: OWN, Reach.CLASS: WITHIN, Reach.SCHOOL: WITHIN}
    """In 5А, by himself or by somebody else, at another's lesson."""
    SCHOOL = 6, {Reach.SCHOOL: OWN, Reach.AUTHORITY: WITHIN}
    """The neighbour is another school of the same municipality."""
    AUTHORITY = 7, {Reach.AUTHORITY: OWN}
    """The neighbour is another municipality of the same region."""

    def covered(self, role: str, reach: Reach) -> frozenset[Position]:
        """Return in which places this reach of a role lets it do something."""
        if self is Thing.AUTHORITY and reach is Reach.AUTHORITY and role == Role.REGIONAL_OFFICER:
            return WITHIN
        return self.value[1].get(reach, NOWHERE)


@dataclass(frozen=True)
class Try:
    """Somebody reaches for something."""

    world: RightsWorld
    role: str
    actor: Actor
    position: Position

    @property
    def act(self) -> Act:
        return act(self.actor)

    @property
    def at(self) -> Corner:
        return self.world.corners[self.position]

    @property
    def whole(self) -> Whole:
        return self.world.wholes[self.position]

    @property
    def school(self) -> UUID:
        """A whole school, of which the neighbour is another one."""
        return self.whole.school.id

    @property
    def lesson(self) -> UUID:
        return self._of_lesson(self.world.lessons, lambda corner: corner.lesson)

    @property
    def learner(self) -> UUID:
        """A pupil who learns at that lesson."""
        return self._of_lesson(dict.fromkeys(GIVES_LESSONS, self.world.corners[Position.OWN].pupil), _pupil_of)

    @property
    def mark(self) -> UUID:
        return self._of_lesson(self.world.marks, lambda corner: corner.mark)

    def _of_lesson(self, own: dict[str, UUID], of: Callable[[Corner], UUID]) -> UUID:
        """Return his own; as its neighbour, for whoever gives lessons, another's lesson in the same class."""
        if self.role not in GIVES_LESSONS or self.position is Position.FOREIGN:
            return of(self.at)
        return own[self.role] if self.position is Position.OWN else of(self.world.corners[Position.OWN])

    @property
    def remark(self) -> UUID:
        return self._written(self.world.remarks, lambda corner: corner.remark)

    @property
    def homework(self) -> UUID:
        return self._written(self.world.homework, lambda corner: corner.homework)

    def _written(self, own: dict[str, UUID], of: Callable[[Corner], UUID]) -> UUID:
        """Return what he has written; as its neighbour, what another has written in the same class."""
        if self.position is Position.OWN and self.role in own:
            return own[self.role]
        return of(self.at if self.position is Position.FOREIGN else self.world.corners[Position.OWN])

    @property
    def relation(self) -> tuple[UUID, UUID]:
        """A pupil and his adult: he himself, where he is one; as its neighbour, the same pupil and another adult."""
        own = self.world.corners[Position.OWN]
        if self.position is Position.NEIGHBOUR:
            return own.pupil, self.world.people[FATHER]
        is_his = self.position is Position.OWN and self.role == Role.TRUSTED_ADULT
        return self.at.pupil, self.world.people[self.role] if is_his else self.at.guardian

    @property
    def teacher(self) -> UUID:
        """He himself, where he works at the school."""
        works = self.role in self.world.people and self.role not in NO_STAFF
        return self.world.people[self.role] if works and self.position is Position.OWN else self.at.employee

    @property
    def owner(self) -> BreachNotice:
        """He himself with his account, or somebody else with his."""
        if self.position is Position.OWN and self.role in self.world.people:
            return BreachNotice(self.world.people[self.role], self.world.accounts[self.role], NOW)
        return BreachNotice(self.at.guardian, self.at.guardian_account, NOW)

    @property
    def stay(self) -> UUID:
        """A stay of his own, or of somebody else."""
        other = self.at.guardian_stay
        return self.world.stays.get(self.role, other) if self.position is Position.OWN else other

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.world.stays.get(self.role, UUID(int=0)), self.actor, Need.NOTHING)


def _pupil_of(corner: Corner) -> UUID:
    return corner.pupil


type Do = Callable[[AsyncSession, Try], Awaitable[object]]


@dataclass(frozen=True)
class Doing:
    """One command or query, with the rights any one of which opens it; the first is the one that it is here for."""

    name: str
    thing: Thing
    right: Right
    do: Do
    others: tuple[Right, ...] = ()
    signed: bool = False
    """Bears the name of whoever does it, so that the operator, who is nobody, cannot."""
    hides: bool = False
    """Does not even tell that there is such a thing."""
