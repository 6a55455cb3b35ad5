"""How a change of the timetable is told of a lesson: cancelled, moved, given by somebody else, at a distance. Pure."""

from datetime import date

from bot.wording import commas, day_words
from texts.reader import Texts


def cancelled_words(texts: Texts, reason: str | None, note: str = "") -> str:
    """Say that a lesson is not held, and why (TT-15); nothing, if it is."""
    if reason is None:
        return ""
    why = texts.format(f"lesson-cancelled-{reason}")
    return texts.format("lesson-cancelled-noted", why=why, note=note) if note else why


def changed_words(
    texts: Texts, *, moved_from: date | None = None, substituted: bool = False, distant: bool = False
) -> str:
    """Say what else is otherwise than in the timetable."""
    return commas(
        (
            *((texts.format("lesson-substituted"),) if substituted else ()),
            *((texts.format("lesson-moved", day=day_words(texts, moved_from)),) if moved_from else ()),
            *((texts.format("lesson-distant"),) if distant else ()),
        )
    )


def instead_words(texts: Texts, teacher: str | None) -> str:
    """Say who gives the lesson by the timetable, if it is given in his place (TT-05)."""
    return "" if teacher is None else texts.format("lesson-instead-of", teacher=teacher)
