"""A roll that was read seconds ago is shown again: to whoever read it, by the same list, and not for long."""

from typing import Any, cast
from uuid import UUID

import pytest

from bot.drafts import RollDraft
from bot.recent_rolls import MOST, SECONDS, RecentRolls
from core.account.accounts import MessengerAccount
from core.events import Channel
from core.learning.attendance import Roll

ACCOUNT, OTHER = MessengerAccount(Channel.TELEGRAM, "1"), MessengerAccount(Channel.MAX, "1")


def draft(lesson: int = 1, person: int = 1, version: int = 0, roster: str = "a") -> RollDraft:
    return RollDraft(
        lesson=UUID(int=lesson),
        person=UUID(int=person),
        version=version,
        pupils=(),
        labels=(),
        before={},
        marks={},
        roster=roster,
    )


def roll(version: int = 0, roster: str = "a") -> Roll:
    facts: Any = None
    return Roll(facts, version, roster, (), is_called=False)


@pytest.fixture
def recent() -> RecentRolls:
    made = RecentRolls()
    made.keep(ACCOUNT, draft(), roll(), now=100.0)
    return made


def test_it_is_shown_again_for_seconds(recent: RecentRolls) -> None:
    assert recent.of(ACCOUNT, draft(), 100.0 + SECONDS - 0.1) == roll()
    assert recent.of(ACCOUNT, draft(), 100.0 + SECONDS) is None


@pytest.mark.parametrize(
    ("account", "asked"),
    [
        (OTHER, draft()),
        (ACCOUNT, draft(person=2)),
        (ACCOUNT, draft(lesson=2)),
        (ACCOUNT, draft(version=1)),
        (ACCOUNT, draft(roster="b")),
    ],
)
def test_nobody_else_and_no_other_list_is_shown_it(
    recent: RecentRolls, account: MessengerAccount, asked: RollDraft
) -> None:
    assert recent.of(account, asked, 101.0) is None


def test_what_was_read_anew_counts_from_then_and_the_oldest_goes_first(recent: RecentRolls) -> None:
    recent.keep(ACCOUNT, draft(), roll(), now=105.0)
    for lesson in range(2, MOST + 1):
        recent.keep(ACCOUNT, draft(lesson), roll(), now=106.0)
    assert recent.of(ACCOUNT, draft(), 106.0) is not None
    recent.keep(ACCOUNT, draft(MOST + 1), roll(), now=106.0)
    assert recent.of(ACCOUNT, draft(), 106.0) is None
    assert cast("Any", recent.of(ACCOUNT, draft(2), 106.0)) is not None
