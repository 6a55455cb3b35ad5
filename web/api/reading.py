"""Reads requests into models. What does not fit is named by its place, and nothing of it is repeated."""

import hashlib
import re
from datetime import date
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ValidationError

from core.account.repeats import Request
from web.api.asking import SAFE, Asker
from web.api.declared import AnyOperation, Wish
from web.api.problems import ApiError
from web.api.versions import ANY
from web.api.wire_types import Params
from web.json_api import JSON

KEY_PATTERN = r"^[A-Za-z0-9._:-]{8,128}$"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
LARGEST_BODY = 128 * 1024
"""Bytes: marks of as many learners as a lesson may have, every letter of them escaped."""
_KEY = re.compile(KEY_PATTERN)


def params_of(operation: AnyOperation, request: web.Request) -> Params:
    """Read the parameters of an address. Raises ``ApiError`` (400, and 422 for a day of another century)."""
    given: dict[str, str] = dict(request.match_info)
    for name in request.query:
        if name in given or len(request.query.getall(name)) > 1:
            raise ApiError(HTTPStatus.BAD_REQUEST, "parameter-wrong", field=_shown(name))
        given[name] = request.query[name]
    try:
        found: Params = operation.params.model_validate(given)
    except ValidationError as error:
        raise ApiError(HTTPStatus.BAD_REQUEST, "parameter-wrong", field=_shown(str(_place(error)[0]))) from None
    for name, value in found:
        if isinstance(value, date) and not FIRST_DAY <= value <= LAST_DAY:
            raise ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "day-out-of-reach", field=name)
    return found


async def raw_of(request: web.Request) -> bytes:
    """Read what comes behind the head. Raises ``ApiError`` (400) if it is not packed as it says it is.

    What is too much, packed or unpacked, is aiohttp's own refusal.
    """
    if request.method in SAFE:
        return b""
    try:
        return await request.clone(client_max_size=LARGEST_BODY).read()
    except web.RequestPayloadError:
        raise ApiError(HTTPStatus.BAD_REQUEST, "body-unreadable") from None


def body_of(operation: AnyOperation, request: web.Request, raw: bytes) -> BaseModel | None:
    """Read a body into its model. Raises ``ApiError`` (400, 415)."""
    if operation.body is None:
        return None
    if request.content_type != JSON:
        raise ApiError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "json-needed")
    try:
        return operation.body.model_validate_json(raw)
    except ValidationError as error:
        place = _place(error)
        if not place:
            raise ApiError(HTTPStatus.BAD_REQUEST, "body-broken") from None
        pointer = "".join(f"/{_shown(str(step).replace('~', '~0').replace('/', '~1'))}" for step in place)
        raise ApiError(HTTPStatus.BAD_REQUEST, "body-wrong", pointer=pointer) from None


def match_of(operation: AnyOperation, request: web.Request) -> str | None:
    """Read ``If-Match``. Raises ``ApiError`` (428) where a version must be named, and none is."""
    if operation.match is Wish.NONE:
        return None
    found = ",".join(request.headers.getall("If-Match", [])) or None
    if operation.match is Wish.NEEDED and (found is None or found.strip() == ANY):
        raise ApiError(HTTPStatus.PRECONDITION_REQUIRED, "version-needed", field="If-Match")
    return found


def request_of(operation: AnyOperation, request: web.Request, asker: Asker, raw: bytes) -> Request | None:
    """Read ``Idempotency-Key``. Raises ``ApiError`` (400)."""
    if operation.key is Wish.NONE:
        return None
    key = _header(request, "Idempotency-Key", _KEY)
    if key is None:
        if operation.key is Wish.NEEDED:
            raise ApiError(HTTPStatus.BAD_REQUEST, "key-needed", field="Idempotency-Key")
        return None
    said = f"{request.method} {request.path_qs}\n".encode("utf-8", "surrogateescape") + raw
    return Request(asker.name, key, hashlib.sha256(said).hexdigest())


def _header(request: web.Request, name: str, form: re.Pattern[str]) -> str | None:
    said = request.headers.getall(name, [])
    if not said:
        return None
    if len(said) > 1 or not form.fullmatch(said[0]):
        raise ApiError(HTTPStatus.BAD_REQUEST, "header-wrong", field=name)
    return said[0]


def _place(error: ValidationError) -> tuple[Any, ...]:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return tuple(first["loc"])


def _shown(name: str) -> str:
    """Return a name that somebody has made up as far as an answer may hold it."""
    return "".join(sign for sign in name if sign.isprintable())[:60]
