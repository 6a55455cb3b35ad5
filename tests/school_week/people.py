"""Two schools in two zones, sixty pupils, a hundred guardians; everybody has a name by which the tables call him.

Pupils 0…35 learn in Yekaterinburg, 36…59 in Kaliningrad. Pupils 0…19 are ten pairs of brothers and sisters, with the
mother and the father of the elder (even) one; the others are only children. ``m20`` is the mother of pupil 20, ``d20``
the father, who lives elsewhere in many families: nothing of one is ever shown to the other.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from core.events import Channel, RelationKind

SPACE = UUID("5c4001ee-0000-4000-8000-000000000007")
MONDAY = date(2026, 10, 19)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LONG_AGO = date(2026, 9, 1)
TELEGRAM, MAIL = Channel.TELEGRAM, Channel.MAIL
BOTH = (TELEGRAM, MAIL)


@dataclass(frozen=True, slots=True)
class Place:
    """A school and its clock."""

    name: str
    zone: str

    @property
    def id(self) -> UUID:
        return uuid5(SPACE, self.name)

    def at(self, words: str) -> datetime:
        """Read «Wed 08:40» or «Wed 08:40:30» by the school's wall clock."""
        day, clock = words.split()
        return datetime.combine(day_of(day), time.fromisoformat(clock), ZoneInfo(self.zone)).astimezone(UTC)

    def wall(self, at: datetime) -> str:
        """Write a moment as the table has it, to the minute."""
        here = at.astimezone(ZoneInfo(self.zone))
        return f"{DAYS[here.weekday()]} {here:%H:%M}"


def day_of(name: str) -> date:
    """Return the day of the week's name."""
    return MONDAY + timedelta(days=DAYS.index(name))


URAL = Place("Школа «Радуга»", "Asia/Yekaterinburg")
BALTIC = Place("Школа «Маяк»", "Europe/Kaliningrad")
HOLIDAY = "Fri"
"""The Ural school rests on it; the Baltic one does not."""


@dataclass(frozen=True, slots=True)
class Pupil:
    """A pupil by number."""

    number: int

    @property
    def id(self) -> UUID:
        return uuid5(SPACE, f"pupil {self.number}")

    @property
    def name(self) -> str:
        return f"Ученик-{self.number:02d} Саша"

    @property
    def place(self) -> Place:
        return URAL if self.number < 36 else BALTIC

    @property
    def class_title(self) -> str:
        return ("5 «А»", "7 «Б»", "9 «В»", "6 «А»", "8 «А»")[self.number // 12]

    @property
    def home(self) -> int:
        """The number by which the guardians of this pupil are called."""
        return self.number - self.number % 2 if self.number < 20 else self.number


@dataclass(frozen=True, slots=True)
class Tie:
    """What ties a guardian to a pupil, as it stands when the week begins."""

    kind: RelationKind = RelationKind.PARENT
    may_see: bool = True
    barred: bool = False
    no_contact: bool = False
    consents: bool = True


@dataclass(frozen=True, slots=True)
class Guardian:
    """An adult: his mailbox and chat exist if his ways say so."""

    code: str
    ways: tuple[Channel, ...]
    tie: Tie = field(default_factory=Tie)
    unverified: tuple[Channel, ...] = ()

    @property
    def id(self) -> UUID:
        return uuid5(SPACE, f"guardian {self.code}")

    @property
    def number(self) -> int:
        return int(self.code[1:])

    @property
    def pupils(self) -> tuple[Pupil, ...]:
        return tuple(one for one in PUPILS if one.home == self.number)

    @property
    def place(self) -> Place:
        return PUPILS[self.number].place

    def address(self, channel: Channel) -> str:
        return (
            f"{self.code}@example.ru" if channel is MAIL else str(7_000_000 + self.number * 2 + (self.code[0] == "d"))
        )


PUPILS = tuple(Pupil(number) for number in range(60))
HOMES = (*range(0, 20, 2), *range(20, 60))

OTHERWISE: dict[str, tuple[tuple[Channel, ...], Tie]] = {
    "d22": (BOTH, Tie(barred=True)),
    "d23": (BOTH, Tie(kind=RelationKind.TRUSTED)),
    "d24": (BOTH, Tie(consents=False)),
    "d25": ((), Tie()),
    "d26": (BOTH, Tie(no_contact=True)),
    "m27": ((MAIL,), Tie()),
    "d28": ((MAIL,), Tie()),
    "d29": (BOTH, Tie(may_see=False)),
    "d45": ((TELEGRAM,), Tie(kind=RelationKind.TRUSTED)),
    "d46": (BOTH, Tie(consents=False)),
}
"""Whoever is not as most are: mothers have both ways; fathers a mailbox, a chat, or both, by turns.

``d28`` has never proved that his mailbox is his.
"""


def _guardian(code: str) -> Guardian:
    usual = BOTH if code[0] == "m" else ((MAIL,), (TELEGRAM,), BOTH)[int(code[1:]) % 3]
    ways, tie = OTHERWISE.get(code, (usual, Tie()))
    unverified = (MAIL,) if code == "d28" else ()
    return Guardian(code, ways, tie, unverified)


GUARDIANS = {code: _guardian(code) for home in HOMES for code in (f"m{home}", f"d{home}")}


def of_pupil(number: int) -> tuple[Guardian, Guardian]:
    """Return mother and father."""
    home = PUPILS[number].home
    return GUARDIANS[f"m{home}"], GUARDIANS[f"d{home}"]
