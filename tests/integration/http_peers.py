"""An HTTP server that reads whole requests and answers with the bytes that the test says."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Request:
    """One request as it came."""

    method: str
    target: str
    headers: dict[str, str]
    body: dict[str, Any]


type Play = Callable[[asyncio.StreamReader, asyncio.StreamWriter, Request], Awaitable[None]]


@dataclass
class FakeHttp:
    """What came, over how many connections, how much of it at once."""

    play: Play
    url: str = ""
    connections: int = 0
    requests: list[Request] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    """Set by the first whole request."""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while not writer.is_closing():
                request = await read_request(reader)
                self.requests.append(request)
                self.arrived.set()
                self.in_flight += 1
                self.most_in_flight = max(self.most_in_flight, self.in_flight)
                try:
                    await self.play(reader, writer, request)
                finally:
                    self.in_flight -= 1
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


async def read_request(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    line, *rest = head.strip().split("\r\n")
    method, target, _ = line.split(" ")
    headers = {name.lower(): value for name, value in (header.split(": ", 1) for header in rest)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, target, headers, json.loads(body) if body else {})


@asynccontextmanager
async def fake_http(play: Play, **options: Any) -> AsyncIterator[FakeHttp]:
    fake = FakeHttp(play)
    server = await asyncio.start_server(fake.serve, "127.0.0.1", 0, **options)
    scheme = "https" if options.get("ssl") else "http"
    fake.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield fake
    finally:
        server.close()
        await server.wait_closed()


def http(status: int, body: bytes, *headers: str) -> bytes:
    head = [f"HTTP/1.1 {status} X", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + body


def answer(status: int, **body: Any) -> bytes:
    return http(status, json.dumps(body).encode(), "Content-Type: application/json")


def says(data: bytes, *, then_cut: bool = False) -> Play:
    async def play(_: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
        del request
        writer.write(data)
        await writer.drain()
        if then_cut:
            writer.close()

    return play


def drips(data: bytes) -> Play:
    """Answer in eight pieces, with breaks."""

    async def play(_: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
        del request
        size = -(-len(data) // 8)
        for start in range(0, len(data), size):
            writer.write(data[start : start + size])
            await writer.drain()
            await asyncio.sleep(0.01)

    return play


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: Request) -> None:
    """Take the request and say nothing."""
    del writer, request
    await reader.read()
