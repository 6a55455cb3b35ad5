"""The sandbox's page as a person sees it: phones, mailboxes, the clock, troubles, the rail. For any journey's test."""

import re
from dataclasses import dataclass

from playwright.async_api import FrameLocator, Locator, Page, expect

from tests.acceptance.browser import PATIENCE_MILLISECONDS


@dataclass(frozen=True, slots=True)
class Phone:
    """The card of one person: chat and mailbox."""

    card: Locator

    async def write(self, text: str) -> None:
        """Write to the bot."""
        field = self.card.get_by_role("textbox")
        await field.fill(text)
        await field.press("Enter")

    def message(self, text: str | re.Pattern[str]) -> Locator:
        """Find the newest message that says this."""
        return self.card.locator(".message", has=self.card.page.locator(".bubble", has_text=text)).last

    async def sees(self, text: str | re.Pattern[str]) -> Locator:
        """Wait until there is such a message, and return it."""
        found = self.message(text)
        await expect(found).to_be_visible()
        return found

    async def press(self, label: str | re.Pattern[str]) -> None:
        """Press a button under the newest message that has it, as soon as it is there."""
        exact = isinstance(label, str)
        await self.card.locator(".buttons").get_by_role("button", name=label, exact=exact).last.click()

    async def hears(self, text: str) -> None:
        """Wait for the bot's answer to a press."""
        await expect(self.card.locator(".toast")).to_contain_text(text)

    @property
    def messenger(self) -> Locator:
        """Return the name of the messenger of this phone."""
        return self.card.locator(".messenger")

    async def chat(self) -> None:
        """Turn to the chat."""
        await self.card.locator('[data-tab="Чат"]').click()

    async def mail(self) -> None:
        """Turn to the mailbox."""
        await self.card.locator('[data-tab="Почта"]').click()

    def news(self, tab: str) -> Locator:
        """Return the count of what has come behind a tab that is not open."""
        return self.card.locator(f'[data-tab="{tab}"] .badge')

    async def letter(self, subject: str) -> FrameLocator:
        """Open the newest letter with this in its subject; returns what is inside the cage."""
        await self.mail()
        back = self.card.get_by_role("button", name="‹ Все письма")
        if await back.is_visible():
            await back.click()
        await self.card.get_by_role("button", name=subject).first.click()
        return self.card.frame_locator("iframe")

    async def menu(self, label: str) -> None:
        """Choose from the person's menu."""
        await self.card.locator(".menu summary").click()
        await self.card.get_by_role("button", name=label, exact=True).click()


@dataclass(frozen=True, slots=True)
class SandboxPage:
    """The whole page."""

    page: Page

    @classmethod
    async def open(cls, page: Page, address: str) -> "SandboxPage":
        """Open the page and wait until everything has come. Nothing flies in: a press waits out every movement."""
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        await page.emulate_media(reduced_motion="reduce")
        await page.goto(address)
        opened = cls(page)
        await opened.is_live()
        await expect(page.locator(".person").first).to_be_visible()
        return opened

    async def is_live(self) -> None:
        """Wait until the page hears the sandbox."""
        await expect(self.page.locator("body:not(.offline)")).to_be_visible()
        await expect(self.page.locator("#clock-time")).to_have_text(re.compile(r"\d+:\d\d"))

    async def phone(self, name: str) -> Phone:
        """Show somebody by a part of the name, and return the card."""
        person = self.page.locator(".person", has_text=name)
        if await person.get_attribute("aria-pressed") != "true":
            await person.click()
        card = self.page.locator("article.phone", has=self.page.locator("h3", has_text=name))
        await expect(card).to_be_visible()
        return Phone(card)

    def face(self, name: str) -> Locator:
        """Return somebody's place in the list of people."""
        return self.page.locator(".person", has_text=name)

    async def move_clock(self, preset: str) -> None:
        """Press one of the clock's buttons: ``little``, ``lesson``, ``evening``, ``morning``."""
        await self.page.locator(f'[data-preset="{preset}"]').click()

    async def clock_shows(self, time: str | re.Pattern[str], day: str) -> None:
        """Wait until the clock shows this."""
        await expect(self.page.locator("#clock-day")).to_have_text(day)
        await expect(self.page.locator("#clock-time")).to_have_text(time)

    async def trouble(self, name: str) -> None:
        """Make a trouble, or take it back."""
        await self.page.locator("#open-troubles").click()
        await self.page.locator(f'[data-trouble="{name}"]').click()
        await self.page.keyboard.press("Escape")

    async def mend(self) -> None:
        """Let all be well again."""
        await self.page.locator("#open-troubles").click()
        await self.page.locator("#mend").click()
        await self.page.keyboard.press("Escape")

    async def add(self, words: str, name: str) -> Phone:
        """Find a person of the school and have the phone linked."""
        await self.page.locator("#add-person").click()
        await self.page.locator("#finder-name").fill(words)
        await self.page.locator("#finder-found").get_by_role("button", name=name).click()
        await expect(self.page.locator("#finder")).not_to_be_visible()
        return await self.phone(" ".join(name.split()[:2]))

    def way(self, text: str | re.Pattern[str]) -> Locator:
        """Find the newest way of an event on the rail that says this."""
        return self.page.locator("#ways .way", has_text=text).first

    def top(self) -> Locator:
        """Find what moved last on the rail."""
        return self.page.locator("#ways .way").first

    def reader(self, way: Locator, who: str) -> Locator:
        """Find the line of one reader on the card of an event."""
        return way.locator(".thread", has=self.page.locator("strong", has_text=who))

    async def clock_buttons(self) -> list[tuple[str, int, int]]:
        """Return where each of the clock's buttons stands, and how wide it is."""
        return [
            (await one.get_attribute("data-preset") or "", round(box["x"]), round(box["width"]))
            for one in await self.page.locator("#clock-moves button").all()
            if (box := await one.bounding_box()) is not None
        ]

    async def runs_out_sideways(self) -> bool:
        """Tell whether anything lies beyond the right edge of the window."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth > innerWidth"))
