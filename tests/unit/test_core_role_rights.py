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


@pytest.mark.parametrize(
    ("right", "whose", "how"),
    [
        (Right.NOTICE_ANSWER, Role.GUARDIAN, Reach.CHILD),
        (Right.CONSENT_GIVE, Role.GUARDIAN, Reach.CHILD),
        (Right.ABSENCE_EXPLAIN, Role.GUARDIAN, Reach.CHILD),
        (Right.MAJORITY_ANSWER, Role.PUPIL, Reach.SELF),
    ],
)
def test_acts_of_law_are_theirs_whose_the_law_makes_them_and_no_school_takes_them(
    right: Right, whose: Role, how: Reach
) -> None:
    answers = {(role, one) for role in (*Role, "psychologist") for act, one in allowed(role) if act is right}
    assert answers == {(role, Reach.NONE) for role in (*Role, "psychologist") if role != whose} | {(whose, how)}


@pytest.mark.parametrize("right", [Right.ACCOUNT_OWN, Right.BREACH_REPORT])
@pytest.mark.parametrize("role", [*Role, "psychologist"])
def test_everybody_looks_after_his_own_account_and_no_others(right: Right, role: str) -> None:
    answers = {how for act, how in allowed(role) if act is right}
    built_in = RIGHTS_OF[right].get(Role(role), Reach.NONE) if role in set(Role) else None
    assert answers == ({Reach.NONE, Reach.SELF} if built_in is None else {built_in})


def test_officers_see_figures_and_no_names() -> None:
    for role in OFFICERS:
        rights = {right for right, reach in allowed(role) if reach is not Reach.NONE}
        assert rights == {right for right, row in RIGHTS_OF.items() if role in row}
        assert not rights & {Right.PUPIL_VIEW, Right.DIARY_VIEW, Right.AUDIT_VIEW}


def test_nobody_can_lock_everybody_out() -> None:
    for right in (Right.RIGHTS_CHANGE, Right.ROLE_GRANT):
        assert {how for act, how in allowed(Role.ADMINISTRATOR) if act is right} == {Reach.SCHOOL}
        assert may_be_decided(Decided(Role.DIRECTOR, right, Reach.NONE))
