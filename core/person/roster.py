"""Import of a school's roster in one step: rows of the office's files become people, classes, relations, the timetable.

One transaction: either everything of the files is in the journal, or nothing. Importing the same files again changes
nothing; what the files no longer contain stays. ``core.lists.imports`` also looks without writing, and takes back.
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.lists import imports
from core.lists.difference import Difference, Kind, What
from core.lists.imports import RosterRefused, Wish
from core.roster_file import RosterFiles
from core.school.schools import SchoolCard

__all__ = ["ImportReport", "RosterRefused", "import_roster", "report_of"]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import changed."""

    people: int = 0
    pupils: int = 0
    staff: int = 0
    guardianships: int = 0
    addresses: int = 0
    slots: int = 0
    unchanged: int = 0


async def import_roster(session: AsyncSession, act: Act, school: SchoolCard, files: RosterFiles) -> ImportReport:
    """Bring the rows into the journal.

    Raises ``Forbidden``, ``RosterRefused`` with every problem found, or ``ImportDoubtful``: who some lines are, nobody
    can tell.
    """
    return report_of((await imports.bring_in(session, act, school, files, Wish())).difference, files)


def report_of(difference: Difference, files: RosterFiles) -> ImportReport:
    """Count what a difference changes."""
    relations = difference.of(What.RELATION)
    told = {entry.key for entry in (*relations, *difference.of(What.CONSENT)) if entry.fields_but("added")}
    return ImportReport(
        people=len(difference.of(What.PERSON, Kind.NEW)),
        pupils=len(difference.of(What.PUPIL, Kind.NEW)),
        staff=len(difference.of(What.STAFF, Kind.NEW)),
        guardianships=len(told),
        addresses=len(difference.of(What.ADDRESS)),
        slots=len(files.lessons),
        unchanged=difference.unchanged.people,
    )
