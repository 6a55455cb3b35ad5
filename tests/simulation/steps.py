"""What may happen in a run: each step has a salt of its own, so that leaving one out does not change the others."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import time, timedelta
from functools import partial
from uuid import UUID

from core.database import Database
from core.events import AbsenceKind, Channel, Event, attendance_subject, partition_of
from core.school_time import at_school, school_date
from gateway import receipts, subscriptions
from gateway.categories import Category
from gateway.partition import lock_partition
from gateway.profiles import Choice, Mode
from gateway.receipts import ReceiptKind
from tests.simulation.machine import VAULT
from tests.simulation.school import ADDRESSES, ADULTS, FOLLOWS, PUPILS, SCHOOL, UNDO_SECONDS, ZONE, new_key
from tests.simulation.wire import Post
from tests.simulation.world import World

PRESSED = 0.7
"""How often a correction meets its reader's press rather than his relation alone."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happens ``gap`` virtual seconds after the step before."""

    gap: float
    name: str
    salt: int


def _today(world: World, pupil: UUID) -> dict[int, AbsenceKind]:
    return world.school.absences.setdefault((pupil, school_date(world.school.wall(world.now), ZONE)), {})


type Doing = Callable[[World, random.Random], Awaitable[None]]


async def _absent(world: World, chance: random.Random) -> None:
    pupil = chance.choice(PUPILS)

    def make() -> Event:
        missed = _today(world, pupil)
        number = chance.choice((1, 1, 2, 3))
        missed[number] = chance.choice((AbsenceKind.UNEXPLAINED, AbsenceKind.UNEXPLAINED, AbsenceKind.ILLNESS))
        return world.school.day(pupil, world.now)

    await world.state(make, chance)


async def _take_back(world: World, chance: random.Random) -> None:
    def make() -> Event | None:
        open_days = [pupil for pupil in PUPILS if _today(world, pupil)]
        if not open_days:
            return None
        pupil = chance.choice(open_days)
        _today(world, pupil).clear()
        return world.school.day(pupil, world.now)

    await world.state(make, chance)


async def _undo(world: World, chance: random.Random) -> None:
    """Enter an absence, and take it back just before it would be told."""
    pupil = chance.choice(PUPILS)

    def enter() -> Event:
        _today(world, pupil)[4] = AbsenceKind.UNEXPLAINED
        return world.school.day(pupil, world.now)

    def undo() -> Event:
        _today(world, pupil).pop(4, None)
        return world.school.day(pupil, world.now)

    entered = world.now
    await world.state(enter, chance)
    if chance.random() < 0.5:
        await asyncio.sleep(max(0.0, entered + UNDO_SECONDS - 7.0 - world.now))
        beside = asyncio.create_task(_at_work(world, 20.0))
        await asyncio.sleep(0)
    else:
        beside = None
    wait = max(0.0, entered + UNDO_SECONDS - world.now - chance.choice((0.05, 0.2, 1.0, 4.0)))
    await asyncio.sleep(wait)
    await world.state(undo, chance)
    if beside is not None:
        await beside


async def _at_work(world: World, seconds: float) -> None:
    """Hold up all planning of the school, as somebody's long transaction does."""

    async def work(database: Database) -> None:
        async with database.begin() as session:
            await lock_partition(session, partition_of(SCHOOL))
            await asyncio.sleep(seconds)

    await world.at_desk(work)


async def _beside(world: World, chance: random.Random) -> None:
    """Correct what was told while something of its reader is stated anew, or while he presses its button."""
    again = random.Random(chance.getrandbits(32))  # noqa: S311 - nothing secret
    pupil, adult = chance.choice(FOLLOWS)

    def relate() -> Event:
        return world.school.relate(pupil, adult, world.now)

    def correct() -> Event:
        missed = _today(world, pupil)
        missed.clear() if missed else missed.update({5: AbsenceKind.UNEXPLAINED})
        return world.school.day(pupil, world.now)

    await asyncio.gather(world.state(relate, chance), world.state(correct, again))
    if again.random() < PRESSED:
        if not _today(world, pupil):
            await world.state(correct, chance)
        await asyncio.sleep(UNDO_SECONDS + again.choice((6.0, 45.0)))
        today = school_date(world.school.wall(world.now), ZONE)
        await _press_beside(world, again, attendance_subject(pupil, today), correct)


