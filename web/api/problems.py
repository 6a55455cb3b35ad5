"""Refusals as RFC 9457 problems: what went wrong, in Russian for people, by a code for programs."""

import json
from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from core.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from texts.reader import Texts
from web.api.wire_types import Shown

PROBLEM_JSON = "application/problem+json"
OF_KIND: Mapping[type[Refusal], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}
UNKNOWN_HERE = frozenset({"session-over", "api-key-unknown"})
"""Codes of refusals that say: nobody known asks."""
CHALLENGE = 'Bearer realm="zvonok"'


class Problem(Shown):
    """What every refusal looks like (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None = None
    pointer: str | None = None


class ApiError(Exception):
    """A refusal that is the API's own: of how something was asked, not of what.

    ``code`` names the text ``http-<code>``; ``field`` is a parameter or a header, ``pointer`` a place in the body.
    """

    def __init__(
        self, status: HTTPStatus, code: str, *, field: str | None = None, pointer: str | None = None, wait: int = 0
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.field = field
        self.pointer = pointer
        self.wait = wait
        """Seconds, where it helps to ask again."""


def of_refusal(texts: Texts, refusal: Refusal) -> web.Response:
    """Return what core says, in its own words, or in those for programs where its own are for a chat."""
    status = HTTPStatus.UNAUTHORIZED if refusal.code in UNKNOWN_HERE else OF_KIND[type(refusal)]
    own = f"http-refusal-{refusal.code}"
    words = own if texts.has(own) else f"refusal-{refusal.code}"
    return _response(texts, status, refusal.code, texts.format(words, **refusal.details))


def of_error(texts: Texts, error: ApiError) -> web.Response:
    """Return what the API itself says."""
    detail = texts.format(f"http-{error.code}", field=error.field or error.pointer or "")
    response = _response(texts, error.status, error.code, detail, field=error.field, pointer=error.pointer)
    if error.wait:
        response.headers["Retry-After"] = str(error.wait)
    return response


def of_status(texts: Texts, status: HTTPStatus, code: str) -> web.Response:
    """Return what has no more to it than its status."""
    return _response(texts, status, code, texts.format(f"http-{code}", field=""))


def _response(texts: Texts, status: HTTPStatus, code: str, detail: str, **places: str | None) -> web.Response:
    problem = Problem(
        type=f"urn:zvonok:problem:{code}",
        title=texts.format(f"http-title-{status.value}"),
        status=status.value,
        detail=detail,
        code=code,
        **places,
    )
    body = json.dumps(problem.model_dump(exclude_none=True), ensure_ascii=False)
    headers = {"WWW-Authenticate": CHALLENGE} if status is HTTPStatus.UNAUTHORIZED else {}
    return web.Response(text=body, status=status, content_type=PROBLEM_JSON, headers=headers)
