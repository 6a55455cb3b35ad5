"""What handlers work with: handed to each router's maker, so that nothing is found by name at run time."""

from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from bot.mini_app import NO_APPS, MiniApps
from core.account.account_keeper import AccountKeeper
from core.account.accounts import CodeKeeper
from core.database import Database
from core.school_time import MachineClock, SchoolClock
from gateway.addresses import AddressVault
from texts.reader import Texts


@dataclass(frozen=True, slots=True)
class Desk:
    """The rooms a conversation reaches, each under its own role, and the words it speaks."""

    core: Database
    gateway: Database
    bot: Database
    keeper: CodeKeeper
    vault: AddressVault
    texts: Texts
    school_clock: SchoolClock
    machine_clock: MachineClock
    log: FilteringBoundLogger
    account_keeper: AccountKeeper
    apps: MiniApps = NO_APPS
    """Where each messenger finds the roll call as a page."""
    site: str | None = None
    """Where the pages stand, without a slash at its end; None: there are none."""
