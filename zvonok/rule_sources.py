"""Where a rule comes from, in words: «001 R3 2.9» is a clause of a document that has a name.

How sources are written: ``docs/reference/requirements/README.md``.
"""

import re

from texts.reader import Texts

_TOKEN = re.compile(
    r"(?P<part>ORD|R\d(?:\.\d)?|A\d(?:\.[A-Z]{2})?)?\s*(?P<clause>L?\d[\d.–]*|tables)?(?P<more> \(.*\))?"
)


class SourceUnreadableError(ValueError):
    """A source of ours that is not written as sources are: our own mistake."""


def in_words(texts: Texts, source: str) -> str:
    """Return the documents' names and the clauses. Raises ``SourceUnreadableError``."""
    return " · ".join(_document(texts, one.strip()) for one in source.split(";"))


def _document(texts: Texts, source: str) -> str:
    number, _, places = source.partition(" ")
    message = f"rules-document-{number}"
    if not texts.has(message):
        raise SourceUnreadableError(source)
    return f"{texts.format(message)}: {'; '.join(_place(texts, one.strip()) for one in places.split(','))}"


def _place(texts: Texts, written: str) -> str:
    found = _TOKEN.fullmatch(written)
    if found is None or not (found["part"] or found["clause"]):
        raise SourceUnreadableError(written)
    said = []
    if found["part"]:
        part = re.sub(r"^(R\d)\.\d$", r"\1", found["part"])
        said.append(texts.format(f"rules-part-{part.lower().replace('.', '-')}"))
    if found["clause"]:
        said.append(_clause(texts, found["clause"]))
    return ", ".join(said)


def _clause(texts: Texts, clause: str) -> str:
    if clause == "tables":
        return texts.format("rules-clause-tables")
    if not clause.startswith("L"):
        return texts.format("rules-clause-point", number=clause)
    kind = "lines" if "–" in clause else "line"
    return texts.format(f"rules-clause-{kind}", number=clause.removeprefix("L"))
