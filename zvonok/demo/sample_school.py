"""The sample school: a fictional private school with 24 classes, its families, staff and timetable of 2026/27.

``python -m zvonok.demo.sample_school`` writes its files anew into ``zvonok/demo/sample``; they are in the repository,
and always the same. Everybody in them is made up, and every address is in a domain that nobody can own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final

from core.roster_file import ClassTitle, LessonRow, Place, PupilRow, RosterFiles, StaffRow, Weekday
from core.roster_file.columns import Kind
from core.roster_file.writing import lessons_table, pupils_table, staff_table, to_csv, to_xlsx
from core.russian import FullName
from zvonok.demo.dice import Dice
from zvonok.demo.sample_names import SURNAMES
from zvonok.demo.sample_people import (
    CAST_CLASS,
    CAST_ONE_PARENT,
    CAST_TWO_HOMES,
    CAST_TWO_PARENTS,
    TWINS_CLASS,
    Planted,
    Town,
    make_pupils,
)
from zvonok.demo.sample_plan import CLASSES, DEPARTMENTS, OFFICE, PRIMARY_POSITION, Department, is_primary
from zvonok.demo.sample_timetable import Teacher, Unit, make_timetable, share_out

SHEETS: Final[Mapping[Kind, str]] = MappingProxyType(
    {Kind.STAFF: "Сотрудники", Kind.PUPILS: "Ученики", Kind.TIMETABLE: "Расписание"}
)
NAME: Final = "Частная школа «Звонок»"
KIND: Final = "private"
ZONE: Final = "Asia/Yekaterinburg"
FOLDER: Final = Path(__file__).parent / "sample"
CSV_FILES: Final = ("staff.csv", "pupils.csv", "timetable.csv")
XLSX_FILE: Final = "school.xlsx"

_SEED: Final = 20_260_901
_MEN_IN_STAFF_PERCENT: Final = 20
_FIRST_ROOM: Final = 201
_WITHOUT_MAIL: Final = "педагог-библиотекарь"
_UNVERIFIED: Final = "социальный педагог"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who plays in the demonstration. All three pupils are of one class; a parent can be reached where said so."""

    lesson: LessonRow
    """The class's first lesson on a Tuesday, at 8:30."""
    teacher: StaffRow
    """Who gives it."""
    two_parents: PupilRow
    """Both have given consent and have verified addresses, in one home."""
    one_parent: PupilRow
    """One guardian, with consent and a verified address."""
    two_homes: PupilRow
    """Two guardians of different surnames, each with consent and a verified address of their own."""

    @property
    def school_class(self) -> ClassTitle:
        """The class."""
        return CAST_CLASS


def find_cast(rows: RosterFiles) -> Cast:
    """Find the cast among the sample school's rows. Raises ``LookupError`` if these are another school's."""
    lesson = next(
        (
            row
            for row in rows.lessons
            if row.school_class == CAST_CLASS and row.weekday is Weekday.TUESDAY and row.number == 1
        ),
        None,
    )
    if lesson is None:
        raise LookupError("the cast's lesson")
    teacher = next((row for row in rows.staff if row.name.in_full() == lesson.teacher), None)
    if teacher is None:
        raise LookupError("the cast's teacher")
    return Cast(
        lesson=lesson,
        teacher=teacher,
        two_parents=_planted(rows, CAST_TWO_PARENTS),
        one_parent=_planted(rows, CAST_ONE_PARENT),
        two_homes=_planted(rows, CAST_TWO_HOMES),
    )


def _planted(rows: RosterFiles, planted: Planted) -> PupilRow:
    row = next((row for row in rows.pupils if planted.is_in(row)), None)
    if row is None:
        raise LookupError("a pupil of the cast")
    return row


