"""``zvonok trace``: what became of a message, asked for by a pupil's name, an event's id, or a subject."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Role
from core.events import MailboxLinkState, PasswordLinkState, StrangeEntryState
from core.person import people
from core.school import schools
from core.school.schools import SchoolCard
from gateway import trace as gateway_trace
from gateway.trace import Way
from texts.reader import load
from zvonok import name_search
from zvonok.installation import Installation
from zvonok.name_search import Found
from zvonok.trace_words import WayWords
from zvonok.trouble import OfficeError

RUSSIAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
LISTED = 20
"""Pupils of one name who are listed; whoever means another one must say more."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What to look for in the gateway's ledger, and the pupil if it is about one."""

    search: dict[str, Any]
    pupil: Found | None = None


async def trace(here: Installation, what: str, day: str | None, school_name: str | None) -> list[str]:
    """Return the lines that tell what became of ``what``: a pupil's name or part of it, an event's id, or a subject.

    Raises ``OfficeError`` for a day that is none, for what nobody and nothing is named, and, with a list to choose
    from, for what several pupils are named; ``NotFound`` for a school that is none.
    """
    on = _day(day)
    async with here.database(Role.CORE) as core, here.database(Role.GATEWAY) as gateway:
        async with core.begin() as session:
            school = await schools.find(session, school_name)
            asked = await _asked(session, school, what)
        async with gateway.begin() as session:
            found = await gateway_trace.ways(session, day=on, **asked.search)
        async with core.begin() as session:
            names = await people.names(session, [person for way in found for person in _persons(way)])
    # Whoever is asked about a mailbox may be nobody whom the journal knows.
    holder = load("ru").format("trace-mailbox-holder")
    names |= {way.state.claim: holder for way in found if isinstance(way.state, MailboxLinkState)}
    words = WayWords(load("ru"), ZoneInfo(school.zone), names)
    return [line for way in found for line in ("", *words.way(way))][1:] or [_nothing(what, asked.pupil, on)]


async def _asked(session: AsyncSession, school: SchoolCard, what: str) -> _Asked:
    if "/" in what:
        return _Asked({"subject": what})
    named = _id(what)
    if named is None:
        pupil = await _one(session, school, what)
        return _Asked({"pupil": pupil.person}, pupil)
    pupils = await name_search.pupil_of_id(session, school, named)
    return _Asked({"pupil": named}, pupils[0]) if pupils else _Asked({"event_id": named})


async def _one(session: AsyncSession, school: SchoolCard, what: str) -> Found:
    """Return the one pupil who is meant. Raises ``OfficeError`` that says what to type instead."""
    found = await name_search.pupils_like(session, school, what)
    if len(found) == 1:
        return found[0]
    say = load("ru").format
    if found:
        raise OfficeError("\n".join([say("trace-several", what=what, count=len(found)), *_listed(found)]))
    children = await name_search.children_of_adults_like(session, school, what)
    if children:
        raise OfficeError("\n".join([say("trace-adult", what=what), *_listed(children)]))
    raise OfficeError(say("trace-unknown", what=what))


def _listed(found: Sequence[Found]) -> list[str]:
    say = load("ru").format
    lines = [
        say("trace-choice", number=number, pupil=one.shown, words=name_search.distinct_words(one, found))
        for number, one in enumerate(found[:LISTED], 1)
    ]
    more = len(found) - LISTED
    return [*lines, *([say("trace-choice-more", count=more)] if more > 0 else [])]


def _nothing(what: str, pupil: Found | None, on: date | None) -> str:
    """Say that a pupil's families were told of nothing. Raises ``OfficeError`` if nothing at all is named so."""
    say = load("ru").format
    if pupil is None:
        raise OfficeError(say("trace-unknown", what=what) if on is None else say("trace-unknown-day", what=what))
    if on is None:
        return say("trace-quiet", pupil=pupil.shown)
    return say("trace-quiet-day", pupil=pupil.shown, day=f"{on:%d.%m.%Y}")


def _persons(way: Way) -> list[UUID]:
    own = PasswordLinkState | MailboxLinkState | StrangeEntryState
    about = [way.state.person] if isinstance(way.state, own) else []
    return [*about, *(thread.recipient for thread in way.threads)]


def _id(what: str) -> UUID | None:
    try:
        return UUID(what)
    except ValueError:
        return None


def _day(day: str | None) -> date | None:
    if day is None:
        return None
    written = RUSSIAN_DAY.fullmatch(day)
    try:
        return date(*map(int, reversed(written.groups()))) if written else date.fromisoformat(day)
    except ValueError:
        raise OfficeError(load("ru").format("trace-no-day", day=day)) from None
