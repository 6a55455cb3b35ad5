"""A class at the bell, its two teachers with browsers and messengers, and the pages of the roll before them."""

import html
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import time, timedelta
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode
from uuid import UUID, uuid4

from sqlalchemy import URL

from core.account.accounts import MessengerAccount
from core.actor import Act, Actor
from core.database import Database
from core.events import Channel
from core.learning import attendance
from core.learning.entries import Entry
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import SchoolClock
from tests.integration.account_site import APP_TOKENS, AccountSite, Browser, account_site
from tests.integration.core_world import Hands
from web.launch_data import AppKey

NAMES = ("Абрамов Глеб", "Иванова Анна", "Иванова Ева", "Яшин Лев")
STATE, WORDS = re.compile(r"data-state='([^']*)'"), re.compile(r"data-words='([^']*)'")


@dataclass
class RollSite:
    """The site, two lessons in a row of one teacher, and the children in the order of the class list."""

    site: AccountSite
    lesson: UUID
    later: UUID
    pupils: tuple[UUID, ...]
    deputy: UUID
    """May call every roll of the school."""

    async def entered(self, person: UUID | None = None) -> Browser:
        """Return a browser by which a teacher has entered the site."""
        _, browser = await self.site.settled(person or self.site.teacher)
        return browser

    def init_data(self, user: int, channel: Channel = Channel.TELEGRAM, **more: str) -> str:
        """Sign as the messenger does, by the machine's clock."""
        key = AppKey.of_token(APP_TOKENS[channel])
        at = int(self.site.machine.at.timestamp())
        said = {"auth_date": str(at), "query_id": "AAH", "user": json.dumps({"id": user, "first_name": "Мария"})}
        return urlencode((said | more) | {"hash": key.sign(said | more)}, quote_via=quote)

    async def app(self, person: UUID, user: int, channel: Channel = Channel.TELEGRAM) -> Browser:
        """Return the messenger's browser, in which a teacher has opened the Mini App."""
        await self.site.builder.link(person, MessengerAccount(channel, str(user)))
        browser = self.site.browser()
        status, _ = await self.knock(browser, self.init_data(user, channel), channel)
        assert status == 200
        return browser

    async def knock(
        self, browser: Browser, init_data: str, channel: Channel = Channel.TELEGRAM, lesson: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Show what the messenger has signed."""
        more = {} if lesson is None else {"lesson": lesson}
        return await browser.post("/app/enter", messenger=channel.value, init_data=init_data, **more)

    async def school(self) -> SchoolCard:
        """Return the school."""
        async with self.site.database.begin() as session:
            return await schools.of_id(session, self.site.school)

    async def codes(self, lesson: UUID | None = None) -> dict[int, str]:
        """Return who is absent, by place and code, as the journal has it."""
        rows = await self.site.watch.rows(
            "SELECT pupil_id, code FROM core.absence WHERE lesson_id = $1", lesson or self.lesson
        )
        return {self.pupils.index(row["pupil_id"]): row["code"] for row in rows}

    async def late(self) -> dict[int, int]:
        """Return who came late, by place, in minutes."""
        rows = await self.site.watch.rows(
            "SELECT pupil_id, late_minutes FROM core.partial_attendance WHERE lesson_id = $1", self.lesson
        )
        return {self.pupils.index(row["pupil_id"]): row["late_minutes"] for row in rows}

    async def called_in_the_chat(self, *absent: int, lesson: UUID | None = None) -> None:
        """Let the teacher call the roll in his chat."""
        async with self.site.database.begin() as session:
            act = Act(Actor("telegram", self.site.teacher), self.site.hands.at, str(uuid4()))
            entries = {self.pupils[place]: Entry("н") for place in absent}
            await attendance.record(session, act, lesson or self.lesson, entries)

    def taps(
        self, state: Mapping[str, Any], entries: Mapping[int, Any], *, ago: int = 0, **more: Any
    ) -> dict[str, Any]:
        """Return the command that a page sends after these taps."""
        found = {str(self.pupils[place]): entry for place, entry in entries.items()}
        return {
            "whose": state["whose"],
            "page": str(UUID(int=7)),
            "lesson": state["lesson"],
            "key": str(uuid4()),
            "calls": not state["called"],
            "roster": state["roster"],
            "entries": {pupil: entry for pupil, entry in found.items() if entry},
            "tapped": dict.fromkeys(found, ago),
        } | more


def state_of(page: str) -> dict[str, Any]:
    """Read the state out of a page."""
    found = STATE.search(page)
    assert found is not None, page
    state: dict[str, Any] = json.loads(html.unescape(found[1]))
    return state


@dataclass
class RunningHands(Hands):
    """A clock that goes, and may be moved."""

    began: float = field(default_factory=monotonic)

    @property
    def clock(self) -> SchoolClock:
        return SchoolClock(source=lambda: self.at + timedelta(seconds=monotonic() - self.began))


@asynccontextmanager
async def roll_site(
    database: Database, gateway: Database, url: URL, hands: Hands | None = None
) -> AsyncIterator[RollSite]:
    """Open it: Tuesday, ten minutes after the first bell."""
    async with account_site(database, gateway, url, hands=hands) as site:
        others = await site.builder.pupils(site.school_class, *NAMES)
        lesson = await site.builder.lesson(site.school_class, site.teacher, time(8, 30))
        later = await site.builder.lesson(site.school_class, site.teacher, time(9, 30), number=2)
        # Ё comes after Е: Абрамов, Ёлкин, Иванова, Иванова, Яшин.
        async with database.begin() as session:
            school = await schools.of_id(session, site.school)
        deputy = await site.builder.teacher(school, "Завьялова Ольга Львовна", administers=True)
        yield RollSite(site, lesson, later, (others[0], site.pupil, *others[1:]), deputy)
