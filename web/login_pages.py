"""The pages by which people enter: login and password, the second step, a new password (AUTH-05, AUTH-16).

What they refuse, and how long that takes, is what the JSON API refuses: both ask the same commands of core.
"""

from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from core.account.accounts import plain_code
from core.account.entrance import ShownCode, Tried
from core.account.entry_codes import TypedCode
from core.account.password_strength import ALONE
from core.account.passwords import AskedReset
from core.account.sessions import Need
from core.refusals import Forbidden, Invalid
from web.cookies import DEVICE
from web.entry_desk import HOME, LOGIN, EntryDesk
from web.forms import Asking, ElsewhereError, FormField, Way, onward
from web.json_api import device_of, source_of

SECOND_FACTOR, NEW_PASSWORD, FORGOTTEN, CODE = "second-factor", "new-password", "forgotten", "login-code"


@dataclass(frozen=True, slots=True)
class LoginPages:
    """The handlers of ``/login``, ``/second-factor``, ``/new-password``, ``/forgotten`` and ``/login-code``."""

    entry: EntryDesk

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        for address, show, take in (
            (LOGIN, self._show_login, self._log_in),
            (SECOND_FACTOR, self._show_second_factor, self._second_factor),
            (NEW_PASSWORD, self._show_new_password, self._new_password),
            (FORGOTTEN, self._show_forgotten, self._forgotten),
            (CODE, self._show_code, self._enter_by_code),
        ):
            self.entry.get(app, address, show)
            self.entry.post(app, address, take)

    async def _show_login(self, request: web.Request) -> web.Response:
        """Ask for login and password, unless whoever comes has entered: then lead him on."""
        try:
            await self.entry.here(request)
        except ElsewhereError as other:
            if other.address != LOGIN:
                raise
        return self.entry.asked(self._login())

    async def _log_in(self, request: web.Request) -> web.Response:
        login, password = await self.entry.filled_in(request, "login", "password")
        tried = Tried(login, password, source_of(request), request.cookies.get(DEVICE), device_of(request))
        try:
            entered = await self.entry.accounts.entrance.log_in(tried, self.entry.now())
        except Forbidden as refusal:
            return self.entry.asked(self._login(login), refusal)
        await self.entry.api.leave_before(request)
        return await self.entry.entered(entered)

    def _login(self, typed: str = "") -> Asking:
        say, accounts = self.entry.say, self.entry.accounts
        return Asking(
            title=say("web-login-title"),
            fields=(
                FormField("login", say("web-login-login"), complete="username", value=typed),
                FormField("password", say("web-login-password"), "password", "current-password"),
            ),
            button=say("web-login-button"),
            ways=(Way(FORGOTTEN, say("web-login-forgotten")), Way(CODE, say("web-login-code"))),
            provider=None if accounts.provider is None else accounts.provider_title,
        )

    async def _show_second_factor(self, request: web.Request) -> web.Response:
        await self.entry.here(request, Need.SECOND_FACTOR)
        return self.entry.asked(self._second())

    async def _second_factor(self, request: web.Request) -> web.Response:
        here = await self.entry.here(request, Need.SECOND_FACTOR)
        (code,) = await self.entry.filled_in(request, "code")
        shown = ShownCode(code, self.entry.accounts.machine_clock.now(), request.cookies.get(DEVICE))
        try:
            entered = await self.entry.accounts.entrance.show_second_factor(here, shown, self.entry.now())
        except Forbidden as refusal:
            return self.entry.asked(self._second(), refusal)
        return await self.entry.entered(entered)

    def _second(self) -> Asking:
        say = self.entry.say
        return Asking(
            title=say("web-second-factor-title"),
            fields=(FormField("code", say("web-second-factor-code"), complete="one-time-code"),),
            button=say("web-login-button"),
            about=(say("web-second-factor-about"),),
        )

    async def _show_new_password(self, request: web.Request) -> web.Response:
        here = await self.entry.here(request, Need.NOTHING, Need.NEW_PASSWORD)
        return self.entry.asked(self._password(here.need))

    async def _new_password(self, request: web.Request) -> web.Response:
        here = await self.entry.here(request, Need.NOTHING, Need.NEW_PASSWORD)
        old, new = await self.entry.filled_in(request, "old", "new")
        try:
            await self.entry.accounts.passwords.change(here, old, new, self.entry.now())
        except (Forbidden, Invalid) as refusal:
            return self.entry.asked(self._password(here.need), refusal)
        return onward(HOME)

    def _password(self, need: Need) -> Asking:
        say, first = self.entry.say, need is Need.NEW_PASSWORD
        return Asking(
            title=say("web-first-password-title" if first else "web-new-password-title"),
            fields=(
                FormField(
                    "old", say("web-password-issued" if first else "web-password-old"), "password", "current-password"
                ),
                FormField("new", say("web-password-new"), "password", "new-password"),
            ),
            button=say("web-password-save"),
            about=(
                say("web-first-password-about" if first else "web-new-password-about"),
                say("web-password-advice", least=ALONE),
            ),
            ways=() if first else (Way(HOME, say("web-back-home")),),
        )

    async def _show_forgotten(self, _: web.Request) -> web.Response:
        return self.entry.asked(self._asks_login())

    async def _forgotten(self, request: web.Request) -> web.Response:
        """Answer everybody alike, and after the same time."""
        (login,) = await self.entry.filled_in(request, "login")
        accounts, reset = self.entry.accounts, AskedReset(login, source_of(request), request.cookies.get(DEVICE))
        try:
            await accounts.at_one_pace(accounts.passwords.ask_reset(reset, self.entry.now()))
        except Forbidden as refusal:
            return self.entry.asked(self._asks_login(login), refusal)
        title, sentence = self.entry.say("web-link-asked-title"), self.entry.say("password-link-asked")
        return self.entry.pages.page("message.html", HTTPStatus.ACCEPTED, title=title, sentence=sentence)

    def _asks_login(self, typed: str = "") -> Asking:
        say = self.entry.say
        return Asking(
            title=say("web-forgotten-title"),
            fields=(FormField("login", say("web-login-login"), complete="username", value=typed),),
            button=say("web-forgotten-button"),
            about=(say("web-forgotten-about"),),
            ways=(Way(LOGIN, say("web-back-login")),),
        )

    async def _show_code(self, _: web.Request) -> web.Response:
        return self.entry.asked(self._asks_code())

    async def _enter_by_code(self, request: web.Request) -> web.Response:
        (code,) = await self.entry.filled_in(request, "code")
        typed = TypedCode(plain_code(code), source_of(request), device_of(request))
        try:
            entered = await self.entry.accounts.codes.enter(typed, self.entry.now())
        except Forbidden as refusal:
            return self.entry.asked(self._asks_code(), refusal)
        await self.entry.api.leave_before(request)
        return await self.entry.entered(entered)

    def _asks_code(self) -> Asking:
        say = self.entry.say
        return Asking(
            title=say("web-login-code-title"),
            fields=(FormField("code", say("web-login-code-field"), complete="one-time-code"),),
            button=say("web-login-button"),
            about=(say("web-login-code-about"),),
            ways=(Way(LOGIN, say("web-back-login")),),
        )
