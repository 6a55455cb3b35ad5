"""The API of MAX over HTTP: the token in a header, faults and limits around the methods.

Order of a request: token, armed fault, rates, method. Each ends in the log, whatever was answered, without its token.
Errors are ``{"code": …, "message": …}``; «too many requests» says nothing of how long to wait (channels.md §2).
"""

import asyncio
import hmac
import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, assert_never

from aiohttp import web

from zvonok.sandbox.bot_api_server import cut, does_its_work
from zvonok.sandbox.faults import Cut, Fault, Faults, Garbage, Hang, Refused, Scope, Slow, TooMany
from zvonok.sandbox.limits import Limits
from zvonok.sandbox.max_methods import COUNTED, METHODS, Call
from zvonok.sandbox.max_shapes import payload
from zvonok.sandbox.max_world import MaxWorld
from zvonok.sandbox.refusals import RefusalError
from zvonok.sandbox.request_log import Answer, Request, RequestLog

MAX_UPDATES = 100
USUAL_UPDATES = 100
MAX_SECONDS = 30
USUAL_SECONDS = 30
_CODES = {
    HTTPStatus.BAD_REQUEST: "proto.payload",
    HTTPStatus.UNAUTHORIZED: "verify.token",
    HTTPStatus.FORBIDDEN: "chat.denied",
    HTTPStatus.NOT_FOUND: "not.found",
    HTTPStatus.TOO_MANY_REQUESTS: "too.many.requests",
}

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Done:
    """What a request came to."""

    body: Json
    status: int = HTTPStatus.OK

    @property
    def answer(self) -> Answer:
        """Return it for the log."""
        if self.status == HTTPStatus.OK and self.body.get("success") is not False:
            return Answer("ok", HTTPStatus.OK)
        return Answer("refused", self.status, str(self.body.get("message", "")))

    def response(self) -> web.Response:
        """Return it for the caller."""
        return web.json_response(self.body, status=self.status)


def refused(code: int, description: str) -> _Done:
    """Return an error in MAX's shape; a description may bring a code of its own, before a bar."""
    named, _, words = description.rpartition("|")
    usual = _CODES.get(HTTPStatus(code), "internal.error")
    return _Done({"code": named or usual, "message": words}, code)


