"""The bot at a bell: taps of teachers, fifty a second, on the product's bot with PostgreSQL and on a bare aiogram bot.

The load is open: taps come at their own times, whether or not those before were answered. Some 150 teachers of four
schools have a roll open each and tap one after the other, three seconds between two taps of a chat: what is measured is
not the pace that a messenger grants to a chat (``bot.pace``). Both bots are processes of their own, fetch their
updates by long polling from the product's emulator of the Bot API, and redraw a message and answer the press at each
tap; the bare one does nothing else. In turns; measured from the tap to the request that redraws the message.

The product keeps every update before it handles it, reads who taps, and the roll if it has not shown it for ten
seconds, and keeps the tick, each in PostgreSQL, which is durable: a tap survives a killed process.

``python -m bench bot`` takes three minutes on two cores. A 95th percentile above three times the bare bot's is exit
code 1. With ``--quick`` it only shows that it still runs.
"""

import asyncio
import os
import platform
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from sqlalchemy import URL, text

from bench import _copied_schools as copied
from bench import _journal_school as built
from bench._echo_bot import PAYLOAD
from bench.journal import execute, opened, said
from bot.payloads import Done, Mark, Presence, pack, read
from core.account import accounts
from core.account.accounts import MessengerAccount
from core.actor import OFFICE
from core.database import Database
from core.events import Channel
from zvonok.migrate import migrate
from zvonok.postgres import running_postgres
from zvonok.sandbox.bot_api import BotApiEmulator, SandboxBot
from zvonok.secret import Secret

if TYPE_CHECKING:
    from uuid import UUID

RATE, SECONDS, ROUNDS = 50, 12, 5
SCHOOLS = 4
WANTED = 3.0
PLACES = 5
"""Pupils of a class whose buttons are tapped in turn."""
_TOKEN, _ECHO_TOKEN = "4200000007:bench-token", "4200000008:bench-token"
_IDS = int(_TOKEN.split(":", maxsplit=1)[0]), int(_ECHO_TOKEN.split(":", maxsplit=1)[0])
_SECRET = "of the bench of the bot, 32 characters long"  # noqa: S105 - of a database that lives for minutes
_FIRST = 1000
"""The number of the first teacher in the messenger."""
_PATIENCE = 120.0
_TEACHERS = text("""
SELECT DISTINCT ON (teacher_id) teacher_id FROM core.lesson
WHERE day = :day AND number = 1 AND class_id IS NOT NULL AND cancelled IS NULL AND substitute_id IS NULL""")


@dataclass(frozen=True)
class Extent:
    """How much is measured."""

    schools: int
    seconds: int
    rounds: int


@dataclass
class Tapper:
    """One teacher with two chats, and what his buttons are called."""

    number: int
    message: int = 0
    draft: str = ""
    echo_message: int = 0
    taps: int = 0


@dataclass(frozen=True)
class Waited:
    """How long screens were waited for in one round, in milliseconds."""

    half: float
    most: float
    """The 95th percentile."""

    @classmethod
    def of(cls, seconds: Sequence[float]) -> "Waited":
        """Sum up a round."""
        parts = quantiles((1000 * one for one in seconds), n=20)
        return cls(parts[9], parts[18])


async def measure(folder: Path, extent: Extent) -> bool:
    """Build the schools, let both bots run, take turns, print; tell whether the ratio is what is wanted."""
    began = time.perf_counter()
    async with running_postgres(folder / "data") as server, _emulator() as emulator:
        await migrate(server.url)
        async with opened(server.url) as database:
            await built.build(database)
        await copied.copy(server.url, extent.schools - 1)
        await execute(server.url, "VACUUM ANALYZE")
        async with opened(server.url) as database:
            tappers = await _linked(database)
        said(began, f"{len(tappers)} teachers have a lesson")
        async with _process(folder, *_product(server.url, folder, emulator)), _process(folder, *_echo(emulator)):
            await _open_rolls(emulator, tappers)
            said(began, "and a roll open each")
            return await compare(emulator, tappers, extent)


async def compare(emulator: BotApiEmulator, tappers: Sequence[Tapper], extent: Extent) -> bool:
    """Take turns, after one that does not count."""
    await taps(emulator, tappers, extent.seconds, echo=False)
    await taps(emulator, tappers, extent.seconds, echo=True)
    ratios = []
    for number in range(1, extent.rounds + 1):
        ours = await taps(emulator, tappers, extent.seconds, echo=False)
        bare = await taps(emulator, tappers, extent.seconds, echo=True)
        ratios.append(ours.most / bare.most)
        print(
            f"{number}: ours p50 {ours.half:5.1f} ms, p95 {ours.most:5.1f} ms; bare p50 {bare.half:5.1f} ms, "
            f"p95 {bare.most:5.1f} ms: {ratios[-1]:.2f}",
            flush=True,
        )
    ratio = median(ratios)
    versions = ", ".join(f"{name} {version(name)}" for name in ("aiogram", "aiohttp", "asyncpg"))
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {versions}")
    verdict = "ENOUGH" if ratio <= WANTED else f"TOO MUCH, {WANTED} is wanted"
    print(f"p95 of a tap is {ratio:.2f} times the bare bot's, median of {extent.rounds} rounds: {verdict}")
    return ratio <= WANTED


