"""The log in sentences: what broke, what that means for the school, and that it works again.

Each trouble is said once until it ends, not at each try. What has no sentence and is no trouble is not said at all;
trouble without a sentence is named by its event, so that nothing is hidden.
"""

import re
from collections.abc import Mapping, MutableMapping
from datetime import timedelta
from time import monotonic
from types import MappingProxyType
from typing import Any

import structlog

from texts.reader import Texts
from zvonok.called_as import as_called
from zvonok.reasons import in_words

AGAIN = timedelta(minutes=10)
"""Trouble that lasts is said again after so long."""
ENDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "bot.updates-fetched": ("bot.updates-not-fetched", "bot.token-refused", "bot.polled-elsewhere"),
        "credential works": ("credential pauses", "nothing gets through"),
    }
)
"""Which troubles are over when this happens."""
SAID_OTHERWISE = ("message.deferred", "credential pauses")
"""Of a message put off, «nothing gets through» tells once for all that wait with it."""
TROUBLE = ("warning", "error", "critical")


class Sentences:
    """A processor of structlog, the last one: returns the line to print, or drops the event."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._said: dict[tuple[str, str], float] = {}

    def __call__(self, _: object, __: str, entry: MutableMapping[str, Any]) -> str:
        """Put one event into words. Raises ``structlog.DropEvent`` for what need not be said."""
        event, about = str(entry["event"]), str(entry.get("credential", entry.get("key", "")))
        for trouble in ENDS.get(event, ()):
            self._said.pop((trouble, about), None)
        sentence = self._sentence(event, entry)
        if sentence is None or (entry["level"] in TROUBLE and self._said_lately(event, about)):
            raise structlog.DropEvent
        return as_called(f"{entry['timestamp']}  {sentence}")

    def _sentence(self, event: str, entry: Mapping[str, Any]) -> str | None:
        if event in SAID_OTHERWISE:
            return None
        message = f"log-{re.sub(r'[^a-z]+', '-', event.lower())}"
        if self._texts.has(message):
            return self._texts.format(message, **self._said_of(entry))
        return self._texts.format("log-other", event=event) if entry["level"] in TROUBLE else None

    def _said_of(self, entry: Mapping[str, Any]) -> dict[str, str | int]:
        """Return what sentences may quote: the channel's name, the reason in words, and numbers."""
        channel = str(entry.get("credential", "")).partition(":")[0]
        args: dict[str, str | int] = {name: value for name, value in entry.items() if isinstance(value, int | str)}
        if self._texts.has(f"trace-channel-{channel}"):
            args["channel"] = self._texts.format(f"trace-channel-{channel}")
        if "reason" in entry:
            args["why"] = in_words(self._texts, str(entry["reason"]))
        return args

    def _said_lately(self, event: str, about: str) -> bool:
        now = monotonic()
        before = self._said.get((event, about))
        if before is not None and now - before < AGAIN.total_seconds():
            return True
        self._said[event, about] = now
        return False
