"""Tables of the office that are read line by line under named columns: groups, plans, load. Pure.

The office's files are opened as the rosters are (``core.roster_file``), and what is wrong is said of line and column.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from core.refusals import Refusal
from core.roster_file.cells import Cell, FileRefusal, RawTable, clean_cell, is_empty
from core.roster_file.columns import fold_title
from core.roster_file.opening import open_book
from core.roster_file.problems import Code, Fault, Place, Say, fault, quote
from core.roster_file.rows import DEFAULT_LIMITS, Limits, NamedBytes

ROWS_ABOVE_HEADER = 10
type Detail = str | int


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column that a table may have."""

    key: str
    titles: tuple[str, ...]
    """The one we advise, then its synonyms."""
    required: bool = True


@dataclass(frozen=True, slots=True)
class ListProblem:
    """Why a list was refused; of one line, unless it is the file that is wrong."""

    place: Place
    message_id: str
    args: tuple[tuple[str, Detail], ...] = ()


class ListRefused(Exception):  # noqa: N818 - as a refusal: a decision, not an error of the program
    """Nothing of a list was written; ``problems`` say why, in the order of reading."""

    def __init__(self, problems: Sequence[ListProblem]) -> None:
        super().__init__(len(problems))
        self.problems = tuple(problems)


def describe(problem: ListProblem, say: Say) -> str:
    """Put a problem into one sentence for the office: where it is, then what it is."""
    place = problem.place
    parts = [place.file]
    if place.sheet is not None:
        parts.append(say("roster-place-sheet", sheet=place.sheet))
    if place.line is not None:
        parts.append(say("roster-place-line", line=str(place.line)))
    if place.column is not None:
        parts.append(say("roster-place-column", column=place.column))
    return f"{', '.join(parts)}: {say(problem.message_id, **dict(problem.args))}"


def of_refusal(place: Place, refusal: Refusal) -> ListProblem:
    """Return what core said of a line as a problem of the line."""
    return ListProblem(place, f"refusal-{refusal.code}", tuple(refusal.details.items()))


@dataclass(slots=True)
class ListLine:
    """One line: cells by key. What is wrong with a field goes to ``problems``, and the field is None."""

    place: Place
    titles: Mapping[str, str]
    """Of the columns that the file has, as it writes them."""
    cells: Mapping[str, Cell]
    problems: list[ListProblem] = field(default_factory=list)

    def has(self, key: str) -> bool:
        """Tell whether the office wrote anything into a field."""
        return not is_empty(self.cells.get(key, ""))

    def optional[T](self, key: str, parse: Callable[[Cell], T | Fault]) -> T | None:
        """Read a field that may be empty."""
        if not self.has(key):
            return None
        value = parse(self.cells[key])
        if isinstance(value, Fault):
            self.fault(key, value)
            return None
        return value

    def required[T](self, key: str, parse: Callable[[Cell], T | Fault]) -> T | None:
        """Read a field that must not be empty."""
        if not self.has(key):
            self.fault(key, fault(Code.REQUIRED))
            return None
        return self.optional(key, parse)

    def fault(self, key: str, what: Fault) -> None:
        """Write down what is wrong with a field, in the words of the rosters."""
        self.problems.append(ListProblem(self.at(key), f"roster-error-{what.code}", what.details))

    def problem(self, key: str, message_id: str, **args: Detail) -> None:
        """Write down what is wrong with a field, in words of ``texts/*/plan_groups.ftl``."""
        self.problems.append(ListProblem(self.at(key), message_id, tuple(args.items())))

    def at(self, key: str) -> Place:
        """Return the place of a field; of the line if the column is not there."""
        title = self.titles.get(key)
        return self.place if title is None else self.place.at(title)


def read_lines(
    file: NamedBytes, columns: Sequence[ListColumn], limits: Limits = DEFAULT_LIMITS
) -> tuple[ListLine, ...]:
    """Read the lines of every table in a file that has these columns; sheets without them are passed over.

    Raises ``ListRefused`` if the file cannot be read, has no such table or no line, or lacks a column.
    """
    known = {fold_title(title): column.key for column in columns for title in column.titles}
    book = open_book(file.data, limits, lambda table: _best(table, known)[1])
    if isinstance(book, FileRefusal):
        place = Place(file.name, book.sheet, book.line)
        raise ListRefused([_problem(place, book.fault)])
    found: list[ListLine] = []
    wanted = [table for table in book.tables if _best(table, known)[1] > 1]
    if not wanted:
        titles = ", ".join(f"«{column.titles[0]}»" for column in columns if column.required)
        raise ListRefused([ListProblem(Place(file.name), "plan-list-unknown", (("wanted", titles),))])
    for table in wanted:
        found += _lines(Place(file.name, table.sheet), table, columns, limits)
    if not found:
        raise ListRefused([_problem(Place(file.name), fault(Code.NO_ROWS))])
    return tuple(found)


def demand_good(lines: Collection[ListLine]) -> None:
    """Raise ``ListRefused`` with everything that is wrong with the lines, if anything is."""
    problems = [problem for line in lines for problem in line.problems]
    if problems:
        raise ListRefused(problems)


def _lines(place: Place, table: RawTable, columns: Sequence[ListColumn], limits: Limits) -> Iterator[ListLine]:
    known = {fold_title(title): column.key for column in columns for title in column.titles}
    row, _ = _best(table, known)
    top = replace(place, line=table.rows[row].line)
    indexes, titles = _header(top, table, row, known)
    missing = [column for column in columns if column.required and column.key not in indexes]
    if missing:
        raise ListRefused(
            [ListProblem(top, "plan-list-missing-column", (("wanted", one.titles[0]),)) for one in missing]
        )
    for raw in table.rows[row + 1 :]:
        cells = {
            key: clean_cell(raw.cells[index], limits.cell_characters)
            for key, index in indexes.items()
            if index < len(raw.cells)
        }
        if any(not is_empty(cell) for cell in cells.values()):
            yield ListLine(replace(place, line=raw.line), titles, cells)


def _header(top: Place, table: RawTable, row: int, known: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    indexes: dict[str, int] = {}
    titles: dict[str, str] = {}
    for index, cell in enumerate(table.rows[row].cells):
        key = known.get(fold_title(cell)) if isinstance(cell, str) else None
        if key is None:
            continue
        title = quote(str(cell))
        if key in indexes:
            raise ListRefused([_problem(top.at(title), fault(Code.DUPLICATE_COLUMN, first=titles[key]))])
        indexes[key], titles[key] = index, title
    return indexes, titles


def _best(table: RawTable, known: Mapping[str, str]) -> tuple[int, int]:
    """Return the row that looks most like a header, and how many known columns it has."""
    titles = [
        [fold_title(cell) for cell in row.cells if isinstance(cell, str)] for row in table.rows[:ROWS_ABOVE_HEADER]
    ]
    scores = [len({known[title] for title in row if title in known}) for row in titles]
    best = max(range(len(scores)), key=scores.__getitem__, default=0)
    return best, scores[best] if scores else 0


def _problem(place: Place, what: Fault) -> ListProblem:
    return ListProblem(place, f"roster-error-{what.code}", what.details)
