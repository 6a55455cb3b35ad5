"""Two records of one person become one: everything of the duplicate is the kept person's, in one transaction.

Absences, marks, remarks, answers, consents, relations, addresses, accounts, roles, cards, what was read and signed:
``core.person.merging_rows`` says of each table what becomes of it, and which of two rows that collide stays. Of
relations what forbids wins. The duplicate's row stays, empty, and says into whom it went, so that old lists and the
audit lead on. Listeners first hear of the merging itself, so that nobody is told anything twice.

Whoever gets another's record gets all that he may. So nobody merges a record of his own; an employee's record asks for
the right to hire, one with roles for the right to give them; and a pupil is no adult.
"""

from dataclasses import dataclass
from datetime import time
from uuid import UUID

from sqlalchemy import or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.account.identity_documents import IdentityDocument
from core.actor import Act
from core.consent import consents
from core.consent.consent_entries import Standing
from core.events import (
    AddressState,
    Channel,
    PersonMergedState,
    RelationKind,
    address_subject,
    event,
    guardianship_subject,
    merged_subject,
)
from core.family import guardianship_events
from core.journal import Change, audit, first_time
from core.outbox import publish
from core.person import merging_news, merging_rows
from core.person.people import name_of
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school.schools import SchoolCard
from core.school_time import at_school, school_date
from core.tables import Contact, Guardianship, Person, Pupil, Staff

REASON_LONGEST = 300
EVIDENCE = text("SELECT core.hand_over_evidence(:gone)")


@dataclass(frozen=True, slots=True)
class Merged:
    """What a merging moved, by table."""

    kept: UUID
    rows: dict[str, int]


async def merge(session: AsyncSession, act: Act, kept_id: UUID, gone_id: UUID, why: str) -> Merged:
    """Make one person of two records of one school. Again, it moves what came to the duplicate meanwhile.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (one record, two schools, no reason or too long a one), or
    ``Conflict``: one of them is another's already, the one is recorded as the other's adult, or they are two people.
    """
    reason = " ".join(free_text.plain(why).split())
    school = await _check(session, act, kept_id, gone_id, reason)
    if not await first_time(session, act.key, act.at):
        return Merged(kept_id, {})
    kept, gone = await _locked(session, kept_id, gone_id)
    # Looked at again: a role may have been given while we waited for the lock.
    await _demand_rank(session, act, kept_id, gone_id)
    await _check_one_person(session, kept, gone)
    news = await merging_news.concerned(session, act, school, gone_id)
    before = {"name": name_of(gone).in_full(), "born": gone.birth_date.isoformat() if gone.birth_date else None}
    kept.birth_date = kept.birth_date or gone.birth_date
    gone.merged_into = kept_id
    await session.flush()
    state = PersonMergedState(kept=kept_id, gone=gone_id)
    await publish(session, event(state, subject=merged_subject(gone_id), school=school.id, version=1, at=act.at))
    relations = await _hand_over_relations(session, act, school, kept_id, gone_id)
    contacts = await _hand_over_contacts(session, act, school, kept_id, gone_id)
    rows = await merging_rows.hand_over(session, kept_id, gone_id)
    await session.execute(EVIDENCE, {"gone": gone_id})
    # Rows were moved past the session: what it holds of them is of yesterday.
    session.expire_all()
    for relation in relations:
        row = await session.get_one(Guardianship, relation, with_for_update=True)
        await guardianship_events.state_anew(session, school.id, row, act.at)
    await merging_news.state_anew(session, act, school, news, kept_id, gone_id)
    rows |= {"guardianship": len(relations), "contact": contacts}
    moved = {name: count for name, count in rows.items() if count}
    change = Change(
        "person.merge", f"person/{kept_id}", before | {"person": str(gone_id)}, {"moved": moved}, why=reason
    )
    await audit(session, act.actor, school.id, act.at, change)
    return Merged(kept_id, moved)


async def _check(session: AsyncSession, act: Act, kept_id: UUID, gone_id: UUID, reason: str) -> SchoolCard:
    """Refuse what may not be merged; return the school."""
    for person in (kept_id, gone_id):
        if await session.get(Person, person) is None:
            raise NotFound("record-unknown")
    kept_facts = await rights.of_person(session, act.actor, kept_id, act.at)
    gone_facts = await rights.of_person(session, act.actor, gone_id, act.at)
    for facts in (kept_facts, gone_facts):
        rights.demand(facts, Right.PERSON_MERGE)
    if act.actor.person in {kept_id, gone_id}:
        raise Forbidden("merge-own")
    if kept_id == gone_id:
        raise Invalid("merge-same-person")
    school = kept_facts.school
    if school is None or gone_facts.school is None or school.id != gone_facts.school.id:
        raise Invalid("merge-across-schools")
    await _demand_rank(session, act, kept_id, gone_id)
    if not reason:
        raise Invalid("merge-reason-needed")
    free_text.fit(reason, REASON_LONGEST)
    return school


async def _demand_rank(session: AsyncSession, act: Act, *records: UUID) -> None:
    """Demand the right to hire where one of the records is an employee's, to give roles where it has any.

    Raises ``Forbidden``.
    """
    for record in records:
        facts = await rights.of_person(session, act.actor, record, act.at)
        his = await rights.station_of(session, record, school_date(act.at, facts.of_school.zone))
        if his.works:
            rights.demand(facts, Right.STAFF_MANAGE, "merge-staff")
        if his.has_given_roles:
            rights.demand(facts, Right.ROLE_GRANT, "merge-roles")
            rights.demand_no_less(facts, his)


