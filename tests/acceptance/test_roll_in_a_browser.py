"""The roll call as a teacher taps it, in a Chromium of a narrow phone: counted, without network, by two at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from playwright._impl._api_structures import SetCookieParam
from playwright.async_api import BrowserContext, Locator, Page, Response, expect
from sqlalchemy import URL

from bot.mini_app import MiniApps
from bot.screens import Screen, keyboard
from bot.wire import make_bot
from core.account.accounts import MessengerAccount
from core.database import Database
from core.events import Channel
from tests.acceptance.browser import complaints, opened_browser, take_picture
from tests.acceptance.test_pages_for_everybody import WIDER, asked_of_axe
from tests.integration.account_site import APP_TOKENS, ORIGIN, Browser
from tests.integration.eventually import eventually
from tests.integration.roll_site import RollSite, RunningHands, roll_site
from tests.integration.throwaway_tls import certificates
from tests.school_builder import ZONE
from texts.reader import load
from web.cookies import SESSION
from zvonok.sandbox.bot_api import BotApiEmulator, Clocks, SandboxBot

pytestmark = pytest.mark.debian("chromium", "/usr/bin/chromium")

PHONE = (360, 740)
FINGER = 44
"""CSS pixels that a finger hits (WCAG 2.5.5)."""
HEAVIEST = 60_000
"""Bytes of the first load, not packed."""
CHAT = 5001
MORE = (
    *("Белова Софья", "Васильев Тимур", "Воробьёва Мария", "Галиев Айрат", "Данилова Ксения", "Егоров Степан"),
    *("Жукова Полина", "Зайцев Арсений", "Кириллов Ярослав", "Константинопольская Александра", "Лебедев Максим"),
    *("Морозова Вероника", "Николаев Савва", "Орлова Таисия", "Павлов Демьян", "Романова Варвара", "Сергеев Лука"),
    *("Тихонова Мирослава", "Ушаков Платон", "Фёдорова Милана", "Хасанов Руслан", "Цветкова Злата", "Чернов Даниил"),
    *("Шевченко Елисей", "Щербакова Ульяна"),
)
"""With those of the site a class of thirty."""


LEFTS = "[...document.querySelectorAll('.tile')].map(one => Math.round(one.getBoundingClientRect().left))"
PLACES = "[...document.querySelectorAll('.tile')].map(one => [one.offsetLeft, one.offsetTop, one.offsetHeight])"
LOSING_TWO = """
() => {
  const real = window.fetch;
  window.lost = [];
  window.fetch = async (...sent) => {
    const answer = await real(...sent);
    if (!String(sent[0]).endsWith("/taps") || window.lost.length > 1) return answer;
    window.lost.push(answer.status);
    throw new TypeError("the network is gone");
  };
}
"""
SMALL = """
least => [...document.querySelectorAll("button, summary, a")].filter(one => one.offsetParent)
  .filter(one => Math.min(one.getBoundingClientRect().height, one.getBoundingClientRect().width) < least)
  .map(one => one.textContent)
"""


@dataclass
class Phone:
    """One teacher's phone before the site."""

    context: BrowserContext
    page: Page
    wrong: list[str]

    def tile(self, name: str) -> Locator:
        """Return a child's tile."""
        return self.page.locator(".tile", has_text=name)

    @property
    def done(self) -> Locator:
        """The button at the bottom."""
        return self.page.locator("#done")

    @property
    def said(self) -> Locator:
        """What the page says of what it could not send."""
        return self.page.locator("#said")

    async def tap(self, *names: str) -> int:
        """Tap children; return how often."""
        for name in names:
            await self.tile(name).click()
        return len(names)


@dataclass
class School:
    """The class at the bell, and where browsers find it."""

    rolls: RollSite
    hosts: str

    @asynccontextmanager
    async def phone(
        self, entered: Browser | None = None, path: str = "/roll", *, dark: bool = False
    ) -> AsyncIterator[Phone]:
        """Open a page in a browser of its own, with the stay of somebody who has entered."""
        async with opened_browser(PHONE, dark=dark, hosts=self.hosts) as context:
            if entered is not None:
                await known(context, entered)
            page = await context.new_page()
            phone = Phone(context, page, complaints(page))
            await page.goto(f"{ORIGIN}{path}")
            yield phone