async def taps(emulator: BotApiEmulator, tappers: Sequence[Tapper], seconds: int, *, echo: bool) -> Waited:
    """Let teachers tap for so long, and wait for every screen."""
    began, pressed = time.monotonic(), []
    before = len(emulator.log.requests)
    for number in range(RATE * seconds):
        await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
        tapper = tappers[number % len(tappers)]
        pressed.append((tapper.number, time.monotonic()))
        await _tap(emulator, tapper, echo=echo)
    async with asyncio.timeout(_PATIENCE):
        while len(drawn := _drawn(emulator, before, echo=echo)) < len(pressed):  # noqa: ASYNC110 - a log is watched
            await asyncio.sleep(0.1)
    waited = []
    for chat, at in pressed:
        # No chat is tapped again before it was redrawn: its screens come in the order of its taps.
        place = next(place for place, (of, _) in enumerate(drawn) if of == chat)
        waited.append(drawn.pop(place)[1] - at)
    return Waited.of(waited)


def _drawn(emulator: BotApiEmulator, before: int, *, echo: bool) -> list[tuple[int | None, float]]:
    bot = _IDS[echo]
    found = emulator.log.requests[before:]
    return [(one.chat_id, one.monotonic) for one in found if one.bot_id == bot and one.method == "editMessageText"]


async def _tap(emulator: BotApiEmulator, tapper: Tapper, *, echo: bool) -> None:
    person = emulator.person(tapper.number)
    if echo:
        await person.forge_press(PAYLOAD, message_id=tapper.echo_message, bot_id=_IDS[1])
        return
    place, turn = tapper.taps % PLACES, tapper.taps // PLACES
    tapper.taps += 1
    presence = Presence.HERE if turn % 2 else Presence.ABSENT
    payload = pack(Mark(tapper.draft, place, presence))
    await person.forge_press(payload, message_id=tapper.message, bot_id=_IDS[0])


async def _open_rolls(emulator: BotApiEmulator, tappers: Sequence[Tapper]) -> None:
    """Open everybody's roll, and the bare bot's message."""
    for tapper in tappers:
        person = emulator.person(tapper.number, f"Учитель {tapper.number}")
        await person.start(bot_id=_IDS[0])
        await person.send("echo", bot_id=_IDS[1])
    for tapper in tappers:
        person = emulator.person(tapper.number)
        roll = await person.wait_for(lambda one: bool(one.labels()), within=_PATIENCE, bot_id=_IDS[0])
        presses = [read(button.data or "") for row in roll.buttons for button in row]
        (done,) = [one for one in presses if isinstance(one, Done)]
        tapper.message, tapper.draft = roll.message_id, done.draft
        shown = await person.wait_for(lambda one: bool(one.labels()), within=_PATIENCE, bot_id=_IDS[1])
        tapper.echo_message = shown.message_id


async def _linked(database: Database) -> list[Tapper]:
    """Link a phone of everybody who has a lesson now."""
    keeper = Secret(_SECRET.encode()).code_keeper()
    async with database.begin() as session:
        teachers: Sequence[UUID] = (await session.scalars(_TEACHERS, {"day": built.TODAY})).all()
    found = [Tapper(_FIRST + place) for place in range(len(teachers))]
    for tapper, teacher in zip(found, teachers, strict=True):
        async with database.begin() as session:
            (issued,) = (await accounts.issue_codes(session, OFFICE, keeper, [teacher], built.NOW)).codes
            account = MessengerAccount(Channel.TELEGRAM, str(tapper.number))
            await accounts.show_code(session, keeper, account, issued.code, built.NOW)
    return found


@asynccontextmanager
async def _emulator() -> AsyncIterator[BotApiEmulator]:
    async with BotApiEmulator(SandboxBot(_TOKEN), SandboxBot(_ECHO_TOKEN)) as emulator:
        yield emulator


def _product(url: URL, folder: Path, emulator: BotApiEmulator) -> tuple[list[str], dict[str, str]]:
    settings = {
        "ZVONOK_DATA": str(folder / "zvonok"),
        "ZVONOK_DATABASE_URL": url.render_as_string(hide_password=False),
        "ZVONOK_SECRET": _SECRET,
        "ZVONOK_SANDBOX": "true",
        "ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS": str((built.NOW - datetime.now(UTC)).total_seconds()),
        "ZVONOK_TELEGRAM_TOKEN": _TOKEN,
        "ZVONOK_TELEGRAM_BASE_URL": emulator.base_url,
    }
    return ["zvonok.cli", "bot"], settings


def _echo(emulator: BotApiEmulator) -> tuple[list[str], dict[str, str]]:
    return ["bench._echo_bot", _ECHO_TOKEN, emulator.base_url], {}


@asynccontextmanager
async def _process(folder: Path, words: list[str], settings: dict[str, str]) -> AsyncIterator[None]:
    """Run a module as a process of its own within the block; what it says is shown if it dies."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZVONOK_")}
    log = folder / f"{words[0]}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", *words), env={**kept, **settings}, stdout=output, stderr=output
        )
    try:
        yield
    finally:
        if process.returncode is None:
            process.terminate()
        else:
            print(log.read_text(encoding="utf-8")[-2000:], file=sys.stderr)
        await process.wait()


def run(extent: Extent) -> bool:
    """Measure so much."""
    with tempfile.TemporaryDirectory(prefix="zvonok-bench-") as folder:
        Path(folder).chmod(0o755)
        return asyncio.run(measure(Path(folder), extent))


def main() -> None:
    """Measure; exit code 1 if a tap takes longer than is wanted."""
    if not run(Extent(SCHOOLS, SECONDS, ROUNDS)):
        sys.exit(1)


def quick() -> None:
    """Show that it still runs."""
    run(Extent(2, 1, 2))
    print("So little was done that these figures mean nothing.")
