"""The API put together: its addresses, their description for programs, and the page for people."""

import json
from collections.abc import Sequence
from http import HTTPStatus

from aiohttp import web

from web.api import classes, homeworks, lessons, marks, openapi, rolls
from web.api.asking import Door
from web.api.declared import AnyOperation
from web.api.limits import Buckets, Limits
from web.api.reference import page_of
from web.api.serving import answering, in_problems
from web.api.versions import is_known, tag_of
from web.cookies import SESSION
from web.desk import Desk
from web.json_api import JSON, JsonApi
from web.pages import Pages

OPERATIONS: Sequence[AnyOperation] = (
    *classes.OPERATIONS,
    *lessons.OPERATIONS,
    *rolls.OPERATIONS,
    *marks.OPERATIONS,
    *homeworks.OPERATIONS,
)


def make_api(desk: Desk, api: JsonApi, pages: Pages, limits: Limits) -> web.Application:
    """Return the application behind ``/api/v1``."""
    app = web.Application(middlewares=[in_problems(desk)])
    door = Door(desk, api, Buckets(api.accounts.machine_clock.monotonic), limits)
    for operation in OPERATIONS:
        answer = answering(door, operation)
        if operation.method == "GET":
            app.router.add_get(operation.path, answer)
        else:
            app.router.add_route(operation.method, operation.path, answer)
    described = json.dumps(openapi.document(OPERATIONS, desk.texts, SESSION), ensure_ascii=False).encode()
    tag = tag_of(described)

    async def document(request: web.Request) -> web.Response:
        if is_known(request.headers.get("If-None-Match"), tag):
            return web.Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
        return web.Response(body=described, content_type=JSON, charset="utf-8", headers={"ETag": tag})

    async def page(_: web.Request) -> web.Response:
        return pages.page("api.html", HTTPStatus.OK, **page_of(OPERATIONS, desk.texts))

    app.router.add_get("/openapi.json", document)
    app.router.add_get("/", page)
    return app
