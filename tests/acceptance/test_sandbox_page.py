"""The demonstration that stays up, tapped through its page in a real Chromium; stopped, killed and started again.

One school day is one walk, on one demonstration: to raise it costs more than to tap. The pictures of the documents are
taken on the way (``take_picture``).
"""

import re
import signal
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
import pytest
from playwright.async_api import Page, expect

from tests.acceptance.browser import NARROW, complaints, opened_browser, take_picture
from tests.acceptance.running_demo import Demo, nothing_left, running_demo, said_by_another
from tests.acceptance.sandbox_page import Phone, SandboxPage

pytestmark = pytest.mark.debian("chromium", "/usr/bin/chromium")

TEACHER, CLASS_TEACHER = "Царёва Надежда", "Лесная Лариса"
MOTHER, FATHER, BLOCKER, REFUSER = "Журавлёва Светлана", "Журавлёв Кирилл", "Зорина Оксана", "Игнатьева Ирина"
PUPIL = re.compile("Журавлёва А")


async def test_a_school_day_is_tapped_from_the_first_roll_to_the_next_morning(data: Path) -> None:
    async with running_demo(data, "--port", "0") as demo, opened_browser() as browser:
        page = await browser.new_page()
        wrong = complaints(page)
        shown = await SandboxPage.open(page, demo.address)
        await _parent_chooses_at_once(shown)
        await _absence_and_answer(shown)
        await _blocked_and_told_by_letter(shown)
        await _down_for_everybody(shown)
        await _mark_and_remark(shown)
        await _notice_is_signed(shown, page)
        await _rail_of_a_notice(shown)
        await _diary(shown)
        await _the_clock_is_asked_for_what_comes(shown)
        await _the_commands_are_put_away(shown)
        await _a_deputy_is_found_by_what_everybody_calls_her(shown)
        await _evening(shown)
        await _next_morning(shown)
        assert wrong == []
        await _narrow(shown)
        await _strangers_are_refused(demo)
        assert await demo.stop(signal.SIGTERM) == 0


async def _parent_chooses_at_once(shown: SandboxPage) -> None:
    mother = await shown.phone(MOTHER)
    await mother.write("/subscriptions")
    await mother.press("Оценки 1 и 2")
    await mother.press("Сразу, в мессенджер")
    await mother.sees("Сейчас: сразу, в мессенджер")


async def _three_phones_fit(shown: SandboxPage) -> None:
    """Three phones, the rail and the buttons that finish the work are all there without looking for them."""
    phones = shown.page.locator("article.phone")
    await expect(phones).to_have_count(3)
    for phone in await phones.all():
        await expect(phone).to_be_in_viewport(ratio=1)
    await expect(shown.page.locator("#ways")).to_be_in_viewport()


async def _absence_and_answer(shown: SandboxPage) -> None:
    teacher, mother = await shown.phone(TEACHER), await shown.phone(MOTHER)
    roll = teacher.card.locator(".message").last
    assert await roll.evaluate("one => one.offsetHeight > one.parentElement.clientHeight"), "taller than the window"
    await expect(roll.get_by_text("1-й урок")).to_be_in_viewport(ratio=1)
    await expect(roll.get_by_role("button", name="Все на месте")).to_be_in_viewport(ratio=1)
    await expect(roll.locator(".hidden-rows")).to_have_text(re.compile(r"^ещё [1-9]\d* ↓$"))
    await teacher.press(re.compile("Журавлёва А"))
    await teacher.press(re.compile("Готово: отсутствует 1"))
    await mother.sees("Отсутствие на уроке")
    await mother.press("Болеет")
    await mother.hears("Записали: болеет")
    await _nothing_stands_in_the_way(mother)
    message = await mother.sees("Ваш ответ: болеет")
    await expect(message.locator(".edited")).to_have_text("изменено ")
    await message.locator(".earlier summary").click()
    await expect(message.locator(".earlier .old")).to_contain_text("Знаете причину?")
    await message.locator(".earlier summary").click()
    await teacher.press("Исправить")
    await teacher.sees("болеет")
    letter = await (await shown.phone(FATHER)).letter("Журавлёва Алёна")
    await _three_phones_fit(shown)
    await expect(letter.get_by_role("heading", name="Отсутствие на уроке")).to_be_visible()
    way = shown.way("Журавлёва Алёна")
    await expect(shown.reader(way, MOTHER)).to_contain_text("ответ: болеет")
    await expect(shown.reader(way, FATHER)).to_contain_text("письмо: принято сервером")
    await shown.page.locator(".toast").evaluate_all("all => all.forEach(one => { one.hidden = true; })")
    await take_picture(shown.page, "absence")


