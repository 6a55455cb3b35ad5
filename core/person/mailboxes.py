"""A person's own mailbox: given by himself, used once whoever holds it has confirmed it (NOTIF-03, AUTH-17).

Whose mailbox it is by what the journal knows is never looked up, so that no answer can tell: known and unknown, refused
and asked too often end in the same words on the screen of whoever gave it. Only the holder learns that somebody did.
What the person uses today stays until another one is confirmed (docs/adr/0036-own-mailbox.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes
from uuid import UUID, uuid4

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import admission
from core.actor import Act, Actor
from core.events import AddressState, Channel, MailboxLinkState, address_subject, event, mailbox_link_subject
from core.journal import Change, audit, first_time
from core.outbox import publish
from core.person.mailbox_tables import MailboxClaim, MailboxRefusal
from core.refusals import Conflict, Forbidden, Invalid
from core.roster_file.fields import parse_email
from core.roster_file.problems import Code, Fault
from core.school import schools
from core.school_time import school_date
from core.tables import Contact, Person

LIVES = timedelta(hours=24)
"""How long a link can be used, by the school clock; tries are counted for as long."""
FRESH = timedelta(minutes=10)
"""So long the letter that is under way is the good one, however often the same mailbox is given."""
BY_PERSON, OF_MAILBOX = 5, 3
"""In ``LIVES``: mailboxes that one person may give, and letters of this kind that one mailbox gets from all."""
NO_ADDRESS = ""
"""Of a line of ``contact`` that is taken back; it stays, so that its versions go on."""
_MAIL = Channel.MAIL.value
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


@dataclass(frozen=True, slots=True)
class OwnMailbox:
    """What a person is shown of his mailbox."""

    used: str | None = None
    """Confirmed, by himself or on paper: letters go there."""
    stated: str | None = None
    """Written down by the school and confirmed by nobody: no letter goes there."""
    waiting: str | None = None
    """Given by himself, and not confirmed yet; nothing tells whether it ever will be."""
    until: datetime | None = None
    """How long it waits."""


@dataclass(frozen=True, slots=True)
class Question:
    """What the holder of a mailbox is asked: no name, of the person or of a child, for he may be a stranger."""

    mailbox: str
    school_name: str
    until: datetime
    zone: str


def read_mailbox(typed: str) -> str:
    """Return the mailbox that was typed, its domain in lower case. Raises ``Invalid``."""
    found = parse_email(" ".join(typed.split()).removeprefix("mailto:"))
    if not isinstance(found, Fault):
        return found
    # Words without «@» are no address that only needs another keyboard.
    if found.code is Code.CYRILLIC_IN_EMAIL and "@" in typed:
        raise Invalid("mailbox-cyrillic")
    raise Invalid("mailbox-malformed")


async def standing(session: AsyncSession, act: Act, person: UUID) -> OwnMailbox:
    """Return how a person's own mailbox stands. Raises ``Forbidden`` for anybody else's."""
    await _school_of(session, act, person)
    contact = await session.get(Contact, (person, _MAIL))
    value = None if contact is None or contact.value == NO_ADDRESS else contact.value
    verified = contact is not None and contact.verified_on is not None
    waits = await _newest(session, person, act.at)
    return OwnMailbox(
        used=value if verified else None,
        stated=None if verified else value,
        waiting=None if waits is None else waits.value,
        until=None if waits is None else waits.expires_at,
    )


async def ask(session: AsyncSession, act: Act, person: UUID, typed: str) -> None:
    """Have the holder of a mailbox asked whether it is this person's; an earlier question of his is over.

    Raises ``Invalid`` (no mailbox), ``Forbidden`` (somebody else's, or too many tries today). Whether a letter goes out
    nobody is told: it does not to whoever said that it is not he, nor to a mailbox asked too often.
    """
    school = await _school_of(session, act, person)
    value = read_mailbox(typed)
    if not await first_time(session, act.key, act.at):
        return
    folded = value.casefold()
    # In one order everywhere: two who give one mailbox wait for each other here and hold nothing that the other wants.
    for key in (f"mailbox-person:{person}", f"mailbox:{folded}"):
        await session.execute(_LOCK, {"key": key})
    mine = await _claims(session, person, act.at)
    contact = await session.get(Contact, (person, _MAIL))
    if contact is not None and contact.verified_on is not None and contact.value == value:
        await _close(session, mine, "replaced", school, act.at)
        return
    if any(_is_fresh(one, folded, act.at) for one in mine):
        return
    if len(mine) >= BY_PERSON:
        raise Forbidden("mailbox-too-many")
    often = await _sent_to(session, folded, act.at) >= OF_MAILBOX
    # Whoever asks too often keeps his last link, and sees what he would see if another letter had gone out.
    over = [one for one in mine if not (often and one.folded == folded and _is_open(one, act.at))]
    await _close(session, over, "replaced", school, act.at)
    await _open(session, act, person, value, sent=not often and not await _refused(session, person, folded))


async def take_back(session: AsyncSession, act: Act, person: UUID) -> None:
    """Let no letter go to a person's mailbox any more, and none that waits be confirmed. Raises ``Forbidden``."""
    school = await _school_of(session, act, person)
    if not await first_time(session, act.key, act.at):
        return
    await session.execute(_LOCK, {"key": f"mailbox-person:{person}"})
    await _close(session, await _claims(session, person, act.at), "withdrawn", school, act.at)
    contact = await session.get(Contact, (person, _MAIL), with_for_update=True, populate_existing=True)
    if contact is None or contact.value == NO_ADDRESS:
        return
    before = contact.value
    ended = AddressState(person=person, channel=Channel.MAIL, value=before, verified_at=None, ended=True)
    contact.value, contact.verified_on, contact.own = NO_ADDRESS, None, True
    contact.version += 1
    await _tell(session, ended, school, contact.version, act.at)
    change = Change("mailbox.take-back", address_subject(person, Channel.MAIL), {"mailbox": before}, None)
    await audit(session, act.actor, school, act.at, change)


async def question(session: AsyncSession, claim: UUID, now: datetime) -> Question | None:
    """Return what the holder of a mailbox is asked; None if it is over. Looking changes nothing."""
    row = await session.get(MailboxClaim, claim)
    if row is None or not _is_open(row, now):
        return None
    school = await schools.of_id(session, await _school_id(session, row.person_id))
    return Question(row.value, school.name, row.expires_at, school.zone)


async def confirm(session: AsyncSession, claim: UUID, now: datetime) -> None:
    """Let letters of a person go to the mailbox whose holder says so. Raises ``Conflict`` if the question is over."""
    row = await _living(session, claim, now)
    person, school = row.person_id, await schools.of_id(session, await _school_id(session, row.person_id))
    contact = await session.get(Contact, (person, _MAIL), with_for_update=True, populate_existing=True)
    if contact is None:
        contact = Contact(person_id=person, channel=_MAIL, value=NO_ADDRESS, verified_on=None, version=0)
        session.add(contact)
    before = None if contact.value == NO_ADDRESS else {"mailbox": contact.value}
    contact.value, contact.verified_on, contact.own = row.value, school_date(now, school.zone), True
    contact.version += 1
    await session.flush()
    state = AddressState(person=person, channel=Channel.MAIL, value=row.value, verified_at=now)
    await _tell(session, state, school.id, contact.version, now)
    await _close(session, [row], "confirmed", school.id, now)
    await _close(session, await _claims(session, person, now), "replaced", school.id, now)
    change = Change("mailbox.confirm", address_subject(person, Channel.MAIL), before, {"mailbox": row.value})
    await audit(session, Actor(via="web", person=person), school.id, now, change)


async def refuse(session: AsyncSession, claim: UUID, now: datetime) -> None:
    """Never ask this mailbox again for this person, who is not told. Raises ``Conflict`` if the question is over."""
    row = await _living(session, claim, now)
    school, salt = await _school_id(session, row.person_id), token_bytes(16)
    digest = _digest(salt, row.folded)
    session.add(MailboxRefusal(id=uuid4(), person_id=row.person_id, salt=salt, digest=digest, at=now))
    await _close(session, [row], "refused", school, now)
    change = Change("mailbox.refuse", address_subject(row.person_id, Channel.MAIL), {"claim": str(claim)}, None)
    await audit(session, Actor(via="web"), school, now, change)


async def tidy(session: AsyncSession, now: datetime) -> None:
    """Forget what is over, here and in the gateway; repeatable, at any time, beside whoever answers."""
    query = select(MailboxClaim).where(MailboxClaim.expires_at <= now).order_by(MailboxClaim.id)
    for row in (await session.execute(query.with_for_update(skip_locked=True))).scalars().all():
        await _close(session, [row], "replaced", await _school_id(session, row.person_id), now)
        await session.delete(row)


async def close_all(session: AsyncSession, now: datetime) -> None:
    """End every question: after a restore one of them may have been answered in the time that was lost."""
    query = select(MailboxClaim).where(MailboxClaim.outcome.is_(None)).order_by(MailboxClaim.id).with_for_update()
    for row in (await session.execute(query)).scalars().all():
        await _close(session, [row], "replaced", await _school_id(session, row.person_id), now)


async def _school_of(session: AsyncSession, act: Act, person: UUID) -> UUID:
    """Return the school of a person who acts for himself and may still enter. Raises ``Forbidden``."""
    if act.actor.person != person or not (await admission.of_person(session, person, act.at)).kinds:
        raise Forbidden("mailbox-not-yours")
    return await _school_id(session, person)


async def _school_id(session: AsyncSession, person: UUID) -> UUID:
    school = (await session.get_one(Person, person)).school_id
    if school is None:
        # An officer of an authority: no school writes to him.
        raise Forbidden("mailbox-not-yours")
    return school


async def _claims(session: AsyncSession, person: UUID, now: datetime) -> list[MailboxClaim]:
    """List and lock a person's questions of the last day, whatever became of them, the newest first."""
    query = select(MailboxClaim).where(MailboxClaim.person_id == person, MailboxClaim.expires_at > now)
    ordered = query.order_by(MailboxClaim.asked_at.desc(), MailboxClaim.id)
    return list((await session.execute(ordered.with_for_update())).scalars().all())


async def _sent_to(session: AsyncSession, folded: str, now: datetime) -> int:
    """Count the letters that a mailbox got in the last day. Locks nothing: others' questions are others' to lock."""
    sent = select(func.count()).where(
        MailboxClaim.folded == folded, MailboxClaim.expires_at > now, MailboxClaim.sent.is_(True)
    )
    return (await session.execute(sent)).scalar_one()


async def _newest(session: AsyncSession, person: UUID, now: datetime) -> MailboxClaim | None:
    """Return what a person waits for; whether its holder has refused does not show."""
    shown = MailboxClaim.outcome.is_(None) | (MailboxClaim.outcome == "refused")
    query = select(MailboxClaim).where(MailboxClaim.person_id == person, MailboxClaim.expires_at > now, shown)
    return (await session.execute(query.order_by(MailboxClaim.asked_at.desc()).limit(1))).scalar_one_or_none()


def _is_fresh(claim: MailboxClaim, folded: str, now: datetime) -> bool:
    waits = claim.outcome in (None, "refused")
    return waits and claim.folded == folded and now - claim.asked_at < FRESH


def _is_open(claim: MailboxClaim, now: datetime) -> bool:
    return claim.sent and claim.outcome is None and claim.expires_at > now


async def _living(session: AsyncSession, claim: UUID, now: datetime) -> MailboxClaim:
    found = await session.get(MailboxClaim, claim)
    if found is not None:
        await session.execute(_LOCK, {"key": f"mailbox-person:{found.person_id}"})
    row = await session.get(MailboxClaim, claim, with_for_update=True, populate_existing=True)
    if row is None or not _is_open(row, now):
        raise Conflict("mailbox-link-over")
    return row


async def _refused(session: AsyncSession, person: UUID, folded: str) -> bool:
    rows = await session.execute(select(MailboxRefusal).where(MailboxRefusal.person_id == person))
    return any(compare_digest(one.digest, _digest(one.salt, folded)) for one in rows.scalars())


def _digest(salt: bytes, folded: str) -> bytes:
    return sha256(salt + folded.encode()).digest()


async def _open(session: AsyncSession, act: Act, person: UUID, value: str, *, sent: bool) -> None:
    school = await _school_id(session, person)
    claim = MailboxClaim(
        id=uuid4(),
        person_id=person,
        value=value,
        folded=value.casefold(),
        asked_at=act.at,
        expires_at=act.at + LIVES,
        sent=sent,
        outcome=None,
    )
    session.add(claim)
    await session.flush()
    if sent:
        await _send(session, claim, school)
    # Not the mailbox: it may be a stranger's.
    change = Change("mailbox.ask", address_subject(person, Channel.MAIL), None, {"claim": str(claim.id)})
    await audit(session, act.actor, school, act.at, change)


async def _send(session: AsyncSession, claim: MailboxClaim, school_id: UUID) -> None:
    """Make the mailbox known to whoever tells people, as a reader of this question and of nothing else."""
    school = await schools.of_id(session, school_id)
    box = AddressState(person=claim.id, channel=Channel.MAIL, value=claim.value, verified_at=claim.asked_at)
    await _tell(session, box, school_id, 1, claim.asked_at)
    asked_on = school_date(claim.asked_at, school.zone)
    state = MailboxLinkState(claim=claim.id, person=claim.person_id, day=asked_on, expires_at=claim.expires_at)
    subject = mailbox_link_subject(claim.id)
    await publish(session, event(state, subject=subject, school=school_id, version=1, at=claim.asked_at))


async def _close(session: AsyncSession, claims: list[MailboxClaim], outcome: str, school: UUID, now: datetime) -> None:
    """End questions that are not over, and have their mailboxes forgotten where letters are sent from."""
    for claim in claims:
        if claim.outcome == "refused" and outcome in ("replaced", "withdrawn"):
            claim.outcome = outcome
        if claim.outcome is not None:
            continue
        claim.outcome = outcome
        if claim.sent:
            gone = AddressState(person=claim.id, channel=Channel.MAIL, value=NO_ADDRESS, verified_at=None, ended=True)
            await _tell(session, gone, school, 2, now)
    await session.flush()


async def _tell(session: AsyncSession, state: AddressState, school: UUID, version: int, now: datetime) -> None:
    subject = address_subject(state.person, state.channel)
    await publish(session, event(state, subject=subject, school=school, version=version, at=now))


def claim_of(subject: str) -> UUID | None:
    """Read the claim of a subject; None if the subject is another."""
    _, _, tail = subject.partition("/")
    try:
        claim = UUID(tail)
    except ValueError:
        return None
    return claim if subject == mailbox_link_subject(claim) else None
