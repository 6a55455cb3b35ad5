"""What letting people in works with."""

from dataclasses import dataclass

from core.account.account_keeper import AccountKeeper
from core.account.entrance import Entrance
from core.account.identity_provider import ProviderEntrance
from core.account.passwords import Passwords
from core.school_time import MachineClock


@dataclass(frozen=True, slots=True)
class AccountDesk:
    """The commands behind the login pages, and what those pages must know of the installation."""

    entrance: Entrance
    passwords: Passwords
    keeper: AccountKeeper
    machine_clock: MachineClock
    """Applications of second factors count by it."""
    origin: str
    """Scheme and host by which browsers know us: what comes from elsewhere changes nothing here."""
    provider: ProviderEntrance | None = None
    provider_title: str = ""
    same_seconds: float = 0.5
    """What an answer to «I forgot my password» takes at least, whether there is such a login or not."""
