"""What a position at the school, as the office writes it, means for the journal."""

import re

from core.access import Role

HEAD = re.compile(r"директор( школы| лицея| гимназии)?")
DEPUTY = re.compile(r"завуч( .*)?|зам(еститель|\.)? ?директора( школы)? по (у|воспит|вр\b|нмр\b|науч).*")
"""Deputies who answer for teaching; one for buildings or safety is no administration of the journal."""


def role_of(position: str) -> Role | None:
    """Return the role that a position brings with it (ROLE-13); None for one that brings none of its own."""
    written = position.casefold()
    if HEAD.fullmatch(written):
        return Role.DIRECTOR
    return Role.DEPUTY if DEPUTY.fullmatch(written) else None
