"""What may be wrong with a school office's file: a closed set of codes, each with its place.

The words are in ``texts/*/roster.ftl``: an error of code ``x`` is the message ``roster-error-x``, a notice of code
``x`` is ``roster-notice-x``; their arguments are ``details``. :func:`describe` puts place and words together.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

type Detail = str | int
type Details = tuple[tuple[str, Detail], ...]

_LONGEST_QUOTE = 40


class Code(StrEnum):
    """Why a file, a line or a cell is refused."""

    # the file
    FILE_TWICE = "file-twice"
    EMPTY_FILE = "empty-file"
    FILE_TOO_LARGE = "file-too-large"
    UNPACKED_TOO_LARGE = "unpacked-too-large"
    NOT_A_TABLE = "not-a-table"
    OLD_EXCEL = "old-excel"
    ENCRYPTED = "encrypted"
    OTHER_SPREADSHEET = "other-spreadsheet"
    DAMAGED = "damaged"
    BAD_ENCODING = "bad-encoding"
    NUL_BYTES = "nul-bytes"
    # the table
    BROKEN_QUOTES = "broken-quotes"
    LINE_TOO_LONG = "line-too-long"
    TOO_MANY_ROWS = "too-many-rows"
    TOO_MANY_COLUMNS = "too-many-columns"
    TOO_MANY_SHEETS = "too-many-sheets"
    UNKNOWN_TABLE = "unknown-table"
    MISSING_COLUMN = "missing-column"
    DUPLICATE_COLUMN = "duplicate-column"
    NO_ROWS = "no-rows"
    # any cell
    REQUIRED = "required"
    CELL_TOO_LONG = "cell-too-long"
    CONTROL_CHARACTER = "control-character"
    FORMULA = "formula"
    FORMULA_WITHOUT_VALUE = "formula-without-value"
    EXCEL_ERROR = "excel-error"
    DATE_IN_TEXT = "date-in-text"
    # dates
    BAD_DATE = "bad-date"
    SHORT_YEAR = "short-year"
    IMPOSSIBLE_DATE = "impossible-date"
    DATE_IN_FUTURE = "date-in-future"
    DATE_TOO_EARLY = "date-too-early"
    CHILD_AGE = "child-age"
    ADULT_AGE = "adult-age"
    # people
    LATIN_LETTER = "latin-letter"
    INITIALS = "initials"
    BAD_NAME = "bad-name"
    BAD_RELATION = "bad-relation"
    BAD_EMAIL = "bad-email"
    CYRILLIC_IN_EMAIL = "cyrillic-in-email"
    VERIFIED_WITHOUT_ADDRESS = "verified-without-address"
    NO_GUARDIAN = "no-guardian"
    GUARDIAN_TWICE = "guardian-twice"
    ADDRESS_DIFFERS = "address-differs"
    PUPIL_TWICE = "pupil-twice"
    STAFF_TWICE = "staff-twice"
    # classes and lessons
    BAD_CLASS = "bad-class"
    CLASS_TEACHER_TWICE = "class-teacher-twice"
    CLASS_WITHOUT_PUPILS = "class-without-pupils"
    BAD_WEEKDAY = "bad-weekday"
    BAD_LESSON_NUMBER = "bad-lesson-number"
    BAD_TIME = "bad-time"
    ENDS_BEFORE_START = "ends-before-start"
    BAD_WEEKS = "bad-weeks"
    BAD_SHIFT = "bad-shift"
    HALF_HOURS = "half-hours"
    LAST_BEFORE_FIRST = "last-before-first"
    BAD_GROUP = "bad-group"
    SUBJECT_ABBREVIATED = "subject-abbreviated"
    BAD_TEACHER = "bad-teacher"
    CLASS_BUSY = "class-busy"
    TEACHER_BUSY = "teacher-busy"
    # what only the journal can tell
    TEACHER_UNKNOWN = "teacher-unknown"
    TEACHER_AMBIGUOUS = "teacher-ambiguous"
    GROUP_UNKNOWN = "group-unknown"
    GROUP_CLOSED = "group-closed"
    GROUP_OF_OTHER_CLASS = "group-of-other-class"
    ROOM_CLOSED = "room-closed"
    NO_BELL = "no-bell"


class NoticeCode(StrEnum):
    """What the office should know although the files were read."""

    UNKNOWN_COLUMN = "unknown-column"
    SHEET_SKIPPED = "sheet-skipped"
    SHEET_HIDDEN = "sheet-hidden"
    CLASS_LETTER_REPLACED = "class-letter-replaced"
    SUBJECT_LOWERED = "subject-lowered"
    UNUSUAL_AGE = "unusual-age"
    EMAIL_SHARED = "email-shared"


@dataclass(frozen=True, slots=True)
class Fault:
    """A refused value, not yet placed in a file."""

    code: Code
    details: Details = ()


def fault(code: Code, **details: Detail) -> Fault:
    """Make a fault; the keyword arguments are those of its message."""
    return Fault(code, tuple(details.items()))


def quote(value: str) -> str:
    """Show a value of the file in a message: one printable line of bounded length."""
    line = "".join(letter if letter.isprintable() else " " for letter in value).strip()
    return line if len(line) <= _LONGEST_QUOTE else line[: _LONGEST_QUOTE - 1] + "…"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the office's files something stands."""

    file: str
    sheet: str | None = None
    """Name of the sheet; None in a CSV file."""
    line: int | None = None
    """Row as the office sees it: from 1, the header included; None speaks of the whole file or sheet."""
    column: str | None = None
    """The column's title as it stands in the file; None speaks of the whole line."""

    def __str__(self) -> str:
        parts = (self.file, self.sheet, None if self.line is None else str(self.line), self.column)
        return ":".join(part for part in parts if part is not None)

    def at(self, column: str) -> "Place":
        """Return the same line's place in one column."""
        return replace(self, column=column)


