"""One notice as one subject: whom it is meant for, what was answered and for whom, its whole state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.events import Addressee, NoticeAct, NoticeAnswer, NoticeAsk, NoticeState, event, notice_subject
from core.notice.notice_tables import Notice, NoticeAnswerRow, NoticePupil
from core.outbox import publish
from core.person.people import name_of
from core.school.schools import SchoolCard
from core.school_time import school_date
from core.tables import Person, SchoolClass

type Said = tuple[UUID, UUID]
"""Pupil and guardian: who answered, and for whom."""


@dataclass(frozen=True, slots=True)
class Given:
    """The answers to one notice, in the order of answering; an answer counts for the pupils it was given for only."""

    answers: tuple[tuple[NoticeAnswer, frozenset[UUID]], ...] = ()

    def last(self) -> dict[UUID, NoticeAnswer]:
        """Return the last answer of each guardian, whomever it was given for."""
        found: dict[UUID, NoticeAnswer] = {}
        for answer, _ in self.answers:
            found.pop(answer.guardian, None)
            found[answer.guardian] = answer
        return found

    def standing(self) -> dict[Said, NoticeAnswer]:
        """Return what counts: the last answer of each guardian for each pupil."""
        return {(pupil, answer.guardian): answer for answer, pupils in self.answers for pupil in pupils}

    def of(self, guardian: UUID, pupils: Sequence[UUID]) -> NoticeAnswer | None:
        """Return what a guardian said for all these pupils; None if for one of them he did not, or said otherwise."""
        standing = self.standing()
        found = [standing[pupil, guardian] for pupil in pupils if (pupil, guardian) in standing]
        if len(found) < len(pupils) or len({answer.act for answer in found}) != 1:
            return None
        return max(found, key=lambda answer: answer.at)


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
    answers = (await given_to(session, [notice.id]))[notice.id].last()
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


async def given_to(session: AsyncSession, notices: Sequence[UUID]) -> dict[UUID, Given]:
    """Read the answers to each of these notices."""
    rows = await session.execute(
        select(NoticeAnswerRow).where(NoticeAnswerRow.notice_id.in_(notices)).order_by(NoticeAnswerRow.seq)
    )
    found = {notice: Given() for notice in notices}
    for row in rows.scalars():
        answer = NoticeAnswer(guardian=row.guardian_id, act=NoticeAct(row.act), at=row.at)
        found[row.notice_id] = Given((*found[row.notice_id].answers, (answer, frozenset(row.pupils))))
    return found


async def meant_for(session: AsyncSession, notices: Sequence[UUID]) -> dict[UUID, set[UUID]]:
    """Read the pupils that each of these notices is meant for."""
    rows = await session.execute(select(NoticePupil).where(NoticePupil.notice_id.in_(notices)))
    found: dict[UUID, set[UUID]] = {}
    for row in rows.scalars():
        found.setdefault(row.notice_id, set()).add(row.pupil_id)
    return found


async def counts(session: AsyncSession, notices: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """Count the pupils for whom somebody has answered, and all pupils, by notice."""
    given = await given_to(session, notices)
    meant = await meant_for(session, notices)
    return {one: (len({pupil for pupil, _ in given[one].standing()}), len(meant[one])) for one in notices}


async def addressed(session: AsyncSession, notice_id: UUID) -> list[Person]:
    """Read the pupils a notice is meant for, in the order of the class list (YEAR-23)."""
    rows = await session.execute(
        select(Person).join(NoticePupil, NoticePupil.pupil_id == Person.id).where(NoticePupil.notice_id == notice_id)
    )
    return sorted(rows.scalars(), key=lambda person: (person.sort_key, person.birth_date or date.min, person.id))
