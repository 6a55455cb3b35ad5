"""Presses on the screens of a class, and of a school, today; spelled by ``bot/teacher_payloads.py``."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Named(StrEnum):
    """A cause of absence as somebody names it on the telephone."""

    ILLNESS = "illness"
    OTHER = "other-cause"


@dataclass(frozen=True, slots=True)
class ClassDay:
    """Show who of a class is absent today."""

    school_class: UUID


@dataclass(frozen=True, slots=True)
class AbsentToday:
    """Show one of the absent of today."""

    school_class: UUID
    pupil: UUID


@dataclass(frozen=True, slots=True)
class Cause:
    """Write down why a pupil is absent today."""

    school_class: UUID
    pupil: UUID
    named: Named
    by_answer: int
    """1: the family has said so by a button; 0: by telephone."""


@dataclass(frozen=True, slots=True)
class GoneOver:
    """Say that the absent of today were gone over."""

    school_class: UUID


@dataclass(frozen=True, slots=True)
class SchoolNow:
    """Show a school at this moment."""

    school: UUID
