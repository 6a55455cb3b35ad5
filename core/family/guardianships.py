"""Relations of adults to a pupil: dated, of a kind, with what each may see, sign and be told.

A relation is never struck out: it ends, it may begin anew, and the audit keeps every state of it. Each change goes to
the gateway whole, so that whoever is barred, ended or not to be contacted gets nothing more, not even what waits.
A court's word needs a right of its own (``custody.decide``) and its paper. Nobody changes a relation of his own.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act
from core.events import RelationKind, guardianship_subject
from core.family import guardianship_events
from core.family.coming_of_age import is_of_age
from core.family.relation_tables import Institution
from core.journal import Change, audit, first_time
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.rights import Facts
from core.school_time import school_date
from core.tables import Guardianship, Person, Pupil

RELATION_LONGEST, BASIS_LONGEST = 50, 500
FIRST_CALLED, LAST_CALLED = 1, 9
"""Bounds of the order in which the school turns to the adults of a pupil."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """What a relation is."""

    relation: str
    """The word for it, as the office writes it: «мать», «бабушка»."""
    kind: RelationKind = RelationKind.PARENT
    may_see: bool = True
    must_sign: bool = True
    """His signature is asked for where one is needed; a trusted adult signs nothing."""
    no_contact: bool = False
    """He may look, and is told nothing."""
    priority: int = FIRST_CALLED
    basis: str = ""
    """The paper that it rests on."""
    until: date | None = None
    """The last day; None: until further notice."""


@dataclass(frozen=True, slots=True)
class RelationCard:
    """A relation as it stands."""

    pupil: UUID
    guardian: UUID
    terms: Terms
    barred: bool
    since: date

    def in_force(self, today: date) -> bool:
        """Tell whether it holds on this day, whatever it lets see."""
        return self.since <= today and (self.terms.until is None or today <= self.terms.until)


async def add(session: AsyncSession, act: Act, pupil: UUID, guardian: UUID, terms: Terms) -> RelationCard:
    """Record an adult of a pupil from today on; a relation that has ended begins anew.

    Raises ``NotFound`` (no such pupil or adult at this school), ``Forbidden``, ``Conflict`` (it is there already, or is
    barred), ``Invalid``: what cannot be, or a pupil who has come of age and decides himself.
    """
    facts, row = await _touched(session, act, pupil, guardian)
    today = school_date(act.at, facts.of_school.zone)
    terms = _fit(terms, today)
    _check_custody(facts, terms if row is None else _terms(row), terms, new=row is None)
    await _check_people(session, facts, guardian, terms.kind, today)
    if not await first_time(session, act.key, act.at):
        return await _again(session, pupil, guardian)
    row = await _locked(session, pupil, guardian)
    if row is not None and row.barred:
        raise Conflict("guardian-barred")
    if row is not None and _card(row).in_force(today):
        raise Conflict("guardian-already")
    before = None if row is None else _as_json(row)
    if row is None:
        row = Guardianship(pupil_id=pupil, guardian_id=guardian, barred=False, version=0)
        session.add(row)
    row.since = today
    _put(row, terms)
    return await _tell(session, act, facts, row, Change("guardianship.add", _subject(row), before, _as_json(row)))


async def change(
    session: AsyncSession, act: Act, pupil: UUID, guardian: UUID, terms: Terms, why: str = ""
) -> RelationCard:
    """Change what a relation is; saying what stands already changes nothing.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``. What a court decides (may see, may be told) needs the right of
    recording its orders, and the paper.
    """
    facts, row = await _touched(session, act, pupil, guardian)
    today = school_date(act.at, facts.of_school.zone)
    if row is None:
        raise NotFound("guardian-unknown")
    terms = _fit(terms, row.since)
    _check_custody(facts, _terms(row), terms, new=False)
    await _check_people(session, facts, guardian, terms.kind, today)
    if not await first_time(session, act.key, act.at):
        return await _again(session, pupil, guardian)
    row = await _locked_there(session, pupil, guardian)
    if _terms(row) == terms:
        return _card(row)
    before = _as_json(row)
    _put(row, terms)
    told = Change("guardianship.change", _subject(row), before, _as_json(row), free_text.plain(why) or None)
    return await _tell(session, act, facts, row, told)


async def end(
    session: AsyncSession, act: Act, pupil: UUID, guardian: UUID, last_day: date, why: str = ""
) -> RelationCard:
    """End a relation with this day; the day before it began: it never was. Nothing is told from the next day on.

    Raises ``NotFound``, ``Forbidden``, ``Invalid``: the day lies before its beginning; or it would last longer than it
    does now, and could not begin anew today.
    """
    facts, row = await _touched(session, act, pupil, guardian)
    if row is None:
        raise NotFound("guardian-unknown")
    if last_day < row.since - DAY:
        raise Invalid("relation-ends-before", since=row.since.strftime("%d.%m.%Y"))
    if row.until is not None and row.until < last_day:
        await _check_people(session, facts, guardian, RelationKind(row.kind), school_date(act.at, facts.of_school.zone))
    if not await first_time(session, act.key, act.at):
        return await _again(session, pupil, guardian)
    row = await _locked_there(session, pupil, guardian)
    if row.until == last_day:
        return _card(row)
    before = _as_json(row)
    row.until = last_day
    told = Change("guardianship.end", _subject(row), before, _as_json(row), free_text.plain(why) or None)
    return await _tell(session, act, facts, row, told)


async def bar(session: AsyncSession, act: Act, pupil: UUID, guardian: UUID, basis: str) -> RelationCard:
    """Bar an adult by a court's order, at once: he sees nothing and is told nothing, what waits included.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (the order is not named).
    """
    return await _set_barred(session, act, (pupil, guardian), basis, barred=True)


async def unbar(session: AsyncSession, act: Act, pupil: UUID, guardian: UUID, basis: str) -> RelationCard:
    """Lift a bar by the paper that lifts it. Raises as ``bar`` does."""
    return await _set_barred(session, act, (pupil, guardian), basis, barred=False)


def card_of(row: Guardianship) -> RelationCard:
    """Show a relation to other rooms."""
    return _card(row)


async def _set_barred(
    session: AsyncSession, act: Act, key: tuple[UUID, UUID], basis: str, *, barred: bool
) -> RelationCard:
    facts, row = await _touched(session, act, *key)
    rights.demand(facts, Right.CUSTODY_DECIDE)
    if row is None:
        raise NotFound("guardian-unknown")
    paper = _basis(basis)
    if not paper:
        raise Invalid("custody-basis-needed")
    if not await first_time(session, act.key, act.at):
        return await _again(session, *key)
    row = await _locked_there(session, *key)
    if row.barred is barred:
        return _card(row)
    before = _as_json(row)
    row.barred, row.basis = barred, paper
    action = "guardianship.bar" if barred else "guardianship.unbar"
    return await _tell(session, act, facts, row, Change(action, _subject(row), before, _as_json(row), paper))


async def _touched(session: AsyncSession, act: Act, pupil: UUID, guardian: UUID) -> tuple[Facts, Guardianship | None]:
    """Check that the actor may touch this relation at all, and read it."""
    facts = await rights.of_pupil(session, act.actor, pupil, act.at)
    if not (facts.may(Right.GUARDIANSHIP_WRITE) or facts.may(Right.CUSTODY_DECIDE)):
        raise Forbidden("not-allowed")
    if act.actor.person == guardian:
        raise Forbidden("guardianship-own")
    return facts, await session.get(Guardianship, (pupil, guardian))


async def _check_people(session: AsyncSession, facts: Facts, guardian: UUID, kind: RelationKind, today: date) -> None:
    """Check that this adult may be that to this pupil."""
    adult = await session.get(Person, guardian)
    if adult is None or adult.school_id != facts.of_school.id or adult.merged_into is not None:
        raise NotFound("guardian-unknown")
    if guardian == facts.thing.person:
        raise Invalid("guardian-self")
    if adult.birth_date is not None and not is_of_age(adult.birth_date, today):
        raise Invalid("guardian-minor")
    if (await session.get(Institution, guardian) is not None) is not (kind is RelationKind.INSTITUTION):
        raise Invalid("guardian-institution")
    pupil = await session.get(Person, facts.thing.person)
    if pupil is not None and is_of_age(pupil.birth_date, today):
        raise Invalid("pupil-of-age")


def _fit(terms: Terms, since: date) -> Terms:
    """Return the terms with their words made fit to be stored. Raises ``Invalid`` for what cannot be."""
    if not FIRST_CALLED <= terms.priority <= LAST_CALLED:
        raise Invalid("relation-priority", first=FIRST_CALLED, last=LAST_CALLED)
    if terms.kind is RelationKind.TRUSTED and terms.must_sign:
        raise Invalid("trusted-signs-nothing")
    if terms.until is not None and terms.until < since:
        raise Invalid("relation-ends-before", since=since.strftime("%d.%m.%Y"))
    word = free_text.fit(_one_line(terms.relation), RELATION_LONGEST)
    return replace(terms, relation=word, basis=_basis(terms.basis))


def _check_custody(facts: Facts, before: Terms, after: Terms, *, new: bool) -> None:
    """Demand the right that fits: what a court or the adult himself decided is more than a new telephone number."""
    stood = (True, False) if new else (before.may_see, before.no_contact)
    if stood == (after.may_see, after.no_contact):
        rights.demand(facts, Right.GUARDIANSHIP_WRITE)
        return
    rights.demand(facts, Right.CUSTODY_DECIDE)
    if not after.basis:
        raise Invalid("custody-basis-needed")


def _basis(written: str) -> str:
    text = _one_line(written)
    return free_text.fit(text, BASIS_LONGEST) if text else ""


def _one_line(written: str) -> str:
    return " ".join(free_text.plain(written).split())


async def _locked(session: AsyncSession, pupil: UUID, guardian: UUID) -> Guardianship | None:
    """Wait for whoever changes an adult of this pupil now, then read the relation as it stands."""
    await session.execute(select(Pupil.person_id).where(Pupil.person_id == pupil).with_for_update(key_share=True))
    return await session.get(Guardianship, (pupil, guardian), with_for_update=True, populate_existing=True)


async def _locked_there(session: AsyncSession, pupil: UUID, guardian: UUID) -> Guardianship:
    row = await _locked(session, pupil, guardian)
    if row is None:
        raise NotFound("guardian-unknown")
    return row


async def _again(session: AsyncSession, pupil: UUID, guardian: UUID) -> RelationCard:
    row = await session.get(Guardianship, (pupil, guardian), populate_existing=True)
    if row is None:
        raise NotFound("guardian-unknown")
    return _card(row)


async def _tell(session: AsyncSession, act: Act, facts: Facts, row: Guardianship, change: Change) -> RelationCard:
    school = facts.of_school.id
    await guardianship_events.state_anew(session, school, row, act.at)
    await audit(session, act.actor, school, act.at, change)
    return _card(row)


def _put(row: Guardianship, terms: Terms) -> None:
    row.relation, row.kind = terms.relation, terms.kind.value
    row.may_see, row.must_sign, row.no_contact = terms.may_see, terms.must_sign, terms.no_contact
    row.priority, row.basis, row.until = terms.priority, terms.basis, terms.until


def _terms(row: Guardianship) -> Terms:
    return Terms(
        relation=row.relation,
        kind=RelationKind(row.kind),
        may_see=row.may_see,
        must_sign=row.must_sign,
        no_contact=row.no_contact,
        priority=row.priority,
        basis=row.basis,
        until=row.until,
    )


def _card(row: Guardianship) -> RelationCard:
    return RelationCard(row.pupil_id, row.guardian_id, _terms(row), row.barred, row.since)


def _subject(row: Guardianship) -> str:
    return guardianship_subject(row.pupil_id, row.guardian_id)


def _as_json(row: Guardianship) -> dict[str, Any]:
    return {
        "relation": row.relation,
        "kind": row.kind,
        "may_see": row.may_see,
        "barred": row.barred,
        "no_contact": row.no_contact,
        "must_sign": row.must_sign,
        "priority": row.priority,
        "basis": row.basis,
        "since": row.since.isoformat(),
        "until": row.until.isoformat() if row.until else None,
    }
