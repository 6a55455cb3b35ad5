"""Keys of programs at the command line."""

from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from core.account import api_keys
from core.account.api_keys import KeyDraft, KeyLine
from core.actor import OFFICE, Act
from core.school import schools
from texts.reader import load
from zvonok.installation import Installation


async def make(here: Installation, school_name: str | None, draft: KeyDraft) -> list[str]:
    """Make a key; the lines hold it, and nothing else ever will."""
    say, now = load("ru").format, here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        made = await api_keys.make(session, _act(now), school.id, draft)
    return [say("office-api-key-made", title=" ".join(draft.title.split())), made.key, say("office-api-key-care")]


async def listed(here: Installation, school_name: str | None) -> list[str]:
    """List the keys of a school."""
    now = here.school_clock.now()
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        lines = await api_keys.listed(session, OFFICE, school.id, now)
    return [_line(one, school.zone) for one in lines] or [load("ru").format("office-api-keys-none")]


async def revoke(here: Installation, key: UUID) -> list[str]:
    """Revoke a key."""
    async with here.journal() as database, database.begin() as session:
        await api_keys.revoke(session, _act(here.school_clock.now()), key)
    return [load("ru").format("office-api-key-gone")]


def _act(now: datetime) -> Act:
    return Act(OFFICE, now, f"office/{uuid4()}")


def _line(one: KeyLine, zone: str) -> str:
    say = load("ru").format

    def day(at: datetime) -> str:
        return f"{at.astimezone(ZoneInfo(zone)):%d.%m.%Y}"

    if one.revoked_at is not None:
        until = say("office-api-key-revoked", day=day(one.revoked_at))
    elif one.expires_on is not None:
        until = say("office-api-key-until", day=f"{one.expires_on:%d.%m.%Y}")
    else:
        until = say("office-api-key-endless")
    never = one.last_used_on is None
    used = say("office-api-key-unused") if never else say("office-api-key-used", day=f"{one.last_used_on:%d.%m.%Y}")
    scopes = ", ".join(one.scopes)
    return say(
        "office-api-key-line",
        id=str(one.id),
        title=one.title,
        scopes=scopes,
        made=day(one.made_at),
        until=until,
        used=used,
    )
