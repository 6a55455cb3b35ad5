"""What of the journal must not go on by itself when a database comes back from a backup.

Facts, rights and one-time codes for messengers stand as they stood. Whatever opens a door does not: a session or a link
for a new password may have been ended, or used, in the time that was lost.
"""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.account.account_tables import EntryCode, PasswordReset, ProviderLogin, Session
from core.person import mailboxes

RESTORED = "restored"
"""Why the sessions ended."""


async def close_doors(session: AsyncSession, now: datetime) -> None:
    """End every session, link, code of a chat for the site and login under way. Repeatable."""
    await session.execute(update(Session).where(Session.ended_at.is_(None)).values(ended_at=now, ended_why=RESTORED))
    await session.execute(update(PasswordReset).where(PasswordReset.used_at.is_(None)).values(used_at=now))
    await mailboxes.close_all(session, now)
    await session.execute(delete(ProviderLogin))
    await session.execute(delete(EntryCode))
