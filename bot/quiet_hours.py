"""When a parent is left alone: his quiet hours, the zone that he lives by, his Sundays. The gateway keeps it."""

from dataclasses import dataclass, replace
from datetime import time
from typing import assert_never
from uuid import UUID

from bot import families
from bot.desk import Desk
from bot.persons import Persona
from bot.screens import Button, Rows, Screen, in_pairs
from bot.subscription_payloads import (
    EVERY_CHILD,
    BeQuiet,
    HoursChoice,
    LiveBy,
    OfChild,
    OfHours,
    Place,
    RestOnSunday,
    pack_choice,
)
from bot.subscription_words import begun_small
from bot.turn import Turn
from bot.wording import lines, paragraphs
from core.refusals import Conflict, Invalid
from gateway.own_hours import choose_hours, own_hours
from gateway.routing import OwnHours
from texts.reader import Texts

type Quiet = tuple[time, time]

NONE: Quiet = (time(), time())
"""Equal ends: no hours of the day are quiet."""
QUIET: tuple[Quiet | None, ...] = (
    None,
    (time(20), time(7)),
    (time(21), time(8)),
    (time(22), time(7)),
    (time(22), time(8)),
    (time(23), time(8)),
    NONE,
)
"""In the order in which they are offered, the school's own first; buttons name them by their places."""
ZONES: tuple[str | None, ...] = (
    None,
    "Europe/Kaliningrad",
    "Europe/Moscow",
    "Europe/Samara",
    "Asia/Yekaterinburg",
    "Asia/Omsk",
    "Asia/Krasnoyarsk",
    "Asia/Irkutsk",
    "Asia/Yakutsk",
    "Asia/Vladivostok",
    "Asia/Magadan",
    "Asia/Kamchatka",
)
"""The eleven zones of Russia, the school's own first; buttons name them by their places."""
SUNDAY = 7


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The screen of hours, and its acts; every press says what shall be."""

    desk: Desk

    async def on_press(self, turn: Turn, press: HoursChoice) -> None:
        """Choose. Raises ``Forbidden`` for somebody else's hours, ``Conflict`` while the gateway knows of nobody."""
        async with self.desk.core.begin() as session:
            persona = await families.guardian(session, turn.account, press.person, turn.at)
        async with self.desk.gateway.begin() as session:
            hours = await own_hours(session, press.person)
            if hours is None:
                raise Conflict("link-not-told-yet")
            wanted = changed(hours, press)
            if wanted != hours:
                await choose_hours(session, press.person, wanted, at=turn.at)
        await turn.answer("" if isinstance(press, OfHours) else self.desk.texts.format("parent-subs-chosen"))
        await turn.show(screen(self.desk.texts, persona, wanted))


def changed(hours: OwnHours, press: HoursChoice) -> OwnHours:
    """Return the hours as a press wants them. Raises ``Invalid`` for a button of a choice that is offered no more."""
    match press:
        case OfHours():
            return hours
        case BeQuiet(place=place) if place < len(QUIET):
            return replace(hours, quiet=QUIET[place])
        case LiveBy(place=place) if place < len(ZONES):
            return replace(hours, zone=ZONES[place])
        case RestOnSunday(wanted=wanted):
            return replace(hours, days_off=hours.days_off | {SUNDAY} if wanted else hours.days_off - {SUNDAY})
        case BeQuiet() | LiveBy():
            raise Invalid("hours-not-offered")
        case _:
            assert_never(press)


def screen(texts: Texts, persona: Persona, hours: OwnHours) -> Screen:
    """Return when a parent is left alone, and the choices."""
    settings, person = persona.school.settings, persona.person
    usual = (settings.quiet_from, settings.quiet_until)
    zone = texts.format(f"parent-zone-{ZONES.index(hours.zone)}") if hours.zone in ZONES else str(hours.zone)
    zone = begun_small(zone) if hours.zone is None else zone
    text = paragraphs(
        texts.format("parent-hours-title"),
        lines(
            texts.format("parent-hours-now", hours=_words(texts, hours.quiet or usual)),
            texts.format("parent-hours-zone", zone=zone),
            texts.format("parent-hours-sunday") if SUNDAY in hours.days_off else "",
        ),
        texts.format("parent-hours-urgent"),
    )
    quiet = tuple(
        _button(texts, _label(texts, one, usual), BeQuiet(person, Place(place)), chosen=one == hours.quiet)
        for place, one in enumerate(QUIET)
    )
    zones = tuple(
        _button(
            texts,
            texts.format(f"parent-zone-{place}" if one else "parent-button-zone-school"),
            LiveBy(person, Place(place)),
            chosen=one == hours.zone,
        )
        for place, one in enumerate(ZONES)
    )
    rests = SUNDAY in hours.days_off
    sunday = _button(texts, texts.format("parent-button-sunday"), RestOnSunday(person, not rests), chosen=rests)
    back = Button(texts.format("parent-button-back"), pack_choice(OfChild(person, EVERY_CHILD)))
    rows: Rows = ((quiet[0],), *in_pairs(quiet[1:]), (sunday,), (zones[0],), *in_pairs(zones[1:]), (back,))
    return Screen(text, rows)


def row(texts: Texts, person: UUID) -> tuple[Button, ...]:
    """Return the row that leads here."""
    return (Button(texts.format("parent-button-hours"), pack_choice(OfHours(person))),)


def _label(texts: Texts, quiet: Quiet | None, usual: Quiet) -> str:
    if quiet is None:
        return texts.format("parent-button-hours-school", hours=_words(texts, usual))
    return texts.format("parent-button-hours-none") if quiet == NONE else _words(texts, quiet)


def _words(texts: Texts, quiet: Quiet) -> str:
    """Return «с 21:00 до 7:00»."""
    begins, ends = quiet
    if begins == ends:
        return texts.format("parent-hours-none")
    return texts.format("parent-hours", begins=_clock(begins), ends=_clock(ends))


def _clock(at: time) -> str:
    return f"{at.hour}:{at.minute:02}"


def _button(texts: Texts, label: str, press: HoursChoice, *, chosen: bool) -> Button:
    return Button(texts.format("parent-button-chosen", label=label) if chosen else label, pack_choice(press))
