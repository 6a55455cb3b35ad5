"""The register of consents to the processing of personal data: given, refused, withdrawn; nothing is ever struck out.

It is the only owner of such consents. Without one in force nothing electronic of its purpose reaches a guardian, and
without any he has no account (CONF-21). What the entries come to is computed in ``core.consent.consent_entries``.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.account import password_links
from core.actor import Act
from core.consent import consent_texts
from core.consent.consent_entries import BOTH, ConsentEntry, ConsentForm, Decision, Standing, stand
from core.events import ConsentPurpose, GuardianshipState, RelationKind, event, guardianship_subject
from core.journal import Change, audit, first_time
from core.notice.notice_tables import Consent
from core.outbox import publish
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Guardianship

type Relation = tuple[UUID, UUID]
"""Pupil and guardian."""

PAPER_REF_LONGEST = 300
"""Characters."""


async def record(
    session: AsyncSession, act: Act, pupil: UUID, guardian: UUID, decision: Decision, *, voiding: bool = False
) -> None:
    """Enter a consent, its refusal or its withdrawal, and tell the gateway at once.

    On paper by the office, the class teacher, the administration or the secretary (CONS-05), a consent with the place
    where its sheet lies, and nobody his own; electronically by the guardian himself, on the day of his act, and a
    consent only to the text in force. What he withdrew himself no paper of the same day gives back, but for an act that
    says it was not he (``voiding``). Saying what stands already changes nothing. Raises ``NotFound`` (no such relation
    or text), ``Forbidden``, ``Conflict`` (the text has changed, or he has withdrawn it that day himself) or ``Invalid``
    (dates or a text that make no sense).
    """
    relation, school = await _for_writing(session, act, (pupil, guardian), decision.form)
    _check(decision, school_date(act.at, school.zone))
    text = await _text(session, school.id, decision)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(relation, with_for_update=True)
    entries = (await entries_of(session, [(pupil, guardian)])).get((pupil, guardian), ())
    said = _entries(decision, text)
    if not voiding and any(_overrules_himself(entry, entries) for entry in said):
        raise Conflict("consent-withdrawn-himself")
    new = [entry for entry in said if not _says_nothing_new(entry, entries)]
    if not new:
        return
    before, after = stand(entries), stand((*entries, *new))
    await append(session, act, [((pupil, guardian), entry) for entry in new])
    if before != after:
        await _tell(session, act, school.id, relation, after)
        if not after.in_force(school_date(act.at, school.zone)):
            await password_links.take_back(session, (pupil, guardian), school.id, act.at)
    words = _as_json(after) | {"form": decision.form.value, "paper_ref": free_text.plain(decision.paper_ref)}
    words |= {"text_version": None if decision.text is None else decision.text.version}
    change = Change("consent.record", guardianship_subject(pupil, guardian), _as_json(before), words)
    await audit(session, act.actor, school.id, act.at, change)


async def standing(session: AsyncSession, pupil: UUID, guardian: UUID) -> Standing:
    """Return what the register says of a relation; empty terms where nothing was ever entered."""
    return (await standings(session, [(pupil, guardian)]))[pupil, guardian]


async def standings(session: AsyncSession, relations: Collection[Relation]) -> dict[Relation, Standing]:
    """Return what the register says of each of these relations."""
    entries = await entries_of(session, relations)
    return {relation: stand(entries.get(relation, ())) for relation in relations}


async def entries_of(
    session: AsyncSession, relations: Collection[Relation]
) -> dict[Relation, tuple[ConsentEntry, ...]]:
    """Read the entries of these relations, each in the order of recording; a relation without any is left out."""
    wanted = set(relations)
    rows = await session.execute(
        select(Consent).where(Consent.pupil_id.in_({pupil for pupil, _ in wanted})).order_by(Consent.seq)
    )
    found: dict[Relation, list[ConsentEntry]] = {}
    for row in rows.scalars():
        if (row.pupil_id, row.guardian_id) in wanted:
            found.setdefault((row.pupil_id, row.guardian_id), []).append(_entry(row))
    return {relation: tuple(entries) for relation, entries in found.items()}


async def append(session: AsyncSession, act: Act, entries: Iterable[tuple[Relation, ConsentEntry]]) -> None:
    """Write new entries; whoever calls this tells the gateway and writes the audit."""
    rows: list[dict[str, Any]] = [
        {
            "id": uuid4(),
            "pupil_id": pupil,
            "guardian_id": guardian,
            "purpose": entry.purpose.value,
            "given": entry.given,
            "since": entry.since,
            "until": entry.until,
            "form": entry.form.value,
            "text_id": entry.text,
            "paper_ref": entry.paper_ref,
            "recorded_by": act.actor.person,
            "recorded_at": act.at,
        }
        for (pupil, guardian), entry in entries
    ]
    if rows:
        await session.execute(insert(Consent), rows)


def relation_state(row: Guardianship, consent: Standing) -> GuardianshipState:
    """Return a relation as its events state it."""
    return GuardianshipState(
        pupil=row.pupil_id,
        guardian=row.guardian_id,
        relation=row.relation,
        kind=RelationKind(row.kind),
        may_see=row.may_see,
        barred=row.barred,
        no_contact=row.no_contact,
        must_sign=row.must_sign,
        priority=row.priority,
        since=row.since,
        until=row.until,
        achievement_consent=consent.achievement,
        attendance_consent=consent.attendance,
    )


def _entry(row: Consent) -> ConsentEntry:
    return ConsentEntry(
        purpose=ConsentPurpose(row.purpose),
        given=row.given,
        since=row.since,
        form=ConsentForm(row.form),
        recorded_by=row.recorded_by,
        until=row.until,
        text=row.text_id,
        paper_ref=row.paper_ref,
    )


def _entries(decision: Decision, text: UUID | None) -> list[ConsentEntry]:
    return [
        ConsentEntry(
            purpose=purpose,
            given=decision.given,
            since=decision.since,
            form=decision.form,
            until=decision.until,
            text=text,
            paper_ref=free_text.plain(decision.paper_ref),
        )
        for purpose in decision.purposes
    ]


def _says_nothing_new(entry: ConsentEntry, entries: Sequence[ConsentEntry]) -> bool:
    last = _last_of_its_day(entry, entries)
    return last is not None and replace(last, recorded_by=None) == entry


def _overrules_himself(entry: ConsentEntry, entries: Sequence[ConsentEntry]) -> bool:
    """Tell whether a paper would give back what the guardian withdrew by his own act on the same day."""
    last = _last_of_its_day(entry, entries)
    himself = last is not None and last.form is ConsentForm.ELECTRONIC and not last.given
    return himself and entry.given and entry.form is ConsentForm.PAPER


def _last_of_its_day(entry: ConsentEntry, entries: Sequence[ConsentEntry]) -> ConsentEntry | None:
    same = (one for one in reversed(entries) if (one.purpose, one.since) == (entry.purpose, entry.since))
    return next(same, None)


def _check(decision: Decision, today: date) -> None:
    if not decision.purposes:
        raise Invalid("consent-purpose-needed")
    if decision.since > today:
        raise Invalid("consent-date-ahead")
    if decision.form is ConsentForm.ELECTRONIC:
        _check_electronic(decision, today)
    if decision.until is not None and not decision.given:
        raise Invalid("consent-until-of-refusal")
    if decision.until is not None and decision.until < decision.since:
        raise Invalid("consent-until-before-since")
    if decision.form is ConsentForm.PAPER:
        _check_paper(decision)


def _check_paper(decision: Decision) -> None:
    paper_ref = free_text.plain(decision.paper_ref)
    if decision.given and free_text.says_nothing(paper_ref):
        raise Invalid("consent-paper-ref-needed")
    if len(paper_ref) > PAPER_REF_LONGEST:
        raise Invalid("consent-paper-ref-too-long", longest=PAPER_REF_LONGEST)


def _check_electronic(decision: Decision, today: date) -> None:
    if decision.since != today:
        raise Invalid("consent-date-not-today")
    if decision.given and decision.text is None:
        raise Invalid("consent-text-needed")


async def _text(session: AsyncSession, school: UUID, decision: Decision) -> UUID | None:
    if decision.text is None:
        return None
    now_in_force = decision.given and decision.form is ConsentForm.ELECTRONIC
    return await consent_texts.agreed(session, school, decision.text, now_in_force=now_in_force)


async def _for_writing(
    session: AsyncSession, act: Act, key: Relation, form: ConsentForm
) -> tuple[Guardianship, SchoolCard]:
    pupil, guardian = key
    found = (
        await session.execute(
            select(Guardianship).where(Guardianship.pupil_id == pupil, Guardianship.guardian_id == guardian)
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("guardian-unknown")
    facts = await rights.of_pupil(session, act.actor, pupil, act.at)
    own = act.actor.person == guardian and facts.may(Right.CONSENT_GIVE)
    if not (facts.may(Right.CONSENT_RECORD) if form is ConsentForm.PAPER else own):
        raise Forbidden("consent-not-yours")
    if form is ConsentForm.PAPER and act.actor.person == guardian:
        raise Forbidden("consent-own-paper")
    return found, facts.of_school


async def _tell(session: AsyncSession, act: Act, school: UUID, relation: Guardianship, consent: Standing) -> None:
    relation.version += 1
    await session.flush()
    subject = guardianship_subject(relation.pupil_id, relation.guardian_id)
    state = relation_state(relation, consent)
    await publish(session, event(state, subject=subject, school=school, version=relation.version, at=act.at))


def _as_json(consent: Standing) -> dict[str, Any]:
    return {purpose.value: consent.term(purpose).model_dump(mode="json") for purpose in BOTH}
