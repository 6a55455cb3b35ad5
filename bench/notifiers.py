"""What our senders cost beside the clients they could have been: rounds in turns, medians of five.

Sinks answer at once, in another process; the machine drifts by up to two times, so only the ratios inside one run mean
anything. ``python -m bench notifiers``.
"""

import asyncio
import json
import logging
import multiprocessing
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from multiprocessing.connection import Connection
from statistics import median
from typing import cast

import aiohttp
import aiosmtplib
import structlog
import uvloop
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from notifiers.mail import MailNotifier
from notifiers.mail_message import Letter, compose, letterhead, mailbox
from notifiers.mail_settings import MailSettings, Security
from notifiers.port import Accepted, Button, Message, Notifier
from notifiers.telegram import TelegramNotifier, TelegramSettings, request_of

ROUNDS = 5
MESSAGES = 3000
LETTERS = 1500
BATCH = 250
CONCURRENCY = 50
SMTP_CONNECTIONS = 8
TOKEN = "42:bench"  # noqa: S105  of nobody
TEXT = "Иван не был(а) на уроке алгебры 21 ноября, 1-й урок, 08:30. Пропущено 7 уроков с 1 сентября."
BUTTONS = ((Button("Понятно", "a:0123456789"), Button("Болеет", "b:0123456789")),)
MESSAGE = Message(
    key="bench", address="1001", text=TEXT, html=f"<b>Пропуск</b>\n{TEXT}", subject="Отметка «н»", buttons=BUTTONS
)
SENDER = "bell@school.example"

type Contender = Callable[[], Coroutine[None, None, None]]


class HttpSink(asyncio.Protocol):
    """Answers every POST with the same accepted message."""

    BODY = json.dumps(
        {"ok": True, "result": {"message_id": 7, "date": 0, "chat": {"id": 1, "type": "private"}}}
    ).encode()
    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(BODY), BODY)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.WriteTransport", transport)
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        """Answer when the body is whole; there is no pipelining here."""
        self.buffer += data
        head, found, body = self.buffer.partition(b"\r\n\r\n")
        if found and len(body) >= int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            self.buffer = b""
            self.answer(self.ANSWER)

    def answer(self, data: bytes) -> None:
        """Write to the client."""
        self.transport.write(data)


