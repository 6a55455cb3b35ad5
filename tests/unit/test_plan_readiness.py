"""What a year still lacks, judged by what was read of the school; the reading itself is an integration test."""

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import pytest

from core.plan import readiness
from core.plan.readiness import Gap, GapCode, Item, Readiness, State, day_of_year, judged
from core.plan.readiness_facts import ClassFacts, GroupFacts, SchoolFacts
from core.rule_book.model import SchoolRules
from core.year.bells import BellSchedule
from core.year.weekly import LearnersKind, Service
from tests.unit.year_cases import FIRST_SHIFT, calendar
from texts.reader import LANGUAGES, load
from zvonok import year_words

THE_5A = ClassFacts("5А", 5, 1, has_class_teacher=True, pupils=25, has_lessons=True, has_load=True)
THE_10A = replace(THE_5A, title="10А", grade=10)
ENGLISH = GroupFacts("5А, английский 1", LearnersKind.GROUP, 1, 5, members=12, has_lessons=True)
FORMED = SchoolFacts(
    calendar=calendar(),
    bells=(FIRST_SHIFT,),
    subjects=("математика", "русский язык"),
    plans=MappingProxyType({Service.BASIC: frozenset({5, 10}), Service.EXTRA_CURRICULAR: frozenset()}),
    plan_count=2,
    rooms=3,
    staff=4,
    classes=(THE_5A, THE_10A),
    groups=(ENGLISH,),
    weekly_places=60,
    taught=frozenset({Service.BASIC, Service.EXTRA_CURRICULAR}),
    control_works=1,
)


def missing(school: SchoolFacts) -> dict[Item, list[Gap]]:
    return {line.item: list(line.missing) for line in judged(school, 2026, SchoolRules()) if line.missing}


def test_a_year_that_is_formed_lacks_nothing() -> None:
    lines = judged(FORMED, 2026, SchoolRules())
    assert [line.item for line in lines] == list(Item)
    states = {line.item: line.state for line in lines}
    assert {item for item, state in states.items() if state is not State.DONE} == {
        Item.STREAMS,
        Item.INDIVIDUAL_PLANS,
        Item.CHANGES,
        Item.LESSON_PLANS,
    }
    assert states[Item.LESSON_PLANS] is State.ELSEWHERE
    assert states[Item.CHANGES] is State.NOT_NEEDED
    assert Readiness(2026, date(2026, 9, 5), 1, lines).is_ready


def test_of_a_school_with_nothing_every_section_is_missing_that_has_to_be_there() -> None:
    lines = judged(SchoolFacts(), 2026, SchoolRules())
    assert {line.item for line in lines if line.state is not State.MISSING} == {
        Item.GROUPS,
        Item.STREAMS,
        Item.INDIVIDUAL_PLANS,
        Item.CHANGES,
        Item.LESSON_PLANS,
    }
    assert not Readiness(2026, date(2026, 9, 5), 1, lines).is_ready


LACKS: list[tuple[dict[str, Any], Item, Gap]] = [
    ({"calendar": None}, Item.PERIODS, Gap(GapCode.NO_CALENDAR)),
    ({"calendar": calendar(week={10: 5})}, Item.PERIODS, Gap(GapCode.CLASSES_OUTSIDE_CALENDAR, ("5А",))),
    ({"calendar": calendar(holidays=())}, Item.HOLIDAYS, Gap(GapCode.NO_HOLIDAYS)),
    ({"subjects": ()}, Item.SUBJECTS, Gap(GapCode.NO_SUBJECTS)),
    ({"subjects": ("ОБЖ", "математика")}, Item.SUBJECTS, Gap(GapCode.SUBJECT_NAMES, ("ОБЖ",))),
    ({"plans": {}}, Item.PLANS, Gap(GapCode.NO_PLANS)),
    (
        {"plans": {Service.BASIC: frozenset({10}), Service.EXTRA_CURRICULAR: frozenset()}},
        Item.PLANS,
        Gap(GapCode.GRADES_WITHOUT_PLAN, ("5",)),
    ),
    ({"plans": {Service.BASIC: frozenset({5, 10})}}, Item.PLANS, Gap(GapCode.NO_EXTRA_PLAN)),
    ({"rooms": 0}, Item.ROOMS, Gap(GapCode.NO_ROOMS)),
    ({"staff": 0}, Item.STAFF, Gap(GapCode.NO_STAFF)),
    ({"classes": ()}, Item.CLASSES, Gap(GapCode.NO_CLASSES)),
    (
        {"classes": (replace(THE_5A, has_class_teacher=False), THE_10A)},
        Item.CLASSES,
        Gap(GapCode.CLASSES_WITHOUT_TEACHER, ("5А",)),
    ),
    (
        {"classes": (THE_5A, replace(THE_10A, pupils=0))},
        Item.CONTINGENT,
        Gap(GapCode.CLASSES_WITHOUT_PUPILS, ("10А",)),
    ),
    ({"classes": (replace(THE_5A, has_load=False),)}, Item.LOAD, Gap(GapCode.CLASSES_WITHOUT_LOAD, ("5А",))),
    (
        {"classes": (replace(THE_5A, has_lessons=False),)},
        Item.TIMETABLE,
        Gap(GapCode.CLASSES_WITHOUT_LESSONS, ("5А",)),
    ),
    ({"classes": (replace(THE_5A, shift=2),)}, Item.REGIME, Gap(GapCode.WITHOUT_BELLS, ("5А",))),
    ({"bells": ()}, Item.REGIME, Gap(GapCode.NO_BELLS)),
    ({"groups": (replace(ENGLISH, members=0),)}, Item.GROUPS, Gap(GapCode.GROUPS_EMPTY, (ENGLISH.title,))),
    (
        {"groups": (replace(ENGLISH, has_lessons=False),)},
        Item.TIMETABLE,
        Gap(GapCode.GROUPS_WITHOUT_LESSONS, (ENGLISH.title,)),
    ),
    (
        {"groups": (replace(ENGLISH, title="поток", kind=LearnersKind.STREAM, members=30),)},
        Item.STREAMS,
        Gap(GapCode.STREAMS_SMALL, ("поток",)),
    ),
    ({"on_own_plans": 2, "unplanned_in": ("5А",)}, Item.INDIVIDUAL_PLANS, Gap(GapCode.PUPILS_WITHOUT_PLAN, ("5А",))),
    (
        {"taught": frozenset({Service.BASIC})},
        Item.SERVICES,
        Gap(GapCode.SERVICES_WITHOUT_LESSONS, ("extra-curricular",)),
    ),
    ({"control_works": 0}, Item.CONTROL_WORKS, Gap(GapCode.NO_CONTROL_WORKS)),
]


