"""The demonstration's stage: a sandboxed installation with the sample school, a local Telegram and a local mail server.

Nothing of the real settings is used: no token, no address, no database of anybody's. Each performance takes place on a
later Tuesday of the school year 2026/27, at 8:31, so that it can be repeated on kept data. A stage that stays up lives
by a clock of its own instead, which people move.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from pathlib import Path
from socket import create_server, socket
from uuid import UUID

from core.account import accounts
from core.account.accounts import MessengerAccount
from core.database import Database
from core.events import Channel
from core.person import people
from core.roster_file import NamedBytes, RosterErrors, RosterFiles, read_roster
from core.russian import FullName
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import at_school, school_date
from notifiers.mail_settings import Security
from zvonok import office
from zvonok.demo import sample_school
from zvonok.demo.sample_school import Cast, find_cast
from zvonok.demo.visiting import CLOCK
from zvonok.installation import Installation, installation
from zvonok.processes.clockwork import run_core
from zvonok.processes.conversation import run_bot
from zvonok.processes.pages import run_pages
from zvonok.processes.sending import run_gateway
from zvonok.sandbox.bot_api import BotApiEmulator, Clocks, SandboxBot
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.max_api import MaxBot, MaxEmulator
from zvonok.sandbox.moved_clock import MovedClock
from zvonok.settings import Settings, read_settings

FIRST_DAY = date(2026, 9, 8)
LAST_DAY = date(2027, 5, 25)
YEAR_ENDS = date(2027, 5, 31)
BELL_AND_A_MINUTE, EVENING, LAST_BELL = time(8, 31), time(18, 0), time(20, 0)
TOKEN = "4200000001:sandbox-token"  # noqa: S105 - of the local stand-in; opens nothing anywhere
MAX_BOT = MaxBot("sandbox-token-of-max", 4_200_000_002)
SENDER = "zvonok@school.example"
HOST = "127.0.0.1"
"""Where the pages behind letters listen: nobody's outside this machine."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a performance needs."""

    here: Installation
    emulator: BotApiEmulator
    max: MaxEmulator | None
    """Whom the performance needs has Telegram; a stage that stays up has both."""
    catcher: MailCatcher
    journal: Database
    school: SchoolCard
    rows: RosterFiles
    cast: Cast
    day: date
    clock: MovedClock
    since: datetime
    """School time at which the stage was set."""

    async def person(self, name: FullName, *, child: FullName | None = None) -> UUID:
        """Find a person of the sample school by full name; ``child`` tells namesakes apart."""
        async with self.journal.begin() as session:
            found = await people.by_name(session, self.school, name.in_full())
            if child is not None:
                pupils = await people.by_name(session, self.school, child.in_full())
                found = tuple([one for one in found if await people.is_guardian(session, one, pupils)])
        (person,) = found
        return person

    async def is_linked(self, user_id: int, person: UUID) -> bool:
        """Tell whether this messenger account stands for the person already."""
        async with self.journal.begin() as session:
            account = MessengerAccount(Channel.TELEGRAM, str(user_id))
            return person in await accounts.persons_behind(session, account)

    async def code_for(self, person: UUID) -> str:
        """Issue a one-time code."""
        return (await office.issue_to(self.journal, self.here, [person]))[person]


def prepare(folder: Path) -> date:
    """Make the folder and return the day of the next performance; after the last one all starts anew."""
    kept = folder / "day"
    day = date.fromisoformat(kept.read_text(encoding="ascii")) + timedelta(days=7) if kept.exists() else FIRST_DAY
    if day > LAST_DAY:
        clear(folder)
        day = FIRST_DAY
    folder.mkdir(parents=True, exist_ok=True)
    return day


def clear(folder: Path) -> None:
    """Forget everything played so far. The folder is the demonstration's own."""
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def set_stage(folder: Path, listening: socket, *, with_gateway: bool = True) -> AsyncIterator[Stage]:
    """Start everything on the folder's data, with the sample school in the journal; stop it all at the end.

    ``listening`` is where the pages behind letters answer.
    """
    day = prepare(folder)
    # Written first: a performance that was broken off leaves its day behind as well.
    (folder / "day").write_text(day.isoformat(), encoding="ascii")
    clock = wind(folder, day)
    async with (
        BotApiEmulator(SandboxBot(TOKEN), state=folder / "telegram", clocks=Clocks(wall=clock.now)) as emulator,
        MailCatcher(folder / "mail", clock=clock.now) as catcher,
        installation(_settings(folder, emulator, catcher, listening), school_clock=clock.school_clock()) as here,
        here.journal() as journal,
    ):
        since = clock.now()
        await _import(here)
        rows = _rows(day)
        async with journal.begin() as session:
            school = await schools.find(session, sample_school.NAME)
        async with _running(here, listening, with_gateway=with_gateway):
            yield Stage(here, emulator, None, catcher, journal, school, rows, find_cast(rows), day, clock, since)


