"""Attendance at the command line: late rolls, the absent of a day, heads counted, days without a known cause."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import uuid4
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import OFFICE, Act
from core.learning import (
    absence_confirmation,
    absence_counts,
    absence_lists,
    journal_locks,
    roll_deadlines,
    timetable,
)
from core.learning.absence_counts import HeadCount, Unexplained
from core.learning.absence_lists import AbsentOfDay, AbsentPupil, ClassWaiting
from core.learning.attendance_day import DayKey
from core.learning.expected import ExpectedBy
from core.learning.roll_deadlines import LateRoll
from core.school import school_rules
from core.school.schools import SchoolCard
from core.school_time import at_school as moment
from core.school_time import end_of_school_date, school_date
from core.timetable.lesson_views import LessonView
from core.year.words import day_words
from texts.reader import load
from zvonok import named, named_lesson
from zvonok.installation import Installation
from zvonok.named_lesson import Named
from zvonok.timetable_views import Days, at_school
from zvonok.trouble import OfficeError

CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])")
_SAY = load("ru").format
_INDENT = "  "


@dataclass(frozen=True, slots=True)
class Decided:
    """What the office decides of an absence; exactly one of the two."""

    code: str | None
    """The cause that is accepted, by the school's code."""
    refused: bool

    def check(self) -> None:
        """Raise ``OfficeError`` unless one is named."""
        if (self.code is not None) is self.refused:
            raise OfficeError(_SAY("attendance-confirm-one"))


def clock_of(written: str | None) -> time | None:
    """Read «11:20». Raises ``OfficeError``."""
    if written is None:
        return None
    read = CLOCK.fullmatch(written.strip())
    if read is None:
        raise OfficeError(_SAY("attendance-clock", written=written))
    return time(int(read[1]), int(read[2]))


async def overdue(here: Installation, school_name: str | None) -> list[str]:
    """List the lessons of today whose roll is late."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        await timetable.open_unopened(session, school, school_date(now, school.zone), now)
        late = await roll_deadlines.overdue(session, OFFICE, school.id, here.school_clock.now())
        if not late:
            return [_SAY("attendance-overdue-none")]
        minutes = (await school_rules.of_school(session, school.id)).absence_minutes
        return [
            _SAY("attendance-overdue-title", minutes=minutes, count=str(len(late))),
            *(_INDENT + _late(one, school.zone) for one in late),
        ]

    return await at_school(here, school_name, work)


async def waiting(here: Installation, school_name: str | None, day: date | None) -> list[str]:
    """List the classes whose absent of a day nobody has gone over."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        of_day = day or school_date(now, school.zone)
        await timetable.open_unopened(session, school, of_day, now)
        found = await absence_lists.waiting(session, OFFICE, school.id, of_day, now)
        which = "attendance-waiting-title" if found else "attendance-waiting-none"
        lines = (_INDENT + _waits(one, school.zone) for one in found)
        return [_SAY(which, day=day_words(of_day)), *lines]

    return await at_school(here, school_name, work)


async def recheck(
    here: Installation, school_name: str | None, title: str, day: date | None, *, done: bool
) -> list[str]:
    """Show the absent of a class on a day; ``done``: and say that they were gone over."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        class_id = await named.school_class(session, school, title)
        of_day = day or school_date(now, school.zone)
        if done:
            await absence_lists.recheck(session, _act(here), class_id, of_day)
        seen = await absence_lists.of_class(session, OFFICE, class_id, of_day, now)
        said = {"class": seen.class_title, "day": day_words(of_day)}
        if not seen.pupils:
            return [_SAY("attendance-list-none", **said), *([_SAY("attendance-rechecked", **said)] if done else [])]
        head = _SAY("attendance-list-title", count=str(len(seen.pupils)), **said)
        lines = (_INDENT + line for one in seen.pupils for line in _absent(one, school.zone))
        return [head, *lines, _gone_over(seen, school.zone)]

    return await at_school(here, school_name, work)


async def heads(here: Installation, school_name: str | None, day: date | None, clock: time | None) -> list[str]:
    """Count who is at school at a moment, class by class."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        there = now.astimezone(ZoneInfo(school.zone))
        at = moment(day or there.date(), clock or there.time(), school.zone)
        of_day = day_words(day or there.date())
        await timetable.open_unopened(session, school, day or there.date(), now)
        found = await absence_counts.heads(session, OFFICE, school.id, at, now)
        if not found:
            return [_SAY("attendance-heads-none", day=of_day)]
        present, enrolled = sum(one.present for one in found), sum(one.enrolled for one in found)
        return [
            _SAY("attendance-heads-title", day=of_day, at=_wall_clock(at, school.zone)),
            *(_INDENT + _counted(one) for one in found),
            _SAY("attendance-heads-total", present=str(present), enrolled=str(enrolled)),
        ]

    return await at_school(here, school_name, work)


