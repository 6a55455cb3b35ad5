"""A notice behind the link of a letter: shown by GET, answered by POST, and by nothing else.

The token of the link stands for one delivery, and so for one reader. Whoever has lost the right to the child since,
and whoever made a token up, sees the same empty page; whoever has withdrawn his consent is told so, and whom to ask.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID

from aiohttp import web

from core.actor import Act, Actor
from core.events import NoticeAct, NoticeAsk, notice_subject
from core.notice import notices
from core.notice.notices import ACTS, NoticeView
from core.refusals import Conflict, Invalid, NotFound, Refusal
from core.school import schools
from core.school.schools import SchoolCard
from core.school_time import school_date
from gateway import receipts
from gateway.receipts import ReceiptKind, ToldMessage
from web import wording
from web.desk import Desk
from web.pages import Pages

FORM = "application/x-www-form-urlencoded"
LONGEST_HASH = 64
"""Hexadecimal digits of a SHA-256."""
BUTTONS = {
    NoticeAsk.READ: (),
    NoticeAsk.CONFIRM: (NoticeAct.CONFIRMED,),
    NoticeAsk.SIGN: (NoticeAct.SIGNED, NoticeAct.REFUSED),
}
"""What may be pressed, in the order in which it stands on the page."""


class FormError(ValueError):
    """What came is not a form of this page."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A notice opened by its reader."""

    message: ToldMessage
    notice: UUID
    view: NoticeView
    school: SchoolCard

    @property
    def reader(self) -> Actor:
        """The reader, acting through the page."""
        return Actor(via="web", person=self.message.recipient)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What a form says: the button, and the hash of the text that was shown with it."""

    act: NoticeAct
    text_hash: str


class NoticePage:
    """The handlers of ``/n/<token>``."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        app.router.add_get("/n/{token}", self._show)
        app.router.add_post("/n/{token}", self._answer)

    async def _show(self, request: web.Request) -> web.Response:
        now = self._desk.school_clock.now()
        return self._page(await self._open(request, now), now)

    async def _answer(self, request: web.Request) -> web.Response:
        now = self._desk.school_clock.now()
        opened = await self._open(request, now)
        try:
            pressed = await _read_form(request)
        except FormError:
            return self._pages.message("form-broken", HTTPStatus.BAD_REQUEST)
        try:
            await self._carry_out(opened, pressed, now)
        except (Conflict, Invalid) as refusal:
            # What changed meanwhile stands on the page, under the sentence that says so.
            return self._page(await self._open(request, now), now, refusal)
        # Shown again by GET: whoever reloads the page then, answers nothing anew. Relative, for a prefix may be before.
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": request.match_info["token"]})

    async def _open(self, request: web.Request, now: datetime) -> Opened:
        """Find the reader and what he may read now. Raises ``NotFound``, or ``Forbidden`` without his consent."""
        token = request.match_info["token"]
        async with self._desk.gateway.begin() as session:
            message = await receipts.delivery_behind(session, self._desk.links, token)
        notice = None if message is None else _notice_of(message.subject)
        if message is None or notice is None:
            raise NotFound("notice-unknown")
        async with self._desk.core.begin() as session:
            view = await notices.read(session, Actor(via="web", person=message.recipient), notice, now)
            school = await schools.of_id(session, message.school)
        return Opened(message, notice, view, school)

    async def _carry_out(self, opened: Opened, pressed: Pressed, now: datetime) -> None:
        """Answer in the journal, then note that the reader acted; both are repeatable."""
        before = opened.view.answered_at
        delivery = opened.message.delivery
        # The press on what stood then: the same press again is the same act, another one after it is not.
        key = f"web/{delivery}/{pressed.act}/{before.isoformat() if before else 'first'}"
        async with self._desk.core.begin() as session:
            act = Act(opened.reader, now, key)
            new = await notices.answer(session, act, opened.notice, pressed.act, pressed.text_hash)
        async with self._desk.gateway.begin() as session:
            kind, once = ReceiptKind.ACKNOWLEDGED, f"web/{delivery}/{pressed.act}"
            await receipts.note(session, opened.message, kind, pressed.act.value, key=once, at=now)
        self._desk.log.info("web.notice-answered", delivery=str(delivery), act=pressed.act.value, new=new)

    def _page(self, opened: Opened, now: datetime, refusal: Refusal | None = None) -> web.Response:
        view, zone = opened.view, opened.school.zone
        today = school_date(now, zone)
        closed = view.withdrawn or view.too_late(today)
        given = view.own.act if view.own else None
        may = () if closed else tuple(act for act in BUTTONS[view.ask] if act in ACTS[view.ask] and act is not given)
        say = self._desk.texts.format
        return self._pages.page(
            "notice.html",
            HTTPStatus.OK if refusal is None else HTTPStatus.CONFLICT,
            notice=view,
            school=opened.school.name,
            published=wording.day(self._desk.texts, view.published_on, today),
            last_day=wording.day(self._desk.texts, view.reply_by, today) if view.reply_by else None,
            refusal=None if refusal is None else say(f"refusal-{refusal.code}", **refusal.details),
            own=None if view.own is None else wording.answer(self._desk.texts, view.own, zone),
            state="withdrawn" if view.withdrawn else "late" if closed else "open",
            buttons=may,
        )


def _notice_of(subject: str) -> UUID | None:
    """Read the notice of a subject; None if the subject is another."""
    _, _, tail = subject.partition("/")
    try:
        notice = UUID(tail)
    except ValueError:
        return None
    return notice if subject == notice_subject(notice) else None


async def _read_form(request: web.Request) -> Pressed:
    """Read what was pressed. Raises ``FormError``, or aiohttp's own refusal of a form that is too large."""
    if request.content_type != FORM:
        raise FormError
    try:
        form = await request.post()
        act = NoticeAct(str(form.get("act", "")))
    except (ValueError, LookupError) as error:
        raise FormError from error
    text_hash = form.get("text_hash")
    if not isinstance(text_hash, str) or len(text_hash) > LONGEST_HASH:
        raise FormError
    return Pressed(act, text_hash)
