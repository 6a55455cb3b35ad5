"""A thin client of the Bot API, for the tests of the sandbox."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from zvonok.sandbox.bot_api import BotApiEmulator, SandboxBot

BOT_ID = 4242
TOKEN = f"{BOT_ID}:AAsandboxsandboxsandboxsandbox"
BOT = SandboxBot(TOKEN, "school_bot")


@dataclass
class Wire:
    """Calls methods over real HTTP."""

    emulator: BotApiEmulator
    session: aiohttp.ClientSession
    token: str = field(default=TOKEN, repr=False)

    async def post(self, method: str, **parameters: Any) -> tuple[int, dict[str, Any]]:
        """Call a method with a JSON body; return the status and the answer."""
        url = f"{self.emulator.base_url}/bot{self.token}/{method}"
        async with self.session.post(url, json=parameters) as response:
            body: dict[str, Any] = await response.json()
            return response.status, body

    async def ok(self, method: str, **parameters: Any) -> Any:
        """Call a method that must succeed; return its result."""
        status, body = await self.post(method, **parameters)
        assert (status, body["ok"]) == (200, True), body
        return body["result"]

    async def refused(self, method: str, **parameters: Any) -> tuple[int, str]:
        """Call a method that must be refused; return the code and the description."""
        status, body = await self.post(method, **parameters)
        assert body["ok"] is False
        assert body["error_code"] == status
        return status, body["description"]

    async def order(self, verb: str, path: str, **order: Any) -> tuple[int, dict[str, Any]]:
        """Give an order to the sandbox itself."""
        url = f"{self.emulator.base_url}/__sandbox/{path}"
        async with self.session.request(verb, url, json=order or None) as response:
            body: dict[str, Any] = await response.json()
            return response.status, body


@asynccontextmanager
async def wire_to(emulator: BotApiEmulator) -> AsyncIterator[Wire]:
    """Start the emulator and open a client to it."""
    async with emulator, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as session:
        yield Wire(emulator, session)
