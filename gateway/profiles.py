"""What a reader chose to be told, how and how often: categories × channels × modes, and the recommended set. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.events import Channel, DefaultSubscriptions, SchoolSettings
from gateway.categories import Category
from gateway.states import Reason

FIRST_HOUR, LAST_HOUR = 16, 20
"""Hours at which a daily letter may leave. Source: house.md §6."""


class Mode(StrEnum):
    """How often (NOTIF-05)."""

    NOW = "now"
    DAILY = "daily"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Choice:
    """What one reader wants of one category: one mode, and the channel that is tried first.

    One mode only, so that each event is told once: what goes out at once is not told again in the evening.
    """

    mode: Mode
    channel: Channel | None
    """None for off."""
    hour: int | None = None
    """Of the school's wall clock, for daily only."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense. Raises ``ValueError``."""
        if (self.mode is Mode.OFF) != (self.channel is None):
            raise ValueError("off has no channel, everything else has one")
        if (self.mode is Mode.DAILY) != (self.hour is not None):
            raise ValueError("an hour belongs to daily")
        if self.hour is not None and not FIRST_HOUR <= self.hour <= LAST_HOUR:
            raise ValueError("hour out of range")


OFF = Choice(Mode.OFF, None)
_STRENGTH = {Mode.NOW: 2, Mode.DAILY: 1, Mode.OFF: 0}
_DAILY = frozenset({Category.BAD_MARK, Category.MARK, Category.PRAISE})


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One row as it is kept."""

    category: Category
    channel: Channel
    mode: Mode
    hour: int | None


def recommended(category: Category, hour: int) -> Choice:
    """Return the recommended choice: what is urgent at once, marks and praise in one evening letter, no homework."""
    if category is Category.HOMEWORK:
        return OFF
    return Choice(Mode.DAILY, Channel.MAIL, hour) if category in _DAILY else Choice(Mode.NOW, Channel.TELEGRAM)


def choices(rows: Iterable[SubscriptionRow], settings: SchoolSettings) -> Mapping[Category, Choice]:
    """Return the choice of every category: the reader's own rows, the school's default where he has none."""
    by_category: dict[Category, list[SubscriptionRow]] = {}
    for row in rows:
        by_category.setdefault(row.category, []).append(row)
    return {
        category: _own(by_category[category]) if category in by_category else _default(category, settings)
        for category in Category
    }


def silence(wanted: Iterable[Category], rows: Iterable[SubscriptionRow], settings: SchoolSettings) -> Reason:
    """Say who decided that nothing of these categories is sent: the reader, or what holds without his choice."""
    if {row.category for row in rows} & set(wanted):
        return Reason.UNSUBSCRIBED
    off = settings.default_subscriptions is DefaultSubscriptions.OFF
    return Reason.NOT_ASKED_FOR if off else Reason.NOT_RECOMMENDED


def strongest(wishes: Iterable[Choice]) -> Choice:
    """Return the most insistent of several choices."""
    return max(wishes, key=lambda choice: _STRENGTH[choice.mode], default=OFF)


def rows_of(category: Category, choice: Choice) -> tuple[SubscriptionRow, ...]:
    """Return the rows that keep a choice: one for each channel."""
    return tuple(
        SubscriptionRow(category, channel, choice.mode, choice.hour)
        if channel is choice.channel
        else SubscriptionRow(category, channel, Mode.OFF, None)
        for channel in Channel
    )


def _own(rows: list[SubscriptionRow]) -> Choice:
    order = list(Channel)
    wanted = sorted(rows, key=lambda row: (-_STRENGTH[row.mode], order.index(row.channel)))
    first = wanted[0]
    return OFF if first.mode is Mode.OFF else Choice(first.mode, first.channel, first.hour)


def _default(category: Category, settings: SchoolSettings) -> Choice:
    if settings.default_subscriptions is DefaultSubscriptions.OFF:
        return OFF
    return recommended(category, settings.digest_hour)
