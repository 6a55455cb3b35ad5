"""Changes of single lessons in a real database: recorded, refused by name, told as whole states, withdrawn."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid4

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.access import Right
from core.database import Database
from core.events import NotHeld, PlannedAs
from core.learning import attendance
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.staff import substitutions
from core.timetable import change_list, day_acts, lesson_changes
from core.timetable.change_writing import TimetableClash
from core.timetable.lesson_changes import Place, Substitute
from core.year import clashes
from core.year.changes import Cancellation, CancelReason, Closed, DayAct, Move, Substitution
from core.year.span import Hours, Span
from tests.integration.core_world import refused
from tests.integration.timetable_world import MONDAY, WEEK, TimetableWorld, timetable_world
from texts.reader import load

TUESDAY = MONDAY + timedelta(days=1)


@pytest_asyncio.fixture
async def world(core_database: Database, database_url: URL) -> TimetableWorld:
    return await timetable_world(core_database, database_url)


async def substitute(world: TimetableWorld, lesson: UUID, teacher: str, key: str | None = None) -> UUID:
    wanted = Substitute(world.teachers[teacher], why="болеет")
    return await world.do(lambda session: lesson_changes.substitute(session, world.act(key=key), lesson, wanted))


async def move(world: TimetableWorld, lesson: UUID, to: date, number: int, **more: object) -> UUID:
    place = Place(to, number, **more)  # type: ignore[arg-type]  # fields of a value, by name
    return await world.do(lambda session: lesson_changes.move(session, world.act(), lesson, place))


async def cancel(world: TimetableWorld, lesson: UUID, note: str = "") -> UUID:
    reason = CancelReason.NO_TEACHER
    return await world.do(lambda session: lesson_changes.cancel(session, world.act(), lesson, reason, note))


async def withdraw(world: TimetableWorld, change: UUID) -> None:
    await world.do(lambda session: lesson_changes.withdraw(session, world.act(), change))


async def call_roll(world: TimetableWorld, lesson: UUID) -> None:
    await world.do(lambda session: attendance.record(session, world.act(), lesson, {}))


@pytest.mark.req("TT-04")
async def test_substitutions_and_moved_lessons_are_registered_and_the_deputy_records_them(
    world: TimetableWorld,
) -> None:
    lesson, other = await world.lesson("5А", TUESDAY, 1), await world.lesson("5А", TUESDAY, 3)
    world.head = deputy = await world.deputy()
    made = await substitute(world, lesson, "С")
    moved = await move(world, other, TUESDAY, 5, why="совещание")
    act = world.act()
    cards = await world.do(lambda session: change_list.of_days(session, act.actor, world.school.id, WEEK, act.at))
    assert [(card.id, type(card.change), card.why, card.made_by) for card in cards] == [
        (made, Substitution, "болеет", "Белова Вера Ильинична"),
        (moved, Move, "совещание", "Белова Вера Ильинична"),
    ]
    assert cards[0].lesson is not None
    assert (cards[0].lesson.learners, cards[0].lesson.number, cards[0].lesson.subject_name) == ("5А", 1, "математика")
    assert cards[0].names == {world.teachers["С"]: "Седова Анна Юрьевна"}
    rows = await world.watch.audit("lesson.substitute")
    assert [(row["person_id"], row["subject"], row["why"]) for row in rows] == [(deputy, f"lesson/{lesson}", "болеет")]


async def test_a_substitution_stands_in_the_lesson_and_in_the_whole_state_of_the_class_s_day(
    world: TimetableWorld,
) -> None:
    await substitute(world, await world.lesson("5А", TUESDAY, 1), "С")
    stands = await world.read(await world.lesson("5А", TUESDAY, 1))
    assert (stands.substitute_id, stands.teacher_id) == (world.teachers["С"], world.teachers["К"])
    state = await world.told("5А", TUESDAY)
    assert (state.class_title, state.day) == ("5А", TUESDAY)
    assert [one.name for one in state.pupils] == ["Абрамов Глеб", "Ёлкин Вадим", "Иванова Анна"]
    assert [(one.number, one.teacher_name, one.substituted, one.is_changed) for one in state.lessons] == [
        (1, "Седова Анна Юрьевна", True, True),
        (2, "Зимин Олег Андреевич", False, False),
        (3, "Кузнецова Мария Петровна", False, False),
    ]
    assert state.lessons[0].was == PlannedAs(
        day=TUESDAY,
        number=1,
        starts_at=datetime(2026, 11, 24, 3, 30, tzinfo=UTC),
        ends_at=datetime(2026, 11, 24, 4, 10, tzinfo=UTC),
        subject_name="математика",
        teacher_name="Кузнецова Мария Петровна",
        room_name="12",
    )
    assert await world.events(world.classes["5Б"], TUESDAY) == []
    assert await world.events(world.classes["5А"], MONDAY) == []


async def test_versions_rise_and_a_repeat_writes_and_tells_nothing(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    first = await substitute(world, lesson, "С", "one")
    before = await world.watch.everything()
    assert await substitute(world, lesson, "С", "one") == first
    assert await world.watch.everything() == before
    await withdraw(world, first)
    found = await world.events(world.classes["5А"], TUESDAY)
    assert [one.version for one, _ in found] == [1, 2]
    assert not any(lesson.is_changed for lesson in found[-1][1].lessons)
    before = await world.watch.everything()
    await withdraw(world, first)
    after = await world.watch.everything()
    assert [name for name in after if after[name] != before[name]] == ["core.command"]


async def test_of_two_substitutions_the_last_holds_and_withdrawn_it_gives_the_lesson_back_to_its_teacher(
    world: TimetableWorld,
) -> None:
    third = await world.builder.teacher(world.school, "Титов Лев Юрьевич")
    world.teachers["Т"] = third
    lesson = await world.lesson("5А", TUESDAY, 1)
    await substitute(world, lesson, "С")
    last = await substitute(world, lesson, "Т")
    assert (await world.read(lesson)).substitute_id == third
    await withdraw(world, last)
    assert (await world.read(lesson)).substitute_id is None


async def test_the_bots_door_to_substitutions_takes_them_back_too(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    for teacher in (world.teachers["С"], world.teachers["С"], None, None, world.teachers["С"], world.teachers["К"]):
        async with world.database.begin() as session:
            await substitutions.replace(session, world.act(), lesson, teacher)
        expected = teacher if teacher == world.teachers["С"] else None
        assert (await world.read(lesson)).substitute_id == expected
    assert await world.watch.value("SELECT count(*) FROM core.timetable_change WHERE withdrawn_at IS NULL") == 0


async def test_a_moved_lesson_stands_in_the_states_of_both_days(world: TimetableWorld) -> None:
    wednesday = TUESDAY + timedelta(days=1)
    lesson = await world.lesson("5А", TUESDAY, 1)
    await move(world, lesson, wednesday, 4, room=world.rooms["14"])
    stands = await world.read(lesson)
    assert (stands.day, stands.planned_day, stands.number, stands.room_id) == (wednesday, TUESDAY, 4, world.rooms["14"])
    assert stands.starts_at == datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
    left, come = await world.told("5А", TUESDAY), await world.told("5А", wednesday)
    assert [(one.number, one.day) for one in left.lessons] == [(2, TUESDAY), (3, TUESDAY), (4, wednesday)]
    assert [(one.number, one.room_name, one.was and one.was.day) for one in come.lessons] == [
        (1, "12", None),
        (2, "12", None),
        (3, "12", None),
        (4, "14", TUESDAY),
    ]


async def test_a_cancelled_lesson_says_why_and_frees_its_teacher(world: TimetableWorld) -> None:
    busy = await world.lesson("5Б", TUESDAY, 1)
    with pytest.raises(TimetableClash):
        await substitute(world, busy, "К")
    await cancel(world, await world.lesson("5А", TUESDAY, 1), " учитель  болеет ")
    state = await world.told("5А", TUESDAY)
    assert (state.lessons[0].cancelled, state.lessons[0].cancelled_note) == (NotHeld.NO_TEACHER, "учитель  болеет")
    await substitute(world, busy, "К")
    assert (await world.read(busy)).substitute_id == world.teachers["К"]


async def test_a_new_clash_is_refused_with_both_lessons_by_name(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    with pytest.raises(TimetableClash) as caught:
        await substitute(world, lesson, "З")
    refusal, say = caught.value, load("ru").format
    ours, theirs = "математика, 5А (08:30–09:10)", "русский язык, 5Б (08:30–09:10)"
    named = "24.11.2026: Зимин Олег Андреевич — два урока одновременно: {} и {}."
    (clash,) = refusal.clashes
    sentence = say(f"refusal-{refusal.code}", **refusal.details)
    assert sentence in {named.format(ours, theirs), named.format(theirs, ours)}
    assert clashes.describe(clash, say, refusal.names, refusal.zone) == sentence
    assert (await world.read(lesson)).substitute_id is None
    assert await world.events(world.classes["5А"], TUESDAY) == []


@pytest.mark.parametrize(
    ("number", "room", "kind"),
    [(2, None, "class"), (4, None, None), (1, "14", "room")],
)
async def test_a_move_is_refused_where_the_class_or_the_room_is_taken(
    world: TimetableWorld, number: int, room: str | None, kind: str | None
) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    place = {} if room is None else {"room": world.rooms[room]}
    if kind is None:
        await move(world, lesson, TUESDAY, number, **place)
        return
    with pytest.raises(TimetableClash) as caught:
        await move(world, lesson, TUESDAY, number, **place)
    assert {one.kind.value for one in caught.value.clashes} >= {kind}


async def test_a_change_back_is_refused_if_what_took_its_place_clashes_with_it(world: TimetableWorld) -> None:
    cancelled = await cancel(world, await world.lesson("5А", TUESDAY, 1))
    await substitute(world, await world.lesson("5Б", TUESDAY, 1), "К")
    assert await refused(withdraw(world, cancelled)) == (TimetableClash, "timetable-clash")


async def test_a_lesson_whose_roll_was_called_is_neither_moved_nor_cancelled_but_substituted(
    world: TimetableWorld,
) -> None:
    lesson = await world.lesson("5А", MONDAY, 1)
    world.hands.move(hours=1)
    await call_roll(world, lesson)
    assert await refused(cancel(world, lesson)) == (Conflict, "timetable-lesson-held")
    assert await refused(move(world, lesson, MONDAY, 5)) == (Conflict, "timetable-lesson-held")
    await substitute(world, lesson, "С")
    assert (await world.read(lesson)).substitute_id == world.teachers["С"]


@pytest.mark.parametrize(
    ("to", "number", "refusal"),
    [
        (date(2026, 11, 29), 1, (Invalid, "timetable-day-closed")),
        (date(2027, 9, 2), 1, (Invalid, "timetable-day-closed")),
        (date.max, 1, (Invalid, "timetable-day-closed")),
        (date.min, 1, (Invalid, "timetable-day-closed")),
        (MONDAY - timedelta(days=3), 1, (Invalid, "timetable-day-over")),
        (TUESDAY, 9, (Invalid, "year-slot-without-bell")),
        (TUESDAY, 1, (Conflict, "timetable-nothing-changes")),
    ],
)
async def test_a_move_to_where_nobody_learns_is_refused(
    world: TimetableWorld, to: date, number: int, refusal: tuple[type[Exception], str]
) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    before = await world.watch.everything()
    assert await refused(move(world, lesson, to, number)) == refusal
    assert await world.watch.everything() == before


async def test_of_two_rooms_the_one_that_was_said_later_holds(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    first, second = [await world.builder.room(world.school.id, name) for name in ("31", "32")]
    wanted = Substitute(world.teachers["С"], room=first)
    await world.do(lambda session: lesson_changes.substitute(session, world.act(), lesson, wanted))
    moved = await move(world, lesson, TUESDAY, 1, room=second)
    assert (await world.read(lesson)).room_id == second
    await withdraw(world, moved)
    assert (await world.read(lesson)).room_id == first
    await move(world, lesson, TUESDAY, 5)
    assert (await world.read(lesson)).room_id == first


async def test_a_substitute_works_at_the_school_on_the_day_of_the_lesson(world: TimetableWorld) -> None:
    friday = await world.lesson("5А", MONDAY + timedelta(days=4), 1)
    monday = await world.lesson("5А", MONDAY, 1)
    await world.watch.rows("UPDATE core.staff SET until = $1 WHERE person_id = $2", TUESDAY, world.teachers["С"])
    assert await refused(substitute(world, friday, "С")) == (Invalid, "substitute-not-staff")
    world.hands.move(days=2)
    await substitute(world, monday, "С")
    assert (await world.read(monday)).substitute_id == world.teachers["С"]


async def test_a_lesson_that_an_act_of_its_day_has_cancelled_is_not_cancelled_again(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    act = DayAct(Span(TUESDAY, TUESDAY), Closed(CancelReason.WEATHER))
    acted = await world.do(lambda session: day_acts.act(session, world.act(), world.school.id, act))
    assert await refused(cancel(world, lesson)) == (Conflict, "timetable-not-held")
    await world.do(lambda session: day_acts.withdraw(session, world.act(), acted.change))
    await cancel(world, lesson)
    reason = CancelReason.EVENT
    await world.do(lambda session: lesson_changes.cancel(session, world.act(), lesson, reason))
    assert (await world.read(lesson)).cancelled == "event"


async def test_why_a_lesson_is_substituted_is_seen_by_whoever_records_substitutions(world: TimetableWorld) -> None:
    await substitute(world, await world.lesson("5А", TUESDAY, 1), "С")
    await move(world, await world.lesson("5А", TUESDAY, 3), TUESDAY, 5, why="совещание")
    seen = []
    for person in (world.teachers["З"], await world.deputy()):
        async with world.database.begin() as session:
            actor = world.act(person).actor
            cards = await change_list.of_days(session, actor, world.school.id, WEEK, world.hands.at)
        seen.append([card.why for card in cards])
    assert seen == [["", ""], ["болеет", "совещание"]]


async def test_hours_of_its_own_need_no_bell(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    await move(world, lesson, TUESDAY, 9, hours=Hours(time(18), time(18, 40)))
    assert (await world.read(lesson)).starts_at == datetime(2026, 11, 24, 13, 0, tzinfo=UTC)


async def test_a_cancelled_lesson_is_neither_moved_nor_substituted(world: TimetableWorld) -> None:
    lesson = await world.lesson("5А", TUESDAY, 1)
    await cancel(world, lesson)
    assert await refused(substitute(world, lesson, "С")) == (Conflict, "timetable-not-held")
    assert await refused(move(world, lesson, TUESDAY, 5)) == (Conflict, "timetable-not-held")
    assert await refused(cancel(world, lesson)) == (Conflict, "timetable-nothing-changes")


async def test_what_is_not_the_school_s_is_refused(world: TimetableWorld) -> None:
    other = await world.builder.school("Другая школа")
    stranger = await world.builder.teacher(other, "Чужих Олег Андреевич")
    room, lesson = await world.builder.room(other.id, "1"), await world.lesson("5А", TUESDAY, 1)
    world.teachers["Ч"] = stranger
    assert await refused(substitute(world, lesson, "Ч")) == (Invalid, "substitute-not-staff")
    assert await refused(move(world, lesson, TUESDAY, 5, room=room)) == (NotFound, "timetable-room-unknown")
    assert await refused(withdraw(world, uuid4())) == (NotFound, "timetable-change-unknown")
    reason = CancelReason.SHORT_DAY
    doing = world.do(lambda session: lesson_changes.cancel(session, world.act(), lesson, reason))
    assert await refused(doing) == (Invalid, "timetable-reason-of-bells")


async def test_teachers_change_nothing_themselves(world: TimetableWorld) -> None:
    lesson, own = await world.lesson("5А", TUESDAY, 1), world.act(world.teachers["К"])
    wanted, place = Substitute(world.teachers["С"]), Place(TUESDAY, 5)
    for doing in (
        world.do(lambda session: lesson_changes.substitute(session, own, lesson, wanted)),
        world.do(lambda session: lesson_changes.move(session, own, lesson, place)),
        world.do(lambda session: lesson_changes.cancel(session, own, lesson, CancelReason.OTHER)),
    ):
        assert await refused(doing) == (Forbidden, "not-allowed")
    assert Right.TIMETABLE_SET.value == "timetable.set"


async def test_a_lesson_of_a_group_is_told_of_the_group_alone(world: TimetableWorld) -> None:
    group = await world.group("5А, английский 1", "5А", 0, 2)
    await world.slot(2, 5, "английский язык", "С", group_id=group)
    await world.make()
    query = "SELECT id FROM core.lesson WHERE group_id = $1 AND day = $2"
    lesson = await world.watch.value(query, group, TUESDAY)
    await cancel(world, lesson)
    ((_, state),) = await world.events(group, TUESDAY)
    assert state.class_title == "5А, английский 1"
    assert [one.name for one in state.pupils] == ["Абрамов Глеб", "Ёлкин Вадим"]
    assert await world.events(world.classes["5А"], TUESDAY) == []


async def test_changes_of_other_days_are_not_listed(world: TimetableWorld) -> None:
    await cancel(world, await world.lesson("5А", TUESDAY, 1))
    act, monday = world.act(), Span(MONDAY, MONDAY)
    listed = await world.do(lambda session: change_list.of_days(session, act.actor, world.school.id, monday, act.at))
    assert listed == ()
    ever = Span(date.min, date.max)
    listed = await world.do(lambda session: change_list.of_days(session, act.actor, world.school.id, ever, act.at))
    assert [type(card.change) for card in listed] == [Cancellation]
