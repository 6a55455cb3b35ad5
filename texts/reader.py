"""The reader of Fluent files: one language, all messages, plurals by the rules of that language."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax.ast import Pattern, Placeable, TextElement, VariableReference

FOLDER = Path(__file__).parent
LANGUAGES = ("ru", "en")
"""Russian first; English complete (a test compares the two)."""
KEPT_SENTENCES = 4096
"""Sentences kept ready: a bell's messages are mostly the same buttons, hours and numbers."""


_WORDS = frozenset({str})
_BEGINNING = re.compile(r"^([A-Za-z][A-Za-z0-9_-]*) *=", re.MULTILINE)
"""Where a message begins: its further lines never stand at the margin, nor does anything else with this sign."""


class TextMissingError(LookupError):
    """A message that no file of the language has, or an argument that it needs and did not get: our own mistake."""


class Texts:
    """All messages of one language.

    Files are only cut into messages; each is parsed when it is first said. A process says a few of two thousand, and
    parsing all of them took half a second of its start. So no message may refer to another one.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        # Isolation marks are for mixed directions of writing; ours is one, and they show up in messengers.
        self._bundle = FluentBundle([language], use_isolating=False)
        paths = sorted((FOLDER / language).glob("*.ftl"))
        self._written = {name: text for path in paths for name, text in _cut(path.read_text(encoding="utf-8"))}
        self._plain: dict[str, str | None] = {}
        self._said = lru_cache(KEPT_SENTENCES, typed=True)(self._format)

    def has(self, message_id: str) -> bool:
        """Tell whether the language has this message."""
        return message_id in self._written

    def format(self, message_id: str, /, **args: str | int | date | datetime) -> str:
        """Return the message with its arguments filled in. Raises ``TextMissingError``."""
        kinds = {*map(type, args.values())}
        if kinds <= _WORDS and (template := self._plain.get(message_id)) is not None:
            # Names, mostly: to keep them would only push out what is said to everybody.
            return _filled(message_id, template, args)
        # One moment in two zones is one key, but two clocks.
        return self._format(message_id, **args) if datetime in kinds else self._said(message_id, **args)

    def _format(self, message_id: str, /, **args: str | int | date | datetime) -> str:
        if not self.has(message_id):
            raise TextMissingError(message_id)
        if not self._bundle.has_message(message_id):
            self._bundle.add_resource(FluentResource(self._written[message_id]))
        pattern = self._bundle.get_message(message_id).value
        if pattern is None:
            raise TextMissingError(message_id)
        if message_id not in self._plain:
            self._plain[message_id] = _template(pattern)
        template = self._plain[message_id]
        if template is not None and all(isinstance(value, str) for value in args.values()):
            return _filled(message_id, template, args)
        text, errors = self._bundle.format_pattern(pattern, args)
        if errors:
            raise TextMissingError(f"{message_id}: {errors[0]}")
        return str(text)


def _cut(source: str) -> Iterator[tuple[str, str]]:
    """Yield every message's id and text, with the comments that follow it, which mean nothing here."""
    found = list(_BEGINNING.finditer(source))
    places = [*(one.start() for one in found), len(source)]
    yield from ((one[1], source[begin:end]) for one, (begin, end) in zip(found, pairwise(places), strict=True))


@cache
def load(language: str = "ru") -> Texts:
    """Return the texts of a language, read once. Raises ``TextMissingError`` for a language that we do not have."""
    if language not in LANGUAGES:
        raise TextMissingError(language)
    return Texts(language)


def _filled(message_id: str, template: str, args: Mapping[str, str | int | date | datetime]) -> str:
    try:
        return template.format_map(args)
    except KeyError as error:
        raise TextMissingError(f"{message_id}: {error.args[0]}") from error


def _template(pattern: Pattern | TextElement | Placeable) -> str | None:
    """Return what is only words and arguments side by side as a template of Python's, which is quicker; else None."""
    parts: list[str] = []
    for element in pattern.elements if isinstance(pattern, Pattern) else [pattern]:
        match element:
            case TextElement():
                # It holds no brace: those are always of a placeable.
                parts.append(element.value)
            case Placeable(expression=VariableReference(id=name)):
                parts.append(f"{{{name.name}}}")
            case _:
                return None
    return "".join(parts)
