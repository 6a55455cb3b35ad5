"""CSV as school offices save it: any of three delimiters, any of three encodings, with Excel's habits."""

import contextlib
import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Final

from core.roster_file.cells import Book, RawRow, RawTable, RefusedError, refuse, trimmed
from core.roster_file.problems import Code, fault
from core.roster_file.rows import Limits

DELIMITERS: Final = (";", ",", "\t")
_BYTE_ORDER_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_SEPARATOR_LINE: Final = re.compile(r"\ufeff?\"?sep=([;,\t])\"?\r?\n?", re.IGNORECASE)
_BINARY: Final = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ROWS_TO_LOOK_AT: Final = 10
_MOST_RECORDS: Final = 1_048_576  # all the rows of a sheet: books whose empty rows were saved too have so many


class _Lines:
    """Feeds lines to the CSV reader and stops one record from swallowing the file."""

    def __init__(self, text: str, longest: int) -> None:
        self._lines = io.StringIO(text, newline="")
        self._longest = longest
        self._fed = 0
        self._physical = 0
        self.record = 0
        """Number of the record being read, from 1: the row that a spreadsheet would show."""

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._fed += len(line)
        self._physical += 1
        if self._fed > self._longest:
            # a record of many lines is a quotation mark that was never closed
            code = Code.LINE_TOO_LONG if self._physical == 1 else Code.BROKEN_QUOTES
            raise refuse(fault(code), line=self.record)
        return line

    def begin(self) -> None:
        """Begin the next record."""
        self.record += 1
        self._fed = 0
        self._physical = 0


def read_csv(data: bytes, limits: Limits, score: Callable[[RawTable], int]) -> Book:
    """Read a CSV file.

    ``score`` tells how much the beginning of a table looks like one of ours: it chooses the delimiter.
    Raises :class:`~core.roster_file.cells.RefusedError`.
    """
    text = _decode(data)
    named = _SEPARATOR_LINE.match(text)
    if named is not None:
        return Book((_table(text[named.end() :], named[1], limits),))
    delimiter = max(DELIMITERS, key=lambda candidate: _likeness(text, candidate, limits, score))
    return Book((_table(text, delimiter, limits),))


def _decode(data: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _checked(_decoded(data[len(mark) :], encoding))
    if b"\x00" in data:
        raise refuse(fault(Code.NUL_BYTES))
    try:
        return _checked(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(_decoded(data, "cp1251"))


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(fault(Code.BAD_ENCODING)) from error


def _checked(text: str) -> str:
    """Refuse what decodes but is no text: single-byte encodings accept nearly any garbage."""
    if "\x00" in text:
        raise refuse(fault(Code.NUL_BYTES))
    if _BINARY.search(text):
        raise refuse(fault(Code.NOT_A_TABLE, kind="binary"))
    return text


def _likeness(text: str, delimiter: str, limits: Limits, score: Callable[[RawTable], int]) -> tuple[int, int]:
    lines = _Lines(text, _longest_record(limits))
    rows: list[RawRow] = []
    widest = 0
    records = csv.reader(lines, delimiter=delimiter)
    # a short or broken file is judged by what could be read; it is read again, strictly, afterwards
    with contextlib.suppress(StopIteration, csv.Error, RefusedError):
        for _ in range(_ROWS_TO_LOOK_AT):
            lines.begin()
            record = next(records)
            widest = max(widest, len(record))
            rows.append(RawRow(lines.record, trimmed(list(record))))
    return score(RawTable(None, tuple(rows))), widest


def _table(text: str, delimiter: str, limits: Limits) -> RawTable:
    lines = _Lines(text, _longest_record(limits))
    rows: list[RawRow] = []
    for record in _records(lines, delimiter):
        cells = trimmed(list(record))
        if len(cells) > limits.columns:
            raise refuse(fault(Code.TOO_MANY_COLUMNS, most=limits.columns), line=lines.record)
        if cells:
            rows.append(RawRow(lines.record, cells))
        if len(rows) > limits.rows or lines.record > _MOST_RECORDS:
            raise refuse(fault(Code.TOO_MANY_ROWS, most=limits.rows))
    return RawTable(None, tuple(rows))


def _records(lines: _Lines, delimiter: str) -> Iterator[list[str]]:
    records = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        lines.begin()
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            raise refuse(fault(Code.BROKEN_QUOTES), line=lines.record) from error
        yield record


def _longest_record(limits: Limits) -> int:
    return limits.columns * limits.cell_characters
