"""What becomes of a reader's threads when something changed: wait, send, edit, fall back, or keep silent. Pure.

A thread is (subject, recipient, channel, purpose). It never forks: a newer version of the subject changes what the same
thread wants to tell, and whether there is anything to send follows from comparing that with what the reader heard,
on whichever channel he heard it last.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from gateway import due_times
from gateway.categories import Category
from gateway.content import Content, ends_in_silence, is_news, read_content, rings_again
from gateway.daily_budget import DailyBudget
from gateway.due_times import Hours, Settle, Timing
from gateway.occasions import Occasion, ReaderTimes, timed
from gateway.profiles import Choice
from gateway.retry import LONGEST
from gateway.routing import AT_ONCE, Route, Untold
from gateway.school_days import EVERY_EVENING, Evenings, Rhythm
from gateway.states import GIVEN_UP, IN_FLIGHT, TOLD, Purpose, Reason, State
from gateway.terms import TERMS, Terms
from gateway.thread import NO_CHANNEL, Thread, Wanted, spoke_last


@dataclass(frozen=True, slots=True)
class Head:
    """The newest version of a subject, as planning needs it."""

    version: int
    occurred_at: datetime
    day: date
    zone: str
    undo_window: timedelta
    urgent: bool = True
    """It passes quiet hours, and is no news when its day is over."""
    first: bool = False
    """It waits for loud hours, and is then sent before what is not urgent."""
    subject: str = ""
    terms: Terms = TERMS[Category.NOTICE]
    settle: Settle = field(default_factory=Settle)
    began_at: datetime | None = None
    """Of the first version that this reader was not told; None: of the newest."""
    alone: bool = False
    """It asks for an answer, and so waits for no letter, which has no buttons."""
    until: date | None = None
    """The last school day on which it is of use."""
    needed_by: datetime | None = None
    """A letter that leaves later is not waited for."""
    over_at: datetime | None = None
    """When it is no news any more; None: its terms alone say so."""

    def occasion(self, at: datetime, *, news: bool, alone: bool) -> Occasion:
        """Return what is to be told, as time sees it; what takes back or clarifies is of now, and settles no more."""
        return Occasion(
            subject=self.subject,
            changed_at=self.occurred_at if news else at,
            day=self.day,
            zone=self.zone,
            undo_window=self.undo_window if news else timedelta(),
            terms=self.terms if news else replace(self.terms, settles=False),
            settle=self.settle,
            began_at=self.began_at if news else None,
            alone=self.alone or alone,
            until=self.until,
            needed_by=self.needed_by,
            over_at=self.over_at,
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader of one subject: his ways, what he shall know, and the threads by which he was told so far."""

    ways: tuple[Route, ...] | Untold
    rev: int
    wanted: Wanted
    threads: tuple[Thread, ...]
    hours: Hours
    choice: Choice = AT_ONCE
    evenings: Evenings | None = None
    """Of his letters; None: only the school's zone is known."""
    budget: DailyBudget = field(default_factory=lambda: DailyBudget(limit=None))
    letter: Rhythm = EVERY_EVENING
    """Of the letter that takes what is over the budget."""
    bells: tuple[Thread, ...] = ()
    """All-clears that rang, or wait to (``gateway.all_clear``)."""
    clear: bool = False
    """Whether he wants to be rung for them."""

    @property
    def times(self) -> ReaderTimes:
        """Return when he may be reached, and when he wants to be."""
        choice = self.choice
        clock = None if choice.hour is None else time(choice.hour)
        rhythm = Rhythm(clock, choice.weekday) if choice.mode.is_letter else None
        evenings = self.evenings or Evenings(self.hours.zone)
        return ReaderTimes(self.hours, evenings, rhythm, self.budget, self.letter)

    def on(self, channel: str) -> Thread | None:
        """Return the thread on a channel."""
        return next((thread for thread in self.threads if thread.channel == channel), None)

    @property
    def spoke_last(self) -> Thread | None:
        """Return the thread from which the reader heard, or may have heard, last."""
        return spoke_last(self.threads)


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


