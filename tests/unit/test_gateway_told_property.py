"""Told versus true, at random: whatever changes and however sending ends, the reader is told the truth or told why not.

The ledger here is a model of the gateway's statements, in memory and for one reader, so that thousands of walks can be
made. That the statements do the same is shown by the random walks over a real database among the integration tests.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from core.events import Channel, ProposedReason
from gateway.absence_content import AbsenceContent, Missed, Partly, Whereabouts, cleared_in
from gateway.all_clear import plan_all
from gateway.profiles import OFF, Choice, Mode
from gateway.routing import AT_ONCE, INTERACTIVE, Route, Untold
from gateway.states import GIVEN_UP, IN_FLIGHT, Purpose, Reason, State
from gateway.thread import NO_CHANNEL, Thread, Wanted
from gateway.threads import Head, Plan, Reader
from gateway.transitions import Act, Limits, after, describe
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown
from tests.unit.gateway_cases import HOURS, MORNING, TODAY, UNDO, ZONE, absence, content, read_absence

TELEGRAM, MAIL = Channel.TELEGRAM, Channel.MAIL
type Facts = tuple[tuple[Missed, ...], Whereabouts, tuple[Partly, ...]]
NOTHING: Facts = ((Missed(0, "", content(1).lessons[0].kind, told=True),), Whereabouts.AWAY, ())
"""Stands for "the reader has heard nothing": no real day has a lesson 0."""

SOON = Limits(tries=3)
"""Walks are short, and shall come to the end of the tries."""
OUTCOMES: tuple[Outcome, ...] = (
    Accepted("7"),
    Deferred("server-error"),
    Rejected("refused"),
    Rejected("blocked-by-user", address_is_dead=True),
    Rejected("edit-impossible", message_is_gone=True),
    Unknown("no-answer"),
)
FACTS = (
    content(),
    content(1),
    content(1, 2),
    content(2, known=(1,)),
    content(known=(1,)),
    content(1, where=Whereabouts.CAME),
    content(1, 3, where=Whereabouts.GONE),
)


@dataclass
class Ledger:
    """One reader's rows, and what his eyes may have seen."""

    truth: AbsenceContent = FACTS[0]
    version: int = 0
    now: datetime = MORNING
    occurred_at: datetime = MORNING
    rev: int = 1
    consent: bool = True
    living: dict[Channel, bool] = field(default_factory=lambda: {TELEGRAM: True, MAIL: True})
    threads: dict[str, Thread] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=dict)
    certain: list[tuple[str, str]] = field(default_factory=list)
    """Channel and content key of every send that was accepted or of unknown outcome."""
    choice: Choice = AT_ONCE
    """At once, in the evening, or not at all: the reader may change his mind at any time."""
    bells: dict[str, Thread] = field(default_factory=dict)
    rung: set[int] = field(default_factory=set)
    """Lessons of whose alarm the reader heard, or may have, that it is over."""
    rang_last: bool = False
    """The last that the reader heard was an all-clear that rang."""
    in_letters: set[str] = field(default_factory=set)
    """Channels whose pending thread waits for an evening letter: its message is never edited later."""
    heard: frozenset[Facts] = frozenset({NOTHING})
    """What the last thing may be that the reader was told."""

    @property
    def ways(self) -> tuple[Route, ...] | Untold:
        found = tuple(Route(channel, f"{channel}:1") for channel, alive in self.living.items() if alive)
        if not self.consent:
            return Untold(Reason.NO_CONSENT)
        if self.choice.mode is Mode.OFF:
            return Untold(Reason.UNSUBSCRIBED)
        return found or Untold(Reason.ADDRESS_DEAD)

    @property
    def wanted(self) -> Wanted:
        return Wanted(interactive=self.truth, plain=replace(self.truth, answer=None))

    @property
    def rows(self) -> dict[str, Thread]:
        """The threads but for the revision that they were planned with, and why one that waits was not taken."""
        bells = {f"bell of {channel}": thread for channel, thread in self.bells.items()}
        return {
            channel: replace(thread, rev=0, reason=None if thread.state is State.PENDING else thread.reason)
            for channel, thread in (self.threads | bells).items()
        }

    @property
    def pending(self) -> list[Thread]:
        return [thread for thread in self.threads.values() if thread.state is State.PENDING]

    @property
    def waiting_bells(self) -> list[Thread]:
        return [bell for bell in self.bells.values() if bell.state is State.PENDING]

    @property
    def all_is_told(self) -> bool:
        if self.heard == {NOTHING}:
            return not self.truth.alarming
        return self.heard == {self.truth.facts}

    @property
    def rang_true(self) -> bool:
        """Whether an all-clear that rang says all that is true, whatever became of the alarm's own edit (ADR 0031)."""
        return self.rang_last and any(bell.assures(self.truth) for bell in self.bells.values())

    @property
    def in_doubt(self) -> bool:
        return any(thread.unknowns for thread in self.threads.values())

    def plan(self) -> None:
        head = Head(self.version, self.occurred_at, TODAY, ZONE, UNDO, urgent=self.choice.mode is Mode.NOW)
        reader = Reader(
            self.ways,
            self.rev,
            self.wanted,
            tuple(self.threads.values()),
            HOURS,
            self.choice,
            bells=tuple(self.bells.values()),
            clear=self.choice.mode is Mode.NOW,
        )
        for plan in plan_all(head, reader, self.now):
            (self.put_bell if plan.purpose is Purpose.ALL_CLEAR else self.put)(plan)

    def put_bell(self, plan: Plan) -> None:
        """Do the same for the all-clear that rings."""
        old, key, state = self.bells.get(plan.channel), plan.content.key(), plan.state
        assert state is not None
        assert old is None or old.state not in IN_FLIGHT
        if old is None:
            nothing: Any = {"told": None, "told_key": None, "unknowns": 0, "rev": self.rev, "has_message": False}
            new = (UUID(int=99), plan.channel, plan.purpose, state, self.version, key)
            self.bells[plan.channel] = Thread(*new, **nothing)
            return
        has_message = old.has_message and not plan.new_message
        self.bells[plan.channel] = replace(old, state=state, want=self.version, want_key=key, has_message=has_message)

    def ring(self, bell: Thread, outcome: Outcome) -> None:
        """Send the all-clear that waits: never while an alarm stands, never twice for one lesson."""
        cleared = cleared_in(bell.want_key)
        assert not self.truth.standing
        assert self.truth.is_over(frozenset(cleared))
        assert not set(cleared) <= self.rung, "rung twice"
        match outcome:
            case Accepted():
                self.rang_last = True
                ended = replace(bell, state=State.ACCEPTED, told=bell.want, told_key=bell.want_key, has_message=True)
            case Unknown():
                ended = replace(bell, state=State.UNKNOWN, unknowns=1)
            case Rejected():
                ended = replace(bell, state=State.FAILED)
            case Deferred():
                return
        if not isinstance(outcome, Rejected):
            self.rung |= set(cleared)
        self.bells[bell.channel] = ended
        self.plan()

    def put(self, plan: Plan) -> None:
        """Do what ``planning.PUT`` does."""
        key = plan.content.key()
        old = self.threads.get(plan.channel)
        if plan.state is State.PENDING:
            (self.in_letters.discard if plan.timing.slot is None else self.in_letters.add)(plan.channel)
        if old is None:
            assert plan.state is not None
            new = Thread(
                UUID(int=len(self.threads)),
                plan.channel,
                plan.purpose,
                plan.state,
                self.version,
                key,
                None,
                None,
                0,
                self.rev,
                has_message=False,
            )
            self.threads[plan.channel] = new
            return
        assert plan.purpose is old.purpose, "a thread never forks"
        assert (plan.state is None) == (old.state in IN_FLIGHT), "in flight a thread is the courier's"
        if plan.state is State.PENDING and old.state is not State.PENDING:
            self.attempts[plan.channel] = 0
        self.threads[plan.channel] = replace(
            old,
            want=self.version,
            want_key=key,
            told_key=None if plan.new_message and not old.unknowns and old.told_key == key else old.told_key,
            rev=old.rev if plan.state is None else self.rev,
            state=plan.state or old.state,
            unknowns=min(old.unknowns, 1) if plan.new_message else old.unknowns,
            has_message=old.has_message and not plan.new_message,
            reason=old.reason if plan.state is None else plan.reason,
            in_vain=self.attempts.get(plan.channel, 0) >= SOON.tries,
        )

    def change(self, truth: AbsenceContent) -> None:
        self.version += 1
        self.truth, self.occurred_at = truth, self.now
        self.plan()

    def send(self, thread: Thread, outcome: Outcome, meanwhile: AbsenceContent | None) -> None:
        """Do what a courier does: pack, mark, send, record."""
        shown = absence(self.wanted.on(thread.channel))
        key, channel = shown.key(), thread.channel
        assert key == thread.want_key, "what is wanted follows the head"
        if key == thread.told_key and thread.unknowns == 0 and (thread.has_message or channel in self.in_letters):
            self.threads[channel] = replace(thread, state=State.ACCEPTED)
            return
        said = any(one != key for _, one in self.certain)
        if thread.told_key is None and thread.unknowns == 0 and not said and not shown.alarming:
            self.threads[channel] = replace(thread, state=State.SUPPRESSED)
            return
        edits = channel in INTERACTIVE and thread.has_message and channel not in self.in_letters
        act = Act.EDIT if edits else Act.SEND
        assert act is Act.EDIT or self.in_doubt or not self.all_is_told, "sent twice without any doubt"
        version = self.version
        self.attempts[channel] = self.attempts.get(channel, 0) + 1
        self.threads[channel] = replace(thread, state=State.SENDING, want=version)
        if meanwhile is not None:
            self.change(meanwhile)
        if isinstance(outcome, Rejected) and outcome.message_is_gone and act is Act.SEND:
            outcome = Rejected(outcome.reason)
        self.record(channel, shown, version, act, outcome)

    def record(self, channel: str, shown: AbsenceContent, version: int, act: Act, outcome: Outcome) -> None:
        """Do what ``ledger.ACCEPTED`` and ``ledger.NOT_ACCEPTED`` do."""
        thread = self.threads[channel]
        raised = thread.want_key != shown.key()
        tried = describe(
            act, self.attempts[channel], thread.unknowns, shown=shown.key(), told=thread.told_key, limits=SOON
        )
        result = after(outcome, tried, 0.0)
        if isinstance(outcome, Accepted) and act is Act.EDIT and self.choice.mode is Mode.NOW:
            self.heard_it_ring(channel, thread, shown)
        if isinstance(outcome, Accepted | Unknown):
            self.rang_last = False
            self.certain.append((channel, shown.key()))
        if result.state is State.ACCEPTED:
            self.heard = frozenset({shown.facts})
            state = State.PENDING if raised else State.ACCEPTED
            self.attempts[channel] = 0
            self.threads[channel] = replace(
                thread,
                state=state,
                told=version,
                told_key=shown.key(),
                unknowns=0,
                has_message=channel not in self.in_letters,
                reason=None,
                in_vain=False,
            )
        else:
            if isinstance(outcome, Unknown):
                self.heard |= {shown.facts}
            self.threads[channel] = replace(
                thread,
                state=State.PENDING if raised and result.state in GIVEN_UP else result.state,
                unknowns=thread.unknowns + result.unknown,
                has_message=thread.has_message and not result.new_message,
                reason=result.reason,
                in_vain=self.attempts[channel] >= SOON.tries,
            )
        if result.address_dead is not None:
            self.living[Channel(channel)] = False
            self.rev += 1
        stale = self.threads[channel].state is State.PENDING and self.threads[channel].rev != self.rev
        if result.replan or stale or raised:
            self.plan()

    def heard_it_ring(self, channel: str, thread: Thread, shown: AbsenceContent) -> None:
        """Whoever's alarm was changed without a sound into an all-clear is, or was, rung for it as well."""
        over = shown.clears(read_absence(thread.told_key or thread.want_key))
        bell = self.bells.get(channel)
        assert not over or (bell is not None and over <= set(cleared_in(bell.want_key)))


