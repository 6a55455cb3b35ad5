"""What a reader chose: one mode for a category, kept in rows, the school's default where he chose nothing."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.events import Channel, DefaultSubscriptions, SchoolSettings, SchoolTelling
from gateway.categories import FOLLOWS, OFFERED, URGENT, Category
from gateway.profiles import (
    OFF,
    Choice,
    Mode,
    Selection,
    SubscriptionRow,
    choices,
    recommended,
    rows_of,
    selection_of,
    silence,
    threshold,
)
from gateway.states import Reason

SETTINGS, TELLING = SchoolSettings(), SchoolTelling()
at_once = st.builds(Choice, st.just(Mode.NOW), st.sampled_from(Channel))
hours = st.none() | st.integers(16, 20)
daily = st.builds(Choice, st.just(Mode.DAILY), st.sampled_from(Channel), hours)
weekly = st.builds(Choice, st.just(Mode.WEEKLY), st.sampled_from(Channel), hours, st.integers(1, 7))
any_choice = st.one_of(at_once, daily, weekly, st.just(OFF))


@given(st.dictionaries(st.sampled_from(Category), any_choice))
def test_what_was_chosen_is_read_back_and_the_rest_is_the_schools_default(chosen: dict[Category, Choice]) -> None:
    rows = [row for category, choice in chosen.items() for row in rows_of(category, choice)]
    found = choices(rows, SETTINGS, TELLING)
    assert set(found) == set(Category)
    for category in Category:
        default = chosen.get(FOLLOWS.get(category, category), recommended(category, TELLING))
        assert found[category] == chosen.get(category, default)


def test_a_school_may_leave_everything_off_until_the_parent_chooses() -> None:
    settings = SchoolSettings(default_subscriptions=DefaultSubscriptions.OFF)
    assert set(choices([], settings, TELLING).values()) == {OFF}


def test_the_recommended_set_tells_of_danger_at_once_and_of_marks_in_the_evening() -> None:
    found = choices([], SETTINGS, TELLING)
    assert {category for category in OFFERED if found[category].mode is Mode.NOW} == {
        Category.ABSENCE,
        Category.NOTICE,
        Category.REMARK,
        Category.TIMETABLE,
    }
    assert found[Category.BAD_MARK] == Choice(Mode.DAILY, Channel.MAIL), "after the lessons"
    assert found[Category.HOMEWORK] is OFF
    assert found[Category.DIGEST] == Choice(Mode.WEEKLY, Channel.MAIL, None, 6)
    assert {found[category] for category in URGENT} == {Choice(Mode.NOW, Channel.TELEGRAM)}


def test_a_schools_rules_say_when_and_a_choice_of_the_readers_own_is_stronger() -> None:
    told = SchoolTelling(absences_at_once=False, changes_at_once=False, weekly_letter_on=1)
    found = choices([], SETTINGS, told)
    assert {found[category] for category in URGENT} == {Choice(Mode.DAILY, Channel.MAIL)}
    assert found[Category.TIMETABLE] == Choice(Mode.DAILY, Channel.TELEGRAM)
    assert found[Category.DIGEST] == Choice(Mode.WEEKLY, Channel.MAIL, None, 1)
    touched = {*URGENT, Category.TIMETABLE, Category.DIGEST}
    usual = choices([], SETTINGS, TELLING)
    assert {one for one in Category if found[one] != usual[one]} == touched
    rows = [row for category in touched for row in rows_of(category, usual[category])]
    assert choices(rows, SETTINGS, told) == usual
    off = SchoolSettings(default_subscriptions=DefaultSubscriptions.OFF)
    assert set(choices([], off, told).values()) == {OFF}, "a rule switches nothing on"


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
    assert choices(rows, SETTINGS, TELLING)[Category.MARK] == Choice(Mode.NOW, Channel.TELEGRAM)


@pytest.mark.parametrize(
    ("mode", "channel", "hour", "weekday"),
    [
        (Mode.OFF, Channel.MAIL, None, None),
        (Mode.NOW, None, None, None),
        (Mode.NOW, Channel.MAIL, 18, None),
        (Mode.NOW, Channel.MAIL, None, 6),
        (Mode.OFF, None, 18, None),
        (Mode.DAILY, Channel.MAIL, None, 6),
        (Mode.DAILY, Channel.MAIL, 15, None),
        (Mode.DAILY, Channel.MAIL, 21, None),
        (Mode.DAILY, Channel.MAIL, 18, 6),
        (Mode.WEEKLY, Channel.MAIL, 18, None),
        (Mode.WEEKLY, Channel.MAIL, None, None),
        (Mode.WEEKLY, Channel.MAIL, 18, 0),
        (Mode.WEEKLY, Channel.MAIL, 18, 8),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(
    mode: Mode, channel: Channel | None, hour: int | None, weekday: int | None
) -> None:
    with pytest.raises(ValueError, match=r"channel|hour|weekday"):
        Choice(mode, channel, hour, weekday)


@pytest.mark.parametrize(
    ("category", "below", "subjects"),
    [
        (Category.MARK, 4, ()),
        (Category.BAD_MARK, 1, ()),
        (Category.BAD_MARK, 7, ()),
        (Category.ABSENCE, None, ("математика",)),
    ],
)
def test_a_selection_that_makes_no_sense_is_refused(
    category: Category, below: int | None, subjects: tuple[str, ...]
) -> None:
    with pytest.raises(ValueError, match=r"threshold|subjects"):
        Selection(category, None, below, frozenset(subjects))


FIRST, SECOND = UUID(int=1), UUID(int=2)


def test_a_choice_for_one_child_counts_for_him_and_the_others_keep_what_was_chosen_for_all() -> None:
    daily, weekly = Choice(Mode.DAILY, Channel.MAIL, 17), Choice(Mode.WEEKLY, Channel.TELEGRAM, 19, 5)
    rows = [*rows_of(Category.MARK, daily), *rows_of(Category.MARK, weekly, FIRST)]
    assert choices(rows, SETTINGS, TELLING, FIRST)[Category.MARK] == weekly
    assert (
        choices(rows, SETTINGS, TELLING, SECOND)[Category.MARK]
        == choices(rows, SETTINGS, TELLING)[Category.MARK]
        == daily
    )
    only_his = rows_of(Category.MARK, OFF, FIRST)
    assert choices(only_his, SETTINGS, TELLING)[Category.MARK] == recommended(Category.MARK, TELLING)
    assert silence([Category.MARK], only_his, SETTINGS, FIRST) is Reason.UNSUBSCRIBED
    assert silence([Category.HOMEWORK], only_his, SETTINGS, SECOND) is Reason.NOT_RECOMMENDED


def test_what_is_part_of_another_category_goes_with_it_until_it_is_chosen_itself() -> None:
    rows = list(rows_of(Category.ABSENCE, OFF))
    assert choices(rows, SETTINGS, TELLING)[Category.GONE] is OFF
    rows += rows_of(Category.GONE, Choice(Mode.NOW, Channel.MAIL))
    assert choices(rows, SETTINGS, TELLING)[Category.GONE] == Choice(Mode.NOW, Channel.MAIL)
    assert choices(rows, SETTINGS, TELLING)[Category.ALL_CLEAR] is OFF


def test_a_threshold_for_one_child_leaves_the_others_theirs() -> None:
    kept = [Selection(Category.BAD_MARK, FIRST, 5), Selection(Category.BAD_MARK, None, 4)]
    assert (threshold(kept, FIRST), threshold(kept, SECOND), threshold([], FIRST)) == (5, 4, 3)
    maths = Selection(Category.HOMEWORK, None, None, frozenset({"математика"}))
    assert selection_of([maths], Category.HOMEWORK, FIRST) == maths
    assert selection_of([maths], Category.MARK, FIRST) == Selection(Category.MARK)
