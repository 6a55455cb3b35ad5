"""States of a delivery: transport only. What the reader did stands in receipts.

pending → claimed → sending → accepted → delivered
   ▲         │         ├─► bounced
   │         │         ├─► unknown ─► pending | stays unknown
   └─────────┴─────────┼─► pending   (deferred: due_at moves)
                       └─► failed
pending ─► suppressed | expired
"""

from enum import StrEnum


class State(StrEnum):
    """Where a delivery stands. Each has one meaning; running out of retries is ``failed``, never a success."""

    PENDING = "pending"
    """To be sent when ``due_at`` comes."""
    CLAIMED = "claimed"
    """Taken by a courier, not yet on the wire: certainly unsent."""
    SENDING = "sending"
    """The request may have left."""
    ACCEPTED = "accepted"
    """The provider took what was to be told."""
    DELIVERED = "delivered"
    """The provider says that it reached the device."""
    BOUNCED = "bounced"
    """Accepted first, returned later."""
    UNKNOWN = "unknown"
    """May or may not have arrived, and policy forbids another copy."""
    FAILED = "failed"
    """Certainly not told; the reason says why."""
    SUPPRESSED = "suppressed"
    """Not sent on purpose; the reason says why."""
    EXPIRED = "expired"
    """Its time passed before it could be told."""


IN_FLIGHT = frozenset({State.CLAIMED, State.SENDING})
"""A courier holds it: planners raise what is wanted and leave the state alone."""
TOLD = frozenset({State.ACCEPTED, State.DELIVERED})
"""What was wanted was told."""
GIVEN_UP = frozenset({State.FAILED, State.UNKNOWN, State.EXPIRED})
"""Nothing more is tried with what was wanted."""


class Purpose(StrEnum):
    """Why a thread exists."""

    ALERT = "alert"
    """The first way to this reader."""
    FALLBACK = "fallback"
    """Another way failed."""
    COPY = "copy"
    """The duplicate by letter of what goes to a messenger (``gateway.copies``)."""
    ALL_CLEAR = "all-clear"
    """The short message that rings when an alarm is over, beside the alarm that is changed in its place."""


class Lane(StrEnum):
    """Order in which due messages leave a credential."""

    URGENT = "0"
    """Passes quiet hours."""
    NORMAL = "1"
    DIGEST = "2"


class Reason(StrEnum):
    """Why a delivery was suppressed, failed or put off by us; reasons of the wire come from the notifier."""

    SUPERSEDED = "superseded"
    NO_CONSENT = "no-consent"
    NO_ADDRESS = "no-address"
    ADDRESS_DEAD = "address-dead"
    CHANNEL_NOT_ALLOWED = "channel-not-allowed"
    CHANNEL_NOT_SET_UP = "channel-not-set-up"
    RIGHTS_LOST = "rights-lost"
    BARRED = "barred"
    NO_CONTACT = "no-contact"
    LIMITED_VIEW = "limited-view"
    MOVED = "moved-to-another-channel"
    RETRIES_EXHAUSTED = "retries-exhausted"
    LEASE_SHORT = "lease-too-short"
    LEASE_EXPIRED = "lease-expired"
    PROVED_BY_PRESS = "proved-by-press"
    MAYBE_TOLD = "maybe-told"
    """It may have arrived, something else was wanted since, and is wanted no more."""
    CANNOT_BE_MADE = "cannot-be-made"
    TIME_PASSED = "time-passed"
    UNSUBSCRIBED = "unsubscribed"
    """The reader chose so himself."""
    NOT_RECOMMENDED = "not-recommended"
    """The reader chose nothing, and the recommended set leaves it out."""
    NOT_ASKED_FOR = "not-asked-for"
    """The reader chose nothing, and his school sends nothing to whoever has not asked for it."""
    BLOCKED = "blocked-by-user"
    """The reader stopped the bot: a notifier hears it from a message that failed, we from the messenger at once."""
    OTHER_SUBJECT = "other-subject"
    """The reader wants to hear of some subjects only, and this is none of them."""
    NOT_TOLD_YET = "not-told-yet"
    """Said of timetables, control works and events before families were told of them: rows of then still have it."""
    RESTORED = "restored"
    DISCARDED = "discarded"
