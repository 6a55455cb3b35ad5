"""Rights, in one place and pure: who somebody is and what he wants to touch go in, a yes or no comes out.

A *right* is what a command or a query does; a *role* is what somebody is at the school; a *reach* says how far a role's
right goes: to his own lessons, his class, his child, the whole school. The table below is the built-in one, equal to
the hand-written ``docs/reference/rights.csv``, which cites the requirement of each cell; a school may decide otherwise
(ROLE-04).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from core.access_names import Reach, Right, Role
from core.access_table import RIGHTS_OF
from core.actor import Program

__all__ = ["RIGHTS_OF", "Held", "Reach", "Right", "Role", "Standing", "Thing", "is_personal", "may", "reach_of"]


@dataclass(frozen=True, slots=True)
class Held:
    """A role that somebody holds on this day; a role of the school's own has its code for a name."""

    role: str
    school: UUID | None = None
    authority: UUID | None = None
    school_class: UUID | None = None
    """Of a stand-in: the class whose teacher he replaces."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is on this day."""

    person: UUID | None
    is_office: bool = False
    """The operator of the installation, who stands outside the school's roles: he may all that is not personal."""
    held: frozenset[Held] = frozenset()
    overrides: Mapping[tuple[str, Right], Reach] = field(default_factory=lambda: MappingProxyType({}))
    """What the thing's school decided otherwise than the table."""
    program: Program | None = None
    """What stands in nobody's place: it holds no roles, and acts in its school's name."""


@dataclass(frozen=True, slots=True)
class Thing:
    """What somebody wants to see or touch, as far as rights ask for it."""

    school: UUID | None = None
    authorities: frozenset[UUID] = frozenset()
    """The municipality and the region above the school; of an authority: itself and what is above it."""
    school_class: UUID | None = None
    class_teacher: UUID | None = None
    lesson_teacher: UUID | None = None
    substitute: UUID | None = None
    person: UUID | None = None
    """Whose record or whose writing it is."""
    guardians: frozenset[UUID] = frozenset()
    """Adults who may see the pupil that it is about, on this day; those with a limited view are ``trusted``."""
    trusted: frozenset[UUID] = frozenset()


def may(standing: Standing, right: Right, thing: Thing) -> bool:
    """Tell whether this person may do this with that thing."""
    if standing.is_office:
        return not is_personal(right)
    if standing.program is not None:
        return _is_given(standing.program, right, thing)
    if standing.person is None:
        return False
    reaches = {(held, reach_of(standing, held.role, right)) for held in standing.held}
    return any(_covers(standing.person, held, reach, thing) for held, reach in reaches)


def _is_given(program: Program, right: Right, thing: Thing) -> bool:
    """Tell whether a program's key lets it do this anywhere in its school; what is somebody's own, no key opens."""
    return right in program.rights and thing.school == program.school and not is_personal(right)


def is_personal(right: Right) -> bool:
    """Tell whether the right is only ever somebody's own: nobody, the operator included, acts as a parent for him."""
    return all(reach in {Reach.SELF, Reach.CHILD} for reach in RIGHTS_OF[right].values())


def reach_of(standing: Standing, role: str, right: Right) -> Reach:
    """Return how far a role's right goes here: the school's own answer, or the table's."""
    own = standing.overrides.get((role, right))
    if own is not None:
        return own
    return RIGHTS_OF[right].get(Role(role), Reach.NONE) if role in Role else Reach.NONE


def _covers(person: UUID, held: Held, reach: Reach, thing: Thing) -> bool:
    match reach:
        case Reach.NONE:
            covered = False
        case Reach.SELF:
            covered = person == thing.person
        case Reach.CHILD:
            covered = person in (thing.trusted if held.role == Role.TRUSTED_ADULT else thing.guardians)
        case Reach.LESSON:
            covered = person == (thing.substitute if held.role == Role.SUBSTITUTE else thing.lesson_teacher)
        case Reach.CLASS:
            covered = _leads(person, held, thing)
        case Reach.SCHOOL:
            covered = held.school is not None and held.school == thing.school
        case Reach.AUTHORITY:
            covered = held.authority is not None and held.authority in thing.authorities
    return covered


def _leads(person: UUID, held: Held, thing: Thing) -> bool:
    if held.school is None or held.school != thing.school:
        return False
    if held.role == Role.CLASS_TEACHER:
        return person == thing.class_teacher
    return held.school_class is not None and held.school_class == thing.school_class
