"""Every request of every bot: what was asked, whether it took effect, what was answered.

A checker counts here how many times a message really came to a chat, whatever its sender was told. Tokens are never
kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from zvonok.sandbox.chronicle import Chronicle
from zvonok.sandbox.happenings import Happening

type AnswerKind = Literal["ok", "refused", "hang", "cut", "garbage"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What went back to the caller."""

    kind: AnswerKind
    """``hang`` and ``cut`` are requests that got no answer (a hang may be let go later)."""
    code: int | None = None
    """HTTP status, if any answer was given."""
    description: str | None = None
    """Of a refusal."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request."""

    at: datetime
    """By the sandbox's clock."""
    monotonic: float
    """By the sandbox's monotonic clock, in seconds: for the pace."""
    bot_id: int | None
    """None if the token was of no bot."""
    method: str
    chat_id: int | None
    message_id: int | None
    """The message that was sent, edited, deleted."""
    parameters: Mapping[str, Any]
    """As received; files are replaced by their names and sizes."""
    took_effect: bool
    """True if the method did its work, even if the caller was told something else or nothing."""
    answer: Answer

    @property
    def brought_message(self) -> bool:
        """Whether a new message appeared in a chat because of it."""
        return self.took_effect and self.method in ("sendMessage", "sendDocument", "POST /messages")


class RequestLog:
    """Append-only; survives a restart together with the sandbox's folder."""

    def __init__(self, chronicle: Chronicle) -> None:
        self._chronicle = chronicle
        self._requests: list[Request] = []
        chronicle.on("request", self._on_request)

    @property
    def requests(self) -> tuple[Request, ...]:
        """All requests, oldest first."""
        return tuple(self._requests)

    def of(
        self, method: str | None = None, *, chat_id: int | None = None, bot_id: int | None = None
    ) -> tuple[Request, ...]:
        """Find requests of one method, chat, bot; each None means any."""
        return tuple(
            request
            for request in self._requests
            if method in (None, request.method)
            and chat_id in (None, request.chat_id)
            and bot_id in (None, request.bot_id)
        )

    def delivered(self, chat_id: int, *, bot_id: int | None = None) -> tuple[Request, ...]:
        """Find requests that really brought a new message to the chat, one for each message."""
        return tuple(request for request in self.of(chat_id=chat_id, bot_id=bot_id) if request.brought_message)

    def add(self, request: Request) -> None:
        """Write one request down."""
        data = {
            "monotonic": request.monotonic,
            "bot_id": request.bot_id,
            "method": request.method,
            "chat_id": request.chat_id,
            "message_id": request.message_id,
            "parameters": dict(request.parameters),
            "took_effect": request.took_effect,
            "answer": [request.answer.kind, request.answer.code, request.answer.description],
        }
        self._chronicle.record("request", data)

    def _on_request(self, happening: Happening) -> None:
        data = dict(happening.data)
        self._requests.append(Request(at=happening.at, **data | {"answer": Answer(*data["answer"])}))
