"""Lists that come again: looked at, brought in as shown or not at all, and taken back while nothing rests on them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, event, update

from core.account import accounts
from core.actor import OFFICE, Act, Actor
from core.consent import consents
from core.consent.consent_entries import Decision
from core.database import Database
from core.events import AddressState, GuardianshipState, SchoolKind
from core.family import guardianships
from core.learning import attendance, timetable
from core.lists import imports
from core.lists.depending import OWN, Because
from core.lists.difference import Difference, GoneWhat, Kind, StaysWhy, What
from core.lists.imports import Brought, ImportDoubtful, ImportStands, Wish
from core.person import mailboxes
from core.refusals import Conflict, Forbidden, Invalid, NotFound
from core.roster_file import GuardianCells, PupilRow, Relation, RosterFiles
from core.school import schools
from core.tables import Pupil
from tests.integration.core_world import DAY, Hands, Watch, refused
from tests.integration.roster_pages import Office, lesson, office_files, parent, pupil, staff
from tests.integration.test_core_atomic import CrashError, dying_before

TEACHER = "Белова Ольга Львовна"
BORN = date(1988, 2, 1)
MAIL = ("y@example.org", date(2026, 8, 30))


class Desk(Office):
    """An office that looks before it brings in, and thinks again."""

    def act(self) -> Act:
        """Return an act a minute after the last one."""
        return Act(OFFICE, self.hands.move(minutes=1), str(uuid4()))

    async def looks(self, files: RosterFiles, answers: Mapping[str, int] | None = None) -> Difference:
        """Look at lists."""
        async with self.database.begin() as session:
            return await imports.look(session, self.act(), self.school, files, answers or {})

    async def brings(self, files: RosterFiles, wish: Wish = Wish()) -> Brought:  # noqa: B008 - a frozen value
        """Bring lists in."""
        async with self.database.begin() as session:
            return await imports.bring_in(session, self.act(), self.school, files, wish)

    async def undoes(self, brought: Brought | UUID) -> None:
        """Take an import back."""
        number = brought if isinstance(brought, UUID) else brought.id
        async with self.database.begin() as session:
            await imports.take_back(session, self.act(), self.school, number, "не тот файл")

    async def stands(self, brought: Brought) -> set[Because]:
        """Try to take back what cannot be; everything must stay as it was. Returns why."""
        before = await self.watch.everything()
        with pytest.raises(ImportStands) as refusal:
            await self.undoes(brought)
        assert await self.watch.everything() == before
        return {reason.because for reason in refusal.value.reasons}

    async def person(self, surname: str) -> UUID:
        """Return the one person of a surname."""
        (found,) = await self.people(surname)
        return found


@pytest.fixture
async def desk(core_database: Database, database_url: URL) -> Desk:
    async with core_database.begin() as session:
        school = await schools.create(
            session, OFFICE, name="Школа 1", kind=SchoolKind.PRIVATE, zone="Asia/Yekaterinburg", now=Hands().at
        )
    return Desk(core_database, Watch(database_url), Hands(), school)


def family(*adults: GuardianCells, of: str = "5А", who: str = "Юдин Юрий") -> RosterFiles:
    """Write a list of one pupil."""
    return office_files([], [pupil(of, who, *(adults or (parent("Юдина Яна"),)))])


def named(difference: Difference, what: What, kind: Kind) -> list[tuple[str, ...]]:
    """Return whom or what entries are about, by name."""
    entries = difference.of(what, kind)
    return [tuple(difference.names.get(part, part) for part in entry.key) for entry in entries]


async def test_looking_writes_nothing_and_holds_nobody_up(desk: Desk) -> None:
    await desk.brings(family())
    before = await desk.watch.everything()
    async with desk.database.begin() as session:
        await session.execute(update(Pupil).values(individual_plan=True))
        async with asyncio.timeout(10):
            shown = await desk.looks(family(parent("Юдина Яна", mail=MAIL), of="5Б"))
        await session.rollback()
    assert [entry.what for entry in shown.entries] == [What.CLASS, What.PUPIL, What.ADDRESS]
    assert await desk.watch.everything() == before


async def test_what_was_shown_is_what_is_written(desk: Desk) -> None:
    await desk.brings(family())
    changed = family(parent("Юдина Яна", mail=MAIL), parent("Юдин Ян", Relation.FATHER), of="5Б")
    shown = await desk.looks(changed)
    assert (await desk.looks(changed)).fingerprint == shown.fingerprint
    brought = await desk.brings(changed, Wish(expected=shown.fingerprint))
    assert brought.difference.fingerprint == shown.fingerprint
    rows = await desk.watch.rows("SELECT subject, before, after FROM core.audit WHERE action = 'roster.change'")
    assert len([row for row in rows if str(brought.id) in row["after"]]) == len(shown.entries)


async def test_a_change_in_between_is_noticed_and_nothing_is_written(desk: Desk) -> None:
    await desk.brings(family())
    changed = family(of="5Б")
    shown = await desk.looks(changed)
    await desk.brings(family(parent("Юдина Яна", mail=MAIL)))
    assert (await desk.looks(changed)).fingerprint == shown.fingerprint, "the address is none of this list's"
    await desk.brings(family(of="6А"))
    before = await desk.watch.everything()
    doing = desk.brings(changed, Wish(expected=shown.fingerprint))
    assert await refused(doing) == (Conflict, "import-not-as-shown")
    assert await desk.watch.everything() == before


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (pupil("5А", "Юдин-Зуев Юрий", parent("Юдина Яна")), "surname"),
        (pupil("5А", "Юдин Юрий", parent("Юдина Яна"), born=date(2015, 7, 5)), "born"),
        (pupil("5А", "Юдин Юрий Ильич", parent("Петрова Анна")), "patronymic"),
        (pupil("5А", "ЮДИН Юрий", parent("Юдина Яна")), None),
        (pupil("5А", "Юдин Юрий", parent("Юдина Яна", born=BORN)), "born"),
    ],
)
async def test_whoever_is_surely_the_same_is_changed_and_not_added(
    desk: Desk, row: PupilRow, field: str | None
) -> None:
    await desk.brings(family())
    shown = await desk.looks(office_files([], [row]))
    assert shown.doubts == ()
    assert not shown.of(What.PUPIL)
    changes = [name for entry in shown.of(What.PERSON, Kind.CHANGED) for name in entry.fields_but()]
    assert changes == ([field] if field else [])


async def test_a_list_brings_the_yo_and_takes_none(desk: Desk) -> None:
    await desk.brings(family(parent("Юдина Алена"), who="Ёлкин Петр"))
    shown = await desk.looks(family(parent("Юдина Алёна"), who="Елкин Пётр"))
    (child, mother) = [dict((entry.after or {}).items()) for entry in shown.of(What.PERSON)]
    assert (child, mother) == ({"given": "Пётр"}, {"given": "Алёна"})


@pytest.mark.parametrize(
    ("row", "mark"),
    [
        (pupil("5А", "Зуев Юрий", parent("Зуева Инна")), "pupils.csv:2"),
        (pupil("5А", "Юдин Юрий", parent("Зуева Инна"), born=date(2015, 7, 5)), "pupils.csv:2"),
        (pupil("5А", "Юдин Лев", parent("Юдина Яна")), "pupils.csv:2"),
        (pupil("5А", "Юдин Юрий", parent("Зуева Яна")), "pupils.csv:2/1"),
    ],
    ids=["another surname, other adults", "another date, other adults", "a twin", "a mother renamed, no date"],
)
async def test_whoever_may_be_the_same_is_asked_about(desk: Desk, row: PupilRow, mark: str) -> None:
    await desk.brings(family())
    files = office_files([], [row])
    before = await desk.watch.everything()
    with pytest.raises(ImportDoubtful) as asked:
        await desk.brings(files)
    (doubt,) = asked.value.difference.doubts
    assert (doubt.mark, len(doubt.offered)) == (mark, 1)
    assert await desk.watch.everything() == before
    same, other = await desk.looks(files, {mark: 1}), await desk.looks(files, {mark: 0})
    assert not same.doubts + other.doubts
    assert len(other.of(What.PERSON, Kind.NEW)) > len(same.of(What.PERSON, Kind.NEW))
    await desk.brings(files, Wish(answers={mark: 1}, expected=same.fingerprint))
    assert not (await desk.looks(files)).entries


async def test_twins_who_are_both_there_are_asked_about_by_nobody(desk: Desk) -> None:
    mother = parent("Юдина Яна", born=BORN)
    both = office_files([], [pupil("5А", "Юдин Юрий", mother), pupil("5А", "Юдин Лев", mother)])
    await desk.brings(family(mother))
    shown = await desk.looks(both)
    assert (shown.doubts, named(shown, What.PUPIL, Kind.NEW)) == ((), [("Юдин Лев",)])
    await desk.brings(both)
    assert not (await desk.looks(both)).entries


async def test_an_employee_who_may_be_the_same_is_asked_about_and_so_not_missed_in_the_timetable(desk: Desk) -> None:
    await desk.brings(office_files([staff(TEACHER)], []))
    lessons = [lesson("5А", 1, "Зуева Ольга Львовна")]
    files = office_files([staff("Зуева Ольга Львовна")], [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))], lessons)
    with pytest.raises(ImportDoubtful):
        await desk.brings(files)
    await desk.brings(files, Wish(answers={"staff.csv:2": 1}))
    assert await desk.watch.value("SELECT surname FROM core.slot JOIN core.person p ON p.id = teacher_id") == "Зуева"
    assert await desk.people("Белова") == []


async def test_an_answer_to_what_nobody_asks_is_refused(desk: Desk) -> None:
    await desk.brings(family())
    assert await refused(desk.looks(family(), {"pupils.csv:9": 1})) == (Invalid, "import-answer-unknown")


async def test_what_the_list_leaves_out_is_named_and_left_alone(desk: Desk) -> None:
    mother, father = parent("Юдина Яна"), parent("Юдин Ян", Relation.FATHER)
    pupils = [
        pupil("5А", "Юдин Юрий", mother, father),
        pupil("5А", "Зуев Лев", mother),
        pupil("5Б", "Ёлкин Ян", mother),
    ]
    rows = [staff(TEACHER), staff("Орлов Пётр Ильич")]
    lessons = [lesson("5А", 1, TEACHER), lesson("5А", 2, TEACHER), lesson("5Б", 3, TEACHER)]
    await desk.brings(office_files(rows, pupils, lessons))
    before = await desk.watch.everything()
    less = office_files(rows[:1], [pupil("5А", "Юдин Юрий", mother)], lessons[:1])
    shown = await desk.looks(less)
    gone = [(one.what, shown.names[one.key[-1]]) for one in shown.gone if one.what is not GoneWhat.SLOT]
    assert gone == [(GoneWhat.PUPIL, "Зуев Лев"), (GoneWhat.STAFF, "Орлов Пётр Ильич"), (GoneWhat.ADULT, "Юдин Ян")]
    assert [one.key[1:] for one in shown.gone if one.what is GoneWhat.SLOT] == [("2", "2", "week", "")]
    brought = await desk.brings(less)
    assert brought.difference.entries == ()
    unlike = {name for name, rows in (await desk.watch.everything()).items() if rows != before[name]}
    assert unlike == {"core.audit"}


async def test_a_list_brings_back_neither_the_dismissed_nor_the_parted(desk: Desk) -> None:
    files = office_files([staff(TEACHER)], [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))])
    await desk.brings(files)
    child, mother = await desk.person("Юдин"), await desk.person("Юдина")
    desk.hands.move(days=5)
    async with desk.database.begin() as session:
        await guardianships.end(session, desk.act(), child, mother, DAY, "переезд")
    await desk.watch.rows("UPDATE core.staff SET until = $1", DAY.replace(day=1))
    shown = await desk.looks(files)
    assert (shown.entries, [one.why for one in shown.stays]) == (
        (),
        [StaysWhy.DISMISSED, StaysWhy.RELATION_ENDED],
    )


@pytest.mark.parametrize("step", [11, pytest.param(1, marks=pytest.mark.deep)])
async def test_wherever_an_import_or_an_undo_dies_nothing_of_it_remains(desk: Desk, step: int) -> None:
    rows = [staff(TEACHER, "директор"), staff("Орлов Пётр Ильич")]
    first = office_files(rows, [pupil("5А", "Юдин Юрий", parent("Юдина Яна", mail=MAIL))], [lesson("5А", 1, TEACHER)])
    await desk.brings(first)
    mother = parent("Юдина Яна", Relation.STEPMOTHER, mail=("n@example.org", None), consent=None)
    second = office_files(
        [staff(TEACHER, "учитель"), staff("Орлов Пётр Ильич", "директор"), staff("Зуев Ян Ильич", of="5Б")],
        [pupil("5Б", "Юдин-Зуев Юрий", mother, parent("Юдин Ян", Relation.FATHER)), pupil("5Б", "Ёлкин Ян", mother)],
        [replace(lesson("5А", 1, TEACHER), room="7"), replace(lesson("5Б", 2, TEACHER), subject="химия")],
    )
    shown = await desk.looks(second)
    assert {entry.what for entry in shown.entries} == set(What)
    said = await _dies_everywhere(desk, lambda: desk.brings(second, Wish(expected=shown.fingerprint)), step)
    (made,) = [row for row in await desk.watch.audit("roster.import") if shown.fingerprint in row["after"]]
    number = UUID(made["after"].split('"import": "')[1][:36])
    assert said > 20
    assert await _dies_everywhere(desk, lambda: desk.undoes(number), step) > 20


async def _dies_everywhere(desk: Desk, doing: Callable[[], Awaitable[object]], step: int) -> int:
    """Let something die before its first statement, before others in steps, its last, its commit; then let it be.

    Returns how many statements it has.
    """
    before = await desk.watch.everything()
    with pytest.raises(CrashError), _dying_at_commit(desk.database) as said:
        await doing()
    assert await desk.watch.everything() == before, "commit"
    count = len(said)
    for statement in sorted({*range(0, count, step), count - 1}):
        with pytest.raises(CrashError), dying_before(desk.database, statement):
            await doing()
        assert await desk.watch.everything() == before, f"statement {statement}"
    await doing()
    return count


@contextmanager
def _dying_at_commit(database: Database) -> Iterator[list[str]]:
    """Let the process die when it has said everything, and is about to commit; yield what it says."""
    said: list[str] = []

    def saying(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    def committing(_connection: object) -> None:
        raise CrashError

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", saying)
    event.listen(engine, "commit", committing)
    try:
        yield said
    finally:
        event.remove(engine, "commit", committing)
        event.remove(engine, "before_cursor_execute", saying)


async def test_an_undo_puts_back_what_was_and_says_so(desk: Desk) -> None:
    files = family(parent("Юдина Яна", mail=MAIL))
    await desk.brings(files)
    changed = family(parent("Юдина Яна", Relation.STEPMOTHER, mail=("n@example.org", None)), of="5Б")
    brought = await desk.brings(changed)
    await desk.undoes(brought)
    assert not (await desk.looks(files)).entries
    child = await desk.person("Юдин")
    told = [event.data for event in await desk.watch.events("guardianship/")]
    assert [one.relation for one in told if isinstance(one, GuardianshipState)] == ["мать", "мачеха", "мать"]
    addresses = [event.data for event in await desk.watch.events("address/")]
    assert [one.value for one in addresses if isinstance(one, AddressState)] == [MAIL[0], "n@example.org", MAIL[0]]
    assert await desk.watch.value("SELECT title FROM core.school_class") == "5А", "the class came and went"
    moves = await desk.watch.rows(
        "SELECT before ->> 'class' AS before, after ->> 'class' AS after FROM core.audit"
        " WHERE action = 'roster.change' AND subject = $1 AND after ? 'class' ORDER BY seq",
        f"person/{child}",
    )
    assert [row["before"] for row in moves] == [None, moves[0]["after"], moves[1]["after"]]
    async with desk.database.begin() as session:
        cards = await imports.listed(session, OFFICE, desk.school.id, desk.hands.at)
    assert [card.undone_at is None for card in cards] == [False, True]
    assert await refused(desk.undoes(brought)) == (Conflict, "import-undone-already")
    assert await refused(desk.undoes(uuid4())) == (NotFound, "import-unknown")


async def test_whoever_was_brought_in_by_mistake_hears_no_more_and_may_come_again(desk: Desk) -> None:
    files = family(parent("Юдина Яна", mail=MAIL))
    brought = await desk.brings(files)
    await desk.undoes(brought)
    last: dict[str, object] = {event.subject: event.data for event in await desk.watch.events()}
    for state in last.values():
        if isinstance(state, AddressState):
            assert state.ended
        if isinstance(state, GuardianshipState):
            assert state.until is not None
            assert state.until < state.since
            assert not state.attendance_consent.in_force(DAY)
    for table in ("pupil", "school_class"):
        assert await desk.watch.value(f"SELECT count(*) FROM core.{table}") == 0  # noqa: S608 - names of our own
    again = await desk.brings(files)
    assert not again.difference.of(What.PERSON), "the records stayed"
    assert {entry.what for entry in again.difference.of(What.RELATION, Kind.NEW)} == {What.RELATION}
    state = (await desk.watch.events("guardianship/"))[-1]
    assert isinstance(state.data, GuardianshipState)
    assert (state.version, state.data.until, state.data.attendance_consent.in_force(DAY)) == (3, None, True)
    address = (await desk.watch.events("address/"))[-1]
    assert isinstance(address.data, AddressState)
    assert (address.version, address.data.value, address.data.ended) == (3, MAIL[0], False)
    await desk.undoes(again)


async def test_a_later_import_of_the_same_thing_comes_first_off(desk: Desk) -> None:
    await desk.brings(family())
    second = await desk.brings(family(of="5Б"))
    third = await desk.brings(family(of="6А"))
    assert await desk.stands(second) == {Because.CHANGED}
    await desk.undoes(third)
    await desk.undoes(second)
    assert not (await desk.looks(family())).entries


async def test_an_import_beside_it_does_no_harm(desk: Desk) -> None:
    await desk.brings(family())
    second = await desk.brings(family(parent("Юдина Яна", mail=MAIL)))
    await desk.brings(office_files([staff(TEACHER)], []))
    await desk.undoes(second)
    assert await desk.watch.value("SELECT value FROM core.contact") == ""


async def _marked(desk: Desk) -> None:
    """Call the roll of the first lesson."""
    async with desk.database.begin() as session:
        await timetable.open_day(session, desk.school, DAY, desk.hands.at)
    lesson_id = await desk.watch.value("SELECT id FROM core.lesson")
    desk.hands.move(hours=3)
    act = Act(Actor("telegram", await desk.person("Белова")), desk.hands.at, str(uuid4()))
    async with desk.database.begin() as session:
        await attendance.record(session, act, lesson_id, {await desk.person("Юдин"): "н"})


async def _code(desk: Desk) -> None:
    async with desk.database.begin() as session:
        keeper = accounts.CodeKeeper(b"a secret of this test, thirty-two bytes or more")
        await accounts.issue_codes(session, OFFICE, keeper, [await desk.person("Юдина")], desk.hands.at)


async def test_what_a_mother_was_handed_is_void_when_a_list_makes_her_staff(desk: Desk) -> None:
    await desk.brings(office_files([staff(TEACHER)], [pupil("5А", "Юдин Юрий", parent("Юдина Яна", born=BORN))]))
    await _code(desk)
    unused = "SELECT count(*) FROM core.link_code WHERE used_at IS NULL"
    assert await desk.watch.value(unused) == 1
    await desk.brings(office_files([staff("Юдина Яна", "директор", born=BORN)], []))
    assert len(await desk.people("Юдина")) == 1
    assert await desk.watch.value(unused) == 0


async def _barred(desk: Desk) -> None:
    async with desk.database.begin() as session:
        pair = await desk.person("Юдин"), await desk.person("Юдина")
        await guardianships.bar(session, desk.act(), *pair, "решение суда")


async def _withdrawn(desk: Desk) -> None:
    async with desk.database.begin() as session:
        pair = await desk.person("Юдин"), await desk.person("Юдина")
        await consents.record(session, desk.act(), *pair, Decision(given=False, since=DAY))


async def _moved(desk: Desk) -> None:
    await desk.brings(family(of="5Б"))


async def _led(desk: Desk) -> None:
    query = "INSERT INTO core.class_card (class_id, data, version) SELECT id, '{}', 1 FROM core.school_class"
    await desk.watch.rows(query)


@pytest.mark.parametrize(
    ("since", "because"),
    [
        (_marked, {Because.LEARNING, Because.LESSON, Because.NAMED}),
        (_code, {Because.NAMED}),
        (_barred, {Because.RELATION}),
        (_withdrawn, {Because.CONSENT}),
        (_moved, {Because.CHANGED}),
        (_led, {Because.USED}),
    ],
)
async def test_what_rests_on_an_import_keeps_it(
    desk: Desk, since: Callable[[Desk], Awaitable[None]], because: set[Because]
) -> None:
    files = office_files([staff(TEACHER)], [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))], [lesson("5А", 1, TEACHER)])
    brought = await desk.brings(files)
    await since(desk)
    assert await desk.stands(brought) >= because


async def test_lessons_that_nobody_has_touched_go_with_their_timetable(desk: Desk) -> None:
    pupils = [pupil("5А", "Юдин Юрий", parent("Юдина Яна"))]
    await desk.brings(office_files([staff(TEACHER)], pupils))
    brought = await desk.brings(office_files([staff(TEACHER)], pupils, [lesson("5А", 1, TEACHER)]))
    async with desk.database.begin() as session:
        assert await timetable.open_day(session, desk.school, DAY, desk.hands.at) == 1
    await desk.undoes(brought)
    for table in ("lesson", "slot", "subject"):
        assert await desk.watch.value(f"SELECT count(*) FROM core.{table}") == 0  # noqa: S608 - names of our own


async def test_a_later_date_of_a_consent_stays(desk: Desk) -> None:
    await desk.brings(family())
    brought = await desk.brings(family(parent("Юдина Яна", consent=date(2026, 10, 1))))
    await desk.undoes(brought)
    pair = await desk.person("Юдин"), await desk.person("Юдина")
    async with desk.database.begin() as session:
        stands = (await consents.standing(session, *pair)).attendance
    assert (stands.given_on, stands.in_force(DAY)) == (date(2026, 10, 1), True)


async def test_whoever_gives_no_roles_takes_no_roles_back(desk: Desk) -> None:
    await desk.brings(office_files([staff(TEACHER), staff("Орлов Пётр Ильич")], []))
    brought = await desk.brings(office_files([staff(TEACHER, "директор"), staff("Орлов Пётр Ильич")], []))
    clerk = await desk.person("Орлов")
    await desk.watch.rows(
        "INSERT INTO core.role_assignment (id, person_id, school_id, role, since, why, by_list, granted_at)"
        " VALUES (gen_random_uuid(), $1, $2, 'hr', $3, '', false, $4)",
        clerk,
        desk.school.id,
        DAY.replace(day=1),
        desk.hands.at,
    )
    await desk.watch.rows(
        "INSERT INTO core.role_right (school_id, role, act, reach, changed_at)"
        " VALUES ($1, 'hr', 'roster.import', 'school', $2)",
        desk.school.id,
        desk.hands.at,
    )
    act = Act(Actor("web", clerk), desk.hands.at, str(uuid4()))
    async with desk.database.begin() as session:
        assert await refused(imports.take_back(session, act, desk.school, brought.id)) == (Forbidden, "undo-roles")
    await desk.undoes(brought)
    assert await desk.watch.value("SELECT count(*) FROM core.role_assignment WHERE by_list AND until IS NULL") == 0


async def test_whoever_may_not_import_may_not_look_list_or_take_back(desk: Desk) -> None:
    brought = await desk.brings(office_files([staff(TEACHER)], []))
    before = await desk.watch.everything()
    act = Act(Actor("telegram", await desk.person("Белова")), desk.hands.at, str(uuid4()))
    files = family()
    async with desk.database.begin() as session:
        for doing in (
            imports.look(session, act, desk.school, files),
            imports.bring_in(session, act, desk.school, files, Wish()),
            imports.listed(session, act.actor, desk.school.id, act.at),
            imports.take_back(session, act, desk.school, brought.id),
        ):
            assert await refused(doing) == (Forbidden, "office-only")
    assert await desk.watch.everything() == before


async def test_words_that_were_erased_cannot_be_put_back(desk: Desk) -> None:
    brought = await desk.brings(family())
    await desk.watch.rows(
        "UPDATE core.audit SET before = NULL, after = NULL, salt = NULL WHERE action = 'roster.change'"
    )
    assert await refused(desk.undoes(brought)) == (Conflict, "import-words-erased")


async def test_own_tables_are_those_that_an_import_writes(desk: Desk) -> None:
    """A table that an import writes and ``depending`` did not know of would be nobody's reason."""
    files = office_files(
        [staff(TEACHER, "директор", of="5А")],
        [pupil("5А", "Юдин Юрий", parent("Юдина Яна", mail=MAIL))],
        [lesson("5А", 1, TEACHER)],
    )
    before = await desk.watch.everything()
    await desk.brings(files)
    after = await desk.watch.everything()
    written = {name.removeprefix("core.") for name in after if after[name] != before[name] and name.startswith("core.")}
    assert written - {"audit", "subject", "command"} == OWN


