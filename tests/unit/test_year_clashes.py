"""Who and what is asked to be in two places at once: case by case, and against a checker of every minute."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.year.changes import (
    Cancellation,
    CancelReason,
    Change,
    Closed,
    DayAct,
    Distance,
    LessonKey,
    Scope,
    Substitution,
)
from core.year.clashes import Clash, ClashKind, clashes, describe, once_a_week
from core.year.membership import Membership
from core.year.planned import PlannedLesson, planned_lessons
from core.year.span import Span
from core.year.weekly import Learners, LearnersKind, WeeklySlot
from tests.unit.year_cases import (
    CLASS_7A,
    CLASS_7B,
    COMBINED,
    ENGLISH,
    FIRST_HALF,
    IVANOVA,
    MATHS,
    OF_7A,
    OF_7B,
    PETROV,
    PUPIL,
    ROOM_12,
    ROOM_14,
    SECOND_HALF,
    STREAM,
    THE_1A,
    THE_7A,
    THE_7B,
    ZONE,
    day,
    hours,
    learners,
    plan,
    slot,
    span,
)
from texts.reader import LANGUAGES, load

SOME = settings(max_examples=150, deadline=None)
MONDAY = day("09-07")
ONE_DAY = Span(MONDAY, MONDAY)
ALYONA, BORIS = UUID(int=31), UUID(int=32)


def found(
    *slots: WeeklySlot, changes: Sequence[Change] = (), lists: Sequence[Membership] = (), shared: Sequence[UUID] = ()
) -> list[tuple[ClashKind, UUID]]:
    """Find the clashes on Monday, 7 September."""
    lessons = planned_lessons(plan(*slots), changes, within=ONE_DAY)
    return [(one.kind, one.thing) for one in clashes(lessons, lists, shared)]


def beside(number: int, who: Learners) -> WeeklySlot:
    """Make a slot that shares nothing with that of 7А but the time."""
    return slot(number, learners=who, teacher=UUID(int=810 + number), room=UUID(int=710 + number))


def test_lessons_that_share_nothing_do_not_clash() -> None:
    assert found(slot(1), beside(2, THE_7B), beside(3, THE_1A)) == []


def test_a_teacher_gives_one_lesson_at_a_time_whoever_was_to_give_it() -> None:
    other = replace(beside(2, THE_7B), teacher=IVANOVA)
    assert found(slot(1), other) == [(ClashKind.TEACHER, IVANOVA)]
    assert found(slot(1), other, changes=[Substitution(other.id, MONDAY, PETROV)]) == []
    stranger = beside(2, THE_7B)
    assert found(slot(1), stranger, changes=[Substitution(stranger.id, MONDAY, IVANOVA)]) == [
        (ClashKind.TEACHER, IVANOVA)
    ]


def test_lessons_of_two_shifts_clash_by_the_clock_not_by_number() -> None:
    other = replace(beside(2, THE_7B), teacher=IVANOVA, number=9)
    assert found(slot(1), replace(other, hours=hours("10:10", "10:50"))) == []
    assert found(slot(1), replace(other, hours=hours("10:09", "10:50"))) == [(ClashKind.TEACHER, IVANOVA)]
    assert found(slot(1), replace(other, hours=hours("08:00", "09:30"))) == []


def test_a_room_holds_one_lesson_unless_it_is_shared_or_everybody_is_at_home() -> None:
    other = replace(beside(2, THE_7B), room=ROOM_12)
    assert found(slot(1), other) == [(ClashKind.ROOM, ROOM_12)]
    assert found(slot(1), other, shared=[ROOM_12]) == []
    assert found(slot(1), other, shared=[ROOM_14]) == [(ClashKind.ROOM, ROOM_12)]
    at_home = DayAct(ONE_DAY, Distance(), Scope(classes=frozenset({CLASS_7B})))
    assert found(slot(1), other, changes=[at_home]) == []
    assert found(replace(slot(1), room=None), replace(other, room=None)) == [], "no room is no room"


def test_a_cancelled_lesson_holds_nobody() -> None:
    other = slot(2)
    assert len(found(slot(1), other)) == 3
    assert found(slot(1), other, changes=[Cancellation(other.id, MONDAY, CancelReason.OTHER)]) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (THE_7A, THE_7A, [(ClashKind.CLASS, CLASS_7A)]),
        (THE_1A, COMBINED, [(ClashKind.CLASS, THE_1A.id)]),
        (THE_7A, FIRST_HALF, [(ClashKind.SUBGROUP, CLASS_7A)]),
        (STREAM, THE_7B, [(ClashKind.SUBGROUP, CLASS_7B)]),
        (FIRST_HALF, FIRST_HALF, [(ClashKind.GROUP, FIRST_HALF.id)]),
        (STREAM, STREAM, [(ClashKind.GROUP, STREAM.id)]),
        (FIRST_HALF, SECOND_HALF, []),
        (PUPIL, PUPIL, [(ClashKind.PUPIL, PUPIL.id)]),
        (PUPIL, THE_7A, []),
        (PUPIL, FIRST_HALF, []),
    ],
)
def test_a_class_and_its_parts(one: Learners, other: Learners, expected: list[tuple[ClashKind, UUID]]) -> None:
    assert found(slot(1, learners=one), beside(2, other)) == expected
    assert found(beside(2, other), slot(1, learners=one)) == expected


def test_two_groups_clash_by_who_is_in_both_on_that_day() -> None:
    pair = (slot(1, learners=FIRST_HALF), beside(2, SECOND_HALF))
    apart = [Membership(ALYONA, FIRST_HALF.id, MONDAY), Membership(BORIS, SECOND_HALF.id, MONDAY)]
    assert found(*pair, lists=apart) == []
    tomorrow = Membership(ALYONA, SECOND_HALF.id, day("09-08"))
    assert found(*pair, lists=[*apart, tomorrow]) == []
    today = replace(tomorrow, since=MONDAY, until=MONDAY)
    assert found(*pair, lists=[*apart, today]) == [(ClashKind.PUPIL, ALYONA)]
    lists = [Membership(PUPIL.id, FIRST_HALF.id, MONDAY)]
    assert found(pair[0], beside(2, PUPIL), lists=lists) == [(ClashKind.PUPIL, PUPIL.id)]


def test_several_pupils_in_both_groups_are_one_clash() -> None:
    lists = [Membership(pupil, half.id, MONDAY) for pupil in (BORIS, ALYONA) for half in (FIRST_HALF, SECOND_HALF)]
    lessons = planned_lessons(plan(slot(1, learners=FIRST_HALF), beside(2, SECOND_HALF)), within=ONE_DAY)
    (clash,) = clashes(lessons, lists)
    assert (clash.thing, clash.more) == (ALYONA, 1)


def test_a_pupil_whose_class_is_closed_is_at_no_stream() -> None:
    club = learners(LearnersKind.GROUP, 205, "кружок", OF_7A, OF_7B)
    pair = (slot(1, learners=STREAM), beside(2, club))
    lists = [Membership(ALYONA, group, MONDAY) for group in (STREAM.id, club.id, CLASS_7A)]
    assert found(*pair, lists=lists) == [(ClashKind.PUPIL, ALYONA)]
    closed = DayAct(ONE_DAY, Closed(CancelReason.QUARANTINE), Scope(classes=frozenset({CLASS_7A})))
    assert found(*pair, lists=lists, changes=[closed]) == []
    others = [Membership(BORIS, group, MONDAY) for group in (STREAM.id, club.id, CLASS_7B)]
    assert found(*pair, lists=[*lists, *others], changes=[closed]) == [(ClashKind.PUPIL, BORIS)]


def test_what_comes_back_every_week_is_told_once_with_its_count() -> None:
    september = span("09-01", "09-30")
    lessons = planned_lessons(plan(slot(1), replace(beside(2, THE_7B), teacher=IVANOVA), slot(3)), within=september)
    every = clashes(lessons, ())
    assert len(every) == 4 * 5  # teacher with each of three pairs, room and class of 7А
    assert [(one.kind, one.first.day, times) for one, times in once_a_week(every)] == [
        (ClashKind.TEACHER, MONDAY, 4),
        (ClashKind.CLASS, MONDAY, 4),
        (ClashKind.ROOM, MONDAY, 4),
        (ClashKind.TEACHER, MONDAY, 4),
        (ClashKind.TEACHER, MONDAY, 4),
    ]


# --- Words --------------------------------------------------------------------------------------------------------

NAMES = {
    MATHS: "математика",
    ENGLISH: "английский язык",
    IVANOVA: "Иванова А. П.",
    ROOM_12: "12",
    CLASS_7A: "7А",
    FIRST_HALF.id: "7А, английский 1",
    ALYONA: "Соловьёва Алёна",
}


def sample(kind: ClashKind, thing: UUID, more: int = 0) -> Clash:
    first, second = planned_lessons(plan(slot(1), slot(2, learners=FIRST_HALF, subject=ENGLISH)), within=ONE_DAY)
    return Clash(kind, thing, first, second, more)


BOTH = "математика, 7А (09:30–10:10) и английский язык, 7А, английский 1 (09:30–10:10)."


@pytest.mark.parametrize(
    ("clash", "said"),
    [
        (
            sample(ClashKind.TEACHER, IVANOVA),
            f"07.09.2026: Иванова А. П. — два урока одновременно: {BOTH}",
        ),
        (sample(ClashKind.ROOM, ROOM_12), f"07.09.2026, кабинет 12: два урока одновременно: {BOTH}"),
        (sample(ClashKind.CLASS, CLASS_7A), f"07.09.2026, класс 7А: два урока одновременно: {BOTH}"),
        (
            sample(ClashKind.SUBGROUP, CLASS_7A),
            f"07.09.2026, класс 7А: урок всего класса и урок его группы одновременно: {BOTH}",
        ),
        (
            sample(ClashKind.GROUP, FIRST_HALF.id),
            f"07.09.2026, группа «7А, английский 1»: два урока одновременно: {BOTH}",
        ),
        (
            sample(ClashKind.PUPIL, ALYONA),
            f"07.09.2026: Соловьёва Алёна — два урока одновременно: {BOTH}",
        ),
        (
            sample(ClashKind.PUPIL, ALYONA, more=2),
            f"07.09.2026: Соловьёва Алёна — два урока одновременно: {BOTH} Ещё учеников в обеих группах: 2.",
        ),
    ],
)
def test_a_clash_is_a_sentence_that_names_both_lessons_and_the_thing(clash: Clash, said: str) -> None:
    assert describe(clash, load("ru").format, NAMES, ZONE) == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ClashKind)
def test_every_kind_of_clash_has_its_words(language: str, kind: ClashKind) -> None:
    text = describe(sample(kind, IVANOVA, more=1), load(language).format, NAMES, ZONE)
    assert all(word in text for word in ("Иванова А. П.", "математика", "английский язык", "09:30", "07.09.2026"))


# --- Against a checker that looks at every minute -----------------------------------------------------------------

PUPILS = tuple(UUID(int=number) for number in range(31, 36))
WHO = (THE_7A, THE_7B, FIRST_HALF, SECOND_HALF, STREAM, COMBINED, THE_1A, learners(LearnersKind.PUPIL, 31, "И", OF_7A))


def _slots() -> st.SearchStrategy[list[WeeklySlot]]:
    one = st.builds(
        slot,
        st.just(0),
        learners=st.sampled_from(WHO),
        weekday=st.sampled_from((1, 2)),
        number=st.integers(1, 3),
        teacher=st.integers(801, 812).map(lambda number: UUID(int=number)),
        room=st.none() | st.integers(701, 712).map(lambda number: UUID(int=number)),
        hours=st.none() | st.just(hours("09:00", "10:00")),
    )
    return st.lists(one, max_size=5).map(
        lambda some: [replace(each, id=UUID(int=1000 + place)) for place, each in enumerate(some)]
    )


MEMBERSHIPS = st.lists(
    st.builds(
        Membership,
        st.sampled_from(PUPILS),
        st.sampled_from((FIRST_HALF.id, SECOND_HALF.id, STREAM.id, CLASS_7A, CLASS_7B)),
        st.sampled_from((day("09-01"), MONDAY, day("09-08"))),
        st.sampled_from((None, MONDAY, day("09-09"))),
    ),
    max_size=8,
)
CHANGES = st.lists(
    st.one_of(
        st.builds(
            Cancellation,
            st.integers(1000, 1004).map(lambda number: UUID(int=number)),
            st.just(MONDAY),
            st.just(CancelReason.OTHER),
        ),
        st.builds(
            DayAct,
            st.just(ONE_DAY),
            st.sampled_from((Distance(), Closed(CancelReason.QUARANTINE))),
            st.builds(Scope, classes=st.sampled_from((frozenset({CLASS_7A}), frozenset({CLASS_7B})))),
        ),
    ),
    max_size=3,
)
SHARED = frozenset({UUID(int=701)})


def minutes(lesson: PlannedLesson) -> set[datetime]:
    long = int((lesson.ends_at - lesson.starts_at).total_seconds()) // 60
    return {lesson.starts_at + timedelta(minutes=number) for number in range(long)}


def pupils_of(lesson: PlannedLesson, memberships: Sequence[Membership]) -> set[UUID]:
    """Look everybody's lines through for who is at a group's lesson: not those of its classes that are left out."""
    who, on = lesson.slot.learners, lesson.day
    if who.kind is LearnersKind.PUPIL:
        return {who.id}
    now = [one for one in memberships if one.since <= on and (one.until is None or on <= one.until)]
    missing: set[UUID] = {part.class_id for part in who.parts} - lesson.classes
    away = {one.pupil for one in now if one.group in missing}
    return {one.pupil for one in now if one.group == who.id} - away


type Told = tuple[ClashKind, UUID, frozenset[LessonKey], int]


def slowly(lessons: Sequence[PlannedLesson], memberships: Sequence[Membership]) -> Iterator[Told]:
    """Compare each two lessons with everything that they might share."""
    for one, other in combinations(lessons, 2):
        if one.cancelled or other.cancelled or not minutes(one) & minutes(other):
            continue
        both = frozenset((one.key, other.key))
        if one.teacher == other.teacher:
            yield ClashKind.TEACHER, one.teacher, both, 0
        if one.room and one.room == other.room and one.room not in SHARED:
            yield ClashKind.ROOM, one.room, both, 0
        yield from learners_of_both(one, other, memberships)


def learners_of_both(one: PlannedLesson, other: PlannedLesson, memberships: Sequence[Membership]) -> Iterator[Told]:
    both = frozenset((one.key, other.key))
    kinds = (one.slot.learners.kind, other.slot.learners.kind)
    whole = [kind in (LearnersKind.CLASS, LearnersKind.COMBINED) for kind in kinds]
    if any(whole) and LearnersKind.PUPIL not in kinds:
        kind = ClashKind.CLASS if all(whole) else ClashKind.SUBGROUP
        yield from ((kind, class_id, both, 0) for class_id in one.classes & other.classes)
    if not any(whole):
        same = one.slot.learners.id == other.slot.learners.id
        shared = pupils_of(one, memberships) & pupils_of(other, memberships)
        if same and LearnersKind.PUPIL not in kinds:
            yield ClashKind.GROUP, one.slot.learners.id, both, 0
        elif shared:
            yield ClashKind.PUPIL, min(shared), both, len(shared) - 1


@SOME
@given(_slots(), CHANGES, MEMBERSHIPS)
def test_no_accepted_timetable_holds_a_clash_and_no_refused_one_was_free_of_it(
    slots: list[WeeklySlot], changes: list[Change], memberships: list[Membership]
) -> None:
    memberships = [one for one in memberships if one.until is None or one.since <= one.until]
    lessons = planned_lessons(plan(*slots), changes, within=span("09-07", "09-09"))
    quick = clashes(lessons, memberships, SHARED)
    said = [(one.kind, one.thing, frozenset((one.first.key, one.second.key)), one.more) for one in quick]
    assert len(set(said)) == len(said), "a clash is told once"
    assert set(said) == set(slowly(lessons, memberships))
    assert all(one.first.starts_at <= one.second.starts_at for one in quick)