@asynccontextmanager
async def keep_stage(
    folder: Path, clock: MovedClock, listening: socket, say: Callable[[str], None]
) -> AsyncIterator[Stage]:
    """Start everything on the folder's data, by this clock; ``say`` hears what is being done while it is.

    The folder is there. ``listening`` is where the pages behind letters answer.
    """
    say("Запускаю базу данных…")
    async with (
        BotApiEmulator(SandboxBot(TOKEN), state=folder / "telegram", clocks=Clocks(wall=clock.now)) as emulator,
        MaxEmulator(MAX_BOT, state=folder / "max", wall=clock.now) as beside,
        MailCatcher(folder / "mail", clock=clock.now) as catcher,
        installation(
            _settings(folder, emulator, catcher, listening, beside), school_clock=clock.school_clock()
        ) as here,
        here.journal() as journal,
    ):
        school = await _kept_school(here, journal, say)
        day = school_date(clock.now(), school.zone)
        rows = _rows(day)
        say("Запускаю журнал, шлюз и бота…")
        async with _running(here, listening, with_gateway=True):
            yield Stage(
                here, emulator, beside, catcher, journal, school, rows, find_cast(rows), day, clock, clock.now()
            )


async def _kept_school(here: Installation, journal: Database, say: Callable[[str], None]) -> SchoolCard:
    """Return the sample school, brought in whole on the first start."""
    async with journal.begin() as session:
        schools_here = await schools.all_schools(session)
    if not schools_here:
        say("Завожу школу: списки учеников, родителей, учителей и расписание…")
        await _import(here)
    async with journal.begin() as session:
        return await schools.find(session, sample_school.NAME)


@asynccontextmanager
async def _running(here: Installation, listening: socket, *, with_gateway: bool) -> AsyncIterator[None]:
    """Run the processes of an installation for the length of the block; if one dies, so does the block."""
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(run(here)) for run in (run_core, run_bot, partial(run_pages, listening=listening))]
        if with_gateway:
            running.append(group.create_task(run_gateway(here)))
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            for task in running:
                with suppress(asyncio.CancelledError):
                    await task


async def _import(here: Installation) -> None:
    paths = [sample_school.FOLDER / name for name in sample_school.CSV_FILES]
    new = office.NewSchool(sample_school.NAME, sample_school.KIND, sample_school.ZONE)
    await office.import_files(here, paths, new)
    await office.school_settings(here, sample_school.NAME, ["undo_window_seconds=0", "settle_minutes=0"])


def _rows(day: date) -> RosterFiles:
    files = [NamedBytes(name, (sample_school.FOLDER / name).read_bytes()) for name in sample_school.CSV_FILES]
    rows = read_roster(files, today=day)
    if isinstance(rows, RosterErrors):
        raise TypeError("the sample school's own files are refused")
    return rows


def wind(folder: Path, day: date) -> MovedClock:
    """Return the folder's clock: it goes on from where it stood, from this day's first bell at the earliest."""
    zone = sample_school.ZONE
    return MovedClock(folder / CLOCK, at_school(day, BELL_AND_A_MINUTE, zone), at_school(YEAR_ENDS, LAST_BELL, zone))


def any_listener() -> socket:
    """Listen on a port that nobody else has: chosen and held at once, so that nobody comes between."""
    return create_server((HOST, 0))


def kept_listener(folder: Path, usual: int) -> socket:
    """Listen on the port that served this folder's pages before, so that links in old letters still open.

    The usual one at first; another if somebody listens on it now.
    """
    path = folder / "pages-port"
    wanted = int(path.read_text(encoding="ascii")) if path.exists() else usual
    try:
        listening = create_server((HOST, wanted))
    except OSError:
        listening = any_listener()
    path.write_text(str(_port(listening)), encoding="ascii")
    return listening


def _port(listening: socket) -> int:
    return int(listening.getsockname()[1])


def _settings(
    folder: Path, emulator: BotApiEmulator, catcher: MailCatcher, listening: socket, beside: MaxEmulator | None = None
) -> Settings:
    """Build the settings; whatever could lead out of this machine is given here and read from nowhere."""
    return read_settings(
        _env_file=None,
        data=folder,
        database_url=None,
        secret=None,
        sandbox=True,
        school_clock_offset_seconds=0,
        public_url=f"http://{HOST}:{_port(listening)}",
        web_host=HOST,
        web_port=_port(listening),
        telegram_token=TOKEN,
        telegram_base_url=emulator.base_url,
        telegram_proxy=None,
        max_token=None if beside is None else MAX_BOT.token,
        **({} if beside is None else {"max_base_url": beside.base_url}),
        max_proxy=None,
        max_ca_file=None,
        mail_host=catcher.host,
        mail_port=catcher.port,
        mail_security=Security.PLAIN,
        mail_user=None,
        mail_password=None,
        mail_from=SENDER,
        mail_ca_file=None,
        lease_seconds=2,
        log_level="error",
    )
