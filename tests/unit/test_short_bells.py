"""Shortened bells: as long as was asked, in the same order, free of problems; what cannot be is refused."""

from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.refusals import Invalid
from core.timetable.short_bells import shortened
from core.year.bells import Bell, BellSchedule, problems
from core.year.span import Hours
from tests.unit.year_cases import FIRST_SHIFT, day

SOME_DAY = day("11-24")


def minutes(earlier: time, later: time) -> int:
    gap = datetime.combine(SOME_DAY, later) - datetime.combine(SOME_DAY, earlier)
    return int(gap / timedelta(minutes=1))


@given(st.integers(10, 40), st.none() | st.integers(0, 20), st.none() | st.integers(1, 6))
def test_lessons_are_as_long_and_as_far_apart_as_was_asked(length: int, pause: int | None, lessons: int | None) -> None:
    (made,) = shortened((FIRST_SHIFT,), length, pause=pause, lessons=lessons)
    assert problems((made,)) == ()
    assert [bell.number for bell in made.bells] == list(range(1, (lessons or 6) + 1))
    assert made.bells[0].hours.starts == FIRST_SHIFT.bells[0].hours.starts
    assert {minutes(bell.hours.starts, bell.hours.ends) for bell in made.bells} == {length}
    usual = 20
    gaps = {minutes(one.hours.ends, other.hours.starts) for one, other in pairwise(made.bells)}
    assert gaps <= {usual if pause is None else pause}


def test_whose_bells_they_are_stays() -> None:
    own = BellSchedule("первый класс", 1, FIRST_SHIFT.bells, frozenset({1}), frozenset({5}))
    made = shortened((own, FIRST_SHIFT), 30)
    assert [(one.name, one.grades, one.weekdays) for one in made] == [
        ("первый класс", frozenset({1}), frozenset({5})),
        ("первая смена", None, None),
    ]


@pytest.mark.parametrize(
    ("usual", "length", "code"),
    [
        ((), 30, "timetable-no-bells"),
        ((FIRST_SHIFT,), 9, "timetable-minutes"),
        ((FIRST_SHIFT,), 61, "timetable-minutes"),
        (
            (BellSchedule("вечер", 2, (Bell(1, Hours(time(23), time(23, 30))),)),),
            60,
            "timetable-day-endless",
        ),
    ],
)
def test_what_cannot_be_shortened_is_refused(usual: tuple[BellSchedule, ...], length: int, code: str) -> None:
    with pytest.raises(Invalid) as caught:
        shortened(usual, length)
    assert caught.value.code == code