async def _nothing_stands_in_the_way(phone: Phone) -> None:
    """Check that after a tap the next Enter presses nothing, and that no button is hidden by the bot's answer."""
    assert await phone.card.page.evaluate("document.activeElement === document.body")
    toast = await phone.card.locator(".toast").bounding_box()
    row = await phone.card.locator(".row").last.bounding_box()
    assert toast is not None
    assert row is not None
    assert toast["y"] + toast["height"] < row["y"]


async def _blocked_and_told_by_letter(shown: SandboxPage) -> None:
    teacher, mother = await shown.phone(TEACHER), await shown.phone(BLOCKER)
    await mother.menu("Заблокировать бота")
    await expect(mother.card.get_by_text("Бот заблокирован этим человеком.")).to_be_visible()
    await teacher.press(re.compile("Зорин Т"))
    await teacher.press(re.compile("Готово: отсутствуют 2"))
    await expect(mother.news("Почта")).to_have_text("+1")
    await expect(shown.face(BLOCKER).locator(".unread")).to_be_visible()
    letter = await mother.letter("Зорин Тимофей")
    await expect(shown.face(BLOCKER).locator(".unread")).to_have_count(0)
    await expect(letter.get_by_role("heading", name="Отсутствие на уроке")).to_be_visible()
    way = shown.way("Зорин Тимофей")
    told = re.compile("письмо: принято сервером")
    await expect(shown.reader(way, BLOCKER)).to_have_text(told)
    await expect(way.locator(".state.ok")).to_have_text("сказано")
    await mother.menu("Убрать с экрана")


async def _down_for_everybody(shown: SandboxPage) -> None:
    """Say who else has no messenger while nobody has, and what to do instead; one person's troubles come first."""
    down = shown.page.locator("#down")
    await shown.page.locator("#open-troubles").click()
    await expect(shown.page.locator("#troubles label").first).to_have_text("Заблокировать бота")
    await shown.page.keyboard.press("Escape")
    await expect(down).to_be_hidden()
    await shown.trouble("messenger-down")
    await expect(down).to_contain_text("недоступен всем: и учителю, и родителям")
    await expect(down).to_contain_text("до одного родителя, пусть он заблокирует бота")
    await down.get_by_role("button", name="Включить Телеграм").click()
    await expect(down).to_be_hidden()


async def _mark_and_remark(shown: SandboxPage) -> None:
    teacher, mother = await shown.phone(TEACHER), await shown.phone(MOTHER)
    await mother.mail()
    await teacher.press("Оценки")
    await teacher.sees("Кому поставить оценку?")
    await teacher.press(PUPIL)
    await teacher.sees("Какая оценка?")
    await teacher.press("2")
    await teacher.sees("Поставить оценку за пропущенную тему?")
    await teacher.press("Да, поставить 2")
    await teacher.sees("Записано: Журавлёва Алёна — 2 (ответ на уроке)")
    await expect(mother.news("Чат")).to_have_text("+1")
    await mother.chat()
    await expect(mother.news("Чат")).to_be_hidden()
    await mother.sees("история: 2 (ответ на уроке)")
    await expect(shown.way("оценка 2 · история").first).to_be_visible()
    await teacher.write("урок")
    await teacher.press("Замечание / похвала")
    await teacher.sees("О ком замечание?")
    await teacher.press(PUPIL)
    await teacher.press("Нет домашнего задания")
    await teacher.press("Отправить")
    await mother.sees("Замечание учителя")
    father = await shown.phone(FATHER)
    await expect(father.card.get_by_role("button", name="‹ Все письма")).to_have_text(re.compile(r"\+\d$"))
    letter = await father.letter("Новости из школы: Журавлёва Алёна")
    await expect(letter.get_by_text("«Нет домашнего задания»")).to_be_visible()
    await take_picture(shown.page, "mark")


