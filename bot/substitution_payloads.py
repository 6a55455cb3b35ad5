"""Presses on the way to a substitution; spelled by ``bot/teacher_payloads.py``."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class WhoIsAway:
    """Show whose lessons of today may have to be given by somebody else, a page at a time."""

    school: UUID
    page: int


@dataclass(frozen=True, slots=True)
class LessonsLeft:
    """Show the lessons that a teacher still gives today."""

    school: UUID
    teacher: UUID


@dataclass(frozen=True, slots=True)
class WhoStepsIn:
    """Show who might give a lesson, a page at a time."""

    lesson: UUID
    page: int


@dataclass(frozen=True, slots=True)
class StepIn:
    """Have somebody give a lesson."""

    lesson: UUID
    teacher: UUID


@dataclass(frozen=True, slots=True)
class StepBack:
    """Take a substitution back."""

    school: UUID
    change: UUID
