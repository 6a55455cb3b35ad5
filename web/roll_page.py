"""The roll call as a page: shown by GET, called by a form without a script, tapped with one (ATT-01).

The same pages stand at two places: ``/roll`` for whoever has entered the site, ``/app/roll`` for a Mini App. Who may do
what is asked of core at every request; what it refuses is said in its own sentences.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from uuid import UUID, uuid4

from aiohttp import web

from core.account.sessions import Need
from core.actor import Act
from core.learning import attendance
from core.learning.attendance import Roll
from core.learning.entries import PRESENT, Entry
from core.refusals import Conflict, Forbidden, NotFound, Refusal
from web import roll_desk, roll_shown
from web.entry_desk import EntryDesk
from web.forms import SAYS_WHENCE, FormError, form_of, lines_of, onward
from web.guard import POLICY, scripted
from web.json_api import in_json, read, status_of
from web.roll_commands import SentTaps
from web.roll_desk import Opened
from web.roll_shown import KEPT, LATE
from web.roll_visitors import Caller, Visitors
from web.static_files import StaticFiles


@dataclass(frozen=True, slots=True)
class Place:
    """Where the pages stand, and who comes there."""

    address: str
    up: str
    """From there to where all our addresses begin: a prefix may be before."""
    visitors: Visitors
    has_login: bool
    """Whoever is not known there is led to the page of the login; else he is told to open it from his chat."""

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.address.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class RollPage:
    """The handlers of ``/roll`` and of what its script asks for."""

    entry: EntryDesk
    place: Place
    files: StaticFiles

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        self.entry.get(app, self.place.address, self._show)
        self.entry.post(app, self.place.address, self._call)
        self.entry.api.get(app, f"/{self.place.address}/state", self._state)
        self.entry.api.post(app, f"/{self.place.address}/taps", self._taps)

    async def _show(self, request: web.Request) -> web.Response:
        now = self.entry.now()
        try:
            caller = await self._caller(request, now)
            return await self._page(caller, lesson_asked(request), now)
        except (Forbidden, NotFound) as refusal:
            return self._closed(refusal)

    async def _caller(self, request: web.Request, now: datetime) -> Caller:
        """Return who asks. Raises ``ElsewhereError`` for a browser that must enter first, ``Forbidden``."""
        if self.place.has_login:
            await self.entry.here(request, Need.NOTHING)
        return await self.place.visitors.caller(request, now)

    async def _call(self, request: web.Request) -> web.Response:
        """Call a roll by the plain form: all of it at once, from the roll that it was made from."""
        now = self.entry.now()
        try:
            caller = await self._caller(request, now)
            form = await form_of(request, self.entry.accounts.origin)
            lesson, key = (_id(one) for one in lines_of(form, "lesson", "key"))
        except Forbidden as refusal:
            return self._closed(refusal)
        try:
            await self._carry_out(caller, lesson, key, form, now)
        except Refusal as refusal:
            return await self._again(caller, lesson, refusal, now)
        return onward(f"{self.place.name}?lesson={lesson}")

    async def _carry_out(
        self, caller: Caller, lesson: UUID, key: UUID, form: Mapping[str, object], now: datetime
    ) -> None:
        version, roster = lines_of(form, "version", "roster")
        async with self.entry.desk.core.begin() as session:
            roll = await roll_desk.read(session, caller, lesson, now)
            actor = await caller.for_lesson(session, lesson, now)
            act = Act(actor, now, f"roll/{caller.name}/{key}")
            recorded = await attendance.record(session, act, lesson, _chosen(roll, form, now), roster=roster)
            if str(recorded.version - 1) != version:
                # Somebody changed the roll after this page was opened; raising takes our change back.
                raise Conflict("roll-changed-since")
        self.entry.desk.log.info("web.roll-called", lesson=str(lesson), version=recorded.version)

    async def _again(self, caller: Caller, lesson: UUID, refusal: Refusal, now: datetime) -> web.Response:
        """Show the roll as it stands, under the sentence of what was refused."""
        try:
            return await self._page(caller, lesson, now, refusal)
        except (Forbidden, NotFound) as closed:
            return self._closed(closed)

    def _closed(self, refusal: Refusal) -> web.Response:
        """Say why there is nothing to see; in a Mini App there is no login to go to."""
        status = status_of(refusal)
        if refusal.code == "session-over":
            title, sentence = self.entry.say("web-roll-title"), self.entry.say("web-roll-app-over")
            return self.entry.pages.page("message.html", status, title=title, sentence=sentence)
        return self.entry.pages.refused(refusal, status)

    async def _page(
        self, caller: Caller, lesson: UUID | None, now: datetime, refusal: Refusal | None = None
    ) -> web.Response:
        async with self.entry.desk.core.begin() as session:
            opened = await roll_desk.open_page(session, caller, lesson, now)
        status = HTTPStatus.OK if refusal is None else status_of(refusal)
        values = page_values(self.entry, opened, caller.name, now)
        words = None if refusal is None else self.entry.pages.sentence(refusal)
        response = self.entry.pages.page(
            "roll.html", status, up=self.place.up, here=self.place.name, files=self.files.names, refusal=words, **values
        )
        response.headers.update(SAYS_WHENCE)
        response.headers[POLICY] = scripted(self.entry.pages)
        return response

    async def _state(self, request: web.Request) -> web.Response:
        now, lesson = self.entry.now(), lesson_asked(request)
        caller = await self.place.visitors.caller(request, now)
        if lesson is None:
            raise NotFound("lesson-unknown")
        return in_json(await self._state_of(caller, lesson, now))

    async def _taps(self, request: web.Request) -> web.Response:
        """Bring in what was tapped; sent again, it is answered again."""
        now = self.entry.now()
        caller = await self.place.visitors.caller(request, now)
        sent = await read(request, SentTaps)
        if sent.whose != caller.name:
            # Somebody else has entered by this browser since: these taps are not his.
            raise Forbidden("session-over")
        async with self.entry.desk.core.begin() as session:
            overtaken = await roll_desk.take(session, caller, sent, now)
        state = await self._state_of(caller, sent.lesson, now)
        self.entry.desk.log.info("web.roll-tapped", lesson=str(sent.lesson), calls=sent.calls, taps=len(sent.tapped))
        return in_json({"state": state, "overtaken": [str(pupil) for pupil in overtaken]})

    async def _state_of(self, caller: Caller, lesson: UUID, now: datetime) -> roll_shown.Json:
        async with self.entry.desk.core.begin() as session:
            roll = await roll_desk.read(session, caller, lesson, now)
        return roll_shown.state(self.entry.desk.texts, roll, caller.name, now)


def page_values(entry: EntryDesk, opened: Opened, whose: str, now: datetime) -> dict[str, object]:
    """Return what the template shows."""
    texts, roll = entry.desk.texts, opened.roll
    this = None if roll is None else roll.lesson.id
    shown: dict[str, object] = {"ways": roll_shown.ways(texts, opened.day.lessons, this), "roll": None}
    if roll is None:
        return shown
    title, when = roll_shown.heading(texts, roll.lesson)
    return shown | {
        "roll": roll,
        "title": title,
        "when": when,
        "school": roll.lesson.school.name,
        "state": roll_shown.state(texts, roll, whose, now),
        "words": roll_shown.words(texts),
        "lines": roll_shown.lines(texts, roll),
        "key": str(uuid4()),
    }


def lesson_asked(request: web.Request) -> UUID | None:
    """Read which lesson is asked for; None: the one that is wanted now. Raises ``NotFound`` for what is none."""
    written = request.query.get("lesson")
    if not written:
        return None
    try:
        return UUID(written)
    except ValueError:
        raise NotFound("lesson-unknown") from None


def _id(written: str) -> UUID:
    """Read what our own page wrote into its form. Raises ``FormError``."""
    try:
        return UUID(written)
    except ValueError:
        raise FormError from None


def _chosen(roll: Roll, form: Mapping[str, object], now: datetime) -> dict[UUID, Entry]:
    """Read the choices of the plain form: whoever was not there all the time."""
    found = {}
    for one in roll.pupils:
        match form.get(str(one.id), ""):
            case "":
                continue
            case choice if choice == LATE:
                entry = Entry(None, roll_shown.late_now(roll.lesson, now))
            case choice if choice == KEPT:
                entry = roll_shown.beginning(roll, one)
            case str() as code:
                entry = Entry(code[:8])
            case _:
                raise FormError
        if entry != PRESENT:
            found[one.id] = entry
    return found