async def _notice_is_signed(shown: SandboxPage, page: Page) -> None:
    leader = await shown.phone(CLASS_TEACHER)
    await _whose_class_teacher_he_is(leader)
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
    refuser = await shown.phone(REFUSER)
    await refuser.press("Не подписывать")
    await refuser.press("Не подписываю")
    await expect(refuser.messenger).to_have_text("MAX")
    await expect(mother.messenger).to_have_text("Telegram")
    await refuser.sees("Вы ответили, что не подписываете")
    await take_picture(shown.page, "max")
    await refuser.menu("Убрать с экрана")
    await _signed_on_the_page(await shown.phone(FATHER), page)
    await leader.press("Кто ответил")
    await leader.sees("Подписали 1 из")
    await leader.sees("Не дошло")
    await take_picture(shown.page, "notice")


async def _whose_class_teacher_he_is(leader: Phone) -> None:
    """The end of the line under the name is seen: it is the part that says whose phone to take for a class."""
    about = leader.card.locator(".phone-name p")
    await expect(about).to_have_text(re.compile(r"классное руководство:\s7Б$"))
    assert await about.evaluate("one => one.scrollHeight <= one.clientHeight && one.scrollWidth <= one.clientWidth")
    assert await about.evaluate("one => one.clientHeight <= 2 * parseFloat(getComputedStyle(one).lineHeight) + 1")


async def _signed_on_the_page(father: Phone, page: Page) -> None:
    """Follow the link of the letter: opening it signs nothing, the button does."""
    letter = await father.letter("Поездка в музей")
    link = letter.get_by_role("link", name="Открыть и ответить")
    async with page.context.expect_page() as opened:
        await link.click()
    answer = await opened.value
    assert (urlsplit(answer.url).path[:3], await answer.evaluate("opener")) == ("/n/", None)
    await _letter_as_text_and_headers(father, answer.url)
    await answer.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    button = answer.get_by_role("button", name="Подписываю", exact=True)
    await expect(button).to_be_visible()
    await answer.reload()
    await expect(button).to_be_visible()
    assert not await SandboxPage(answer).runs_out_sideways()
    await take_picture(answer, "page")
    await button.click()
    await expect(answer.locator(".own")).to_contain_text("подписали")
    await answer.close()


async def _letter_as_text_and_headers(reader: Phone, address: str) -> None:
    body = reader.card.locator(".letter-body")
    await reader.card.get_by_role("button", name="Текст").click()
    await expect(body.get_by_role("link", name=address, exact=True)).to_have_attribute("target", "_blank")
    await reader.card.get_by_role("button", name="Заголовки").click()
    await expect(body.locator("dt", has_text="Subject").locator("+ dd")).to_have_text(re.compile("Поездка в музей$"))


