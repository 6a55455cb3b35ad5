"""What a school office really saves is read as it was meant."""

import re
from datetime import date, time
from pathlib import Path

import pytest

from core.roster_file import (
    ClassTitle,
    GuardianCells,
    LessonRow,
    NamedBytes,
    NoticeCode,
    Place,
    PupilRow,
    Relation,
    StaffRow,
    Weekday,
    read_roster,
)
from core.roster_file.columns import COLUMNS, fold_title
from core.roster_file.rows import RELATION_WORDS
from core.russian import FullName
from tests.unit.roster_tables import LESSON, PUPIL, STAFF, TODAY, bad, csv_file, csv_text, good, matrix, read, told

CLASS = ClassTitle(5, "А")
TABLES = csv_text(matrix(PUPIL))


def lesson(**changes: str) -> LessonRow:
    """Read one lesson."""
    return good(read(csv_file({**LESSON, **changes}))).lessons[0]


def pupil(changes: dict[str, str]) -> PupilRow:
    """Read one pupil."""
    return good(read(csv_file({**PUPIL, **changes}))).pupils[0]


def test_the_three_tables_are_read() -> None:
    result = good(read(csv_file(STAFF, name="a.csv"), csv_file(PUPIL, name="b.csv"), csv_file(LESSON, name="c.csv")))
    assert result.notices == ()
    assert result.staff == (
        StaffRow(
            place=Place("a.csv", None, 2),
            name=FullName("Семёнова", "Ольга", "Петровна"),
            birth_date=date(1980, 3, 12),
            position="учитель математики",
            class_teacher_of=CLASS,
            email="o.semenova@example.org",
            email_verified_on=date(2026, 8, 28),
        ),
    )
    mother = GuardianCells(
        name=FullName("Королёва", "Анна", "Юрьевна"),
        birth_date=date(1988, 2, 1),
        relation=Relation.MOTHER,
        email="koroleva@example.org",
        email_verified_on=date(2026, 8, 30),
        consent_on=date(2026, 8, 29),
    )
    father = GuardianCells(FullName("Щеглов", "Игорь"), None, Relation.FATHER, None, None, None)
    name = FullName("Королёва", "Алёна", "Игоревна")
    assert result.pupils == (PupilRow(Place("b.csv", None, 2), CLASS, name, date(2015, 5, 7), (mother, father)),)
    assert result.lessons == (
        LessonRow(
            place=Place("c.csv", None, 2),
            school_class=CLASS,
            weekday=Weekday.TUESDAY,
            number=1,
            starts_at=time(8, 30),
            ends_at=time(9, 10),
            subject="математика",
            teacher="Семёнова Ольга Петровна",
            room="21",
        ),
    )
    assert result.pupils[0].place == Place("b.csv", None, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16", "utf-16-le-bom", "utf-16-be-bom"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_way_of_saving_csv(encoding: str, delimiter: str, newline: str) -> None:
    row = {**STAFF, "Должность": "учитель; физики, «старший» 1\t2"}
    text = csv_text(matrix(row), delimiter).replace("\n", newline)
    marked = "\ufeff" + text if encoding.endswith("-bom") else text
    data = marked.encode(encoding.removesuffix("-bom"))
    assert good(read(NamedBytes("a.csv", data))).staff[0].position == "учитель; физики, «старший» 1 2"


def test_the_line_that_excel_writes_for_itself_is_no_row() -> None:
    result = good(read(NamedBytes("a.csv", b"sep=,\r\n" + csv_text(matrix(STAFF), ",").encode())))
    assert result.staff[0].place.line == 2


def test_empty_lines_are_passed_over_and_counted() -> None:
    header, row = TABLES.splitlines()
    text = f"\n;;;\n{header}\n\n{row}\n;;;;\n\n\n"
    assert good(read(NamedBytes("a.csv", text.encode()))).pupils[0].place.line == 5


def test_a_cell_of_two_lines_is_one_row_of_the_sheet() -> None:
    rows = [{**STAFF, "Должность": "учитель\nматематики"}, {**STAFF, "Имя": "Инна", "Классное руководство": ""}]
    result = good(read(csv_file(*rows)))
    assert [(row.position, row.place.line) for row in result.staff] == [
        ("учитель математики", 2),
        ("учитель математики", 3),
    ]


def test_lines_above_the_header_are_allowed() -> None:
    text = f"Частная школа «Звонок»\nСписок учеников на 01.09.2026;;\n\n{TABLES}"
    assert good(read(NamedBytes("a.csv", text.encode()))).pupils[0].place.line == 5


def test_columns_may_stand_in_any_order() -> None:
    backwards = dict(reversed(list(PUPIL.items())))
    assert good(read(csv_file(backwards))).pupils == good(read(csv_file(PUPIL))).pupils


@pytest.mark.parametrize(
    ("title", "synonym"),
    [
        ("Дата рождения", "ДАТА  РОЖДЕНИЯ"),
        ("Класс", " класс "),
        ("Фамилия", "Фамилия ребенка"),
        ("Родитель 1: фамилия", "Родитель1 Фамилия"),
        ("Родитель 1: имя", "Законный представитель 1 (имя)"),
        ("Родитель 1: эл. почта", "1-й родитель, e-mail"),
        ("Родитель 1: эл. почта", "Родитель 1 — адрес электронной почты"),
        ("Родитель 1: согласие от", "Первый родитель: согласие на обработку персональных данных"),
        ("Родитель 1: почта подтверждена", "родитель 1 адрес подтвержден"),
        ("Родитель 2: кем приходится", "представитель 2: степень родства"),
    ],
)
def test_headers_are_known_by_their_meaning(title: str, synonym: str) -> None:
    row = {(synonym if key == title else key): value for key, value in PUPIL.items()}
    assert good(read(csv_file(row))).pupils == good(read(csv_file(PUPIL))).pupils


def test_a_table_without_a_second_parent_needs_none_of_its_columns() -> None:
    row = {key: value for key, value in PUPIL.items() if "Родитель 2" not in key}
    assert len(good(read(csv_file(row))).pupils[0].guardians) == 1


def test_an_unknown_column_is_named_and_left_alone() -> None:
    result = good(read(csv_file({"№ п/п": "1", **PUPIL, "Группа здоровья": "", "": "заметка"})))
    assert [(notice.code, notice.args["title"]) for notice in result.notices] == [
        (NoticeCode.UNKNOWN_COLUMN, "№ п/п"),
        (NoticeCode.UNKNOWN_COLUMN, "Группа здоровья"),
        (NoticeCode.UNKNOWN_COLUMN, "X"),
    ]
    assert told(result)[0] == "file.csv, строка 1: столбец «№ п/п» не читается: такого заголовка мы не знаем."


def test_rows_numbered_in_advance_are_empty() -> None:
    blank = {"№ п/п": "2", **dict.fromkeys(PUPIL, "")}
    assert len(good(read(csv_file({"№ п/п": "1", **PUPIL}, blank))).pupils) == 1


def test_tables_of_one_kind_add_up() -> None:
    other = {**PUPIL, "Класс": "6Б", "Имя": "Пётр", "Дата рождения": "01.02.2014"}
    result = good(read(csv_file(PUPIL, name="5.csv"), csv_file(other, name="6.csv")))
    assert [(row.place.file, str(row.school_class)) for row in result.pupils] == [("5.csv", "5А"), ("6.csv", "6Б")]


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("5А", ClassTitle(5, "А")),
        ('5 "а"', ClassTitle(5, "А")),
        ("5 «А»", ClassTitle(5, "А")),
        ("5-а", ClassTitle(5, "А")),
        ("5 – А", ClassTitle(5, "А")),
        ("5а класс", ClassTitle(5, "А")),
        ("5 кл.", ClassTitle(5)),
        ("05\u00a0А", ClassTitle(5, "А")),
        ("11б", ClassTitle(11, "Б")),
        ("5К", ClassTitle(5, "К")),
        ("5Ё", ClassTitle(5, "Ё")),
        ("10", ClassTitle(10)),
    ],
)
def test_a_class_in_all_its_spellings(written: str, title: ClassTitle) -> None:
    assert lesson(Класс=written).school_class == title


