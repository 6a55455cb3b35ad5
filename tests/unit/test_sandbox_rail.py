"""How the rail counts readers: green only if everybody who should have been told was."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from gateway.states import Reason, State
from texts.reader import load
from zvonok.sandbox.rail_people import Standing, Sum, of_reader, of_thread

TOLD, WAITS, MISSED, FORBIDDEN, UNNEEDED = Standing
NEVER_MEANT = {
    UNNEEDED: {"unsubscribed", "not-recommended", "not-asked-for", "superseded", "moved-to-another-channel"},
    FORBIDDEN: {"rights-lost", "barred", "no-contact", "limited-view"},
}


def thread(state: State, reason: str | None = None, want: int = 1) -> Any:
    return SimpleNamespace(state=state.value, reason=reason, want=want)


@pytest.mark.parametrize("reason", [*Reason, "a-reason-of-another-version"])
def test_what_was_suppressed_is_a_miss_unless_nobody_meant_it_to_be_told(reason: str) -> None:
    expected = next((standing for standing, reasons in NEVER_MEANT.items() if reason in reasons), MISSED)
    assert of_thread(thread(State.SUPPRESSED, reason)) is expected


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        (State.PENDING, WAITS),
        (State.CLAIMED, WAITS),
        (State.SENDING, WAITS),
        (State.ACCEPTED, TOLD),
        (State.DELIVERED, TOLD),
        (State.BOUNCED, MISSED),
        (State.UNKNOWN, MISSED),
        (State.FAILED, MISSED),
        (State.EXPIRED, MISSED),
    ],
)
def test_a_state_has_one_standing(state: State, standing: Standing) -> None:
    assert of_thread(thread(state, Reason.UNSUBSCRIBED)) is standing


def test_one_way_that_came_through_is_enough_and_only_the_newest_version_counts() -> None:
    assert of_reader([thread(State.FAILED, "blocked-by-user"), thread(State.ACCEPTED)]) is TOLD
    assert of_reader([thread(State.FAILED, "blocked-by-user"), thread(State.PENDING)]) is WAITS
    assert of_reader([thread(State.ACCEPTED, want=1), thread(State.FAILED, want=2)]) is MISSED
    assert of_reader([thread(State.FAILED, want=1), thread(State.SUPPRESSED, Reason.SUPERSEDED, want=2)]) is UNNEEDED


@pytest.mark.parametrize(
    ("standings", "tone", "text"),
    [
        ([TOLD], "ok", "сказано"),
        ([TOLD, TOLD, UNNEEDED, FORBIDDEN], "ok", "сказано всем: 2"),
        ([TOLD, TOLD, MISSED], "some", "сказано не всем: 2 из 3"),
        ([WAITS, MISSED, UNNEEDED], "some", "сказано не всем: 0 из 2"),
        ([MISSED], "bad", "не сказано"),
        ([MISSED, MISSED, UNNEEDED], "bad", "не сказано никому"),
        ([TOLD, WAITS, WAITS], "wait", "сказано 1 из 3"),
        ([WAITS, WAITS, UNNEEDED], "wait", "ждёт до 18:00"),
        ([UNNEEDED, FORBIDDEN], "quiet", "говорить не нужно"),
        ([FORBIDDEN], "quiet", "говорить не положено"),
    ],
)
def test_the_head_says_it_in_a_word(standings: Sequence[Standing], tone: str, text: str) -> None:
    assert counted(standings).head(load("ru")) == {"tone": tone, "text": text}


def test_readers_are_counted_by_their_outcome() -> None:
    found = counted([TOLD] * 30 + [WAITS] * 2 + [MISSED] + [FORBIDDEN] + [UNNEEDED] * 3).counts(load("ru"))
    said = ["сказано 30", "ждёт до 18:00 — 2", "не сказано 1", "не положено 1", "не нужно 3"]
    assert [one["text"] for one in found] == said
    assert [one["tone"] for one in found] == ["ok", "wait", "bad", "quiet", "quiet"]
    apart = Sum.of([(WAITS, "в пути"), (WAITS, "ждёт до 18:00")])
    assert apart.head(load("ru")) == {"tone": "wait", "text": "в пути"}
    assert [one["text"] for one in apart.counts(load("ru"))] == ["в пути — 1", "ждёт до 18:00 — 1"]


def counted(standings: Sequence[Standing]) -> Sum:
    """Count readers of whom all that wait wait for the same."""
    return Sum.of((one, "ждёт до 18:00") for one in standings)
