"""One notice as one subject: whom it is meant for, what was answered, its whole state."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Addressee, NoticeAct, NoticeAnswer, NoticeAsk, NoticeState, event, notice_subject
from core.notice_tables import Notice, NoticeAnswerRow, NoticePupil
from core.outbox import publish
from core.people import name_of
from core.school_time import school_date
from core.schools import SchoolCard
from core.tables import Person, SchoolClass


async def raise_and_publish(session: AsyncSession, school: SchoolCard, notice: Notice, now: datetime) -> None:
    """Raise the notice's version under its row's lock, which the caller holds, and publish its whole state."""
    notice.version += 1
    await session.flush()
    state = await read(session, school, notice)
    subject = notice_subject(notice.id)
    await publish(session, event(state, subject=subject, school=school.id, version=notice.version, at=now))


async def read(session: AsyncSession, school: SchoolCard, notice: Notice) -> NoticeState:
    """Read the whole state of a notice."""
    class_title = (
        await session.execute(select(SchoolClass.title).where(SchoolClass.id == notice.class_id))
    ).scalar_one()
    author = await session.get_one(Person, notice.author_id)
    answers = (await answers_of(session, [notice.id])).get(notice.id, {})
    return NoticeState(
        notice=notice.id,
        class_title=class_title,
        pupils=tuple(
            Addressee(pupil=person.id, name=name_of(person).in_lists())
            for person in await addressed(session, notice.id)
        ),
        author_name=name_of(author).in_full(),
        title=notice.title,
        text=notice.text,
        text_hash=notice.text_hash,
        ask=NoticeAsk(notice.ask),
        reply_by=notice.reply_by,
        published_on=school_date(notice.published_at, school.zone),
        answers=tuple(answers.values()),
        withdrawn=notice.withdrawn,
    )


async def answers_of(session: AsyncSession, notices: Sequence[UUID]) -> dict[UUID, dict[UUID, NoticeAnswer]]:
    """Read what counts of each notice's answers: the last one of each guardian, in the order of answering."""
    rows = await session.execute(
        select(NoticeAnswerRow).where(NoticeAnswerRow.notice_id.in_(notices)).order_by(NoticeAnswerRow.seq)
    )
    found: dict[UUID, dict[UUID, NoticeAnswer]] = {}
    for row in rows.scalars():
        of_notice = found.setdefault(row.notice_id, {})
        of_notice.pop(row.guardian_id, None)
        of_notice[row.guardian_id] = NoticeAnswer(guardian=row.guardian_id, act=NoticeAct(row.act), at=row.at)
    return found


async def addressed(session: AsyncSession, notice_id: UUID) -> list[Person]:
    """Read the pupils a notice is meant for, in the order of the class list (YEAR-23)."""
    rows = await session.execute(
        select(Person).join(NoticePupil, NoticePupil.pupil_id == Person.id).where(NoticePupil.notice_id == notice_id)
    )
    return sorted(rows.scalars(), key=lambda person: (person.sort_key, person.birth_date or date.min, person.id))
