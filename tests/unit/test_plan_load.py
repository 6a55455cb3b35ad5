"""The load against plans and timetable: known cases, then any load against a slow reading, pupil by pupil."""

from collections.abc import Mapping
from decimal import Decimal
from itertools import product
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.plan.load_comparison import Difference, DifferenceKind, Hours, Part, Planned, differences, total
from texts.reader import LANGUAGES, load

SOME = settings(max_examples=150, deadline=None)
FIVE_A, FIVE_B = UUID(int=1), UUID(int=2)
MATHS, ENGLISH = UUID(int=11), UUID(int=12)
ONE, TWO = UUID(int=21), UUID(int=22)
HALF_1, HALF_2, STREAM, BOTH = (UUID(int=number) for number in range(31, 35))
DIVISION = UUID(int=41)
PARTS = (
    Part(HALF_1, frozenset([FIVE_A]), DIVISION),
    Part(HALF_2, frozenset([FIVE_A]), DIVISION),
    Part(STREAM, frozenset([FIVE_A, FIVE_B])),
    Part(BOTH, frozenset([FIVE_A, FIVE_B]), whole=True),
)


def hours(learners: UUID, count: str, subject: UUID = ENGLISH, teacher: UUID = ONE) -> Hours:
    return Hours(learners, subject, teacher, Decimal(count))


def told(plan: Mapping[UUID, str], *load: Hours) -> list[tuple[DifferenceKind, UUID, str, str]]:
    """Compare the load of class 5А with its plan alone."""
    classes = {FIVE_A: {subject: Decimal(count) for subject, count in plan.items()}}
    found = differences(Planned(classes, load, load, PARTS))
    return [(one.kind, one.subject, str(one.wanted), str(one.found)) for one in found]


def test_a_load_that_gives_what_the_plan_says_differs_in_nothing() -> None:
    assert told({MATHS: "5"}, hours(FIVE_A, "3", MATHS, ONE), hours(FIVE_A, "2", MATHS, TWO)) == []
    assert told({ENGLISH: "3"}, hours(HALF_1, "3"), hours(HALF_2, "3", ENGLISH, TWO)) == []
    assert told({ENGLISH: "3"}, hours(FIVE_A, "1"), hours(HALF_1, "2"), hours(HALF_2, "2")) == []
    assert told({ENGLISH: "3"}, hours(BOTH, "1"), hours(STREAM, "2")) == []


def test_hours_that_somebody_lacks_are_told_and_hours_beyond_the_plan() -> None:
    below, above = DifferenceKind.BELOW_PLAN, DifferenceKind.ABOVE_PLAN
    assert told({MATHS: "5"}) == [(below, MATHS, "5", "0")]
    assert told({}, hours(FIVE_A, "1", MATHS)) == [(above, MATHS, "0", "1")]
    assert told({ENGLISH: "3"}, hours(HALF_1, "3")) == [(below, ENGLISH, "3", "0")], "the other half hears nothing"
    assert told({ENGLISH: "3"}, hours(HALF_1, "4"), hours(HALF_2, "2")) == [
        (below, ENGLISH, "3", "2"),
        (above, ENGLISH, "3", "4"),
    ]
    assert told({}, hours(STREAM, "2")) == [], "what is chosen is beside the plan"


def test_a_class_without_plans_is_not_compared_with_them() -> None:
    assert differences(Planned({}, [hours(FIVE_A, "3")], [hours(FIVE_A, "3")])) == ()


def test_the_timetable_has_the_hours_of_the_load_by_teacher() -> None:
    load = (hours(FIVE_A, "2.5", MATHS), hours(FIVE_A, "1", MATHS, TWO), hours(HALF_1, "3"))
    timetable = (*(hours(FIVE_A, "1", MATHS),) * 2, hours(FIVE_A, "0.5", MATHS), hours(FIVE_A, "2", MATHS, TWO))
    assert differences(Planned({}, load, timetable, PARTS)) == (
        Difference(DifferenceKind.ABOVE_LOAD, FIVE_A, MATHS, TWO, Decimal(1), Decimal(2)),
        Difference(DifferenceKind.BELOW_LOAD, HALF_1, ENGLISH, ONE, Decimal(3), Decimal(0)),
    )
    assert total(load, ONE) == Decimal("5.5")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", DifferenceKind)
def test_every_difference_is_a_sentence(language: str, kind: DifferenceKind) -> None:
    args = {"learners": "5А", "subject": "математика", "teacher": "Орлов Пётр", "wanted": "5", "found": "4,5"}
    text = load(language).format(f"load-difference-{kind}", **args)
    assert text.startswith("5А, математика")
    assert "4,5" in text


# --- Any load, pupil by pupil -------------------------------------------------------------------------------------

LEARNERS = (FIVE_A, FIVE_B, HALF_1, HALF_2, STREAM, BOTH)
GIVEN = st.lists(
    st.builds(
        Hours,
        st.sampled_from(LEARNERS),
        st.sampled_from((MATHS, ENGLISH)),
        st.sampled_from((ONE, TWO)),
        st.sampled_from([Decimal("0.5"), Decimal(1), Decimal(2)]),
    ),
    max_size=10,
)
PLANS = st.dictionaries(
    st.sampled_from((FIVE_A, FIVE_B)),
    st.dictionaries(st.sampled_from((MATHS, ENGLISH)), st.sampled_from([Decimal(1), Decimal(2)]), max_size=2),
    max_size=2,
)


def pupils_of(class_id: UUID) -> list[frozenset[UUID]]:
    """Return every way to be a pupil of a class: the learners with whom he sits."""
    halves: list[set[UUID]] = [{HALF_1}, {HALF_2}] if class_id == FIVE_A else [set()]
    return [frozenset({class_id, BOTH} | half | chosen) for half, chosen in product(halves, [set(), {STREAM}])]


@SOME
@given(PLANS, GIVEN, GIVEN)
def test_differences_are_what_each_pupil_and_teacher_would_count(
    plans: dict[UUID, dict[UUID, Decimal]], given_load: list[Hours], timetable: list[Hours]
) -> None:
    found = differences(Planned(plans, given_load, timetable, PARTS))
    shown = {(one.kind, one.learners, one.subject, one.teacher, one.wanted, one.found) for one in found}
    counted: set[tuple[DifferenceKind, UUID, UUID, UUID | None, Decimal, Decimal]] = set()
    for class_id, subject in product(plans, (MATHS, ENGLISH)):
        wanted = plans[class_id].get(subject, Decimal(0))
        heard = [
            (STREAM in sits, sum((one.hours for one in of_subject if one.learners in sits), Decimal(0)))
            for of_subject in [[one for one in given_load if one.subject == subject]]
            for sits in pupils_of(class_id)
        ]
        least = min(count for chose, count in heard if chose)
        most = max(count for chose, count in heard if not chose)
        if least < wanted:
            counted.add((DifferenceKind.BELOW_PLAN, class_id, subject, None, wanted, least))
        if most > wanted:
            counted.add((DifferenceKind.ABOVE_PLAN, class_id, subject, None, wanted, most))
    for learners, subject, teacher in product(LEARNERS, (MATHS, ENGLISH), (ONE, TWO)):
        key = (learners, subject, teacher)
        load_of, table_of = (
            sum((one.hours for one in each if (one.learners, one.subject, one.teacher) == key), Decimal(0))
            for each in (given_load, timetable)
        )
        if load_of != table_of:
            kind = DifferenceKind.BELOW_LOAD if table_of < load_of else DifferenceKind.ABOVE_LOAD
            counted.add((kind, *key, load_of, table_of))
    assert shown == counted
    assert len(found) == len(shown)
