"""The roll call in the chat, on either messenger: taps counted, every order of taps, and a whole school at one bell."""

import asyncio
import time as machine
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import time
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.pace import OF_TELEGRAM
from bot.payloads import AsLast, Done, Edit, Mark, Presence, pack, read
from core.actor import Act, Actor
from core.database import Database
from core.events import Channel
from core.learning import attendance
from tests.integration.bot_world import BotWorld, Rooms, bot_world, last, other_bot
from tests.integration.eventually import eventually
from zvonok.sandbox.bot_api import BotApiEmulator
from zvonok.sandbox.max_api import MaxEmulator
from zvonok.sandbox.people import Person
from zvonok.settings import read_settings

NAMES = ("Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна", "Куницын Олег", "Орлова Яна", "Яшин Лев")
LABELS = ("Абрамов Г.", "Ёлкин В.", "Иванова А.", "Куницын О.", "Орлова Я.", "Яшин Л.")
STATE = """
SELECT coalesce(jsonb_object_agg(p.id, coalesce(a.code, CASE WHEN t.late_minutes IS NOT NULL THEN 'late' END)), '{}')
FROM core.person p
LEFT JOIN core.absence a ON a.pupil_id = p.id AND a.lesson_id = :lesson
LEFT JOIN core.partial_attendance t ON t.pupil_id = p.id AND t.lesson_id = :lesson
WHERE p.id = ANY(:pupils)
"""
WRITTEN = {Presence.HERE: None, Presence.ABSENT: "н", Presence.LATE: "late"}
TAPS = st.lists(
    st.tuples(st.integers(0, len(NAMES) - 1), st.sampled_from(Presence), st.integers(1, 3)), min_size=1, max_size=8
)
"""A pupil, what the button says that he shall be, and how often its press arrives: old keyboards say other things."""
SOME = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
TEACHERS, ABSENT_EACH, SECONDS = 30, 5, 15
A_FEW = 3
"""Refusals: the network of a busy machine may bring two requests closer together than they left."""

type Figure = Callable[[str, object], None]


@dataclass
class Bell:
    """A class whose lesson is on, and its teacher."""

    world: BotWorld
    teacher: Person
    person: UUID
    school_class: UUID
    pupils: tuple[UUID, ...]
    lesson: UUID

    async def opened(self) -> None:
        """Open the roll call of the lesson that is on."""
        await self.teacher.send("урок")
        await self.world.settled()

    async def taps(self, *labels: str) -> int:
        """Press buttons, each as soon as it is shown; return how many."""
        for label in labels:
            await eventually(partial(self.shows, label))
            await self.teacher.press(label)
            await self.world.settled()
        return len(labels)

    def shows(self, label: str) -> bool:
        """Tell whether the newest message has this button."""
        return label in last(self.teacher).labels()

    async def stand(self) -> list[str | None]:
        """Return how each pupil stands in the journal."""
        found = await self.world.core_value(STATE, lesson=self.lesson, pupils=list(self.pupils))
        return [found[str(pupil)] for pupil in self.pupils]

    def token(self) -> str:
        """Return by which name the buttons of the newest roster know their draft."""
        presses = (read(button.data or "") for row in last(self.teacher).buttons for button in row)
        return next(press.draft for press in presses if isinstance(press, Done))

    async def forge(self, press: Mark | AsLast | Done | Edit, message_id: int) -> None:
        """Press a button as an old keyboard, or an impatient finger, would."""
        await self.teacher.forge_press(pack(press), message_id=message_id)


async def ring(world: BotWorld) -> Bell:
    """Begin the lesson of a class."""
    builder = world.builder
    school = await builder.school()
    person = await builder.teacher(school, "Кузнецова Мария Петровна")
    school_class = await builder.school_class(school, "5А")
    pupils = await builder.pupils(school_class, *NAMES)
    lesson = await builder.lesson(school_class, person, time(8, 30))
    return Bell(world, await world.linked(100, person), person, school_class, tuple(pupils), lesson)


@pytest.fixture
def rooms(core_database: Database, gateway_database: Database, bot_database: Database) -> Rooms:
    return Rooms(core_database, gateway_database, bot_database)


@pytest.fixture(params=[Channel.TELEGRAM, Channel.MAX])
async def bell(request: pytest.FixtureRequest, rooms: Rooms) -> AsyncIterator[Bell]:
    async with bot_world(rooms, messenger=request.param) as world:
        yield await ring(world)


