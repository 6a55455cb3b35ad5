"""The open account of a login, as somebody typed it."""

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.account import logins
from core.tables import Account


async def open_account(session: AsyncSession, login: str, *, lock: bool = False) -> Account | None:
    """Return the open account of a folded login; None for whatever no login can be."""
    if not login.isprintable():
        return None  # control characters and halves of characters, which the database does not take
    query = _of_login(login)
    return (await session.execute(query.with_for_update() if lock else query)).scalar_one_or_none()


def _of_login(login: str) -> Select[Account]:
    return select(Account).where(
        Account.channel == logins.CHANNEL, Account.external_id == login, Account.closed_at.is_(None)
    )
