"""Numbers of an XLSX sheet: which of them are dates and times, and which date a serial number is (ECMA-376 18.8.30)."""

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Final

from core.roster_file.cells import Cell
from core.roster_file.problems import Code, fault

_DATE_FORMATS: Final = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_TIME_FORMATS: Final = frozenset({18, 19, 20, 21, 45, 46, 47})
_NOT_CODES: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_LONGEST_FORMAT: Final = 255  # Excel's own limit; looking for brackets takes the square of the length
_INDEX: Final = re.compile("[0-9]{1,6}")
_EPOCH_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's date has no zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001 - the same
_LAST_SERIAL: Final = 2_958_466
_LEAP_DAY_THAT_WAS_NOT: Final = 60
_DAY: Final = 86_400


class Shape(Enum):
    """How a cell's number is shown."""

    NUMBER = "number"
    DATE = "date"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class NumberStyles:
    """What the workbook says about its numbers."""

    shapes: tuple[Shape, ...] = ()
    """By the style index of a cell."""
    from_1904: bool = False

    def shape(self, style: str | None) -> Shape:
        """Return the shape of a cell with this ``s`` attribute."""
        index = int(style) if style is not None and _INDEX.fullmatch(style) else 0
        return self.shapes[index] if index < len(self.shapes) else Shape.NUMBER


def shape_of_format(number: int, code: str | None) -> Shape:
    """Return what a number format shows; ``code`` is given for formats of the file's own."""
    if code is not None:
        return _shape_of_code(code) if len(code) <= _LONGEST_FORMAT else Shape.NUMBER
    if number in _DATE_FORMATS:
        return Shape.DATE
    return Shape.TIME if number in _TIME_FORMATS else Shape.NUMBER


def _shape_of_code(code: str) -> Shape:
    letters = set(_NOT_CODES.sub("", code.partition(";")[0]).casefold().replace("general", ""))
    if letters & set("yd"):
        return Shape.DATE
    if letters & set("hs"):
        return Shape.TIME
    return Shape.DATE if "m" in letters else Shape.NUMBER


def number_cell(text: str, style: str | None, styles: NumberStyles) -> Cell:
    """Return the value of a numeric cell: a number, a date or a time."""
    try:
        number = float(text)
    except ValueError:
        return fault(Code.EXCEL_ERROR, seen=text[:20])
    if not math.isfinite(number):
        return fault(Code.EXCEL_ERROR, seen=text[:20])
    shape = styles.shape(style)
    if shape is Shape.NUMBER:
        return number
    return _moment(number, shape, from_1904=styles.from_1904)


def _moment(serial: float, shape: Shape, *, from_1904: bool) -> Cell:
    days, seconds = divmod(round(serial * _DAY), _DAY)
    if not 0 <= days < _LAST_SERIAL:
        return fault(Code.EXCEL_ERROR, seen="#####")
    if shape is Shape.TIME or days == 0:
        return (_EPOCH_1900 + timedelta(seconds=seconds)).time()
    day = _day(days, from_1904=from_1904)
    return day if seconds == 0 else datetime.combine(day, time()) + timedelta(seconds=seconds)


def _day(days: int, *, from_1904: bool) -> date:
    if from_1904:
        return (_EPOCH_1904 + timedelta(days=days)).date()
    # Excel counts a 29 February 1900, so that the days before it are one off
    shift = 1 if days < _LEAP_DAY_THAT_WAS_NOT else 0
    return (_EPOCH_1900 + timedelta(days=days + shift)).date()
