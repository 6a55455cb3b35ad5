"""Paper rolls after an outage: all entered or nothing, each lesson for itself, nobody's roll overwritten."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, update
from sqlalchemy.exc import DBAPIError

from core.actor import Act
from core.database import Database
from core.events import AttendanceDayState, DaySituation, LeftEarly
from core.learning import attendance, journal_locks, late_rolls
from core.learning.entries import Entry
from core.learning.late_roll_lines import read_rolls
from core.learning.late_rolls import RollsEntered
from core.plan.list_file import ListRefused, describe
from core.plan.plan_tables import GroupMember, StudyGroup
from core.roster_file.rows import NamedBytes
from core.school_time import MachineClock
from core.tables import Lesson
from tests.integration.core_world import NAMES, ClassRoom, class_room
from texts.reader import load
from zvonok import late_rolls as desk
from zvonok.installation import Installation
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "attendance.ru.md"
HEADER = "День;Класс;Урок;Предмет;Ученик;Отметка;Опоздание, мин"
ABRAMOV, YOLKIN, ANNA, EVA, YASHIN = range(len(NAMES))
THREE = ("1;;Ёлкин Вадим;н;", "2;;Ёлкин Вадим;Н;", "2;;яшин лев;;10", "3;;все на месте;;")
"""Of 5А: who came to no lesson but the third, and who was late at the second."""

WRONG = (
    "2;;Яшин Лев;н;",
    "2;;Яшин Лев;;5",
    "2;;Иванова Анна;н;",
    "2;;Петров Пётр;н;",
    "2;;Ёлкин Вадим;прогул;",
    "2;;все на месте;;",
    "3;;все на месте;;",
    "7;;все на месте;;",
    "1;;все на месте;;",
    "1;химия;все на месте;;",
    "24.11.2026;5Б;1;;все на месте;;",
    "26.11.2026;5А;1;;все на месте;;",
)
SAID = [
    "строка 3, столбец «Ученик»: Яшин Лев: этот урок уже отмечен строкой выше.",
    (
        "строка 4, столбец «Ученик»: Иванова Анна: в списке этого урока (5А) таких не один. Добавьте отчество "
        "или дату рождения: «Иванова Анна, 05.03.2014». Есть: Иванова Анна, 05.03.2014; "
        "Иванова Анна Петровна, 01.07.2014."
    ),
    (
        "строка 5, столбец «Ученик»: Петров Пётр: такого имени в списке этого урока нет (5А). "
        "Проверьте урок и имя: сначала фамилия, потом имя полностью."
    ),
    "строка 6, столбец «Отметка»: кода «прогул» в школе нет. Можно написать: н, б, ну.",
    (
        "строка 7, столбец «Ученик»: по этой строке на уроке были все (5А), а в другой строке кто-то отмечен. "
        "Оставьте что-то одно."
    ),
    (
        "строка 8, столбец «Урок»: Этот урок (5А, 3-й) отменён, записать в него ничего нельзя. "
        "Если урок всё-таки прошёл, попросите завуча снять отмену."
    ),
    "строка 9, столбец «Урок»: 24.11.2026: урока 7 для «5А» нет.",
    (
        "строка 10, столбец «Урок»: 24.11.2026, урок 1: у «5А» их несколько (математика, 5А; физика, 5А). "
        "Напишите вместо класса группу или добавьте столбец «Предмет»."
    ),
    "строка 11, столбец «Предмет»: 24.11.2026, урок 1: у «5А» другой предмет (математика, 5А; физика, 5А).",
    "строка 12, столбец «Урок»: 24.11.2026: урока 1 для «5Б» нет.",
    "строка 13, столбец «Урок»: 26.11.2026: урока 1 для «5А» нет.",
]
"""Of each but the first of them."""


@dataclass
class Papers:
    """Papers of a class, and whoever enters them."""

    room: ClassRoom
    by: UUID

    def act(self, key: str = "papers") -> Act:
        return self.room.act(self.by, key)

    async def enter(self, *lines: str, key: str = "papers", dry: bool = False) -> RollsEntered:
        whole = [line if "." in line.split(";")[0] else f"24.11.2026;5А;{line}" for line in lines]
        read = read_rolls(NamedBytes("rolls.csv", "\n".join([HEADER, *whole]).encode()))
        room = self.room
        return await late_rolls.enter(room.database, self.act(key), room.school, read, dry=dry)

    async def refused(self, *lines: str, key: str = "papers") -> list[str]:
        """Return what is said of papers that are not entered; nothing may have changed."""
        before = await self.room.watch.everything()
        with pytest.raises(ListRefused) as caught:
            await self.enter(*lines, key=key)
        assert await self.room.watch.everything() == before
        return [describe(one, load("ru").format).removeprefix("rolls.csv, ") for one in caught.value.problems]

    async def whole(self, pupil: int, lesson: int = 0) -> Entry:
        async with self.room.database.begin() as session:
            return await attendance.entry_of(session, self.room.lessons[lesson], self.room.pupils[pupil])

    async def called(self) -> list[bool]:
        return [await self.room.is_called(lesson) for lesson in range(len(self.room.lessons))]


@pytest.fixture
async def papers(core_database: Database, database_url: URL) -> Papers:
    """Give the papers to the head, on the evening of the next day."""
    room = await class_room(core_database, database_url)
    room.hands.move(days=1, hours=8)
    return Papers(room, room.head)


@asynccontextmanager
async def at_commit(room: ClassRoom, lesson: int, statement: str) -> AsyncIterator[None]:
    """Let the database do something when a roll of this lesson is committed: not before, and not in a trial."""
    body = f"BEGIN IF NEW.lesson_id = '{room.lessons[lesson]}' THEN {statement}; END IF; RETURN NULL; END"
    await room.watch.rows(f"CREATE FUNCTION core.meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$ {body} $$")
    await room.watch.rows(
        "CREATE CONSTRAINT TRIGGER meanwhile AFTER INSERT ON core.roll_call DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION core.meanwhile()"
    )
    try:
        yield
    finally:
        await room.watch.rows("DROP FUNCTION core.meanwhile() CASCADE")


async def told(room: ClassRoom) -> list[tuple[int, int]]:
    """Return the states of pupils' days in the order of writing: whose, and how many lessons he is absent from."""
    states = [one.data for one in await room.watch.events("attendance/")]
    return [(room.pupils.index(one.pupil), len(one.absences)) for one in states if isinstance(one, AttendanceDayState)]


