"""Whom a refusal by policy concerns: the letter, or the account."""

from notifiers.mail_errors import MailReason
from notifiers.mail_policy import Policy
from notifiers.port import Accepted, Deferred, Outcome, Rejected
from tests.unit.sandbox_clock import MovableClock

SPAM = Deferred(MailReason.POLICY)
ACCOUNT = Deferred(MailReason.POLICY, whole_credential=True)


def policy() -> tuple[Policy, MovableClock]:
    clock = MovableClock()
    return Policy(lambda: clock.seconds), clock


def test_one_mailbox_that_refuses_again_and_again_is_one_mailbox() -> None:
    kept, _ = policy()
    assert [kept.judged("a", SPAM) for _ in range(20)] == [SPAM] * 20


def test_the_third_mailbox_in_a_row_makes_it_the_account() -> None:
    kept, _ = policy()
    assert [kept.judged(one, SPAM) for one in "abacb"] == [SPAM, SPAM, SPAM, ACCOUNT, ACCOUNT]


def test_a_letter_that_is_taken_shows_that_the_account_is_well() -> None:
    kept, _ = policy()
    said = [kept.judged("a", SPAM), kept.judged("b", SPAM), kept.judged("x", Accepted("1")), kept.judged("c", SPAM)]
    assert said == [SPAM, SPAM, Accepted("1"), SPAM]


def test_refusals_that_are_minutes_apart_are_not_counted_together() -> None:
    kept, clock = policy()
    found: list[Outcome] = []
    for one in "abcd":
        found.append(kept.judged(one, SPAM))
        clock.seconds += 200
    assert found == [SPAM] * 4


def test_other_outcomes_pass_as_they_are() -> None:
    kept, _ = policy()
    for one in (Rejected("refused"), Deferred("temporary"), ACCOUNT):
        assert kept.judged("a", one) == one
