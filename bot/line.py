"""A bot's line: the client that answers, and the updates that come, of whichever messenger."""

from dataclasses import dataclass, field
from ssl import SSLContext

from aiogram import Bot

from bot.desk import Desk
from bot.hook_keeping import Keeper, MaxKeeper, TelegramKeeper
from bot.hooks import Hook
from bot.inbox import Inbox
from bot.max_messages import MaxMessages
from bot.max_polling import MaxUpdates
from bot.max_wire import NO_BOT, MaxAddress, MaxSession
from bot.merged_edits import Edits
from bot.pace import OF_TELEGRAM, Pace
from bot.polling import Pause, TelegramUpdates, Updates
from bot.wire import make_bot
from core.events import Channel


@dataclass(frozen=True, slots=True)
class BotSettings:
    """One bot and the way to it."""

    token: str = field(repr=False)
    credential: str
    """Name of this bot in the inbox and in the keys of commands; never the token."""
    base_url: str = "https://api.telegram.org"
    proxy: str | None = field(default=None, repr=False)
    """``http://`` or ``https://``; may hold a password."""
    poll_seconds: int = 25
    """Length of a long poll."""
    slots: int = 16
    """Conversations handled at once."""
    messenger: Channel = Channel.TELEGRAM
    per_chat: int | None = OF_TELEGRAM
    """For Telegram: edits a second in one chat; None: as many as there are."""
    reserve: int | None = None
    """For MAX: requests a second of all conversations together; alerts have the rest. None: as many as they like."""
    tls: SSLContext | None = field(default=None, repr=False)
    """For MAX: trusts whoever vouches for it; None: whom everybody trusts."""
    hook: Hook | None = None
    """Where the messenger sends updates; None: they are fetched."""
    hook_url: str = ""
    """The hook's whole address."""


@dataclass(frozen=True, slots=True)
class Line:
    """What conversation goes over."""

    bot: Bot
    """Close its ``session`` after use."""
    updates: Updates
    keeper: Keeper
    """Of the webhook, where updates are sent."""


def make_line(settings: BotSettings, desk: Desk, inbox: Inbox, pause: Pause) -> Line:
    """Return the line of a bot. Raises aiogram's ``TokenValidationError`` for what is no token of Telegram."""
    if settings.messenger is Channel.MAX:
        return _max_line(settings, desk, inbox, pause)
    pace = None if settings.per_chat is None else Pace(desk.machine_clock.monotonic, pause, settings.per_chat)
    edits = None if pace is None else Edits(pace, desk.log)
    bot = make_bot(settings.token, base_url=settings.base_url, proxy=settings.proxy, edits=edits)
    return Line(bot, TelegramUpdates(bot, inbox, desk.machine_clock), TelegramKeeper(bot))


def _max_line(settings: BotSettings, desk: Desk, inbox: Inbox, pause: Pause) -> Line:
    clock, messages = desk.machine_clock, MaxMessages(desk.bot, settings.credential)
    address = MaxAddress(settings.token, settings.base_url, settings.proxy, settings.tls)
    edits = Edits(Pace(clock.monotonic, pause, reserve=settings.reserve), desk.log)
    session = MaxSession(address, messages, clock, edits)
    updates = MaxUpdates(session, messages, inbox, clock)
    return Line(Bot(NO_BOT, session=session), updates, MaxKeeper(session))
