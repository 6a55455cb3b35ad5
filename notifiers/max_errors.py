"""What an answer of the MAX API means: a pure reading, without a wire.

Sources: dev.max.ru/docs-api (methods ``POST``, ``PUT``, ``DELETE /messages``), the published schema
(max-messenger/api-schema, ``Error`` and ``SimpleQueryResult``), and codes seen by others where both are silent. A
refusal is ``{"code", "message"}`` under its HTTP status; an edit and a recall may be refused under 200, with ``success:
false``.
The table for people is ``docs/reference/outcomes.md``; a test feeds that page to this module.
"""

import json
import re
from enum import StrEnum
from http import HTTPStatus
from typing import Any

from notifiers.asked import NEW, Asked, Deed
from notifiers.pauses import PauseReasons
from notifiers.port import Accepted, Deferred, Outcome, Rejected, Unknown


class MaxReason(StrEnum):
    """Every reason that an outcome of this channel can carry."""

    # Rejected before anything was sent.
    BAD_ADDRESS = "bad-address"
    BAD_BUTTON = "bad-button"
    BAD_PROVIDER_ID = "bad-provider-id"
    BAD_TEXT = "bad-text"
    TOO_LONG = "too-long"
    # Rejected by MAX; the address is dead.
    BLOCKED = "blocked-by-user"
    CHAT_NOT_FOUND = "chat-not-found"
    # Rejected by MAX; the address may be well.
    EDIT_IMPOSSIBLE = "edit-impossible"
    RECALL_IMPOSSIBLE = "recall-impossible"
    FORBIDDEN = "forbidden"
    REFUSED = "refused"
    # Deferred: certainly not sent.
    CHAT_PAUSED = "chat-paused"
    CONNECTION_LOST = "connection-lost-before-send"
    CONNECT_FAILED = "connect-failed"
    CONNECT_TIMEOUT = "connect-timeout"
    CREDENTIAL_PAUSED = "credential-paused"
    CREDENTIAL_REFUSED = "credential-refused"
    DNS_FAILED = "dns-failed"
    NOT_BEGUN = "not-begun"
    PROXY_FAILED = "proxy-failed"
    SERVER_ERROR = "server-error"
    TLS_FAILED = "tls-failed"
    TOO_MANY_REQUESTS = "too-many-requests"
    # Unknown: the request left.
    CUT_AFTER_SEND = "cut-after-send"
    NO_ANSWER = "no-answer"
    UNDECODABLE_ANSWER = "undecodable-answer"


PAUSED = PauseReasons(chat=MaxReason.CHAT_PAUSED, credential=MaxReason.CREDENTIAL_PAUSED)
MESSAGE_ID = re.compile(r"[A-Za-z0-9_.-]{1,200}")
"""A ``mid``: of a private chat it begins with ``mid.``."""

type _Refusal = Deferred | Rejected

_ANY = ""
_CREDENTIAL_REFUSED = Deferred(MaxReason.CREDENTIAL_REFUSED, whole_credential=True)
_TOO_MANY = Deferred(MaxReason.TOO_MANY_REQUESTS)
_STOPPED = Rejected(MaxReason.BLOCKED, address_is_dead=True)
_NO_DIALOGUE = Rejected(MaxReason.CHAT_NOT_FOUND, address_is_dead=True)
_GONE = Rejected(MaxReason.EDIT_IMPOSSIBLE, message_is_gone=True)
_REFUSED = Rejected(MaxReason.REFUSED)

_REFUSALS: dict[tuple[int, str], _Refusal] = {
    (HTTPStatus.UNAUTHORIZED, _ANY): _CREDENTIAL_REFUSED,
    (HTTPStatus.FORBIDDEN, "chat.denied"): _STOPPED,
    (HTTPStatus.FORBIDDEN, "error.dialog.suspended"): _STOPPED,
    (HTTPStatus.FORBIDDEN, _ANY): Rejected(MaxReason.FORBIDDEN),
    (HTTPStatus.NOT_FOUND, "chat.not.found"): _NO_DIALOGUE,
    (HTTPStatus.NOT_FOUND, "dialog.not.found"): _NO_DIALOGUE,
    (HTTPStatus.NOT_FOUND, "error.dialog.notfound"): _NO_DIALOGUE,
    (HTTPStatus.NOT_FOUND, "user.not.found"): _NO_DIALOGUE,
    (HTTPStatus.TOO_MANY_REQUESTS, _ANY): _TOO_MANY,
    # With ``success: false``: the same codes, if there is one.
    (HTTPStatus.OK, "chat.denied"): _STOPPED,
    (HTTPStatus.OK, "error.dialog.suspended"): _STOPPED,
    (HTTPStatus.OK, "dialog.not.found"): _NO_DIALOGUE,
    (HTTPStatus.OK, "error.dialog.notfound"): _NO_DIALOGUE,
    (HTTPStatus.OK, "too.many.requests"): _TOO_MANY,
    (HTTPStatus.OK, "verify.token"): _CREDENTIAL_REFUSED,
    (HTTPStatus.OK, _ANY): _REFUSED,
}
"""By status and code. 403 ``chat.denied`` with the message ``error.dialog.suspended`` is how a stopped bot is told; any
other 403 kills nothing: a change of codes must not cut off every family at once."""

