"""A reader who stops the bot: the messenger says so at once, long before a message to him fails.

So the class teacher sees whom nothing reaches any more on the evening before, not when a child is missing.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.addresses import AddressVault
from gateway.ledger import ADDRESS_DIED
from gateway.states import Reason
from gateway.subscriptions import locked, taken_up

# Of an account that several people share each has an address of his own.
BEHIND = text("""
SELECT recipient FROM gateway.address
WHERE channel = :channel AND value_hmac = :value_hmac AND NOT ended AND dead_reason IS NULL ORDER BY recipient
""")


async def closed(session: AsyncSession, vault: AddressVault, channel: str, value: str, at: datetime) -> None:
    """Remember that nothing reaches this address until its owner lets the bot in again; ``at`` is the school clock.

    What waits for him goes another way, or its reason is recorded. A stranger's address changes nothing; nor does a
    repeat.
    """
    address = {"channel": channel, "value_hmac": vault.hash(channel, value)}
    for recipient in (await session.execute(BEHIND, address)).scalars().all():
        part = await locked(session, recipient)
        values = {**address, "recipient": recipient, "reason": Reason.BLOCKED.value, "now": at}
        await session.execute(ADDRESS_DIED, values)
        await taken_up(session, recipient, part, at)
