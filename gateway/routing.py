"""Which ways lead to a reader, or why none: rights × consent × school's policy × addresses. Pure."""

from dataclasses import dataclass
from datetime import date, time
from uuid import UUID

from core.events import (
    AttendanceDayState,
    Channel,
    ControlWorkState,
    GuardianshipState,
    SchoolEventState,
    SchoolSettings,
    SchoolState,
    Subject,
    TimetableDayState,
)
from gateway.due_times import Hours
from gateway.profiles import Choice, Mode
from gateway.states import Reason
from gateway.subjects import purpose_of

PREFERENCE = (Channel.TELEGRAM, Channel.MAIL)
"""Messengers before letters: an absence is urgent."""
INTERACTIVE = frozenset({Channel.TELEGRAM})
"""Channels whose messages can be edited and carry buttons."""
AT_ONCE = Choice(Mode.NOW, Channel.TELEGRAM)
"""What is wanted of an absence unless somebody chose otherwise."""


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address as routing sees it: never its value."""

    channel: Channel
    credential: str
    """Empty: this installation has nothing to send through on this channel."""
    verified: bool
    dead_reason: str | None


@dataclass(frozen=True, slots=True)
class Follower:
    """An adult who follows a pupil."""

    recipient: UUID
    rev: int
    relation: GuardianshipState
    addresses: tuple[AddressView, ...]
    quiet: tuple[time, time] | None = None
    """His own quiet hours; None: the school's."""


@dataclass(frozen=True, slots=True)
class Route:
    """A way that may be taken."""

    channel: Channel
    credential: str


@dataclass(frozen=True, slots=True)
class Untold:
    """There is no way, and this is why."""

    reason: Reason


def routes(
    follower: Follower,
    about: Subject,
    settings: SchoolSettings,
    today: date,
    choice: Choice = AT_ONCE,
    silenced: Reason = Reason.UNSUBSCRIBED,
) -> tuple[Route, ...] | Untold:
    """List the ways to a follower for what a subject tells, at least one: allowed, verified, living addresses.

    The channel that he chose comes first, the others behind it in the order of ``PREFERENCE``, should it fail.
    ``silenced`` is the reason if nothing of this is wanted (``profiles.silence``).

    Sources: house.md §2 (policy), CONF-21 (no consent, no electronic channel), NOTIF-03 (nothing to an unconfirmed
    address), channels.md §3 (what a school may lawfully use).
    """
    refused = refusal(follower.relation, about, today) or (silenced if choice.mode is Mode.OFF else None)
    if refused is not None:
        return Untold(refused)
    allowed = [address for address in follower.addresses if address.channel in settings.allowed_channels]
    set_up = [address for address in allowed if address.credential]
    verified = [address for address in set_up if address.verified]
    living = sorted(
        (address for address in verified if address.dead_reason is None),
        key=lambda address: (address.channel is not choice.channel, PREFERENCE.index(address.channel)),
    )
    if living:
        return tuple(Route(address.channel, address.credential) for address in living)
    if verified:
        return Untold(Reason.ADDRESS_DEAD)
    if follower.addresses and not allowed:
        return Untold(Reason.CHANNEL_NOT_ALLOWED)
    if allowed and not set_up:
        return Untold(Reason.CHANNEL_NOT_SET_UP)
    return Untold(Reason.NO_ADDRESS)


def hours_of(quiet: tuple[time, time] | None, school: SchoolState) -> Hours:
    """Return a reader's quiet hours: his own, or the school's."""
    quiet_from, quiet_until = quiet or (school.settings.quiet_from, school.settings.quiet_until)
    return Hours(quiet_from, quiet_until, school.zone)


def refusal(relation: GuardianshipState, about: Subject, today: date) -> Reason | None:
    """Say why this adult may not be told today what this subject says of the pupil; None if he may."""
    in_force = relation.since <= today and (relation.until is None or today <= relation.until)
    if not in_force or not relation.may_see:
        return Reason.RIGHTS_LOST
    if relation.barred:
        return Reason.BARRED
    if relation.no_contact:
        return Reason.NO_CONTACT
    if relation.limited and not isinstance(about, AttendanceDayState):
        # Somebody trusted with a child must know whether he is at school; marks and letters are the family's.
        return Reason.LIMITED_VIEW
    if isinstance(about, TimetableDayState | ControlWorkState | SchoolEventState):
        return Reason.NOT_TOLD_YET
    return None if relation.consent(purpose_of(about)).in_force(today) else Reason.NO_CONSENT
