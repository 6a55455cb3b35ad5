"""Which days are taught, and what a calendar may not say; also spans, hours and bells."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from core.refusals import Invalid
from core.year import bells, calendar_problems
from core.year.bells import Bell, BellCode, BellSchedule, schedule_for
from core.year.calendar import Calendar, Holiday, Level, Period, PeriodKind, StudyWeek, Terms, level_of
from core.year.calendar_problems import CalendarCode, gaps
from core.year.span import Hours, Span
from tests.unit.year_cases import FIRST_SHIFT, HALF_YEARS, QUARTERS, calendar, day, hours, span
from texts.reader import LANGUAGES, load


def test_a_span_has_both_its_ends_and_is_never_backwards() -> None:
    week = span("09-07", "09-13")
    assert list(week.days()) == [date(2026, 9, number) for number in range(7, 14)]
    assert [number for number in range(1, 31) if date(2026, 9, number) in week] == list(range(7, 14))
    assert list(span("09-07", "09-07").days()) == [date(2026, 9, 7)]
    with pytest.raises(Invalid) as refused:
        span("09-07", "09-06")
    assert (refused.value.code, refused.value.details) == (
        "year-span-backwards",
        {"first": "07.09.2026", "last": "06.09.2026"},
    )


@pytest.mark.parametrize(
    ("other", "overlaps", "covered"),
    [
        (("09-01", "09-06"), False, False),
        (("09-01", "09-07"), True, False),
        (("09-07", "09-13"), True, True),
        (("09-08", "09-09"), True, True),
        (("09-13", "09-14"), True, False),
        (("09-14", "09-20"), False, False),
    ],
)
def test_spans_share_a_day_or_do_not(other: tuple[str, str], *, overlaps: bool, covered: bool) -> None:
    week = span("09-07", "09-13")
    assert (week.overlaps(span(*other)), week.covers(span(*other))) == (overlaps, covered)


@pytest.mark.parametrize("ends", ["09:00", "08:59"])
def test_hours_end_after_they_begin(ends: str) -> None:
    with pytest.raises(Invalid, match="year-hours-backwards"):
        hours("09:00", ends)
    assert str(Hours(time(9), time(9, 40))) == "09:00–09:40"


def test_every_grade_belongs_to_a_level() -> None:
    levels = [level_of(grade) for grade in range(1, 12)]
    assert levels == [Level.PRIMARY] * 4 + [Level.BASIC] * 5 + [Level.SECONDARY] * 2
    for grade in (0, 12):
        with pytest.raises(Invalid, match="year-grade-unknown"):
            level_of(grade)


@pytest.mark.parametrize(
    ("text", "grades"),
    [
        ("09-01", {1, 7, 11}),  # Tuesday, the first day
        ("09-05", {11}),  # Saturday
        ("09-06", set()),  # Sunday
        ("10-26", set()),  # everybody's holidays
        ("11-03", {1, 7, 11}),  # the first day after them
        ("02-16", {7, 11}),  # holidays of grade 1
        ("02-20", {7, 11}),  # a working Saturday, which grade 1 has free
        ("02-22", {1, 7, 11}),  # the Monday whose timetable it had: nothing frees it by itself
        ("02-23", set()),  # a day off
        ("05-26", {1, 7, 11}),  # the last day
        ("05-27", set()),
    ],
)
def test_a_day_is_taught_or_not_by_grade(text: str, grades: set[int]) -> None:
    year = calendar()
    assert {grade for grade in (1, 7, 11) if year.is_study_day(day(text), grade)} == grades


def test_a_day_may_be_taught_by_another_timetable() -> None:
    year = calendar()
    assert year.timetable_day(day("02-20")) == day("02-22")
    assert year.timetable_day(day("02-22")) == day("02-22")
    assert not year.is_study_day(day("02-22"), 7, by=day("02-27")), "a Saturday's, in a week of five days"
    assert year.is_study_day(day("02-22"), 11, by=day("02-27"))


def test_a_grade_that_the_school_does_not_have_is_refused() -> None:
    with pytest.raises(Invalid, match="year-grade-unknown"):
        calendar(week={7: StudyWeek.FIVE}).is_study_day(day("09-01"), 8)


def test_each_level_has_periods_of_its_own() -> None:
    year = calendar()
    assert year.period_of(day("10-25"), Level.BASIC) == QUARTERS[0]
    assert year.period_of(day("10-26"), Level.BASIC) is None
    assert year.period_of(day("10-26"), Level.SECONDARY) == HALF_YEARS[0]
    assert replace(year, terms={}).period_of(day("10-25"), Level.BASIC) is None


def test_weeks_are_counted_from_the_first_of_the_year_through_holidays() -> None:
    year = calendar()
    days = [day("08-31"), day("09-01"), day("09-06"), day("09-07"), day("11-02"), day("11-09")]
    assert [year.week_number(one) for one in days] == [1, 1, 1, 2, 10, 11]


# --- What may not be said -----------------------------------------------------------------------------------------


def found(year: Calendar) -> list[str]:
    return [problem.code for problem in calendar_problems.problems(year)]


def test_a_plain_year_has_no_problems() -> None:
    assert found(calendar()) == []


def quarters(*changed: tuple[int, Period]) -> dict[Level, Terms]:
    periods = list(QUARTERS)
    for place, period in changed:
        periods[place] = period
    return dict(calendar().terms) | {Level.BASIC: Terms(PeriodKind.QUARTER, tuple(periods))}


WRONG: Mapping[CalendarCode, dict[str, Any]] = {
    CalendarCode.YEAR_BOUNDS: {"year": 2025},
    CalendarCode.NO_PERIODS: {"terms": {level: one for level, one in quarters().items() if level != Level.PRIMARY}},
    CalendarCode.PERIOD_COUNT: {
        "terms": quarters() | {Level.BASIC: Terms(PeriodKind.TRIMESTER, QUARTERS)},
    },
    CalendarCode.PERIOD_NUMBERS: {"terms": quarters((2, replace(QUARTERS[2], number=4)))},
    CalendarCode.PERIOD_OUTSIDE: {"terms": quarters((3, replace(QUARTERS[3], span=span("04-05", "05-27"))))},
    CalendarCode.PERIODS_OVERLAP: {"terms": quarters((1, replace(QUARTERS[1], span=span("10-25", "12-29"))))},
    CalendarCode.PERIODS_GAP: {"terms": quarters((1, replace(QUARTERS[1], span=span("11-04", "12-29"))))},
    CalendarCode.HOLIDAY_OUTSIDE: {"holidays": (*calendar().holidays, Holiday("летние", span("05-27", "06-01")))},
    CalendarCode.HOLIDAY_OF_NOBODY: {
        "holidays": (*calendar().holidays, Holiday("чьи-то", span("04-12", "04-13"), frozenset({12})))
    },
    CalendarCode.DAY_OFF_OUTSIDE: {"days_off": frozenset({day("06-12")})},
    CalendarCode.MOVED_OUTSIDE: {"moved": {day("05-29"): day("05-03")}},
    CalendarCode.MOVED_TO_DAY_OFF: {"moved": {day("02-23"): day("02-22")}},
    CalendarCode.MOVED_TO_HOLIDAY: {"moved": {day("10-31"): day("11-05")}},
    CalendarCode.MOVED_BY_ITSELF: {"moved": {day("02-20"): day("02-20")}},
    CalendarCode.MOVED_BY_MOVED: {"moved": {day("02-20"): day("02-22"), day("02-27"): day("02-20")}},
    CalendarCode.MOVED_BY_SUNDAY: {"moved": {day("02-20"): day("02-21")}},
}


@pytest.mark.parametrize("code", WRONG)
def test_a_contradiction_is_found_and_nothing_else(code: CalendarCode) -> None:
    assert found(calendar(**WRONG[code])) == [code]


def test_a_year_of_no_grades_says_so() -> None:
    assert CalendarCode.NO_GRADES in found(calendar(week={}))
    assert set(CalendarCode) - set(WRONG) == {CalendarCode.NO_GRADES}


@pytest.mark.parametrize(
    "bounds", [("2026-07-31", "2027-05-26"), ("2026-09-01", "2027-09-01"), ("2026-09-01", "2026-12-31")]
)
def test_a_year_goes_from_its_autumn_to_the_next_summer(bounds: tuple[str, str]) -> None:
    year = calendar(span=Span(*map(date.fromisoformat, bounds)))
    assert CalendarCode.YEAR_BOUNDS in found(year)


def test_days_in_no_period_are_told_as_spans_across_days_off() -> None:
    late = replace(QUARTERS[3], span=span("04-05", "05-20"))
    year = calendar(terms=quarters((0, replace(QUARTERS[0], span=span("09-07", "10-25"))), (3, late)))
    assert gaps(year, Level.BASIC) == (span("09-01", "09-04"), span("05-21", "05-26"))
    assert gaps(year, Level.PRIMARY) == ()


def test_the_school_s_own_periods_are_as_many_as_it_likes() -> None:
    modules = tuple(
        Period(number, f"модуль {number}", Span(start, start + timedelta(days=44)))
        for number, start in enumerate((day("09-01") + timedelta(days=45 * step) for step in range(5)), 1)
    )
    last = Period(6, "модуль 6", Span(modules[-1].span.last + timedelta(days=1), day("05-26")))
    terms = dict(calendar().terms) | {Level.BASIC: Terms(PeriodKind.OWN, (*modules, last))}
    assert found(calendar(terms=terms)) == []


def test_of_a_heap_of_periods_each_is_named_once_and_beside_it_the_one_that_it_begins_within() -> None:
    whole = Period(1, "весь год", Span(day("09-01"), day("05-26")))
    short = [Period(number, f"модуль {number}", span("09-01", "09-02")) for number in range(2, 301)]
    year = calendar(terms=dict(calendar().terms) | {Level.BASIC: Terms(PeriodKind.OWN, (whole, *short))})
    problems = calendar_problems.problems(year)
    assert {problem.code for problem in problems} == {CalendarCode.PERIODS_OVERLAP}
    assert [problem.args["other"] for problem in problems] == [one.name for one in short]
    assert {problem.args["one"] for problem in problems} == {"весь год"}


def test_two_apart_that_overlap_the_same_long_period_are_both_named() -> None:
    names = {"долгий": ("09-01", "12-31"), "первый": ("09-10", "09-20"), "второй": ("11-10", "11-20")}
    periods = tuple(Period(number, name, span(*ends)) for number, (name, ends) in enumerate(names.items(), 1))
    rest = Period(4, "весна", Span(day("01-01"), day("05-26")))
    year = calendar(terms=dict(calendar().terms) | {Level.BASIC: Terms(PeriodKind.OWN, (*periods, rest))})
    overlaps = [dict(one.details) for one in calendar_problems.problems(year)]
    assert [(one["one"], one["other"]) for one in overlaps] == [("долгий", "первый"), ("долгий", "второй")]


def test_of_a_year_without_an_end_no_gaps_are_looked_for() -> None:
    endless = calendar(span=Span(date(2026, 9, 1), date.max))
    assert {CalendarCode.YEAR_BOUNDS} == set(found(endless))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_contradiction_is_a_sentence(language: str) -> None:
    say = load(language).format
    wrong = [calendar(**changed) for changed in WRONG.values()] + [calendar(week={})]
    said = [calendar_problems.describe(one, say) for year in wrong for one in calendar_problems.problems(year)]
    assert len(said) >= len(CalendarCode)
    assert [text for text in said if not text.endswith((".", "?"))] == []
    assert all(load(language).has(f"period-kind-{kind}") for kind in PeriodKind)


def test_a_gap_is_said_with_its_level_and_days() -> None:
    year = calendar(**WRONG[CalendarCode.PERIODS_GAP])
    (problem,) = calendar_problems.problems(year)
    assert calendar_problems.describe(problem, load("ru").format) == (
        "5–9 классы: с 03.11.2026 по 03.11.2026 есть учебные дни, которые не входят ни в один период. Это каникулы?"
    )


# --- Bells --------------------------------------------------------------------------------------------------------

SHORT_FIRST = BellSchedule("первоклассники", 1, (Bell(1, hours("08:30", "09:05")),), grades=frozenset({1}))
MONDAY = replace(FIRST_SHIFT, name="понедельник", weekdays=frozenset({1}))


def test_the_first_schedule_that_fits_holds() -> None:
    schedules = (SHORT_FIRST, MONDAY, FIRST_SHIFT)
    asked = {(1, 1, 1): SHORT_FIRST, (1, 7, 1): MONDAY, (1, 7, 2): FIRST_SHIFT, (2, 7, 2): None}
    assert {key: schedule_for(schedules, *key) for key in asked} == asked
    assert FIRST_SHIFT.hours_of(2) == hours("09:30", "10:10")
    assert SHORT_FIRST.hours_of(2) is None


@pytest.mark.parametrize(
    ("schedules", "code"),
    [
        ((replace(FIRST_SHIFT, bells=()),), BellCode.NO_BELLS),
        ((replace(SHORT_FIRST, bells=SHORT_FIRST.bells * 2),), BellCode.NUMBER_TWICE),
        (
            (replace(SHORT_FIRST, bells=(*SHORT_FIRST.bells, Bell(2, hours("09:04", "09:40")))),),
            BellCode.BELLS_OVERLAP,
        ),
        (
            (replace(SHORT_FIRST, bells=(*SHORT_FIRST.bells, Bell(0, hours("09:10", "09:40")))),),
            BellCode.BELLS_OVERLAP,
        ),
        ((FIRST_SHIFT, MONDAY), BellCode.SCHEDULE_HIDDEN),
        ((FIRST_SHIFT, SHORT_FIRST), BellCode.SCHEDULE_HIDDEN),
        ((FIRST_SHIFT, FIRST_SHIFT), BellCode.SCHEDULE_HIDDEN),
    ],
)
def test_bells_that_contradict_each_other_are_found(schedules: tuple[BellSchedule, ...], code: BellCode) -> None:
    problems = bells.problems(schedules)
    assert [problem.code for problem in problems] == [code]
    for language in LANGUAGES:
        assert schedules[-1].name in load(language).format(problems[0].message_id, **problems[0].args)


def test_bells_of_several_kinds_may_stand_together() -> None:
    touching = replace(SHORT_FIRST, bells=(*SHORT_FIRST.bells, Bell(2, hours("09:05", "09:40"))))
    assert bells.problems((touching, MONDAY, FIRST_SHIFT, replace(FIRST_SHIFT, shift=2))) == ()
