"""Notices to the families of a class: published, read, confirmed or signed, withdrawn.

A signature is an act of its own under the very text: whoever answers hands back the hash of what was shown. The last
answer of a guardian counts, for the pupils whom he might see when he gave it, and none is ever struck out.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, exists, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import free_text, rights
from core.access import Right
from core.actor import Act, Actor
from core.consent import consent_gate
from core.events import ConsentPurpose, NoticeAct, NoticeAnswer, NoticeAsk, notice_subject
from core.family import families
from core.journal import Change, audit, first_time, id_made_by
from core.learning import class_rights
from core.notice import notice_state
from core.notice.notice_tables import Notice, NoticeAnswerRow, NoticePupil
from core.person.people import children, name_of, today_of
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.school_time import school_date
from core.tables import Person, Pupil, School, SchoolClass

TITLE_LONGEST, TEXT_LONGEST = 100, 3000
"""Characters: a title is one line of a phone, title and text together are one message of any messenger."""
SHOWN = 20
"""Notices in a list; older ones are reached through their messages."""
PURPOSE = ConsentPurpose.ACHIEVEMENT
"""Of the consent that opens notices, as the gateway counts them (``gateway.subjects.purpose_of``)."""
ACTS = {
    NoticeAsk.READ: frozenset[NoticeAct](),
    NoticeAsk.CONFIRM: frozenset({NoticeAct.CONFIRMED}),
    NoticeAsk.SIGN: frozenset({NoticeAct.SIGNED, NoticeAct.REFUSED}),
}
"""What may be answered to each ask."""


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What a class teacher is about to say."""

    title: str
    text: str
    ask: NoticeAsk
    reply_by: date | None = None
    """The last day on which an answer is taken."""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A notice as one guardian sees it: his own children, his own answer, nobody else's."""

    id: UUID
    class_title: str
    author_name: str
    title: str
    text: str
    text_hash: str
    """Of this very title and text; to be handed back with an answer."""
    ask: NoticeAsk
    reply_by: date | None
    published_on: date
    withdrawn: bool
    children: tuple[str, ...]
    pupils: tuple[UUID, ...]
    """The same children: for these, and for nobody else, an answer of this moment is given."""
    own: NoticeAnswer | None
    """What he said for all of them; None while he has not answered for one of them, or answered otherwise."""
    answered_at: datetime | None
    """When he last answered, for whichever children; a press after that is another act."""

    def too_late(self, today: date) -> bool:
        """Tell whether the last day for an answer has passed."""
        return self.reply_by is not None and self.reply_by < today


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice in its author's list."""

    id: UUID
    title: str
    ask: NoticeAsk
    reply_by: date | None
    published_at: datetime
    withdrawn: bool
    answered: int
    """Pupils of whom at least one adult has answered."""
    pupils: int


def hash_of(title: str, text: str) -> str:
    """Return the SHA-256 of title and text, hexadecimal; a title is one line, so that the two cannot run together."""
    return hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()


async def publish(session: AsyncSession, act: Act, class_id: UUID, draft: NoticeDraft) -> UUID:
    """Tell the families of a class; its pupils of this moment are whom the notice is meant for.

    Raises ``NotFound``, ``Forbidden`` (its class teacher and the administration only), or ``Invalid``: an empty or
    too long title or text, a last day in the past, a class without pupils. A repeat returns the notice already made.
    """
    facts = await class_rights.of_class(session, act.actor, class_id, act.at)
    if act.actor.person is None or not facts.may(Right.NOTICE_PUBLISH):
        raise Forbidden("class-not-yours", class_title=facts.title)
    title, text = _checked(draft, school_date(act.at, facts.school.zone))
    learning = select(Pupil.person_id).where(Pupil.class_id == class_id, Pupil.left_on.is_(None))
    pupils = (await session.execute(learning)).scalars().all()
    if not pupils:
        raise Invalid("class-empty", class_title=facts.title)
    notice_id = id_made_by(act.key, "notice")
    if not await first_time(session, act.key, act.at):
        return notice_id
    notice = Notice(
        id=notice_id,
        school_id=facts.school.id,
        class_id=class_id,
        author_id=act.actor.person,
        title=title,
        text=text,
        text_hash=hash_of(title, text),
        ask=draft.ask.value,
        reply_by=draft.reply_by,
        published_at=act.at,
        withdrawn=False,
        version=0,
    )
    session.add(notice)
    await session.flush()
    await session.execute(insert(NoticePupil), [{"notice_id": notice_id, "pupil_id": pupil} for pupil in pupils])
    await notice_state.raise_and_publish(session, facts.school, notice, act.at)
    after = {"ask": notice.ask, "text_hash": notice.text_hash, "pupils": len(pupils)}
    change = Change("notice.publish", notice_subject(notice_id), None, after)
    await audit(session, act.actor, facts.school.id, act.at, change)
    return notice_id


