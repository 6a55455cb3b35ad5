"""``zvonok backup``, ``restore``, ``quarantine``: from an installation to the lines that are printed."""

import asyncio
import getpass
from pathlib import Path

from core.database import Role
from core.person import people
from core.school import schools
from gateway import quarantine
from gateway.quarantine import NotCheckedError, NotPlannedError
from texts.reader import load
from zvonok.backup import words
from zvonok.backup.drill import drill as try_restore
from zvonok.backup.heads import take_over
from zvonok.backup.keys import make_own, read_key
from zvonok.backup.making import make
from zvonok.backup.places import make_own_folder
from zvonok.backup.reading import check
from zvonok.backup.restoring import Source
from zvonok.backup.restoring import restore as bring_back
from zvonok.backup.troubles import BackupError
from zvonok.installation import Installation
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

UTC = "UTC"
"""Zone of times while there is no school yet."""


async def back_up(here: Installation, folder: Path | None) -> list[str]:
    """Make a backup, its key and its folder if nobody has set them. Raises ``BackupError``."""
    beside = make_own_folder(here.settings, folder)
    new_key = make_own(here.settings)
    return words.made(await make(here, folder), words.Kept.by(here.settings, new_key=new_key, beside=beside))


async def verify(settings: Settings, path: Path) -> list[str]:
    """Read a whole file; no database is needed. Raises ``BackupError``."""
    return words.verified(path, await asyncio.to_thread(check, path, read_key(settings)))


async def drill(here: Installation, path: Path | None) -> list[str]:
    """Restore a backup into a scratch database. Raises ``BackupError`` with the same lines for a broken chain."""
    done = await try_restore(here, path)
    lines = words.drilled(done)
    if not done.whole:
        raise BackupError("\n".join(lines))
    return lines


async def restore(here: Installation, path: Path) -> list[str]:
    """Restore into the empty database of this installation. Raises ``BackupError``."""
    source = Source(path, read_key(here.settings), here.secret)
    contents = await bring_back(here.url, source, here.school_clock.now())
    return [*words.restored(path, contents), *await take_over(here, path, contents.head), *await list_held(here)]


async def list_held(here: Installation) -> list[str]:
    """List what the quarantine holds."""
    async with here.database(Role.GATEWAY, pool_size=1) as database, database.begin() as session:
        found = await quarantine.waiting(session, here.school_clock.now())
    if found is None:
        return [load("ru").format("quarantine-none")]
    async with here.database(Role.CORE, pool_size=1) as database, database.begin() as session:
        known = await schools.all_schools(session)
        names = await people.names(session, sorted({one.recipient for one in found.held}))
    zone = known[0].zone if known else UTC
    return words.quarantine(found, zone, {school.id: school.name for school in known}, names)


async def checked(here: Installation) -> list[str]:
    """Let news go: bars, withdrawals and the like of the lost time are entered again, or there were none."""
    say = load("ru").format
    async with here.database(Role.GATEWAY, pool_size=1) as database, database.begin() as session:
        if await quarantine.standing(session) is None:
            return [say("quarantine-none")]
        return [say("quarantine-checked", count=await quarantine.checked(session, now=here.school_clock.now()))]


async def release(here: Installation, *, discard: bool) -> list[str]:
    """Let go what is held, or discard it. Raises ``OfficeError`` while papers or plans are not ready for it."""
    say = load("ru").format
    async with here.database(Role.GATEWAY, pool_size=1) as database, database.begin() as session:
        now = here.school_clock.now()
        if await quarantine.standing(session) is None:
            return [say("quarantine-none")]
        try:
            count = await quarantine.release(session, by=getpass.getuser(), now=now, discard=discard)
        except NotCheckedError:
            raise OfficeError(say("quarantine-not-checked")) from None
        except NotPlannedError as error:
            raise OfficeError(say("quarantine-not-planned", count=error.unread)) from None
    return [say("quarantine-discarded" if discard else "quarantine-released", count=count)]