async def known(context: BrowserContext, entered: Browser) -> None:
    """Let a browser have the stay of somebody who has entered."""
    await context.add_cookies([SetCookieParam(name=SESSION, value=entered.jar[SESSION], url=f"{ORIGIN}/", secure=True)])


@pytest.fixture
async def school(
    core_database: Database, gateway_database: Database, database_url: URL, tmp_path: Path
) -> AsyncIterator[School]:
    _, tls = certificates(tmp_path)
    async with roll_site(core_database, gateway_database, database_url, RunningHands()) as rolls:
        runner = rolls.site.client.server.runner
        assert runner is not None
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        yield School(rolls, f"MAP {urlsplit(ORIGIN).hostname}:443 127.0.0.1:{runner.addresses[-1][1]}")


async def recorded(school: School, codes: dict[int, str], lesson: Any = None) -> None:
    await eventually(lambda: _same(school, codes, lesson))


async def _same(school: School, codes: dict[int, str], lesson: Any) -> bool:
    if await school.rolls.codes(lesson) == codes:
        return True
    await asyncio.sleep(0.05)
    return False


async def test_n_absent_are_n_plus_one_taps_and_nobody_absent_is_one(school: School, record_property: Any) -> None:
    rolls = school.rolls
    entered = await rolls.entered()
    async with school.phone(entered) as phone:
        await expect(phone.done).to_have_text("Все на месте")
        taps = await phone.tap("Абрамов", "Ёлкин", "Яшин")
        await expect(phone.done).to_have_text("Готово · нет: 3 · опоздания: 0")
        await phone.done.click()
        await expect(phone.done).to_have_text("Записано. Нет: 3, опоздания: 0")
        await recorded(school, {0: "н", 1: "н", 4: "н"})
        rolls.site.hands.move(minutes=55)
        await phone.page.goto(f"{ORIGIN}/roll")
        await expect(phone.tile("Яшин")).to_contain_text("не было на прошлом уроке")
        await expect(phone.done).to_have_text("Все на месте")
        await phone.page.locator("#last").click()
        await phone.done.click()
        await recorded(school, {0: "н", 1: "н", 4: "н"}, rolls.later)
        assert phone.wrong == []
    third = await rolls.site.builder.lesson(rolls.site.school_class, rolls.site.teacher, just_begun(rolls), number=3)
    async with school.phone(entered, f"/roll?lesson={third}") as phone:
        await phone.done.click()
        await expect(phone.done).to_have_text("Записано. Все на месте")
        assert await rolls.site.watch.value("SELECT count(*) FROM core.roll_call WHERE NOT withdrawn") == 3
    record_property("figure", f"taps: 3 absent {taps + 1}, as at the last lesson 2, nobody absent 1")


def just_begun(rolls: RollSite) -> time:
    """Return the bell of a lesson that has begun some minutes ago, by the school's wall clock."""
    return (
        (rolls.site.hands.at.astimezone(ZoneInfo(ZONE)) - timedelta(minutes=5)).time().replace(second=0, microsecond=0)
    )


async def test_the_second_tap_is_late_the_third_is_here_and_minutes_are_set_by_holding_and_by_keys(
    school: School,
) -> None:
    async with school.phone(await school.rolls.entered()) as phone:
        tile = phone.tile("Ёлкин")
        await tile.click()
        await expect(tile).to_contain_text("нет на уроке: н")
        await tile.click()
        await expect(tile).to_contain_text("опоздание 10 мин")
        await phone.page.get_by_role("button", name="Больше на 5").click()
        await phone.page.get_by_role("button", name="Меньше на 1").click()
        await expect(tile).to_contain_text("опоздание 14 мин")
        await phone.page.get_by_role("button", name="Закрыть").click()
        await expect(phone.page.locator(".minutes")).to_be_hidden()
        await tile.focus()
        await phone.page.keyboard.press("ArrowUp")
        await expect(tile).to_contain_text("опоздание 15 мин")
        await phone.page.get_by_role("button", name="Закрыть").click()
        await tile.click(delay=700)
        await expect(phone.page.locator(".minutes")).to_be_visible()
        await expect(tile).to_contain_text("опоздание 15 мин")
        await phone.page.get_by_role("button", name="Закрыть").click()
        await phone.done.click()
        await expect(phone.done).to_have_text("Записано. Нет: 0, опоздания: 1")
        assert await school.rolls.late() == {1: 15}
        await tile.click()
        await expect(tile).not_to_contain_text("опоздание")
        await eventually(lambda: _nobody_late(school))
        assert phone.wrong == []


