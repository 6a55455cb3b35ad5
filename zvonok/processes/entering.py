"""What lets people in by a login, put together from an installation."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession, DummyCookieJar

from core.account.entrance import Entrance
from core.account.entry_codes import CodeEntrance
from core.account.identity_provider import ProviderEntrance
from core.account.password_hashing import Hasher
from core.account.passwords import Passwords
from core.database import Database
from core.events import Channel
from web.account_desk import AccountDesk
from web.launch_data import AppKey
from zvonok.installation import Installation
from zvonok.openid import OpenIdProvider
from zvonok.settings import Settings


@asynccontextmanager
async def entering(installation: Installation, core: Database, origin: str) -> AsyncIterator[AccountDesk]:
    """Open what the login pages work with, and the way to the identity provider if there is one."""
    keeper, hasher = installation.secret.account_keeper(), Hasher()
    openid = installation.settings.openid()
    async with ClientSession(cookie_jar=DummyCookieJar()) as client:
        provider = None
        if openid is not None:
            adapter = OpenIdProvider(openid, client, installation.machine_clock)
            provider = ProviderEntrance(core, adapter, keeper)
        yield AccountDesk(
            entrance=Entrance(core, hasher, keeper),
            codes=CodeEntrance(core, keeper),
            passwords=Passwords(core, hasher, keeper),
            keeper=keeper,
            machine_clock=installation.machine_clock,
            origin=origin,
            provider=provider,
            provider_title=installation.settings.oidc_title,
            apps=_apps(installation.settings),
        )


def _apps(settings: Settings) -> dict[Channel, AppKey]:
    """Return what the Mini App of each bot is proved by."""
    tokens = {Channel.TELEGRAM: settings.telegram_token, Channel.MAX: settings.max_token}
    return {
        channel: AppKey.of_token(token.get_secret_value()) for channel, token in tokens.items() if token is not None
    }
