"""Adults of pupils at the command line: who they are, what they may, courts' orders, coming of age."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.events import RelationKind
from core.family import guardian_lists, guardianships, majority
from core.family.guardian_lists import Adult
from core.family.guardianships import FIRST_CALLED, Terms
from core.family.majority import Question
from core.person import newcomers
from core.person.newcomers import Newcomer
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date
from texts.reader import load
from zvonok import named
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

_SAY = load("ru").format


@dataclass(frozen=True, slots=True)
class Wish:
    """What the office wants of a relation; None: as it is, or as is usual."""

    relation: str | None = None
    kind: RelationKind | None = None
    may_see: bool | None = None
    must_sign: bool | None = None
    no_contact: bool | None = None
    priority: int | None = None
    basis: str | None = None
    until: date | None = None
    why: str = ""

    def terms(self, before: Terms | None) -> Terms:
        """Return the whole terms. Raises ``OfficeError`` if a new relation has no word."""
        if before is None:
            if self.relation is None:
                raise OfficeError(_SAY("people-relation-needed"))
            kind = self.kind or RelationKind.PARENT
            before = Terms(self.relation, kind, must_sign=kind is not RelationKind.TRUSTED, priority=FIRST_CALLED)
        elif self.kind is RelationKind.TRUSTED:
            before = replace(before, must_sign=False)
        said: dict[str, Any] = {
            "relation": self.relation,
            "kind": self.kind,
            "may_see": self.may_see,
            "must_sign": self.must_sign,
            "no_contact": self.no_contact,
            "priority": self.priority,
            "basis": self.basis,
            "until": self.until,
        }
        return replace(before, **{name: value for name, value in said.items() if value is not None})


@dataclass(frozen=True, slots=True)
class NewAdult:
    """Somebody who is not in the journal yet."""

    born: date | None = None
    namesake: bool = False


async def listing(here: Installation, school_name: str | None, child: str) -> list[str]:
    """List the adults of a pupil, in the order in which the school turns to them."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        return await _adults(session, here, school, await named.pupil(session, school, child))


async def relate(
    here: Installation, school_name: str | None, child: str, adult: str, wish: Wish, new: NewAdult | None
) -> list[str]:
    """Record an adult of a pupil, or change what he is to him. Raises ``OfficeError`` if it is unclear whom."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        pupil = await named.pupil(session, school, child)
        person = await _whom(session, here, school, pupil, adult, new)
        today = school_date(here.school_clock.now(), school.zone)
        there = await guardian_lists.of_pupil(session, OFFICE, pupil, here.school_clock.now())
        known = next((one.card for one in there if one.card.guardian == person and one.card.in_force(today)), None)
        if known is None:
            await guardianships.add(session, _act(here), pupil, person, wish.terms(None))
        else:
            await guardianships.change(session, _act(here), pupil, person, wish.terms(known.terms), wish.why)
        return await _adults(session, here, school, pupil)


async def part(
    here: Installation, school_name: str | None, child: str, adult: str, last_day: date | None, why: str
) -> list[str]:
    """End a relation with a day; without one with yesterday, so that nothing is told from this moment on."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        pupil = await named.pupil(session, school, child)
        person = await named.adult_of(session, school, pupil, adult)
        today = school_date(here.school_clock.now(), school.zone)
        await guardianships.end(session, _act(here), pupil, person, last_day or today - guardianships.DAY, why)
        return await _adults(session, here, school, pupil)


async def bar(
    here: Installation, school_name: str | None, child: str, adult: str, basis: str, *, barred: bool
) -> list[str]:
    """Bar an adult by a court's order, or lift the bar."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        pupil = await named.pupil(session, school, child)
        person = await named.adult_of(session, school, pupil, adult)
        command = guardianships.bar if barred else guardianships.unbar
        await command(session, _act(here), pupil, person, basis)
        return await _adults(session, here, school, pupil)


async def institution(here: Installation, school_name: str | None, name: str, full_name: str) -> list[str]:
    """Write down an organisation that stands in for parents."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        await newcomers.institution(session, _act(here), school.id, name, full_name)
    return [_SAY("people-institution-done", name=name)]


