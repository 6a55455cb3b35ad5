"""What a bot may ask of MAX, and what it comes to. Reads and changes the world in one step, without waiting.

Sources: dev.max.ru, the pages of each method (read as channels.md §2 says). Of what a press answered too late comes to
the documents say nothing: here it is ``success: false``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from zvonok.sandbox import max_shapes
from zvonok.sandbox.chats import ChatMessage, Content
from zvonok.sandbox.max_shapes import Draft
from zvonok.sandbox.max_world import MaxWorld
from zvonok.sandbox.refusals import RefusalError

_SECRET = re.compile(r"[A-Za-z0-9_-]{5,256}")
EDIT_WITHIN = timedelta(days=7)
"""A message without a keyboard can be changed so long; one with a keyboard at any age."""

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a bot."""

    world: MaxWorld
    bot_id: int
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None

    def dialogue(self) -> int | None:
        """Return the person whom the request reaches, however it names him; None if it reaches nobody yet known."""
        found = self.query.get("user_id") or ""
        if found.isdecimal():
            return int(found)
        dialogue = self.query.get("chat_id") or ""
        if dialogue.isdecimal():
            return max_shapes.person_of(int(dialogue))
        if (place := max_shapes.place_of(self.query.get("message_id", ""))) is not None:
            return place[0]
        press = self.world.presses.get(self.query.get("callback_id", ""))
        return None if press is None else press.chat_id


def me(call: Call) -> Json:
    """Show the bot to itself."""
    return max_shapes.bot(call.world.accounts[call.bot_id]) | {"commands": _commands(call)}


def change_commands(call: Call) -> Json:
    """Change the bot's commands."""
    commands = call.body.get("commands") if isinstance(call.body, Mapping) else None
    if not isinstance(commands, list):
        raise max_shapes.payload("commands must be a list")
    call.world.set_commands(call.bot_id, "all", "", commands)
    return {"commands": _commands(call)}


def send(call: Call) -> Json:
    """Put a new message into a dialogue."""
    draft = max_shapes.read_draft(call.body)
    if not draft.text and not draft.keyboard:
        raise max_shapes.payload("a message must have a text or attachments")
    person = call.dialogue()
    chat = None if person is None else call.world.chat(call.bot_id, person)
    if chat is None or person is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, "chat.not.found|Chat not found")
    if chat.blocked:
        raise RefusalError(HTTPStatus.FORBIDDEN, "chat.denied|error.dialog.suspended")
    number, content = call.world.next_message_id(call.bot_id), _content(call, draft)
    message = call.world.post(ChatMessage(number, call.bot_id, person, from_bot=True, content=content))
    return {"message": call.world.max_json(message)}


def edit(call: Call) -> Json:
    """Change a message of the bot: what the request says nothing of stays."""
    draft, message = max_shapes.read_draft(call.body), _own(call)
    keyboard = message.content.inline_keyboard if draft.keyboard is None else draft.keyboard
    old = call.world.chronicle.clock() - message.sent_at > EDIT_WITHIN
    if old and not keyboard and not message.content.inline_keyboard:
        return _refused("Message is too old to be edited")
    _change(call, message, draft)
    return {"success": True}


def delete(call: Call) -> Json:
    """Take a message of the bot out of the dialogue."""
    call.world.delete(_own(call))
    return {"success": True}


def show(call: Call) -> Json:
    """Show one message of a dialogue."""
    return call.world.max_json(_own(call))


def answer(call: Call) -> Json:
    """Answer a press: by words that are shown for a moment, by another message in the place of the first, or both."""
    body = call.body if isinstance(call.body, Mapping) else {}
    words, changed = body.get("notification"), body.get("message")
    if not words and changed is None:
        raise max_shapes.payload("message or notification is required")
    press = call.world.presses.get(call.query.get("callback_id", ""))
    if press is None or press.bot_id != call.bot_id:
        return _refused("Callback not found")
    if changed is not None:
        where = call.world.chat(call.bot_id, press.chat_id)
        message = None if where is None else where.message(press.message_id)
        if message is None:
            return _refused("Message not found")
        _change(call, message, max_shapes.read_draft(changed))
    said = {"text": str(words or ""), "show_alert": False, "url": ""}
    call.world.chronicle.record("press_answered", {"bot_id": call.bot_id, "query_id": press.query_id} | said)
    return {"success": True}


