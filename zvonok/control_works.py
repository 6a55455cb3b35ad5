"""The schedule of control works at the command line: shown, written into a file, planned, moved, taken off."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.roster_file.writing import Value, to_csv, to_xlsx
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Lesson
from core.timetable import control_works, lesson_views
from core.timetable.control_works import ControlSchedule, ControlWorkCard, ControlWorkDraft, Crowded
from core.timetable.lesson_views import LessonView
from core.timetable.timetable_tables import ControlWork
from core.year.span import Span
from core.year.words import day_words
from texts.reader import load
from zvonok import named, named_lesson
from zvonok.exports import write_private
from zvonok.installation import Installation
from zvonok.named_lesson import Named
from zvonok.short_numbers import named_by, short
from zvonok.timetable_views import Days, at_school, weekday_of

AHEAD = timedelta(days=60)
"""So far ahead the schedule is shown unless the last day is said: two months hold a quarter's rest."""
_SAY = load("ru").format
_INDENT = "  "
_COLUMNS = ("day", "weekday", "number", "learners", "subject", "teacher", "form", "topic", "monitoring", "cancelled")


async def schedule(
    here: Installation, school_name: str | None, days: Days, title: str | None, path: Path | None
) -> list[str]:
    """Show the summary schedule of some days, of all classes or one; with ``path`` write it there as a table."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        span = days.span(school_date(now, school.zone), AHEAD)
        classes = [] if title is None else [await named.school_class(session, school, title)]
        found = await control_works.summary(session, OFFICE, school.id, span, now, classes=classes)
        if path is None:
            return list(_lines(found, span))
        _write(path, found)
        return [
            _SAY("control-written", path=str(path), count=len(found.works)),
            *(_crowded(one) for one in found.crowded),
        ]

    return await at_school(here, school_name, work)


async def plan(here: Installation, school_name: str | None, wanted: Named, draft: ControlWorkDraft) -> list[str]:
    """Plan a work for a lesson of a class, a group or a pupil."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        lesson = await named_lesson.find(session, here, school, wanted)
        made = await control_works.plan(session, _act(here), lesson.id, draft)
        return [_SAY("control-planned", id=short(made), **_words(lesson))]

    return await at_school(here, school_name, work)


async def move(here: Installation, school_name: str | None, number: str, day: date, lesson_number: int) -> list[str]:
    """Move a work to another lesson of the same learners in the subject."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        work_id = await named_by(session, school, ControlWork, number)
        there = select(ControlWork.lesson_id).where(ControlWork.id == work_id).scalar_subquery()
        (old,) = await lesson_views.read(session, Lesson.id == there)
        wanted = Named(old.learners, day, lesson_number)
        lesson = await named_lesson.find(session, here, school, wanted)
        await control_works.move(session, _act(here), work_id, lesson.id)
        return [_SAY("control-moved", **_words(lesson))]

    return await at_school(here, school_name, work)


async def withdraw(here: Installation, school_name: str | None, number: str) -> list[str]:
    """Take a work off the schedule."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        work_id = await named_by(session, school, ControlWork, number)
        await control_works.withdraw(session, _act(here), work_id)
        return [_SAY("control-withdrawn", id=short(work_id))]

    return await at_school(here, school_name, work)


def _words(lesson: LessonView) -> dict[str, str]:
    return {
        "learners": lesson.learners,
        "subject": lesson.subject_name,
        "day": day_words(lesson.day),
        "number": str(lesson.number),
    }


def _lines(found: ControlSchedule, span: Span) -> Iterator[str]:
    yield _SAY("control-title", first=day_words(span.first), last=day_words(span.last))
    day: date | None = None
    for card in found.works:
        if card.lesson.day != day:
            day = card.lesson.day
            yield ""
            yield _SAY("timetable-day", weekday=weekday_of(day), day=day_words(day))
        yield f"{_INDENT}{_line(card)}"
    if not found.works:
        yield _SAY("control-none")
    if found.crowded:
        yield ""
        yield from (_crowded(one) for one in found.crowded)


def _line(card: ControlWorkCard) -> str:
    lesson = card.lesson
    line = _SAY(
        "control-line",
        learners=lesson.learners,
        number=str(lesson.number),
        subject=lesson.subject_name,
        form=card.form,
        topic=card.topic,
        name=lesson.teacher_name,
    )
    monitoring = [_SAY("control-monitoring")] if card.for_control else []
    cancelled = [_SAY("control-lesson-cancelled")] if lesson.cancelled is not None else []
    return "; ".join([line, *monitoring, *cancelled]) + f" ({short(card.id)})"


def _crowded(one: Crowded) -> str:
    first, last = day_words(one.span.first), day_words(one.span.last)
    if one.span.first == one.span.last:
        return _SAY("control-crowded-day", learners=one.learners, day=first, limit=str(one.limit))
    return _SAY("control-crowded-week", learners=one.learners, first=first, last=last, limit=str(one.limit))


def _write(path: Path, found: ControlSchedule) -> None:
    """Write the schedule as CSV or as a book; all of the file or none of it. Raises ``OfficeError``."""
    header: tuple[Value, ...] = tuple(_SAY(f"control-csv-{name}") for name in _COLUMNS)
    table = (header, *(_row(card) for card in found.works))
    is_text = path.suffix.casefold() == ".csv"
    write_private(path, to_csv(table) if is_text else to_xlsx({_SAY("control-sheet"): table}))


def _row(card: ControlWorkCard) -> tuple[Value, ...]:
    lesson = card.lesson
    yes = _SAY("control-yes")
    return (
        lesson.day,
        weekday_of(lesson.day),
        lesson.number,
        lesson.learners,
        lesson.subject_name,
        lesson.teacher_name,
        card.form,
        card.topic,
        yes if card.for_control else None,
        yes if lesson.cancelled is not None else None,
    )


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"control-work:{uuid4()}")
