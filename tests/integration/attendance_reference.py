"""What should be true of a day's attendance after any commands, kept the slow way: with every state there ever was."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.events import DaySituation, ProposedReason
from core.learning.announced_absences import AbsenceReason
from core.learning.entries import Entry

LESSONS, PUPILS = range(3), range(5)
UNKNOWN = "н"


@dataclass(frozen=True)
class Record:
    lesson: int
    exceptions: Mapping[int, str | Entry]


@dataclass(frozen=True)
class AsExpected:
    """Call a roll by what it is pre-filled with."""

    lesson: int


@dataclass(frozen=True)
class Correct:
    lesson: int
    entries: Mapping[int, str | Entry | None]


@dataclass(frozen=True)
class Withdraw:
    lesson: int
    behind: int
    """0: the roll as it stands now is meant, 1: an older one."""


@dataclass(frozen=True)
class Answer:
    pupil: int
    guardian: int
    """0 or 1."""
    reason: ProposedReason


@dataclass(frozen=True)
class Confirm:
    """The class teacher learns why."""

    pupil: int
    code: str


@dataclass(frozen=True)
class Announce:
    pupil: int
    guardian: int
    reason: AbsenceReason


@dataclass(frozen=True)
class Release:
    """An order for these pupils and lessons."""

    pupils: frozenset[int]
    lessons: frozenset[int]


@dataclass(frozen=True)
class TakeBack:
    """Whatever was announced or ordered last holds no more."""


type Roll = Mapping[int, str | Entry] | None
"""None: not called."""
type Prepared = Announce | Release
type OfRoll = Record | AsExpected | Correct | Withdraw
type Command = OfRoll | Answer | Confirm | Prepared | TakeBack

_ANNOUNCED = {AbsenceReason.ILLNESS: "б", AbsenceReason.FAMILY: "ну", AbsenceReason.OTHER: "ну"}
_RELEASED = "ну"


@dataclass
class Reference:
    """What should be true, the slow way."""

    rolls: list[list[Roll]] = field(default_factory=lambda: [[None] for _ in LESSONS])
    """Every state that each roll ever had."""
    versions: list[int] = field(default_factory=lambda: [0 for _ in LESSONS])
    answers: dict[tuple[int, int], ProposedReason] = field(default_factory=dict)
    """By pupil and guardian, in the order in which they were given last."""
    prepared: list[Prepared] = field(default_factory=list)
    told: Counter[int] = field(default_factory=Counter)
    """How many versions of a pupil's day there are."""

    def absences(self, pupil: int) -> list[tuple[int, str]]:
        """Return the lessons of the day that the pupil missed."""
        entries = [(lesson, (self.rolls[lesson][-1] or {}).get(pupil)) for lesson in LESSONS]
        return [(lesson, code) for lesson, code in entries if isinstance(code, str)]

    def situation(self, pupil: int) -> DaySituation:
        """Tell how the pupil's day stands, by the lessons whose roll is called."""
        let_go = {lesson for lesson, code in self.absences(pupil) if code != UNKNOWN and self._released(pupil, lesson)}
        counted = [lesson for lesson in LESSONS if lesson not in let_go]
        known = [lesson for lesson in counted if self.rolls[lesson][-1] is not None]
        missed = [lesson for lesson, _ in self.absences(pupil) if lesson in counted]
        if not missed:
            return DaySituation.PRESENT
        if known[-1] not in missed:
            return DaySituation.CAME_LATER
        if known != missed:
            return DaySituation.GONE
        return DaySituation.ABSENT_ALL_DAY if len(missed) == len(counted) else DaySituation.NOT_COME

    def expected(self, lesson: int) -> dict[int, str]:
        """Tell who is expected not to be at a lesson, and the code for it: an order wins, then an illness."""
        found: dict[int, str] = {}
        for one in self.prepared:
            if isinstance(one, Announce) and found.get(one.pupil) != "б":
                found[one.pupil] = _ANNOUNCED[one.reason]
        for one in self.prepared:
            if isinstance(one, Release) and lesson in one.lessons:
                found |= dict.fromkeys(one.pupils, _RELEASED)
        return found

    def obey(self, command: Command, version: int = 0) -> bool:
        """Carry a command out; False: it must be refused. ``version`` is that of the roll which was seen before."""
        match command:
            case Answer(pupil, guardian, reason):
                return self._answer((pupil, guardian), reason)
            case Confirm(pupil, code):
                return self._confirm(pupil, code)
            case Announce(pupil, guardian, reason):
                if any(isinstance(one, Announce) and one == command for one in self.prepared):
                    return False
                self.prepared.append(command)
            case Release():
                self.prepared.append(command)
                self._restate(command)
            case TakeBack():
                if self.prepared:
                    self._restate(self.prepared.pop())
            case _:
                return self._of_roll(command, version)
        return True

    def _released(self, pupil: int, lesson: int) -> bool:
        orders = (one for one in self.prepared if isinstance(one, Release))
        return any(pupil in one.pupils and lesson in one.lessons for one in orders)

    def _restate(self, prepared: Prepared) -> None:
        """An order says of absences that stand that they are none to be alarmed of; or says so no more."""
        if isinstance(prepared, Release):
            self.told.update(pupil for pupil in prepared.pupils if self.absences(pupil))

    def _of_roll(self, command: OfRoll, version: int) -> bool:
        match command:
            case Record(lesson, exceptions):
                self._put(lesson, dict(exceptions))
            case AsExpected(lesson):
                self._put(lesson, self.expected(lesson))
            case Correct(lesson, entries):
                standing = self.rolls[lesson][-1]
                if standing is None:
                    return False
                wanted = {**standing, **entries}
                self._put(lesson, {pupil: entry for pupil, entry in wanted.items() if entry is not None})
            case Withdraw(lesson, _):
                if self.rolls[lesson][-1] is None or version != self.versions[lesson]:
                    return False
                self._put(lesson, self.rolls[lesson][-2])
        return True

    def _answer(self, by: tuple[int, int], reason: ProposedReason) -> bool:
        if not self.absences(by[0]):
            return False
        if self.answers.get(by) is not reason:
            self.told[by[0]] += 1
            self.answers.pop(by, None)
            self.answers[by] = reason
        return True

    def _confirm(self, pupil: int, code: str) -> bool:
        lessons = [lesson for lesson, stands in self.absences(pupil) if stands == UNKNOWN]
        for lesson in lessons:
            # What is known by now stays known if the last calling is taken back.
            for place in (-1, -2):
                roll = self.rolls[lesson][place]
                if roll is not None and roll.get(pupil) == UNKNOWN:
                    self.rolls[lesson][place] = {**roll, pupil: code}
            self.versions[lesson] += 1
        self.told[pupil] += bool(lessons)
        return bool(lessons)

    def _misses(self, pupil: int, lesson: int) -> bool:
        entry = (self.rolls[lesson][-1] or {}).get(pupil)
        return isinstance(entry, str) or (entry is not None and entry.left_early is not None)

    def _put(self, lesson: int, roll: Roll) -> None:
        before, after = self.rolls[lesson][-1] or {}, roll or {}
        changed = {pupil for pupil in PUPILS if before.get(pupil) != after.get(pupil)}
        if (self.rolls[lesson][-1] is None) is not (roll is None):
            # Whoever is missing at another lesson, or left it, is seen at this one, or is seen no more.
            changed |= {pupil for pupil in PUPILS if any(self._misses(pupil, one) for one in LESSONS if one != lesson)}
        self.told.update(changed)
        self.rolls[lesson].append(roll)
        self.versions[lesson] += 1
