"""An absence behind the link of a letter: shown by GET, answered by POST, and by nothing else.

It offers the answers that a chat offers under the same message, and gives them to the journal in the same way. Whoever
has lost the right to the child since, and whoever made a token up, sees the same empty page; whoever has withdrawn his
consent is told so, and whom to ask.
"""

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act, Actor
from core.events import ProposedReason
from core.learning import attendance, own_absences
from core.learning.attendance_day import DayKey
from core.learning.own_absences import OwnDay
from core.refusals import Conflict, Forbidden, Refusal
from gateway import asked_absence, receipts
from gateway.asked_absence import AskedAbsence
from gateway.receipts import ReceiptKind
from gateway.wording.absence import VERB_OK
from web.desk import Desk
from web.pages import Pages

FORM = "application/x-www-form-urlencoded"

type Pressed = ProposedReason | None
"""A reason; None is «Понятно», which gives none."""


class FormError(ValueError):
    """What came is not a form of this page."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An absence opened by its reader."""

    asked: AskedAbsence
    own: OwnDay

    @property
    def reader(self) -> Actor:
        """The reader, acting through the page."""
        return Actor(via="web", person=self.asked.message.recipient)

    @property
    def day(self) -> DayKey:
        """The day that he answers for."""
        return DayKey(self.asked.message.pupil, self.asked.message.day)


class AbsencePage:
    """The handlers of ``/a/<token>``."""

    def __init__(self, desk: Desk, pages: Pages) -> None:
        self._desk = desk
        self._pages = pages

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        app.router.add_get("/a/{token}", self._show)
        app.router.add_post("/a/{token}", self._answer)

    async def _show(self, request: web.Request) -> web.Response:
        return self._page(await self._open(request, self._desk.school_clock.now()))

    async def _answer(self, request: web.Request) -> web.Response:
        now = self._desk.school_clock.now()
        opened = await self._open(request, now)
        try:
            pressed = await _read_form(request)
        except FormError:
            return self._pages.message("form-broken", HTTPStatus.BAD_REQUEST)
        try:
            await self._carry_out(opened, pressed, now)
        except Conflict as refusal:
            # What changed meanwhile stands on the page, under the sentence that says so.
            return self._page(await self._open(request, now), refusal)
        # Shown again by GET: whoever reloads the page then, answers nothing anew. Relative, for a prefix may be before.
        return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": request.match_info["token"]})

    async def _open(self, request: web.Request, now: datetime) -> Opened:
        """Find the reader and the day as he may see it now.

        Raises aiohttp's own refusal of a page that is not there, or ``Forbidden`` without his consent.
        """
        token = request.match_info["token"]
        async with self._desk.gateway.begin() as session:
            asked = await asked_absence.behind(session, self._desk.links, token)
        if asked is None:
            raise web.HTTPNotFound
        message = asked.message
        reader, day = Actor(via="web", person=message.recipient), DayKey(message.pupil, message.day)
        async with self._desk.core.begin() as session:
            return Opened(asked, await _own_day(session, reader, day, now))

    async def _carry_out(self, opened: Opened, pressed: Pressed, now: datetime) -> None:
        """Answer in the journal, then note that the reader acted; both are repeatable."""
        if pressed is None:
            kind, once = ReceiptKind.ACKNOWLEDGED, VERB_OK
        else:
            kind, once = ReceiptKind.EXPLAINED, await self._explain(opened, pressed, now)
        message = opened.asked.message
        key, detail = f"web/{message.delivery}/{once}", None if pressed is None else pressed.value
        async with self._desk.gateway.begin() as session:
            new = await receipts.note(session, message, kind, detail, key=key, at=now)
        self._desk.log.info("web.absence-answered", delivery=str(message.delivery), act=detail or VERB_OK, new=new)

    async def _explain(self, opened: Opened, reason: ProposedReason, now: datetime) -> str:
        """Give the journal the answer; return what names it: the same press again names the same answer."""
        # The press on the day as it stood then: the same press again is the same act, one on what came later is not.
        key = f"web/{opened.asked.message.delivery}/{reason}/{opened.own.version}"
        async with self._desk.core.begin() as session:
            await attendance.answer(session, Act(opened.reader, now, key), opened.day, reason)
            given = (await own_absences.read(session, opened.reader, opened.day, now)).answer
        return f"{reason}/{(given.at if given else now).isoformat()}"

    def _page(self, opened: Opened, refusal: Refusal | None = None) -> web.Response:
        own, say = opened.own, self._desk.texts.format
        words = opened.asked.words(self._desk.texts, own.state)
        keys = () if own.closed else words.keys
        reason = None if own.answer is None else own.answer.reason
        lost = reason in (None, ProposedReason.UNAWARE)
        return self._pages.page(
            "absence.html",
            HTTPStatus.OK if refusal is None else HTTPStatus.CONFLICT,
            school=opened.asked.school.name,
            words=words,
            refusal=None if refusal is None else say(f"refusal-{refusal.code}", **refusal.details),
            answered=reason is not None or opened.asked.acknowledged,
            reason=reason,
            call=lost and any(key.verb == ProposedReason.UNAWARE for row in keys for key in row),
            closed=own.closed,
            keys=keys,
        )


async def _own_day(session: AsyncSession, reader: Actor, day: DayKey, now: datetime) -> OwnDay:
    try:
        return await own_absences.read(session, reader, day, now)
    except Forbidden as refusal:
        if refusal.code == "child-not-yours":
            # Not even that the link once was good.
            raise web.HTTPNotFound from refusal
        raise


async def _read_form(request: web.Request) -> Pressed:
    """Read what was pressed. Raises ``FormError``, or aiohttp's own refusal of a form that is too large."""
    if request.content_type != FORM:
        raise FormError
    try:
        verb = str((await request.post()).get("act", ""))
        return None if verb == VERB_OK else ProposedReason(verb)
    except (ValueError, LookupError) as error:
        raise FormError from error
