"""Orders to the sandbox over HTTP (``/__sandbox/…``), for whoever runs in another process on the same machine.

Taken from the loopback only and, where they change anything, as JSON only: a page of a stranger in the same browser
cannot send that without being asked first. A bad order changes nothing and is answered with 400 and a sentence in
Russian.
"""

import ipaddress
import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from zvonok.sandbox.chats import ChatMessage, Profile
from zvonok.sandbox.faults import Fault, FaultRequestError, Faults, Scope, effect_from_json
from zvonok.sandbox.limits import Limits
from zvonok.sandbox.people import Person, PersonError
from zvonok.sandbox.refusals import RefusalError
from zvonok.sandbox.request_log import Request, RequestLog
from zvonok.sandbox.world import World

type Json = dict[str, Any]
type Handler = Callable[[web.Request], Awaitable[Json]]


class OrderError(ValueError):
    """An order makes no sense; the text names the field, in Russian."""


class Control:
    """The handlers of ``/__sandbox/…``."""

    def __init__(self, world: World, log: RequestLog, faults: Faults, limits: Limits) -> None:
        self._world = world
        self._log = log
        self._faults = faults
        self._limits = limits

    def add_routes(self, app: web.Application) -> None:
        """Take orders in this application."""
        routes: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "health", self._health),
            ("GET", "faults", self._list_faults),
            ("POST", "faults", self._arm),
            ("DELETE", "faults", self._lift_all),
            ("DELETE", "faults/{number:[0-9]+}", self._lift),
            ("POST", "faults/{number:[0-9]+}/release", self._release),
            ("PUT", "limits", self._enforce),
            ("DELETE", "limits", self._let_through),
            ("POST", "people", self._know),
            ("GET", "people/{user_id:[0-9]+}/chat", self._chat),
            ("POST", "people/{user_id:[0-9]+}/send", self._send),
            ("POST", "people/{user_id:[0-9]+}/press", self._press),
            ("POST", "people/{user_id:[0-9]+}/block", self._block),
            ("POST", "people/{user_id:[0-9]+}/unblock", self._unblock),
            ("GET", "requests", self._requests),
        )
        for method, path, handler in routes:
            app.router.add_route(method, f"/__sandbox/{path}", guarded(handler))

    async def _health(self, _: web.Request) -> Json:
        return {"ok": True}

    # --- faults and rates -----------------------------------------------------------------------------------------

    async def _list_faults(self, _: web.Request) -> Json:
        return {"faults": [_fault_json(fault) for fault in self._faults.armed]}

    async def _arm(self, request: web.Request) -> Json:
        order = await _order(request)
        effect = effect_from_json(order)
        method = order.get("method")
        if method is not None and not isinstance(method, str):
            raise OrderError("Поле method: нужна строка.")
        scope = Scope(_whole(order, "bot_id"), _whole(order, "chat_id"), method)
        lasts = order.get("lasts")
        if lasts is not None and (isinstance(lasts, bool) or not isinstance(lasts, int | float) or lasts <= 0):
            raise OrderError("Поле lasts: нужно положительное число секунд.")
        times, skip = _whole(order, "times", least=1), _whole(order, "skip", least=0) or 0
        return _fault_json(self._faults.arm(effect, scope, times=times, lasts=lasts, skip=skip))

    async def _lift_all(self, _: web.Request) -> Json:
        self._faults.lift_all()
        return {"ok": True}

    async def _lift(self, request: web.Request) -> Json:
        self._faults.lift(self._fault(request))
        return {"ok": True}

    async def _release(self, request: web.Request) -> Json:
        await _order(request)
        self._faults.release(self._fault(request))
        return {"ok": True}

    def _fault(self, request: web.Request) -> Fault:
        fault = self._faults.find(int(request.match_info["number"]))
        if fault is None:
            raise OrderError("Такой неисправности нет.")
        return fault

    async def _enforce(self, request: web.Request) -> Json:
        order = await _order(request)
        self._limits.enforce(per_token=_whole(order, "per_token", least=1), per_chat=_whole(order, "per_chat", least=1))
        return {"ok": True}

    async def _let_through(self, _: web.Request) -> Json:
        self._limits.lift()
        return {"ok": True}

    # --- people ---------------------------------------------------------------------------------------------------

    async def _know(self, request: web.Request) -> Json:
        order = await _order(request)
        user_id = _whole(order, "user_id", least=1)
        if user_id is None:
            raise OrderError("Поле user_id обязательно.")
        names = {name: order.get(name) for name in ("last_name", "username") if order.get(name) is not None}
        self._world.know(
            Profile(user_id, _words(order, "first_name"), **{name: str(value) for name, value in names.items()})
        )
        return {"user_id": user_id}

    async def _chat(self, request: web.Request) -> Json:
        chat = self._person(request).chat_with(_whole(request.query, "bot_id"))
        messages = [self._message_json(message) for message in chat.all_messages.values()]
        return {"blocked": chat.blocked, "messages": messages}

    async def _send(self, request: web.Request) -> Json:
        order = await _order(request)
        message = await self._person(request).send(_words(order, "text"), bot_id=_whole(order, "bot_id"))
        return {"message_id": message.message_id}

    async def _press(self, request: web.Request) -> Json:
        order = await _order(request)
        message_id, bot_id = _whole(order, "message_id"), _whole(order, "bot_id")
        within = order.get("within")
        if within is not None and (isinstance(within, bool) or not isinstance(within, int | float)):
            raise OrderError("Поле within: нужно число секунд.")
        person = self._person(request)
        answer = await person.press(_words(order, "button"), message_id=message_id, bot_id=bot_id, within=within)
        return {"answer": None if answer is None else {"text": answer.text, "show_alert": answer.show_alert}}

    async def _block(self, request: web.Request) -> Json:
        await self._person(request).block(_whole(await _order(request), "bot_id"))
        return {"ok": True}

    async def _unblock(self, request: web.Request) -> Json:
        await self._person(request).unblock(_whole(await _order(request), "bot_id"))
        return {"ok": True}

    def _person(self, request: web.Request) -> Person:
        user_id = int(request.match_info["user_id"])
        if user_id not in self._world.people:
            raise OrderError("Такого человека в песочнице нет.")
        return Person(self._world, user_id)

    def _message_json(self, message: ChatMessage) -> Json:
        earlier = [{"text": content.text, "at": content.at.isoformat()} for content in message.earlier]
        shown = self._world.message_json(message)
        return shown | {"from_bot": message.from_bot, "deleted": message.deleted, "earlier": earlier}

    # --- the log --------------------------------------------------------------------------------------------------

    async def _requests(self, request: web.Request) -> Json:
        chat_id, bot_id = _whole(request.query, "chat_id"), _whole(request.query, "bot_id")
        found = self._log.of(request.query.get("method"), chat_id=chat_id, bot_id=bot_id)
        return {"requests": [_request_json(one) for one in found]}


