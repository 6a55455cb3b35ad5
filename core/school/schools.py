"""Schools and their settings."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Actor
from core.events import Channel, SchoolKind, SchoolSettings, SchoolState, SchoolTelling, event, school_subject
from core.journal import Change, audit
from core.outbox import publish
from core.plan.year_rests import rests_of
from core.refusals import Conflict, Invalid, NotFound
from core.rule_book.model import SchoolRules
from core.rule_book.profiles import rules_kept
from core.rule_book.values import AbsenceTold, ChangesTold, Weekday
from core.school_time import school_date
from core.tables import School


@dataclass(frozen=True, slots=True)
class SchoolCard:
    """A school as other rooms see it."""

    id: UUID
    kind: SchoolKind
    name: str
    zone: str
    settings: SchoolSettings
    telling: SchoolTelling = field(default_factory=SchoolTelling)
    """What its rules say of how families are told."""


def default_settings(kind: SchoolKind) -> SchoolSettings:
    """Return the settings that a school of this kind starts with.

    State and municipal schools may not lawfully use a foreign messenger (149-FZ art. 10 pt 8, 41-FZ art. 15; see
    channels.md §3): Telegram is off for them, and for branches, whose head organisation decides. MAX is the country's
    own, and open to everybody.
    """
    lawful = (Channel.MAX, Channel.MAIL)
    channels = (Channel.TELEGRAM, *lawful) if kind is SchoolKind.PRIVATE else lawful
    return SchoolSettings(allowed_channels=channels)


async def create(
    session: AsyncSession, actor: Actor, *, name: str, kind: SchoolKind, zone: str, now: datetime
) -> SchoolCard:
    """Create a school with its kind's default settings. Raises ``Conflict`` (name taken), ``Invalid`` (zone)."""
    _check_zone(zone)
    if (await session.execute(select(School.id).where(School.name == name))).first():
        raise Conflict("school-exists", name=name)
    settings = default_settings(kind)
    school = School(id=uuid4(), kind=kind, name=name, zone=zone, settings=settings.model_dump(mode="json"), version=1)
    session.add(school)
    await session.flush()
    await announce(session, school, now)
    await audit(
        session, actor, school.id, now, Change("school.create", school_subject(school.id), None, {"name": name})
    )
    return card_of(school)


async def find(session: AsyncSession, name: str | None = None) -> SchoolCard:
    """Find the school by name, or the only one there is. Raises ``NotFound``, or ``Invalid`` if a name is needed."""
    query = select(School).order_by(School.name)
    if name is not None:
        query = query.where(School.name == name)
    schools = (await session.execute(query)).scalars().all()
    if not schools:
        raise NotFound("school-unknown")
    if len(schools) > 1:
        raise Invalid("school-name-needed")
    return card_of(schools[0])


async def of_id(session: AsyncSession, school_id: UUID) -> SchoolCard:
    """Return the school of an id. Raises ``NotFound``."""
    school = await session.get(School, school_id)
    if school is None:
        raise NotFound("school-unknown")
    return card_of(school)


async def all_schools(session: AsyncSession) -> tuple[SchoolCard, ...]:
    """List all schools of the installation."""
    return tuple(card_of(school) for school in (await session.execute(select(School).order_by(School.name))).scalars())


async def announce(session: AsyncSession, school: School, now: datetime) -> None:
    """Tell the gateway how a school stands, whole: its settings, and those of its rules that it must obey."""
    card = card_of(school)
    rests = await rests_of(session, school.id, school_date(now, card.zone))
    state = SchoolState(
        kind=card.kind, name=card.name, zone=card.zone, settings=card.settings, telling=card.telling, rests=rests
    )
    subject = school_subject(school.id)
    await publish(session, event(state, subject=subject, school=school.id, version=school.version, at=now))


def card_of(school: School) -> SchoolCard:
    """Show a school to other rooms."""
    settings = SchoolSettings.model_validate(school.settings)
    telling = telling_by(rules_kept(school.profile, school.rules))
    return SchoolCard(school.id, SchoolKind(school.kind), school.name, school.zone, settings, telling)


def telling_by(rules: SchoolRules) -> SchoolTelling:
    """Return what of a school's rules travels: how families are told."""
    return SchoolTelling(
        absences_at_once=rules.absence_told is AbsenceTold.AUTOMATIC,
        changes_at_once=rules.changes_told is ChangesTold.AT_ONCE,
        weekly_letter_on=list(Weekday).index(rules.weekly_letter_on) + 1,
    )


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Invalid("school-zone-unknown", zone=zone) from error
