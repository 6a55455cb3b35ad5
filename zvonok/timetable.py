"""The timetable's changes at the command line: substitutions, moves, cancellations, acts of whole days."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Text, cast, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.plan import stored_years
from core.plan.plan_tables import Room
from core.refusals import Invalid
from core.roster_file.rows import fold
from core.school.schools import SchoolCard
from core.school_time import school_date, school_year_start
from core.tables import Subject
from core.timetable import change_list, day_acts, lesson_changes
from core.timetable.change_writing import TimetableClash
from core.timetable.lesson_changes import Place, Substitute
from core.timetable.lesson_views import LessonView
from core.timetable.short_bells import shortened
from core.timetable.timetable_tables import TimetableChange
from core.year import clashes
from core.year.changes import CancelReason, Closed, DayAct, Distance, Effect, Scope, ShortBells, TaughtBy
from core.year.span import Hours, Span
from core.year.words import day_words
from texts.reader import load
from zvonok import change_words, named, named_lesson
from zvonok.change_words import reason_words
from zvonok.installation import Installation
from zvonok.named_lesson import Named
from zvonok.short_numbers import SHOWN, short
from zvonok.timetable_views import Work, at_school
from zvonok.trouble import OfficeError

AHEAD = timedelta(days=30)
"""So far ahead changes are listed unless the last day is said."""
HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})")
_SAY = load("ru").format


@dataclass(frozen=True, slots=True)
class Otherwise:
    """What else is otherwise than planned; what is not said, stays."""

    subject: str | None = None
    room: str | None = None
    hours: str | None = None
    """«14:00-14:45»."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """An act as the office orders it; exactly one of the first four."""

    closed: CancelReason | None = None
    minutes: int | None = None
    """Of a shortened lesson."""
    by: date | None = None
    """By whose timetable the day is taught."""
    distance: bool = False
    note: str = ""
    """Told with the reason why there are no lessons."""
    pause: int | None = None
    lessons: int | None = None

    def check(self) -> None:
        """Raise ``OfficeError`` unless exactly one thing is ordered."""
        said = (self.closed is not None, self.minutes is not None, self.by is not None, self.distance)
        if sum(said) != 1:
            raise OfficeError(_SAY("change-one-effect"))


@dataclass(frozen=True, slots=True)
class Whom:
    """Whom an act concerns, as the office says it; nothing said: everybody."""

    classes: Sequence[str] = ()
    grades: Collection[int] = field(default_factory=frozenset)
    shift: int | None = None


async def substitute(
    here: Installation, school_name: str | None, lesson: Named, teacher: str, otherwise: Otherwise
) -> list[str]:
    """Have somebody else give a lesson."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named_lesson.find(session, here, school, lesson)
        person = await named.somebody(session, school, teacher)
        subject = await _subject(session, school, otherwise.subject)
        room = await _room(session, school, otherwise.room)
        wanted = Substitute(person, subject, room, otherwise.why)
        made = await lesson_changes.substitute(session, _act(here), found.id, wanted)
        return [_SAY("change-substituted", lesson=_lesson_words(found), teacher=teacher), _number(made)]

    return await _told(here, school_name, work)


async def move(
    here: Installation, school_name: str | None, lesson: Named, to: tuple[date, int], otherwise: Otherwise
) -> list[str]:
    """Hold a lesson on another day or as another lesson of the day."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named_lesson.find(session, here, school, lesson)
        day, number = to
        room = await _room(session, school, otherwise.room)
        hours = read_hours(otherwise.hours)
        place = Place(day, number, room, hours, otherwise.why)
        made = await lesson_changes.move(session, _act(here), found.id, place)
        where = [
            _SAY("change-place", to=day_words(day), new=str(number)),
            *([change_words.hours(hours)] if hours is not None else []),
            *([_SAY("change-line-room", room=otherwise.room)] if otherwise.room is not None else []),
        ]
        return [_SAY("change-moved", lesson=_lesson_words(found), where=", ".join(where)), _number(made)]

    return await _told(here, school_name, work)


async def cancel(
    here: Installation, school_name: str | None, lesson: Named, reason: CancelReason, note: str
) -> list[str]:
    """Say that a lesson is not held."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named_lesson.find(session, here, school, lesson)
        made = await lesson_changes.cancel(session, _act(here), found.id, reason, note)
        said = _SAY("change-cancelled", lesson=_lesson_words(found), reason=reason_words(reason))
        return [said, _number(made)]

    return await _told(here, school_name, work)


