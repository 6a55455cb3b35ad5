"""What was asked of a messenger: the same answer may mean something else to a new message, an edit and a recall."""

from enum import StrEnum
from typing import NamedTuple

from notifiers.port import Message, Recall


class Deed(StrEnum):
    """The three things that can be asked."""

    SEND = "new"
    EDIT = "edit"
    RECALL = "recall"


class Asked(NamedTuple):
    """What was asked, and of which message; None: of one that is still to be made."""

    deed: Deed = Deed.SEND
    message: str | None = None


NEW = Asked()


def asked_of(item: Message | Recall) -> Asked:
    """Return what is asked for by it: a message with a provider's id is an edit of that one."""
    match item:
        case Recall(provider_id=recalled):
            return Asked(Deed.RECALL, recalled)
        case Message(provider_id=str(edited)):
            return Asked(Deed.EDIT, edited)
        case _:
            return NEW
