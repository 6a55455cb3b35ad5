"""Remarks and praise: a pupil, words, a look at what will be sent, «Отправить»."""

from dataclasses import dataclass
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import employees, remark_screens, writing_turns
from bot.desk import Desk
from bot.remark_screens import RemarkScene, RemarkWriting
from bot.teacher_payloads import Phrase, Pressed, RemarkOn, Remarks, Rephrase, SendRemark, Token, Withdraw
from bot.turn import Turn
from bot.writings import Asks
from core import free_text
from core.actor import Act
from core.events import RemarkKind
from core.family import families
from core.learning import gradebook, lesson_learners, remarks
from core.learning.learning_tables import Remark
from core.learning.lesson_rights import LessonFacts
from core.refusals import Invalid
from core.school_time import school_date


@dataclass(frozen=True, slots=True)
class RemarkBook:
    """Acts of a teacher who writes into a pupil's diary."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="remarks")
        router.callback_query.register(self.on_list, Pressed(Remarks))
        router.callback_query.register(self.on_pupil, Pressed(RemarkOn))
        router.callback_query.register(self.on_phrase, Pressed(Phrase))
        router.callback_query.register(self.on_rephrase, Pressed(Rephrase))
        router.callback_query.register(self.on_send, Pressed(SendRemark))
        router.callback_query.register(self.on_withdraw, Pressed(Withdraw))
        return router

    async def on_list(self, _: CallbackQuery, turn: Turn, press: Remarks) -> None:
        """Show the class, to choose whom to write about."""
        async with self.desk.core.begin() as session:
            actor, _facts = await employees.of_lesson(session, turn.account, press.lesson, turn.at)
            page = await gradebook.page(session, actor, press.lesson, turn.at)
        await turn.answer()
        await turn.show(remark_screens.about_whom(self.desk.texts, page, press.kind))

    async def on_pupil(self, _: CallbackQuery, turn: Turn, press: RemarkOn) -> None:
        """Begin a remark."""
        async with self.desk.core.begin() as session:
            _actor, lesson = await employees.of_lesson(session, turn.account, press.lesson, turn.at)
            scene = await _scene(session, turn, lesson, press.pupil)
        fresh = RemarkWriting(lesson=press.lesson, pupil=press.pupil, kind=press.kind)
        token = await writing_turns.begin(self.desk, turn, fresh)
        await turn.answer()
        await turn.show(remark_screens.phrases(self.desk.texts, scene, token, fresh))

    async def on_phrase(self, _: CallbackQuery, turn: Turn, press: Phrase) -> None:
        """Take a ready phrase."""

        def phrased(writing: RemarkWriting) -> RemarkWriting:
            ready = remark_screens.phrase(self.desk.texts, writing.kind, press.place)
            return writing if ready is None else writing.changed(text=ready, asks=Asks.TEXT)

        writing = await writing_turns.change(self.desk, turn, press.token, RemarkWriting, phrased)
        await self._show(turn, press.token, writing)

    async def on_rephrase(self, _: CallbackQuery, turn: Turn, press: Rephrase) -> None:
        """Show the phrases again."""

        def wordless(writing: RemarkWriting) -> RemarkWriting:
            return writing.changed(text=None, asks=Asks.TEXT)

        writing = await writing_turns.change(self.desk, turn, press.token, RemarkWriting, wordless)
        await self._show(turn, press.token, writing)

    async def take(self, turn: Turn, token: Token, text: str) -> None:
        """Take what was typed as the words."""
        written = free_text.fit(text, remarks.LONGEST)

        def worded(writing: RemarkWriting) -> RemarkWriting:
            return writing.changed(text=written)

        await self._show(turn, token, await writing_turns.change(self.desk, turn, token, RemarkWriting, worded))

    async def on_send(self, _: CallbackQuery, turn: Turn, press: SendRemark) -> None:
        """Send what this very look shows."""
        writing = await writing_turns.look(self.desk, turn, press.token, RemarkWriting)
        if writing is not None and await writing_turns.may_send(self.desk, turn, writing, press.view):
            writing = await self._send(turn, press.token, writing)
            await turn.answer(self.desk.texts.format("teacher-sent-toast"))
        await self._show(turn, press.token, writing)

    async def on_withdraw(self, _: CallbackQuery, turn: Turn, press: Withdraw) -> None:
        """Take a remark back."""
        async with self.desk.core.begin() as session:
            actor, lesson = await employees.of_lesson(session, turn.account, press.lesson, turn.at)
            await remarks.withdraw(session, Act(actor, turn.at, turn.key), press.remark)
            remark = await session.get_one(Remark, press.remark)
            pupil, kind = remark.pupil_id, RemarkKind(remark.kind)
        await turn.answer(self.desk.texts.format("bot-undone-toast"))
        await turn.show(remark_screens.withdrawn(self.desk.texts, lesson, pupil, kind))

    async def _send(self, turn: Turn, token: Token, writing: RemarkWriting) -> RemarkWriting | None:
        async with self.desk.core.begin() as session:
            actor, _lesson = await employees.of_lesson(session, turn.account, writing.lesson, turn.at)
            # Keyed by the writing, not by the press: an impatient second tap sends nothing more.
            act = Act(actor, turn.at, f"writing:{token}")
            text = writing.text or ""
            made = await remarks.write(session, act, writing.lesson, writing.pupil, writing.kind, text)
        return await writing_turns.change(
            self.desk, turn, token, RemarkWriting, lambda found: found.finished(made, turn.at)
        )

    async def _show(self, turn: Turn, token: Token, writing: RemarkWriting | None) -> None:
        if writing is None:
            await writing_turns.stale(self.desk, turn)
            return
        async with self.desk.core.begin() as session:
            _actor, lesson = await employees.of_lesson(session, turn.account, writing.lesson, turn.at)
            scene = await _scene(session, turn, lesson, writing.pupil)
        await turn.answer()
        await turn.show(remark_screens.as_it_stands(self.desk.texts, scene, token, writing))


async def _scene(session: AsyncSession, turn: Turn, lesson: LessonFacts, pupil: UUID) -> RemarkScene:
    """Read about whom a remark is, and how many adults may read it."""
    found = (one.name for one in await lesson_learners.of_lesson(session, lesson.id) if one.pupil == pupil)
    name = next(found, None)
    if name is None:
        raise Invalid("pupil-of-another-class", class_title=lesson.class_title)
    readers = await families.guardians_of(session, [pupil], school_date(turn.at, lesson.school.zone))
    return RemarkScene(lesson, name, len(readers[pupil]))
