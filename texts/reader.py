"""The reader of Fluent files: one language, all messages, plurals by the rules of that language."""

from datetime import date, datetime
from functools import cache
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource

FOLDER = Path(__file__).parent
LANGUAGES = ("ru", "en")
"""Russian first; English complete (a test compares the two)."""


class TextMissingError(LookupError):
    """A message that no file of the language has, or an argument that it needs and did not get: our own mistake."""


class Texts:
    """All messages of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        # Isolation marks are for mixed directions of writing; ours is one, and they show up in messengers.
        self._bundle = FluentBundle([language], use_isolating=False)
        for path in sorted((FOLDER / language).glob("*.ftl")):
            self._bundle.add_resource(FluentResource(path.read_text(encoding="utf-8")))

    def has(self, message_id: str) -> bool:
        """Tell whether the language has this message."""
        return bool(self._bundle.has_message(message_id))

    def format(self, message_id: str, /, **args: str | int | date | datetime) -> str:
        """Return the message with its arguments filled in. Raises ``TextMissingError``."""
        if not self.has(message_id):
            raise TextMissingError(message_id)
        pattern = self._bundle.get_message(message_id).value
        if pattern is None:
            raise TextMissingError(message_id)
        text, errors = self._bundle.format_pattern(pattern, args)
        if errors:
            raise TextMissingError(f"{message_id}: {errors[0]}")
        return str(text)


@cache
def load(language: str = "ru") -> Texts:
    """Return the texts of a language, read once. Raises ``TextMissingError`` for a language that we do not have."""
    if language not in LANGUAGES:
        raise TextMissingError(language)
    return Texts(language)
