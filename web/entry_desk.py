"""What the pages of whoever enters share: who asks, what is due of him, and how a form that is none is answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from core.account import sessions
from core.account.entrance import Entered
from core.account.sessions import Need, Visitor
from core.refusals import Forbidden, Refusal
from web.account_desk import AccountDesk
from web.cookies import keep_device, keep_session
from web.desk import Desk
from web.forms import Asking, ElsewhereError, FormError, asked, form_of, lines_of, onward
from web.json_api import JsonApi
from web.pages import Pages

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

LOGIN, HOME = "login", "home"
NEXT = {Need.NOTHING: HOME, Need.SECOND_FACTOR: "second-factor", Need.NEW_PASSWORD: "new-password"}


@dataclass(frozen=True, slots=True)
class EntryDesk:
    """The desk of whoever enters by pages."""

    desk: Desk
    accounts: AccountDesk
    pages: Pages
    api: JsonApi

    def get(self, app: web.Application, address: str, answer: Answer) -> None:
        """Answer GET and HEAD, which change nothing."""
        app.router.add_get(f"/{address}", self._led(answer))

    def post(self, app: web.Application, address: str, answer: Answer) -> None:
        """Answer POST."""
        app.router.add_post(f"/{address}", self._led(answer))

    def now(self) -> datetime:
        """Return the moment by the school's clock."""
        return self.desk.school_clock.now()

    def say(self, name: str, **details: str | int) -> str:
        """Return a text."""
        return self.desk.texts.format(name, **details)

    def asked(self, asking: Asking, refusal: Refusal | None = None) -> web.Response:
        """Return the page that asks, under the sentence of what was refused."""
        return asked(self.pages, asking, refusal)

    async def filled_in(self, request: web.Request, *names: str) -> tuple[str, ...]:
        """Read fields of a form of our own page. Raises ``FormError``."""
        return lines_of(await form_of(request, self.accounts.origin), *names)

    async def here(self, request: web.Request, *needs: Need) -> Visitor:
        """Return who asks if one of these is due of him. Raises ``ElsewhereError``: to where something else is."""
        try:
            found = await self.api.visitor(request, *Need)
        except Forbidden:
            raise ElsewhereError(LOGIN) from None
        if found.need not in needs:
            raise ElsewhereError(NEXT[found.need])
        return found

    async def entered(self, entered: Entered, from_below: str = "") -> web.Response:
        """Let the browser keep the stay that has begun, and lead it to what is due; ``from_below`` leads up to us."""
        now = self.now()
        async with self.desk.core.begin() as session:
            found = await sessions.visitor(session, self.accounts.keeper, entered.opened.token, now)
        response = onward(f"{from_below}{NEXT[found.need]}")
        keep_session(response, entered.opened, now)
        if entered.mark is not None:
            keep_device(response, entered.mark)
        return response

    def _led(self, answer: Answer) -> Answer:
        async def answered(request: web.Request) -> web.StreamResponse:
            try:
                return await answer(request)
            except FormError as broken:
                return self.pages.message(broken.name, HTTPStatus.BAD_REQUEST)
            except ElsewhereError as other:
                return onward(other.address)

        return answered
