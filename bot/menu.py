"""The first screen of an account, and what is the same for all: /start, /help, /why, any other text."""

import re
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.types import Message

from bot import persons
from bot.desk import Desk
from bot.persons import Persona
from bot.screens import Screen
from bot.teacher import Teacher
from bot.turn import Turn
from bot.wording import lines, paragraphs

_HELP = re.compile(r"/help(@\w+)?(\s.*)?", re.DOTALL)
_WHY = re.compile(r"/why(@\w+)?(\s.*)?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Menu:
    """What an account sees when it opens the bot."""

    desk: Desk
    teacher: Teacher

    def router(self) -> Router:
        """Return the router of commands and of any other text; to be included after all that know a text better."""
        router = Router(name="menu")
        router.message.register(self.on_help, F.text.regexp(_HELP, mode="fullmatch"))
        router.message.register(self.on_why, F.text.regexp(_WHY, mode="fullmatch"))
        router.message.register(self.on_text, F.text)
        return router

    async def on_text(self, _: Message, turn: Turn) -> None:
        """Open the bot."""
        await self.open(turn)

    async def open(self, turn: Turn) -> None:
        """Show an employee his roll call or lessons, a parent his children, a stranger the way in."""
        personas = await self._personas(turn)
        if any(persona.is_staff for persona in personas):
            await turn.say(await self.teacher.first_screen(turn, personas))
        else:
            await turn.say(Screen(self._parent_text(personas) if personas else self._word("bot-stranger")))

    async def on_help(self, _: Message, turn: Turn) -> None:
        """Say how to use the bot, to whoever asks."""
        personas = await self._personas(turn)
        text = paragraphs(
            self._word("bot-help-teacher") if any(persona.is_staff for persona in personas) else "",
            self._word("bot-help-parent") if any(persona.children for persona in personas) else "",
        )
        await turn.say(Screen(text or self._word("bot-help-stranger")))

    async def on_why(self, _: Message, turn: Turn) -> None:
        """Say why messages come, or that none do."""
        reasons = [self._why(persona) for persona in await self._personas(turn) if persona.children]
        await turn.say(Screen(paragraphs(*reasons) or self._word("bot-why-none")))

    async def _personas(self, turn: Turn) -> tuple[Persona, ...]:
        async with self.desk.core.begin() as session:
            return await persons.behind(session, turn.account, turn.at)

    def _parent_text(self, personas: tuple[Persona, ...]) -> str:
        children = [child.in_class() for persona in personas for child in persona.children]
        if not children:
            return self._word("bot-parent-nobody")
        return paragraphs(
            lines(self._word("bot-parent-menu"), *children),
            self._word("bot-parent-menu-more"),
        )

    def _why(self, persona: Persona) -> str:
        heading = self.desk.texts.format("bot-why", school=persona.school.name)
        children = lines(heading, *(child.in_class() for child in persona.children))
        wait = persona.school.settings.undo_window_seconds
        return paragraphs(children, self.desk.texts.format("bot-why-when", seconds=wait))

    def _word(self, text_id: str) -> str:
        return self.desk.texts.format(text_id)
