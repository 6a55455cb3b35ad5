"""A notice to a class: whom it reaches, who may answer it, what exactly was signed, and what the class teacher sees."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL

from core.actor import OFFICE, Act, Actor
from core.database import Database
from core.events import NoticeAct, NoticeAsk, NoticeState, notice_subject
from core.notice import notice_boards, notices
from core.notice.notice_boards import Board
from core.notice.notices import NoticeDraft, NoticeView, hash_of
from core.person.people import classes_led
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from tests.integration.core_world import DAY, ClassRoom, class_room, refused

TRIP = NoticeDraft("Поездка в музей", "Едем в пятницу.\nНужно согласие.", NoticeAsk.SIGN, DAY + timedelta(days=2))
UNKNOWN = (NotFound, "notice-unknown")
NOT_LED = (Forbidden, "class-not-yours")


@dataclass
class Families:
    """A class with two families: two adults of the first child, one of whom has the second child too."""

    room: ClassRoom
    mother: UUID
    father: UUID
    other: UUID
    """A parent of another child of the class."""

    async def publish(self, draft: NoticeDraft = TRIP, who: UUID | None = None, key: str | None = None) -> UUID:
        room = self.room
        async with room.database.begin() as session:
            act = room.act(who or room.class_teacher, key)
            return await notices.publish(session, act, room.school_class, draft)

    async def read(self, notice: UUID, who: UUID) -> NoticeView:
        async with self.room.database.begin() as session:
            return await notices.read(session, Actor("telegram", who), notice, self.room.hands.at)

    async def answer(
        self,
        notice: UUID,
        who: UUID,
        what: NoticeAct = NoticeAct.SIGNED,
        text_hash: str | None = None,
        *,
        key: str = "",
    ) -> bool:
        shown = hash_of(TRIP.title, TRIP.text) if text_hash is None else text_hash
        async with self.room.database.begin() as session:
            return await notices.answer(session, self.room.act(who, key or None), notice, what, shown)

    async def withdraw(self, notice: UUID, who: UUID | None = None) -> None:
        async with self.room.database.begin() as session:
            await notices.withdraw(session, self.room.act(who or self.room.class_teacher), notice)

    async def board(self, notice: UUID, who: UUID | None = None) -> Board:
        async with self.room.database.begin() as session:
            actor = Actor("telegram", who or self.room.class_teacher)
            return await notice_boards.board(session, actor, notice, self.room.hands.at)

    async def states(self, notice: UUID) -> list[NoticeState]:
        events = await self.room.watch.events(notice_subject(notice))
        assert [event.version for event in events] == list(range(1, len(events) + 1))
        return [event.data for event in events if isinstance(event.data, NoticeState)]


@pytest.fixture
async def families(core_database: Database, database_url: URL) -> Families:
    room = await class_room(core_database, database_url)
    mother = await room.builder.guardian(room.pupils[0], room.pupils[1], name="Абрамова Яна Ильинична")
    father = await room.builder.guardian(room.pupils[0], name="Абрамов Ян")
    other = await room.builder.guardian(room.pupils[2], name="Иванова Ольга")
    return Families(room, mother, father, other)


async def test_a_notice_is_told_whole_to_the_class_of_that_moment(families: Families) -> None:
    room = families.room
    notice = await families.publish(
        replace(TRIP, title="  Поездка\n в   музей ", text="\nЕдем в пятницу.\r\nНужно согласие. ")
    )
    (state,) = await families.states(notice)
    assert [one.name for one in state.pupils] == [
        "Абрамов Глеб",
        "Ёлкин Вадим",
        "Иванова Анна",
        "Иванова Ева",
        "Яшин Лев",
    ]
    assert [one.pupil for one in state.pupils] == list(room.pupils)
    assert (state.title, state.text) == (TRIP.title, TRIP.text)
    assert state.text_hash == hash_of(TRIP.title, TRIP.text)
    assert (state.class_title, state.author_name) == ("5А", "Громова Нина Сергеевна")
    assert (state.ask, state.reply_by, state.published_on) == (NoticeAsk.SIGN, TRIP.reply_by, DAY)
    assert (state.answers, state.withdrawn) == ((), False)
    (entry,) = await room.watch.audit("notice.publish")
    assert (entry["person_id"], entry["subject"]) == (room.class_teacher, notice_subject(notice))
    late = await room.builder.pupil(room.school_class, "Юдин Юрий")
    await families.answer(notice, families.mother)
    assert late not in [one.pupil for one in (await families.states(notice))[-1].pupils]


async def test_the_same_act_twice_is_one_notice(families: Families) -> None:
    first = await families.publish(key="update/1")
    before = await families.room.watch.everything()
    assert await families.publish(key="update/1") == first
    assert await families.room.watch.everything() == before
    assert await families.publish(key="update/2") != first


async def test_only_the_class_teacher_and_the_administration_speak_to_the_class(families: Families) -> None:
    room = families.room
    before = await room.watch.everything()
    for who in (room.teacher, room.stranger, families.mother, room.pupils[0]):
        assert await refused(families.publish(who=who)) == NOT_LED
    async with room.database.begin() as session:
        doing = notices.publish(session, Act(OFFICE, room.hands.at, "office/1"), room.school_class, TRIP)
        assert await refused(doing) == NOT_LED
        doing = notices.publish(session, room.act(room.head), uuid4(), TRIP)
        assert await refused(doing) == (NotFound, "class-gone")
    assert await room.watch.everything() == before
    assert (await families.states(await families.publish(who=room.head)))[0].author_name == "Орлов Пётр Ильич"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (replace(TRIP, title=" \n "), "notice-title-needed"),
        (replace(TRIP, title="я" * 101), "notice-title-too-long"),
        (replace(TRIP, text="\t\n\x00"), "notice-text-needed"),
        (replace(TRIP, text="я" * 3001), "notice-text-too-long"),
        (replace(TRIP, reply_by=DAY - timedelta(days=1)), "notice-last-day-past"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_makes_no_sense_is_refused_by_its_part(families: Families, draft: NoticeDraft, code: str) -> None:
    before = await families.room.watch.everything()
    assert await refused(families.publish(draft)) == (Invalid, code)
    assert await families.room.watch.everything() == before


async def test_the_longest_that_may_be_said_is_said(families: Families) -> None:
    draft = NoticeDraft("я" * 100, "я" * 3000, NoticeAsk.READ, DAY)
    (state,) = await families.states(await families.publish(draft))
    assert (state.title, state.text, state.reply_by) == (draft.title, draft.text, DAY)


async def test_a_class_without_pupils_has_nobody_to_tell(families: Families) -> None:
    room = families.room
    empty = await room.builder.school_class(room.school, "6Б", room.class_teacher)
    async with room.database.begin() as session:
        doing = notices.publish(session, room.act(room.class_teacher), empty, TRIP)
        assert await refused(doing) == (Invalid, "class-empty")


async def test_a_guardian_sees_his_own_children_and_his_own_answer(families: Families) -> None:
    notice = await families.publish()
    assert (await families.read(notice, families.mother)).children == ("Абрамов Глеб", "Ёлкин Вадим")
    assert (await families.read(notice, families.father)).children == ("Абрамов Глеб",)
    await families.answer(notice, families.mother)
    mine, his = await families.read(notice, families.mother), await families.read(notice, families.father)
    assert mine.own is not None
    assert (mine.own.act, mine.own.guardian, his.own) == (NoticeAct.SIGNED, families.mother, None)
    assert (his.class_title, his.author_name, his.title, his.text) == (
        "5А",
        "Громова Нина Сергеевна",
        TRIP.title,
        TRIP.text,
    )
    assert (his.text_hash, his.ask, his.reply_by) == (hash_of(TRIP.title, TRIP.text), TRIP.ask, TRIP.reply_by)
    assert (his.published_on, his.withdrawn) == (DAY, False)


async def test_nobody_else_can_tell_that_there_is_such_a_notice(families: Families) -> None:
    room = families.room
    elsewhere = await room.builder.school_class(room.school, "6Б", room.stranger)
    child = await room.builder.pupil(elsewhere, "Юдин Юрий")
    stranger = await room.builder.guardian(child, name="Юдина Яна")
    notice = await families.publish()
    before = await room.watch.everything()
    for who in (stranger, room.teacher, room.class_teacher, room.pupils[0]):
        assert await refused(families.read(notice, who)) == UNKNOWN
        assert await refused(families.answer(notice, who)) == UNKNOWN
    assert await refused(families.read(uuid4(), families.mother)) == UNKNOWN
    async with room.database.begin() as session:
        assert await refused(notices.read(session, OFFICE, notice, room.hands.at)) == UNKNOWN
    assert await room.watch.everything() == before


@pytest.mark.parametrize(
    ("column", "value", "may"),
    [
        ("barred", True, False),
        ("may_see", False, False),
        ("since", DAY + timedelta(days=1), False),
        ("until", DAY, True),
        ("until", DAY - timedelta(days=1), False),
    ],
    ids=str,
)
async def test_only_whoever_may_see_the_child_today_may_read_and_sign(
    families: Families, column: str, value: object, *, may: bool
) -> None:
    notice = await families.publish()
    await families.room.watch.rows(f"UPDATE core.guardianship SET {column} = $1", value)  # noqa: S608 - our own column
    if may:
        assert await families.answer(notice, families.mother)
    else:
        assert await refused(families.read(notice, families.mother)) == UNKNOWN
        assert await refused(families.answer(notice, families.mother)) == UNKNOWN
        assert await families.room.watch.value("SELECT count(*) FROM core.notice_answer") == 0


async def test_a_signature_keeps_who_when_by_what_and_the_hash_of_the_text(families: Families) -> None:
    room = families.room
    notice = await families.publish()
    at = room.hands.move(minutes=5)
    account = uuid4()
    async with room.database.begin() as session:
        act = Act(Actor("telegram", families.mother, account), at, "update/7")
        assert await notices.answer(session, act, notice, NoticeAct.SIGNED, hash_of(TRIP.title, TRIP.text))
    (row,) = await room.watch.rows("SELECT * FROM core.notice_answer")
    kept = (row["guardian_id"], row["act"], row["via"], row["account_id"], row["at"], row["text_hash"])
    assert kept == (families.mother, "signed", "telegram", account, at, hash_of(TRIP.title, TRIP.text))
    state = (await families.states(notice))[-1]
    assert [(one.guardian, one.act, one.at) for one in state.answers] == [(families.mother, NoticeAct.SIGNED, at)]
    (entry,) = await room.watch.audit("notice.answer")
    assert (entry["person_id"], entry["account_id"], entry["before"]) == (families.mother, account, None)


async def bar(families: Families, who: UUID, child: UUID, *, barred: bool = True) -> None:
    """Let a court bar an adult from a child, or let the bar end."""
    query = "UPDATE core.guardianship SET barred = $1 WHERE guardian_id = $2 AND pupil_id = $3"
    await families.room.watch.rows(query, barred, who, child)


async def heard(families: Families, notice: UUID) -> tuple[list[list[NoticeAct | None]], int]:
    """Return what each pupil's adults said on the board, and of how many the list says that somebody answered."""
    room = families.room
    lines = (await families.board(notice)).lines
    async with room.database.begin() as session:
        actor = Actor("telegram", room.class_teacher)
        (card,) = await notices.published_by(session, actor, room.school_class, room.hands.at)
    return [[one.act for one in line.guardians] for line in lines[:2]], card.answered