async def test_papers_of_many_lessons_are_entered_in_their_order_and_once(papers: Papers) -> None:
    room = papers.room
    before = await room.watch.everything()
    backwards = tuple(reversed(THREE))
    assert await papers.enter(*backwards, dry=True) == RollsEntered(3, 3, 0)
    assert await room.watch.everything() == before, "a trial leaves nothing"

    assert await papers.enter(*backwards) == RollsEntered(3, 3, 0)
    assert await papers.called() == [True] * 3
    assert [await room.codes(lesson) for lesson in range(3)] == [{YOLKIN: "н"}, {YOLKIN: "н"}, {}]
    assert await papers.whole(YASHIN, 1) == Entry(None, 10)
    # The third lesson takes none of the two away: he was seen there, and his day ends well.
    assert [one for one in await told(room) if one[0] == YOLKIN] == [(YOLKIN, 1), (YOLKIN, 2), (YOLKIN, 2)]
    last = (await room.states(YOLKIN))[-1]
    assert last.situation is DaySituation.CAME_LATER
    assert {one.recorded_at for one in last.absences} == {room.hands.at}, "and that it was entered late is seen"
    assert {one["person_id"] for one in await room.watch.audit("attendance.roll")} == {room.head}

    everything = await room.watch.everything()
    room.hands.move(minutes=5)
    assert await papers.enter(*THREE) == RollsEntered(0, 0, 3)
    assert await papers.enter(*THREE, key="the same papers, typed anew") == RollsEntered(0, 0, 3)
    assert await room.watch.everything() == everything
    await room.correct({YOLKIN: None}, lesson=0)
    assert await papers.enter(*THREE) == RollsEntered(0, 0, 3)
    assert await room.codes(0) == {}, "what was corrected since stays"