class Say(Protocol):
    """The reader of texts: finds a message by its id and fills in its arguments."""

    def __call__(self, message_id: str, /, **args: Detail) -> str:
        """Return the finished text."""
        ...


@dataclass(frozen=True, slots=True)
class LineError:
    """One reason why the files were refused."""

    place: Place
    code: Code
    details: Details = ()

    @property
    def message_id(self) -> str:
        """Id of the Fluent message."""
        return f"roster-error-{self.code}"

    @property
    def args(self) -> dict[str, Detail]:
        """Arguments of the Fluent message."""
        return dict(self.details)


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the office should know, although the files were read."""

    place: Place
    """The first place where it was seen."""
    code: NoticeCode
    details: Details = ()
    count: int = 1
    """How many times the same was seen in the file or sheet."""

    @property
    def message_id(self) -> str:
        """Id of the Fluent message."""
        return f"roster-notice-{self.code}"

    @property
    def args(self) -> dict[str, Detail]:
        """Arguments of the Fluent message."""
        return dict(self.details)


def describe(problem: LineError | Notice, say: Say) -> str:
    """Put a problem into one sentence for the office: where it is, then what it is."""
    place = problem.place
    parts = [place.file]
    if place.sheet is not None:
        parts.append(say("roster-place-sheet", sheet=place.sheet))
    if place.line is not None:
        parts.append(say("roster-place-line", line=str(place.line)))
    if place.column is not None:
        parts.append(say("roster-place-column", column=place.column))
    text = f"{', '.join(parts)}: {say(problem.message_id, **problem.args)}"
    if isinstance(problem, Notice) and problem.count > 1:
        text += " " + say("roster-notice-more", count=problem.count - 1)
    return text


class ProblemLog:
    """Collects everything wrong with a set of files: errors in full up to a limit, then their number only."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._errors: list[LineError] = []
        self._notices: dict[tuple[str, str | None, NoticeCode, Details], Notice] = {}
        self.count = 0
        """How many errors there were, those not kept included."""

    def error(self, place: Place, what: Fault) -> None:
        """Add an error."""
        self.count += 1
        if len(self._errors) < self._limit:
            self._errors.append(LineError(place, what.code, what.details))

    def notice(self, place: Place, code: NoticeCode, **details: Detail) -> None:
        """Add a notice; the same notice of the same sheet is counted, not repeated."""
        key = (place.file, place.sheet, code, tuple(details.items()))
        seen = self._notices.get(key)
        self._notices[key] = Notice(place, code, key[3]) if seen is None else replace(seen, count=seen.count + 1)

    def errors(self, files: Iterable[str]) -> tuple[LineError, ...]:
        """Return the kept errors in the order in which the office reads: by file, then as found, then by line."""
        order = {name: index for index, name in reversed(list(enumerate(files)))}
        sheets = {error.place.sheet: index for index, error in reversed(list(enumerate(self._errors)))}

        def reading_order(error: LineError) -> tuple[int, int, int]:
            place = error.place
            return order.get(place.file, len(order)), sheets[place.sheet], place.line or 0

        return tuple(sorted(self._errors, key=reading_order))

    def notices(self) -> tuple[Notice, ...]:
        """Return the notices in the order in which they were first seen."""
        return tuple(self._notices.values())