@pytest.mark.parametrize(("written", "used"), [("5A", "5А"), ("5b", "5В"), ("7c", "7С")])
def test_a_latin_letter_in_a_class_is_replaced_and_told(written: str, used: str) -> None:
    result = good(read(csv_file({**LESSON, "Класс": written}, {**LESSON, "Класс": written, "День недели": "пт"})))
    assert str(result.lessons[0].school_class) == used
    text = f"file.csv, строка 2, столбец «Класс»: «{written}» записано латинской буквой, прочитано как {used} русской. "
    assert told(result) == [f"{text}(И ещё в 1 строке.)"]


@pytest.mark.parametrize(
    ("written", "day"),
    [("пн", 1), ("Вторник", 2), (" СРЕДА ", 3), ("чт.", 4), ("5", 5), ("суббота", 6), ("Пт", 5)],
)
def test_days_of_the_week(written: str, day: int) -> None:
    assert lesson(**{"День недели": written}).weekday == day


@pytest.mark.parametrize(
    ("written", "moment"),
    [("8:30", time(8, 30)), ("08.30", time(8, 30)), ("08:30:00", time(8, 30)), ("8:05", time(8, 5))],
)
def test_times(written: str, moment: time) -> None:
    assert lesson(Начало=written).starts_at == moment


