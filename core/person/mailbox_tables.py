"""Tables of mailboxes that people give themselves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from core.tables import Table


class MailboxClaim(Table):
    """That somebody gave a mailbox as his; kept for as long as its link lives, and as long as it counts as a try."""

    __tablename__ = "mailbox_claim"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    value: Mapped[str]
    folded: Mapped[str]
    """Spelled in one way: servers tell capitals apart, but hardly ever mean two people by them."""
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent: Mapped[bool]
    """Whether its holder is asked. Whoever gave it does not see the difference."""
    outcome: Mapped[str | None]


class MailboxRefusal(Table):
    """That the holder of a mailbox is not this person. The mailbox itself is nobody's of ours, and is not kept."""

    __tablename__ = "mailbox_refusal"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("core.person.id"))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
