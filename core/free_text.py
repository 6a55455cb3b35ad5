"""What a teacher writes in his own words, made fit to be stored and shown."""

import unicodedata

from core.refusals import Invalid

_INVISIBLE = {"Cc", "Cs"}
"""Control characters and halves of characters: no sheet of paper has them, and the database keeps neither."""


def plain(written: str) -> str:
    """Return the text without blanks around it and without control characters, its line breaks kept."""
    lines = ("".join(_shown(sign) for sign in line).rstrip() for line in written.splitlines())
    return "\n".join(lines).strip()


def fit(written: str, longest: int) -> str:
    """Return the text made plain.

    Raises ``Invalid`` if nothing is left, or more than ``longest`` characters.
    """
    text = plain(written)
    if not text:
        raise Invalid("text-needed")
    if len(text) > longest:
        raise Invalid("text-too-long", longest=longest, seen=len(text))
    return text


def _shown(sign: str) -> str:
    if sign == "\t":
        return " "
    return "" if unicodedata.category(sign) in _INVISIBLE else sign
