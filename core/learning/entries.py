"""What is entered of a pupil at a lesson: absent with a code, or there, though not from its beginning or to its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.events import LeftEarly

LATE_MOST = 240


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the roll. Without a code the pupil was there."""

    code: str | None = None
    late_minutes: int | None = None
    """How many minutes of the lesson had passed (ATT-07)."""
    left_early: LeftEarly | None = None

    @property
    def is_partial(self) -> bool:
        """Tell whether the pupil was there, but not all the time."""
        return self.late_minutes is not None or self.left_early is not None

    def kept(self) -> str | dict[str, Any]:
        """Return it as a roll keeps what stood before."""
        return self.code if self.code is not None else {"late": self.late_minutes, "left": self.left_early}

    def said(self) -> dict[str, Any]:
        """Return it in the words of the audit."""
        partial = {"late": self.late_minutes, "left": self.left_early} if self.is_partial else {}
        return {"code": self.code, **partial}


PRESENT = Entry()


def entry_kept(kept: str | Mapping[str, Any]) -> Entry:
    """Read an entry back from what a roll keeps."""
    return Entry(kept) if isinstance(kept, str) else _partial(kept)


def entry_said(said: Mapping[str, Any] | None) -> Entry:
    """Read an entry back from the words of the audit."""
    said = said or {}
    return Entry(said["code"]) if said.get("code") is not None else _partial(said)


def _partial(said: Mapping[str, Any]) -> Entry:
    left = said.get("left")
    return Entry(None, said.get("late"), None if left is None else LeftEarly(left))
