"""What is told to the owner of a login when it was used in a browser that was not known."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from gateway.planned_content import canonical


@dataclass(frozen=True, slots=True)
class StrangeEntryContent:
    """What is told of somebody who entered: when, and from which browser. The link is made when it is sent."""

    at: datetime
    browser: str

    @property
    def alarming(self) -> tuple[datetime, str]:
        """Whoever entered may be a stranger."""
        return (self.at, self.browser)

    @property
    def facts(self) -> tuple[datetime, str]:
        """When, and from which browser."""
        return (self.at, self.browser)

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "strange_entry", "at": self.at.isoformat(), "browser": self.browser})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(datetime.fromisoformat(raw["at"]), raw["browser"])
