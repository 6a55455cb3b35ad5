"""Reads the fields of one line and writes down what is wrong with them, each under its column's title."""

from collections.abc import Callable
from datetime import date
from typing import Final

from core.roster_file.cells import Cell, RawRow, clean_cell, is_empty
from core.roster_file.columns import Field, Header
from core.roster_file.fields import (
    latin_in_class,
    parse_class,
    parse_date,
    parse_email,
    parse_given,
    parse_surname,
    parse_text,
)
from core.roster_file.problems import Code, Fault, NoticeCode, Place, ProblemLog, fault, quote
from core.roster_file.rows import ClassTitle
from core.russian import FullName

_FIRST_PAPER_DATE: Final = date(2000, 1, 1)


class RowReader:
    """One line of a table, read field by field.

    A field that is empty or wrong is None; what is wrong, and what is missing though needed, is in the log.
    """

    def __init__(self, place: Place, header: Header, row: RawRow, log: ProblemLog, longest: int) -> None:
        self.place = place
        """The line."""
        self._header = header
        self._cells = tuple(clean_cell(cell, longest) for cell in row.cells)
        self._log = log
        self._errors_before = log.count
        self.guardian = 0
        """Whose columns are meant: 0 for the line's own, 1 or 2 for an adult's."""

    @property
    def blank(self) -> bool:
        """Whether no column that we know holds anything: a line numbered in advance, or a remark."""
        indexes = (column.index for column in self._header.columns.values())
        return all(index >= len(self._cells) or is_empty(self._cells[index]) for index in indexes)

    def begin(self) -> None:
        """Begin reading: whatever is wrong from here on is wrong with this line."""
        self._errors_before = self._log.count

    @property
    def good(self) -> bool:
        """Whether nothing was wrong with the line up to now."""
        return self._log.count == self._errors_before

    def place_of(self, field: Field) -> Place:
        """Return the place of a field; of the line if the column is not there."""
        column = self._header.columns.get((field, self.guardian))
        return self.place if column is None else self.place.at(column.title)

    def error(self, field: Field, what: Fault) -> None:
        """Write down what is wrong with a field."""
        self._log.error(self.place_of(field), what)

    def notice(self, field: Field, code: NoticeCode, **details: str | int) -> None:
        """Write down what the office should know of a field."""
        self._log.notice(self.place_of(field), code, **details)

    def cell(self, field: Field) -> Cell:
        """Return the cleaned cell; an empty text if it, or the column, is not there."""
        column = self._header.columns.get((field, self.guardian))
        if column is None or column.index >= len(self._cells):
            return ""
        return self._cells[column.index]

    def has(self, field: Field) -> bool:
        """Tell whether the office wrote anything into a field."""
        return not is_empty(self.cell(field))

    def optional[T](self, field: Field, parse: Callable[[Cell], T | Fault]) -> T | None:
        """Read a field that may be empty."""
        cell = self.cell(field)
        if is_empty(cell):
            return None
        value = parse(cell)
        if isinstance(value, Fault):
            self.error(field, value)
            return None
        return value

    def required[T](self, field: Field, parse: Callable[[Cell], T | Fault]) -> T | None:
        """Read a field that must not be empty."""
        if not self.has(field):
            self.error(field, fault(Code.REQUIRED))
            return None
        return self.optional(field, parse)

    def text(self, field: Field) -> str | None:
        """Read a text that may be empty."""
        return self.optional(field, parse_text)

    def name(self) -> FullName | None:
        """Read a person's name; the patronymic may be empty."""
        surname = self.required(Field.SURNAME, parse_surname)
        given = self.required(Field.GIVEN, parse_given)
        patronymic = self.optional(Field.PATRONYMIC, parse_given)
        return None if surname is None or given is None else FullName(surname, given, patronymic or "")

    def class_title(self, field: Field, *, required: bool) -> ClassTitle | None:
        """Read a class; a Latin letter in it is replaced, and the office told."""
        read = self.required if required else self.optional
        title = read(field, parse_class)
        cell = self.cell(field)
        if title is not None and latin_in_class(cell):
            self.notice(field, NoticeCode.CLASS_LETTER_REPLACED, seen=quote(str(cell)), used=str(title))
        return title

    def past_date(self, field: Field, today: date, first: date = _FIRST_PAPER_DATE) -> date | None:
        """Read the date of a paper: not in the future, and not before ``first``."""
        found = self.optional(field, parse_date)
        if found is not None and found > today:
            self.error(field, fault(Code.DATE_IN_FUTURE, seen=f"{found:%d.%m.%Y}", today=f"{today:%d.%m.%Y}"))
        elif found is not None and found < first:
            self.error(field, fault(Code.DATE_TOO_EARLY, seen=f"{found:%d.%m.%Y}", first=f"{first:%d.%m.%Y}"))
        return found

    def verified_email(self, today: date) -> tuple[str | None, date | None]:
        """Read an address and the date of its verification on paper; a date without an address is an error."""
        email = self.optional(Field.EMAIL, parse_email)
        verified_on = self.past_date(Field.EMAIL_VERIFIED, today)
        if verified_on is not None and not self.has(Field.EMAIL):
            self.error(Field.EMAIL_VERIFIED, fault(Code.VERIFIED_WITHOUT_ADDRESS))
        return email, verified_on
