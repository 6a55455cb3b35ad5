"""Settings: from ``ZVONOK_*`` of the environment and from ``.env``; built here, passed on as values."""

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import URL

from notifiers.mail_settings import MailSettings, Security
from notifiers.max_settings import MaxSettings
from notifiers.telegram import TelegramSettings
from zvonok import database_address
from zvonok.openid import OpenIdSettings
from zvonok.protected_hosts import ProtectedHosts

OLDEST_SERVER, NEWEST_SERVER = 15, 18
"""Major versions of PostgreSQL that Zvonok is tested with."""


MAX_GRANTS = 30
"""Requests a second that MAX grants a bot, whatever they are for (dev.max.ru, «Ограничения»)."""


FARTHEST_SECONDS = timedelta(days=3660).total_seconds()
"""The school's clock is moved by ten years at most: beyond, dates end."""


PROVIDER_BACK = "/login/provider/back"
"""Where the provider sends browsers back; it is registered there."""
_WANTED_URL = "нужен адрес вида https://zvonok.school.example, без пути и без имени с паролем"
_BOT_NAME = re.compile(r"[A-Za-z0-9_]{3,64}")
_HOST = re.compile(r"(?!-)[a-z0-9-]+(\.[a-z0-9-]+)*")
"""A name or an IPv4 address; a Cyrillic one in the form that starts with ``xn--``."""


