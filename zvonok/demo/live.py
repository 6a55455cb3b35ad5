"""The demonstration that stays up: a whole school on this machine, with a page to tap and to watch.

The cast is linked already: a teacher, the class teacher, parents with messengers, one with e-mail only. Everything is
kept in the demonstration's folder, and the next start goes on from there, by a clock that never ran backwards.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from time import monotonic
from uuid import UUID

import click
from sqlalchemy import text

from core.database import Role
from core.events import Channel
from core.roster_file import GuardianCells, PupilRow
from core.russian import FullName
from zvonok.called_as import as_called
from zvonok.demo.alone import stands_at
from zvonok.demo.parts import CLASS_TEACHER_ID, FIRST_PARENT_ID, TEACHER_ID
from zvonok.demo.stage import FIRST_DAY, Stage, clear, keep_stage, kept_listener, wind
from zvonok.sandbox.journal import JournalError
from zvonok.sandbox.page.server import page_listener, served_page
from zvonok.sandbox.page.state import Shown
from zvonok.sandbox.phones import Emulator, Phones
from zvonok.sandbox.residents import LinkingError, Residents
from zvonok.sandbox.troubles import Troubles
from zvonok.trouble import InstallationError

PAGES_PORT = 8032
"""Where the pages behind letters stand, unless something else of this machine does."""
LOOK_EVERY_SECONDS = 0.1
UNREAD = text("SELECT count(*) FROM bus.outbox")


@dataclass(frozen=True, slots=True)
class Part:
    """Somebody of the prepared cast."""

    name: FullName
    child: FullName | None
    user_id: int | None
    """None: a mailbox only."""
    messenger: Channel = Channel.TELEGRAM


class Announcer:
    """Tells what is being done while it is done, and how long each step took."""

    def __init__(self) -> None:
        self._step: float | None = None

    def __call__(self, line: str) -> None:
        """Begin a step."""
        self.done()
        click.echo(f"  {line}", nl=False)
        self._step = monotonic()

    def done(self) -> None:
        """End the line of the step that is under way."""
        if self._step is not None:
            click.echo(f" {monotonic() - self._step:.1f} с")
        self._step = None


async def live(folder: Path, *, fresh: bool, port: int | None) -> None:
    """Stay up until cancelled. The folder is held already. Raises ``InstallationError`` if the port is taken."""
    with page_listener(port) as page:
        _lay_out(folder, fresh=fresh)
        announce = Announcer()
        click.echo("Поднимаю школу целиком на этой машине. Наружу ничего не уходит.")
        try:
            with kept_listener(folder, PAGES_PORT) as pages:
                await _stay_up(folder, announce, page, pages)
        except asyncio.CancelledError:
            announce.done()
            click.echo("Остановлено, всё сохранено.")
            raise
        except JournalError as error:
            raise InstallationError(str(error)) from None


def _lay_out(folder: Path, *, fresh: bool) -> None:
    if fresh:
        clear(folder)
    folder.mkdir(exist_ok=True)


async def _stay_up(folder: Path, announce: Announcer, page: socket, pages: socket) -> None:
    async with _raised(folder, announce, pages) as shown, served_page(shown, page) as address:
        announce.done()
        stands_at(folder, address)
        _welcome(address, folder)
        try:
            await asyncio.Event().wait()
        finally:
            click.echo("\nОстанавливаю…")


@asynccontextmanager
async def _raised(folder: Path, announce: Announcer, pages: socket) -> AsyncIterator[Shown]:
    clock = wind(folder, FIRST_DAY)
    try:
        async with keep_stage(folder, clock, pages, announce) as stage:
            phones = _phones(stage)
            residents = Residents(folder / "people.json", stage.here, stage.journal, stage.school, phones)
            announce("Шлюз узнаёт, кто чей родитель и кому что можно сообщать…")
            await _all_read(stage)
            await _move_in(stage, residents, announce)
            await _all_read(stage)
            announce("Открываю страницу…")
            lessons = [row for row in stage.rows.lessons if row.school_class == stage.cast.school_class]
            yield Shown(
                here=stage.here,
                journal=stage.journal,
                school=stage.school,
                lessons=lessons,
                phones=phones,
                catcher=stage.catcher,
                clock=clock,
                residents=residents,
                troubles=Troubles(stage.emulator, stage.catcher, stage.max),
            )
    finally:
        clock.close()


def _phones(stage: Stage) -> Phones:
    emulators: dict[Channel, Emulator] = {Channel.TELEGRAM: stage.emulator}
    if stage.max is not None:
        emulators[Channel.MAX] = stage.max
    return Phones(emulators)


async def _move_in(stage: Stage, residents: Residents, announce: Announcer) -> None:
    await residents.restore()
    living = {one.resident.person for one in residents.everybody}
    for part in prepared(stage):
        person = await stage.person(part.name, child=part.child)
        if person in living:
            continue
        where = "Telegram" if part.messenger is Channel.TELEGRAM else "MAX"
        how = "только почта" if part.user_id is None else f"телефон с {where} по одноразовому коду"
        announce(f"{part.name.in_full()}: {how}…")
        await _bring(residents, person, part)


async def _bring(residents: Residents, person: UUID, part: Part) -> None:
    try:
        await residents.bring(person, user_id=part.user_id, phone=part.user_id is not None, messenger=part.messenger)
    except LinkingError as error:
        raise InstallationError(f"{part.name.in_full()}: {error}") from None


async def _all_read(stage: Stage) -> None:
    """Wait until the gateway has read the events so far, so that the first tap need not stand in their queue."""
    async with stage.here.database(Role.GATEWAY, pool_size=1) as database:
        while True:
            async with database.begin() as session:
                if (await session.execute(UNREAD)).scalar_one() == 0:
                    return
            await asyncio.sleep(LOOK_EVERY_SECONDS)


def prepared(stage: Stage) -> tuple[Part, ...]:
    """Return the cast: who gives the first lesson on Tuesday, the class teacher, the families of three pupils."""
    cast = stage.cast
    led = next(row for row in stage.rows.staff if row.class_teacher_of == cast.school_class)
    teachers = [Part(cast.teacher.name, None, TEACHER_ID), Part(led.name, None, CLASS_TEACHER_ID)]
    families = [(pupil, cells) for pupil in _pupils(stage) for cells in pupil.guardians]
    parents = [
        Part(
            cells.name,
            pupil.name,
            None if _letters_only(cells, cast.two_parents) else FIRST_PARENT_ID + number,
            Channel.MAX if pupil is cast.two_homes else Channel.TELEGRAM,
        )
        for number, (pupil, cells) in enumerate(families)
    ]
    return (*teachers, *parents)


def _pupils(stage: Stage) -> tuple[PupilRow, ...]:
    return stage.cast.two_parents, stage.cast.one_parent, stage.cast.two_homes


def _letters_only(cells: GuardianCells, family: PupilRow) -> bool:
    """Tell who of the cast has no messenger: the second parent of the family that lives together."""
    return cells in family.guardians[1:]


def _welcome(address: str, folder: Path) -> None:
    click.echo(f"\nГотово. Откройте в браузере:\n\n    {address}\n")
    anew = as_called("начать заново: make demo ARGS=--fresh.")
    click.echo(f"Остановить: Ctrl+C. Всё сохранится в {folder}; {anew}")
