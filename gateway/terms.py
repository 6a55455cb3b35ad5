"""How time treats each topic. Pure.

How long it is news, whether it waits for its author to settle, whether a full day sends it to the evening letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import assert_never

from core.events import (
    AbsenceDisputedState,
    AttendanceDayState,
    ControlWorkState,
    HomeworkState,
    LearningWeekState,
    MailboxLinkState,
    MarkState,
    NoticeState,
    PasswordLinkState,
    RemarkState,
    RollOverdueState,
    SchoolEventState,
    SchoolMorningState,
    SchoolRollsState,
    StrangeEntryState,
    Subject,
    TimetableDayState,
)
from core.school_time import at_school, end_of_school_date, school_date
from gateway.categories import Category, Duty, Topic
from gateway.due_times import CORRECTION_LIVES, LATE_ENTRY_LIVES, NEWS_LIVES

ASK_LIVES = timedelta(days=14)
"""What asks for a signature without naming a day, and what is said once a quarter, is worth telling for so long."""


@dataclass(frozen=True, slots=True)
class Terms:
    """How time treats one topic."""

    lives: timedelta
    """From the moment at which it is first due; longer if it is of use longer (``useful_until``)."""
    source: str
    """Of what it lives by; «ours» where no document says."""
    settles: bool = False
    """It waits until its author has stopped changing it, not only for the undo window."""
    outlives_quiet: bool = False
    """If a quiet time holds it back, it is told when that ends, however long it lives otherwise."""
    overflows: bool = False
    """When the reader's day is full, it goes with the evening letter instead of alone."""


_OF_ITS_DAY = "channels.md §8: every alert has a time to live; not told next morning"
_MARK = Terms(NEWS_LIVES, "ours; settles by parents.md §4.3", settles=True, overflows=True)
_NEWS = Terms(NEWS_LIVES, "ours", overflows=True)
_PLANNED = Terms(LATE_ENTRY_LIVES, "TT-07, YEAR-31: of use until it is over", overflows=True)
TERMS: Mapping[Topic, Terms] = MappingProxyType(
    {
        # Of attendance; all but lateness is urgent and passes whatever stands here but its life.
        Category.ABSENCE: Terms(LATE_ENTRY_LIVES, f"NOTIF-18; {_OF_ITS_DAY}", outlives_quiet=True),
        Category.GONE: Terms(LATE_ENTRY_LIVES, f"parents.md §4.2; {_OF_ITS_DAY}", outlives_quiet=True),
        Category.ALL_CLEAR: Terms(LATE_ENTRY_LIVES, f"parents.md §4.2; {_OF_ITS_DAY}", outlives_quiet=True),
        Category.LATENESS: Terms(LATE_ENTRY_LIVES, _OF_ITS_DAY, outlives_quiet=True, overflows=True),
        Category.BAD_MARK: _MARK,
        Category.MARK: _MARK,
        # Told within 24 hours, so that it waits for no letter.
        Category.FINAL_MARK: Terms(ASK_LIVES, "NOTIF-17, DL-14; settles by parents.md §4.3", settles=True),
        Category.REMARK: _NEWS,
        Category.PRAISE: _NEWS,
        # Somebody speaks to one family, and waits for it.
        Category.MESSAGE: Terms(NEWS_LIVES, "ours; MSG-07"),
        Category.HOMEWORK: Terms(LATE_ENTRY_LIVES, "HW-05: of use until the lesson at which it is due", overflows=True),
        # Told in real time, so that it waits for no letter unless the reader chose so.
        Category.TIMETABLE: Terms(LATE_ENTRY_LIVES, "DL-29, TT-07: of use until its day is over"),
        Category.TEST: _PLANNED,
        Category.EVENT: _PLANNED,
        Category.NOTICE: _NEWS,
        Category.CONSENT: Terms(ASK_LIVES, "ours; parents.md §4.5: until its deadline if there is one"),
        # The next one says anew how learning goes.
        Category.DIGEST: Terms(CORRECTION_LIVES, "ours"),
        Duty.ROLL: Terms(LATE_ENTRY_LIVES, f"DL-01; {_OF_ITS_DAY}"),
        Duty.SCHOOL: Terms(LATE_ENTRY_LIVES, f"ATT-15; {_OF_ITS_DAY}"),
        Duty.DISPUTE: Terms(CORRECTION_LIVES, "ours; parents.md §4.2"),
        Duty.OWN: Terms(LATE_ENTRY_LIVES, "the link itself says until when it opens"),
    }
)


def useful_until(state: Subject, zone: str) -> date | None:
    """Return the last school day on which it is of use to be told of a subject; None: its terms alone count."""
    match state:
        case AttendanceDayState() | TimetableDayState() | ControlWorkState() | PasswordLinkState():
            return state.day
        case LearningWeekState() | RollOverdueState() | SchoolRollsState() | SchoolMorningState():
            return state.day
        case HomeworkState():
            return state.due_on
        case SchoolEventState() | MailboxLinkState() | StrangeEntryState():
            ends = state.ends_at if isinstance(state, SchoolEventState) else state.expires_at
            return school_date(ends, zone)
        case NoticeState():
            return state.reply_by
        case MarkState() | RemarkState() | AbsenceDisputedState():
            return None
        case _ as never:
            assert_never(never)


def needed_by(state: Subject, zone: str) -> datetime | None:
    """Return the moment after which it is too late to be told of a plan; a letter that leaves later is not waited for.

    A changed lesson is needed before it begins, or before it would have begun; a control work before its day.
    """
    match state:
        case TimetableDayState():
            changed = [lesson for lesson in state.lessons if lesson.is_changed]
            begins = [lesson.starts_at for lesson in changed]
            begins += [lesson.was.starts_at for lesson in changed if lesson.was is not None]
            return min(begins, default=None)
        case ControlWorkState():
            return at_school(state.day, time(), zone)
        case SchoolEventState():
            return state.starts_at
        case LearningWeekState():
            # Put together for the letter of that evening: the next one says anew how learning goes.
            return end_of_school_date(state.day, zone)
        case _:
            return None


def over_at(state: Subject, zone: str) -> datetime | None:
    """Return the moment from which something is past, however little time there was to tell it.

    Substitutions are often written down when the lesson is over; a roll is called on its day, or late from paper.
    """
    match state:
        case TimetableDayState():
            changed = [lesson for lesson in state.lessons if lesson.is_changed or state.taught_by]
            ends = [lesson.ends_at for lesson in changed]
            ends += [lesson.was.ends_at for lesson in changed if lesson.was is not None]
            # Of a day that is as usual again, the end of all of it: what was told of it is put right until then.
            return max(ends or [lesson.ends_at for lesson in state.lessons], default=None)
        case SchoolEventState():
            return state.ends_at
        case RollOverdueState() | SchoolRollsState() | SchoolMorningState():
            return end_of_school_date(state.day, zone)
        case _:
            return None