async def unexplained(
    here: Installation, school_name: str | None, title: str | None, days: Days, from_days: int
) -> list[str]:
    """List who missed lessons of some days, of the last month unless said, without a known cause."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        now = here.school_clock.now()
        span = days.before(school_date(now, school.zone))
        if title is None:
            found = await absence_counts.unexplained(session, OFFICE, school.id, span, now, from_days=from_days)
        else:
            class_id = await named.school_class(session, school, title)
            found = await absence_counts.unexplained_of_class(session, OFFICE, class_id, span, now, from_days=from_days)
        head = _SAY("attendance-unexplained-title", first=day_words(span.first), last=day_words(span.last))
        return [head, *(_INDENT + _missed(one) for one in found)] if found else [_SAY("attendance-unexplained-none")]

    return await at_school(here, school_name, work)


async def unlock(here: Installation, school_name: str | None, lesson: Named, until: date, why: str) -> list[str]:
    """Open a locked lesson until the end of a day."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named_lesson.find(session, here, school, lesson)
        end = end_of_school_date(until, school.zone)
        await journal_locks.unlock(session, _act(here), found.id, end, why)
        return [_SAY("attendance-unlocked", until=day_words(until), **_said(found))]

    return await at_school(here, school_name, work)


async def lock(here: Installation, school_name: str | None, lesson: Named) -> list[str]:
    """Lock an opened lesson before its time."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        found = await named_lesson.find(session, here, school, lesson)
        await journal_locks.lock_again(session, _act(here), found.id)
        return [_SAY("attendance-locked", **_said(found))]

    return await at_school(here, school_name, work)


async def confirm(
    here: Installation, school_name: str | None, pupil: str, day: date, decided: Decided, why: str
) -> list[str]:
    """Accept a cause of what a pupil missed on a day, or not what the family says."""

    async def work(session: AsyncSession, school: SchoolCard) -> list[str]:
        key = DayKey(await named.pupil(session, school, pupil), day)
        if decided.code is None:
            await absence_confirmation.refuse(session, _act(here), key, why)
            return [_SAY("attendance-refused", day=day_words(day))]
        changed = await absence_confirmation.confirm(session, _act(here), key, decided.code, why)
        return [_SAY("attendance-confirmed", code=decided.code, lessons=len(changed))]

    return await at_school(here, school_name, work)


def _act(here: Installation) -> Act:
    return Act(OFFICE, here.school_clock.now(), f"attendance:{uuid4()}")


def _said(lesson: LessonView) -> dict[str, str]:
    day, number = day_words(lesson.day), str(lesson.number)
    return {"learners": lesson.learners, "subject": lesson.subject_name, "day": day, "number": number}


def _late(one: LateRoll, zone: str) -> str:
    return _SAY(
        "attendance-overdue-line",
        starts=_wall_clock(one.starts_at, zone),
        number=str(one.number),
        learners=one.class_title,
        subject=one.subject_name,
        teacher=one.teacher_name,
    )


def _waits(one: ClassWaiting, zone: str) -> str:
    leader = _SAY("attendance-no-leader") if one.class_teacher is None else one.class_teacher.in_full()
    said = {"class": one.class_title, "absent": str(one.absent), "teacher": leader}
    if one.rechecked_at is None:
        return _SAY("attendance-waiting-line", **said)
    return _SAY("attendance-waiting-again", at=_wall_clock(one.rechecked_at, zone), **said)


def _absent(one: AbsentPupil, zone: str) -> Iterator[str]:
    lessons = (
        _SAY("attendance-list-lesson", number=str(it.number), subject=it.subject_name, code=it.code)
        for it in one.lessons
    )
    yield _SAY("attendance-list-line", name=one.name.in_lists(), lessons=", ".join(lessons))
    yield from (_INDENT + line for line in _known(one, zone))


def _known(one: AbsentPupil, zone: str) -> Iterator[str]:
    """Say what else is known of a pupil's day."""
    known = one.announced
    if known is not None:
        until = day_words(known.until)
        if known.by is ExpectedBy.RELEASED:
            yield _SAY("attendance-list-released", title=known.title, until=until)
        else:
            yield _SAY("attendance-list-announced", reason=known.reason.value, until=until)
    for said in one.answers:
        yield _SAY("attendance-list-answer", guardian=said.name.in_full(), reason=said.reason.value)
    if one.refused_at is not None:
        yield _SAY("attendance-list-refused", at=_moment(one.refused_at, zone))


def _gone_over(seen: AbsentOfDay, zone: str) -> str:
    if seen.rechecked_at is None:
        return _SAY("attendance-list-not-done", **{"class": seen.class_title})
    which = "attendance-list-done" if seen.is_done else "attendance-list-stale"
    return _SAY(which, at=_moment(seen.rechecked_at, zone))


def _counted(one: HeadCount) -> str:
    line = _SAY(
        "attendance-heads-line", present=str(one.present), enrolled=str(one.enrolled), **{"class": one.class_title}
    )
    if one.distant:
        return _joined((line, _SAY("attendance-heads-distant")))
    why = (("attendance-heads-absent", one.absent), ("attendance-heads-announced", one.announced))
    uncalled = () if one.called else (_SAY("attendance-heads-uncalled"),)
    return _joined((line, *(_SAY(which, count=str(count)) for which, count in why if count), *uncalled))


def _missed(one: Unexplained) -> str:
    counted = [
        *([_SAY("attendance-unexplained-days", days=len(one.days))] if one.days else []),
        *([_SAY("attendance-unexplained-lessons", lessons=one.lessons)] if one.lessons else []),
    ]
    said = {"class": one.class_title, "name": one.name.in_lists(), "counted": ", ".join(counted)}
    line = _SAY("attendance-unexplained-line", **said)
    return _joined((line, _SAY("attendance-unexplained-over"))) if one.is_over else line


def _joined(parts: Iterable[str]) -> str:
    return "; ".join(parts)


def _wall_clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _moment(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%d.%m.%Y %H:%M}"