def subscriptions(call: Call) -> Json:
    """Show the webhooks of the bot."""
    hook = call.world.webhooks.of(call.bot_id)
    stand = [*([] if hook is None else [hook.url]), *call.world.subscriptions.get(call.bot_id, [])]
    at = max_shapes.milliseconds(call.world.chronicle.clock().timestamp())
    allowed = call.world.updates.allowed(call.bot_id)
    kinds = None if allowed is None else sorted(allowed)
    return {"subscriptions": [{"url": url, "time": at, "update_types": kinds} for url in stand]}


def subscribe(call: Call) -> Json:
    """Send updates to a webhook from now on."""
    body = call.body if isinstance(call.body, Mapping) else {}
    url, secret, kinds = body.get("url"), body.get("secret"), body.get("update_types")
    if not isinstance(url, str) or (secret is not None and not _SECRET.fullmatch(str(secret))):
        raise max_shapes.payload("url and a secret of 5 to 256 letters, figures, _ and - are wanted")
    try:
        call.world.webhooks.put(call.bot_id, url, secret)
    except ValueError:
        return _refused("The sandbox calls addresses of its own machine only")
    call.world.updates.allow(call.bot_id, kinds if isinstance(kinds, list) else None)
    return {"success": True}


def unsubscribe(call: Call) -> Json:
    """Send no more updates to a webhook."""
    hook, url = call.world.webhooks.of(call.bot_id), call.query.get("url")
    others = call.world.subscriptions.get(call.bot_id, [])
    if hook is not None and hook.url == url:
        call.world.webhooks.drop(call.bot_id)
    elif url in others:
        others.remove(url)
    else:
        return _refused("Subscription not found")
    return {"success": True}


METHODS: Mapping[tuple[str, str], Callable[[Call], Json]] = {
    ("GET", "/me"): me,
    ("PATCH", "/me/commands"): change_commands,
    ("GET", "/subscriptions"): subscriptions,
    ("POST", "/subscriptions"): subscribe,
    ("DELETE", "/subscriptions"): unsubscribe,
    ("POST", "/messages"): send,
    ("PUT", "/messages"): edit,
    ("DELETE", "/messages"): delete,
    ("GET", "/messages/{mid}"): show,
    ("POST", "/answers"): answer,
}
COUNTED = frozenset({("POST", "/messages"), ("PUT", "/messages"), ("DELETE", "/messages"), ("POST", "/answers")})
"""What may happen twice a second in one dialogue. Whether deletions count apart is not documented."""


def _own(call: Call) -> ChatMessage:
    place = max_shapes.place_of(call.query.get("message_id", ""))
    where = None if place is None else call.world.chat(call.bot_id, place[0])
    message = None if place is None or where is None else where.message(place[1])
    if message is None:
        raise RefusalError(HTTPStatus.NOT_FOUND, "not.found|Message not found")
    if not message.from_bot:
        raise RefusalError(HTTPStatus.FORBIDDEN, "message.denied|Not a message of this bot")
    return message


def _change(call: Call, message: ChatMessage, draft: Draft) -> None:
    keyboard = message.content.inline_keyboard if draft.keyboard is None else draft.keyboard
    old = message.content
    text, entities = (old.text, old.entities) if draft.text is None else (draft.text, draft.entities)
    call.world.edit(message, Content(text, entities, keyboard or None, call.world.chronicle.clock()))


def _content(call: Call, draft: Draft) -> Content:
    return Content(draft.text or "", draft.entities, draft.keyboard or None, call.world.chronicle.clock())


def _commands(call: Call) -> list[Json]:
    return call.world.commands.get((call.bot_id, "all", ""), [])


def _refused(why: str) -> Json:
    """Return the refusal that MAX wraps into a 200."""
    return {"success": False, "message": why}