class SettingsError(Exception):
    """Wrong settings, said in Russian sentences for whoever wrote them; the values are not repeated."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))


def _database_url(value: SecretStr | None) -> SecretStr | None:
    if value is not None:
        database_address.read(value.get_secret_value())
    return value


def _protected_hosts(value: str) -> str:
    ProtectedHosts.read(value)
    return value


def _public_url(value: str | None) -> str | None:
    """Return scheme and host as links begin with them. Links carry tokens: nothing else may stand there to leak one."""
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError(_WANTED_URL) from None
    bare = f"{parts.scheme}://{parts.hostname or ''}" + (f":{port}" if port is not None else "")
    host = _HOST.fullmatch(parts.hostname or "")
    if parts.scheme not in {"http", "https"} or host is None or value.removesuffix("/").lower() != bare:
        raise ValueError(_WANTED_URL)
    return bare


def _web_host(value: str) -> str:
    """Return an address or a name to listen on; an empty one would be every address of the machine."""
    try:
        return str(ip_address(value))
    except ValueError:
        if _HOST.fullmatch(value.lower()) is None:
            raise ValueError("нужен адрес этой машины, например 127.0.0.1") from None
    return value


def _bot_name(value: str | None) -> str | None:
    if value is None or _BOT_NAME.fullmatch(value.removeprefix("@")):
        return value and value.removeprefix("@")
    raise ValueError("нужно имя бота, например school5_bot: латинские буквы, цифры и подчёркивания")


class Settings(BaseSettings):
    """All settings of an installation; a field ``x`` is read from ``ZVONOK_X``."""

    model_config = SettingsConfigDict(
        env_prefix="ZVONOK_", env_file=".env", env_file_encoding="utf-8-sig", extra="ignore"
    )

    data: Path = Path("var")
    """Folder of the embedded database, the secret and the sandbox."""
    database_url: Annotated[SecretStr | None, AfterValidator(_database_url)] = None
    """Any PostgreSQL 15–18 instead of the embedded one; a direct connection, no pooler. Another machine proves by its
    certificate who it is; ``?sslrootcert=`` names a file of authorities to trust instead of the system's."""
    protected_hosts: Annotated[str, AfterValidator(_protected_hosts)] = ""
    """Names, addresses and networks, with commas, to which the way is protected otherwise (a VPN): data may go there
    unencrypted. To any other machine they may not, and nothing starts."""
    secret: SecretStr | None = Field(default=None, min_length=32)
    """Seals addresses and codes; without it one is made in the data folder. Lose it: every parent is asked again."""

    telegram_token: SecretStr | None = None
    """The bot that alerts and converses, from @BotFather."""
    telegram_bot_name: Annotated[str | None, AfterValidator(_bot_name)] = None
    """Its name, such as ``school5_bot``: stands on the sheets with codes."""
    telegram_base_url: str = "https://api.telegram.org"
    """Address of the Bot API; a local server or the sandbox may stand there."""
    telegram_proxy: SecretStr | None = None
    """``http://host:port``; may hold a password."""
    telegram_hook: bool = False
    """Telegram sends updates to a webhook under ``ZVONOK_PUBLIC_URL``; without it they are fetched."""
    telegram_rate: float = Field(default=25, gt=0, le=1000)
    """Messages a second for alerts; the rest of Telegram's 30 is left to conversations."""
    telegram_timeout_seconds: float = Field(default=10, gt=0, le=60)
    """For one request."""

    max_token: SecretStr | None = None
    """The bot of MAX that alerts and converses, from the cabinet for partners."""
    max_bot_name: Annotated[str | None, AfterValidator(_bot_name)] = None
    """Its name: stands on the sheets with codes, and in the button that opens the roll call as a page."""
    max_base_url: str = "https://platform-api2.max.ru"
    """Address of the API of MAX; the sandbox may stand there."""
    max_ca_file: Path | None = None
    """Trusted there besides the system's authorities: MAX is vouched for by the root of the Ministry of Digital
    Development, which no usual bundle holds."""
    max_proxy: SecretStr | None = None
    """``http://host:port``; may hold a password."""
    max_hook: bool = False
    """MAX sends updates to a webhook under ``ZVONOK_PUBLIC_URL``; without it they are fetched, as in trials.
    """
    max_rate: float = Field(default=20, gt=0, le=MAX_GRANTS)
    """Messages a second for alerts; the rest of the 30 that MAX grants is the conversations', and they keep to it.
    With these ten, thirty teachers who call rolls at one bell have finished within 12 seconds; with five, within 21."""
    max_timeout_seconds: float = Field(default=10, gt=0, le=60)
    """For one request."""

    mail_host: str | None = None
    """SMTP server; without it no letters."""
    mail_port: int | None = Field(default=None, ge=1, le=65535)
    """Without it the usual port of the chosen protection."""
    mail_security: Security = Security.STARTTLS
    """starttls, tls or plain; a password never travels over plain."""
    mail_user: str | None = None
    """Name of the account at the server."""
    mail_password: SecretStr | None = None
    """Its password."""
    mail_from: str | None = None
    """Address that letters come from."""
    mail_from_name: str = "Звонок"
    """Name beside it."""
    mail_ca_file: Path | None = None
    """Trusted instead of the system's authorities."""
    mail_rate: float = Field(default=10, gt=0, le=1000)
    """Letters a second."""
    mail_timeout_seconds: float = Field(default=10, gt=0, le=300)
    """For connecting, and for each reply."""

    public_url: Annotated[str | None, AfterValidator(_public_url)] = None
    """Where parents find the pages, such as ``https://zvonok.school.example``; without it letters hold no links."""
    web_host: Annotated[str, AfterValidator(_web_host)] = "127.0.0.1"
    """Address on which the pages listen; whatever takes TLS off stands before it."""
    web_port: int = Field(default=8080, ge=1, le=65535)
    """Its port."""
    hooks_host: Annotated[str, AfterValidator(_web_host)] = "127.0.0.1"
    """Address on which the bot takes what messengers send (``/hook/…``); whatever takes TLS off stands before it."""
    hooks_port: int = Field(default=8082, ge=1, le=65535)
    """Its port."""
    metrics_port: int | None = Field(default=None, ge=1, le=65535)
    """Port on which the gateway tells Prometheus its figures (``/metrics``), not the pages' one; without it, none."""
    metrics_host: Annotated[str, AfterValidator(_web_host)] = "127.0.0.1"
    """Address for that; whoever reaches it may read the figures, which hold no names."""

    oidc_issuer: str | None = None
    """Address of an OpenID Connect provider, such as a gate to ЕСИА; without it people enter by login and password."""
    oidc_client_id: str = ""
    """Our name at the provider."""
    oidc_client_secret: SecretStr | None = Field(default=None, min_length=1)
    """What the provider knows us by."""
    oidc_scope: str = "openid profile"
    """What is asked of the provider: full name, birth date and identity document must be in it."""
    oidc_document_claim: str = "identity_document"
    """Under which name the provider tells the identity document."""
    oidc_title: str = "Госуслуги"
    """What the button says."""

    backup_folder: Path | None = None
    """Folder for backups, best on another disk; with it one is made every day. It must be there."""
    backup_hour: int = Field(default=3, ge=0, le=23)
    """Hour of that, by the clock of the first school."""
    backup_keep: int = Field(default=14, ge=1, le=1000)
    """How many of this installation's backups stay in the folder."""
    backup_key_file: Path | None = None
    """File with the key of backups, made by ``zvonok backup key``. Keep a copy away from this machine."""
    backup_key: SecretStr | None = Field(default=None, min_length=32)
    """The key itself instead of a file."""

    lease_seconds: float = Field(default=15, ge=1, le=600)
    """How long a gateway owns a bot or a mail account; after a crash the next one waits so long."""
    school_clock_offset_seconds: float = Field(default=0, ge=-FARTHEST_SECONDS, le=FARTHEST_SECONDS)
    """Moves the school's clock, in the sandbox only."""
    sandbox: bool = False
    """Marks an installation that talks to stand-ins of messengers and mail."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    """debug, info, warning or error."""
    log_format: Literal["words", "events"] | None = None
    """words: Russian sentences for whoever looks; events: a line an event with codes and UTC, for machines. Without it
    ``zvonok up`` and the office's commands speak in words, and core, gateway, bot and web, run apart, write events."""

    @model_validator(mode="after")
    def _consistent(self) -> "Settings":
        if self.school_clock_offset_seconds and not self.sandbox:
            raise ValueError("ZVONOK_SCHOOL_CLOCK_OFFSET_SECONDS: часы школы можно переводить только в песочнице")
        if self.mail_host and not self.mail_from:
            raise ValueError("ZVONOK_MAIL_FROM: укажите адрес, с которого уходят письма")
        if self.mail_from and not self.mail_host:
            raise ValueError("ZVONOK_MAIL_HOST: укажите сервер, через который уходят письма")
        hook = "TELEGRAM" if self.telegram_hook else "MAX" if self.max_hook else None
        if hook is not None and not (self.public_url or "").startswith("http" if self.sandbox else "https://"):
            raise ValueError(f"ZVONOK_{hook}_HOOK: мессенджеру нужен адрес https:// в ZVONOK_PUBLIC_URL")
        if self.public_url is not None and self.metrics_port == self.web_port:
            raise ValueError("ZVONOK_METRICS_PORT: на этом порту уже страницы (ZVONOK_WEB_PORT), возьмите другой")
        return self

    @property
    def school_clock_offset(self) -> timedelta:
        """How far the school's clock is from the machine's."""
        return timedelta(seconds=self.school_clock_offset_seconds)

    def openid(self) -> OpenIdSettings | None:
        """Return the identity provider's settings; None without one. Raises ``ValueError`` with a sentence."""
        if self.oidc_issuer is None:
            return None
        if not self.oidc_client_id or self.oidc_client_secret is None or self.public_url is None:
            raise ValueError("Нужны ещё ZVONOK_OIDC_CLIENT_ID, ZVONOK_OIDC_CLIENT_SECRET и ZVONOK_PUBLIC_URL.")
        return OpenIdSettings(
            issuer=self.oidc_issuer,
            client_id=self.oidc_client_id,
            client_secret=self.oidc_client_secret.get_secret_value(),
            redirect_uri=f"{self.public_url}{PROVIDER_BACK}",
            scope=self.oidc_scope,
            document_claim=self.oidc_document_claim,
        )

    def server_url(self) -> URL | None:
        """Return the address of the given PostgreSQL and how the wire is secured; None for the embedded one."""
        if self.database_url is None:
            return None
        return database_address.secured(database_address.read(self.database_url.get_secret_value()), self.protected())

    def protected(self) -> ProtectedHosts:
        """Return the hosts for whose wire the school answers."""
        return ProtectedHosts.read(self.protected_hosts)

    def check_database(self) -> None:
        """Raise ``ValueError`` with a sentence if the server's authorities cannot be read."""
        url = self.server_url()
        if url is not None:
            database_address.check_authorities(url)

    def telegram(self) -> TelegramSettings | None:
        """Return the bot's settings; None without a token. Raises ``ValueError`` with a sentence."""
        if self.telegram_token is None:
            return None
        return TelegramSettings(
            token=self.telegram_token.get_secret_value(),
            base_url=self.telegram_base_url,
            proxy=self.telegram_proxy.get_secret_value() if self.telegram_proxy else None,
            timeout=timedelta(seconds=self.telegram_timeout_seconds),
        )

    def bot_credential(self) -> str:
        """Name the bot by its public number, never by its token; empty without a bot."""
        token = self.telegram_token.get_secret_value() if self.telegram_token else ""
        return f"telegram:{token.partition(':')[0]}" if token else ""

    def max_bot(self) -> MaxSettings | None:
        """Return the settings of the bot of MAX; None without a token. Raises ``ValueError`` with a sentence."""
        if self.max_token is None:
            return None
        found = MaxSettings(
            token=self.max_token.get_secret_value(),
            base_url=self.max_base_url,
            ca_file=self.max_ca_file,
            proxy=self.max_proxy.get_secret_value() if self.max_proxy else None,
            timeout=timedelta(seconds=self.max_timeout_seconds),
        )
        found.tls_context()  # reads the file of authorities: better a sentence now than a failure at the first message
        return found

    @property
    def max_reserve(self) -> int:
        """How many requests a second of the bot of MAX are the conversations': what alerts leave over, one at least."""
        return max(1, int(MAX_GRANTS - self.max_rate))

    def max_credential(self) -> str:
        """Name the bot of MAX, whose token shows no public number; empty without one."""
        return "max:bot" if self.max_token else ""

    def mail(self) -> MailSettings | None:
        """Return the mail account's settings; None without a server. Raises ``ValueError`` with a sentence."""
        if self.mail_host is None or self.mail_from is None:
            return None
        found = MailSettings(
            host=self.mail_host,
            port=self.mail_port,
            security=self.mail_security,
            username=self.mail_user,
            password=self.mail_password.get_secret_value() if self.mail_password else None,
            sender_address=self.mail_from,
            sender_name=self.mail_from_name,
            ca_file=self.mail_ca_file,
            timeout=timedelta(seconds=self.mail_timeout_seconds),
            content_timeout=timedelta(seconds=self.mail_timeout_seconds),
        )
        found.tls_context()  # reads the file of authorities: better a sentence now than a failure at the first letter
        return found


