"""What listeners know of a school: settings and rules that travel, its zone, its days without lessons."""

from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field

from core.event_people import StateModel
from core.event_timetable import SchoolRest
from core.event_words import Channel, DefaultSubscriptions, Insisted, SchoolKind


class SchoolSettings(StateModel):
    """Settings of a school that travel with its events; each is the school's own."""

    undo_window_seconds: int = Field(default=60, ge=0, le=3600, strict=True)
    """How long a message waits for its author to change his mind. Source: parents.md §2."""
    allowed_channels: tuple[Channel, ...] = Field(default=(Channel.MAIL,), min_length=1)
    """Channels the school may lawfully use. Source: channels.md §3."""
    quiet_from: time = time(21, 0)
    """Wall clock from which nothing but what is urgent reaches a family. Source: parents.md §4.7."""
    quiet_until: time = time(7, 0)
    """Wall clock at which the quiet ends; equal to ``quiet_from``: there is none."""
    digest_hour: int = Field(default=18, ge=16, le=20, strict=True)
    """Hour of evening letters on days of whose lessons nothing is known. Source: NOTIF-05, DL-28, house.md §6."""
    default_subscriptions: DefaultSubscriptions = DefaultSubscriptions.RECOMMENDED
    """What a parent gets who has chosen nothing himself."""
    floor: tuple[Insisted, ...] = (Insisted.ABSENCE,)
    """What a parent gets at once although he switched it off, or was asked for nothing yet: by any verified address for
    which he has consented, unless he unsubscribed from it with one click. Empty: nothing. Ours."""
    staff_quiet_from: time = time(19, 0)
    """Wall clock from which nothing but what is urgent reaches the school's own people. Source: channels.md §8."""
    staff_quiet_until: time = time(7, 30)
    settle_minutes: int = Field(default=10, ge=0, le=60, strict=True)
    """How long a mark must stand unchanged before it is told; three times so long at most. Source: parents.md §4.3."""
    daily_budget: int | None = Field(default=5, ge=0, le=100, strict=True)
    """Messages a day that may ring without being urgent; the rest joins the letter. Source: parents.md §1."""
    digest_after_minutes: int = Field(default=90, ge=0, le=300, strict=True)
    """From the end of a child's last lesson to the evening letter. Source: house.md §6, DL-28."""


class SchoolTelling(StateModel):
    """What a school's own rules say of how families are told; whoever chose otherwise himself is told as he chose."""

    absences_at_once: bool = Field(default=True, strict=True)
    """False: the teacher tells of an absence himself, and families read of it in the evening letter. CONF-20."""
    changes_at_once: bool = Field(default=True, strict=True)
    """False: substitutions and moved lessons are told once a day, but for a day on which nobody must come. DL-29."""
    weekly_letter_on: int = Field(default=6, ge=1, le=7, strict=True)
    """Day of the weekly letter; from 1, Monday, to 7. Source: DL-28, CONF-12."""


def _known_zone(name: str) -> str:
    """Refuse a zone that nobody could plan by: one such state would stop the planning of its whole partition."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError("unknown time zone") from error
    return name


class SchoolState(StateModel):
    """A school as the gateway must know it."""

    type: Literal["school"] = "school"
    kind: SchoolKind
    name: str
    zone: Annotated[str, AfterValidator(_known_zone)]
    settings: SchoolSettings
    telling: SchoolTelling = SchoolTelling()
    """Events of before have none: then nothing of it had an effect, which is what the defaults say."""
    rests: tuple[SchoolRest, ...] = ()
    """Known so far; evening letters keep silent in them."""
