"""Of whom in a class nobody would be told if they were absent: for whoever speaks to its families and can call them."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery

from bot import employees
from bot.desk import Desk
from bot.labels import labels_of
from bot.screens import Button, Screen
from bot.teacher_payloads import Notices, Pressed, Unreached, pack
from bot.turn import Turn
from bot.wording import commas, lines, paragraphs
from core.family import families
from core.learning.class_rights import ClassFacts
from core.person import people
from core.person.people import Classmate
from core.school_time import school_date
from gateway.unreached import AbsenceRoutes, absence_routes
from texts.reader import Texts


@dataclass(frozen=True, slots=True)
class ClassRoutes:
    """A class list, and by which ways families would be told of an absence."""

    pupils: tuple[Classmate, ...]
    with_family: frozenset[UUID]
    """Pupils of whom the journal knows an adult who may be told."""
    routes: Mapping[UUID, AbsenceRoutes]

    @property
    def nobody(self) -> tuple[Classmate, ...]:
        """Return of whom nobody would be told, in the order of the class list."""
        return tuple(pupil for pupil in self.pupils if self.routes[pupil.pupil].nobody)


@dataclass(frozen=True, slots=True)
class UnreachedBoard:
    """The screen of a class teacher."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its button."""
        router = Router(name="unreached")
        router.callback_query.register(self.on_open, Pressed(Unreached))
        return router

    async def on_open(self, _: CallbackQuery, turn: Turn, press: Unreached) -> None:
        """Show it as it stands now. Raises ``Forbidden`` for whoever does not speak to this class."""
        facts, found = await read(self.desk, turn, press.school_class)
        await turn.answer()
        await turn.show(board(self.desk.texts, facts, found))


async def read(desk: Desk, turn: Turn, school_class: UUID) -> tuple[ClassFacts, ClassRoutes]:
    """Read the class in the journal, and its routes in the gateway. Raises ``Forbidden`` or ``NotFound``."""
    async with desk.core.begin() as session:
        _actor, facts = await employees.of_class(session, turn.account, school_class, turn.at)
        pupils = await people.of_class(session, facts.id)
        today = school_date(turn.at, facts.school.zone)
        guardians = await families.guardians_of(session, [one.pupil for one in pupils], today)
    async with desk.gateway.begin() as session:
        routes = await absence_routes(session, [one.pupil for one in pupils], today)
    known = frozenset(pupil for pupil, adults in guardians.items() if adults)
    return facts, ClassRoutes(pupils, known, routes)


def board(texts: Texts, facts: ClassFacts, found: ClassRoutes) -> Screen:
    """Return of whom nobody is told, together those of one reason, and what to do about it."""
    nobody = frozenset(one.pupil for one in found.nobody)
    labels = labels_of([one.name for one in found.pupils])
    by_reason: dict[str, list[str]] = {}
    for one, label in zip(found.pupils, labels, strict=True):
        if one.pupil in nobody:
            by_reason.setdefault(_why(texts, found, one.pupil), []).append(label)
    listed = [
        texts.format("unreached-because", reason=reason, names=commas(names)) for reason, names in by_reason.items()
    ]
    title = texts.format("unreached-title", class_title=facts.title)
    text = (
        paragraphs(title, lines(*listed), texts.format("unreached-call"))
        if listed
        else paragraphs(title, texts.format("unreached-none"))
    )
    return Screen(text, ((Button(texts.format("teacher-button-notices"), pack(Notices(facts.id))),),))


def button(texts: Texts, facts: ClassFacts, found: ClassRoutes) -> tuple[tuple[Button, ...], ...]:
    """Return the row that leads here, with how many there are; none where everybody's family is told."""
    count = len(found.nobody)
    return ((Button(texts.format("unreached-button", count=count), pack(Unreached(facts.id))),),) if count else ()


def _why(texts: Texts, found: ClassRoutes, pupil: UUID) -> str:
    """Say why nobody is told: each reason once; whoever has no right any more is no reason beside others."""
    if pupil not in found.with_family:
        return texts.format("unreached-no-family")
    reasons = found.routes[pupil].reasons
    return commas(texts.format(f"reason-{one}") for one in reasons) if reasons else texts.format("unreached-not-yet")