async def alone(here: Installation, school_name: str | None) -> list[str]:
    """List pupils who have no guardian today, each with what is wrong."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        found = await guardian_lists.alone(session, OFFICE, school.id, here.school_clock.now())
    lines = [f"{one.class_title}, {one.name.in_full()} — {_SAY(f'people-lack-{one.lack}')}" for one in found]
    return [_SAY("people-alone", count=len(found)), *lines]


async def grown(here: Installation, school_name: str | None) -> list[str]:
    """List pupils who are of age and have not said who may look on."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        found = await majority.unanswered(session, OFFICE, school.id, here.school_clock.now())
    return [_SAY("people-grown", count=len(found)), *(line for one in found for line in _question(one))]


def check_answer(allowed: Sequence[str], *, nobody: bool) -> None:
    """Look whether an answer says either whom or that nobody. Raises ``OfficeError``."""
    if bool(allowed) is nobody:
        raise OfficeError(_SAY("people-answer-needed"))


async def answer(here: Installation, school_name: str | None, child: str, allowed: Sequence[str]) -> list[str]:
    """Enter what a grown pupil has written: whom he lets look on; nobody is an answer too."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        pupil = await named.pupil(session, school, child)
        persons = [await named.adult_of(session, school, pupil, one) for one in allowed]
        await majority.answer(session, _act(here), pupil, persons)
        asked = await majority.question_of(session, OFFICE, pupil, here.school_clock.now())
    return [] if asked is None else _question(asked)


async def _whom(
    session: AsyncSession, here: Installation, school: SchoolCard, pupil: UUID, adult: str, new: NewAdult | None
) -> UUID:
    if new is None:
        return await named.adult_of(session, school, pupil, adult)
    who = Newcomer(named.full_name(adult), new.born, namesake=new.namesake)
    return await newcomers.adult_of(session, _act(here), pupil, who)


async def _adults(session: AsyncSession, here: Installation, school: SchoolCard, pupil: UUID) -> list[str]:
    now = here.school_clock.now()
    found = await guardian_lists.of_pupil(session, OFFICE, pupil, now)
    today = school_date(now, school.zone)
    in_turn = len({one.card.terms.priority for one in found}) > 1
    lines = [f"{number}. {_line(one, today, in_turn=in_turn)}" for number, one in enumerate(found, 1)]
    return lines or [_SAY("people-nobody")]


def _line(adult: Adult, today: date, *, in_turn: bool) -> str:
    """Say who an adult is; whose turn it is to be called only if the adults differ in that."""
    terms = adult.card.terms
    marks = [
        ("people-barred", adult.card.barred),
        ("people-hidden", not terms.may_see),
        ("people-no-contact", terms.no_contact),
        ("people-no-sign", not terms.must_sign),
    ]
    over = [] if adult.card.in_force(today) else [_SAY("people-over")]
    turn = [_SAY("people-turn", number=terms.priority)] if in_turn else []
    said = [
        f"{terms.relation} ({_SAY(f'people-kind-{terms.kind}')})",
        named.span_of(adult.card.since, terms.until),
        *over,
        *turn,
    ]
    said += [_SAY(key) for key, holds in marks if holds]
    return f"{adult.name.in_full()} — {'; '.join([*said, *([terms.basis] if terms.basis else [])])}"


def _question(asked: Question) -> list[str]:
    head = f"{asked.class_title}, {asked.name.in_full()} ({asked.came_on:%d.%m.%Y})"
    answered = asked.answered_at is not None
    adults = [
        f"  {name.in_full()} — {_SAY('people-allowed' if lets else 'people-not-allowed')}"
        for _, name, lets in asked.adults
    ]
    return [f"{head} — {_SAY('people-answered' if answered else 'people-not-answered')}", *adults]


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"people:{uuid4()}")