async def test_a_signature_counts_for_no_child_from_whom_its_giver_is_barred(families: Families) -> None:
    room = families.room
    first, second = room.pupils[:2]
    await bar(families, families.mother, second)
    notice = await families.publish()
    assert await families.answer(notice, families.mother)
    assert await room.watch.value("SELECT pupils FROM core.notice_answer") == [first]
    (entry,) = await room.watch.audit("notice.answer")
    assert str(first) in entry["after"]
    assert str(second) not in entry["after"]
    signed, refused_it = NoticeAct.SIGNED, NoticeAct.REFUSED
    assert await heard(families, notice) == ([[None, signed], []], 1)
    await bar(families, families.mother, second, barred=False)
    assert await heard(families, notice) == ([[None, signed], [None]], 1), "it was not given for the other child"
    view = await families.read(notice, families.mother)
    assert (view.pupils, view.own, view.answered_at) == ((first, second), None, room.hands.at)
    assert await families.answer(notice, families.mother), "now for both"
    assert not await families.answer(notice, families.mother)
    assert await heard(families, notice) == ([[None, signed], [signed]], 2)
    await bar(families, families.mother, second)
    assert await heard(families, notice) == ([[None, signed], [signed]], 2), "what was signed stays signed"
    assert not await families.answer(notice, families.mother), "and is signed already"
    assert await families.answer(notice, families.mother, refused_it)
    assert await heard(families, notice) == ([[None, refused_it], [signed]], 2)
    await bar(families, families.mother, second, barred=False)
    assert (await families.read(notice, families.mother)).own is None, "of the two each was said another thing"