@pytest.mark.parametrize(("lack", "item", "gap"), LACKS, ids=[gap.code for _, _, gap in LACKS])
def test_what_is_missing_is_named(lack: dict[str, Any], item: Item, gap: Gap) -> None:
    assert missing(replace(FORMED, **lack))[item] == [gap]


def test_every_gap_can_be_found() -> None:
    assert {gap.code for _, _, gap in LACKS} == set(GapCode)


def test_a_stream_of_thirty_one_is_one_and_a_combined_class_needs_no_list() -> None:
    stream = replace(ENGLISH, title="поток", kind=LearnersKind.STREAM, members=31)
    combined = replace(ENGLISH, title="1–3", kind=LearnersKind.COMBINED, members=0)
    school = replace(FORMED, groups=(stream, combined))
    assert missing(school) == {}
    counts = {line.item: line.count for line in judged(school, 2026, SchoolRules())}
    assert (counts[Item.STREAMS], counts[Item.GROUPS]) == (1, 1)


def test_bells_have_to_ring_on_every_day_of_the_grade_s_week() -> None:
    weekdays = BellSchedule("будни", 1, FIRST_SHIFT.bells, weekdays=frozenset(range(1, 6)))
    eleventh = replace(THE_10A, title="11А", grade=11)
    school = replace(FORMED, bells=(weekdays,), classes=(THE_5A, eleventh))
    assert missing(school)[Item.REGIME] == [Gap(GapCode.WITHOUT_BELLS, ("11А",))]


def test_sections_have_the_days_of_the_school_s_rules() -> None:
    due = {line.item: line.due for line in judged(FORMED, 2026, SchoolRules())}
    assert due[Item.PERIODS] == due[Item.TIMETABLE] == date(2026, 9, 5)
    assert due[Item.LOAD] == date(2026, 8, 31)
    late = SchoolRules(sections_by="01.09", timetable_by="10.09", teaching_load_by="15.09")
    assert {line.due for line in judged(FORMED, 2026, late)} == {date(2026, 9, 1)}


@pytest.mark.parametrize(
    ("written", "day"), [("05.09", "2026-09-05"), ("31.12", "2026-12-31"), ("15.01", "2027-01-15")]
)
def test_a_day_of_every_year_lies_in_the_school_year(written: str, day: str) -> None:
    assert day_of_year(2026, written) == date.fromisoformat(day)


@pytest.mark.parametrize(
    ("left", "said"),
    [
        (21, "До срока (05.09.2026) остался 21 день."),
        (2, "До срока (05.09.2026) осталось 2 дня."),
        (0, "Срок — сегодня, 05.09.2026."),
        (-1, "Срок был 05.09.2026: просрочен 1 день."),
        (-11, "Срок был 05.09.2026: просрочено 11 дней."),
    ],
)
def test_the_checklist_says_how_many_days_are_left_or_overdue(left: int, said: str) -> None:
    school = replace(FORMED, classes=(replace(THE_5A, has_load=False),))
    lines = year_words.readiness_lines(Readiness(2026, date(2026, 9, 5), left, judged(school, 2026, SchoolRules())))
    assert lines[:2] == ["2026/27 учебный год: готово 13 из 14.", said]
    assert lines[-7:-5] == [
        "не готово: нагрузка учителей (классов с нагрузкой: 0), срок 31.08.2026",
        "  Нагрузка не распределена: 5А",
    ]
    assert lines[-1] == "пока вне «Звонка»: календарно-тематическое планирование"
    assert "не требуется: потоки (0)" in lines


def test_a_year_that_is_ready_is_told_so_though_its_day_has_passed() -> None:
    lines = year_words.readiness_lines(Readiness(2026, date(2026, 9, 5), -80, judged(FORMED, 2026, SchoolRules())))
    assert lines[1] == "Всё готово."


def test_services_are_told_in_words() -> None:
    school = replace(FORMED, taught=frozenset({Service.BASIC}))
    lines = year_words.readiness_lines(Readiness(2026, date(2026, 9, 5), 1, judged(school, 2026, SchoolRules())))
    assert "  План есть, а расписания нет: внеурочная деятельность" in lines


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_state_and_gap_has_its_words(language: str) -> None:
    texts = load(language)
    for item in Item:
        assert texts.format(f"ready-item-{item}", count=2)
    for state in State:
        assert texts.format(f"ready-{state}", what="предметы", due="")
    for code in GapCode:
        assert texts.format(f"ready-gap-{code}", names="5А")


def test_the_sections_are_those_of_the_regulation() -> None:
    wanted = [f"year-{number:02}" for number in range(3, 16)] + ["tt-01", "tt-02", "tt-04", "tt-12", "ktp-01"]
    assert [item.value for item in readiness.Item] == wanted
