"""The register of consents to the processing of personal data: given, refused, withdrawn; nothing is ever struck out.

Without a consent in force nothing electronic reaches a guardian (CONF-21). Of a relation's entries the newest by its
own date decides, of two with one date the one recorded later; a refusal is an entry too (CONS-01).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import class_rights
from core.access import may_record_consent
from core.actor import Act
from core.events import GuardianshipState, event, guardianship_subject
from core.journal import Change, audit, first_time
from core.notice_tables import Consent
from core.outbox import publish
from core.refusals import Forbidden, Invalid, NotFound
from core.school_time import school_date
from core.tables import Guardianship, Pupil

type Relation = tuple[UUID, UUID]
"""Pupil and guardian."""


class ConsentForm(StrEnum):
    """How a consent was given, refused or withdrawn."""

    PAPER = "paper"
    """Signed in ink; the school keeps the sheet."""
    ELECTRONIC = "electronic"
    """By the guardian's own act in a messenger or on a page."""


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    """One entry of the register: ``given`` False is a refusal or a withdrawal."""

    given: bool
    since: date
    form: ConsentForm = ConsentForm.PAPER
    recorded_by: UUID | None = None
    """None: the office, by its lists or at the command line."""

    @property
    def by_list(self) -> bool:
        """True for what the office's lists may have said, and may therefore take back."""
        return self.form is ConsentForm.PAPER and self.recorded_by is None


@dataclass(frozen=True, slots=True)
class Standing:
    """What the register says now, in the two dates that listeners know."""

    given_on: date | None = None
    withdrawn_on: date | None = None

    @property
    def in_force(self) -> bool:
        """Tell whether the consent holds; no entry is dated ahead, so that the day of asking does not matter."""
        if self.given_on is None:
            return False
        return self.withdrawn_on is None or self.withdrawn_on < self.given_on


def stand(entries: Iterable[ConsentEntry]) -> Standing:
    """Return what these entries of one relation, in the order of recording, come to."""
    given_on: date | None = None
    withdrawn_on: date | None = None
    for entry in sorted(entries, key=lambda one: one.since):
        if not entry.given:
            withdrawn_on = entry.since
            continue
        given_on = entry.since
        if withdrawn_on == entry.since:
            withdrawn_on = None
    return Standing(given_on, withdrawn_on)


def from_list(entries: Sequence[ConsentEntry], consent_on: date | None) -> ConsentEntry | None:
    """Return what a list of the office adds to these entries; None if it says nothing new.

    An empty cell takes back the paper that stood there; what the class teacher or the guardian himself entered never
    stood in a list, and stays. A date already in the register adds nothing, so that an old list does not undo a
    withdrawal; only what a list itself took back, a list may state again.
    """
    if consent_on is None:
        newest = max(reversed(entries), key=lambda entry: entry.since, default=None)
        if newest is None or not newest.given or not newest.by_list:
            return None
        return ConsentEntry(given=False, since=newest.since)
    last = next((entry for entry in reversed(entries) if entry.since == consent_on), None)
    if last is None or (not last.given and last.by_list):
        return ConsentEntry(given=True, since=consent_on)
    return None


async def record(session: AsyncSession, act: Act, pupil: UUID, guardian: UUID, entry: ConsentEntry) -> None:
    """Enter a consent, its refusal or its withdrawal, and tell the gateway at once.

    On paper by the office, the class teacher or the administration; electronically by the guardian himself
    (``entry.recorded_by`` is the actor's, whatever is passed). Saying what stands already changes nothing.
    Raises ``NotFound`` (no such relation), ``Forbidden``, ``Invalid`` (a date ahead).
    """
    relation, facts = await _for_writing(session, act, (pupil, guardian), entry.form)
    if entry.since > school_date(act.at, facts.school.zone):
        raise Invalid("consent-date-ahead")
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(relation, with_for_update=True)
    entries = (await entries_of(session, [(pupil, guardian)])).get((pupil, guardian), ())
    before, after = stand(entries), stand((*entries, entry))
    last = next((one for one in reversed(entries) if one.since == entry.since), None)
    if last is not None and (last.given, last.form) == (entry.given, entry.form):
        return
    await append(session, act, {(pupil, guardian): entry})
    if before != after:
        await _tell(session, act, facts.school.id, relation, after)
    change = Change("consent.record", guardianship_subject(pupil, guardian), _as_json(before), _as_json(after))
    await audit(session, act.actor, facts.school.id, act.at, change)