async def test_one_wrong_line_and_nothing_is_entered(papers: Papers) -> None:
    room = papers.room
    room.hands.move(days=-1)
    physics = await room.builder.lesson(room.school_class, room.teacher, time(8, 30), number=4, subject="физика")
    room.hands.move(days=1)
    twin = await room.builder.pupil(room.school_class, "Иванова Анна Петровна", date(2014, 7, 1))
    async with room.database.begin() as session:
        await session.execute(update(Lesson).where(Lesson.id == physics).values(number=1))
        await session.execute(update(Lesson).where(Lesson.id == room.lessons[2]).values(cancelled="weather"))
    assert await papers.refused(*WRONG) == SAID
    twins = ("2;;Иванова Анна, 05.03.2014;н;", "2;;иванова анна петровна;н;", "1;Математика;все на месте;;")
    assert await papers.enter(*twins) == RollsEntered(2, 2, 0)
    rows = await room.watch.rows("SELECT pupil_id FROM core.absence WHERE lesson_id = $1", room.lessons[1])
    assert {row["pupil_id"] for row in rows} == {twin, room.pupils[ANNA]}
    assert await papers.called() == [True, True, False]

    await _of_group(room, physics, "5А физика", YASHIN)
    (said,) = await papers.refused("24.11.2026;5А физика;1;;Ёлкин Вадим;н;")
    assert said.startswith("строка 2, столбец «Ученик»: Ёлкин Вадим: такого имени в списке этого урока нет (5А физика)")
    assert await papers.enter("24.11.2026;5а физика;1;;Яшин Лев;н;") == RollsEntered(1, 1, 0)
    assert (
        await room.watch.value("SELECT pupil_id FROM core.absence WHERE lesson_id = $1", physics)
        == (room.pupils[YASHIN])
    )


async def _of_group(room: ClassRoom, lesson: UUID, title: str, member: int) -> None:
    group = StudyGroup(id=uuid4(), school_id=room.school.id, year=2026, kind="group", purpose="subgroup", title=title)
    async with room.database.begin() as session:
        session.add(group)
        await session.flush()
        session.add(GroupMember(group_id=group.id, pupil_id=room.pupils[member], since=date(2026, 9, 1)))
        of_group = update(Lesson).where(Lesson.id == lesson)
        await session.execute(of_group.values(class_id=None, group_id=group.id))


async def test_a_roll_that_was_called_meanwhile_is_not_overwritten(papers: Papers) -> None:
    room = papers.room
    await room.record(ABRAMOV, EVA, YASHIN)
    await room.record(YOLKIN, lesson=1, code="б")
    differs = (
        "строка 2, столбец «Урок»: Этот урок уже отмечен в журнале, и не так, как в файле. Расходятся отметки: "
        "Абрамов Глеб, Ёлкин Вадим, Иванова Ева и ещё 1. Журнал остаётся как есть. "
        "Уберите из файла строки этого урока; если права бумага, исправьте отметку в самом уроке."
    )
    second = "2;;Ёлкин Вадим;н;"
    assert await papers.refused(THREE[0], second, THREE[3]) == [differs]
    assert await papers.called() == [True, True, False]
    assert await papers.enter(second, THREE[3]) == RollsEntered(1, 0, 1)
    assert await room.codes(1) == {YOLKIN: "б"}, "a cause that became known is no difference"

    await room.withdraw(1, lesson=2)
    (said,) = await papers.refused(second, THREE[3])
    assert said.startswith("строка 3, столбец «Урок»: Этот файл перекличку уже внёс, а потом её отменили.")