class MaxServer:
    """Answers bots."""

    def __init__(self, world: MaxWorld, log: RequestLog, faults: Faults, limits: Limits) -> None:
        self._world = world
        self._log = log
        self._faults = faults
        self._limits = limits
        self._bots: dict[bytes, int] = {}
        self._under_way: set[asyncio.Transport] = set()

    def admit(self, token: str, bot_id: int) -> None:
        """Know a token from now on."""
        self._bots[token.encode()] = bot_id

    def add_routes(self, app: web.Application) -> None:
        """Serve bots in this application."""
        for verb, path in (*METHODS, ("GET", "/updates")):
            app.router.add_route(verb, path, self._serve)
        app.on_shutdown.append(self._hang_up)

    async def _hang_up(self, _: web.Application) -> None:
        for transport in tuple(self._under_way):
            transport.abort()

    async def _serve(self, request: web.Request) -> web.Response:
        transport = request.transport
        if transport is None:
            raise ConnectionError("the caller hung up at once")
        self._under_way.add(transport)
        try:
            return await self._answer(request)
        finally:
            self._under_way.discard(transport)

    async def _answer(self, request: web.Request) -> web.Response:
        bot_id = self._bot_of(request)
        call = await self._read(request, bot_id or 0)
        if isinstance(call, RefusalError) or bot_id is None:
            known = Call(self._world, 0, dict(request.query))
            done = _told(call) if isinstance(call, RefusalError) else refused(401, "Invalid access_token")
            return self._write_down(request, known, bot_id, done, done.answer)
        fault = self._faults.strike(Scope(bot_id, call.dialogue(), _name(request)))
        if fault is None:
            done = await self._perform(request, call)
            return self._write_down(request, call, bot_id, done, done.answer)
        return await self._struck(request, call, fault)

    def _bot_of(self, request: web.Request) -> int | None:
        given = request.headers.get("Authorization", "").encode("utf-8", "surrogateescape")
        return next((bot for token, bot in self._bots.items() if hmac.compare_digest(token, given)), None)

    async def _read(self, request: web.Request, bot_id: int) -> Call | RefusalError:
        query = dict(request.query) | dict(request.match_info)
        if "mid" in query:
            query["message_id"] = query.pop("mid")
        raw = await request.read()
        try:
            return Call(self._world, bot_id, query, json.loads(raw) if raw else None)
        except ValueError:
            return payload("the body is no JSON")

    async def _perform(self, request: web.Request, call: Call) -> _Done:
        try:
            if request.path == "/updates":
                return _Done(await self._updates(call))
            verb = (request.method, _path(request))
            person = call.dialogue()
            counted = verb in COUNTED and person is not None
            if counted and person is not None:
                self._limits.check(call.bot_id, person)
            body = METHODS[verb](call)
            if counted and person is not None:
                self._limits.count(call.bot_id, person)
        except RefusalError as refusal:
            return _told(refusal)
        return _Done(body)

    async def _updates(self, call: Call) -> Json:
        """Give what waits; the marker confirms what is before it, and without one everything is given again."""
        kinds = [kind for kind in call.query.get("types", "").split(",") if kind]
        self._world.updates.allow(call.bot_id, kinds or None)
        limit = min(_number(call, "limit", USUAL_UPDATES), MAX_UPDATES)
        seconds = min(_number(call, "timeout", USUAL_SECONDS), MAX_SECONDS)
        found = await self._world.updates.poll(call.bot_id, _number(call, "marker", 0), limit, seconds)
        shown = [next(body for name, body in one.items() if name != "update_id") for one in found]
        marker = found[-1]["update_id"] + 1 if found else _number(call, "marker", 0) or None
        return {"updates": shown, "marker": marker}

    async def _struck(self, request: web.Request, call: Call, fault: Fault) -> web.Response:
        effect, bot_id = fault.effect, call.bot_id
        done = await self._perform(request, call) if does_its_work(effect) else _Done({}, 0)
        match effect:
            case TooMany():
                lie = refused(HTTPStatus.TOO_MANY_REQUESTS, "Too many requests")
                return self._write_down(request, call, bot_id, lie, lie.answer)
            case Refused(code, description):
                lie = refused(code, description)
                self._write_down(request, call, bot_id, done, lie.answer)
                return lie.response()
            case Hang():
                self._write_down(request, call, bot_id, done, Answer("hang"))
                await fault.released.wait()
                return done.response()
            case Cut():
                self._write_down(request, call, bot_id, done, Answer("cut"))
                return await cut(request)
            case Garbage(body):
                self._write_down(request, call, bot_id, done, Answer("garbage", HTTPStatus.OK))
                return web.Response(text=body, content_type="text/html")
            case Slow(seconds):
                response = self._write_down(request, call, bot_id, done, done.answer)
                await asyncio.sleep(seconds)
                return response
            case _:
                assert_never(effect)

    def _write_down(
        self, request: web.Request, call: Call, bot_id: int | None, done: _Done, answer: Answer
    ) -> web.Response:
        chronicle, message = self._world.chronicle, done.body.get("message")
        body = message.get("body") if isinstance(message, dict) else None
        shown = dict(call.query) | ({"body": call.body} if call.body is not None else {})
        entry = Request(
            at=chronicle.clock(),
            monotonic=chronicle.monotonic(),
            bot_id=bot_id,
            method=_name(request),
            chat_id=call.dialogue(),
            message_id=body["seq"] if isinstance(body, dict) else None,
            parameters=shown,
            took_effect=done.status == HTTPStatus.OK and done.body.get("success") is not False,
            answer=answer,
        )
        self._log.add(entry)
        return done.response() if done.status else web.Response()


def _path(request: web.Request) -> str:
    return "/messages/{mid}" if "mid" in request.match_info else request.path


def _name(request: web.Request) -> str:
    return f"{request.method} {_path(request)}"


def _told(refusal: RefusalError) -> _Done:
    return refused(refusal.code, refusal.description)


def _number(call: Call, name: str, usual: int) -> int:
    found = call.query.get(name, "")
    return int(found) if found.isdecimal() else usual
