"""Entering through an identity provider: there and back by the browser's own address line.

The way back is a GET because the protocol has it so (OpenID Connect Core §3.1.2.5); its state is good once, and only
in the browser that was sent away.
"""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from core.account.account_keeper import same
from core.account.identity_provider import Brought, ProviderEntrance
from core.refusals import Conflict, Forbidden, Refusal
from web.cookies import PROVIDER, drop, keep_provider, keep_session
from web.desk import Desk
from web.forms import onward
from web.json_api import JsonApi, device_of, source_of
from web.pages import Pages

BEGIN, BACK, HOME = "/login/provider", "/login/provider/back", "../../home"


@dataclass(frozen=True, slots=True)
class ProviderPage:
    """The handlers of ``/login/provider``."""

    desk: Desk
    provider: ProviderEntrance
    pages: Pages
    api: JsonApi

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        app.router.add_get(BEGIN, self._begin, allow_head=False)
        app.router.add_get(BACK, self._come_back, allow_head=False)

    async def _begin(self, request: web.Request) -> web.Response:
        try:
            address, state = await self.provider.begin(source_of(request), self.desk.school_clock.now())
        except Forbidden as refusal:
            return self._refused(refusal)
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
        keep_provider(response, state)
        return response

    async def _come_back(self, request: web.Request) -> web.Response:
        now = self.desk.school_clock.now()
        try:
            state, code = _brought(request)
            brought = Brought(state, code, request.query.get("iss"), source_of(request), device_of(request))
            opened = await self.provider.come_back(brought, now)
        except Refusal as refusal:
            return self._refused(refusal)
        await self.api.leave_before(request)
        response = onward(HOME)
        keep_session(response, opened, now)
        drop(response, PROVIDER)
        return response

    def _refused(self, refusal: Refusal) -> web.Response:
        say = self.desk.texts.format
        sentence = say(f"refusal-{refusal.code}", **refusal.details)
        title = say("web-not-entered-title")
        response = self.pages.page("message.html", HTTPStatus.FORBIDDEN, title=title, sentence=sentence)
        drop(response, PROVIDER)
        return response


def _brought(request: web.Request) -> tuple[str, str]:
    """Return state and code of a browser that was at the provider. Raises ``Conflict`` if it was not sent by us."""
    state, kept = request.query.get("state", ""), request.cookies.get(PROVIDER, "")
    if not kept or not same(state, kept):
        raise Conflict("provider-login-over")
    return state, request.query.get("code", "")
