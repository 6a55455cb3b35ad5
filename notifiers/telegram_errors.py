"""What an answer of the Bot API means: a pure reading, without a wire.

Sources: Bot API "Making requests" and ``ResponseParameters`` (core.telegram.org/bots/api), and the wording of
descriptions in the server's published source (tdlib/telegram-bot-api, ``Client.cpp``): the API has no finer codes than
the HTTP ones, so the description is matched, lower-cased, by the shortest phrase that tells it apart.
The table for people is ``docs/reference/outcomes.md``; a test feeds that page to this module.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from notifiers.asked import NEW, Asked, Deed
from notifiers.pauses import PauseReasons
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown


class TelegramReason(StrEnum):
    """Every reason that an outcome of this channel can carry."""

    # Rejected before anything was sent.
    BAD_ADDRESS = "bad-address"
    BAD_BUTTON = "bad-button"
    BAD_PROVIDER_ID = "bad-provider-id"
    BAD_TEXT = "bad-text"
    TOO_LONG = "too-long"
    # Rejected by Telegram; the address is dead.
    BLOCKED = "blocked-by-user"
    CHAT_GONE = "chat-gone"
    CHAT_MIGRATED = "chat-migrated"
    CHAT_NOT_FOUND = "chat-not-found"
    NEVER_STARTED = "never-started"
    USER_DEACTIVATED = "user-deactivated"
    # Rejected by Telegram; the address may be well.
    EDIT_IMPOSSIBLE = "edit-impossible"
    RECALL_IMPOSSIBLE = "recall-impossible"
    FORBIDDEN = "forbidden"
    REFUSED = "refused"
    # Deferred: certainly not sent.
    CHAT_PAUSED = "chat-paused"
    CONNECTION_LOST = "connection-lost-before-send"
    CONNECT_FAILED = "connect-failed"
    CONNECT_TIMEOUT = "connect-timeout"
    NOT_BEGUN = "not-begun"
    CREDENTIAL_PAUSED = "credential-paused"
    CREDENTIAL_REFUSED = "credential-refused"
    DNS_FAILED = "dns-failed"
    PROXY_FAILED = "proxy-failed"
    SERVER_ERROR = "server-error"
    TLS_FAILED = "tls-failed"
    TOO_MANY_REQUESTS = "too-many-requests"
    # Unknown: the request left.
    CUT_AFTER_SEND = "cut-after-send"
    NO_ANSWER = "no-answer"
    UNDECODABLE_ANSWER = "undecodable-answer"


PAUSED = PauseReasons(chat=TelegramReason.CHAT_PAUSED, credential=TelegramReason.CREDENTIAL_PAUSED)
_FORBIDDEN: tuple[tuple[str, TelegramReason], ...] = (
    ("blocked by the user", TelegramReason.BLOCKED),
    ("user is deactivated", TelegramReason.USER_DEACTIVATED),
    ("can't initiate conversation", TelegramReason.NEVER_STARTED),
    ("bot was kicked", TelegramReason.CHAT_GONE),
    ("is not a member", TelegramReason.CHAT_GONE),
    ("chat was deleted", TelegramReason.CHAT_GONE),
)
"""403 that kill the address. Any other 403 does not: a change of wording must not cut off every family at once."""

_EDIT_IMPOSSIBLE = (
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "no text in the message to edit",
)
_NOT_MODIFIED = "message is not modified"
_ALREADY_GONE = ("message to delete not found", "message_id_invalid")
_RECALL_IMPOSSIBLE = ("message can't be deleted", "message_delete_forbidden")
"""Telegram deletes for 48 hours; afterwards it says "message can't be deleted for everyone"."""
_CHAT_NOT_FOUND = ("chat not found", "peer_id_invalid", "user not found")
_CREDENTIAL_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An answer with ``ok: false``, already read."""

    code: int
    description: str
    retry_after: timedelta | None
    migrated: bool


