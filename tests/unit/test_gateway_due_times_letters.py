"""Evenings of letters: after the last lesson, within the evening, not in holidays; against a slow reading of clocks."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.event_people import Addressee
from core.events import NotHeld, SchoolSettings, TimetableDayState, TimetableLesson
from core.school_time import at_school
from gateway.planned_content import TimetableContent
from gateway.school_days import (
    EVERY_EVENING,
    LONGEST_SILENCE,
    Evenings,
    LetterHours,
    Rest,
    Rhythm,
    SchoolCalendar,
    calendar_of,
    digest_slot,
    ends_of_lessons,
)
from tests.unit.gateway_cases import HOURS, OTHER, PUPIL, ZONE, in_daily_letter
from tests.unit.slow_times import DAY, MINUTE, RUSSIAN, SlowEvenings, first, moments, shown, zones

TUESDAY = date(2026, 11, 24)
FEW = settings(deadline=None, max_examples=60)
last_bells = st.integers(8 * 60, 22 * 60).map(lambda minute: time(minute // 60, minute % 60))
letter_clocks = st.none() | st.integers(16 * 60, 20 * 60 + 30).map(lambda minute: time(minute // 60, minute % 60))
rhythms = st.builds(Rhythm, letter_clocks, st.none() | st.integers(1, 7))
rests = st.lists(
    st.builds(
        lambda start, length: Rest(date(2026, 10, 26) + start * DAY, date(2026, 10, 26) + (start + length) * DAY),
        st.integers(0, 150),
        st.integers(0, 18),
    ),
    max_size=5,
)


# --- the letter of a day ----------------------------------------------------------------------------------------------


@FEW
@given(zones, last_bells)
def test_a_letter_leaves_an_hour_and_a_half_after_the_last_lesson_within_the_evening(zone: str, ends: time) -> None:
    last = at_school(TUESDAY, ends, zone)
    slot = digest_slot(TUESDAY, last, zone)
    assert slot == SlowEvenings(zone, ends=last).first_letter(at_school(TUESDAY, time(12), zone))
    wall = shown(slot, zone)
    assert wall.date() == TUESDAY
    assert time(16) <= wall.time() <= time(20, 30)
    assert slot >= last + timedelta(minutes=90) or wall.time() == time(20, 30)


@pytest.mark.parametrize("zone", RUSSIAN)
@pytest.mark.parametrize(
    ("ends", "leaves"),
    [
        (time(12, 30), time(16)),
        (time(14, 30), time(16)),
        (time(14, 31), time(16, 1)),
        (time(18, 25), time(19, 55)),
        (time(19), time(20, 30)),
        (time(21), time(20, 30)),
        (None, time(18)),
    ],
)
def test_letters_of_both_shifts(zone: str, ends: time | None, leaves: time) -> None:
    last = None if ends is None else at_school(TUESDAY, ends, zone)
    assert shown(digest_slot(TUESDAY, last, zone), zone) == datetime.combine(TUESDAY, leaves)


@FEW
@given(moments, zones, last_bells, last_bells)
def test_longer_lessons_send_the_letter_later_and_shorter_ones_earlier(
    moment: datetime, zone: str, one: time, other: time
) -> None:
    early, late = (at_school(TUESDAY, ends, zone) for ends in sorted((one, other)))
    assert digest_slot(TUESDAY, early, zone) <= digest_slot(TUESDAY, late, zone)
    known = (Evenings(zone, lessons_end={TUESDAY: (ends,)}) for ends in (early, late))
    sooner, later = (evenings.slot(TUESDAY, EVERY_EVENING) for evenings in known)
    assert (sooner, later) == (digest_slot(TUESDAY, early, zone), digest_slot(TUESDAY, late, zone))
    assert Evenings(zone, lessons_end={TUESDAY: (late,)}).slot_after(moment, EVERY_EVENING) >= moment


def test_a_family_gets_one_letter_after_the_lessons_of_the_last_child() -> None:
    ends = tuple(at_school(TUESDAY, clock, ZONE) for clock in (time(13, 10), time(18, 25)))
    both = Evenings(ZONE, lessons_end={TUESDAY: ends})
    assert both.slot(TUESDAY, EVERY_EVENING) == ends[1] + timedelta(minutes=90)
    one_unknown = Evenings(ZONE, lessons_end={TUESDAY: (ends[0], None)})
    assert one_unknown.slot(TUESDAY, EVERY_EVENING) == at_school(TUESDAY, time(18), ZONE)


def test_the_hour_that_a_reader_chose_holds_whatever_the_lessons() -> None:
    evenings = Evenings(ZONE, lessons_end={TUESDAY: (at_school(TUESDAY, time(18, 25), ZONE),)})
    assert evenings.slot(TUESDAY, Rhythm(time(16))) == at_school(TUESDAY, time(16), ZONE)
    assert evenings.slot(TUESDAY, Rhythm(time(9))) == at_school(TUESDAY, time(16), ZONE)
    assert evenings.slot(TUESDAY, Rhythm(time(23))) == at_school(TUESDAY, time(20, 30), ZONE)


def test_the_usual_hour_is_the_one_of_the_schools_settings() -> None:
    assert LetterHours().usual == time(SchoolSettings().digest_hour)


# --- the first letter after a moment ----------------------------------------------------------------------------------


def respected(calendar: SchoolCalendar) -> frozenset[date]:
    """Return the single days of rests that letters respect."""
    short = (rest for rest in calendar.rests if (rest.last - rest.first).days < LONGEST_SILENCE)
    return frozenset(rest.first + day * DAY for rest in short for day in range((rest.last - rest.first).days + 1))


@FEW
@given(moments, zones, rhythms, rests, st.none() | st.tuples(st.integers(0, 3), last_bells))
def test_the_first_letter_is_the_one_that_a_slow_clock_finds(
    moment: datetime, zone: str, rhythm: Rhythm, found: list[Rest], lessons: tuple[int, time] | None
) -> None:
    day = None if lessons is None else shown(moment, zone).date() + lessons[0] * DAY
    ends = None if lessons is None or day is None else at_school(day, lessons[1], zone)
    calendar = calendar_of(found)
    evenings = Evenings(zone, calendar=calendar, lessons_end={} if day is None else {day: (ends,)})
    slow = SlowEvenings(zone, rhythm.clock, rhythm.weekday, respected(calendar), ends)
    slot = evenings.slot_after(moment, rhythm)
    assert slot == slow.first_letter(moment)
    assert slot >= moment
    assert shown(slot, zone).date() not in respected(calendar)
    # Whoever looks again before it leaves finds the same one; after it left, the next.
    assert evenings.slot_after(slot, rhythm) == slot
    assert evenings.slot_following(slot, rhythm) == slow.first_letter(slot + MINUTE)


def test_what_holidays_would_hold_back_is_told_on_their_eve_and_what_comes_later_after_them() -> None:
    monday, sunday = date(2026, 10, 26), date(2026, 11, 1)
    evenings = Evenings(ZONE, calendar=calendar_of([Rest(monday, sunday)]))
    eve, back = date(2026, 10, 25), date(2026, 11, 2)
    for clock, day, leaves in (
        (time(17, 59), eve, time(18)),
        (time(18, 1), eve, time(20, 30)),
        (time(20, 30), eve, time(20, 30)),
        (time(20, 31), back, time(18)),
    ):
        assert evenings.slot_after(at_school(eve, clock, ZONE), EVERY_EVENING) == at_school(day, leaves, ZONE)
    saturdays = Rhythm(time(16), 6)
    assert evenings.slot_after(at_school(eve, time(12), ZONE), saturdays) == at_school(eve, time(20, 30), ZONE)
    assert evenings.slot_after(at_school(sunday, time(12), ZONE), saturdays) == at_school(
        date(2026, 11, 7), time(16), ZONE
    )


@pytest.mark.parametrize(("days", "waits"), [(LONGEST_SILENCE, LONGEST_SILENCE), (LONGEST_SILENCE + 1, 0)])
def test_letters_keep_silent_for_so_long_and_no_longer(days: int, waits: int) -> None:
    holidays = calendar_of([Rest(TUESDAY, TUESDAY + (days - 1) * DAY)])
    slot = Evenings(ZONE, calendar=holidays).slot_after(at_school(TUESDAY, time(8), ZONE), EVERY_EVENING)
    assert slot == at_school(TUESDAY + waits * DAY, time(18), ZONE)


def test_a_weekend_is_no_rest_and_neither_is_a_summer() -> None:
    saturday = at_school(date(2026, 11, 28), time(12), ZONE)
    assert Evenings(ZONE).slot_after(saturday, EVERY_EVENING) == at_school(date(2026, 11, 28), time(18), ZONE)
    summer = Evenings(ZONE, calendar=calendar_of([Rest(date(2027, 5, 29), date(2027, 8, 31))]))
    july = at_school(date(2027, 7, 1), time(12), ZONE)
    assert summer.slot_after(july, EVERY_EVENING) == at_school(date(2027, 7, 1), time(18), ZONE)


@FEW
@given(rests)
def test_rests_that_touch_are_one(found: list[Rest]) -> None:
    calendar = calendar_of(reversed(found))
    days = {rest.first + day * DAY for rest in found for day in range(rest.days)}
    for number in range(200):
        day = date(2026, 10, 20) + number * DAY
        rest = calendar.rest_at(day)
        assert (rest is not None) == (day in days)
        if rest is not None:
            assert {rest.first - DAY, rest.last + DAY}.isdisjoint(days)
            assert all(rest.first + one * DAY in days for one in range(rest.days))


def test_rests_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="touch"):
        SchoolCalendar((Rest(TUESDAY, TUESDAY), Rest(TUESDAY + DAY, TUESDAY + DAY)))
    with pytest.raises(ValueError, match="before it begins"):
        Rest(TUESDAY, TUESDAY - DAY)
    with pytest.raises(ValueError, match="day of the week"):
        Rhythm(weekday=0)
    with pytest.raises(ValueError, match="out of order"):
        LetterHours(usual=time(15))


@FEW
@given(moments, zones, st.integers(16, 20), st.integers(0, 2 * 24 * 60))
def test_the_letter_at_an_hour_is_the_one_that_a_slow_clock_finds(
    moment: datetime, zone: str, hour: int, late: int
) -> None:
    slot = SlowEvenings(zone, time(hour)).first_letter(moment)
    assert Evenings(zone).slot_after(moment, Rhythm(time(hour))) == slot
    timing = in_daily_letter(moment, hour, HOURS, moment + late * MINUTE)
    assert (timing.not_before, timing.slot) == (moment, SlowEvenings(ZONE, time(hour)).first_letter(moment))
    assert timing.slot is not None
    assert timing.due_at >= timing.slot
    # Its evening is loud; whoever looks later waits for the morning at most.
    looked = first(max(timing.slot, moment + late * MINUTE), lambda at: time(7) <= shown(at, ZONE).time() < time(21))
    assert timing.slot <= timing.due_at <= looked


# --- what the timetable says ------------------------------------------------------------------------------------------


def lesson(number: int, **changes: object) -> TimetableLesson:
    starts = at_school(TUESDAY, time(7 + number), ZONE)
    values: dict[str, object] = {
        "lesson": UUID(int=number),
        "day": TUESDAY,
        "number": number,
        "starts_at": starts,
        "ends_at": starts + timedelta(minutes=40),
        "subject_name": "математика",
        "teacher_name": "Петрова Анна Ивановна",
        "room_name": None,
    }
    return TimetableLesson.model_validate(values | changes)


def timetable(*lessons: TimetableLesson, pupil: UUID = PUPIL, day: date = TUESDAY) -> TimetableDayState:
    addressee = Addressee(pupil=pupil, name="Ёлкина Саша")
    return TimetableDayState(learners=UUID(int=7), class_title="5 «А»", pupils=(addressee,), day=day, lessons=lessons)


def test_the_last_lesson_is_that_of_all_the_pupils_timetables_and_is_held() -> None:
    of_class = timetable(lesson(1), lesson(2), lesson(5, cancelled=NotHeld.NO_TEACHER))
    of_group = timetable(lesson(3, distant=("5 «А»",)), lesson(4, left_out=("5 «А»",)))
    others = timetable(lesson(8), pupil=OTHER), timetable(lesson(9, day=TUESDAY + DAY), day=TUESDAY + DAY)
    moved_away = timetable(lesson(6, day=TUESDAY + DAY))
    assert ends_of_lessons((of_class, moved_away, of_group, *others)) == {
        (PUPIL, TUESDAY): lesson(3).ends_at,
        (OTHER, TUESDAY): lesson(8).ends_at,
        (PUPIL, TUESDAY + DAY): lesson(9).ends_at,
    }
    assert ends_of_lessons([of_group, of_class])[PUPIL, TUESDAY] == lesson(3).ends_at
    assert ends_of_lessons([of_class])[PUPIL, TUESDAY] == lesson(2).ends_at
    assert ends_of_lessons([timetable(lesson(1, cancelled=NotHeld.WEATHER))]) == {}


@pytest.mark.parametrize("why", list(NotHeld))
def test_only_days_on_which_children_must_not_come_are_announced_at_night(why: NotHeld) -> None:
    urgent = {NotHeld.WEATHER, NotHeld.QUARANTINE, NotHeld.EMERGENCY}
    assert TimetableContent.of(timetable(lesson(1), lesson(2, cancelled=why))).keeps_at_home is (why in urgent)
    assert not TimetableContent.of(timetable(lesson(1))).keeps_at_home
