"""The HTTP API in JSON: bodies read into models, refusals answered in Russian, foreign pages kept out.

A refusal is ``{"error": code, "message": sentence}``. Against forged requests (CSRF): a body must be JSON, which no
form of another site can send, and the browser must not say that it comes from elsewhere. Sources: Fetch (Origin,
Sec-Fetch-Site), OWASP CSRF Prevention Cheat Sheet.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlalchemy.exc import SQLAlchemyError

from core.account import sessions
from core.account.sessions import Need, Visitor
from core.refusals import Conflict, Forbidden, Invalid, NotFound, Refusal
from web.account_desk import AccountDesk
from web.cookies import SESSION
from web.desk import Desk

JSON = "application/json"
OF_CODE: Mapping[str, HTTPStatus] = {
    "login-wrong": HTTPStatus.UNAUTHORIZED,
    "entry-code-wrong": HTTPStatus.UNAUTHORIZED,
    "session-over": HTTPStatus.UNAUTHORIZED,
    "second-factor-wrong": HTTPStatus.UNAUTHORIZED,
    "login-too-many": HTTPStatus.TOO_MANY_REQUESTS,
    "source-too-many": HTTPStatus.TOO_MANY_REQUESTS,
    "code-too-many": HTTPStatus.TOO_MANY_REQUESTS,
    "password-too-many": HTTPStatus.TOO_MANY_REQUESTS,
}
OF_KIND: Mapping[type[Refusal], HTTPStatus] = {
    NotFound: HTTPStatus.NOT_FOUND,
    Forbidden: HTTPStatus.FORBIDDEN,
    Conflict: HTTPStatus.CONFLICT,
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
}

BEFORE_US = tuple(
    ip_network(written)
    for written in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
"""Where whatever takes TLS off may stand: this machine, or its own network."""

type Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Body(BaseModel):
    """What may come in a body: known fields only, of their own types."""

    model_config = ConfigDict(extra="forbid", strict=True)


class BodyError(Exception):
    """What came is not what this address takes; ``field`` says where."""

    def __init__(self, code: str, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class JsonApi:
    """Adds addresses that speak JSON."""

    desk: Desk
    accounts: AccountDesk

    def get(self, app: web.Application, path: str, answer: Answer) -> None:
        """Answer GET and HEAD, which change nothing."""
        app.router.add_get(path, self._guarded(answer))

    def post(self, app: web.Application, path: str, answer: Answer) -> None:
        """Answer POST from our own pages, and from programs that are no browser."""

        async def own(request: web.Request) -> web.StreamResponse:
            demand_own_origin(request, self.accounts.origin)
            return await answer(request)

        app.router.add_post(path, self._guarded(own))

    async def visitor(self, request: web.Request, *needs: Need) -> Visitor:
        """Return who asks. Raises ``Forbidden``: nobody, or something else is due first."""
        token = request.cookies.get(SESSION)
        if token is None:
            raise Forbidden("session-over")
        async with self.desk.core.begin() as session:
            found = await sessions.visitor(session, self.accounts.keeper, token, self.desk.school_clock.now())
        if found.need not in (needs or (Need.NOTHING,)):
            sessions.demand_finished(found)
            raise Forbidden("second-factor-not-due")
        return found

    async def leave_before(self, request: web.Request) -> None:
        """End the stay that this browser had: nobody can reach it any more, and a school's computer has many users."""
        try:
            before = await self.visitor(request, *Need)
        except Forbidden:
            return
        async with self.desk.core.begin() as session:
            await sessions.leave(session, before, self.desk.school_clock.now())

    def _guarded(self, answer: Answer) -> Answer:
        async def answered(request: web.Request) -> web.StreamResponse:
            try:
                return await answer(request)
            except Refusal as refusal:
                return self.refused(refusal)
            except BodyError as broken:
                message = self.desk.texts.format(f"api-{broken.code}", field=broken.field)
                return in_json({"error": broken.code, "message": message}, status=HTTPStatus.BAD_REQUEST)
            except web.HTTPRequestEntityTooLarge:
                message = self.desk.texts.format("api-body-too-large")
                return in_json(
                    {"error": "body-too-large", "message": message}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE
                )
            except (SQLAlchemyError, OSError) as error:
                self.desk.log.warning("web.api-away", error=type(error).__name__)
                return self._away(HTTPStatus.SERVICE_UNAVAILABLE)
            except web.HTTPException:
                raise
            except Exception as error:
                self.desk.log.exception("web.api-broke", error=type(error).__name__)
                return self._away(HTTPStatus.INTERNAL_SERVER_ERROR)

        return _ending(answered)

    def refused(self, refusal: Refusal) -> web.Response:
        """Return a refusal with its words."""
        message = self.desk.texts.format(f"refusal-{refusal.code}", **refusal.details)
        said = {"error": refusal.code, "message": message}
        return in_json(said, status=status_of(refusal), headers=retry_after(refusal))

    def _away(self, status: HTTPStatus) -> web.Response:
        return in_json({"error": "away", "message": self.desk.texts.format("web-away")}, status=status)


