"""Who may speak to the page: this machine's own browser showing this very page, and nobody else.

A page of a stranger, open in the same browser, could otherwise press buttons here (forged requests) or read names
(DNS rebinding). So the Host must be a loopback name, an order must come from our own Origin as JSON, and nothing of
another origin is loaded, framed or run.
"""

import ipaddress
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from types import MappingProxyType

from aiohttp import web
from yarl import URL

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_NAMES = frozenset({"localhost", "127.0.0.1", "::1"})
_READING = frozenset({"GET", "HEAD"})
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""Of a letter: whatever is in it, nothing runs and nothing is fetched; its links open elsewhere, unprivileged."""
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Content-Security-Policy": PAGE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
)


@web.middleware
async def gate(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let in whoever may speak to the page."""
    refusal = _refusal(request)
    if refusal is not None:
        return web.json_response({"error": refusal}, status=HTTPStatus.FORBIDDEN, headers=HEADERS)
    return await handler(request)


async def harden(_: web.Request, response: web.StreamResponse) -> None:
    """Add the headers to whatever is answered, unless the answer has stricter ones."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)


def _refusal(request: web.Request) -> str | None:
    if not _from_this_machine(request.remote) or not _is_ours(request.headers.get("Host", "")):
        return "Страница песочницы открывается только на этой же машине: http://127.0.0.1 или http://localhost."
    if request.method in _READING:
        return None
    if request.headers.get("Origin") != f"http://{request.headers['Host']}":
        return "Распоряжения принимаются только со страницы песочницы."
    if request.content_type != "application/json":
        return "Распоряжение должно быть в JSON."
    return None


def _from_this_machine(remote: str | None) -> bool:
    try:
        return ipaddress.ip_address(remote or "").is_loopback
    except ValueError:
        return False


def _is_ours(host: str) -> bool:
    try:
        return URL(f"http://{host}").host in _NAMES
    except ValueError:
        return False
