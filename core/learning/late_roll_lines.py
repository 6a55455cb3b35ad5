"""The lines of paper rolls, once read: who was absent from which lesson, and at which lessons nobody was. Pure.

The words of a file are Russian, as the office writes them; ``docs/how-to/attendance.md`` describes the file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from core.event_words import LeftEarly
from core.learning.entries import LATE_MOST, Entry
from core.plan.list_file import ListColumn, ListLine, demand_good, read_lines
from core.roster_file.cells import Cell
from core.roster_file.fields import parse_class, parse_date, parse_lesson_number
from core.roster_file.fields import parse_text as text
from core.roster_file.problems import Fault, quote
from core.roster_file.rows import NamedBytes, fold

LEFT_WORDS: Mapping[LeftEarly, str] = MappingProxyType(
    {
        LeftEarly.PERMISSION: "с разрешения",
        LeftEarly.NURSE: "в медпункт",
        LeftEarly.WITHOUT: "без разрешения",
    }
)
"""The word for each way of leaving before the end that the office's table is written with."""
ALL_THERE = "все на месте"
_ALL_THERE = frozenset({ALL_THERE, "все", "все есть", "все присутствуют", "отсутствующих нет"})
_NAME = re.compile(r"(?P<name>[^,]+?)(?: ?, ?(?P<born>[^,]+))?")
_MINUTES = re.compile(r"([0-9]{1,3}) ?(?:мин(?:ута|уты|ут)?\.?)?")
_HYPHEN = re.compile(" ?- ?")

COLUMNS = (
    ListColumn("day", ("День", "Дата", "Дата урока", "День урока", "Число")),
    ListColumn("class", ("Класс", "Класс или группа", "Кл.")),
    ListColumn("group", ("Группа", "Подгруппа", "Поток", "Учебная группа"), required=False),
    ListColumn("number", ("Урок", "№ урока", "Номер урока", "Урок №")),
    ListColumn("subject", ("Предмет", "Учебный предмет"), required=False),
    ListColumn("pupil", ("Ученик", "Фамилия и имя", "Фамилия, имя", "ФИО", "ФИО ученика", "Кого нет")),
    ListColumn("mark", ("Отметка", "Код", "Отметка об отсутствии")),
    ListColumn(
        "late",
        ("Опоздание, мин", "Опоздание", "Опоздание, минут", "Опоздание в минутах", "Минут опоздания"),
        required=False,
    ),
    ListColumn("left", ("Уход раньше", "Ушёл раньше", "Ушла раньше", "Уход до конца урока"), required=False),
)
_SELDOM = frozenset({"group", "subject"})
_DAY = "ДД.ММ.ГГГГ"
TEMPLATE = (
    tuple(column.titles[0] for column in COLUMNS if column.key not in _SELDOM),
    (_DAY, "5А", "1", "Фамилия Имя", "н", "", ""),
    (_DAY, "5А", "1", "Фамилия Имя", "", "10", ""),
    (_DAY, "5А", "1", "Фамилия Имя", "", "", LEFT_WORDS[LeftEarly.NURSE]),
    (_DAY, "5А", "2", ALL_THERE, "", "", ""),
)
"""A file to begin with. Its lines show the form and are refused if somebody leaves them in: no day is called so."""


@dataclass(frozen=True, slots=True)
class WrittenPupil:
    """A pupil as a paper names him."""

    name: str
    born: date | None
    """Tells him from his namesakes."""


@dataclass(frozen=True, slots=True)
class RollLine:
    """A line: an entry of one pupil at a lesson, or that nobody was absent from it."""

    line: ListLine
    day: date
    number: int
    learners: str
    """Title of a class or a group, or the name of a pupil who is taught alone."""
    subject: str | None
    pupil: WrittenPupil | None
    """None: everybody was there all the time."""
    entry: Entry


def read_rolls(file: NamedBytes) -> tuple[RollLine, ...]:
    """Read a file of paper rolls. Raises ``ListRefused`` with every problem."""
    lines = read_lines(file, COLUMNS)
    found = [_roll_line(line) for line in lines]
    demand_good(lines)
    return tuple(one for one in found if one is not None)


def _roll_line(line: ListLine) -> RollLine | None:
    day = line.required("day", parse_date)
    # The class beside a group only says where its pupils are from.
    learners = line.optional("group", text) if line.has("group") else line.required("class", _class_or_group)
    number = line.required("number", parse_lesson_number)
    subject = line.optional("subject", text)
    pupil, entry = _pupil(line), _entry(line)
    if entry is not None:
        _demand_whole(line, entry)
    if day is None or learners is None or number is None or entry is None:
        return None
    return RollLine(line, day, number, learners, subject, pupil, entry)


def _class_or_group(cell: Cell) -> str | Fault:
    """Read «5А» however it is spelled; what is no class is the title of a group."""
    title = parse_class(cell)
    return text(cell) if isinstance(title, Fault) else str(title)


def _names_somebody(line: ListLine) -> bool:
    seen = line.cells.get("pupil", "")
    return line.has("pupil") and not (isinstance(seen, str) and fold(seen).rstrip(".") in _ALL_THERE)


def _pupil(line: ListLine) -> WrittenPupil | None:
    """Read «Фамилия Имя», «Фамилия Имя Отчество», of namesakes with the birth date: «Фамилия Имя, 05.03.2014»."""
    seen = line.optional("pupil", text) if _names_somebody(line) else None
    read = None if seen is None else _NAME.fullmatch(seen)
    if read is None:
        if seen is not None:
            line.problem("pupil", "late-roll-name", seen=quote(seen))
        return None
    born = None if read["born"] is None else parse_date(read["born"])
    if isinstance(born, Fault):
        line.fault("pupil", born)
        return None
    return WrittenPupil(_HYPHEN.sub("-", read["name"]), born)


def _entry(line: ListLine) -> Entry | None:
    """Read what is entered; None: a field cannot be read."""
    code, late, left = line.optional("mark", text), _minutes(line), _left(line)
    wanted = [line.has(key) for key in ("mark", "late", "left")]
    read = [one is not None for one in (code, late, left)]
    return Entry(code, late, left) if wanted == read else None


def _demand_whole(line: ListLine, entry: Entry) -> None:
    """Say what a line lacks, or has too much of."""
    somebody, something = _names_somebody(line), entry.code is not None or entry.is_partial
    if something and not somebody:
        line.problem("pupil", "late-roll-whose")
    elif somebody and not something:
        line.problem("mark", "late-roll-nothing")
    elif entry.code is not None and entry.is_partial:
        line.problem("mark", "late-roll-absent-and-there")


def _minutes(line: ListLine) -> int | None:
    seen = line.optional("late", text)
    if seen is None:
        return None
    read = _MINUTES.fullmatch(fold(seen))
    if read is None or not 1 <= int(read[1]) <= LATE_MOST:
        line.problem("late", "late-roll-minutes", seen=quote(seen), most=str(LATE_MOST))
        return None
    return int(read[1])


def _left(line: ListLine) -> LeftEarly | None:
    seen = line.optional("left", text)
    if seen is None:
        return None
    found = next((one for one, word in LEFT_WORDS.items() if fold(word) == fold(seen)), None)
    if found is None:
        line.problem("left", "plan-list-word", seen=quote(seen), known=", ".join(LEFT_WORDS.values()))
    return found
