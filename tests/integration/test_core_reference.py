"""Any sequence of commands on a day, beside a slow reference that keeps every state the rolls ever had."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act, Actor
from core.database import Database
from core.events import AbsenceKind, AttendanceDayState, LeftEarly, ProposedReason, State
from core.learning import absence_confirmation, announced_absences, attendance, release_orders, timetable
from core.learning.announced_absences import AbsenceDraft, AbsenceReason
from core.learning.attendance_day import DayKey
from core.learning.entries import Entry
from core.learning.release_orders import ReleaseDraft, ReleaseKind
from core.refusals import Conflict
from core.school_time import school_date
from core.year.span import Span
from tests.integration.attendance_reference import (
    LESSONS,
    PUPILS,
    Announce,
    Answer,
    AsExpected,
    Command,
    Confirm,
    Correct,
    OfRoll,
    Prepared,
    Record,
    Reference,
    Release,
    TakeBack,
    Withdraw,
)
from tests.integration.core_world import ClassRoom, class_room

CODES = st.sampled_from(["н", "б", "ну"])
PARTIAL = st.sampled_from([Entry(late_minutes=10), Entry(left_early=LeftEarly.NURSE)])
ENTRIES: st.SearchStrategy[str | Entry] = CODES | PARTIAL
SOME, AT = st.sampled_from(PUPILS), st.sampled_from(LESSONS)
WHO = st.sampled_from(range(2))
KINDS = {"н": (AbsenceKind.UNEXPLAINED, True), "б": (AbsenceKind.ILLNESS, False), "ну": (AbsenceKind.EXCUSED, False)}

OF_ROLLS: st.SearchStrategy[OfRoll] = st.one_of(
    st.builds(Record, AT, st.dictionaries(SOME, ENTRIES, max_size=3)),
    st.builds(Correct, AT, st.dictionaries(SOME, ENTRIES | st.none(), max_size=3)),
    st.builds(Withdraw, AT, st.sampled_from([0, 0, 0, 1])),
)
OF_FAMILIES: st.SearchStrategy[Answer | Confirm] = st.one_of(
    st.builds(Answer, SOME, WHO, st.sampled_from(ProposedReason)),
    st.builds(Confirm, SOME, st.sampled_from(["б", "ну"])),
)
COMMANDS: st.SearchStrategy[Command] = st.one_of(
    OF_ROLLS,
    st.builds(Withdraw, AT, st.just(0)),  # twice: what is taken back has a history
    OF_FAMILIES,
    st.builds(AsExpected, AT),
    st.builds(Announce, SOME, WHO, st.sampled_from(AbsenceReason)),
    st.builds(Release, st.frozensets(SOME, min_size=1), st.frozensets(AT, min_size=1)),
    st.just(TakeBack()),
)


ILL = Announce(0, 1, AbsenceReason.ILLNESS)


@dataclass
class Week:
    """The class on one Tuesday after another, each example a new one."""

    room: ClassRoom
    guardians: list[tuple[UUID, UUID]]
    day: date
    missed_before: Counter[int] = field(default_factory=Counter)
    prepared: list[tuple[Prepared, UUID]] = field(default_factory=list)
    """What stands announced and ordered, with its id."""

    async def next_day(self) -> None:
        """Go to the Tuesday of the next week."""
        self.prepared.clear()
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
        """Give the command to core, in a transaction of its own; False: it was refused."""
        try:
            async with self.room.database.begin() as session:
                match command:
                    case Record() | AsExpected() | Correct() | Withdraw():
                        await self._of_roll(session, command, version, self.room.act(key=key))
                    case Announce() | Release():
                        self.prepared.append((command, await self._prepare(session, command, key)))
                    case TakeBack():
                        await self._take_back(session, key)
                    case Answer(pupil, guardian, reason):
                        act = self.room.act(self.guardians[pupil][guardian], key)
                        await attendance.answer(session, act, self._day_of(pupil), reason)
                    case Confirm(pupil, code):
                        act = self.room.act(self.room.class_teacher, key)
                        await absence_confirmation.confirm(session, act, self._day_of(pupil), code)
        except Conflict:
            return False
        return True

    def _day_of(self, pupil: int) -> DayKey:
        return DayKey(self.room.pupils[pupil], self.day)

    async def _of_roll(self, session: AsyncSession, command: OfRoll, version: int, act: Act) -> None:
        lesson = self.room.lessons[command.lesson]
        match command:
            case Record(_, entries):
                await attendance.record(
                    session, act, lesson, {self.room.pupils[one]: it for one, it in entries.items()}
                )
            case AsExpected():
                seen = await attendance.roll(session, act.actor, lesson, act.at)
                prefilled = {one.id: one.expected.code for one in seen.pupils if one.expected is not None}
                await attendance.record(session, act, lesson, prefilled, roster=seen.roster)
            case Correct(_, changes):
                wanted = {self.room.pupils[one]: it for one, it in changes.items()}
                await attendance.correct(session, act, lesson, wanted)
            case Withdraw():
                await attendance.withdraw(session, act, lesson, version)

    async def _prepare(self, session: AsyncSession, command: Prepared, key: str) -> UUID:
        days = Span(self.day, self.day)
        match command:
            case Announce(pupil, guardian, reason):
                act = self.room.act(self.guardians[pupil][guardian], key)
                draft = AbsenceDraft(days=days, reason=reason)
                return await announced_absences.announce(session, act, self.room.pupils[pupil], draft)
            case Release(pupils, lessons):
                order = ReleaseDraft(
                    number="15-о",
                    ordered_on=self.day,
                    kind=ReleaseKind.OLYMPIAD,
                    title="Олимпиада",
                    days=days,
                    pupils=frozenset(self.room.pupils[one] for one in pupils),
                    lessons=frozenset(one + 1 for one in lessons),
                )
                return await release_orders.order(
                    session, self.room.act(self.room.head, key), self.room.school.id, order
                )

    async def _take_back(self, session: AsyncSession, key: str) -> None:
        if self.prepared:
            command, made = self.prepared.pop()
            if isinstance(command, Announce):
                act = self.room.act(self.guardians[command.pupil][command.guardian], key)
                await announced_absences.withdraw(session, act, made)
            else:
                await release_orders.withdraw(session, self.room.act(self.room.head, key), made)

    async def compare(self, reference: Reference) -> None:
        """Compare every roll, and the newest event of each pupil's day, with the reference."""
        for lesson in LESSONS:
            await self._compare_roll(reference, lesson)
        events = await self.room.watch.events(f"attendance/%/{self.day}")
        for place in PUPILS:
            subject = self._day_of(place).subject
            own = sorted((one for one in events if one.subject == subject), key=lambda one: one.version)
            assert [event.version for event in own] == list(range(1, reference.told[place] + 1))
            if own:
                self._compare_day(reference, place, own[-1].data)

    def _compare_day(self, reference: Reference, place: int, state: State) -> None:
        assert isinstance(state, AttendanceDayState)
        absences = reference.absences(place)
        assert [(one.number - 1, one.code) for one in state.absences] == absences
        assert [(one.kind, one.told) for one in state.absences] == [KINDS[code] for _, code in absences]
        said = {self.guardians[who][which]: it for (who, which), it in reference.answers.items() if who == place}
        assert {one.guardian: one.reason for one in state.answers} == said
        assert state.missed_lessons == self.missed_before[place] + len(absences)
        assert state.situation is reference.situation(place)

    async def _compare_roll(self, reference: Reference, lesson: int) -> None:
        async with self.room.database.begin() as session:
            actor = Actor("telegram", self.room.teacher)
            seen = await attendance.roll(session, actor, self.room.lessons[lesson], self.room.hands.at)
        stands = reference.rolls[lesson][-1]
        assert await self.room.is_called(lesson) == (stands is not None)
        assert seen.version == reference.versions[lesson]
        lines = {self.room.pupils.index(one.id): one for one in seen.pupils}
        written = {who: one.entry.code or one.entry for who, one in lines.items() if one.entry != Entry()}
        assert written == (stands or {})
        expected = {who: one.expected.code for who, one in lines.items() if one.expected is not None}
        assert expected == reference.expected(lesson)

    async def play(self, commands: Sequence[tuple[Command, bool]]) -> None:
        """Give the commands, some of them twice under one key, to core and to the reference; compare after each."""
        await self.next_day()
        reference = Reference()
        for turn, (command, is_repeated) in enumerate(commands):
            self.room.hands.move(seconds=1)
            version, key = seen(reference, command), f"{self.day}/{turn}"
            may = reference.obey(command, version)
            assert await self.obey(command, version, key) == may
            if is_repeated and may and not isinstance(command, Announce | Release | TakeBack):
                assert await self.obey(command, version, key)
            await self.compare(reference)

    async def play_at_once(self, turns: Sequence[tuple[Command, Command]]) -> None:
        """Give two commands at a time; what stands then is what stands after the one and then the other."""
        await self.next_day()
        reference = Reference()
        for turn, pair in enumerate(turns):
            self.room.hands.move(seconds=1)
            versions = [seen(reference, command) for command in pair]
            done = await asyncio.gather(
                *(
                    self.obey(command, versions[place], f"{self.day}/{turn}/{place}")
                    for place, command in enumerate(pair)
                )
            )
            orders = []
            for first, second in ((0, 1), (1, 0)):
                after = deepcopy(reference)
                may = {place: after.obey(pair[place], versions[place]) for place in (first, second)}
                orders.append((after, [may[0], may[1]]))
            reference = await self._the_order(done, orders)

    async def _the_order(self, done: Sequence[bool], orders: Sequence[tuple[Reference, Sequence[bool]]]) -> Reference:
        """Find in which order two commands were carried out; fail if in none."""
        failures = []
        for after, may in orders:
            try:
                assert list(done) == list(may)
                await self.compare(after)
            except AssertionError as failure:
                failures.append(failure)
            else:
                return after
        raise ExceptionGroup("neither the one order nor the other", failures)


