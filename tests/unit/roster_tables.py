"""A small school office for tests: good rows to spoil, and the ways to write them into files."""

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from core.roster_file import Limits, LineError, NamedBytes, RosterErrors, RosterFiles, describe, read_roster
from core.roster_file.rows import DEFAULT_LIMITS
from texts.reader import load

TODAY: Final = date(2026, 11, 22)

type Row = Mapping[str, str]

STAFF: Final[Row] = {
    "Фамилия": "Семёнова",
    "Имя": "Ольга",
    "Отчество": "Петровна",
    "Дата рождения": "12.03.1980",
    "Должность": "учитель математики",
    "Классное руководство": "5А",
    "Эл. почта": "o.semenova@example.org",
    "Почта подтверждена": "28.08.2026",
}
PUPIL: Final[Row] = {
    "Класс": "5А",
    "Фамилия": "Королёва",
    "Имя": "Алёна",
    "Отчество": "Игоревна",
    "Дата рождения": "07.05.2015",
    "Родитель 1: фамилия": "Королёва",
    "Родитель 1: имя": "Анна",
    "Родитель 1: отчество": "Юрьевна",
    "Родитель 1: дата рождения": "01.02.1988",
    "Родитель 1: кем приходится": "мать",
    "Родитель 1: эл. почта": "koroleva@example.org",
    "Родитель 1: почта подтверждена": "30.08.2026",
    "Родитель 1: согласие от": "29.08.2026",
    "Родитель 2: фамилия": "Щеглов",
    "Родитель 2: имя": "Игорь",
    "Родитель 2: отчество": "",
    "Родитель 2: дата рождения": "",
    "Родитель 2: кем приходится": "отец",
    "Родитель 2: эл. почта": "",
    "Родитель 2: почта подтверждена": "",
    "Родитель 2: согласие от": "",
}
LESSON: Final[Row] = {
    "Класс": "5А",
    "День недели": "вторник",
    "Урок": "1",
    "Начало": "8:30",
    "Конец": "9:10",
    "Предмет": "математика",
    "Учитель": "Семёнова Ольга Петровна",
    "Кабинет": "21",
}
TABLES: Final[Mapping[str, Row]] = {"staff": STAFF, "pupils": PUPIL, "timetable": LESSON}


def matrix(*rows: Row) -> list[list[str]]:
    """Return rows with their header; the titles are those of the first row."""
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def csv_text(lines: Sequence[Sequence[str]], delimiter: str = ";") -> str:
    """Write lines as CSV."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(lines)
    return stream.getvalue()


def csv_file(*rows: Row, name: str = "file.csv") -> NamedBytes:
    """Write rows with their header as a CSV file."""
    return NamedBytes(name, csv_text(matrix(*rows)).encode())


def read(*files: NamedBytes, limits: Limits = DEFAULT_LIMITS) -> RosterFiles | RosterErrors:
    """Read the files as of :data:`TODAY`."""
    return read_roster(files, today=TODAY, limits=limits)


def good(result: RosterFiles | RosterErrors) -> RosterFiles:
    """Return the rows; a failed reading fails the test with all reasons."""
    assert isinstance(result, RosterFiles), "\n".join(told(result))
    return result


def bad(result: RosterFiles | RosterErrors) -> tuple[LineError, ...]:
    """Return the errors; a reading that went well fails the test."""
    assert isinstance(result, RosterErrors)
    assert result.errors
    return result.errors


def told(result: RosterFiles | RosterErrors, language: str = "ru") -> list[str]:
    """Return every error and notice in words."""
    say = load(language).format
    errors = result.errors if isinstance(result, RosterErrors) else ()
    return [describe(error, say) for error in errors] + [describe(notice, say) for notice in result.notices]


def zipped(parts: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Make an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return stream.getvalue()


_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def relations(*targets: tuple[str, str]) -> str:
    """Write a part of relations of (kind, target), with ids r1, r2 …"""
    items = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{items}</Relationships>'


def raw_parts(rows: str, *, after: str = "", strings: str = "", styles: str = "", sheet: str = "") -> dict[str, str]:
    """Return the parts of a book with one sheet, written by hand: the reader must not need what Excel always writes."""
    return {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="Лист1" sheetId="1" r:id="r1" {sheet}/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml"), ("styles", "/xl/styles.xml")
        ),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}">{styles}</styleSheet>',
    }


def raw_row(number: int, values: Sequence[str]) -> str:
    """Write a row of inline strings."""
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f'<row r="{number}">{cells}</row>'


def raw_book(rows: str, **parts: str) -> NamedBytes:
    """Make a book from hand-written rows."""
    return NamedBytes("book.xlsx", zipped(raw_parts(rows, **parts)))
