"""What no school may decide, whoever asks: families keep to families' rights, officers to figures."""

import pytest

from core.access import RIGHTS_OF, Reach, Right, Role
from core.staff.role_rights import FAMILY, OFFICERS, Decided, may_be_decided


def allowed(role: str) -> set[tuple[Right, Reach]]:
    return {(right, reach) for right in Right for reach in Reach if may_be_decided(Decided(role, right, reach))}


@pytest.mark.parametrize("role", [*Role, "psychologist"])
def test_every_built_in_answer_may_be_given_again(role: str) -> None:
    built_in = {(right, how) for right, row in RIGHTS_OF.items() for name, how in row.items() if name == role}
    assert built_in <= allowed(role)


def test_families_may_have_only_what_families_have_and_never_more_than_their_child() -> None:
    of_families = {right for right, row in RIGHTS_OF.items() if FAMILY & row.keys()}
    for role in FAMILY:
        given = {(right, reach) for right, reach in allowed(role) if reach is not Reach.NONE}
        assert {right for right, _ in given} <= of_families
        assert {reach for _, reach in given} <= {Reach.CHILD, Reach.SELF}


@pytest.mark.parametrize("right", [Right.NOTICE_ANSWER, Right.CONSENT_GIVE, Right.ABSENCE_EXPLAIN])
def test_acts_of_law_are_the_parents_own(right: Right) -> None:
    everybody = (*Role, "psychologist")
    with_reach = {role for role in everybody if {how for one, how in allowed(role) if one is right} - {Reach.NONE}}
    assert with_reach == {Role.GUARDIAN, Role.PUPIL}


def test_officers_see_figures_and_no_names() -> None:
    for role in OFFICERS:
        rights = {right for right, reach in allowed(role) if reach is not Reach.NONE}
        assert rights == {right for right, row in RIGHTS_OF.items() if role in row}
        assert not rights & {Right.PUPIL_VIEW, Right.DIARY_VIEW, Right.AUDIT_VIEW}


def test_nobody_can_lock_everybody_out() -> None:
    for right in (Right.RIGHTS_CHANGE, Right.ROLE_GRANT):
        assert not may_be_decided(Decided(Role.ADMINISTRATOR, right, Reach.NONE))
        assert may_be_decided(Decided(Role.DIRECTOR, right, Reach.NONE))
