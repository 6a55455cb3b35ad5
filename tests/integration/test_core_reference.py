"""Any sequence of commands on a day, beside a slow reference that keeps every state the rolls ever had."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL

from core.actor import Act
from core.database import Database
from core.events import DaySituation, LeftEarly, ProposedReason
from core.learning import attendance, timetable
from core.learning.attendance_day import DayKey
from core.learning.entries import Entry
from core.refusals import Conflict
from core.school_time import school_date
from tests.integration.core_world import ClassRoom, class_room

LESSONS, PUPILS = range(3), range(5)
CODES = st.sampled_from(["н", "б", "ну"])
PARTIAL = st.sampled_from([Entry(late_minutes=10), Entry(left_early=LeftEarly.NURSE)])
ENTRIES: st.SearchStrategy[str | Entry] = CODES | PARTIAL
SOME = st.sampled_from(PUPILS)


@dataclass(frozen=True)
class Record:
    lesson: int
    exceptions: Mapping[int, str | Entry]


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
    reason: ProposedReason


type Command = Record | Correct | Withdraw | Answer
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    st.builds(Record, st.sampled_from(LESSONS), st.dictionaries(SOME, ENTRIES, max_size=3)),
    st.builds(Correct, st.sampled_from(LESSONS), st.dictionaries(SOME, ENTRIES | st.none(), max_size=3)),
    st.builds(Withdraw, st.sampled_from(LESSONS), st.sampled_from([0, 0, 0, 1])),
    st.builds(Withdraw, st.sampled_from(LESSONS), st.just(0)),  # twice: what is taken back has a history
    st.builds(Answer, SOME, st.sampled_from(ProposedReason)),
)

type Roll = Mapping[int, str | Entry] | None
"""None: not called."""


@dataclass
class Reference:
    """What should be true, the slow way."""

    rolls: list[list[Roll]] = field(default_factory=lambda: [[None] for _ in LESSONS])
    """Every state that each roll ever had."""
    answers: dict[int, ProposedReason] = field(default_factory=dict)
    told: Counter[int] = field(default_factory=Counter)
    """How many versions of a pupil's day there are."""

    def absences(self, pupil: int) -> list[tuple[int, str]]:
        """Return the lessons of the day that the pupil missed."""
        entries = [(lesson, (self.rolls[lesson][-1] or {}).get(pupil)) for lesson in LESSONS]
        return [(lesson, code) for lesson, code in entries if isinstance(code, str)]

    def situation(self, pupil: int) -> DaySituation:
        """Tell how the pupil's day stands, by the lessons whose roll is called."""
        known = [lesson for lesson in LESSONS if self.rolls[lesson][-1] is not None]
        missed = [lesson for lesson, _ in self.absences(pupil)]
        if not missed:
            return DaySituation.PRESENT
        if known[-1] not in missed:
            return DaySituation.CAME_LATER
        if known != missed:
            return DaySituation.GONE
        return DaySituation.ABSENT_ALL_DAY if len(missed) == len(LESSONS) else DaySituation.NOT_COME

    def obey(self, command: Command) -> bool:
        """Carry a command out; False: it must be refused."""
        match command:
            case Record(lesson, exceptions):
                self._put(lesson, dict(exceptions))
            case Correct(lesson, entries):
                standing = self.rolls[lesson][-1]
                if standing is None:
                    return False
                wanted = {**standing, **entries}
                self._put(lesson, {pupil: entry for pupil, entry in wanted.items() if entry is not None})
            case Withdraw(lesson, behind):
                if behind or self.rolls[lesson][-1] is None:
                    return False
                self._put(lesson, self.rolls[lesson][-2])
            case Answer(pupil, reason):
                if not self.absences(pupil):
                    return False
                self.told[pupil] += self.answers.get(pupil) is not reason
                self.answers[pupil] = reason
        return True

    def _put(self, lesson: int, roll: Roll) -> None:
        before, after = self.rolls[lesson][-1] or {}, roll or {}
        changed = {pupil for pupil in PUPILS if before.get(pupil) != after.get(pupil)}
        if (self.rolls[lesson][-1] is None) is not (roll is None):
            # Whoever is missing at another lesson is seen at this one, or is seen no more.
            changed |= {pupil for pupil in PUPILS if any(other != lesson for other, _ in self.absences(pupil))}
        self.told.update(changed)
        self.rolls[lesson].append(roll)


