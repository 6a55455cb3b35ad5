"""Messages and people as MAX shows them, and what it takes for a message.

Sources: dev.max.ru, «Объект Message», «Объект Update», «NewMessageBody», «Клавиатура» (read as channels.md §2 says).
Where the documents are silent (the shape of a name, the error of a payload that is too long) the published schema of
the same API is followed; whoever meets the real one first looks here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from zvonok.sandbox.chats import Account, Button, Chat, ChatMessage, Profile
from zvonok.sandbox.refusals import RefusalError
from zvonok.sandbox.text_entities import FormattedText, parse_html

MAX_TEXT = 4000
MAX_ATTACHMENTS = 12
MAX_BUTTONS = 210
MAX_ROWS = 30
MAX_IN_ROW = 7
MAX_WIDE_IN_ROW = 3
"""Of buttons that open something or ask for something."""
MAX_PAYLOAD = 1024
_WIDE = frozenset({"link", "open_app", "request_contact", "request_geo_location"})
_DIALOGUES = 7_000_000_000
"""Numbers of dialogues and of people are two spaces: the one is never to be taken for the other."""

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a bot wants a message to say. None: it says nothing of this, and an edit leaves it as it is."""

    text: str | None
    keyboard: Json | None
    """As the sandbox keeps keyboards; an empty object takes the keyboard away."""
    entities: tuple[Json, ...] = ()
    """What of the text is bold, a link and so on: its markup, which nobody sees."""


def dialogue_of(user_id: int) -> int:
    """Return the number of the dialogue with a person."""
    return _DIALOGUES + user_id


def person_of(dialogue: int) -> int:
    """Return whose dialogue has this number."""
    return dialogue - _DIALOGUES


def mid_of(message: ChatMessage) -> str:
    """Return what MAX calls a message."""
    return f"mid.{message.chat_id:016x}{message.message_id:016x}"


def place_of(mid: str) -> tuple[int, int] | None:
    """Return person and number of a message by its name; None for what is no name of ours."""
    try:
        whole = bytes.fromhex(mid.removeprefix("mid."))
    except ValueError:
        return None
    half = 8
    return (int.from_bytes(whole[:half]), int.from_bytes(whole[half:])) if len(whole) == 2 * half else None


def user(profile: Profile, at: int) -> Json:
    """Show a person."""
    names = {"first_name": profile.first_name, "last_name": profile.last_name, "username": profile.username}
    whole = " ".join(name for name in (profile.first_name, profile.last_name) if name)
    return {"user_id": profile.user_id, **names, "name": whole, "is_bot": False, "last_activity_time": at}


def bot(account: Account) -> Json:
    """Show a bot."""
    names = {"first_name": account.first_name, "last_name": None, "username": account.username}
    return {"user_id": account.bot_id, **names, "name": account.first_name, "is_bot": True, "last_activity_time": 0}


def message(account: Account, where: Chat, shown: ChatMessage) -> Json:
    """Show a message of a dialogue."""
    sent = milliseconds(shown.sent_at.timestamp())
    by_bot = shown.from_bot
    body: Json = {"mid": mid_of(shown), "seq": shown.message_id, "text": shown.text, "attachments": _attached(shown)}
    return {
        "sender": bot(account) if by_bot else user(where.profile, sent),
        "recipient": {
            "chat_id": dialogue_of(where.profile.user_id),
            "chat_type": "dialog",
            "user_id": where.profile.user_id if by_bot else account.bot_id,
        },
        "timestamp": sent,
        "body": body,
    }


def milliseconds(seconds: float) -> int:
    """Return a moment as MAX counts it."""
    return int(seconds * 1000)


def read_draft(body: Any) -> Draft:
    """Read a message that a bot wants. Refuses what MAX would refuse."""
    if not isinstance(body, Mapping):
        raise payload("body must be an object")
    text = body.get("text")
    if text is not None and not isinstance(text, str):
        raise payload("text must be a string")
    if text is not None and len(text) > MAX_TEXT:
        raise payload(f"text: size must be between 0 and {MAX_TEXT}")
    if body.get("format") not in (None, "html", "markdown"):
        raise payload("format must be one of html, markdown")
    marked = FormattedText(text or "")
    if text is not None and body.get("format") == "html":
        marked = parse_html(text)
    return Draft(None if text is None else marked.text, _keyboard_of(body.get("attachments")), marked.entities)


def _keyboard_of(attachments: Any) -> Json | None:
    """Read what is said of the keyboard; None if nothing is."""
    if attachments is None:
        return None
    if not isinstance(attachments, list) or len(attachments) > MAX_ATTACHMENTS:
        raise payload(f"attachments: size must be between 0 and {MAX_ATTACHMENTS}")
    keyboards = [_keyboard(one) for one in attachments]
    if len(keyboards) > 1:
        raise payload("only one inline_keyboard is allowed")
    return keyboards[0] if keyboards else {}


def payload(problem: str) -> RefusalError:
    """Return the refusal of what cannot be read."""
    return RefusalError(HTTPStatus.BAD_REQUEST, f"proto.payload|{problem}")


def _keyboard(attachment: Any) -> Json:
    if not isinstance(attachment, Mapping) or attachment.get("type") != "inline_keyboard":
        raise payload("the sandbox knows attachments of type inline_keyboard alone")
    held = attachment.get("payload")
    rows = held.get("buttons") if isinstance(held, Mapping) else None
    if not isinstance(rows, list) or not all(isinstance(row, list) and row for row in rows) or not rows:
        raise payload("payload.buttons must be rows of buttons")
    if len(rows) > MAX_ROWS or sum(len(row) for row in rows) > MAX_BUTTONS:
        raise payload(f"payload.buttons: at most {MAX_ROWS} rows and {MAX_BUTTONS} buttons")
    return {"inline_keyboard": [_row(row) for row in rows]}


def _row(row: list[Any]) -> list[Json]:
    buttons = [_button(one) for one in row]
    wide = any(isinstance(one, Mapping) and one.get("type") in _WIDE for one in row)
    if len(row) > (MAX_WIDE_IN_ROW if wide else MAX_IN_ROW):
        raise payload(f"a row holds at most {MAX_WIDE_IN_ROW if wide else MAX_IN_ROW} of these buttons")
    return buttons


def _button(button: Any) -> Json:
    kind = button.get("type") if isinstance(button, Mapping) else None
    text = button.get("text") if isinstance(button, Mapping) else None
    if not isinstance(text, str) or not text.strip():
        raise payload("button.text must not be empty")
    if kind == "callback":
        held = button.get("payload")
        if not isinstance(held, str) or len(held.encode()) > MAX_PAYLOAD:
            raise payload(f"button.payload: size must be between 0 and {MAX_PAYLOAD}")
        return {"text": text, "callback_data": held}
    if kind == "link":
        return {"text": text, "url": str(button.get("url"))}
    if kind == "open_app":
        return {"text": text, "web_app": {"url": str(button.get("web_app")), "start": str(button.get("payload") or "")}}
    raise payload("the sandbox knows buttons of types callback, link and open_app alone")


def _attached(shown: ChatMessage) -> list[Json] | None:
    rows = [[_shown_button(one) for one in row] for row in shown.buttons]
    return [{"type": "inline_keyboard", "payload": {"buttons": rows}}] if rows else None


def _shown_button(button: Button) -> Json:
    if button.data is not None:
        return {"type": "callback", "text": button.label, "payload": button.data}
    if button.app is not None:
        return {"type": "open_app", "text": button.label, "web_app": button.app, "payload": button.app_start}
    return {"type": "link", "text": button.label, "url": button.url}
