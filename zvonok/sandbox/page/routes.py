"""The addresses of the page: its files, its stream, letters and files, and the orders that people give on it."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web

from core.events import Channel, SchoolSettings
from zvonok import office
from zvonok.lessons import open_days
from zvonok.sandbox.bells import presets
from zvonok.sandbox.chats import PressAnswer
from zvonok.sandbox.mail_spool import Mail
from zvonok.sandbox.moved_clock import ClockRefusedError
from zvonok.sandbox.page import orders, views
from zvonok.sandbox.page.gate import LETTER_POLICY
from zvonok.sandbox.page.orders import Json, OrderRefusedError
from zvonok.sandbox.page.state import Page
from zvonok.sandbox.people import Person, PersonError
from zvonok.sandbox.residents import LinkingError
from zvonok.sandbox.troubles import Trouble

ANSWER_SECONDS = 12.0
"""How long a pressed button waits for the bot, as a real client would."""
SILENCE_SECONDS = 3.0
"""The same where a bot may answer nothing at all."""
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}

type Obey = Callable[[Json], Awaitable[Json]]


class Routes:
    """Handlers of the page."""

    def __init__(self, page: Page, static: Path) -> None:
        self._page = page
        self._shown = page.shown
        self._static = static

    def add_to(self, app: web.Application) -> None:
        """Serve the page in this application."""
        app.router.add_get("/", self._index)
        app.router.add_get("/static/{name}", self._file)
        app.router.add_get("/api/events", self._page.streams.serve)
        app.router.add_get("/api/people", self._found)
        app.router.add_get("/mail/{number:[0-9]{1,9}}", self._letter)
        app.router.add_get("/mail/{number:[0-9]{1,9}}/page", self._letter_page)
        app.router.add_get("/mail/{number:[0-9]{1,9}}/files/{file:[0-9]{1,3}}", self._letter_file)
        app.router.add_get("/files/{file_id:[A-Za-z0-9-]+}", self._chat_file)
        obeyed: dict[str, Obey] = {
            "send": self._send,
            "press": self._press,
            "block": self._block,
            "mailbox": self._mailbox,
            "people": self._bring,
            "clock": self._move_clock,
            "trouble": self._trouble,
            "mend": self._mend,
            "undo": self._undo,
        }
        for name, obey in obeyed.items():
            app.router.add_post(f"/api/{name}", _obeying(obey))

    # --- looking ----------------------------------------------------------------------------------------------------

    async def _index(self, _: web.Request) -> web.StreamResponse:
        return self._static_file("index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        return self._static_file(request.match_info["name"])

    def _static_file(self, name: str) -> web.StreamResponse:
        path = self._static / name
        if path.parent != self._static or path.suffix not in TYPES or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8")

    async def _found(self, request: web.Request) -> web.StreamResponse:
        wanted = request.query.get("name", "").strip()
        found = await self._shown.residents.find(wanted) if wanted else ()
        here = {one.resident.person for one in self._shown.residents.everybody}
        people = [
            {"id": str(one.person), "name": one.name.in_full(), "about": one.about, "here": one.person in here}
            for one in found
        ]
        return web.json_response({"people": people})

    async def _letter(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(views.letter(self._mail(request)))

    async def _letter_page(self, request: web.Request) -> web.StreamResponse:
        html = self._mail(request).html
        if html is None:
            raise web.HTTPNotFound
        # Links open in a tab of their own: inside the cage they would replace the letter.
        body = views.apart(html)
        headers = {"Content-Security-Policy": LETTER_POLICY}
        return web.Response(body=body.encode(), content_type="text/html", charset="utf-8", headers=headers)

    async def _letter_file(self, request: web.Request) -> web.StreamResponse:
        files = views.attachments(self._mail(request))
        number = int(request.match_info["file"])
        body = files[number].get_payload(decode=True) if number < len(files) else None
        if not isinstance(body, bytes):
            raise web.HTTPNotFound
        return _download(body, files[number].get_filename() or "file")

    async def _chat_file(self, request: web.Request) -> web.StreamResponse:
        for world in (emulator.world for emulator in self._shown.phones):
            for bot_id in world.accounts:
                if (file := world.files.find(bot_id, request.match_info["file_id"])) is not None:
                    return _download(world.files.body(file), file.name)
        raise web.HTTPNotFound

    def _mail(self, request: web.Request) -> Mail:
        number = int(request.match_info["number"])
        found = next((mail for mail in self._shown.catcher.spool.mails if mail.number == number), None)
        if found is None:
            raise web.HTTPNotFound
        return found

    # --- ordering ---------------------------------------------------------------------------------------------------

    async def _send(self, order: Json) -> Json:
        await self._owner(order).send(orders.words(order, "text", longest=orders.LONGEST_TEXT))
        return {}

    async def _press(self, order: Json) -> Json:
        """Press a button by its payload and wait for the bot's answer: a toast, an alert, or nothing to show."""
        phone, message_id, button = self._owner(order), orders.number(order, "message"), orders.words(order, "button")
        if self._shown.phones.messenger(phone.user_id) is Channel.TELEGRAM:
            return _said(await phone.press(button, message_id=message_id, within=ANSWER_SECONDS))
        # Telegram's client waits for an answer to each press. That of MAX does not: a bot may have nothing to say.
        with suppress(TimeoutError):
            return _said(await phone.press(button, message_id=message_id, within=SILENCE_SECONDS))
        return {}

    async def _block(self, order: Json) -> Json:
        phone = self._owner(order)
        await (phone.block() if orders.yes_or_no(order, "blocked") else phone.unblock())
        return {}

    async def _mailbox(self, order: Json) -> Json:
        address = orders.words(order, "address")
        if not self._shown.residents.with_mailbox(address):
            raise OrderRefusedError("Такого ящика на странице нет.")
        self._shown.troubles.kill_mailbox(address, dead=orders.yes_or_no(order, "dead"))
        return {}

    async def _bring(self, order: Json) -> Json:
        neighbour = await self._shown.residents.bring(orders.identity(order, "person"))
        return views.person(neighbour)

    async def _move_clock(self, order: Json) -> Json:
        clock, zone = self._shown.clock, self._page.zone
        if "preset" in order:
            wanted = orders.words(order, "preset")
            places = {one.id: one.at for one in presets(self._shown.lessons, clock.now(), zone.key)}
            if wanted not in places:
                raise OrderRefusedError("Такого времени нет.")
            clock.move_to(places[wanted])
        else:
            clock.move_to(orders.moment(order, "at", zone))
        await open_days(self._shown.here, self._shown.journal)
        return {}

    async def _trouble(self, order: Json) -> Json:
        try:
            trouble = Trouble(orders.words(order, "trouble"))
        except ValueError:
            raise OrderRefusedError("Такой неполадки нет.") from None
        self._shown.troubles.turn(trouble, on=orders.yes_or_no(order, "on"))
        return {}

    async def _undo(self, order: Json) -> Json:
        """Give teachers the minute to take back that a school has by default, or let all be told at once."""
        wanted = SchoolSettings().undo_window_seconds if orders.yes_or_no(order, "on") else 0
        await office.school_settings(self._shown.here, self._shown.school.name, [f"undo_window_seconds={wanted}"])
        self._page.waits(wanted)
        return {}

    async def _mend(self, _: Json) -> Json:
        await self._shown.troubles.mend()
        return {}

    def _owner(self, order: Json) -> Person:
        user_id = orders.number(order, "phone")
        if self._shown.residents.with_phone(user_id) is None:
            raise OrderRefusedError("Такого телефона на странице нет.")
        return self._shown.phones.person(user_id)


def _said(answer: PressAnswer | None) -> Json:
    return {} if answer is None else {"text": answer.text, "alert": answer.show_alert}


def _obeying(obey: Obey) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def serve(request: web.Request) -> web.Response:
        try:
            return web.json_response(await obey(await orders.read(request)))
        except (OrderRefusedError, PersonError, LinkingError, ClockRefusedError) as error:
            return _refused(str(error))
        except TimeoutError:
            return _refused("Бот пока не ответил.")

    return serve


def _refused(text: str) -> web.Response:
    body: dict[str, Any] = {"error": text}
    return web.json_response(body, status=HTTPStatus.BAD_REQUEST)


def _download(body: bytes, name: str) -> web.Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return web.Response(body=body, content_type="application/octet-stream", headers=headers)
