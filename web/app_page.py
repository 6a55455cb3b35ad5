"""The Mini App's way in: a page whose script shows us what the messenger has signed, and a stay that begins by it.

The messenger puts what it signs behind the ``#`` of the address, which no browser sends: only a script can bring it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import Field

from core.account import app_stays
from core.account.accounts import MessengerAccount
from core.events import Channel
from web.cookies import keep_app
from web.entry_desk import EntryDesk
from web.guard import POLICY, scripted
from web.json_api import Body, device_of, in_json, read
from web.launch_data import LONGEST, AppKey, Flaw, Launch, LaunchError, read_launch
from web.static_files import StaticFiles

ADDRESS = "app"
MESSENGERS: Mapping[str, Channel] = {"telegram": Channel.TELEGRAM, "max": Channel.MAX}


class Shown(Body):
    """What the script found behind the ``#``."""

    messenger: Literal["telegram", "max"]
    init_data: Annotated[str, Field(max_length=LONGEST)]
    lesson: UUID | None = None
    """What stood in the address: which lesson the button was for."""


@dataclass(frozen=True, slots=True)
class AppPage:
    """The handlers of ``/app``."""

    entry: EntryDesk
    keys: Mapping[Channel, AppKey]
    """Of the bots that we have."""
    files: StaticFiles

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        self.entry.get(app, ADDRESS, self._show)
        self.entry.api.post(app, f"/{ADDRESS}/enter", self._enter)

    async def _show(self, _: web.Request) -> web.Response:
        response = self.entry.pages.page("app.html", HTTPStatus.OK, files=self.files.names)
        response.headers[POLICY] = scripted(self.entry.pages)
        return response

    async def _enter(self, request: web.Request) -> web.Response:
        shown = await read(request, Shown)
        channel = MESSENGERS[shown.messenger]
        try:
            launch = self._believed(channel, shown.init_data)
        except LaunchError as doubt:
            self.entry.desk.log.info("web.app-not-believed", messenger=channel.value, flaw=doubt.flaw.value)
            message = self.entry.say(f"web-app-{doubt.flaw}")
            return in_json({"error": f"app-{doubt.flaw}", "message": message}, status=HTTPStatus.FORBIDDEN)
        now, keeper = self.entry.now(), self.entry.accounts.keeper
        chat = MessengerAccount(channel, launch.user)
        async with self.entry.desk.core.begin() as session:
            opened = await app_stays.begin(session, keeper, chat, device_of(request), now)
        response = in_json({"next": _next(launch, shown)})
        keep_app(response, opened, now)
        return response

    def _believed(self, channel: Channel, init_data: str) -> Launch:
        key = self.keys.get(channel)
        if key is None:
            raise LaunchError(Flaw.FORGED)
        return read_launch(init_data, key, self.entry.accounts.machine_clock.now())


def _next(launch: Launch, shown: Shown) -> str:
    """Say where the roll is, from this page; of a button's lesson and the address's, the signed one counts."""
    lesson = shown.lesson
    try:
        lesson = UUID(launch.start) if launch.start else lesson
    except ValueError:
        # Another link of the school's own has opened it; it means no lesson.
        lesson = shown.lesson
    return "app/roll" if lesson is None else f"app/roll?lesson={lesson}"
