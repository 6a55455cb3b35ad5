"""A parent's answers to notices. A confirmation counts at once; a signature only under the exact text, shown again.

Core checks at every press whose notice it is, whether it is still to be answered, and the hash of what was shown.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from bot import families, paging, parent_notice_screens
from bot.desk import Desk
from bot.parent_notice_screens import OfReader
from bot.parent_payloads import (
    AskToRefuse,
    AskToSign,
    Back,
    Confirm,
    Listed,
    NoticePress,
    Notices,
    NoticeSource,
    Open,
    Sign,
    Told,
)
from bot.screens import Screen
from bot.turn import Turn
from core.account import accounts
from core.actor import Act
from core.events import NoticeAct, NoticeAsk, notice_subject
from core.notice import notices
from core.refusals import Conflict, Invalid, NotFound
from gateway import receipts
from gateway.receipts import ReceiptKind, ToldMessage

_SUBJECT = notice_subject(UUID(int=0)).removesuffix(str(UUID(int=0)))


def is_notice(message: ToldMessage) -> bool:
    """Tell whether a message of the gateway is about a notice."""
    return message.subject.startswith(_SUBJECT)


@dataclass(frozen=True, slots=True)
class NoticeAnswers:
    """Screens and acts of whoever is asked by a notice."""

    desk: Desk

    async def open(self, turn: Turn) -> None:
        """List the notices of all children."""
        await turn.say(await self._list(turn, 0))

    async def confirm_told(self, turn: Turn, message: ToldMessage) -> None:
        """Confirm the notice that a message of the gateway told of; the gateway redraws the message by itself."""
        one = await self._answer(turn, _listed(message), NoticeAct.CONFIRMED, None)
        await self._note(turn, message, NoticeAct.CONFIRMED, one.view.answered_at)
        await turn.answer(self.desk.texts.format("parent-notice-thanks-confirmed"))

    async def ask_told(self, turn: Turn, message: ToldMessage, act: NoticeAct) -> None:
        """Show the exact text of a notice once more, below the message that told of it, with the answer chosen."""
        await self._ask(turn, _listed(message), Told(message.delivery), act)

    async def on_press(self, turn: Turn, press: NoticePress) -> None:
        """Turn pages, open, answer."""
        match press:
            case Notices(page):
                screen = await self._list(turn, page)
                await turn.answer()
                await turn.show(screen)
            case Open(listed):
                one = await self._read(turn, listed)
                await turn.answer()
                await self._show(turn, parent_notice_screens.notice(self.desk.texts, one))
            case Confirm(listed):
                await self._confirm(turn, listed)
            case AskToSign(listed):
                await self._ask(turn, listed, listed, NoticeAct.SIGNED)
            case AskToRefuse(listed):
                await self._ask(turn, listed, listed, NoticeAct.REFUSED)
            case Sign():
                await self._sign(turn, press)
            case Back():
                screen = await self._list(turn, 0)
                await turn.answer(self.desk.texts.format("parent-notice-left"))
                await turn.show(screen)
            case _:
                assert_never(press)

    async def _list(self, turn: Turn, page: int) -> Screen:
        found: list[OfReader] = []
        closed: list[str] = []
        async with self.desk.core.begin() as session:
            for persona in await families.guardians(session, turn.account, turn.at):
                actor = await accounts.actor_for(session, turn.account, persona.person)
                views = await notices.for_guardian(session, actor, turn.at)
                found += [OfReader(persona, view, persona.today(turn.at)) for view in views]
                closed += await notices.closed_for(session, actor, turn.at)
        return parent_notice_screens.notice_list(self.desk.texts, found, page, closed)

    async def _confirm(self, turn: Turn, listed: Listed) -> None:
        one = await self._answer(turn, listed, NoticeAct.CONFIRMED, None)
        await turn.answer(self.desk.texts.format("parent-notice-thanks-confirmed"))
        await turn.show(parent_notice_screens.answered(self.desk.texts, one))

    async def _ask(self, turn: Turn, listed: Listed, source: NoticeSource, act: NoticeAct) -> None:
        one = await self._read(turn, listed)
        if one.view.withdrawn:
            raise Conflict("notice-withdrawn")
        if one.view.ask is not NoticeAsk.SIGN:
            raise Invalid("notice-asks-otherwise")
        if one.view.too_late(one.today):
            raise Conflict("notice-too-late")
        so_already = one.has_said(act)
        await turn.answer(self.desk.texts.format("parent-notice-answered-so") if so_already else "")
        screen = (
            parent_notice_screens.notice(self.desk.texts, one)
            if so_already
            else parent_notice_screens.question(self.desk.texts, one, source, act)
        )
        if isinstance(source, Told):
            await self._say(turn, screen)
        else:
            await self._show(turn, screen)

    async def _sign(self, turn: Turn, press: Sign) -> None:
        source = press.source
        if isinstance(source, Told):
            told = await self._message(turn, source)
            message: ToldMessage | None = told
            listed = _listed(told)
        else:
            message, listed = await self._told(turn, source), source
        before = await self._read(turn, listed)
        said_so = before.has_said(press.act)
        if before.view.answered_at is not None and not said_so and press.shown != before.shown:
            # Answered since this button was drawn: it must not overturn the answer, only show it.
            await turn.answer(self.desk.texts.format("parent-notice-card-old"), alert=True)
            await self._show(turn, parent_notice_screens.notice(self.desk.texts, before))
            return
        one = await self._answer(turn, listed, press.act, None if said_so else press.shown)
        if message is not None:
            await self._note(turn, message, press.act, one.view.answered_at)
        await turn.answer(self.desk.texts.format(f"parent-notice-thanks-{press.act}"))
        await turn.show(parent_notice_screens.answered(self.desk.texts, one))

    async def _answer(self, turn: Turn, listed: Listed, what: NoticeAct, shown: str | None) -> OfReader:
        """Hand an answer to core, and return the notice as it stands then; ``shown`` None: any text will do.

        Signs that are not those of the text go to core instead of its hash, and core refuses them.
        """
        async with self.desk.core.begin() as session:
            before = await self._of_reader(session, turn, listed)
            text_hash = before.view.text_hash
            same = shown is None or shown == before.shown
            actor = await accounts.actor_for(session, turn.account, listed.person)
            act = Act(actor, turn.at, turn.key)
            await notices.answer(session, act, listed.notice, what, text_hash if same else shown or "")
            return await self._of_reader(session, turn, listed)

    async def _read(self, turn: Turn, listed: Listed) -> OfReader:
        async with self.desk.core.begin() as session:
            return await self._of_reader(session, turn, listed)

    async def _of_reader(self, session: AsyncSession, turn: Turn, listed: Listed) -> OfReader:
        persona = await families.guardian(session, turn.account, listed.person, turn.at)
        actor = await accounts.actor_for(session, turn.account, listed.person)
        view = await notices.read(session, actor, listed.notice, turn.at)
        return OfReader(persona, view, persona.today(turn.at))

    async def _message(self, turn: Turn, told: Told) -> ToldMessage:
        account = turn.account
        async with self.desk.gateway.begin() as session:
            message = await receipts.message_behind(
                session, self.desk.vault, account.channel.value, account.external_id, told.delivery
            )
        if message is None or not is_notice(message):
            raise NotFound("notice-unknown")
        return message

    async def _told(self, turn: Turn, listed: Listed) -> ToldMessage | None:
        """Find the message that told of a notice which is answered from the list: the answer is its answer too."""
        account, subject = turn.account, notice_subject(listed.notice)
        async with self.desk.gateway.begin() as session:
            return await receipts.message_about(
                session, self.desk.vault, account.channel.value, account.external_id, subject, listed.person
            )

    async def _note(self, turn: Turn, message: ToldMessage, act: NoticeAct, answered_at: datetime | None) -> None:
        """Note an answer once, however often the finger comes down; another answer is another note."""
        key = f"notice/{message.delivery}/{act}/{answered_at}"
        async with self.desk.gateway.begin() as session:
            await receipts.note(session, message, ReceiptKind.ACKNOWLEDGED, act.value, key=key, at=turn.at)

    async def _show(self, turn: Turn, screen: Screen) -> None:
        if paging.fits(screen.text):
            await turn.show(screen)
        else:
            await self._say(turn, screen)

    async def _say(self, turn: Turn, screen: Screen) -> None:
        """Say a screen, in several messages if it fits none; the buttons stand under the last."""
        *first, last = paging.parts([screen.text])
        for text in first:
            await turn.say(Screen(text))
        await turn.say(Screen(last, screen.rows))


def _listed(message: ToldMessage) -> Listed:
    return Listed(message.recipient, UUID(message.subject.removeprefix(_SUBJECT)))
