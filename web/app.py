"""The application: its routes, the headers that every response carries, and what is said when something goes wrong.

No scripts, nothing from elsewhere; cookies only for whoever enters by a login. A page holds a family's affairs: no
cache keeps it, no frame shows it, no address of it is passed on. Addresses hold tokens and are never logged.
"""

from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from core.refusals import Forbidden, NotFound
from web import accounts_pages
from web.absence_page import AbsencePage
from web.api.application import make_api
from web.api.limits import USUAL, Limits
from web.api.openapi import BASE
from web.desk import Desk
from web.guard import guarded
from web.json_api import JsonApi
from web.mailbox_page import MailboxPage
from web.notice_page import NoticePage
from web.pages import Pages
from web.unsubscribe_page import UnsubscribePage

LARGEST_FORM = 16 * 1024
"""Bytes; a form of ours has a few hundred."""


def make_app(desk: Desk, limits: Limits = USUAL) -> web.Application:
    """Return the application that answers browsers and programs; whoever runs it gives it an address."""
    pages = Pages(desk.texts)
    app = web.Application(middlewares=[_in_sentences(desk, pages)], client_max_size=LARGEST_FORM)
    app.on_response_prepare.append(guarded(pages))
    NoticePage(desk, pages).add_to(app)
    AbsencePage(desk, pages).add_to(app)
    UnsubscribePage(desk, pages).add_to(app)
    MailboxPage(desk, pages).add_to(app)
    if desk.accounts is not None:
        accounts_pages.add_to(app, desk, desk.accounts, pages)
        app.router.add_get(BASE, _with_slash)
        app.add_subapp(BASE, make_api(desk, JsonApi(desk, desk.accounts), pages, limits))

    async def health(_: web.Request) -> web.Response:
        async with desk.core.begin() as session:
            await session.execute(text("SELECT 1"))
        return web.json_response({"status": "ok"})

    app.router.add_get("/health", health)
    return app


async def _with_slash(request: web.Request) -> web.StreamResponse:
    """Lead whoever left out the last stroke to the page; relative, for a prefix may be before."""
    raise web.HTTPPermanentRedirect(f"{request.path.rpartition('/')[2]}/")


def _in_sentences(desk: Desk, pages: Pages) -> Middleware:
    """Answer what failed with a page that says what to do; no reader sees a traceback, no log an address."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPRequestEntityTooLarge:
            return pages.message("form-broken", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except web.HTTPMethodNotAllowed as refused:
            response = pages.message("nothing-here", HTTPStatus.METHOD_NOT_ALLOWED)
            response.headers["Allow"] = ", ".join(sorted(refused.allowed_methods))
            return response
        except (web.HTTPNotFound, NotFound, Forbidden) as refusal:
            return _closed(pages, refusal)
        except web.HTTPException:
            raise
        except (SQLAlchemyError, OSError) as error:
            # Its words may quote a row, which is somebody's name.
            desk.log.warning("web.page-away", error=type(error).__name__)
            return pages.message("away", HTTPStatus.SERVICE_UNAVAILABLE)
        except Exception as error:
            desk.log.exception("web.page-broke", error=type(error).__name__)
            return pages.message("away", HTTPStatus.INTERNAL_SERVER_ERROR)

    return answer


def _closed(pages: Pages, refusal: web.HTTPNotFound | NotFound | Forbidden) -> web.Response:
    if isinstance(refusal, Forbidden):
        return pages.refused(refusal, HTTPStatus.FORBIDDEN)
    return pages.message("nothing-here", HTTPStatus.NOT_FOUND)
