"""A parent's conversation: answers under messages, the diary, notices, what is sent and how, absences announced."""

import re
from dataclasses import dataclass
from typing import assert_never

from aiogram import F, Router
from aiogram.types import CallbackQuery, Message

from bot import families, subscription_payloads
from bot.announce import AbsenceBook
from bot.announce_changes import AnnouncedList
from bot.desk import Desk
from bot.diary import Diary
from bot.notice_answers import NoticeAnswers, is_notice
from bot.own_data import OwnData
from bot.parent_home import home
from bot.parent_payloads import (
    PARENT_PREFIX,
    AskToRefuse,
    AskToSign,
    Back,
    Children,
    Choose,
    Confirm,
    Day,
    Home,
    Notices,
    OfCategory,
    OfProfile,
    Open,
    Profiles,
    Sign,
    Today,
    Week,
    read_parent,
)
from bot.payloads import ALERT_PREFIX, AlertPress, NoticeVerb, Verb, read_alert
from bot.quiet_hours import QuietHours
from bot.subscription_payloads import BeQuiet, LiveBy, OfHours, RestOnSunday
from bot.subscriptions import Subscriptions
from bot.turn import Turn
from bot.typed import TurningAway
from core.account import accounts
from core.actor import Act
from core.events import NoticeAct, ProposedReason, attendance_subject
from core.learning import attendance
from core.learning.attendance_day import DayKey
from gateway import receipts
from gateway.receipts import ReceiptKind, ToldMessage

_DIARY = re.compile(r"/diary(@\w+)?(\s.*)?|дневник", re.DOTALL | re.IGNORECASE)
_NOTICES = re.compile(r"/notices(@\w+)?(\s.*)?", re.DOTALL)
_SUBSCRIPTIONS = re.compile(
    r"/(subscriptions|stop)(@\w+)?(\s.*)?|подписк[аи]|отписаться|отписка|отпишите( меня)?|стоп|stop|не присылать"
    r"|не присылайте|не пишите",
    re.DOTALL | re.IGNORECASE,
)
"""Whoever wants no more writes so in many ways; the answer is where it is chosen, not that nobody reads it."""


