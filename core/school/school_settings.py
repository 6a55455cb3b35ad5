"""Settings of a school that travel to the gateway: who may change them, and how they are told."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from core import rights
from core.access import Right
from core.actor import Actor
from core.events import SchoolSettings, school_subject
from core.journal import Change, audit
from core.refusals import Invalid
from core.school import schools
from core.school.schools import SchoolCard
from core.tables import School


async def change(
    session: AsyncSession, actor: Actor, school_id: UUID, changes: dict[str, Any], now: datetime
) -> SchoolCard:
    """Change some settings of a school.

    Raises ``NotFound``, ``Forbidden`` (ROLE-17), or ``Invalid`` for an unknown name or an impossible value.
    """
    rights.demand(await rights.of_school(session, actor, school_id, now), Right.SETTINGS_CHANGE)
    school = await session.get_one(School, school_id, with_for_update=True, populate_existing=True)
    before = school.settings
    try:
        settings = SchoolSettings.model_validate({**before, **changes})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise Invalid("school-setting-invalid", setting=str(first["loc"][0])) from error
    school.settings = settings.model_dump(mode="json")
    school.version += 1
    await session.flush()
    await schools.announce(session, school, now)
    change = Change("school.settings", school_subject(school.id), before, school.settings)
    await audit(session, actor, school.id, now, change)
    return schools.card_of(school)
