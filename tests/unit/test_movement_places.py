"""What an order changed is taken back day by day; what others wrote since stays."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.movement.places import Place, taken_back

FIRST = date(2026, 9, 1)
DAY = timedelta(days=1)
DAYS = [FIRST + DAY * number for number in range(14)]
A, B, C = (UUID(int=number) for number in (1, 2, 3))


def line(*classes: UUID | None) -> tuple[Place, ...]:
    """Make places of a class for each day; the last has no end."""
    found: list[Place] = []
    for day, class_id in zip(DAYS, classes, strict=False):
        last = found[-1] if found else None
        if last and last.until is None:
            found[-1] = Place(last.class_id, last.since, day - DAY)
        if class_id is not None:
            found.append(Place(class_id, day, None))
    return tuple(found)


def days(places: Iterable[Place]) -> list[UUID | None]:
    held = tuple(places)
    return [next((one.class_id for one in held if day in one), None) for day in DAYS]


LINES = st.lists(st.sampled_from([A, B, C, None]), min_size=len(DAYS), max_size=len(DAYS)).map(lambda each: line(*each))


@given(LINES, LINES, LINES, st.integers(0, len(DAYS) - 1))
def test_of_each_day_the_last_who_changed_it_but_for_the_order_has_his_way(
    before: tuple[Place, ...], after: tuple[Place, ...], now: tuple[Place, ...], first: int
) -> None:
    found = taken_back(DAYS[first], before, after, now)
    each = zip(days(before), days(after), days(now), strict=True)
    wanted = [here if number < first or here != left else would for number, (would, left, here) in enumerate(each)]
    assert days(found) == wanted
    for one, following in pairwise(found):
        assert one.until is not None
        assert one.until < following.since
        assert one.class_id != following.class_id or one.until + DAY < following.since, "two are not one"


def test_a_place_is_read_as_it_was_written() -> None:
    for one in (Place(A, FIRST, None), Place(B, FIRST, FIRST + DAY)):
        assert Place.read(one.written()) == one
