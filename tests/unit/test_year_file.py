"""The file of the school year: read as it is meant, and every fault told by table and key."""

import random
import re
import tomllib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.year import bells as bell_rules
from core.year import calendar_problems
from core.year.bells import Bell
from core.year.calendar import Holiday, Level, PeriodKind, StudyWeek
from core.year.span import Hours, Span
from texts.reader import load
from zvonok import year_file, year_words
from zvonok.trouble import OfficeError

PAGES = Path(__file__).parents[2] / "docs" / "how-to"
EXAMPLE = PAGES / "year-2026.toml"
SHORT = """
year = 2026
first = 2026-09-01
last = "26.05.2027"
five_days = [1]

[[terms]]
levels = ["primary"]
kind = "own"
periods = [{ name = "первый модуль", first = 2026-09-01, last = 2027-05-26 }]
"""


def told(content: str | bytes) -> list[str]:
    with pytest.raises(OfficeError) as refused:
        year_file.read(content if isinstance(content, bytes) else content.encode())
    return str(refused.value).split("\n")


def test_the_example_of_the_page_is_a_good_year() -> None:
    read = year_file.read(EXAMPLE.read_bytes())
    assert calendar_problems.problems(read.calendar) == ()
    assert read.bells is not None
    assert bell_rules.problems(read.bells) == ()
    calendar = read.calendar
    assert (calendar.year, calendar.span) == (2026, Span(date(2026, 9, 1), date(2027, 5, 26)))
    assert {level: terms.kind for level, terms in calendar.terms.items()} == {
        Level.PRIMARY: PeriodKind.QUARTER,
        Level.BASIC: PeriodKind.QUARTER,
        Level.SECONDARY: PeriodKind.HALF_YEAR,
    }
    assert calendar.week == dict.fromkeys(range(1, 10), StudyWeek.FIVE) | dict.fromkeys((10, 11), StudyWeek.SIX)
    february = Holiday("дополнительные", Span(date(2027, 2, 15), date(2027, 2, 21)), frozenset({1}))
    assert february in calendar.holidays
    assert sum((one.span.last - one.span.first).days + 1 for one in calendar.holidays if not one.grades) == 30
    assert calendar.moved == {date(2027, 2, 20): date(2027, 2, 22)}
    assert [one.name for one in read.bells] == ["первый класс", "суббота", "первая смена", "вторая смена"]
    assert read.bells[0].bells[0] == Bell(1, Hours(time(8, 30), time(9, 5)))
    assert (read.bells[1].weekdays, read.bells[3].shift) == (frozenset({6}), 2)


@pytest.mark.parametrize("page", ["school-year.md", "school-year.ru.md"])
def test_the_page_shows_the_example_and_names_every_key(page: str) -> None:
    text = (PAGES / page).read_text(encoding="utf-8")
    assert f"```toml\n{EXAMPLE.read_text(encoding='utf-8')}```" in text
    table = "\n".join(line for line in text.splitlines() if line.startswith("|"))
    keys = set(year_file.KEYS) - {"name"}
    assert {key for key in keys if not re.search(rf"[`\[.]{key}[`\]]", table)} == set()


def test_a_short_file_is_enough_and_leaves_the_bells_alone() -> None:
    read = year_file.read(b"\xef\xbb\xbf" + SHORT.encode())
    assert (read.bells, read.calendar.holidays, read.calendar.days_off, read.calendar.moved) == (
        None,
        (),
        frozenset(),
        MappingProxyType({}),
    )
    assert read.calendar.span.last == date(2027, 5, 26)
    assert [period.name for period in read.calendar.terms[Level.PRIMARY].periods] == ["первый модуль"]


def test_periods_without_a_name_are_called_by_their_kind_and_number() -> None:
    read = year_file.read(EXAMPLE.read_bytes())
    names = {level: [one.name for one in terms.periods] for level, terms in read.calendar.terms.items()}
    assert names[Level.BASIC] == ["1 четверть", "2 четверть", "3 четверть", "4 четверть"]
    assert names[Level.SECONDARY] == ["1 полугодие", "2 полугодие"]


