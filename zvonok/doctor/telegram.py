"""The bot: its token is known, nothing stands in the way of polling. Two questions, nothing sent.

The address carries the token: it is neither shown nor logged, and no error of the wire is turned into text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import aiohttp
from yarl import URL

from bot.hooks import FOLDER
from notifiers.http_wire import reason_before_sending
from notifiers.telegram import TelegramSettings
from notifiers.telegram_errors import TelegramReason
from zvonok.doctor.findings import THIS_MACHINE, Finding, Patient, off, warning, well, wrong
from zvonok.settings import Settings

LONGEST_ANSWER = timedelta(seconds=10)
SKEW = timedelta(seconds=30)
"""The ``Date`` of an answer is whole seconds and has travelled; farther apart, this machine's clock is wrong."""
WAITING = 100
"""Updates that a bot in use does not let pile up."""


@dataclass(frozen=True, slots=True)
class _Answer:
    """The result of a method, or the reason why there is none; and the server's clock, if it told it."""

    result: Mapping[str, Any] | None
    reason: str = ""
    date: datetime | None = None


async def look_at_telegram(patient: Patient) -> list[Finding]:
    """Ask ``getMe`` and ``getWebhookInfo`` by the configured address and proxy."""
    settings = patient.settings.telegram()
    if settings is None:
        return [off("telegram-off")]
    timeout = aiohttp.ClientTimeout(total=min(settings.timeout, LONGEST_ANSWER).total_seconds())
    async with aiohttp.ClientSession(timeout=timeout, proxy=settings.proxy) as session:
        me = await _ask(session, settings, "getMe")
        if me.result is None:
            return [wrong("telegram", reason=me.reason, **_address(settings, patient.settings))]
        found = [well("telegram-well", username=str(me.result.get("username", "-")))]
        found += _clock(me.date, patient)
        return [*found, *_listening(await _ask(session, settings, "getWebhookInfo"), patient.settings)]


def _address(settings: TelegramSettings, installed: Settings) -> dict[str, str]:
    """Return whom we asked, and whether that address is Telegram's own, that of the phone for trials, or another's."""
    host = URL(settings.base_url).host or ""
    if settings.base_url == Settings.model_fields["telegram_base_url"].default:
        return {"host": host, "address": "usual"}
    return {"host": host, "address": "phone" if installed.sandbox and host == THIS_MACHINE else "given"}


async def _ask(session: aiohttp.ClientSession, settings: TelegramSettings, method: str) -> _Answer:
    url = URL(f"{settings.base_url.rstrip('/')}/bot{settings.token}/{method}", encoded=True)
    try:
        async with session.get(url, allow_redirects=False) as answer:
            return _read(answer.status, await answer.read(), answer.headers.get("Date"))
    except (aiohttp.ClientError, OSError) as failure:
        return _Answer(None, reason_before_sending(failure))


def _read(status: int, body: bytes, date: str | None) -> _Answer:
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND):
        return _Answer(None, TelegramReason.CREDENTIAL_REFUSED)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return _Answer(None, TelegramReason.SERVER_ERROR)
    try:
        answer = json.loads(body)
        result = answer["result"] if answer["ok"] is True else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return _Answer(None, TelegramReason.UNDECODABLE_ANSWER)
    if not isinstance(result, dict):
        return _Answer(None, TelegramReason.REFUSED)
    return _Answer(result, date=_moment(date))


def _moment(date: str | None) -> datetime | None:
    try:
        return None if date is None else parsedate_to_datetime(date).astimezone(UTC)
    except ValueError:
        return None


def _clock(its: datetime | None, patient: Patient) -> list[Finding]:
    apart = timedelta() if its is None else abs(its - patient.machine_clock.now())
    return [warning("telegram-clock", seconds=round(apart.total_seconds()))] if apart > SKEW else []


def _listening(webhook: _Answer, installed: Settings) -> list[Finding]:
    """Look whether updates come by the way that was chosen."""
    if webhook.result is None:
        return [warning("telegram-webhook-unseen", reason=webhook.reason)]
    url = str(webhook.result.get("url") or "")
    if url and not (installed.telegram_hook and url.startswith(f"{installed.public_url}{FOLDER}")):
        return [wrong("telegram-webhook")]
    if installed.telegram_hook and not url:
        return [warning("telegram-hook-unset")]
    waiting = webhook.result.get("pending_update_count", 0)
    return [warning("telegram-waiting", count=waiting)] if isinstance(waiting, int) and waiting > WAITING else []
