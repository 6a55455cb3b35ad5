"""Headers: which table this is, and which of its columns is which, however the office titled and ordered them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from core.roster_file.cells import Cell, RawRow, RawTable, clean_text, column_letters
from core.roster_file.problems import quote
from core.roster_file.rows import fold

_NOT_WORDS: Final = re.compile(r"[\W_]+")
_ROWS_ABOVE_HEADER: Final = 10
_FEWEST_COLUMNS: Final = 2
_LONGEST_TITLE: Final = 200
_SECOND: Final = 2


class Kind(StrEnum):
    """The three tables."""

    STAFF = "staff"
    PUPILS = "pupils"
    TIMETABLE = "timetable"


class Field(StrEnum):
    """What a column holds."""

    CLASS = "class"
    SURNAME = "surname"
    GIVEN = "given"
    PATRONYMIC = "patronymic"
    BIRTH_DATE = "birth-date"
    POSITION = "position"
    CLASS_TEACHER_OF = "class-teacher-of"
    RELATION = "relation"
    EMAIL = "email"
    EMAIL_VERIFIED = "email-verified"
    CONSENT = "consent"
    WEEKDAY = "weekday"
    NUMBER = "number"
    STARTS = "starts"
    ENDS = "ends"
    SUBJECT = "subject"
    TEACHER = "teacher"
    ROOM = "room"
    GROUP = "group"
    WEEKS = "weeks"
    SHIFT = "shift"
    SINCE = "since"
    UNTIL = "until"


@dataclass(frozen=True, slots=True)
class Column:
    """A column that we know."""

    field: Field
    titles: tuple[str, ...]
    """The one we advise, then its synonyms."""
    required: bool = True
    of_guardian: int = 0
    """1 or 2 for the columns of an adult, 0 for the rest."""

    @property
    def title(self) -> str:
        """The title we advise."""
        return self.titles[0]

    @property
    def key(self) -> tuple[Field, int]:
        """What tells the columns of one table apart."""
        return self.field, self.of_guardian


_SURNAME: Final = ("Фамилия",)
_GIVEN: Final = ("Имя",)
_PATRONYMIC: Final = ("Отчество",)
_BORN: Final = ("Дата рождения", "Родился", "Родилась", "Д. р.", "Др", "Год, месяц, число рождения")
_EMAIL: Final = (
    "Эл. почта",
    "Электронная почта",
    "Почта",
    "E-mail",
    "Email",
    "Е-mail",  # the first letter is Russian
    "Е-мейл",
    "Имейл",
    "Адрес эл. почты",
    "Адрес электронной почты",
    "Электронный адрес",
    "Эл. адрес",
)
_VERIFIED: Final = (
    "Почта подтверждена",
    "Эл. почта подтверждена",
    "Электронная почта подтверждена",
    "Адрес подтверждён",
    "Адрес подтверждён от",
    "Дата подтверждения почты",
    "Дата подтверждения эл. почты",
    "Дата подтверждения адреса",
    "Почта проверена",
    "Подтверждение почты",
)
_CONSENT: Final = (
    "Согласие от",
    "Согласие",
    "Дата согласия",
    "Согласие дано",
    "Согласие на обработку ПДн",
    "Согласие на обработку персональных данных",
    "Дата согласия на обработку персональных данных",
)
_RELATION: Final = ("Кем приходится", "Кто", "Кем является", "Родство", "Степень родства", "Статус")
_CLASS: Final = ("Класс", "Классы", "Кл.", "Класс (литера)")
_GUARDIAN_PREFIXES: Final = (
    "Родитель {}",
    "{} родитель",
    "Родитель{}",
    "{}-й родитель",
    "Представитель {}",
    "{} представитель",
    "Законный представитель {}",
    "{} законный представитель",
    "Родитель (законный представитель) {}",
    "Родитель {} (законный представитель)",
    "Опекун {}",
)
_ORDINALS: Final = MappingProxyType({1: ("1", "Первый"), 2: ("2", "Второй")})


def _of_guardian(number: int) -> tuple[Column, ...]:
    """Return the columns of an adult; those of the second are needed only together."""
    prefixes = [prefix.format(word) for word in _ORDINALS[number] for prefix in _GUARDIAN_PREFIXES]
    fields = (
        (Field.SURNAME, _SURNAME, True),
        (Field.GIVEN, _GIVEN, True),
        (Field.PATRONYMIC, _PATRONYMIC, False),
        (Field.BIRTH_DATE, _BORN, False),
        (Field.RELATION, _RELATION, True),
        (Field.EMAIL, _EMAIL, True),
        (Field.EMAIL_VERIFIED, _VERIFIED, True),
        (Field.CONSENT, _CONSENT, True),
    )
    return tuple(
        Column(field, tuple(f"{prefix}: {title.lower()}" for prefix in prefixes for title in titles), required, number)
        for field, titles, required in fields
    )


COLUMNS: Final[Mapping[Kind, tuple[Column, ...]]] = MappingProxyType(
    {
        Kind.STAFF: (
            Column(Field.SURNAME, (*_SURNAME, "Фамилия сотрудника", "Фамилия учителя")),
            Column(Field.GIVEN, (*_GIVEN, "Имя сотрудника", "Имя учителя")),
            Column(Field.PATRONYMIC, (*_PATRONYMIC, "Отчество сотрудника", "Отчество учителя"), required=False),
            Column(Field.BIRTH_DATE, _BORN, required=False),
            Column(Field.POSITION, ("Должность", "Должность по штату", "Занимаемая должность")),
            Column(
                Field.CLASS_TEACHER_OF,
                ("Классное руководство", "Классный руководитель", "Кл. руководство", "Классное рук-во", "Рук. класса"),
                required=False,
            ),
            Column(Field.EMAIL, _EMAIL, required=False),
            Column(Field.EMAIL_VERIFIED, _VERIFIED, required=False),
        ),
        Kind.PUPILS: (
            Column(Field.CLASS, (*_CLASS, "Класс ученика", "Класс обучения")),
            Column(Field.SURNAME, (*_SURNAME, "Фамилия ученика", "Фамилия ребёнка", "Фамилия учащегося")),
            Column(Field.GIVEN, (*_GIVEN, "Имя ученика", "Имя ребёнка", "Имя учащегося")),
            Column(
                Field.PATRONYMIC,
                (*_PATRONYMIC, "Отчество ученика", "Отчество ребёнка", "Отчество учащегося"),
                required=False,
            ),
            Column(Field.BIRTH_DATE, (*_BORN, "Дата рождения ученика", "Дата рождения ребёнка")),
            *_of_guardian(1),
            *_of_guardian(2),
        ),
        Kind.TIMETABLE: (
            Column(Field.CLASS, _CLASS, required=False),
            Column(Field.WEEKDAY, ("День недели", "День", "Дни недели", "День нед.")),
            Column(Field.NUMBER, ("Урок", "№ урока", "Номер урока", "Урок №")),
            Column(Field.STARTS, ("Начало", "Начало урока", "Время начала", "С"), required=False),
            Column(
                Field.ENDS,
                ("Конец", "Конец урока", "Окончание", "Окончание урока", "Время окончания", "По"),
                required=False,
            ),
            Column(Field.SUBJECT, ("Предмет", "Учебный предмет", "Дисциплина", "Курс", "Название предмета")),
            Column(Field.TEACHER, ("Учитель", "Преподаватель", "Педагог", "ФИО учителя", "Учитель (ФИО)")),
            Column(Field.ROOM, ("Кабинет", "Каб.", "Аудитория", "Помещение", "№ кабинета"), required=False),
            Column(Field.GROUP, ("Группа", "Подгруппа", "Поток", "Название группы", "Учебная группа"), required=False),
            Column(Field.WEEKS, ("Недели", "Неделя", "Чётность", "Чётность недели", "Чередование"), required=False),
            Column(Field.SHIFT, ("Смена", "№ смены", "Номер смены"), required=False),
            Column(
                Field.SINCE,
                ("Действует с", "Действует со дня", "С даты", "Дата начала", "С какого дня", "Первый день"),
                required=False,
            ),
            Column(
                Field.UNTIL,
                ("Действует по", "Действует по день", "По дату", "Дата окончания", "По какой день", "Последний день"),
                required=False,
            ),
        ),
    }
)
"""The tables' columns in the order in which we advise them."""