async def test_a_repeat_changes_nothing_and_another_answer_counts_from_then(families: Families) -> None:
    notice = await families.publish()
    assert await families.answer(notice, families.mother, key="update/1")
    before = await families.room.watch.everything()
    assert not await families.answer(notice, families.mother, key="update/1")
    assert await families.room.watch.everything() == before
    assert not await families.answer(notice, families.mother, key="update/2")
    assert len(await families.states(notice)) == 2
    assert await families.answer(notice, families.mother, NoticeAct.REFUSED)
    assert [one.act for one in (await families.states(notice))[-1].answers] == [NoticeAct.REFUSED]
    assert await families.answer(notice, families.mother)
    assert [one.act for one in (await families.states(notice))[-1].answers] == [NoticeAct.SIGNED]
    assert await families.room.watch.value("SELECT count(*) FROM core.notice_answer") == 3
    assert await families.answer(notice, families.mother, NoticeAct.REFUSED)
    assert not await families.answer(notice, families.mother, key="update/1"), "an old press that comes again"
    assert [one.act for one in (await families.states(notice))[-1].answers] == [NoticeAct.REFUSED]


async def test_after_the_last_day_nothing_new_is_taken_and_what_was_signed_stays_signed(families: Families) -> None:
    room = families.room
    notice = await families.publish()
    room.hands.move(days=2, hours=23 - 8, minutes=19)  # 23:59 of the last day in the school's zone
    assert await families.answer(notice, families.mother)
    room.hands.move(minutes=2)
    before = await room.watch.everything()
    assert await refused(families.answer(notice, families.father)) == (Conflict, "notice-too-late")
    assert await refused(families.answer(notice, families.mother, NoticeAct.REFUSED)) == (Conflict, "notice-too-late")
    assert await room.watch.everything() == before
    assert not await families.answer(notice, families.mother)
    assert (await families.read(notice, families.father)).too_late(DAY + timedelta(days=3))


