"""The simulation's turnstile: who is parted from whom."""

import pytest

from tests.simulation.turnstile import knotted


@pytest.mark.parametrize(
    ("held_by", "found"),
    [
        ({}, False),
        ({1: {9}}, False),
        ({1: {2}, 2: {9}}, False),  # a queue behind somebody who goes on
        ({1: {2}, 2: {1}}, True),
        ({1: {2}, 2: {3}, 3: {1}}, True),
        ({1: {2}, 2: {1}, 3: {9}}, True),  # whoever hangs on others besides does not hide the knot
        ({1: {2, 9}, 2: {1}}, True),
    ],
)
def test_a_knot_is_some_who_hang_on_each_other(held_by: dict[int, set[int]], found: bool) -> None:  # noqa: FBT001 - a case of a table
    assert knotted(held_by) is found
