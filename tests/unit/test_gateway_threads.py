"""What becomes of a reader's threads, case by case. The property test walks through all of it at random."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.events import Channel, ProposedReason
from gateway.absence_content import AbsenceContent
from gateway.due_times import CORRECTION_LIVES
from gateway.retry import LONGEST
from gateway.routing import Route, Untold
from gateway.states import IN_FLIGHT, Purpose, Reason, State
from gateway.thread import NO_CHANNEL, Thread, Wanted
from gateway.threads import Head, Plan, Reader, plan_threads
from tests.unit.gateway_cases import HOURS, MORNING, UNDO, content, head, wanted

TELEGRAM, MAIL = Channel.TELEGRAM.value, Channel.MAIL.value
CHAT, LETTER = Route(Channel.TELEGRAM, "telegram:1"), Route(Channel.MAIL, "mail:1")
BOTH = (CHAT, LETTER)
LATER = MORNING + timedelta(minutes=20)
NEXT_MORNING = MORNING + timedelta(days=1)
ABSENT, PRESENT, EXPLAINED = wanted(1), wanted(), wanted(known=(1,))
ANSWERED = wanted(1, answer=ProposedReason.ILL)


def thread(want: AbsenceContent, told: AbsenceContent | None = None, **changes: Any) -> Thread:
    """Return a thread that told (if it did) version 1 and wants version 1 or 2."""
    values: dict[str, Any] = {
        "id": UUID(int=9),
        "channel": TELEGRAM,
        "purpose": Purpose.ALERT,
        "state": State.PENDING if told is None else State.ACCEPTED,
        "want": 1 if told in (None, want) else 2,
        "want_key": want.key(),
        "told": None if told is None else 1,
        "told_key": None if told is None else told.key(),
        "unknowns": 0,
        "rev": 1,
        "has_message": told is not None,
    }
    return Thread(**(values | changes))


def plans(
    content_wanted: Wanted,
    *threads: Thread,
    ways: tuple[Route, ...] | Untold = BOTH,
    of: Head | None = None,
    rev: int = 1,
    at: Any = LATER,
) -> tuple[Plan, ...]:
    return plan_threads(of or head(2), Reader(ways, rev, content_wanted, threads, HOURS), at)


def plan(content_wanted: Wanted, *threads: Thread, **more: Any) -> Plan | None:
    found = plans(content_wanted, *threads, **more)
    assert len(found) <= 1
    return found[0] if found else None


def is_news(found: Plan) -> bool:
    return found.timing.not_before == MORNING + UNDO


def is_correction(found: Plan) -> bool:
    return (found.timing.not_before, found.timing.expires_at) == (LATER, LATER + CORRECTION_LIVES)


# --- a reader who knows nothing ---------------------------------------------------------------------------------------


def test_a_first_absence_opens_a_thread_on_the_first_way() -> None:
    found = plan(ABSENT)
    assert found is not None
    assert (found.channel, found.credential, found.purpose) == (TELEGRAM, "telegram:1", Purpose.ALERT)
    assert (found.state, found.content, found.reason) == (State.PENDING, ABSENT.interactive, None)
    assert is_news(found)


@pytest.mark.req("NOTIF-19")
@pytest.mark.parametrize("nothing", [PRESENT, EXPLAINED])
def test_nothing_alarming_opens_nothing(nothing: Wanted) -> None:
    assert plan(nothing) is None
    assert plan(nothing, ways=Untold(Reason.NO_CONSENT)) is None


def test_a_second_lesson_grows_the_message_that_waits() -> None:
    found = plan(wanted(1, 2), thread(content(1)))
    assert found is not None
    assert (found.state, found.content, found.new_message) == (State.PENDING, content(1, 2), False)
    assert is_news(found)


@pytest.mark.parametrize("nothing", [PRESENT, EXPLAINED])
def test_a_correction_before_sending_suppresses(nothing: Wanted) -> None:
    found = plan(nothing, thread(content(1)))
    assert found is not None
    assert (found.state, found.reason) == (State.SUPPRESSED, Reason.SUPERSEDED)
    assert plan(nothing, thread(content(1), state=State.SUPPRESSED)) is None


def test_what_was_suppressed_waits_again_when_it_is_true_again() -> None:
    found = plan(ABSENT, thread(content(1), state=State.SUPPRESSED))
    assert found is not None
    assert found.state is State.PENDING
    assert is_news(found)


def test_news_whose_day_is_over_are_not_begun_on_another_way() -> None:
    over = thread(content(1), state=State.EXPIRED)
    assert plan(ABSENT, over, at=NEXT_MORNING) is None
    failed = thread(content(1), state=State.FAILED)
    assert plan(ABSENT, failed, at=NEXT_MORNING) is None
    first = plan(ABSENT, at=NEXT_MORNING)
    assert first is not None, "the very first thread records that its time has passed"


# --- a reader who was told --------------------------------------------------------------------------------------------


def test_a_second_lesson_after_sending_edits_after_its_own_undo_window() -> None:
    found = plan(wanted(1, 2), thread(content(1), content(1)))
    assert found is not None
    assert (found.state, found.new_message) == (State.PENDING, False)
    assert is_news(found)


@pytest.mark.parametrize("now_true", [PRESENT, EXPLAINED, wanted(2, known=(1,))])
def test_a_correction_after_sending_edits(now_true: Wanted) -> None:
    found = plan(now_true, thread(content(1), content(1)))
    assert found is not None
    assert (found.state, found.content, found.new_message) == (State.PENDING, now_true.interactive, False)
    assert is_correction(found) != bool(now_true.plain.alarming)


def test_what_is_told_already_needs_nothing() -> None:
    assert plan(ABSENT, thread(content(1), content(1))) is None


def test_corrected_back_before_the_edit_left_there_is_nothing_to_tell() -> None:
    found = plan(ABSENT, thread(content(), content(1), state=State.PENDING))
    assert found is not None
    assert found.state is State.ACCEPTED


@pytest.mark.parametrize("state", [State.FAILED, State.EXPIRED, State.SUPPRESSED])
def test_corrected_back_a_failed_correction_is_settled(state: State) -> None:
    found = plan(ABSENT, thread(content(), content(1), state=state))
    assert found is not None
    assert found.state is State.ACCEPTED


def test_cleared_and_absent_again_rings_as_a_new_message() -> None:
    found = plan(ABSENT, thread(content(), content()))
    assert found is not None
    assert (found.state, found.new_message) == (State.PENDING, True)
    assert is_news(found)


def test_the_readers_own_answer_redraws_the_message_at_once() -> None:
    found = plan(ANSWERED, thread(content(1), content(1)))
    assert found is not None
    assert (found.state, found.content, found.new_message) == (State.PENDING, ANSWERED.interactive, False)
    assert is_correction(found)


def test_a_letter_never_changes_because_of_presses() -> None:
    told = thread(content(1), content(1), channel=MAIL)
    assert plan(ANSWERED, told, ways=(LETTER,)) is None
    assert plan(wanted(1, acknowledged=True), told, ways=(LETTER,)) is None


def test_a_press_under_a_message_without_an_id_sends_no_second_one() -> None:
    """An arrival proved by a press: the message cannot be edited, and the reader knows its facts."""
    assert plan(wanted(1, acknowledged=True), thread(content(1), content(1), has_message=False)) is None
    waiting = thread(content(1), content(1), has_message=False, state=State.PENDING)
    settled = plan(wanted(1, acknowledged=True), waiting)
    assert settled is not None
    assert settled.state is State.ACCEPTED


# --- doubt ------------------------------------------------------------------------------------------------------------


def test_after_an_unknown_a_correction_is_a_new_message() -> None:
    found = plan(PRESENT, thread(content(1), state=State.UNKNOWN, unknowns=2), ways=(CHAT,))
    assert found is not None
    assert (found.state, found.new_message) == (State.PENDING, True)
    assert is_correction(found)


def test_a_correction_that_follows_an_unknown_is_not_taken_for_nothing_to_tell() -> None:
    waiting = thread(content(), state=State.PENDING, unknowns=1)
    found = plan(PRESENT, waiting)
    assert found is not None
    assert found.state is State.PENDING


def test_an_absence_that_may_have_arrived_keeps_waiting_for_its_second_try() -> None:
    found = plan(ABSENT, thread(content(1), state=State.PENDING, unknowns=1))
    assert found is not None
    assert (found.channel, found.state) == (TELEGRAM, State.PENDING)
    assert is_news(found)


def test_two_unknown_sends_fall_back_to_the_next_way_and_never_go_out_a_third_time() -> None:
    unknown = thread(content(1), state=State.UNKNOWN, unknowns=2)
    found = plan(ABSENT, unknown)
    assert found is not None
    assert (found.channel, found.purpose, found.state) == (MAIL, Purpose.FALLBACK, State.PENDING)
    assert plan(ABSENT, unknown, ways=(CHAT,)) is None
    assert plan(ABSENT, unknown, ways=(CHAT,), rev=7) is None


def test_an_edit_of_unknown_fate_is_not_believed_to_have_failed() -> None:
    """The correction may stand in the chat already: corrected back, the first text must be put there again."""
    in_doubt = thread(content(), content(1), state=State.PENDING, unknowns=1)
    found = plan(ABSENT, in_doubt)
    assert found is not None
    assert found.state is State.PENDING


# --- ways that fail ---------------------------------------------------------------------------------------------------


def test_a_dead_messenger_falls_back_to_a_letter() -> None:
    found = plan(ABSENT, thread(content(1), state=State.FAILED), ways=(LETTER,), rev=2)
    assert found is not None
    assert (found.channel, found.purpose, found.state) == (MAIL, Purpose.FALLBACK, State.PENDING)


@pytest.mark.parametrize("state", [State.PENDING, State.SUPPRESSED])
def test_what_waits_on_a_way_that_is_gone_moves_to_the_next_one(state: State) -> None:
    found = plans(ABSENT, thread(content(1), state=state), ways=(LETTER,), rev=2)
    stopped = [one for one in found if one.channel == TELEGRAM]
    assert [(one.state, one.reason) for one in stopped] == [(State.SUPPRESSED, Reason.MOVED)] * (state is State.PENDING)
    assert [one.state for one in found if one.channel == MAIL] == [State.PENDING]


def test_a_reader_told_in_the_messenger_needs_no_letter_of_the_same() -> None:
    assert plan(ABSENT, thread(content(1), content(1)), ways=(LETTER,)) is None


def test_a_correction_follows_a_reader_whose_messenger_died_after_telling() -> None:
    told = thread(content(), content(1), state=State.FAILED)
    letter = plan(PRESENT, told, ways=(LETTER,))
    assert letter is not None
    assert (letter.channel, letter.state, letter.purpose) == (MAIL, State.PENDING, Purpose.FALLBACK)
    assert is_correction(letter)
    waiting = thread(content(), channel=MAIL, purpose=Purpose.FALLBACK)
    again = plan(PRESENT, told, waiting, ways=(LETTER,))
    assert again is not None
    assert again.state is State.PENDING, "a letter that corrects a chat message has something to tell"


def test_a_failure_is_final_until_something_of_the_reader_changes() -> None:
    failed = thread(content(1), state=State.FAILED, rev=4)
    assert plan(ABSENT, failed, ways=(CHAT,), rev=4) is None
    let_in_again = plan(ABSENT, failed, ways=(CHAT,), rev=5)
    assert let_in_again is not None
    assert let_in_again.state is State.PENDING


def test_a_new_fact_is_tried_on_the_way_that_failed() -> None:
    found = plan(wanted(1, 2), thread(content(1), state=State.FAILED))
    assert found is not None
    assert (found.channel, found.state) == (TELEGRAM, State.PENDING)


@pytest.mark.parametrize("told", [None, content(2)])
def test_what_failed_on_the_first_way_goes_out_on_the_next(told: AbsenceContent | None) -> None:
    found = plan(ABSENT, thread(content(1), told, state=State.FAILED))
    assert found is not None
    assert (found.channel, found.state, found.purpose) == (MAIL, State.PENDING, Purpose.FALLBACK)


def test_with_every_way_given_up_nothing_is_repeated() -> None:
    threads = thread(content(1), state=State.FAILED), thread(content(1), state=State.FAILED, channel=MAIL)
    assert plan(ABSENT, *threads) is None


def test_told_by_letter_a_revived_messenger_keeps_quiet_until_there_is_something_new() -> None:
    dead = thread(content(1), state=State.FAILED)
    letter = thread(content(1), content(1), channel=MAIL, purpose=Purpose.FALLBACK)
    assert plan(ABSENT, dead, letter, rev=5) is None
    corrected = plan(PRESENT, dead, letter, rev=5)
    assert corrected is not None
    assert (corrected.channel, corrected.state, corrected.new_message) == (TELEGRAM, State.PENDING, True)


def test_a_reader_who_was_told_more_by_letter_is_told_anew_in_the_chat() -> None:
    """The chat still shows what is true again; but the letter spoke last."""
    chat = thread(content(1, 2), content(1), state=State.FAILED)
    letter = replace(thread(content(1, 2), content(1, 2), channel=MAIL), told=2)
    found = plan(ABSENT, chat, letter)
    assert found is not None
    assert (found.channel, found.state, found.new_message) == (TELEGRAM, State.PENDING, True)


# --- ways that are away for long --------------------------------------------------------------------------------------


def in_vain(want: AbsenceContent, told: AbsenceContent | None = None, **changes: Any) -> Thread:
    """Return a thread that was tried as often as it is before another way is looked for."""
    return thread(want, told, state=State.PENDING, in_vain=True, reason="server-error", **changes)


def left(want: AbsenceContent, told: AbsenceContent | None = None, **changes: Any) -> Thread:
    """Return one whose place another way has taken."""
    return thread(want, told, state=State.FAILED, reason=Reason.RETRIES_EXHAUSTED, **changes)


def test_a_messenger_that_is_away_for_long_gives_way_to_a_letter() -> None:
    failed, letter = plans(ABSENT, in_vain(content(1)))
    assert (failed.channel, failed.state, failed.reason) == (TELEGRAM, State.FAILED, Reason.RETRIES_EXHAUSTED)
    assert (letter.channel, letter.state, letter.purpose) == (MAIL, State.PENDING, Purpose.FALLBACK)
    assert is_news(letter)


def test_without_another_way_it_is_tried_on() -> None:
    found = plan(ABSENT, in_vain(content(1)), ways=(CHAT,))
    assert found is not None
    assert (found.channel, found.state) == (TELEGRAM, State.PENDING)
    dead = thread(content(1), channel=MAIL, state=State.FAILED, reason="no-such-mailbox")
    found = plan(ABSENT, in_vain(content(1)), dead)
    assert found is not None
    assert (found.channel, found.state) == (TELEGRAM, State.PENDING)


def test_two_ways_that_are_both_away_are_tried_in_turns_with_a_rest_between() -> None:
    failed, again = plans(ABSENT, left(content(1)), in_vain(content(1), channel=MAIL, purpose=Purpose.FALLBACK))
    assert (failed.channel, failed.state, failed.reason) == (MAIL, State.FAILED, Reason.RETRIES_EXHAUSTED)
    assert (again.channel, again.state) == (TELEGRAM, State.PENDING)
    assert again.timing.due_at == LATER + LONGEST
    assert again.timing.expires_at == plan(ABSENT).timing.expires_at  # type: ignore[union-attr]  # opened above


def test_a_way_that_was_left_is_tried_again_when_the_other_one_is_dead() -> None:
    dead = thread(content(1), channel=MAIL, state=State.FAILED, reason="no-such-mailbox")
    found = plan(ABSENT, left(content(1)), dead)
    assert found is not None
    assert (found.channel, found.state, found.timing.due_at) == (TELEGRAM, State.PENDING, LATER + LONGEST)


def test_what_may_have_come_by_letter_is_not_told_in_the_messenger_as_well() -> None:
    maybe = thread(content(1), channel=MAIL, state=State.UNKNOWN, unknowns=1)
    assert plans(ABSENT, left(content(1)), maybe) == ()


def test_of_yesterday_nothing_is_tried_again() -> None:
    dead = thread(content(1), channel=MAIL, state=State.FAILED, reason="no-such-mailbox")
    assert plans(ABSENT, left(content(1)), dead, at=NEXT_MORNING) == ()


def test_taken_back_while_the_messenger_is_away_nothing_is_told_anywhere() -> None:
    found = plan(PRESENT, in_vain(content(1)))
    assert found is not None
    assert (found.channel, found.state, found.reason) == (TELEGRAM, State.SUPPRESSED, Reason.SUPERSEDED)


def test_what_only_redraws_a_message_is_tried_on_and_sends_no_letter() -> None:
    found = plan(ANSWERED, in_vain(content(1, answer=ProposedReason.ILL), content(1)))
    assert found is not None
    assert (found.channel, found.state, found.content) == (TELEGRAM, State.PENDING, ANSWERED.interactive)


def test_a_second_lesson_meanwhile_goes_with_the_letter_as_well() -> None:
    second = wanted(1, 2)
    failed, letter = plans(second, in_vain(content(1)))
    assert (failed.state, letter.channel, letter.content) == (State.FAILED, MAIL, second.plain)


# --- no way at all ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", [Reason.NO_CONSENT, Reason.NO_ADDRESS, Reason.BARRED, Reason.RIGHTS_LOST])
def test_an_absence_that_nobody_may_tell_leaves_its_reason(why: Reason) -> None:
    found = plan(ABSENT, ways=Untold(why))
    assert found is not None
    assert (found.channel, found.state, found.reason) == (NO_CHANNEL, State.SUPPRESSED, why)


def test_what_waits_is_stopped_when_the_right_is_lost() -> None:
    found = plan(ABSENT, thread(content(1)), ways=Untold(Reason.RIGHTS_LOST))
    assert found is not None
    assert (found.channel, found.state, found.reason) == (TELEGRAM, State.SUPPRESSED, Reason.RIGHTS_LOST)


def test_what_was_told_and_may_no_longer_be_corrected_says_so() -> None:
    found = plan(PRESENT, thread(content(1), content(1)), ways=Untold(Reason.RIGHTS_LOST))
    assert found is not None
    assert (found.channel, found.state, found.reason) == (TELEGRAM, State.SUPPRESSED, Reason.RIGHTS_LOST)
    assert plan(ABSENT, thread(content(1), content(1)), ways=Untold(Reason.RIGHTS_LOST)) is None


def test_with_a_way_found_later_the_absence_is_told() -> None:
    nowhere = thread(content(1), channel=NO_CHANNEL, state=State.SUPPRESSED)
    found = plan(ABSENT, nowhere)
    assert found is not None
    assert (found.channel, found.state, found.purpose) == (TELEGRAM, State.PENDING, Purpose.ALERT)


# --- in flight --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", sorted(IN_FLIGHT))
@pytest.mark.parametrize("now_true", [PRESENT, wanted(1, 2)])
@pytest.mark.parametrize("ways", [BOTH, (LETTER,), Untold(Reason.NO_CONSENT)])
def test_what_a_courier_holds_is_only_raised(state: State, now_true: Wanted, ways: tuple[Route, ...] | Untold) -> None:
    found = plan(now_true, thread(content(1), state=state), ways=ways)
    assert found is not None
    assert (found.channel, found.state, found.content) == (TELEGRAM, None, now_true.interactive)


def test_nothing_begins_elsewhere_while_a_letter_is_on_its_way() -> None:
    letter = thread(content(1), channel=MAIL, state=State.SENDING)
    found = plan(ABSENT, letter)
    assert found is not None
    assert (found.channel, found.state) == (MAIL, None)
