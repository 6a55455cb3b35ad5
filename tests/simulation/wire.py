"""The provider: what lies outside the machine. It keeps every message that reached it, whatever it answered."""

import asyncio
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from notifiers.http_wire import WireReason
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
from notifiers.slots import Slots
from tests.simulation.effects import Kind, Process
from tests.simulation.turnstile import Turnstile

SLOTS = 4
"""Requests of one process at a time; an answer takes up to two seconds."""
TOKEN = re.compile(r"т(\d+)т")
"""What the world writes into everything that it states, so that a text says from which event it was made."""


@dataclass(frozen=True, slots=True)
class Post:
    """One request that reached the provider."""

    effect: int
    at: float
    process: str
    hurts: tuple[float, ...]
    """When the process had been stopped or slowed."""
    channel: str
    address: str
    key: str
    edits: str | None
    tokens: tuple[int, ...]
    arrived: bool
    """The reader has it."""
    outcome: Outcome
    marks: dict[str, "Mark"]
    """What the process had last marked as being on the wire, by delivery."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A try that a process has begun."""

    attempt: str
    effect: int
    at: float
    version: int
    claim_horizon: tuple[float, int]
    """How far planning had come at the claim: the moment, and the effect by which its pass had begun."""


@dataclass
class Weather:
    """How likely each answer is; the rest is accepted."""

    later: float = 0.0
    whole: float = 0.0
    down: float = 0.0
    vanished: float = 0.0
    """Arrived, but no answer came."""
    lost: float = 0.0
    """Not arrived, and no answer came."""
    refused: float = 0.0
    gone: float = 0.0
    """For edits: the message is out of reach."""

    def calm(self) -> None:
        """From now on everything is accepted."""
        self.later = self.whole = self.down = self.vanished = self.lost = self.refused = self.gone = 0.0


@dataclass
class Provider:
    """All channels of the outside world."""

    chance: random.Random
    weather: Weather
    posts: list[Post] = field(default_factory=list)
    silent: dict[str, float] = field(default_factory=dict)
    """By channel, how often a message arrives and no answer comes, whatever the weather else is."""
    away: set[str] = field(default_factory=set)
    """Channels whose server is not there."""
    blocked: set[str] = field(default_factory=set)
    """Addresses whose owner let nothing in."""
    ambush: Callable[[str], None] | None = None
    """Called with the address of the next request, which is put off: something happens while it is on its way."""
    marks: dict[str, dict[str, Mark]] = field(default_factory=dict)
    """By process: what it has marked."""
    _messages: int = 0

    def calm(self) -> None:
        """From now on everything is accepted."""
        self.weather.calm()
        self.silent.clear()
        self.away.clear()

    def take(self, process: Process, channel: str, message: Message, turnstile: Turnstile) -> tuple[Outcome, float]:
        """Take a request; return the answer, and after how many seconds it comes."""
        seconds = 4.0 if self.ambush is not None else self.chance.choice((0.0,) * 9 + (2.0,))
        outcome, arrived = self._verdict(message, channel)
        now = turnstile.loop.time()
        post = Post(
            effect=turnstile.effects,
            at=now,
            process=process.name,
            hurts=tuple(process.hurt),
            channel=channel,
            address=message.address,
            key=message.key,
            edits=message.provider_id,
            tokens=tuple(int(one) for one in dict.fromkeys(TOKEN.findall(message.text))),
            arrived=arrived,
            outcome=outcome,
            marks=dict(self.marks.get(process.name, {})),
        )
        self.posts.append(post)
        return outcome, seconds

    def _verdict(self, message: Message, channel: str) -> tuple[Outcome, bool]:
        if channel in self.away:
            return Deferred("connect-failed"), False
        if message.address in self.blocked:
            return Rejected("blocked", address_is_dead=True), False
        if self.ambush is not None:
            happens, self.ambush = self.ambush, None
            happens(message.address)
            return Deferred("slow-down", timedelta(seconds=3)), False
        weather, dice = self.weather, self.chance.random()
        answers: tuple[tuple[float, Outcome, bool], ...] = (
            (weather.later, Deferred("slow-down", timedelta(seconds=self.chance.choice((2, 30)))), False),
            (weather.whole, Deferred("flood", timedelta(seconds=20), whole_credential=True), False),
            (weather.down, Deferred("server-error"), False),
            (max(weather.vanished, self.silent.get(channel, 0.0)), Unknown("no-answer"), True),
            (weather.lost, Unknown("no-answer"), False),
            (weather.refused, Rejected("bad-request"), False),
            (weather.gone if message.provider_id else 0.0, Rejected("gone", message_is_gone=True), False),
        )
        for share, outcome, arrived in answers:
            if dice < share:
                return outcome, arrived
            dice -= share
        if message.provider_id is not None:
            return Accepted(message.provider_id), True
        self._messages += 1
        return Accepted(f"m{self._messages}"), True


@dataclass(eq=False)
class SimulatedNotifier:
    """The notifiers' port, with the provider behind it: each request is an effect."""

    channel: str
    process: Process
    provider: Provider
    turnstile: Turnstile
    _slots: Slots = field(init=False)

    def __post_init__(self) -> None:
        self._slots = Slots(SLOTS, self.turnstile.loop.time)

    @property
    def capabilities(self) -> Capabilities:
        return CAPABILITIES[self.channel]

    @property
    def room(self) -> int:
        """More than there is: some wait for a place longer than they may."""
        return 50

    async def send(self, batch: Sequence[Message], window: Window = ALWAYS) -> Sequence[Outcome]:
        return await asyncio.gather(*(self._send(message, window) for message in batch))

    async def close(self) -> None:
        raise AssertionError("no generation of the simulation ends in good order")

    async def _send(self, message: Message, window: Window) -> Outcome:
        async def act() -> tuple[Outcome, float]:
            # As the real ones do before the first byte: the process may have stood still since it took its place.
            if self.turnstile.loop.time() > window.leave_by():
                return Deferred(WireReason.CONNECT_TIMEOUT), 0.0
            return self.provider.take(self.process, self.channel, message, self.turnstile)

        if not await self._slots.take(window.begin_by):
            return Deferred("not-begun", begun=False)
        try:
            answer: tuple[Outcome, float] = await self.turnstile.through(
                self.process, Kind.POST, f"{self.channel} {message.key}", act
            )
            outcome, seconds = answer
            await asyncio.sleep(seconds)
        finally:
            self._slots.give_back()
        return outcome
