"""The audit's chains after a restore: they end where the backup does, and that is written down where it can be seen.

Done by the restore itself and not left to a command: an alarm that always means nothing teaches people to wave alarms
away. Nothing is lost by it: heads that were kept so far are set aside, and the chain itself says that, from which file,
and over which head the past was brought back.
"""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from uuid import UUID

from core import journal
from core.actor import OFFICE
from core.audit import audit_chain, audit_check
from core.audit.audit_links import Head
from core.journal import Change
from core.school import schools
from texts.reader import load
from zvonok.backup.manifest import Manifest, stamp
from zvonok.backup.restoring import TAKEN_OVER
from zvonok.installation import Installation
from zvonok.kept_heads import KeptHeads
from zvonok.trouble import InstallationError


async def take_over(here: Installation, file: Path, head: Manifest) -> list[str]:
    """Keep the restored heads from now on and enter the restore in each school's audit; say what is to be done."""
    kept = KeptHeads(here.settings.data)
    before, aside = _set_aside(kept, here.school_clock.now())
    async with here.journal() as database, database.begin() as session:
        names = await audit_check.chains(session)
        found = {school: await audit_chain.head_of(session, school) for school in names}
        for school in await schools.all_schools(session):
            change = _entry(file, head, before.get(school.id), found.get(school.id))
            await journal.audit(session, OFFICE, school.id, here.school_clock.now(), change)
    kept.write(found)
    say = load("ru").format
    heads = [say("restore-head", school=names[school], head=one.on_paper()) for school, one in found.items()]
    lost = [say("restore-heads-aside", file=str(aside))] if aside is not None else []
    lost += [_lost(names[school], one, found[school]) for school, one in before.items() if school in found]
    return [*lost, *([say("restore-heads"), *heads] if heads else [])]


def _set_aside(kept: KeptHeads, now: datetime) -> tuple[Mapping[UUID, Head], Path | None]:
    """Give the file of heads another name; one that cannot be read is no less worth keeping."""
    try:
        before = kept.read()
    except InstallationError:
        before = {}
    if not kept.path.exists():
        return before, None
    aside = kept.path.with_name(f"audit-heads-before-{stamp(now)}.json")
    kept.path.rename(aside)
    return before, aside


def _lost(school: str, before: Head, now: Head) -> str:
    """Say how much was entered after the backup, as far as the head that was kept outside the database tells."""
    say = load("ru").format
    count = before.number - now.number
    return say("restore-lost", school=school, count=count) if count > 0 else say("restore-lost-none", school=school)


def _entry(file: Path, head: Manifest, before: Head | None, now: Head | None) -> Change:
    after = {"file": file.name, "snapshot_at": head.snapshot_at.isoformat(), "head": None if now is None else str(now)}
    return Change(TAKEN_OVER, f"backup/{file.name}", None if before is None else {"head": str(before)}, after)
