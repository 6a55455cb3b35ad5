"""What letting people in works with."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field

from core.account.account_keeper import AccountKeeper
from core.account.entrance import Entrance
from core.account.entry_codes import CodeEntrance
from core.account.identity_provider import ProviderEntrance
from core.account.passwords import Passwords
from core.events import Channel
from core.school_time import MachineClock
from web.launch_data import AppKey

SAME_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class AccountDesk:
    """The commands behind the login pages, and what those pages must know of the installation."""

    entrance: Entrance
    codes: CodeEntrance
    passwords: Passwords
    keeper: AccountKeeper
    machine_clock: MachineClock
    """Applications of second factors count by it."""
    origin: str
    """Scheme and host by which browsers know us: what comes from elsewhere changes nothing here."""
    provider: ProviderEntrance | None = None
    provider_title: str = ""
    apps: Mapping[Channel, AppKey] = field(default_factory=dict)
    """What each messenger's Mini App is proved by."""
    same_seconds: float = SAME_SECONDS
    """What an answer to «send me a link» takes at least, whether there is such a login or not."""

    async def at_one_pace(self, work: Awaitable[None]) -> None:
        """Do what takes longer for a login that there is, and come back after the same time whichever it was."""
        whole = asyncio.create_task(asyncio.sleep(self.same_seconds))
        try:
            await work
        finally:
            await whole
