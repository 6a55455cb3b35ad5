"""Whether a password is hard to guess (AUTH-13). Pure.

Length counts, and how soon a guesser would come to it; no rules about kinds of signs, and no change by the calendar.
Source: NIST SP 800-63B-4 §3.1.1.2 (15 characters where the password stands alone, 8 beside a second factor, at least
64 allowed, Unicode normalised, a list of expected values); guesses are counted by zxcvbn.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from zxcvbn import zxcvbn

ALONE, WITH_SECOND_FACTOR = 15, 8
"""Shortest passwords, in characters."""
LONGEST = 128
TOO_COMMON = 2
"""Words of so few letters stand inside too many others."""
GOOD_ALONE, GOOD_WITH_SECOND_FACTOR = 3, 2
"""Of zxcvbn's 0…4: more than 10^8 guesses, and 10^6, which no eight characters exceed by much."""
JUDGED = 72
"""Characters that are judged: zxcvbn's time grows with the square, and 72 good ones are enough."""

_KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"
)  # the same keys in the other layout
_LATIN = str.maketrans(
    {
        **dict(zip("абвгдеёзийклмнопрстуфхъыьэ", "abvgdeeziyklmnoprstufh_y_e", strict=True)),
        **dict(zip("жцчшщюя", ("zh", "ts", "ch", "sh", "sch", "yu", "ya"), strict=True)),
        "ъ": "",
        "ь": "",
    }
)
_EXPECTED = (
    "пароль привет звонок школа учитель ученик директор журнал дневник урок математика россия москва любовь люблю "
    "солнце солнышко наташа марина максим андрей александр дмитрий сергей екатерина мама папа кошка собака весна "
    "лето осень зима сентябрь админ администратор самара зенит спартак"
)
"""Words that Russian passwords are made of first; zxcvbn's own lists are English."""


class Weakness(StrEnum):
    """Why a password will not do."""

    SHORT = "short"
    LONG = "long"
    GUESSABLE = "guessable"


def normal(password: str) -> str:
    """Return a password in the one form that is hashed: the same letters from any keyboard are the same password."""
    return unicodedata.normalize("NFKC", password)


def weakness(password: str, owner: Iterable[str], *, second_factor: bool) -> Weakness | None:
    """Tell why this password will not do; None if it will. ``owner``: words that others know of him."""
    typed = normal(password)
    least, enough = (WITH_SECOND_FACTOR, GOOD_WITH_SECOND_FACTOR) if second_factor else (ALONE, GOOD_ALONE)
    if len(typed) < least:
        return Weakness.SHORT
    if len(typed) > LONGEST:
        return Weakness.LONG
    words = {variant for word in (*owner, *_EXPECTED.split()) for variant in _written(word)}
    known = sorted(word for word in words if len(word) > 1)
    scores = [int(zxcvbn(form, known)["score"]) for form in _written(typed[:JUDGED])]
    own = min(len(_besides(form, known)) for form in _written(typed))
    return None if min(scores) >= enough and own >= least // 2 else Weakness.GUESSABLE


def in_latin(word: str) -> str:
    """Return a Russian word in Latin letters, as people write their names in logins."""
    return word.casefold().translate(_LATIN)


def _besides(form: str, known: Iterable[str]) -> str:
    """Return what a password has besides the words that everybody would try first."""
    for word in sorted(known, key=len, reverse=True):
        form = form.replace(word, "") if len(word) > TOO_COMMON else form
    return re.sub(r"[\W_]+", "", form)


def _written(word: str) -> set[str]:
    """Return a word as it may be typed: as it is, by the same keys in the other layout, in Latin letters."""
    folded = word.casefold()
    return {form[:JUDGED] for form in (folded, folded.translate(_KEYS), in_latin(folded))}
