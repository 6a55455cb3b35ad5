"""«Войти на сайте»: the chat gives its owner a code, which a page takes once within minutes."""

import re
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiogram import F, Router
from aiogram.types import Message

from bot import persons
from bot.desk import Desk
from bot.screens import Screen
from bot.turn import Turn
from core.account import entry_codes
from core.refusals import Forbidden

_COMMAND = re.compile(r"/site(@\w+)?(\s.*)?|(войти|вход) на сайте?|enter the site", re.DOTALL | re.IGNORECASE)
_HALF = entry_codes.LENGTH // 2


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """Gives codes for the site."""

    desk: Desk

    def router(self) -> Router:
        """Return the router of its command."""
        router = Router(name="site-entry")
        router.message.register(self.on_command, F.text.regexp(_COMMAND, mode="fullmatch"))
        return router

    async def on_command(self, _: Message, turn: Turn) -> None:
        """Answer with a code in a message of its own: it stays legible beside the page."""
        await self.give(turn)

    async def give(self, turn: Turn) -> None:
        """Say a fresh code; the one before it dies. Raises ``Forbidden``: a stranger, or no way in for him."""
        if self.desk.site is None:
            await turn.say(Screen(self.desk.texts.format("site-none")))
            return
        async with self.desk.core.begin() as session:
            fresh = await entry_codes.issue(session, self.desk.account_keeper, turn.account, turn.at)
            personas = await persons.behind(session, turn.account, turn.at)
        if not personas:
            raise Forbidden("account-not-linked")
        until = fresh.expires_at.astimezone(ZoneInfo(personas[0].school.zone))
        shown = {
            "code": f"{fresh.code[:_HALF]}-{fresh.code[_HALF:]}",
            "address": f"{self.desk.site}/login-code",
            "until": f"{until:%H:%M}",
        }
        await turn.say(Screen(self.desk.texts.format("site-code", **shown)))
