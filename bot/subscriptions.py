"""What is sent to a parent: offered once after linking, changed at any time. The gateway keeps it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot import families, subscription_screens, subscription_topic_screens
from bot.desk import Desk
from bot.parent_home import menu_rows
from bot.parent_payloads import (
    ADVISED,
    ADVISED_SURE,
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
from bot.subscription_payloads import (
    EVERY_CHILD,
    CallBad,
    ChooseFor,
    EverySubject,
    LikeTheOthers,
    OfChild,
    OfSubjects,
    OfTopic,
    SubscriptionChoice,
    TakeSubject,
    sign_of,
)
from bot.subscription_words import Reader, Unsigned, is_silent, silent, standing
from bot.turn import Turn
from bot.wording import paragraphs
from core.consent import consents
from core.events import Channel, ConsentPurpose
from core.learning import taught_subjects
from core.refusals import Conflict
from gateway import subscriptions
from gateway.categories import Category
from gateway.profiles import OFF, Mode, Selection
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
        said = [silent(self.desk.texts, await self._unsigned(persona, at)) for persona in personas if persona.children]
        return tuple(sentence for one in said for sentence in one)

    async def why(self, persona: Persona, at: datetime) -> str:
        """Say what a guardian has subscribed to, for the answer to "why did I get this"."""
        profile = await self._profile(persona.person)
        if profile is None:
            return ""
        reader = Reader(persona, profile, await self._unsigned(persona, at))
        return standing(self.desk.texts, reader)

    async def on_press(self, turn: Turn, press: SubscriptionPress) -> None:
        """Choose; every press of a choice says what shall be, so that a second one is harmless."""
        match press:
            case Profiles():
                await self._show(turn, await self._first_screen(turn))
            case OfProfile():
                await self._of_profile(turn, press)
            case OfCategory(person, category):
                await self.on_choice(turn, OfTopic(person, EVERY_CHILD, category))
            case Choose(person, category, choice):
                await self.on_choice(turn, ChooseFor(person, EVERY_CHILD, category, choice))
            case _:
                assert_never(press)

    async def on_choice(self, turn: Turn, press: SubscriptionChoice) -> None:
        """Choose for one child or for all; here too a press says what shall be."""
        reader = await self._known(turn, press.person, press.child)
        texts = self.desk.texts
        match press:
            case OfChild():
                await self._show(turn, subscription_screens.overview(texts, reader))
            case OfTopic(category=category):
                await self._show(turn, subscription_topic_screens.of_category(texts, reader, category))
            case ChooseFor():
                await self._choose(turn, reader, press)
            case CallBad(below=below):
                bad = replace(_selection(reader, Category.BAD_MARK), below=below)
                await self._select(turn, reader, bad)
                await turn.show(subscription_topic_screens.of_category(texts, await self._again(reader), bad.category))
            case OfSubjects(category=category):
                await turn.answer()
                await self._show_subjects(turn, reader, category)
            case TakeSubject() | EverySubject():
                await self._take_subject(turn, reader, press)
            case LikeTheOthers():
                await self._like_the_others(turn, reader)
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
        texts, nothing = self.desk.texts, is_silent(reader.profile)
        if press.what == ADVISED_SURE or (press.what == ADVISED and not subscription_screens.has_own_choice(reader)):
            await self._recommend(turn, reader)
        elif press.what == ADVISED:
            await self._show(turn, subscription_screens.advised_question(texts, reader))
        elif press.what == SILENCE:
            await self._silence(turn, reader)
        elif press.what == LATER and nothing:
            await self._show(turn, subscription_screens.later(texts, reader))
        elif press.what in (ASK_SILENCE, LATER) and not nothing:
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

    async def _choose(self, turn: Turn, reader: Reader, press: ChooseFor) -> None:
        if press.choice.mode is not Mode.OFF and press.choice.channel not in reader.profile.channels:
            # A channel that was lost since the button was drawn.
            raise Conflict("channel-not-yours")
        profile = reader.profile
        if press.choice == OFF and press.category in profile.insisted and profile.channels:
            # A button of a screen drawn before the school insisted on it.
            await turn.answer(self.desk.texts.format("parent-subs-insisted"), alert=True)
            await turn.show(subscription_topic_screens.of_category(self.desk.texts, reader, press.category))
            return
        async with self.desk.gateway.begin() as session:
            await subscriptions.choose(
                session, press.person, press.category, press.choice, at=turn.at, pupil=_pupil(reader)
            )
            changed = await self._changed(session, reader)
        await turn.answer(self.desk.texts.format("parent-subs-chosen"))
        await turn.show(subscription_topic_screens.of_category(self.desk.texts, changed, press.category))

    async def _select(self, turn: Turn, reader: Reader, selection: Selection) -> None:
        async with self.desk.gateway.begin() as session:
            await subscriptions.select(session, reader.person, selection, at=turn.at)
        await turn.answer(self.desk.texts.format("parent-subs-chosen"))

    async def _take_subject(self, turn: Turn, reader: Reader, press: TakeSubject | EverySubject) -> None:
        selection = _selection(reader, press.category)
        subjects = frozenset[str]()
        if isinstance(press, TakeSubject):
            known = {sign_of(one): one for one in (*await self._taught(turn, reader), *selection.subjects)}
            if press.subject not in known:
                # The timetable was changed since the button was drawn.
                raise Conflict("subject-not-taught")
            named = frozenset({known[press.subject]})
            subjects = selection.subjects | named if press.wanted else selection.subjects - named
        await self._select(turn, reader, replace(selection, subjects=subjects))
        await self._show_subjects(turn, await self._again(reader), press.category)

    async def _show_subjects(self, turn: Turn, reader: Reader, category: Category) -> None:
        taught = await self._taught(turn, reader)
        await turn.show(subscription_topic_screens.subjects(self.desk.texts, reader, category, taught))

    async def _taught(self, turn: Turn, reader: Reader) -> tuple[str, ...]:
        persona = reader.persona
        pupils = [child.pupil for child in persona.children if reader.child in (None, child)]
        async with self.desk.core.begin() as session:
            return await taught_subjects.taught(session, persona.school.id, pupils, persona.today(turn.at))

    async def _like_the_others(self, turn: Turn, reader: Reader) -> None:
        pupil = _pupil(reader)
        if pupil is not None:
            async with self.desk.gateway.begin() as session:
                await subscriptions.choose_for_all(session, reader.person, pupil, at=turn.at)
        await turn.answer(self.desk.texts.format("parent-subs-chosen"))
        await turn.show(subscription_screens.overview(self.desk.texts, await self._again(reader)))

    async def _show(self, turn: Turn, screen: Screen) -> None:
        await turn.answer()
        await turn.show(screen)

    async def _known(self, turn: Turn, person: UUID, child: UUID = EVERY_CHILD) -> Reader:
        """Return a guardian behind the account and how he is told; the right is checked anew at every press."""
        persona = await self._guardian(turn, person)
        chosen = None if child == EVERY_CHILD else families.guardian_of([persona], [child])[1]
        async with self.desk.gateway.begin() as session:
            profile = await self._read(session, person, None if chosen is None else chosen.pupil)
        return Reader(persona, profile, await self._unsigned(persona, turn.at), chosen)

    async def _again(self, reader: Reader) -> Reader:
        async with self.desk.gateway.begin() as session:
            return await self._changed(session, reader)

    async def _changed(self, session: AsyncSession, reader: Reader) -> Reader:
        return replace(reader, profile=await self._read(session, reader.person, _pupil(reader)))

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

    async def _read(self, session: AsyncSession, person: UUID, pupil: UUID | None) -> Profile:
        """Read a profile that must be there. Raises ``Conflict`` while the gateway has not heard of this person."""
        profile = await subscriptions.profile(session, person, pupil)
        if profile is None:
            raise Conflict("link-not-told-yet")
        return profile

    async def _profile(self, person: UUID) -> Profile | None:
        async with self.desk.gateway.begin() as session:
            return await subscriptions.profile(session, person)


def _pupil(reader: Reader) -> UUID | None:
    """Return the child for whom alone a choice counts."""
    return None if reader.child is None else reader.child.pupil


def _selection(reader: Reader, category: Category) -> Selection:
    """Return what counts now, to be changed for the child of the screen, or for all."""
    return replace(reader.profile.selection(category), pupil=_pupil(reader))