@dataclass
class Week:
    """The class on one Tuesday after another, each example a new one."""

    room: ClassRoom
    guardians: list[Act]
    day: date
    missed_before: Counter[int] = field(default_factory=Counter)

    async def next_day(self) -> None:
        """Go to the Tuesday of the next week."""
        self.room.hands.move(days=7)
        self.day = school_date(self.room.hands.at, self.room.school.zone)
        first = date(self.day.year if self.day.month >= 9 else self.day.year - 1, 9, 1)
        await self.room.watch.rows("UPDATE core.school_class SET year = $1", first.year)
        # Hundreds of examples are years of weeks: nobody may come of age in them, for his guardians' rights would end.
        await self.room.watch.rows("UPDATE core.person SET birth_date = birth_date + 7")
        async with self.room.database.begin() as session:
            assert await timetable.open_day(session, self.room.school, self.day, self.room.hands.at) == len(LESSONS)
        query = "SELECT id FROM core.lesson WHERE day = $1 ORDER BY number"
        self.room.lessons = tuple([row["id"] for row in await self.room.watch.rows(query, self.day)])
        query = "SELECT pupil_id, count(*) AS missed FROM core.absence WHERE day >= $1 GROUP BY pupil_id"
        missed = {row["pupil_id"]: row["missed"] for row in await self.room.watch.rows(query, first)}
        self.missed_before = Counter({place: missed.get(pupil, 0) for place, pupil in enumerate(self.room.pupils)})

    async def obey(self, command: Command, version: int, key: str) -> bool:
        """Give the command to core."""
        act = self.room.act(key=key)
        try:
            match command:
                case Record(lesson, exceptions):
                    async with self.room.database.begin() as session:
                        entries = {self.room.pupils[pupil]: entry for pupil, entry in exceptions.items()}
                        await attendance.record(session, act, self.room.lessons[lesson], entries)
                case Correct(lesson, changes):
                    await self.room.correct(changes, lesson=lesson, act=act)
                case Withdraw(lesson, behind):
                    await self.room.withdraw(version - behind, lesson=lesson, act=act)
                case Answer(pupil, reason):
                    own = Act(self.guardians[pupil].actor, act.at, key)
                    async with self.room.database.begin() as session:
                        await attendance.answer(session, own, DayKey(self.room.pupils[pupil], self.day), reason)
        except Conflict:
            return False
        return True

    async def compare(self, reference: Reference) -> None:
        """Compare the newest event of each pupil, their number, and which rolls count as called, with the reference."""
        events = await self.room.watch.events(f"attendance/%/{self.day}")
        called = [await self.room.is_called(lesson) for lesson in LESSONS]
        assert called == [reference.rolls[lesson][-1] is not None for lesson in LESSONS]
        for place, pupil in enumerate(self.room.pupils):
            subject = DayKey(pupil, self.day).subject
            own = sorted((one for one in events if one.subject == subject), key=lambda one: one.version)
            assert [event.version for event in own] == list(range(1, reference.told[place] + 1))
            if own:
                state = own[-1].data
                assert state.type == "attendance_day"
                absences = reference.absences(place)
                assert [(one.number - 1, one.code) for one in state.absences] == absences
                assert [one.reason for one in state.answers] == [*filter(None, [reference.answers.get(place)])]
                assert state.missed_lessons == self.missed_before[place] + len(absences)
                assert state.situation is reference.situation(place)

    async def play(self, commands: Sequence[tuple[Command, bool]]) -> None:
        """Give the commands, some of them twice under one key, to core and to the reference; compare after each."""
        await self.next_day()
        reference = Reference()
        for turn, (command, is_repeated) in enumerate(commands):
            self.room.hands.move(seconds=1)
            version = 0 if isinstance(command, Answer) else len(reference.rolls[command.lesson]) - 1
            key = f"{self.day}/{turn}"
            may = reference.obey(command)
            assert await self.obey(command, version, key) == may
            if is_repeated and may:
                assert await self.obey(command, version, key)
            await self.compare(reference)


@pytest.fixture
async def week(core_database: Database, database_url: URL) -> Week:
    room = await class_room(core_database, database_url, lessons=len(LESSONS))
    room.hands.move(hours=3)
    guardians = [await room.builder.guardian(pupil, name="Мамина Яна") for pupil in room.pupils]
    return Week(room, [room.act(guardian) for guardian in guardians], date.min)


SEQUENCES = st.lists(st.tuples(COMMANDS, st.booleans()), min_size=1, max_size=10)
FEW = settings(
    max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@given(SEQUENCES)
@example([(Record(0, {0: "н"}), False), (Withdraw(0, 0), True), (Record(0, {1: "б"}), False), (Withdraw(0, 0), False)])
@FEW
async def test_the_newest_event_says_what_the_reference_says(week: Week, commands: list[tuple[Command, bool]]) -> None:
    await week.play(commands)


@pytest.mark.deep
@pytest.mark.timeout(600)
@given(SEQUENCES)
@settings(FEW, max_examples=400)
async def test_the_newest_event_says_so_for_long(week: Week, commands: list[tuple[Command, bool]]) -> None:
    await week.play(commands)
