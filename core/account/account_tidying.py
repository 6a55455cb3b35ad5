"""What accounts need no longer: counted tries, links and logins under way that are over."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from core.account.account_tables import EntryCode, LoginTry, PasswordReset, ProviderLogin

LONGEST_COUNT = timedelta(hours=1)
"""No count of tries looks back farther."""


async def tidy(session: AsyncSession, now: datetime) -> None:
    """Delete what is over; repeatable, at any time, beside whoever is entering."""
    await session.execute(delete(LoginTry).where(LoginTry.at <= now - LONGEST_COUNT))
    await session.execute(delete(PasswordReset).where(PasswordReset.expires_at <= now))
    await session.execute(delete(ProviderLogin).where(ProviderLogin.expires_at <= now))
    await session.execute(delete(EntryCode).where(EntryCode.expires_at <= now))
