"""The parts of the performance: who is absent, who must be told, and which way. Computed from the office's files.

This is the checker's own account of who must be told; it asks neither the gateway nor its tables.
"""

from dataclasses import dataclass
from datetime import date

from core.roster_file import GuardianCells, PupilRow, RosterFiles
from core.russian import FullName
from zvonok.demo.sample_school import Cast

TEACHER_ID = 1001
CLASS_TEACHER_ID = 1002
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

    @property
    def messenger(self) -> int:
        """His messenger account. Raises ``LookupError`` for one who has none: the part was given to the wrong one."""
        if self.user_id is None:
            raise LookupError("whoever acts in a messenger has one")
        return self.user_id


@dataclass(frozen=True, slots=True)
class Parts:
    """The whole cast."""

    teacher: FullName
    class_teacher: FullName
    pupils: tuple[PupilRow, ...]
    parents: tuple[Parent, ...]
    explains: Parent
    """Answers «Болеет», and signs the notice in the chat."""
    acknowledges: Parent
    """Answers «Понятно», and confirms the other notice."""
    corrected: PupilRow
    """Was there after all; gets the mark and the remark."""
    classmates: tuple[str, ...]
    """Mailboxes of the class's other families that a notice must reach by letter, one for each adult."""

    def of(self, pupil: PupilRow) -> tuple[Parent, ...]:
        """Return the parents of a pupil who must be told."""
        return tuple(parent for parent in self.parents if parent.pupil is pupil)


def cast_parts(cast: Cast, rows: RosterFiles, day: date) -> Parts:
    """Give out the parts: in each family the first guardian links a messenger, the second one has e-mail only."""
    pupils = (cast.two_parents, cast.one_parent, cast.two_homes)
    parents: list[Parent] = []
    for pupil in pupils:
        for index, cells in enumerate(pupil.guardians):
            linked = index == 0
            if _consents(cells, day) and (linked or cells.email_verified_on is not None):
                number = FIRST_PARENT_ID + len(parents)
                parents.append(Parent(pupil, cells, number if linked else None))
    explains, acknowledges = (
        next(parent for parent in parents if parent.pupil is pupil and parent.user_id is not None)
        for pupil in (cast.two_parents, cast.one_parent)
    )
    led = next(row for row in rows.staff if row.class_teacher_of == cast.school_class)
    classmates = _classmates(cast, rows, day)
    return Parts(
        cast.teacher.name, led.name, pupils, tuple(parents), explains, acknowledges, cast.two_homes, classmates
    )


def _consents(cells: GuardianCells, day: date) -> bool:
    return cells.consent_on is not None and cells.consent_on <= day


def _classmates(cast: Cast, rows: RosterFiles, day: date) -> tuple[str, ...]:
    """Return the mailboxes of the other families of the class; an adult with two children there has one letter."""
    ours = (cast.two_parents, cast.one_parent, cast.two_homes)
    adults = {
        (cells.name, cells.email)
        for pupil in rows.pupils
        if pupil.school_class == cast.school_class and pupil not in ours
        for cells in pupil.guardians
        if _consents(cells, day) and cells.email is not None and cells.email_verified_on is not None
    }
    return tuple(sorted(email for _, email in adults if email is not None))