async def _rail_of_a_notice(shown: SandboxPage) -> None:
    """A class of readers is counted and folded; whoever has a phone here or was missed is not."""
    way = shown.way("Поездка в музей")
    await expect(shown.top()).to_contain_text("Поездка в музей")
    await expect(way.locator(".state.some")).to_have_text(re.compile(r"^сказано не всем: 31 из 33$"))
    await expect(way.locator(".counts")).to_have_text("сказано 31не сказано 2")
    await expect(way.locator(".thread:visible")).to_have_count(4)
    for hindered in ("нет согласия родителя", "нет ни чата, ни проверенной почты"):
        await expect(way.locator(".thread.bad:visible", has_text=hindered)).to_have_count(1)
    await expect(way).not_to_contain_text("не нужно")
    rest = way.get_by_text("Остальные: 29")
    await rest.click()
    await expect(shown.reader(way, REFUSER)).to_contain_text("ответ: не подписывает")
    await expect(way).not_to_contain_text("понятно")
    await expect(way.locator(".step", has_text="объявление опубликовано")).to_be_visible()
    await expect(shown.page.locator("#ways")).not_to_contain_text("[object")
    await rest.click()
    await shown.page.locator("#rail-mine").check()
    await expect(way.locator(".thread")).to_have_count(2)
    await expect(shown.page.locator("#rail-hidden")).to_be_visible()
    await expect(shown.page.locator("#ways .way", has_text="Зорин Тимофей")).to_have_count(1)
    await shown.page.locator("#rail-mine").uncheck()


async def _diary(shown: SandboxPage) -> None:
    mother = await shown.phone(MOTHER)
    await mother.write("дневник")
    await mother.sees("1. история: 2")
    await mother.sees("Замечание (история): Нет домашнего задания")
    await take_picture(shown.page, "diary")
    await mother.press(re.compile("^‹(?! В начало)"))
    await mother.sees("31 августа")


async def _the_clock_is_asked_for_what_comes(shown: SandboxPage) -> None:
    await shown.page.locator("#clock-other").click()
    at = shown.page.locator("#other-time-at")
    now, offered = await shown.page.locator("#clock-time").inner_text(), await at.input_value()
    assert await at.evaluate("field => field.checkValidity() && field.min <= field.value")
    assert offered.partition("T")[2] > now.rjust(5, "0"), "a time that is over is refused"
    await shown.page.keyboard.press("Escape")


async def _the_commands_are_put_away(shown: SandboxPage) -> None:
    teacher = await shown.phone(TEACHER)
    commands = teacher.card.locator(".commands")
    opener = teacher.card.get_by_role("button", name="Команды бота")
    for go_on in (shown.page.locator("#clock-day").click, opener.click):
        await opener.click()
        await expect(commands).to_be_visible()
        await go_on()
        await expect(commands).to_be_hidden()


async def _a_deputy_is_found_by_what_everybody_calls_her(shown: SandboxPage) -> None:
    page = shown.page
    await page.locator("#add-person").click()
    await page.locator("#finder-name").fill("завуч")
    assert await page.locator("#finder-hint").inner_text() == "Ищу…"
    await expect(page.locator("#finder-found")).to_contain_text("заместитель директора по учебной работе")
    await page.keyboard.press("Escape")


async def _evening(shown: SandboxPage) -> None:
    before = await shown.clock_buttons()
    assert [name for name, _, _ in before] == ["little", "lesson", "evening", "morning"]
    await shown.move_clock("evening")
    await shown.clock_shows("18:00", "вторник, 8 сентября")
    await expect(shown.page.locator('[data-preset="evening"]')).to_contain_text("завтра, 18:00")
    after = await shown.clock_buttons()
    assert [name for name, _, _ in after] == ["little", "morning", "lesson", "evening"], "in the order of their times"
    assert [place for _, *place in after] == [place for _, *place in before]
    letter = await (await shown.phone(FATHER)).letter("Новости из школы за 8 сентября")
    await expect(letter.get_by_text("история: 2 (ответ на уроке), 8 сентября")).to_be_visible()
    await expect(shown.top()).to_contain_text("оценка 2 · история")
    await expect(shown.top().locator("summary time").first).to_have_text("18:00")
    await expect(shown.reader(shown.top(), FATHER)).to_contain_text("вечернее письмо: принято сервером")
    await take_picture(shown.page, "evening")
    await _letter_in_the_dark(shown)


