"""The page's state by topics: what each part shows now, and which parts have just changed."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy.exc import SQLAlchemyError

from core.database import Database
from core.roster_file import LessonRow
from core.school.schools import SchoolCard
from zvonok.installation import Installation
from zvonok.sandbox.happenings import Happening, WatcherTooSlowError
from zvonok.sandbox.mail_catcher import MailCatcher
from zvonok.sandbox.moved_clock import MovedClock
from zvonok.sandbox.page import views
from zvonok.sandbox.page.stream import Streams, Topic
from zvonok.sandbox.phones import Emulator, Phones
from zvonok.sandbox.rail import Rail
from zvonok.sandbox.residents import Neighbour, Residents
from zvonok.sandbox.troubles import Troubles
from zvonok.trouble import InstallationError

RAIL_EVERY_SECONDS = 0.5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Shown:
    """All that the page shows and moves."""

    here: Installation
    journal: Database
    school: SchoolCard
    lessons: Sequence[LessonRow]
    """Of the class that is played with: the clock's presets."""
    phones: Phones
    catcher: MailCatcher
    clock: MovedClock
    residents: Residents
    troubles: Troubles


class Page:
    """Knows every part of the state by its topic, and marks what has changed."""

    def __init__(self, shown: Shown, rail: Rail) -> None:
        if not shown.here.settings.sandbox:
            raise InstallationError("Страница песочницы работает только в песочнице: ZVONOK_SANDBOX=true.")
        self.shown = shown
        self.streams = Streams(self.show, self.everything)
        self.zone = ZoneInfo(shown.school.zone)
        self._rail = rail
        self._ways: list[dict[str, Any]] = []
        self._undo_seconds = shown.school.settings.undo_window_seconds
        self._parts: dict[str, Callable[[str], Any]] = {
            "people": self._show_people,
            "phone": self._show_phone,
            "mail": self._show_mail,
            "clock": self._show_clock,
            "troubles": self._show_troubles,
            "rail": self._show_rail,
            "undo": self._show_undo,
        }
        shown.clock.on_move(lambda: self.streams.changed(("clock", "")))
        shown.residents.on_change(lambda: self.streams.changed(*self.everything()))
        shown.troubles.on_change(lambda: self.streams.changed(("troubles", "")))

    def everything(self) -> list[Topic]:
        """List the topics that a fresh stream begins with."""
        people = self.shown.residents.everybody
        phones = [("phone", str(one.user_id)) for one in people if one.user_id is not None]
        mailboxes = dict.fromkeys(("mail", one.resident.email) for one in people if one.resident.email is not None)
        return [("people", ""), ("clock", ""), ("undo", ""), ("troubles", ""), *phones, *mailboxes, ("rail", "")]

    def show(self, topic: Topic) -> Any:
        """Show one part as it is now."""
        kind, which = topic
        return self._parts[kind](which)

    def _show_people(self, _: str) -> Any:
        people = [views.person(one) for one in self.shown.residents.everybody]
        return {"school": self.shown.school.name, "people": people}

    def _show_phone(self, user_id: str) -> Any:
        phones, number = self.shown.phones, int(user_id)
        return views.phone(phones.world(number), phones.person(number).chat, self.zone)

    def _show_mail(self, address: str) -> Any:
        return views.mailbox(address, self.shown.catcher.spool.to(address), self.zone)

    def _show_clock(self, _: str) -> Any:
        clock = self.shown.clock
        return views.clock(clock.now(), clock.last, self.zone, self.shown.lessons)

    def _show_troubles(self, _: str) -> Any:
        troubles = self.shown.troubles
        return {"on": list(troubles.on), "dead_mailboxes": list(troubles.dead_mailboxes)}

    def _show_rail(self, _: str) -> Any:
        return {"ways": self._ways}

    def _show_undo(self, _: str) -> Any:
        return {"on": self._undo_seconds > 0}

    def waits(self, seconds: int) -> None:
        """Know for how long nothing is told of what teachers do."""
        self._undo_seconds = seconds
        self.streams.changed(("undo", ""))

    async def watch(self) -> None:
        """Mark what changes, until cancelled."""
        async with asyncio.TaskGroup() as group:
            for emulator in self.shown.phones:
                group.create_task(self._watch_messenger(emulator))
            group.create_task(self._watch_mail())
            group.create_task(self._watch_rail())

    async def _watch_messenger(self, emulator: Emulator) -> None:
        while True:
            with suppress(WatcherTooSlowError), emulator.happenings.watch() as watcher:
                async for happening in watcher:
                    owner = _owner(happening)
                    if owner is not None and self.shown.residents.with_phone(owner) is not None:
                        self.streams.changed(("phone", str(owner)))
            self.streams.changed(*self.everything())

    async def _watch_mail(self) -> None:
        while True:
            with suppress(WatcherTooSlowError), self.shown.catcher.happenings.watch() as watcher:
                async for happening in watcher:
                    readers = [one for address in happening.data["to"] for one in self._readers(address)]
                    self.streams.changed(*(("mail", str(one.resident.email)) for one in readers))
            self.streams.changed(*self.everything())

    def _readers(self, address: str) -> Sequence[Neighbour]:
        return self.shown.residents.with_mailbox(address)

    async def _watch_rail(self) -> None:
        """Look again and again while somebody looks at the page: tables tell nobody when they change."""
        while True:
            if self.streams.watched:
                try:
                    ways = await self._rail.draw()
                except (SQLAlchemyError, OSError) as error:
                    _log.error("rail not drawn", error=type(error).__name__)
                else:
                    if ways != self._ways:
                        self._ways = ways
                        self.streams.changed(("rail", ""))
            await asyncio.sleep(RAIL_EVERY_SECONDS)


def _owner(happening: Happening) -> int | None:
    """Return whose chat has changed, if any has."""
    if happening.kind in {"started", "blocked", "message", "edited", "deleted"}:
        return int(happening.data["chat_id"])
    return None
