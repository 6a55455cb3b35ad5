"""What families agree to: texts of the consent, version after version; one that is published never changes.

Whoever agrees by his own act hands back the version and the hash of what he was shown, as with a notice that is signed.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act
from core.journal import Change, audit, first_time, id_made_by
from core.notice.notice_tables import ConsentText
from core.refusals import Conflict, Invalid, NotFound
from core.tables import School

LONGEST = 20_000
"""Characters: about eight printed pages, more than any school's form."""


@dataclass(frozen=True, slots=True)
class TextRef:
    """Which text somebody agreed to, in the words of whoever showed it to him."""

    version: int
    text_hash: str


@dataclass(frozen=True, slots=True)
class TextVersion:
    """One published version."""

    id: UUID
    version: int
    text: str
    text_hash: str
    """SHA-256 of the text in UTF-8, hexadecimal."""
    published_at: datetime

    @property
    def ref(self) -> TextRef:
        """Name this version, to be handed back by whoever agrees to it."""
        return TextRef(self.version, self.text_hash)

    @property
    def intact(self) -> bool:
        """Tell whether the text is still what its hash was made of."""
        return hash_of(self.text) == self.text_hash


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


async def publish(session: AsyncSession, act: Act, school_id: UUID, text: str) -> TextVersion:
    """Publish the next version of a school's text and return it; what is published already stays the version it is.

    Raises ``NotFound``, ``Forbidden`` (the administration only), ``Invalid`` (no text, or longer than ``LONGEST``).
    """
    facts = await rights.of_school(session, act.actor, school_id, act.at)
    rights.demand(facts, Right.CONSENT_TEXT_PUBLISH)
    words = free_text.plain(text)
    if free_text.says_nothing(words):
        raise Invalid("consent-text-empty")
    if len(words) > LONGEST:
        raise Invalid("consent-text-too-long", longest=LONGEST, seen=len(words))
    # One at a time: the number of a version is the last one's and one more.
    await session.execute(select(School.id).where(School.id == school_id).with_for_update(key_share=True))
    last = await newest(session, school_id)
    if not await first_time(session, act.key, act.at) or (last is not None and last.text == words):
        return last if last is not None else await _made_by(session, act)
    row = ConsentText(
        id=id_made_by(act.key, "consent-text"),
        school_id=school_id,
        version=1 if last is None else last.version + 1,
        text=words,
        text_hash=hash_of(words),
        published_by=act.actor.person,
        published_at=act.at,
    )
    session.add(row)
    await session.flush()
    told = {"version": row.version, "text_hash": row.text_hash}
    before = None if last is None else {"version": last.version, "text_hash": last.text_hash}
    change = Change("consent-text.publish", f"consent-text/{school_id}", before, told)
    await audit(session, act.actor, school_id, act.at, change)
    return _view(row)


async def versions(session: AsyncSession, school_id: UUID) -> tuple[TextVersion, ...]:
    """List a school's texts, the newest first. They hold no personal data and are open to everybody (CONS-16)."""
    rows = await session.execute(
        select(ConsentText).where(ConsentText.school_id == school_id).order_by(ConsentText.version.desc())
    )
    return tuple(_view(row) for row in rows.scalars())


async def newest(session: AsyncSession, school_id: UUID) -> TextVersion | None:
    """Return the text that holds now; None before the first one is published."""
    return next(iter(await versions(session, school_id)), None)


async def numbered(session: AsyncSession, school_id: UUID, version: int) -> TextVersion:
    """Return one version. Raises ``NotFound``."""
    found = next((one for one in await versions(session, school_id) if one.version == version), None)
    if found is None:
        raise NotFound("consent-text-unknown", version=version)
    return found


async def agreed(session: AsyncSession, school_id: UUID, ref: TextRef, *, now_in_force: bool) -> UUID:
    """Return the id of the text that somebody agreed to, once it is certain that he saw this very text.

    ``now_in_force`` asks for the newest version: an old screen must not collect consents to what no longer holds.
    Raises ``NotFound`` (no such version), ``Conflict`` (another text, or a newer version).
    """
    found = await numbered(session, school_id, ref.version)
    if not found.intact or found.text_hash != ref.text_hash:
        raise Conflict("consent-text-changed")
    if now_in_force and found != await newest(session, school_id):
        raise Conflict("consent-text-changed")
    return found.id


async def _made_by(session: AsyncSession, act: Act) -> TextVersion:
    return _view(await session.get_one(ConsentText, id_made_by(act.key, "consent-text")))


def _view(row: ConsentText) -> TextVersion:
    return TextVersion(row.id, row.version, row.text, row.text_hash, row.published_at)