async def _check_one_person(session: AsyncSession, kept: Person, gone: Person) -> None:
    """Refuse two records of which the journal itself knows that they are two people's. Raises ``Conflict``."""
    if kept.birth_date is not None and gone.birth_date is not None and kept.birth_date != gone.birth_date:
        raise Conflict("merge-birth-dates")
    both = (kept.id, gone.id)
    papers = await session.execute(select(IdentityDocument).where(IdentityDocument.person_id.in_(both)))
    numbers: dict[str, set[str]] = {}
    for paper in papers.scalars():
        numbers.setdefault(paper.kind.casefold(), set()).add(paper.number_hash)
    if any(len(different) > 1 for different in numbers.values()):
        raise Conflict("merge-documents")
    learning = set((await session.execute(select(Pupil.person_id).where(Pupil.person_id.in_(both)))).scalars())
    working = set((await session.execute(select(Staff.person_id).where(Staff.person_id.in_(both)))).scalars())
    related = select(Guardianship.guardian_id).where(Guardianship.guardian_id.in_(both))
    adult = working | set((await session.execute(related)).scalars())
    if learning - adult and adult - learning:
        raise Conflict("merge-pupil-and-adult")


async def _locked(session: AsyncSession, kept_id: UUID, gone_id: UUID) -> tuple[Person, Person]:
    """Lock both records, in one order everywhere, and look at them again."""
    rows = await session.execute(
        select(Person)
        .where(Person.id.in_((kept_id, gone_id)))
        .order_by(Person.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {person.id: person for person in rows.scalars()}
    kept, gone = found[kept_id], found[gone_id]
    if kept.merged_into is not None or gone.merged_into not in {None, kept_id}:
        raise Conflict("merge-merged-already")
    between = select(Guardianship.pupil_id).where(
        Guardianship.pupil_id.in_((kept_id, gone_id)), Guardianship.guardian_id.in_((kept_id, gone_id))
    )
    if (await session.execute(between)).first():
        raise Conflict("merge-relatives")
    return kept, gone


async def _hand_over_relations(
    session: AsyncSession, act: Act, school: SchoolCard, kept: UUID, gone: UUID
) -> list[tuple[UUID, UUID]]:
    """End each relation of the duplicate and give it to the kept person; return what is to be stated anew."""
    rows = await session.execute(
        select(Guardianship)
        .where(or_(Guardianship.pupil_id == gone, Guardianship.guardian_id == gone))
        .order_by(Guardianship.pupil_id, Guardianship.guardian_id)
        .with_for_update()
    )
    moved = []
    for row in rows.scalars().all():
        key = (kept if row.pupil_id == gone else row.pupil_id, kept if row.guardian_id == gone else row.guardian_id)
        ended = consents.relation_state(row, Standing()).model_copy(update={"may_see": False})
        subject = guardianship_subject(row.pupil_id, row.guardian_id)
        await publish(session, event(ended, subject=subject, school=school.id, version=row.version + 1, at=act.at))
        his = await session.get(Guardianship, key, with_for_update=True, populate_existing=True)
        if his is None:
            columns = {column.key: getattr(row, column.key) for column in Guardianship.__table__.columns}
            session.add(Guardianship(**columns | {"pupil_id": key[0], "guardian_id": key[1]}))
        else:
            _restrict(his, row)
        await session.delete(row)
        await session.flush()
        moved.append(key)
    return moved


def _restrict(his: Guardianship, other: Guardianship) -> None:
    """Make one relation of two: whatever one of them forbids stays forbidden, the office may allow it again."""
    his.barred = his.barred or other.barred
    his.no_contact = his.no_contact or other.no_contact
    his.may_see = his.may_see and other.may_see
    his.must_sign = his.must_sign or other.must_sign
    his.priority = min(his.priority, other.priority)
    his.since = min(his.since, other.since)
    ends = [day for day in (his.until, other.until) if day is not None]
    his.until = min(ends) if ends else None
    if other.kind == RelationKind.TRUSTED.value:
        his.kind = other.kind
    his.basis = "; ".join(dict.fromkeys(part for part in (his.basis, other.basis) if part))


async def _hand_over_contacts(session: AsyncSession, act: Act, school: SchoolCard, kept: UUID, gone: UUID) -> int:
    """Take back the duplicate's addresses and give them to the kept person where he has none, or none verified."""
    rows = await session.execute(select(Contact).where(Contact.person_id == gone).with_for_update())
    found = rows.scalars().all()
    for row in found:
        channel = Channel(row.channel)
        ended = AddressState(person=gone, channel=channel, value=row.value, verified_at=None, ended=True)
        subject = address_subject(gone, channel)
        await publish(session, event(ended, subject=subject, school=school.id, version=row.version + 1, at=act.at))
        his = await session.get(Contact, (kept, row.channel), with_for_update=True, populate_existing=True)
        if his is None:
            his = Contact(person_id=kept, channel=row.channel, value="", verified_on=None, version=row.version)
            session.add(his)
        if not his.value or (his.verified_on is None and row.verified_on is not None):
            his.value, his.verified_on, his.own = row.value, row.verified_on, row.own
            his.version = max(his.version, row.version) + 1
            await _publish_address(session, act, school, his)
        await session.delete(row)
        await session.flush()
    return len(found)


async def _publish_address(session: AsyncSession, act: Act, school: SchoolCard, row: Contact) -> None:
    verified_at = None if row.verified_on is None else at_school(row.verified_on, time(), school.zone)
    channel = Channel(row.channel)
    state = AddressState(person=row.person_id, channel=channel, value=row.value, verified_at=verified_at)
    subject = address_subject(row.person_id, channel)
    await publish(session, event(state, subject=subject, school=school.id, version=row.version, at=act.at))
