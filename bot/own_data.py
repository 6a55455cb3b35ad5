"""«Мои данные»: a parent's own mailbox, shown, typed in and taken back, and what goes where as a whole.

Core keeps the mailbox, and a letter asks its holder; the gateway keeps the switches (NOTIF-02, NOTIF-04).
"""

import re
from dataclasses import dataclass
from typing import Any, ClassVar, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message
from sqlalchemy.ext.asyncio import AsyncSession

from bot import families, writing_turns
from bot.desk import Desk
from bot.own_payloads import TURNS, Deed, OwnPress, own_button, read_own
from bot.own_switches import Standing, news_question, said, switch_rows
from bot.parent_home import home_row
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.site_entry import SiteEntry
from bot.subscription_words import kept_if_silent, of_family
from bot.teacher_payloads import Token
from bot.turn import Turn
from bot.wording import paragraphs
from bot.writings import Writing
from core.account import accounts
from core.actor import Act
from core.events import Channel
from core.person import mailboxes
from core.person.mailboxes import OwnMailbox
from core.refusals import Conflict
from gateway import subscriptions, switches
from texts.reader import Texts

_COMMAND = re.compile(r"/me(@\w+)?(\s.*)?|мои данные|оповещени[ея]", re.DOTALL | re.IGNORECASE)


class MailboxWriting(Writing):
    """A mailbox that is about to be typed."""

    KIND: ClassVar[str] = "mailbox"

    person: UUID


class _Pressed(Filter):
    """Lets through presses about one's own data; the handler gets the ``press``."""

    async def __call__(self, query: CallbackQuery) -> bool | dict[str, Any]:
        press = read_own(query.data or "")
        return False if press is None else {"press": press}


@dataclass(frozen=True, slots=True)
class OwnData:
    """Screens and acts of a parent's own data."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its command and buttons."""
        router = Router(name="own-data")
        router.message.register(self.on_command, F.text.regexp(_COMMAND, mode="fullmatch"))
        router.callback_query.register(self.on_press, _Pressed())
        return router

    async def on_command(self, _: Message, turn: Turn) -> None:
        """Show the data; ask whose, if the account stands for guardians of several schools."""
        async with self.desk.core.begin() as session:
            guardians = await families.guardians(session, turn.account, turn.at)
        if len(guardians) > 1:
            await turn.say(whose(self.desk.texts, guardians))
        else:
            await turn.say(await self._screen(turn, guardians[0].person))

    async def on_press(self, _: CallbackQuery, turn: Turn, press: OwnPress) -> None:
        """Act on a press."""
        match press.deed:
            case Deed.SHOW:
                screen = await self._screen(turn, press.person)
            case Deed.GIVE:
                await self._guardian(turn, press.person)
                await writing_turns.begin(self.desk, turn, MailboxWriting(person=press.person))
                screen = typing(self.desk.texts, press.person)
            case Deed.ASK_TO_TAKE_BACK:
                await self._guardian(turn, press.person)
                screen = sure(self.desk.texts, press.person)
            case Deed.TAKE_BACK:
                screen = await self._take_back(turn, press.person)
            case Deed.ASK_NEWS_OFF:
                persona = await self._guardian(turn, press.person)
                stands = await self._switches(persona)
                screen = news_question(self.desk.texts, press.person, stands)
            case Deed.NEWS_ON | Deed.NEWS_OFF | Deed.LETTERS_ON | Deed.LETTERS_OFF | Deed.COPIES_ON | Deed.COPIES_OFF:
                screen = await self._turn(turn, press)
            case Deed.ENTER:
                await self._guardian(turn, press.person)
                await SiteEntry(self.desk).give(turn)
                return
            case _:
                assert_never(press.deed)
        await turn.answer()
        await turn.show(screen)

    async def take(self, turn: Turn, token: Token, text: str) -> None:
        """Take what was typed as a mailbox; what is none is asked for again, in the words of the refusal."""
        writing = await writing_turns.look(self.desk, turn, token, MailboxWriting)
        if writing is None:
            await writing_turns.stale(self.desk, turn)
            return
        await self._guardian(turn, writing.person)
        async with self.desk.core.begin() as session:
            act = await self._act(session, turn, writing.person)
            await mailboxes.ask(session, act, writing.person, text)
        # Said before it is forgotten: a repeat after a crash says it again, and asks nobody twice.
        await turn.say(await self._screen(turn, writing.person))
        await writing_turns.drop(self.desk, turn, token)

    async def _take_back(self, turn: Turn, person: UUID) -> Screen:
        await self._guardian(turn, person)
        async with self.desk.core.begin() as session:
            await mailboxes.take_back(session, await self._act(session, turn, person), person)
        return await self._screen(turn, person)

    async def _turn(self, turn: Turn, press: OwnPress) -> Screen:
        persona = await self._guardian(turn, press.person)
        switch, on = TURNS[press.deed]
        await self._switches(persona)
        async with self.desk.gateway.begin() as session:
            await switches.turn(session, press.person, switch, on=on, via="chat", at=turn.at)
        return await self._screen(turn, press.person)

    async def _switches(self, persona: Persona) -> Standing:
        """Read how the switches stand. Raises ``Conflict`` while the gateway has not heard of this person."""
        stands = await self._known(persona)
        if stands is None:
            raise Conflict("link-not-told-yet")
        return stands

    async def _known(self, persona: Persona) -> Standing | None:
        async with self.desk.gateway.begin() as session:
            profile = await subscriptions.profile(session, persona.person)
            found = await switches.standing(session, persona.person)
        if profile is None or found is None:
            return None
        return Standing(found, kept_if_silent(self.desk.texts, profile))

    async def _screen(self, turn: Turn, person: UUID) -> Screen:
        persona = await self._guardian(turn, person)
        async with self.desk.core.begin() as session:
            stands = await mailboxes.standing(session, await self._act(session, turn, person), person)
        known = await self._known(persona)
        return own_data(self.desk.texts, persona, stands, known, has_site=self.desk.site is not None)

    async def _guardian(self, turn: Turn, person: UUID) -> Persona:
        async with self.desk.core.begin() as session:
            return await families.guardian(session, turn.account, person, turn.at)

    async def _act(self, session: AsyncSession, turn: Turn, person: UUID) -> Act:
        return Act(await accounts.actor_for(session, turn.account, person), turn.at, turn.key)


