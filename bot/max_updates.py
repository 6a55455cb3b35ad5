"""Updates of MAX in the shape of the Bot API, so that one dispatcher serves both messengers. Pure.

MAX numbers neither its updates nor its messages: a message is named by a text (``mid``), an update by nothing. Numbers
for messages come from ``bot/max_messages.py``; an update gets the hash of what makes it one, so that a repeated
delivery is the same update again. A dialogue is called by its person, as the Bot API does.

Sources: dev.max.ru, «Объект Update», «Объект Message» (read as channels.md §2 says); core.telegram.org/bots/api#update.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

TYPES = (
    "bot_started",
    "bot_stopped",
    "dialog_removed",
    "bot_added",
    "message_created",
    "message_edited",
    "message_callback",
    "dialog_muted",
    "dialog_unmuted",
)
"""What is asked for; everything else tells the conversation nothing."""
NAMELESS = 0
"""Number of a message that MAX does not show: it can be answered, and not edited."""
_MILLISECONDS = 1000
_MAY = (
    "is_member",
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)
"""What the Bot API says of a member that may not do everything."""
_NAME = re.compile(r"[!-~]{1,256}")
"""What a name of a message may be: whatever the database can keep under an index."""
_MISSHAPEN = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What reading raises where something else stands than MAX describes; a number without end is one of them."""

type Json = Mapping[str, Any]


class UnreadableUpdateError(Exception):
    """What came has not the shape that MAX describes."""


def query_of(person: int, callback: str) -> str:
    """Return what a press is answered by: MAX's own name for it, and in whose dialogue it was."""
    return f"{person}/{callback}"


def press_of(query: str) -> tuple[int, str]:
    """Return the person and MAX's name of a press. Raises ``ValueError`` for what ``query_of`` never made."""
    person, _, callback = query.partition("/")
    return int(person), callback


def mids_of(updates: Iterable[Json]) -> Sequence[str]:
    """Return the names of all messages in these updates, in their order, each once."""
    found = (_mid(update.get("message")) for update in updates)
    return list(dict.fromkeys(mid for mid in found if mid is not None))


def translated(update: Json, numbers: Mapping[str, int]) -> Sequence[dict[str, Any]]:
    """Return an update as the Bot API would send it: none for what is no business of ours, two for a first start.

    What cannot be read is returned as an update of no kind: it is kept, and set aside by whoever handles it.
    """
    key = key_of(update)
    try:
        events = _events(update, numbers)
    except (*_MISSHAPEN, UnreadableUpdateError):
        return [{"update_id": _number(key), "max": update}]
    return [{"update_id": _number(key if place == 0 else f"{key}:{place}")} | one for place, one in enumerate(events)]


def key_of(update: Json) -> str:
    """Name an update by what makes it one: the press, the message and its moment, the person and the moment."""
    kind, at = update.get("update_type"), update.get("timestamp")
    callback, mid, user = update.get("callback"), _mid(update.get("message")), update.get("user")
    if kind == "message_callback" and isinstance(callback, dict):
        return f"callback:{callback.get('callback_id')}"
    if mid is not None:
        return f"{kind}:{mid}:{at}"
    if isinstance(user, dict):
        return f"{kind}:{user.get('user_id')}:{at}"
    return f"{kind}:{json.dumps(update, sort_keys=True)}"


def _number(key: str) -> int:
    return int.from_bytes(hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest()[:8]) >> 1


def _events(update: Json, numbers: Mapping[str, int]) -> Sequence[dict[str, Any]]:
    match update["update_type"]:
        case "message_created" | "message_edited" as kind:
            told = _Told(update["message"], numbers).message()
            edited = {"edited_message": told | {"edit_date": _seconds(update["timestamp"])}}
            return [edited if kind == "message_edited" else {"message": told}]
        case "message_callback":
            return [{"callback_query": _press(update, numbers)}]
        case "bot_started":
            # Whoever starts the bot lets it in again, and presses its start.
            return [{"my_chat_member": _membership(update)}, {"message": _start(update)}]
        case "bot_stopped" | "dialog_removed" | "bot_added":
            return [{"my_chat_member": _membership(update)}]
        case "dialog_muted" | "dialog_unmuted" as kind:
            return [{"my_chat_member": _hearing(update, is_muted=kind == "dialog_muted")}]
        case _:
            return []


@dataclass(frozen=True, slots=True)
class _Told:
    """A message of MAX."""

    raw: Json
    numbers: Mapping[str, int]

    def message(self, person: Json | None = None) -> dict[str, Any]:
        """Return it as a message of the Bot API; ``person`` is whose dialogue it stands in, if not its sender's."""
        body, sender = self.raw["body"], self.raw.get("sender")
        text, attached = body.get("text"), body.get("attachments") or ()
        found: dict[str, Any] = {
            "message_id": self.numbers[body["mid"]],
            "date": _seconds(self.raw["timestamp"]),
            "chat": _chat(self.raw["recipient"], person or sender),
        }
        if sender is not None:
            found["from"] = _user(sender)
        if forwarded := _forwarded(self.raw):
            found["forward_origin"] = forwarded | {"date": found["date"]}
            text = text or _inner_text(self.raw)
        if text:
            found["text"] = text
        elif attached:
            # Whatever it is, it is no text; that is all that the conversation asks.
            found["document"] = {"file_id": "-", "file_unique_id": "-"}
        return found