def seen(reference: Reference, command: Command) -> int:
    """Return the version of the roll that whoever gives the command has seen."""
    if isinstance(command, Withdraw):
        return reference.versions[command.lesson] - command.behind
    return 0


@pytest.fixture
async def week(core_database: Database, database_url: URL) -> Week:
    room = await class_room(core_database, database_url, lessons=len(LESSONS))
    room.hands.move(hours=3)
    guardians = [
        (await room.builder.guardian(pupil, name="Мамина Яна"), await room.builder.guardian(pupil, name="Папин Ян"))
        for pupil in room.pupils
    ]
    return Week(room, guardians, date.min)


SEQUENCES = st.lists(st.tuples(COMMANDS, st.booleans()), min_size=1, max_size=10)
AT_ONCE = st.lists(st.tuples(OF_ROLLS | OF_FAMILIES, OF_ROLLS | OF_FAMILIES), min_size=1, max_size=5)
FEW = settings(
    max_examples=16, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@pytest.mark.req("ATT-03", "ATT-04")
@given(SEQUENCES)
@example([(Record(0, {0: "н"}), False), (Withdraw(0, 0), True), (Record(0, {1: "б"}), False), (Withdraw(0, 0), False)])
@example(
    [
        (Record(0, {0: "н"}), False),
        (Record(0, {0: "н", 1: "н"}), False),
        (Confirm(0, "б"), True),
        (Withdraw(0, 0), False),
    ]
)
@example(
    [(Announce(0, 1, AbsenceReason.ILLNESS), False), (Release(frozenset({0, 1}), frozenset({1})), False)]
    + [(AsExpected(lesson), False) for lesson in LESSONS]
)
@FEW
async def test_the_newest_event_says_what_the_reference_says(week: Week, commands: list[tuple[Command, bool]]) -> None:
    await week.play(commands)


@given(AT_ONCE)
@example([(Record(0, {0: "н"}), Record(1, {}))] * 3)
@example([(Record(0, {0: "н", 1: "н"}), Record(0, {1: "б", 2: "н"})), (Confirm(1, "ну"), Withdraw(0, 0))])
@FEW
async def test_two_at_once_lose_nothing(week: Week, turns: list[tuple[Command, Command]]) -> None:
    await week.play_at_once(turns)


@pytest.mark.deep
@pytest.mark.timeout(600)
@given(SEQUENCES)
@settings(FEW, max_examples=400)
async def test_the_newest_event_says_so_for_long(week: Week, commands: list[tuple[Command, bool]]) -> None:
    await week.play(commands)


@pytest.mark.deep
@pytest.mark.timeout(600)
@given(AT_ONCE)
@settings(FEW, max_examples=400)
async def test_two_at_once_lose_nothing_for_long(week: Week, turns: list[tuple[Command, Command]]) -> None:
    await week.play_at_once(turns)