async def act(
    here: Installation, school_name: str | None, span: Span, wanted: Wanted, whom: Whom, why: str
) -> list[str]:
    """Carry out an act of whole days."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        effect = await _effect(session, school, span, wanted)
        classes = [await named.school_class(session, school, title) for title in whom.classes]
        scope = Scope(whom.shift, frozenset(whom.grades) or None, frozenset(classes) or None)
        ordered = DayAct(span, effect, scope)
        made = await day_acts.act(session, _act(here), school.id, ordered, why)
        names = dict(zip(classes, whom.classes, strict=True))
        what = f"{change_words.days(span)}: {change_words.effect(effect)} · {change_words.whom(scope, names)}"
        return [*change_words.acted(what, made.lessons, made.held), _number(made.change)]

    return await _told(here, school_name, work)


async def listing(here: Installation, school_name: str | None, first: date | None, last: date | None) -> list[str]:
    """List the changes in force of some days; from today on for a month unless said otherwise."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        begin = first or school_date(now, school.zone)
        span = Span(begin, last or begin + AHEAD)
        found = await change_list.of_days(session, OFFICE, school.id, span, now)
        return [line for card in found for line in change_words.card(card)] or [_SAY("change-none")]

    return await _told(here, school_name, work)


async def withdraw(here: Installation, school_name: str | None, number: str) -> list[str]:
    """Take back a change, by its number or the beginning of it."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        change, is_act = await _change(session, school, number)
        if is_act:
            await day_acts.withdraw(session, _act(here), change)
        else:
            await lesson_changes.withdraw(session, _act(here), change)
        return [_SAY("change-withdrawn")]

    return await _told(here, school_name, work)


def read_hours(written: str | None) -> Hours | None:
    """Read «14:00-14:45». Raises ``OfficeError``, ``Invalid``."""
    if written is None:
        return None
    read = HOURS.fullmatch(written.strip())
    if read is None:
        raise OfficeError(_SAY("change-hours-shape", written=written))
    try:
        hour, minute, last_hour, last_minute = map(int, read.groups())
        starts, ends = time(hour, minute), time(last_hour, last_minute)
    except ValueError:
        raise OfficeError(_SAY("change-hours-shape", written=written)) from None
    return Hours(starts, ends)


async def _told(here: Installation, school_name: str | None, work: Work) -> list[str]:
    """Do something at a school; of a clash say every pair of lessons. Raises ``OfficeError``."""
    try:
        return await at_school(here, school_name, work)
    except TimetableClash as refused:
        said = [clashes.describe(one, _SAY, refused.names, refused.zone) for one in refused.clashes]
        raise OfficeError("\n".join(said)) from None


async def _room(session: AsyncSession, school: SchoolCard, name: str | None) -> UUID | None:
    if name is None:
        return None
    rows = await session.execute(select(Room.id, Room.name).where(Room.school_id == school.id))
    found = [room for room, called in rows if fold(called) == fold(name)]
    if not found:
        raise OfficeError(_SAY("change-no-room", room=name))
    return found[0]


async def _subject(session: AsyncSession, school: SchoolCard, name: str | None) -> UUID | None:
    if name is None:
        return None
    rows = await session.execute(select(Subject.id, Subject.name).where(Subject.school_id == school.id))
    found = [subject for subject, called in rows if fold(called) == fold(name)]
    if not found:
        raise OfficeError(_SAY("change-no-subject", subject=name))
    return found[0]


async def _effect(session: AsyncSession, school: SchoolCard, span: Span, wanted: Wanted) -> Effect:
    wanted.check()
    if wanted.closed is not None:
        return Closed(wanted.closed, lesson_changes.words_of(wanted.note))
    if wanted.by is not None:
        return TaughtBy(wanted.by)
    if wanted.minutes is None:
        return Distance()
    stored = await stored_years.stored(session, school.id, school_year_start(span.first).year)
    if stored is None:
        raise Invalid("timetable-no-bells")
    return ShortBells(shortened(stored.bells, wanted.minutes, pause=wanted.pause, lessons=wanted.lessons))


async def _change(session: AsyncSession, school: SchoolCard, number: str) -> tuple[UUID, bool]:
    """Find what a number, or its first letters, names; tell whether it is an act of days. Raises ``OfficeError``."""
    rows = await session.execute(
        select(TimetableChange.id, TimetableChange.slot_id).where(
            TimetableChange.school_id == school.id,
            TimetableChange.withdrawn_at.is_(None),
            cast(TimetableChange.id, Text).startswith(number.lower(), autoescape=True),
        )
    )
    found = rows.all()
    if len(number) < SHOWN // 2 or not found:
        raise OfficeError(_SAY("change-no-record", id=number))
    if len(found) > 1:
        raise OfficeError(_SAY("change-several-records", id=number))
    return found[0].id, found[0].slot_id is None


def _lesson_words(lesson: LessonView) -> str:
    return change_words.lesson_words(lesson.day, lesson.number, lesson.subject_name, lesson.learners)


def _number(change: UUID) -> str:
    return _SAY("change-number", id=short(change))


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"timetable:{uuid4()}")
