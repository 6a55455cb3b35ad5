"""One worksheet of an XLSX file, read cell by cell: only what holds something takes memory.

Readers that return a rectangle are of no use for foreign files: two cells in opposite corners of a sheet (five
kilobytes of file) make them ask for half a terabyte and take the whole process down.
"""

import re
from typing import Final

from core.roster_file.cells import Cell, RawRow, RawTable, refuse, trimmed
from core.roster_file.problems import Code, fault
from core.roster_file.rows import Limits
from core.roster_file.xlsx_numbers import NumberStyles, number_cell

_REFERENCE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LETTERS: Final = 26
_RICH: Final = frozenset({"t"})

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
        self._value: list[str] = []
        self._has_value = False
        self._has_formula = False
        self._listening = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        match name:
            case "row":
                number = attributes.get("r", "")
                self._row = int(number) if number.isascii() and number.isdigit() else self._row + 1
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
            self._value.append(text)

    def table(self) -> RawTable:
        """Return the sheet's non-empty rows, merged cells filled with their value."""
        width = max((column for row in self._grid.values() for column in row), default=0)
        for area in self._merged:
            _fill(self._grid, area, width)
        rows: list[RawRow] = []
        for line in sorted(self._grid):
            row = self._grid[line]
            cells = trimmed([row.get(column, "") for column in range(1, max(row) + 1)])
            if cells:
                rows.append(RawRow(line, cells))
        return RawTable(self._name, tuple(rows))

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        placed = position(attributes.get("r"))
        if placed is None:
            self._column += 1
        else:
            self._row, self._column = placed
        self._cell = attributes
        self._value.clear()
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
        text = "".join(self._value)
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
                return unescape(text)

    def _shared(self, text: str) -> str:
        if not (text.isascii() and text.isdigit() and int(text) < len(self._strings)):
            raise refuse(fault(Code.DAMAGED), sheet=self._name)
        return self._strings[int(text)]

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        top_left, bottom_right = position(first), position(last)
        if top_left is not None and bottom_right is not None:
            self._merged.append((*top_left, *bottom_right))


def _fill(grid: _Grid, area: _Area, width: int) -> None:
    """Give every cell of a merged area the value of its first, in rows and columns that are in use."""
    top, left, bottom, right = area
    value = grid.get(top, {}).get(left)
    if value is None:
        return
    for line in [line for line in grid if top <= line <= bottom]:
        for column in range(left, min(right, width) + 1):
            grid[line].setdefault(column, value)


class StringsVisitor:
    """Collects the shared strings; of a rich text all runs, of a phonetic guide nothing."""

    def __init__(self, limits: Limits) -> None:
        self._most = limits.rows * limits.columns
        self._pieces: list[str] = []
        self._listening = False
        self._phonetic = 0
        self.strings: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element."""
        del attributes
        if name == "si":
            self._pieces.clear()
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
            self.strings.append(unescape("".join(self._pieces)))

    def text(self, text: str) -> None:
        """Take a piece of text."""
        if self._listening:
            self._pieces.append(text)