async def read(session: AsyncSession, actor: Actor, notice_id: UUID, now: datetime) -> NoticeView:
    """Read a notice as a guardian of a pupil it is meant for, and of whom he has consented to data (CONF-21).

    Raises ``NotFound`` for everybody else, ``Forbidden`` ("consent-needed") where only his consent is missing.
    """
    views = await _views(session, actor, now, Notice.id == notice_id)
    if views:
        return views[0]
    _, closed = await _own(session, actor, now)
    if not closed.keys().isdisjoint((await notice_state.meant_for(session, [notice_id])).get(notice_id, ())):
        raise Forbidden("consent-needed")
    raise NotFound("notice-unknown")


async def for_guardian(session: AsyncSession, actor: Actor, now: datetime) -> tuple[NoticeView, ...]:
    """List a guardian's notices, the newest first, twenty at most; none of those ``closed_for`` names."""
    return await _views(session, actor, now)


async def closed_for(session: AsyncSession, actor: Actor, now: datetime) -> tuple[str, ...]:
    """Name a guardian's children of whom no notice is shown to him, because his consent is missing (CONF-21)."""
    return tuple((await _own(session, actor, now))[1].values())


async def answer(session: AsyncSession, act: Act, notice_id: UUID, what: NoticeAct, text_hash: str) -> bool:
    """Confirm, sign or refuse a notice as a guardian of a pupil it is meant for; another answer replaces the last.

    It is given for the pupils whom the guardian may see at this moment, and counts for no sister whom he may not.
    Returns False if this was answered already. Raises ``NotFound`` (not his), ``Forbidden`` (no consent, or his school
    takes no answers from guardians here), ``Invalid`` (this notice does not ask for that), ``Conflict``: withdrawn, its
    last day over, or ``text_hash`` is not that of the text.
    """
    for pupil in (await read(session, act.actor, notice_id, act.at)).pupils:
        rights.demand(await rights.of_pupil(session, act.actor, pupil, act.at), Right.NOTICE_ANSWER)
    if act.actor.person is None or not await first_time(session, act.key, act.at):
        return False
    notice = await session.get_one(Notice, notice_id, with_for_update=True, populate_existing=True)
    school = (await class_rights.of_class(session, act.actor, notice.class_id, act.at)).school
    # Read again under the lock: whom he may answer for, and what he said before.
    shown = await read(session, act.actor, notice_id, act.at)
    given = shown.own
    if given is not None and given.act is what and text_hash == notice.text_hash:
        return False
    _check_open(notice, shown.ask, what, text_hash, school_date(act.at, school.zone))
    session.add(
        NoticeAnswerRow(
            id=uuid4(),
            notice_id=notice_id,
            guardian_id=act.actor.person,
            pupils=list(shown.pupils),
            act=what.value,
            text_hash=text_hash,
            via=act.actor.via,
            account_id=act.actor.account,
            at=act.at,
        )
    )
    await notice_state.raise_and_publish(session, school, notice, act.at)
    before = None if given is None else {"act": given.act.value}
    after = {"act": what.value, "text_hash": text_hash, "pupils": [str(pupil) for pupil in shown.pupils]}
    change = Change("notice.answer", notice_subject(notice_id), before, after)
    await audit(session, act.actor, notice.school_id, act.at, change)
    return True


async def withdraw(session: AsyncSession, act: Act, notice_id: UUID) -> None:
    """Take a notice back: nobody may answer it any more. Again is harmless. Raises ``NotFound``, ``Forbidden``."""
    notice, facts = await led(session, act.actor, notice_id, act.at)
    if not await first_time(session, act.key, act.at):
        return
    await session.refresh(notice, with_for_update=True)
    if notice.withdrawn:
        return
    notice.withdrawn = True
    await notice_state.raise_and_publish(session, facts.school, notice, act.at)
    change = Change("notice.withdraw", notice_subject(notice_id), {"withdrawn": False}, {"withdrawn": True})
    await audit(session, act.actor, notice.school_id, act.at, change)


async def published_by(session: AsyncSession, actor: Actor, class_id: UUID, now: datetime) -> tuple[NoticeCard, ...]:
    """List the notices to a class up to now, the newest first, twenty at most. Raises ``NotFound``, ``Forbidden``."""
    facts = await class_rights.of_class(session, actor, class_id, now)
    if not facts.may(Right.NOTICE_PUBLISH):
        raise Forbidden("class-not-yours", class_title=facts.title)
    query = select(Notice).where(Notice.class_id == class_id, Notice.published_at <= now)
    rows = await session.execute(query.order_by(Notice.published_at.desc(), Notice.id).limit(SHOWN))
    notices = rows.scalars().all()
    counts = await notice_state.counts(session, [notice.id for notice in notices])
    return tuple(
        NoticeCard(
            notice.id,
            notice.title,
            NoticeAsk(notice.ask),
            notice.reply_by,
            notice.published_at,
            notice.withdrawn,
            *counts[notice.id],
        )
        for notice in notices
    )