def test_bells_are_told_apart_by_number_not_by_spelling() -> None:
    lessons = (
        '\n[[bells]]\nname = "звонки"\n[bells.lessons]\n10 = "17:00-17:40"\n2 = "9:20 — 10:00"\n0 = "08:00–08:20"\n'
    )
    read = year_file.read((SHORT + lessons).encode())
    assert read.bells is not None
    assert [bell.number for bell in read.bells[0].bells] == [0, 2, 10]


BELLS = '[[bells]]\nname = "звонки"\n[bells.lessons]\n'
FAULTS = [
    ("year = 2026", "", "ключ year: не хватает, нужно добавить."),
    ("year = 2026", 'year = "2026"', "ключ year: нужно целое число без кавычек."),
    ("year = 2026", "year = 1926", "ключ year: нужно число не меньше 2000."),
    ("year = 2026", "year = 2126", "ключ year: нужно число не больше 2100."),
    ("year = 2026", "year = true", "ключ year: нужно целое число без кавычек."),
    ("first = 2026-09-01\n", "first = 2026-09-01T08:00:00\n", "ключ first: нужна дата: 2026-09-01 без кавычек"),
    ("first = 2026-09-01\n", 'first = "31.09.2026"\n', "ключ first: нужна дата: 2026-09-01 без кавычек"),
    ("five_days", "fivedays", "ключ fivedays: такого здесь не бывает. Похоже на five_days."),
    ("five_days", "zzz", "ключ zzz: такого здесь не бывает."),
    ("[1]", "1", "ключ five_days: нужен список в квадратных скобках"),
    ("[1]", "[12]", "five_days № 1: нужно число не больше 11."),
    ("[1]", "[1, 1]", "ключ five_days: одно и то же записано дважды."),
    ("[1]", "[1]\nsix_days = [1]", "Параллель 1 записана дважды: и в five_days, и в six_days."),
    ("[[terms]]", "[terms]", "ключ terms: нужен список в квадратных скобках"),
    ('["primary"]', '["начальная"]', "terms № 1, levels № 1: можно primary (1–4 классы), basic"),
    ('["primary"]', "[]", "terms № 1, ключ levels: пусто, а что-то должно быть."),
    ('"own"', '"четверть"', "terms № 1, ключ kind: можно quarter (четверти), trimester"),
    ('"первый модуль"', "1", "terms № 1, periods № 1, ключ name: нужны слова в кавычках."),
    ('"первый модуль"', '" "', "terms № 1, periods № 1, ключ name: пусто, а что-то должно быть."),
    (
        '"первый модуль"',
        f'"{"м" * 61}"',
        "terms № 1, periods № 1, ключ name: слишком длинно, можно не больше 60 знаков.",
    ),
    ('"первый модуль"', r'"\u202e\u200b"', "terms № 1, periods № 1, ключ name: пусто, а что-то должно быть."),
    ('"первый модуль"', r'"\u0000"', "terms № 1, periods № 1, ключ name: пусто, а что-то должно быть."),
    ("last = 2027-05-26 }", "last = 2026-08-31 }", "terms № 1, periods № 1: последний день (last) раньше первого"),
    ('"26.05.2027"', "2026-08-31", "Последний день (last) раньше первого (first)."),
    ("[[terms]]", "[[holidays]]\nname = 'лето'\n[[terms]]", "holidays № 1, ключ first: не хватает, нужно добавить."),
    ("[[terms]]", "[[moved]]\nday = 1\nby = 2026-09-08\n[[terms]]", "moved № 1, ключ day: нужна дата:"),
    (
        "[[terms]]",
        "[[moved]]\nday = 2026-09-07\nby = 2026-09-08\n[[moved]]\nday = 2026-09-07\nby = 2026-09-09\n[[terms]]",
        "День 07.09.2026 записан в таблицах moved дважды.",
    ),
    ("[[terms]]", f'{BELLS}первый = "8:30-9:10"\n[[terms]]', "Строка 10: так в файлах TOML не пишут."),
    ("[[terms]]", f'{BELLS}a = "8:30-9:10"\n[[terms]]', "bells № 1, lessons, ключ a: номер урока — число от 0 до 19."),
    (
        "[[terms]]",
        f'{BELLS}"١" = "8:30-9:10"\n[[terms]]',
        "bells № 1, lessons, ключ ١: номер урока — число от 0 до 19.",
    ),
    ("[[terms]]", f'{BELLS}"１" = "8:30-9:10"\n[[terms]]', "bells № 1, lessons, ключ １: номер урока — число"),
    ("[[terms]]", f'{BELLS}1 = "８:30-9:10"\n[[terms]]', "bells № 1, lessons, ключ 1: нужно время начала и конца"),
    ("[[terms]]", f'{BELLS}1 = "8.30"\n[[terms]]', "bells № 1, lessons, ключ 1: нужно время начала и конца в кавычках"),
    ("[[terms]]", f'{BELLS}1 = "8:30-9:70"\n[[terms]]', "bells № 1, lessons, ключ 1: нужно время начала и конца"),
    ("[[terms]]", f'{BELLS}1 = "9:30-9:10"\n[[terms]]', "bells № 1, lessons, ключ 1: конец не позже начала."),
    ("[[terms]]", f"{BELLS}[[terms]]", "bells № 1, ключ lessons: пусто, а что-то должно быть."),
    ("[[terms]]", "[[bells]]\nname = 'звонки'\nlessons = 1\n[[terms]]", "bells № 1, ключ lessons: здесь нужна таблица"),
    ("[[terms]]", "[[bells]]\nname='з'\nshift=4\n[bells.lessons]\n1='8:00-9:00'\n[[terms]]", "bells № 1, ключ shift:"),
    ("[1]", "[1", "Строка 7: так в файлах TOML не пишут."),
    ("[1]", "[1]\nfive_days = [1]", "Строка 6: так в файлах TOML не пишут."),
    ("[1]", '"', "Строка 5: так в файлах TOML не пишут."),
]


