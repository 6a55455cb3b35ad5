"""Marks: two taps for each pupil in a row, the second one records."""

import base64
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import employees, mark_screens
from bot.desk import Desk
from bot.mark_screens import Note
from bot.teacher_payloads import Change, Correct, Give, GiveForMissed, Marks, MarkWhom, Once, Pressed, TakeBack
from bot.turn import Turn
from core.actor import Act, Actor
from core.learning import gradebook
from core.learning.gradebook import WORKS, Given, GradeLine, GradePage, MarkView
from core.refusals import Conflict, Invalid

type Giving = Callable[[AsyncSession, Act, UUID, UUID, int, str], Awaitable[Given]]
"""The command that gives a mark: as any, or for a topic that was missed."""


@dataclass(frozen=True, slots=True)
class MarkBook:
    """Acts of a teacher with the marks of a lesson."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="marks")
        router.callback_query.register(self.on_list, Pressed(Marks))
        router.callback_query.register(self.on_whom, Pressed(MarkWhom))
        router.callback_query.register(self.on_give, Pressed(Give))
        router.callback_query.register(self.on_give_for_missed, Pressed(GiveForMissed))
        router.callback_query.register(self.on_change, Pressed(Change))
        router.callback_query.register(self.on_correct, Pressed(Correct))
        router.callback_query.register(self.on_take_back, Pressed(TakeBack))
        return router

    async def on_list(self, _: CallbackQuery, turn: Turn, press: Marks) -> None:
        """Show the class, to choose whom to mark."""
        work = _known(press.work)
        async with self.desk.core.begin() as session:
            _actor, page = await self._open(session, turn, press.lesson)
        await self._show_list(turn, page, work)

    async def on_whom(self, _: CallbackQuery, turn: Turn, press: MarkWhom) -> None:
        """Show the marks to choose from."""
        work = _known(press.work)
        async with self.desk.core.begin() as session:
            _actor, page = await self._open(session, turn, press.lesson)
        line = _line_of(page, press.pupil)
        await turn.answer()
        await turn.show(mark_screens.which(self.desk.texts, page, line, work, _once(turn.key)))

    async def on_give(self, _: CallbackQuery, turn: Turn, press: Give) -> None:
        """Give a mark; to a pupil who is absent there only after asking whether it is for what was missed (ATT-09)."""
        _known(press.work)
        async with self.desk.core.begin() as session:
            _actor, page = await self._open(session, turn, press.lesson)
        line = _line_of(page, press.pupil)
        if line.absent:
            await turn.answer()
            await turn.show(mark_screens.missed(self.desk.texts, page, line, press))
            return
        await self._record(turn, press, gradebook.give)

    async def on_give_for_missed(self, _: CallbackQuery, turn: Turn, press: GiveForMissed) -> None:
        """Give a mark for a topic that was missed and passed later: this is the yes."""
        await self._record(turn, press, gradebook.give_for_missed)

    async def _record(self, turn: Turn, press: Give | GiveForMissed, give: Giving) -> None:
        """Record a mark; whichever taps come from one screen, one mark comes of them."""
        work = _known(press.work)
        key = f"mark:{turn.account}:{press.lesson.hex}:{press.pupil.hex}:{press.once}"
        async with self.desk.core.begin() as session:
            actor, _facts = await employees.of_lesson(session, turn.account, press.lesson, turn.at)
            act = Act(actor, turn.at, key)
            given = await give(session, act, press.lesson, press.pupil, press.value, WORKS[work])
            page = await gradebook.page(session, actor, press.lesson, turn.at)
        found = _standing(page, given.mark)
        if found is None:
            await turn.answer(self.desk.texts.format("teacher-mark-given-once"), alert=True)
            await self._show_list(turn, page, work)
            return
        line, mark = found
        await turn.answer(self.desk.texts.format("bot-recorded-toast"))
        await self._show_list(turn, page, work, mark_screens.given(self.desk.texts, page, line, mark, turn.at))

    async def on_change(self, _: CallbackQuery, turn: Turn, press: Change) -> None:
        """Show what may be done with a mark."""
        async with self.desk.core.begin() as session:
            _actor, page = await self._open(session, turn, press.lesson)
        line, mark = _found(page, press.mark)
        await turn.answer()
        await turn.show(mark_screens.change(self.desk.texts, page, line, mark))

    async def on_correct(self, _: CallbackQuery, turn: Turn, press: Correct) -> None:
        """Make a mark another value."""
        async with self.desk.core.begin() as session:
            actor, before = await self._open(session, turn, press.lesson)
            _line, was = _found(before, press.mark)
            await gradebook.correct(session, Act(actor, turn.at, turn.key), press.mark, press.value)
            page = await gradebook.page(session, actor, press.lesson, turn.at)
        line, mark = _found(page, press.mark)
        note = mark_screens.corrected(self.desk.texts, page, line, mark, was.value)
        await turn.answer(self.desk.texts.format("bot-recorded-toast"))
        await self._show_list(turn, page, mark_screens.work_of(mark), note)

    async def on_take_back(self, _: CallbackQuery, turn: Turn, press: TakeBack) -> None:
        """Take a mark back."""
        async with self.desk.core.begin() as session:
            actor, before = await self._open(session, turn, press.lesson)
            line, mark = _found(before, press.mark)
            await gradebook.take_back(session, Act(actor, turn.at, turn.key), press.mark)
            page = await gradebook.page(session, actor, press.lesson, turn.at)
        await turn.answer(self.desk.texts.format("bot-undone-toast"))
        note = mark_screens.taken_back(self.desk.texts, line, mark)
        await self._show_list(turn, page, mark_screens.work_of(mark), note)

    async def _open(self, session: AsyncSession, turn: Turn, lesson: UUID) -> tuple[Actor, GradePage]:
        actor, _ = await employees.of_lesson(session, turn.account, lesson, turn.at)
        return actor, await gradebook.page(session, actor, lesson, turn.at)

    async def _show_list(self, turn: Turn, page: GradePage, work: int, note: Note | None = None) -> None:
        await turn.answer()
        await turn.show(mark_screens.whom(self.desk.texts, page, work, note))


def _once(key: str) -> Once:
    """Return what all buttons of one screen have in common; the same when its update is handled again."""
    return Once(base64.urlsafe_b64encode(hashlib.sha256(key.encode()).digest()).decode()[:6])


def _known(work: int) -> int:
    if work >= len(WORKS):
        raise Invalid("work-unknown", work=str(work))
    return work


def _line_of(page: GradePage, pupil: UUID) -> GradeLine:
    for line in page.pupils:
        if line.pupil == pupil:
            return line
    raise Invalid("pupil-of-another-class", class_title=page.lesson.class_title)


def _standing(page: GradePage, mark: UUID) -> tuple[GradeLine, MarkView] | None:
    found = ((line, one) for line in page.pupils for one in line.marks if one.id == mark)
    return next(found, None)


def _found(page: GradePage, mark: UUID) -> tuple[GradeLine, MarkView]:
    """Find a mark on the page of its lesson: whoever names a mark of another lesson names none here."""
    found = _standing(page, mark)
    if found is None:
        raise Conflict("mark-taken-back")
    return found
