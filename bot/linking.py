"""Joining an account: a one-time code, and for a guardian the child's birth date."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiogram import F, Router
from aiogram.types import Message

from bot import persons
from bot.birth_date import has_figures, read_birth_date
from bot.code_text import nearly_code, shown_code
from bot.desk import Desk
from bot.farewells import Farewells
from bot.menu import Menu
from bot.screens import Screen
from bot.subscriptions import Subscriptions
from bot.turn import Turn
from bot.wording import lines, paragraphs
from core.account import accounts
from core.account.accounts import Linked, LinkOffer
from core.journal import first_time
from core.refusals import Refusal

COUNTED = frozenset({"link-code-unknown", "link-code-used", "link-code-expired", "link-birth-date-wrong"})
"""Refusals that count as a try; a person who has run out of them is not pushed further away by asking again."""


@dataclass(frozen=True, slots=True)
class Linking:
    """Acts of people who hold a code."""

    desk: Desk
    menu: Menu
    subscriptions: Subscriptions
    farewells: Farewells

    def router(self) -> Router:
        """Return the router of codes and birth dates."""
        router = Router(name="linking")
        router.message.register(self.on_code, F.text.func(shown_code))
        router.message.register(self.on_nearly_code, F.text.func(nearly_code))
        router.message.register(self.on_birth_date, F.text, self._is_birth_date)
        return router

    async def on_code(self, message: Message, turn: Turn) -> None:
        """Show a code to the journal."""
        code = shown_code(message.text or "")
        if code is None:
            raise LookupError("the filter let through a text without a code")
        async with self._counting(turn), self.desk.core.begin() as session:
            shown = await accounts.show_code(session, self.desk.keeper, turn.account, code, turn.at)
        match shown:
            case LinkOffer(children):
                await turn.say(Screen(self._ask(children)))
            case Linked():
                await self._welcome(turn, shown)

    async def on_nearly_code(self, _: Message, turn: Turn) -> None:
        """Say what a code looks like; this is no try yet."""
        length = accounts.CODE_LENGTH
        await turn.say(Screen(self.desk.texts.format("bot-code-nearly", length=length)))

    async def on_birth_date(self, message: Message, turn: Turn) -> None:
        """Take the birth date that was asked for."""
        birth_date = read_birth_date(message.text or "", turn.at.date())
        if birth_date is None:
            await turn.say(Screen(self.desk.texts.format("bot-date-unclear")))
            return
        async with self._counting(turn), self.desk.core.begin() as session:
            linked = await accounts.answer_offer(session, turn.account, birth_date, turn.at)
        await self._welcome(turn, linked)

    async def _is_birth_date(self, message: Message, turn: Turn) -> bool:
        """Tell whether this text answers the question for a birth date: it was asked, and no command is given.

        Whoever is joined already may write anything else in the meantime, as long as it has no figures.
        """
        text = message.text or ""
        if text.startswith("/"):
            return False
        async with self.desk.core.begin() as session:
            if not await accounts.has_offer(session, turn.account, turn.at):
                return False
            return has_figures(text) or not await persons.behind(session, turn.account, turn.at)

    @asynccontextmanager
    async def _counting(self, turn: Turn) -> AsyncIterator[None]:
        """Count a refused try in a transaction of its own, since the refused one rolls back; once per update."""
        try:
            yield
        except Refusal as refusal:
            if refusal.code in COUNTED:
                async with self.desk.core.begin() as session:
                    if await first_time(session, f"{turn.key}:attempt", turn.at):
                        wrong_date = refusal.code == "link-birth-date-wrong"
                        await accounts.note_attempt(session, turn.account, turn.at, wrong_date=wrong_date)
            raise

    def _ask(self, children: tuple[str, ...]) -> str:
        texts = self.desk.texts
        return paragraphs(
            lines(texts.format("bot-offer"), *children), texts.format("bot-offer-ask", children=len(children))
        )

    async def _welcome(self, turn: Turn, linked: Linked) -> None:
        texts = self.desk.texts
        text = lines(texts.format("bot-linked", name=linked.name.in_full()), *linked.children)
        replaced = texts.format("bot-linked-replaced") if linked.replaced else ""
        more = texts.format("bot-linked-parent") if linked.is_guardian else ""
        offer = await self.subscriptions.offer(turn, linked.person) if linked.is_guardian else Screen("")
        await turn.say(Screen(paragraphs(text, replaced, more, offer.text), offer.rows))
        # Of nobody else: this turn has a few seconds.
        await self.farewells.say_due(linked.person)
        async with self.desk.core.begin() as session:
            personas = await persons.behind(session, turn.account, turn.at)
        if any(persona.is_staff for persona in personas):
            await self.menu.open(turn)