@pytest.mark.parametrize(("good", "bad", "fault"), FAULTS, ids=range(len(FAULTS)))
def test_a_fault_is_told_by_its_table_and_key(good: str, bad: str, fault: str) -> None:
    assert SHORT.count(good), "the example has what is spoilt"
    lines = told(SHORT.replace(good, bad, 1))
    assert lines[0].startswith(fault)
    assert len(lines) == 1 or lines[-1] == "Ничего не изменено."


def test_a_name_is_what_people_see_of_it() -> None:
    read = year_file.read(SHORT.replace("первый модуль", r"первый\u0000\nмо\u00adдуль\u202e").encode())
    assert [period.name for period in read.calendar.terms[Level.PRIMARY].periods] == ["первый модуль"]


@pytest.mark.parametrize("table", ["periods", "holidays", "days_off", "moved", "bells", "terms"])
def test_of_nothing_there_is_more_than_a_year_can_have(table: str) -> None:
    tables = tomllib.loads(SHORT)
    days = [date(2026, 9, 1) + timedelta(days=number) for number in range(101)]
    heaps = {
        "periods": [{"first": days[0], "last": days[1]}] * 101,
        "holidays": [{"name": "осенние", "first": days[0], "last": days[1]}] * 101,
        "days_off": days,
        "moved": [{"day": day, "by": days[0]} for day in days],
        "bells": [{"name": "звонки", "lessons": {"1": "8:30-9:10"}}] * 101,
        "terms": tables["terms"] * 101,
    }
    (tables["terms"][0] if table == "periods" else tables)[table] = heaps[table]
    with pytest.raises(OfficeError) as refused:
        year_file.of_tables(tables)
    where = "terms № 1, ключ periods" if table == "periods" else f"ключ {table}"
    assert str(refused.value).split("\n") == [
        f"{where}: слишком много, можно не больше 100.",
        "Ничего не изменено.",
    ]


def test_all_faults_are_told_at_once() -> None:
    lines = told(SHORT.replace("year = 2026", "").replace("[1]", "[12]").replace('"own"', '"?"'))
    assert [line.partition(":")[0] for line in lines] == [
        "ключ year",
        "five_days № 1",
        "terms № 1, ключ kind",
        "Ничего не изменено.",
    ]


