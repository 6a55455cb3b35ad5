"""The classes of a school, for its administration: whoever may write to any class chooses it from a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot import persons
from bot.desk import Desk
from bot.payloads import Lessons
from bot.payloads import pack as pack_first
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.teacher_payloads import Classes, Notices, Pressed, pack
from bot.turn import Turn
from core import rights
from core.access import Right
from core.account import accounts
from core.account.accounts import MessengerAccount
from core.actor import Actor
from core.person import people
from core.person.class_titles import title_order
from core.person.people import ClassCard
from core.refusals import Forbidden
from core.tables import SchoolClass
from texts.reader import Texts

ON_PAGE = 40
"""Classes on a page: a messenger takes 100 buttons, and so many are still found by eye."""
IN_ROW = 4
"""Titles are as short as «10А»."""


@dataclass(frozen=True, slots=True)
class SchoolClasses:
    """The classes of one school to which a person may write as its administration."""

    persona: Persona
    classes: tuple[ClassCard, ...]


@dataclass(frozen=True, slots=True)
class ClassChoice:
    """The list of classes."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="class-choice")
        router.callback_query.register(self.on_open, Pressed(Classes))
        return router

    async def on_open(self, _: CallbackQuery, turn: Turn, press: Classes) -> None:
        """Show a page of the classes. Raises ``Forbidden`` for whoever administers no school."""
        async with self.desk.core.begin() as session:
            found = await of_account(session, turn.account, turn.at)
        await turn.answer()
        await turn.show(class_choice(self.desk.texts, found, press.page))


async def administers(session: AsyncSession, persona: Persona, now: datetime) -> bool:
    """Tell whether this person may write to every class of his school (ROLE-13, ROLE-15); ``session`` is core's."""
    if not persona.is_staff:
        return False
    actor = Actor(via="messenger", person=persona.person)
    facts = await rights.of_school(session, actor, persona.school.id, now)
    return facts.may_throughout(Right.NOTICE_PUBLISH)


async def administration(
    session: AsyncSession, account: MessengerAccount, school: UUID, now: datetime
) -> tuple[Actor, Persona]:
    """Choose the person behind an account who administers this school. Raises ``Forbidden``."""
    for persona in await persons.behind(session, account, now):
        if persona.school.id == school and await administers(session, persona, now):
            return await accounts.actor_for(session, account, persona.person), persona
    raise Forbidden("classes-not-yours")


async def of_account(session: AsyncSession, account: MessengerAccount, now: datetime) -> tuple[SchoolClasses, ...]:
    """List the classes to which the persons behind an account may write as the administration.

    Raises ``Forbidden`` for a stranger, and for an account without such a person.
    """
    personas = await persons.behind(session, account, now)
    if not personas:
        raise Forbidden("account-not-linked")
    heads = [persona for persona in personas if await administers(session, persona, now)]
    if not heads:
        raise Forbidden("classes-not-yours")
    return tuple([SchoolClasses(persona, await _classes(session, persona)) for persona in heads])


async def _classes(session: AsyncSession, persona: Persona) -> tuple[ClassCard, ...]:
    """List the classes of the year in which pupils learn now, by grade and letter."""
    of_school = SchoolClass.school_id == persona.school.id
    learning = SchoolClass.year == people.year_of_learning(persona.school.id)
    rows = await session.execute(select(SchoolClass.id, SchoolClass.title).where(of_school, learning))
    return tuple(sorted((ClassCard(*row) for row in rows), key=lambda card: title_order(card.title)))


def class_choice(texts: Texts, found: Sequence[SchoolClasses], page: int) -> Screen:
    """Return a page of the classes; those of several schools are told apart by the school's name."""
    several = len(found) > 1
    buttons = [_button(texts, school, one, with_school=several) for school in found for one in school.classes]
    page = min(page, max(0, len(buttons) - 1) // ON_PAGE)
    shown = tuple(buttons[page * ON_PAGE : (page + 1) * ON_PAGE])
    width = 1 if several else IN_ROW
    rows = tuple(shown[place : place + width] for place in range(0, len(shown), width))
    lessons = Button(texts.format("bot-button-lessons"), pack_first(Lessons()))
    text = texts.format("teacher-classes-choose" if buttons else "teacher-classes-none")
    return Screen(text, (*rows, *_turning(texts, page, len(buttons)), (lessons,)))


def _button(texts: Texts, school: SchoolClasses, one: ClassCard, *, with_school: bool) -> Button:
    label = one.title
    if with_school:
        label = texts.format("teacher-classes-of-school", class_title=one.title, school=school.persona.school.name)
    return Button(label, pack(Notices(one.id)))


def _turning(texts: Texts, page: int, size: int) -> Rows:
    before = (Button(texts.format("teacher-classes-before"), pack(Classes(page - 1))),) if page > 0 else ()
    after = (
        (Button(texts.format("teacher-classes-after"), pack(Classes(page + 1))),) if (page + 1) * ON_PAGE < size else ()
    )
    return ((*before, *after),) if before or after else ()
