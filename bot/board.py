"""The board of a notice: who has answered, read anew at each press; and how a notice is withdrawn."""

from dataclasses import dataclass
from uuid import UUID

from aiogram import Router
from aiogram.types import CallbackQuery

from bot import board_screens, employees
from bot.desk import Desk
from bot.teacher_payloads import AskToWithdraw, Board, Pressed, WithdrawNotice
from bot.turn import Turn
from core.actor import Act
from core.events import notice_subject
from core.notice import notice_boards, notices
from core.school_time import school_date
from gateway.reach import reached


@dataclass(frozen=True, slots=True)
class NoticeBoard:
    """Screens and acts of whoever has published a notice."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its buttons."""
        router = Router(name="board")
        router.callback_query.register(self.on_board, Pressed(Board))
        router.callback_query.register(self.on_ask_to_withdraw, Pressed(AskToWithdraw))
        router.callback_query.register(self.on_withdraw, Pressed(WithdrawNotice))
        return router

    async def on_board(self, _: CallbackQuery, turn: Turn, press: Board) -> None:
        """Show the board as it stands now."""
        await self._show(turn, press.notice)

    async def on_ask_to_withdraw(self, _: CallbackQuery, turn: Turn, press: AskToWithdraw) -> None:
        """Ask once more: families will be told that the notice is off."""
        async with self.desk.core.begin() as session:
            actor, _facts = await employees.of_notice(session, turn.account, press.notice, turn.at)
            shown = await notice_boards.board(session, actor, press.notice, turn.at)
        await turn.answer()
        await turn.show(board_screens.really(self.desk.texts, shown))

    async def on_withdraw(self, _: CallbackQuery, turn: Turn, press: WithdrawNotice) -> None:
        """Withdraw a notice."""
        async with self.desk.core.begin() as session:
            actor, _facts = await employees.of_notice(session, turn.account, press.notice, turn.at)
            await notices.withdraw(session, Act(actor, turn.at, turn.key), press.notice)
        await turn.answer(self.desk.texts.format("teacher-notice-withdrawn-toast"))
        await self._show(turn, press.notice)

    async def _show(self, turn: Turn, notice: UUID) -> None:
        async with self.desk.core.begin() as session:
            actor, facts = await employees.of_notice(session, turn.account, notice, turn.at)
            shown = await notice_boards.board(session, actor, notice, turn.at)
        day = school_date(shown.published_at, facts.school.zone)
        async with self.desk.gateway.begin() as session:
            ways = await reached(session, notice_subject(notice), day)
        await turn.answer()
        await turn.show(board_screens.board(self.desk.texts, facts, shown, ways, turn.at))
