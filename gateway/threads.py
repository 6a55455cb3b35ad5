"""What becomes of a reader's threads when something changed: wait, send, edit, fall back, or keep silent. Pure.

A thread is (subject, recipient, channel, purpose). It never forks: a newer version of the subject changes what the same
thread wants to tell, and whether there is anything to send follows from comparing that with what it told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from gateway import due_times
from gateway.content import Content
from gateway.due_times import Timing
from gateway.routing import INTERACTIVE, Route, Untold
from gateway.states import IN_FLIGHT, Purpose, Reason, State

NO_CHANNEL = "none"
"""Channel of a thread that only records why nothing could be sent."""


@dataclass(frozen=True, slots=True)
class Head:
    """The newest version of a subject, as planning needs it."""

    version: int
    occurred_at: datetime
    day: date
    zone: str
    undo_window: timedelta


@dataclass(frozen=True, slots=True)
class Thread:
    """A thread as it stands."""

    id: UUID
    channel: str
    purpose: Purpose
    state: State
    want_key: str
    told_key: str | None
    unknowns: int

    @property
    def may_be_known(self) -> bool:
        """True if the reader has, or may have, a message of this thread."""
        return self.told_key is not None or self.unknowns > 0

    @property
    def last_said(self) -> Content:
        """Return what the reader was told; for a message of unknown outcome, what it would have told."""
        return Content.read(self.told_key or self.want_key)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told now, by what the channel can show."""

    interactive: Content
    plain: Content

    def on(self, channel: str) -> Content:
        """Return what is to be told on this channel."""
        return self.interactive if channel in INTERACTIVE else self.plain


@dataclass(frozen=True, slots=True)
class Plan:
    """What a thread shall be. ``state`` None leaves it to the courier who holds it."""

    channel: str
    credential: str
    purpose: Purpose
    state: State | None
    content: Content
    timing: Timing
    reason: str | None = None
    new_message: bool = False
    """Forget the message sent before: the next one is new and true by itself."""


def plan_threads(
    head: Head, way: Route | Untold, threads: Sequence[Thread], wanted: Wanted, at: datetime
) -> tuple[Plan, ...]:
    """Decide what each thread of one reader shall be."""
    if isinstance(way, Untold):
        return _silence(head, way, threads, wanted.plain)
    content = wanted.on(way.channel)
    others = [thread for thread in threads if thread.channel not in (way.channel, NO_CHANNEL)]
    moved = tuple(_suppressed(head, thread, Reason.MOVED) for thread in others if thread.state is State.PENDING)
    target = next((thread for thread in threads if thread.channel == way.channel), None)
    plan = _new_thread(head, way, others, content, at) if target is None else _next(head, way, target, content, at)
    return moved if plan is None else (*moved, plan)


def _silence(head: Head, way: Untold, threads: Sequence[Thread], content: Content) -> tuple[Plan, ...]:
    """Stop what is pending and, if there was something to tell, record why nobody told it."""
    stopped = tuple(_suppressed(head, thread, way.reason) for thread in threads if thread.state is State.PENDING)
    if stopped or any(thread.may_be_known for thread in threads) or not content.alarming:
        return stopped
    nowhere = Plan(NO_CHANNEL, NO_CHANNEL, Purpose.ALERT, State.SUPPRESSED, content, _news(head), way.reason)
    return (nowhere,)


def _new_thread(head: Head, way: Route, others: Sequence[Thread], content: Content, at: datetime) -> Plan | None:
    """Open a thread on a channel that this reader has none on yet."""
    known = [thread for thread in others if thread.may_be_known]
    if known and known[0].told_key is not None and known[0].last_said.facts == content.facts:
        return None
    if not content.alarming and not known:
        return None
    timing = _news(head) if content.alarming else due_times.correction(at)
    purpose = Purpose.FALLBACK if others else Purpose.ALERT
    return Plan(way.channel, way.credential, purpose, State.PENDING, content, timing)


def _next(head: Head, way: Route, thread: Thread, content: Content, at: datetime) -> Plan | None:
    key = content.key()
    if thread.state in IN_FLIGHT:
        return _plan(way, thread, None, content, _news(head))
    if thread.told_key == key:
        settled = thread.state not in (State.PENDING, State.SUPPRESSED)
        return None if settled else _plan(way, thread, State.ACCEPTED, content, _news(head))
    if not thread.may_be_known:
        return _untold(head, way, thread, content)
    return _told(head, way, thread, content, at)


def _untold(head: Head, way: Route, thread: Thread, content: Content) -> Plan | None:
    """Continue a thread that has told nothing, for certain."""
    if not content.alarming:
        gone = thread.state is State.SUPPRESSED
        return None if gone else _suppressed(head, thread, Reason.SUPERSEDED, credential=way.credential)
    given_up = thread.state in (State.FAILED, State.EXPIRED) and thread.want_key == content.key()
    return None if given_up else _plan(way, thread, State.PENDING, content, _news(head))


def _told(head: Head, way: Route, thread: Thread, content: Content, at: datetime) -> Plan | None:
    """Continue a thread whose reader knows, or may know, something else than what is wanted now."""
    said = thread.last_said
    if said.facts == content.facts and thread.state in (State.UNKNOWN, State.FAILED):
        return None
    added = not set(content.alarming) <= set(said.alarming)
    timing = _news(head) if added else due_times.correction(at)
    # An edit does not ring. What was all-clear and is alarming again must ring; so must what follows an unknown.
    rings = (added and not said.alarming) or thread.state is State.UNKNOWN
    return _plan(way, thread, State.PENDING, content, timing, new_message=rings)


def _plan(
    way: Route, thread: Thread, state: State | None, content: Content, timing: Timing, *, new_message: bool = False
) -> Plan:
    return Plan(way.channel, way.credential, thread.purpose, state, content, timing, None, new_message)


def _suppressed(head: Head, thread: Thread, reason: Reason, credential: str = "") -> Plan:
    content = Content.read(thread.want_key)
    return Plan(thread.channel, credential, thread.purpose, State.SUPPRESSED, content, _news(head), reason)


def _news(head: Head) -> Timing:
    return due_times.news(head.occurred_at, head.undo_window, head.day, head.zone)
