"""What a school's codes of absence mean (CONF-01): the table is its rule; capitals do not tell codes apart."""

from collections.abc import Mapping
from types import MappingProxyType

from core.events import AbsenceKind
from core.rule_book.model import SchoolRules
from core.rule_book.values import AbsenceClass, AbsenceCode

ABSENT = "н"
"""Absent, cause unknown at the time of the entry (ATT-03, ATT-05); every profile's table has it."""
KINDS: Mapping[AbsenceClass, AbsenceKind] = MappingProxyType(
    {
        # At the twentieth minute nobody knows why: «н» is a cause that is not known yet, and a later one is no mistake.
        AbsenceClass.UNEXCUSED: AbsenceKind.UNEXPLAINED,
        AbsenceClass.ILLNESS: AbsenceKind.ILLNESS,
        AbsenceClass.EXCUSED: AbsenceKind.EXCUSED,
        AbsenceClass.EXEMPT: AbsenceKind.EXEMPT,
    }
)


def code_of(rules: SchoolRules, written: str) -> AbsenceCode | None:
    """Return the code that a teacher has written; None: the school has no such code."""
    folded = written.casefold()
    return next((code for code in rules.absence_codes if code.code.casefold() == folded), None)


def absent_code(rules: SchoolRules) -> str:
    """Return the code for whoever is not there and nobody knows why: the first of the table that says so."""
    return next(iter(unknown_codes(rules)), rules.absence_codes[0].code)


def unknown_codes(rules: SchoolRules) -> tuple[str, ...]:
    """Return the codes of the table that say that nobody knows why."""
    return tuple(code.code for code in rules.absence_codes if code.kind is AbsenceClass.UNEXCUSED)
