"""Who asks: a person by the session of his browser, or a program by its key.

A key in ``Authorization`` goes before any cookie. Whoever comes with a cookie may change something only from our own
pages (``web.json_api``); a program has no cookie that another page could use.
"""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from core.account import api_keys
from core.account.api_keys import Scope
from core.actor import Actor
from core.refusals import Forbidden
from web.api.limits import Buckets, Limits
from web.api.problems import UNKNOWN_HERE, ApiError
from web.desk import Desk
from web.json_api import BodyError, JsonApi, demand_own_origin, source_of

SAFE = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks."""

    actor: Actor
    name: str
    """By which buckets and repeats tell him from others."""
    scopes: frozenset[str] | None
    """Of a key; None: a person, who may what he may."""

    def demand_scopes(self, scopes: tuple[Scope, ...]) -> None:
        """Raise ``ApiError`` (403) if a key lacks one of these."""
        missing = [] if self.scopes is None else [scope for scope in scopes if scope not in self.scopes]
        if missing:
            raise ApiError(HTTPStatus.FORBIDDEN, "scope-missing", field=missing[0].value)

    def demand_person(self) -> None:
        """Raise ``ApiError`` (403) if a program asks for what is somebody's own."""
        if self.scopes is not None:
            raise ApiError(HTTPStatus.FORBIDDEN, "person-needed")


@dataclass(frozen=True, slots=True)
class Door:
    """Lets in whoever is known, as often as he may."""

    desk: Desk
    api: JsonApi
    buckets: Buckets
    limits: Limits

    async def asker(self, request: web.Request) -> Asker:
        """Tell who asks. Raises ``Forbidden`` (nobody known), ``ApiError`` (too often, from a foreign page)."""
        try:
            found = await (
                self._by_cookie(request) if "Authorization" not in request.headers else self._by_key(request)
            )
        except Forbidden as refusal:
            if refusal.code in UNKNOWN_HERE:
                self.buckets.take(f"stranger/{source_of(request)}", self.limits.stranger)
            raise
        self.buckets.take(found.name, self.limits.person if found.scopes is None else self.limits.program)
        return found

    async def _by_cookie(self, request: web.Request) -> Asker:
        if request.method not in SAFE:
            self._demand_own_page(request)
        actor = (await self.api.visitor(request)).actor
        return Asker(actor, f"person/{actor.account}/{actor.person}", None)

    def _demand_own_page(self, request: web.Request) -> None:
        try:
            demand_own_origin(request, self.api.accounts.origin)
        except BodyError as foreign:
            raise ApiError(HTTPStatus.FORBIDDEN, foreign.code) from None

    async def _by_key(self, request: web.Request) -> Asker:
        scheme, _, shown = request.headers["Authorization"].partition(" ")
        if scheme.casefold() != "bearer":
            raise Forbidden("api-key-unknown")
        async with self.desk.core.begin() as session:
            bearer = await api_keys.bearer(session, shown.strip(), self.desk.school_clock.now())
        return Asker(bearer.actor, f"key/{bearer.key}", bearer.scopes)