class ToldAndTrue(RuleBasedStateMachine):
    """Walks of one reader's day."""

    def __init__(self) -> None:
        super().__init__()
        self.ledger = Ledger()

    @initialize(ways=st.sets(st.sampled_from(Channel), min_size=1))
    def begin(self, ways: set[Channel]) -> None:
        self.ledger.living = {channel: channel in ways for channel in (TELEGRAM, MAIL)}

    @rule(truth=st.sampled_from(FACTS))
    def the_journal_changes(self, truth: AbsenceContent) -> None:
        self.ledger.change(replace(truth, answer=self.ledger.truth.answer))

    @precondition(lambda self: NOTHING not in self.ledger.heard and TELEGRAM in self.ledger.threads)
    @rule(answer=st.sampled_from(ProposedReason))
    def the_reader_answers(self, answer: ProposedReason) -> None:
        self.ledger.change(replace(self.ledger.truth, answer=answer))

    @precondition(lambda self: self.ledger.pending)
    @rule(outcome=st.sampled_from(OUTCOMES), meanwhile=st.none() | st.sampled_from(FACTS))
    def a_courier_sends(self, outcome: Outcome, meanwhile: AbsenceContent | None) -> None:
        (thread,) = self.ledger.pending
        self.ledger.send(thread, outcome, meanwhile)

    @precondition(lambda self: self.ledger.pending)
    @rule(times=st.integers(1, 3))
    def the_wire_works(self, times: int) -> None:
        for _ in range(times):
            for thread in self.ledger.pending:
                self.ledger.send(thread, Accepted("7"), None)

    @precondition(lambda self: self.ledger.waiting_bells)
    @rule(outcome=st.sampled_from(OUTCOMES))
    def an_all_clear_rings(self, outcome: Outcome) -> None:
        (bell,) = self.ledger.waiting_bells
        self.ledger.ring(bell, outcome)

    @rule(channel=st.sampled_from(Channel), alive=st.booleans())
    def an_address_changes(self, channel: Channel, *, alive: bool) -> None:
        self.ledger.living[channel] = alive
        self.ledger.rev += 1
        self.ledger.plan()

    @rule(choice=st.sampled_from([AT_ONCE, OFF, Choice(Mode.DAILY, MAIL, 18), Choice(Mode.DAILY, TELEGRAM, 17)]))
    def the_reader_changes_his_mind(self, choice: Choice) -> None:
        self.ledger.choice = choice
        self.ledger.rev += 1
        self.ledger.plan()

    @rule(consent=st.booleans())
    def consent_changes(self, *, consent: bool) -> None:
        self.ledger.consent = consent
        self.ledger.rev += 1
        self.ledger.plan()

    @precondition(lambda self: self.ledger.pending)
    @rule()
    def time_passes(self) -> None:
        (thread,) = self.ledger.pending
        self.ledger.now += timedelta(days=3)
        self.ledger.threads[thread.channel] = replace(thread, state=State.EXPIRED)

    @invariant()
    def no_all_clear_waits_that_is_none(self) -> None:
        for bell in self.ledger.waiting_bells:
            assert self.ledger.truth.is_over(frozenset(cleared_in(bell.want_key)))

    @invariant()
    def one_thing_waits_at_most(self) -> None:
        assert len(self.ledger.pending) <= 1

    @invariant()
    def planning_again_changes_nothing(self) -> None:
        if isinstance(self.ledger.ways, Untold):
            # The reason may stand at another thread of the reader as well.
            self.ledger.plan()
        before = self.ledger.rows
        self.ledger.plan()
        assert self.ledger.rows == before

    @invariant()
    def whoever_does_not_know_the_truth_waits_for_it_or_a_reason_stands(self) -> None:
        ledger = self.ledger
        if ledger.all_is_told or ledger.pending or ledger.rang_true:
            return
        if isinstance(ledger.ways, Untold):
            assert any(thread.state in {State.SUPPRESSED, *GIVEN_UP} for thread in ledger.threads.values())
            return
        for way in ledger.ways:
            thread = ledger.threads.get(way.channel)
            over = any(one.state is State.EXPIRED for one in ledger.threads.values())
            assert over or thread is not None
            assert over or (thread is not None and thread.state in GIVEN_UP)

    @invariant()
    def nothing_waits_that_is_told(self) -> None:
        for thread in self.ledger.pending:
            drawn_anew = thread.editable and thread.told_key != thread.want_key
            assert not self.ledger.all_is_told or self.ledger.in_doubt or drawn_anew

    @invariant()
    def no_thread_stands_for_a_way_that_is_closed(self) -> None:
        ways = self.ledger.ways
        usable = set() if isinstance(ways, Untold) else {way.channel for way in ways}
        assert {thread.channel for thread in (*self.ledger.pending, *self.ledger.waiting_bells)} <= usable
        assert NO_CHANNEL not in {thread.channel for thread in self.ledger.pending}


class LongWalks(ToldAndTrue):
    """The same, for longer."""


WALKS = settings(max_examples=80, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ToldAndTrue.TestCase.settings = WALKS
LongWalks.TestCase.settings = settings(WALKS, max_examples=3000, stateful_step_count=40)
TestToldAndTrue = ToldAndTrue.TestCase
TestLongWalks = pytest.mark.deep(pytest.mark.timeout(1200)(LongWalks.TestCase))
