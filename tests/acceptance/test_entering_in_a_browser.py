"""Entering as people do: in a real Chromium over TLS, which keeps our cookies and says from which page it sends."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web
from playwright.async_api import expect
from sqlalchemy import URL

from core.database import Database
from tests.acceptance.browser import complaints, opened_browser, take_picture
from tests.integration.account_site import BETTER, GOOD, ORIGIN, account_site
from tests.integration.throwaway_tls import certificates
from web.cookies import DEVICE, SESSION

pytestmark = pytest.mark.debian("chromium", "/usr/bin/chromium")

PHONE = (390, 844)


@pytest.mark.req("AUTH-05", "AUTH-07", "AUTH-12")
async def test_a_teacher_enters_changes_his_password_and_leaves(
    core_database: Database, gateway_database: Database, database_url: URL, tmp_path: Path
) -> None:
    _, tls = certificates(tmp_path)
    async with account_site(core_database, gateway_database, database_url) as site:
        (issued,) = await site.issue(site.teacher)
        runner = site.client.server.runner
        assert runner is not None
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls).start()
        hosts = f"MAP {urlsplit(ORIGIN).hostname}:443 127.0.0.1:{runner.addresses[-1][1]}"
        async with opened_browser(PHONE, hosts=hosts) as browser:
            page = await browser.new_page()
            wrong = complaints(page)
            await page.goto(f"{ORIGIN}/login")
            await take_picture(page, "entering-1-login")
            await page.get_by_label("Логин").fill(issued.login)
            await page.get_by_label("Пароль").fill(issued.password)
            await page.get_by_role("button", name="Войти").click()
            await expect(page.get_by_role("heading", name="Придумайте свой пароль")).to_be_visible()
            await page.get_by_label("Выданный пароль").fill(issued.password)
            await page.get_by_label("Новый пароль").fill(GOOD)
            await take_picture(page, "entering-2-first-password")
            await page.get_by_role("button", name="Сохранить").click()
            await expect(page.get_by_role("heading", name="Кузнецова Мария Петровна")).to_be_visible()
            await take_picture(page, "entering-3-home")
            kept = {one["name"] for one in await browser.cookies()}
            assert kept == {SESSION, DEVICE}
            await page.get_by_role("link", name="Сменить пароль").click()
            await page.get_by_label("Прежний пароль").fill(GOOD)
            await page.get_by_label("Новый пароль").fill(BETTER)
            await page.get_by_role("button", name="Сохранить").click()
            await page.get_by_role("button", name="Выход").click()
            await expect(page.get_by_role("heading", name="Вход в школьный журнал")).to_be_visible()
            await page.goto(f"{ORIGIN}/home")
            assert urlsplit(page.url).path == "/login"
            assert wrong == []
            await page.get_by_label("Логин").fill(issued.login)
            await page.get_by_label("Пароль").fill(GOOD)
            await page.get_by_role("button", name="Войти").click()
            await expect(page.get_by_role("alert")).to_contain_text("Логин или пароль не подошли")
            await take_picture(page, "entering-4-refused")
            assert await page.get_by_label("Логин").input_value() == issued.login
