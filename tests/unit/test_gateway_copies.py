"""The duplicate by letter, as the planner decides it: two tracks, each of which tells once."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from core.events import Channel
from gateway.all_clear import plan_all
from gateway.categories import Category, Duty
from gateway.copies import Track, copied, tracks
from gateway.routing import Route, Untold
from gateway.states import Purpose, Reason, State
from gateway.thread import NO_CHANNEL, Thread, spoke_last
from gateway.threads import Plan, Reader
from tests.unit.gateway_cases import HOURS, MORNING, content, head, wanted

CHAT, MAX, LETTER = (Route(channel, f"{channel}:1") for channel in (Channel.TELEGRAM, Channel.MAX, Channel.MAIL))
BOTH = (CHAT, LETTER)
ABSENT, MORE, PRESENT = wanted(1), wanted(1, 2), wanted()


def thread(channel: Channel, *absent: int, state: State = State.ACCEPTED, **changes: Any) -> Thread:
    """Return a thread that told of these lessons, or waits to."""
    key = content(*absent).key()
    told = {"told": 1, "told_key": key} if state is State.ACCEPTED else {"told": None, "told_key": None}
    values: dict[str, Any] = {
        "id": UUID(int=9),
        "channel": channel.value,
        "purpose": Purpose.COPY if channel is Channel.MAIL else Purpose.ALERT,
        "state": state,
        "want": 1,
        "want_key": key,
        "unknowns": 0,
        "rev": 1,
        "has_message": state is State.ACCEPTED,
    }
    return Thread(**(values | told | changes))


def planned(track: Track, truth: Any = ABSENT, version: int = 1) -> tuple[Plan, ...]:
    reader = Reader(track.ways, 1, truth, track.threads, HOURS)
    return tuple(track.named(reader, one) for one in plan_all(head(version), reader, MORNING))


def test_a_duplicate_is_asked_for_nobody_has_one_by_himself() -> None:
    (one,) = tracks(BOTH, (), ABSENT, copies=False)
    assert (one.ways, one.copy) == (BOTH, False)
    assert [plan.channel for plan in planned(one)] == ["telegram"]


def test_whoever_wants_it_is_told_by_the_messenger_and_by_letter_and_the_letter_is_called_a_copy() -> None:
    told = [plan for track in tracks(BOTH, (), ABSENT, copies=True) for plan in planned(track)]
    assert [(plan.channel, plan.purpose, plan.state) for plan in told] == [
        ("telegram", Purpose.ALERT, State.PENDING),
        ("mail", Purpose.COPY, State.PENDING),
    ]
    assert told[0].timing == told[1].timing


@pytest.mark.parametrize(
    ("ways", "why"),
    [
        ((LETTER, CHAT), "what comes by letter first has no duplicate"),
        ((CHAT, MAX), "no mailbox"),
        ((LETTER,), "no messenger"),
        (Untold(Reason.NO_CONSENT), "nothing may be told"),
    ],
)
def test_where_there_are_no_two_sides_there_is_one_track(ways: tuple[Route, ...] | Untold, why: str) -> None:
    assert tracks(ways, (), ABSENT, copies=True) == (Track(ways, ()),), why


def test_messengers_stand_in_for_each_other_and_the_letter_for_none_of_them() -> None:
    first, copy = tracks((CHAT, LETTER, MAX), (), ABSENT, copies=True)
    assert (first.ways, copy.ways) == ((CHAT, MAX), (LETTER,))


def test_each_track_is_corrected_by_itself() -> None:
    threads = (thread(Channel.TELEGRAM, 1), thread(Channel.MAIL, 1))
    first, copy = tracks(BOTH, threads, MORE, copies=True)
    (edit,), (letter,) = planned(first, MORE, 2), planned(copy, MORE, 2)
    assert [(one.channel, one.state) for one in (edit, letter)] == [
        ("telegram", State.PENDING),
        ("mail", State.PENDING),
    ]
    assert not edit.new_message
    assert (edit.purpose, letter.purpose) == (Purpose.ALERT, Purpose.COPY)


def test_what_one_has_told_the_other_does_not_begin() -> None:
    """Switched on after it was told, or a messenger linked anew: nobody is told the old again."""
    in_chat, in_letter = thread(Channel.TELEGRAM, 1), thread(Channel.MAIL, 1)
    (only,) = tracks(BOTH, (in_chat,), ABSENT, copies=True)
    assert not only.copy
    (only,) = tracks(BOTH, (in_letter, thread(Channel.TELEGRAM, 1, state=State.FAILED)), ABSENT, copies=True)
    assert only.copy
    both = tracks(BOTH, (in_letter, thread(Channel.TELEGRAM, 1, state=State.PENDING)), ABSENT, copies=True)
    assert len(both) == 2, "what waits goes on waiting"
    assert len(tracks(BOTH, (in_chat,), MORE, copies=True)) == 2, "what is new goes by both"
    told_before = tracks(BOTH, (in_letter, thread(Channel.TELEGRAM, 1)), ABSENT, copies=True)
    assert [planned(one) for one in told_before] == [(), ()]


def test_why_nothing_was_told_stands_on_the_messengers_track() -> None:
    untold = replace(thread(Channel.TELEGRAM, 1, state=State.SUPPRESSED), channel=NO_CHANNEL)
    first, copy = tracks(BOTH, (untold,), ABSENT, copies=True)
    assert (first.threads, copy.threads) == ((untold,), ())


def test_switched_off_again_the_message_that_can_be_changed_is_changed() -> None:
    for threads in (
        (thread(Channel.TELEGRAM, 1), thread(Channel.MAIL, 1)),
        (thread(Channel.MAIL, 1), thread(Channel.TELEGRAM, 1)),
    ):
        assert spoke_last(threads) in [one for one in threads if one.editable]
        (one,) = tracks(BOTH, threads, MORE, copies=False)
        (plan,) = planned(one, MORE, 2)
        assert (plan.channel, plan.new_message) == ("telegram", False)


def test_work_and_links_that_were_asked_for_have_no_duplicate() -> None:
    assert all(copied(one) for one in Category)
    assert not any(copied(one) for one in Duty)
