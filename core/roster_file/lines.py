"""A line of each table → a typed row, or nothing and the reasons in the log."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, time
from typing import Final

from core.roster_file.columns import Field
from core.roster_file.fields import (
    parse_date,
    parse_group,
    parse_lesson_number,
    parse_relation,
    parse_shift,
    parse_subject,
    parse_teacher,
    parse_text,
    parse_time,
    parse_weekday,
    parse_weeks,
)
from core.roster_file.problems import Code, NoticeCode, fault
from core.roster_file.row_reader import RowReader
from core.roster_file.rows import ClassTitle, GuardianCells, LessonRow, PupilRow, StaffRow, name_key
from core.year.weekly import Every

_YOUNGEST_STAFF, _YOUNGEST_GUARDIAN, _OLDEST_ADULT = 14, 14, 110
_YOUNGEST_PUPIL_OVER_GRADE, _OLDEST_PUPIL_OVER_GRADE = 3, 12
_USUAL_YEARS_OVER_GRADE: Final = range(5, 9)
_SCHOOL_YEAR_BEGINS: Final = (9, 1)
_MONTH_OF_NEXT_LISTS: Final = 6
FIRST_SHIFT: Final = 1
_GUARDIANS: Final = (1, 2)
_GUARDIAN_FIELDS: Final = (
    Field.SURNAME,
    Field.GIVEN,
    Field.PATRONYMIC,
    Field.BIRTH_DATE,
    Field.RELATION,
    Field.EMAIL,
    Field.EMAIL_VERIFIED,
    Field.CONSENT,
)


@dataclass(slots=True)
class Draft:
    """What was read up to now."""

    today: date
    staff: list[StaffRow] = field(default_factory=list)
    pupils: list[PupilRow] = field(default_factory=list)
    lessons: list[LessonRow] = field(default_factory=list)
    classes_of_pupils: set[ClassTitle] = field(default_factory=set)
    """Of wrong lines too, so that one wrong date does not make a whole class look missing."""
    whole: bool = True
    """False once a table could not be read at all: then nobody can say what is missing."""
    staff_whole: bool = True
    """False once a line of «Сотрудники» was wrong: whoever a lesson names may stand in it."""


type LineTaker = Callable[[RowReader, Draft], None]


def take_staff(line: RowReader, draft: Draft) -> None:
    """Read a line of «Сотрудники»."""
    name = line.name()
    birth_date = line.optional(Field.BIRTH_DATE, parse_date)
    if birth_date is not None:
        _check_adult(line, birth_date, draft.today, _YOUNGEST_STAFF)
    position = line.required(Field.POSITION, parse_text)
    class_teacher_of = line.class_title(Field.CLASS_TEACHER_OF, required=False)
    email, verified_on = line.verified_email(draft.today)
    if name is not None and position is not None and line.good:
        draft.staff.append(StaffRow(line.place, name, birth_date, position, class_teacher_of, email, verified_on))
    else:
        draft.staff_whole = False


def take_pupil(line: RowReader, draft: Draft) -> None:
    """Read a line of «Ученики»."""
    school_class = line.class_title(Field.CLASS, required=True)
    if school_class is not None:
        draft.classes_of_pupils.add(school_class)
    name = line.name()
    birth_date = line.required(Field.BIRTH_DATE, parse_date)
    if birth_date is not None:
        _check_child(line, birth_date, school_class, draft.today)
    guardians = _guardians(line, draft.today)
    if school_class is not None and name is not None and birth_date is not None and line.good:
        draft.pupils.append(PupilRow(line.place, school_class, name, birth_date, guardians))


def take_lesson(line: RowReader, draft: Draft) -> None:
    """Read a line of «Расписание»: of a class, or of a group, whose class need not be named."""
    group = line.optional(Field.GROUP, parse_group)
    school_class = line.class_title(Field.CLASS, required=not line.has(Field.GROUP))
    weekday = line.required(Field.WEEKDAY, parse_weekday)
    number = line.required(Field.NUMBER, parse_lesson_number)
    starts, ends = _hours(line)
    subject = line.required(Field.SUBJECT, parse_subject)
    if subject is not None and line.text(Field.SUBJECT) != subject:
        line.notice(Field.SUBJECT, NoticeCode.SUBJECT_LOWERED, used=subject)
    teacher = line.required(Field.TEACHER, parse_teacher)
    room = line.text(Field.ROOM)
    every = line.optional(Field.WEEKS, parse_weeks) or Every.WEEK
    shift = line.optional(Field.SHIFT, parse_shift) or FIRST_SHIFT
    since, until = line.optional(Field.SINCE, parse_date), line.optional(Field.UNTIL, parse_date)
    if since is not None and until is not None and until < since:
        line.error(Field.UNTIL, fault(Code.LAST_BEFORE_FIRST, first=f"{since:%d.%m.%Y}", last=f"{until:%d.%m.%Y}"))
    if weekday is None or number is None or subject is None or teacher is None or not line.good:
        return
    row = LessonRow(line.place, school_class, weekday, number, starts, ends, subject, teacher, room)
    draft.lessons.append(replace(row, group=group, every=every, shift=shift, since=since, until=until))


def _hours(line: RowReader) -> tuple[time | None, time | None]:
    """Read when a lesson begins and ends: both, or neither, by the bells."""
    starts, ends = line.optional(Field.STARTS, parse_time), line.optional(Field.ENDS, parse_time)
    if line.has(Field.STARTS) != line.has(Field.ENDS):
        line.error(Field.ENDS if line.has(Field.STARTS) else Field.STARTS, fault(Code.HALF_HOURS))
    if starts is not None and ends is not None and ends <= starts:
        line.error(Field.ENDS, fault(Code.ENDS_BEFORE_START, starts=f"{starts:%H:%M}", ends=f"{ends:%H:%M}"))
    return starts, ends


def _guardians(line: RowReader, today: date) -> tuple[GuardianCells, ...]:
    found: list[GuardianCells] = []
    any_written = False
    for number in _GUARDIANS:
        line.guardian = number
        if any(line.has(field) for field in _GUARDIAN_FIELDS):
            any_written = True
            guardian = _guardian(line, today)
            if guardian is not None:
                found.append(guardian)
    line.guardian = 1
    if not any_written:
        line.error(Field.SURNAME, fault(Code.NO_GUARDIAN))
    if len(found) > 1 and name_key(found[0].name) == name_key(found[1].name):
        line.guardian = 2
        line.error(Field.SURNAME, fault(Code.GUARDIAN_TWICE))
    line.guardian = 0
    return tuple(found)


def _guardian(line: RowReader, today: date) -> GuardianCells | None:
    name = line.name()
    birth_date = line.optional(Field.BIRTH_DATE, parse_date)
    if birth_date is not None:
        _check_adult(line, birth_date, today, _YOUNGEST_GUARDIAN)
    relation = line.required(Field.RELATION, parse_relation)
    email, verified_on = line.verified_email(today)
    consent_on = line.past_date(Field.CONSENT, today)
    if name is None or relation is None:
        return None
    return GuardianCells(name, birth_date, relation, email, verified_on, consent_on)


def _check_child(line: RowReader, birth_date: date, school_class: ClassTitle | None, today: date) -> None:
    """Refuse a date that no pupil of the grade can have; mention one that few have."""
    if birth_date > today:
        line.error(
            Field.BIRTH_DATE, fault(Code.DATE_IN_FUTURE, seen=f"{birth_date:%d.%m.%Y}", today=f"{today:%d.%m.%Y}")
        )
        return
    age = _years(birth_date, _first_of_september(today))
    grades = (1, 11) if school_class is None else (school_class.grade, school_class.grade)
    seen = f"{birth_date:%d.%m.%Y}"
    if not grades[0] + _YOUNGEST_PUPIL_OVER_GRADE <= age <= grades[1] + _OLDEST_PUPIL_OVER_GRADE:
        line.error(Field.BIRTH_DATE, fault(Code.CHILD_AGE, seen=seen))
    elif school_class is not None and age - school_class.grade not in _USUAL_YEARS_OVER_GRADE:
        line.notice(Field.BIRTH_DATE, NoticeCode.UNUSUAL_AGE, age=age, seen=seen, school_class=str(school_class))


def _check_adult(line: RowReader, birth_date: date, today: date, youngest: int) -> None:
    age = _years(birth_date, today)
    if not youngest <= age <= _OLDEST_ADULT:
        line.error(Field.BIRTH_DATE, fault(Code.ADULT_AGE, seen=f"{birth_date:%d.%m.%Y}", youngest=youngest))


def _first_of_september(today: date) -> date:
    """Return the beginning of the school year whose lists are being handed in: from June on, of the coming one."""
    year = today.year if today.month >= _MONTH_OF_NEXT_LISTS else today.year - 1
    return date(year, *_SCHOOL_YEAR_BEGINS)


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
