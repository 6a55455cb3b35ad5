"""Rules of a school: every row of DL and CONF has one, each is written and read back, bad words are refused by name."""

import csv
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from core.events import AbsenceKind, SchoolSettings
from core.learning.absence_codes import KINDS, absent_code, code_of
from core.refusals import Invalid
from core.rule_book.model import KEPT_ELSEWHERE, SchoolRules, rule_of
from core.rule_book.profiles import Profile, kept, rules_by
from core.rule_book.wording import Kind, bounds_of, choices_of, kind_of, may_be_off, wanted, written
from core.rule_book.wording import read as read_written
from scripts.pages.source import meanings
from tests.unit.house import tree
from texts.reader import load

NAMES = tuple(SchoolRules.model_fields)


def rows_of(table: str) -> Iterator[dict[str, str]]:
    path = tree.ROOT / "docs" / "reference" / "requirements" / f"{table}.csv"
    yield from csv.DictReader(path.read_text(encoding="utf-8").splitlines())


def test_every_row_of_the_tables_is_a_rule_with_its_source() -> None:
    rows = {row["id"] for table in ("deadlines", "contradictions") for row in rows_of(table)}
    assert len(rows) == 61
    answered = {row for name in NAMES for row in rule_of(name).rows}
    assert rows - answered == {"CONF-25"}
    assert (answered | KEPT_ELSEWHERE.keys()) - rows == {"ATT-15", "YEAR-29", "YEAR-30"}
    assert [name for name in NAMES if not rule_of(name).source[:3].isdigit()] == []
    assert "digest_hour" in SchoolSettings.model_fields


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_rule_has_a_title_and_a_meaning(language: str) -> None:
    assert [name for name in NAMES if not load(language).has(f"rule-{name}")] == []
    assert [name for name in NAMES if name not in meanings(SchoolRules)] == []


def test_the_defaults_are_those_of_the_tables() -> None:
    """Hand-written from the tables' last columns, not from the code."""
    rules = kept(rules_by(Profile.REGION_2020, {}))
    expected = {
        "absence_minutes": 20,
        "roll_bell_reminder": False,
        "roll_reminder_minutes": 15,
        "roll_reminders_a_day": 4,
        "morning_at": "09:30:00",
        "class_teacher_sets_absence": False,
        "lesson_marks_by": "21:00:00",
        "control_work_days": 3,
        "written_work_days": 7,
        "next_lesson_grades": None,
        "senior_work_days": None,
        "creative_work_days": None,
        "topic_by": "21:00:00",
        "homework_minutes": 90,
        "homework_after_today": True,
        "lock_after_finals": True,
        "lock_after_days": 7,
        "finals_open": "last-week",
        "finals_close": "next-working-day",
        "results_shown_hours": 24,
        "sections_by": "05.09",
        "timetable_by": "05.09",
        "teaching_load_by": "31.08",
        "tariff_list_on": "01.09",
        "verification_by": "15.09",
        "data_check_every": "month",
        "achievement_notices_every": "month",
        "paper_notices_every": "week",
        "print_by": "30.06",
        "sheet_to_archive": True,
        "journal_years": 5,
        "sheet_years": 25,
        "breach_staff_hours": 1,
        "breach_parent_days": 1,
        "weekly_letter_on": "saturday",
        "reply_days": None,
        "nothing_set_from_grade": 2,
        "homework_way": "given-at-lesson",
        "optimal_percent": 98,
        "low_percent": 90,
        "absence_told": "automatic",
        "ungraded_succeed": True,
        "averages": "both",
        "instead_of_mark": ["осв", "н/а", "безотм", "н/оц"],
    }
    assert {name: rules[name] for name in expected} == expected


def test_the_second_profile_decides_what_the_school_of_2023_decided() -> None:
    rules = rules_by(Profile.SCHOOL_2023, {})
    assert rules.class_teacher_sets_absence
    assert [code.code for code in rules.absence_codes] == ["н", "УП", "Б", "ОСВ"]
    assert (rules.next_lesson_grades, rules.senior_work_days, rules.creative_work_days) == ((2, 4), 4, 7)
    assert (rules.homework_minutes, str(rules.homework_by), rules.sheet_years) == (None, "21:00:00", 75)
    assert rules.lock_after_days == 7


def test_only_an_unexplained_absence_is_told_and_the_codes_are_those_that_lessons_know() -> None:
    codes = rules_by(Profile.REGION_2020, {}).absence_codes
    assert [code.code for code in codes if code.told] == ["н"]
    assert {code.code: KINDS[code.kind] for code in codes} == {
        "н": AbsenceKind.UNEXPLAINED,
        "б": AbsenceKind.ILLNESS,
        "ну": AbsenceKind.EXCUSED,
    }


def test_a_code_is_found_however_it_is_written_and_the_first_of_unknown_cause_is_the_roll_calls() -> None:
    rules = rules_by(Profile.SCHOOL_2023, {})
    assert [getattr(code_of(rules, written), "code", None) for written in ("осв", "Н", "б", "x", "")] == [
        "ОСВ",
        "н",
        "Б",
        None,
        None,
    ]
    assert absent_code(rules) == "н"


def test_every_value_of_both_profiles_is_read_back_as_it_was_written() -> None:
    for profile in Profile:
        for name, value in kept(rules_by(profile, {})).items():
            assert read_written(name, written(name, value)) == value, name


