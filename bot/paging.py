"""Texts longer than one message: told in parts, never cut. Pure."""

from collections.abc import Iterable

MAX_TEXT = 4096
"""Length of a message's text. Source: sendMessage, Telegram Bot API."""


def fits(text: str) -> bool:
    """Tell whether a text goes into one message."""
    return _length(text) <= MAX_TEXT


def parts(blocks: Iterable[str], room: int = MAX_TEXT) -> tuple[str, ...]:
    """Put blocks into as few texts as hold them, in order, with an empty line between two.

    A block longer than ``room`` is divided, at the end of a line or a word if there is one; nothing of it is lost but
    the space at which it was divided. At least one text comes back, empty if there are no blocks.
    """
    told = [""]
    for block in blocks:
        for piece in _pieces(block, room):
            joined = f"{told[-1]}\n\n{piece}" if told[-1] else piece
            if _length(joined) <= room:
                told[-1] = joined
            else:
                told.append(piece)
    return tuple(told)


def _pieces(block: str, room: int) -> Iterable[str]:
    while _length(block) > room:
        end = _end_of_piece(block, room)
        yield block[:end].rstrip()
        block = block[end:].lstrip()
    if block:
        yield block


def _end_of_piece(block: str, room: int) -> int:
    end = len(block.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore"))
    for space in ("\n", " "):
        place = block.rfind(space, 1, end)
        if place > end // 2:
            return place
    return end


def _length(text: str) -> int:
    """Length in UTF-16 units, which is how Telegram counts: a smiling face is two."""
    return len(text.encode("utf-16-le")) // 2