def plan_threads(head: Head, reader: Reader, at: datetime) -> tuple[Plan, ...]:
    """Decide what each thread of one reader shall be.

    While something is on its way to him, only what it wants is raised, and nothing else begins: what becomes of it
    decides whether another way is needed. The courier asks for a plan again when more was wanted than he told.
    """
    flying = [thread for thread in reader.threads if thread.state in IN_FLIGHT]
    if flying:
        return tuple(_raised(head, thread, reader.wanted.on(thread.channel)) for thread in flying)
    if _over(reader):
        return ()
    if isinstance(reader.ways, Untold):
        return _silence(head, reader, reader.ways.reason)
    waiting = [thread for thread in reader.threads if thread.state is State.PENDING]
    way, plan = _planned(head, reader, reader.ways, at)
    if way is None:
        return tuple(_suppressed(head, thread, Reason.ADDRESS_DEAD) for thread in waiting)
    moved = tuple(_moved(head, thread) for thread in waiting if thread.channel != way.channel)
    return moved if plan is None else (*moved, plan)


def _planned(head: Head, reader: Reader, ways: Sequence[Route], at: datetime) -> tuple[Route | None, Plan | None]:
    """Choose the way, and plan what goes there. Where another way has nothing to tell, the tries go on."""
    fresh = next((way for way in ways if not _spent(reader, way)), None)
    if fresh is None and (again := _once_more(reader, ways)) is not None:
        plan = _next(head, reader, again, at)
        return again, plan if plan is None else _put_off(plan, reader, at)
    plan = None if fresh is None else _next(head, reader, fresh, at)
    tried_on = next((way for way in ways if _tries_on(reader, way)), None)
    if plan is None and tried_on is not None:
        return tried_on, _next(head, reader, tried_on, at)
    return fresh, plan


def _once_more(reader: Reader, ways: Sequence[Route]) -> Route | None:
    """Return a way that was left after many tries, to be tried again: no other one is fresh.

    So a messenger and a mail server that are both away are asked in turns, until the news is none any more. What may
    have arrived by one of them is never said once more by another.
    """
    if any(thread.state is State.UNKNOWN and thread.wants(reader.wanted) for thread in reader.threads):
        return None
    left = (way for way in ways if (one := reader.on(way.channel)) is not None and one.left_in_vain)
    return next(left, None)


def _over(reader: Reader) -> bool:
    """Tell whether this very thing was wanted last, and its time passed: no other way makes it news again."""
    newest = max((thread.want for thread in reader.threads), default=0)
    return any(
        thread.want == newest and thread.state is State.EXPIRED and thread.wants(reader.wanted)
        for thread in reader.threads
    )


def _spent(reader: Reader, way: Route) -> bool:
    """Tell whether this very thing was given up on this way, so that the next one is to be tried.

    A failure is looked at again when anything of the reader has changed since (a blocked bot let in again); what may
    have arrived is never said once more.
    """
    if _tries_on(reader, way):
        return True
    thread = reader.on(way.channel)
    if thread is None or thread.state not in GIVEN_UP or not thread.wants(reader.wanted):
        return False
    return thread.state is not State.FAILED or thread.rev == reader.rev


def _tries_on(reader: Reader, way: Route) -> bool:
    thread = reader.on(way.channel)
    return thread is not None and thread.tries_on


def _silence(head: Head, reader: Reader, why: Reason) -> tuple[Plan, ...]:
    """Stop what is pending and, if there was something to tell, record why nobody told it."""
    waiting = tuple(thread for thread in reader.threads if thread.state is State.PENDING)
    if waiting:
        return tuple(_unspoken(head, reader, thread, why) for thread in waiting)
    heard = reader.spoke_last
    known = reader.wanted.plain.alarming == () if heard is None else heard.said_of(reader.wanted)
    if known:
        return ()
    silent = [thread for thread in reader.threads if thread is heard or thread.state is State.SUPPRESSED]
    if silent:
        return (_unspoken(head, reader, max(silent, key=lambda one: (one.want, one.state is State.SUPPRESSED)), why),)
    return (Plan(NO_CHANNEL, NO_CHANNEL, Purpose.ALERT, State.SUPPRESSED, reader.wanted.plain, _news(head), why),)


def _unspoken(head: Head, reader: Reader, thread: Thread, why: Reason) -> Plan:
    content = reader.wanted.on(thread.channel)
    return Plan(thread.channel, "", thread.purpose, State.SUPPRESSED, content, _news(head), why)


def _next(head: Head, reader: Reader, way: Route, at: datetime) -> Plan | None:
    content, thread, heard = reader.wanted.on(way.channel), reader.on(way.channel), reader.spoke_last
    if heard is None:
        return _untold(head, reader, way, content, at)
    if heard.assures(content):
        return None if thread is None else _known(head, way, thread, content, at)
    if ends_in_silence(content) and (heard is not thread or not heard.editable):
        waits = thread is not None and thread.state is State.PENDING
        return _suppressed(head, thread, Reason.SUPERSEDED) if thread is not None and waits else None
    return _told(head, way, heard, reader, at)


