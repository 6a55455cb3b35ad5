"""The Bot API over HTTP: tokens, parameters, faults and limits around the methods.

Order of a request: token, parameters, the armed fault, the rates, the method. Each request ends in the log, whatever
was answered.
"""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn, assert_never

from aiohttp import web

from zvonok.sandbox.bot_api_methods import METHODS, Call
from zvonok.sandbox.faults import Cut, Effect, Fault, Faults, Garbage, Hang, Refused, Scope, Slow, TooMany
from zvonok.sandbox.limits import Limits
from zvonok.sandbox.parameters import Parameters, read_parameters
from zvonok.sandbox.refusals import RefusalError, bad_request, hooked, method_not_found, too_many_requests, unauthorized
from zvonok.sandbox.request_log import Answer, Request, RequestLog
from zvonok.sandbox.world import World

_MAX_POLL_SECONDS = 50
_MAX_UPDATES = 100
_METHOD_NAMES = {name.lower(): name for name in (*METHODS, "getUpdates")}

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Inquiry:
    """A request that was read."""

    request: web.Request
    bot_id: int | None
    method: str
    parameters: Parameters

    @property
    def chat_id(self) -> int | None:
        return self.parameters.integer("chat_id")


@dataclass(frozen=True, slots=True)
class _Done:
    """What the method came to."""

    body: Json
    refusal: RefusalError | None = None

    @property
    def answer(self) -> Answer:
        if self.refusal is None:
            return Answer("ok", HTTPStatus.OK)
        return Answer("refused", self.refusal.code, self.refusal.description)

    @property
    def message_id(self) -> int | None:
        result = self.body.get("result")
        return result.get("message_id") if isinstance(result, dict) else None

    def response(self) -> web.Response:
        return web.json_response(self.body, status=self.answer.code or HTTPStatus.OK)


def _refused(refusal: RefusalError) -> _Done:
    body: Json = {"ok": False, "error_code": refusal.code, "description": refusal.description}
    return _Done(body | ({"parameters": refusal.parameters} if refusal.parameters else {}), refusal)


_NOTHING = _Done({}, RefusalError(0, ""))


