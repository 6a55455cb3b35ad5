"""What people and bots have written to each other: people, chats, messages and their earlier versions.

All of it is immutable; the world (``world.py``) replaces what changed. Dates are aware, by the sandbox's clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

type Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """A bot as people see it. The token is kept by the server alone."""

    bot_id: int
    username: str
    first_name: str


@dataclass(frozen=True, slots=True)
class Profile:
    """A person as bots see them."""

    user_id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "ru"


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a message."""

    label: str
    data: str | None
    """The callback payload; None for a button that does something else."""
    url: str | None = None
    app: str | None = None
    """The Mini App that it opens: its page, or in MAX the link of its bot."""
    app_start: str = ""
    """What it carries to that, in MAX."""


@dataclass(frozen=True, slots=True)
class Document:
    """A file in a message."""

    file_id: str
    name: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True)
class Content:
    """One version of what a message says."""

    text: str
    """Plain text without markup; the caption if the message is a file."""
    entities: tuple[Json, ...]
    inline_keyboard: Json | None
    """The inline markup as it went over the wire, or None."""
    at: datetime
    no_preview: bool = False

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """Rows of inline buttons."""
        rows = (self.inline_keyboard or {}).get("inline_keyboard", ())
        return tuple(tuple(_button(button) for button in row) for row in rows)

    def says_the_same(self, other: "Content") -> bool:
        """Whether an edit to the other version would be "message is not modified"."""
        return replace(self, at=other.at) == other

    def to_json(self) -> Json:
        """For the journal."""
        return {
            "text": self.text,
            "entities": list(self.entities),
            "inline_keyboard": self.inline_keyboard,
            "at": self.at.timestamp(),
            "no_preview": self.no_preview,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Content":
        """From the journal."""
        return cls(
            data["text"],
            tuple(data["entities"]),
            data["inline_keyboard"],
            datetime.fromtimestamp(data["at"], UTC),
            data["no_preview"],
        )


def _button(button: Mapping[str, Any]) -> Button:
    app = button.get("web_app") or {}
    return Button(button["text"], button.get("callback_data"), button.get("url"), app.get("url"), app.get("start", ""))


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message in a private chat, with everything that happened to it."""

    message_id: int
    bot_id: int
    chat_id: int
    from_bot: bool
    content: Content
    earlier: tuple[Content, ...] = ()
    """Versions before the edits, oldest first."""
    document: Document | None = None
    protected: bool = False
    reply_to: int | None = None
    reply_keyboard: Json | None = None
    """A markup that is not inline: a keyboard under the input field, its removal, or a forced reply."""
    deleted_at: datetime | None = None

    @property
    def text(self) -> str:
        """What it says now."""
        return self.content.text

    @property
    def buttons(self) -> tuple[tuple[Button, ...], ...]:
        """Rows of inline buttons that it has now."""
        return self.content.buttons

    @property
    def sent_at(self) -> datetime:
        """When it appeared."""
        return (self.earlier[0] if self.earlier else self.content).at

    @property
    def edited_at(self) -> datetime | None:
        """When it was last edited."""
        return self.content.at if self.earlier else None

    @property
    def deleted(self) -> bool:
        """Whether it is gone from the chat."""
        return self.deleted_at is not None

    def labels(self) -> tuple[str, ...]:
        """Labels of all its buttons, row by row."""
        return tuple(button.label for row in self.buttons for button in row)

    def to_json(self) -> Json:
        """For the journal: the message as it appeared."""
        document = self.document
        return {
            "message_id": self.message_id,
            "from_bot": self.from_bot,
            "content": self.content.to_json(),
            "document": [document.file_id, document.name, document.mime, document.size] if document else None,
            "protected": self.protected,
            "reply_to": self.reply_to,
            "reply_keyboard": self.reply_keyboard,
        }

    @classmethod
    def from_json(cls, bot_id: int, chat_id: int, data: Mapping[str, Any]) -> "ChatMessage":
        """From the journal."""
        return cls(
            message_id=data["message_id"],
            bot_id=bot_id,
            chat_id=chat_id,
            from_bot=data["from_bot"],
            content=Content.from_json(data["content"]),
            document=Document(*data["document"]) if data["document"] else None,
            protected=data["protected"],
            reply_to=data["reply_to"],
            reply_keyboard=data["reply_keyboard"],
        )


@dataclass(slots=True)
class Chat:
    """The private chat of one person with one bot. Its id is the person's id."""

    bot_id: int
    profile: Profile
    blocked: bool = False
    all_messages: dict[int, ChatMessage] = field(default_factory=dict)
    """Everything that ever was in the chat, deleted messages too, by id."""

    @property
    def messages(self) -> tuple[ChatMessage, ...]:
        """What the person sees now, oldest first."""
        return tuple(message for message in self.all_messages.values() if not message.deleted)

    @property
    def latest(self) -> ChatMessage | None:
        """The newest message that the person sees."""
        return next((message for message in reversed(self.all_messages.values()) if not message.deleted), None)

    def message(self, message_id: int) -> ChatMessage | None:
        """One message, if it is still there."""
        message = self.all_messages.get(message_id)
        return None if message is None or message.deleted else message

    @property
    def reply_keyboard(self) -> Json | None:
        """The keyboard under the input field, if a bot has put one there."""
        for message in reversed(self.messages):
            if message.reply_keyboard is not None:
                return message.reply_keyboard if "keyboard" in message.reply_keyboard else None
        return None


@dataclass(frozen=True, slots=True)
class PressAnswer:
    """What a bot answered to a press of an inline button."""

    text: str
    show_alert: bool
    url: str


@dataclass(frozen=True, slots=True)
class Press:
    """A press of an inline button."""

    query_id: str
    bot_id: int
    chat_id: int
    message_id: int
    payload: str
    at: datetime
    answers: tuple[PressAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """An uploaded file."""

    file_id: str
    bot_id: int
    name: str
    mime: str
    size: int

    @property
    def path(self) -> str:
        """``file_path`` of getFile, unique within the bot."""
        suffix = self.name.rpartition(".")[2]
        return f"documents/{self.file_id}.{suffix if suffix.isalnum() and suffix.isascii() else 'bin'}"
