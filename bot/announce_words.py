"""An announced absence in one plain sentence, and its days. Names are never declined; days are. Pure."""

from datetime import date, timedelta

from babel.dates import format_date

from bot.wording import lines
from core.learning.announced_absences import AbsenceReason
from core.russian import FullName
from core.year.span import Span
from texts.reader import Texts

_NEAR = {timedelta(0): "today", timedelta(days=1): "tomorrow"}


def sentence(texts: Texts, name: FullName, days: Span, reason: AbsenceReason, today: date) -> str:
    """Return «Иванова Анна: не придёт с 24 по 26 ноября (вторник – четверг), болеет.»."""
    return texts.format(
        "announce-sentence",
        name=name.in_lists(),
        days=days_in_sentence(texts, days, today),
        why=texts.format(f"announce-why-{reason}"),
    )


def days_in_sentence(texts: Texts, days: Span, today: date) -> str:
    """Return «24 ноября (сегодня)» or «с 30 ноября по 2 декабря (понедельник – среда)»."""
    first, last = days.first, days.last
    if first == last:
        near = _NEAR.get(first - today)
        when = texts.format(f"announce-{near}") if near else _weekday(texts, first)
        return texts.format("announce-day", day=day_of_month(texts, first, today), when=when)
    begin = f"{first.day}" if (first.year, first.month) == (last.year, last.month) else _begin(texts, days, today)
    return texts.format(
        "announce-days",
        first=begin,
        last=day_of_month(texts, last, today),
        weekdays=texts.format("announce-weekdays", first=_weekday(texts, first), last=_weekday(texts, last)),
    )


def day_of_month(texts: Texts, day: date, today: date) -> str:
    """Return «24 ноября», with the year if it is another."""
    words = str(format_date(day, "d MMMM", locale=texts.language))
    return words if day.year == today.year else texts.format("announce-day-of-year", day=words, year=str(day.year))


def day_on_button(texts: Texts, day: date, today: date) -> str:
    """Return «24 ноября (вторник)»."""
    return texts.format("announce-day", day=day_of_month(texts, day, today), when=_weekday(texts, day))


def extras(texts: Texts, note: str, *, certificate: bool) -> str:
    """Return what else was said: that a certificate will be brought, and the note."""
    return lines(
        texts.format("announce-certificate") if certificate else "",
        texts.format("announce-note", note=note) if note else "",
    )


def seen_by_school(texts: Texts, *, silent: bool) -> str:
    """Say what the school sees, and whether a message of absence comes all the same, as the school's table has it."""
    return lines(texts.format("announce-seen"), texts.format("announce-silent" if silent else "announce-told"))


def _begin(texts: Texts, days: Span, today: date) -> str:
    """Name the year of the first day, too, where that of the last is named."""
    seen = today if days.last.year == today.year else date.min
    return day_of_month(texts, days.first, seen)


def _weekday(texts: Texts, day: date) -> str:
    return str(format_date(day, "EEEE", locale=texts.language))