def outcome_of_answer(status: int, body: bytes, *, asked: Asked = NEW) -> Outcome:
    """Read a complete answer to what was ``asked``.

    A 429 or a server error that was read to its end is "not sent", whoever wrote its body. So is a redirect or a client
    error without the API's own JSON: a proxy or a filter in the way wrote it. Any other answer that is not the API's
    says nothing of what became of the message, hence ``Unknown``.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Deferred(TelegramReason.SERVER_ERROR)
    answer = _decoded(body)
    ok = answer.get("ok")
    if ok is True and "result" in answer:
        return _accepted(answer["result"], asked)
    if ok is False:
        return _outcome_of_refusal(_refusal(status, answer), asked)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Deferred(TelegramReason.TOO_MANY_REQUESTS)
    if "ok" not in answer and HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Deferred(TelegramReason.UNDECODABLE_ANSWER)
    return Unknown(TelegramReason.UNDECODABLE_ANSWER)


def _decoded(body: bytes) -> dict[str, Any]:
    """Decode the JSON object; empty for anything else."""
    try:
        answer = json.loads(body.decode())
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _accepted(result: Any, asked: Asked) -> Outcome:
    if asked.message is not None:
        return Accepted(asked.message)
    message_id = result.get("message_id") if isinstance(result, dict) else None
    if isinstance(message_id, int) and not isinstance(message_id, bool):
        return Accepted(str(message_id))
    return Unknown(TelegramReason.UNDECODABLE_ANSWER)


def _refusal(status: int, answer: dict[str, Any]) -> _Refusal:
    code = answer.get("error_code")
    parameters = answer.get("parameters")
    if not isinstance(parameters, dict):
        parameters = {}
    return _Refusal(
        code=code if isinstance(code, int) else status,
        description=str(answer.get("description", "")).lower(),
        retry_after=_seconds(parameters.get("retry_after")),
        migrated="migrate_to_chat_id" in parameters,
    )


def _seconds(value: Any) -> timedelta | None:
    """``retry_after`` is whole seconds; anything else, and more than a day, is no advice."""
    day = 86_400
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= day:
        return timedelta(seconds=value)
    return None


def _outcome_of_refusal(refusal: _Refusal, asked: Asked) -> Outcome:
    code = refusal.code
    if code == HTTPStatus.FORBIDDEN:
        return _forbidden(refusal.description)
    if code == HTTPStatus.TOO_MANY_REQUESTS:
        return Deferred(TelegramReason.TOO_MANY_REQUESTS, refusal.retry_after)
    if code in _CREDENTIAL_REFUSED:
        return Deferred(TelegramReason.CREDENTIAL_REFUSED, whole_credential=True)
    if code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Deferred(TelegramReason.SERVER_ERROR)
    if code >= HTTPStatus.BAD_REQUEST:
        return _bad_request(refusal, asked)
    return Unknown(TelegramReason.UNDECODABLE_ANSWER)


def _forbidden(description: str) -> Rejected:
    for phrase, reason in _FORBIDDEN:
        if phrase in description:
            return Rejected(reason, address_is_dead=True)
    return Rejected(TelegramReason.FORBIDDEN)


def _bad_request(refusal: _Refusal, asked: Asked) -> Outcome:
    if refusal.migrated:
        # The old id is never valid again; following the new one would tell a group what was meant for one person.
        return Rejected(TelegramReason.CHAT_MIGRATED, address_is_dead=True)
    own = _of_the_message(refusal.description, asked)
    if own is not None:
        return own
    if any(phrase in refusal.description for phrase in _CHAT_NOT_FOUND):
        return Rejected(TelegramReason.CHAT_NOT_FOUND, address_is_dead=True)
    return Rejected(TelegramReason.REFUSED)


def _of_the_message(description: str, asked: Asked) -> Outcome | None:
    """Read a refusal that concerns the message to be changed or taken away, not its chat; None if it does not."""
    match asked:
        case Asked(Deed.EDIT, str(message)):
            if _NOT_MODIFIED in description:
                return Accepted(message)
            if any(phrase in description for phrase in _EDIT_IMPOSSIBLE):
                return Rejected(TelegramReason.EDIT_IMPOSSIBLE, message_is_gone=True)
        case Asked(Deed.RECALL, str(message)):
            if any(phrase in description for phrase in _ALREADY_GONE):
                return Accepted(message)
            if any(phrase in description for phrase in _RECALL_IMPOSSIBLE):
                return Rejected(TelegramReason.RECALL_IMPOSSIBLE)
    return None
