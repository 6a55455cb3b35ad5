"""The board of a notice: which adults of which pupils have answered it, for whoever may publish to the class."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Actor
from core.consent import consent_gate
from core.events import NoticeAct, NoticeAsk
from core.notice import notice_state, notices
from core.notice.notices import PURPOSE
from core.person.people import lawful, name_of
from core.russian import FullName
from core.school_time import school_date
from core.tables import Guardianship, Person


@dataclass(frozen=True, slots=True)
class BoardGuardian:
    """One adult on the board."""

    person: UUID
    name: FullName
    act: NoticeAct | None
    """None: nothing answered yet."""
    at: datetime | None
    on_paper: bool = False
    """Without his consent he is asked on paper, whatever was sent to him before he withdrew it (CONF-21, CONS-17)."""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """One pupil on the board."""

    pupil: UUID
    name: FullName
    guardians: tuple[BoardGuardian, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Who has answered a notice, in the order of the class list."""

    id: UUID
    class_title: str
    title: str
    text: str
    ask: NoticeAsk
    reply_by: date | None
    published_at: datetime
    withdrawn: bool
    lines: tuple[BoardLine, ...]


async def board(session: AsyncSession, actor: Actor, notice_id: UUID, now: datetime) -> Board:
    """Show who has answered, in the order of the class list: guardians who are asked now, and whoever answered for him.

    Raises ``NotFound`` or ``Forbidden`` (the class teacher and the administration only).
    """
    notice, facts = await notices.led(session, actor, notice_id, now)
    standing = (await notice_state.given_to(session, [notice_id]))[notice_id].standing()
    pupils = await notice_state.addressed(session, notice_id)
    today = school_date(now, facts.school.zone)
    asked = lawful(today)
    if notice.ask == NoticeAsk.SIGN:
        asked = and_(asked, Guardianship.must_sign)
    rows = await session.execute(
        select(Guardianship.pupil_id, Person)
        .join(Person, Person.id == Guardianship.guardian_id)
        .where(
            Guardianship.pupil_id.in_([pupil.id for pupil in pupils]),
            or_(asked, tuple_(Guardianship.pupil_id, Guardianship.guardian_id).in_(list(standing))),
        )
        .order_by(Person.sort_key, Person.id)
    )
    found = rows.all()
    agreed = await consent_gate.open_of(session, [(pupil, person.id) for pupil, person in found], PURPOSE, today)
    guardians: dict[UUID, list[BoardGuardian]] = {}
    for pupil, person in found:
        given = standing.get((pupil, person.id))
        on_paper = (pupil, person.id) not in agreed
        said, at = (None, None) if given is None else (given.act, given.at)
        line = BoardGuardian(person.id, name_of(person), said, at, on_paper)
        guardians.setdefault(pupil, []).append(line)
    return Board(
        id=notice.id,
        class_title=facts.title,
        title=notice.title,
        text=notice.text,
        ask=NoticeAsk(notice.ask),
        reply_by=notice.reply_by,
        published_at=notice.published_at,
        withdrawn=notice.withdrawn,
        lines=tuple(BoardLine(one.id, name_of(one), tuple(guardians.get(one.id, ()))) for one in pupils),
    )