def read_settings(**given: Any) -> Settings:
    """Read the settings. Raises ``SettingsError`` that names each wrong variable and repeats no value."""
    try:
        settings = Settings(**given)
    except ValidationError as error:
        raise SettingsError([_sentence(issue) for issue in error.errors(include_url=False)]) from None
    except UnicodeDecodeError:
        raise SettingsError(["Файл .env с настройками ZVONOK_… записан не в UTF-8: сохраните его заново."]) from None
    wrong = [*_complaints("ZVONOK_TELEGRAM_…", settings.telegram), *_complaints("ZVONOK_MAX_…", settings.max_bot)]
    wrong += _complaints("ZVONOK_MAIL_…", settings.mail)
    wrong += _complaints("ZVONOK_OIDC_…", settings.openid)
    wrong += _complaints("ZVONOK_DATABASE_URL", settings.check_database)
    if wrong:
        raise SettingsError(wrong)
    return settings


def _complaints(names: str, read: Callable[[], object]) -> list[str]:
    """Return what a channel finds wrong with its settings; its sentences name no variables and show no values."""
    try:
        read()
    except ValueError as error:
        return [f"{names}: {error}"]
    return []


def _sentence(issue: Any) -> str:
    """Say in Russian what is wrong with one variable; its value may be a secret and is not shown."""
    if not issue["loc"]:
        return f"{issue['ctx']['error']}."
    return f"ZVONOK_{str(issue['loc'][0]).upper()}: {_fault(issue['type'], issue.get('ctx', {}))}."


def _fault(kind: str, context: Mapping[str, Any]) -> str:
    own = context.get("error")
    if isinstance(own, ValueError):
        return str(own)
    if "min_length" in context:
        return f"нужно не меньше {context['min_length']} знаков"
    words = {"ge": "не меньше", "gt": "больше", "le": "не больше"}
    bounds = [f"{word} {context[key]:.10g}" for key, word in words.items() if key in context]
    if bounds:
        return f"значение должно быть {' и '.join(bounds)}"
    if "expected" in context:
        return f"допустимы {context['expected'].replace(' or ', ' и ')}"
    return "нужно число" if kind.startswith(("float", "int", "finite")) else "такое значение не подходит"
