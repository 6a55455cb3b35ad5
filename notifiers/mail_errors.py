"""What a reply of an SMTP server means: a pure reading, without a wire.

Sources: RFC 5321 §4.2 (reply codes), RFC 3463 and its registry (enhanced codes). The table for people is
``docs/reference/outcomes.md``; a test feeds that page to this module.
"""

import re
from enum import Enum, StrEnum

from notifiers.port import Deferred, Rejected


class MailReason(StrEnum):
    """Every reason that an outcome of this channel can carry."""

    # Rejected before anything was sent.
    ADDRESS_NEEDS_SMTPUTF8 = "address-needs-smtputf8"
    BAD_ADDRESS = "bad-address"
    BAD_SUBJECT = "bad-subject"
    BAD_TEXT = "bad-text"
    BAD_THREAD = "bad-thread"
    BAD_PAGE = "bad-page"
    CANNOT_EDIT = "cannot-edit"
    CANNOT_RECALL = "cannot-recall"
    TOO_LONG = "too-long"
    # Rejected by the server.
    NO_SUCH_MAILBOX = "no-such-mailbox"
    REFUSED = "refused"
    # Deferred: certainly not sent.
    CONNECTION_LOST = "connection-lost-before-send"
    CONNECT_FAILED = "connect-failed"
    CONNECT_TIMEOUT = "connect-timeout"
    CREDENTIAL_REFUSED = "credential-refused"
    DNS_FAILED = "dns-failed"
    GARBLED_REPLY = "garbled-reply"
    GREETING_REFUSED = "greeting-refused"
    MAILBOX_FULL = "mailbox-full"
    NO_AUTH_OFFERED = "no-auth-offered"
    NO_TLS_OFFERED = "no-tls-offered"
    NOT_BEGUN = "not-begun"
    POLICY = "policy"
    SENDER_REFUSED = "sender-refused"
    SERVICE_CLOSING = "service-closing"
    TEMPORARY = "temporary"
    TLS_FAILED = "tls-failed"
    TOO_SLOW = "too-slow"
    # Unknown: the final dot left.
    CUT_AFTER_SEND = "cut-after-send"
    NO_ANSWER = "no-answer"
    UNDECODABLE_ANSWER = "undecodable-answer"


class Stage(Enum):
    """The step of an SMTP transaction that a reply belongs to."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    DATA = "data"
    CONTENT = "content"


_SERVICE_CLOSING = 421
_SECURITY_OR_POLICY = 7
"""The subject digit of x.7.x (RFC 3463 §3.8)."""
_STORAGE_EXCEEDED = 552
_TEMPORARY = range(400, 500)
_PERMANENT = range(500, 600)
_REFUSALS = range(400, 600)
_FULL = (2, 2)
_MAILBOX_CODES = (550, 551, 553)
_PERMANENT_BY_CODE: dict[tuple[int, int] | None, Deferred | Rejected] = {
    _FULL: Deferred(MailReason.MAILBOX_FULL),
    (2, 3): Rejected(MailReason.TOO_LONG),
    (3, 4): Rejected(MailReason.TOO_LONG),
    (6, 7): Rejected(MailReason.ADDRESS_NEEDS_SMTPUTF8),
}
_ENHANCED = re.compile(r"^\s*[245]\.([0-9]{1,3})\.([0-9]{1,3})(?![0-9.])", re.MULTILINE)
_UNKNOWN_USER = re.compile(
    r"no such (?:user|mailbox|recipient)"
    r"|(?:user|recipient|mailbox|address) (?:is )?unknown"
    r"|unknown (?:user|recipient|mailbox)"
    r"|(?:user|recipient|mailbox) not found"
    r"|no mailbox here",
    re.IGNORECASE,
)
"""Wordings that can only speak of the recipient. "Mailbox unavailable" is none: it is the default text of every 550."""


def outcome_of_reply(stage: Stage, code: int, text: str) -> Deferred | Rejected:
    """Read a reply that is not the success of its stage. ``text`` is the server's, without the code; it is not kept."""
    if code == _SERVICE_CLOSING and stage is not Stage.CONTENT:
        return Deferred(MailReason.SERVICE_CLOSING)
    if code in _TEMPORARY:
        return Deferred(MailReason.MAILBOX_FULL if _enhanced(text) == _FULL else MailReason.TEMPORARY)
    if code not in _PERMANENT:
        return Deferred(MailReason.GARBLED_REPLY)
    return _permanent(stage, code, text)


def outcome_of_greeting(code: int, text: str) -> Deferred:
    """Read a reply that is not a welcome: nothing of any letter was said yet, so nothing is lost by waiting."""
    if code in _PERMANENT and _is_policy(_enhanced(text)):
        return Deferred(MailReason.POLICY, whole_credential=True)
    return Deferred(MailReason.GREETING_REFUSED if code in _REFUSALS else MailReason.GARBLED_REPLY)


def outcome_of_login(code: int) -> Deferred:
    """Read the refusal of a login. 4xx is the server's own trouble (RFC 4954 §4: 454), anything else is about us."""
    if code in _TEMPORARY:
        return Deferred(MailReason.TEMPORARY)
    return Deferred(MailReason.CREDENTIAL_REFUSED, whole_credential=True)


def _enhanced(text: str) -> tuple[int, int] | None:
    """Subject and detail of the enhanced code that begins a line of the text."""
    found = _ENHANCED.search(text)
    return (int(found[1]), int(found[2])) if found else None


def _is_policy(enhanced: tuple[int, int] | None) -> bool:
    return enhanced is not None and enhanced[0] == _SECURITY_OR_POLICY


def _permanent(stage: Stage, code: int, text: str) -> Deferred | Rejected:
    enhanced = _enhanced(text)
    if _is_unknown_user(stage, code, enhanced, text):
        return Rejected(MailReason.NO_SUCH_MAILBOX, address_is_dead=True)
    if _is_policy(enhanced):
        # Of the sender it is about us; of a mailbox or a letter only if others say it too (``mail_policy``).
        return Deferred(MailReason.POLICY, whole_credential=stage is Stage.SENDER)
    if enhanced in _PERMANENT_BY_CODE:
        return _PERMANENT_BY_CODE[enhanced]
    if enhanced is None and code == _STORAGE_EXCEEDED:
        return Deferred(MailReason.MAILBOX_FULL)
    if stage is Stage.SENDER:
        # Our own address is refused, so every letter would be: a person mends it, and no letter may die meanwhile.
        return Deferred(MailReason.SENDER_REFUSED, whole_credential=True)
    return Rejected(MailReason.REFUSED)


def _is_unknown_user(stage: Stage, code: int, enhanced: tuple[int, int] | None, text: str) -> bool:
    """Whether the recipient, and nobody else, is said not to exist.

    Yandex says "550 5.7.1 No such user!", and many servers say it without an enhanced code: there the wording decides,
    for the mailbox codes only. A 5.7.1 without that wording is policy.
    """
    if stage is Stage.SENDER:
        return False
    if enhanced in ((1, 1), (1, 10)):
        return True
    if enhanced not in (None, (7, 1)) or code not in _MAILBOX_CODES:
        return False
    return _UNKNOWN_USER.search(text) is not None and "sender" not in text.lower()
