"""Which of the persons behind an account may teach this lesson, or speak to this class."""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.account import accounts
from core.account.accounts import MessengerAccount
from core.actor import Actor
from core.learning import class_rights, lesson_rights
from core.learning.class_rights import ClassFacts
from core.learning.lesson_rights import LessonFacts
from core.notice.notice_tables import Notice
from core.refusals import Forbidden, NotFound


async def of_lesson(
    session: AsyncSession, account: MessengerAccount, lesson: UUID, now: datetime
) -> tuple[Actor, LessonFacts]:
    """Choose the person who may write marks, remarks and homework of this lesson; ``session`` is core's.

    Raises ``Forbidden`` (a stranger, or another teacher's lesson) or ``NotFound``.
    """
    async for actor in _actors(session, account):
        facts = await lesson_rights.of_lesson(session, actor, lesson, now)
        if facts.may(Right.MARK_GIVE):
            return actor, facts
    raise Forbidden("lesson-of-another-teacher")


async def of_class(
    session: AsyncSession, account: MessengerAccount, school_class: UUID, now: datetime
) -> tuple[Actor, ClassFacts]:
    """Choose the person who may speak to the families of this class.

    Raises ``Forbidden`` (a stranger, or somebody else's class) or ``NotFound``.
    """
    title = ""
    async for actor in _actors(session, account):
        facts = await class_rights.of_class(session, actor, school_class, now)
        if facts.may(Right.NOTICE_PUBLISH):
            return actor, facts
        title = facts.title
    raise Forbidden("class-not-yours", class_title=title)


async def of_notice(
    session: AsyncSession, account: MessengerAccount, notice: UUID, now: datetime
) -> tuple[Actor, ClassFacts]:
    """Choose the person who may see the board of this notice. Raises ``Forbidden`` or ``NotFound``."""
    found = await session.execute(select(Notice.class_id).where(Notice.id == notice))
    school_class = found.scalar_one_or_none()
    if school_class is None:
        raise NotFound("notice-unknown")
    return await of_class(session, account, school_class, now)


async def _actors(session: AsyncSession, account: MessengerAccount) -> AsyncIterator[Actor]:
    """Yield the persons behind the account as actors. Raises ``Forbidden`` for a stranger."""
    found = await accounts.persons_behind(session, account)
    if not found:
        raise Forbidden("account-not-linked")
    for person in found:
        yield await accounts.actor_for(session, account, person)
