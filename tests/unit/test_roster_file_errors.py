"""Everything an office can get wrong is said in Russian, with its place, and nothing is read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from core.roster_file import Code, Limits, NamedBytes, NoticeCode, RosterErrors, RosterFiles
from core.roster_file.rows import DEFAULT_LIMITS
from tests.unit.fluent_files import entries, written
from tests.unit.roster_tables import (
    LESSON,
    PUPIL,
    STAFF,
    TABLES,
    Row,
    bad,
    csv_file,
    csv_text,
    matrix,
    raw_book,
    raw_parts,
    raw_row,
    read,
    told,
    zipped,
)
from texts.reader import LANGUAGES

DATA = Path(__file__).parents[1] / "data" / "roster"
OF_THE_IMPORT = {
    Code.TEACHER_UNKNOWN,
    Code.TEACHER_AMBIGUOUS,
    Code.GROUP_UNKNOWN,
    Code.GROUP_CLOSED,
    Code.GROUP_OF_OTHER_CLASS,
    Code.ROOM_CLOSED,
    Code.NO_BELL,
}
"""Found by comparing with the journal, hence by core.roster."""


@dataclass(frozen=True)
class Cell:
    """One spoiled cell of a good line."""

    table: str
    column: str
    value: str
    code: Code
    words: str

    def __str__(self) -> str:
        return f"{self.column}={self.value}"


MOTHER_MAIL = "Родитель 1: эл. почта"
MOTHER_VERIFIED = "Родитель 1: почта подтверждена"
CONSENT = "Родитель 1: согласие от"
CELLS = [
    # any cell
    Cell("pupils", "Фамилия", "", Code.REQUIRED, "ячейка пустая, а её нужно заполнить"),
    Cell("pupils", "Дата рождения", "—", Code.REQUIRED, "ячейка пустая"),
    Cell("staff", "Должность", "", Code.REQUIRED, "ячейка пустая"),
    Cell("timetable", "Учитель", "", Code.REQUIRED, "ячейка пустая"),
    Cell("staff", "Должность", "у" * 1001, Code.CELL_TOO_LONG, "больше 1\u00a0000 знаков"),
    Cell("staff", "Должность", "учи\u0001тель", Code.NOT_A_TABLE, "нет текста таблицы"),
    Cell("staff", "Должность", "учи\u0085\ue000тель", Code.CONTROL_CHARACTER, "служебный знак (U+E000)"),
    Cell("staff", "Должность", "=cmd|' /C calc'!A0", Code.FORMULA, "начинается как формула"),
    Cell("staff", "Должность", "@SUM(A1)", Code.FORMULA, "«@SUM(A1)»"),
    Cell("pupils", "Фамилия", "+Иванов", Code.FORMULA, "Уберите первый знак"),
    Cell("pupils", "Имя", "-Иван", Code.FORMULA, "начинается как формула"),
    Cell("timetable", "Учитель", "=Иванов Иван", Code.FORMULA, "начинается как формула"),
    Cell("timetable", "Кабинет", "=1", Code.FORMULA, "начинается как формула"),
    # dates
    Cell("pupils", "Дата рождения", "весной", Code.BAD_DATE, "«весной» — не дата. Пишите так: 01.09.2026"),
    Cell("pupils", "Дата рождения", "05/07/2015", Code.BAD_DATE, "не дата"),
    Cell("pupils", "Дата рождения", "42131", Code.BAD_DATE, "не дата"),
    Cell("pupils", "Дата рождения", "07.05.15", Code.SHORT_YEAR, "четырьмя цифрами"),
    Cell("pupils", "Дата рождения", "31.02.2015", Code.IMPOSSIBLE_DATE, "такой даты нет"),
    Cell("pupils", "Дата рождения", "00.05.2015", Code.IMPOSSIBLE_DATE, "такой даты нет"),
    Cell("pupils", "Дата рождения", "07.13.2015", Code.IMPOSSIBLE_DATE, "такой даты нет"),
    Cell("pupils", "Дата рождения", "29.02.2015", Code.IMPOSSIBLE_DATE, "такой даты нет"),
    Cell("pupils", "Дата рождения", "07.05.1015", Code.IMPOSSIBLE_DATE, "такой даты нет"),
    Cell("pupils", "Дата рождения", "07.05.2105", Code.IMPOSSIBLE_DATE, "такой даты нет"),
    Cell("pupils", "Дата рождения", "07.05.2027", Code.DATE_IN_FUTURE, "ещё не наступило (сегодня 22.11.2026)"),
    Cell("pupils", CONSENT, "23.11.2026", Code.DATE_IN_FUTURE, "23.11.2026 ещё не наступило"),
    Cell("pupils", MOTHER_VERIFIED, "01.01.2027", Code.DATE_IN_FUTURE, "ещё не наступило"),
    Cell("staff", "Почта подтверждена", "01.01.2027", Code.DATE_IN_FUTURE, "ещё не наступило"),
    Cell("pupils", CONSENT, "01.09.1926", Code.DATE_TOO_EARLY, "ожидается не раньше 01.01.2000"),
    Cell("pupils", CONSENT, "да", Code.BAD_DATE, "«да» — не дата"),
    Cell("pupils", "Дата рождения", "07.05.1988", Code.CHILD_AGE, "возраст не подходит для этого класса"),
    Cell("pupils", "Дата рождения", "07.05.2021", Code.CHILD_AGE, "Проверьте год"),
    Cell("pupils", "Родитель 1: дата рождения", "01.02.2015", Code.ADULT_AGE, "меньше 14 или больше 110 лет"),
    Cell("staff", "Дата рождения", "12.03.1900", Code.ADULT_AGE, "Проверьте год"),
    # people
    Cell("pupils", "Фамилия", "Kоролёва", Code.LATIN_LETTER, "есть латинская буква «K»"),
    Cell("pupils", "Имя", "Aлёна", Code.LATIN_LETTER, "латинская буква «A»"),
    Cell("staff", "Отчество", "Пeтровна", Code.LATIN_LETTER, "латинская буква «e»"),
    Cell("pupils", "Родитель 1: имя", "Anna", Code.LATIN_LETTER, "русскими буквами"),
    Cell("timetable", "Учитель", "Семёнова Oльга", Code.LATIN_LETTER, "латинская буква «O»"),
    Cell("pupils", "Имя", "А.", Code.INITIALS, "напишите полностью"),
    Cell("pupils", "Отчество", "И", Code.INITIALS, "напишите полностью"),
    Cell("pupils", "Фамилия", "Королёва (Щеглова)", Code.BAD_NAME, "без цифр и скобок"),
    Cell("pupils", "Фамилия", "Королёва2", Code.BAD_NAME, "без цифр и скобок"),
    Cell("pupils", "Фамилия", "Королёва-", Code.BAD_NAME, "без цифр и скобок"),
    Cell("pupils", "Родитель 1: кем приходится", "соседка", Code.BAD_RELATION, "мать, отец"),
    Cell("pupils", MOTHER_MAIL, "koroleva", Code.BAD_EMAIL, "не адрес эл. почты"),
    Cell("pupils", MOTHER_MAIL, "a@example.org, b@example.org", Code.BAD_EMAIL, "Нужен один адрес"),
    Cell("pupils", MOTHER_MAIL, "a..b@example.org", Code.BAD_EMAIL, "не адрес"),
    Cell("pupils", MOTHER_MAIL, "a.@example.org", Code.BAD_EMAIL, "не адрес"),
    Cell("pupils", MOTHER_MAIL, "a@localhost", Code.BAD_EMAIL, "не адрес"),
    Cell("pupils", MOTHER_MAIL, "a@-x.org", Code.BAD_EMAIL, "не адрес"),
    Cell("pupils", MOTHER_MAIL, "+a@example.org", Code.BAD_EMAIL, "не адрес"),
    Cell("pupils", MOTHER_MAIL, f"{'a' * 65}@example.org", Code.BAD_EMAIL, "не адрес"),
    Cell("pupils", MOTHER_MAIL, f"a@{'b.' * 130}org", Code.BAD_EMAIL, "не адрес"),
    Cell("staff", "Эл. почта", "семёнова@example.org", Code.CYRILLIC_IN_EMAIL, "русская буква «с»"),
    Cell("staff", "Эл. почта", "s@exаmple.org", Code.CYRILLIC_IN_EMAIL, "русская буква «а»"),
    # classes and lessons
    Cell("timetable", "Класс", "12А", Code.BAD_CLASS, "«12А» — не класс"),
    Cell("timetable", "Класс", "0А", Code.BAD_CLASS, "не класс"),
    Cell("timetable", "Класс", "5АБ", Code.BAD_CLASS, "не класс"),
    Cell("timetable", "Класс", "5Z", Code.BAD_CLASS, "не класс"),
    Cell("timetable", "Класс", "А", Code.BAD_CLASS, "не класс"),
    Cell("staff", "Классное руководство", "да", Code.BAD_CLASS, "«да» — не класс"),
    Cell("timetable", "День недели", "воскресенье", Code.BAD_WEEKDAY, "не учебный день"),
    Cell("timetable", "День недели", "7", Code.BAD_WEEKDAY, "от понедельника до субботы"),
    Cell("timetable", "Урок", "первый", Code.BAD_LESSON_NUMBER, "от 0 до 12"),
    Cell("timetable", "Урок", "13", Code.BAD_LESSON_NUMBER, "не номер урока"),
    Cell("timetable", "Урок", "1.5", Code.BAD_LESSON_NUMBER, "не номер урока"),
    Cell("timetable", "Урок", "-1", Code.BAD_LESSON_NUMBER, "не номер урока"),
    Cell("timetable", "Начало", "24:00", Code.BAD_TIME, "«24:00» — не время"),
    Cell("timetable", "Начало", "полдевятого", Code.BAD_TIME, "Пишите так: 8:30"),
    Cell("timetable", "Начало", "8:30:30", Code.BAD_TIME, "не время"),
    Cell("timetable", "Конец", "8:30", Code.ENDS_BEFORE_START, "заканчивается в 08:30, а начинается в 08:30"),
    Cell("timetable", "Конец", "", Code.HALF_HOURS, "Если урок идёт по звонкам, оставьте обе ячейки пустыми"),
    Cell("timetable", "Недели", "третья", Code.BAD_WEEKS, "каждая, нечётная, чётная"),
    Cell("timetable", "Смена", "4", Code.BAD_SHIFT, "«4» — не смена"),
    Cell("timetable", "Группа", "г" * 101, Code.BAD_GROUP, "больше 100 знаков"),
    Cell("timetable", "Группа", "=1", Code.FORMULA, "начинается как формула"),
    Cell("timetable", "Действует с", "сентябрь", Code.BAD_DATE, "не дата"),
    Cell("timetable", "Предмет", "рус. язык", Code.SUBJECT_ABBREVIATED, "похоже на сокращение («рус.»)"),
    Cell("timetable", "Предмет", "ИЗО", Code.SUBJECT_ABBREVIATED, "как в учебном плане"),
    Cell("timetable", "Предмет", "физ-ра", Code.SUBJECT_ABBREVIATED, "полностью"),
    Cell("timetable", "Учитель", "Семёнова", Code.BAD_TEACHER, "фамилию с инициалами"),
    Cell("timetable", "Учитель", "А. П.", Code.BAD_TEACHER, "как в списке сотрудников"),
    Cell("timetable", "Учитель", "Семёнова О.П. / Ким", Code.BAD_TEACHER, "фамилию с инициалами"),
]


@pytest.mark.parametrize("case", CELLS, ids=str)
def test_a_spoiled_cell(case: Cell) -> None:
    result = read(csv_file({**TABLES[case.table], case.column: case.value}))
    error = bad(result)[0]
    assert (error.code, len(bad(result))) == (case.code, 1)
    whole_file = case.code is Code.NOT_A_TABLE
    place = "file.csv: " if whole_file else f"file.csv, строка 2, столбец «{case.column}»: "
    text = told(result)[0]
    assert text.startswith(place)
    assert case.words in text


@dataclass(frozen=True)
class Lines:
    """Good lines that contradict one another."""

    rows: Sequence[Row]
    code: Code
    told: str

    def __str__(self) -> str:
        return self.code


SIBLING = {**PUPIL, "Имя": "Семён", "Дата рождения": "03.03.2012", "Класс": "8Б"}
WITHOUT_PARENTS = {key: "" if key.startswith("Родитель") else value for key, value in PUPIL.items()}
CONTRADICTIONS = [
    Lines(
        [{**PUPIL, MOTHER_MAIL: ""}],
        Code.VERIFIED_WITHOUT_ADDRESS,
        "file.csv, строка 2, столбец «Родитель 1: почта подтверждена»: "
        "дата подтверждения есть, а адреса эл. почты нет.",
    ),
    Lines(
        [WITHOUT_PARENTS],
        Code.NO_GUARDIAN,
        "file.csv, строка 2, столбец «Родитель 1: фамилия»: не записан ни один родитель или законный представитель.",
    ),
    Lines(
        [{**PUPIL, "Родитель 2: фамилия": "королева", "Родитель 2: имя": "Анна", "Родитель 2: отчество": "Юрьевна"}],
        Code.GUARDIAN_TWICE,
        "file.csv, строка 2, столбец «Родитель 2: фамилия»: родители 1 и 2 — один и тот же человек.",
    ),
    Lines(
        [PUPIL, {**SIBLING, MOTHER_MAIL: "other@example.org"}],
        Code.ADDRESS_DIFFERS,
        "file.csv, строка 3: Королёва Анна Юрьевна: здесь адрес other@example.org (30.08.2026), а в другой строке — "
        "koroleva@example.org (30.08.2026) (file.csv, строка 2). "
        "У одного человека адрес и дата его подтверждения везде одинаковы.",
    ),
    Lines(
        [PUPIL, {**SIBLING, MOTHER_VERIFIED: ""}],
        Code.ADDRESS_DIFFERS,
        "file.csv, строка 3: Королёва Анна Юрьевна: здесь адрес koroleva@example.org (—), а в другой строке — "
        "koroleva@example.org (30.08.2026) (file.csv, строка 2). "
        "У одного человека адрес и дата его подтверждения везде одинаковы.",
    ),
    Lines(
        [PUPIL, {**PUPIL, "Фамилия": "Королева", "Класс": "5Б"}],
        Code.PUPIL_TWICE,
        "file.csv, строка 3: Королева Алёна Игоревна уже есть в списке 5А (file.csv, строка 2) "
        "с той же датой рождения.",
    ),
    Lines(
        [STAFF, {**STAFF, "Классное руководство": ""}],
        Code.STAFF_TWICE,
        "file.csv, строка 3: Семёнова Ольга Петровна уже есть в списке сотрудников (file.csv, строка 2).",
    ),
    Lines(
        [STAFF, {**STAFF, "Имя": "Инна", "Эл. почта": "", "Почта подтверждена": ""}],
        Code.CLASS_TEACHER_TWICE,
        "file.csv, строка 3: у 5А уже есть классный руководитель: Семёнова Ольга Петровна (file.csv, строка 2).",
    ),
    Lines(
        [LESSON, {**LESSON, "Начало": "9:20", "Конец": "10:00"}],
        Code.CLASS_BUSY,
        "file.csv, строка 3: у 5А в это время уже есть урок: вторник, урок 1, 08:30–09:10, математика "
        "(file.csv, строка 2). Если это группы класса, назовите каждую в столбце «Группа».",
    ),
    Lines(
        [LESSON, {**LESSON, "Урок": "2", "Начало": "9:00", "Конец": "9:40"}],
        Code.CLASS_BUSY,
        "file.csv, строка 3: у 5А в это время уже есть урок: вторник, урок 1, 08:30–09:10, математика "
        "(file.csv, строка 2). Если это группы класса, назовите каждую в столбце «Группа».",
    ),
    Lines(
        [LESSON, {**LESSON, "Класс": "6Б", "Урок": "2", "Начало": "9:00", "Конец": "9:40"}],
        Code.TEACHER_BUSY,
        "file.csv, строка 3: Семёнова Ольга Петровна в это время ведёт урок в 5А: вторник, 08:30–09:10 "
        "(file.csv, строка 2).",
    ),
    Lines(
        [{**LESSON, "Действует с": "01.11.2026", "Действует по": "31.10.2026"}],
        Code.LAST_BEFORE_FIRST,
        "file.csv, строка 2, столбец «Действует по»: последний день (31.10.2026) раньше первого (01.11.2026).",
    ),
    Lines(
        [{**LESSON, "Группа": "англ 1"}, {**LESSON, "Группа": "Англ 1", "Начало": "9:20", "Конец": "10:00"}],
        Code.CLASS_BUSY,
        "file.csv, строка 3: у Англ 1 в это время уже есть урок: вторник, урок 1, 08:30–09:10, математика "
        "(file.csv, строка 2). Если это группы класса, назовите каждую в столбце «Группа».",
    ),
]


@pytest.mark.parametrize("case", CONTRADICTIONS, ids=str)
def test_lines_that_contradict_one_another(case: Lines) -> None:
    result = read(csv_file(*case.rows))
    assert [error.code for error in bad(result)] == [case.code]
    assert told(result) == [case.told]


def test_a_parent_who_works_at_the_school_has_one_address_too() -> None:
    teacher = {**STAFF, "Фамилия": "Королёва", "Имя": "Анна", "Отчество": "Юрьевна", "Дата рождения": "01.02.1988"}
    errors = bad(read(csv_file(teacher, name="s.csv"), csv_file(PUPIL, name="p.csv")))
    assert [(error.code, str(error.place), error.args["other_file"]) for error in errors] == [
        (Code.ADDRESS_DIFFERS, "p.csv:2", "s.csv")
    ]


def test_an_address_may_be_written_once() -> None:
    assert not isinstance(read(csv_file(PUPIL, {**SIBLING, MOTHER_MAIL: "", MOTHER_VERIFIED: ""})), RosterErrors)


def test_a_teacher_may_go_from_one_class_to_another() -> None:
    later = {**LESSON, "Класс": "6Б", "Урок": "2", "Начало": "9:10", "Конец": "9:50"}
    assert not isinstance(read(csv_file(LESSON, later)), RosterErrors)


def test_one_clash_of_a_class_is_told_once() -> None:
    """The second line has the same number and begins earlier: two ways of seeing one mistake."""
    earlier = {**LESSON, "Начало": "8:00", "Конец": "8:40"}
    assert [str(error.place) for error in bad(read(csv_file(LESSON, earlier)))] == ["file.csv:3"]


def test_a_long_lesson_keeps_its_teacher_busy_beyond_a_short_one() -> None:
    """The clash is with the lesson that is still on, not with the one that began last."""
    long = {**LESSON, "Конец": "10:00"}
    short = {**LESSON, "День недели": "вт", "Класс": "6Б", "Урок": "2", "Начало": "8:40", "Конец": "8:50"}
    late = {**LESSON, "Класс": "7В", "Урок": "3", "Начало": "9:50", "Конец": "10:30"}
    assert [error.args["school_class"] for error in bad(read(csv_file(long, short, late)))] == ["5А", "5А"]


def test_a_class_that_no_pupil_is_in_is_told_once() -> None:
    lessons = csv_file({**LESSON, "Класс": "5Б"}, {**LESSON, "Класс": "5Б", "День недели": "пт"}, name="t.csv")
    result = read(
        csv_file({**STAFF, "Классное руководство": "9А"}, name="s.csv"), csv_file(PUPIL, name="p.csv"), lessons
    )
    assert told(result) == [
        "s.csv, строка 2: в списке учеников нет никого из 9А. Проверьте название класса.",
        "t.csv, строка 2: в списке учеников нет никого из 5Б. Проверьте название класса.",
    ]


def test_a_class_is_not_missing_because_its_lines_are_wrong() -> None:
    wrong = csv_file({**PUPIL, "Имя": ""}, name="p.csv")
    assert [error.code for error in bad(read(wrong, csv_file(LESSON)))] == [Code.REQUIRED]
    headless = csv_file({**PUPIL, "Имя ученика": ""}, name="p.csv")
    lesson = csv_file({**LESSON, "Класс": "6Б"}, name="t.csv")
    assert [error.code for error in bad(read(headless, csv_file(PUPIL), lesson))] == [Code.DUPLICATE_COLUMN]


@dataclass(frozen=True)
class Whole:
    """A file that is wrong as a whole."""

    name: str
    data: bytes
    code: Code
    told: str
    limits: Limits = DEFAULT_LIMITS

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


GOOD = csv_text(matrix(PUPIL))
SMALL = Limits(file_bytes=1024 * 1024, unpacked_bytes=100_000, rows=3, columns=30)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ROWS = "".join(raw_row(number, ["5А"]) for number in range(1, 6))
WHOLE = [
    Whole("empty.csv", b"", Code.EMPTY_FILE, "файл пустой."),
    Whole("blank.csv", b"\xef\xbb\xbf\r\n ;;; \r\n", Code.EMPTY_FILE, "файл пустой."),
    Whole("blank.xlsx", zipped(raw_parts("")), Code.EMPTY_FILE, "файл пустой."),
    Whole("large.csv", b"a" * (1024 * 1024 + 1), Code.FILE_TOO_LARGE, "файл больше 1 МБ.", SMALL),
    Whole("bomb.xlsx", zipped({"a": b"0" * 100_001}), Code.UNPACKED_TOO_LARGE, "слишком много данных", SMALL),
    Whole("scan.csv", b"%PDF-1.7\n", Code.NOT_A_TABLE, "это документ PDF, а не таблица."),
    Whole("photo.xlsx", b"\x89PNG\r\n\x1a\n\0\0", Code.NOT_A_TABLE, "это картинка, а не таблица."),
    Whole("list.docx", zipped({"word/document.xml": "<a/>"}), Code.NOT_A_TABLE, "это документ Word, а не таблица."),
    Whole("list.doc", OLE + "WordDocument".encode("utf-16-le"), Code.NOT_A_TABLE, "это документ Word"),
    Whole("list.pptx", zipped({"ppt/presentation.xml": "<a/>"}), Code.NOT_A_TABLE, "это презентация"),
    Whole("lists.zip", zipped({"staff.csv": "a"}), Code.NOT_A_TABLE, "это архив. Распакуйте его"),
    Whole("none.zip", zipped({}), Code.NOT_A_TABLE, "это архив"),
    Whole("export.xls", b"\xef\xbb\xbf\n<HTML><table>", Code.NOT_A_TABLE, "это веб-страница"),
    Whole("core.bin", bytes(range(1, 100)), Code.NOT_A_TABLE, "нет текста таблицы"),
    Whole("old.xls", OLE + b"\0" * 99, Code.OLD_EXCEL, "это старый формат Excel (.xls)."),
    Whole("secret.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), Code.ENCRYPTED, "файл закрыт паролем."),
    Whole("list.ods", zipped({"content.xml": "<a/>"}), Code.OTHER_SPREADSHEET, "такой формат таблиц не читается."),
    Whole("list.xlsb", zipped({"xl/workbook.bin": "a"}), Code.OTHER_SPREADSHEET, "такой формат таблиц не читается."),
    Whole("half.xlsx", zipped(raw_parts(ROWS))[:700], Code.DAMAGED, "файл повреждён или сохранён не полностью."),
    Whole("odd.csv", b"\xff\xfeA", Code.BAD_ENCODING, "не удалось прочитать буквы"),
    Whole("cut.csv", b"\xef\xbb\xbf\xd0", Code.BAD_ENCODING, "не удалось прочитать буквы"),
    Whole("odd1251.csv", "Фамилия".encode("cp1251") + b"\x98", Code.BAD_ENCODING, "не удалось прочитать буквы"),
    Whole("nul.csv", GOOD.encode() + b"\0", Code.NUL_BYTES, "в файле есть нулевые байты"),
    Whole("nul16.csv", (GOOD + "\0").encode("utf-16"), Code.NUL_BYTES, "в файле есть нулевые байты"),
    Whole("quote.csv", (GOOD + '5А;"Петров').encode(), Code.BROKEN_QUOTES, ", строка 3: кавычка открыта и не закрыта"),
    Whole("quote2.csv", (GOOD + '5А;"Петров" Иван').encode(), Code.BROKEN_QUOTES, ", строка 3: кавычка открыта"),
    Whole("quote3.csv", (GOOD + '"' + "а\n" * 99_999).encode(), Code.BROKEN_QUOTES, ", строка 3: кавычка открыта"),
    Whole("line.csv", (GOOD + "а" * 99_999).encode(), Code.LINE_TOO_LONG, ", строка 3: строка слишком длинная"),
    Whole("rows.csv", (GOOD + "5А\n" * 3).encode(), Code.TOO_MANY_ROWS, "читается не больше 3 строк", SMALL),
    Whole("empty_rows.csv", (GOOD + ";\n" * 1_100_000).encode(), Code.TOO_MANY_ROWS, "читается не больше 20\u00a0000"),
    Whole("rows.xlsx", zipped(raw_parts(ROWS)), Code.TOO_MANY_ROWS, ", лист «Лист1»: в таблице слишком", SMALL),
    Whole("wide.csv", (GOOD + ";" * 9_999 + "а").encode(), Code.TOO_MANY_COLUMNS, ", строка 3: слишком много столбцов"),
    Whole(
        "wide.xlsx",
        zipped(raw_parts(raw_row(7, ["а"] * 65))),
        Code.TOO_MANY_COLUMNS,
        ", лист «Лист1», строка 7: слишком много столбцов: читается не больше 64.",
    ),
    Whole(
        "sheets.xlsx",
        zipped(
            {**raw_parts(""), "xl/workbook.xml": f"<a>{''.join(f'<sheet name="{one}"/>' for one in range(201))}</a>"}
        ),
        Code.TOO_MANY_SHEETS,
        "слишком много листов: читается не больше 200.",
    ),
    Whole(
        "menu.csv",
        "Блюдо;Выход, г;Цена\nкаша;200;10\n".encode(),
        Code.UNKNOWN_TABLE,
        "В первой строке видно: «Блюдо», «Выход, г», «Цена».",
    ),
    Whole("nohead.csv", "5А;Королёва;Алёна;07.05.2015\n".encode(), Code.UNKNOWN_TABLE, "«5А», «Королёва»"),
    Whole("head.csv", GOOD.splitlines()[0].encode(), Code.NO_ROWS, ", строка 1: под заголовком нет ни одной строки."),
]


@pytest.mark.parametrize("case", WHOLE, ids=str)
def test_a_file_that_is_wrong_as_a_whole(case: Whole) -> None:
    result = read(NamedBytes(case.name, case.data), limits=case.limits)
    assert [error.code for error in bad(result)] == [case.code]
    text = told(result)[0]
    assert text.startswith(case.name)
    assert case.told in text


MISSING = [("staff", "Должность"), ("pupils", "Класс"), ("pupils", CONSENT), ("timetable", "Предмет")]


@pytest.mark.parametrize(("table", "column"), MISSING)
def test_a_missing_column_is_named(table: str, column: str) -> None:
    row = {key: value for key, value in TABLES[table].items() if key != column}
    result = read(csv_file(row))
    assert [error.code for error in bad(result)] == [Code.MISSING_COLUMN]
    name = {"staff": "Сотрудники", "pupils": "Ученики", "timetable": "Расписание"}[table]
    assert told(result) == [f"file.csv, строка 1: в таблице «{name}» не хватает столбца «{column}»."]


def test_half_a_second_parent_lacks_its_other_half() -> None:
    row = {key: value for key, value in PUPIL.items() if "2" not in key or "фамилия" in key or "имя" in key}
    assert [error.args["wanted"] for error in bad(read(csv_file(row)))] == [
        "Родитель 2: кем приходится",
        "Родитель 2: эл. почта",
        "Родитель 2: почта подтверждена",
        "Родитель 2: согласие от",
    ]


def test_two_columns_of_one_meaning_are_named() -> None:
    result = read(csv_file({**STAFF, "E-mail": ""}))
    assert [error.code for error in bad(result)] == [Code.DUPLICATE_COLUMN]
    place, words = told(result)[0].split(": ", 1)
    assert place == "file.csv, строка 1, столбец «E-mail»"
    assert words == "этот столбец означает то же, что и столбец «Эл. почта». Оставьте один из них."


def test_two_files_of_one_name_are_not_told_apart() -> None:
    result = read(csv_file(STAFF), csv_file(PUPIL))
    assert [error.code for error in bad(result)] == [Code.FILE_TWICE]


BOOK_CELLS = [
    ('<c r="B2" t="e"><v>#REF!</v></c>', Code.EXCEL_ERROR, "ошибка Excel: #REF!"),
    ('<c r="B2"><f>A1</f></c>', Code.FORMULA_WITHOUT_VALUE, "формула без готового значения"),
    ('<c r="B2" s="1"><v>42131</v></c>', Code.DATE_IN_TEXT, "Excel превратил текст в дату или время (07.05.2015)"),
    ('<c r="B2"><v>1e999</v></c>', Code.EXCEL_ERROR, "ошибка Excel: 1e999"),
    ('<c r="B2" s="1"><v>-1</v></c>', Code.EXCEL_ERROR, "ошибка Excel: #####"),
    ('<c r="B2" t="inlineStr"><is><t>а_x0007_б</t></is></c>', Code.CONTROL_CHARACTER, "служебный знак (U+0007)"),
    ('<c r="B2" t="inlineStr"><is><t>_x003D_1+1</t></is></c>', Code.FORMULA, "начинается как формула"),
]
STYLES = '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs>'


@pytest.mark.parametrize(("cell", "code", "words"), BOOK_CELLS)
def test_a_cell_that_only_a_book_can_have(cell: str, code: Code, words: str) -> None:
    header = raw_row(1, ["Фамилия", "Должность", "Имя"])
    row = f'<row r="2"><c r="A2" t="str"><v>Ким</v></c>{cell}<c r="C2" t="str"><v>Вера</v></c></row>'
    result = read(raw_book(header + row, styles=STYLES))
    assert [error.code for error in bad(result)] == [code]
    assert told(result)[0].startswith("book.xlsx, лист «Лист1», строка 2, столбец «Должность»: ")
    assert words in told(result)[0]


def test_every_code_is_shown_by_a_test() -> None:
    shown = {case.code for case in CELLS} | {case.code for case in CONTRADICTIONS} | {case.code for case in WHOLE}
    shown |= {code for _, code, _ in BOOK_CELLS}
    elsewhere = {Code.MISSING_COLUMN, Code.DUPLICATE_COLUMN, Code.FILE_TWICE, Code.CLASS_WITHOUT_PUPILS}
    assert shown | elsewhere == set(Code) - OF_THE_IMPORT


def test_all_errors_are_collected_in_reading_order_and_bounded() -> None:
    rows = [{**PUPIL, "Имя": "", "Дата рождения": "1"} for _ in range(30)]
    staff = {**STAFF, "Фамилия": ""}
    result = read(csv_file(*rows, name="b.csv"), csv_file(staff, name="c.csv"), limits=Limits(errors=10))
    assert isinstance(result, RosterErrors)
    assert [(error.place.line, error.place.column) for error in result.errors[:4]] == [
        (2, "Имя"),
        (2, "Дата рождения"),
        (3, "Имя"),
        (3, "Дата рождения"),
    ]
    assert (len(result.errors), result.more) == (10, 51)


def messages(language: str) -> dict[str, set[str]]:
    """Return the arguments of each of our messages."""
    found = entries(language, "roster.ftl")
    return {name: set(re.findall(r"\$(\w+)", written(language, "roster.ftl", one))) for name, one in found.items()}


def test_every_problem_has_words_in_both_languages() -> None:
    russian, english = (messages(language) for language in LANGUAGES)
    wanted = {f"roster-error-{code}" for code in Code} | {f"roster-notice-{code}" for code in NoticeCode}
    wanted |= {"roster-place-sheet", "roster-place-line", "roster-place-column", "roster-notice-more"}
    assert set(russian) == wanted | {"roster-errors-more"}
    assert {name: arguments for name, arguments in english.items() if arguments != russian[name]} == {}


def test_what_the_office_sees_of_three_files_with_everything_wrong() -> None:
    """tests/data/roster: files of three encodings; the text beside them is the whole answer, in order."""
    files = [
        NamedBytes(name, (DATA / name).read_bytes())
        for name in ("staff_1251.csv", "timetable_utf16.csv", "pupils_broken.csv")
    ]
    assert told(read(*files)) == (DATA / "what_the_office_sees.txt").read_text(encoding="utf-8").splitlines()
    good_files = read(*files[:2])
    assert isinstance(good_files, RosterFiles)
    assert [(row.name.in_full(), row.place.line) for row in good_files.staff] == [
        ("Семёнова Ольга Петровна", 4),
        ("Ёлкин Пётр", 5),
    ]
    assert [row.teacher for row in good_files.lessons] == ["Семёнова О. П.", "Ёлкин П."]