def test_the_same_level_in_two_tables_is_refused() -> None:
    again = SHORT[SHORT.index("[[terms]]") :]
    assert told(SHORT + again)[0] == "Периоды заданы дважды: 1–4 классы."


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (SHORT.encode("utf-16"), "Файл не в кодировке UTF-8."),
        ("name = «»".encode("cp1251"), "Файл не в кодировке UTF-8."),
        (b"a = 1\n" * 100_000, "Файл слишком велик"),
        (b"a = " + b"[" * 100_000, "Файл не читается как TOML."),
        (b"a = " + b"9" * 100_000, "Файл не читается как TOML."),
        (b"\x00\x01\x02", "Строка 1:"),
        (b"", "ключ first: не хватает"),
    ],
)
def test_what_is_no_such_file_is_refused_in_a_sentence(content: bytes, said: str) -> None:
    assert told(content)[0].startswith(said)


THINGS: list[Any] = [None, -1, 0, 1, 12, 1.5, True, "", " ", "слово", [], [1], {}, {"a": 1}, date(2026, 9, 1)]
THINGS += [datetime(2026, 9, 1, 8, 0), time(8), "01.09.2026", "8:00-9:00", "м" * 300, [[]], [{}], 10**400]  # noqa: DTZ001 - as TOML reads a local time


def spoilt(tables: Any, draw: random.Random) -> Any:
    """Put something else in the place of one thing, somewhere in the file; or leave out, or add, a key."""
    if not isinstance(tables, dict | list) or not tables or draw.random() < 0.1:
        return draw.choice(THINGS[1:])
    if isinstance(tables, list):
        place = draw.randrange(len(tables))
        return [*tables[:place], spoilt(tables[place], draw), *tables[place + 1 :]]
    name = draw.choice(sorted(tables))
    match draw.randrange(5):
        case 0:
            return {key: value for key, value in tables.items() if key != name}
        case 1:
            return {**tables, draw.choice(["grade", "first", "lesson", "1", "name", "день"]): draw.choice(THINGS[1:])}
        case _:
            return {**tables, name: spoilt(tables[name], draw)}


@given(st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=200)
def test_whatever_stands_in_a_file_it_is_read_or_refused_in_sentences(draw: random.Random) -> None:
    tables = spoilt(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")), draw)
    if not isinstance(tables, dict):
        return
    try:
        read = year_file.of_tables(tables)
    except OfficeError as refused:
        *faults, last = str(refused).split("\n")
        assert last == "Ничего не изменено."
        assert faults
        assert all(fault.endswith((".", "?")) and "{" not in fault for fault in faults)
    else:
        assert year_words.calendar_lines(read.calendar)
        calendar_problems.problems(read.calendar)
        bell_rules.problems(read.bells or ())


def test_a_year_is_shown_line_by_line_and_its_changes_with_signs() -> None:
    read = year_file.read(EXAMPLE.read_bytes())
    assert read.bells is not None
    lines = year_words.calendar_lines(read.calendar)
    assert lines[:5] == [
        "2026/27 учебный год: 01.09.2026 – 26.05.2027",
        "Пятидневная неделя, параллели: 1–9",
        "Шестидневная неделя, параллели: 10–11",
        "1–4 классы, четверти:",
        "  1 четверть: 01.09.2026 – 25.10.2026",
    ]
    assert "  дополнительные: 15.02.2027 – 21.02.2027 (7 дней), параллели: 1" in lines
    assert lines[-1] == "20.02.2027 учимся по расписанию 22.02.2027"
    bells = year_words.bells_lines(read.bells)
    assert bells[:2] == ["Звонки «первый класс», смена 1, параллели: 1:", "  1: 08:30–09:05"]
    assert "Звонки «суббота», смена 1, дни: суббота:" in bells
    later = [line.replace("25.10.2026", "24.10.2026") for line in lines]
    assert year_words.difference(lines, later)[:2] == [
        "− 1 четверть: 01.09.2026 – 25.10.2026",
        "+ 1 четверть: 01.09.2026 – 24.10.2026",
    ]
    assert year_words.difference(lines, lines) == []


def test_numbers_in_a_row_are_written_as_one() -> None:
    assert [year_words.numbers(found) for found in ([], [5], [1, 2, 3, 5], [11, 1])] == ["", "5", "1–3, 5", "1, 11"]


def test_every_fault_that_is_foreseen_has_its_sentence() -> None:
    for name in year_file.FAULTS.values():
        assert load("ru").has(f"year-file-fault-{name}"), name