@pytest.mark.parametrize(
    "written",
    ["07.05.2015", "7.5.2015", "2015-05-07", "07.05.2015 г.", "2015-05-07 00:00:00", "\u00a007.05.2015 "],
)
def test_dates(written: str) -> None:
    assert pupil({"Дата рождения": written}).birth_date == date(2015, 5, 7)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Королёва", "Королёва"),
        ("  Королёва\u00a0 ", "Королёва"),
        ("Коро\u00adлёва", "Королёва"),
        ("Короле\u0308ва", "Королёва"),  # ё of two characters, as macOS writes it
        ("Римская - Лесная", "Римская-Лесная"),
        ("Римская\u2013Лесная", "Римская-Лесная"),
        ("О", "О"),
        ("Ибн Сина", "Ибн Сина"),
        ("Д’Артаньян", "Д’Артаньян"),
        ("Гөлсинә", "Гөлсинә"),
    ],
)
def test_surnames(written: str, read_as: str) -> None:
    assert pupil({"Фамилия": written}).name.surname == read_as


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Иванова  Анна Петровна", "Иванова Анна Петровна"),
        ("Иванова А.П.", "Иванова А. П."),
        ("Иванова А. П.", "Иванова А. П."),
        ("Иванова А П", "Иванова А. П."),
        ("А.П. Иванова", "Иванова А. П."),
        ("Римская-Лесная О.Ю.", "Римская-Лесная О. Ю."),
        ("Ким Мария", "Ким Мария"),
        ("Иванова А.П.( 12.03.1980 )", "Иванова А. П. (12.03.1980)"),
        ("Ким Мария (учитель (ИЗО))", "Ким Мария (учитель (ИЗО))"),
    ],
)
def test_teachers_are_written_one_way(written: str, read_as: str) -> None:
    assert lesson(Учитель=written).teacher == read_as


def test_a_subject_begins_with_a_small_letter() -> None:
    result = good(read(csv_file({**LESSON, "Предмет": "Основы безопасности и защиты Родины"})))
    assert result.lessons[0].subject == "основы безопасности и защиты Родины"
    assert [notice.code for notice in result.notices] == [NoticeCode.SUBJECT_LOWERED]


@pytest.mark.parametrize("word", ["", " ", "-", "—"])
def test_an_empty_cell_may_hold_a_dash(word: str) -> None:
    row = {**PUPIL, "Отчество": word, "Родитель 1: отчество": word, "Родитель 1: дата рождения": word}
    found = good(read(csv_file(row))).pupils[0]
    assert (found.name.patronymic, found.guardians[0].name.patronymic, found.guardians[0].birth_date) == ("", "", None)


def test_an_address_without_a_date_is_not_verified() -> None:
    guardian = pupil({"Родитель 1: почта подтверждена": ""}).guardians[0]
    assert (guardian.email, guardian.email_verified_on) == ("koroleva@example.org", None)


def test_the_domain_of_an_address_is_in_small_letters() -> None:
    assert pupil({"Родитель 1: эл. почта": "Anna.K+school@Mail.Example.ORG"}).guardians[0].email == (
        "Anna.K+school@mail.example.org"
    )


