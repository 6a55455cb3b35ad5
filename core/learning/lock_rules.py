"""When marks and attendance of a lesson may no longer be changed (CONF-05, DL-12). Pure.

Two independent locks: days that have passed since the lesson (ATT-11, MARK-21), and final marks of its period
(ROLE-07). The administration's leave lifts both for a time; nobody is above them without it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.rule_book.model import SchoolRules

UNLOCKED_AT_MOST = timedelta(days=14)
"""No leave is longer: what is open for good is no lock."""
_SENIOR = range(5, 12)
"""Grades with deadlines of their own in the regulation of 2023 (DL-07, DL-08)."""
CREATIVE_WORKS = frozenset({"сочинение"})
WRITTEN_WORKS = CREATIVE_WORKS | {
    "самостоятельная работа",
    "контрольная работа",
    "проверочная работа",
    "лабораторная работа",
    "практическая работа",
    "диктант",
    "тест",
}
"""Kinds of work that are taken home to be looked through. Homework may have been oral, a project a model: they count
as what is marked in the lesson."""


class Lock(StrEnum):
    """What keeps a lesson from being changed."""

    DAYS = "days"
    FINALS = "finals"


@dataclass(frozen=True, slots=True)
class Locking:
    """What is on record of a lesson's locks."""

    finals: bool = False
    """Final marks stand for its learners and subject, in a period that it lies in."""
    open_until: datetime | None = None
    """Until when the longest leave of the administration opens it, whether or not that is over."""


@dataclass(frozen=True, slots=True)
class Work:
    """A work that is marked at a lesson, for the first time of this pupil."""

    name: str
    grade: int


def last_open_day(rules: SchoolRules, day: date) -> date | None:
    """Return the last day on which a lesson of ``day`` may be changed without leave; None: days close nothing.

    The day of the lesson is not counted: of seven days, the seventh after it is the last.
    """
    return None if rules.lock_after_days is None else day + timedelta(days=rules.lock_after_days)


def due(rules: SchoolRules, work: Work, day: date) -> date | None:
    """Return until when a written work of this day is marked; None: it is none, or the school has set no time.

    Where several deadlines fit, the one for fewer works counts: creative ones, then the senior grades', then all. That
    of internal monitoring (DL-04) and «by the next lesson» (DL-06) are shorter than any lock, and open nothing.
    """
    if work.name not in WRITTEN_WORKS:
        return None
    fitting = [rules.written_work_days]
    if work.grade in _SENIOR:
        fitting.insert(0, rules.senior_work_days)
        if work.name in CREATIVE_WORKS:
            fitting.insert(0, rules.creative_work_days)
    days = next((one for one in fitting if one is not None), None)
    return None if days is None else day + timedelta(days=days)


def lock_of(
    rules: SchoolRules, locking: Locking, day: date, today: date, now: datetime, *, first: Work | None = None
) -> Lock | None:
    """Tell what locks a lesson of ``day``; None: it may be changed.

    ``today`` is the school's day at ``now``. ``first`` is a work that this pupil gets his first mark for: while it is
    in its time, the days that have passed do not matter (``late_first_mark``); final marks do.
    """
    if locking.open_until is not None and now < locking.open_until:
        return None
    if locking.finals and rules.lock_after_finals:
        return Lock.FINALS
    last = last_open_day(rules, day)
    if last is None or today <= last:
        return None
    in_time = due(rules, first, day) if first is not None and rules.late_first_mark else None
    return None if in_time is not None and today <= in_time else Lock.DAYS
