"""What a guardian is sent, on the page of his own account: switches shown by GET and turned by POST (NOTIF-04)."""

from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from aiohttp import web

from core.account import admission
from core.account.admission import Kind
from core.account.sessions import Need, Visitor
from gateway import switches
from gateway.switches import Switch, Switches
from texts.reader import Texts
from web.entry_desk import HOME, EntryDesk
from web.forms import FormError, onward

TURN = "turn-switch"
ON, OFF = "on", "off"


@dataclass(frozen=True, slots=True)
class Line:
    """One switch as the page shows it."""

    switch: str
    said: str
    label: str
    to: str
    """Where a press turns it."""


@dataclass(frozen=True, slots=True)
class SwitchesSection:
    """Reads and turns the switches of whoever has entered as a guardian."""

    entry: EntryDesk

    def add_to(self, app: web.Application) -> None:
        """Take requests in this application."""
        self.entry.post(app, TURN, self._turn)

    async def lines(self, here: Visitor) -> tuple[Line, ...]:
        """Return the switches of this guardian; none for whoever is none, or of whom the gateway has not heard."""
        person = await self._guardian(here)
        if person is None:
            return ()
        async with self.entry.desk.gateway.begin() as session:
            stands = await switches.standing(session, person)
        return () if stands is None else in_lines(self.entry.desk.texts, stands)

    async def _turn(self, request: web.Request) -> web.Response:
        here = await self.entry.here(request, Need.NOTHING)
        named, wanted = await self.entry.filled_in(request, "switch", "to")
        if named not in set(Switch) or wanted not in (ON, OFF):
            raise FormError
        person = await self._guardian(here)
        if person is None:
            raise web.HTTPNotFound
        try:
            async with self.entry.desk.gateway.begin() as session:
                await switches.turn(session, person, Switch(named), on=wanted == ON, via="site", at=self.entry.now())
        except LookupError:
            return self.entry.pages.message("away", HTTPStatus.SERVICE_UNAVAILABLE)
        self.entry.desk.log.info("web.switch", recipient=str(person), switch=named, to=wanted)
        return onward(HOME)

    async def _guardian(self, here: Visitor) -> UUID | None:
        """Return as whom the visitor is told of a child; None for whoever is no guardian."""
        person = here.actor.person
        if person is None:
            return None
        async with self.entry.desk.core.begin() as session:
            found = await admission.of_person(session, person, self.entry.now())
        return person if Kind.GUARDIAN in found.kinds else None


def in_lines(texts: Texts, stands: Switches) -> tuple[Line, ...]:
    """Put switches into words: how each stands, and what a press will make of it."""
    return tuple(_line(texts, one, on=stands.on(one)) for one in stands.offered)


def _line(texts: Texts, switch: Switch, *, on: bool) -> Line:
    now, to = (ON, OFF) if on else (OFF, ON)
    said = texts.format(f"web-switch-{switch}-{now}")
    return Line(switch.value, said, texts.format(f"web-switch-{switch}-turn-{to}"), to)
