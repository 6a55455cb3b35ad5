"""How a subject is named: in full, from a lower-case letter, as in the curriculum plan (GEN-17).

A name in capitals, such as «ОБЖ», is an abbreviation like «матем.»: the plan has the words, and so has the journal.
"""

import re

from core import plain_names
from core.refusals import Invalid

LONGEST = 150
_DOTTED = re.compile(r"\b[А-ЯЁа-яё]{1,5}\.")
"""A point after a number or a foreign word shortens nothing: «python 3.12», «node.js»."""
_CAPITALS = re.compile(r"\b[А-ЯЁ]{2,}\b")
_DRAWN_TOGETHER = re.compile(r"\b[А-ЯЁа-яё]{1,4}-(ра|ка|ия|ык|во)\b")
"""«физ-ра», «мат-ка», «ист-ия»: a subject's beginning and end. Other short ends are words: «кун-фу»."""
_SHORT_WORD = re.compile(
    r"\b(алг|англ|астр|биол|геогр|геом|изо|инф|информ|ин|икт|ист|лит|матем|мхк|нем|общ|обж|обзр|однкнр|окр|орксэ|"
    r"природ|рус|техн|физо|физра|физ|фр|франц|хим|черч|яз)\b",
    re.IGNORECASE,
)
"""What teachers write for short without any sign of it; no subject has such a word in its full name."""


def in_full(written: str) -> str:
    """Return the name as it is kept, in one line with single spaces.

    Raises ``Invalid``: nothing is written, too much is, it does not begin with a letter or digit, begins with a
    capital letter, or is shortened.
    """
    name = plain_names.fit(written, LONGEST)
    if not name[0].isalnum():
        raise Invalid("subject-name-odd", name=name)
    short = shortened(name)
    if short is not None:
        raise Invalid("subject-name-short", name=name, short=short)
    if name[0].isupper():
        raise Invalid("subject-name-capital", name=name, used=name[0].lower() + name[1:])
    return name


def shortened(name: str) -> str | None:
    """Find what is shortened in a name; None if it stands in full."""
    found = (pattern.search(name) for pattern in (_DOTTED, _CAPITALS, _DRAWN_TOGETHER, _SHORT_WORD))
    return next((one[0] for one in found if one is not None), None)


def key(name: str) -> str:
    """Return what two names of the same subject have in common: neither capitals nor «ё» tell them apart.

    Nor does what nobody sees: a list may once have let such a name in.
    """
    return plain_names.seen(name).casefold().replace("ё", "е")


def is_in_full(name: str) -> bool:
    """Tell whether a name that is kept stands as GEN-17 has it."""
    return name == plain_names.seen(name) and name[:1].isalnum() and not name[:1].isupper() and shortened(name) is None
