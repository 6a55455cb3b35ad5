"""Titles of classes: «5А» names a grade (параллель) and a letter; «10А» follows «9Б», though text would not sort so."""

import re

from core.russian import sort_key

_GRADE = re.compile(r"\d+")


def grade_of(title: str) -> int:
    """Return the grade of a class, 1 to 11; 0 for a title that names none, such as that of a group."""
    match = _GRADE.match(title)
    return int(match[0]) if match else 0


def title_order(title: str) -> tuple[int, str]:
    """Return a key by which classes stand as the school lists them: by grade, then by letter."""
    return grade_of(title), sort_key(title)
