"""Every screen of the teacher's guide, tapped in the sandbox's page; the guide's pictures are taken on the way.

``ZVONOK_PICTURES=docs/images pytest tests/acceptance/test_teachers_guide.py -m ""`` takes them anew.
"""

import os
import re
import signal
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.acceptance.browser import opened_browser
from tests.acceptance.running_demo import running_demo
from tests.acceptance.sandbox_page import Phone, SandboxPage

pytestmark = [pytest.mark.debian("chromium", "/usr/bin/chromium"), pytest.mark.deep]

TALL = (2000, 2000)
"""Of the window: high enough that a screen of the bot is seen whole."""
TEACHER, CLASS_TEACHER = "Царёва Надежда", "Лесная Лариса"
CLOCKWORK_MILLISECONDS = 100_000.0
"""The journal looks for late rolls once a minute of its own time."""


async def picture(phone: Phone, name: str, words: str | re.Pattern[str]) -> None:
    """Wait for a message that says this, and take a picture of it, without what the bot says for a moment only."""
    message = await phone.sees(words)
    folder = os.environ.get("ZVONOK_PICTURES")
    if not folder:
        return
    await phone.card.locator(".toast").evaluate_all("all => all.forEach(one => { one.hidden = true; })")
    await message.scroll_into_view_if_needed()
    await message.screenshot(path=Path(folder) / f"teacher-{name}.png")


async def test_every_screen_of_the_guide_is_there(data: Path) -> None:
    async with running_demo(data, "--port", "0") as demo, opened_browser(TALL) as browser:
        shown = await SandboxPage.open(await browser.new_page(), demo.address)
        await _late(shown)
        await _roll(shown)
        await _what_is_written(shown)
        await _class_day(shown)
        await _school(shown)
        await _morning(shown)
        assert await demo.stop(signal.SIGTERM) == 0


async def _roll(shown: SandboxPage) -> None:
    teacher = await shown.phone(TEACHER)
    for label in ("Журавлёва А", "Зорин Т", "н · Зорин Т"):
        await teacher.press(re.compile(label))
    await expect(teacher.card.get_by_role("button", name="Готово: отсутствует 1, опозданий 1")).to_be_visible()
    await picture(teacher, "roll", "7Б · история")
    await teacher.press("Готово: отсутствует 1, опозданий 1")
    await picture(teacher, "recorded", "Записано: отсутствует 1")


async def _what_is_written(shown: SandboxPage) -> None:
    teacher = await shown.phone(TEACHER)
    await teacher.press("Оценки")
    await picture(teacher, "marks", "Кому поставить оценку?")
    await teacher.press(re.compile("Белая А"))
    await picture(teacher, "mark", "Какая оценка?")
    await teacher.write("урок")
    await teacher.press("Замечание / похвала")
    await teacher.press("Похвала")
    await picture(teacher, "remark", "Кого похвалить?")
    await teacher.write("урок")
    await teacher.press("Домашнее задание")
    await teacher.sees("Напишите задание")
    await teacher.write("Параграф 5, вопросы 1–3")
    await picture(teacher, "homework", "Параграф 5")
    await teacher.press("К уроку")
    await teacher.press("К урокам")
    await picture(teacher, "lessons", "Ваши уроки")


async def _class_day(shown: SandboxPage) -> None:
    head = await shown.phone(CLASS_TEACHER)
    await head.write("урок")
    await head.press("К урокам")
    await head.press(re.compile("сегодня$"))
    await picture(head, "class-day", "Сегодня отсутствуют")
    await head.press(re.compile("^Журавлёва А"))
    await picture(head, "call", "ответа нет")


async def _school(shown: SandboxPage) -> None:
    deputy = await _deputy(shown)
    await deputy.write("урок")
    await deputy.press("Школа сейчас")
    await picture(deputy, "school-now", "Переклички ещё нет, а время вышло")
    await deputy.press("Замена")
    await picture(deputy, "substitution", "Кого сегодня заменить?")
    await deputy.press(re.compile("Царёва Н"))
    await deputy.press(re.compile("3-й"))
    await picture(deputy, "stand-in", "Кто проведёт этот урок?")


async def _morning(shown: SandboxPage) -> None:
    for preset in ("lesson", "little"):
        await shown.move_clock(preset)
    deputy = await _deputy(shown)
    await expect(deputy.message("Утро школы")).to_be_visible(timeout=CLOCKWORK_MILLISECONDS)
    await picture(deputy, "morning", "Утро школы")


async def _late(shown: SandboxPage) -> None:
    """Nobody marks anything for twenty minutes: the teacher is reminded, the deputy gets the list."""
    deputy = await _deputy(shown)
    for _ in range(2):
        await shown.move_clock("little")
    await expect(deputy.message("без переклички")).to_be_visible(timeout=CLOCKWORK_MILLISECONDS)
    await picture(deputy, "late-rolls", "без переклички")
    await picture(await shown.phone(TEACHER), "reminder", "Перекличка ещё не отмечена")


async def _deputy(shown: SandboxPage) -> Phone:
    """Return the phone of a deputy; she is linked when she is asked for first."""
    await shown.page.locator("#add-person").click()
    await shown.page.locator("#finder-name").fill("завуч")
    found = shown.page.locator("#finder-found").get_by_role("button").first
    name = await found.inner_text()
    await found.click()
    await expect(shown.page.locator("#finder")).not_to_be_visible()
    return await shown.phone(" ".join(name.split()[:2]))
