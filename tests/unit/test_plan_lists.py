"""The office's lists of groups, plans and load, read from files: what is understood, what is said of what is not."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from core.plan.curriculum import PlanKind
from core.plan.list_file import ListRefused, describe
from core.plan.list_lines import (
    KIND_WORDS,
    PURPOSE_WORDS,
    SERVICE_WORDS,
    read_groups,
    read_load,
    read_plans,
)
from core.plan.study_groups import Purpose
from core.roster_file.rows import ClassTitle, NamedBytes
from core.russian import FullName
from core.year.membership import MembershipCode, MembershipRefusal
from core.year.weekly import Service
from tests.unit.house import tree
from tests.unit.roster_tables import csv_text
from texts.reader import LANGUAGES, load

GROUPS = ("Класс", "Предмет", "Группа", "Фамилия", "Имя", "Отчество", "В группе с", "Вид группы")
PLANS = ("План", "Вид плана", "Для чего", "Профиль", "Классы", "Параллель", "Предмет", "Часов в неделю")
LOAD = ("Учитель", "Предмет", "Класс", "Группа", "Ученик", "Часов в неделю")

SHORT = (
    "«англ. яз.»: похоже на сокращение («англ.»). Предмет пишется полностью и строчными буквами, как в учебном плане."
)


def file(*lines: Sequence[str]) -> NamedBytes:
    return NamedBytes("list.csv", csv_text(lines).encode())


def problems(read: Callable[[NamedBytes], Any], *lines: Sequence[str]) -> list[str]:
    with pytest.raises(ListRefused) as refused:
        read(file(*lines))
    return [describe(one, load("ru").format) for one in refused.value.problems]


def test_a_line_of_groups_is_read() -> None:
    first, second = read_groups(
        file(
            ("Группы 2026/27",),
            GROUPS,
            ("5 «а»", "английский язык", "английский 1", "Соловьёва", "Алёна", "Игоревна", "05.10.2026", ""),
            ("5А", "", "Шахматы", "", "", "", "", "Кружок"),
        )
    )
    assert (first.school_class, first.group, first.subject) == (ClassTitle(5, "А"), "английский 1", "английский язык")
    assert (first.name, first.since) == (FullName("Соловьёва", "Алёна", "Игоревна"), date(2026, 10, 5))
    assert (first.purpose, second.purpose) == (Purpose.SUBGROUP, Purpose.CLUB)
    assert (second.name, second.since, second.line.place.line) == (None, None, 4)


def test_lines_of_plans_and_load_are_read() -> None:
    (plan,) = read_plans(
        file(PLANS, ("Профиль 10", "профильный", "уроки", "гуманитарный", "10А, 10Б", "10", "Физика", "1,5"))
    )
    assert (plan.kind, plan.service, plan.profile) == (PlanKind.PROFILE, Service.BASIC, "гуманитарный")
    assert (plan.classes, plan.grade) == ((ClassTitle(10, "А"), ClassTitle(10, "Б")), 10)
    assert (plan.subject, plan.hours) == ("физика", Decimal("1.5"))
    (row,) = read_load(file(LOAD, ("Орлов П.И.", "физика", "", "английский 1", "", "2")))
    assert (row.teacher, row.group, row.school_class, row.hours) == ("Орлов П. И.", "английский 1", None, Decimal(2))


def test_everything_that_is_wrong_is_said_at_once_of_line_and_column() -> None:
    assert problems(
        read_groups,
        GROUPS,
        ("пятый", "", "", "Ivanov", "Пётр", "", "5 октября", "толпа"),
        ("5А", "англ. яз.", "английский 1", "Иванов", "П.", "", "05.10.26", ""),
    ) == [
        "list.csv, строка 2, столбец «Класс»: «пятый» — не класс. Пишите так: 5А или 11Б.",
        "list.csv, строка 2, столбец «Группа»: ячейка пустая, а её нужно заполнить.",
        "list.csv, строка 2, столбец «Вид группы»: «толпа»: такого слова здесь не ждали. Можно написать: "
        + ", ".join(PURPOSE_WORDS.values())
        + ".",
        "list.csv, строка 2, столбец «Фамилия»: в «Ivanov» есть латинская буква «I». Наберите слово русскими буквами.",
        "list.csv, строка 2, столбец «В группе с»: «5 октября» — не дата. Пишите так: 01.09.2026.",
        f"list.csv, строка 3, столбец «Предмет»: {SHORT}",
        "list.csv, строка 3, столбец «Имя»: «П.»: напишите полностью, без сокращений.",
        "list.csv, строка 3, столбец «В группе с»: «05.10.26»: напишите год четырьмя цифрами.",
    ]


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        ("много", "«много» — не часы. Пишите число: 2 или 1,5."),
        ("-2", "«-2» начинается как формула. Уберите первый знак."),
        ("=2+2", "«=2+2» начинается как формула. Уберите первый знак."),
        ("100", "«100» — не часы. Пишите число: 2 или 1,5."),
        ("", "ячейка пустая, а её нужно заполнить."),
    ],
)
def test_hours_are_a_number(hours: str, said: str) -> None:
    (problem,) = problems(read_load, LOAD, ("Орлов П. И.", "физика", "5А", "", "", hours))
    assert problem == f"list.csv, строка 2, столбец «Часов в неделю»: {said}"


def test_load_is_for_one_of_three() -> None:
    nobody = ("Орлов П. И.", "физика", "", "", "", "2")
    two = ("Орлов П. И.", "физика", "5А", "английский 1", "Иванова Анна", "2")
    said = "назовите, кому эта нагрузка: классу, группе или ученику, кому-то одному."
    assert problems(read_load, LOAD, nobody, two) == [
        f"list.csv, строка 2, столбец «Класс»: {said}",
        f"list.csv, строка 3, столбец «Ученик»: {said}",
    ]


def test_a_grade_is_one_to_eleven_and_a_last_day_is_not_before_the_first() -> None:
    line = ("План", "", "", "", "", "12", "физика", "2")
    assert problems(read_plans, PLANS, line) == [
        "list.csv, строка 2, столбец «Параллель»: «12» — не параллель. Нужно число от 1 до 11."
    ]
    titles = ("Класс", "Группа", "Фамилия", "Имя", "В группе с", "В группе по")
    back = ("5А", "шахматы", "Иванова", "Анна", "05.10.2026", "01.10.2026")
    assert problems(read_groups, titles, back) == [
        "list.csv, строка 2, столбец «В группе по»: последний день (01.10.2026) раньше первого (05.10.2026)."
    ]


def test_a_file_that_is_something_else_is_refused_as_a_whole() -> None:
    wanted = "не понять, что это за таблица. Нужны столбцы: «Класс», «Группа», «Фамилия», «Имя»."
    assert problems(read_groups, ("Меню", "Цена"), ("суп", "100")) == [f"list.csv: {wanted}"]
    assert problems(read_groups, ("Класс", "Группа"), ("5А", "шахматы")) == [
        "list.csv, строка 1: нет столбца «Фамилия».",
        "list.csv, строка 1: нет столбца «Имя».",
    ]
    assert problems(read_groups, GROUPS) == ["list.csv: под заголовком нет ни одной строки."]
    twice = problems(read_load, (*LOAD, "Педагог"), ("Орлов П. И.", "физика", "5А", "", "", "2", "он же"))
    said = "этот столбец означает то же, что и столбец «Учитель». Оставьте один из них."
    assert twice == [f"list.csv, строка 1, столбец «Педагог»: {said}"]
    with pytest.raises(ListRefused) as refused:
        read_groups(NamedBytes("list.csv", b"\x00\x01\x02"))
    assert [one.message_id for one in refused.value.problems] == ["roster-error-nul-bytes"]


def test_every_value_has_a_word_of_its_own() -> None:
    assert (set(PURPOSE_WORDS), set(KIND_WORDS), set(SERVICE_WORDS)) == (set(Purpose), set(PlanKind), set(Service))
    for words in (PURPOSE_WORDS.values(), KIND_WORDS.values(), SERVICE_WORDS.values()):
        assert len(set(words)) == len(words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_counts_of_pupils_are_said_in_words_that_fit(language: str) -> None:
    say = load(language).format
    shown = {"group": "англ. 1", "purpose": "подгруппа", "subject": "none", "classes": "5А", "closed": "no"}
    lines = {count: say("groups-line", **shown, count=count) for count in (0, 1, 2, 5)}
    assert len(set(lines.values())) == 4
    if language == "ru":
        assert lines[2] == "англ. 1 — подгруппа (5А), 2 ученика"
        assert say("groups-brought", joined=21, transferred=1, changed=0, unchanged=0) == (
            "Добавлен 21 ученик, переведён 1, без изменений: 0."
        )


@pytest.mark.parametrize("page", ["groups-and-load.md", "groups-and-load.ru.md"])
def test_the_lists_that_the_page_shows_are_read(page: str) -> None:
    text = (tree.ROOT / "docs" / "how-to" / page).read_text(encoding="utf-8")
    shown = [NamedBytes("list.csv", block.encode()) for block in re.findall(r"```csv\n(.*?)```", text, re.DOTALL)]
    of_groups, of_plans, of_load = shown
    assert [one.group for one in read_groups(of_groups)] == ["5А английский 1", "5А английский 2", "Шахматы"]
    assert {one.kind for one in read_plans(of_plans)} == set(PlanKind)
    assert [str(one.hours) for one in read_load(of_load)] == ["5", "3", "0.5"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", MembershipCode)
def test_what_the_rules_of_membership_refuse_is_a_sentence_of_core(language: str, code: MembershipCode) -> None:
    refusal = MembershipRefusal(code, UUID(int=1), UUID(int=2), date(2026, 9, 1))
    args = refusal.args("Соловьёва Алёна", "английский 1")
    say = load(language).format
    assert say(f"refusal-group-member-{code}", **args) == say(refusal.message_id, **args)
