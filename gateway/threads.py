"""What becomes of a reader's threads when something changed: wait, send, edit, fall back, or keep silent. Pure.

A thread is (subject, recipient, channel, purpose). It never forks: a newer version of the subject changes what the same
thread wants to tell, and whether there is anything to send follows from comparing that with what the reader heard,
on whichever channel he heard it last.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from gateway import due_times
from gateway.categories import Category
from gateway.content import Content, ends_in_silence, is_news, read_content, rings_again
from gateway.daily_budget import DailyBudget
from gateway.due_times import Hours, Settle, Timing
from gateway.occasions import Occasion, ReaderTimes, timed
from gateway.profiles import Choice
from gateway.routing import AT_ONCE, INTERACTIVE, Route, Untold
from gateway.school_days import EVERY_EVENING, Evenings, Rhythm
from gateway.states import GIVEN_UP, IN_FLIGHT, TOLD, Purpose, Reason, State
from gateway.terms import TERMS, Terms

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
class Thread:
    """A thread as it stands."""

    id: UUID
    channel: str
    purpose: Purpose
    state: State
    want: int
    want_key: str
    told: int | None
    told_key: str | None
    unknowns: int
    """Sends and edits since the last certain one of which nobody knows whether they arrived."""
    rev: int
    """Of the reader, when this thread was last planned."""
    has_message: bool
    """A message of this thread is known by the provider's id."""
    bundle: UUID | None = None
    """The evening letter that it waits for, or left with."""
    slot: datetime | None = None
    """Of that letter."""
    began_at: datetime | None = None
    """When the first change happened that this thread has not told."""

    @property
    def waits_to_tell(self) -> bool:
        """True if something is to be told from here that was not told before."""
        return self.state in (State.PENDING, State.CLAIMED, State.SENDING) and self.want_key != self.told_key

    @property
    def may_be_known(self) -> bool:
        """True if the reader has, or may have, a message of this thread."""
        return self.told_key is not None or self.unknowns > 0

    @property
    def last_said(self) -> Content:
        """Return what the reader was told; for a message of unknown outcome, what it would have told."""
        return read_content(self.told_key or self.want_key)

    @property
    def heard(self) -> tuple[int, bool]:
        """Order threads by how new the version is that the reader may have from them; of the same, what is certain."""
        certain = self.told is not None and self.unknowns == 0
        return (self.told if self.told is not None and certain else self.want, certain)

    @property
    def editable(self) -> bool:
        """True if there is a message that can be changed."""
        return self.has_message and self.channel in INTERACTIVE

    def stays_in(self, slot: datetime, at: datetime) -> bool:
        """Tell whether it still waits for the letter it was put into: one that is due, or that of the same evening.

        A letter that a courier gave back, or must try again, is the same letter, although it is closed to others.
        """
        waits = self.state is State.PENDING and self.bundle is not None and self.slot is not None
        return waits and (self.slot == slot or (self.slot is not None and self.slot <= at))

    def assures(self, content: Content) -> bool:
        """Tell whether the reader certainly has these facts from here."""
        return self.told_key is not None and self.unknowns == 0 and self.last_said.facts == content.facts

    def said_of(self, wanted: "Wanted") -> bool:
        """Tell whether these facts are what the reader has, or may have, from here."""
        return self.last_said.facts == wanted.on(self.channel).facts

    def wants(self, wanted: "Wanted") -> bool:
        """Tell whether these facts are what this thread was last planned to tell."""
        return read_content(self.want_key).facts == wanted.on(self.channel).facts


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told now, by what the channel can show."""

    interactive: Content
    plain: Content

    def on(self, channel: str) -> Content:
        """Return what is to be told on this channel."""
        return self.interactive if channel in INTERACTIVE else self.plain


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
        known = [thread for thread in self.threads if thread.may_be_known]
        return max(known, key=lambda thread: thread.heard, default=None)


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
    way = next((way for way in reader.ways if not _spent(reader, way)), None)
    waiting = [thread for thread in reader.threads if thread.state is State.PENDING]
    if way is None:
        return tuple(_suppressed(head, thread, Reason.ADDRESS_DEAD) for thread in waiting)
    moved = tuple(_suppressed(head, thread, Reason.MOVED) for thread in waiting if thread.channel != way.channel)
    plan = _next(head, reader, way, at)
    return moved if plan is None else (*moved, plan)


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
    thread = reader.on(way.channel)
    if thread is None or thread.state not in GIVEN_UP or not thread.wants(reader.wanted):
        return False
    return thread.state is not State.FAILED or thread.rev == reader.rev


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


def _told_at(head: Head, reader: Reader, at: datetime, *, news: bool = True, edits: bool = False) -> Timing:
    """Time what is to be told: at once, in loud hours, or with the evening letter. An edit waits for no letter."""
    if head.urgent and not reader.choice.mode.is_letter:
        return _news(head) if news else due_times.correction(at)
    return timed(head.occasion(at, news=news, alone=edits), reader.times, at)


def _news(head: Head) -> Timing:
    return due_times.news(head.occurred_at, head.undo_window, head.day, head.zone)
