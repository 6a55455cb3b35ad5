"""The files of a school office: staff, pupils, timetable. Pure: bytes in, typed rows or all errors out.

:func:`read_roster` is the way in; docs/reference/roster-files.md describes the files for the office.
"""

from core.roster_file.checks import teacher_clashes
from core.roster_file.problems import Code, Fault, LineError, Notice, NoticeCode, Place, Say, describe
from core.roster_file.reading import read_roster
from core.roster_file.rows import (
    DEFAULT_LIMITS,
    ClassTitle,
    GuardianCells,
    LessonRow,
    Limits,
    NamedBytes,
    PupilRow,
    Relation,
    RosterErrors,
    RosterFiles,
    StaffRow,
    Weekday,
    name_key,
)

__all__ = [
    "DEFAULT_LIMITS",
    "ClassTitle",
    "Code",
    "Fault",
    "GuardianCells",
    "LessonRow",
    "Limits",
    "LineError",
    "NamedBytes",
    "Notice",
    "NoticeCode",
    "Place",
    "PupilRow",
    "Relation",
    "RosterErrors",
    "RosterFiles",
    "Say",
    "StaffRow",
    "Weekday",
    "describe",
    "name_key",
    "read_roster",
    "teacher_clashes",
]
