"""Stands between a client and a real PostgreSQL and lies at the start of a session, as poolers and old servers do.

Protocol: PostgreSQL 3.0, "Message Formats": ``ParameterStatus`` (S), ``BackendKeyData`` (K), ``ReadyForQuery`` (Z).
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import URL

from core.database import connect_arguments


@dataclass(frozen=True)
class Lies:
    """What is said instead of the truth."""

    version: str | None = None
    process: int | None = None

    def told(self, kind: bytes, body: bytes) -> bytes:
        """Return the body that the client gets."""
        if kind == b"S" and self.version is not None and body.startswith(b"server_version\0"):
            return b"server_version\0" + self.version.encode() + b"\0"
        if kind == b"K" and self.process is not None:
            return struct.pack("!i", self.process) + body[4:]
        return body


@asynccontextmanager
async def lying_postgres(url: URL, lies: Lies) -> AsyncIterator[URL]:
    """Serve the database of ``url`` on a port of the loopback, lying as told."""
    there = connect_arguments(url)
    open_now: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = str(there["host"]), int(there.get("port", 5432))
        if host.startswith("/"):
            theirs, ours = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            theirs, ours = await asyncio.open_connection(host, port)
        try:
            asked = asyncio.ensure_future(_copy(reader, ours))
            await _session(theirs, writer, lies)
            await asked
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            asked.cancel()
            ours.close()
            writer.close()

    def come(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(serve(reader, writer))
        open_now.add(task)
        task.add_done_callback(open_now.discard)

    server = await asyncio.start_server(come, "127.0.0.1", 0)
    try:
        yield url.set(host="127.0.0.1", port=server.sockets[0].getsockname()[1], query={})
    finally:
        server.close()
        await asyncio.gather(*open_now)
        await server.wait_closed()


async def _session(theirs: asyncio.StreamReader, writer: asyncio.StreamWriter, lies: Lies) -> None:
    refusal = await theirs.readexactly(1)  # to SSLRequest, which begins a session over TCP
    if refusal not in (b"N", b"S"):
        kind = refusal
    else:
        writer.write(refusal)
        kind = await theirs.readexactly(1)
    while kind != b"Z":
        length = struct.unpack("!i", await theirs.readexactly(4))[0]
        body = lies.told(kind, await theirs.readexactly(length - 4))
        writer.write(kind + struct.pack("!i", len(body) + 4) + body)
        await writer.drain()
        kind = await theirs.readexactly(1)
    writer.write(kind)
    await _copy(theirs, writer)


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()