class SmtpSink(HttpSink):
    """Says yes to everything."""

    REPLIES = {b"EHLO": b"250-sink\r\n250 SIZE 9999999\r\n", b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}  # noqa: RUF012  read only

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        super().connection_made(transport)
        self.in_content = False
        self.answer(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer when the line, or the letter, is whole."""
        self.buffer += data
        if self.buffer.endswith(b"\r\n.\r\n" if self.in_content else b"\r\n"):
            verb, self.buffer = self.buffer[:4], b""
            self.in_content = not self.in_content and verb == b"DATA"
            self.answer(self.REPLIES.get(verb, b"250 ok\r\n"))


def serve(kind: type[HttpSink], told: Connection) -> None:
    """Run a sink for ever; tells its port."""

    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(kind, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    uvloop.run(forever())


@contextmanager
def sink(kind: type[HttpSink]) -> Iterator[int]:
    """Start a sink in a process of its own; gives its port."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=serve, args=(kind, theirs), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


async def in_parallel(count: int, width: int, one: Callable[[int], Awaitable[object]]) -> None:
    """Run ``one(worker)`` ``count`` times with ``width`` workers."""
    left = iter(range(count))

    async def work(worker: int) -> None:
        for _ in left:
            await one(worker)

    await asyncio.gather(*(work(worker) for worker in range(width)))


async def through(notifier: Notifier, message: Message, count: int) -> None:
    """Send in batches, as the gateway does; every message must be accepted."""
    try:
        for _ in range(count // BATCH):
            for outcome in await notifier.send([message] * BATCH):
                if not isinstance(outcome, Accepted):
                    raise TypeError(outcome)
    finally:
        await notifier.close()


async def own_telegram(port: int) -> None:
    """Send by our sender."""
    settings = TelegramSettings(TOKEN, f"http://127.0.0.1:{port}", concurrency=CONCURRENCY)
    await through(TelegramNotifier(settings), MESSAGE, MESSAGES)


async def bare_aiohttp(port: int) -> None:
    """Post the same bytes, ready beforehand, by aiohttp alone."""
    body = request_of(MESSAGE)
    url = f"http://127.0.0.1:{port}/bot{TOKEN}/sendMessage"
    headers = {"Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONCURRENCY)) as session:

        async def one(_: int) -> None:
            async with session.post(url, data=body, headers=headers) as answer:
                json.loads(await answer.read())

        await in_parallel(MESSAGES, CONCURRENCY, one)


async def by_aiogram(port: int) -> None:
    """``Bot.send_message``."""
    api = TelegramAPIServer.from_base(f"http://127.0.0.1:{port}")
    async with Bot(TOKEN, session=AiohttpSession(api=api, limit=CONCURRENCY)) as bot:
        await in_parallel(
            MESSAGES, CONCURRENCY, lambda _: bot.send_message(1001, MESSAGE.html or "", parse_mode="HTML")
        )


async def own_mail(port: int) -> None:
    """Send by our sender, which composes each letter."""
    settings = MailSettings(
        host="127.0.0.1",
        port=port,
        security=Security.PLAIN,
        sender_address=SENDER,
        connections=SMTP_CONNECTIONS,
        messages_per_connection=LETTERS,
    )
    notifier = MailNotifier(settings, now=lambda: datetime.now(UTC))
    await through(notifier, mail_message(), LETTERS)


async def bare_aiosmtplib(port: int) -> None:
    """Ready bytes by ``aiosmtplib.sendmail`` over as many kept connections."""
    async with smtp_connections(port) as connections:
        content = ready_letter().content
        await in_parallel(
            LETTERS, SMTP_CONNECTIONS, lambda worker: connections[worker].sendmail(SENDER, "a@mail.example", content)
        )


@asynccontextmanager
async def smtp_connections(port: int) -> AsyncIterator[list[aiosmtplib.SMTP]]:
    """Give connected clients."""
    clients = [
        aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="bench")
        for _ in range(SMTP_CONNECTIONS)
    ]
    await asyncio.gather(*(client.connect() for client in clients))
    try:
        yield clients
    finally:
        await asyncio.gather(*(client.quit() for client in clients))


def mail_message() -> Message:
    """Make the message as a letter."""
    return Message(key="bench", address="a@mail.example", text=TEXT, html=f"<p>{TEXT}</p>", subject=MESSAGE.subject)


def ready_letter() -> Letter:
    """Compose once."""
    sender = mailbox(SENDER)
    letter = sender and compose(mail_message(), letterhead("", sender, "school.example"), datetime.now(UTC))
    if not isinstance(letter, Letter):
        raise TypeError(letter)
    return letter


@dataclass
class Figures:
    """Messages a second, and CPU of this process in microseconds a message, one of each round."""

    rates: list[float]
    cpu: list[float]


def compare(contenders: dict[str, Contender], count: int) -> None:
    """Run the contenders in turns and print their medians beside the second one's, the bare client."""
    figures = {name: Figures([], []) for name in contenders}
    for _ in range(ROUNDS):
        for name, contender in contenders.items():
            wall, cpu = time.perf_counter(), time.process_time()
            uvloop.run(contender())
            figures[name].rates.append(count / (time.perf_counter() - wall))
            figures[name].cpu.append((time.process_time() - cpu) / count * 1e6)
    bare = median(figures[list(contenders)[1]].rates)
    for name, figure in figures.items():
        rate, low, high = median(figure.rates), min(figure.rates), max(figure.rates)
        print(f"{name:<18} {rate:>7.0f}/s ({low:.0f}-{high:.0f})  {median(figure.cpu):>5.0f} us  {rate / bare:.2f}")


def main() -> None:
    """Measure both channels."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    with sink(HttpSink) as port:
        contenders = {"own telegram": own_telegram, "bare aiohttp": bare_aiohttp, "aiogram": by_aiogram}
        compare({name: partial(contender, port) for name, contender in contenders.items()}, MESSAGES)
    with sink(SmtpSink) as port:
        mailers = {"own mail": own_mail, "bare aiosmtplib": bare_aiosmtplib}
        compare({name: partial(contender, port) for name, contender in mailers.items()}, LETTERS)