@dataclass(frozen=True, slots=True)
class Parent:
    """Acts of parents."""

    desk: Desk
    diary: Diary
    notices: NoticeAnswers
    subscriptions: Subscriptions

    def router(self) -> Router:
        """Return the router of a parent's commands and buttons."""
        router = Router(name="parent")
        router.message.register(self.on_diary, F.text.regexp(_DIARY, mode="fullmatch"))
        router.message.register(self.on_notices, F.text.regexp(_NOTICES, mode="fullmatch"))
        router.message.register(self.on_subscriptions, F.text.regexp(_SUBSCRIPTIONS, mode="fullmatch"))
        router.callback_query.register(self.on_told_press, F.data.startswith(ALERT_PREFIX))
        router.callback_query.register(self.on_press, F.data.startswith(PARENT_PREFIX))
        router.callback_query.register(self.on_choice, F.data.startswith(subscription_payloads.PREFIX))
        router.callback_query.middleware(TurningAway(self.desk))
        router.include_routers(
            AbsenceBook(self.desk).router(), AnnouncedList(self.desk).router(), OwnData(self.desk).router()
        )
        return router

    async def on_diary(self, _: Message, turn: Turn) -> None:
        """Open the diary."""
        await self.diary.open(turn)

    async def on_notices(self, _: Message, turn: Turn) -> None:
        """List the notices."""
        await self.notices.open(turn)

    async def on_subscriptions(self, _: Message, turn: Turn) -> None:
        """Show what is sent."""
        await self.subscriptions.open(turn)

    async def on_press(self, query: CallbackQuery, turn: Turn) -> None:
        """Act on a press of a parent's own button; rights are checked anew at each."""
        press = read_parent(query.data or "")
        match press:
            case Children() | Week() | Day() | Today():
                await self.diary.on_press(turn, press)
            case Profiles() | OfProfile() | OfCategory() | Choose():
                await self.subscriptions.on_press(turn, press)
            case Notices() | Open() | Confirm() | AskToSign() | AskToRefuse() | Sign() | Back():
                await self.notices.on_press(turn, press)
            case Home():
                await self._home(turn)
            case None:
                await self._stale(turn)
            case _:
                assert_never(press)

    async def on_choice(self, query: CallbackQuery, turn: Turn) -> None:
        """Act on a press by which a parent chooses what is sent."""
        press = subscription_payloads.read_choice(query.data or "")
        match press:
            case None:
                await self._stale(turn)
            case OfHours() | BeQuiet() | LiveBy() | RestOnSunday():
                await QuietHours(self.desk).on_press(turn, press)
            case _:
                await self.subscriptions.on_choice(turn, press)

    async def _home(self, turn: Turn) -> None:
        async with self.desk.core.begin() as session:
            guardians = await families.guardians(session, turn.account, turn.at)
        silent = await self.subscriptions.silent(guardians, turn.at)
        await turn.answer()
        await turn.show(home(self.desk.texts, guardians, silent))

    async def on_told_press(self, query: CallbackQuery, turn: Turn) -> None:
        """Pass an answer on: to the journal, then to the gateway, which redraws its message by itself."""
        press = read_alert(query.data or "")
        message = None if press is None else await self._message_behind(turn, press)
        if press is None or message is None or not _fits(press.verb, message):
            await self._stale(turn)
        elif isinstance(press.verb, Verb):
            await self._acknowledge_or_explain(turn, message, press.verb)
        elif press.verb is NoticeVerb.CONFIRM:
            await self.notices.confirm_told(turn, message)
        else:
            act = NoticeAct.SIGNED if press.verb is NoticeVerb.SIGN else NoticeAct.REFUSED
            await self.notices.ask_told(turn, message, act)

    async def _acknowledge_or_explain(self, turn: Turn, message: ToldMessage, verb: Verb) -> None:
        if verb is Verb.OK:
            await self._check_right(turn, message)
            await self._note(turn, message, ReceiptKind.ACKNOWLEDGED, None)
        else:
            reason = ProposedReason(verb.value)
            await self._explain(turn, message, reason)
            await self._note(turn, message, ReceiptKind.EXPLAINED, reason.value)
        thanks = self.desk.texts.format(f"bot-thanks-{verb.value}")
        await turn.answer(thanks, alert=verb is Verb.UNAWARE)

    async def _message_behind(self, turn: Turn, press: AlertPress) -> ToldMessage | None:
        account = turn.account
        async with self.desk.gateway.begin() as session:
            return await receipts.message_behind(
                session, self.desk.vault, account.channel.value, account.external_id, press.delivery
            )

    async def _check_right(self, turn: Turn, message: ToldMessage) -> None:
        """Raise ``Forbidden`` if the reader may see none of these pupils any more."""
        async with self.desk.core.begin() as session:
            reader = await families.guardian(session, turn.account, message.recipient, turn.at)
        families.guardian_of([reader], message.pupils)

    async def _explain(self, turn: Turn, message: ToldMessage, reason: ProposedReason) -> None:
        async with self.desk.core.begin() as session:
            actor = await accounts.actor_for(session, turn.account, message.recipient)
            day = DayKey(message.pupil, message.day)
            await attendance.answer(session, Act(actor, turn.at, turn.key), day, reason)

    async def _note(self, turn: Turn, message: ToldMessage, kind: ReceiptKind, detail: str | None) -> None:
        async with self.desk.gateway.begin() as session:
            await receipts.note(session, message, kind, detail, key=turn.key, at=turn.at)

    async def _stale(self, turn: Turn) -> None:
        await turn.answer(self.desk.texts.format("bot-alert-stale"), alert=True)


def _fits(verb: Verb | NoticeVerb, message: ToldMessage) -> bool:
    """Tell whether a message of this kind may have such a button; any may have «Понятно»."""
    if isinstance(verb, NoticeVerb):
        return is_notice(message)
    if verb is Verb.OK:
        return True
    return any(message.subject == attendance_subject(pupil, message.day) for pupil in message.pupils)
