"""A letter to send, a notifier to send it, and an SMTP server that does what the test says."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from notifiers.mail import MailNotifier
from notifiers.mail_settings import MailSettings, Security
from notifiers.port import Message

NOON = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
HELLO = Message(
    key="k1",
    address="anna@mail.example",
    text="Не был на уроке.",
    html="<p>Не был на уроке.</p>",
    subject="Отметка «н»",
)
SOON = timedelta(seconds=0.2)
LONG = timedelta(seconds=20)


def letters(count: int) -> list[Message]:
    return [replace(HELLO, key=f"k{n}", address=f"p{n}@mail.example") for n in range(count)]


@asynccontextmanager
async def sending(port: int, **settings: Any) -> AsyncIterator[MailNotifier]:
    clock = settings.pop("clock", lambda: 0.0)
    defaults = {"security": Security.PLAIN, "sender_address": "bell@school.example", "sender_name": "Школа"}
    account = MailSettings(host="127.0.0.1", port=port, **(defaults | settings))
    notifier = MailNotifier(account, now=lambda: NOON, clock=clock)
    try:
        yield notifier
    finally:
        await notifier.close()
        await asyncio.sleep(0)  # closed transports leave at the loop's next turn


class Act(Enum):
    """What the fake does instead of replying."""

    CUT = "cut"
    HANG = "hang"


type Reply = str | Act
type Play = Callable[["FakeSmtp", str, str], Reply | None]
"""(server, step, argument) to a reply; None for the usual one. A step is a verb, or GREETING, or DOT."""

USUAL = {
    "GREETING": "220 fake",
    "EHLO": "250-fake\r\n250 SIZE 10000000",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go on",
    "DOT": "250 2.0.0 taken",
    "RSET": "250 ok",
    "QUIT": "221 bye",
}


@dataclass
class FakeSmtp:
    """Counts connections and letters; ``taken`` holds only those it answered 250 to, or cut after having them."""

    play: Play
    port: int = 0
    connections: int = 0
    open_now: int = 0
    most_open: int = 0
    steps: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)
    hung: asyncio.Event = field(default_factory=asyncio.Event)
    emptied: asyncio.Event = field(default_factory=asyncio.Event)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open_now += 1
        self.most_open = max(self.most_open, self.open_now)
        try:
            await self.converse(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            self.open_now -= 1
            if not self.open_now:
                self.emptied.set()
            writer.close()

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not await self.answer("GREETING", "", reader, writer):
            return
        recipient = ""
        while True:
            verb, _, argument = (await reader.readuntil(b"\r\n")).decode().strip().partition(" ")
            recipient = argument if verb == "RCPT" else recipient
            if not await self.answer(verb, argument, reader, writer):
                return
            if verb == "DATA" and self.steps[-1] == "DATA:354":
                await reader.readuntil(b"\r\n.\r\n")
                if not await self.answer("DOT", recipient, reader, writer):
                    return

    async def answer(
        self, step: str, argument: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        reply = self.play(self, step, argument)
        if reply is None:
            reply = USUAL[step]
        self.steps.append(f"{step}:{reply.value if isinstance(reply, Act) else reply[:3]}")
        if step == "DOT" and (isinstance(reply, Act) or reply.startswith("250")):
            self.taken.append(argument.removeprefix("TO:<").removesuffix(">"))
        if isinstance(reply, str):
            writer.write(reply.encode() + b"\r\n")
            await writer.drain()
            return step != "QUIT" and not reply.startswith("421")
        if reply is Act.HANG:
            self.hung.set()
            await reader.read()
        return False


@asynccontextmanager
async def fake_smtp(play: Play = lambda *_: None) -> AsyncIterator[FakeSmtp]:
    fake = FakeSmtp(play)
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0)
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        server.close()
        while fake.open_now:
            fake.emptied.clear()
            await fake.emptied.wait()
        await server.wait_closed()


def at(step: str, reply: Reply) -> Play:
    return lambda _, now, __: reply if now == step else None


def once(step: str, reply: Reply) -> Play:
    """The reply at the first such step only."""
    left = [reply]
    return lambda _, now, __: left.pop() if now == step and left else None
