"""What a messenger says of whoever opens a Mini App (``initData``), believed only if it has signed that itself.

The same for Telegram and MAX: every field but ``hash``, decoded, as sorted lines ``name=value``, is signed by
HMAC-SHA256 under a key that is itself the HMAC of the bot's token under the words ``WebAppData``. Fields that we do not
know, such as Telegram's ``signature``, are signed like any other. Sources: core.telegram.org/bots/webapps, «Validating
data received via the Mini App»; dev.max.ru, «Валидация данных», whose examples count ``auth_date`` in seconds and
in milliseconds.
"""

import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from urllib.parse import unquote_to_bytes

LONGEST = 8192
"""Signs; a real one has some hundreds."""
LIVES = timedelta(hours=1)
"""How old a signature may be. Source: dev.max.ru advises an hour."""
CLOCKS_DIFFER = timedelta(minutes=1)
"""So far ahead of ours a messenger's clock may be."""
_MILLISECONDS_FROM = 10**11
"""As seconds this would be the year 5138."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_HASH = re.compile(r"[0-9a-f]{64}")
_DATE = re.compile(r"[1-9][0-9]{0,15}")
_START = re.compile(r"[A-Za-z0-9_-]{0,512}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Flaw(StrEnum):
    """Why it is not believed."""

    BROKEN = "broken"
    """It is not what a messenger writes."""
    FORGED = "forged"
    """This bot's messenger has not signed it."""
    OLD = "old"
    """It was signed too long ago, or in the future."""


class LaunchError(Exception):
    """What came is not believed; repeats nothing of it."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.flaw = flaw


@dataclass(frozen=True, slots=True)
class AppKey:
    """What a bot's Mini App is proved by; the token itself cannot be found from it."""

    secret: bytes = field(repr=False)

    @classmethod
    def of_token(cls, token: str) -> "AppKey":
        """Derive it from the bot's token."""
        return cls(hmac.digest(b"WebAppData", token.encode(), sha256))

    def sign(self, fields: dict[str, str]) -> str:
        """Return the hash of these fields."""
        lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
        return hmac.digest(self.secret, lines.encode(), sha256).hex()


@dataclass(frozen=True, slots=True)
class Launch:
    """Who opens the Mini App, and by which button."""

    user: str
    """His number in the messenger."""
    signed_at: datetime
    start: str = ""
    """What the button or the link carried."""


def read_launch(init_data: str, key: AppKey, now: datetime) -> Launch:
    """Believe what the messenger has signed, as it was at ``now`` by the machine's clock. Raises ``LaunchError``."""
    fields = _fields(init_data)
    shown = fields.pop("hash", "")
    if not _HASH.fullmatch(shown):
        raise LaunchError(Flaw.BROKEN)
    # Nothing of what is said is looked at before it is known who says it.
    if not hmac.compare_digest(key.sign(fields), shown):
        raise LaunchError(Flaw.FORGED)
    signed_at = _moment(fields.get("auth_date", ""))
    if not now - LIVES <= signed_at <= now + CLOCKS_DIFFER:
        raise LaunchError(Flaw.OLD)
    return Launch(_user(fields.get("user", "")), signed_at, _start(fields.get("start_param", "")))


def _fields(init_data: str) -> dict[str, str]:
    """Take it apart. A name that stands twice, or a line break in a value, could mean two things: it means nothing."""
    if not 0 < len(init_data) <= LONGEST:
        raise LaunchError(Flaw.BROKEN)
    found: dict[str, str] = {}
    for part in init_data.split("&"):
        name, equals, value = part.partition("=")
        if not equals or not _NAME.fullmatch(name) or name in found:
            raise LaunchError(Flaw.BROKEN)
        found[name] = _decoded(value)
    return found


def _decoded(value: str) -> str:
    """Undo the encoding once, as a form does. Raises ``LaunchError`` for what is no text in one line."""
    try:
        decoded = unquote_to_bytes(value.replace("+", " ")).decode()
    except UnicodeError:
        raise LaunchError(Flaw.BROKEN) from None
    if _CONTROL.search(decoded):
        raise LaunchError(Flaw.BROKEN)
    return decoded


def _moment(written: str) -> datetime:
    if not _DATE.fullmatch(written):
        raise LaunchError(Flaw.BROKEN)
    number = int(written)
    try:
        return datetime.fromtimestamp(number / 1000 if number >= _MILLISECONDS_FROM else number, UTC)
    except (OverflowError, OSError, ValueError):
        raise LaunchError(Flaw.BROKEN) from None


def _user(written: str) -> str:
    try:
        said = json.loads(written)
    except (ValueError, RecursionError):
        raise LaunchError(Flaw.BROKEN) from None
    number = said.get("id") if isinstance(said, dict) else None
    if isinstance(number, bool) or not isinstance(number, int) or number <= 0:
        raise LaunchError(Flaw.BROKEN)
    return str(number)


def _start(written: str) -> str:
    if not _START.fullmatch(written):
        raise LaunchError(Flaw.BROKEN)
    return written
