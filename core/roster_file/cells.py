"""What a cell may hold, and the cleaning that every text of a table gets."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from core.roster_file.problems import Code, Fault, NoticeCode, fault

type Cell = str | float | date | time | Fault
"""CSV knows only texts; XLSX knows numbers, dates (``datetime`` included) and times too."""

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_SPACE: Final = re.compile(r"\s+")
_DASHES: Final = re.compile("[\u2010-\u2015\u2212]")
_ODD: Final = re.compile("[^ -~\u0400-\u045f«»]|  ")
"""Whatever may need mending: beyond plain letters, or two spaces. Nearly no cell has it, and looking is quick."""
_NOTHING: Final = frozenset({"", "-"})
_LETTERS_IN_ALPHABET: Final = 26


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row of a table with its number as the office sees it, from 1."""

    line: int
    cells: tuple[Cell, ...]
    """Without trailing empty ones."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """A sheet, or a CSV file: its non-empty rows."""

    sheet: str | None
    rows: tuple[RawRow, ...]


@dataclass(frozen=True, slots=True)
class SheetRemark:
    """A sheet that was not read, and why that is no error."""

    sheet: str
    code: NoticeCode


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that a file holds, before anybody asks what it means."""

    tables: tuple[RawTable, ...]
    remarks: tuple[SheetRemark, ...] = ()


@dataclass(frozen=True, slots=True)
class FileRefusal:
    """Why a file, or one line of it, cannot be read at all."""

    fault: Fault
    sheet: str | None = None
    line: int | None = None


class RefusedError(Exception):
    """Carries a refusal out of a parser's depth; never leaves this package."""

    def __init__(self, refusal: FileRefusal) -> None:
        super().__init__(refusal.fault.code)
        self.refusal = refusal


def refuse(what: Fault, *, sheet: str | None = None, line: int | None = None) -> RefusedError:
    """Make the exception of a refusal."""
    return RefusedError(FileRefusal(what, sheet, line))


def clean_text(text: str) -> str:
    """Return a text without what nobody sees: composed letters, single plain spaces, plain hyphens, no zero widths."""
    if not _ODD.search(text):
        return text.strip()
    composed = unicodedata.normalize("NFC", text)
    return _SPACE.sub(" ", _DASHES.sub("-", _INVISIBLE.sub("", composed))).strip()


def clean_cell(cell: Cell, longest: int) -> Cell:
    """Return the cell with its text cleaned, or what is wrong with the text."""
    if not isinstance(cell, str):
        return cell
    if len(cell) > longest:
        return fault(Code.CELL_TOO_LONG, longest=longest)
    text = clean_text(cell)
    if text.isprintable():
        return text
    bad = next((letter for letter in text if unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"}), None)
    if bad is not None:
        return fault(Code.CONTROL_CHARACTER, number=f"U+{ord(bad):04X}")
    return text


def is_empty(cell: Cell) -> bool:
    """Tell whether the office left the cell empty; a lone dash means the same."""
    return isinstance(cell, str) and cell in _NOTHING


def trimmed(cells: list[Cell]) -> tuple[Cell, ...]:
    """Return the cells without the empty ones at the end."""
    last = len(cells)
    while last and isinstance(cell := cells[last - 1], str) and not cell.strip():
        last -= 1
    return tuple(cells[:last])


def show_cell(cell: Cell) -> str:
    """Return the cell as a person would read it, for quoting in an error."""
    match cell:
        case str():
            return cell
        case Fault():
            return cell.code
        case datetime():
            return f"{cell:%d.%m.%Y %H:%M}"
        case date():
            return f"{cell:%d.%m.%Y}"
        case time():
            return f"{cell:%H:%M}"
        case _:
            return str(int(cell)) if cell.is_integer() else repr(cell)


def column_letters(index: int) -> str:
    """Return the spreadsheet's name of a column, counted from 0: A, B … Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, _LETTERS_IN_ALPHABET)
        letters = chr(ord("A") + rest) + letters
    return letters
