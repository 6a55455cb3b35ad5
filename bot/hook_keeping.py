"""Keeping a webhook: set at the start, looked at every few minutes, set again when the messenger has let it go.

MAX ends a subscription after eight hours without success, and says so to nobody (channels.md §2).
"""

from dataclasses import dataclass
from typing import Protocol

from aiogram import Bot
from structlog.typing import FilteringBoundLogger

from bot.hooks import Hook
from bot.max_updates import TYPES
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
    is_there: bool = False
    """The address stands; unless it is ``ours``, other kinds of updates go there than we ask for."""
    old: tuple[str, ...] = ()
    """Addresses of this installation that were ours before its secret changed."""
    trouble: str = ""
    """What the messenger says of its last try that failed, and when; empty if there was none."""


class Keeper(Protocol):
    """The webhooks of one bot, at its messenger."""

    async def look(self, url: str) -> Standing:
        """Ask how they stand. Raises aiogram's errors."""
        ...

    async def put(self, url: str, hook: Hook) -> None:
        """Have updates sent there. Raises aiogram's errors."""
        ...

    async def drop(self, url: str) -> None:
        """Have no more updates sent to an old address. Raises aiogram's errors."""
        ...


@dataclass(frozen=True, slots=True)
class TelegramKeeper:
    """``Keeper`` of the Bot API, which has one webhook for a bot: another one's is replaced by ours."""

    bot: Bot
    connections: int = 40

    async def look(self, url: str) -> Standing:
        """Ask by ``getWebhookInfo``."""
        info = await self.bot.get_webhook_info()
        is_there, failed = info.url == url, info.last_error_date if info.url == url else None
        return Standing(
            is_there and set(info.allowed_updates or ()) == set(ALLOWED_UPDATES),
            is_there=is_there,
            trouble="" if failed is None else f"{failed.isoformat()} {info.last_error_message or ''}".strip(),
        )

    async def put(self, url: str, hook: Hook) -> None:
        """Set it by ``setWebhook``."""
        await self.bot.set_webhook(
            url,
            secret_token=hook.secret,
            allowed_updates=list(ALLOWED_UPDATES),
            max_connections=self.connections,
        )

    async def drop(self, url: str) -> None:
        """Do nothing: a bot of Telegram has one webhook, and ours has taken its place."""


@dataclass(frozen=True, slots=True)
class MaxKeeper:
    """``Keeper`` of MAX, where subscriptions gather: those of others are counted, and left to a person."""

    session: MaxSession

    async def look(self, url: str) -> Standing:
        """Ask by ``GET /subscriptions``."""
        stand = await self.session.subscriptions()
        ours, folder = [one for one in stand if one.url == url], url[: url.rindex("/") + 1]
        old = tuple(one.url for one in stand if one.url != url and one.url.startswith(folder))
        wanted = any(one.kinds is None or one.kinds == set(TYPES) for one in ours)
        return Standing(wanted, len(stand) - len(ours) - len(old), bool(ours), old)

    async def put(self, url: str, hook: Hook) -> None:
        """Subscribe by ``POST /subscriptions``."""
        await self.session.subscribe(url, hook.secret)

    async def drop(self, url: str) -> None:
        """Unsubscribe by ``DELETE /subscriptions``."""
        await self.session.unsubscribe(url)


async def keep(keeper: Keeper, hook: Hook, url: str, pause: Pause, log: FilteringBoundLogger) -> None:
    """Keep the webhook for as long as the process lives; no trouble ends it."""
    first, trouble = True, ""
    while True:
        try:
            standing = await keeper.look(url)
            _tell(standing, trouble, hook, log, first=first)
            trouble = standing.trouble
            await _mend(keeper, standing, hook, url, log)
        except Exception as failure:  # noqa: BLE001 - whatever it was, the bot must go on listening
            log.warning("bot.hook-not-kept", messenger=hook.messenger, failure=failure_code(failure))
            await pause(AGAIN_SECONDS)
            continue
        first = False
        await pause(LOOK_SECONDS)


def _tell(standing: Standing, before: str, hook: Hook, log: FilteringBoundLogger, *, first: bool) -> None:
    """Tell what a person should know; of the same trouble once."""
    if standing.others:
        log.error("bot.hook-elsewhere", messenger=hook.messenger, count=standing.others)
    if not first and not standing.is_there:
        log.warning("bot.hook-lost", messenger=hook.messenger)
    if standing.trouble not in {"", before}:
        log.warning("bot.hook-troubled", messenger=hook.messenger, reason=standing.trouble.replace(hook.path, "…"))


async def _mend(keeper: Keeper, standing: Standing, hook: Hook, url: str, log: FilteringBoundLogger) -> None:
    """Set what does not stand as we want it, and only then take away what is left of ours: nothing goes astray."""
    if not standing.ours:
        await keeper.put(url, hook)
        log.info("bot.hook-set", messenger=hook.messenger)
    for old in standing.old:
        await keeper.drop(old)
        log.info("bot.hook-removed", messenger=hook.messenger)