async def test_no_list_changes_a_mailbox_that_its_owner_decided_himself(desk: Desk) -> None:
    await desk.brings(family(parent("Юдина Яна", mail=MAIL)))
    mother = await desk.person("Юдина")

    def herself() -> Act:
        return Act(Actor(via="telegram", person=mother), desk.hands.move(minutes=1), str(uuid4()))

    async with desk.database.begin() as session:
        await mailboxes.ask(session, herself(), mother, "own@example.org")
    (claim,) = await desk.watch.rows("SELECT id FROM core.mailbox_claim")
    assert not (await desk.looks(family(parent("Юдина Яна", mail=MAIL)))).stays, "not confirmed, not hers"
    async with desk.database.begin() as session:
        await mailboxes.confirm(session, claim["id"], desk.hands.at)
    kept = "SELECT value FROM core.contact"
    for said, box in ((MAIL, "own@example.org"), (("own@example.org", None), "own@example.org")):
        files = family(parent("Юдина Яна", mail=said))
        shown = await desk.looks(files)
        assert not shown.of(What.ADDRESS)
        assert [one.why for one in shown.stays] == ([StaysWhy.OWN_MAILBOX] if said == MAIL else [])
        await desk.brings(files)
        assert await desk.watch.value(kept) == box
    async with desk.database.begin() as session:
        await mailboxes.take_back(session, herself(), mother)
    await desk.brings(family(parent("Юдина Яна", mail=MAIL)))
    assert await desk.watch.value(kept) == ""
