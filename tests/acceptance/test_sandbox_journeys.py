"""The other journeys, tapped through the page in a real Chromium: a mark and a remark, a notice to sign, the diary.

The pictures of the documents are taken on the way (``take_picture``).
"""

import re
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.acceptance.browser import NARROW, complaints, opened_browser, take_picture
from tests.acceptance.running_demo import running_demo
from tests.acceptance.sandbox_page import Phone, SandboxPage

pytestmark = pytest.mark.debian("chromium", "/usr/bin/chromium")

TEACHER, CLASS_TEACHER = "Царёва Надежда", "Лесная Лариса"
MOTHER, FATHER, OTHER_MOTHER = "Журавлёва Светлана", "Журавлёв Кирилл", "Игнатьева Ирина"
PUPIL = re.compile("Журавлёва А")


async def test_a_mark_a_remark_a_notice_and_the_diary(data: Path) -> None:
    async with running_demo(data, "--port", "0") as demo, opened_browser() as browser:
        page = await browser.new_page()
        wrong = complaints(page)
        shown = await SandboxPage.open(page, demo.address)
        await _parent_chooses_at_once(shown)
        await _mark_and_remark(shown)
        await _notice_is_signed(shown, page)
        await _diary(shown)
        await _evening(shown)
        assert wrong == []
        await _narrow(page, demo.address)


async def _parent_chooses_at_once(shown: SandboxPage) -> None:
    mother = await shown.phone(MOTHER)
    await mother.write("/subscriptions")
    await mother.press("Оценки 1 и 2")
    await mother.press("Сразу, в мессенджер")
    await mother.sees("Сейчас: Сразу, в мессенджер")


async def _mark_and_remark(shown: SandboxPage) -> None:
    teacher, mother = await shown.phone(TEACHER), await shown.phone(MOTHER)
    await teacher.press("Все присутствуют")
    await teacher.press("Оценки")
    await teacher.sees("Кому поставить оценку?")
    await teacher.press(PUPIL)
    await teacher.sees("Какая оценка?")
    await teacher.press("2")
    await teacher.sees("Записано: Журавлёва Алёна – 2 (ответ на уроке)")
    await mother.sees("история: 2 (ответ на уроке)")
    await expect(shown.way("оценка 2 · история").first).to_be_visible()
    await teacher.write("урок")
    await teacher.press("Замечание / похвала")
    await teacher.sees("О ком замечание?")
    await teacher.press(PUPIL)
    await teacher.press("Нет домашнего задания")
    await teacher.press("Отправить")
    await mother.sees("Замечание учителя")
    letter = await (await shown.phone(FATHER)).letter("Новости из школы: Журавлёва Алёна")
    await expect(letter.get_by_text("«Нет домашнего задания»")).to_be_visible()
    await take_picture(shown.page, "mark")


async def _notice_is_signed(shown: SandboxPage, page: Page) -> None:
    leader = await shown.phone(CLASS_TEACHER)
    await leader.write("/start")
    await leader.press("К урокам")
    await leader.press(re.compile("^Объявления"))
    await leader.press("Объявление классу")
    await leader.press("Подписать")
    await leader.sees("одним сообщением")
    await leader.write("Поездка в музей")
    await leader.write("В пятницу едем в краеведческий музей, автобус в 9:00. Нужно ваше согласие.")
    await leader.press(re.compile("^Через неделю"))
    await leader.press("Отправить")
    mother = await shown.phone(MOTHER)
    await mother.sees("Нужна ваша подпись")
    await mother.press("Подписать")
    await mother.press("Подписываю")
    await mother.sees("Вы подписали. Спасибо!")
    await _signed_on_the_page(await shown.phone(FATHER), page)
    await leader.press("Кто ответил")
    await leader.sees("Подписали 1 из")
    await leader.sees("Не дошло")
    await take_picture(shown.page, "notice")


async def _signed_on_the_page(father: Phone, page: Page) -> None:
    """Follow the link of the letter: opening it signs nothing, the button does."""
    letter = await father.letter("Поездка в музей")
    link = letter.get_by_role("link", name="Открыть и ответить")
    async with page.context.expect_page() as opened:
        await link.click()
    answer = await opened.value
    await answer.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    button = answer.get_by_role("button", name="Подписываю", exact=True)
    await expect(button).to_be_visible()
    await answer.reload()
    await expect(button).to_be_visible()
    await take_picture(answer, "page")
    await button.click()
    await expect(answer.locator(".own")).to_contain_text("подписали")
    await answer.close()


async def _diary(shown: SandboxPage) -> None:
    mother = await shown.phone(MOTHER)
    await mother.write("дневник")
    await mother.sees("1. история: 2")
    await mother.sees("Замечание (история): Нет домашнего задания")
    await take_picture(shown.page, "diary")
    await mother.press(re.compile("^‹"))
    await mother.sees("31 августа")


async def _evening(shown: SandboxPage) -> None:
    await shown.move_clock("evening")
    await shown.clock_shows("18:00", "вторник, 8 сентября")
    letter = await (await shown.phone(FATHER)).letter("Новости из школы за 8 сентября")
    await expect(letter.get_by_text("история: 2 (ответ на уроке), 8 сентября")).to_be_visible()
    await take_picture(shown.page, "evening")


async def _narrow(page: Page, address: str) -> None:
    """Look at the same page on a phone: nothing runs out of it sideways."""
    await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    shown = await SandboxPage.open(page, address)
    await (await shown.phone(MOTHER)).chat()
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    await take_picture(page, "narrow")
