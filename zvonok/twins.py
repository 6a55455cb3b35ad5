"""Records of one person at the command line: shown in pairs, made one by their numbers."""

from uuid import UUID, uuid4

from core.actor import OFFICE, Act
from core.person import merging, twins
from core.person.twins import Record
from core.school import schools
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import OfficeError


async def listing(here: Installation, school_name: str | None) -> list[str]:
    """Show pairs of records that look like one person's."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        found = await twins.listed(session, OFFICE, school.id, here.school_clock.now())
    if not found:
        return [load("ru").format("twins-none")]
    lines = [line for pair in found for line in ("", _line(pair.first), _line(pair.second))]
    return [*lines[1:], "", load("ru").format("twins-how")]


async def merge(here: Installation, kept: str, gone: str, why: str) -> list[str]:
    """Make one person of two records, which the list of pairs names by number. Raises ``OfficeError``."""
    pair = [number(one) for one in (kept, gone)]
    async with here.journal() as database, database.begin() as session:
        act = Act(OFFICE, here.school_clock.now(), f"merge:{uuid4()}")
        merged = await merging.merge(session, act, pair[0], pair[1], why)
    say = load("ru").format
    return [say("twins-merged", rows=sum(merged.rows.values()))]


def number(written: str) -> UUID:
    """Read a record's number. Raises ``OfficeError``."""
    try:
        return UUID(written)
    except ValueError:
        raise OfficeError(f"«{written}»: это не номер записи. Номера показывает zvonok people twins.") from None


def _line(record: Record) -> str:
    say = load("ru").format
    about = [f"{record.born:%d.%m.%Y}" if record.born else say("twins-no-birth-date")]
    if record.class_title:
        about.append(say("twins-pupil", class_title=record.class_title))
    if record.position:
        about.append(record.position)
    if record.children:
        about.append(say("twins-adult-of", children=", ".join(child.in_lists() for child in record.children)))
    return f"{record.person}  {record.name.in_full()}: {'; '.join(about)}"
