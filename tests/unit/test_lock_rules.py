"""When marks and attendance of a lesson may no longer be changed (CONF-05, DL-12)."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from core.learning.gradebook import WORKS
from core.learning.lock_rules import WRITTEN_WORKS, Lock, Locking, Work, due, last_open_day, lock_of
from core.rule_book.model import SchoolRules
from core.rule_book.profiles import Profile, rules_by

DAY = date(2026, 11, 24)
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
ESSAY, TEST, ANSWER = "сочинение", "тест", "ответ на уроке"


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def lock(rules: SchoolRules, days: int, locking: Locking | None = None, *, first: Work | None = None) -> Lock | None:
    return lock_of(rules, locking or Locking(), DAY, after(days), NOW, first=first)


@pytest.mark.parametrize(
    ("days", "after_days", "found"),
    [
        (7, 0, None),
        (7, 7, None),
        (7, 8, Lock.DAYS),
        (7, 300, Lock.DAYS),
        (1, 1, None),
        (1, 2, Lock.DAYS),
        (None, 300, None),
    ],
)
def test_of_so_many_days_the_last_is_still_open(days: int | None, after_days: int, found: Lock | None) -> None:
    assert lock(SchoolRules(lock_after_days=days), after_days) is found


def test_final_marks_lock_at_once_and_are_said_before_the_days() -> None:
    finals = Locking(finals=True)
    assert lock(SchoolRules(), 0, finals) is Lock.FINALS
    assert lock(SchoolRules(), 8, finals) is Lock.FINALS
    assert lock(SchoolRules(lock_after_finals=False), 0, finals) is None
    assert lock(SchoolRules(lock_after_finals=False), 8, finals) is Lock.DAYS


@pytest.mark.parametrize("finals", [True, False])
def test_a_leave_lifts_both_locks_until_its_moment_and_not_at_it(*, finals: bool) -> None:
    def by(until: datetime) -> Lock | None:
        return lock(SchoolRules(), 8, Locking(finals=finals, open_until=until))

    assert by(NOW + timedelta(seconds=1)) is None
    assert by(NOW) is not None
    assert by(NOW - timedelta(days=1)) is not None


def test_the_first_mark_of_a_written_work_passes_the_days_while_it_is_in_its_time() -> None:
    strict = SchoolRules(lock_after_days=3)
    work = Work(TEST, 7)
    assert [lock(strict, days, first=work) for days in (3, 4, 7, 8)] == [None, None, None, Lock.DAYS]
    assert lock(strict, 4) is Lock.DAYS, "a correction is no first mark"
    assert lock(strict, 4, first=Work(ANSWER, 7)) is Lock.DAYS, "an answer is no written work"
    assert lock(strict, 4, Locking(finals=True), first=work) is Lock.FINALS, "final marks do not wait for it"
    assert lock(SchoolRules(lock_after_days=3, late_first_mark=False), 4, first=work) is Lock.DAYS
    assert lock(SchoolRules(lock_after_days=3, written_work_days=None), 4, first=work) is Lock.DAYS


def test_of_several_deadlines_the_one_for_fewer_works_counts() -> None:
    by_2023 = rules_by(Profile.SCHOOL_2023, {})
    assert [due(by_2023, Work(name, 9), DAY) for name in (TEST, ESSAY, ANSWER)] == [after(4), after(7), None]
    assert due(by_2023, Work(TEST, 4), DAY) is None, "by the next lesson: no number of days"
    by_2020 = rules_by(Profile.REGION_2020, {"creative_work_days": 10})
    assert [due(by_2020, Work(name, 9), DAY) for name in (TEST, ESSAY)] == [after(7), after(10)]
    assert due(by_2020, Work(ESSAY, 3), DAY) == after(7)


def test_written_works_are_kinds_of_work_that_there_are() -> None:
    assert set(WORKS) > WRITTEN_WORKS


def test_what_days_have_closed_no_later_day_opens() -> None:
    rules = SchoolRules(lock_after_days=4)
    for first in (None, Work(TEST, 7), Work(ESSAY, 11), Work(ANSWER, 5)):
        locks = [lock(rules, days, first=first) for days in range(60)]
        assert all(later is not None for now, later in pairwise(locks) if now is not None)
        assert locks[0] is None
        assert locks[-1] is Lock.DAYS
    assert last_open_day(rules, DAY) == after(4)
