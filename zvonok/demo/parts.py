"""The parts of the performance: who is absent, who must be told, and which way. Computed from the office's files.

This is the checker's own account of who must be told; it asks neither the gateway nor its tables.
"""

from dataclasses import dataclass
from datetime import date

from core.roster_file import GuardianCells, PupilRow
from core.russian import FullName
from zvonok.demo.sample_school import Cast

TEACHER_ID = 1001
FIRST_PARENT_ID = 2001


@dataclass(frozen=True, slots=True)
class Parent:
    """A guardian of an absent pupil who must be told."""

    pupil: PupilRow
    cells: GuardianCells
    user_id: int | None
    """The messenger account he links; None for one who has e-mail only."""

    @property
    def name(self) -> FullName:
        """The guardian's name."""
        return self.cells.name


@dataclass(frozen=True, slots=True)
class Parts:
    """The whole cast."""

    teacher: FullName
    pupils: tuple[PupilRow, ...]
    parents: tuple[Parent, ...]
    explains: Parent
    """Answers «Болеет»."""
    acknowledges: Parent
    """Answers «Понятно»."""
    corrected: PupilRow
    """Was there after all."""

    def of(self, pupil: PupilRow) -> tuple[Parent, ...]:
        """Return the parents of a pupil who must be told."""
        return tuple(parent for parent in self.parents if parent.pupil is pupil)


def cast_parts(cast: Cast, day: date) -> Parts:
    """Give out the parts: in each family the first guardian links a messenger, the second one has e-mail only."""
    pupils = (cast.two_parents, cast.one_parent, cast.two_homes)
    parents: list[Parent] = []
    for pupil in pupils:
        for index, cells in enumerate(pupil.guardians):
            consents = cells.consent_on is not None and cells.consent_on <= day
            linked = index == 0
            if consents and (linked or cells.email_verified_on is not None):
                number = FIRST_PARENT_ID + len(parents)
                parents.append(Parent(pupil, cells, number if linked else None))
    explains, acknowledges = (
        next(parent for parent in parents if parent.pupil is pupil and parent.user_id is not None)
        for pupil in (cast.two_parents, cast.one_parent)
    )
    return Parts(cast.teacher.name, pupils, tuple(parents), explains, acknowledges, cast.two_homes)
