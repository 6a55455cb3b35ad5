"""Lessons by date, case by case: holidays, double lessons, changes of one lesson, acts of a whole day."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from core.refusals import Invalid
from core.year.bells import Bell, BellSchedule
from core.year.calendar import StudyWeek
from core.year.changes import (
    Cancellation,
    CancelReason,
    Change,
    Closed,
    DayAct,
    Distance,
    Move,
    Scope,
    ShortBells,
    Substitution,
    TaughtBy,
)
from core.year.planned import Cancelled, PlannedLesson, demand_bell, idle, planned_lessons
from core.year.span import Span
from core.year.weekly import Every, Learners, LearnersKind, Service
from tests.unit.year_cases import (
    CLASS_1A,
    CLASS_3A,
    CLASS_7A,
    CLASS_7B,
    COMBINED,
    ENGLISH,
    FIRST_SHIFT,
    IVANOVA,
    MATHS,
    OF_7A,
    OF_7B,
    PETROV,
    ROOM_12,
    ROOM_14,
    STREAM,
    THE_1A,
    THE_7B,
    calendar,
    day,
    days_of,
    hours,
    plan,
    slot,
    span,
    these,
)
from texts.reader import LANGUAGES, load

ONE = UUID(int=1)
MONDAY, TUESDAY, SATURDAY = day("09-07"), day("09-08"), day("09-12")
WEEK = span("09-07", "09-13")
ONE_DAY = Span(MONDAY, MONDAY)


def only(lessons: tuple[PlannedLesson, ...]) -> PlannedLesson:
    (lesson,) = lessons
    return lesson


def clock(text: str, on: date = MONDAY) -> datetime:
    """Return the moment at which a clock in the school shows this: five hours before, by UTC."""
    hour, minute = map(int, text.split(":"))
    return datetime(on.year, on.month, on.day, hour - 5, minute, tzinfo=UTC)


# --- The timetable alone ------------------------------------------------------------------------------------------


def test_a_lesson_is_what_its_slot_says() -> None:
    lesson = only(planned_lessons(plan(slot(1)), within=WEEK))
    assert lesson.key == (ONE, MONDAY)
    assert (lesson.day, lesson.number) == (MONDAY, 2)
    assert (lesson.starts_at, lesson.ends_at) == (clock("9:30"), clock("10:10"))
    assert (lesson.subject, lesson.teacher, lesson.room) == (MATHS, IVANOVA, ROOM_12)
    assert (lesson.classes, lesson.distant, lesson.cancelled) == (these(CLASS_7A), these(), None)


def test_over_the_year_holidays_and_days_off_are_left_out() -> None:
    """Mondays counted on a paper calendar; 20 February is a Saturday taught as a Monday."""
    days = days_of(planned_lessons(plan(slot(1))))
    september_to_may = [
        *("09-07", "09-14", "09-21", "09-28", "10-05", "10-12", "10-19", "11-09", "11-16", "11-23", "11-30"),
        *("12-07", "12-14", "12-21", "12-28", "01-11", "01-18", "01-25", "02-01", "02-08", "02-15", "02-20", "02-22"),
        *("03-01", "03-15", "03-22", "04-05", "04-12", "04-19", "04-26", "05-10", "05-17", "05-24"),
    ]
    assert days == [day(text) for text in september_to_may]


def test_the_wall_clock_stays_when_the_zone_changes_its_own() -> None:
    lessons = planned_lessons(plan(slot(1), zone="Europe/Berlin", calendar=calendar(holidays=())))
    in_autumn = {lesson.day: lesson.starts_at.hour for lesson in lessons if lesson.day.month == 10}
    assert in_autumn == {day("10-05"): 7, day("10-12"): 7, day("10-19"): 7, day("10-26"): 8}


def test_a_double_lesson_is_two_lessons_of_a_date() -> None:
    lessons = planned_lessons(plan(slot(1), slot(2, number=3)), within=WEEK)
    assert [(lesson.key, lesson.number) for lesson in lessons] == [((ONE, MONDAY), 2), ((UUID(int=2), MONDAY), 3)]
    assert lessons[0].ends_at < lessons[1].starts_at


def test_a_slot_holds_from_a_day_to_a_day_and_every_other_week() -> None:
    twice = slot(1, since=day("09-14"), until=day("09-21"))
    assert days_of(planned_lessons(plan(twice))) == [day("09-14"), day("09-21")]
    september = span("09-01", "09-30")
    even = planned_lessons(plan(slot(1, every=Every.EVEN)), within=september)
    odd = planned_lessons(plan(slot(1, every=Every.ODD)), within=september)
    assert (days_of(even), days_of(odd)) == ([day("09-07"), day("09-21")], [day("09-14"), day("09-28")])


def test_the_grades_of_a_combined_class_have_their_own_holidays_and_the_bells_of_the_youngest() -> None:
    short = BellSchedule("1 класс", 1, (Bell(2, hours("09:20", "09:55")),), grades=frozenset({1}))
    year = plan(slot(1, learners=COMBINED), bells=(short, FIRST_SHIFT))
    usual = only(planned_lessons(year, within=WEEK))
    assert (usual.classes, usual.starts_at) == (these(CLASS_1A, CLASS_3A), clock("9:20"))
    in_february = only(planned_lessons(year, within=span("02-15", "02-15")))
    assert (in_february.classes, in_february.starts_at) == (these(CLASS_3A), clock("9:30", day("02-15")))


def test_a_club_may_meet_on_a_saturday_at_its_own_hours_but_not_in_holidays() -> None:
    club = slot(1, weekday=6, number=9, service=Service.ADDITIONAL, hours=hours("12:00", "13:30"))
    lessons = planned_lessons(plan(club), within=span("09-07", "11-07"))
    assert [lesson.day.isoweekday() for lesson in lessons] == [6] * 8
    assert (lessons[0].starts_at, lessons[0].ends_at) == (clock("12:00", SATURDAY), clock("13:30", SATURDAY))
    assert planned_lessons(plan(slot(1, weekday=6))) == (), "a lesson keeps to the week of five days"


def test_a_slot_without_a_bell_is_refused_by_name() -> None:
    with pytest.raises(Invalid) as refused:
        planned_lessons(plan(slot(1, number=7)))
    assert (refused.value.code, refused.value.details) == (
        "year-slot-without-bell",
        {"learners": "7А", "number": "7", "shift": "1"},
    )
    with pytest.raises(Invalid, match="year-slot-without-bell"):
        planned_lessons(plan(slot(1, shift=2)))


def test_a_grade_that_the_calendar_does_not_know_is_refused() -> None:
    with pytest.raises(Invalid, match="year-grade-unknown"):
        planned_lessons(plan(slot(1), calendar=calendar(week={1: StudyWeek.FIVE})))
    with pytest.raises(Invalid, match="year-grade-unknown"):
        planned_lessons(plan(slot(1, service=Service.ADDITIONAL), calendar=calendar(week={1: StudyWeek.FIVE})))


@pytest.mark.parametrize("parts", [(), (OF_7A, OF_7A), (OF_7A, OF_7B)])
def test_a_class_is_one_class(parts: tuple[()]) -> None:
    with pytest.raises(ValueError, match="class"):
        Learners(LearnersKind.CLASS, CLASS_7A, "7А", parts)


# --- Changes of one lesson ----------------------------------------------------------------------------------------


def test_a_substitution_changes_one_lesson() -> None:
    change = Substitution(ONE, MONDAY, PETROV)
    lessons = planned_lessons(plan(slot(1)), [change], within=span("09-07", "09-14"))
    assert [(one.teacher, one.subject, one.room) for one in lessons] == [
        (PETROV, MATHS, ROOM_12),
        (IVANOVA, MATHS, ROOM_12),
    ]
    assert lessons[0].slot.teacher == IVANOVA, "who was to give it is still known"
    other = Substitution(ONE, MONDAY, PETROV, subject=ENGLISH, room=ROOM_14)
    lesson = only(planned_lessons(plan(slot(1)), [change, other], within=ONE_DAY))
    assert (lesson.subject, lesson.room) == (ENGLISH, ROOM_14), "the later of two holds"


def test_a_moved_lesson_keeps_its_name() -> None:
    change = Move(ONE, MONDAY, TUESDAY, number=4, room=ROOM_14)
    lesson = only(planned_lessons(plan(slot(1)), [change], within=WEEK))
    assert (lesson.key, lesson.day, lesson.number, lesson.room) == ((ONE, MONDAY), TUESDAY, 4, ROOM_14)
    assert lesson.starts_at == clock("11:30", TUESDAY)


def test_a_moved_lesson_belongs_to_the_day_on_which_it_is_held() -> None:
    far = Move(ONE, MONDAY, day("10-01"), number=1)
    assert planned_lessons(plan(slot(1)), [far], within=WEEK) == ()
    assert only(planned_lessons(plan(slot(1)), [far], within=span("10-01", "10-01"))).planned_day == MONDAY
    out_of_the_year = Move(ONE, MONDAY, day("06-01"), number=1)
    assert planned_lessons(plan(slot(1)), [out_of_the_year])[-1].day == day("06-01"), "nothing is lost"


def test_what_closes_the_day_on_which_a_moved_lesson_is_held_closes_it() -> None:
    move = Move(ONE, MONDAY, TUESDAY, number=1)
    closed = [DayAct(Span(one, one), Closed(CancelReason.WEATHER)) for one in (MONDAY, TUESDAY)]
    assert only(planned_lessons(plan(slot(1)), [move, closed[0]], within=WEEK)).cancelled is None
    lesson = only(planned_lessons(plan(slot(1)), [move, closed[1]], within=WEEK))
    assert lesson.cancelled == Cancelled(CancelReason.WEATHER)


def test_a_lesson_moved_to_a_day_that_is_free_since_is_not_held() -> None:
    move = Move(ONE, MONDAY, TUESDAY, number=1)
    off = calendar(days_off=frozenset({TUESDAY}))
    lesson = only(planned_lessons(plan(slot(1), calendar=off), [move], within=WEEK))
    assert (lesson.day, lesson.cancelled) == (TUESDAY, Cancelled(CancelReason.OTHER))
    to_february = Move(ONE, MONDAY, day("02-16"), number=1)
    both = only(planned_lessons(plan(slot(1, learners=COMBINED)), [to_february], within=span("02-16", "02-16")))
    assert (both.classes, both.cancelled) == (these(CLASS_3A), None), "the first grade has holidays"


def test_a_moved_lesson_whose_number_has_lost_its_bell_is_not_held_and_hinders_nobody() -> None:
    move = Move(ONE, MONDAY, TUESDAY, number=7)
    others = slot(2, weekday=2)
    lost, held = planned_lessons(plan(slot(1), others), [move], within=Span(TUESDAY, TUESDAY))
    assert (lost.key, lost.number, lost.starts_at) == ((ONE, MONDAY), 7, clock("9:30", TUESDAY))
    assert (lost.cancelled, held.cancelled) == (Cancelled(CancelReason.SHORT_DAY), None)
    with pytest.raises(Invalid, match="year-slot-without-bell"):
        demand_bell(plan(slot(1), others), [move], move)
    rung = Move(ONE, MONDAY, TUESDAY, number=6)
    demand_bell(plan(slot(1), others), [rung], rung)


def test_a_moved_club_keeps_its_hours_unless_it_gets_others() -> None:
    club = slot(1, number=9, hours=hours("15:00", "16:00"))
    kept = Move(ONE, MONDAY, TUESDAY, number=9)
    assert only(planned_lessons(plan(club), [kept], within=WEEK)).starts_at == clock("15:00", TUESDAY)
    by_bell = Move(ONE, MONDAY, TUESDAY, number=1)
    assert only(planned_lessons(plan(club), [by_bell], within=WEEK)).starts_at == clock("8:30", TUESDAY)
    later = Move(ONE, MONDAY, TUESDAY, number=9, hours=hours("17:00", "18:00"))
    assert only(planned_lessons(plan(club), [later], within=WEEK)).starts_at == clock("17:00", TUESDAY)


def test_a_cancelled_lesson_is_there_with_its_reason() -> None:
    off = Cancellation(ONE, MONDAY, CancelReason.NO_TEACHER, "заболел учитель")
    besides: list[Change] = [Substitution(ONE, MONDAY, PETROV), Move(ONE, MONDAY, TUESDAY, 3)]
    for changes in ([off], [off, besides[0]], [besides[1], off]):
        lesson = only(planned_lessons(plan(slot(1)), changes, within=WEEK))
        assert lesson.cancelled == Cancelled(CancelReason.NO_TEACHER, "заболел учитель")


def test_of_two_rooms_the_one_that_was_said_later_holds() -> None:
    near, far = UUID(int=71), UUID(int=72)
    substituted, moved = Substitution(ONE, MONDAY, PETROV, room=near), Move(ONE, MONDAY, TUESDAY, 3, room=far)
    roomless = Move(ONE, MONDAY, TUESDAY, 3)
    tries: list[tuple[list[Change], UUID]] = [
        ([substituted, moved], far),
        ([moved, substituted], near),
        ([substituted, roomless], near),
        ([substituted, moved, Substitution(ONE, MONDAY, PETROV)], far),
        ([moved, substituted, roomless], near),
    ]
    for changes, room in tries:
        assert only(planned_lessons(plan(slot(1)), changes, within=WEEK)).room == room


def test_a_change_of_a_lesson_that_is_not_there_is_told() -> None:
    changes: list[Change] = [
        Substitution(ONE, MONDAY, PETROV),
        Substitution(ONE, TUESDAY, PETROV),
        Cancellation(UUID(int=2), MONDAY, CancelReason.OTHER),
        DayAct(ONE_DAY, Distance()),
        Move(ONE, day("09-14"), TUESDAY, 1),
    ]
    lessons = planned_lessons(plan(slot(1)), changes)
    assert idle(changes, lessons) == (changes[1], changes[2])


# --- Acts of a whole day ------------------------------------------------------------------------------------------


def test_an_act_closes_a_day_for_those_whom_it_concerns() -> None:
    frost = DayAct(ONE_DAY, Closed(CancelReason.WEATHER, "мороз"), Scope(grades=frozenset({1})))
    lessons = planned_lessons(plan(slot(1), slot(2, learners=THE_1A)), [frost], within=WEEK)
    assert {one.slot.learners.title: one.cancelled for one in lessons} == {
        "7А": None,
        "1А": Cancelled(CancelReason.WEATHER, "мороз"),
    }


def test_an_act_may_concern_a_shift() -> None:
    evening = BellSchedule("вторая смена", 2, (Bell(2, hours("14:30", "15:10")),))
    year = plan(slot(1), slot(2, shift=2, learners=THE_7B), bells=(FIRST_SHIFT, evening))
    off = DayAct(ONE_DAY, Closed(CancelReason.EMERGENCY), Scope(shift=2))
    lessons = planned_lessons(year, [off], within=WEEK)
    assert [(one.slot.shift, one.cancelled is None) for one in lessons] == [(1, True), (2, False)]


def test_a_stream_goes_on_without_the_class_in_quarantine() -> None:
    quarantine = DayAct(WEEK, Closed(CancelReason.QUARANTINE), Scope(classes=these(CLASS_7A)))
    lesson = only(planned_lessons(plan(slot(1, learners=STREAM)), [quarantine], within=WEEK))
    assert (lesson.classes, lesson.cancelled) == (these(CLASS_7B), None)
    both = DayAct(WEEK, Closed(CancelReason.QUARANTINE), Scope(classes=these(CLASS_7A, CLASS_7B)))
    lesson = only(planned_lessons(plan(slot(1, learners=STREAM)), [both], within=WEEK))
    assert (lesson.classes, lesson.cancelled) == (these(CLASS_7A, CLASS_7B), Cancelled(CancelReason.QUARANTINE))


def test_distant_lessons_need_no_room_once_nobody_comes() -> None:
    one_class = DayAct(WEEK, Distance(), Scope(classes=these(CLASS_7A)))
    lesson = only(planned_lessons(plan(slot(1, learners=STREAM)), [one_class], within=WEEK))
    assert (lesson.distant, lesson.room) == (these(CLASS_7A), ROOM_12)
    everybody = DayAct(WEEK, Distance())
    lesson = only(planned_lessons(plan(slot(1, learners=STREAM)), [everybody], within=WEEK))
    assert (lesson.distant, lesson.room, lesson.cancelled) == (these(CLASS_7A, CLASS_7B), None, None)


def test_shortened_bells_hold_for_the_day_and_end_it_earlier() -> None:
    short = BellSchedule("сокращённые", 1, (Bell(1, hours("08:30", "09:00")), Bell(2, hours("09:05", "09:35"))))
    act = DayAct(ONE_DAY, ShortBells((short,)))
    year = plan(slot(1), slot(2, number=3), slot(3, number=9, hours=hours("15:00", "16:00")), slot(4, weekday=2))
    lessons = planned_lessons(year, [act], within=WEEK)
    assert [(one.starts_at, one.cancelled) for one in lessons] == [
        (clock("9:05"), None),
        (clock("10:30"), Cancelled(CancelReason.SHORT_DAY)),
        (clock("15:00"), None),
        (clock("9:30", TUESDAY), None),
    ]
    of_another_shift = DayAct(ONE_DAY, ShortBells((BellSchedule("вторая", 2, short.bells),)))
    assert planned_lessons(year, [of_another_shift], within=WEEK) == planned_lessons(year, within=WEEK)


def test_two_days_are_swapped_by_two_acts() -> None:
    year = plan(slot(1), slot(2, weekday=2, number=1), slot(3, learners=THE_7B))
    of_7a = Scope(classes=these(CLASS_7A))
    swap = [
        DayAct(ONE_DAY, TaughtBy(TUESDAY), of_7a),
        DayAct(Span(TUESDAY, TUESDAY), TaughtBy(MONDAY), of_7a),
    ]
    lessons = planned_lessons(year, swap, within=WEEK)
    assert [(one.slot.id.int, one.day) for one in lessons] == [(2, MONDAY), (3, MONDAY), (1, TUESDAY)]


def test_a_free_saturday_becomes_a_study_day_by_an_act_but_a_day_off_does_not() -> None:
    acts = [DayAct(Span(one, one), TaughtBy(MONDAY)) for one in (SATURDAY, day("02-23"), day("10-31"))]
    days = days_of(planned_lessons(plan(slot(1)), acts))
    assert [one in days for one in (SATURDAY, day("02-23"), day("10-31"))] == [True, False, False]


def test_of_two_acts_of_a_kind_the_later_holds() -> None:
    acts = [DayAct(ONE_DAY, Closed(CancelReason.WEATHER)), DayAct(WEEK, Closed(CancelReason.QUARANTINE))]
    lesson = only(planned_lessons(plan(slot(1)), acts, within=WEEK))
    assert lesson.cancelled == Cancelled(CancelReason.QUARANTINE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_and_service_has_words(language: str) -> None:
    wanted = [f"cancel-reason-{one}" for one in CancelReason] + [f"service-{one}" for one in Service]
    assert [name for name in wanted if not load(language).has(name)] == []
