"""What a messenger says of whoever opens a Mini App, signed as the real ones sign it.

Sources: core.telegram.org/bots/webapps, «WebAppInitData» and «Validating data»; dev.max.ru, «Валидация данных»: the
same way to sign, a moment in milliseconds. The signature for strangers (Ed25519) is made up: only Telegram can make it.
"""

import hashlib
import hmac
import json
import secrets
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from zvonok.sandbox.chats import Profile
from zvonok.sandbox.chronicle import WallClock

_QUERY_BYTES, _SIGNATURE_BYTES = 18, 64


class MiniApps:
    """Signs for the bots that it knows."""

    def __init__(self, clock: WallClock) -> None:
        self._clock = clock
        self._secrets: dict[int, bytes] = {}

    def admit(self, token: str, bot_id: int) -> None:
        """Know a bot from now on."""
        self._secrets[bot_id] = hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()

    def of_telegram(self, bot_id: int, profile: Profile) -> str:
        """Return what Telegram signs when the button of an inline keyboard is pressed."""
        user = {"id": profile.user_id, **_names(profile), "allows_write_to_pm": True}
        fields = {
            "query_id": secrets.token_urlsafe(_QUERY_BYTES),
            "user": _json(user),
            "auth_date": str(int(self._clock().timestamp())),
            "signature": secrets.token_urlsafe(_SIGNATURE_BYTES),
        }
        return self._signed(bot_id, fields)

    def of_max(self, bot_id: int, profile: Profile, start: str) -> str:
        """Return what MAX signs."""
        user = {"id": profile.user_id, **_names(profile), "photo_url": None}
        fields = {
            "ip": "203.0.113.9",
            "query_id": secrets.token_urlsafe(_QUERY_BYTES),
            "auth_date": str(_milliseconds(self._clock())),
            "user": _json(user),
            "chat": _json({"id": profile.user_id, "type": "DIALOG"}),
            **({"start_param": start} if start else {}),
        }
        return self._signed(bot_id, fields)

    def _signed(self, bot_id: int, fields: dict[str, str]) -> str:
        lines = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
        signature = hmac.new(self._secrets[bot_id], lines.encode(), hashlib.sha256).hexdigest()
        return urlencode({**fields, "hash": signature}, quote_via=quote)


def launch_parameters(prefix: str, data: str, version: str) -> str:
    """Return what stands behind the ``#`` of the address that opens."""
    return urlencode(
        {f"{prefix}Data": data, f"{prefix}Version": version, f"{prefix}Platform": "android"}, quote_via=quote
    )


def _names(profile: Profile) -> dict[str, Any]:
    names = {"first_name": profile.first_name, "last_name": profile.last_name or "", "username": profile.username}
    return {name: value for name, value in names.items() if value is not None} | {"language_code": "ru"}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
