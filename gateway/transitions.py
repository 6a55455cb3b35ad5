"""What an outcome does to a delivery. Pure, and exhaustive over the closed set of outcomes."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple, assert_never

from gateway.content import read_content
from gateway.retry import MAX_UNKNOWN_SENDS, TRIES, backoff
from gateway.states import State
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown


class Act(StrEnum):
    """What a courier did with a message."""

    SEND = "send"
    EDIT = "edit"


class Limits(NamedTuple):
    """How far a message is tried by one channel."""

    copies: int = MAX_UNKNOWN_SENDS
    """How often it may be sent while nobody knows whether it arrived: 1 is never again."""
    tries: int = TRIES
    """After so many another way is looked for."""


USUAL = Limits()


@dataclass(frozen=True, slots=True)
class Tried:
    """One try of one delivery, before its outcome is known."""

    act: Act
    attempts: int
    """Tries of this delivery so far, this one included."""
    unknowns: int
    """Earlier sends and edits of this delivery of which nobody knows whether they arrived."""
    redraws: bool = False
    """The facts stand in the message already: only the reader's own act is drawn into it."""
    limits: Limits = USUAL

    @property
    def leaves_a_falsehood(self) -> bool:
        """True if the message, left as it is, shows or may show other facts than those that are wanted."""
        return not self.redraws or self.unknowns > 0

    @property
    def in_vain(self) -> bool:
        """True after the last try before another way is looked for: this once, for an outage is no time to plan."""
        return self.attempts == self.limits.tries


def describe(act: Act, attempts: int, unknowns: int, *, shown: str, told: str | None, limits: Limits = USUAL) -> Tried:
    """Describe a try by the keys of what it shows and of what was told before."""
    same = told is not None and read_content(shown).facts == read_content(told).facts
    return Tried(act, attempts, unknowns, redraws=act is Act.EDIT and same, limits=limits)


@dataclass(frozen=True, slots=True)
class Next:
    """What the delivery becomes."""

    outcome: str
    state: State
    reason: str | None
    provider_id: str | None = None
    wait: timedelta | None = None
    """Until the next try, for ``pending``; None while the credential pauses: the message is as due as it was."""
    unknown: bool = False
    address_dead: str | None = None
    pause: timedelta | None = None
    """For everything sent with this credential."""
    pause_grows: bool = False
    """Nobody said for how long: the longer it lasts, the longer the next pause."""
    new_message: bool = False
    """The message sent before is out of reach: the next one is new."""
    counted: bool = True
    """False for what was no try of this message."""
    replan: bool = False
    """Plan this reader again: another way may be left, or nothing to tell any more."""


def after(outcome: Outcome, tried: Tried, jitter: float) -> Next:
    """Return what becomes of a delivery after ``outcome``; ``jitter`` in [0, 1) spreads the pauses."""
    match outcome:
        case Accepted(provider_id):
            return Next("accepted", State.ACCEPTED, None, provider_id=provider_id)
        case Deferred():
            return _deferred(outcome, tried, jitter)
        case Rejected():
            return _rejected(outcome, tried)
        case Unknown(reason):
            return _unknown(reason, tried, jitter)
        case _ as never:
            assert_never(never)


def _deferred(outcome: Deferred, tried: Tried, jitter: float) -> Next:
    if not outcome.begun:
        # Its turn did not come in time: it keeps its place, and is looked at anew.
        return Next("deferred", State.PENDING, outcome.reason, counted=False)
    wait = backoff(tried.attempts, jitter) if outcome.retry_after is None else outcome.retry_after
    if outcome.whole_credential:
        # Not this message's fault: waiting is none of its tries. How long it has been due counts (``intake.AWAY``).
        grows = outcome.retry_after is None
        return Next("deferred", State.PENDING, outcome.reason, pause=wait, pause_grows=grows)
    return Next("deferred", State.PENDING, outcome.reason, wait=wait, replan=tried.in_vain)


def _rejected(outcome: Rejected, tried: Tried) -> Next:
    if outcome.address_is_dead:
        return Next("rejected", State.FAILED, outcome.reason, address_dead=outcome.reason, replan=True)
    if tried.act is Act.EDIT and (outcome.message_is_gone or tried.leaves_a_falsehood):
        return Next("rejected", State.PENDING, outcome.reason, wait=timedelta(), new_message=True, replan=True)
    return Next("rejected", State.FAILED, outcome.reason, replan=True)


def _unknown(reason: str, tried: Tried, jitter: float) -> Next:
    """Repeat an edit at will; send an absence once more, because a lost one is worse than a double."""
    wait = backoff(tried.attempts, jitter)
    if tried.act is Act.EDIT:
        # Until one is certain, the message may show these facts or those that stood there before.
        return Next("unknown", State.PENDING, reason, wait=wait, unknown=not tried.redraws, replan=tried.in_vain)
    if tried.unknowns + 1 < tried.limits.copies:
        return Next("unknown", State.PENDING, reason, wait=wait, unknown=True, replan=tried.in_vain)
    return Next("unknown", State.UNKNOWN, reason, unknown=True, replan=True)
