"""What a reader chose to be told, how and how often: categories × channels × frequencies, by child. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from core.events import BAD_BELOW, Channel, DefaultSubscriptions, SchoolSettings, SchoolTelling
from gateway.categories import BY_SUBJECT, FOLLOWS, URGENT, Category
from gateway.states import Reason

FIRST_HOUR, LAST_HOUR = 16, 20
"""Hours at which a daily or weekly letter may leave. Source: house.md §6."""
DAYS = range(1, 8)
"""Days on which a weekly letter may leave, from Monday."""
LOWEST_THRESHOLD, HIGHEST_THRESHOLD = 2, 6
"""A reader may call marks below these bad: the ones only, up to every mark."""


class Mode(StrEnum):
    """How often (NOTIF-05)."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    OFF = "off"

    @property
    def is_letter(self) -> bool:
        """Tell whether it waits for an evening letter."""
        return self in (Mode.DAILY, Mode.WEEKLY)


STRENGTH = {Mode.NOW: 3, Mode.DAILY: 2, Mode.WEEKLY: 1, Mode.OFF: 0}
"""Of several choices the most insistent counts."""


@dataclass(frozen=True, slots=True)
class Frequency:
    """How often, and when: by the school's wall clock."""

    mode: Mode
    hour: int | None = None
    """For daily and weekly only; None: after the child's lessons (house.md §6)."""
    weekday: int | None = None
    """For weekly only; from 1, Monday, to 7."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense. Raises ``ValueError``."""
        if self.hour is not None and not self.mode.is_letter:
            raise ValueError("an hour belongs to daily and weekly")
        if (self.mode is Mode.WEEKLY) != (self.weekday is not None):
            raise ValueError("a weekday belongs to weekly")
        if self.hour is not None and not FIRST_HOUR <= self.hour <= LAST_HOUR:
            raise ValueError("hour out of range")
        if self.weekday is not None and self.weekday not in DAYS:
            raise ValueError("weekday out of range")

    @property
    def strength(self) -> int:
        """Order frequencies by how much they insist."""
        return STRENGTH[self.mode]


@dataclass(frozen=True, slots=True)
class Choice:
    """What one reader wants of one category: one frequency, and the channel that is tried first.

    One frequency only, so that each event is told once: what goes out at once is not told again in the evening.
    """

    mode: Mode
    channel: str | None
    """None for off."""
    hour: int | None = None
    """Of the school's wall clock, for daily and weekly only; None: after the child's lessons."""
    weekday: int | None = None
    """For weekly only; from 1, Monday, to 7."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense. Raises ``ValueError``."""
        if (self.mode is Mode.OFF) != (self.channel is None):
            raise ValueError("off has no channel, everything else has one")
        Frequency(self.mode, self.hour, self.weekday)

    @property
    def frequency(self) -> Frequency:
        """Return how often, whichever the way."""
        return Frequency(self.mode, self.hour, self.weekday)


OFF = Choice(Mode.OFF, None)
_LATER = frozenset(
    {Category.BAD_MARK, Category.MARK, Category.PRAISE, Category.LATENESS, Category.TEST, Category.EVENT}
)
"""What the recommended set tells in one daily letter."""


@dataclass(frozen=True, slots=True)
class SubscriptionRow:
    """One row as it is kept: how often something is told by one channel. Off: this channel is never used for it."""

    category: Category
    channel: str
    mode: Mode
    hour: int | None = None
    weekday: int | None = None
    pupil: UUID | None = None
    """Of this child only; None: of every child for whom nothing else was chosen."""

    @property
    def frequency(self) -> Frequency:
        """Return how often it is told by this channel."""
        return Frequency(self.mode, self.hour, self.weekday)


@dataclass(frozen=True, slots=True)
class Selection:
    """What a reader wants of one category, whichever the way: marks below a threshold, some subjects only."""

    category: Category
    pupil: UUID | None = None
    """Of this child only; None: of every child for whom nothing else was chosen."""
    below: int | None = None
    """For bad marks: which marks are bad to him. None: as the school has it (MARK-25)."""
    subjects: frozenset[str] = frozenset()
    """Names of subjects as the school writes them; empty: all of them."""

    def __post_init__(self) -> None:
        """Refuse what makes no sense. Raises ``ValueError``."""
        if self.below is not None and self.category is not Category.BAD_MARK:
            raise ValueError("a threshold belongs to bad marks")
        if self.below is not None and not LOWEST_THRESHOLD <= self.below <= HIGHEST_THRESHOLD:
            raise ValueError("threshold out of range")
        if self.subjects and self.category not in BY_SUBJECT:
            raise ValueError("this category knows no subjects")


