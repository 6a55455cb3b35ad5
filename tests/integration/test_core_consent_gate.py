"""The gate of consent: without it nothing of a child is shown or taken electronically, and paper stays possible."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, update

from core.account import admission
from core.account.admission import Kind
from core.actor import OFFICE, Act, Actor
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import ConsentPurpose, NoticeAct, NoticeAsk, NoticeState, ProposedReason
from core.family.coming_of_age import comes_of_age_on
from core.learning import attendance, diary
from core.learning.attendance_day import DayKey
from core.notice import notice_boards, notices
from core.notice.notices import PURPOSE, NoticeDraft, hash_of
from core.person import data_changes, people
from core.refusals import Forbidden, NotFound
from core.tables import Guardianship, Person
from gateway.subjects import purpose_of
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

ACHIEVEMENT, ATTENDANCE = ConsentPurpose.ACHIEVEMENT, ConsentPurpose.ATTENDANCE
DRAFT = NoticeDraft("Поездка", "Едем в пятницу.", NoticeAsk.SIGN)
SHOWN = hash_of(DRAFT.title, DRAFT.text)
NEEDED, OF_FAMILY = (Forbidden, "consent-needed"), (Forbidden, "consent-of-family-needed")
ONE = timedelta(days=1)


@dataclass
class Home:
    """Two children of one class, their parents, and a neighbour whom they trust with the elder one."""

    room: ClassRoom
    mother: UUID
    father: UUID
    neighbour: UUID

    @property
    def child(self) -> UUID:
        return self.room.pupils[0]

    async def decide(self, adult: UUID, *purposes: ConsentPurpose, given: bool = False) -> None:
        decision = Decision(given=given, since=DAY, purposes=purposes or (ACHIEVEMENT, ATTENDANCE), paper_ref="№ 1")
        async with self.room.database.begin() as session:
            act = Act(OFFICE, self.room.hands.at, str(uuid4()))
            await consents.record(session, act, self.child, adult, decision)

    async def week(self, person: UUID) -> diary.DiaryWeek:
        async with self.room.database.begin() as session:
            return await diary.week(session, Actor("web", person), self.child, DAY, self.room.hands.at)

    async def kinds(self, person: UUID) -> frozenset[Kind]:
        async with self.room.database.begin() as session:
            return (await admission.of_person(session, person, self.room.hands.at)).kinds

    async def publish(self) -> UUID:
        async with self.room.database.begin() as session:
            room = self.room
            return await notices.publish(session, room.act(room.class_teacher), room.school_class, DRAFT)

    async def read(self, notice: UUID, person: UUID) -> notices.NoticeView:
        async with self.room.database.begin() as session:
            return await notices.read(session, Actor("web", person), notice, self.room.hands.at)

    async def answer(self, notice: UUID, person: UUID) -> bool:
        async with self.room.database.begin() as session:
            return await notices.answer(session, self.room.act(person), notice, NoticeAct.SIGNED, SHOWN)

    async def listed(self, person: UUID) -> tuple[tuple[str, ...], tuple[str, ...]]:
        async with self.room.database.begin() as session:
            actor, now = Actor("web", person), self.room.hands.at
            shown = await notices.for_guardian(session, actor, now)
            return tuple(name for view in shown for name in view.children), await notices.closed_for(
                session, actor, now
            )


@pytest.fixture
async def home(core_database: Database, database_url: URL) -> Home:
    room = await class_room(core_database, database_url)
    mother = await room.builder.guardian(room.pupils[0], room.pupils[1], name="Абрамова Яна")
    father = await room.builder.guardian(room.pupils[0], name="Абрамов Ян")
    neighbour = await room.builder.guardian(room.pupils[0], name="Зимина Вера")
    async with core_database.begin() as session:
        trusted = Guardianship.guardian_id == neighbour
        await session.execute(update(Guardianship).where(trusted).values(kind="trusted", must_sign=False))
    return Home(room, mother, father, neighbour)


async def test_whoever_withdrew_his_consent_reads_and_signs_no_notice_and_is_told_why(home: Home) -> None:
    notice = await home.publish()
    assert await home.listed(home.father) == (("Абрамов Глеб",), ())
    await home.decide(home.father)
    assert await home.listed(home.father) == ((), ("Абрамов Глеб",))
    before = await home.room.watch.everything()
    assert await refused(home.read(notice, home.father)) == NEEDED
    assert await refused(home.answer(notice, home.father)) == NEEDED
    assert await home.room.watch.everything() == before
    assert await refused(home.read(uuid4(), home.father)) == (NotFound, "notice-unknown")
    assert await refused(home.read(notice, home.neighbour)) == (NotFound, "notice-unknown"), "never meant for her"
    assert await home.answer(notice, home.mother), "the other parent's consent is his own affair"
    await home.decide(home.father, given=True)
    assert await home.answer(notice, home.father)


async def test_the_other_children_stay_and_an_answer_counts_for_them_alone(home: Home) -> None:
    notice = await home.publish()
    await home.decide(home.mother)
    assert await home.listed(home.mother) == (("Ёлкин Вадим",), ("Абрамов Глеб",))
    assert (await home.read(notice, home.mother)).pupils == (home.room.pupils[1],)
    assert await home.answer(notice, home.mother)
    assert await home.room.watch.value("SELECT pupils FROM core.notice_answer") == [home.room.pupils[1]]


async def test_notices_open_by_the_purpose_by_which_the_gateway_tells_them(home: Home) -> None:
    notice = await home.publish()
    state = next(one.data for one in await home.room.watch.events() if isinstance(one.data, NoticeState))
    assert purpose_of(state) is PURPOSE
    await home.decide(home.father, ATTENDANCE)
    assert (await home.read(notice, home.father)).children == ("Абрамов Глеб",)
    await home.decide(home.father, ACHIEVEMENT)
    assert await refused(home.read(notice, home.father)) == NEEDED


@pytest.mark.req("CONS-17")
async def test_the_board_says_whom_to_ask_on_paper(home: Home) -> None:
    notice = await home.publish()

    async def on_paper() -> dict[UUID, bool]:
        async with home.room.database.begin() as session:
            actor = Actor("web", home.room.class_teacher)
            board = await notice_boards.board(session, actor, notice, home.room.hands.at)
        return {one.person: one.on_paper for one in board.lines[0].guardians}

    assert await on_paper() == {home.mother: False, home.father: False}
    await home.answer(notice, home.father)
    await home.decide(home.father)
    assert await on_paper() == {home.mother: False, home.father: True}


async def test_a_school_that_takes_no_answers_from_guardians_takes_none(home: Home) -> None:
    notice = await home.publish()
    nothing = "INSERT INTO core.role_right (school_id, role, act, reach, changed_at) VALUES ($1, $2, $3, 'none', now())"
    await home.room.watch.rows(nothing, home.room.school.id, "guardian", "notice.answer")
    assert await refused(home.answer(notice, home.mother)) == (Forbidden, "not-allowed")
    assert (await home.read(notice, home.mother)).own is None


async def test_nothing_is_told_electronically_without_a_consent(home: Home) -> None:
    async def tell(person: UUID) -> UUID:
        async with home.room.database.begin() as session:
            return await data_changes.tell(session, home.room.act(person), home.child, "Мы переехали.")

    async def own(person: UUID) -> int:
        async with home.room.database.begin() as session:
            return len(await data_changes.own(session, Actor("web", person), home.room.hands.at))

    async def explain(person: UUID) -> None:
        async with home.room.database.begin() as session:
            key = DayKey(home.child, DAY)
            await attendance.answer(session, home.room.act(person), key, ProposedReason.ILL)

    await home.room.record(0)
    await tell(home.father)
    assert await own(home.father) == 1
    await home.decide(home.father, ATTENDANCE)
    await tell(home.father)
    assert await refused(explain(home.father)) == NEEDED
    await explain(home.mother)
    await home.decide(home.father)
    assert await refused(tell(home.father)) == NEEDED
    assert await own(home.father) == 0


async def test_a_pupil_and_a_trusted_adult_see_what_the_family_has_agreed_to(home: Home) -> None:
    assert not (await home.week(home.neighbour)).whole
    await home.decide(home.father)
    assert (await home.week(home.child)).whole, "the mother's consent is enough"
    await home.decide(home.mother, ACHIEVEMENT)
    assert await refused(home.week(home.child)) == OF_FAMILY, "the neighbour's consent is not the family's"
    assert not (await home.week(home.neighbour)).whole, "the timetable belongs to attendance too"
    assert await home.kinds(home.child) == {Kind.PUPIL}
    await home.decide(home.mother)
    assert await refused(home.week(home.neighbour)) == OF_FAMILY
    assert await home.kinds(home.child) == frozenset(), "no account by a trusted adult's consent"
    await home.decide(home.mother, given=True)
    await home.decide(home.neighbour)
    assert await refused(home.week(home.neighbour)) == OF_FAMILY
    assert (await home.week(home.child)).whole


@pytest.mark.parametrize("born", ["2008-11-25", "2008-02-29", "2008-03-01", "2010-03-01"])
async def test_guardians_rights_end_at_eighteen_whether_the_daily_job_has_run_or_not(home: Home, born: str) -> None:
    birthday = await home.room.watch.value("SELECT $1::text::date", born)
    async with home.room.database.begin() as session:
        await session.execute(update(Person).where(Person.id == home.child).values(birth_date=birthday))

    async def sees(adult: UUID) -> bool:
        async with home.room.database.begin() as session:
            found = await people.children(session, adult, home.room.hands.at)
        return home.child in [one.pupil for one in found]

    home.room.hands.move(days=(comes_of_age_on(birthday) - ONE - DAY).days)
    assert [await sees(one) for one in (home.mother, home.father, home.neighbour)] == [True] * 3
    home.room.hands.move(days=1)
    assert [await sees(one) for one in (home.mother, home.father, home.neighbour)] == [False] * 3
    assert await refused(home.week(home.mother)) == (Forbidden, "child-not-yours")
    assert await home.kinds(home.child) == {Kind.PUPIL}, "what the family had agreed to holds for the pupil"
