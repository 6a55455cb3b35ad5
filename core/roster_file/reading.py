"""From the bytes of a school office's files to typed rows, or to everything that is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Final

from core.roster_file.cells import Book, Cell, FileRefusal, RawTable, column_letters
from core.roster_file.checks import check_all
from core.roster_file.columns import Header, Kind, find_header, header_score
from core.roster_file.lines import Draft, LineTaker, take_lesson, take_pupil, take_staff
from core.roster_file.opening import open_book
from core.roster_file.problems import Code, Fault, NoticeCode, Place, ProblemLog, fault, quote
from core.roster_file.row_reader import RowReader
from core.roster_file.rows import DEFAULT_LIMITS, Limits, NamedBytes, RosterErrors, RosterFiles

_TITLES_SHOWN: Final = 8
_TAKERS: Final[Mapping[Kind, LineTaker]] = MappingProxyType(
    {Kind.STAFF: take_staff, Kind.PUPILS: take_pupil, Kind.TIMETABLE: take_lesson}
)


def read_roster(
    files: Sequence[NamedBytes], *, today: date, limits: Limits = DEFAULT_LIMITS
) -> RosterFiles | RosterErrors:
    """Read the office's tables, in any number of CSV and XLSX files.

    Which table a file or sheet holds is told by its header. Either everything is read, or nothing: then all errors
    are returned, up to ``limits.errors`` of them and the number of the rest. ``today`` is the school's date: papers
    of tomorrow are refused. Bad files never raise.
    """
    reading = _Reading(today, limits)
    for file in files:
        reading.read_file(file)
    return reading.result([file.name for file in files])


class _Reading:
    """One reading of a set of files."""

    def __init__(self, today: date, limits: Limits) -> None:
        self._limits = limits
        self._log = ProblemLog(limits.errors)
        self._draft = Draft(today)
        self._names: set[str] = set()

    def result(self, files: Sequence[str]) -> RosterFiles | RosterErrors:
        """Compare the lines with one another, and say what came out."""
        draft, log = self._draft, self._log
        check_all(draft, log)
        errors, notices = log.errors(files), log.notices()
        if errors:
            known = RosterFiles(tuple(draft.staff), (), tuple(draft.lessons), ())
            timetable = known if draft.whole and draft.staff_whole else None
            return RosterErrors(errors, log.count - len(errors), notices, timetable)
        return RosterFiles(tuple(draft.staff), tuple(draft.pupils), tuple(draft.lessons), notices)

    def read_file(self, file: NamedBytes) -> None:
        """Read all tables of a file. Names tell files apart: a line's place must name one line."""
        if file.name in self._names:
            self._refuse(Place(file.name), fault(Code.FILE_TWICE))
            return
        self._names.add(file.name)
        book = open_book(file.data, self._limits, header_score)
        if isinstance(book, FileRefusal):
            self._refuse(Place(file.name, book.sheet, book.line), book.fault)
            return
        for remark in book.remarks:
            self._log.notice(Place(file.name, remark.sheet), remark.code)
        headers = [(table, find_header(table)) for table in book.tables]
        if all(header is None for _, header in headers):
            self._refuse(Place(file.name), _unknown(book))
            return
        for table, header in headers:
            place = Place(file.name, table.sheet)
            if header is not None:
                self._read_table(table, header, place)
            elif table.rows:
                self._log.notice(place, NoticeCode.SHEET_SKIPPED)

    def _refuse(self, place: Place, what: Fault) -> None:
        """Write down that a table was not read at all."""
        self._log.error(place, what)
        self._draft.whole = False

    def _read_table(self, table: RawTable, header: Header, place: Place) -> None:
        rows = table.rows[header.row + 1 :]
        top = replace(place, line=table.rows[header.row].line)
        for title in _unknown_columns(table, header):
            self._log.notice(top, NoticeCode.UNKNOWN_COLUMN, title=title)
        for title in header.missing():
            self._refuse(top, fault(Code.MISSING_COLUMN, wanted=title, table=header.kind.value))
        for first, second in header.duplicates:
            self._refuse(top.at(second.title), fault(Code.DUPLICATE_COLUMN, first=first.title))
        if header.missing() or header.duplicates:
            return  # each line would only repeat it
        lines = [
            RowReader(replace(place, line=row.line), header, row, self._log, self._limits.cell_characters)
            for row in rows
        ]
        filled = [line for line in lines if not line.blank]
        if not filled:
            self._refuse(top, fault(Code.NO_ROWS))
        for line in filled:
            line.begin()
            _TAKERS[header.kind](line, self._draft)


def _unknown(book: Book) -> Fault:
    rows = [row for table in book.tables for row in table.rows]
    if not rows:
        return fault(Code.EMPTY_FILE)
    titles = [quote(cell) for cell in rows[0].cells if isinstance(cell, str) and cell.strip()]
    return fault(Code.UNKNOWN_TABLE, seen=", ".join(f"«{title}»" for title in titles[:_TITLES_SHOWN]))


def _unknown_columns(table: RawTable, header: Header) -> list[str]:
    """Return the titles of columns that are not read; of untitled ones the letters, if anything stands in them."""
    top = table.rows[header.row].cells
    unknown = [column for column in header.unknown if column.index < len(top)]
    titled = {column.index for column in unknown if not _is_blank(top[column.index])}
    used = {
        index
        for row in table.rows[header.row + 1 :]
        for index, cell in enumerate(row.cells)
        if (index >= len(top) or _is_blank(top[index])) and not _is_blank(cell)
    }
    untitled = [column_letters(index) for index in sorted(used)]
    return [column.title for column in unknown if column.index in titled] + untitled


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()
