"""Absence codes, until each school keeps a table of its own (CONF-01)."""

from collections.abc import Mapping

from core.events import AbsenceKind

ABSENT = "н"
"""Absent, cause unknown at the time of the entry (ATT-03, ATT-05)."""
CODES: Mapping[str, AbsenceKind] = {
    ABSENT: AbsenceKind.UNEXPLAINED,
    "б": AbsenceKind.ILLNESS,
    "ну": AbsenceKind.EXCUSED,
}
"""Codes of variant A2 (ATT-04)."""
