"""The page behind the link of unsubscribing: shown by GET, obeyed by POST, and by nothing else (RFC 8058).

A mail program posts ``List-Unsubscribe=One-Click`` without cookies and follows no redirect; a person presses a button
of the page. Who opens it is told nothing of himself or of a child. A token made up, or of a mailbox that is another
now, leads to the same empty page. Robots that look into letters open links and post no forms: they change nothing.
"""

from datetime import datetime
from http import HTTPStatus
from typing import Literal, assert_never

from aiohttp import web

from gateway import subscriptions, unsubscribing
from gateway.unsubscribing import CHANNEL, Subscriber
from web.desk import Desk
from web.pages import Pages

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""As mail programs post (RFC 8058 §3.2)."""
ONE_CLICK = ("List-Unsubscribe", "One-Click")
LEAVE, COME_BACK = "leave", "back"
RETURNED = "returned"
"""In the address of the page to which coming back leads: it says what was done, and does nothing."""

type Pressed = Literal["one-click", "leave", "back"]


class UnsubscribePage:
    """The handlers of ``/u/<token>``."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        app.router.add_get("/u/{token}", self._show)
        app.router.add_post("/u/{token}", self._obey)

    async def _show(self, request: web.Request) -> web.Response:
        opened = await self._open(request)
        return self._page(opened, back=RETURNED in request.query and not opened.left)

    async def _obey(self, request: web.Request) -> web.Response:
        opened = await self._open(request)
        pressed = await _pressed(request)
        if pressed is None:
            return self._pages.message("form-broken", HTTPStatus.BAD_REQUEST)
        await self._carry_out(opened, pressed, self._desk.school_clock.now())
        if pressed == "one-click":
            return self._pages.message("unsubscribed", HTTPStatus.OK)
        # Shown again by GET, so that reloading the page repeats nothing. Relative, for a prefix may be before.
        query = f"?{RETURNED}" if pressed == "back" else ""
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": request.match_info["token"] + query})

    async def _open(self, request: web.Request) -> Subscriber:
        """Find whose page it is. Raises aiohttp's own refusal of a page that is not there."""
        async with self._desk.gateway.begin() as session:
            found = await unsubscribing.behind(session, self._desk.links, request.match_info["token"])
        if found is None:
            raise web.HTTPNotFound
        return found

    async def _carry_out(self, opened: Subscriber, pressed: Pressed, now: datetime) -> None:
        """Do as he says; doing it again changes nothing."""
        async with self._desk.gateway.begin() as session:
            match pressed:
                case "one-click" | "leave":
                    via = "letter" if pressed == "one-click" else "page"
                    new = await subscriptions.unsubscribe(session, opened.recipient, CHANNEL, via=via, at=now)
                case "back":
                    new = await subscriptions.resubscribe(session, opened.recipient, CHANNEL, at=now)
                case _:
                    assert_never(pressed)
        self._desk.log.info("web.unsubscribe", recipient=str(opened.recipient), pressed=pressed, new=new)

    def _page(self, opened: Subscriber, *, back: bool) -> web.Response:
        return self._pages.page(
            "unsubscribe.html",
            HTTPStatus.OK,
            school=opened.school_name,
            left=opened.left,
            returned=back,
            others=bool(opened.others),
            leave=LEAVE,
            back=COME_BACK,
        )


async def _pressed(request: web.Request) -> Pressed | None:
    """Read what was pressed; None for what is no form of ours. Raises aiohttp's own refusal of one too large."""
    if request.content_type not in FORMS:
        return None
    try:
        form = await request.post()
    except ValueError:
        return None
    field, value = ONE_CLICK
    if form.get(field) == value:
        return "one-click"
    act = form.get("act")
    return "leave" if act == LEAVE else "back" if act == COME_BACK else None
