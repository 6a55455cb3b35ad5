"""Homework of a lesson: typed or «Не задано», shown with the lesson at which it is due, recorded with one tap."""

from dataclasses import dataclass, replace
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import employees, homework_screens, writing_turns
from bot.desk import Desk
from bot.homework_screens import HomeworkScene, HomeworkWriting
from bot.teacher_payloads import DropHomework, Homework, NothingSet, Pressed, SetHomework, Token
from bot.turn import Turn
from bot.writings import Asks
from core import free_text
from core.actor import Act
from core.events import Addressee, HomeworkState
from core.learning import homework, lesson_learners, timetable
from core.school_time import school_date
from gateway.audience import audience


@dataclass(frozen=True, slots=True)
class HomeworkBook:
    """Acts of a teacher who gives homework."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="homework")
        router.callback_query.register(self.on_open, Pressed(Homework))
        router.callback_query.register(self.on_nothing, Pressed(NothingSet))
        router.callback_query.register(self.on_set, Pressed(SetHomework))
        router.callback_query.register(self.on_drop, Pressed(DropHomework))
        return router

    async def on_open(self, _: CallbackQuery, turn: Turn, press: Homework) -> None:
        """Show what is given at the lesson, and ask for it."""
        async with self.desk.core.begin() as session:
            scene = await _scene(session, turn, press.lesson)
        fresh = HomeworkWriting(lesson=press.lesson)
        token = await writing_turns.begin(self.desk, turn, fresh)
        await turn.answer()
        await turn.show(homework_screens.as_it_stands(self.desk.texts, scene, token, fresh))

    async def on_nothing(self, _: CallbackQuery, turn: Turn, press: NothingSet) -> None:
        """Take «Не задано»."""

        def empty(writing: HomeworkWriting) -> HomeworkWriting:
            return writing.changed(text=None, nothing=True, asks=Asks.TEXT)

        await self._show(turn, press.token, await self._change(turn, press.token, empty))

    async def take(self, turn: Turn, token: Token, text: str) -> None:
        """Take what was typed."""
        written = free_text.fit(text, homework.LONGEST)

        def worded(writing: HomeworkWriting) -> HomeworkWriting:
            return writing.changed(text=written, nothing=False)

        await self._show(turn, token, await self._change(turn, token, worded))

    async def on_set(self, _: CallbackQuery, turn: Turn, press: SetHomework) -> None:
        """Record what this very look shows."""
        writing = await writing_turns.look(self.desk, turn, press.token, HomeworkWriting)
        if writing is not None and await writing_turns.may_send(self.desk, turn, writing, press.view):
            writing = await self._record(turn, press.token, writing)
            await turn.answer(self.desk.texts.format("bot-recorded-toast"))
        await self._show(turn, press.token, writing)

    async def on_drop(self, _: CallbackQuery, turn: Turn, press: DropHomework) -> None:
        """Take back what was given."""
        async with self.desk.core.begin() as session:
            actor, lesson = await employees.of_lesson(session, turn.account, press.lesson, turn.at)
            await homework.take_back(session, Act(actor, turn.at, turn.key), press.due)
        await turn.answer(self.desk.texts.format("bot-undone-toast"))
        await turn.show(homework_screens.dropped(self.desk.texts, lesson))

    async def _change(
        self, turn: Turn, token: Token, decide: writing_turns.Decision[HomeworkWriting]
    ) -> HomeworkWriting | None:
        return await writing_turns.change(self.desk, turn, token, HomeworkWriting, decide)

    async def _record(self, turn: Turn, token: Token, writing: HomeworkWriting) -> HomeworkWriting | None:
        async with self.desk.core.begin() as session:
            actor, lesson = await employees.of_lesson(session, turn.account, writing.lesson, turn.at)
            act = Act(actor, turn.at, f"writing:{token}")
            made = await homework.set_at(session, act, lesson.id, None if writing.nothing else writing.text)
        return await self._change(turn, token, lambda found: found.finished(made.lesson, turn.at))

    async def _show(self, turn: Turn, token: Token, writing: HomeworkWriting | None) -> None:
        if writing is None:
            await writing_turns.stale(self.desk, turn)
            return
        async with self.desk.core.begin() as session:
            scene = await _scene(session, turn, writing.lesson)
            state = await _state(session, scene) if writing.done else None
        if state is not None:
            async with self.desk.gateway.begin() as session:
                reach = await audience(session, scene.lesson.school.id, state, turn.at)
            scene = replace(scene, reach=reach)
        await turn.answer()
        await turn.show(homework_screens.as_it_stands(self.desk.texts, scene, token, writing))


async def _scene(session: AsyncSession, turn: Turn, lesson_id: UUID) -> HomeworkScene:
    """Read a lesson with what was given at it, and when it would be due."""
    actor, lesson = await employees.of_lesson(session, turn.account, lesson_id, turn.at)
    given = await homework.set_at_lesson(session, actor, lesson_id, turn.at)
    found = await timetable.next_lesson(session, lesson)
    today = school_date(turn.at, lesson.school.zone)
    return HomeworkScene(lesson, given, found.day if found and found.day > today else None)


async def _state(session: AsyncSession, scene: HomeworkScene) -> HomeworkState | None:
    """Return what the gateway will be told of the homework that stands."""
    given = scene.given
    if given is None:
        return None
    pupils = await lesson_learners.of_lesson(session, scene.lesson.id)
    return HomeworkState(
        lesson=given.lesson,
        class_title=given.class_title,
        pupils=tuple(Addressee(pupil=one.pupil, name=one.name.in_lists()) for one in pupils),
        subject_name=given.subject_name,
        set_on=given.set_on,
        due_on=given.due_on,
        text=given.text,
        nothing_set=given.nothing_set,
    )
