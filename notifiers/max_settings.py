"""The MAX bot: its token, the way to it, and whose certificates are believed there."""

import re
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from notifiers.http_wire import web_address

_TOKEN = re.compile(r"[!-~]+")
"""Whatever may stand in a header; the form of tokens is not documented."""


@dataclass(frozen=True, slots=True)
class MaxSettings:
    """One bot and the way to it.

    Raises ``ValueError`` with a sentence for the administrator, never with the token in it.
    """

    token: str = field(repr=False)
    base_url: str = "https://platform-api2.max.ru"
    """The older hosts are gone since July 2026. May have a path; the sandbox is reached by it."""
    ca_file: Path | None = None
    """PEM certificates that are trusted besides the usual roots, by this client alone.

    The API's certificate leads to the root of the Ministry of Digital Development, which no usual bundle holds.
    """
    proxy: str | None = field(default=None, repr=False)
    """``http://`` or ``https://``; may hold a password."""
    concurrency: int = 30
    """Requests in flight, and connections kept. The API grants 30 requests a second."""
    timeout: timedelta = timedelta(seconds=20)
    """For one request from the free connection to the last byte of the answer."""
    keepalive: timedelta = timedelta(seconds=15)
    """A connection idle for longer is not used again; keep it below the server's own limit."""

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("Токен бота MAX записан неверно: нужна одна строка без пробелов, без слова Bearer.")
        base = web_address(self.base_url)
        if base is None or base.query_string or base.fragment:
            raise ValueError("Адрес API MAX записан неверно: нужен вид https://platform-api2.max.ru.")
        if self.proxy is not None and web_address(self.proxy) is None:
            raise ValueError("Прокси для MAX записан неверно: нужен вид http://хост:порт.")
        if self.concurrency < 1 or self.timeout <= timedelta() or self.keepalive < timedelta():
            raise ValueError("MAX: число соединений и время ожидания должны быть больше нуля.")

    def tls_context(self) -> ssl.SSLContext:
        """Make the context that verifies the server: the usual roots, and those of the file.

        Raises ``ValueError`` if the file is not there, or holds no certificates.
        """
        context = ssl.create_default_context()
        if self.ca_file is None:
            return context
        try:
            context.load_verify_locations(cafile=self.ca_file)
        except ssl.SSLError as failure:
            raise ValueError("MAX: в файле нет сертификатов в виде PEM.") from failure
        except OSError as failure:
            raise ValueError("MAX: файл с сертификатами не читается: проверьте, есть ли он.") from failure
        return context
