"""Entering and leaving: login and password, the second factor, «Выход» (AUTH-12), the list of one's stays."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from aiohttp import web
from pydantic import Field, StringConstraints

from core.account import sessions
from core.account.entrance import Entered, ShownCode, Tried
from core.account.sessions import Need, SessionLine, Visitor
from core.person import people
from web.account_desk import AccountDesk
from web.cookies import DEVICE, SESSION, drop, keep_device, keep_session
from web.desk import Desk
from web.json_api import Body, JsonApi, device_of, in_json, read, source_of

type Typed = Annotated[str, StringConstraints(min_length=1, max_length=1024)]
"""What a person types into one field."""
ANY = tuple(Need)


class LoginBody(Body):
    """Login and password."""

    login: Typed
    password: Typed = Field(repr=False)


class CodeBody(Body):
    """A code of the second factor, or a recovery code."""

    code: Typed = Field(repr=False)


class PersonBody(Body):
    """As whom to go on."""

    person: Annotated[UUID, Field(strict=False)]


class StayBody(Body):
    """Which stay to end."""

    session: Annotated[UUID, Field(strict=False)]


@dataclass(frozen=True, slots=True)
class LoginApi:
    """The handlers of ``/api/login``, ``/api/logout`` and ``/api/sessions``."""

    desk: Desk
    accounts: AccountDesk
    api: JsonApi

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        self.api.get(app, "/api/login/methods", self._methods)
        self.api.post(app, "/api/login", self._log_in)
        self.api.post(app, "/api/login/second-factor", self._second_factor)
        self.api.post(app, "/api/logout", self._log_out)
        self.api.get(app, "/api/session", self._who)
        self.api.post(app, "/api/session/person", self._act_as)
        self.api.get(app, "/api/sessions", self._list)
        self.api.post(app, "/api/sessions/end", self._end)
        self.api.post(app, "/api/sessions/end-others", self._end_others)

    async def _methods(self, _: web.Request) -> web.Response:
        provider = None if self.accounts.provider is None else {"title": self.accounts.provider_title}
        return in_json({"password": True, "provider": provider})

    async def _log_in(self, request: web.Request) -> web.Response:
        body = await read(request, LoginBody)
        now = self.desk.school_clock.now()
        tried = Tried(body.login, body.password, source_of(request), request.cookies.get(DEVICE), device_of(request))
        entered = await self.accounts.entrance.log_in(tried, now)
        await self.api.leave_before(request)
        return await self._entered(entered)

    async def _second_factor(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request, Need.SECOND_FACTOR)
        body = await read(request, CodeBody)
        now, machine = self.desk.school_clock.now(), self.accounts.machine_clock.now()
        shown = ShownCode(body.code, machine, request.cookies.get(DEVICE))
        return await self._entered(await self.accounts.entrance.show_second_factor(here, shown, now))

    async def _log_out(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request, *ANY)
        async with self.desk.core.begin() as session:
            await sessions.leave(session, here, self.desk.school_clock.now())
        response = in_json({"left": True})
        drop(response, SESSION)
        return response

    async def _who(self, request: web.Request) -> web.Response:
        return in_json(await self._said_of(await self.api.visitor(request, *ANY)))

    async def _act_as(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request)
        body = await read(request, PersonBody)
        async with self.desk.core.begin() as session:
            await sessions.act_as(session, here, body.person, self.desk.school_clock.now())
        return in_json(await self._said_of(await self.api.visitor(request)))

    async def _list(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request)
        async with self.desk.core.begin() as session:
            lines = await sessions.of_account(session, here, self.desk.school_clock.now())
        return in_json({"sessions": [_line(line) for line in lines]})

    async def _end(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request)
        body = await read(request, StayBody)
        async with self.desk.core.begin() as session:
            await sessions.end_one(session, here, body.session, self.desk.school_clock.now())
        return in_json({"ended": 1})

    async def _end_others(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request)
        async with self.desk.core.begin() as session:
            ended = await sessions.end_others(session, here, self.desk.school_clock.now())
        return in_json({"ended": ended})

    async def _entered(self, entered: Entered) -> web.Response:
        now = self.desk.school_clock.now()
        async with self.desk.core.begin() as session:
            here = await sessions.visitor(session, self.accounts.keeper, entered.opened.token, now)
        response = in_json(await self._said_of(here))
        keep_session(response, entered.opened, now)
        if entered.mark is not None:
            keep_device(response, entered.mark)
        return response

    async def _said_of(self, here: Visitor) -> dict[str, Any]:
        """Say who has entered and what is due; whoever still owes the second factor is told nothing else."""
        if here.need is Need.SECOND_FACTOR or here.actor.person is None:
            return {"due": here.need.value}
        async with self.desk.core.begin() as session:
            names = await people.names(session, [here.actor.person])
        return {"due": here.need.value, "person": str(here.actor.person), "name": names[here.actor.person]}


def _line(line: SessionLine) -> dict[str, Any]:
    return {
        "session": str(line.id),
        "device": line.device,
        "method": line.method.value,
        "began_at": line.began_at.isoformat(),
        "seen_at": line.seen_at.isoformat(),
        "this": line.this,
    }
