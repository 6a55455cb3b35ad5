"""What everybody who writes entries needs, and how an entry is checked against what stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.events import AddressState, Event, GuardianshipState, event
from core.lists.difference import Entry, Values, What
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_of_lists

ADDED = "added"
"""Of a consent: the entries that the list adds; what stands before does not have it."""
GROUPS = "groups"
"""Of a pupil: his times in groups that end with his time in a class; each its group, first day and last day."""


@dataclass
class Work:
    """One writing of entries, in one transaction."""

    session: AsyncSession
    act: Act
    school: SchoolCard
    may_grant: bool
    is_taking_back: bool = False
    changed: list[Entry] = field(default_factory=list)
    """Entries whose thing does not stand as they say it does: nothing of it all may be written then."""
    events: list[Event] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The school's calendar day."""
        return school_date(self.act.at, self.school.zone)

    @property
    def year(self) -> int:
        """The school year of lists handed in today."""
        return school_year_of_lists(self.today)

    def fits(self, entry: Entry, stands: Values | None) -> bool:
        """Tell whether a thing stands as the entry says that it does, and note it if not."""
        if _same(entry.before, stands):
            return True
        self.changed.append(entry)
        return False

    def tell(self, state: GuardianshipState | AddressState, subject: str, version: int) -> None:
        """Note a state for whoever listens."""
        made = event(state, subject=subject, school=self.school.id, version=version, at=self.act.at)
        self.events.append(made)


async def rows_of[Row](work: Work, query: Select[Row]) -> list[Row]:
    """Read rows under their locks, as they stand now."""
    locked = query.with_for_update().execution_options(populate_existing=True)
    return list((await work.session.execute(locked)).scalars())


def about(entries: Iterable[Entry], what: What) -> list[Entry]:
    """Return the entries about one kind of thing."""
    return [entry for entry in entries if entry.what is what]


def first_ids(entries: Iterable[Entry]) -> list[UUID]:
    """Return the first id of each entry's key."""
    return [UUID(entry.key[0]) for entry in entries]


def day(written: Any) -> date | None:
    """Read a day as entries keep it."""
    return None if written is None else date.fromisoformat(written)


def _same(said: Values | None, stands: Values | None) -> bool:
    if said is None or stands is None:
        return said is stands
    wanted: Mapping[str, Any] = {name: value for name, value in said.items() if name not in {ADDED, GROUPS}}
    return all(stands.get(name) == value for name, value in wanted.items())
