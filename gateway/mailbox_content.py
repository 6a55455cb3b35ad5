"""What is told to the holder of a mailbox that somebody gave as his."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from gateway.planned_content import canonical


@dataclass(frozen=True, slots=True)
class MailboxLinkContent:
    """What is told of a link that confirms a mailbox: until when it is good. The link is made when it is sent."""

    expires_at: datetime

    @property
    def alarming(self) -> tuple[datetime, ...]:
        """Somebody asked for it, and waits."""
        return (self.expires_at,)

    @property
    def facts(self) -> tuple[datetime, ...]:
        """Until when it is good."""
        return (self.expires_at,)

    def key(self) -> str:
        """Return the canonical text of this content."""
        return canonical({"of": "mailbox_link", "expires_at": self.expires_at.isoformat()})

    @classmethod
    def from_raw(cls, raw: dict[str, Any]) -> Self:
        """Read a content back from its fields."""
        return cls(datetime.fromisoformat(raw["expires_at"]))
