"""What listeners must hear of when two records become one: recent days, marks, remarks, homework, notices.

What lies further back than a fortnight is told to nobody any more; when it changes, its state names the kept person.
"""

from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID

from sqlalchemy import any_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actor import Act
from core.learning import attendance_day, gradebook, homework, remarks
from core.learning.attendance_day import DayKey
from core.learning.attendance_tables import AbsenceAnswer
from core.learning.learning_tables import Homework, Mark, Remark
from core.notice import notice_state
from core.notice.notice_tables import Notice, NoticeAnswerRow, NoticePupil
from core.school.schools import SchoolCard
from core.school_time import at_school, school_date
from core.tables import AttendanceDay, Lesson, Pupil

RECENT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class News:
    """Subjects that named the record that goes, as they were before."""

    days: frozenset[DayKey]
    marks: tuple[UUID, ...]
    remarks: tuple[UUID, ...]
    homework: tuple[UUID, ...]
    notices: tuple[UUID, ...]


async def concerned(session: AsyncSession, act: Act, school: SchoolCard, gone: UUID) -> News:
    """Find what has to be stated anew once this record is another's."""
    since = school_date(act.at, school.zone) - RECENT
    return News(
        days=await _days(session, gone, since),
        marks=tuple((await session.execute(select(Mark.id).where(Mark.pupil_id == gone, Mark.day >= since))).scalars()),
        remarks=tuple(
            (
                await session.execute(
                    select(Remark.id).where(or_(Remark.pupil_id == gone, Remark.author_id == gone), Remark.day >= since)
                )
            ).scalars()
        ),
        homework=tuple(
            (
                await session.execute(
                    select(Homework.lesson_id)
                    .join(Lesson, Lesson.id == Homework.lesson_id)
                    .join(Pupil, Pupil.class_id == any_(Lesson.classes))
                    .where(Pupil.person_id == gone, Homework.due_on >= since, Homework.withdrawn.is_(False))
                )
            ).scalars()
        ),
        notices=await _notices(session, school, gone, since),
    )


async def state_anew(session: AsyncSession, act: Act, school: SchoolCard, news: News, kept: UUID, gone: UUID) -> None:
    """State these subjects at higher versions, in the order in which everybody locks them."""
    keys = {DayKey(kept if key.pupil == gone else key.pupil, key.day) for key in news.days}
    for day in sorted({key.day for key in keys}):
        await attendance_day.raise_and_publish(session, school, sorted(key for key in keys if key.day == day), act.at)
    for mark in sorted(news.marks):
        await gradebook.state_anew(session, act, mark)
    for remark in sorted(news.remarks):
        await remarks.state_anew(session, act, school.id, remark)
    for lesson in sorted(news.homework):
        await homework.state_anew(session, act, school.id, lesson)
    for notice_id in sorted(news.notices):
        notice = await session.get_one(Notice, notice_id, with_for_update=True, populate_existing=True)
        await notice_state.raise_and_publish(session, school, notice, act.at)


async def _days(session: AsyncSession, gone: UUID, since: date) -> frozenset[DayKey]:
    own = select(AttendanceDay.pupil_id, AttendanceDay.day).where(
        AttendanceDay.pupil_id == gone, AttendanceDay.day >= since
    )
    answered = select(AbsenceAnswer.pupil_id, AbsenceAnswer.day).where(
        AbsenceAnswer.guardian_id == gone, AbsenceAnswer.day >= since
    )
    return frozenset(DayKey(*row) for row in await session.execute(own.union(answered)))


async def _notices(session: AsyncSession, school: SchoolCard, gone: UUID, since: date) -> tuple[UUID, ...]:
    """Find notices that named the record and may still be read: new ones, and those whose last day has not passed."""
    meant = exists().where(NoticePupil.notice_id == Notice.id, NoticePupil.pupil_id == gone)
    answered = exists().where(NoticeAnswerRow.notice_id == Notice.id, NoticeAnswerRow.guardian_id == gone)
    begin = at_school(since, time(), school.zone)
    rows = await session.execute(
        select(Notice.id).where(
            Notice.withdrawn.is_(False),
            or_(Notice.author_id == gone, meant, answered),
            or_(Notice.published_at >= begin, Notice.reply_by >= since + RECENT),
        )
    )
    return tuple(rows.scalars())
