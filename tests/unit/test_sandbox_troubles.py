"""Rates and faults, on a clock that is moved by hand."""

from typing import Any

import pytest

from tests.unit.sandbox_clock import MovableClock
from zvonok.sandbox import faults as trouble
from zvonok.sandbox.faults import Fault, FaultRequestError, Faults, Refused, Scope, TooMany, effect_from_json
from zvonok.sandbox.limits import Limits
from zvonok.sandbox.mail_faults import NO_SUCH_MAILBOX, HangAfterDot, MailFaults, RefuseConnection
from zvonok.sandbox.refusals import RefusalError


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock()


@pytest.fixture
def limits(clock: MovableClock) -> Limits:
    return Limits(lambda: clock.seconds)


@pytest.fixture
def faults(clock: MovableClock) -> Faults:
    return Faults(lambda: clock.seconds)


def send(limits: Limits, chat_id: int = 1, bot_id: int = 42) -> int:
    """Send a message; return 0, or the seconds that its sender is told to wait."""
    try:
        limits.check(bot_id, chat_id)
    except RefusalError as refusal:
        return refusal.parameters["retry_after"]
    limits.count(bot_id, chat_id)
    return 0


def test_without_limits_everything_passes(limits: Limits) -> None:
    assert [send(limits) for _ in range(100)] == [0] * 100


def test_a_chat_takes_one_message_in_any_second(limits: Limits, clock: MovableClock) -> None:
    limits.enforce(per_token=None, per_chat=1)
    assert [send(limits), send(limits), send(limits, chat_id=2)] == [0, 1, 0]
    clock.move(seconds=0.75)
    assert send(limits) == 1
    clock.move(seconds=0.25)
    assert send(limits) == 0


def test_a_token_takes_thirty_in_any_second_not_in_each_calendar_second(limits: Limits, clock: MovableClock) -> None:
    limits.enforce(per_token=30, per_chat=None)
    assert [send(limits, chat) for chat in range(15)] == [0] * 15
    clock.move(seconds=0.5)
    assert [send(limits, chat) for chat in range(16)] == [0] * 15 + [1]
    clock.move(seconds=0.5)
    assert [send(limits, chat) for chat in range(16)] == [0] * 15 + [1]
    assert send(limits, bot_id=43) == 0


def test_the_last_second_counts_when_limits_are_turned_on_and_off(limits: Limits) -> None:
    send(limits)
    limits.enforce()
    assert (limits.rates.per_token, limits.rates.per_chat) == (30, 1)
    assert send(limits) == 1
    limits.lift()
    assert send(limits) == 0


@pytest.mark.parametrize("rates", [{"per_token": 0}, {"per_chat": -1}])
def test_a_rate_below_one_makes_no_sense(limits: Limits, rates: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="не меньше одного"):
        limits.enforce(**rates)


REQUEST = Scope(42, 7, "sendMessage")


@pytest.mark.parametrize(
    ("scope", "struck"),
    [
        (Scope(), True),
        (Scope(bot_id=42), True),
        (Scope(chat_id=7, method="sendmessage"), True),
        (Scope(bot_id=43), False),
        (Scope(chat_id=8), False),
        (Scope(method="editMessageText"), False),
    ],
)
def test_a_fault_strikes_in_its_scope(faults: Faults, scope: Scope, *, struck: bool) -> None:
    fault = faults.arm(TooMany(), scope)
    assert (faults.strike(REQUEST) is fault) is struck
    assert fault.struck == int(struck)


def strikes(faults: Faults, count: int) -> list[int | None]:
    return [found.number if (found := faults.strike(REQUEST)) else None for _ in range(count)]


def test_a_fault_is_spent_by_strikes_by_time_or_by_lifting(faults: Faults, clock: MovableClock) -> None:
    faults.arm(TooMany(), times=2, skip=1)
    faults.arm(TooMany(), lasts=5)
    assert strikes(faults, 4) == [2, 1, 1, 2]
    clock.move(seconds=5)
    lasting = faults.arm(TooMany())
    assert strikes(faults, 2) == [3, 3]
    faults.lift(lasting)
    assert strikes(faults, 1) == [None]
    assert faults.armed == ()


