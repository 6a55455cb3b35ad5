"""A school whose lesson is on, behind its HTTP API: a teacher in a browser, programs with keys."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import URL

from core.account import api_keys
from core.account.api_keys import KeyDraft, MadeKey, Scope
from core.actor import OFFICE, Act
from core.database import Database
from tests.integration.account_site import ORIGIN, AccountSite, Browser, account_site
from web.api.limits import USUAL, Limits
from web.api.openapi import BASE

ALL = tuple(Scope)
NAMES = ("Абрамов Глеб", "Иванова Анна", "Яшин Лев")


@dataclass(frozen=True)
class Answer:
    """What came."""

    status: int
    said: Any
    headers: Mapping[str, str]

    @property
    def tag(self) -> str:
        return self.headers["ETag"]

    @property
    def refusal(self) -> tuple[int, str]:
        """The status and the code of a problem, which names itself twice and has words."""
        assert self.headers["Content-Type"].startswith("application/problem+json"), self.said
        assert self.said["status"] == self.status
        assert self.said["type"] == f"urn:zvonok:problem:{self.said['code']}"
        assert self.said["title"]
        assert self.said["detail"]
        return self.status, self.said["code"]


@dataclass
class ApiSite:
    """The class 5А with four pupils, its lesson of mathematics that is on, and the next one on Thursday."""

    site: AccountSite
    school_class: UUID
    pupils: tuple[UUID, ...]
    lesson: UUID

    @property
    def roll(self) -> str:
        return f"/lessons/{self.lesson}/roll"

    @property
    def marks(self) -> str:
        return f"/lessons/{self.lesson}/marks"

    @property
    def homework(self) -> str:
        return f"/lessons/{self.lesson}/homework"

    async def key(self, *scopes: Scope, expires_on: date | None = None, school: UUID | None = None) -> MadeKey:
        """Let the office make a key."""
        async with self.site.database.begin() as session:
            act = Act(OFFICE, self.site.hands.at, str(uuid4()))
            draft = KeyDraft("Расписание", scopes, expires_on)
            return await api_keys.make(session, act, school or self.site.school, draft)

    async def ask(
        self, who: MadeKey | Browser | None, method: str, path: str, json: Any = None, **headers: str
    ) -> Answer:
        """Ask as somebody; ``if_match`` stands for the header ``If-Match``."""
        sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
        match who:
            case MadeKey():
                sent.setdefault("Authorization", f"Bearer {who.key}")
            case Browser():
                sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in who.jar.items())
                sent.setdefault("Origin", ORIGIN)
        body = {} if json is None else {"json": json}
        async with self.site.client.request(method, f"{BASE}{path}", headers=sent, **body) as response:
            said = await response.json(content_type=None) if await response.read() else None
            return Answer(response.status, said, response.headers)


@asynccontextmanager
async def api_site(database: Database, gateway: Database, url: URL, limits: Limits = USUAL) -> AsyncIterator[ApiSite]:
    """Open the site during the lesson."""
    async with account_site(database, gateway, url, limits=limits) as site:
        school_class = await site.watch.value("SELECT class_id FROM core.pupil WHERE person_id = $1", site.pupil)
        first, *rest = await site.builder.pupils(school_class, *NAMES)
        lesson = await site.builder.lesson(school_class, site.teacher, time(8, 30))
        await site.watch.rows(
            "INSERT INTO core.slot (id, school_id, year, class_id, weekday, number, starts, ends, subject_id,"
            " teacher_id) SELECT gen_random_uuid(), s.school_id, s.year, s.class_id, 4, 3, s.starts, s.ends,"
            " s.subject_id, s.teacher_id FROM core.slot s JOIN core.lesson l ON l.slot_id = s.id WHERE l.id = $1",
            lesson,
        )
        # Абрамов stands before Ёлкин in the class list.
        yield ApiSite(site, school_class, (first, site.pupil, *rest), lesson)