async def test_what_was_not_shown_is_not_signed(families: Families) -> None:
    notice = await families.publish()
    before = await families.room.watch.everything()
    for wrong in ("", "0" * 64, hash_of(TRIP.title, TRIP.text + " ")):
        doing = families.answer(notice, families.mother, NoticeAct.SIGNED, wrong)
        assert await refused(doing) == (Conflict, "notice-text-changed")
    assert await families.room.watch.everything() == before


@pytest.mark.parametrize("ask", NoticeAsk)
@pytest.mark.parametrize("what", NoticeAct)
async def test_a_notice_is_answered_with_what_it_asks(families: Families, ask: NoticeAsk, what: NoticeAct) -> None:
    may = {
        (NoticeAsk.CONFIRM, NoticeAct.CONFIRMED),
        (NoticeAsk.SIGN, NoticeAct.SIGNED),
        (NoticeAsk.SIGN, NoticeAct.REFUSED),
    }
    notice = await families.publish(replace(TRIP, ask=ask))
    if (ask, what) in may:
        assert await families.answer(notice, families.mother, what)
    else:
        assert await refused(families.answer(notice, families.mother, what)) == (Invalid, "notice-asks-otherwise")


async def test_a_withdrawn_notice_is_told_so_and_takes_no_answer(families: Families) -> None:
    room = families.room
    notice = await families.publish()
    await families.answer(notice, families.father)
    for who in (room.teacher, families.mother):
        assert await refused(families.withdraw(notice, who)) == NOT_LED
    await families.withdraw(notice)
    state = (await families.states(notice))[-1]
    assert (state.withdrawn, len(state.answers)) == (True, 1)
    assert await refused(families.answer(notice, families.mother)) == (Conflict, "notice-withdrawn")
    assert (await families.read(notice, families.mother)).withdrawn
    await families.withdraw(notice, room.head)
    assert len(await families.states(notice)) == 3
    assert len(await room.watch.audit("notice.withdraw")) == 1
    assert await refused(families.withdraw(uuid4())) == UNKNOWN