_REFUSALS_OF_EDITS: dict[tuple[int, str], _Refusal] = {
    (HTTPStatus.NOT_FOUND, _ANY): _GONE,
    (HTTPStatus.OK, "message.not.found"): _GONE,
}
"""What is otherwise with an edit: whatever is not found, and is not the dialogue, is the message."""

_REFUSALS_OF_RECALLS: dict[tuple[int, str], _Refusal] = {
    (HTTPStatus.NOT_FOUND, _ANY): _GONE,
    (HTTPStatus.OK, "message.not.found"): _GONE,
    (HTTPStatus.OK, _ANY): Rejected(MaxReason.RECALL_IMPOSSIBLE),
}
"""The same with a recall, for which what is gone is as it should be (``_refusal``)."""

_OWN_REFUSALS: dict[Deed, dict[tuple[int, str], _Refusal]] = {
    Deed.SEND: {},
    Deed.EDIT: _REFUSALS_OF_EDITS,
    Deed.RECALL: _REFUSALS_OF_RECALLS,
}


def outcome_of_answer(status: int, body: bytes, *, asked: Asked = NEW) -> Outcome:
    """Read a complete answer to what was ``asked``.

    A 429 or a server error that was read to its end is "not sent", whoever wrote its body. So is a redirect or a client
    error without the API's own JSON: a proxy or a filter in the way wrote it. Any other answer that is not the API's
    says nothing of what became of the message, hence ``Unknown``.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Deferred(MaxReason.SERVER_ERROR)
    answer = _decoded(body)
    if status == HTTPStatus.OK and answer.get("success") is not False:
        return _accepted(answer, asked)
    if status == HTTPStatus.OK or (status >= HTTPStatus.BAD_REQUEST and isinstance(answer.get("code"), str)):
        return _refusal(status, answer, asked)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return _TOO_MANY
    if status >= HTTPStatus.MULTIPLE_CHOICES and not _is_of_the_api(answer):
        return Deferred(MaxReason.UNDECODABLE_ANSWER)
    return Unknown(MaxReason.UNDECODABLE_ANSWER)


def _decoded(body: bytes) -> dict[str, Any]:
    """Decode the JSON object; empty for anything else."""
    try:
        answer = json.loads(body.decode())
    except (ValueError, RecursionError):
        return {}
    return answer if isinstance(answer, dict) else {}


def _is_of_the_api(answer: dict[str, Any]) -> bool:
    return "success" in answer or "code" in answer or isinstance(answer.get("message"), dict)


def _accepted(answer: dict[str, Any], asked: Asked) -> Outcome:
    """Read an answer under 200 that is no refusal: a new message needs its id, the others ``success: true``."""
    if asked.message is not None:
        return Accepted(asked.message) if answer.get("success") is True else Unknown(MaxReason.UNDECODABLE_ANSWER)
    message = answer.get("message")
    content = message.get("body") if isinstance(message, dict) else None
    message_id = content.get("mid") if isinstance(content, dict) else None
    if isinstance(message_id, str) and MESSAGE_ID.fullmatch(message_id):
        return Accepted(message_id)
    return Unknown(MaxReason.UNDECODABLE_ANSWER)


def _refusal(status: int, answer: dict[str, Any], asked: Asked) -> Outcome:
    found = _looked_up(status, answer, asked.deed)
    if asked.deed is Deed.RECALL and asked.message is not None and found == _GONE:
        return Accepted(asked.message)
    return found


def _looked_up(status: int, answer: dict[str, Any], deed: Deed) -> _Refusal:
    """Look the refusal up: by its code, by the key that stands for a message, or by its status alone."""
    tables = (_OWN_REFUSALS[deed], _REFUSALS)
    for word in (answer.get("code"), answer.get("message"), _ANY):
        for table in tables:
            if isinstance(word, str) and (status, word) in table:
                return table[status, word]
    return _REFUSED
