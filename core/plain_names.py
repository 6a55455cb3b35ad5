"""A name of a thing - a room, a subject, a period - as people read it: one line, and nothing in it that hides."""

import unicodedata

from core import free_text


def fit(written: str, longest: int) -> str:
    """Return the name in one line with single spaces, without signs that nobody sees.

    Two names that look the same are the same: neither a soft hyphen nor a sign that turns the line around, nor how a
    keyboard puts «й» together, tells them apart. Raises ``Invalid`` as ``free_text.fit`` does.
    """
    return free_text.fit(seen(free_text.plain(written)), longest)


def seen(name: str) -> str:
    """Return what a reader sees of a name."""
    shown = "".join(sign for sign in name if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFC", " ".join(shown.split()))
