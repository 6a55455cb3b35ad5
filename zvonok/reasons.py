"""Reasons in words: the same codes stand in the ledger, in outcomes of the wire and in what the doctor finds."""

from texts.reader import Texts


def in_words(texts: Texts, code: str) -> str:
    """Return the reason's words; a code that has none (of another version of the program) is shown as it is."""
    message = f"reason-{code}"
    return texts.format(message) if texts.has(message) else code
