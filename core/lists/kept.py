"""Imports as the audit keeps them: one row says that there was one, one row more for each thing that it wrote.

All rows of an import are of one moment and one author, by which the database finds them; each names its import. So a
table of imports would say nothing that the audit does not, and what was written cannot be changed behind it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.events import guardianship_subject, school_subject
from core.journal import Change, audit
from core.lists.difference import Difference, Entry, What
from core.refusals import Conflict, NotFound
from core.tables import AuditRow

IMPORT, CHANGE, UNDO = "roster.import", "roster.change", "roster.undo"
SLOT_PARTS = 5
ENTRY = "entry"
"""Under this name an audit row says which entry it is."""


@dataclass(frozen=True, slots=True)
class ImportCard:
    """An import as the office sees it in a list."""

    id: UUID
    at: datetime
    by: UUID | None
    """None: the office."""
    files: tuple[str, ...]
    written: int
    """Things that it wrote."""
    undone_at: datetime | None


async def write(
    session: AsyncSession, act: Act, school: UUID, import_id: UUID, entries: Iterable[Entry], said: dict[str, Any]
) -> None:
    """Keep an import with what it wrote."""
    header = Change(IMPORT, school_subject(school), None, {"import": str(import_id), **said})
    await audit(session, act.actor, school, act.at, header, *_changes(import_id, entries))


async def write_undo(
    session: AsyncSession, act: Act, school: UUID, import_id: UUID, entries: Sequence[Entry], why: str
) -> None:
    """Keep that an import was taken back, and what that wrote."""
    header = Change(
        UNDO, school_subject(school), None, {"import": str(import_id), "written": len(entries)}, why or None
    )
    await audit(session, act.actor, school, act.at, header, *_changes(import_id, entries))


async def listed(session: AsyncSession, school: UUID) -> tuple[ImportCard, ...]:
    """List the imports of a school, the newest first; those of before imports were kept have no line."""
    query = (
        select(AuditRow)
        .where(AuditRow.subject == school_subject(school), AuditRow.action.in_((IMPORT, UNDO)))
        .order_by(AuditRow.seq.desc())
    )
    undone: dict[str, datetime] = {}
    cards = []
    for row in (await session.execute(query)).scalars():
        said = row.after or {}
        made = said.get("import")
        if made is None:
            continue
        if row.action == UNDO:
            undone[made] = row.at
            continue
        files = tuple(said.get("files", ()))
        cards.append(ImportCard(UUID(made), row.at, row.person_id, files, said.get("written", 0), undone.get(made)))
    return tuple(cards)


async def entries_of(session: AsyncSession, school: UUID, card: ImportCard) -> tuple[Entry, ...]:
    """Read what an import wrote.

    Raises ``NotFound``, or ``Conflict``: words of it were erased since, or it wrote a timetable while that knew
    neither groups nor weeks.
    """
    author = AuditRow.person_id.is_(None) if card.by is None else AuditRow.person_id == card.by
    query = (
        select(AuditRow)
        .where(author, AuditRow.at == card.at, AuditRow.school_id == school, AuditRow.action == CHANGE)
        .order_by(AuditRow.seq)
    )
    rows = (await session.execute(query)).scalars().all()
    found = [_entry(row) for row in rows if (row.after or {}).get(ENTRY, {}).get("import") == str(card.id)]
    if len(found) < card.written:
        raise Conflict("import-words-erased")
    if any(one.what is What.SLOT and len(one.key) < SLOT_PARTS for one in found):
        raise Conflict("import-of-former-timetable")
    return tuple(found)


def card_of(cards: Iterable[ImportCard], import_id: UUID) -> ImportCard:
    """Find an import among those listed. Raises ``NotFound``."""
    for card in cards:
        if card.id == import_id:
            return card
    raise NotFound("import-unknown")


def said_of(difference: Difference, files: Sequence[str]) -> dict[str, Any]:
    """Return what the row of an import says beside its counts."""
    written = {"files": list(files), "written": len(difference.entries), "fingerprint": difference.fingerprint}
    return {**written, "gone": len(difference.gone), "unchanged": difference.unchanged.people}


def _changes(import_id: UUID, entries: Iterable[Entry]) -> list[Change]:
    """Return the rows; those with nothing before them apart, so that all of a kind go to the database at once."""
    return [_change(import_id, entry) for entry in sorted(entries, key=lambda entry: entry.before is None)]


def _change(import_id: UUID, entry: Entry) -> Change:
    is_whose = {"import": str(import_id), "what": entry.what.value, "key": list(entry.key), "goes": entry.after is None}
    before = None if entry.before is None else dict(entry.before)
    return Change(CHANGE, _subject(entry), before, {**(entry.after or {}), ENTRY: is_whose})


def _entry(row: AuditRow) -> Entry:
    after = dict(row.after or {})
    whose = after.pop(ENTRY)
    return Entry(What(whose["what"]), tuple(whose["key"]), row.before, None if whose["goes"] else after)


def _subject(entry: Entry) -> str:
    match entry.what:
        case What.RELATION | What.CONSENT:
            return guardianship_subject(UUID(entry.key[0]), UUID(entry.key[1]))
        case What.CLASS | What.SUBJECT | What.ROOM | What.SLOT:
            return f"{entry.what.value}/{'/'.join(entry.key)}"
        case _:
            return f"person/{entry.key[0]}"
