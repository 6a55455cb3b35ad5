"""A relation told anew: its next version, with its consents, goes to whoever listens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.consent import consents
from core.events import event, guardianship_subject
from core.outbox import publish
from core.tables import Guardianship


async def state_anew(session: AsyncSession, school: UUID, row: Guardianship, at: datetime) -> None:
    """Raise the version of a relation that was changed under its lock, and publish its whole state."""
    row.version += 1
    await session.flush()
    consent = await consents.standing(session, row.pupil_id, row.guardian_id)
    state = consents.relation_state(row, consent)
    subject = guardianship_subject(row.pupil_id, row.guardian_id)
    await publish(session, event(state, subject=subject, school=school, version=row.version, at=at))
