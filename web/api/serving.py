"""Serves declared addresses: lets in, reads, carries out in one transaction, answers."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy.exc import SQLAlchemyError

from core.refusals import Refusal
from web.api import problems, reading
from web.api.asking import SAFE, Door
from web.api.cursors import cursors_by
from web.api.declared import AnyOperation, Call, Made
from web.api.problems import ApiError
from web.api.versions import is_known, tag_of
from web.api.wire_types import Shown
from web.desk import Desk
from web.json_api import JSON, ending_unreadable

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answering(door: Door, operation: AnyOperation) -> Answer:
    """Return what answers this address."""
    cursors = cursors_by(door.api.accounts.keeper)

    async def answer(request: web.Request) -> web.StreamResponse:
        asker = await door.asker(request)
        if operation.persons_only:
            asker.demand_person()
        asker.demand_scopes(operation.scopes)
        params = reading.params_of(operation, request)
        match = reading.match_of(operation, request)
        raw = await reading.raw_of(request)
        body = reading.body_of(operation, request, raw)
        said = reading.request_of(operation, request, asker, raw)
        now = door.desk.school_clock.now()
        async with door.desk.core.begin() as session:
            done = await operation.handle(Call(session, asker, params, body, now, match, said, cursors))
        return _response(request, operation, done)

    return answer


def _response(request: web.Request, operation: AnyOperation, done: Shown | Made | None) -> web.Response:
    if done is None:
        return web.Response(status=HTTPStatus.NO_CONTENT)
    shown = done.shown if isinstance(done, Made) else done
    body = shown.model_dump_json().encode()
    headers = {"ETag": tag_of(body)}
    if isinstance(done, Made):
        headers["Location"] = done.location
    if request.method in SAFE and is_known(request.headers.get("If-None-Match"), headers["ETag"]):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=body, status=operation.status, content_type=JSON, charset="utf-8", headers=headers)


def in_problems(desk: Desk) -> Middleware:
    """Answer whatever is refused or fails with a problem (RFC 9457); nobody reads a traceback, no log an address."""
    texts = desk.texts

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        return ending_unreadable(request, await refusing(request, handler))

    async def refusing(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except ApiError as error:
            return problems.of_error(texts, error)
        except Refusal as refusal:
            return problems.of_refusal(texts, refusal)
        except web.HTTPException as refused:
            return _of_server(desk, refused)
        except (SQLAlchemyError, OSError) as error:
            desk.log.warning("web.api-away", error=type(error).__name__)
            return problems.of_status(texts, HTTPStatus.SERVICE_UNAVAILABLE, "away")
        except Exception as error:
            desk.log.exception("web.api-broke", error=type(error).__name__)
            return problems.of_status(texts, HTTPStatus.INTERNAL_SERVER_ERROR, "away")

    return answer


def _of_server(desk: Desk, refused: web.HTTPException) -> web.Response:
    """Say what aiohttp refuses by itself: no such address, no such method, a body that is too large."""
    codes = {
        HTTPStatus.NOT_FOUND: "nothing-here",
        HTTPStatus.METHOD_NOT_ALLOWED: "method-unknown",
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "body-too-large",
    }
    status = HTTPStatus(refused.status)
    if status not in codes:
        raise refused
    response = problems.of_status(desk.texts, status, codes[status])
    if "Allow" in refused.headers:
        response.headers["Allow"] = refused.headers["Allow"]
    return response
