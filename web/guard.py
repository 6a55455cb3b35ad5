"""What every response carries to keep a page to its reader."""

from collections.abc import Awaitable, Callable

from aiohttp import web

from web.pages import Pages

POLICY = "Content-Security-Policy"
_ALWAYS = "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


def scripted(pages: Pages) -> str:
    """Return the policy of a page with a script: files of our own, and requests to ourselves."""
    style = f"style-src 'self' '{pages.style_hash}'"
    return f"default-src 'none'; script-src 'self'; {style}; connect-src 'self'; {_ALWAYS}"


def guarded(pages: Pages) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """Return a signal that lets no script run, no cache keep and no frame show what a response says.

    A page with a script of ours says so itself (``scripted``), a file with nothing of anybody's that it may be kept.
    """
    usual = {POLICY: f"default-src 'none'; style-src '{pages.style_hash}'; {_ALWAYS}", "Cache-Control": "no-store"}
    headers = {
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex, nofollow, noarchive",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }

    async def put(_: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)
        for name, value in usual.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.popall("Server", None)

    return put
