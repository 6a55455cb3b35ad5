"""One worksheet of an XLSX file, read cell by cell: only what holds something takes memory.

Readers that return a rectangle are of no use for foreign files: two cells in opposite corners of a sheet (five
kilobytes of file) make them ask for half a terabyte and take the whole process down.
"""

import re
from bisect import bisect_left
from typing import Final

from core.roster_file.cells import Cell, RawRow, RawTable, refuse, trimmed
from core.roster_file.problems import Code, fault
from core.roster_file.rows import Limits
from core.roster_file.xlsx_numbers import NumberStyles, number_cell

_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS: Final = 26
_NUMBER: Final = re.compile("[0-9]{1,9}")

type _Grid = dict[int, dict[int, Cell]]
type _Area = tuple[int, int, int, int]


def unescape(text: str) -> str:
    """Return a text with ``_x000D_`` and its like turned into the characters they stand for (ECMA-376 22.9.2.19)."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def position(reference: str | None) -> tuple[int, int] | None:
    """Return (row, column), both from 1, of a reference such as «B7»; None if it is none."""
    match = _REFERENCE.fullmatch(reference or "")
    if match is None:
        return None
    column = 0
    for letter in match[1].upper():
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(match[2]), column


def small_number(text: str) -> int | None:
    """Return a row's or a string's number; None if it is none that a sheet can have."""
    return int(text) if _NUMBER.fullmatch(text) else None


class _Text:
    """Gathers the pieces of one text; of a text longer than the limit only its beginning, by one letter too long."""

    def __init__(self, longest: int) -> None:
        self._room = longest + 1
        self._left = self._room
        self._pieces: list[str] = []

    def add(self, piece: str) -> None:
        if self._left > 0:
            self._pieces.append(piece[: self._left])
            self._left -= len(piece)

    def take(self) -> str:
        """Return the text and begin the next one."""
        text = "".join(self._pieces)
        whole = self._left > 0
        self._pieces.clear()
        self._left = self._room
        return unescape(text) if whole else text


class SheetVisitor:
    """Collects the values and the merged areas of a worksheet."""

    def __init__(self, name: str, strings: list[str], styles: NumberStyles, limits: Limits) -> None:
        self._name = name
        self._strings = strings
        self._styles = styles
        self._limits = limits
        self._grid: _Grid = {}
        self._merged: list[_Area] = []
        self._row = 0
        self._column = 0
        self._cell: dict[str, str] = {}
        self._value = _Text(limits.cell_characters)
        self._has_value = False
        self._has_formula = False
        self._listening = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        match name:
            case "row":
                self._row = small_number(attributes.get("r", "")) or self._row + 1
                self._column = 0
            case "c":
                self._begin_cell(attributes)
            case "v" | "t":
                self._listening = self._has_value = True
            case "f":
                self._has_formula = True
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case _:
                return

    def end(self, name: str) -> None:
        """Take the end of an element."""
        if name in {"v", "t"}:
            self._listening = False
        elif name == "c":
            self._end_cell()

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._listening:
            self._value.add(text)

    def table(self) -> RawTable:
        """Return the sheet's non-empty rows, merged cells filled with their value."""
        self._fill_merged()
        rows: list[RawRow] = []
        for line in sorted(self._grid):
            row = self._grid[line]
            cells = trimmed([row.get(column, "") for column in range(1, max(row) + 1)])
            if cells:
                rows.append(RawRow(line, cells))
        return RawTable(self._name, tuple(rows))

    def _fill_merged(self) -> None:
        """Give every cell of a merged area the value of its first, in rows and columns that are in use."""
        width = max((column for row in self._grid.values() for column in row), default=0)
        lines = sorted(self._grid)
        left_to_fill = self._limits.rows * self._limits.columns
        for top, left, bottom, right in self._merged:
            value = self._grid.get(top, {}).get(left)
            if value is None:
                continue
            inside = lines[bisect_left(lines, top) : bisect_left(lines, bottom + 1)]
            columns = range(left, min(right, width) + 1)
            left_to_fill -= len(inside) * len(columns)
            if left_to_fill < 0:
                raise refuse(fault(Code.TOO_MANY_ROWS, most=self._limits.rows), sheet=self._name)
            for line in inside:
                for column in columns:
                    self._grid[line].setdefault(column, value)

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        placed = position(attributes.get("r"))
        if placed is None:
            self._column += 1
        else:
            self._row, self._column = placed
        self._cell = attributes
        self._value.take()
        self._has_value = self._has_formula = False

    def _end_cell(self) -> None:
        value = self._read_cell()
        if isinstance(value, str) and not value.strip():
            return
        if self._column > self._limits.columns:
            most = self._limits.columns
            raise refuse(fault(Code.TOO_MANY_COLUMNS, most=most), sheet=self._name, line=self._row)
        self._grid.setdefault(self._row, {})[self._column] = value
        if len(self._grid) > self._limits.rows:
            raise refuse(fault(Code.TOO_MANY_ROWS, most=self._limits.rows), sheet=self._name)

    def _read_cell(self) -> Cell:
        if not self._has_value:
            return fault(Code.FORMULA_WITHOUT_VALUE) if self._has_formula else ""
        text = self._value.take()
        match self._cell.get("t", "n"):
            case "s":
                return self._shared(text)
            case "n":
                return number_cell(text, self._cell.get("s"), self._styles) if text.strip() else ""
            case "e":
                return fault(Code.EXCEL_ERROR, seen=text[:20])
            case "b":
                return "ИСТИНА" if text.strip() == "1" else "ЛОЖЬ"
            case _:  # texts in the cell, results of formulas, dates in ISO form
                return text

    def _shared(self, text: str) -> str:
        index = small_number(text.strip())
        if index is None or index >= len(self._strings):
            raise refuse(fault(Code.DAMAGED), sheet=self._name)
        return self._strings[index]

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top_left, bottom_right = position(first), position(last)
        if top_left is not None and bottom_right is not None:
            self._merged.append((*top_left, *bottom_right))


class StringsVisitor:
    """Collects the shared strings; of a rich text all runs, of a phonetic guide nothing."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.rows * limits.columns
        self._text = _Text(limits.cell_characters)
        self._listening = False
        self._phonetic = 0
        self.strings: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        del attributes
        if name == "si":
            self._text.take()
        elif name == "rPh":
            self._phonetic += 1
        self._listening = name == "t" and not self._phonetic

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self._listening = False
        if name == "rPh":
            self._phonetic -= 1
        elif name == "si":
            if len(self.strings) >= self._most:
                raise refuse(fault(Code.UNPACKED_TOO_LARGE))
            self.strings.append(self._text.take())

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._listening:
            self._text.add(text)
