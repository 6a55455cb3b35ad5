"""Paper rolls read from the office's file: what is understood, what is said of what is not, the file to begin with."""

import re
from collections.abc import Sequence
from datetime import date

import pytest

from core.events import LeftEarly
from core.learning.entries import PRESENT, Entry
from core.learning.late_roll_lines import LEFT_WORDS, TEMPLATE, WrittenPupil, read_rolls
from core.plan.list_file import ListRefused, describe
from core.roster_file.rows import NamedBytes
from core.roster_file.writing import to_csv, to_xlsx
from tests.unit.house import tree
from tests.unit.roster_tables import csv_text
from texts.reader import load

HEADER = ("День", "Класс", "Урок", "Ученик", "Отметка", "Опоздание, мин", "Уход раньше")
DAY = date(2026, 11, 24)
ANNA = "Иванова Анна"
NO_NAME = (
    "напишите «Фамилия Имя», при тёзках — с датой рождения: «Фамилия Имя, 05.03.2014». "
    "Если на уроке были все — «все на месте»."
)


def file(*lines: Sequence[str]) -> NamedBytes:
    return NamedBytes("rolls.csv", csv_text(lines).encode())


def entries(*lines: Sequence[str]) -> list[tuple[WrittenPupil | None, Entry]]:
    return [(one.pupil, one.entry) for one in read_rolls(file(HEADER, *lines))]


def problems(*lines: Sequence[str]) -> list[str]:
    with pytest.raises(ListRefused) as refused:
        read_rolls(file(*lines))
    return [describe(one, load("ru").format).removeprefix("rolls.csv, ") for one in refused.value.problems]


def test_each_kind_of_entry_is_read() -> None:
    lesson, anna = ("24.11.2026", "5 «а»", "3"), WrittenPupil(ANNA, None)
    assert entries(
        (*lesson, ANNA, "Н", "", ""),
        (*lesson, " Иванова  Анна ", "", "7 мин.", ""),
        (*lesson, ANNA, "", "7", "Без разрешения"),
        (*lesson, "Римская - Корсакова Анна, 05.03.2014", "", "-", "в медпункт"),
        (*lesson, "", "", "", ""),
        (*lesson, "Все на месте.", "", "", ""),
    ) == [
        (anna, Entry("Н")),
        (anna, Entry(None, 7)),
        (anna, Entry(None, 7, LeftEarly.WITHOUT)),
        (WrittenPupil("Римская-Корсакова Анна", date(2014, 3, 5)), Entry(None, None, LeftEarly.NURSE)),
        (None, PRESENT),
        (None, PRESENT),
    ]
    assert set(LEFT_WORDS) == set(LeftEarly)


def test_a_lesson_is_named_by_a_class_a_group_and_a_subject() -> None:
    header = ("Дата", "Класс", "Группа", "№ урока", "Предмет", "ФИО", "Код")
    lines = [
        ("24.11.2026", "5a", "", "0", "Алгебра", "", ""),
        ("2026-11-24", "5А", "5А английский 1", "12", "", "", ""),
        ("24.11.2026", "шахматы", "", "1", "", "", ""),
    ]
    found = [(one.day, one.learners, one.number, one.subject) for one in read_rolls(file(("Бумага",), header, *lines))]
    assert found == [
        (DAY, "5А", 0, "Алгебра"),
        (DAY, "5А английский 1", 12, None),
        (DAY, "шахматы", 1, None),
    ]


