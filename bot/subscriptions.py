"""What is sent to a parent: offered once after linking, changed at any time. The gateway keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot import families, subscription_screens
from bot.desk import Desk
from bot.parent_home import menu_rows
from bot.parent_payloads import (
    ADVISED,
    ASK_SILENCE,
    LATER,
    SILENCE,
    Choose,
    OfCategory,
    OfProfile,
    Profiles,
    SubscriptionPress,
)
from bot.persons import Persona
from bot.screens import Screen
from bot.subscription_screens import Reader, Unsigned
from bot.turn import Turn
from bot.wording import paragraphs
from core.consent import consents
from core.events import Channel, ConsentPurpose
from core.refusals import Conflict
from gateway import subscriptions
from gateway.profiles import Mode
from gateway.subscriptions import Profile


@dataclass(frozen=True, slots=True)
class Subscriptions:
    """Screens and acts of subscribing."""

    desk: Desk

    async def open(self, turn: Turn) -> None:
        """Show what is sent; ask for whom, if the account stands for several guardians."""
        await turn.say(await self._first_screen(turn))

    async def offer(self, turn: Turn, person: UUID) -> Screen:
        """Offer the recommended set to a guardian who has just been linked; the menu to one who has chosen already.

        The gateway may not have heard of the link yet: what it does not know is taken from what the school allows.
        """
        persona = await self._guardian(turn, person)
        profile = await self._profile(person)
        if profile is not None and profile.chosen:
            return Screen(paragraphs(*await self.silent([persona], turn.at)), menu_rows(self.desk.texts))
        known = () if profile is None else profile.channels
        allowed = persona.school.settings.allowed_channels
        channels = tuple(one for one in Channel if one in allowed and (one is turn.account.channel or one in known))
        return subscription_screens.offer(self.desk.texts, persona, channels, await self._unsigned(persona, turn.at))

    async def silent(self, personas: Sequence[Persona], at: datetime) -> tuple[str, ...]:
        """Say of which children nothing may be sent to these persons, and why; empty if all may."""
        said = [
            subscription_screens.silent(self.desk.texts, await self._unsigned(persona, at))
            for persona in personas
            if persona.children
        ]
        return tuple(sentence for one in said for sentence in one)

    async def why(self, persona: Persona, at: datetime) -> str:
        """Say what a guardian has subscribed to, for the answer to "why did I get this"."""
        profile = await self._profile(persona.person)
        if profile is None:
            return ""
        reader = Reader(persona, profile, await self._unsigned(persona, at))
        return subscription_screens.standing(self.desk.texts, reader)

    async def on_press(self, turn: Turn, press: SubscriptionPress) -> None:
        """Choose; every press of a choice says what shall be, so that a second one is harmless."""
        match press:
            case Profiles():
                await self._show(turn, await self._first_screen(turn))
            case OfProfile():
                await self._of_profile(turn, press)
            case OfCategory(person, category):
                reader = await self._known(turn, person)
                await self._show(turn, subscription_screens.of_category(self.desk.texts, reader, category))
            case Choose():
                await self._choose(turn, press)
            case _:
                assert_never(press)

    async def _first_screen(self, turn: Turn) -> Screen:
        async with self.desk.core.begin() as session:
            guardians = await families.guardians(session, turn.account, turn.at)
        if len(guardians) > 1:
            return subscription_screens.choice_of_school(self.desk.texts, guardians)
        return subscription_screens.overview(self.desk.texts, await self._known(turn, guardians[0].person))

    async def _of_profile(self, turn: Turn, press: OfProfile) -> None:
        reader = await self._known(turn, press.person)
        texts, silent = self.desk.texts, subscription_screens.is_silent(reader.profile)
        if press.what == ADVISED:
            await self._recommend(turn, reader)
        elif press.what == SILENCE:
            await self._silence(turn, reader)
        elif press.what == LATER and silent:
            await self._show(turn, subscription_screens.later(texts, reader))
        elif press.what in (ASK_SILENCE, LATER) and not silent:
            await self._show(turn, subscription_screens.silence_question(texts, reader))
        else:
            await self._show(turn, subscription_screens.overview(texts, reader))

    async def _recommend(self, turn: Turn, reader: Reader) -> None:
        async with self.desk.gateway.begin() as session:
            await subscriptions.recommend(session, reader.person, at=turn.at)
            changed = await self._changed(session, reader)
        await self._show(turn, subscription_screens.done(self.desk.texts, changed, "advised"))

    async def _silence(self, turn: Turn, reader: Reader) -> None:
        async with self.desk.gateway.begin() as session:
            await subscriptions.silence(session, reader.person, at=turn.at)
            changed = await self._changed(session, reader)
        await self._show(turn, subscription_screens.done(self.desk.texts, changed, "silent"))

    async def _choose(self, turn: Turn, press: Choose) -> None:
        reader = await self._known(turn, press.person)
        if press.choice.mode is not Mode.OFF and press.choice.channel not in reader.profile.channels:
            # A channel that was lost since the button was drawn.
            raise Conflict("channel-not-yours")
        async with self.desk.gateway.begin() as session:
            await subscriptions.choose(session, press.person, press.category, press.choice, at=turn.at)
            changed = await self._changed(session, reader)
        await turn.answer(self.desk.texts.format("parent-subs-chosen"))
        await turn.show(subscription_screens.of_category(self.desk.texts, changed, press.category))

    async def _show(self, turn: Turn, screen: Screen) -> None:
        await turn.answer()
        await turn.show(screen)

    async def _known(self, turn: Turn, person: UUID) -> Reader:
        """Return a guardian behind the account and how he is told; the right is checked anew at every press."""
        persona = await self._guardian(turn, person)
        async with self.desk.gateway.begin() as session:
            profile = await self._read(session, person)
        return Reader(persona, profile, await self._unsigned(persona, turn.at))

    async def _changed(self, session: AsyncSession, reader: Reader) -> Reader:
        return replace(reader, profile=await self._read(session, reader.person))

    async def _unsigned(self, persona: Persona, at: datetime) -> Unsigned:
        relations = {(child.pupil, persona.person): child.in_class() for child in persona.children}
        async with self.desk.core.begin() as session:
            standings = await consents.standings(session, relations)
        today = persona.today(at)
        silent = {
            purpose: tuple(
                relations[relation]
                for relation, standing in standings.items()
                if standing.in_force(today) and not standing.term(purpose).in_force(today)
            )
            for purpose in ConsentPurpose
        }
        unsigned = tuple(relations[one] for one, standing in standings.items() if not standing.in_force(today))
        return Unsigned(unsigned, silent[ConsentPurpose.ACHIEVEMENT], silent[ConsentPurpose.ATTENDANCE])

    async def _guardian(self, turn: Turn, person: UUID) -> Persona:
        async with self.desk.core.begin() as session:
            return await families.guardian(session, turn.account, person, turn.at)

    async def _read(self, session: AsyncSession, person: UUID) -> Profile:
        """Read a profile that must be there. Raises ``Conflict`` while the gateway has not heard of this person."""
        profile = await subscriptions.profile(session, person)
        if profile is None:
            raise Conflict("link-not-told-yet")
        return profile

    async def _profile(self, person: UUID) -> Profile | None:
        async with self.desk.gateway.begin() as session:
            return await subscriptions.profile(session, person)
