"""Who is in a group on a day: refusals one by one, then any sequence of changes against a calendar of days on paper."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.year.membership import (
    Lists,
    Membership,
    MembershipCode,
    MembershipRefusal,
    Memberships,
    groups_of,
    join,
    leave,
    transfer,
)
from tests.unit.year_cases import day
from texts.reader import LANGUAGES, load

SOME = settings(max_examples=150, deadline=None)
PUPIL = UUID(int=1)
FIRST, SECOND, CHESS = UUID(int=11), UUID(int=12), UUID(int=13)
HALVES = (FIRST, SECOND)
BOTH = (frozenset(HALVES),)
SEPTEMBER = Membership(PUPIL, FIRST, day("09-01"))


def refused(outcome: Memberships | MembershipRefusal) -> tuple[MembershipCode, UUID, date]:
    assert isinstance(outcome, MembershipRefusal)
    return outcome.code, outcome.group, outcome.day


def test_a_pupil_joins_is_transferred_and_leaves() -> None:
    held = join((), SEPTEMBER, BOTH)
    assert held == (SEPTEMBER,)
    held = transfer(held, PUPIL, HALVES, day("10-05"), BOTH)
    assert held == (
        Membership(PUPIL, FIRST, day("09-01"), day("10-04")),
        Membership(PUPIL, SECOND, day("10-05")),
    )
    held = leave(held, PUPIL, SECOND, day("12-29"))
    assert held == (
        Membership(PUPIL, FIRST, day("09-01"), day("10-04")),
        Membership(PUPIL, SECOND, day("10-05"), day("12-29")),
    )
    days = ("08-31", "09-01", "10-04", "10-05", "12-29", "12-30")
    assert [groups_of(held, PUPIL, day(one)) for one in days] == [
        frozenset(),
        {FIRST},
        {FIRST},
        {SECOND},
        {SECOND},
        frozenset(),
    ]
    lists = Lists(held)
    assert [lists.members(SECOND, day(one)) for one in (*days, *days)] == [
        *(frozenset(), frozenset(), frozenset(), {PUPIL}, {PUPIL}, frozenset()),
    ] * 2


def test_nobody_is_in_a_group_twice_not_even_later() -> None:
    later = (Membership(PUPIL, FIRST, day("11-03"), day("12-29")),)
    assert refused(join(later, SEPTEMBER)) == (MembershipCode.ALREADY_IN, FIRST, day("11-03"))
    assert refused(join((SEPTEMBER,), later[0])) == (MembershipCode.ALREADY_IN, FIRST, day("11-03"))
    before = Membership(PUPIL, FIRST, day("09-01"), day("11-02"))
    assert join(later, before) == (*later, before)


def test_a_last_day_is_a_day_in_the_group() -> None:
    first = Membership(PUPIL, FIRST, day("09-01"), day("09-10"))
    second = Membership(PUPIL, FIRST, day("09-10"), day("09-20"))
    assert refused(join((first,), second)) == (MembershipCode.ALREADY_IN, FIRST, day("09-10"))
    assert refused(join((second,), first)) == (MembershipCode.ALREADY_IN, FIRST, day("09-10"))
    next_day = replace(second, since=day("09-11"))
    assert join((first,), next_day) == (first, next_day)
    assert join((next_day,), first) == (next_day, first)


def test_halves_of_a_class_exclude_each_other_and_other_groups_do_not() -> None:
    other_half, club = Membership(PUPIL, SECOND, day("10-01")), Membership(PUPIL, CHESS, day("10-01"))
    assert refused(join((SEPTEMBER,), other_half, BOTH)) == (MembershipCode.IN_RIVAL, FIRST, day("10-01"))
    assert join((SEPTEMBER,), club, BOTH) == (SEPTEMBER, club)
    somebody_else = Membership(UUID(int=2), SECOND, day("09-01"))
    assert join((somebody_else,), SEPTEMBER, BOTH) == (somebody_else, SEPTEMBER)


def test_nothing_ends_before_it_begins() -> None:
    backwards = Membership(PUPIL, FIRST, day("09-02"), day("09-01"))
    assert refused(join((), backwards)) == (MembershipCode.BACKWARDS, FIRST, day("09-01"))
    assert refused(leave((SEPTEMBER,), PUPIL, FIRST, day("08-31"))) == (MembershipCode.NOT_IN, FIRST, day("08-31"))


def test_nobody_leaves_a_group_in_which_he_is_not() -> None:
    assert refused(leave((SEPTEMBER,), PUPIL, SECOND, day("09-01")))[0] is MembershipCode.NOT_IN
    assert refused(transfer((SEPTEMBER,), PUPIL, (SECOND, FIRST), day("09-01")))[0] is MembershipCode.NOT_IN
    assert refused(transfer((SEPTEMBER,), PUPIL, (FIRST, FIRST), day("09-01")))[0] is MembershipCode.SAME_GROUP


def test_a_transfer_keeps_the_day_of_leaving_and_forgets_what_never_began() -> None:
    ending = (Membership(PUPIL, FIRST, day("09-01"), day("12-29")),)
    assert transfer(ending, PUPIL, HALVES, day("09-01"), BOTH) == (
        Membership(PUPIL, SECOND, day("09-01"), day("12-29")),
    )
    back_later = (*ending, Membership(PUPIL, SECOND, day("11-03")))
    assert refused(transfer(back_later, PUPIL, HALVES, day("10-01"))) == (
        MembershipCode.ALREADY_IN,
        SECOND,
        day("11-03"),
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", MembershipCode)
def test_every_refusal_is_a_sentence(language: str, code: MembershipCode) -> None:
    refusal = MembershipRefusal(code, PUPIL, FIRST, day("09-01"))
    text = load(language).format(refusal.message_id, **refusal.args("Соловьёва Алёна", "английский 1"))
    assert text.startswith("Соловьёва Алёна")
    assert "английский 1" in text


# --- Any sequence of changes --------------------------------------------------------------------------------------

START = date(2026, 9, 1)
HORIZON = 30
"""Days that the paper calendar has; what has no end reaches beyond the last."""
GROUPS = (FIRST, SECOND, CHESS)
PUPILS = (PUPIL, UUID(int=2))
NUMBERS = st.integers(0, HORIZON - 1)
ACTS = st.one_of(
    st.tuples(
        st.just("join"),
        st.sampled_from(PUPILS),
        st.sampled_from(GROUPS),
        st.just(FIRST),
        NUMBERS,
        st.none() | NUMBERS,
    ),
    st.tuples(
        st.sampled_from(("leave", "transfer")),
        st.sampled_from(PUPILS),
        st.sampled_from(GROUPS),
        st.sampled_from(GROUPS),
        NUMBERS,
        st.none(),
    ),
)
type Act = tuple[str, UUID, UUID, UUID, int, int | None]


class Paper:
    """A square for every day, pupil and group; in it, the number of the entry by which he is there."""

    def __init__(self) -> None:
        self.squares: dict[tuple[UUID, UUID, int], int] = {}
        self.entries = 0

    def write(self, pupil: UUID, group: UUID, days: list[int]) -> bool:
        closed = set(HALVES) if group in HALVES else {group}
        if not days or any((pupil, one, number) in self.squares for one in closed for number in days):
            return False
        self.entries += 1
        self.squares |= {(pupil, group, number): self.entries for number in days}
        return True

    def act(self, act: Act) -> bool:
        """Do what is asked, unless it cannot be; then nothing."""
        name, pupil, group, to, first, last = act
        if name == "join":
            return self.write(pupil, group, list(range(first, HORIZON + 1 if last is None else last + 1)))
        entry = self.squares.get((pupil, group, first))
        if entry is None or (name == "transfer" and group == to):
            return False
        days = [number for number in range(HORIZON + 1) if self.squares.get((pupil, group, number)) == entry]
        rest = [number for number in days if number > first or (name == "transfer" and number == first)]
        kept = dict(self.squares)
        for number in rest:
            del self.squares[pupil, group, number]
        if name == "transfer" and not self.write(pupil, to, rest):
            self.squares = kept
            return False
        return True


def done(held: Memberships, act: Act) -> Memberships | MembershipRefusal:
    name, pupil, group, to, first, last = act
    on = START + timedelta(days=first)
    if name == "leave":
        return leave(held, pupil, group, on)
    if name == "transfer":
        return transfer(held, pupil, (group, to), on, BOTH)
    until = None if last is None else START + timedelta(days=last)
    return join(held, Membership(pupil, group, on, until), BOTH)


@SOME
@given(st.lists(ACTS, max_size=12))
def test_membership_never_overlaps_and_is_what_a_calendar_on_paper_shows(acts: list[Act]) -> None:
    held: Memberships = ()
    paper = Paper()
    for act in acts:
        outcome = done(held, act)
        assert isinstance(outcome, tuple) == paper.act(act)
        if isinstance(outcome, tuple):
            held = outcome
        for one, other in combinations(held, 2):
            exclusive = one.group == other.group or {one.group, other.group} == set(HALVES)
            if one.pupil == other.pupil and exclusive:
                assert (one.until is not None and one.until < other.since) or (
                    other.until is not None and other.until < one.since
                )
    shown = {
        (pupil, group, number)
        for number in range(HORIZON + 1)
        for pupil in PUPILS
        for group in groups_of(held, pupil, START + timedelta(days=number))
    }
    assert shown == set(paper.squares)
    lists = Lists(held)
    assert shown == {
        (pupil, group, number)
        for number in range(HORIZON + 1)
        for group in GROUPS
        for pupil in lists.members(group, START + timedelta(days=number))
    }