@dataclass(frozen=True, slots=True)
class FoundColumn:
    """A known column in a file."""

    index: int
    title: str
    """As the office wrote it."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header row, understood."""

    kind: Kind
    row: int
    """Index of the header among the table's rows."""
    columns: Mapping[tuple[Field, int], FoundColumn]
    unknown: tuple[FoundColumn, ...]
    duplicates: tuple[tuple[FoundColumn, FoundColumn], ...]
    """Columns with the same meaning as an earlier one."""

    def missing(self) -> tuple[str, ...]:
        """Return the titles of needed columns that are not there."""
        second = any(guardian == _SECOND for _, guardian in self.columns)
        return tuple(
            column.title
            for column in COLUMNS[self.kind]
            if column.required and column.key not in self.columns and (column.of_guardian < _SECOND or second)
        )


def fold_title(title: str) -> str:
    """Return the form in which titles are compared: words and numbers alone."""
    return _NOT_WORDS.sub(" ", fold(clean_text(title)).replace("№", " номер ")).strip()


_BY_TITLE: Final[Mapping[Kind, Mapping[str, tuple[Field, int]]]] = MappingProxyType(
    {
        kind: MappingProxyType({fold_title(title): column.key for column in columns for title in column.titles})
        for kind, columns in COLUMNS.items()
    }
)