@pytest.mark.req("ATT-01", "ROLE-11")
async def test_taps_from_the_first_screen_are_as_few_as_can_be(bell: Bell, record_property: Figure) -> None:
    world, messenger = bell.world, bell.world.settings.messenger
    async with world.running():
        await bell.opened()
        taps = await bell.taps("Ёлкин В.", "Орлова Я.", "Яшин Л.", "Готово: отсутствуют 3")
        assert await bell.stand() == [None, "н", None, None, "н", "н"]
        record_property("figure", f"taps, {messenger}: 3 absent {taps}")
        assert taps == 3 + 1

        before = bell.lesson
        bell.lesson = await world.builder.lesson(bell.school_class, bell.person, time(9, 25), number=2)
        world.clock.move(minutes=56)
        await bell.opened()
        assert last(bell.teacher).labels()[1] == "• Ёлкин В.", "who was away before is marked, and not ticked"
        taps = await bell.taps("Как на прошлом уроке", "н · Яшин Л.", "Готово: отсутствуют 2")
        assert await bell.stand() == [None, "н", None, None, "н", None]
        record_property("figure", f"taps, {messenger}: as at the last lesson, one has come {taps}")
        assert taps == 2 + 1

        bell.lesson = await world.builder.lesson(bell.school_class, bell.person, time(10, 30), number=3)
        world.clock.move(minutes=65)
        await bell.opened()
        taps = await bell.taps("Как на прошлом уроке", "Готово: отсутствуют 2")
        record_property("figure", f"taps, {messenger}: as at the last lesson {taps}")
        assert (taps, await bell.stand()) == (2, [None, "н", None, None, "н", None])

        bell.lesson = await world.builder.lesson(bell.school_class, bell.person, time(11, 35), number=4)
        world.clock.move(minutes=65)
        await bell.opened()
        taps = await bell.taps("Все на месте")
        record_property("figure", f"taps, {messenger}: all present {taps}")
        assert (taps, await bell.stand()) == (1, [None] * 6)
    assert bell.lesson != before


@pytest.mark.req("ATT-07")
async def test_a_second_tap_is_lateness_by_the_clock_and_stands_on_the_card(bell: Bell) -> None:
    world = bell.world
    async with world.running():
        world.clock.move(minutes=6)
        await bell.opened()
        await bell.taps("Ёлкин В.", "н · Ёлкин В.")
        await eventually(lambda: "Готово: опозданий 1" in last(bell.teacher).labels())
        minutes = last(bell.teacher).labels()[1].removeprefix("оп ").removesuffix(" · Ёлкин В.")
        # The clock of MAX's world goes on by itself.
        assert int(minutes) in {16, 17}
        await bell.taps("Готово: опозданий 1")
        await eventually(lambda: f"Записано: все присутствуют.\nоп {minutes} · Ёлкин В." in last(bell.teacher).text)
    assert await bell.stand() == [None, "late", None, None, None, None]


async def play(bell: Bell, taps: Sequence[tuple[int, Presence, int]]) -> list[str | None]:
    """Tap, each press arriving so often, and record; return how all stand by the last taps."""
    world, teacher = bell.world, bell.teacher
    await bell.opened()
    await bell.forge(Edit(bell.lesson), last(teacher).message_id)
    await world.settled()
    token, message = bell.token(), last(teacher).message_id
    wanted = await bell.stand()
    for place, presence, times in taps:
        for _ in range(times):
            await bell.forge(Mark(token, place, presence), message)
        wanted[place] = WRITTEN[presence]
    for _ in range(2):
        await bell.forge(Done(token), message)
    await world.settled()
    return wanted


@given(TAPS)
@example([(0, Presence.LATE, 2), (0, Presence.HERE, 1), (1, Presence.ABSENT, 3)])
@SOME
async def test_whatever_the_order_of_taps_the_last_ones_count(
    bell: Bell, taps: list[tuple[int, Presence, int]]
) -> None:
    async with bell.world.running():
        assert await play(bell, taps) == await bell.stand()


@pytest.mark.deep
@pytest.mark.timeout(2400)
@given(TAPS)
@settings(SOME, max_examples=200, derandomize=False)
async def test_whatever_the_order_of_taps_the_last_ones_count_for_long(
    bell: Bell, taps: list[tuple[int, Presence, int]]
) -> None:
    async with bell.world.running():
        assert await play(bell, taps) == await bell.stand()


async def test_a_restart_in_the_middle_loses_no_tap(bell: Bell) -> None:
    world = bell.world
    async with world.running():
        await bell.opened()
        await bell.taps("Ёлкин В.")
    await bell.teacher.press("Орлова Я.")
    async with world.running():
        await world.settled()
        await eventually(lambda: "Готово: отсутствуют 2" in last(bell.teacher).labels())
        await bell.taps("Готово: отсутствуют 2")
    assert await bell.stand() == [None, "н", None, None, "н", None]


