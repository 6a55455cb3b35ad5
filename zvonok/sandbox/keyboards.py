"""Reply markups: what Telegram accepts under a message.

Enforced: ``callback_data`` of 1 to 64 bytes of UTF-8, at most 100 buttons, a text and an action on each button, http(s)
or ``tg:`` addresses, https for web apps. Not enforced: a number of buttons in a row (Telegram accepts any, clients show
at most eight; aiogram's builder wraps at eight by itself).
"""

import json
import re
from collections.abc import Mapping
from typing import Any

from zvonok.sandbox.refusals import bad_request

MAX_CALLBACK_DATA_BYTES = 64
MAX_BUTTONS = 100
_MAX_COPY_TEXT = 256

type MarkupJson = dict[str, Any]

_LOOKS = ("text", "style", "icon_custom_emoji_id")
_OTHER_ACTIONS = ("switch_inline_query", "switch_inline_query_current_chat", "login_url", "pay", "callback_game")
_REPLY_KEYBOARD = (
    "keyboard",
    "is_persistent",
    "resize_keyboard",
    "one_time_keyboard",
    "input_field_placeholder",
    "selective",
)


def parse_reply_markup(value: Any) -> MarkupJson | None:
    """Read a ``reply_markup`` parameter (an object, or its JSON text); None if it shows nothing.

    Refuses with Telegram's wording.
    """
    value = _unfolded(value)
    if value is None:
        return None
    if not isinstance(value, Mapping):
        raise bad_request("object expected as reply markup")
    if value.get("keyboard"):
        return _reply_keyboard(value)
    if value.get("inline_keyboard"):
        return _inline_keyboard(value["inline_keyboard"])
    for kind in ("remove_keyboard", "force_reply"):
        if value.get(kind) is True:
            return dict(value)
    return None


def _unfolded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value) if value else None
    except ValueError:
        raise bad_request("can't parse reply keyboard markup JSON object") from None


def is_inline(markup: MarkupJson | None) -> bool:
    """Whether the markup belongs to the message itself, so that the message can be edited."""
    return markup is None or "inline_keyboard" in markup


def _rows(value: Any, field: str, kind: str) -> list[list[Any]]:
    if not isinstance(value, list):
        raise bad_request(f'field "{field}" of the {kind} must be an Array')
    if not all(isinstance(row, list) for row in value):
        raise bad_request(f'field "{field}" of the {kind} must be an Array of Arrays')
    if sum(len(row) for row in value) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return [row for row in value if row]


def _reply_keyboard(value: Mapping[str, Any]) -> MarkupJson:
    rows = _rows(value["keyboard"], "keyboard", "ReplyKeyboardMarkup")
    buttons = [[_reply_button(button) for button in row] for row in rows]
    return {name: value[name] for name in _REPLY_KEYBOARD if name in value} | {"keyboard": buttons}


def _reply_button(button: Any) -> dict[str, Any]:
    if isinstance(button, str):
        return {"text": button}
    if not isinstance(button, Mapping):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    return dict(button)


def _inline_keyboard(value: Any) -> MarkupJson | None:
    rows = _rows(value, "inline_keyboard", "InlineKeyboardMarkup")
    return {"inline_keyboard": [[_inline_button(button) for button in row] for row in rows]} if rows else None


def _inline_button(button: Any) -> dict[str, Any]:
    if not isinstance(button, Mapping):
        raise bad_request("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    look = {name: button[name] for name in _LOOKS if button.get(name)}
    return look | _action(button)


def _action(button: Mapping[str, Any]) -> dict[str, Any]:
    for name in ("url", "callback_data", "web_app", "copy_text"):
        if button.get(name):
            _check_action(name, button[name])
            return {name: button[name]}
    for name in _OTHER_ACTIONS:
        if name in button:
            return {name: button[name]}
    raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _check_action(name: str, value: Any) -> None:
    if name in ("url", "callback_data") and not isinstance(value, str):
        raise bad_request(f'can\'t parse inline keyboard button: Field "{name}" must be of type String')
    if name == "callback_data" and len(value.encode()) > MAX_CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    if name == "url" and not re.fullmatch(r"(?:https?://[^\s/]+\S*|tg://\S+)", value):
        raise bad_request("BUTTON_URL_INVALID")
    if name == "web_app" and not (isinstance(value, Mapping) and str(value.get("url")).startswith("https://")):
        raise bad_request("BUTTON_URL_INVALID")
    if name == "copy_text" and not (
        isinstance(value, Mapping) and 1 <= len(str(value.get("text", ""))) <= _MAX_COPY_TEXT
    ):
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
