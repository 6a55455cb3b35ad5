"""What entries of the register of consents come to, and what a list of the office adds to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from core.consent.consent_entries import (
    BOTH,
    ConsentEntry,
    ConsentForm,
    ConsentState,
    Standing,
    from_list,
    stand,
    state_of,
)
from core.events import ConsentPurpose, ConsentTerm

ACHIEVEMENT, ATTENDANCE = ConsentPurpose.ACHIEVEMENT, ConsentPurpose.ATTENDANCE
FIRST, SECOND, THIRD = date(2026, 9, 1), date(2026, 10, 1), date(2026, 11, 1)
DAY = timedelta(days=1)
SOMEBODY = UUID(int=1)


def given(since: date, **extra: Any) -> ConsentEntry:
    return ConsentEntry(ACHIEVEMENT, given=True, since=since, **extra)


def not_given(since: date, **extra: Any) -> ConsentEntry:
    return ConsentEntry(ACHIEVEMENT, given=False, since=since, **extra)


def on_both(entries: Sequence[ConsentEntry]) -> list[ConsentEntry]:
    return [replace(entry, purpose=purpose) for entry in entries for purpose in BOTH]


def term(given_on: date | None = None, withdrawn_on: date | None = None, until: date | None = None) -> ConsentTerm:
    return ConsentTerm(given_on=given_on, until=until, withdrawn_on=withdrawn_on)


@pytest.mark.parametrize(
    ("entries", "stands", "in_force"),
    [
        ([], term(), False),
        ([given(FIRST)], term(FIRST), True),
        ([not_given(FIRST)], term(None, FIRST), False),
        ([given(FIRST), not_given(SECOND)], term(FIRST, SECOND), False),
        ([not_given(SECOND), given(FIRST)], term(FIRST, SECOND), False),
        ([given(FIRST), not_given(SECOND), given(THIRD)], term(THIRD, SECOND), True),
        ([given(FIRST), not_given(FIRST)], term(FIRST, FIRST), False),
        ([given(FIRST), not_given(FIRST), given(FIRST)], term(FIRST, None), True),
        ([given(FIRST), not_given(THIRD), given(SECOND)], term(SECOND, THIRD), False),
        ([given(FIRST, until=THIRD)], term(FIRST, until=THIRD), True),
        ([given(FIRST, until=SECOND)], term(FIRST, until=SECOND), False),
        ([given(FIRST, until=SECOND), given(THIRD)], term(THIRD), True),
        ([given(THIRD, until=THIRD), given(FIRST)], term(THIRD, until=THIRD), True),
        ([given(FIRST), given(FIRST, until=SECOND)], term(FIRST, until=SECOND), False),
    ],
)
def test_the_newest_by_its_own_date_decides(
    entries: list[ConsentEntry], stands: ConsentTerm, *, in_force: bool
) -> None:
    assert stand(entries) == Standing(achievement=stands)
    assert stand(entries).in_force(THIRD) is in_force
    assert stand(on_both(entries)) == Standing(stands, stands)


def test_each_purpose_stands_alone() -> None:
    found = stand([given(FIRST), ConsentEntry(ATTENDANCE, given=False, since=SECOND)])
    assert found == Standing(term(FIRST), term(None, SECOND))
    assert [found.state(purpose, THIRD) for purpose in BOTH] == [ConsentState.GIVEN, ConsentState.REFUSED]
    assert found.in_force(THIRD)


@pytest.mark.parametrize(
    ("stands", "state"),
    [
        (term(), ConsentState.MISSING),
        (term(SECOND), ConsentState.GIVEN),
        (term(SECOND, until=SECOND), ConsentState.GIVEN),
        (term(FIRST, until=SECOND - DAY), ConsentState.EXPIRED),
        (term(FIRST, SECOND), ConsentState.WITHDRAWN),
        (term(FIRST, SECOND, SECOND), ConsentState.WITHDRAWN),
        (term(FIRST, SECOND, SECOND - DAY), ConsentState.REFUSED),
        (term(None, FIRST), ConsentState.REFUSED),
        (term(SECOND, FIRST), ConsentState.GIVEN),
        (term(FIRST + DAY, FIRST, SECOND - DAY), ConsentState.EXPIRED),
    ],
)
def test_every_standing_has_one_word(stands: ConsentTerm, state: ConsentState) -> None:
    assert state_of(stands, SECOND) is state


DATES = st.dates(FIRST, FIRST + 9 * DAY)
ENTRIES = st.lists(
    st.builds(
        ConsentEntry,
        purpose=st.sampled_from(BOTH),
        given=st.booleans(),
        since=DATES,
        until=st.none() | st.dates(FIRST + 10 * DAY, FIRST + 12 * DAY),
        paper_ref=st.sampled_from(["", "№ 1"]),
    ),
    max_size=6,
)


@each(ENTRIES, st.sampled_from(BOTH), st.dates(FIRST + 9 * DAY, FIRST + 13 * DAY))
def test_the_word_and_the_force_say_what_the_newest_entry_says(
    entries: list[ConsentEntry], purpose: ConsentPurpose, today: date
) -> None:
    own = [entry for entry in entries if entry.purpose is purpose]
    newest = max(own, key=lambda entry: (entry.since, own.index(entry)), default=None)
    # Of entries with one date the one recorded later counts.
    newest = next((entry for entry in reversed(own) if newest and entry.since == newest.since), None)
    holds = newest is not None and newest.given and (newest.until is None or newest.until >= today)
    found = stand(entries)
    assert found.term(purpose).in_force(today) is holds
    assert (found.state(purpose, today) is ConsentState.GIVEN) is holds
    assert (found.state(purpose, today) is ConsentState.MISSING) is (not own)


BY_HEAD = {"recorded_by": SOMEBODY}
ELECTRONIC = {"form": ConsentForm.ELECTRONIC, "recorded_by": SOMEBODY}


@pytest.mark.parametrize(
    ("entries", "cell", "added"),
    [
        ([], None, None),
        ([], FIRST, given(FIRST)),
        ([given(FIRST)], FIRST, None),
        ([given(FIRST)], SECOND, given(SECOND)),
        ([given(SECOND)], FIRST, given(FIRST)),
        ([given(SECOND), given(FIRST)], FIRST, None),
        ([given(FIRST)], None, not_given(FIRST)),
        ([given(FIRST, **ELECTRONIC)], None, None),
        ([given(FIRST, **BY_HEAD)], None, None),
        ([given(FIRST, paper_ref="№ 17")], None, None),
        ([given(FIRST, until=THIRD)], None, None),
        ([given(FIRST), given(SECOND, **ELECTRONIC)], None, None),
        ([given(SECOND), given(FIRST, **BY_HEAD)], None, not_given(SECOND)),
        ([given(FIRST), given(FIRST, **BY_HEAD)], None, None),
        ([given(FIRST), not_given(FIRST)], None, None),
        ([given(FIRST), not_given(FIRST)], FIRST, given(FIRST)),
        ([given(FIRST), not_given(SECOND)], FIRST, None),
        ([given(FIRST), not_given(SECOND)], None, None),
        ([given(FIRST), not_given(SECOND)], THIRD, given(THIRD)),
        ([given(FIRST), not_given(FIRST, **ELECTRONIC)], FIRST, None),
        ([given(FIRST), not_given(FIRST, **BY_HEAD)], FIRST, None),
    ],
)
def test_a_list_adds_only_what_is_new_and_undoes_no_withdrawal(
    entries: list[ConsentEntry], cell: date | None, added: ConsentEntry | None
) -> None:
    expected = () if added is None else tuple(on_both([added]))
    both = on_both(entries)
    assert from_list(both, cell) == expected
    assert from_list([*both, *expected], cell) == ()


@pytest.mark.req("CONS-02")
def test_the_one_date_of_a_list_covers_both_purposes_and_leaves_what_one_of_them_says_otherwise() -> None:
    assert {entry.purpose for entry in from_list([], FIRST)} == {ACHIEVEMENT, ATTENDANCE}
    said = [ConsentEntry(ATTENDANCE, given=False, since=FIRST, recorded_by=SOMEBODY)]
    assert from_list(said, FIRST) == (given(FIRST),)
