"""What every response carries to keep a page to its reader."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from web.pages import Pages


def guarded(pages: Pages) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return a signal that lets no script run, no cache keep and no frame show what a response says."""
    headers = {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src '{pages.style_hash}'; form-action 'self'; base-uri 'none'; "
            "frame-ancestors 'none'"
        ),
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    async def put(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.popall("Server", None)

    return put
