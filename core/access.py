"""Rights, in one place and pure: facts go in, a yes or no comes out."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LessonRights:
    """What must be known of an adult and a lesson to tell what he may do with it."""

    person: UUID | None
    lesson_teacher: UUID
    class_teacher: UUID | None
    administers_this_school: bool
    is_office: bool = False


def may_record_attendance(facts: LessonRights) -> bool:
    """Tell whether this roll is his to call: the lesson's teacher's (ATT-02, ROLE-06), the administration's (ROLE-13).

    The class teacher only views (ROLE-09); the school setting that changes this (CONF-02) comes with the settings.
    """
    return facts.is_office or facts.person == facts.lesson_teacher or facts.administers_this_school


def may_view_roster(facts: LessonRights) -> bool:
    """Tell whether he may see the roll of this lesson: whoever may record it, and the class teacher (ROLE-09)."""
    own_class = facts.class_teacher is not None and facts.person == facts.class_teacher
    return may_record_attendance(facts) or own_class
