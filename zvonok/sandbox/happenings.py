"""What happens in the sandbox, as one numbered stream: it changes the state, is journalled, and can be watched.

Kinds and their ``data`` (identifiers are integers, dates POSIX seconds, Bot API objects as on the wire):

================== ==============================================================================================
``person``         ``user_id first_name last_name username language_code``: somebody has the messenger
``started``        ``bot_id chat_id``: the person opened the chat, so the bot may write there
``blocked``        ``bot_id chat_id blocked``: the person stopped the bot, or let it write again
``message``        ``bot_id chat_id message``: a message appeared in the chat, from either side
``edited``         ``bot_id chat_id message_id content``: the bot changed its message
``deleted``        ``bot_id chat_id message_id``: the message is gone from the chat
``pressed``        ``bot_id chat_id message_id query_id payload``: the person pressed an inline button
``press_answered`` ``bot_id query_id text show_alert url``: the bot answered a press
``update``         ``bot_id update_id kind payload expires_at``: an update waits for the bot
``confirmed``      ``bot_id before``: the bot confirmed all updates with a smaller id
``allowed``        ``bot_id kinds``: which kinds of updates the bot asked for
``commands``       ``bot_id scope language commands``: the bot's menu
``file``           ``bot_id file_id name mime size``: a file was uploaded
``request``        one entry of the request log, see ``request_log``
================== ==============================================================================================
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

_WATCHER_BACKLOG = 10_000


class WatcherTooSlowError(Exception):
    """A watcher left too many happenings unread and was dropped; it should read the state anew and watch again."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of the sandbox."""

    number: int
    """Grows by one; never used again on the same folder."""
    at: datetime
    """By the sandbox's clock."""
    kind: str
    data: Mapping[str, Any]


class Watcher:
    """An endless async iterator over the happenings since it was opened."""

    def __init__(self) -> None:
        self._unread: deque[Happening] = deque()
        self._news = asyncio.Event()
        self._too_slow = False

    def put(self, happening: Happening) -> None:
        """Add one happening; a watcher that never reads is cut off instead of growing for ever."""
        if len(self._unread) >= _WATCHER_BACKLOG:
            self._too_slow = True
        else:
            self._unread.append(happening)
        self._news.set()

    def __aiter__(self) -> AsyncIterator[Happening]:
        return self

    async def __anext__(self) -> Happening:
        while not self._unread:
            if self._too_slow:
                raise WatcherTooSlowError
            self._news.clear()
            await self._news.wait()
        return self._unread.popleft()


class Happenings:
    """Fans each happening out to those who watch."""

    def __init__(self) -> None:
        self._watchers: set[Watcher] = set()

    def publish(self, happening: Happening) -> None:
        """Hand the happening to every watcher; never waits."""
        for watcher in self._watchers:
            watcher.put(happening)

    @contextmanager
    def watch(self) -> "Iterator[Watcher]":
        """Watch from now on, within the ``with`` block."""
        watcher = Watcher()
        self._watchers.add(watcher)
        try:
            yield watcher
        finally:
            self._watchers.discard(watcher)


async def first[T](watcher: Watcher, look: Callable[[], T | None], within: float) -> T:
    """Look now and after each happening until something is seen; ``TimeoutError`` after ``within`` seconds."""
    async with asyncio.timeout(within):
        while (found := look()) is None:
            await anext(watcher)
    return found
