"""What a closed year takes no more, from a list or from the undo of one (YEAR-28)."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.lists.comparing import FIRST_DAY
from core.lists.difference import Entry, What
from core.lists.work import about, day
from core.movement import closing
from core.plan import open_years
from core.school_time import school_year_of_lists

OF_THE_YEAR = frozenset({What.CLASS, What.SLOT})
"""Of the year itself; where a pupil learns is of days, and he may come or go in summer though the year is closed."""


async def demand_open(session: AsyncSession, school_id: UUID, written_on: date, entries: Sequence[Entry]) -> None:
    """Raise ``Conflict`` if an import of this day has entries of a closed year; else that stays open until the commit.

    For whoever writes the entries, and for whoever takes them back.
    """
    year = school_year_of_lists(written_on)
    since = (day((entry.after or {}).get("since")) for entry in about(entries, What.PUPIL))
    days = {one for one in since if one is not None}
    is_of_the_year = any(entry.what in OF_THE_YEAR for entry in entries)
    if is_of_the_year:
        days.add(max(written_on, date(year, *FIRST_DAY)))
    for one in sorted(days):
        await closing.demand_open(session, school_id, one)
    if is_of_the_year:
        await open_years.demand(session, school_id, year)