def _checked(draft: NoticeDraft, today: date) -> tuple[str, str]:
    """Return title and text as they will stand. Raises ``Invalid``."""
    title, text = free_text.plain(" ".join(draft.title.split())), free_text.plain(draft.text)
    if not title:
        raise Invalid("notice-title-needed")
    if free_text.length(title) > TITLE_LONGEST:
        raise Invalid("notice-title-too-long", longest=TITLE_LONGEST, seen=free_text.length(title))
    if not text:
        raise Invalid("notice-text-needed")
    if free_text.length(text) > TEXT_LONGEST:
        raise Invalid("notice-text-too-long", longest=TEXT_LONGEST, seen=free_text.length(text))
    if draft.reply_by is not None and draft.reply_by < today:
        raise Invalid("notice-last-day-past")
    return title, text


def _check_open(notice: Notice, ask: NoticeAsk, what: NoticeAct, text_hash: str, today: date) -> None:
    if notice.withdrawn:
        raise Conflict("notice-withdrawn")
    if what not in ACTS[ask]:
        raise Invalid("notice-asks-otherwise")
    if notice.reply_by is not None and notice.reply_by < today:
        raise Conflict("notice-too-late")
    if text_hash != notice.text_hash:
        raise Conflict("notice-text-changed")


async def led(
    session: AsyncSession, actor: Actor, notice_id: UUID, now: datetime
) -> tuple[Notice, class_rights.ClassFacts]:
    """Read a notice as whoever may publish to its class. Raises ``NotFound``, ``Forbidden``."""
    notice = await session.get(Notice, notice_id)
    if notice is None:
        raise NotFound("notice-unknown")
    facts = await class_rights.of_class(session, actor, notice.class_id, now)
    if not facts.may(Right.NOTICE_PUBLISH):
        raise Forbidden("class-not-yours", class_title=facts.title)
    return notice, facts


async def _own(session: AsyncSession, actor: Actor, now: datetime) -> tuple[dict[UUID, str], dict[UUID, str]]:
    """Name the actor's children: those whose notices are open to him, and those whose are closed without consent."""
    reader = actor.person
    today = None if reader is None else await today_of(session, reader, now)
    if reader is None or today is None:
        return {}, {}
    all_ones = {child.pupil: child.name.in_lists() for child in await children(session, reader, now, as_guardian=True)}
    agreed = await consent_gate.open_of(session, [(pupil, reader) for pupil in all_ones], PURPOSE, today)
    open_ones = {pupil: name for pupil, name in all_ones.items() if (pupil, reader) in agreed}
    return open_ones, {pupil: name for pupil, name in all_ones.items() if pupil not in open_ones}


async def _views(
    session: AsyncSession, actor: Actor, now: datetime, *conditions: ColumnElement[bool]
) -> tuple[NoticeView, ...]:
    """Read the newest notices that are meant for a child whom the actor may see today; children in Russian order."""
    reader = actor.person
    own, _ = await _own(session, actor, now)
    if reader is None or not own:
        return ()
    rows = await session.execute(
        select(Notice, SchoolClass.title, Person, School.zone)
        .join(SchoolClass, SchoolClass.id == Notice.class_id)
        .join(Person, Person.id == Notice.author_id)
        .join(School, School.id == Notice.school_id)
        .where(exists().where(NoticePupil.notice_id == Notice.id, NoticePupil.pupil_id.in_(own)), *conditions)
        .order_by(Notice.published_at.desc(), Notice.id)
        .limit(SHOWN)
    )
    found = rows.all()
    ids = [notice.id for notice, *_ in found]
    given = await notice_state.given_to(session, ids)
    meant = await notice_state.meant_for(session, ids)
    signs = await families.signs_for(session, reader)
    views = []
    for notice, class_title, author, zone in found:
        here = tuple(pupil for pupil in own if pupil in meant[notice.id])
        ask, pupils = _asked(NoticeAsk(notice.ask), here, signs)
        views.append(
            NoticeView(
                id=notice.id,
                class_title=class_title,
                author_name=name_of(author).in_full(),
                title=notice.title,
                text=notice.text,
                text_hash=notice.text_hash,
                ask=ask,
                reply_by=notice.reply_by,
                published_on=school_date(notice.published_at, zone),
                withdrawn=notice.withdrawn,
                children=tuple(own[pupil] for pupil in here),
                pupils=pupils,
                own=given[notice.id].of(reader, pupils),
                answered_at=last.at if (last := given[notice.id].last().get(reader)) else None,
            )
        )
    return tuple(views)


def _asked(ask: NoticeAsk, pupils: tuple[UUID, ...], signs: frozenset[UUID]) -> tuple[NoticeAsk, tuple[UUID, ...]]:
    """Return what is asked of a guardian, and for whom: whoever signs for none of these pupils is asked to read."""
    if ask is not NoticeAsk.SIGN:
        return ask, pupils
    signed = tuple(pupil for pupil in pupils if pupil in signs)
    return (ask, signed) if signed else (NoticeAsk.READ, pupils)