async def _press_beside(world: World, chance: random.Random, about: str, correct: Callable[[], Event]) -> None:
    """Correct what was told, three times, while somebody who was told of it presses its button."""
    for post in _messages(world, about)[-1:] * 3:
        await world.state(correct, chance)
        await _acknowledge(world, post)
        await asyncio.sleep(chance.choice((0.0, 1.0)))


async def _ambush(world: World, chance: random.Random) -> None:
    """Bar somebody while a message to him is on its way, and put off."""
    doing: list[asyncio.Task[None]] = []

    def happens(address: str) -> None:
        adult = world.school.owners[address]
        pupils = [pupil for pupil, other in FOLLOWS if other == adult]

        async def bar() -> None:
            for pupil in pupils:
                await world.state(partial(world.school.relate, pupil, adult, world.now, barred=True), chance)

        doing.append(asyncio.create_task(bar()))

    world.provider.ambush = happens
    await asyncio.sleep(40.0)
    world.provider.ambush = None
    for one in doing:
        await one


async def _mark(world: World, chance: random.Random) -> None:
    key, pupil, value = new_key(), chance.choice(PUPILS), chance.choice((2, 4, 5))
    await world.state(lambda: world.school.mark(key, pupil, value, world.now), chance)


async def _change_mark(world: World, chance: random.Random) -> None:
    def make() -> Event | None:
        if not world.school.marks:
            return None
        key = list(world.school.marks)[-1]
        pupil = world.school.marks[key].pupil
        return world.school.mark(key, pupil, chance.choice((None, 2, 3, 5)), world.now)

    await world.state(make, chance)


async def _remark(world: World, chance: random.Random) -> None:
    key, pupil = new_key(), chance.choice(PUPILS)
    await world.state(lambda: world.school.remark(key, pupil, world.now, withdrawn=False), chance)


async def _change_remark(world: World, chance: random.Random) -> None:
    def make() -> Event | None:
        if not world.school.remarks:
            return None
        key, state = list(world.school.remarks.items())[-1]
        return world.school.remark(key, state.pupil, world.now, withdrawn=not state.withdrawn)

    await world.state(make, chance)


async def _notice(world: World, chance: random.Random) -> None:
    key = new_key()
    await world.state(lambda: world.school.notice(key, world.now, withdrawn=False), chance)


async def _change_notice(world: World, chance: random.Random) -> None:
    def make() -> Event | None:
        if not world.school.notices:
            return None
        key, state = list(world.school.notices.items())[-1]
        return world.school.notice(key, world.now, withdrawn=not state.withdrawn)

    await world.state(make, chance)


async def _bar(world: World, chance: random.Random) -> None:
    pair = chance.choice(FOLLOWS)
    barred = not world.school.relations[pair].barred
    await world.state(lambda: world.school.relate(*pair, world.now, barred=barred), chance)


async def _consent(world: World, chance: random.Random) -> None:
    pair = chance.choice(FOLLOWS)
    given = world.school.relations[pair].attendance_consent.withdrawn_on is not None
    await world.state(lambda: world.school.consent(*pair, world.now, given=given), chance)


async def _readdress(world: World, chance: random.Random) -> None:
    person, channel, value = chance.choice(ADDRESSES)
    given = value if chance.random() < 0.3 else f"{value}{len(world.school.owners)}"
    await world.state(lambda: world.school.address(person, channel, given, world.now), chance)


async def _end_address(world: World, chance: random.Random) -> None:
    person, channel, _ = chance.choice(ADDRESSES)
    value = world.school.values[person, channel]
    world.unreachable.add(person)
    await world.state(lambda: world.school.address(person, channel, value, world.now, ended=True), chance)


async def _block(world: World, chance: random.Random) -> None:
    person = chance.choice((ADULTS[0], ADULTS[1]))
    world.unreachable.add(person)
    world.provider.blocked.add(world.school.values[person, Channel.TELEGRAM])


async def _choose(world: World, chance: random.Random) -> None:
    person = chance.choice(ADULTS)
    category = chance.choice((Category.ABSENCE, Category.REMARK, Category.BAD_MARK, Category.MARK))
    channel = chance.choice((Channel.TELEGRAM, Channel.MAIL))
    mode = chance.choice((Mode.NOW, Mode.DAILY, Mode.OFF))
    hour = 18 if mode is Mode.DAILY else None
    choice = Choice(mode, None if mode is Mode.OFF else channel, hour)
    if mode is Mode.OFF:
        world.silenced.add(person)

    async def work(database: Database) -> None:
        async with database.begin() as session:
            await subscriptions.choose(session, person, category, choice, at=world.school.wall(world.now))

    await world.at_desk(work)


