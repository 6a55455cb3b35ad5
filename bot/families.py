"""Whose children: the guardian among the persons behind an account, found anew at every press.

Who is barred, or whose guardianship has ended, has no children here, and so nothing to see.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot import persons
from bot.persons import Persona
from core.account.accounts import MessengerAccount
from core.person.people import Child
from core.refusals import Forbidden


async def guardians(session: AsyncSession, account: MessengerAccount, now: datetime) -> tuple[Persona, ...]:
    """List the persons behind the account who may see a child now, at least one; ``session`` is core's.

    Raises ``Forbidden`` for a stranger, and for an account without any child.
    """
    personas = await persons.behind(session, account, now)
    if not personas:
        raise Forbidden("account-not-linked")
    found = tuple(persona for persona in personas if persona.children)
    if not found:
        raise Forbidden("no-children-here")
    return found


async def guardian(session: AsyncSession, account: MessengerAccount, person: UUID, now: datetime) -> Persona:
    """Return one of them by the person. Raises ``Forbidden``."""
    for persona in await guardians(session, account, now):
        if persona.person == person:
            return persona
    raise Forbidden("child-not-yours")


def guardian_of(personas: Sequence[Persona], pupils: Sequence[UUID]) -> tuple[Persona, Child]:
    """Choose who may see one of the pupils, and which. Raises ``Forbidden``."""
    for persona in personas:
        for child in persona.children:
            if child.pupil in pupils:
                return persona, child
    raise Forbidden("child-not-yours")