def test_lifting_all_releases_what_hangs(faults: Faults) -> None:
    hang: Fault = faults.arm(trouble.Hang())
    faults.lift_all()
    assert hang.released.is_set()
    assert faults.strike(REQUEST) is None
    assert faults.find(hang.number) is hang
    assert faults.find(99) is None


def test_a_lasting_fault_knows_how_long_it_still_lasts(faults: Faults, clock: MovableClock) -> None:
    fault = faults.arm(TooMany(), lasts=3.5)
    assert fault.remaining(clock.seconds) == 4
    clock.move(seconds=3.4)
    assert fault.remaining(clock.seconds) == 1
    assert faults.arm(TooMany()).remaining(clock.seconds) == 1


@pytest.mark.parametrize(
    ("order", "effect"),
    [
        ({"kind": "too_many"}, TooMany()),
        ({"kind": "too_many", "retry_after": 3}, TooMany(3)),
        ({"kind": "refused", "code": 403, "description": "x"}, Refused(403, "x")),
        ({"kind": "refused", "code": 502, "description": "x", "accepted": True}, Refused(502, "x", accepted=True)),
        ({"kind": "hang"}, trouble.Hang()),
        ({"kind": "cut"}, trouble.Cut(accepted=False)),
        ({"kind": "cut", "accepted": True}, trouble.Cut(accepted=True)),
        ({"kind": "garbage"}, trouble.Garbage()),
        ({"kind": "garbage", "body": "{", "accepted": False}, trouble.Garbage("{", accepted=False)),
        ({"kind": "slow", "seconds": 1}, trouble.Slow(1.0)),
    ],
)
def test_an_effect_is_read_from_json(order: dict[str, Any], effect: trouble.Effect) -> None:
    assert effect_from_json(order) == effect


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({}, "kind"),
        ({"kind": "explode"}, "kind"),
        ({"kind": "too_many", "retry_after": 0}, "retry_after"),
        ({"kind": "too_many", "retry_after": "soon"}, "retry_after"),
        ({"kind": "refused", "code": 200, "description": "x"}, "code"),
        ({"kind": "refused", "code": 400}, "description"),
        ({"kind": "slow"}, "seconds"),
        ({"kind": "slow", "seconds": -1}, "seconds"),
    ],
)
def test_a_senseless_effect_is_refused_by_its_field(order: dict[str, Any], field: str) -> None:
    with pytest.raises(FaultRequestError, match=field):
        effect_from_json(order)


def test_a_mail_fault_strikes_a_mailbox_a_domain_or_everybody() -> None:
    faults = MailFaults()
    faults.arm(NO_SUCH_MAILBOX, "Anna@Example.ru", times=1, skip=1)
    assert [faults.at_recipient("anna@example.ru") for _ in range(3)] == [None, NO_SUCH_MAILBOX.reply, None]
    domain = faults.arm(NO_SUCH_MAILBOX, "@example.ru")
    assert faults.at_recipient("oleg@example.ru") == NO_SUCH_MAILBOX.reply
    assert faults.at_recipient("oleg@example.com") is None
    faults.lift(domain)
    assert faults.at_recipient("oleg@example.ru") is None


def test_a_mail_fault_strikes_at_its_own_stage() -> None:
    faults = MailFaults()
    faults.arm(RefuseConnection("421 4.3.2 Позже"))
    hang = faults.arm(HangAfterDot())
    assert faults.at_recipient("a@example.ru") is None
    assert faults.at_connect() == "421 4.3.2 Позже"
    assert faults.at_dot(["a@example.ru"]) == (HangAfterDot(), hang.released)
    assert [fault.number for fault in faults.armed] == [1, 2]
    faults.lift_all()
    assert hang.released.is_set()
    assert (faults.at_connect(), faults.at_dot(["a@example.ru"])) == (None, None)
