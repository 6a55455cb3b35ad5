"""The state of MAX: the same people, dialogues and messages as the other messenger's, told to bots in MAX's words.

A person starts the bot by a button, which is no message; he may mute it or clear the dialogue. An update has no number
of its own: the one that waiting ones have here is what the marker of ``GET /updates`` counts.
"""

from datetime import datetime, timedelta
from typing import Any

from zvonok.sandbox import max_shapes
from zvonok.sandbox.chats import Button, ChatMessage, Content, Press
from zvonok.sandbox.chronicle import Chronicle
from zvonok.sandbox.files import Files
from zvonok.sandbox.mini_apps import launch_parameters
from zvonok.sandbox.updates import Updates
from zvonok.sandbox.webhooks import Manner
from zvonok.sandbox.world import World

MAX_START = 128
"""Characters of a link's payload; a longer one is dropped without a word."""

HOOK_ENDS_AFTER = timedelta(hours=8)

type Json = dict[str, Any]


class MaxWorld(World):
    """People, bots, dialogues, and updates that wait."""

    def __init__(self, chronicle: Chronicle, updates: Updates, files: Files) -> None:
        super().__init__(chronicle, updates, files)
        self.app_pages: dict[int, str] = {}
        """The Mini App of each bot, as its owner has set it in the cabinet for partners."""
        self.subscriptions: dict[int, list[str]] = {}
        """Addresses of webhooks that somebody else has set: the sandbox shows them, and calls nobody there."""

    @staticmethod
    def _manner() -> Manner:
        """Return how MAX calls webhooks: one that had no success for eight hours is forgotten."""
        return Manner("X-Max-Bot-Api-Secret", _without_number, HOOK_ENDS_AFTER)

    def say(self, bot_id: int, user_id: int, content: Content) -> ChatMessage:
        """Let the person write to the bot. What opens the dialogue is his start, with the payload of a link."""
        begun, payload = content.text.partition(" ")[::2]
        if self.chat(bot_id, user_id) is None:
            self.chronicle.record("started", {"bot_id": bot_id, "chat_id": user_id})
            started = payload if begun == "/start" and 0 < len(payload) <= MAX_START else None
            self._tell(bot_id, user_id, "bot_started", {"payload": started, "user_locale": "ru"})
            if begun == "/start":
                return ChatMessage(0, bot_id, user_id, from_bot=False, content=content)
        message = self.post(ChatMessage(self.next_message_id(bot_id), bot_id, user_id, from_bot=False, content=content))
        self.updates.put(bot_id, "message_created", self._update("message_created") | self._shown(message))
        return message

    def press(self, message: ChatMessage, payload: str) -> Press:
        """Let the person press a button under the message."""
        query_id = f"f9LHodD0cOL{message.bot_id:x}-{len(self.presses) + 1}"
        place = {"bot_id": message.bot_id, "chat_id": message.chat_id, "message_id": message.message_id}
        self.chronicle.record("pressed", place | {"query_id": query_id, "payload": payload})
        update = self._update("message_callback")
        person = max_shapes.user(self.people[message.chat_id], update["timestamp"])
        callback = {"timestamp": update["timestamp"], "callback_id": query_id, "payload": payload, "user": person}
        shown = self._shown(message) if not message.deleted else {"message": None}
        whole = update | {"callback": callback, "user_locale": "ru"} | shown
        self.updates.put(message.bot_id, "message_callback", whole)
        return self.presses[query_id]

    def block(self, bot_id: int, user_id: int, *, blocked: bool) -> None:
        """Let the person stop the bot, or start it again."""
        chat = self.chat(bot_id, user_id)
        if chat is None or chat.blocked == blocked:
            return
        self.chronicle.record("blocked", {"bot_id": bot_id, "chat_id": user_id, "blocked": blocked})
        self._tell(
            bot_id, user_id, "bot_stopped" if blocked else "bot_started", {"payload": None} if not blocked else {}
        )

    def delete(self, message: ChatMessage) -> None:
        """Take a message out of the dialogue, at any age: the documents name no other."""
        self.remove(message)

    def launched(self, message: ChatMessage, button: Button) -> str:
        """Return what MAX opens: the page that stands in the bot's settings, however the button was made."""
        account = self.accounts[message.bot_id]
        if button.app != f"https://max.ru/{account.username}" or message.bot_id not in self.app_pages:
            raise LookupError(button.app)
        data = self.mini_apps.of_max(message.bot_id, self.people[message.chat_id], button.app_start)
        return f"{self.app_pages[message.bot_id]}#{launch_parameters('WebApp', data, '25.9.1')}"

    def tell(self, bot_id: int, user_id: int, kind: str) -> None:
        """Let a person do what changes nothing here but is told: hear it again, clear or remove it."""
        self._tell(bot_id, user_id, kind, {})

    def mute(self, bot_id: int, user_id: int, until: datetime | None) -> None:
        """Let a person mute the dialogue until a moment; None: for good."""
        self._tell(
            bot_id,
            user_id,
            "dialog_muted",
            {"muted_until": 0 if until is None else max_shapes.milliseconds(until.timestamp())},
        )

    def max_json(self, message: ChatMessage) -> Json:
        """Show the message as MAX shows it."""
        where = self.chat(message.bot_id, message.chat_id)
        if where is None:
            raise LookupError(message.chat_id)
        shown = where.all_messages[message.message_id]
        return max_shapes.message(self.accounts[message.bot_id], where, shown)

    def _tell(self, bot_id: int, user_id: int, kind: str, more: Json) -> None:
        update = self._update(kind)
        person = max_shapes.user(self.people[user_id], update["timestamp"])
        whole = update | {"chat_id": max_shapes.dialogue_of(user_id), "user": person} | more
        self.updates.put(bot_id, kind, whole)

    def _update(self, kind: str) -> Json:
        return {"update_type": kind, "timestamp": max_shapes.milliseconds(self.chronicle.clock().timestamp())}

    def _shown(self, message: ChatMessage) -> Json:
        return {"message": self.max_json(message), "user_locale": "ru"}


def _without_number(update: Json) -> Json:
    shown: Json = next(body for name, body in update.items() if name != "update_id")
    return shown