async def test_what_dies_in_the_middle_goes_on_and_what_comes_between_stays(papers: Papers) -> None:
    room = papers.room
    async with at_commit(room, 1, "RAISE EXCEPTION 'the power is gone'"):
        with pytest.raises(DBAPIError, match="the power is gone"):
            await papers.enter(*THREE)
    assert await papers.called() == [True, False, False]
    first = await told(room)
    values = f"'{room.lessons[2]}', '{room.teacher}', '{room.hands.at.isoformat()}', 1, false"
    calls = f"INSERT INTO core.roll_call (lesson_id, recorded_by, recorded_at, version, withdrawn) VALUES ({values})"  # noqa: S608 - ids of this test
    absent = ("3;;Абрамов Глеб;н;",)
    async with at_commit(room, 1, calls):
        done = await papers.enter(*THREE[:3], *absent)
    assert replace(done, refused=()) == RollsEntered(1, 2, 1)
    assert [one.message_id for one in done.refused] == ["refusal-late-roll-called"]
    assert (await papers.called(), await room.codes(2)) == ([True] * 3, {})
    assert (await told(room))[: len(first)] == first
    assert [one for one in await told(room) if one[0] == YOLKIN] == [(YOLKIN, 1), (YOLKIN, 2)]


async def test_rights_and_locks_are_those_of_each_lesson(papers: Papers) -> None:
    room = papers.room
    papers.by = room.stranger
    yours = "Этот урок ведёт другой учитель, поэтому изменить его перекличку нельзя."
    assert await papers.refused("1;;Петров Пётр;н;", "2;;все на месте;;") == [
        f"строка {line}, столбец «Урок»: {yours}" for line in (2, 3)
    ]
    papers.by = room.teacher
    assert await papers.enter(THREE[3]) == RollsEntered(1, 0, 0)

    papers.by = room.head
    room.hands.move(days=10)
    (locked, _) = await papers.refused(*THREE)
    assert locked == (
        "строка 2, столбец «День»: Урок 24.11.2026 закрыт: прошло больше 7 дней, и его отметки и пропуски уже "
        "не исправляют. Кто может открыть этот урок, назвав причину: Орлов Пётр Ильич."
    )
    for lesson in room.lessons[:2]:
        async with room.database.begin() as session:
            until = room.hands.at + timedelta(days=1)
            await journal_locks.unlock(session, room.act(room.head), lesson, until, "журнал вели на бумаге")
    # Of the Tuesday after it nothing was made: nothing ran here.
    next_week = "01.12.2026;5А;3;;Яшин Лев;б;"
    assert await papers.enter(*THREE, next_week) == RollsEntered(3, 4, 1)
    assert await room.watch.value("SELECT day FROM core.absence WHERE code = 'б'") == date(2026, 12, 1)


async def test_the_office_enters_the_file_that_the_page_shows(papers: Papers, tmp_path: Path) -> None:
    room = papers.room
    settings = Settings(data=tmp_path, database_url=None)
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    here = Installation(settings, room.watch.url, secret, room.hands.clock, MachineClock())
    page = PAGE.read_text(encoding="utf-8")
    file = tmp_path / "rolls.csv"
    file.write_text(re.findall(r"```csv\n(.*?)```", page, re.DOTALL)[0], encoding="utf-8")
    would = "Будут внесены переклички: 3 урока, 4 отметки."
    assert await desk.enter(here, None, file, dry=True) == [load("ru").format("plan-dry"), would]
    said = await desk.enter(here, None, file, dry=False)
    assert "\n".join(said) in re.findall(r"^```\n(Переклички внесены.*?)\n```", page, re.MULTILINE | re.DOTALL)
    assert await papers.whole(ANNA, 1) == Entry(None, None, LeftEarly.NURSE)
    assert await desk.enter(here, None, file, dry=False) == ["Уже были в журнале, и с файлом сходятся: 3 урока."]

    file.write_bytes(desk.template().replace("ДД.ММ.ГГГГ".encode(), b"24.11.2026"))
    with pytest.raises(OfficeError) as caught:
        await desk.enter(here, None, file, dry=False)
    assert str(caught.value).splitlines()[-1] == load("ru").format("plan-nothing-written")
    with pytest.raises(OfficeError, match="zvonok attendance enter --template"):
        desk.check(None)