def make_school() -> RosterFiles:
    """Make the school's rows: always the same."""
    dice = Dice(_SEED)
    town = Town(dice)
    pupils = make_pupils(town, dice)
    primary = {
        school_class: _teacher(town, dice, PRIMARY_POSITION, str(100 + number))
        for number, school_class in enumerate((one for one in CLASSES if is_primary(one)), start=1)
    }
    departments = _departments(town, dice)
    units = share_out(primary, departments)
    lessons = make_timetable(units, dice)
    teachers = [*primary.values(), *(teacher for several in departments.values() for teacher in several)]
    staff = [*_staff(teachers, _class_teachers(primary, units), town, dice), _mother_at_work(pupils)]
    return RosterFiles(tuple(sorted(staff, key=lambda row: row.name.sort_key())), pupils, lessons)


def _departments(town: Town, dice: Dice) -> dict[Department, list[Teacher]]:
    room = _FIRST_ROOM
    departments: dict[Department, list[Teacher]] = {}
    for department in DEPARTMENTS:
        departments[department] = []
        for number in range(1, department.teachers + 1):
            own = department.room if department.teachers == 1 else f"{department.room} {number}"
            departments[department].append(
                _teacher(town, dice, department.position, own if department.room else str(room))
            )
            room += 1
    return departments


def _teacher(town: Town, dice: Dice, position: str, room: str) -> Teacher:
    return Teacher(_employee(town, dice), position, room)


def _employee(town: Town, dice: Dice) -> FullName:
    return town.person(dice.pick(SURNAMES), woman=not dice.chance(_MEN_IN_STAFF_PERCENT))


def _class_teachers(
    primary: Mapping[ClassTitle, Teacher], units: Mapping[ClassTitle, tuple[Unit, ...]]
) -> dict[Teacher, ClassTitle]:
    """Give each class a class teacher who sees it most often and has no class yet."""
    chosen = {teacher: school_class for school_class, teacher in primary.items()}
    for school_class in CLASSES:
        if school_class in primary:
            continue
        teachers = [unit.teacher for unit in units[school_class]]
        free = [teacher for teacher in dict.fromkeys(teachers) if teacher not in chosen]
        chosen[max(free, key=teachers.count)] = school_class
    return chosen


def _staff(
    teachers: Sequence[Teacher], classes: Mapping[Teacher, ClassTitle], town: Town, dice: Dice
) -> list[StaffRow]:
    return [
        *(_staff_row(_employee(town, dice), position, None, town, dice) for position in OFFICE),
        *(_staff_row(one.name, one.position, classes.get(one), town, dice) for one in teachers),
    ]


def _staff_row(name: FullName, position: str, school_class: ClassTitle | None, town: Town, dice: Dice) -> StaffRow:
    return StaffRow(
        place=Place(CSV_FILES[0]),
        name=name,
        birth_date=town.birth_date(date(1962 + dice.below(40), 1, 1), 365),
        position=position,
        class_teacher_of=school_class,
        email=None if position == _WITHOUT_MAIL else town.mailbox(name),
        email_verified_on=None if position in {_WITHOUT_MAIL, _UNVERIFIED} else town.paper_date(),
    )


def _mother_at_work(pupils: Sequence[PupilRow]) -> StaffRow:
    """Return the twins' mother as an employee: one person, in two tables."""
    twins = [row for row in pupils if row.school_class == TWINS_CLASS]
    days = [row.birth_date for row in twins]
    mother = next(row.guardians[0] for row in twins if days.count(row.birth_date) > 1)
    return StaffRow(
        place=Place(CSV_FILES[0]),
        name=mother.name,
        birth_date=mother.birth_date,
        position="учитель-логопед",
        class_teacher_of=None,
        email=mother.email,
        email_verified_on=mother.email_verified_on,
    )


def make_files(school: RosterFiles) -> dict[str, bytes]:
    """Write the school's files: three CSV tables, and a book with the same three sheets."""
    tables = {
        Kind.STAFF: staff_table(school.staff),
        Kind.PUPILS: pupils_table(school.pupils),
        Kind.TIMETABLE: lessons_table(school.lessons),
    }
    files = {name: to_csv(table) for name, table in zip(CSV_FILES, tables.values(), strict=True)}
    return files | {XLSX_FILE: to_xlsx({SHEETS[kind]: table for kind, table in tables.items()})}


def main() -> None:
    """Write the files anew."""
    FOLDER.mkdir(exist_ok=True)
    for name, data in make_files(make_school()).items():
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
