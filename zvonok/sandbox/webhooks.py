"""Webhooks of the sandbox: updates are sent to an address of this machine, in their order, until it says 200.

As at the messengers: anything but 200 is sent again, and where the vendor says so a webhook that had no success for
hours is forgotten without a word. Here a repetition comes after a moment, not after minutes.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from zvonok.sandbox.updates import Updates

AGAIN_SECONDS = 0.1
LONGEST_WAIT = 3600
ANSWER_SECONDS = 30
_FIRST_ERROR = 300

type Json = dict[str, Any]


@dataclass(slots=True)
class Webhook:
    """One webhook, and how it does."""

    url: str
    secret: str | None = field(repr=False)
    failed: str = ""
    """What the last try came to; empty after a success."""
    since: datetime | None = None
    """Since when no try succeeded."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a messenger calls webhooks."""

    header: str
    """In which it shows the secret."""
    shown: Callable[[Json], Json]
    """Makes of an update what is sent."""
    ends_after: timedelta | None = None
    """Without success for so long it is forgotten; None: never."""


class Webhooks:
    """The webhooks of all bots, each served by a task of its own."""

    def __init__(self, updates: Updates, clock: Callable[[], datetime], manner: Manner) -> None:
        self._updates = updates
        self._clock = clock
        self._manner = manner
        self._hooks: dict[int, tuple[Webhook, asyncio.Task[None]]] = {}

    def put(self, bot_id: int, url: str, secret: str | None) -> None:
        """Send the bot's updates there from now on. Raises ``ValueError`` for an address beyond this machine."""
        if not is_here(url):
            raise ValueError(url)
        self.drop(bot_id)
        hook = Webhook(url, secret)
        self._hooks[bot_id] = (hook, asyncio.get_running_loop().create_task(self._serve(bot_id, hook)))

    def drop(self, bot_id: int) -> None:
        """Send no more."""
        found = self._hooks.pop(bot_id, None)
        if found is not None:
            found[1].cancel()

    def of(self, bot_id: int) -> Webhook | None:
        """Return the webhook of a bot, if it has one."""
        found = self._hooks.get(bot_id)
        return None if found is None else found[0]

    async def stop(self) -> None:
        """Let every task end; the webhooks are forgotten, as everything about addresses of this machine is."""
        tasks = [task for _, task in self._hooks.values()]
        self._hooks.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, bot_id: int, hook: Webhook) -> None:
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as client:
            while True:
                found = await self._updates.poll(bot_id, 0, 1, LONGEST_WAIT)
                if not found:
                    continue
                hook.failed = await self._send(client, hook, found[0])
                if not hook.failed:
                    hook.since = None
                    self._updates.confirm(bot_id, found[0]["update_id"] + 1)
                    continue
                if self._is_over(hook):
                    self._hooks.pop(bot_id, None)
                    return
                await asyncio.sleep(AGAIN_SECONDS)

    async def _send(self, client: aiohttp.ClientSession, hook: Webhook, update: Json) -> str:
        """Send one update; return what went wrong, or nothing."""
        headers = {} if hook.secret is None else {self._manner.header: hook.secret}
        try:
            async with client.post(hook.url, json=self._manner.shown(update), headers=headers) as answer:
                if answer.status == HTTPStatus.OK:
                    return ""
                return f"Wrong response from the webhook: {answer.status} {answer.reason}"[:_FIRST_ERROR]
        except (aiohttp.ClientError, OSError) as failure:
            return type(failure).__name__

    def _is_over(self, hook: Webhook) -> bool:
        now, longest = self._clock(), self._manner.ends_after
        hook.since = hook.since or now
        return longest is not None and now - hook.since >= longest


def is_here(url: str) -> bool:
    """Tell whether an address is one of this machine: the sandbox calls nobody else."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
