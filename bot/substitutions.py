"""Substitutions from a phone, for the administration: who is away, which lesson, who steps in (TT-04)."""

from dataclasses import dataclass
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import class_choice, substitution_screens
from bot.desk import Desk
from bot.substitution_payloads import LessonsLeft, StepBack, StepIn, WhoIsAway, WhoStepsIn
from bot.teacher_payloads import Pressed
from bot.turn import Turn
from core.actor import Act, Actor
from core.person import people
from core.refusals import NotFound
from core.tables import Lesson
from core.timetable import lesson_changes, stand_ins
from core.timetable.lesson_changes import Substitute


@dataclass(frozen=True, slots=True)
class SubstitutionBook:
    """The screens on the way to a substitution."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of their buttons."""
        router = Router(name="substitutions")
        router.callback_query.register(self.on_away, Pressed(WhoIsAway))
        router.callback_query.register(self.on_lessons, Pressed(LessonsLeft))
        router.callback_query.register(self.on_lesson, Pressed(WhoStepsIn))
        router.callback_query.register(self.on_step_in, Pressed(StepIn))
        router.callback_query.register(self.on_step_back, Pressed(StepBack))
        return router

    async def on_away(self, _: CallbackQuery, turn: Turn, press: WhoIsAway) -> None:
        """Show whose lessons there are. Raises ``Forbidden`` for whoever arranges no substitutions here."""
        async with self.desk.core.begin() as session:
            actor, _persona = await class_choice.administration(session, turn.account, press.school, turn.at)
            found = await stand_ins.givers(session, actor, press.school, turn.at)
        await turn.answer()
        await turn.show(substitution_screens.who_is_away(self.desk.texts, press.school, found, press.page))

    async def on_lessons(self, _: CallbackQuery, turn: Turn, press: LessonsLeft) -> None:
        """Show what a teacher still gives today."""
        async with self.desk.core.begin() as session:
            actor, persona = await class_choice.administration(session, turn.account, press.school, turn.at)
            name, left = await stand_ins.lessons_left(session, actor, press.school, press.teacher, turn.at)
        if name is None:
            raise NotFound("stand-in-unknown")
        await turn.answer()
        await turn.show(substitution_screens.which_lesson(self.desk.texts, persona.school, name, left))

    async def on_lesson(self, _: CallbackQuery, turn: Turn, press: WhoStepsIn) -> None:
        """Show who might give a lesson."""
        async with self.desk.core.begin() as session:
            actor = await _actor(session, turn, press.lesson)
            facts, found = await stand_ins.stand_ins(session, actor, press.lesson, turn.at)
        await turn.answer()
        await turn.show(substitution_screens.who_steps_in(self.desk.texts, facts, found, press.page))

    async def on_step_in(self, _: CallbackQuery, turn: Turn, press: StepIn) -> None:
        """Record it. Raises what ``lesson_changes.substitute`` raises."""
        async with self.desk.core.begin() as session:
            actor = await _actor(session, turn, press.lesson)
            wanted = Substitute(press.teacher)
            change = await lesson_changes.substitute(session, Act(actor, turn.at, turn.key), press.lesson, wanted)
            facts, _others = await stand_ins.stand_ins(session, actor, press.lesson, turn.at)
            name = (await people.names(session, [press.teacher]))[press.teacher]
        await turn.answer(self.desk.texts.format("bot-recorded-toast"))
        await turn.show(substitution_screens.recorded(self.desk.texts, facts, name, change))

    async def on_step_back(self, _: CallbackQuery, turn: Turn, press: StepBack) -> None:
        """Take it back. Raises what ``lesson_changes.withdraw`` raises."""
        async with self.desk.core.begin() as session:
            actor, _persona = await class_choice.administration(session, turn.account, press.school, turn.at)
            await lesson_changes.withdraw(session, Act(actor, turn.at, turn.key), press.change)
        await turn.answer(self.desk.texts.format("bot-undone-toast"))
        await turn.show(substitution_screens.taken_back(self.desk.texts, press.school))


async def _actor(session: AsyncSession, turn: Turn, lesson: UUID) -> Actor:
    """Choose the person who administers the school of a lesson. Raises ``NotFound``, ``Forbidden``."""
    found = await session.get(Lesson, lesson)
    if found is None:
        raise NotFound("lesson-unknown")
    actor, _persona = await class_choice.administration(session, turn.account, found.school_id, turn.at)
    return actor
