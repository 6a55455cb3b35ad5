"""Cards: a pupil's personal card (YEAR-25), a teacher's (ROLE-31), a class's information card (YEAR-26).

A card is a list of sections in the school's own words. A section without anything to say holds «нет»: only an empty one
is unfilled. Nothing of health stands here: a card is read by many, and such data are nobody's of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.journal import Change, audit, first_time
from core.person import people
from core.person.card_tables import ClassCard, PersonalCard
from core.person.people import Classmate
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.tables import Pupil, Staff

PUPIL, TEACHER = "pupil", "teacher"
LONGEST = 500
"""Characters of a section."""
PUPIL_SECTIONS = (
    "address",
    "registration",
    "citizenship",
    "file_number",
    "enrolment",
    "previous_school",
    "languages",
    "family",
    "activities",
)
"""Where he lives and is registered, citizenship, number of the personal file, order of enrolment, school before this
one, languages learnt, family, clubs and sections."""
TEACHER_SECTIONS = ("education", "speciality", "category", "experience", "training", "awards")
"""Education, speciality by diploma, qualification category, experience, further training, awards."""
CLASS_SECTIONS = ("profile", "shift", "room", "languages", "groups", "council", "parents_committee")
"""Profile of teaching, shift, the class's room, languages, groups, the pupils' council, the parents' committee."""


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it stands."""

    sections: Mapping[str, str]
    """Every section by its name; an unfilled one is an empty text."""
    version: int
    """0 while nobody has begun it; to be handed back with a change."""

    @property
    def unfilled(self) -> tuple[str, ...]:
        """Sections that nobody has filled."""
        return tuple(name for name, text in self.sections.items() if not text)


async def pupil_card(session: AsyncSession, actor: Actor, pupil: UUID, now: datetime) -> Card:
    """Read a pupil's card. Raises ``NotFound``, ``Forbidden``."""
    rights.demand(await rights.of_pupil(session, actor, pupil, now), Right.PUPIL_VIEW)
    return _card(await session.get(PersonalCard, (pupil, PUPIL)), PUPIL_SECTIONS)


async def fill_pupil_card(
    session: AsyncSession, act: Act, pupil: UUID, sections: Mapping[str, str], version: int
) -> Card:
    """Write sections of a pupil's card.

    Raises ``NotFound``, ``Forbidden``, ``Invalid`` (no such section, too long a text), ``Conflict`` if somebody has
    changed the card since ``version``.
    """
    facts = await rights.of_pupil(session, act.actor, pupil, act.at)
    rights.demand(facts, Right.PUPIL_WRITE)
    return await _fill_personal(
        session, act, facts.of_school.id, _Place(pupil, PUPIL, PUPIL_SECTIONS), sections, version
    )


async def teacher_card(session: AsyncSession, actor: Actor, teacher: UUID, now: datetime) -> Card:
    """Read a teacher's card: he himself, and whoever sees the staff. Raises ``NotFound``, ``Forbidden``."""
    facts = await _teacher(session, actor, teacher, now)
    if not (facts.may(Right.TEACHER_CARD_WRITE) or facts.may(Right.STAFF_VIEW)):
        raise Forbidden("not-allowed")
    return _card(await session.get(PersonalCard, (teacher, TEACHER)), TEACHER_SECTIONS)


async def fill_teacher_card(
    session: AsyncSession, act: Act, teacher: UUID, sections: Mapping[str, str], version: int
) -> Card:
    """Write sections of a teacher's card: he himself (ROLE-31), the HR specialist (ROLE-21). Raises as a pupil's."""
    facts = await _teacher(session, act.actor, teacher, act.at)
    rights.demand(facts, Right.TEACHER_CARD_WRITE)
    place = _Place(teacher, TEACHER, TEACHER_SECTIONS)
    return await _fill_personal(session, act, facts.of_school.id, place, sections, version)


