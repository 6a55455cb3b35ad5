"""All that delays a message, together: nothing is lost, only what is urgent is told at night, each thing once."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.school_time import at_school, end_of_school_date
from gateway.categories import URGENT, Category, Duty, Topic
from gateway.daily_budget import USUAL_LIMIT, DailyBudget
from gateway.due_times import NEWS_LIVES, Hours, Settle, Timing
from gateway.occasions import Occasion, ReaderTimes, timed
from gateway.school_days import EVERY_EVENING, Evenings, Rest, Rhythm, calendar_of
from gateway.terms import TERMS
from tests.unit.slow_times import (
    DAY,
    FAMILY_QUIET,
    MINUTE,
    RUSSIAN,
    SlowEvenings,
    clocks,
    first,
    is_quiet,
    moments,
    shown,
    spans,
    ticks,
    zones,
)

TOPICS: tuple[Topic, ...] = (*Category, *Duty)
TUESDAY = date(2026, 11, 24)
UNDO = MINUTE
FEW = settings(deadline=None, max_examples=50)


def occasion(changed_at: datetime, zone: str, topic: Topic = Category.REMARK, **changes: Any) -> Occasion:
    values: dict[str, Any] = {"subject": "remark/1", "day": shown(changed_at, zone).date(), "undo_window": UNDO}
    return Occasion(changed_at=changed_at, zone=zone, terms=TERMS[topic], **(values | changes))


def reader(zone: str, **changes: Any) -> ReaderTimes:
    return ReaderTimes(Hours(*FAMILY_QUIET, zone), Evenings(zone), **changes)


# --- whatever it is ---------------------------------------------------------------------------------------------------

rhythms = st.none() | st.builds(Rhythm, st.none() | st.sampled_from((time(16), time(20, 30))), st.none() | st.just(6))


places = st.tuples(zones, zones, st.tuples(clocks, clocks))
wishes = st.tuples(st.sampled_from(TOPICS), rhythms, st.booleans(), st.integers(0, 2))


@FEW
@given(moments, places, wishes, spans)
def test_never_before_the_event_nor_at_night_nor_after_it_is_over_and_always_the_same(
    moment: datetime,
    place: tuple[str, str, tuple[time, time]],
    wish: tuple[Topic, Rhythm | None, bool, int],
    late: timedelta,
) -> None:
    (zone, home, quiet), (topic, rhythm, full, kept) = place, wish
    today = shown(moment, zone).date()
    evenings = Evenings(zone, calendar=calendar_of([Rest(today + kept * DAY, today + 2 * kept * DAY)]))
    who = ReaderTimes(Hours(*quiet, home), evenings, rhythm, DailyBudget(limit=0 if full else None))
    what = occasion(moment, zone, topic, urgent=topic in URGENT, until=today)
    timing, again = timed(what, who, moment), timed(what, who, moment + late)
    assert moment + UNDO <= timing.not_before <= timing.due_at < timing.expires_at
    assert (again.not_before, again.slot, again.expires_at) == (timing.not_before, timing.slot, timing.expires_at)
    if topic in URGENT:
        assert timing == again == Timing(moment + UNDO, moment + UNDO, timing.expires_at)
        return
    assert timing.expires_at >= timing.due_at + TERMS[topic].lives
    assert not is_quiet(timing.due_at, quiet, home)
    assert not is_quiet(again.due_at, quiet, home)
    if timing.leave_by is None or moment + late < timing.leave_by:
        assert again == timing
    assert (timing.slot is not None) == (rhythm is not None or (full and TERMS[topic].overflows))
    assert timing.slot is None or timing.due_at >= timing.slot >= timing.not_before


@pytest.mark.parametrize("zone", RUSSIAN)
def test_a_day_without_school_is_announced_at_a_quarter_past_six(zone: str) -> None:
    at = at_school(TUESDAY, time(6, 14), zone)
    asleep = ReaderTimes(
        Hours(time(18), time(12), zone, frozenset({TUESDAY.isoweekday()})),
        Evenings(zone, calendar=calendar_of([Rest(TUESDAY, TUESDAY)])),
        Rhythm(time(20)),
        DailyBudget(limit=0),
    )
    timing = timed(occasion(at, zone, Category.TIMETABLE, urgent=True), asleep, at)
    assert timing.due_at == at_school(TUESDAY, time(6, 15), zone)
    assert (timing.slot, timing.leave_by) == (None, None)
    assert timing.expires_at == end_of_school_date(TUESDAY, zone)
    other_news = timed(occasion(at, zone, Category.TIMETABLE), reader(zone), at)
    assert other_news.due_at == at_school(TUESDAY, time(7), zone)


def test_a_change_of_tomorrow_waits_for_no_letter_that_comes_too_late() -> None:
    zone = "Asia/Omsk"
    at, begins = at_school(TUESDAY, time(18, 30), zone), at_school(TUESDAY + DAY, time(8), zone)
    change = occasion(at, zone, Category.TIMETABLE, needed_by=begins)
    assert timed(change, reader(zone, rhythm=Rhythm(time(18))), at).slot is None
    assert timed(change, reader(zone, rhythm=Rhythm(time(18))), at).due_at == at + UNDO
    assert timed(change, reader(zone, rhythm=Rhythm(time(19))), at).slot == at_school(TUESDAY, time(19), zone)


def test_what_asks_for_an_answer_waits_for_no_letter() -> None:
    zone = "Asia/Omsk"
    at = at_school(TUESDAY, time(12), zone)
    notice = occasion(at, zone, Category.NOTICE, alone=True)
    full = reader(zone, rhythm=EVERY_EVENING, budget=DailyBudget(limit=0))
    assert timed(notice, full, at).slot is None
    assert timed(replace(notice, alone=False), full, at).slot == at_school(TUESDAY, time(18), zone)


def test_quiet_hours_are_those_of_the_place_where_the_reader_lives() -> None:
    at = at_school(TUESDAY, time(12), "Europe/Moscow")
    afar = ReaderTimes(Hours(*FAMILY_QUIET, "Asia/Kamchatka"), Evenings("Europe/Moscow"))
    assert timed(occasion(at, "Europe/Moscow"), afar, at).due_at == at_school(TUESDAY + DAY, time(7), "Asia/Kamchatka")


# --- marks settle -----------------------------------------------------------------------------------------------------


@FEW
@given(
    st.lists(st.integers(0, 8) | st.integers(0, 25), min_size=1, max_size=12),
    st.integers(0, 5).map(lambda minutes: minutes * MINUTE),
    st.integers(1, 12),
    st.integers(0, 15) | st.just(40),
)
@example([0, 9, 9, 9, 9], MINUTE, 10, 20)  # never at rest: told after the longest time all the same
@example([0, 8, 1, 1, 20], 5 * MINUTE, 10, 0)  # changed just before that: the undo window still holds
def test_a_mark_changed_again_and_again_is_told_once_as_it_stands_when_it_has_settled(
    pauses: list[int], undo: timedelta, pause: int, more: int
) -> None:
    start = at_school(TUESDAY, time(9), "Asia/Omsk")
    settle = Settle(pause * MINUTE, (pause + more) * MINUTE)
    changes = [start + sum(pauses[:number]) * MINUTE for number in range(1, len(pauses) + 1)]
    assert told_of(changes, undo, settle) == slowly_told_of(changes, undo, settle)


def told_of(changes: list[datetime], undo: timedelta, settle: Settle) -> list[tuple[int, datetime]]:
    """Plan each change when it is made; return which change was told, and when."""
    told, began = [], changes[0]
    always = ReaderTimes(Hours(time(), time(), "Asia/Omsk"), Evenings("Asia/Omsk"))
    for number, changed in enumerate(changes):
        what = occasion(changed, "Asia/Omsk", Category.MARK, undo_window=undo, began_at=began, settle=settle)
        due_at = timed(what, always, changed).due_at
        if number + 1 == len(changes):
            told.append((number, due_at))
        elif due_at < changes[number + 1]:
            told.append((number, due_at))
            began = changes[number + 1]
    return told


def slowly_told_of(changes: list[datetime], undo: timedelta, settle: Settle) -> list[tuple[int, datetime]]:
    told, untold, newest = [], [], -1
    for minute in ticks(changes[0]):
        while newest + 1 < len(changes) and changes[newest + 1] == minute:
            newest += 1
            untold.append(minute)
        if untold and minute >= untold[-1] + undo:
            rests = minute >= untold[-1] + settle.pause
            if rests or minute >= untold[0] + settle.longest:
                told.append((newest, minute))
                untold = []
        if newest + 1 == len(changes) and not untold:
            return told
    raise AssertionError("never told")


def test_what_is_urgent_does_not_settle() -> None:
    zone = "Asia/Omsk"
    at = at_school(TUESDAY, time(9), zone)
    for topic in TOPICS:
        what = occasion(at, zone, topic, began_at=at - 5 * MINUTE)
        waits = Settle().pause if topic in {Category.MARK, Category.BAD_MARK, Category.FINAL_MARK} else UNDO
        assert what.not_before == at + waits
        assert replace(what, urgent=True).not_before == at + UNDO


# --- the day's budget -------------------------------------------------------------------------------------------------

events = st.lists(st.integers(0, 4 * 24 * 60 - 1), min_size=1, max_size=25, unique=True).map(sorted)


class Ledger:
    """What was planned for one reader, and what of it was told already."""

    def __init__(self, zone: str, limit: int, now: datetime) -> None:
        self.zone, self.limit, self.now = zone, limit, now
        self.known: dict[str, Occasion] = {}
        self.plans: dict[str, Timing] = {}
        self.told: dict[str, Timing] = {}

    def pass_to(self, at: datetime) -> None:
        self.now = at
        self.told |= {name: one for name, one in self.plans.items() if one.due_at <= at and name not in self.told}

    def plan(self, name: str) -> None:
        rings = {one: timing.not_before for one, timing in self.plans.items() if timing.slot is None}
        who = reader(self.zone, budget=DailyBudget(self.limit, rings))
        self.plans[name] = timed(self.known[name], who, self.now)

    def plan_all(self, order: list[str]) -> None:
        for name in order:
            if name not in self.told:
                self.plan(name)

    def rings_of(self, plans: Mapping[str, Timing]) -> Counter[date]:
        """Count messages that go alone by the day on which each is first due, which is the day that it counts for."""
        alone = (one.not_before for one in plans.values() if one.slot is None)
        first_due = (first(at, lambda minute: not is_quiet(minute, FAMILY_QUIET, self.zone)) for at in alone)
        return Counter(shown(at, self.zone).date() for at in first_due)


def slowly_planned(at: list[datetime], zone: str, limit: int) -> dict[str, tuple[datetime, bool]]:
    """Return when each event is told and whether with a letter, by walking through all minutes."""
    told: dict[str, tuple[datetime, bool]] = {}
    today, night, letter = Counter[date](), list[str](), list[str]()
    evenings = SlowEvenings(zone)
    come = {moment + UNDO: f"remark/{number}" for number, moment in enumerate(at)}
    for minute in ticks(at[0]):
        night += [come.pop(minute)] if minute in come else []
        if is_quiet(minute, FAMILY_QUIET, zone):
            continue
        for name in night:
            if today[shown(minute, zone).date()] < limit:
                today[shown(minute, zone).date()] += 1
                told[name] = (minute, False)
            else:
                letter.append(name)
        night = []
        if letter and evenings.leaves_at(minute):
            told |= dict.fromkeys(letter, (minute, True))
            letter = []
        if not come and not night and not letter:
            break
    return told


@FEW
@given(
    moments,
    events,
    zones,
    st.integers(0, 4),
    st.lists(st.tuples(st.integers(0, 6 * 24 * 60), st.randoms()), max_size=6),
)
def test_what_is_over_the_budget_goes_with_the_letter_and_nothing_is_lost_or_told_twice(
    start: datetime, offsets: list[int], zone: str, limit: int, looks: list[tuple[int, Any]]
) -> None:
    at = [start + offset * MINUTE for offset in offsets]
    ledger = Ledger(zone, limit, start)
    acts: list[tuple[datetime, str | Any]] = [(moment, f"remark/{number}") for number, moment in enumerate(at)]
    acts += [(start + offset * MINUTE, random) for offset, random in looks]
    for moment, act in sorted(acts, key=lambda one: one[0]):
        ledger.pass_to(moment)
        if isinstance(act, str):
            ledger.known[act] = occasion(moment, zone, subject=act)
            ledger.plan(act)
        else:
            names = list(ledger.known)
            act.shuffle(names)
            ledger.plan_all(names)
    told = {name: (timing.due_at, timing.slot is not None) for name, timing in ledger.plans.items()}
    assert told == slowly_planned(at, zone, limit)
    assert set(told) == set(ledger.known)
    assert all(count <= limit for count in ledger.rings_of(ledger.plans).values())


@FEW
@given(moments, events, zones, st.tuples(st.integers(0, 6), st.integers(0, 6)), spans, st.randoms())
def test_another_budget_holds_for_what_was_not_told_yet_and_is_kept_when_looked_at_again(
    start: datetime, offsets: list[int], zone: str, limits: tuple[int, int], change: timedelta, random: Any
) -> None:
    limit, other = limits
    ledger = Ledger(zone, limit, start)
    for number, offset in enumerate(offsets):
        ledger.known[f"remark/{number}"] = occasion(start + offset * MINUTE, zone, subject=f"remark/{number}")
        ledger.plan(f"remark/{number}")
    ledger.pass_to(start + change)
    rung = ledger.rings_of(ledger.told)
    names = list(ledger.known)
    random.shuffle(names)
    ledger.limit = other
    ledger.plan_all(names)
    assert all(count <= max(other, rung[day]) for day, count in ledger.rings_of(ledger.plans).items())
    settled = dict(ledger.plans)
    ledger.plan_all(names[::-1])
    assert ledger.plans == settled


def test_what_rang_may_ring_again_and_the_schools_own_people_have_no_budget() -> None:
    zone = "Asia/Omsk"
    at = at_school(TUESDAY, time(9), zone)
    hours = Hours(*FAMILY_QUIET, zone)
    full = DailyBudget(rings={f"remark/{number}": at for number in range(USUAL_LIMIT)})
    assert not full.has_room("remark/9", at, hours)
    assert full.has_room("remark/0", at, hours)
    assert full.has_room("remark/9", at + DAY, hours)
    assert replace(full, limit=None).has_room("remark/9", at, hours)


def test_what_is_over_goes_with_the_readers_own_letter() -> None:
    zone = "Asia/Omsk"
    at = at_school(TUESDAY, time(9), zone)
    full = reader(zone, budget=DailyBudget(limit=0), overflow=Rhythm(time(20)))
    assert timed(occasion(at, zone), full, at).slot == at_school(TUESDAY, time(20), zone)


def test_after_a_letter_that_has_left_comes_the_next_of_the_same_rhythm() -> None:
    zone = "Asia/Omsk"
    slot = at_school(TUESDAY, time(18), zone)
    assert reader(zone).slot_following(slot) == slot + DAY
    assert reader(zone, rhythm=Rhythm(time(18), 2)).slot_following(slot) == slot + 7 * DAY
    assert reader(zone, overflow=Rhythm(time(20))).slot_following(slot) == slot + timedelta(hours=2)


def test_news_lives_from_when_it_is_due_however_long_it_was_held_back() -> None:
    zone = "Asia/Omsk"
    sunday = at_school(date(2026, 10, 25), time(20, 45), zone)
    holidays = Evenings(zone, calendar=calendar_of([Rest(date(2026, 10, 26), date(2026, 11, 8))]))
    waits = ReaderTimes(Hours(*FAMILY_QUIET, zone), holidays, EVERY_EVENING)
    timing = timed(occasion(sunday, zone, Category.MARK), waits, sunday)
    assert timing.due_at == at_school(date(2026, 11, 9), time(18), zone)
    assert timing.expires_at == timing.due_at + NEWS_LIVES
