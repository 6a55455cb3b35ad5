"""Commands and queries about late rolls, lists of the absent and locked lessons, as somebody would do them."""

from datetime import timedelta
from uuid import UUID

from core.access import Right
from core.learning import absence_confirmation, absence_counts, absence_lists, journal_locks, roll_deadlines, roll_taps
from core.learning.attendance_day import DayKey
from core.learning.roll_taps import Taps
from core.year.span import Span
from tests.integration.core_world import DAY
from tests.integration.rights_tries import Doing, Thing
from tests.integration.rights_world import NOW

WEEK = Span(DAY - timedelta(days=7), DAY)
TOMORROW = NOW + timedelta(days=1)

ON_ABSENCES = (
    Doing(
        "see the absent of a class",
        Thing.CLASS,
        Right.ABSENCES_VIEW,
        lambda s, it: absence_lists.of_class(s, it.actor, it.at.school_class, DAY, NOW),
    ),
    Doing(
        "see late rolls of a class",
        Thing.CLASS,
        Right.ABSENCES_VIEW,
        lambda s, it: roll_deadlines.overdue_of_class(s, it.actor, it.at.school_class, NOW),
    ),
    Doing(
        "sum unexplained days of a class",
        Thing.CLASS,
        Right.ABSENCES_VIEW,
        lambda s, it: absence_counts.unexplained_of_class(s, it.actor, it.at.school_class, WEEK, NOW),
    ),
    Doing(
        "see late rolls",
        Thing.SCHOOL,
        Right.ABSENCES_VIEW,
        lambda s, it: roll_deadlines.overdue(s, it.actor, it.school, NOW),
    ),
    Doing(
        "see whose absent wait",
        Thing.SCHOOL,
        Right.ABSENCES_VIEW,
        lambda s, it: absence_lists.waiting(s, it.actor, it.school, DAY, NOW),
    ),
    Doing(
        "count heads",
        Thing.SCHOOL,
        Right.ABSENCES_VIEW,
        lambda s, it: absence_counts.heads(s, it.actor, it.school, NOW, NOW),
    ),
    Doing(
        "sum unexplained days",
        Thing.SCHOOL,
        Right.ABSENCES_VIEW,
        lambda s, it: absence_counts.unexplained(s, it.actor, it.school, WEEK, NOW),
    ),
    Doing(
        "tap a roll on a page",
        Thing.LESSON,
        Right.ATTENDANCE_RECORD,
        lambda s, it: roll_taps.take(s, it.act, it.lesson, Taps({}, UUID(int=1), calls=True)),
    ),
    Doing(
        "accept a cause",
        Thing.PUPIL,
        Right.ABSENCE_CONFIRM,
        lambda s, it: absence_confirmation.confirm(s, it.act, DayKey(it.at.pupil, DAY), "б"),
    ),
    Doing(
        "go over the absent",
        Thing.CLASS,
        Right.ABSENCE_CONFIRM,
        lambda s, it: absence_lists.recheck(s, it.act, it.at.school_class, DAY),
    ),
    Doing(
        "open a locked lesson",
        Thing.LESSON,
        Right.JOURNAL_UNLOCK,
        lambda s, it: journal_locks.unlock(s, it.act, it.lesson, TOMORROW, "справка"),
    ),
    Doing(
        "lock a lesson again",
        Thing.LESSON,
        Right.JOURNAL_UNLOCK,
        lambda s, it: journal_locks.lock_again(s, it.act, it.lesson),
    ),
    Doing(
        "open a period with final marks",
        Thing.LESSON,
        Right.JOURNAL_UNLOCK,
        lambda s, it: journal_locks.lift_finals(s, it.act, it.lesson, "ошибка"),
    ),
)
"""The cause of an absence is refused only where a family has said one: that is tried in test_core_absence_lists."""
