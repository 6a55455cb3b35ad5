"""The page behind the link that tells of an entering: shown by GET, «Это не я» answered by POST only.

A link that we never sent, that is too old or by which somebody has said so already leads to one and the same page.
"""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web
from babel.dates import format_date

from core.account import strange_entries
from core.account.strange_entries import StrangeEntry
from core.refusals import Conflict
from gateway import receipts
from web.desk import Desk
from web.pages import Pages

FORM = "application/x-www-form-urlencoded"
NOT_ME = "not-me"


@dataclass(frozen=True, slots=True)
class NotMePage:
    """The handlers of ``/e/<token>``."""

    desk: Desk
    pages: Pages

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        app.router.add_get("/e/{token}", self._show)
        app.router.add_post("/e/{token}", self._disown)

    async def _show(self, request: web.Request) -> web.Response:
        behind = await self._behind(request.match_info["token"])
        if behind is None:
            return self._over()
        async with self.desk.core.begin() as session:
            asked = await strange_entries.asked(session, *behind, self.desk.school_clock.now())
        return self._over() if asked is None else self._page(asked)

    async def _disown(self, request: web.Request) -> web.Response:
        if request.content_type != FORM or (await request.post()).get("act") != NOT_ME:
            return self.pages.message("form-broken", HTTPStatus.BAD_REQUEST)
        behind = await self._behind(request.match_info["token"])
        if behind is None:
            return self._over()
        try:
            async with self.desk.core.begin() as session:
                await strange_entries.disown(session, *behind, self.desk.school_clock.now())
        except Conflict:
            return self._over()
        self.desk.log.warning("web.entry-disowned", stay=str(behind[0]))
        return self.pages.message("entry-disowned", HTTPStatus.OK)

    async def _behind(self, token: str) -> tuple[UUID, UUID] | None:
        """Return the stay of a link and to whom it was sent; None for what we never sent."""
        async with self.desk.gateway.begin() as session:
            message = await receipts.delivery_behind(session, self.desk.links, token)
        stay = None if message is None else strange_entries.stay_of(message.subject)
        return None if message is None or stay is None else (stay, message.recipient)

    def _over(self) -> web.Response:
        return self.pages.message("strange-entry-over", HTTPStatus.GONE)

    def _page(self, asked: StrangeEntry) -> web.Response:
        at, texts = asked.at.astimezone(ZoneInfo(asked.zone)), self.desk.texts
        return self.pages.page(
            "not_me.html",
            HTTPStatus.OK,
            school=asked.school_name,
            day=format_date(at.date(), "d\N{NO-BREAK SPACE}MMMM", locale=texts.language),
            time=f"{at.hour}:{at.minute:02}",
            browser=asked.browser or texts.format("strange-entry-browser-unknown"),
            act=NOT_ME,
        )