def row(texts: Texts, person: UUID) -> tuple[Button, ...]:
    """Return the way here from the screen of what is sent."""
    return (own_button(texts.format("me-button-open"), Deed.SHOW, person),)


def whose(texts: Texts, guardians: tuple[Persona, ...]) -> Screen:
    """Ask which school's data to show."""
    rows = tuple((own_button(of_family(texts, one), Deed.SHOW, one.person),) for one in guardians)
    return Screen(texts.format("me-whose"), (*rows, home_row(texts)))


def own_data(texts: Texts, persona: Persona, stands: OwnMailbox, known: Standing | None, *, has_site: bool) -> Screen:
    """Return a parent's mailbox and switches as they stand, what can be done, and the way to the site if there is one.

    The gateway may not have ``known`` of somebody who has just been linked: then there are no switches yet.
    """
    allowed = Channel.MAIL in persona.school.settings.allowed_channels
    text = paragraphs(
        texts.format("me-title"),
        *_mailbox(texts, persona, stands),
        "" if allowed else texts.format("me-mailbox-not-allowed"),
        "" if known is None else said(texts, known),
    )
    has = stands.used or stands.stated or stands.waiting
    give = own_button(texts.format("me-button-change" if has else "me-button-give"), Deed.GIVE, persona.person)
    back = own_button(texts.format("me-button-take-back"), Deed.ASK_TO_TAKE_BACK, persona.person)
    enter = own_button(texts.format("site-button"), Deed.ENTER, persona.person)
    rows: Rows = (*(((give,),) if allowed else ()), *(((back,),) if has else ()), *(((enter,),) if has_site else ()))
    switched = () if known is None else switch_rows(texts, persona.person, known)
    return Screen(text, (*switched, *rows, home_row(texts)))


def _mailbox(texts: Texts, persona: Persona, stands: OwnMailbox) -> tuple[str, ...]:
    found = []
    if stands.used is not None:
        found.append(texts.format("me-mailbox-used", mailbox=stands.used))
    if stands.stated is not None:
        found.append(texts.format("me-mailbox-stated", mailbox=stands.stated))
    if stands.waiting is not None and stands.until is not None:
        until = stands.until.astimezone(ZoneInfo(persona.school.zone))
        values = {"mailbox": stands.waiting, "until": f"{until:%H:%M}", "day": f"{until:%d.%m.%Y}"}
        found.append(texts.format("me-mailbox-waiting", **values))
    return tuple(found) or (texts.format("me-mailbox-none"),)


def typing(texts: Texts, person: UUID) -> Screen:
    """Ask for a mailbox in words."""
    leave = own_button(texts.format("me-button-leave"), Deed.SHOW, person)
    return Screen(texts.format("me-type"), ((leave,),))


def sure(texts: Texts, person: UUID) -> Screen:
    """Ask before letters end."""
    yes = own_button(texts.format("me-button-take-back-yes"), Deed.TAKE_BACK, person)
    leave = own_button(texts.format("me-button-leave"), Deed.SHOW, person)
    return Screen(texts.format("me-take-back-ask"), ((yes,), (leave,)))
