"""A thread as it stands: what one reader was told of one subject on one channel, and what he shall know. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gateway.content import Content, read_content
from gateway.routing import INTERACTIVE
from gateway.states import Purpose, Reason, State

NO_CHANNEL = "none"
"""Channel of a thread that only records why nothing could be sent."""


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
    reason: str | None = None
    in_vain: bool = False
    """It was tried as often as it is before another way is looked for, and nobody was there to take it."""

    @property
    def tries_on(self) -> bool:
        """True if it waits for the next of many tries; another way comes first, if there is one."""
        return self.state is State.PENDING and self.in_vain

    @property
    def left_in_vain(self) -> bool:
        """True if another way took its place, or was to, after all these tries."""
        return self.state is State.FAILED and self.reason == Reason.RETRIES_EXHAUSTED

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


def spoke_last(threads: Iterable[Thread]) -> Thread | None:
    """Return the thread from which the reader heard, or may have heard, last; of two of the same, one to be edited.

    Two told the same of whoever had a duplicate by letter, and has none any more.
    """
    known = [thread for thread in threads if thread.may_be_known]
    return max(known, key=lambda thread: (*thread.heard, thread.editable), default=None)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be told now, by what the channel can show."""

    interactive: Content
    plain: Content

    def on(self, channel: str) -> Content:
        """Return what is to be told on this channel."""
        return self.interactive if channel in INTERACTIVE else self.plain