def status_of(refusal: Refusal) -> HTTPStatus:
    """Return the status that a refusal is answered with."""
    return OF_CODE.get(refusal.code) or OF_KIND[type(refusal)]


def retry_after(refusal: Refusal) -> Mapping[str, str]:
    """Return the header that tells a program how long to wait; none if waiting does not help."""
    minutes = refusal.details.get("minutes")
    if status_of(refusal) is not HTTPStatus.TOO_MANY_REQUESTS or not isinstance(minutes, int):
        return {}
    return {"Retry-After": str(minutes * 60)}


def in_json(said: object, status: int = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> web.Response:
    """Return an answer in JSON, Russian letters as they are."""
    body = json.dumps(said, ensure_ascii=False)
    return web.Response(text=body, status=status, headers=headers, content_type=JSON)


async def read[Model: Body](request: web.Request, model: type[Model]) -> Model:
    """Read a body. Raises ``BodyError``, which repeats nothing of what came."""
    if request.content_type != JSON:
        raise BodyError("body-not-json")
    try:
        return model.model_validate_json(await request.read())
    except web.RequestPayloadError:
        raise BodyError("body-not-json") from None
    except ValidationError as error:
        first: Any = error.errors(include_url=False, include_input=False, include_context=False)[0]
        if not first["loc"]:
            raise BodyError("body-not-json") from None
        raise BodyError("body-field", str(first["loc"][0])) from None


def ending_unreadable(request: web.Request, response: web.StreamResponse) -> web.StreamResponse:
    """Let this answer be the last one of its connection if the body that came could not be unpacked.

    Nobody knows where the next request begins. aiohttp would read such a body to its end, fail at it, write a traceback
    down and cut the connection under the next request.
    """
    if request.content.exception() is not None:
        request.content.feed_eof()
        response.force_close()
    return response


def _ending(answer: Answer) -> Answer:
    async def answered(request: web.Request) -> web.StreamResponse:
        return ending_unreadable(request, await answer(request))

    return answered


def demand_own_origin(request: web.Request, origin: str) -> None:
    """Raise ``BodyError`` for a browser that says that another site's page made it send this."""
    said, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site")
    if (said is not None and said != origin) or site not in {None, "same-origin", "none"}:
        raise BodyError("foreign-page")


def source_of(request: web.Request) -> str:
    """Return the network from which a request came: the address, of IPv6 the network of 64 bits that a home has.

    Whatever takes TLS off stands before us on a private address and says, last of all, for whom it asks; what stands
    before that, a visitor may have written himself.
    """
    # A zone names a wire of this machine; what a proxy has written of another machine's says nothing here.
    peer = _address((request.remote or "").partition("%")[0])
    if peer is None:
        return request.remote or ""
    said = ",".join(request.headers.getall("X-Forwarded-For", []))
    address = (_address(said.rpartition(",")[2]) if any(peer in network for network in BEFORE_US) else None) or peer
    return str(address) if isinstance(address, IPv4Address) else address.exploded[:19]


def _address(written: str) -> IPv4Address | IPv6Address | None:
    """Read an address as proxies write it: alone, with a port, in brackets; an IPv4 one in the clothes of IPv6."""
    bare = written.strip()
    if bare.startswith("["):
        bare, closed, _ = bare[1:].partition("]")
        if not closed:
            return None
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def device_of(request: web.Request) -> str:
    """Return what a browser says of itself, without what no person reads."""
    said = request.headers.get("User-Agent", "")
    return "".join(sign for sign in said if sign.isprintable())
