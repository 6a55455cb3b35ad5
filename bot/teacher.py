"""A teacher's conversation: today's lessons, the roll call in N + 1 taps, undo and correction."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import assert_never
from uuid import UUID

from aiogram import F, Router
from aiogram.types import CallbackQuery
from sqlalchemy.ext.asyncio import AsyncSession

from bot import drafts, persons, roll_screens, unasked
from bot.desk import Desk
from bot.drafts import OpenDraft, Recorded, RollDraft
from bot.lesson_list import lesson_list, teaching_days, to_call
from bot.payloads import PREFIX, AsLast, Done, Edit, Lessons, Look, Mark, Undo, read
from bot.persons import Persona
from bot.recent_rolls import RecentRolls
from bot.screens import Screen
from bot.turn import Turn
from bot.typed import TurningAway
from core.account import accounts
from core.actor import Act, Actor
from core.learning import attendance
from core.learning.attendance import Roll
from core.learning.lesson_rights import LessonFacts
from core.refusals import Conflict, Forbidden
from core.school_time import school_date
from gateway.unreached import absence_routes


@dataclass(frozen=True, slots=True)
class Teacher:
    """Screens and acts of teachers."""

    desk: Desk
    _recent: RecentRolls = field(default_factory=RecentRolls)

    def router(self) -> Router:
        """Return the router of a teacher's buttons."""
        router = Router(name="teacher")
        router.callback_query.middleware(TurningAway(self.desk, afterwards=True))
        router.callback_query.register(self.on_press, F.data.startswith(PREFIX))
        return router

    async def first_screen(self, turn: Turn, personas: Sequence[Persona]) -> Screen:
        """Return the roll call of the lesson that is on or next; the list of lessons if none is wanted."""
        async with self.desk.core.begin() as session:
            days = await teaching_days(session, personas, turn.at)
            chosen = to_call(days, turn.at)
            if chosen is None:
                return lesson_list(self.desk.texts, days, turn.at)
            persona, lesson = chosen
            actor = await accounts.actor_for(session, turn.account, persona.person)
            roll = await attendance.roll(session, actor, lesson.id, turn.at)
        if lesson.roll_called:
            return roll_screens.summary(self.desk.texts, roll)
        return await self._roster(turn, actor, roll)

    async def not_asked_for(self, turn: Turn, personas: Sequence[Persona]) -> Screen:
        """Return that a text was recorded nowhere, and where to write it."""
        async with self.desk.core.begin() as session:
            days = await teaching_days(session, personas, turn.at)
        return unasked.unasked(self.desk.texts, days, turn.at)

    async def on_press(self, query: CallbackQuery, turn: Turn) -> None:
        """Act on a press of a teacher's button; rights are checked anew at each."""
        press = read(query.data or "")
        match press:
            case Mark() | AsLast():
                await self._tick(turn, press)
            case Done(token):
                await self._record(turn, token)
            case Look(lesson):
                await self._look(turn, lesson)
            case Edit(lesson):
                await self._edit(turn, lesson)
            case Undo():
                await self._undo(turn, press)
            case Lessons():
                await self._lessons(turn)
            case None:
                await self._stale(turn)
            case _:
                assert_never(press)

    async def _tick(self, turn: Turn, press: Mark | AsLast) -> None:
        def ticked(draft: RollDraft) -> RollDraft:
            return draft if draft.recorded else _ticked(draft, press, turn.at)

        async with self.desk.bot.begin() as session:
            draft = await drafts.change(session, turn.account, press.draft, ticked)
        if draft is None:
            await self._stale(turn)
        elif draft.recorded is not None:
            await turn.answer(self.desk.texts.format("bot-recorded-already"), alert=True)
            await self._show_recorded(turn, draft, draft.recorded)
        else:
            roll = await self._read_lately(turn, draft)
            # Together: the answer stops the spinner, has no limit of messages per chat, and holds up no screen.
            screen = self._ticking(turn, roll, OpenDraft(press.draft, draft))
            done = await asyncio.gather(turn.answer(), turn.show(screen), return_exceptions=True)
            for failure in done:
                if isinstance(failure, BaseException):
                    raise failure

    async def _record(self, turn: Turn, token: str) -> None:
        async with self.desk.bot.begin() as session:
            draft = await drafts.change(session, turn.account, token, lambda found: found)
        if draft is None:
            await self._stale(turn)
            return
        recorded = draft.recorded or await self._record_in_core(turn, draft)
        async with self.desk.bot.begin() as session:
            noted = {"recorded": recorded}
            await drafts.change(session, turn.account, token, lambda found: found.model_copy(update=noted))
        await turn.answer(self.desk.texts.format("bot-recorded-toast"))
        await self._show_recorded(turn, draft, recorded)

    async def _record_in_core(self, turn: Turn, draft: RollDraft) -> Recorded:
        async with self.desk.core.begin() as session:
            actor = await accounts.actor_for(session, turn.account, draft.person)
            act = Act(actor, turn.at, turn.key)
            recorded = await attendance.record(session, act, draft.lesson, draft.exceptions(), roster=draft.roster)
            if recorded.version != draft.version + 1:
                # Somebody changed the roll after this roster was opened; raising takes our change back.
                raise Conflict("roll-changed-since")
        return Recorded(version=recorded.version, changed=len(recorded.changed), at=turn.at)

    async def _show_recorded(self, turn: Turn, draft: RollDraft, recorded: Recorded) -> None:
        roll = await self._read(turn, draft)
        await turn.show(roll_screens.summary(self.desk.texts, roll, recorded, await self._unreached(turn, roll)))

    async def _unreached(self, turn: Turn, roll: Roll) -> frozenset[UUID]:
        absent = roll_screens.unexplained(roll)
        if not absent:
            return frozenset()
        async with self.desk.gateway.begin() as session:
            found = await absence_routes(session, absent, school_date(turn.at, roll.lesson.school.zone))
        return frozenset(pupil for pupil, routes in found.items() if routes.nobody)

    async def _read_lately(self, turn: Turn, draft: RollDraft) -> Roll:
        """Return the roll behind a draft as it was seconds ago, to whoever is still who he was: his tick is his own.

        What parents have answered since it was opened is told while he ticks; rights are asked anew with the roll, and
        when it is recorded.
        """
        now = self.desk.machine_clock.monotonic()
        kept = self._recent.of(turn.account, draft, now)
        if kept is None:
            kept = await self._read(turn, draft)
            self._recent.keep(turn.account, draft, kept, now)
            return kept
        async with self.desk.core.begin() as session:
            await accounts.actor_for(session, turn.account, draft.person)
        return kept

    async def _read(self, turn: Turn, draft: RollDraft) -> Roll:
        """Read the roll behind a draft."""
        async with self.desk.core.begin() as session:
            actor = await accounts.actor_for(session, turn.account, draft.person)
            return await attendance.roll(session, actor, draft.lesson, turn.at)

    async def _look(self, turn: Turn, lesson: UUID) -> None:
        async with self.desk.core.begin() as session:
            actor, roll = await self._open(session, turn, lesson)
            called = await _is_called(session, roll.lesson)
        screen = roll_screens.summary(self.desk.texts, roll) if called else await self._roster(turn, actor, roll)
        await turn.answer()
        await turn.show(screen)

    async def _edit(self, turn: Turn, lesson: UUID) -> None:
        async with self.desk.core.begin() as session:
            actor, roll = await self._open(session, turn, lesson)
        screen = await self._roster(turn, actor, roll)
        await turn.answer()
        await turn.show(screen)

    async def _undo(self, turn: Turn, press: Undo) -> None:
        async with self.desk.core.begin() as session:
            actor, _ = await persons.actor_for_lesson(session, turn.account, press.lesson, turn.at)
            await attendance.withdraw(session, Act(actor, turn.at, turn.key), press.lesson, press.version)
            roll = await attendance.roll(session, actor, press.lesson, turn.at)
            called = await _is_called(session, roll.lesson)
        await turn.answer(self.desk.texts.format("bot-undone-toast"))
        await turn.show(roll_screens.undone(self.desk.texts, roll, called=called))

    async def _lessons(self, turn: Turn) -> None:
        async with self.desk.core.begin() as session:
            personas = await persons.behind(session, turn.account, turn.at)
            days = await teaching_days(session, personas, turn.at)
        if not days:
            raise Forbidden("account-not-linked")
        await turn.answer()
        await turn.show(lesson_list(self.desk.texts, days, turn.at))

    async def _open(self, session: AsyncSession, turn: Turn, lesson: UUID) -> tuple[Actor, Roll]:
        actor, _ = await persons.actor_for_lesson(session, turn.account, lesson, turn.at)
        return actor, await attendance.roll(session, actor, lesson, turn.at)

    async def _roster(self, turn: Turn, actor: Actor, roll: Roll) -> Screen:
        if actor.person is None:
            raise Forbidden("account-not-linked")
        fresh = roll_screens.draft_of(roll, actor.person)
        async with self.desk.bot.begin() as session:
            opened = await drafts.open_draft(session, turn.account, fresh, self.desk.machine_clock.now())
        return self._ticking(turn, roll, opened)

    def _ticking(self, turn: Turn, roll: Roll, opened: OpenDraft) -> Screen:
        """Return the roster, and the way to the same roll as a page."""
        screen = roll_screens.roster(self.desk.texts, roll, opened)
        if roll.lesson.cancelled is not None:
            return screen
        return self.desk.apps.offered(self.desk.texts, screen, turn.messenger, roll.lesson.id)

    async def _stale(self, turn: Turn) -> None:
        await turn.answer(self.desk.texts.format("bot-button-stale"), alert=True)


def _ticked(draft: RollDraft, press: Mark | AsLast, now: datetime) -> RollDraft:
    match press:
        case Mark(_, place, presence):
            return draft.marked(place, presence, now)
        case AsLast():
            return draft.as_last_lesson()
        case _ as never:
            assert_never(never)


async def _is_called(session: AsyncSession, lesson: LessonFacts) -> bool:
    return await attendance.is_called(session, lesson.id)
