"""A reader who muted his dialogue: messages arrive there, and he may not see them in time.

Such a way is weak, not dead: what is urgent goes first by a way that rings (``gateway.routing.ringing``), everything
else as he chose. MAX tells of it (channels.md §2); Telegram does not.
"""

from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from gateway.addresses import AddressVault
from gateway.subscriptions import locked, taken_up

UNTIL_UNMUTED = datetime(9999, 1, 1, tzinfo=UTC)
# Of an account that several people share each has an address of his own.
BEHIND = text("""
SELECT recipient FROM gateway.address
WHERE channel = :channel AND value_hmac = :value_hmac AND NOT ended
  AND muted_until IS DISTINCT FROM CAST(:until AS timestamptz) ORDER BY recipient
""")
MUTED = text("""
UPDATE gateway.address SET muted_until = CAST(:until AS timestamptz)
WHERE recipient = :recipient AND channel = :channel AND value_hmac = :value_hmac
""")


async def muted(
    session: AsyncSession, vault: AddressVault, channel: str, value: str, until: datetime | None, at: datetime
) -> None:
    """Remember until when this address is muted, None if it is not; both times are the school clock's.

    What waits is planned anew in the same transaction. A stranger's address changes nothing; nor does a repeat.
    """
    address = {"channel": channel, "value_hmac": vault.hash(channel, value), "until": until}
    for recipient in (await session.execute(BEHIND, address)).scalars().all():
        part = await locked(session, recipient)
        await session.execute(MUTED, {**address, "recipient": recipient})
        await taken_up(session, recipient, part, at)
