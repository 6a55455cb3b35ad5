"""The messenger's state: who there is, who may write to whom, and what was written.

Everything changes through ``Chronicle.record`` in one step without waiting, so a request is either wholly in the chat
or not at all.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from zvonok.sandbox import shapes
from zvonok.sandbox.chats import Account, Button, Chat, ChatMessage, Content, Press, PressAnswer, Profile
from zvonok.sandbox.chronicle import Chronicle
from zvonok.sandbox.files import Files
from zvonok.sandbox.happenings import Happening
from zvonok.sandbox.mini_apps import MiniApps, launch_parameters
from zvonok.sandbox.refusals import bad_request, forbidden
from zvonok.sandbox.updates import PRESS_LIFE, Updates
from zvonok.sandbox.webhooks import Manner, Webhooks

DELETE_WITHIN = timedelta(hours=48)

type Json = dict[str, Any]


class World:
    """People, bots, chats, files, and updates that wait."""

    def __init__(self, chronicle: Chronicle, updates: Updates, files: Files) -> None:
        self.chronicle = chronicle
        self.updates = updates
        self.files = files
        self.webhooks = Webhooks(updates, chronicle.clock, self._manner())
        self.mini_apps = MiniApps(chronicle.clock)
        self.accounts: dict[int, Account] = {}
        self.people: dict[int, Profile] = {}
        self.presses: dict[str, Press] = {}
        self.commands: dict[tuple[int, str, str], list[Json]] = {}
        self._chats: dict[tuple[int, int], Chat] = {}
        self._last_message: dict[int, int] = {}
        for kind in (
            "person",
            "started",
            "blocked",
            "message",
            "edited",
            "deleted",
            "pressed",
            "press_answered",
            "commands",
        ):
            chronicle.on(kind, getattr(self, f"_on_{kind}"))

    @staticmethod
    def _manner() -> Manner:
        """Return how this messenger calls webhooks: Telegram repeats for a day, and keeps them."""
        return Manner("X-Telegram-Bot-Api-Secret-Token", lambda update: update)

    # --- asking ---------------------------------------------------------------------------------------------------

    def chat(self, bot_id: int, chat_id: int) -> Chat | None:
        """Find the chat, if the person ever opened it."""
        return self._chats.get((bot_id, chat_id))

    def open_chat(self, bot_id: int, chat_id: int | None) -> Chat:
        """Find the chat, for a bot that reads or edits in it; refuses with 400 or 403 as Telegram does."""
        found = None if chat_id is None else self.chat(bot_id, chat_id)
        if found is not None:
            return found
        if chat_id in self.people:
            # Telegram says so to a bot that has seen the person elsewhere; to any other it says "chat not found".
            raise forbidden("bot can't initiate conversation with a user")
        raise bad_request("chat not found")

    def writable_chat(self, bot_id: int, chat_id: int | None) -> Chat:
        """Find the chat, for a new message of the bot."""
        found = self.open_chat(bot_id, chat_id)
        if found.blocked:
            raise forbidden("bot was blocked by the user")
        return found

    def message_json(self, message: ChatMessage) -> Json:
        """Show the message as the Bot API shows it."""
        where = self._chats[message.bot_id, message.chat_id]
        return shapes.message(self.accounts[message.bot_id], where, where.all_messages[message.message_id])

    def next_message_id(self, bot_id: int) -> int:
        """Message ids grow within a bot, over all its private chats."""
        return self._last_message.get(bot_id, 0) + 1

    def launched(self, message: ChatMessage, button: Button) -> str:
        """Return the address that the messenger opens when the person presses a Mini App's button."""
        data = self.mini_apps.of_telegram(message.bot_id, self.people[message.chat_id])
        return f"{button.app}#{launch_parameters('tgWebApp', data, '9.1')}"

    # --- bots act -------------------------------------------------------------------------------------------------

    def post(self, message: ChatMessage) -> ChatMessage:
        """Put a message into its chat."""
        data = {"bot_id": message.bot_id, "chat_id": message.chat_id, "message": message.to_json()}
        self.chronicle.record("message", data)
        return message

    def edit(self, message: ChatMessage, content: Content) -> ChatMessage:
        """Change what a message says."""
        place = {"bot_id": message.bot_id, "chat_id": message.chat_id, "message_id": message.message_id}
        self.chronicle.record("edited", place | {"content": content.to_json()})
        return self._chats[message.bot_id, message.chat_id].all_messages[message.message_id]

    def delete(self, message: ChatMessage) -> None:
        """Take a message out of the chat; refuses after 48 hours."""
        if self.chronicle.clock() - message.sent_at >= DELETE_WITHIN:
            raise bad_request("message can't be deleted for everyone")
        self.remove(message)

    def remove(self, message: ChatMessage) -> None:
        """Take a message out of the chat, whatever its age."""
        place = {"bot_id": message.bot_id, "chat_id": message.chat_id, "message_id": message.message_id}
        self.chronicle.record("deleted", place)

    def answer_press(self, bot_id: int, query_id: str, answer: PressAnswer) -> None:
        """Answer a press; refuses if there is none, or if the client has stopped waiting for it."""
        press = self.presses.get(query_id)
        if press is None or press.bot_id != bot_id or self.chronicle.clock() - press.at > PRESS_LIFE:
            raise bad_request("query is too old and response timeout expired or query ID is invalid")
        data = {"text": answer.text, "show_alert": answer.show_alert, "url": answer.url}
        self.chronicle.record("press_answered", {"bot_id": bot_id, "query_id": query_id} | data)

    def set_commands(self, bot_id: int, scope: str, language: str, commands: list[Json]) -> None:
        """Set the bot's menu for a scope and a language."""
        data = {"bot_id": bot_id, "scope": scope, "language": language, "commands": commands}
        self.chronicle.record("commands", data)

    # --- people act -----------------------------------------------------------------------------------------------

    def know(self, profile: Profile) -> None:
        """Let a person have the messenger, or change what bots see of them."""
        if self.people.get(profile.user_id) != profile:
            names = ("user_id", "first_name", "last_name", "username", "language_code")
            self.chronicle.record("person", {name: getattr(profile, name) for name in names})

    def say(self, bot_id: int, user_id: int, content: Content) -> ChatMessage:
        """Let the person write to the bot; the first message opens the chat."""
        if (bot_id, user_id) not in self._chats:
            self.chronicle.record("started", {"bot_id": bot_id, "chat_id": user_id})
        message = self.post(ChatMessage(self.next_message_id(bot_id), bot_id, user_id, from_bot=False, content=content))
        self.updates.put(bot_id, "message", self.message_json(message))
        return message

    def press(self, message: ChatMessage, payload: str) -> Press:
        """Let the person press a button under the message."""
        query_id = str(message.bot_id * 1_000_000 + len(self.presses) + 1)
        place = {"bot_id": message.bot_id, "chat_id": message.chat_id, "message_id": message.message_id}
        self.chronicle.record("pressed", place | {"query_id": query_id, "payload": payload})
        press = self.presses[query_id]
        where = self._chats[message.bot_id, message.chat_id]
        query = shapes.callback_query(self.accounts[message.bot_id], where, message, press)
        self.updates.put(message.bot_id, "callback_query", query)
        return press

    def block(self, bot_id: int, user_id: int, *, blocked: bool) -> None:
        """Let the person stop the bot, or let it write again; the bot is told by ``my_chat_member``."""
        where = self._chats[bot_id, user_id]
        if where.blocked == blocked:
            return
        self.chronicle.record("blocked", {"bot_id": bot_id, "chat_id": user_id, "blocked": blocked})
        date = int(self.chronicle.clock().timestamp())
        update = shapes.membership(self.accounts[bot_id], where, date, blocked=blocked)
        self.updates.put(bot_id, "my_chat_member", update)

    # --- applying -------------------------------------------------------------------------------------------------

    def _on_person(self, happening: Happening) -> None:
        profile = Profile(**happening.data)
        self.people[profile.user_id] = profile
        for (_, chat_id), chat in self._chats.items():
            if chat_id == profile.user_id:
                chat.profile = profile

    def _on_started(self, happening: Happening) -> None:
        bot_id, chat_id = happening.data["bot_id"], happening.data["chat_id"]
        self._chats[bot_id, chat_id] = Chat(bot_id, self.people[chat_id])

    def _on_blocked(self, happening: Happening) -> None:
        self._place(happening).blocked = happening.data["blocked"]

    def _on_message(self, happening: Happening) -> None:
        where = self._place(happening)
        message = ChatMessage.from_json(where.bot_id, where.profile.user_id, happening.data["message"])
        where.all_messages[message.message_id] = message
        self._last_message[where.bot_id] = message.message_id

    def _on_edited(self, happening: Happening) -> None:
        messages = self._place(happening).all_messages
        old = messages[happening.data["message_id"]]
        content = Content.from_json(happening.data["content"])
        messages[old.message_id] = replace(old, content=content, earlier=(*old.earlier, old.content))

    def _on_deleted(self, happening: Happening) -> None:
        messages = self._place(happening).all_messages
        message_id = happening.data["message_id"]
        messages[message_id] = replace(messages[message_id], deleted_at=happening.at)

    def _on_pressed(self, happening: Happening) -> None:
        data = happening.data
        press = Press(
            data["query_id"], data["bot_id"], data["chat_id"], data["message_id"], data["payload"], happening.at
        )
        self.presses[press.query_id] = press

    def _on_press_answered(self, happening: Happening) -> None:
        data = happening.data
        press = self.presses[data["query_id"]]
        answer = PressAnswer(data["text"], data["show_alert"], data["url"])
        self.presses[press.query_id] = replace(press, answers=(*press.answers, answer))

    def _on_commands(self, happening: Happening) -> None:
        data = happening.data
        self.commands[data["bot_id"], data["scope"], data["language"]] = data["commands"]

    def _place(self, happening: Happening) -> Chat:
        return self._chats[happening.data["bot_id"], happening.data["chat_id"]]