def _press(update: Json, numbers: Mapping[str, int]) -> dict[str, Any]:
    callback, message = update["callback"], update.get("message")
    user = callback["user"]
    if message is None:
        under: dict[str, Any] = {"chat": _dialogue(user), "message_id": NAMELESS, "date": 0}
    else:
        under = _Told(message, numbers).message(user)
    return {
        "id": query_of(int(user["user_id"]), callback["callback_id"]),
        "from": _user(user),
        "chat_instance": str(under["chat"]["id"]),
        "data": callback.get("payload") or "",
        "message": under,
    }


def _start(update: Json) -> dict[str, Any]:
    payload = update.get("payload")
    return {
        "message_id": NAMELESS,
        "date": _seconds(update["timestamp"]),
        "chat": _dialogue(update["user"]),
        "from": _user(update["user"]),
        "text": f"/start {payload}" if payload else "/start",
    }


def _membership(update: Json) -> dict[str, Any]:
    """Return what became of the bot: let in by a person or a group, or shut out."""
    user, kind = update["user"], update["update_type"]
    here, gone = _standing("member"), _standing("kicked")
    shut = kind in ("bot_stopped", "dialog_removed")
    return {
        "chat": _group(update["chat_id"]) if kind == "bot_added" else _dialogue(user),
        "from": _user(user),
        "date": _seconds(update["timestamp"]),
        "old_chat_member": here if shut else gone,
        "new_chat_member": gone if shut else here,
    }


def _hearing(update: Json, *, is_muted: bool) -> dict[str, Any]:
    """Return whether the person hears the bot: muted, it is a member that may do nothing until a moment.

    The Bot API knows no such thing of a dialogue, so that nothing else is taken for it. A moment that is none, or is
    over, is no end: he hears nothing until he says so.
    """
    at, until = _seconds(update["timestamp"]), update.get("muted_until")
    ends = _seconds(until) if isinstance(until, int) and _seconds(until) > at else 0
    muted, here = _standing("restricted") | dict.fromkeys(_MAY, False) | {"until_date": ends}, _standing("member")
    return {
        "chat": _dialogue(update["user"]),
        "from": _user(update["user"]),
        "date": at,
        "old_chat_member": here if is_muted else muted,
        "new_chat_member": muted if is_muted else here,
    }


def _standing(status: str) -> dict[str, Any]:
    bot = {"id": 0, "is_bot": True, "first_name": "bot"}
    return {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})


def _chat(recipient: Json, person: Json | None) -> dict[str, Any]:
    if recipient.get("chat_type", "dialog") != "dialog":
        return _group(recipient["chat_id"])
    if person is None:
        raise UnreadableUpdateError("a dialogue without a person")
    return _dialogue(person)


def _dialogue(person: Json) -> dict[str, Any]:
    return {"id": int(person["user_id"]), "type": "private"} | _names(person)


def _group(chat: Any) -> dict[str, Any]:
    # Below nought whatever MAX says: a number of a group must never be taken for a person's.
    return {"id": -abs(int(chat)), "type": "group", "title": "-"}


def _user(person: Json) -> dict[str, Any]:
    return {"id": int(person["user_id"]), "is_bot": bool(person.get("is_bot", False))} | _names(person)


def _names(person: Json) -> dict[str, str]:
    first = person.get("first_name") or person.get("name") or "-"
    last = person.get("last_name")
    return {"first_name": str(first)} | ({"last_name": str(last)} if last else {})


def _forwarded(raw: Json) -> dict[str, str] | None:
    link = raw.get("link")
    if not isinstance(link, dict) or link.get("type") != "forward":
        return None
    sender = link.get("sender") or {}
    return {"type": "hidden_user", "sender_user_name": str(sender.get("name") or sender.get("first_name") or "-")}


def _inner_text(raw: Json) -> str | None:
    """Return the words of a forwarded message: they stand in its link."""
    inner = raw["link"].get("message")
    words = inner.get("text") if isinstance(inner, dict) else None
    return words if isinstance(words, str) else None


def _mid(message: Any) -> str | None:
    body = message.get("body") if isinstance(message, dict) else None
    mid = body.get("mid") if isinstance(body, dict) else None
    return mid if isinstance(mid, str) and _NAME.fullmatch(mid) else None


def _seconds(milliseconds: Any) -> int:
    return int(milliseconds) // _MILLISECONDS
