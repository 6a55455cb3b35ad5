"""The page of one's own account: who has entered, what he is sent, where else he is, and «Выход» (AUTH-12)."""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web
from babel.dates import format_date

from core.account import own_account, sessions
from core.account.sessions import Need, SessionLine
from core.person import people
from core.refusals import NotFound, Refusal
from web.cookies import SESSION, drop
from web.devices import device_name
from web.entry_desk import HOME, LOGIN, EntryDesk
from web.forms import SAYS_WHENCE, FormError, onward
from web.json_api import status_of
from web.switches_section import TURN, SwitchesSection


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in words."""

    id: UUID
    device: str
    when: str
    this: bool


@dataclass(frozen=True, slots=True)
class HomePage:
    """The handlers of ``/home`` and of what is pressed there."""

    entry: EntryDesk

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        self.entry.get(app, HOME, self._show)
        SwitchesSection(self.entry).add_to(app)
        self.entry.post(app, "act-as", self._act_as)
        self.entry.post(app, "end-stay", self._end)
        self.entry.post(app, "end-other-stays", self._end_others)
        self.entry.post(app, "logout", self._log_out)

    async def _show(self, request: web.Request) -> web.Response:
        return await self._page(request)

    async def _act_as(self, request: web.Request) -> web.Response:
        here = await self.entry.here(request, Need.NOTHING)
        person = _id(*await self.entry.filled_in(request, "person"))
        try:
            async with self.entry.desk.core.begin() as session:
                await sessions.act_as(session, here, person, self.entry.now())
        except Refusal as refusal:
            return await self._page(request, refusal)
        return onward(HOME)

    async def _end(self, request: web.Request) -> web.Response:
        here = await self.entry.here(request, Need.NOTHING)
        stay = _id(*await self.entry.filled_in(request, "stay"))
        try:
            async with self.entry.desk.core.begin() as session:
                await sessions.end_one(session, here, stay, self.entry.now())
        except NotFound as refusal:
            return await self._page(request, refusal)
        return onward(HOME)

    async def _end_others(self, request: web.Request) -> web.Response:
        here = await self.entry.here(request, Need.NOTHING)
        await self.entry.filled_in(request)
        async with self.entry.desk.core.begin() as session:
            await sessions.end_others(session, here, self.entry.now())
        return onward(HOME)

    async def _log_out(self, request: web.Request) -> web.Response:
        here = await self.entry.here(request, *Need)
        await self.entry.filled_in(request)
        async with self.entry.desk.core.begin() as session:
            await sessions.leave(session, here, self.entry.now())
        response = onward(LOGIN)
        drop(response, SESSION)
        return response

    async def _page(self, request: web.Request, refusal: Refusal | None = None) -> web.Response:
        here, now = await self.entry.here(request, Need.NOTHING), self.entry.now()
        async with self.entry.desk.core.begin() as session:
            own = await own_account.read(session, here, now)
            person = here.actor.person
            works = person is not None and await people.is_staff(session, person, now)
        response = self.entry.pages.page(
            "home.html",
            HTTPStatus.OK if refusal is None else status_of(refusal),
            own=own,
            switches=await SwitchesSection(self.entry).lines(here),
            turn=TURN,
            calls_rolls=works,
            stays=[self._stay(line, ZoneInfo(own.zone)) for line in own.stays],
            refusal=None if refusal is None else self.entry.pages.sentence(refusal),
        )
        response.headers.update(SAYS_WHENCE)
        return response

    def _stay(self, line: SessionLine, zone: ZoneInfo) -> Stay:
        texts = self.entry.desk.texts
        words = {
            "began": self._moment(line.began_at, zone),
            "seen": self._moment(line.seen_at, zone),
            "provider": self.entry.accounts.provider_title,
        }
        when = texts.format(f"web-stay-{line.proof}", **words)
        return Stay(line.id, device_name(texts, line.device), when, line.this)

    def _moment(self, at: datetime, zone: ZoneInfo) -> str:
        local = at.astimezone(zone)
        day = format_date(local.date(), "d\N{NO-BREAK SPACE}MMMM", locale=self.entry.desk.texts.language)
        return self.entry.say("web-moment", day=day, time=f"{local.hour}:{local.minute:02}")


def _id(written: str) -> UUID:
    """Read what our own page wrote into its form. Raises ``FormError``."""
    try:
        return UUID(written)
    except ValueError:
        raise FormError from None
