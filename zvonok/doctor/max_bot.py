"""The bot of MAX: its token is known, and nothing else takes its updates. Two questions, nothing sent.

The token goes in a header: it is neither shown nor logged, and no error of the wire is turned into text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
from yarl import URL

from bot.hooks import FOLDER
from notifiers.http_wire import reason_before_sending
from notifiers.max_errors import MaxReason
from notifiers.max_settings import MaxSettings
from zvonok.doctor.findings import Finding, Patient, off, warning, well, wrong
from zvonok.settings import Settings

LONGEST_ANSWER = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a method returned, or the reason why it did not."""

    result: Mapping[str, Any] | None
    reason: str = ""


async def look_at_max(patient: Patient) -> list[Finding]:
    """Ask for the bot itself and for its subscriptions, by the configured address, proxy and certificates."""
    settings = patient.settings.max_bot()
    if settings is None:
        return [off("max-off")]
    timeout = aiohttp.ClientTimeout(total=min(settings.timeout, LONGEST_ANSWER).total_seconds())
    connector = aiohttp.TCPConnector(ssl=settings.tls_context())
    async with aiohttp.ClientSession(timeout=timeout, proxy=settings.proxy, connector=connector) as session:
        me = await _ask(session, settings, "me")
        if me.result is None:
            return [wrong("max", reason=me.reason, **_address(settings))]
        name = str(me.result.get("username") or me.result.get("first_name") or "-")
        stand = await _ask(session, settings, "subscriptions")
        return [well("max-well", username=name), *_listening(stand, patient.settings)]


def _address(settings: MaxSettings) -> dict[str, str]:
    """Return whom we asked, whether that is MAX's own address, and whether the ministry's root is trusted there."""
    usual = settings.base_url == Settings.model_fields["max_base_url"].default
    trusts = "named" if settings.ca_file else "none"
    return {"host": URL(settings.base_url).host or "", "address": "usual" if usual else "given", "root": trusts}


async def _ask(session: aiohttp.ClientSession, settings: MaxSettings, method: str) -> _Answer:
    url, headers = f"{settings.base_url.rstrip('/')}/{method}", {"Authorization": settings.token}
    try:
        async with session.get(url, headers=headers, allow_redirects=False) as answer:
            return _read(answer.status, await answer.read())
    except (aiohttp.ClientError, OSError) as failure:
        return _Answer(None, reason_before_sending(failure))


def _read(status: int, body: bytes) -> _Answer:
    if status == HTTPStatus.UNAUTHORIZED:
        return _Answer(None, MaxReason.CREDENTIAL_REFUSED)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _Answer(None, MaxReason.SERVER_ERROR)
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return _Answer(None, MaxReason.UNDECODABLE_ANSWER)
    if status != HTTPStatus.OK or not isinstance(answer, dict):
        return _Answer(None, MaxReason.REFUSED if isinstance(answer, dict) else MaxReason.UNDECODABLE_ANSWER)
    return _Answer(answer)


def _listening(subscriptions: _Answer, installed: Settings) -> list[Finding]:
    """Look whether updates come by the way that was chosen, and to nobody else."""
    if subscriptions.result is None:
        return [warning("max-webhook-unseen", reason=subscriptions.reason)]
    stand = [str(one.get("url")) for one in subscriptions.result.get("subscriptions") or () if isinstance(one, dict)]
    ours = [one for one in stand if installed.max_hook and one.startswith(f"{installed.public_url}{FOLDER}")]
    if len(ours) < len(stand):
        return [wrong("max-webhook")]
    if installed.max_hook:
        return [] if ours else [warning("max-hook-unset")]
    # MAX means long polling for trials: twice a second at most, and what waits longer than a day is gone.
    return [] if installed.sandbox else [warning("max-polls")]
