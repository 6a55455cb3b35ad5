"""Keeping a webhook: set at the start, looked at every few minutes, set again when the messenger has let it go.

MAX ends a subscription after eight hours without success, and says so to nobody (channels.md §2).
"""

from dataclasses import dataclass
from typing import Protocol

from aiogram import Bot
from structlog.typing import FilteringBoundLogger

from bot.hooks import Hook
from bot.max_wire import MaxSession
from bot.polling import ALLOWED_UPDATES, Pause
from bot.retry import failure_code

LOOK_SECONDS = 300.0
AGAIN_SECONDS = 60.0
"""After a question that the messenger did not answer."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the messenger says of the webhooks of a bot."""

    ours: bool
    """Ours stands there, as we want it."""
    others: int = 0
    """Addresses of somebody else, to which this bot's updates go as well."""


class Keeper(Protocol):
    """The webhooks of one bot, at its messenger."""

    async def look(self, url: str) -> Standing:
        """Ask how they stand. Raises aiogram's errors."""
        ...

    async def put(self, url: str, hook: Hook) -> None:
        """Have updates sent there. Raises aiogram's errors."""
        ...


@dataclass(frozen=True, slots=True)
class TelegramKeeper:
    """``Keeper`` of the Bot API, which has one webhook for a bot: another one's is replaced by ours."""

    bot: Bot
    connections: int = 40

    async def look(self, url: str) -> Standing:
        """Ask by ``getWebhookInfo``."""
        info = await self.bot.get_webhook_info()
        return Standing(info.url == url and set(info.allowed_updates or ()) == set(ALLOWED_UPDATES))

    async def put(self, url: str, hook: Hook) -> None:
        """Set it by ``setWebhook``."""
        await self.bot.set_webhook(
            url,
            secret_token=hook.secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=self.connections,
        )


@dataclass(frozen=True, slots=True)
class MaxKeeper:
    """``Keeper`` of MAX, where subscriptions gather: those of others are counted, and left to a person."""

    session: MaxSession

    async def look(self, url: str) -> Standing:
        """Ask by ``GET /subscriptions``."""
        found = await self.session.subscriptions()
        return Standing(url in found, sum(one != url for one in found))

    async def put(self, url: str, hook: Hook) -> None:
        """Subscribe by ``POST /subscriptions``."""
        await self.session.subscribe(url, hook.secret)


async def keep(keeper: Keeper, hook: Hook, url: str, pause: Pause, log: FilteringBoundLogger) -> None:
    """Keep the webhook for as long as the process lives; no trouble ends it."""
    first = True
    while True:
        try:
            standing = await keeper.look(url)
            if standing.others:
                log.error("bot.hook-elsewhere", messenger=hook.messenger, count=standing.others)
            if not standing.ours:
                if not first:
                    log.warning("bot.hook-lost", messenger=hook.messenger)
                await keeper.put(url, hook)
                log.info("bot.hook-set", messenger=hook.messenger)
        except Exception as failure:  # noqa: BLE001 - whatever it was, the bot must go on listening
            log.warning("bot.hook-not-kept", messenger=hook.messenger, failure=failure_code(failure))
            await pause(AGAIN_SECONDS)
            continue
        first = False
        await pause(LOOK_SECONDS)
