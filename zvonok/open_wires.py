"""Where data of children would leave this machine unencrypted (BACK-06, CONS-11).

The policy: loopback and unix sockets may be open. Everything else is encrypted and the other side proves who it is, or
the school says in ``ZVONOK_PROTECTED_HOSTS`` that this very host is reached by a way which is protected otherwise (a
VPN, the inner network of containers). What is neither does not start: an open wire works as well as a protected one, so
that a line of the log would be read when the letters are long gone. It is the same in a sandbox: lists of a real school
are tried there too. The identity provider's address is checked by ``zvonok.openid``: its protocol knows no open wire.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from notifiers.mail_settings import Security
from texts.reader import load
from zvonok import database_address
from zvonok.protected_hosts import is_here
from zvonok.settings import Settings
from zvonok.trouble import InstallationError


class Wire(StrEnum):
    """A way out of this machine; ``doctor-wire-<value>`` tells of it."""

    DATABASE = "database"
    MAIL = "mail"
    TELEGRAM = "telegram"
    MAX = "max"
    PROXY = "proxy"
    """To Telegram, where the Bot API itself stands on this machine but is asked for openly through a proxy."""
    MAX_PROXY = "max-proxy"
    """The same to MAX."""
    PAGES = "pages"
    LISTENING = "listening"
    """From whatever takes TLS off to the pages."""


@dataclass(frozen=True, slots=True)
class OpenWire:
    """One unencrypted way to another machine."""

    wire: Wire
    host: str
    promised: bool
    """The school answers for it by ``ZVONOK_PROTECTED_HOSTS``."""


def open_wires(settings: Settings) -> list[OpenWire]:
    """Return every open way that these settings would use; nothing is connected to, no name is looked up."""
    protected = settings.protected()
    return [OpenWire(wire, host, protected.cover(host)) for wire, host in _unencrypted(settings) if not is_here(host)]


def proxy_with_open_password(settings: Settings) -> str | None:
    """Return the host of a proxy that is told our password unencrypted: it is none of children's data, so a warning."""
    if settings.telegram_token is None or settings.telegram_proxy is None:
        return None
    proxy = urlsplit(settings.telegram_proxy.get_secret_value())
    host = proxy.hostname or ""
    safe = proxy.scheme == "https" or is_here(host) or settings.protected().cover(host)
    return host if proxy.password and not safe else None


def refuse_open(settings: Settings, *wires: Wire) -> None:
    """Raise ``InstallationError`` that says what goes openly and what to write; of these wires, or of all."""
    found = [one for one in open_wires(settings) if not one.promised and (not wires or one.wire in wires)]
    if found:
        say = load("ru").format
        told = [f"✗ {say(f'doctor-{code(one)}', **details(one))} {_do(one)}" for one in found]
        raise InstallationError("\n".join([say("open-wires-refused"), *told]))


def code(one: OpenWire) -> str:
    """Return the code of the doctor's finding."""
    return f"wire-{one.wire}"


def details(one: OpenWire) -> dict[str, str | int]:
    """Return what fills the finding's sentences."""
    return {"host": one.host}


def _do(one: OpenWire) -> str:
    return load("ru").format(f"doctor-{code(one)}-do", **details(one))


def _unencrypted(settings: Settings) -> Iterator[tuple[Wire, str]]:
    url = settings.server_url()
    if url is not None and database_address.may_be_open(url):
        yield Wire.DATABASE, database_address.host_of(url)
    if settings.mail_host is not None and settings.mail_security is Security.PLAIN:
        yield Wire.MAIL, settings.mail_host
    yield from _telegram(settings)
    yield from _max(settings)
    if settings.public_url is not None:
        if settings.public_url.startswith("http://"):
            yield Wire.PAGES, urlsplit(settings.public_url).hostname or ""
        yield Wire.LISTENING, settings.web_host


def _telegram(settings: Settings) -> Iterator[tuple[Wire, str]]:
    """Over TLS a proxy passes on what it cannot read (CONNECT); without it, it reads everything."""
    if settings.telegram_token is None or urlsplit(settings.telegram_base_url).scheme != "http":
        return
    yield Wire.TELEGRAM, urlsplit(settings.telegram_base_url).hostname or ""
    if settings.telegram_proxy is not None:
        yield Wire.PROXY, urlsplit(settings.telegram_proxy.get_secret_value()).hostname or ""


def _max(settings: Settings) -> Iterator[tuple[Wire, str]]:
    if settings.max_token is None or urlsplit(settings.max_base_url).scheme != "http":
        return
    yield Wire.MAX, urlsplit(settings.max_base_url).hostname or ""
    if settings.max_proxy is not None:
        yield Wire.MAX_PROXY, urlsplit(settings.max_proxy.get_secret_value()).hostname or ""
