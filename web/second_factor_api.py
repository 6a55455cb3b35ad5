"""The second factor of one's own: set up, put in force, taken off."""

from dataclasses import dataclass
from uuid import uuid4

from aiohttp import web
from pydantic import Field

from core.account import second_factor, sessions
from core.account.entrance import ShownCode
from core.actor import Act, Actor
from core.refusals import Forbidden
from web.account_desk import AccountDesk
from web.cookies import DEVICE, keep_session
from web.desk import Desk
from web.json_api import Body, JsonApi, in_json, read
from web.login_api import CodeBody, Typed


class PasswordBody(Body):
    """The password once more: whoever found a stay left open must not lock its owner out."""

    password: Typed = Field(repr=False)


@dataclass(frozen=True, slots=True)
class SecondFactorApi:
    """The handlers of ``/api/second-factor``."""

    desk: Desk
    accounts: AccountDesk
    api: JsonApi

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        self.api.post(app, "/api/second-factor", self._begin)
        self.api.post(app, "/api/second-factor/confirm", self._confirm)
        self.api.post(app, "/api/second-factor/off", self._off)

    async def _begin(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request)
        body = await read(request, PasswordBody)
        await self.accounts.passwords.prove(here, body.password, self.desk.school_clock.now())
        async with self.desk.core.begin() as session:
            begun = await second_factor.begin(session, self._act(here.actor), self.accounts.keeper)
        return in_json({"secret": begun.secret, "uri": begun.uri})

    async def _confirm(self, request: web.Request) -> web.Response:
        """Put it in force; this stay has shown it, every other one is asked."""
        here = await self.api.visitor(request)
        body = await read(request, CodeBody)
        now, machine = self.desk.school_clock.now(), self.accounts.machine_clock.now()
        async with self.desk.core.begin() as session:
            keeper = self.accounts.keeper
            codes = await second_factor.confirm(session, self._act(here.actor), keeper, body.code, machine)
            opened = await sessions.rotate(session, keeper, here.session, now)
        response = in_json({"recovery_codes": codes})
        keep_session(response, opened, now)
        return response

    async def _off(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request)
        body = await read(request, CodeBody)
        account = here.actor.account
        if account is None:
            raise Forbidden("session-over")
        now, machine = self.desk.school_clock.now(), self.accounts.machine_clock.now()
        await self.accounts.entrance.accept_code(here, ShownCode(body.code, machine, request.cookies.get(DEVICE)), now)
        async with self.desk.core.begin() as session:
            await second_factor.take_off(session, self._act(here.actor), account)
        return in_json({"off": True})

    def _act(self, actor: Actor) -> Act:
        return Act(actor, self.desk.school_clock.now(), f"web/{uuid4()}")