def test_a_book_with_real_dates_and_numbers_is_read() -> None:
    table = (HEADER, (DAY, "5А", 3, ANNA, None, 12, None), (DAY, "5А", 4, None, None, None, None))
    (first, second) = read_rolls(NamedBytes("rolls.xlsx", to_xlsx({"Переклички": table})))
    assert (first.day, first.number, first.pupil, first.entry) == (DAY, 3, WrittenPupil(ANNA, None), Entry(None, 12))
    assert (second.number, second.pupil) == (4, None)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("2026;5А;1;X;н;;", "столбец «День»: «2026» — не дата. Пишите так: 01.09.2026."),
        (";5А;1;X;н;;", "столбец «День»: ячейка пустая, а её нужно заполнить."),
        ("24.11.2026;;1;X;н;;", "столбец «Класс»: ячейка пустая, а её нужно заполнить."),
        ("24.11.2026;5А;первый;X;н;;", "столбец «Урок»: «первый» — не номер урока. Нужно число от 0 до 12."),
        (
            "24.11.2026;5А;1;;н;;",
            "столбец «Ученик»: отметка есть, а ученика нет. Напишите, чья она.",
        ),
        (
            "24.11.2026;5А;1;все на месте;;5;",
            "столбец «Ученик»: отметка есть, а ученика нет. Напишите, чья она.",
        ),
        (
            f"24.11.2026;5А;1;{ANNA};;;",
            (
                "столбец «Отметка»: что отметить, не написано. "
                "Нужно что-то одно: код отсутствия, минуты опоздания или уход раньше."
            ),
        ),
        (
            f"24.11.2026;5А;1;{ANNA};н;5;",
            "столбец «Отметка»: в одной строке и отсутствие, и опоздание или уход раньше. Оставьте что-то одно.",
        ),
        *(
            (
                f"24.11.2026;5А;1;{ANNA};;{minutes};",
                f"столбец «Опоздание, мин»: «{minutes}» — не минуты опоздания. Нужно число от 1 до 240.",
            )
            for minutes in ("0", "241", "долго", "1,5")
        ),
        (
            f"24.11.2026;5А;1;{ANNA};;;домой",
            (
                "столбец «Уход раньше»: «домой»: такого слова здесь не ждали. "
                "Можно написать: с разрешения, в медпункт, без разрешения."
            ),
        ),
        (f"24.11.2026;5А;1;{ANNA}, Ева;н;;", "столбец «Ученик»: «Ева» — не дата. Пишите так: 01.09.2026."),
        (
            f"24.11.2026;5А;1;{ANNA}, 5А, 05.03.2014;н;;",
            f"столбец «Ученик»: «{ANNA}, 5А, 05.03.2014»: {NO_NAME}",
        ),
    ],
)
def test_what_is_wrong_is_said_of_its_line_and_column(cells: str, said: str) -> None:
    good = ("24.11.2026", "5А", "2", "все на месте", "", "", "")
    assert problems(HEADER, good, cells.split(";")) == [f"строка 3, {said}"]


def test_a_table_without_pupils_is_refused_by_the_missing_column() -> None:
    header, line = ("День", "Класс", "Урок", "Отметка"), ("24.11.2026", "5А", "1", "н")
    assert problems(header, line) == ["строка 1: нет столбца «Ученик»."]


def test_the_lines_of_the_template_are_refused_one_by_one() -> None:
    written = NamedBytes("rolls.csv", to_csv(TEMPLATE))
    with pytest.raises(ListRefused) as refused:
        read_rolls(written)
    assert [(one.place.line, one.place.column, one.message_id) for one in refused.value.problems] == [
        (line, "День", "roster-error-bad-date") for line in range(2, len(TEMPLATE) + 1)
    ]
    filled = (TEMPLATE[0], *((DAY, *line[1:]) for line in TEMPLATE[1:]))
    read = read_rolls(NamedBytes("rolls.csv", to_csv(filled)))
    assert [one.entry for one in read] == [
        Entry("н"),
        Entry(None, 10),
        Entry(None, None, LeftEarly.NURSE),
        PRESENT,
    ]


def test_both_pages_show_one_file() -> None:
    pages = [
        (tree.ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
        for page in ("attendance.md", "attendance.ru.md")
    ]
    shown = [re.findall(r"```csv\n(.*?)```", page, re.DOTALL) for page in pages]
    assert shown[0] == shown[1]
    assert len(read_rolls(NamedBytes("rolls.csv", shown[0][0].encode()))) == 5
    for page in pages:
        assert all(f"`{word}`" in page for word in LEFT_WORDS.values())
