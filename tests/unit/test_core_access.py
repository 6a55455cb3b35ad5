"""The table of rights: equal to the one written by hand, and nothing but the table decides."""

import csv
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.access import RIGHTS_OF, Held, Reach, Right, Role, Standing, Thing, may, reach_of

TABLE = Path("docs/reference/rights.csv")
CATALOGUE = Path("docs/reference/requirements/catalogue.csv")
ME, OTHER, SCHOOL, ELSEWHERE, CLASS, REGION = (UUID(int=number) for number in range(1, 7))
OWN: dict[Reach, Thing] = {
    Reach.SELF: Thing(school=SCHOOL, person=ME),
    Reach.CHILD: Thing(school=SCHOOL, guardians=frozenset({ME, OTHER}), trusted=frozenset({ME})),
    Reach.LESSON: Thing(school=SCHOOL, lesson_teacher=ME, substitute=ME),
    Reach.CLASS: Thing(school=SCHOOL, school_class=CLASS, class_teacher=ME),
    Reach.SCHOOL: Thing(school=SCHOOL),
    Reach.AUTHORITY: Thing(school=SCHOOL, authorities=frozenset({REGION})),
}
FOREIGN = Thing(
    school=ELSEWHERE,
    authorities=frozenset({OTHER}),
    school_class=OTHER,
    class_teacher=OTHER,
    lesson_teacher=OTHER,
    substitute=OTHER,
    person=OTHER,
    guardians=frozenset({OTHER}),
    trusted=frozenset({OTHER}),
)


def standing(role: str) -> Standing:
    return Standing(ME, held=frozenset({Held(role, SCHOOL, REGION, CLASS)}))


@pytest.mark.req("ROLE-04", "AUTH-06")
def test_the_code_says_what_the_table_written_by_hand_says() -> None:
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    written = {(row["role"], row["right"]): row["reach"] for row in rows}
    coded = {
        (role.value, right.value): reach.value for right, cells in RIGHTS_OF.items() for role, reach in cells.items()
    }
    assert coded == written
    assert len(written) == len(rows), "a cell stands twice"
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        known = {row["id"] for row in csv.DictReader(file)}
    assert {row["requirement"] for row in rows} <= known


def test_every_right_is_somebodys() -> None:
    assert set(RIGHTS_OF) == set(Right)
    assert all(RIGHTS_OF[right] for right in Right)


@pytest.mark.parametrize("right", Right)
def test_each_cell_opens_what_is_ones_own_and_nothing_foreign(right: Right) -> None:
    for role in Role:
        who = standing(role)
        reach = RIGHTS_OF[right].get(role, Reach.NONE)
        own = OWN.get(reach)
        assert (own is not None) == (reach is not Reach.NONE)
        assert own is None or may(who, right, own), (role, right)
        assert not may(who, right, FOREIGN), (role, right)


@pytest.mark.parametrize("right", Right)
def test_the_office_may_all_that_is_not_personal_and_nobody_nothing(right: Right) -> None:
    reaches = set(RIGHTS_OF[right].values())
    assert may(Standing(None, is_office=True), right, FOREIGN) is bool(reaches - {Reach.SELF, Reach.CHILD})
    everything = replace(OWN[Reach.CHILD], person=ME, lesson_teacher=ME, class_teacher=ME)
    assert not may(Standing(ME), right, everything)
    assert not may(Standing(None, held=frozenset({Held(Role.DIRECTOR, SCHOOL)})), right, everything)


@pytest.mark.req("ROLE-34")
@given(st.sets(st.sampled_from(Role)), st.sampled_from(Right), st.sampled_from(sorted(OWN)))
def test_roles_add_up_and_take_nothing_from_each_other(roles: set[Role], right: Right, reach: Reach) -> None:
    together = Standing(ME, held=frozenset(Held(role, SCHOOL, REGION, CLASS) for role in roles))
    assert may(together, right, OWN[reach]) == any(may(standing(role), right, OWN[reach]) for role in roles)


@pytest.mark.req("ROLE-04")
def test_a_school_decides_otherwise_for_one_role_and_one_right() -> None:
    thing = OWN[Reach.CLASS]
    leads = standing(Role.CLASS_TEACHER)
    assert not may(leads, Right.ATTENDANCE_RECORD, thing)
    decided = replace(leads, overrides={("class-teacher", Right.ATTENDANCE_RECORD): Reach.CLASS})
    assert may(decided, Right.ATTENDANCE_RECORD, thing)
    assert not may(decided, Right.MARK_GIVE, thing)
    forbidden = replace(leads, overrides={("class-teacher", Right.NOTICE_PUBLISH): Reach.NONE})
    assert may(leads, Right.NOTICE_PUBLISH, thing)
    assert not may(forbidden, Right.NOTICE_PUBLISH, thing)


@pytest.mark.req("ROLE-04")
def test_a_role_of_the_schools_own_may_what_the_school_gave_it() -> None:
    psychologist = standing("psychologist")
    assert {reach_of(psychologist, "psychologist", right) for right in Right} == {Reach.NONE}
    decided = replace(psychologist, overrides={("psychologist", Right.PUPIL_VIEW): Reach.SCHOOL})
    assert may(decided, Right.PUPIL_VIEW, Thing(school=SCHOOL, person=uuid4()))
    assert not may(decided, Right.PUPIL_VIEW, Thing(school=ELSEWHERE, person=uuid4()))


def test_a_stand_in_has_the_class_that_he_was_given_and_no_other() -> None:
    stands_in = Standing(ME, held=frozenset({Held(Role.STAND_IN, SCHOOL, school_class=CLASS)}))
    assert may(stands_in, Right.NOTICE_PUBLISH, Thing(school=SCHOOL, school_class=CLASS, class_teacher=OTHER))
    assert not may(stands_in, Right.NOTICE_PUBLISH, Thing(school=SCHOOL, school_class=OTHER, class_teacher=ME))
