"""Telling a chat that its owner has left it for another one; core remembers who is to be told until he was.

It names the school and nobody: the old phone may be in strange hands.
"""

from dataclasses import dataclass
from uuid import UUID

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError

from bot.desk import Desk
from bot.retry import failure_code
from core.account import lost_accounts
from core.account.lost_accounts import Farewell
from core.events import Channel

EVERY_SECONDS = 50.0


@dataclass(frozen=True, slots=True)
class Farewells:
    """Says goodbye in the chats of one messenger."""

    bot: Bot
    desk: Desk
    messenger: Channel

    async def say_due(self, person: UUID | None = None) -> None:
        """Tell every chat (of one person) that is to be told now; one that cannot be reached is tried again later."""
        async with self.desk.core.begin() as session:
            due = await lost_accounts.claim(session, self.messenger, self.desk.machine_clock.now(), person)
        for farewell in due:
            await self._say(farewell)

    async def _say(self, farewell: Farewell) -> None:
        try:
            kind = "bot-left-shared" if farewell.is_shared else "bot-left"
            words = self.desk.texts.format(kind, school=farewell.school_name)
            await self.bot.send_message(int(farewell.external_id), words)
        except (TelegramForbiddenError, TelegramBadRequest) as refusal:
            # The bot was stopped there, or the chat is gone: there is nobody to tell.
            self.desk.log.info("bot.nobody-to-leave", account=str(farewell.account), failure=failure_code(refusal))
        except Exception as failure:  # noqa: BLE001 - the claim ends by itself, and it is tried again
            self.desk.log.warning("bot.farewell-put-off", account=str(farewell.account), failure=failure_code(failure))
            return
        async with self.desk.core.begin() as session:
            await lost_accounts.told(session, farewell)
