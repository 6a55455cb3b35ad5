"""From which day somebody is of age. Pure."""

from datetime import date

OF_AGE_YEARS = 18
"""Civil Code of Russia, art. 21 pt 1."""


def comes_of_age_on(born: date) -> date:
    """Return the first day on which somebody born then is of age: his eighteenth birthday.

    Born on 29 February: 1 March, when the last day of February is over (Civil Code, art. 192 pt 3).

    >>> comes_of_age_on(date(2008, 2, 29))
    datetime.date(2026, 3, 1)
    """
    year = born.year + OF_AGE_YEARS
    if (born.month, born.day) == (2, 29) and not _is_leap(year):
        return date(year, 3, 1)
    return born.replace(year=year)


def born_by(today: date) -> date:
    """Return the last birth date of those who are of age today."""
    year = today.year - OF_AGE_YEARS
    if (today.month, today.day) == (2, 29) and not _is_leap(year):
        return date(year, 2, 28)
    return today.replace(year=year)


def is_of_age(born: date | None, today: date) -> bool:
    """Tell whether somebody is of age; of somebody without a known birth date nothing is assumed."""
    return born is not None and comes_of_age_on(born) <= today


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