def guarded(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Serve a handler to this machine alone, and turn its refusals into answers."""

    async def serve(request: web.Request) -> web.Response:
        if not _from_this_machine(request):
            return _error(HTTPStatus.FORBIDDEN, "Песочница принимает распоряжения только с этой же машины.")
        try:
            return web.json_response(await handler(request))
        except (OrderError, FaultRequestError, PersonError) as error:
            return _error(HTTPStatus.BAD_REQUEST, str(error))
        except RefusalError as refusal:
            return _error(HTTPStatus.BAD_REQUEST, refusal.description)
        except TimeoutError:
            return _error(HTTPStatus.REQUEST_TIMEOUT, "Бот не ответил за отведённое время.")

    return serve


def _from_this_machine(request: web.Request) -> bool:
    try:
        return ipaddress.ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def _error(status: HTTPStatus, text: str) -> web.Response:
    return web.json_response({"error": text}, status=status)


async def _order(request: web.Request) -> Json:
    if request.content_type != "application/json":
        raise OrderError("Распоряжение должно быть в JSON (Content-Type: application/json).")
    try:
        order = json.loads(await request.read())
    except ValueError:
        raise OrderError("Распоряжение не разобрать как JSON.") from None
    if not isinstance(order, dict):
        raise OrderError("Распоряжение должно быть объектом JSON.")
    return order


def _whole(order: Mapping[str, Any], name: str, *, least: int | None = None) -> int | None:
    value = order.get(name)
    if value is None:
        return None
    try:
        number = int(value)
    except (TypeError, ValueError):
        raise OrderError(f"Поле {name}: нужно целое число.") from None
    if isinstance(value, bool | float) or (least is not None and number < least):
        raise OrderError(f"Поле {name}: нужно целое число" + ("." if least is None else f", не меньше {least}."))
    return number


def _words(order: Mapping[str, Any], name: str) -> str:
    value = order.get(name)
    if not isinstance(value, str) or not value.strip():
        raise OrderError(f"Поле {name}: нужен непустой текст.")
    return value


def _fault_json(fault: Fault) -> Json:
    return {
        "fault": fault.number,
        "kind": type(fault.effect).__name__,
        "bot_id": fault.scope.bot_id,
        "chat_id": fault.scope.chat_id,
        "method": fault.scope.method,
        "times": fault.times,
        "struck": fault.struck,
    }


def _request_json(request: Request) -> Json:
    return {
        "at": request.at.isoformat(),
        "bot_id": request.bot_id,
        "method": request.method,
        "chat_id": request.chat_id,
        "message_id": request.message_id,
        "parameters": dict(request.parameters),
        "took_effect": request.took_effect,
        "answer": request.answer.kind,
        "code": request.answer.code,
    }