@pytest.mark.parametrize(("birth_date", "age"), [("07.05.2012", 14), ("01.10.2017", 8)])
def test_an_age_that_is_rare_but_possible_is_only_mentioned(birth_date: str, age: int) -> None:
    result = good(read(csv_file({**PUPIL, "Дата рождения": birth_date})))
    text = f"file.csv, строка 2, столбец «Дата рождения»: 5А, дата рождения {birth_date}: на 1 сентября {age} лет. "
    assert told(result) == [f"{text}Так бывает, но проверьте."]


@pytest.mark.parametrize(("today", "mentioned"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)])
def test_from_june_on_ages_are_those_of_the_coming_year(today: date, mentioned: bool) -> None:  # noqa: FBT001 - a column of the table
    result = good(read_roster([csv_file({**PUPIL, "Дата рождения": "07.05.2013"})], today=today))
    assert [notice.code for notice in result.notices] == [NoticeCode.UNUSUAL_AGE] * mentioned


def test_a_paper_may_be_of_today() -> None:
    assert pupil({"Родитель 1: согласие от": "22.11.2026"}).guardians[0].consent_on == TODAY


def test_adults_of_one_name_without_birth_dates_may_be_two() -> None:
    unknown = {**PUPIL, "Родитель 1: дата рождения": ""}
    other = {**unknown, "Имя": "Вера", "Родитель 1: эл. почта": "other@example.org"}
    first, second = good(read(csv_file(unknown, other))).pupils
    assert first.guardians[0].email != second.guardians[0].email


def test_one_address_of_two_people_is_mentioned() -> None:
    result = good(read(csv_file({**PUPIL, "Родитель 2: эл. почта": "Koroleva@example.org"})))
    assert [notice.code for notice in result.notices] == [NoticeCode.EMAIL_SHARED]


def test_a_sibling_has_the_same_parents() -> None:
    sibling = {**PUPIL, "Имя": "Семён", "Дата рождения": "03.03.2012", "Класс": "8Б"}
    first, second = good(read(csv_file(PUPIL, sibling))).pupils
    assert first.guardians[0].key == second.guardians[0].key is not None
    assert first.guardians[1].key is None  # no birth date: nobody can tell


def test_namesakes_are_two_people() -> None:
    later = {**PUPIL, "Дата рождения": "08.05.2015"}
    assert len(good(read(csv_file(PUPIL, later))).pupils) == 2


def test_nothing_is_half_read() -> None:
    spoiled = {**PUPIL, "Имя": "", "Дата рождения": "31.02.2015"}
    errors = bad(read(csv_file(STAFF, name="a.csv"), csv_file(PUPIL, spoiled, name="b.csv")))
    assert [(error.place.line, error.place.column) for error in errors] == [(3, "Имя"), (3, "Дата рождения")]


def test_names_do_not_show_in_what_is_logged_of_a_file() -> None:
    assert re.fullmatch(r"NamedBytes\(name='file.csv'\)", repr(csv_file(PUPIL)))


DOCS = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("page", ["roster-files.md", "roster-files.ru.md"])
def test_the_guide_speaks_of_every_column_and_its_examples_are_read(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for section, columns in zip(text.split("\n## «")[1:4], COLUMNS.values(), strict=True):
        needed = dict(re.findall(r"^\| ([^|]+) \| (да|yes|) ?\|", section, re.MULTILINE))
        for column in columns:
            assert column.of_guardian == 2 or bool(needed[column.title]) == column.required, column.title
    examples = re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    files = [NamedBytes(str(number), example.encode()) for number, example in enumerate(examples)]
    result = good(read(*files))
    assert (len(result.staff), len(result.pupils), len(result.lessons), result.notices) == (1, 1, 1, ())
    for words in RELATION_WORDS.values():
        assert words in text.replace("\n", " ")


@pytest.mark.parametrize("page", ["roster-files.md", "roster-files.ru.md"])
def test_the_other_titles_of_the_guide_are_known(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| (?:да|yes|) ?\| [^|]*\| ([^|]+) \|$", text, re.MULTILINE)
    known = [{fold_title(title) for title in column.titles} for columns in COLUMNS.values() for column in columns]
    told_of = [(title, other) for title, others in rows for other in others.split(", ") if title[0].isupper()]
    assert len(told_of) > 30
    for title, other in told_of:
        assert any({fold_title(title), fold_title(other)} <= titles for titles in known), (title, other)
