"""What an outcome does to a delivery: the whole table."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.retry import MAX_UNKNOWN_SENDS, TRIES, URGENT_TRIES, backoff, tries_of
from gateway.states import GIVEN_UP, Lane, State
from gateway.transitions import Act, Limits, Next, Tried, after, describe
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown
from tests.unit.gateway_cases import content

SEND, EDIT = Act.SEND, Act.EDIT
SECOND = timedelta(seconds=1)
LAST = TRIES


def result(outcome: Outcome, act: Act = SEND, attempts: int = 1, unknowns: int = 0, jitter: float = 0.0) -> Next:
    return after(outcome, Tried(act, attempts, unknowns), jitter)


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("attempts", [1, LAST, LAST + 5])
@pytest.mark.parametrize("unknowns", [0, 3])
def test_accepted_is_told(act: Act, attempts: int, unknowns: int) -> None:
    assert result(Accepted("77"), act, attempts, unknowns) == Next(
        "accepted", State.ACCEPTED, None, provider_id="77", wait=None
    )


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("attempts", range(1, LAST))
def test_deferred_waits_longer_each_time(act: Act, attempts: int) -> None:
    expected = Next("deferred", State.PENDING, "server-error", wait=backoff(attempts, 0.5))
    assert result(Deferred("server-error"), act, attempts, jitter=0.5) == expected


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("attempts", [LAST, LAST + 1, LAST + 500])
def test_after_many_tries_another_way_is_looked_for_once_and_the_tries_go_on(act: Act, attempts: int) -> None:
    expected = Next("deferred", State.PENDING, "server-error", wait=backoff(attempts, 0.0), replan=attempts == LAST)
    assert result(Deferred("server-error"), act, attempts) == expected


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("attempts", [1, LAST, LAST + 1])
def test_what_was_not_begun_keeps_its_place_and_was_no_try(act: Act, attempts: int) -> None:
    expected = Next("deferred", State.PENDING, "not-begun", counted=False)
    assert result(Deferred("not-begun", begun=False), act, attempts) == expected


@pytest.mark.parametrize("outcome", [Deferred("server-error"), Unknown("no-answer")])
def test_what_is_urgent_looks_for_another_way_sooner(outcome: Outcome) -> None:
    for lane, tries in ((Lane.URGENT, URGENT_TRIES), (Lane.NORMAL, TRIES), (Lane.DIGEST, TRIES)):
        limits = Limits(tries=tries_of(int(lane)))
        asks = [
            attempts for attempts in range(1, 40) if after(outcome, Tried(EDIT, attempts, 0, limits=limits), 0).replan
        ]
        assert asks == [tries]


@pytest.mark.parametrize("attempts", [1, LAST, LAST + 50])
@pytest.mark.parametrize("told", [timedelta(0), SECOND, 3600 * SECOND])
def test_what_we_are_told_to_wait_is_waited_and_never_given_up(attempts: int, told: timedelta) -> None:
    expected = Next("deferred", State.PENDING, "too-many-requests", wait=told, replan=attempts == LAST)
    assert result(Deferred("too-many-requests", told), SEND, attempts) == expected


@pytest.mark.parametrize("attempts", [1, LAST + 50])
@pytest.mark.parametrize("told", [None, 7 * SECOND])
def test_a_pause_of_the_whole_credential_binds_all_and_is_no_try_of_the_message(
    attempts: int, told: timedelta | None
) -> None:
    wait = backoff(attempts, 0.0) if told is None else told
    expected = Next("deferred", State.PENDING, "credential-refused", pause=wait, pause_grows=told is None)
    assert result(Deferred("credential-refused", told, whole_credential=True), SEND, attempts) == expected


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("gone", [False, True])
def test_a_dead_address_is_remembered_and_another_way_looked_for(act: Act, *, gone: bool) -> None:
    outcome = Rejected("blocked-by-user", address_is_dead=True, message_is_gone=gone)
    expected = Next("rejected", State.FAILED, "blocked-by-user", address_dead="blocked-by-user", replan=True)
    assert result(outcome, act) == expected


@pytest.mark.parametrize("gone", [True, False])
@pytest.mark.parametrize("unknowns", [0, 2])
def test_a_message_that_cannot_be_changed_is_told_anew_at_once(unknowns: int, *, gone: bool) -> None:
    expected = Next("rejected", State.PENDING, "edit-impossible", wait=timedelta(), new_message=True, replan=True)
    assert result(Rejected("edit-impossible", message_is_gone=gone), EDIT, unknowns=unknowns) == expected


@pytest.mark.parametrize("gone", [False, True])
def test_a_refused_new_message_is_final_on_this_channel(*, gone: bool) -> None:
    expected = Next("rejected", State.FAILED, "refused", replan=True)
    assert result(Rejected("refused", message_is_gone=gone), SEND) == expected


def test_the_readers_own_act_that_cannot_be_drawn_in_rings_for_nobody() -> None:
    expected = Next("rejected", State.FAILED, "refused", replan=True)
    assert after(Rejected("refused"), Tried(EDIT, 1, 0, redraws=True), 0.0) == expected


def test_after_an_edit_of_unknown_fate_even_the_old_facts_are_told_anew() -> None:
    found = after(Rejected("refused"), Tried(EDIT, 1, 1, redraws=True), 0.0)
    assert (found.state, found.new_message) == (State.PENDING, True), "what was taken back may stand there"


@pytest.mark.parametrize("unknowns", range(MAX_UNKNOWN_SENDS + 2))
def test_an_absence_of_unknown_fate_goes_out_once_more_and_no_further(unknowns: int) -> None:
    if unknowns + 1 < MAX_UNKNOWN_SENDS:
        expected = Next("unknown", State.PENDING, "no-answer", wait=backoff(1, 0.0), unknown=True)
    else:
        expected = Next("unknown", State.UNKNOWN, "no-answer", unknown=True, replan=True)
    assert result(Unknown("no-answer"), SEND, 1, unknowns) == expected


@pytest.mark.parametrize("unknowns", [0, 5])
@pytest.mark.parametrize("attempts", [1, LAST - 1])
def test_an_edit_is_repeated_at_will_and_leaves_doubt_behind(attempts: int, unknowns: int) -> None:
    expected = Next("unknown", State.PENDING, "no-answer", wait=backoff(attempts, 0.0), unknown=True)
    assert result(Unknown("no-answer"), EDIT, attempts, unknowns) == expected


@pytest.mark.parametrize("attempts", [LAST, LAST + 1])
def test_an_edit_of_unknown_fate_looks_for_another_way_in_the_end(attempts: int) -> None:
    wait = backoff(attempts, 0.0)
    expected = Next("unknown", State.PENDING, "no-answer", wait=wait, unknown=True, replan=attempts == LAST)
    assert result(Unknown("no-answer"), EDIT, attempts) == expected


@pytest.mark.parametrize("attempts", [1, LAST])
def test_an_edit_that_only_draws_the_readers_own_act_leaves_no_doubt(attempts: int) -> None:
    assert after(Unknown("no-answer"), Tried(EDIT, attempts, 0, redraws=True), 0.0).unknown is False


def test_a_try_is_described_by_what_it_shows_and_what_was_told() -> None:
    told, acknowledged, cleared = content(1).key(), content(1, acknowledged=True).key(), content().key()
    assert describe(EDIT, 1, 0, shown=acknowledged, told=told) == Tried(EDIT, 1, 0, redraws=True)
    assert describe(EDIT, 3, 2, shown=cleared, told=told) == Tried(EDIT, 3, 2, redraws=False)
    assert describe(SEND, 1, 0, shown=told, told=told) == Tried(SEND, 1, 0, redraws=False)
    assert describe(SEND, 1, 0, shown=told, told=None) == Tried(SEND, 1, 0, redraws=False)


outcomes = st.one_of(
    st.builds(Accepted, st.text(min_size=1)),
    st.builds(Deferred, st.just("r"), st.none() | st.timedeltas(timedelta(), timedelta(days=1)), st.booleans()),
    st.builds(Rejected, st.just("r"), st.booleans(), st.booleans()),
    st.builds(Unknown, st.just("r")),
)


@pytest.mark.parametrize("copies", [1, 2, 3])
def test_a_channel_says_how_often_a_message_may_go_out_while_nobody_knows(copies: int) -> None:
    shown = content().key()
    for unknowns in range(4):
        tried = describe(SEND, unknowns + 1, unknowns, shown=shown, told=None, limits=Limits(copies=copies))
        expected = State.PENDING if unknowns + 1 < copies else State.UNKNOWN
        assert after(Unknown("no-answer"), tried, 0.0).state is expected


def test_an_edit_is_repeated_whatever_a_copy_costs() -> None:
    tried = describe(EDIT, 1, 0, shown=content().key(), told=content().key(), limits=Limits(copies=1))
    assert after(Unknown("no-answer"), tried, 0.0).state is State.PENDING


@settings(deadline=None)
@given(
    outcomes,
    st.sampled_from(Act),
    st.integers(1, 60),
    st.integers(0, 60),
    st.floats(0, 1, exclude_max=True),
)
def test_whatever_happens_a_next_step_or_a_visible_end_is_named(
    outcome: Outcome, act: Act, attempts: int, unknowns: int, jitter: float
) -> None:
    found = result(outcome, act, attempts, unknowns, jitter)
    assert found.state in {State.ACCEPTED, State.PENDING, State.FAILED, State.UNKNOWN}
    assert (found.state is State.PENDING) == (found.wait is not None or found.pause is not None)
    tries_on = found.state is State.PENDING and attempts == LAST and found.pause is None
    assert (found.state in GIVEN_UP or found.new_message or tries_on) == found.replan
    assert (found.state is State.ACCEPTED) == isinstance(outcome, Accepted)
    assert found.unknown == isinstance(outcome, Unknown)
    assert found.reason is not None or found.state is State.ACCEPTED
