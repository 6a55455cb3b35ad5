"""All addresses by which people enter."""

from aiohttp import web

from web import roll_pages
from web.account_desk import AccountDesk
from web.desk import Desk
from web.entry_desk import EntryDesk
from web.home_page import HomePage
from web.json_api import JsonApi
from web.login_api import LoginApi
from web.login_pages import LoginPages
from web.not_me_page import NotMePage
from web.pages import Pages
from web.password_api import PasswordApi
from web.provider_page import ProviderPage
from web.second_factor_api import SecondFactorApi


def add_to(app: web.Application, desk: Desk, accounts: AccountDesk, pages: Pages) -> None:
    """Take requests of whoever enters, in this application."""
    api = JsonApi(desk, accounts)
    entry = EntryDesk(desk, accounts, pages, api)
    LoginApi(desk, accounts, api).add_to(app)
    PasswordApi(desk, accounts, api, pages, entry).add_to(app)
    SecondFactorApi(desk, accounts, api).add_to(app)
    LoginPages(entry).add_to(app)
    HomePage(entry).add_to(app)
    NotMePage(desk, pages).add_to(app)
    roll_pages.add_to(app, entry)
    if accounts.provider is not None:
        ProviderPage(desk, accounts.provider, pages, api).add_to(app)
