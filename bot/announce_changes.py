"""What a parent has announced: looked at, ended sooner, prolonged, taken back. Others' announcements are not shown."""

from dataclasses import dataclass
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery

from bot import announce_cards
from bot.announce import scene_of
from bot.announce_making import AbsenceScene
from bot.announce_payloads import (
    Announced,
    AskToCancel,
    Cancel,
    Longer,
    OneAnnounced,
    PressedAbsence,
    Sooner,
    Until,
    version_mark,
)
from bot.desk import Desk
from bot.screens import Screen
from bot.turn import Turn
from core.actor import Act
from core.learning import announced_absences
from core.learning.announced_absences import AbsenceView
from core.refusals import NotFound


@dataclass(frozen=True, slots=True)
class AnnouncedList:
    """Acts upon what stands announced."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="announced")
        router.callback_query.register(self.on_list, PressedAbsence(Announced))
        router.callback_query.register(self.on_one, PressedAbsence(OneAnnounced, Sooner, Longer, AskToCancel))
        router.callback_query.register(self.on_until, PressedAbsence(Until))
        router.callback_query.register(self.on_cancel, PressedAbsence(Cancel))
        return router

    async def on_list(self, _: CallbackQuery, turn: Turn, press: Announced) -> None:
        """List what is announced of a child."""
        await self._show(turn, announce_cards.announced(self.desk.texts, await self._scene(turn, press.pupil)))

    async def on_one(self, _: CallbackQuery, turn: Turn, press: OneAnnounced | Sooner | Longer | AskToCancel) -> None:
        """Show one, or ask what shall become of it."""
        draw = {
            OneAnnounced: announce_cards.card,
            Sooner: announce_cards.sooner,
            Longer: announce_cards.longer,
            AskToCancel: announce_cards.ask_to_cancel,
        }
        scene = await self._scene(turn, press.pupil)
        await self._show(turn, draw[type(press)](self.desk.texts, scene, _one(scene, press.announced)))

    async def on_until(self, _: CallbackQuery, turn: Turn, press: Until) -> None:
        """Change the last day. A button drawn before another change changes nothing, and shows what stands."""
        async with self.desk.core.begin() as session:
            scene = await scene_of(session, turn, press.pupil)
            one = scene.find(press.announced)
            fresh = one is None or version_mark(one.version) == press.version
            if fresh:
                # Of what stands no more core says why it does not.
                act = Act(scene.actor, turn.at, turn.key)
                await announced_absences.change_last_day(session, act, press.announced, press.last)
        scene = await self._scene(turn, press.pupil)
        done = _one(scene, press.announced).days.last == press.last
        if done:
            await turn.answer(self.desk.texts.format("announce-changed-toast"))
        else:
            await turn.answer(self.desk.texts.format("announce-changed-since"), alert=True)
        heading = "announce-changed" if done else "announce-card"
        one = _one(scene, press.announced)
        await self._show(turn, announce_cards.card(self.desk.texts, scene, one, heading))

    async def on_cancel(self, _: CallbackQuery, turn: Turn, press: Cancel) -> None:
        """Take it back; again is harmless."""
        async with self.desk.core.begin() as session:
            scene = await scene_of(session, turn, press.pupil)
            await announced_absences.withdraw(session, Act(scene.actor, turn.at, turn.key), press.announced)
        await turn.answer(self.desk.texts.format("announce-cancelled-toast"))
        await self._show(turn, announce_cards.cancelled(self.desk.texts, await self._scene(turn, press.pupil)))

    async def _scene(self, turn: Turn, pupil: UUID) -> AbsenceScene:
        async with self.desk.core.begin() as session:
            return await scene_of(session, turn, pupil)

    async def _show(self, turn: Turn, screen: Screen) -> None:
        await turn.answer()
        await turn.show(screen)


def _one(scene: AbsenceScene, announced: UUID) -> AbsenceView:
    one = scene.find(announced)
    if one is None:
        raise NotFound("absence-announced-unknown")
    return one