def values(name: str) -> st.SearchStrategy[Any]:
    """Return values of a rule in the form in which they are kept."""
    kind = kind_of(name)
    if kind is Kind.NUMBER:
        plain: st.SearchStrategy[Any] = st.integers(*bounds_of(name))
    elif kind in {Kind.CHOICE, Kind.CHOICES}:
        chosen = st.sampled_from(choices_of(name))
        plain = chosen if kind is Kind.CHOICE else st.lists(chosen, min_size=1, unique=True)
    else:
        plain = PLAIN[kind]
    return st.none() | plain if may_be_off(name) else plain


PLAIN: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.SWITCH: st.booleans(),
    Kind.CLOCK: st.times().map(lambda one: f"{one:%H:%M}:00"),
    Kind.DAY: st.dates().filter(lambda one: (one.month, one.day) != (2, 29)).map(lambda one: f"{one:%d.%m}"),
    Kind.GRADES: st.tuples(st.integers(1, 11), st.integers(1, 11)).map(sorted),
    Kind.CODES: st.just(kept(rules_by(Profile.SCHOOL_2023, {}))["absence_codes"]),
    Kind.TEXT: st.sampled_from(("по будням", "8:00–17:00")),
}


@given(st.sampled_from(NAMES).flatmap(lambda name: st.tuples(st.just(name), values(name))))
def test_what_may_be_kept_is_written_read_back_and_kept(case: tuple[str, Any]) -> None:
    name, value = case
    read = read_written(name, written(name, value))
    assert read == value
    # A band of per cents is checked as a whole.
    lowest = {"low_percent": 0} if name == "optimal_percent" else {}
    highest = {"optimal_percent": 100} if name == "low_percent" else {}
    assert kept(rules_by(Profile.REGION_2020, {name: read, **lowest, **highest}))[name] == value


WRONG = [
    ("absence_minutes", "двадцать", "rule-number"),
    ("absence_minutes", "-5", "rule-number"),
    ("absence_minutes", "٢٠", "rule-number"),
    ("absence_minutes", "нет", "rule-number"),
    ("absence_recheck", "может быть", "rule-switch"),
    ("lesson_marks_by", "девять вечера", "rule-clock"),
    ("next_lesson_grades", "начальные", "rule-grades"),
    ("absence_codes", "н, б", "rule-codes"),
    ("absence_codes", "н:unexcused:maybe:да", "rule-codes"),
    ("support_hours", " ", "rule-text"),
]


@pytest.mark.parametrize(("name", "text", "code"), WRONG)
def test_words_that_are_no_value_are_refused_by_the_rules_name(name: str, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_written(name, text)
    assert (refusal.value.code, refusal.value.details["name"]) == (code, name)
    assert f"«{name}»" in load("ru").format(f"refusal-{code}", **refusal.value.details)


IMPOSSIBLE = [
    ("absence_minutes", 0),
    ("absence_minutes", 241),
    ("absence_minutes", True),
    ("absence_minutes", None),
    ("absence_minutes", "20"),
    ("absence_recheck", 1),
    ("lesson_marks_by", "25:00:00"),
    ("verification_by", "31.04"),
    ("verification_by", "29.02"),
    ("verification_by", "15 сентября"),
    ("verification_by", "00.09"),
    ("homework_way", "как-нибудь"),
    ("instead_of_mark", ["осв", "5"]),
    ("login_staff", []),
    ("login_staff", ["esia"]),
    ("next_lesson_grades", [4, 2]),
    ("next_lesson_grades", [0, 4]),
    ("absence_codes", []),
    ("absence_codes", [{"code": "н", "kind": "unexcused", "missed": True, "told": True, "meaning": "а"}] * 2),
    ("absence_codes", [{"code": "x", "kind": "unexcused", "missed": True, "told": True, "meaning": "а"}]),
    ("journal_years", 4),
    ("sheet_years", 24),
    ("support_hours", "я" * 201),
]


@pytest.mark.parametrize(("name", "value"), IMPOSSIBLE, ids=str)
def test_an_impossible_value_is_no_rule(name: str, value: object) -> None:
    with pytest.raises(ValidationError) as error:
        rules_by(Profile.REGION_2020, {name: value})
    assert error.value.errors()[0]["loc"][0] == name


@pytest.mark.parametrize("name", NAMES)
def test_every_rule_can_say_in_both_languages_what_it_wants(name: str) -> None:
    refusal = wanted(name)
    for language in ("ru", "en"):
        assert name in load(language).format(f"refusal-{refusal.code}", **refusal.details)


def test_codes_that_differ_by_capitals_alone_are_one_code() -> None:
    one = {"kind": "unexcused", "missed": True, "told": True, "meaning": "а"}
    with pytest.raises(ValidationError, match="twice"):
        rules_by(Profile.REGION_2020, {"absence_codes": [{"code": "н", **one}, {"code": "Н", **one}]})


def test_a_low_level_above_the_optimal_one_makes_no_sense() -> None:
    with pytest.raises(ValidationError, match="low is above optimal"):
        rules_by(Profile.REGION_2020, {"low_percent": 99})


def test_rules_are_kept_as_json() -> None:
    rules = rules_by(Profile.SCHOOL_2023, {"absence_minutes": 15})
    assert rules_by(Profile.SCHOOL_2023, json.loads(json.dumps(kept(rules)))) == rules
