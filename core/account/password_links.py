"""The event by which the gateway sends the owner of an account the link to a new password."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.events import PasswordLinkState, event, password_link_subject
from core.outbox import publish
from core.school import schools
from core.school_time import school_date


async def announce(
    session: AsyncSession, reset: UUID, person: UUID, school_id: UUID, now: datetime, expires_at: datetime
) -> None:
    """Ask whoever tells people to send a link for this reset to its owner, and to nobody else."""
    school = await schools.of_id(session, school_id)
    day = school_date(now, school.zone)
    state = PasswordLinkState(reset=reset, person=person, day=day, expires_at=expires_at)
    told = event(state, subject=password_link_subject(reset), school=school_id, version=1, at=now)
    await publish(session, told)


def reset_of(subject: str) -> UUID | None:
    """Read the reset of a subject; None if the subject is another."""
    _, _, tail = subject.partition("/")
    try:
        reset = UUID(tail)
    except ValueError:
        return None
    return reset if subject == password_link_subject(reset) else None
