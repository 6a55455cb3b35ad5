"""The table of rights, and that nothing but the table decides."""

from itertools import product
from uuid import UUID

import pytest

from core.access import (
    ClassRights,
    LessonRights,
    may_record_attendance,
    may_speak_to_class,
    may_take_back_homework,
    may_view_roster,
    may_withdraw,
    may_write_lesson,
)

TEACHER, CLASS_TEACHER, SOMEBODY = (UUID(int=number) for number in (1, 2, 3))


def facts(
    person: UUID | None, *, head: bool = False, office: bool = False, class_teacher: UUID | None = CLASS_TEACHER
) -> LessonRights:
    return LessonRights(person, TEACHER, class_teacher, administers_this_school=head, is_office=office)


@pytest.mark.parametrize(
    ("who", "views", "records"),
    [
        (facts(TEACHER), True, True),
        (facts(CLASS_TEACHER), True, False),
        (facts(SOMEBODY, head=True), True, True),
        (facts(CLASS_TEACHER, head=True), True, True),
        (facts(None, office=True), True, True),
        (facts(SOMEBODY), False, False),
        (facts(None), False, False),
        (facts(None, class_teacher=None), False, False),
        (facts(SOMEBODY, class_teacher=None), False, False),
        (facts(TEACHER, class_teacher=TEACHER), True, True),
    ],
    ids=str,
)
def test_the_table_of_rights(who: LessonRights, *, views: bool, records: bool) -> None:
    assert (may_view_roster(who), may_record_attendance(who), may_write_lesson(who)) == (views, records, records)


def test_nobody_may_write_what_he_may_not_see() -> None:
    everybody = product((TEACHER, CLASS_TEACHER, SOMEBODY, None), (True, False), (True, False), (CLASS_TEACHER, None))
    for person, head, office, class_teacher in everybody:
        who = facts(person, head=head, office=office, class_teacher=class_teacher)
        assert may_view_roster(who) >= may_record_attendance(who)
        assert may_view_roster(who) >= may_write_lesson(who)


@pytest.mark.parametrize(
    ("who", "author", "may"),
    [
        (facts(TEACHER), SOMEBODY, True),
        (facts(SOMEBODY), SOMEBODY, True),
        (facts(SOMEBODY, head=True), TEACHER, True),
        (facts(None, office=True), None, True),
        (facts(CLASS_TEACHER), SOMEBODY, False),
        (facts(SOMEBODY), None, False),
        (facts(None), None, False),
    ],
    ids=str,
)
def test_who_takes_homework_back(who: LessonRights, author: UUID | None, *, may: bool) -> None:
    assert may_take_back_homework(who, author) is may


def of_class(
    person: UUID | None, *, head: bool = False, office: bool = False, class_teacher: UUID | None = CLASS_TEACHER
) -> ClassRights:
    return ClassRights(person, class_teacher, administers_this_school=head, is_office=office)


@pytest.mark.parametrize(
    ("who", "speaks", "withdraws"),
    [
        (of_class(CLASS_TEACHER), True, False),
        (of_class(TEACHER), False, True),
        (of_class(SOMEBODY, head=True), True, True),
        (of_class(None, office=True), True, True),
        (of_class(SOMEBODY), False, False),
        (of_class(None), False, False),
        (of_class(None, class_teacher=None), False, False),
    ],
    ids=str,
)
def test_who_speaks_to_a_class_and_who_takes_back_what_a_teacher_wrote(
    who: ClassRights, *, speaks: bool, withdraws: bool
) -> None:
    assert (may_speak_to_class(who), may_withdraw(who, TEACHER)) == (speaks, withdraws)
