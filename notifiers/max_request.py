"""The request for a message of MAX: made, or refused before anything is sent.

The address is the *user's* id: ``bot_started`` gives it to whoever links a parent, and it stays the same when the
dialogue is removed and begun again, while ids of dialogues are another space of numbers.
"""

import json
import re
from typing import Any, NamedTuple

from notifiers.max_errors import MESSAGE_ID, MaxReason
from notifiers.port import CAPABILITIES, Button, Message, Recall, Rejected

MAX_TEXT = CAPABILITIES["max"].max_text
"""Characters of ``text`` (``NewMessageBody``), markup among them."""
_MAX_PAYLOAD = 64
"""Bytes. The schema grants 1024, a library 256; 64 fits every messenger."""
_MAX_LABEL = 128
"""Characters of a button's ``text``."""
_MAX_ROW = 7
_MAX_ROWS = 30
_USER_ID = re.compile(r"[1-9][0-9]{0,18}")


class Call(NamedTuple):
    """A request: which message or whose, and its JSON."""

    query: str
    body: bytes


def call_of(message: Message) -> Call | Rejected:
    """Make the request for this message, or say why MAX would not take it.

    An edit always says what becomes of the keyboard: without ``attachments`` the old one would stay. Where the markup
    takes the text over the limit, the same text goes plain. Nothing keeps a message from being forwarded: MAX has no
    such wish (``Message.protected``).
    """
    refusal = _refusal(message)
    if refusal is not None:
        return Rejected(refusal)
    text, is_html = _shown(message)
    body: dict[str, Any] = {"text": text, "format": "html"} if is_html else {"text": text}
    if message.buttons or message.provider_id is not None:
        body["attachments"] = _attachments(message.buttons)
    if message.silent and message.provider_id is None:
        body["notify"] = False
    try:
        written = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    except UnicodeEncodeError:
        return Rejected(MaxReason.BAD_TEXT)
    edited = message.provider_id
    return Call(f"user_id={message.address}" if edited is None else f"message_id={edited}", written)


def recall_of(recall: Recall) -> Call | Rejected:
    """Make the request that deletes a message; the address only tells whose turn it takes."""
    if not _USER_ID.fullmatch(recall.address):
        return Rejected(MaxReason.BAD_ADDRESS)
    if not MESSAGE_ID.fullmatch(recall.provider_id):
        return Rejected(MaxReason.BAD_PROVIDER_ID)
    return Call(f"message_id={recall.provider_id}", b"")


def _shown(message: Message) -> tuple[str, bool]:
    """Return the text that goes, and whether it is HTML."""
    if message.html is None or len(message.html) > MAX_TEXT:
        return message.text, False
    return message.html, True


def _attachments(rows: tuple[tuple[Button, ...], ...]) -> list[dict[str, Any]]:
    if not rows:
        return []
    buttons = [
        [{"type": "callback", "text": button.label, "payload": button.payload} for button in row] for row in rows
    ]
    return [{"type": "inline_keyboard", "payload": {"buttons": buttons}}]


def _refusal(message: Message) -> MaxReason | None:
    if not _USER_ID.fullmatch(message.address):
        return MaxReason.BAD_ADDRESS
    if message.provider_id is not None and not MESSAGE_ID.fullmatch(message.provider_id):
        return MaxReason.BAD_PROVIDER_ID
    text, _ = _shown(message)
    if len(text) > MAX_TEXT:
        return MaxReason.TOO_LONG
    if not text.strip():
        return MaxReason.BAD_TEXT
    return None if _is_keyboard(message.buttons) else MaxReason.BAD_BUTTON


def _is_keyboard(rows: tuple[tuple[Button, ...], ...]) -> bool:
    return len(rows) <= _MAX_ROWS and all(1 <= len(row) <= _MAX_ROW and all(map(_is_button, row)) for row in rows)


def _is_button(button: Button) -> bool:
    size = len(button.payload.encode("utf-8", "surrogatepass"))
    return 1 <= size <= _MAX_PAYLOAD and len(button.label) <= _MAX_LABEL and bool(button.label.strip())