async def _letter_in_the_dark(shown: SandboxPage) -> None:
    frame = shown.page.locator(".letter-page iframe")
    await expect(frame).to_have_css("filter", "none")
    await shown.page.locator("#look").click()
    await expect(frame).not_to_have_css("filter", "none")
    await shown.page.locator("#look").click()


async def _next_morning(shown: SandboxPage) -> None:
    teacher = await shown.phone(TEACHER)
    await shown.move_clock("morning")
    await shown.clock_shows("8:00", "среда, 9 сентября")
    await teacher.write("урок")
    await teacher.sees("среда, 9 сентября")
    await expect(shown.way("Зорин Тимофей").locator(".step time").last).to_have_text(
        re.compile(r"^8 сент\., \d+:\d\d$")
    )
    await _another_teacher_has_a_minute(shown)


async def _another_teacher_has_a_minute(shown: SandboxPage) -> None:
    """The lesson is somebody's whose phone is not on the screen; what is taken back in time, nobody hears of."""
    now, minute = shown.page.locator("#lesson"), shown.page.locator("#undo")
    await expect(now).to_contain_text("Скоро у 7Б 1-й урок, биология")
    await shown.move_clock("lesson")
    await expect(now).to_contain_text("Сейчас у 7Б 1-й урок, биология: Шабалин Юрий Геннадьевич.")
    await now.get_by_role("button", name="Показать телефон").click()
    await expect(now).to_be_hidden()
    await minute.check()
    await expect(shown.page.locator("#undo-about")).to_contain_text("через минуту")
    teacher = await shown.phone("Шабалин Юрий")
    await teacher.press(PUPIL)
    await teacher.press(re.compile("Готово: отсутствует 1"))
    await teacher.sees("До этого можно нажать «Отменить»")
    way = shown.way("посещаемость, 9 сентября")
    await expect(way.locator(".state.wait")).to_have_text(re.compile(r"^ждёт до 8:3\d$"))
    await teacher.press("Отменить")
    await expect(way.locator(".state.quiet")).to_have_text("говорить не нужно")
    await minute.uncheck()


async def _narrow(shown: SandboxPage) -> None:
    """Look at the same page on a phone: nothing runs out of it sideways."""
    await shown.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    await (await shown.phone(MOTHER)).chat()
    await take_picture(shown.page, "narrow")
    leader = await shown.phone(CLASS_TEACHER)
    await _whose_class_teacher_he_is(leader)
    await expect(shown.page.locator('.person[aria-pressed="true"] .person-role')).to_have_text("кл. рук. 7Б")
    await take_picture(shown.page, "narrow-leader")
    await shown.phone(MOTHER)
    await expect(shown.page.locator('.person[aria-pressed="true"] .person-role')).to_have_text("мать")
    await expect(shown.page.locator(".open-label")).to_be_in_viewport(ratio=1)
    for _ in range(2):  # opened anew it begins anew, however far down it was read
        await shown.page.locator("#open-troubles").click()
        await expect(shown.page.locator("#troubles-title")).to_be_in_viewport(ratio=1)
        await shown.page.locator("#mend").scroll_into_view_if_needed()
        await shown.page.keyboard.press("Escape")
    for view in ("phones", "rail"):
        await shown.page.locator(f'.views [data-view="{view}"]').click()
        assert not await shown.runs_out_sideways()
    seen = await shown.page.locator(".thread:has(.on-screen) strong").all_text_contents()
    assert len(set(seen)) <= 1, "there is room for one phone"
    await shown.page.locator("#open-troubles").click()
    assert not await shown.page.locator("#troubles").evaluate("one => one.scrollWidth > one.clientWidth")
    await shown.page.keyboard.press("Escape")


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
                f"Демонстрация в {data / 'demo'} уже идёт. Откройте {address} или сначала остановите её.",
            )
            assert await second.stop(signal.SIGINT) == 0
            await nothing_left(data)
    stood = datetime.fromisoformat((data / "demo" / "clock").read_text(encoding="ascii"))
    assert stood >= datetime.fromisoformat("2026-09-08T04:21:00+00:00")
