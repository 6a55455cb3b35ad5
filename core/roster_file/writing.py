"""The office's tables written: CSV for any program, XLSX with real dates. What is written is read again unchanged.

A text that a spreadsheet would run as a formula gets an apostrophe before it, the spreadsheets' own sign for "this is
a text"; the reader takes it off again (``fields.parse_text``), so nothing is lost and nothing runs.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

import xlsxwriter

from core.roster_file.columns import COLUMNS, Field, Kind
from core.roster_file.fields import WEEKS_WORDS, shielded
from core.roster_file.lines import FIRST_SHIFT
from core.roster_file.rows import RELATION_WORDS, WEEKDAY_WORDS, GuardianCells, LessonRow, PupilRow, StaffRow

type Value = str | int | Decimal | date | time | None
type Values = Mapping[tuple[Field, int], Value]
type Table = tuple[tuple[Value, ...], ...]

_SELDOM: Final = frozenset({Field.GROUP, Field.WEEKS, Field.SHIFT, Field.SINCE, Field.UNTIL})
"""Columns that are written only if a line needs them."""
_CREATED: Final = datetime(2026, 9, 5, 9, 0, tzinfo=UTC)
_WIDTH: Final = 16


def staff_table(rows: Sequence[StaffRow]) -> Table:
    """Return «Сотрудники», the header first."""
    return table(Kind.STAFF, [of_staff(row) for row in rows])


def pupils_table(rows: Sequence[PupilRow]) -> Table:
    """Return «Ученики», the header first."""
    return table(Kind.PUPILS, [of_pupil(row) for row in rows])


def lessons_table(rows: Sequence[LessonRow]) -> Table:
    """Return «Расписание», the header first."""
    return table(Kind.TIMETABLE, [of_lesson(row) for row in rows])


def to_csv(table: Table, *, delimiter: str = ";", encoding: str = "utf-8-sig", newline: str = "\n") -> bytes:
    """Write a table as CSV; by default as Excel expects it in Russia. Dates become дд.мм.гггг, times ч:мм."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator=newline)
    writer.writerows([_shown(value) for value in row] for row in table)
    return text.getvalue().encode(encoding)


def to_xlsx(tables: Mapping[str, Table]) -> bytes:
    """Write tables as sheets of a book, with real dates and times. The same tables give the same parts."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    book.set_properties({"created": _CREATED})
    formats = {
        date: book.add_format({"num_format": "dd.mm.yyyy"}),
        time: book.add_format({"num_format": "h:mm"}),
        str: book.add_format({"bold": True}),
    }
    for name, table in tables.items():
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(table[0]) - 1, _WIDTH)
        for line, row in enumerate(table):
            for column, value in enumerate(row):
                if isinstance(value, date | time):
                    sheet.write_datetime(line, column, value, formats[type(value)])
                elif isinstance(value, str):
                    sheet.write_string(line, column, shielded(value), None if line else formats[str])
                elif value is not None:
                    sheet.write_number(line, column, float(value))
    book.close()
    return stream.getvalue()


def table(kind: Kind, rows: Sequence[Values]) -> Table:
    """Return a table with its header; columns that few schools need only if somebody filled them."""
    filled = {key for row in rows for key, value in row.items() if value not in {None, ""}}
    columns = [one for one in COLUMNS[kind] if one.required or one.key in filled or one.field not in _SELDOM]
    header: tuple[Value, ...] = tuple(column.title for column in columns)
    return (header, *(tuple(row.get(column.key) for column in columns) for row in rows))


def of_staff(row: StaffRow) -> Values:
    """Return the cells of a line of «Сотрудники»."""
    return {
        (Field.SURNAME, 0): row.name.surname,
        (Field.GIVEN, 0): row.name.given,
        (Field.PATRONYMIC, 0): row.name.patronymic,
        (Field.BIRTH_DATE, 0): row.birth_date,
        (Field.POSITION, 0): row.position,
        (Field.CLASS_TEACHER_OF, 0): None if row.class_teacher_of is None else str(row.class_teacher_of),
        (Field.EMAIL, 0): row.email,
        (Field.EMAIL_VERIFIED, 0): row.email_verified_on,
    }


def of_pupil(row: PupilRow) -> Values:
    """Return the cells of a line of «Ученики»."""
    values: dict[tuple[Field, int], Value] = {
        (Field.CLASS, 0): str(row.school_class),
        (Field.SURNAME, 0): row.name.surname,
        (Field.GIVEN, 0): row.name.given,
        (Field.PATRONYMIC, 0): row.name.patronymic,
        (Field.BIRTH_DATE, 0): row.birth_date,
    }
    for number, guardian in enumerate(row.guardians, start=1):
        values |= _of_guardian(guardian, number)
    return values


def _of_guardian(guardian: GuardianCells, number: int) -> dict[tuple[Field, int], Value]:
    return {
        (Field.SURNAME, number): guardian.name.surname,
        (Field.GIVEN, number): guardian.name.given,
        (Field.PATRONYMIC, number): guardian.name.patronymic,
        (Field.BIRTH_DATE, number): guardian.birth_date,
        (Field.RELATION, number): RELATION_WORDS[guardian.relation],
        (Field.EMAIL, number): guardian.email,
        (Field.EMAIL_VERIFIED, number): guardian.email_verified_on,
        (Field.CONSENT, number): guardian.consent_on,
    }


def of_lesson(row: LessonRow) -> Values:
    """Return the cells of a line of «Расписание»."""
    return {
        (Field.CLASS, 0): None if row.school_class is None else str(row.school_class),
        (Field.WEEKDAY, 0): WEEKDAY_WORDS[row.weekday],
        (Field.NUMBER, 0): row.number,
        (Field.STARTS, 0): row.starts_at,
        (Field.ENDS, 0): row.ends_at,
        (Field.SUBJECT, 0): row.subject,
        (Field.TEACHER, 0): row.teacher,
        (Field.ROOM, 0): row.room,
        (Field.GROUP, 0): row.group,
        (Field.WEEKS, 0): WEEKS_WORDS[row.every],
        (Field.SHIFT, 0): None if row.shift == FIRST_SHIFT else row.shift,
        (Field.SINCE, 0): row.since,
        (Field.UNTIL, 0): row.until,
    }


def _shown(value: Value) -> str:
    match value:
        case None:
            return ""
        case date():
            return f"{value:%d.%m.%Y}"
        case time():
            return f"{value.hour}:{value:%M}"
        case str():
            return shielded(value)
        case _:
            return str(value)
