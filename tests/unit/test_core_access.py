"""The table of rights, and that nothing but the table decides."""

from itertools import product
from uuid import UUID

import pytest

from core.access import LessonRights, may_record_attendance, may_view_roster

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
    assert (may_view_roster(who), may_record_attendance(who)) == (views, records)


def test_nobody_may_write_what_he_may_not_see() -> None:
    everybody = product((TEACHER, CLASS_TEACHER, SOMEBODY, None), (True, False), (True, False), (CLASS_TEACHER, None))
    for person, head, office, class_teacher in everybody:
        who = facts(person, head=head, office=office, class_teacher=class_teacher)
        assert may_view_roster(who) >= may_record_attendance(who)
