"""Who asks for a page of the roll: by the site's cookie in a browser, or by that of a Mini App."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core.access import Right
from core.account import app_stays
from core.actor import Actor
from core.learning import lesson_rights
from core.refusals import Forbidden
from web.cookies import APP
from web.json_api import JsonApi


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and as whom he may act."""

    name: str
    """Under which a browser keeps what he has not sent yet."""
    actors: tuple[Actor, ...]

    async def for_lesson(self, session: AsyncSession, lesson: UUID, now: datetime) -> Actor:
        """Choose as whom he acts at a lesson: who calls its roll, else the first. Raises ``NotFound``."""
        if len(self.actors) > 1:
            for actor in self.actors:
                facts = await lesson_rights.of_lesson(session, actor, lesson, now)
                if facts.may(Right.ATTENDANCE_RECORD):
                    return actor
        return self.actors[0]


class Visitors(Protocol):
    """Tells who asks."""

    async def caller(self, request: web.Request, now: datetime) -> Caller:
        """Return who asks. Raises ``Forbidden``: nobody, or something else is due first."""


@dataclass(frozen=True, slots=True)
class SiteVisitors:
    """Whoever has entered the site, as the person as whom he goes on there."""

    api: JsonApi

    async def caller(self, request: web.Request, now: datetime) -> Caller:  # noqa: ARG002 - the site's own clock
        """Return who has entered."""
        here = await self.api.visitor(request)
        return Caller(str(here.actor.person), (here.actor,))


@dataclass(frozen=True, slots=True)
class AppVisitors:
    """Whoever has opened the Mini App, as any person of his chat."""

    api: JsonApi

    async def caller(self, request: web.Request, now: datetime) -> Caller:
        """Return whose Mini App it is."""
        token = request.cookies.get(APP)
        if token is None:
            raise Forbidden("session-over")
        async with self.api.desk.core.begin() as session:
            here = await app_stays.visitor(session, self.api.accounts.keeper, token, now)
            actors = await app_stays.actors(session, here)
        return Caller(str(here.actor.account), actors)
