"""A real Chromium, Debian's own, for tests that tap through pages. Nothing of it reaches beyond this machine."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import BrowserContext, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
WORDS = (
    "--no-sandbox",  # the gate may run as root, whom Chromium's own sandbox refuses
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
)
WIDE, NARROW = (1280, 800), (390, 844)
PATIENCE_MILLISECONDS = 30_000.0


@asynccontextmanager
async def opened_browser(
    size: tuple[int, int] = WIDE, *, dark: bool = False, hosts: str | None = None
) -> AsyncIterator[BrowserContext]:
    """Open a browser that has never seen anything.

    ``hosts`` says where names of the web are found, as Chromium's ``--host-resolver-rules``; then it believes whoever
    answers there, for no authority vouches for a test.
    """
    async with async_playwright() as playwright:
        words = (*WORDS, *(() if hosts is None else (f"--host-resolver-rules={hosts}",)))
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=words)
        try:
            context = await browser.new_context(
                viewport={"width": size[0], "height": size[1]},
                color_scheme="dark" if dark else "light",
                locale="ru-RU",
                ignore_https_errors=hosts is not None,
            )
            context.set_default_timeout(PATIENCE_MILLISECONDS)
            yield context
        finally:
            await browser.close()


def complaints(page: Page) -> list[str]:
    """Collect what the page's console complains of from now on: scripts that failed, what the policy has stopped."""
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("console", lambda said: found.append(said.text) if said.type in {"error", "warning"} else None)
    return found


async def take_picture(page: Page, name: str) -> None:
    """Take a picture for the documents if ``ZVONOK_PICTURES`` names a folder for them."""
    folder = os.environ.get("ZVONOK_PICTURES")
    if folder:
        await page.screenshot(path=Path(folder) / f"{name}.png")
