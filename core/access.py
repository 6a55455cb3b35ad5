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


@dataclass(frozen=True, slots=True)
class ClassRights:
    """What must be known of an adult and a class to tell what he may do with it outside lessons."""

    person: UUID | None
    class_teacher: UUID | None
    administers_this_school: bool
    is_office: bool = False


def may_write_lesson(facts: LessonRights) -> bool:
    """Tell whether marks and homework of this lesson are his to write: its teacher (ROLE-06), administration (ROLE-13).

    The class teacher only views (ROLE-09).
    """
    return facts.is_office or facts.person == facts.lesson_teacher or facts.administers_this_school


def may_record_attendance(facts: LessonRights) -> bool:
    """Tell whether this roll is his to call: the lesson's teacher's (ATT-02, ROLE-06), the administration's (ROLE-13).

    The class teacher only views (ROLE-09); the school setting that changes this (CONF-02) comes with the settings.
    """
    return may_write_lesson(facts)


def may_view_roster(facts: LessonRights) -> bool:
    """Tell whether he may see the roll of this lesson: whoever may record it, and the class teacher (ROLE-09)."""
    own_class = facts.class_teacher is not None and facts.person == facts.class_teacher
    return may_record_attendance(facts) or own_class


def may_take_back_homework(facts: LessonRights, author: UUID | None) -> bool:
    """Tell whether homework due at this lesson is his to take back: whoever may write the lesson, and its author."""
    own = author is not None and facts.person == author
    return own or may_write_lesson(facts)


def may_speak_to_class(facts: ClassRights) -> bool:
    """Tell whether he may write to the families of this class outside lessons: its class teacher, administration."""
    own_class = facts.class_teacher is not None and facts.person == facts.class_teacher
    return facts.is_office or own_class or facts.administers_this_school


def may_withdraw(facts: ClassRights, author: UUID) -> bool:
    """Tell whether he may take back what ``author`` wrote about a pupil: the author, the administration (ROLE-13)."""
    return facts.is_office or facts.person == author or facts.administers_this_school


def may_record_consent(facts: ClassRights, guardian: UUID, *, on_paper: bool) -> bool:
    """Tell whether he may enter a consent: on paper whoever holds the sheet, otherwise the guardian alone (CONS-01)."""
    if on_paper:
        return may_speak_to_class(facts)
    return facts.person == guardian
