"""Which bot or mail account serves a channel of this installation."""

from collections.abc import Mapping

from sqlalchemy import text

from core.database import Database

NOBODY = ""
"""Credential of an address whose channel is not set up here: nothing may wait for it."""

ASSIGN = text("""
WITH moved AS (
  UPDATE gateway.address SET credential = :credential WHERE channel = :channel AND credential <> :credential
  RETURNING recipient)
UPDATE gateway.recipient r SET rev = r.rev + 1 FROM moved WHERE r.id = moved.recipient
""")


async def assign(database: Database, credentials: Mapping[str, str], channels: tuple[str, ...]) -> None:
    """Point every address at the credential that serves its channel now; what waits is planned again.

    Run at the start of a gateway: a channel may have been set up, taken away, or got another bot since the last one.
    """
    async with database.begin() as session:
        for channel in channels:
            await session.execute(ASSIGN, {"channel": channel, "credential": credentials.get(channel, NOBODY)})
