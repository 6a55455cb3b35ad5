"""The wire under every channel that speaks HTTP: kept connections, and what a failure without an answer means.

No messenger has an idempotency key for sending, so the one question that matters after a failure is whether the request
had left. It is answered by the bytes that were handed to the transport, not guessed from the kind of the error.
Nothing here turns a wire error into text: it may hold a URL, and a URL may hold a secret.
"""

import asyncio
import select
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import aiohttp
from aiohttp.abc import AbstractStreamWriter
from yarl import URL

from notifiers.port import Deferred, Unknown

_HANGUP = getattr(select, "POLLRDHUP", 0)


class WireReason(StrEnum):
    """Why a request got no answer. Each channel over HTTP has these among its own reasons, with the same codes."""

    # Deferred: the request did not leave.
    CONNECTION_LOST = "connection-lost-before-send"
    CONNECT_FAILED = "connect-failed"
    CONNECT_TIMEOUT = "connect-timeout"
    DNS_FAILED = "dns-failed"
    PROXY_FAILED = "proxy-failed"
    TLS_FAILED = "tls-failed"
    # Unknown: it left.
    CUT_AFTER_SEND = "cut-after-send"
    NO_ANSWER = "no-answer"
    UNDECODABLE_ANSWER = "undecodable-answer"


class Body(aiohttp.BytesPayload):
    """A request's body that knows whether anything of the request was handed to the transport.

    aiohttp writes the headers together with the body, and only here; to the caller a total timeout before it looks
    just like one after it.
    """

    handed_over = False

    def __init__(self, request: bytes, late: Callable[[], bool]) -> None:
        super().__init__(request, content_type="application/json")
        self._late = late

    async def write_with_length(self, writer: AbstractStreamWriter, content_length: int | None) -> None:
        """Write, unless the server has hung up on this connection already: then the request is certainly unsent.

        So it is if the connection came too late.
        """
        if self._late():
            raise TimeoutError
        transport = writer.transport
        if transport is None or transport.is_closing() or _peer_hung_up(transport):
            raise ConnectionResetError
        self.handed_over = True
        await super().write_with_length(writer, content_length)


def _peer_hung_up(transport: asyncio.BaseTransport) -> bool:
    """Whether the peer's FIN or RST lies in the kernel, not yet seen by the busy loop.

    On Linux; elsewhere False, which only calls more failures unknown. Readability would not do: TLS servers send
    session tickets unasked.
    """
    connection = transport.get_extra_info("socket")
    if not _HANGUP or connection is None:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), _HANGUP)
    return bool(poll.poll(0))


@dataclass(frozen=True, slots=True)
class Kept:
    """How connections are kept."""

    concurrency: int
    """Requests in flight, and connections kept."""
    timeout: timedelta
    """For one request from the free connection to the last byte of the answer."""
    keepalive: timedelta
    """A connection idle for longer is not used again."""
    proxy: str | None = None


def open_session(kept: Kept, headers: Mapping[str, str], tls: ssl.SSLContext | None = None) -> aiohttp.ClientSession:
    """Open a session without cookies and compression. ``tls`` verifies the server; None: by the usual roots."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=kept.concurrency,
            keepalive_timeout=kept.keepalive.total_seconds(),
            ssl=True if tls is None else tls,
        ),
        timeout=aiohttp.ClientTimeout(total=kept.timeout.total_seconds()),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"Accept-Encoding": "identity", "User-Agent": "zvonok", **headers},
        proxy=kept.proxy,
    )


def web_address(text: str) -> URL | None:
    """Read an address of the web; None if it is none, whatever the library says of it."""
    try:
        url = URL(text)
    except ValueError:
        return None
    return url if url.scheme in {"http", "https"} and url.host else None


def outcome_of_failure(failure: aiohttp.ClientError | OSError, *, handed_over: bool) -> Deferred | Unknown:
    """Map a wire error by its kind. Its text is never read."""
    if not handed_over:
        return Deferred(reason_before_sending(failure))
    if isinstance(failure, TimeoutError):
        return Unknown(WireReason.NO_ANSWER)
    if isinstance(failure, aiohttp.ClientResponseError):
        return Unknown(WireReason.UNDECODABLE_ANSWER)
    return Unknown(WireReason.CUT_AFTER_SEND)


def reason_before_sending(failure: Exception) -> WireReason:
    """Name the kind of a wire error of a request that did not leave; its text is never read."""
    match failure:
        case TimeoutError():
            return WireReason.CONNECT_TIMEOUT
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return WireReason.PROXY_FAILED
        case aiohttp.ClientSSLError() | ssl.SSLError():
            return WireReason.TLS_FAILED
        case aiohttp.ClientConnectorDNSError() | socket.gaierror():
            return WireReason.DNS_FAILED
        case aiohttp.ClientConnectorError():
            return WireReason.CONNECT_FAILED
        case _:
            return WireReason.CONNECTION_LOST