async def test_the_board_has_every_pupil_and_every_adult_in_the_order_of_the_list(families: Families) -> None:
    room = families.room
    notice = await families.publish()
    at = room.hands.move(minutes=1)
    await families.answer(notice, families.mother)
    await families.answer(notice, families.other, NoticeAct.REFUSED)
    board = await families.board(notice)
    seen = [
        (line.name.in_lists(), [(one.name.in_lists(), one.act, one.at) for one in line.guardians])
        for line in board.lines
    ]
    assert seen == [
        ("Абрамов Глеб", [("Абрамов Ян", None, None), ("Абрамова Яна", NoticeAct.SIGNED, at)]),
        ("Ёлкин Вадим", [("Абрамова Яна", NoticeAct.SIGNED, at)]),
        ("Иванова Анна", [("Иванова Ольга", NoticeAct.REFUSED, at)]),
        ("Иванова Ева", []),
        ("Яшин Лев", []),
    ]
    assert (board.title, board.text, board.ask, board.class_title) == (TRIP.title, TRIP.text, TRIP.ask, "5А")
    assert await families.board(notice, room.head) == board
    for who in (room.teacher, room.stranger, families.mother):
        assert await refused(families.board(notice, who)) == NOT_LED
    assert await refused(families.board(uuid4())) == UNKNOWN


async def test_the_board_keeps_an_answer_of_somebody_who_lost_his_right_and_drops_who_never_answered(
    families: Families,
) -> None:
    notice = await families.publish()
    await families.answer(notice, families.mother)
    await families.room.watch.rows("UPDATE core.guardianship SET may_see = false")
    lines = (await families.board(notice)).lines
    assert [[one.person for one in line.guardians] for line in lines] == [
        [families.mother],
        [families.mother],
        [],
        [],
        [],
    ]


async def test_lists_are_of_the_newest_first_and_count_families(families: Families) -> None:
    room = families.room
    made = []
    for number in range(22):
        room.hands.move(minutes=1)
        made.append(await families.publish(replace(TRIP, title=f"Объявление {number}")))
    shown = hash_of("Объявление 21", TRIP.text)
    await families.answer(made[21], families.mother, text_hash=shown)
    await families.answer(made[21], families.father, text_hash=shown)
    async with room.database.begin() as session:
        actor = Actor("telegram", room.class_teacher)
        cards = await notices.published_by(session, actor, room.school_class, room.hands.at)
        earlier = await notices.published_by(session, actor, room.school_class, room.hands.at - timedelta(minutes=20))
        own = await notices.for_guardian(session, Actor("telegram", families.mother), room.hands.at)
        nobody = await notices.for_guardian(session, Actor("telegram", room.teacher), room.hands.at)
    assert [card.id for card in cards] == [view.id for view in own] == made[:1:-1]
    assert [(card.answered, card.pupils) for card in cards[:2]] == [(2, 5), (0, 5)]
    assert [card.id for card in earlier] == [made[1], made[0]]
    assert [view.own is not None for view in own[:2]] == [True, False]
    assert nobody == ()
    async with room.database.begin() as session:
        actor = Actor("telegram", room.teacher)
        assert await refused(notices.published_by(session, actor, room.school_class, room.hands.at)) == NOT_LED
        led = await classes_led(session, room.class_teacher)
        assert [card.id for card in led] == [room.school_class]
        assert await classes_led(session, room.teacher) == ()


async def test_answers_at_once_lose_none(families: Families) -> None:
    notice = await families.publish()
    who = (families.mother, families.father, families.other)
    async with asyncio.timeout(30):
        assert await asyncio.gather(*(families.answer(notice, one) for one in who)) == [True] * 3
    states = await families.states(notice)
    assert len(states) == 4
    assert {one.guardian for one in states[-1].answers} == set(who)


def test_title_and_text_cannot_run_together() -> None:
    assert hash_of("а", "б в") != hash_of("а б", "в")
    assert hash_of("Поездка", "да") == hash_of("Поездка", "да")
    assert hash_of("", "") == "01ba4719c80b6fe911b091a7c05124b64eeece964e09c058ef8f9805daca546b"
