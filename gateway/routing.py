"""Which ways lead to a reader, or why none: rights × consent × school's policy × addresses. Pure."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID

from core.events import (
    Channel,
    ConsentPurpose,
    GuardianshipState,
    SchoolSettings,
    SchoolState,
    Subject,
)
from gateway.due_times import Hours
from gateway.profiles import Choice, Mode
from gateway.school_days import Evenings, LetterHours, calendar_by
from gateway.states import Reason
from gateway.subjects import purpose_of
from notifiers.port import CAPABILITIES

PREFERENCE = (Channel.TELEGRAM, Channel.MAX, Channel.MAIL)
"""Messengers before letters: an absence is urgent."""
INTERACTIVE = frozenset(channel for channel in Channel if CAPABILITIES[channel].edit and CAPABILITIES[channel].buttons)
"""Channels whose messages can be edited and carry buttons."""
AT_ONCE = Choice(Mode.NOW, Channel.TELEGRAM)
"""What is wanted of an absence unless somebody chose otherwise."""


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address as routing sees it: never its value."""

    channel: str
    credential: str
    """Empty: this installation has nothing to send through on this channel."""
    verified: bool
    dead_reason: str | None
    refused: bool = False
    """The reader wants nothing of this by it: he unsubscribed, or never chose it for this."""
    muted_until: datetime | None = None
    """He hears nothing of it until then, by the school clock; None: he does."""


@dataclass(frozen=True, slots=True)
class OwnHours:
    """When a reader wants to be left alone, as far as he said so himself."""

    quiet: tuple[time, time] | None = None
    """From and until; None: as his school has it."""
    zone: str | None = None
    """Of the clock that he lives by; None: the school's."""
    days_off: frozenset[int] = frozenset()
    """Days of the week, from 1, Monday, to 7, on which nothing but what is urgent reaches him."""


@dataclass(frozen=True, slots=True)
class Follower:
    """An adult who follows a pupil."""

    recipient: UUID
    rev: int
    relation: GuardianshipState
    addresses: tuple[AddressView, ...]
    hours: OwnHours = field(default_factory=OwnHours)
    copies: bool = False
    """He wants a duplicate by letter of what goes to a messenger."""


@dataclass(frozen=True, slots=True)
class Route:
    """A way that may be taken."""

    channel: str
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
    why = refusal(follower.relation, about, today) or (silenced if choice.mode is Mode.OFF else None)
    if why is not None:
        return Untold(why)
    first = () if choice.channel is None else (choice.channel,)
    found = living_ways(follower.addresses, settings.allowed_channels, (*first, *PREFERENCE))
    if isinstance(found, Reason):
        return Untold(found)
    return tuple(Route(address.channel, address.credential) for address in found)


def ringing(
    ways: Sequence[Route], addresses: Iterable[AddressView], spoken: Container[str], at: datetime
) -> tuple[Route, ...]:
    """Put muted ways behind the others, each part in its order: what is urgent goes where it is heard.

    A way that has ``spoken`` of this very subject stays where it is: a correction must reach the message that it
    corrects. Source: channels.md §2 (muted is a weak channel, fall back for urgent events).
    """
    muted = {one.channel for one in addresses if one.muted_until is not None and at < one.muted_until}
    return tuple(sorted(ways, key=lambda way: way.channel in muted and way.channel not in spoken))


def living_ways(
    addresses: Iterable[AddressView], allowed: Container[str], order: Sequence[str]
) -> tuple[AddressView, ...] | Reason:
    """List the addresses by which a reader can be told, at least one, or say why there is none.

    They come in the order in which their channels are named first; channels that are not named come last.
    """
    known = tuple(addresses)
    permitted = [address for address in known if address.channel in allowed]
    set_up = [address for address in permitted if address.credential]
    verified = [address for address in set_up if address.verified]
    living = [address for address in verified if address.dead_reason is None]
    wanted = [address for address in living if not address.refused]
    if wanted:
        places = [*order, *sorted(address.channel for address in wanted)]
        return tuple(sorted(wanted, key=lambda address: places.index(address.channel)))
    return _hindrance(known, permitted, set_up, verified, living)


def _hindrance(*narrower: Sequence[AddressView]) -> Reason:
    """Say what stands in the way, by how far addresses came: known, allowed, set up, verified, living."""
    known, permitted, set_up, verified, living = narrower
    if living:
        return Reason.UNSUBSCRIBED
    if verified:
        return Reason.ADDRESS_DEAD
    if known and not permitted:
        return Reason.CHANNEL_NOT_ALLOWED
    if permitted and not set_up:
        return Reason.CHANNEL_NOT_SET_UP
    return Reason.NO_ADDRESS


def hours_of(own: OwnHours, school: SchoolState, *, staff: bool = False) -> Hours:
    """Return a reader's quiet hours: his own, or the school's for families or for its own people."""
    of_school = school.settings
    ours = (of_school.staff_quiet_from, of_school.staff_quiet_until)
    usual = ours if staff else (of_school.quiet_from, of_school.quiet_until)
    return Hours(*(own.quiet or usual), own.zone or school.zone, own.days_off)


def evenings_of(school: SchoolState, lessons_end: Mapping[date, tuple[datetime | None, ...]]) -> Evenings:
    """Return when evening letters of a reader leave, by the lessons of his children."""
    after = timedelta(minutes=school.settings.digest_after_minutes)
    hours = LetterHours(after_lessons=after, usual=time(school.settings.digest_hour))
    return Evenings(school.zone, hours, calendar_by(school), lessons_end)


def refusal(relation: GuardianshipState, about: Subject, today: date) -> Reason | None:
    """Say why this adult may not be told today what this subject says of the pupil; None if he may."""
    return refused(relation, purpose_of(about), today)


def refused(relation: GuardianshipState, purpose: ConsentPurpose, today: date) -> Reason | None:
    """Say why this adult may not be told today of what this consent is for; None if he may."""
    in_force = relation.since <= today and (relation.until is None or today <= relation.until)
    if not in_force or not relation.may_see:
        return Reason.RIGHTS_LOST
    if relation.barred:
        return Reason.BARRED
    if relation.no_contact:
        return Reason.NO_CONTACT
    if relation.limited and purpose is not ConsentPurpose.ATTENDANCE:
        # Somebody trusted with a child must know whether he is at school; marks and letters are the family's.
        return Reason.LIMITED_VIEW
    return None if relation.consent(purpose).in_force(today) else Reason.NO_CONSENT
