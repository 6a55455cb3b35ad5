"""Pages that ask something of whoever enters: their fields, and how what was filled in is read.

A form that changes something for whoever is known by a cookie is taken from our own pages alone. So that a browser says
from which page it sends (``Origin``), these pages do not forbid it: their addresses hold nothing secret.
Sources: Fetch, «append a request Origin header»; OWASP CSRF Prevention Cheat Sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import NamedTuple

from aiohttp import web

from core.refusals import Refusal
from web.json_api import BodyError, demand_own_origin, retry_after, status_of
from web.pages import Pages

FORM = "application/x-www-form-urlencoded"
LONGEST = 1024
"""Characters of one field, as in the JSON API."""
SAYS_WHENCE: Mapping[str, str] = {"Referrer-Policy": "same-origin"}


class FormError(Exception):
    """What came is no form of ours; ``name`` is that of the page that says so."""

    def __init__(self, name: str = "form-broken") -> None:
        super().__init__(name)
        self.name = name


class ElsewhereError(Exception):
    """Something else is due of whoever asks; ``address`` is where."""

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class FormField(NamedTuple):
    """One line to fill in."""

    name: str
    label: str
    kind: str = "text"
    complete: str = "off"
    """What a browser may offer: HTML, «autofill field»."""
    value: str = ""


class Way(NamedTuple):
    """A link to another page."""

    address: str
    """Relative, for a prefix may be before."""
    label: str


@dataclass(frozen=True, slots=True)
class Asking:
    """A page that asks: what it says, its fields, its button, and where else one may go."""

    title: str
    fields: Sequence[FormField]
    button: str
    about: Sequence[str] = ()
    ways: Sequence[Way] = ()
    provider: str | None = None
    """What the identity provider is called, where one may enter through it."""


def asked(pages: Pages, asking: Asking, refusal: Refusal | None = None) -> web.Response:
    """Return the page that asks, under the sentence of what was refused."""
    status = HTTPStatus.OK if refusal is None else status_of(refusal)
    words = None if refusal is None else pages.sentence(refusal)
    response = pages.page("fields.html", status, asking=asking, refusal=words)
    response.headers.update(SAYS_WHENCE)
    if refusal is not None:
        response.headers.update(retry_after(refusal))
    return response


def onward(address: str) -> web.Response:
    """Lead to a page of ours by GET: reloading it repeats nothing. Relative, for a prefix may be before."""
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})


async def form_of(request: web.Request, origin: str) -> Mapping[str, object]:
    """Read a form of our own page. Raises ``FormError``, which repeats nothing of what came."""
    try:
        demand_own_origin(request, origin)
    except BodyError:
        raise FormError("foreign-page") from None
    if request.content_type != FORM:
        raise FormError
    try:
        return await request.post()
    except (ValueError, LookupError):
        raise FormError from None


def lines_of(form: Mapping[str, object], *names: str) -> tuple[str, ...]:
    """Return what was filled in. Raises ``FormError`` for a line that is missing, empty or longer than any of ours."""
    values = tuple(form.get(name) for name in names)
    if not all(isinstance(value, str) and 0 < len(value) <= LONGEST and "\0" not in value for value in values):
        raise FormError
    return tuple(str(value) for value in values)