async def standing(session: AsyncSession, pupil: UUID, guardian: UUID) -> Standing:
    """Return what the register says of a relation; both dates None where nothing was ever entered."""
    return stand((await entries_of(session, [(pupil, guardian)])).get((pupil, guardian), ()))


async def entries_of(session: AsyncSession, relations: Sequence[Relation]) -> dict[Relation, tuple[ConsentEntry, ...]]:
    """Read the entries of these relations, each in the order of recording; a relation without any is left out."""
    wanted = set(relations)
    rows = await session.execute(
        select(Consent).where(Consent.pupil_id.in_({pupil for pupil, _ in wanted})).order_by(Consent.seq)
    )
    found: dict[Relation, tuple[ConsentEntry, ...]] = {}
    for row in rows.scalars():
        key = (row.pupil_id, row.guardian_id)
        if key in wanted:
            read = ConsentEntry(row.given, row.since, ConsentForm(row.form), row.recorded_by)
            found[key] = (*found.get(key, ()), read)
    return found


async def append(session: AsyncSession, act: Act, entries: dict[Relation, ConsentEntry]) -> None:
    """Write new entries; whoever calls this tells the gateway and writes the audit."""
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "pupil_id": pupil,
            "guardian_id": guardian,
            "given": entry.given,
            "since": entry.since,
            "form": entry.form.value,
            "recorded_by": act.actor.person,
            "recorded_at": act.at,
        }
        for (pupil, guardian), entry in entries.items()
    ]
    if rows:
        await session.execute(insert(Consent), rows)


def relation_state(row: Guardianship, consent: Standing) -> GuardianshipState:
    """Return a relation as its events state it."""
    return GuardianshipState(
        pupil=row.pupil_id,
        guardian=row.guardian_id,
        relation=row.relation,
        may_see=row.may_see,
        barred=row.barred,
        since=row.since,
        until=row.until,
        consent_given_on=consent.given_on,
        consent_withdrawn_on=consent.withdrawn_on,
    )


async def _for_writing(
    session: AsyncSession, act: Act, key: Relation, form: ConsentForm
) -> tuple[Guardianship, class_rights.ClassFacts]:
    pupil, guardian = key
    found = (
        await session.execute(
            select(Guardianship, Pupil.class_id)
            .join(Pupil, Pupil.person_id == Guardianship.pupil_id)
            .where(Guardianship.pupil_id == pupil, Guardianship.guardian_id == guardian)
        )
    ).one_or_none()
    if found is None:
        raise NotFound("guardian-unknown")
    relation, class_id = found
    facts = await class_rights.of_class(session, act.actor, class_id)
    if not may_record_consent(facts.rights, guardian, on_paper=form is ConsentForm.PAPER):
        raise Forbidden("consent-not-yours")
    return relation, facts


async def _tell(session: AsyncSession, act: Act, school: UUID, relation: Guardianship, consent: Standing) -> None:
    relation.version += 1
    await session.flush()
    subject = guardianship_subject(relation.pupil_id, relation.guardian_id)
    state = relation_state(relation, consent)
    await publish(session, event(state, subject=subject, school=school, version=relation.version, at=act.at))


def _as_json(consent: Standing) -> dict[str, str | None]:
    return {
        "given_on": consent.given_on.isoformat() if consent.given_on else None,
        "withdrawn_on": consent.withdrawn_on.isoformat() if consent.withdrawn_on else None,
    }
