"""«Мои данные»: a parent's own mailbox, shown, typed in and taken back. Core keeps it; a letter asks its holder."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.filters import Filter
from aiogram.types import CallbackQuery, Message
from sqlalchemy.ext.asyncio import AsyncSession

from bot import families, writing_turns
from bot.desk import Desk
from bot.parent_home import home_row
from bot.persons import Persona
from bot.screens import Button, Rows, Screen
from bot.site_entry import SiteEntry
from bot.subscription_words import of_family
from bot.teacher_payloads import Token
from bot.turn import Turn
from bot.wording import paragraphs
from bot.writings import Writing
from core.account import accounts
from core.actor import Act
from core.events import Channel
from core.person import mailboxes
from core.person.mailboxes import OwnMailbox
from texts.reader import Texts

PREFIX = "p4:"
_COMMAND = re.compile(r"/me(@\w+)?(\s.*)?|мои данные", re.DOTALL | re.IGNORECASE)
_PRESS = re.compile(rf"{PREFIX}([sgate]):([0-9a-f]{{32}})")


class Deed(StrEnum):
    """What a press does."""

    SHOW = "s"
    GIVE = "g"
    ASK_TO_TAKE_BACK = "a"
    TAKE_BACK = "t"
    ENTER = "e"
    """Get a code for the site."""


@dataclass(frozen=True, slots=True)
class OwnPress:
    """A press about one person's own data; whose it is is checked at every press."""

    deed: Deed
    person: UUID


def pack_own(press: OwnPress) -> str:
    """Return the payload of a button."""
    return f"{PREFIX}{press.deed}:{press.person.hex}"


def read_own(payload: str) -> OwnPress | None:
    """Read the payload of a button; None if it is none of ours."""
    found = _PRESS.fullmatch(payload)
    return None if found is None else OwnPress(Deed(found[1]), UUID(found[2]))


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

    async def _screen(self, turn: Turn, person: UUID) -> Screen:
        persona = await self._guardian(turn, person)
        async with self.desk.core.begin() as session:
            stands = await mailboxes.standing(session, await self._act(session, turn, person), person)
        return own_data(self.desk.texts, persona, stands, has_site=self.desk.site is not None)

    async def _guardian(self, turn: Turn, person: UUID) -> Persona:
        async with self.desk.core.begin() as session:
            return await families.guardian(session, turn.account, person, turn.at)

    async def _act(self, session: AsyncSession, turn: Turn, person: UUID) -> Act:
        return Act(await accounts.actor_for(session, turn.account, person), turn.at, turn.key)


def row(texts: Texts, person: UUID) -> tuple[Button, ...]:
    """Return the way here from the screen of what is sent."""
    return (_button(texts.format("me-button-open"), Deed.SHOW, person),)


def whose(texts: Texts, guardians: tuple[Persona, ...]) -> Screen:
    """Ask which school's data to show."""
    rows = tuple((_button(of_family(texts, one), Deed.SHOW, one.person),) for one in guardians)
    return Screen(texts.format("me-whose"), (*rows, home_row(texts)))


def own_data(texts: Texts, persona: Persona, stands: OwnMailbox, *, has_site: bool) -> Screen:
    """Return a parent's mailbox as it stands, what can be done with it, and the way to the site if there is one."""
    allowed = Channel.MAIL in persona.school.settings.allowed_channels
    text = paragraphs(
        texts.format("me-title"),
        *_mailbox(texts, persona, stands),
        "" if allowed else texts.format("me-mailbox-not-allowed"),
    )
    has = stands.used or stands.stated or stands.waiting
    give = _button(texts.format("me-button-change" if has else "me-button-give"), Deed.GIVE, persona.person)
    back = _button(texts.format("me-button-take-back"), Deed.ASK_TO_TAKE_BACK, persona.person)
    enter = _button(texts.format("site-button"), Deed.ENTER, persona.person)
    rows: Rows = (*(((give,),) if allowed else ()), *(((back,),) if has else ()), *(((enter,),) if has_site else ()))
    return Screen(text, (*rows, home_row(texts)))


def _mailbox(texts: Texts, persona: Persona, stands: OwnMailbox) -> tuple[str, ...]:
    said = []
    if stands.used is not None:
        said.append(texts.format("me-mailbox-used", mailbox=stands.used))
    if stands.stated is not None:
        said.append(texts.format("me-mailbox-stated", mailbox=stands.stated))
    if stands.waiting is not None and stands.until is not None:
        until = stands.until.astimezone(ZoneInfo(persona.school.zone))
        values = {"mailbox": stands.waiting, "until": f"{until:%H:%M}", "day": f"{until:%d.%m.%Y}"}
        said.append(texts.format("me-mailbox-waiting", **values))
    return tuple(said) or (texts.format("me-mailbox-none"),)


def typing(texts: Texts, person: UUID) -> Screen:
    """Ask for a mailbox in words."""
    leave = _button(texts.format("me-button-leave"), Deed.SHOW, person)
    return Screen(texts.format("me-type"), ((leave,),))


def sure(texts: Texts, person: UUID) -> Screen:
    """Ask before letters end."""
    yes = _button(texts.format("me-button-take-back-yes"), Deed.TAKE_BACK, person)
    leave = _button(texts.format("me-button-leave"), Deed.SHOW, person)
    return Screen(texts.format("me-take-back-ask"), ((yes,), (leave,)))


def _button(label: str, deed: Deed, person: UUID) -> Button:
    return Button(label, pack_own(OwnPress(deed, person)))