async def _nobody_late(school: School) -> bool:
    await asyncio.sleep(0.05)
    return await school.rolls.late() == {}


async def test_a_roll_called_without_network_waits_says_so_and_goes_by_itself(school: School) -> None:
    async with school.phone(await school.rolls.entered()) as phone:
        await phone.context.set_offline(offline=True)
        await phone.tap("Ёлкин", "Яшин")
        await phone.done.click()
        await expect(phone.done).to_have_text("Ещё не отправлено")
        await expect(phone.said).to_contain_text("Перекличка ещё не отправлена")
        await phone.tap("Яшин")
        await expect(phone.tile("Яшин")).to_contain_text("опоздание")
        await asyncio.sleep(2.5)
        assert await school.rolls.codes() == {}
        await take_picture(phone.page, "roll-offline")
        await phone.context.set_offline(offline=False)
        await expect(phone.done).to_have_text("Записано. Нет: 1, опоздания: 1")
        await expect(phone.said).to_be_empty()
        await recorded(school, {1: "н"})
        assert await school.rolls.late() == {4: 10}
        assert await phone.page.evaluate("Object.keys(localStorage)") == ["zvonok-roll-browser"], (
            "what is sent is kept no more"
        )


async def test_an_answer_that_is_lost_on_its_way_back_does_nothing_twice(school: School) -> None:
    async with school.phone(await school.rolls.entered()) as phone:
        await phone.page.evaluate(LOSING_TWO)
        await phone.tap("Ёлкин")
        await phone.done.click()
        await expect(phone.said).to_contain_text("Перекличка ещё не отправлена")
        await expect(phone.done).to_have_text("Записано. Нет: 1, опоздания: 0")
        await expect(phone.said).to_be_empty()
        assert await phone.page.evaluate("lost") == [HTTPStatus.OK] * 2, "the server did it, and nobody heard of it"
    assert len(await school.rolls.site.watch.audit("attendance.roll")) == 1
    assert await school.rolls.site.watch.value("SELECT version FROM core.roll_call") == 1


async def test_taps_outlive_a_page_that_was_closed_without_network(school: School) -> None:
    rolls = school.rolls
    async with school.phone(await rolls.entered()) as phone:
        await phone.tap("Абрамов")
        await phone.page.reload()
        await expect(phone.tile("Абрамов")).to_contain_text("нет на уроке")
        await phone.context.set_offline(offline=True)
        await phone.done.click()
        await expect(phone.said).to_contain_text("ещё не отправлена")
        kept = await phone.page.evaluate("JSON.stringify(localStorage)")
        assert "Абрамов" not in kept, "no names in the browser's storage"
        await phone.page.close()
        await phone.context.set_offline(offline=False)
        assert await rolls.codes() == {}
        rolls.site.hands.move(minutes=50)
        page = await phone.context.new_page()
        await page.goto(f"{ORIGIN}/roll?lesson={rolls.later}")
        await recorded(school, {0: "н"})
        await expect(page.locator("#done")).to_have_text("Все на месте")


async def test_a_tap_just_before_the_page_is_closed_is_not_lost(school: School) -> None:
    async with school.phone(await school.rolls.entered()) as phone:
        await phone.done.click()
        await expect(phone.done).to_have_text("Записано. Все на месте")
        await phone.tap("Яшин")
        await phone.page.close()
        page = await phone.context.new_page()
        await page.goto(f"{ORIGIN}/roll")
        await recorded(school, {4: "н"})


async def test_whoever_enters_by_the_same_browser_next_does_not_send_what_another_tapped(school: School) -> None:
    rolls = school.rolls
    async with school.phone(await rolls.entered()) as phone:
        await phone.context.set_offline(offline=True)
        await phone.tap("Абрамов")
        await phone.done.click()
        await expect(phone.said).to_contain_text("ещё не отправлена")
        other = await rolls.entered(rolls.deputy)
        await known(phone.context, other)
        await phone.context.set_offline(offline=False)
        await expect(phone.said).to_contain_text("Вход закончился")
        await phone.page.goto(f"{ORIGIN}/roll?lesson={rolls.lesson}")
        await expect(phone.done).to_have_text("Все на месте")
        assert await rolls.codes() == {}


