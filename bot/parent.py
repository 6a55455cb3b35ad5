"""A parent's conversation: answers under an alert."""

from dataclasses import dataclass

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.desk import Desk
from bot.payloads import ALERT_PREFIX, AlertPress, Verb, read_alert
from bot.turn import Turn
from core import accounts, attendance
from core.actor import Act
from core.attendance_day import DayKey
from core.events import ProposedReason
from gateway import receipts
from gateway.receipts import ReceiptKind, ToldMessage


@dataclass(frozen=True, slots=True)
class Parent:
    """Acts of parents."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of the buttons under alerts."""
        router = Router(name="parent")
        router.callback_query.register(self.on_press, F.data.startswith(ALERT_PREFIX))
        return router

    async def on_press(self, query: CallbackQuery, turn: Turn) -> None:
        """Pass an answer on: to the journal, then to the gateway, which redraws the alert by itself."""
        press = read_alert(query.data or "")
        message = None if press is None else await self._message_behind(turn, press)
        if press is None or message is None:
            await turn.answer(self.desk.texts.format("bot-alert-stale"), alert=True)
            return
        if press.verb is Verb.OK:
            await self._note(turn, message, ReceiptKind.ACKNOWLEDGED, None)
        else:
            reason = ProposedReason(press.verb.value)
            await self._explain(turn, message, reason)
            await self._note(turn, message, ReceiptKind.EXPLAINED, reason.value)
        thanks = self.desk.texts.format(f"bot-thanks-{press.verb.value}")
        await turn.answer(thanks, alert=press.verb is Verb.UNAWARE)

    async def _message_behind(self, turn: Turn, press: AlertPress) -> ToldMessage | None:
        account = turn.account
        async with self.desk.gateway.begin() as session:
            return await receipts.message_behind(
                session, self.desk.vault, account.channel.value, account.external_id, press.delivery
            )

    async def _explain(self, turn: Turn, message: ToldMessage, reason: ProposedReason) -> None:
        async with self.desk.core.begin() as session:
            actor = await accounts.actor_for(session, turn.account, message.recipient)
            day = DayKey(message.pupil, message.day)
            await attendance.answer(session, Act(actor, turn.at, turn.key), day, reason)

    async def _note(self, turn: Turn, message: ToldMessage, kind: ReceiptKind, detail: str | None) -> None:
        async with self.desk.gateway.begin() as session:
            await receipts.note(session, message, kind, detail, key=turn.key, at=turn.at)
