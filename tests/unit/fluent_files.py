"""The Fluent files as the syntax's own parser reads them: each once a process, however many tests ask."""

from collections.abc import Mapping
from functools import cache

from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from texts.reader import FOLDER

FILES = tuple(sorted(path.name for path in (FOLDER / "ru").glob("*.ftl")))


@cache
def source(language: str, name: str) -> str:
    return (FOLDER / language / name).read_text(encoding="utf-8")


@cache
def entries(language: str, name: str) -> Mapping[str, ftl.Message]:
    """Return a file's messages by their ids; a line that is no message, or an id that stands twice, fails the test."""
    found: dict[str, ftl.Message] = {}
    for entry in FluentParser().parse(source(language, name)).body:
        assert not isinstance(entry, ftl.Junk), f"{language}/{name}: {entry.content}"
        if isinstance(entry, ftl.Message):
            assert entry.id.name not in found, f"{entry.id.name} stands twice"
            found[entry.id.name] = entry
    return found


def written(language: str, name: str, entry: ftl.Message) -> str:
    """Return a message of a file as it is written there."""
    assert entry.span is not None
    return source(language, name)[entry.span.start : entry.span.end]
