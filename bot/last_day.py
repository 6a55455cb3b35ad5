"""Reading the last day for an answer as people write it: «25.11», «25 ноября», «завтра», «2026-11-25». Pure."""

import re
from datetime import date, timedelta

from bot.birth_date import month_named
from core.school_time import SCHOOL_YEAR_BEGINS, school_year_of_lists

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[./\-\s]\s*(\d{1,2})(?:\s*[./\-\s]\s*(\d{4}|\d{2}))?")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_IN_WORDS = re.compile(r"(\d{1,2})\s*[.\-]?\s*([а-я]{3,8})\.?,?(?:\s*(\d{4}|\d{2}))?")
_BEFORE = re.compile(r"^(?:до|по|к)\s+")
_TAIL = re.compile(r"\s*(?:г|год|года)\.?$")
_NEAR = {"сегодня": 0, "завтра": 1, "послезавтра": 2}
_CENTURY = 2000


def read_last_day(text: str, today: date) -> date | None:
    """Return the day that ``text`` names, past ones too; None if it names none.

    Without a year: the next such day of the school year of ``today``; if none is left of it, the last one before.
    """
    plain = " ".join(text.lower().replace("ё", "е").split()).rstrip(".,;!")
    plain = _TAIL.sub("", _BEFORE.sub("", plain))
    if plain in _NEAR:
        return today + timedelta(days=_NEAR[plain])
    found = _figures(plain)
    if found is None:
        return None
    year, month, day = found
    if year is not None:
        return _date(year, month, day)
    near = [at for years in (-1, 0, 1) if (at := _date(today.year + years, month, day)) is not None]
    ahead = [at for at in near if today <= at <= end_of_school_year(today)]
    return min(ahead) if ahead else max((at for at in near if at < today), default=None)


def end_of_school_year(today: date) -> date:
    """Return the last day of the school year that classes of today are in: in July and August already the next."""
    return date(school_year_of_lists(today) + 1, *SCHOOL_YEAR_BEGINS) - timedelta(days=1)


def _figures(plain: str) -> tuple[int | None, int, int] | None:
    if found := _YEAR_FIRST.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _DAY_FIRST.fullmatch(plain):
        return _year(found[3]), int(found[2]), int(found[1])
    if found := _IN_WORDS.fullmatch(plain):
        month = month_named(found[2])
        return None if month is None else (_year(found[3]), month, int(found[1]))
    return None


def _year(figures: str | None) -> int | None:
    if figures is None:
        return None
    return int(figures) if len(figures) > 2 else _CENTURY + int(figures)  # noqa: PLR2004 - two figures or four


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
