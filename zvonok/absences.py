"""Absences told beforehand at the command line: announced, listed, changed, withdrawn."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.learning import announced_absences
from core.learning.announced_absences import AbsenceDraft, AbsenceView
from core.learning.attendance_tables import AnnouncedAbsence
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.year.span import Span
from core.year.words import day_words
from texts.reader import load
from zvonok import named
from zvonok.absence_numbers import days_words, named_by
from zvonok.installation import Installation
from zvonok.short_numbers import short
from zvonok.timetable_views import Days, at_school
from zvonok.trouble import OfficeError

AHEAD = timedelta(days=30)
_SAY = load("ru").format
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose announced absences the office wants to see; neither: the whole school's."""

    title: str | None = None
    """Of a class."""
    pupil: str | None = None

    def check(self) -> None:
        """Raise ``OfficeError`` if both are named."""
        if self.title is not None and self.pupil is not None:
            raise OfficeError(_SAY("absences-one-of"))


async def announce(here: Installation, school_name: str | None, pupil: str, draft: AbsenceDraft) -> list[str]:
    """Write down that a pupil will not come."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named.pupil(session, school, pupil)
        made = await announced_absences.announce(session, _act(here), found, draft)
        reason = _SAY(f"absence-reason-{draft.reason}")
        return [_SAY("absences-announced", name=pupil, days=days_words(draft.days), reason=reason, id=short(made))]

    return await at_school(here, school_name, work)


async def listing(here: Installation, school_name: str | None, whose: Whose, days: Days) -> list[str]:
    """List what was announced for some days, from today for a month unless said."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        span = days.span(school_date(here.school_clock.now(), school.zone), AHEAD)
        found = await _found(session, here, school, whose, span)
        title = _SAY("absences-title", first=day_words(span.first), last=day_words(span.last))
        return [title, *(f"{_INDENT}{line}" for one in found for line in _lines(one, school))] + (
            [] if found else [_SAY("absences-none")]
        )

    return await at_school(here, school_name, work)


async def change_last_day(here: Installation, school_name: str | None, number: str, last: date) -> list[str]:
    """Say that a pupil comes back earlier, or later."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        announced_id = await named_by(session, school, AnnouncedAbsence, number)
        await announced_absences.change_last_day(session, _act(here), announced_id, last)
        row = await session.get_one(AnnouncedAbsence, announced_id)
        span, now = Span(row.first, row.last), here.school_clock.now()
        listed = await announced_absences.of_pupil(session, OFFICE, row.pupil_id, span, now)
        (one,) = (one for one in listed if one.id == announced_id)
        return [_SAY("absences-changed", name=one.name.in_lists(), days=days_words(one.days), id=short(one.id))]

    return await at_school(here, school_name, work)


async def withdraw(here: Installation, school_name: str | None, number: str) -> list[str]:
    """Take back what was announced."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        announced_id = await named_by(session, school, AnnouncedAbsence, number)
        await announced_absences.withdraw(session, _act(here), announced_id)
        return [_SAY("absences-withdrawn", id=short(announced_id))]

    return await at_school(here, school_name, work)


async def _found(
    session: AsyncSession, here: Installation, school: SchoolCard, whose: Whose, span: Span
) -> tuple[AbsenceView, ...]:
    now = here.school_clock.now()
    if whose.pupil is not None:
        pupil = await named.pupil(session, school, whose.pupil)
        return await announced_absences.of_pupil(session, OFFICE, pupil, span, now)
    if whose.title is not None:
        class_id = await named.school_class(session, school, whose.title)
        return await announced_absences.of_class(session, OFFICE, class_id, span, now)
    return await announced_absences.of_school(session, OFFICE, school.id, span, now)


def _lines(one: AbsenceView, school: SchoolCard) -> list[str]:
    """Say one announced absence, and below it what else is known of it."""
    reason = _SAY(f"absence-reason-{one.reason}")
    if one.certificate:
        reason = f"{reason}, {_SAY('absences-certificate')}"
    words = {"days": days_words(one.days), "name": one.name.in_lists(), "class": one.class_title}
    at = f"{one.announced_at.astimezone(ZoneInfo(school.zone)):%d.%m.%Y %H:%M}"
    by = _SAY("absences-office") if one.announced_by is None else one.announced_by.in_full()
    notes = [f"«{' '.join(one.note.split())}»"] if one.note else []
    more = [*notes, _SAY("absences-by", name=by, at=at)]
    return [_SAY("absences-line", reason=reason, id=short(one.id), **words), *(f"{_INDENT}{line}" for line in more)]


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"absence:{uuid4()}")
