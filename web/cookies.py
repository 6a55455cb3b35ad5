"""Cookies of whoever enters: for us alone, over TLS alone, out of reach of scripts and of other sites' requests.

``__Host-`` makes browsers refuse them for a sub-domain or a path. Source: RFC 6265bis §4.1.3.
"""

from datetime import datetime, timedelta

from aiohttp import web

from core.account.sessions import Opened

SESSION = "__Host-zvonok"
DEVICE = "__Host-zvonok-device"
"""That the owner of a login has entered from this browser before."""
PROVIDER = "__Host-zvonok-provider"
"""The state of a login under way at an identity provider."""
APP = "__Host-zvonok-app"
"""A stay in a messenger's Mini App: apart from that of the site, which it neither ends nor takes over."""
DEVICE_LIVES = timedelta(days=90)
PROVIDER_LIVES = timedelta(minutes=10)


def keep_session(response: web.StreamResponse, opened: Opened, now: datetime) -> None:
    """Let the browser keep its session until the session's own end."""
    _keep(response, SESSION, opened.token, opened.expires_at - now)


def keep_app(response: web.StreamResponse, opened: Opened, now: datetime) -> None:
    """Let the messenger's browser keep the stay of its Mini App."""
    _keep(response, APP, opened.token, opened.expires_at - now)


def keep_device(response: web.StreamResponse, mark: str) -> None:
    """Let the browser keep that its owner has entered from it."""
    _keep(response, DEVICE, mark, DEVICE_LIVES)


def keep_provider(response: web.StreamResponse, state: str) -> None:
    """Let the browser keep what it must bring back from the provider."""
    _keep(response, PROVIDER, state, PROVIDER_LIVES)


def drop(response: web.StreamResponse, name: str) -> None:
    """Have the browser forget a cookie."""
    response.del_cookie(name, path="/", secure=True, httponly=True, samesite="Lax")


def _keep(response: web.StreamResponse, name: str, value: str, lives: timedelta) -> None:
    seconds = int(lives.total_seconds())
    # Lax: whoever comes by a link, or back from the provider, is still himself; a POST from elsewhere is nobody's.
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="Lax")
