"""Writes entries about adults of pupils, consents and addresses, and tells whoever listens.

Nothing of these is ever struck out, since listeners go by versions and the register of consents keeps all: a relation
taken back ends before it began, an address is stated as ended, a consent is withdrawn by an entry of its own.
"""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import select, tuple_

from core.consent import consent_entries, consents
from core.consent.consent_entries import BOTH, NOTHING, ConsentEntry, Standing
from core.events import (
    AddressState,
    Channel,
    ConsentPurpose,
    ConsentTerm,
    address_subject,
    guardianship_subject,
)
from core.family.relation_words import first_of_list
from core.lists.book import NO_ADDRESS, TAKEN_BACK, Pair
from core.lists.comparing import as_values
from core.lists.difference import Entry, Values, What
from core.lists.work import ADDED, Work, about, day, first_ids, rows_of
from core.school_time import at_school
from core.tables import Contact, Guardianship

DAY = timedelta(days=1)


async def relations(work: Work, entries: Sequence[Entry]) -> None:
    """Write relations and consents; a relation that either changes is told once."""
    words = {_pair(entry): entry for entry in about(entries, What.RELATION)}
    said = {_pair(entry): entry for entry in about(entries, What.CONSENT)}
    pairs = sorted({*words, *said})
    if not pairs:
        return
    query = select(Guardianship).where(tuple_(Guardianship.pupil_id, Guardianship.guardian_id).in_(pairs))
    rows = {(row.pupil_id, row.guardian_id): row for row in await rows_of(work, query)}
    registered = await consents.entries_of(work.session, pairs)
    new: list[tuple[Pair, ConsentEntry]] = []
    for pair in pairs:
        row = rows.get(pair)
        is_new = row is None
        touched = pair in words and _put_relation(work, words[pair], rows)
        before = registered.get(pair, ())
        added = _new_consents(work, said[pair], before) if pair in said else ()
        new += [(pair, entry) for entry in added]
        after = consent_entries.stand((*before, *added))
        if touched or after != consent_entries.stand(before):
            _tell(work, rows[pair], after, is_new=is_new)
    await work.session.flush()
    await consents.append(work.session, work.act, new)


def _put_relation(work: Work, entry: Entry, rows: dict[Pair, Guardianship]) -> bool:
    """Write the word of a relation, begin it or take it back; tell whether that may be."""
    pair = _pair(entry)
    row = rows.get(pair)
    if not work.fits(entry, None if row is None or _never_was(row) else {"relation": row.relation}):
        return False
    if entry.after is None:
        if row is not None:
            row.until, row.basis = row.since - DAY, TAKEN_BACK
    elif row is None:
        rows[pair] = made = first_of_list(*pair, entry.after["relation"], work.today)
        work.session.add(made)
    else:
        if entry.before is None:
            row.since, row.until, row.basis = work.today, None, ""
        row.relation = entry.after["relation"]
    return True


def _tell(work: Work, row: Guardianship, consent: Standing, *, is_new: bool) -> None:
    if not is_new:
        row.version += 1
    subject = guardianship_subject(row.pupil_id, row.guardian_id)
    work.tell(consents.relation_state(row, consent), subject, row.version)


def _new_consents(work: Work, entry: Entry, entries: Sequence[ConsentEntry]) -> tuple[ConsentEntry, ...]:
    """Return what is entered: what the list said, or what brings back what stood before it."""
    stands: Values | None = as_values(consent_entries.stand(entries)) if entries else None
    if not work.fits(entry, stands):
        return ()
    if entry.after is not None and ADDED in entry.after:
        return tuple(
            ConsentEntry(ConsentPurpose(one["purpose"]), given=one["given"], since=date.fromisoformat(one["since"]))
            for one in entry.after[ADDED]
        )
    former = {purpose: NOTHING if entry.after is None else _term(entry.after, purpose) for purpose in BOTH}
    now = consent_entries.stand(entries)
    back = (_back(purpose, former[purpose], now.term(purpose), work.today) for purpose in BOTH)
    return tuple(one for one in back if one is not None)


def _back(purpose: ConsentPurpose, former: ConsentTerm, now: ConsentTerm, today: date) -> ConsentEntry | None:
    """Return the entry after which a consent holds if it held before; of two that hold the later date stays."""
    if now.in_force(today) and not former.in_force(today) and now.given_on is not None:
        return ConsentEntry(purpose, given=False, since=now.given_on)
    if former.in_force(today) and not now.in_force(today) and former.given_on is not None:
        return ConsentEntry(purpose, given=True, since=former.given_on, until=former.until)
    return None


def _term(values: Values, purpose: ConsentPurpose) -> ConsentTerm:
    return ConsentTerm.model_validate(values[purpose.value], strict=False)


async def addresses(work: Work, entries: Sequence[Entry]) -> None:
    """Write mailboxes as the office states them."""
    found = about(entries, What.ADDRESS)
    if not found:
        return
    query = select(Contact).where(Contact.person_id.in_(first_ids(found)), Contact.channel == Channel.MAIL)
    rows = {row.person_id: row for row in await rows_of(work, query)}
    for entry in found:
        _put_address(work, entry, rows)
    await work.session.flush()


def _put_address(work: Work, entry: Entry, rows: Mapping[UUID, Contact]) -> None:
    person = UUID(entry.key[0])
    row = rows.get(person)
    if not work.fits(entry, None if row is None or row.value == NO_ADDRESS else _address_values(row)):
        return
    if entry.after is None:
        if row is not None:
            state = AddressState(person=person, channel=Channel.MAIL, value=row.value, verified_at=None, ended=True)
            row.value, row.verified_on, row.version = NO_ADDRESS, None, row.version + 1
            work.tell(state, address_subject(person, Channel.MAIL), row.version)
        return
    value, verified_on = entry.after["value"], day(entry.after["verified_on"])
    if row is None:
        row = Contact(person_id=person, channel=Channel.MAIL, value=value, verified_on=verified_on, version=1)
        work.session.add(row)
    else:
        row.value, row.verified_on, row.version = value, verified_on, row.version + 1
    verified_at = None if verified_on is None else at_school(verified_on, time(), work.school.zone)
    state = AddressState(person=person, channel=Channel.MAIL, value=value, verified_at=verified_at)
    work.tell(state, address_subject(person, Channel.MAIL), row.version)


def _pair(entry: Entry) -> Pair:
    return UUID(entry.key[0]), UUID(entry.key[1])


def _never_was(row: Guardianship) -> bool:
    return row.basis == TAKEN_BACK and row.until == row.since - DAY


def _address_values(row: Contact) -> dict[str, str | None]:
    return {"value": row.value, "verified_on": None if row.verified_on is None else row.verified_on.isoformat()}
