"""Lines of a school office's tables, as short as a test can write them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from uuid import UUID, uuid4

from core.actor import OFFICE, Act
from core.database import Database
from core.person import roster
from core.person.roster import ImportReport
from core.roster_file import (
    ClassTitle,
    GuardianCells,
    LessonRow,
    Place,
    PupilRow,
    Relation,
    RosterFiles,
    StaffRow,
    Weekday,
)
from core.russian import FullName
from core.school.schools import SchoolCard
from tests.integration.core_world import Hands, Watch

NOWHERE = Place("")
CHILD_BORN = date(2015, 5, 7)
CONSENT = date(2026, 9, 1)


def name(written: str) -> FullName:
    """Read «Фамилия Имя Отчество»."""
    surname, given, patronymic = (*written.split(), "", "")[:3]
    return FullName(surname, given, patronymic)


def title(written: str) -> ClassTitle:
    """Read «5А»."""
    return ClassTitle(int(written[:-1]), written[-1])


def staff(who: str, position: str = "учитель", *, born: date | None = None, of: str | None = None) -> StaffRow:
    """Write a line of «Сотрудники»."""
    return StaffRow(NOWHERE, name(who), born, position, title(of) if of else None, None, None)


def parent(
    who: str,
    relation: Relation = Relation.MOTHER,
    *,
    born: date | None = None,
    mail: tuple[str, date | None] | None = None,
    consent: date | None = CONSENT,
) -> GuardianCells:
    """Write an adult's cells in a line of «Ученики»."""
    address, verified = mail or (None, None)
    return GuardianCells(name(who), born, relation, address, verified, consent)


def pupil(school_class: str, who: str, *guardians: GuardianCells, born: date = CHILD_BORN) -> PupilRow:
    """Write a line of «Ученики»."""
    return PupilRow(NOWHERE, title(school_class), name(who), born, guardians)


def lesson(school_class: str, number: int, teacher: str, *, weekday: Weekday = Weekday.TUESDAY) -> LessonRow:
    """Write a line of «Расписание»: the lesson begins at half past an hour."""
    begins = 7 + number
    return LessonRow(
        NOWHERE, title(school_class), weekday, number, time(begins, 30), time(begins + 1, 15), "алгебра", teacher, None
    )


def office_files(
    staff_rows: Sequence[StaffRow], pupils: Sequence[PupilRow], lessons: Sequence[LessonRow] = ()
) -> RosterFiles:
    """Put the lines into three files; the first line of each is its header."""
    return RosterFiles(
        tuple(replace(row, place=Place("staff.csv", line=line)) for line, row in enumerate(staff_rows, 2)),
        tuple(replace(row, place=Place("pupils.csv", line=line)) for line, row in enumerate(pupils, 2)),
        tuple(replace(row, place=Place("timetable.csv", line=line)) for line, row in enumerate(lessons, 2)),
    )


@dataclass
class Office:
    """A school's office that imports its files again and again."""

    database: Database
    watch: Watch
    hands: Hands
    school: SchoolCard

    async def imports(self, files: RosterFiles) -> ImportReport:
        """Bring the files into the journal."""
        act = Act(OFFICE, self.hands.at, f"import:{uuid4()}")
        async with self.database.begin() as session:
            return await roster.import_roster(session, act, self.school, files)

    async def people(self, surname: str) -> list[UUID]:
        """Return the persons of a surname."""
        return [row["id"] for row in await self.watch.rows("SELECT id FROM core.person WHERE surname = $1", surname)]
