"""Passwords of one's own: changed, asked for anew, and set by the link of a letter, which also enters (AUTH-16)."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from aiohttp import web
from pydantic import Field

from core.account.entrance import Link
from core.account.password_links import reset_of
from core.account.password_strength import ALONE
from core.account.passwords import AskedReset
from core.account.sessions import Need
from core.refusals import Conflict, Forbidden, Invalid, Refusal
from gateway import receipts
from web.account_desk import AccountDesk
from web.cookies import DEVICE
from web.desk import Desk
from web.entry_desk import EntryDesk
from web.forms import SAYS_WHENCE, FormField, form_of, lines_of
from web.json_api import Body, JsonApi, device_of, in_json, read, source_of, status_of
from web.login_api import Typed
from web.pages import Pages

ENTER = "enter"


class ChangeBody(Body):
    """The old password and the new one."""

    old: Typed = Field(repr=False)
    new: Typed = Field(repr=False)


class ForgottenBody(Body):
    """Whose password was forgotten."""

    login: Typed


class NewBody(Body):
    """A new password by the token of a link."""

    token: Typed = Field(repr=False)
    new: Typed = Field(repr=False)


@dataclass(frozen=True, slots=True)
class PasswordApi:
    """The handlers of ``/api/password`` and of the page ``/p/<token>``."""

    desk: Desk
    accounts: AccountDesk
    api: JsonApi
    pages: Pages
    entry: EntryDesk

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        self.api.post(app, "/api/password", self._change)
        self.api.post(app, "/api/password/forgotten", self._forgotten)
        self.api.post(app, "/api/password/new", self._new)
        self.entry.get(app, "p/{token}", self._show)
        self.entry.post(app, "p/{token}", self._take)

    async def _change(self, request: web.Request) -> web.Response:
        here = await self.api.visitor(request, Need.NOTHING, Need.NEW_PASSWORD)
        body = await read(request, ChangeBody)
        await self.accounts.passwords.change(here, body.old, body.new, self.desk.school_clock.now())
        return in_json({"changed": True})

    async def _forgotten(self, request: web.Request) -> web.Response:
        """Answer everybody alike, and after the same time."""
        body = await read(request, ForgottenBody)
        asked = AskedReset(body.login, source_of(request), request.cookies.get(DEVICE))
        await self.accounts.at_one_pace(self.accounts.passwords.ask_reset(asked, self.desk.school_clock.now()))
        return in_json({"message": self.desk.texts.format("password-link-asked")}, status=HTTPStatus.ACCEPTED)

    async def _new(self, request: web.Request) -> web.Response:
        body = await read(request, NewBody)
        await self._reset(body.token, body.new, source_of(request))
        return in_json({"changed": True})

    async def _show(self, request: web.Request) -> web.Response:
        try:
            reset, reader = await self._behind(request.match_info["token"])
        except Conflict:
            return self._over()
        good = await self.accounts.passwords.still_good(reset, reader, self.desk.school_clock.now())
        return self._form(None) if good else self._over()

    async def _take(self, request: web.Request) -> web.Response:
        """Enter, or set a new password, whichever was pressed."""
        form = await form_of(request, self.accounts.origin)
        try:
            if form.get("act") == ENTER:
                return await self._enter(request)
            (new,) = lines_of(form, "new")
            await self._reset(request.match_info["token"], new, source_of(request))
        except Invalid as refusal:
            return self._form(refusal)
        except Conflict:
            return self._over()
        return self.pages.message("password-set", HTTPStatus.OK)

    async def _enter(self, request: web.Request) -> web.Response:
        """Begin a stay. Raises ``Conflict``; a refusal to this person stands on a page of its own."""
        reset, reader = await self._behind(request.match_info["token"])
        link = Link(reset, reader, source_of(request), device_of(request))
        try:
            entered = await self.accounts.entrance.enter_by_link(link, self.desk.school_clock.now())
        except Forbidden as refusal:
            return self.pages.refused(refusal, HTTPStatus.FORBIDDEN)
        await self.api.leave_before(request)
        return await self.entry.entered(entered, from_below="../")

    def _over(self) -> web.Response:
        return self.pages.message("password-link-over", HTTPStatus.GONE)

    async def _reset(self, token: str, new: str, source: str) -> None:
        reset, reader = await self._behind(token)
        await self.accounts.passwords.reset(reset, reader, new, source, self.desk.school_clock.now())

    async def _behind(self, token: str) -> tuple[UUID, UUID]:
        """Return the reset of a link, and to whom it was sent. Raises ``Conflict`` for what we never sent."""
        async with self.desk.gateway.begin() as session:
            message = await receipts.delivery_behind(session, self.desk.links, token)
        reset = None if message is None else reset_of(message.subject)
        if message is None or reset is None:
            raise Conflict("password-link-over")
        return reset, message.recipient

    def _form(self, refusal: Refusal | None) -> web.Response:
        new = FormField("new", self.desk.texts.format("web-password-new"), "password", "new-password")
        words = None if refusal is None else self.pages.sentence(refusal)
        status = HTTPStatus.OK if refusal is None else status_of(refusal)
        response = self.pages.page("link.html", status, new=new, least=ALONE, refusal=words, enter=ENTER)
        response.headers.update(SAYS_WHENCE)
        return response