async def test_of_two_teachers_at_one_roll_the_second_is_shown_what_the_first_recorded(bell: Bell) -> None:
    world = bell.world
    async with world.running():
        await bell.opened()
        await bell.taps("Ёлкин В.")
        async with world.desk.core.begin() as session:
            act = Act(Actor("web", bell.person), world.desk.school_clock.now(), "another phone")
            await attendance.record(session, act, bell.lesson, {bell.pupils[5]: "н"})
        await eventually(lambda: "Готово: отсутствует 1" in last(bell.teacher).labels())
        refused = await bell.teacher.press("Готово: отсутствует 1", within=5)
        assert refused is not None
        assert "Эту перекличку уже изменили" in refused.text
        await world.settled()
        assert await bell.stand() == [None] * 5 + ["н"], "nobody writes over what he has not seen"
        await bell.opened()
        await bell.taps("Исправить", "Ёлкин В.", "Готово: отсутствуют 2")
    assert await bell.stand() == [None, "н", None, None, None, "н"]


async def thirty(world: BotWorld) -> list[Bell]:
    """Begin thirty lessons of one school at one bell."""
    builder, bells = world.builder, []
    school = await builder.school()
    for number in range(TEACHERS):
        person = await builder.teacher(school, f"Учитель {'АБВГДЕЖЗИК'[number % 10]}{number}")
        school_class = await builder.school_class(school, f"{number // 3 + 1}{'АБВ'[number % 3]}")
        pupils = await builder.pupils(school_class, *(f"{letter}ов Пётр" for letter in "АБВГДЕЖЗИК"))
        lesson = await builder.lesson(school_class, person, time(8, 30))
        teacher = await world.linked(100 + number, person)
        bells.append(Bell(world, teacher, person, school_class, tuple(pupils), lesson))
    return bells


async def call_the_roll(bell: Bell) -> None:
    """Tap five names and «Готово», half a second apart as a quick finger does."""
    roster = last(bell.teacher)
    token = bell.token()
    for place in range(ABSENT_EACH):
        await bell.forge(Mark(token, place, Presence.ABSENT), roster.message_id)
        await asyncio.sleep(0.5)
    await bell.forge(Done(token), roster.message_id)


@pytest.mark.parametrize("messenger", [Channel.TELEGRAM, Channel.MAX])
async def test_thirty_teachers_finish_at_one_bell_under_the_messengers_limits(
    rooms: Rooms, messenger: Channel, record_property: Figure
) -> None:
    async with bot_world(rooms, messenger=messenger) as still:
        world = other_bot(still, per_chat=OF_TELEGRAM, reserve=read_settings(_env_file=None, max_token="a").max_reserve)
        bells = await thirty(world)
        enforce(world)
        async with world.running():
            for bell in bells:
                await bell.teacher.send("урок")
            await eventually(lambda: all(one.teacher.chat.messages[-1].from_bot for one in bells), within=60)
            began = machine.monotonic()
            await asyncio.gather(*(call_the_roll(bell) for bell in bells))
            await eventually(lambda: all(is_finished(one) for one in bells), within=60)
            seconds = machine.monotonic() - began
            for bell in bells:
                assert (await bell.stand()).count("н") == ABSENT_EACH
        refused = [one for one in requests(world) if one.answer.code == 429]
    record_property(
        "figure",
        f"{TEACHERS} teachers with {ABSENT_EACH} absent, {messenger}: {seconds:.1f} s, {len(refused)} x 429",
    )
    assert seconds <= SECONDS
    assert len(refused) <= A_FEW, "each is sent again, and takes the turn of another"


def enforce(world: BotWorld) -> None:
    """Let the messenger grant no more than it says."""
    emulator: Any = world.emulator
    if isinstance(emulator, MaxEmulator):
        emulator.enforce()
    else:
        assert isinstance(emulator, BotApiEmulator)
        emulator.limits.enforce(edits=True)


def requests(world: BotWorld) -> list[Any]:
    """Return what was asked of the messenger beside updates."""
    return [one for one in world.emulator.log.requests if one.method not in {"getUpdates", "GET /updates"}]


def is_finished(bell: Bell) -> bool:
    """Tell whether the teacher sees what was recorded."""
    return f"Записано: отсутствуют {ABSENT_EACH}." in last(bell.teacher).text
