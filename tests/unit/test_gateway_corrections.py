"""What was told × what became of it × how the message stands → what happens: the whole table, with its reasons."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from core.events import Channel
from gateway.absence_content import AbsenceContent, Whereabouts, cleared_in
from gateway.all_clear import BEHIND, plan_all
from gateway.due_times import CORRECTION_LIVES
from gateway.routing import Route, Untold
from gateway.states import Purpose, Reason, State
from gateway.thread import Thread, Wanted
from gateway.threads import Plan, Reader
from tests.unit.gateway_cases import HOURS, MORNING, UNDO, content, head

TELEGRAM, MAIL = Channel.TELEGRAM.value, Channel.MAIL.value
CHAT, LETTER = Route(Channel.TELEGRAM, "telegram:1"), Route(Channel.MAIL, "mail:1")
BOTH, ONLY_LETTER = (CHAT, LETTER), (LETTER,)
REFUSED = Untold(Reason.NO_CONSENT)
LATER = MORNING + timedelta(minutes=20)

ABSENT = content(1)
PRESENT, EXPLAINED, MORE = content(), content(known=(1,)), content(1, 2)
CAME = replace(ABSENT, where=Whereabouts.CAME)
GONE = replace(content(1, 3), where=Whereabouts.GONE)


def thread(**changes: Any) -> Thread:
    """Return a thread of the message about the first lesson, accepted in the chat."""
    values: dict[str, Any] = {
        "id": UUID(int=9),
        "channel": TELEGRAM,
        "purpose": Purpose.ALERT,
        "state": State.ACCEPTED,
        "want": 1,
        "want_key": ABSENT.key(),
        "told": 1,
        "told_key": ABSENT.key(),
        "unknowns": 0,
        "rev": 1,
        "has_message": True,
    }
    return Thread(**(values | changes))


IN_CHAT = thread()
WAITS = thread(state=State.PENDING, told=None, told_key=None, has_message=False)
IN_LETTER = thread(channel=MAIL)
UNKNOWN = thread(state=State.UNKNOWN, told=None, told_key=None, has_message=False, unknowns=2)


def rung(*cleared: int, state: State = State.ACCEPTED, **changes: Any) -> Thread:
    """Return the thread of an all-clear."""
    key = PRESENT.ringing(cleared).key()
    told = {"told": 2, "told_key": key} if state is State.ACCEPTED else {"told": None, "told_key": None}
    values = {"purpose": Purpose.ALL_CLEAR, "state": state, "want_key": key, "has_message": state is State.ACCEPTED}
    return thread(**(values | told | changes))


def plans(
    truth: AbsenceContent,
    *threads: Thread,
    ways: tuple[Route, ...] | Untold = BOTH,
    bells: tuple[Thread, ...] = (),
    clear: bool = True,
) -> tuple[Plan, ...]:
    reader = Reader(ways, 1, Wanted(truth, truth), threads, HOURS, bells=bells, clear=clear)
    return plan_all(head(2), reader, LATER)


def outcome(found: tuple[Plan, ...], message: Thread = IN_CHAT) -> str:
    """Say in a word what happens to the reader who has, or waits for, this message."""
    leaves = [one for one in found if one.state is State.PENDING]
    bells = [one for one in leaves if one.purpose is Purpose.ALL_CLEAR]
    alerts = [one for one in leaves if one.purpose is not Purpose.ALL_CLEAR]
    if not found:
        return "nothing"
    if not leaves:
        return f"suppress: {found[0].reason}"
    edited = [one for one in alerts if one.channel == TELEGRAM == message.channel and not one.new_message]
    return {(1, 0): "edit", (1, 1): "edit+ring", (0, 0): "new", (0, 1): "ring"}[len(edited), len(bells)]


TABLE = [
    # became, state of the message, ways, what happens, why
    (PRESENT, WAITS, BOTH, "suppress: superseded", "within the undo window nobody heard of it"),
    (PRESENT, IN_CHAT, BOTH, "edit+ring", "whoever looks for a child does not look at old messages"),
    (PRESENT, IN_LETTER, ONLY_LETTER, "new", "a letter cannot be changed, and rings by itself"),
    (PRESENT, UNKNOWN, BOTH, "new", "it may have arrived, and which message it is nobody knows: true by itself"),
    (EXPLAINED, WAITS, BOTH, "suppress: superseded", "a known cause is told to nobody unasked (NOTIF-19)"),
    (EXPLAINED, IN_CHAT, BOTH, "edit", "a change of cause is told quietly"),
    (EXPLAINED, IN_LETTER, ONLY_LETTER, "new", "the letter said that nobody knows the cause"),
    (EXPLAINED, UNKNOWN, BOTH, "new", "as above; an edit is not possible"),
    (MORE, WAITS, BOTH, "edit", "one message that grows, not sent yet"),
    (MORE, IN_CHAT, BOTH, "edit", "six lessons of a day are one message that grows"),
    (MORE, IN_LETTER, ONLY_LETTER, "new", "the next letter tells all of it"),
    (MORE, UNKNOWN, BOTH, "new", "true by itself"),
    (CAME, WAITS, BOTH, "edit", "one message tells the absence and its end: nobody was alarmed, nobody is rung twice"),
    (CAME, IN_CHAT, BOTH, "edit+ring", "an all-clear must be told too (parents.md §4.2)"),
    (CAME, IN_LETTER, ONLY_LETTER, "new", "the letter rings by itself"),
    (CAME, UNKNOWN, BOTH, "new", "the new message is the all-clear, and rings"),
    (GONE, WAITS, BOTH, "edit", "not sent yet: it leaves as the graver message"),
    (GONE, IN_CHAT, BOTH, "new", "gone in the middle is more alarming than not to have come: it rings anew"),
    (GONE, IN_LETTER, ONLY_LETTER, "new", "a letter rings"),
    (GONE, UNKNOWN, BOTH, "new", "rings"),
    (ABSENT, WAITS, REFUSED, "suppress: no-consent", "nothing leaves without a consent (CONF-21)"),
    (ABSENT, IN_CHAT, REFUSED, "nothing", "what was told while it was allowed stays"),
    (
        PRESENT,
        IN_CHAT,
        REFUSED,
        "suppress: no-consent",
        "not even a correction may leave: the reason stands in the ledger",
    ),
    (PRESENT, IN_LETTER, REFUSED, "suppress: no-consent", "the same"),
    (PRESENT, UNKNOWN, REFUSED, "suppress: no-consent", "the same"),
    (ABSENT, WAITS, ONLY_LETTER, "new", "the chat is gone: what waits moves to the letter"),
    (ABSENT, IN_CHAT, ONLY_LETTER, "nothing", "he knows it; a new address is not told the old again"),
    (PRESENT, IN_CHAT, ONLY_LETTER, "new", "the correction follows him to the letter, which rings"),
    (CAME, IN_CHAT, ONLY_LETTER, "new", "so does the all-clear"),
    (ABSENT, IN_LETTER, BOTH, "nothing", "a messenger linked since is not told the old again"),
    (PRESENT, IN_LETTER, BOTH, "new", "the correction goes by the better way, as a message of its own"),
    (ABSENT, UNKNOWN, BOTH, "new", "the other way is tried, never a third copy on this one"),
]


@pytest.mark.parametrize(("became", "message", "ways", "happens", "why"), TABLE)
def test_each_correction_has_its_one_answer(
    became: AbsenceContent, message: Thread, ways: tuple[Route, ...] | Untold, happens: str, why: str
) -> None:
    found = plans(became, message, ways=ways)
    assert outcome(found, message) == happens, why
    assert all(one.content.facts == became.facts for one in found if one.state is State.PENDING)


def bell_of(found: tuple[Plan, ...]) -> Plan:
    (bell,) = (one for one in found if one.purpose is Purpose.ALL_CLEAR)
    return bell


def test_an_entry_taken_back_rings_at_once_and_a_child_who_came_after_the_teachers_second_thought() -> None:
    mistaken, came = bell_of(plans(PRESENT, IN_CHAT)).timing, bell_of(plans(CAME, IN_CHAT)).timing
    assert (mistaken.due_at, mistaken.expires_at) == (LATER + BEHIND, LATER + CORRECTION_LIVES)
    assert came.due_at == MORNING + UNDO + BEHIND
    edit = next(one for one in plans(CAME, IN_CHAT) if one.purpose is Purpose.ALERT)
    assert edit.timing.not_before == MORNING + UNDO, "the message is changed just before it rings"


CLEARED = thread(want=2, told=2, want_key=PRESENT.key(), told_key=PRESENT.key())
"""The alarm was changed into the all-clear already."""


@pytest.mark.parametrize(
    ("truth", "message", "bell", "happens", "why"),
    [
        (PRESENT, CLEARED, rung(1, state=State.PENDING), "ring", "it goes on waiting when the edit has left before it"),
        (
            ABSENT,
            CLEARED,
            rung(1, state=State.PENDING),
            "new",
            "absent after all: the alarm rings, the all-clear does not",
        ),
        (EXPLAINED, CLEARED, rung(1, state=State.PENDING), "edit", "absent with a cause: «в школе» would be a lie"),
        (PRESENT, IN_CHAT, rung(1), "edit", "a teacher who goes to and fro rings once"),
        (PRESENT, IN_CHAT, rung(1, state=State.UNKNOWN), "edit", "it may have rung: never again"),
        (PRESENT, IN_CHAT, rung(1, state=State.FAILED), "edit", "what is refused is not tried with every change"),
        (PRESENT, IN_CHAT, rung(1, state=State.SENDING), "edit", "it is on its way"),
        (PRESENT, IN_CHAT, rung(1, state=State.SUPPRESSED), "edit+ring", "nobody heard that one"),
        (PRESENT, thread(told_key=content(1, 4).key()), rung(1), "edit+ring", "another alarm, another all-clear"),
    ],
)
def test_an_all_clear_rings_once_for_each_alarm(
    truth: AbsenceContent, message: Thread, bell: Thread, happens: str, why: str
) -> None:
    found = plans(truth, message, bells=(bell,))
    assert outcome(found) == happens, why


def test_what_waits_is_stopped_with_its_reason() -> None:
    waits = rung(1, state=State.PENDING)
    reasons = [
        bell_of(plans(truth, CLEARED, bells=(waits,), ways=ways, clear=clear)).reason
        for truth, ways, clear in (
            (ABSENT, BOTH, True),
            (PRESENT, REFUSED, True),
            (PRESENT, ONLY_LETTER, True),
            (PRESENT, BOTH, False),
        )
    ]
    assert reasons == [Reason.SUPERSEDED, Reason.NO_CONSENT, Reason.MOVED, Reason.UNSUBSCRIBED]


@pytest.mark.parametrize("message", [thread(state=State.PENDING, has_message=False), thread(state=State.FAILED)])
def test_an_edit_that_came_to_nothing_takes_its_all_clear_along(message: Thread) -> None:
    gone = replace(message, want_key=PRESENT.key(), want=2)
    found = plans(PRESENT, gone, bells=(rung(1, state=State.PENDING),), ways=BOTH)
    assert outcome(found, gone) in ("new", "edit")
    assert bell_of(found).state is State.SUPPRESSED, "what comes instead rings by itself"


def test_an_edit_that_came_to_nothing_after_the_all_clear_rang_is_followed_by_no_message() -> None:
    gone = thread(state=State.PENDING, want=2, want_key=PRESENT.key(), has_message=False)
    found = plans(PRESENT, gone, bells=(rung(1),))
    assert [(one.state, one.reason) for one in found] == [(State.SUPPRESSED, Reason.SUPERSEDED)]
    # A bell that rang for something else, or perhaps did not ring, says nothing of this.
    alarms = plans(MORE, gone, bells=(rung(1),))
    perhaps = plans(PRESENT, gone, bells=(rung(1, state=State.UNKNOWN, unknowns=2),))
    assert [one.state for one in (*alarms, *perhaps)] == [State.PENDING, State.PENDING]


def test_whoever_does_not_want_it_is_not_rung_and_his_message_is_set_right_all_the_same() -> None:
    assert outcome(plans(PRESENT, IN_CHAT, clear=False)) == "edit"


def test_a_second_all_clear_is_a_new_message_and_names_every_alarm_that_is_over() -> None:
    told = thread(told_key=content(1, 4).key())
    bell = bell_of(plans(PRESENT, told, bells=(rung(1),)))
    assert bell.new_message
    assert cleared_in(bell.content.key()) == (1, 4)


def test_an_all_clear_shows_nothing_of_what_the_reader_did() -> None:
    pressed = replace(PRESENT, acknowledged=True)
    bell = bell_of(plans(pressed, IN_CHAT))
    assert bell.content == PRESENT.ringing([1])
