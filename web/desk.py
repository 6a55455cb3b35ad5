"""What the pages work with: handed to the application's maker, so that nothing is found by name at run time."""

from dataclasses import dataclass

from structlog.typing import FilteringBoundLogger

from core.database import Database
from core.school_time import SchoolClock
from gateway.links import Links
from texts.reader import Texts
from web.account_desk import AccountDesk


@dataclass(frozen=True, slots=True)
class Desk:
    """The rooms that pages reach, each under its own role, and the words they speak."""

    core: Database
    gateway: Database
    links: Links
    texts: Texts
    school_clock: SchoolClock
    log: FilteringBoundLogger
    accounts: AccountDesk | None = None
    """What lets people in by a login; None: pages behind links only."""
