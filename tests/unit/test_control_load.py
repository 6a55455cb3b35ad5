"""How many control works a class may have: what is refused is what one pupil would have too many of."""

from datetime import date, timedelta
from itertools import product
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.timetable.control_load import A_DAY, A_WEEK, Crowd, Sitting, crowded_by, crowds, week_of
from core.year.span import Span

MONDAY = date(2026, 11, 30)
THE_5A, THE_5B = UUID(int=1), UUID(int=2)
FIRST_HALF, SECOND_HALF, ELECTIVE = UUID(int=11), UUID(int=12), UUID(int=13)
ENGLISH = UUID(int=21)
ALONE = UUID(int=31)


def work(name: int, learners: UUID = THE_5A, after: int = 0, *classes: UUID) -> Sitting:
    """Make a work of some learners so many days after Monday."""
    halves = (FIRST_HALF, SECOND_HALF)
    return Sitting(
        work=UUID(int=100 + name),
        day=MONDAY + timedelta(days=after),
        learners=learners,
        classes=frozenset(classes or ((learners,) if learners in (THE_5A, THE_5B) else (THE_5A,))),
        division=ENGLISH if learners in halves else None,
        is_alone=learners == ALONE,
    )


def test_a_class_writes_one_work_a_day() -> None:
    there = work(1)
    day = Span(MONDAY, MONDAY)
    assert crowded_by(work(2), [there]) == Crowd(THE_5A, day, A_DAY, (UUID(int=101), UUID(int=102)))
    assert crowded_by(work(2, THE_5A, 1), [there]) is None
    assert crowded_by(work(2, THE_5B), [there]) is None


def test_a_class_writes_three_works_a_week() -> None:
    there = [work(number, THE_5A, number) for number in range(A_WEEK)]
    found = crowded_by(work(9, THE_5A, 4), there)
    assert found is not None
    assert (found.of, found.span, found.limit) == (THE_5A, week_of(MONDAY), A_WEEK)
    assert found.works[-1] == UUID(int=109)
    assert crowded_by(work(9, THE_5A, 7), there) is None, "the next week is another"
    assert crowded_by(work(9, THE_5A, 4), there[1:]) is None


def test_a_work_is_no_crowd_with_itself() -> None:
    assert crowded_by(work(1, THE_5A, 3), [work(1)]) is None


def test_halves_of_a_class_write_on_one_day_and_the_class_does_not() -> None:
    first, second = work(1, FIRST_HALF), work(2, SECOND_HALF)
    assert crowded_by(second, [first]) is None
    assert crowds([first, second]) == ()
    refused = crowded_by(work(3), [first, second])
    assert refused is not None
    assert set(refused.works) == {first.work, second.work, work(3).work}
    assert crowded_by(work(4, FIRST_HALF), [first, second]) is not None


def test_halves_count_once_in_a_week() -> None:
    halves = [work(1, FIRST_HALF), work(2, SECOND_HALF, 1)]
    assert crowded_by(work(3, THE_5A, 2), [*halves, work(4, THE_5A, 3)]) is None
    assert crowded_by(work(3, THE_5A, 2), [*halves, work(4, THE_5A, 3), work(5, THE_5A, 4)]) is not None


def test_of_a_stream_every_class_is_asked() -> None:
    stream = work(1, ELECTIVE, 0, THE_5A, THE_5B)
    refused = crowded_by(stream, [work(2, THE_5B)])
    assert refused is not None
    assert refused.of == THE_5B
    assert crowded_by(work(3), [stream]) is not None


def test_a_pupil_taught_alone_has_a_count_of_his_own() -> None:
    assert crowded_by(work(1, ALONE), [work(2)]) is None
    assert crowded_by(work(2), [work(1, ALONE)]) is None
    refused = crowded_by(work(3, ALONE), [work(1, ALONE)])
    assert refused is not None
    assert refused.of == ALONE


LEARNERS = st.sampled_from([THE_5A, THE_5B, FIRST_HALF, SECOND_HALF, ELECTIVE, ALONE])
DAYS = st.integers(0, 13)


def too_many(sittings: list[Sitting]) -> bool:
    """Ask of every pupil there may be: in a half or not, in the elective or not, or taught alone."""
    for half, chosen in product((FIRST_HALF, SECOND_HALF, None), (True, False)):
        groups = {THE_5A, half, ELECTIVE if chosen else None}
        if _overfilled([one for one in sittings if one.learners in groups]):
            return True
    return any(_overfilled([one for one in sittings if one.learners == whose]) for whose in (THE_5B, ALONE))


def _overfilled(mine: list[Sitting]) -> bool:
    days = [one.day for one in mine]
    weeks = [week_of(day) for day in days]
    return any(days.count(day) > A_DAY for day in days) or any(weeks.count(week) > A_WEEK for week in weeks)


@given(st.lists(st.tuples(LEARNERS, DAYS), max_size=9))
def test_what_is_planned_one_by_one_is_never_too_much_for_anybody(wanted: list[tuple[UUID, int]]) -> None:
    """No accepted schedule overfills a pupil's day or week, and no refused work would have been free of it."""
    accepted: list[Sitting] = []
    for number, (learners, after) in enumerate(wanted):
        new = work(number, learners, after)
        refused = crowded_by(new, accepted) is not None
        assert refused == too_many([*accepted, new])
        if not refused:
            accepted.append(new)
    assert crowds(accepted) == ()
