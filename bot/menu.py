"""The first screen of an account, and what is the same for all: /start, /help, /why, any other text."""

import re
from dataclasses import dataclass
from datetime import datetime

from aiogram import F, Router
from aiogram.types import Message

from bot import birth_date, persons, unasked, writings
from bot.desk import Desk
from bot.parent_home import home, menu_rows
from bot.payloads import Lessons, pack
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.subscriptions import Subscriptions
from bot.teacher import Teacher
from bot.turn import Turn
from bot.wording import lines, paragraphs

_START = re.compile(r"/start(@\w+)?(\s.*)?", re.DOTALL)
_HELP = re.compile(r"/help(@\w+)?(\s.*)?", re.DOTALL)
_TEACHERS_HELP = ("bot-help-teacher", "teacher-help")
_PARENTS_HELP = ("bot-help-parent", "parent-help", "announce-help")
_WHY = re.compile(r"/why(@\w+)?(\s.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Menu:
    """What an account sees when it opens the bot."""

    desk: Desk
    teacher: Teacher
    subscriptions: Subscriptions

    def router(self) -> Router:
        """Return the router of commands and of any other text; to be included after all that know a text better."""
        router = Router(name="menu")
        router.message.register(self.on_help, F.text.regexp(_HELP, mode="fullmatch"))
        router.message.register(self.on_why, F.text.regexp(_WHY, mode="fullmatch"))
        router.message.register(self.on_start, F.text.regexp(_START, mode="fullmatch"))
        router.message.register(self.on_text, F.text)
        return router

    async def on_start(self, _: Message, turn: Turn) -> None:
        """Open the bot; whatever asked for words asks no more."""
        async with self.desk.bot.begin() as session:
            await writings.hush(session, turn.account)
        await self.open(turn)

    async def on_text(self, message: Message, turn: Turn) -> None:
        """Open what is wanted most: for an employee the roll call alone, whoever else he is.

        Any other text may be meant for the journal, or for a teacher to read: whoever wrote it is told that it is
        recorded nowhere, and that nobody reads it.
        """
        personas = await self._personas(turn)
        text = message.text or ""
        if unasked.asks_for_lesson(text):
            async with self.desk.bot.begin() as session:
                await writings.hush(session, turn.account)
        # A birth date comes again after it has served: its process died in between, or a parent was unsure.
        opens = unasked.opens(text) or birth_date.read_birth_date(text, turn.at.date()) is not None
        if personas and not opens:
            await turn.say(await self._not_asked_for(turn, personas))
            return
        await self._show(turn, personas, with_children=not _at_work(personas))

    async def _not_asked_for(self, turn: Turn, personas: tuple[Persona, ...]) -> Screen:
        if _at_work(personas):
            return await self.teacher.not_asked_for(turn, personas)
        unread = paragraphs(self._word("bot-parent-unread"), self._word("announce-unread"))
        return Screen(unread, menu_rows(self.desk.texts))

    async def open(self, turn: Turn) -> None:
        """Show all that the account is for: a parent his children, an employee his roll call or lessons.

        The roll call comes last, nearest to the thumb. A stranger is shown the way in.
        """
        personas = await self._personas(turn)
        with_children = not _at_work(personas) or any(persona.children for persona in personas)
        await self._show(turn, personas, with_children=with_children)

    async def _show(self, turn: Turn, personas: tuple[Persona, ...], *, with_children: bool) -> None:
        if not personas:
            await turn.say(Screen(self._word("bot-stranger")))
        elif with_children:
            await turn.say(home(self.desk.texts, personas, await self.subscriptions.silent(personas, turn.at)))
        if _at_work(personas):
            await turn.say(await self.teacher.first_screen(turn, personas))

    async def on_help(self, _: Message, turn: Turn) -> None:
        """Say how to use the bot, to whoever asks."""
        personas = await self._personas(turn)
        text = paragraphs(
            *(map(self._word, _TEACHERS_HELP) if _at_work(personas) else ()),
            *(map(self._word, _PARENTS_HELP) if any(persona.children for persona in personas) else ()),
        )
        await turn.say(Screen(text or self._word("bot-help-stranger"), self._ways(personas)))

    async def on_why(self, _: Message, turn: Turn) -> None:
        """Say why messages come, or that none do."""
        personas = await self._personas(turn)
        reasons = [await self._why(persona, turn.at) for persona in personas if persona.children]
        await turn.say(Screen(paragraphs(*reasons) or self._word("bot-why-none"), self._ways(personas)))

    async def _personas(self, turn: Turn) -> tuple[Persona, ...]:
        async with self.desk.core.begin() as session:
            return await persons.behind(session, turn.account, turn.at)

    async def _why(self, persona: Persona, at: datetime) -> str:
        heading = self.desk.texts.format("bot-why", school=persona.school.name)
        children = lines(heading, *(child.in_class() for child in persona.children))
        wait = persona.school.settings.undo_window_seconds
        chosen = await self.subscriptions.why(persona, at)
        return paragraphs(children, self.desk.texts.format("bot-why-when", seconds=wait), chosen)

    def _ways(self, personas: tuple[Persona, ...]) -> Rows:
        """Return the ways on from a text that was asked for by a command."""
        lessons = ((Button(self._word("bot-button-lessons"), pack(Lessons())),),) if _at_work(personas) else ()
        family = menu_rows(self.desk.texts) if any(persona.children for persona in personas) else ()
        return (*lessons, *family)

    def _word(self, text_id: str) -> str:
        return self.desk.texts.format(text_id)


def _at_work(personas: tuple[Persona, ...]) -> bool:
    return any(persona.is_staff for persona in personas)
