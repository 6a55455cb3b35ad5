"""The demonstration that stays up, tapped through its page in a real Chromium; stopped, killed and started again."""

import re
import signal
from datetime import datetime
from pathlib import Path

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.acceptance.browser import NARROW, complaints, opened_browser, take_picture
from tests.acceptance.running_demo import Demo, nothing_left, running_demo, said_by_another
from tests.acceptance.sandbox_page import SandboxPage

pytestmark = pytest.mark.debian("chromium", "/usr/bin/chromium")

TEACHER, MOTHER, FATHER, BLOCKER = "Царёва Надежда", "Журавлёва Светлана", "Журавлёв Кирилл", "Зорина Оксана"


async def test_an_absence_is_tapped_answered_and_finds_another_way(data: Path) -> None:
    async with running_demo(data, "--port", "0") as demo, opened_browser() as browser:
        page = await browser.new_page()
        wrong = complaints(page)
        shown = await SandboxPage.open(page, demo.address)
        await _absence_and_answer(shown)
        await _blocked_and_told_by_letter(shown)
        await _next_morning(shown)
        assert wrong == []
        await _strangers_are_refused(demo)
        assert await demo.stop(signal.SIGTERM) == 0


async def _absence_and_answer(shown: SandboxPage) -> None:
    teacher, mother = await shown.phone(TEACHER), await shown.phone(MOTHER)
    roll = teacher.card.locator(".message").last
    assert await roll.evaluate("one => one.offsetHeight > one.parentElement.clientHeight"), "taller than the window"
    await expect(roll.get_by_text("1-й урок")).to_be_in_viewport(ratio=1)
    await teacher.press(re.compile("Журавлёва А"))
    await teacher.press(re.compile("Готово: отсутствует 1"))
    await mother.sees("Отсутствие на уроке")
    await mother.press("Болеет")
    await mother.hears("Передали учителю: болеет")
    message = await mother.sees("Ваш ответ: болеет")
    await expect(message.locator(".edited")).to_have_text("изменено ")
    await message.locator(".earlier summary").click()
    await expect(message.locator(".earlier .old")).to_contain_text("Знаете причину?")
    await take_picture(shown.page, "absence")
    await teacher.press("Исправить")
    await teacher.sees("болеет")
    letter = await (await shown.phone(FATHER)).letter("Журавлёва Алёна")
    await expect(letter.get_by_role("heading", name="Отсутствие на уроке")).to_be_visible()
    way = shown.way("Журавлёва Алёна")
    await expect(shown.thread(way, MOTHER, "Телеграм")).to_contain_text("ответ: болеет")
    await expect(shown.thread(way, FATHER, "почта")).to_contain_text("почтовый сервер принял письмо")


async def _blocked_and_told_by_letter(shown: SandboxPage) -> None:
    teacher, mother = await shown.phone(TEACHER), await shown.phone(BLOCKER)
    await mother.menu("Заблокировать бота")
    await expect(mother.card.get_by_text("Бот заблокирован этим человеком.")).to_be_visible()
    await teacher.press(re.compile("Зорин Т"))
    await teacher.press(re.compile("Готово: отсутствуют 2"))
    letter = await mother.letter("Зорин Тимофей")
    await expect(letter.get_by_role("heading", name="Отсутствие на уроке")).to_be_visible()
    way = shown.way("Зорин Тимофей")
    await expect(shown.thread(way, BLOCKER, "Телеграм")).to_contain_text("бот заблокирован")
    await expect(shown.thread(way, BLOCKER, "запасной путь")).to_contain_text("почтовый сервер принял письмо")
    await expect(way.locator(".state")).to_have_text("сказано")


async def _next_morning(shown: SandboxPage) -> None:
    teacher = await shown.phone(TEACHER)
    await shown.move_clock("morning")
    await shown.clock_shows("8:00", "среда, 9 сентября")
    await teacher.write("урок")
    await teacher.sees("среда, 9 сентября")


async def _strangers_are_refused(demo: Demo) -> None:
    """No page of somebody else, open in the same browser, reads or orders anything."""
    async with aiohttp.ClientSession() as session:
        async with session.post(f"{demo.address}api/mend", json={}, headers={"Origin": "http://evil.test"}) as answer:
            assert answer.status == 403
        async with session.get(demo.address, headers={"Host": "evil.test"}) as answer:
            assert answer.status == 403
        async with session.get(f"{demo.address}mail/1/page") as answer:
            assert answer.status == 200
            assert "sandbox allow-popups" in answer.headers["Content-Security-Policy"]
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def _the_finder_says_why_it_finds_nobody(page: Page) -> None:
    failed: list[str] = []
    page.on("pageerror", lambda error: failed.append(str(error)))
    await page.locator("#add-person").click()
    await page.locator("#finder-name").fill("Зорин")
    await expect(page.locator("#finder-hint")).to_have_text("Стенд не отвечает. Возможно, он остановлен.")
    await page.keyboard.press("Escape")
    assert failed == []


@pytest.mark.deep
async def test_killed_and_started_again_the_page_comes_back_by_itself(data: Path) -> None:
    async with opened_browser(NARROW) as browser:
        page = await browser.new_page()
        async with running_demo(data) as first:
            address = first.address
            shown = await SandboxPage.open(page, address)
            await shown.move_clock("lesson")
            await shown.clock_shows("9:21", "вторник, 8 сентября")
            await (await shown.phone(MOTHER)).write("здравствуйте")
            await (await shown.phone(MOTHER)).sees("здравствуйте")
            await first.stop(signal.SIGKILL)
            await expect(page.locator("#lost")).to_be_visible()
            await _the_finder_says_why_it_finds_nobody(page)
            await nothing_left(data)
        async with running_demo(data, "--port", address.rstrip("/").rpartition(":")[2]) as second:
            await shown.is_live()
            await shown.clock_shows(re.compile(r"9:2\d"), "вторник, 8 сентября")
            await (await shown.phone(MOTHER)).sees("здравствуйте")
            assert "телефон по одноразовому коду" not in second.said
            assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
            assert await said_by_another(data) == (
                1,
                f"Демонстрация в {data / 'demo'} уже идёт: остановите её сначала.",
            )
            assert await second.stop(signal.SIGINT) == 0
            await nothing_left(data)
    stood = datetime.fromisoformat((data / "demo" / "clock").read_text(encoding="ascii"))
    assert stood >= datetime.fromisoformat("2026-09-08T04:21:00+00:00")