def find_header(table: RawTable) -> Header | None:
    """Find the header in the first rows of a table; None if the table is none of ours.

    Lines above it (a title, a date) are allowed, and so is a header of two rows, with «Родитель 1» over «фамилия».
    """
    best: Header | None = None
    for index in range(min(len(table.rows), _ROWS_ABOVE_HEADER)):
        titles = _titles(table.rows, index)
        for kind in Kind:
            header = _read_header(kind, index, titles)
            if best is None or len(header.columns) > len(best.columns):
                best = header
    return best if best is not None and len(best.columns) >= _FEWEST_COLUMNS else None


def header_score(table: RawTable) -> int:
    """Tell how many known columns the beginning of a table has; 0 if it is none of ours."""
    header = find_header(table)
    return 0 if header is None else len(header.columns)


@dataclass(frozen=True, slots=True)
class _Title:
    """What stands over a column."""

    own: str
    folded: str
    folded_with_upper: str
    """Together with the cell above it."""


def _titles(rows: Sequence[RawRow], index: int) -> list[_Title]:
    above = rows[index - 1].cells if index else ()
    titles: list[_Title] = []
    for column, cell in enumerate(rows[index].cells):
        own = _words(cell)
        upper = _words(above[column]) if column < len(above) else ""
        folded = fold_title(own)
        titles.append(_Title(own, folded, fold_title(f"{upper} {own}") if upper else folded))
    return titles


def _words(cell: Cell) -> str:
    return clean_text(cell) if isinstance(cell, str) and len(cell) <= _LONGEST_TITLE else ""


def _read_header(kind: Kind, row: int, titles: Sequence[_Title]) -> Header:
    known = _BY_TITLE[kind]
    columns: dict[tuple[Field, int], FoundColumn] = {}
    unknown: list[FoundColumn] = []
    duplicates: list[tuple[FoundColumn, FoundColumn]] = []
    for index, title in enumerate(titles):
        key = known.get(title.folded_with_upper) or known.get(title.folded)
        found = FoundColumn(index, quote(title.own or column_letters(index)))
        if key is None:
            unknown.append(found)
        elif key in columns:
            duplicates.append((columns[key], found))
        else:
            columns[key] = found
    return Header(kind, row, MappingProxyType(columns), tuple(unknown), tuple(duplicates))
