"""Trouble on command: what goes wrong, for whom, how often, how long.

A fault is armed, strikes the requests in its scope (the oldest armed fault first), and is spent after ``times``
strikes, after ``lasts`` seconds, or when lifted.
"""

import asyncio
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from zvonok.sandbox.chronicle import MonotonicClock

_GARBAGE = "<html><body>Whoops</body></html>"
_LAST_STATUS = 599
_KINDS = ("too_many", "refused", "hang", "cut", "garbage", "slow")


@dataclass(frozen=True, slots=True)
class TooMany:
    """429, nothing done. Without ``retry_after`` the caller is told the seconds that the fault still lasts."""

    retry_after: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Any other refusal: 400, 403, 5xx. ``accepted`` makes it a lie: the work is done all the same."""

    code: int
    description: str
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """The work is done, the answer withheld until the fault is released or the caller hangs up."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks without an answer, before the work is done or after."""

    accepted: bool


@dataclass(frozen=True, slots=True)
class Garbage:
    """200 with a body that is no JSON."""

    body: str = _GARBAGE
    accepted: bool = True


@dataclass(frozen=True, slots=True)
class Slow:
    """The work is done at once, the answer comes after so many seconds."""

    seconds: float


type Effect = TooMany | Refused | Hang | Cut | Garbage | Slow
"""The closed set. Match it exhaustively and end with ``assert_never``."""


def blocked() -> Refused:
    """403 as for a person who stopped the bot."""
    return Refused(HTTPStatus.FORBIDDEN, "Forbidden: bot was blocked by the user")


def bad_gateway() -> Refused:
    """502 as from Telegram's own front."""
    return Refused(HTTPStatus.BAD_GATEWAY, "Bad Gateway")


@dataclass(frozen=True, slots=True)
class Scope:
    """Whom a fault strikes; None means any. Methods are compared without regard to case."""

    bot_id: int | None = None
    chat_id: int | None = None
    method: str | None = None

    def covers(self, other: "Scope") -> bool:
        """Whether a request (all three known, or None where it has none) lies in this scope."""
        same_method = self.method is None or self.method.lower() == (other.method or "").lower()
        return same_method and self.bot_id in (None, other.bot_id) and self.chat_id in (None, other.chat_id)


@dataclass(slots=True)
class Fault:
    """An armed fault."""

    number: int
    effect: Effect
    scope: Scope
    times: int | None
    """Strikes left; None for any number."""
    skip: int
    """Requests still to be spared."""
    until: float | None
    """By the monotonic clock; None for ever."""
    struck: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def remaining(self, now: float) -> int:
        """Whole seconds that it still lasts, at least one."""
        return max(1, math.ceil(self.until - now)) if self.until is not None else 1


class Faults:
    """The faults that are armed."""

    def __init__(self, monotonic: MonotonicClock) -> None:
        self._monotonic = monotonic
        self._number = 0
        self._faults: dict[int, Fault] = {}
        self._armed: set[int] = set()

    @property
    def armed(self) -> tuple[Fault, ...]:
        """Faults that can still strike, oldest first."""
        now = self._monotonic()
        faults = (self._faults[number] for number in sorted(self._armed))
        return tuple(fault for fault in faults if fault.until is None or now < fault.until)

    def arm(
        self,
        effect: Effect,
        scope: Scope = Scope(),
        *,
        times: int | None = None,
        lasts: float | None = None,
        skip: int = 0,
    ) -> Fault:
        """Arm a fault: at most ``times`` strikes, for ``lasts`` seconds, sparing the first ``skip`` requests."""
        self._number += 1
        until = None if lasts is None else self._monotonic() + lasts
        fault = Fault(self._number, effect, scope, times, skip, until)
        self._faults[fault.number] = fault
        self._armed.add(fault.number)
        return fault

    def strike(self, request: Scope) -> Fault | None:
        """Find and count the fault that this request meets; None if it is lucky."""
        for fault in self.armed:
            if not fault.scope.covers(request):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.struck += 1
            if fault.times is not None:
                fault.times -= 1
                if fault.times == 0:
                    self._armed.discard(fault.number)
            return fault
        return None

    def find(self, number: int) -> Fault | None:
        """Find a fault by its number, spent ones too."""
        return self._faults.get(number)

    def release(self, fault: Fault) -> None:
        """Let the withheld answers of a hang go, and let later ones pass at once."""
        fault.released.set()

    def lift(self, fault: Fault) -> None:
        """Strike nobody any more; answers that are withheld already stay so until released."""
        self._armed.discard(fault.number)

    def lift_all(self) -> None:
        """Lift every fault and release every hang."""
        for fault in self._faults.values():
            self.lift(fault)
            self.release(fault)


class FaultRequestError(ValueError):
    """An order for a fault makes no sense; the text names the field, in Russian."""


def effect_from_json(data: Mapping[str, Any]) -> Effect:
    """Read an effect, ``{"kind": "refused", "code": 400, "description": "…"}``; ``FaultRequestError`` if it is none."""
    kind = data.get("kind")
    if kind == "refused":
        code, description = data.get("code"), data.get("description")
        if (
            not isinstance(code, int)
            or not HTTPStatus.BAD_REQUEST <= code <= _LAST_STATUS
            or not isinstance(description, str)
        ):
            raise FaultRequestError("Поля code (400…599) и description обязательны для отказа.")
        return Refused(code, description, accepted=data.get("accepted") is True)
    if kind == "slow":
        seconds = data.get("seconds")
        if not isinstance(seconds, int | float) or isinstance(seconds, bool) or seconds < 0:
            raise FaultRequestError("Поле seconds: нужно число секунд, не меньше нуля.")
        return Slow(float(seconds))
    return _simple_effect(kind, data)


def _simple_effect(kind: Any, data: Mapping[str, Any]) -> Effect:
    if kind == "too_many":
        retry_after = data.get("retry_after")
        if retry_after is not None and (not isinstance(retry_after, int) or retry_after < 1):
            raise FaultRequestError("Поле retry_after: нужно целое число секунд, не меньше одной.")
        return TooMany(retry_after)
    if kind == "hang":
        return Hang()
    if kind == "cut":
        return Cut(accepted=data.get("accepted") is True)
    if kind == "garbage":
        return Garbage(str(data.get("body", _GARBAGE)), accepted=data.get("accepted", True) is True)
    raise FaultRequestError(f"Поле kind: нужно одно из {', '.join(_KINDS)}.")