async def test_two_pages_show_each_others_marks_within_two_seconds(school: School, record_property: Any) -> None:
    rolls = school.rolls
    path = f"/roll?lesson={rolls.lesson}"
    async with (
        school.phone(await rolls.entered()) as one,
        school.phone(await rolls.entered(rolls.deputy), path) as other,
    ):
        await other.tap("Яшин")
        await one.tap("Ёлкин")
        await one.done.click()
        began = asyncio.get_running_loop().time()
        await expect(other.tile("Ёлкин")).to_contain_text("нет на уроке", timeout=2500)
        seconds = asyncio.get_running_loop().time() - began
        await expect(other.tile("Яшин")).to_contain_text("нет на уроке")
        await expect(other.done).to_have_text("Сохранить · отметок: 1")
        await other.done.click()
        await expect(one.tile("Яшин")).to_contain_text("нет на уроке", timeout=2500)
        await recorded(school, {1: "н", 4: "н"})
        # Of two taps on one child the later one stays, on both pages.
        await one.tap("Ёлкин")
        await expect(other.tile("Ёлкин")).to_contain_text("опоздание", timeout=3500)
        await other.tap("Ёлкин")
        await expect(one.tile("Ёлкин").locator(".read")).to_be_empty(timeout=3500)
        await recorded(school, {4: "н"})
        assert one.wrong == other.wrong == []
    record_property("figure", f"two pages: the other's mark is seen after {seconds:.1f} s")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
async def test_a_class_of_thirty_fits_fingers_and_eyes_and_shuts_nobody_out(
    school: School, record_property: Any, *, dark: bool
) -> None:
    rolls = school.rolls
    await rolls.site.builder.pupils(rolls.site.school_class, *MORE)
    async with school.phone(await rolls.entered(), dark=dark) as phone:
        await take_picture(phone.page, f"roll-fresh{'-dark' if dark else ''}")
        assert await asked_of_axe(phone.page) == []
        places = await phone.page.evaluate(PLACES)
        await phone.tap("Ёлкин", "Орлова", "Орлова", "Константинопольская")
        assert await phone.page.evaluate(PLACES) == places, "nothing moves away from under the finger"
        assert await phone.page.evaluate(SMALL, FINGER) == []
        assert len(set(await phone.page.evaluate(LEFTS))) == 2, "two columns"
        assert not await phone.page.evaluate(WIDER)
        found = await asked_of_axe(phone.page)
        await take_picture(phone.page, f"roll-marked{'-dark' if dark else ''}")
        await phone.done.click()
        await expect(phone.done).to_contain_text("Записано")
        found += await asked_of_axe(phone.page)
        await phone.page.locator("summary").click()
        await take_picture(phone.page, f"roll-recorded{'-dark' if dark else ''}")
        found += await asked_of_axe(phone.page)
        assert found == []
        assert phone.wrong == []
    record_property("figure", f"axe on the roll, {'dark' if dark else 'light'}: {len(found)} violations")


@pytest.mark.parametrize("channel", [Channel.TELEGRAM, Channel.MAX])
async def test_the_mini_app_opens_with_one_press_and_weighs_little(
    school: School, record_property: Any, channel: Channel
) -> None:
    rolls = school.rolls
    await rolls.site.builder.pupils(rolls.site.school_class, *MORE)
    await rolls.site.builder.link(rolls.site.teacher, MessengerAccount(channel, str(CHAT)))
    name = "tgWebAppData" if channel is Channel.TELEGRAM else "WebAppData"
    signed = quote(rolls.init_data(CHAT, channel))
    weights: dict[str, int] = {}

    def weigh(response: Response) -> None:
        if response.status == HTTPStatus.OK and "event-stream" not in response.headers["content-type"]:
            weights[urlsplit(response.url).path] = int(response.headers["content-length"])

    async with opened_browser(PHONE, hosts=school.hosts) as context:
        page = await context.new_page()
        phone = Phone(context, page, complaints(page))
        page.on("response", weigh)
        await page.goto(f"{ORIGIN}/app#{name}={signed}&tgWebAppVersion=9.1")
        await expect(phone.done).to_have_text("Все на месте")
        await phone.tap("Ёлкин")
        assert urlsplit(page.url).path == "/app/roll"
        await phone.done.click()
        await recorded(school, {1: "н"})
        assert phone.wrong == []
    first = {path: weight for path, weight in weights.items() if not path.endswith("/taps")}
    whole = sum(first.values())
    record_property("figure", f"first load of the Mini App, 30 children: {whole} bytes, {first}")
    assert {path.rpartition(".")[2] for path in first if "static" in path} == {"js", "css"}
    assert whole <= HEAVIEST


