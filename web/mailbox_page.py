"""The page behind the link of a letter that asks whose mailbox this is: shown by GET, answered by POST only.

Its reader holds the mailbox, and may be a stranger to the school: the page names neither who gave it nor a child. A
link that we never sent, that is used, replaced by a newer one or too old leads to one and the same page.
"""

from http import HTTPStatus
from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from core.person import mailboxes
from core.person.mailboxes import Question
from core.refusals import Conflict
from gateway import receipts
from web.desk import Desk
from web.pages import Pages

FORM = "application/x-www-form-urlencoded"
CONFIRM, REFUSE = "confirm", "not-me"


class MailboxPage:
    """The handlers of ``/m/<token>``."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        app.router.add_get("/m/{token}", self._show)
        app.router.add_post("/m/{token}", self._answer)

    async def _show(self, request: web.Request) -> web.Response:
        claim = await self._behind(request.match_info["token"])
        if claim is None:
            return self._over()
        async with self._desk.core.begin() as session:
            asked = await mailboxes.question(session, claim, self._desk.school_clock.now())
        return self._over() if asked is None else self._page(asked)

    async def _answer(self, request: web.Request) -> web.Response:
        if request.content_type != FORM:
            return self._pages.message("form-broken", HTTPStatus.BAD_REQUEST)
        pressed = (await request.post()).get("act")
        if pressed not in (CONFIRM, REFUSE):
            return self._pages.message("form-broken", HTTPStatus.BAD_REQUEST)
        claim = await self._behind(request.match_info["token"])
        if claim is None:
            return self._over()
        confirmed = pressed == CONFIRM
        try:
            async with self._desk.core.begin() as session:
                answer = mailboxes.confirm if confirmed else mailboxes.refuse
                await answer(session, claim, self._desk.school_clock.now())
        except Conflict:
            return self._over()
        self._desk.log.info("web.mailbox", claim=str(claim), confirmed=confirmed)
        return self._pages.message("mailbox-confirmed" if confirmed else "mailbox-refused", HTTPStatus.OK)

    async def _behind(self, token: str) -> UUID | None:
        """Return the question of a link; None for what we never sent, or not to this mailbox."""
        async with self._desk.gateway.begin() as session:
            message = await receipts.delivery_behind(session, self._desk.links, token)
        claim = None if message is None else mailboxes.claim_of(message.subject)
        return claim if message is not None and message.recipient == claim else None

    def _over(self) -> web.Response:
        return self._pages.message("mailbox-link-over", HTTPStatus.GONE)

    def _page(self, asked: Question) -> web.Response:
        until = asked.until.astimezone(ZoneInfo(asked.zone))
        return self._pages.page(
            "mailbox.html",
            HTTPStatus.OK,
            school=asked.school_name,
            mailbox=asked.mailbox,
            day=f"{until:%d.%m.%Y}",
            until=f"{until:%H:%M}",
            confirm=CONFIRM,
            refuse=REFUSE,
        )
