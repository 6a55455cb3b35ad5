"""How the year's problems are put into words; the sentences stand in ``texts/*/year.ftl``."""

from datetime import date
from typing import Protocol


class Say(Protocol):
    """The reader of texts: finds a message by its id and fills in its arguments."""

    def __call__(self, message_id: str, /, **args: str | int) -> str:
        """Return the finished text."""
        ...


def day_words(day: date) -> str:
    """Write a day as the school does: «05.09.2026»."""
    return f"{day:%d.%m.%Y}"
