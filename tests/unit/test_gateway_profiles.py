"""What a reader chose: one mode for a category, kept in rows, the school's default where he chose nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Channel, DefaultSubscriptions, SchoolSettings
from gateway.categories import Category
from gateway.profiles import OFF, Choice, Mode, SubscriptionRow, choices, recommended, rows_of, silence, strongest
from gateway.states import Reason

SETTINGS = SchoolSettings()
at_once = st.builds(Choice, st.just(Mode.NOW), st.sampled_from(Channel))
daily = st.builds(Choice, st.just(Mode.DAILY), st.sampled_from(Channel), st.integers(16, 20))
any_choice = st.one_of(at_once, daily, st.just(OFF))


@given(st.dictionaries(st.sampled_from(Category), any_choice))
def test_what_was_chosen_is_read_back_and_the_rest_is_the_schools_default(chosen: dict[Category, Choice]) -> None:
    rows = [row for category, choice in chosen.items() for row in rows_of(category, choice)]
    found = choices(rows, SETTINGS)
    assert set(found) == set(Category)
    for category in Category:
        assert found[category] == chosen.get(category, recommended(category, SETTINGS.digest_hour))


def test_a_school_may_leave_everything_off_until_the_parent_chooses() -> None:
    settings = SchoolSettings(default_subscriptions=DefaultSubscriptions.OFF)
    assert set(choices([], settings).values()) == {OFF}


def test_the_recommended_set_tells_of_danger_at_once_and_of_marks_in_the_evening() -> None:
    found = choices([], SETTINGS)
    assert {category for category, choice in found.items() if choice.mode is Mode.NOW} == {
        Category.ABSENCE,
        Category.NOTICE,
        Category.REMARK,
    }
    assert found[Category.BAD_MARK] == Choice(Mode.DAILY, Channel.MAIL, 18)
    assert found[Category.HOMEWORK] is OFF


def test_only_what_the_reader_chose_himself_is_called_his_choice() -> None:
    kept = rows_of(Category.HOMEWORK, OFF)
    asks_first = SchoolSettings(default_subscriptions=DefaultSubscriptions.OFF)
    assert silence([Category.HOMEWORK], kept, SETTINGS) is Reason.UNSUBSCRIBED
    assert silence([Category.MARK, Category.HOMEWORK], kept, asks_first) is Reason.UNSUBSCRIBED
    assert silence([Category.HOMEWORK], [], SETTINGS) is Reason.NOT_RECOMMENDED
    assert silence([Category.HOMEWORK], rows_of(Category.MARK, OFF), SETTINGS) is Reason.NOT_RECOMMENDED
    assert silence([Category.MARK], kept, asks_first) is Reason.NOT_ASKED_FOR


def test_of_several_rows_the_most_insistent_counts_so_that_nothing_is_told_twice() -> None:
    rows = [
        SubscriptionRow(Category.MARK, Channel.MAIL, Mode.DAILY, 17),
        SubscriptionRow(Category.MARK, Channel.TELEGRAM, Mode.NOW, None),
    ]
    assert choices(rows, SETTINGS)[Category.MARK] == Choice(Mode.NOW, Channel.TELEGRAM)
    assert strongest([OFF, Choice(Mode.DAILY, Channel.MAIL, 17)]).mode is Mode.DAILY
    assert strongest([]) is OFF


@pytest.mark.parametrize(
    ("mode", "channel", "hour"),
    [
        (Mode.OFF, Channel.MAIL, None),
        (Mode.NOW, None, None),
        (Mode.NOW, Channel.MAIL, 18),
        (Mode.DAILY, Channel.MAIL, None),
        (Mode.DAILY, Channel.MAIL, 15),
        (Mode.DAILY, Channel.MAIL, 21),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(mode: Mode, channel: Channel | None, hour: int | None) -> None:
    with pytest.raises(ValueError, match=r"channel|hour"):
        Choice(mode, channel, hour)
