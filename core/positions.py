"""What a position at the school, as the office writes it, means for the journal."""

import re

ADMINISTRATION = re.compile(
    r"директор( школы| лицея| гимназии)?|завуч( .*)?"
    r"|зам(еститель|\.)? ?директора( школы)? по (у|воспит|вр\b|нмр\b|науч).*"
)
"""Positions that administer the journal (ROLE-13), until roles are given one by one: whoever answers for teaching."""


def administers(position: str) -> bool:
    """Tell whether this position may edit the whole journal: the head, and deputies who answer for teaching."""
    return ADMINISTRATION.fullmatch(position.casefold()) is not None
