"""Every page and letter, light and dark, in a real Chromium: axe finds nothing, and nothing runs out of a narrow phone.

The pages come over HTTP with the headers of the product, so that the style is the one that the policy lets in.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page

from gateway.rendering import letter
from gateway.wording.words import Telling
from tests.acceptance.browser import complaints, opened_browser, take_picture
from tests.page_gallery import gallery, reference
from tests.unit.gateway_cases import ILLNESS, READER, UNEXPLAINED, absence_for, day_state, school
from texts.reader import load
from web.guard import guarded
from web.pages import Pages

pytestmark = pytest.mark.debian("chromium", "/usr/bin/chromium")

PHONE = (360, 740)
"""CSS pixels of a narrow phone."""
AXE = files("axe_playwright_python").joinpath("axe.min.js")
FOUND = """
rules => axe.run(document, rules).then(
  said => said.violations.map(one => one.id + ": " + one.nodes.map(node => node.html).join(" | ")))
"""
EVERYTHING: dict[str, Any] = {}
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
"""A letter is a part of a mail programme's page, which has landmarks of its own: the rules for those are left out."""
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FRAME = (
    '<!DOCTYPE html><html lang="ru"><head><meta name="color-scheme" content="light dark"><title>Б</title>'
    "<style>body{background:#fff}@media(prefers-color-scheme:dark){body{background:#111}}</style></head><body><main><h1>Б</h1>%s</main></body></html>"
)
BAD = FRAME % '<p style="color:#aaa;background:#fff">не видно</p><img src="x">'
BAD_IN_THE_DARK = FRAME % '<p style="color:#333">днём видно</p>'


def shown_pages(language: str) -> dict[str, bytes]:
    """Return every page by its name."""
    texts = load(language)
    pages = Pages(texts)
    return {one.name: one.html(pages) for one in (*gallery(texts), reference(texts))}


@asynccontextmanager
async def served(bodies: Mapping[str, bytes], language: str = "ru") -> AsyncIterator[str]:
    """Serve pages as the product does; yields the address before their names."""
    app = web.Application()
    app.on_response_prepare.append(guarded(Pages(load(language))))

    async def page(request: web.Request) -> web.Response:
        return web.Response(body=bodies[request.match_info["name"]], content_type="text/html", charset="utf-8")

    app.router.add_get("/{name}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/"
    finally:
        await runner.cleanup()


async def asked_of_axe(page: Page, rules: dict[str, Any] = EVERYTHING) -> list[str]:
    """Return what axe finds wrong in the page as it stands."""
    await page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[str] = await page.evaluate(FOUND, rules)
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("language", ["ru", "en"])
async def test_no_page_shuts_anybody_out(language: str, record_property: Any, *, dark: bool) -> None:
    bodies, wrong = shown_pages(language), dict[str, list[str]]()
    async with served(bodies, language) as address, opened_browser(PHONE, dark=dark) as browser:
        page = await browser.new_page()
        refused = complaints(page)
        for name in bodies:
            await page.goto(address + name)
            found = await asked_of_axe(page)
            if await page.evaluate(WIDER):
                found.append("wider than the phone")
            if found:
                wrong[name] = found
            await take_picture(page, f"{name}-{language}{'-dark' if dark else ''}")
    how = "dark" if dark else "light"
    record_property("figure", f"axe: {len(bodies)} pages, {language}, {how}: {len(wrong)} with violations")
    assert wrong == {}
    assert refused == [], "the policy let the style in"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_no_letter_shuts_anybody_out(*, dark: bool) -> None:
    """Shown as a mail programme does: without our headers, whose policy would take its inline style away."""
    texts, delivery = load("ru"), READER
    async with opened_browser(PHONE, dark=dark) as browser:
        page = await browser.new_page()
        for kinds in ({2: UNEXPLAINED, 3: UNEXPLAINED}, {2: ILLNESS}, {}):
            state = day_state(kinds)
            content = absence_for(state, READER, acknowledged=False, interactive=False)
            message = letter(texts, Telling(delivery, content, None, state, school()), "anna@example.ru", "key")
            assert message.html is not None
            await page.set_content(message.html)
            assert await asked_of_axe(page, WCAG) == []
            assert not await page.evaluate(WIDER)


async def test_axe_is_not_blind() -> None:
    async with opened_browser(PHONE) as browser:
        page = await browser.new_page()
        await page.set_content(BAD)
        assert {one.partition(":")[0] for one in await asked_of_axe(page)} >= {"color-contrast", "image-alt"}
        await page.set_content(BAD_IN_THE_DARK)
        assert await asked_of_axe(page) == []
    async with opened_browser(PHONE, dark=True) as browser:
        page = await browser.new_page()
        await page.set_content(BAD_IN_THE_DARK)
        assert {one.partition(":")[0] for one in await asked_of_axe(page)} == {"color-contrast"}
