"""What the script of a roll's page sends: taps with a key of its own, so that sending again does nothing twice."""

from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from pydantic import Field

from core.actor import Act, Actor
from core.events import LeftEarly
from core.learning.entries import LATE_MOST, PRESENT, Entry
from core.learning.roll_taps import KEEP, Tap, Taps
from web.json_api import Body

MOST_PUPILS = 500
LONGEST_AGO = int(KEEP.total_seconds() * 1000)


class SentEntry(Body):
    """An entry; nothing: was there all the time."""

    code: Annotated[str, Field(min_length=1, max_length=8)] | None = None
    late: Annotated[int, Field(ge=1, le=LATE_MOST)] | None = None
    left: LeftEarly | None = None

    def entry(self) -> Entry:
        """Return it as core takes it."""
        return Entry(self.code, self.late, self.left)


class SentTaps(Body):
    """One command of a page."""

    whose: Annotated[str, Field(max_length=64)]
    """Who made the taps: whoever enters by the same browser afterwards does not send them in his own name."""
    page: UUID
    """Made by the browser once, and kept there."""
    lesson: UUID
    key: UUID
    calls: bool
    roster: Annotated[str, Field(max_length=64)] | None
    entries: Annotated[dict[UUID, SentEntry], Field(max_length=MOST_PUPILS)]
    """Of everybody who was not there all the time, and of whoever was tapped."""
    tapped: Annotated[dict[UUID, Annotated[int, Field(ge=0)]], Field(max_length=MOST_PUPILS)]
    """How many milliseconds ago: a phone's own clock may say anything."""

    def act(self, actor: Actor, now: datetime) -> Act:
        """Return the act; nobody can use up a key of anybody else's."""
        return Act(actor, now, f"roll/{self.whose}/{self.key}")

    def taps(self, now: datetime) -> Taps:
        """Return the taps as core takes them."""
        entries = {pupil: one.entry() for pupil, one in self.entries.items()}
        tapped = {
            pupil: Tap(entries.get(pupil, PRESENT), now - timedelta(milliseconds=min(ago, LONGEST_AGO)))
            for pupil, ago in self.tapped.items()
        }
        exceptions = {pupil: entry for pupil, entry in entries.items() if entry != PRESENT}
        return Taps(tapped, self.page, self.calls, exceptions, self.roster)