async def _press(world: World, chance: random.Random) -> None:
    if seen := _messages(world):
        await _acknowledge(world, chance.choice(seen[-3:]))


def _messages(world: World, about: str | None = None) -> list[Post]:
    """Return what arrived in chats as a message of its own, of one subject or of any."""
    single = [one for one in world.provider.posts if one.arrived and one.channel == "telegram" and len(one.key) < 40]
    stated = world.school.stated
    return [one for one in single if about is None or any(stated[token].subject == about for token in one.tokens)]


async def _acknowledge(world: World, post: Post) -> None:
    delivery, key = UUID(post.key.split(".")[0]), str(new_key())

    async def work(database: Database) -> None:
        async with database.begin() as session:
            told = await receipts.message_behind(session, VAULT, "telegram", post.address, delivery)
            if told is not None:
                at = world.school.wall(world.now)
                await receipts.note(session, told, ReceiptKind.ACKNOWLEDGED, None, key=key, at=at)

    await world.at_desk(work)


async def _settings(world: World, chance: random.Random) -> None:
    seconds = chance.choice((0, UNDO_SECONDS, 60))
    await world.state(lambda: world.school.settle(world.now, undo_window_seconds=seconds), chance)


async def _again(world: World, chance: random.Random) -> None:
    """Deliver something old once more."""

    def make() -> Event | None:
        old = [one for one in world.school.stated if one.occurred_at > 0]
        return world.school.again(chance.choice(old), world.now) if old else None

    await world.state(make, chance)


async def _outage(world: World, chance: random.Random) -> None:
    """The provider is away for a while."""
    weather = world.provider.weather
    before, weather.down = weather.down, 0.9
    await asyncio.sleep(chance.choice((3.0, 25.0)))
    weather.down = min(before, weather.down)


async def _away(world: World, chance: random.Random) -> None:
    """A messenger, the mail server or both are away for so long that another way is looked for, or much longer."""
    world.provider.away.update(chance.choice((("telegram",), ("telegram",), ("mail",), ("telegram", "mail"))))
    for _ in range(chance.choice((3, 12, 12, 20))):
        await world.turnstile.until_idle()
        world.machine.loop.advance(chance.choice((20, 150, 300)))
        # Whoever looks twice a second has looked then.
        await asyncio.sleep(0.6)
    world.provider.away.clear()


async def _minutes(world: World, chance: random.Random) -> None:
    await world.turnstile.until_idle()
    world.machine.loop.advance(chance.choice((60, 400, 1500)))


async def _until_evening(world: World, chance: random.Random) -> None:
    """Let the day pass until around the evening letters, or into the night."""
    await world.turnstile.until_idle()
    now = world.school.wall(world.now)
    day = school_date(now, ZONE)
    hour = chance.choice((18, 21, 30))
    then = at_school(day, time(), ZONE) + timedelta(hours=hour, seconds=chance.choice((-8, -2, 5)))
    if then > now:
        world.machine.loop.advance((then - now).total_seconds())


DOINGS: dict[str, tuple[int, Doing]] = {
    "absent": (14, _absent),
    "take-back": (9, _take_back),
    "undo": (6, _undo),
    "mark": (6, _mark),
    "change-mark": (4, _change_mark),
    "remark": (5, _remark),
    "change-remark": (3, _change_remark),
    "notice": (3, _notice),
    "change-notice": (2, _change_notice),
    "bar": (6, _bar),
    "consent": (4, _consent),
    "readdress": (3, _readdress),
    "end-address": (2, _end_address),
    "block": (2, _block),
    "choose": (5, _choose),
    "press": (7, _press),
    "settings": (2, _settings),
    "again": (2, _again),
    "outage": (3, _outage),
    "beside": (5, _beside),
    "ambush": (3, _ambush),
    "minutes": (3, _minutes),
    "until-evening": (3, _until_evening),
    "away": (0, _away),
}
"""By name, with the weight among those drawn; what has none is drawn apart (``run.scenario_of``)."""
