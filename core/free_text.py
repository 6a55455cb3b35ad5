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

    Raises ``Invalid`` if nothing is left, or more than ``longest`` characters as ``length`` counts them.
    """
    text = plain(written)
    if says_nothing(text):
        raise Invalid("text-needed")
    if length(text) > longest:
        raise Invalid("text-too-long", longest=longest, seen=length(text))
    return text


def says_nothing(text: str) -> bool:
    """Tell whether a reader would see nothing: blanks, and signs without width such as U+200B."""
    return all(unicodedata.category(sign)[0] in "ZC" for sign in text)


def length(text: str) -> int:
    """Count the characters as messengers do, in units of UTF-16: an emoji is two, and a message holds 4096 of them."""
    return len(text.encode("utf-16-le")) // 2


def _shown(sign: str) -> str:
    if sign == "\t":
        return " "
    return "" if unicodedata.category(sign) in _INVISIBLE else sign