def _untold(head: Head, reader: Reader, way: Route, content: Content, at: datetime) -> Plan | None:
    """Tell a reader who, for certain, knows nothing."""
    thread = reader.on(way.channel)
    if not content.alarming:
        if thread is None or thread.state is State.SUPPRESSED:
            return None
        return _suppressed(head, thread, Reason.SUPERSEDED)
    timing = _told_at(head, reader, at)
    if timing.expires_at <= at and any(other.state in GIVEN_UP for other in reader.threads):
        return None
    return _plan(way, reader, State.PENDING, content, timing)


def _known(head: Head, way: Route, thread: Thread, content: Content, at: datetime) -> Plan | None:
    """Settle a thread whose reader knows the facts; at most, draw anew what he did with the message."""
    if thread.told_key == content.key():
        return None if thread.state in TOLD else _of(way, thread, State.ACCEPTED, content, _news(head))
    if thread.editable and thread.state not in GIVEN_UP:
        return _of(way, thread, State.PENDING, content, due_times.correction(at))
    if thread.state is not State.PENDING:
        return None
    if thread.assures(content):
        return _of(way, thread, State.ACCEPTED, content, _news(head))
    return _suppressed(head, thread, Reason.SUPERSEDED)


def _told(head: Head, way: Route, heard: Thread, reader: Reader, at: datetime) -> Plan | None:
    """Tell a reader who knows, or may know, something else than what is wanted now."""
    content, thread, said = reader.wanted.on(way.channel), reader.on(way.channel), heard.last_said
    again = heard.told_key is None and bool(content.alarming)
    # An edit does not ring. What was all-clear and is alarming again must ring; so must what follows an unknown, and
    # what follows a message on another channel.
    rings = thread is None or rings_again(content, said) or thread.state is State.UNKNOWN or heard is not thread
    edits = thread is not None and thread.editable and not rings
    news = is_news(content, said) or again
    timing = _told_at(head, reader, at, news=news, edits=edits)
    if thread is None:
        return None if timing.expires_at <= at else _plan(way, reader, State.PENDING, content, timing)
    return _of(way, thread, State.PENDING, content, timing, new_message=rings)


def _plan(way: Route, reader: Reader, state: State, content: Content, timing: Timing) -> Plan:
    """Open a thread, or go on with the one that is there."""
    thread = reader.on(way.channel)
    if thread is not None:
        return _of(way, thread, state, content, timing)
    others = [other for other in reader.threads if other.channel != NO_CHANNEL]
    purpose = Purpose.FALLBACK if others else Purpose.ALERT
    return Plan(way.channel, way.credential, purpose, state, content, timing)


def _of(
    way: Route, thread: Thread, state: State, content: Content, timing: Timing, *, new_message: bool = False
) -> Plan:
    return Plan(way.channel, way.credential, thread.purpose, state, content, timing, None, new_message)


def _raised(head: Head, thread: Thread, content: Content) -> Plan:
    return Plan(thread.channel, "", thread.purpose, None, content, _news(head))


def _suppressed(head: Head, thread: Thread, reason: Reason) -> Plan:
    content = read_content(thread.want_key)
    return Plan(thread.channel, "", thread.purpose, State.SUPPRESSED, content, _news(head), reason)


def _moved(head: Head, thread: Thread) -> Plan:
    """Leave a way for another one; a way that was tried in vain has failed, and says so."""
    moved = _suppressed(head, thread, Reason.MOVED)
    return replace(moved, state=State.FAILED, reason=Reason.RETRIES_EXHAUSTED) if thread.tries_on else moved


def _put_off(plan: Plan, reader: Reader, at: datetime) -> Plan:
    """Let a way that failed not long ago rest before it is tried again; a letter waits for its evening anyway."""
    thread = reader.on(plan.channel)
    if plan.state is not State.PENDING or thread is None or not thread.left_in_vain:
        return plan
    return replace(plan, timing=replace(plan.timing, due_at=max(plan.timing.due_at, at + LONGEST)))


def _told_at(head: Head, reader: Reader, at: datetime, *, news: bool = True, edits: bool = False) -> Timing:
    """Time what is to be told: at once, in loud hours, or with the evening letter. An edit waits for no letter."""
    if head.urgent and not reader.choice.mode.is_letter:
        return _news(head) if news else due_times.correction(at)
    return timed(head.occasion(at, news=news, alone=edits), reader.times, at)


def _news(head: Head) -> Timing:
    return due_times.news(head.occurred_at, head.undo_window, head.day, head.zone)
