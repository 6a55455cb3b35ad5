"""The provider behind the notifiers' port: keeps every request, and fails when the week says so."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from notifiers.port import (
    ALWAYS,
    CAPABILITIES,
    Accepted,
    Capabilities,
    Deferred,
    Message,
    Outcome,
    Rejected,
    Unknown,
    Window,
)


@dataclass(frozen=True, slots=True)
class Post:
    """One request, and what was answered."""

    at: datetime
    channel: str
    message: Message
    outcome: Outcome

    @property
    def arrived(self) -> bool:
        return isinstance(self.outcome, Accepted | Unknown)

    @property
    def delivery(self) -> str:
        """By the message's key: its delivery; of a letter, its bundle."""
        return self.message.key.split(".")[0]

    @property
    def edits(self) -> bool:
        return self.message.provider_id is not None

    @property
    def rings(self) -> bool:
        """A new message that is not silent; every letter of mail is one."""
        return self.arrived and not self.edits and not self.message.silent


@dataclass
class Wire:
    """All channels."""

    now: Callable[[], datetime]
    posts: list[Post] = field(default_factory=list)
    blocked: set[str] = field(default_factory=set)
    """Addresses whose owner let nothing in."""
    down: tuple[datetime, datetime] | None = None
    """When the messenger is away."""
    unanswered: set[str] = field(default_factory=set)
    """Addresses to which the next message arrives, but no answer comes back."""
    _count: int = 0

    def take(self, channel: str, message: Message) -> Outcome:
        outcome = self._verdict(channel, message)
        self.posts.append(Post(self.now(), channel, message, outcome))
        return outcome

    def _verdict(self, channel: str, message: Message) -> Outcome:
        if channel == "telegram" and self.down is not None and self.down[0] <= self.now() < self.down[1]:
            return Deferred("connect-failed")
        if message.address in self.blocked:
            return Rejected("blocked", address_is_dead=True)
        if message.address in self.unanswered:
            self.unanswered.discard(message.address)
            return Unknown("no-answer")
        self._count += 1
        return Accepted(message.provider_id or f"m{self._count}")


@dataclass(frozen=True, slots=True)
class WireNotifier:
    """One channel of the wire."""

    channel: str
    wire: Wire

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES[self.channel]

    @property
    def room(self) -> int:
        return 1000

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        del window  # nothing waits here
        return [self.wire.take(self.channel, message) for message in batch]

    async def close(self) -> None:
        """Nothing is kept open."""
