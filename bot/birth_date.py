"""Reading a birth date as people write it: «5.3.2014», «05.03.14», «5 марта 2014», «2014-03-05». Pure."""

import re
from datetime import date

_MONTHS = ("янв", "фев", "мар", "апр", "ма", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
_DAY_FIRST = re.compile(r"(\d{1,2})\s*[./\-\s]\s*(\d{1,2})\s*[./\-\s]\s*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_NO_MARKS = re.compile(r"(\d{2})(\d{2})(\d{4})")
_IN_WORDS = re.compile(r"(\d{1,2})\s*[.\-]?\s*([а-я]{3,8})\.?,?\s*(\d{4}|\d{2})")
_TAIL = re.compile(r"\s*(?:г|год|года|г\.\s*р|года рождения)\.?$")


def read_birth_date(text: str, today: date) -> date | None:
    """Return the date that ``text`` names; None if it names none, an impossible one, or one after ``today``.

    Two figures of a year mean the last such year before ``today``.
    """
    plain = _TAIL.sub("", " ".join(text.lower().replace("ё", "е").split()).rstrip(".,;!"))
    found = _figures(plain)
    if found is None:
        return None
    year, month, day = found
    try:
        read = date(_full_year(year, today), month, day)
    except ValueError:
        return None
    return read if read <= today else None


def has_figures(text: str) -> bool:
    """Tell whether ``text`` may have been meant as a date at all."""
    return any(letter.isdecimal() for letter in text)


def _figures(plain: str) -> tuple[int, int, int] | None:
    if found := _YEAR_FIRST.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(plain) or _NO_MARKS.fullmatch(plain):
        return int(found[3]), int(found[2]), int(found[1])
    if found := _IN_WORDS.fullmatch(plain):
        month = month_named(found[2])
        return None if month is None else (int(found[3]), month, int(found[1]))
    return None


def month_named(word: str) -> int | None:
    """Return the month that a word of small letters begins like; None for none."""
    # «ма» of May comes after «мар» of March, so the first beginning that fits is the right one.
    return next((place for place, start in enumerate(_MONTHS, start=1) if word.startswith(start)), None)


def _full_year(year: int, today: date) -> int:
    if year > 99:  # noqa: PLR2004 - two figures or four
        return year
    century = today.year - today.year % 100
    return century + year if century + year <= today.year else century - 100 + year
