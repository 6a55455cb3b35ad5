"""The event by which the gateway sends the owner of an account the link to a new password."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.account.account_tables import PasswordReset
from core.events import PasswordLinkState, event, password_link_subject
from core.outbox import publish
from core.school import schools
from core.school_time import school_date

RESET_LIVES = timedelta(minutes=30)


async def announce(session: AsyncSession, reset: PasswordReset, school_id: UUID, now: datetime) -> None:
    """Ask whoever tells people to send a link for this reset to its owner, and to nobody else."""
    await _tell(session, reset, school_id, now, version=1)


async def take_back(session: AsyncSession, persons: Collection[UUID], school_id: UUID, now: datetime) -> None:
    """Let no link to these persons be good any more, nor be sent that is still on its way."""
    query = select(PasswordReset).where(
        PasswordReset.person_id.in_(persons), PasswordReset.used_at.is_(None), PasswordReset.expires_at > now
    )
    for reset in (await session.execute(query.order_by(PasswordReset.id))).scalars().all():
        reset.used_at = now
        await session.flush()
        await _tell(session, reset, school_id, now, version=2)


async def _tell(session: AsyncSession, reset: PasswordReset, school_id: UUID, now: datetime, *, version: int) -> None:
    school = await schools.of_id(session, school_id)
    asked_on = school_date(reset.expires_at - RESET_LIVES, school.zone)
    until = now if reset.used_at is not None else reset.expires_at
    state = PasswordLinkState(reset=reset.id, person=reset.person_id, day=asked_on, expires_at=until)
    told = event(state, subject=password_link_subject(reset.id), school=school_id, version=version, at=now)
    await publish(session, told)


def reset_of(subject: str) -> UUID | None:
    """Read the reset of a subject; None if the subject is another."""
    _, _, tail = subject.partition("/")
    try:
        reset = UUID(tail)
    except ValueError:
        return None
    return reset if subject == password_link_subject(reset) else None
