"""What the bot does not converse about: groups, pictures, forwarded and edited messages, buttons of nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aiogram import F, Router
from aiogram.enums import ChatMemberStatus, ChatType, ContentType
from aiogram.types import CallbackQuery, ChatMemberRestricted, ChatMemberUpdated, Message

from bot.desk import Desk
from bot.screens import Screen
from bot.turn import Turn
from core.account import accounts
from gateway.closed_chats import closed
from gateway.muted_chats import UNTIL_UNMUTED, muted

_NOT_PRIVATE = F.chat.type != ChatType.PRIVATE
_JOINED = F.new_chat_member.status.in_({ChatMemberStatus.MEMBER, ChatMemberStatus.ADMINISTRATOR})
_LEFT = F.new_chat_member.status.in_({ChatMemberStatus.KICKED, ChatMemberStatus.LEFT})
_MUTED = F.new_chat_member.status == ChatMemberStatus.RESTRICTED
_UNMUTED = F.old_chat_member.status == ChatMemberStatus.RESTRICTED
"""In a private dialogue only ``bot.max_updates`` says so."""
SENT_BY_PEOPLE = frozenset(
    {
        ContentType.ANIMATION,
        ContentType.AUDIO,
        ContentType.CONTACT,
        ContentType.DICE,
        ContentType.DOCUMENT,
        ContentType.LOCATION,
        ContentType.PHOTO,
        ContentType.POLL,
        ContentType.STICKER,
        ContentType.STORY,
        ContentType.VENUE,
        ContentType.VIDEO,
        ContentType.VIDEO_NOTE,
        ContentType.VOICE,
    }
)
"""Other messages without a text are the messenger's own notes, such as "message pinned": not to be answered."""


@dataclass(frozen=True, slots=True)
class Stray:
    """Clear sentences for what leads nowhere; nothing is kept and nothing changes."""

    desk: Desk

    def gate(self) -> Router:
        """Return the router to be included before all others."""
        router = Router(name="gate")
        router.my_chat_member.register(self.on_group, _NOT_PRIVATE, _JOINED)
        router.my_chat_member.register(self.on_mute, F.chat.type == ChatType.PRIVATE, _MUTED)
        router.my_chat_member.register(self.on_unmute, F.chat.type == ChatType.PRIVATE, _UNMUTED)
        router.my_chat_member.register(self.on_return, _JOINED)
        router.my_chat_member.register(self.on_leave, F.chat.type == ChatType.PRIVATE, _LEFT)
        router.my_chat_member.register(self.on_nothing)
        router.message.register(self.on_group, _NOT_PRIVATE, F.text.startswith("/"))
        router.message.register(self.on_nothing, _NOT_PRIVATE)
        router.edited_message.register(self.on_nothing, _NOT_PRIVATE)
        router.callback_query.register(self.on_group_press, F.message.chat.type != ChatType.PRIVATE, F.message)
        router.edited_message.register(self.on_edited)
        router.message.register(self.on_forwarded, F.forward_origin)
        router.message.register(self.on_no_text, F.content_type.in_(SENT_BY_PEOPLE))
        router.message.register(self.on_nothing, ~F.text)
        return router

    def leftover(self) -> Router:
        """Return the router to be included after all others."""
        router = Router(name="leftover")
        router.callback_query.register(self.on_unknown_button)
        return router

    async def on_group(self, _: Message | ChatMemberUpdated, turn: Turn) -> None:
        """Say in a group that school matters are spoken of in private."""
        await turn.say(self._screen("bot-private-only"))

    async def on_group_press(self, _: CallbackQuery, turn: Turn) -> None:
        """Say the same to a press in a group."""
        await turn.answer(self.desk.texts.format("bot-private-only"), alert=True)

    async def on_return(self, _: ChatMemberUpdated, turn: Turn) -> None:
        """Note that a person has let the bot in again: what could not reach him can."""
        async with self.desk.core.begin() as session:
            await accounts.came_back(session, turn.account, key=turn.key, now=turn.at)

    async def on_leave(self, _: ChatMemberUpdated, turn: Turn) -> None:
        """Note that a person has stopped the bot, so that the school knows before a child is missing."""
        async with self.desk.gateway.begin() as session:
            await closed(session, self.desk.vault, turn.account.channel.value, turn.account.external_id, turn.at)

    async def on_mute(self, event: ChatMemberUpdated, turn: Turn) -> None:
        """Note that a person hears the bot no more, so that what is urgent rather goes another way."""
        member = event.new_chat_member
        # By how long it lasts: the messenger's clock is not the school's.
        lasts = member.until_date - event.date if isinstance(member, ChatMemberRestricted) else timedelta()
        await self._hears(turn, turn.at + lasts if lasts > timedelta() else UNTIL_UNMUTED)

    async def on_unmute(self, _: ChatMemberUpdated, turn: Turn) -> None:
        """Note that he hears it again."""
        await self._hears(turn, None)

    async def _hears(self, turn: Turn, not_until: datetime | None) -> None:
        who = turn.account
        async with self.desk.gateway.begin() as session:
            await muted(session, self.desk.vault, who.channel.value, who.external_id, not_until, turn.at)

    async def on_nothing(self, _: object) -> None:
        """Let pass what needs no answer."""

    async def on_edited(self, _: Message, turn: Turn) -> None:
        """Say that an edited message is not read again."""
        await turn.say(self._screen("bot-edited"))

    async def on_forwarded(self, _: Message, turn: Turn) -> None:
        """Say that a forwarded message is not taken: codes are for the one who was given them."""
        await turn.say(self._screen("bot-forwarded"))

    async def on_no_text(self, _: Message, turn: Turn) -> None:
        """Say that pictures and the like are not read."""
        await turn.say(self._screen("bot-text-only"))

    async def on_unknown_button(self, _: CallbackQuery, turn: Turn) -> None:
        """Say that a button leads nowhere."""
        await turn.answer(self.desk.texts.format("bot-button-stale"), alert=True)

    def _screen(self, text_id: str) -> Screen:
        return Screen(self.desk.texts.format(text_id))