async def class_card(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> Card:
    """Read the card of a class. Raises ``NotFound``, ``Forbidden``."""
    facts = await rights.of_class(session, actor, class_id, now)
    if not (facts.may(Right.CLASS_CARD_WRITE) or facts.may(Right.VERIFICATION_VIEW)):
        raise Forbidden("not-allowed")
    return _card(await session.get(ClassCard, class_id), CLASS_SECTIONS)


async def fill_class_card(
    session: AsyncSession, act: Act, class_id: UUID, sections: Mapping[str, str], version: int
) -> Card:
    """Write sections of a class's card. Raises as a pupil's."""
    facts = await rights.of_class(session, act.actor, class_id, act.at)
    rights.demand(facts, Right.CLASS_CARD_WRITE)
    texts = _checked(sections, CLASS_SECTIONS)
    row = await session.get(ClassCard, class_id, with_for_update=True, populate_existing=True)
    if not await first_time(session, act.key, act.at):
        return _card(row, CLASS_SECTIONS)
    _check_version(row, version)
    if row is None:
        row = ClassCard(class_id=class_id, data={}, version=0)
        session.add(row)
    return await _write(session, act, facts.of_school.id, row, texts, f"class-card/{class_id}")


async def unfilled_in_class(session: AsyncSession, class_id: UUID) -> tuple[Classmate, ...]:
    """List the pupils of a class whose cards have an unfilled section. Whoever calls has asked for the right to."""
    rows = await session.execute(
        select(PersonalCard)
        .join(Pupil, Pupil.person_id == PersonalCard.person_id)
        .where(Pupil.class_id == class_id, PersonalCard.kind == PUPIL)
    )
    filled = {row.person_id for row in rows.scalars() if not _card(row, PUPIL_SECTIONS).unfilled}
    return tuple(one for one in await people.of_class(session, class_id) if one.pupil not in filled)


async def class_card_filled(session: AsyncSession, class_id: UUID) -> bool:
    """Tell whether every section of a class's card is filled. Whoever calls has asked for the right to."""
    return not _card(await session.get(ClassCard, class_id), CLASS_SECTIONS).unfilled


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a personal card is kept."""

    person: UUID
    kind: str
    sections: tuple[str, ...]


async def _teacher(session: AsyncSession, actor: Actor, teacher: UUID, now: datetime) -> rights.Facts:
    facts = await rights.of_person(session, actor, teacher, now)
    if await session.get(Staff, teacher) is None:
        raise NotFound("staff-unknown")
    return facts


async def _fill_personal(
    session: AsyncSession, act: Act, school: UUID, place: _Place, sections: Mapping[str, str], version: int
) -> Card:
    texts = _checked(sections, place.sections)
    key = (place.person, place.kind)
    row = await session.get(PersonalCard, key, with_for_update=True, populate_existing=True)
    if not await first_time(session, act.key, act.at):
        return _card(row, place.sections)
    _check_version(row, version)
    if row is None:
        row = PersonalCard(person_id=place.person, kind=place.kind, data={}, version=0)
        session.add(row)
    return await _write(session, act, school, row, texts, f"card/{place.kind}/{place.person}")


async def _write(
    session: AsyncSession,
    act: Act,
    school: UUID,
    row: PersonalCard | ClassCard,
    texts: Mapping[str, str],
    subject: str,
) -> Card:
    changed = {name: text for name, text in texts.items() if row.data.get(name, "") != text}
    before = {name: row.data.get(name, "") for name in changed}
    row.data, row.version = {**row.data, **changed}, row.version + 1
    await session.flush()
    if changed:
        await audit(session, act.actor, school, act.at, Change("card.fill", subject, before, changed))
    return _card(row, tuple(_SECTIONS_OF[row.kind] if isinstance(row, PersonalCard) else CLASS_SECTIONS))


_SECTIONS_OF: Mapping[str, tuple[str, ...]] = MappingProxyType({PUPIL: PUPIL_SECTIONS, TEACHER: TEACHER_SECTIONS})


def _checked(sections: Mapping[str, str], known: tuple[str, ...]) -> dict[str, str]:
    """Return the texts as they will stand. Raises ``Invalid``, which names the section."""
    found = {}
    for name, text in sections.items():
        if name not in known:
            raise Invalid("card-section-unknown", section=name, sections=", ".join(known))
        found[name] = free_text.plain(text)
        if free_text.length(found[name]) > LONGEST:
            raise Invalid("card-section-too-long", section=name, longest=LONGEST)
    return found


def _check_version(row: PersonalCard | ClassCard | None, version: int) -> None:
    if (row.version if row else 0) != version:
        raise Conflict("card-changed-since")


def _card(row: PersonalCard | ClassCard | None, sections: tuple[str, ...]) -> Card:
    data = row.data if row else {}
    return Card(MappingProxyType({name: data.get(name, "") for name in sections}), row.version if row else 0)
