"""What an address is: declared once, so that it is served, described in OpenAPI and shown to people alike."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession

from core.account.api_keys import Scope
from core.account.repeats import Request
from core.actor import Act, Actor
from web.api.asking import Asker
from web.api.cursors import Cursors
from web.api.versions import changed_since, demand_match
from web.api.wire_types import Params, Shown

PLACE = re.compile(r"\{(\w+)\}")


class Wish(Enum):
    """Whether something must come with a request."""

    NONE = "none"
    WELCOME = "welcome"
    NEEDED = "needed"


@dataclass(frozen=True, slots=True)
class Doing:
    """The act that a request causes."""

    act: Act
    repeated: bool
    """It was done before, by the same request."""


@dataclass(frozen=True, slots=True)
class Call[P: Params, B]:
    """A request that has been read: everything that a handler works with. One transaction holds all of it."""

    session: AsyncSession
    asker: Asker
    params: P
    body: B
    now: datetime
    match: str | None
    """``If-Match``."""
    request: Request | None
    """As repeats know it; None: without ``Idempotency-Key``."""
    cursors: Cursors

    @property
    def actor(self) -> Actor:
        """Whoever acts."""
        return self.asker.actor

    async def doing(self) -> Doing:
        """Return the act that this causes. Raises ``Invalid`` for the key of another request."""
        if self.request is None:
            return Doing(Act(self.actor, self.now, f"api/{self.asker.name}/{uuid4()}"), repeated=False)
        repeated = await self.request.is_repeat(self.session, self.now)
        return Doing(Act(self.actor, self.now, self.request.act_key), repeated)

    def demand_match(self, doing: Doing, shown: Shown) -> None:
        """Raise ``ApiError`` unless the change was made from what stands now; what was done already, is not undone."""
        if not doing.repeated:
            demand_match(self.match, shown)

    def demand_next(self, doing: Doing, before: int, after: int) -> None:
        """Raise ``ApiError`` (412) if somebody was faster between what was read and what was written."""
        if not doing.repeated and after != before + 1:
            raise changed_since()

    def forget(self) -> None:
        """Let what is read next be read anew, as the command has left it."""
        self.session.expire_all()


@dataclass(frozen=True, slots=True)
class Made:
    """Something new, and where it is from now on."""

    shown: Shown
    location: str
    """From the address that was asked: a prefix may stand before all of ours."""


type Handle[P: Params, B] = Callable[[Call[P, B]], Awaitable[Shown | Made | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation[P: Params, B]:
    """One method of one address."""

    name: str
    """Its words are the texts ``http-op-<name>``."""
    method: str
    path: str
    handle: Handle[P, B]
    params: type[P]
    body: type[BaseModel] | None = None
    """What ``B`` is; None: nothing comes."""
    answer: type[Shown] | None = None
    """None: there is nothing to show."""
    status: HTTPStatus = HTTPStatus.OK
    scopes: tuple[Scope, ...] = ()
    persons_only: bool = False
    match: Wish = Wish.NONE
    key: Wish = Wish.NONE
    refusals: tuple[HTTPStatus, ...] = ()
    """Besides those that every address of its kind has."""

    @property
    def places(self) -> tuple[str, ...]:
        """Names of parameters that stand in the path."""
        return tuple(PLACE.findall(self.path))

    @property
    def refused_with(self) -> tuple[HTTPStatus, ...]:
        """Statuses of all refusals, in order."""
        found = {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.TOO_MANY_REQUESTS,
            HTTPStatus.SERVICE_UNAVAILABLE,
            *self.refusals,
        }
        if self.places:
            found.add(HTTPStatus.NOT_FOUND)
        if self.body is not None:
            found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
        if self.key is not Wish.NONE or self.body is not None:
            found.add(HTTPStatus.UNPROCESSABLE_ENTITY)
        if self.match is not Wish.NONE:
            found.add(HTTPStatus.PRECONDITION_FAILED)
        if self.match is Wish.NEEDED:
            found.add(HTTPStatus.PRECONDITION_REQUIRED)
        return tuple(sorted(found))


type AnyOperation = Operation[Any, Any]