async def test_the_button_in_the_chat_opens_the_page_signed_by_the_messenger(school: School) -> None:
    """All of it: the keyboard that our bot sends, the messenger's signature, the script that brings it, the roll."""
    rolls = school.rolls
    await rolls.site.builder.link(rolls.site.teacher, MessengerAccount(Channel.TELEGRAM, str(CHAT)))
    bot, clocks = SandboxBot(APP_TOKENS[Channel.TELEGRAM]), Clocks(wall=lambda: rolls.site.machine.at)
    async with BotApiEmulator(bot, clocks=clocks) as emulator:
        teacher = emulator.person(CHAT, "Мария")
        await teacher.start()
        screen = MiniApps.at(ORIGIN, None).offered(load("ru"), Screen("5А"), Channel.TELEGRAM, rolls.lesson)
        async with make_bot(bot.token, base_url=emulator.base_url, proxy=None).context() as sender:
            await sender.send_message(CHAT, screen.text, reply_markup=keyboard(screen.rows))
        async with opened_browser(PHONE, hosts=school.hosts) as context:
            page = await context.new_page()
            phone = Phone(context, page, complaints(page))
            await page.goto(teacher.open_app("Перекличка на экране"))
            await phone.tap("Ёлкин")
            await phone.done.click()
            await recorded(school, {1: "н"})
            assert page.url == f"{ORIGIN}/app/roll?lesson={rolls.lesson}"
            assert phone.wrong == []


async def test_the_mini_apps_page_says_what_to_do_where_no_messenger_opened_it(school: School) -> None:
    async with school.phone(None, "/app") as phone:
        await expect(phone.said).to_contain_text("Эту страницу открывает кнопка")
        assert await asked_of_axe(phone.page) == []
        await phone.page.goto("about:blank")
        await phone.page.goto(f"{ORIGIN}/app#tgWebAppData=user%3D1%26hash%3D0")
        await expect(phone.said).to_contain_text("Мессенджер не сказал, кто открывает страницу")


async def test_a_page_whose_stay_is_over_keeps_what_was_tapped(school: School) -> None:
    rolls = school.rolls
    async with school.phone(await rolls.entered()) as phone:
        await phone.tap("Яшин")
        rolls.site.hands.move(hours=2)
        await phone.done.click()
        await expect(phone.said).to_contain_text("Вход закончился")
        entered = await rolls.entered()
        await known(phone.context, entered)
        await phone.page.goto(f"{ORIGIN}/roll?lesson={rolls.lesson}")
        await recorded(school, {4: "н"})


async def test_a_refusal_is_a_sentence_and_the_taps_stay_on_the_page(school: School) -> None:
    rolls = school.rolls
    async with school.phone(await rolls.entered(), f"/roll?lesson={rolls.later}") as phone:
        await phone.tap("Яшин")
        await phone.done.click()
        await expect(phone.page.get_by_role("alert")).to_contain_text("ещё не начался")
        await expect(phone.done).to_have_text("Готово · нет: 1 · опоздания: 0")
        rolls.site.hands.move(minutes=51)
        await phone.done.click()
        await recorded(school, {4: "н"}, rolls.later)


async def test_the_roll_is_called_without_a_script(school: School) -> None:
    rolls = school.rolls
    entered = await rolls.entered()
    async with opened_browser(PHONE, hosts=school.hosts) as usual:
        assert usual.browser is not None
        context = await usual.browser.new_context(java_script_enabled=False, ignore_https_errors=True)
        await known(context, entered)
        page = await context.new_page()
        await page.goto(f"{ORIGIN}/roll")
        await page.get_by_label("Ёлкин").select_option("н")
        await page.get_by_label("Яшин").select_option("late")
        await page.get_by_role("button", name="Готово").click()
        await expect(page.get_by_label("Яшин")).to_have_value("kept")
        assert (await rolls.codes(), await rolls.late()) == ({1: "н"}, {4: 10})