def recommended(category: Category, telling: SchoolTelling) -> Choice:
    """Return the recommended choice: what is urgent at once, marks and praise in one letter after the lessons.

    How learning goes is told on the school's day of weekly letters, homework not at all: it stands in the diary. By
    the school's rules absences may join the evening letter (CONF-20), and changes of the timetable wait for the
    evening (DL-29).
    """
    if category is Category.HOMEWORK:
        return OFF
    if category is Category.DIGEST:
        return Choice(Mode.WEEKLY, Channel.MAIL, weekday=telling.weekly_letter_on)
    if category is Category.TIMETABLE and not telling.changes_at_once:
        # By the way that rings all the same: a day on which nobody must come is told at once whatever the rule.
        return Choice(Mode.DAILY, Channel.TELEGRAM)
    later = category in _LATER or insistence(category, telling).is_letter
    return Choice(Mode.DAILY, Channel.MAIL) if later else Choice(Mode.NOW, Channel.TELEGRAM)


def insistence(category: Category, telling: SchoolTelling) -> Mode:
    """Return how soon a school tells what it insists on: at once, but for absences of which teachers tell by hand."""
    return Mode.DAILY if category in URGENT and not telling.absences_at_once else Mode.NOW


def choices(
    rows: Iterable[SubscriptionRow], settings: SchoolSettings, telling: SchoolTelling, pupil: UUID | None = None
) -> Mapping[Category, Choice]:
    """Return the choice of every category: the reader's own rows, the school's default where he has none.

    For ``pupil``, or for every child of whom nothing else was chosen.
    """
    kept = tuple(rows)
    return {one: choice_of(own_rows(kept, one, pupil), one, settings, telling) for one in Category}


def own_rows(
    rows: Iterable[SubscriptionRow], category: Category, pupil: UUID | None = None
) -> tuple[SubscriptionRow, ...]:
    """Return the rows by which a reader chose for a category: for this child, or else for every child.

    A category that was a part of another goes with the other until it is chosen itself (``FOLLOWS``).
    """
    kept = tuple(rows)
    for wanted in (category, FOLLOWS.get(category)):
        for child in dict.fromkeys((pupil, None)):
            found = tuple(row for row in kept if row.category is wanted and row.pupil == child)
            if found:
                return found
    return ()


def choice_of(
    own: Iterable[SubscriptionRow], category: Category, settings: SchoolSettings, telling: SchoolTelling
) -> Choice:
    """Return what rows of one category come to; none: the school's default."""
    wanted = insistent(own)
    if not wanted:
        off = settings.default_subscriptions is DefaultSubscriptions.OFF
        return OFF if off else recommended(category, telling)
    first = wanted[0]
    return OFF if first.mode is Mode.OFF else Choice(first.mode, first.channel, first.hour, first.weekday)


def insisted(settings: SchoolSettings) -> frozenset[Category]:
    """Return what a school insists on: the categories that it names, and those that go with them (``FOLLOWS``)."""
    named = {Category(one.value) for one in settings.floor}
    return frozenset(one for one in Category if one in named or FOLLOWS.get(one) in named)


def insistent(rows: Iterable[SubscriptionRow]) -> tuple[SubscriptionRow, ...]:
    """Return rows in the order in which they count: the most insistent first, of equal ones messengers first."""
    order = [str(channel) for channel in Channel]

    def place(row: SubscriptionRow) -> tuple[int, int]:
        return -STRENGTH[row.mode], order.index(row.channel) if row.channel in order else len(order)

    return tuple(sorted(rows, key=place))


def selection_of(kept: Iterable[Selection], category: Category, pupil: UUID | None = None) -> Selection:
    """Return what a reader wants of a category for a child: his own word for this child, or else for every child."""
    found = {one.pupil: one for one in kept if one.category is category}
    return found.get(pupil) or found.get(None) or Selection(category)


def threshold(kept: Iterable[Selection], pupil: UUID | None = None) -> int:
    """Return below which value marks of this child are bad to a reader."""
    return selection_of(kept, Category.BAD_MARK, pupil).below or BAD_BELOW


def silence(
    wanted: Iterable[Category],
    rows: Iterable[SubscriptionRow],
    settings: SchoolSettings,
    pupil: UUID | None = None,
) -> Reason:
    """Say who decided that nothing of these categories is sent: the reader, or what holds without his choice."""
    kept = tuple(rows)
    if any(own_rows(kept, category, pupil) for category in wanted):
        return Reason.UNSUBSCRIBED
    off = settings.default_subscriptions is DefaultSubscriptions.OFF
    return Reason.NOT_ASKED_FOR if off else Reason.NOT_RECOMMENDED


def letters_wait(settings: SchoolSettings, *, asked: bool) -> bool:
    """Tell whether a reader's mailbox waits for his own word: his school sends nothing unasked (NOTIF-04).

    What the school insists on, and what is no subscription, goes there all the same.
    """
    return not asked and settings.default_subscriptions is DefaultSubscriptions.OFF


def rows_of(category: Category, choice: Choice, pupil: UUID | None = None) -> tuple[SubscriptionRow, ...]:
    """Return the rows that keep a choice: its channel, or every channel if nothing is wanted.

    A channel without a row stays open, should the chosen one fail; one that is off is never used.
    """
    if choice.channel is None:
        return tuple(SubscriptionRow(category, channel, Mode.OFF, pupil=pupil) for channel in Channel)
    return (SubscriptionRow(category, choice.channel, choice.mode, choice.hour, choice.weekday, pupil),)
