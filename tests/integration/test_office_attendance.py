"""``zvonok attendance``: late rolls, the absent, heads, unexplained days and locks, in words that an office reads."""

import asyncio
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.database import Database
from core.events import ProposedReason
from core.learning import attendance as rolls
from core.learning import gradebook
from core.refusals import Conflict
from core.school_time import MachineClock
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from tests.integration.eventually import eventually
from zvonok import attendance
from zvonok.attendance import Decided, clock_of
from zvonok.installation import Installation
from zvonok.named_lesson import Named
from zvonok.processes.clockwork import run_core
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.timetable_views import Days
from zvonok.trouble import OfficeError

FIRST = Named("5а", DAY, 1)


@dataclass
class Desk:
    """The desk of whoever keeps the installation."""

    room: ClassRoom
    here: Installation

    async def lists(self, *, done: bool = False) -> list[str]:
        return await attendance.recheck(self.here, None, "5а", None, done=done)


@pytest.fixture
async def desk(core_database: Database, database_url: URL, tmp_path: Path) -> Desk:
    room = await class_room(core_database, database_url)
    settings = Settings(data=tmp_path, database_url=None)
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    return Desk(room, Installation(settings, database_url, secret, room.hands.clock, MachineClock()))


async def test_a_day_of_the_school_in_words(desk: Desk) -> None:
    room, here = desk.room, desk.here
    assert await attendance.overdue(here, None) == ["Все переклички, которым пора быть, проведены."]
    assert await desk.lists() == ["5А, 24.11.2026: отсутствующих нет."]
    assert await attendance.heads(here, None, None, None) == [
        "24.11.2026, 08:40: сколько учеников в школе",
        "  5А: 5 из 5; переклички ещё не было",
        "Всего в школе: 5 из 5.",
    ]
    room.hands.move(minutes=80)
    assert await attendance.overdue(here, None) == [
        "Перекличек нет дольше 20 минут от звонка: 2",
        "  08:30, урок 1: 5А, математика — Кузнецова Мария Петровна",
        "  09:30, урок 2: 5А, математика — Кузнецова Мария Петровна",
    ]
    mother = await room.builder.guardian(room.pupils[1], name="Ёлкина Вера Ильинична")
    await room.record(1, 2)
    await room.record(1, lesson=1)
    async with room.database.begin() as session:
        await rolls.answer(session, room.act(mother), room.day(1), ProposedReason.ILL)
    assert await desk.lists() == [
        "5А, 24.11.2026. Отсутствующих: 2.",
        "  Ёлкин Вадим: 1 (математика) — н, 2 (математика) — н",
        "    Ёлкина Вера Ильинична: болеет",
        "  Иванова Анна: 1 (математика) — н",
        "Список ещё не проверен. Отметить проверку: zvonok attendance recheck 5А --done",
    ]
    assert await attendance.waiting(here, None, None) == [
        "24.11.2026: отсутствующих ещё не проверили. Список класса покажет zvonok attendance recheck КЛАСС",
        "  5А: 2 — Громова Нина Сергеевна",
    ]
    assert (await desk.lists(done=True))[-1] == "Список проверен 24.11.2026 10:00."
    assert await attendance.waiting(here, None, None) == [
        "24.11.2026: списки отсутствующих проверены во всех классах, где они есть."
    ]
    assert await attendance.heads(here, None, None, clock_of("9:45")) == [
        "24.11.2026, 09:45: сколько учеников в школе",
        "  5А: 4 из 5; нет по перекличке: 1",
        "Всего в школе: 4 из 5.",
    ]
    refuse = Decided(None, refused=True)
    assert await attendance.confirm(here, None, "Ёлкин Вадим", DAY, refuse, "справки нет") == [
        "Записано: причина не принята, пропуски 24.11.2026 остаются без причины."
    ]
    assert "    причина не принята 24.11.2026 10:00" in await desk.lists()


async def test_after_an_outage_the_day_is_made_when_it_is_asked_for(desk: Desk) -> None:
    desk.room.hands.move(days=7, minutes=80)
    late = await attendance.overdue(desk.here, None)
    assert late[0] == "Перекличек нет дольше 20 минут от звонка: 2"
    desk.room.hands.move(days=7)
    (_, counted, _) = await attendance.heads(desk.here, None, None, None)
    assert counted == "  5А: 5 из 5; переклички ещё не было"


async def test_the_journals_process_tells_late_rolls(desk: Desk) -> None:
    desk.room.hands.move(minutes=20)
    running = asyncio.create_task(run_core(desk.here))
    try:
        await eventually(lambda: desk.room.watch.events(f"roll/{desk.room.lessons[0]}"))
    finally:
        running.cancel()
        await asyncio.wait([running])


async def test_unexplained_days_in_words(desk: Desk) -> None:
    days = Days(None, None)
    assert await attendance.unexplained(desk.here, None, None, days, 3) == [
        "Пропусков без известной причины в эти дни нет."
    ]
    await desk.room.record(1)
    lines = ["Пропуски без известной причины, 25.10.2026 – 24.11.2026", "  5А, Ёлкин Вадим: 1 день"]
    assert await attendance.unexplained(desk.here, None, None, days, 3) == lines
    over = [lines[0], f"{lines[1]}; пора рассмотреть на комиссии"]
    assert await attendance.unexplained(desk.here, None, "5А", days, 1) == over
    assert await attendance.heads(desk.here, None, date(2026, 11, 29), time(10)) == [
        "29.11.2026: уроков нет, считать некого."
    ]


async def test_a_locked_lesson_is_opened_and_locked_again(desk: Desk) -> None:
    room = desk.room

    async def gives() -> None:
        async with room.database.begin() as session:
            await gradebook.give(session, room.act(), room.lessons[0], room.pupils[0], 5)

    room.hands.move(days=10)
    assert await refused(gives()) == (Conflict, "journal-locked-days")
    until = DAY + timedelta(days=12)
    assert await attendance.unlock(desk.here, None, FIRST, until, "журнал заполняли с бумаги") == [
        "Урок открыт до конца дня 06.12.2026: 5А, математика, 24.11.2026, урок 1."
    ]
    await gives()
    assert await attendance.lock(desk.here, None, FIRST) == ["Урок снова закрыт: 5А, математика, 24.11.2026, урок 1."]
    assert await refused(gives()) == (Conflict, "journal-locked-days")


@pytest.mark.parametrize("written", ["24:00", "в обед", "11", "11:60", ""])
def test_a_time_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(OfficeError):
        clock_of(written)


@pytest.mark.parametrize(("code", "refused_"), [(None, False), ("б", True)])
def test_one_decision_is_named(code: str | None, *, refused_: bool) -> None:
    with pytest.raises(OfficeError):
        Decided(code, refused_).check()