class BotApiServer:
    """Answers bots."""

    def __init__(self, world: World, log: RequestLog, faults: Faults, limits: Limits) -> None:
        self._world = world
        self._log = log
        self._faults = faults
        self._limits = limits
        self._bots: dict[str, int] = {}
        self._under_way: set[asyncio.Transport] = set()

    def admit(self, token: str, bot_id: int) -> None:
        """Know a token from now on."""
        self._bots[token] = bot_id

    def add_routes(self, app: web.Application) -> None:
        """Serve bots in this application."""
        for verb in ("GET", "POST"):
            app.router.add_route(verb, "/bot{token:[^/]+}/{method}", self._serve)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download, allow_head=False)
        app.on_shutdown.append(self._hang_up)

    async def _hang_up(self, _: web.Application) -> None:
        """Break what still waits (long polls, hangs), so that stopping takes no time."""
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
        bot_id = self._bots.get(request.match_info["token"])
        method = _METHOD_NAMES.get(request.match_info["method"].lower(), request.match_info["method"])
        try:
            parameters = await _read(request)
        except RefusalError as refusal:
            inquiry = _Inquiry(request, bot_id, method, Parameters({}, {}))
            return self._told(inquiry, _refused(refusal))
        inquiry = _Inquiry(request, bot_id, method, parameters)
        if bot_id is None:
            return self._told(inquiry, _refused(unauthorized()))
        fault = self._faults.strike(Scope(bot_id, inquiry.chat_id, method))
        if fault is None:
            return self._told(inquiry, await self._perform(inquiry, bot_id))
        return await self._struck(inquiry, bot_id, fault)

    async def _struck(self, inquiry: _Inquiry, bot_id: int, fault: Fault) -> web.Response:
        effect = fault.effect
        done = _NOTHING
        if does_its_work(effect):
            done = await self._perform(inquiry, bot_id)
        match effect:
            case TooMany(retry_after):
                seconds = retry_after or fault.remaining(self._world.chronicle.monotonic())
                return self._told(inquiry, _refused(too_many_requests(seconds)))
            case Refused(code, description):
                lie = _refused(RefusalError(code, description))
                self._write_down(inquiry, done, lie.answer)
                return lie.response()
            case Hang():
                self._write_down(inquiry, done, Answer("hang"))
                await fault.released.wait()
                return done.response()
            case Cut():
                self._write_down(inquiry, done, Answer("cut"))
                return await cut(inquiry.request)
            case Garbage(body):
                self._write_down(inquiry, done, Answer("garbage", HTTPStatus.OK))
                return web.Response(text=body, content_type="text/html")
            case Slow(seconds):
                response = self._told(inquiry, done)
                await asyncio.sleep(seconds)
                return response
            case _:
                assert_never(effect)

    async def _perform(self, inquiry: _Inquiry, bot_id: int) -> _Done:
        try:
            result = await self._result(inquiry, bot_id)
        except RefusalError as refusal:
            return _refused(refusal)
        except UnicodeEncodeError:
            # A lone surrogate, which JSON can spell and UTF-8 cannot: met while measuring, before anything changed.
            return _refused(bad_request("strings must be encoded in UTF-8"))
        return _Done({"ok": True, "result": result})

    async def _result(self, inquiry: _Inquiry, bot_id: int) -> Any:
        if inquiry.method == "getUpdates":
            return await self._get_updates(inquiry.parameters, bot_id)
        function = METHODS.get(inquiry.method)
        if function is None:
            raise method_not_found()
        sends = inquiry.method in ("sendMessage", "sendDocument")
        edits = inquiry.method == "editMessageText" and self._limits.rates.edits
        counted = inquiry.chat_id if sends or edits else None
        if counted is not None:
            self._limits.check(bot_id, counted)
        result = function(Call(self._world, bot_id, inquiry.parameters))
        if counted is not None:
            self._limits.count(bot_id, counted)
        return result

    async def _get_updates(self, parameters: Parameters, bot_id: int) -> list[Json]:
        if self._world.webhooks.of(bot_id) is not None:
            raise hooked()
        kinds = parameters.nested("allowed_updates")
        readable = isinstance(kinds, list) and all(isinstance(kind, str) for kind in kinds)
        self._world.updates.allow(bot_id, kinds if readable else None)
        limit = parameters.integer("limit")
        return await self._world.updates.poll(
            bot_id,
            parameters.integer("offset") or 0,
            min(max(_MAX_UPDATES if limit is None else limit, 1), _MAX_UPDATES),
            min(max(parameters.integer("timeout") or 0, 0), _MAX_POLL_SECONDS),
        )

    def _told(self, inquiry: _Inquiry, done: _Done) -> web.Response:
        self._write_down(inquiry, done, done.answer)
        return done.response()

    def _write_down(self, inquiry: _Inquiry, done: _Done, answer: Answer) -> None:
        chronicle = self._world.chronicle
        request = Request(
            at=chronicle.clock(),
            monotonic=chronicle.monotonic(),
            bot_id=inquiry.bot_id,
            method=inquiry.method,
            chat_id=inquiry.chat_id,
            message_id=done.message_id or inquiry.parameters.integer("message_id"),
            parameters=inquiry.parameters.shown(),
            took_effect=done.refusal is None,
            answer=answer,
        )
        self._log.add(request)

    async def _download(self, request: web.Request) -> web.Response:
        bot_id = self._bots.get(request.match_info["token"])
        file = None if bot_id is None else self._world.files.at_path(bot_id, request.match_info["path"])
        if file is None:
            return _refused(RefusalError(HTTPStatus.NOT_FOUND, "Not Found")).response()
        return web.Response(body=self._world.files.body(file), content_type="application/octet-stream")


def does_its_work(effect: Effect) -> bool:
    """Tell whether a request that meets this fault is carried out, whatever its caller is told."""
    match effect:
        case TooMany():
            return False
        case Refused() | Cut() | Garbage():
            return effect.accepted
        case Hang() | Slow():
            return True
        case _:
            assert_never(effect)


async def _read(request: web.Request) -> Parameters:
    try:
        return await read_parameters(request)
    except web.HTTPRequestEntityTooLarge:
        raise RefusalError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "Request Entity Too Large") from None
    except ValueError:
        raise RefusalError(HTTPStatus.BAD_REQUEST, "Bad Request: can't parse request body") from None


async def cut(request: web.Request) -> NoReturn:
    """Break the connection; the server then cancels this very task."""
    if request.transport is not None:
        request.transport.abort()
    await asyncio.get_running_loop().create_future()
    raise ConnectionError("the connection is gone")
