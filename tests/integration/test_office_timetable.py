"""``zvonok timetable``: substitutions, moves, cancellations and special days, in words that an office reads."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.database import Database
from core.refusals import Conflict, Invalid
from core.school_time import MachineClock
from core.year.changes import CancelReason
from core.year.span import Hours, Span
from tests.integration.core_world import refused
from tests.integration.timetable_world import MONDAY, TimetableWorld, timetable_world
from zvonok import timetable
from zvonok.installation import Installation
from zvonok.named_lesson import Named
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.timetable import Otherwise, Wanted, Whom
from zvonok.trouble import OfficeError

TUESDAY = MONDAY + timedelta(days=1)
FIRST = Named("5а", TUESDAY, 1)
NOTHING = Otherwise()


@dataclass
class Desk:
    """The deputy's desk."""

    world: TimetableWorld
    here: Installation

    async def substitutes(self, lesson: Named, teacher: str, otherwise: Otherwise = NOTHING) -> list[str]:
        return await timetable.substitute(self.here, None, lesson, teacher, otherwise)

    async def acts(self, wanted: Wanted, whom: Whom | None = None, last: date = TUESDAY) -> list[str]:
        return await timetable.act(self.here, None, Span(TUESDAY, last), wanted, whom or Whom(), "приказ 12")

    async def lists(self) -> list[str]:
        lines = await timetable.listing(self.here, None, None, None)
        return [re.sub(r"^[0-9a-f]{8} ", "№ ", line) for line in lines]


@pytest.fixture
async def desk(core_database: Database, database_url: URL, tmp_path: Path) -> Desk:
    world = await timetable_world(core_database, database_url)
    settings = Settings(data=tmp_path, database_url=None)
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    here = Installation(settings, database_url, secret, world.hands.clock, MachineClock())
    return Desk(world, here)


def number_in(lines: list[str]) -> str:
    """Return the number that the last line names, and the command that takes it back."""
    found = re.fullmatch(r"Номер записи: ([0-9a-f]{8})\. Отменить её: zvonok timetable withdraw \1", lines[-1])
    assert found is not None
    return found[1]


async def test_a_substitution_is_said_listed_and_taken_back_by_its_number(desk: Desk) -> None:
    await desk.world.builder.room(desk.world.school.id, "Физика-1")
    lines = await desk.substitutes(FIRST, "Седова Анна", Otherwise(room="физика-1", why="болеет"))
    assert lines[0] == "Записана замена. 24.11.2026, урок 1: математика, 5А. Ведёт Седова Анна."
    assert await desk.lists() == [
        "№ · 24.11.2026, урок 1: математика, 5А — ведёт Седова Анна Юрьевна",
        "  кабинет Физика-1; «болеет»",
    ]
    assert await timetable.withdraw(desk.here, None, number_in(lines)) == [
        "Изменение отменено, расписание снова прежнее."
    ]
    assert await desk.lists() == ["Изменений расписания в эти дни нет."]


async def test_a_move_and_a_cancellation_are_said_and_listed(desk: Desk) -> None:
    friday = MONDAY + timedelta(days=4)
    moved = await timetable.move(desk.here, None, FIRST, (friday, 5), Otherwise(room="14", hours="14:00-14:40"))
    second = Named("5А", TUESDAY, 2)
    cancelled = await timetable.cancel(desk.here, None, second, CancelReason.NO_TEACHER, "учитель на курсах")
    place = "27.11.2026, урок 5, 14:00–14:40, кабинет 14"
    assert moved[0] == f"Урок перенесён. 24.11.2026, урок 1: математика, 5А. Новое место: {place}."
    assert cancelled[0] == "Урок отменён. 24.11.2026, урок 2: математика, 5А. Причина: нет учителя."
    assert await desk.lists() == [
        "№ · 24.11.2026, урок 1: математика, 5А — перенесён с 24.11.2026 на 27.11.2026, урок 5",
        "  14:00–14:40; кабинет 14",
        "№ · 24.11.2026, урок 2: математика, 5А — отменён: нет учителя",
        "  «учитель на курсах»",
    ]


async def test_a_day_without_lessons_of_one_class_is_said_listed_and_taken_back(desk: Desk) -> None:
    wanted = Wanted(closed=CancelReason.QUARANTINE, note="грипп")
    lines = await desk.acts(wanted, Whom(classes=("5А",)), TUESDAY + timedelta(days=1))
    days = "24.11.2026 – 25.11.2026: уроков нет (карантин)"
    assert lines[0] == f"{days} · 5А. Изменилось уроков: 6."
    assert await desk.lists() == [f"№ · {days} · 5А", "  «грипп»; «приказ 12»"]
    await timetable.withdraw(desk.here, None, number_in(lines))
    assert await desk.world.cancelled("5А", TUESDAY) == [None] * 3


@pytest.mark.parametrize(
    ("wanted", "whom", "what"),
    [
        (Wanted(minutes=30, pause=5), Whom(grades=(5,)), "сокращённые уроки · 5 класс. Изменилось уроков: 6."),
        (Wanted(distance=True), Whom(shift=1), "дистанционно · смена 1. Изменилось уроков: 6."),
        (
            Wanted(closed=CancelReason.WEATHER),
            Whom(grades=(4, 5)),
            "уроков нет (актированный день) · 4–5 классы. Изменилось уроков: 6.",
        ),
        (Wanted(minutes=40, lessons=2), Whom(), "сокращённые уроки · вся школа. Изменилось уроков: 2."),
    ],
)
async def test_each_kind_of_special_day_is_said_in_words(desk: Desk, wanted: Wanted, whom: Whom, what: str) -> None:
    assert (await desk.acts(wanted, whom))[0] == f"24.11.2026: {what}"


async def test_a_day_by_another_day_s_timetable_says_which(desk: Desk) -> None:
    await desk.world.slot(5, 4, "физкультура", "С", class_id=desk.world.classes["5А"])
    lines = await desk.acts(Wanted(by=MONDAY + timedelta(days=4)))
    assert lines[0] == "24.11.2026: по расписанию 27.11.2026 · вся школа. Изменилось уроков: 7."


async def test_every_clash_is_said_with_both_lessons(desk: Desk) -> None:
    with pytest.raises(OfficeError) as refusal:
        await desk.substitutes(FIRST, "Зимин Олег", Otherwise(room="14"))
    lines = str(refusal.value).splitlines()
    assert {line.partition(": ")[0] for line in lines} == {"24.11.2026", "24.11.2026, кабинет 14"}
    assert all("математика, 5А (08:30–09:10)" in line and "русский язык, 5Б (08:30–09:10)" in line for line in lines)
    assert await desk.lists() == ["Изменений расписания в эти дни нет."]


async def test_of_a_divided_class_the_group_or_the_subject_is_asked_for(desk: Desk) -> None:
    for number, (subject, teacher) in enumerate((("английский язык", "С"), ("немецкий язык", "К")), 1):
        group = await desk.world.group(f"5А, {number}", "5А", number)
        await desk.world.slot(2, 5, subject, teacher, group_id=group)
    await desk.world.make()
    lesson = Named("5А", TUESDAY, 5)
    with pytest.raises(OfficeError) as refusal:
        await desk.substitutes(lesson, "Зимин Олег")
    assert str(refusal.value).startswith("24.11.2026, урок 5: у «5А» их несколько.")
    assert {"английский язык, 5А, 1", "немецкий язык, 5А, 2"} <= set(re.split(": |; ", str(refusal.value)[:-1]))
    for number, named in ((5, Named("5А, 1", TUESDAY, 5)), (5, Named("5А", TUESDAY, 5, "Немецкий язык"))):
        assert (await desk.substitutes(named, "Зимин Олег" if named.subject is None else "Орлов Пётр"))[0]
        assert named.number == number


async def test_a_lesson_moved_to_the_place_of_one_that_is_cancelled_goes_by_its_name(desk: Desk) -> None:
    await timetable.cancel(desk.here, None, FIRST, CancelReason.NO_TEACHER, "")
    moved = await timetable.move(desk.here, None, Named("5А", TUESDAY, 3), (TUESDAY, 1), NOTHING)
    assert (await desk.substitutes(FIRST, "Седова Анна"))[0]
    assert await timetable.withdraw(desk.here, None, number_in(moved))


@pytest.mark.parametrize(
    ("lesson", "otherwise", "words"),
    [
        (Named("5В", TUESDAY, 1), NOTHING, "24.11.2026: урока 1 для «5В» нет."),
        (Named("5А", TUESDAY, 7), NOTHING, "24.11.2026: урока 7 для «5А» нет."),
        (FIRST, Otherwise(room="99"), "«99»: такого кабинета нет. Список: zvonok year rooms list"),
        (FIRST, Otherwise(subject="магия"), "«магия»: такого предмета нет. Список: zvonok year subjects list"),
    ],
)
async def test_what_is_not_there_is_named(desk: Desk, lesson: Named, otherwise: Otherwise, words: str) -> None:
    before = await desk.world.watch.value("SELECT count(*) FROM core.timetable_change")
    with pytest.raises(OfficeError) as refusal:
        await desk.substitutes(lesson, "Седова Анна", otherwise)
    assert str(refusal.value) == words
    assert await desk.world.watch.value("SELECT count(*) FROM core.timetable_change") == before


@pytest.mark.parametrize("number", ["", "ab", "zzzzzzzz", "%%%%"])
async def test_a_number_that_names_nothing_is_refused(desk: Desk, number: str) -> None:
    with pytest.raises(OfficeError, match="такой записи нет"):
        await timetable.withdraw(desk.here, None, number)


async def test_bells_that_cannot_be_shortened_and_a_day_as_it_is_are_refused(desk: Desk) -> None:
    assert await refused(desk.acts(Wanted(minutes=5))) == (Invalid, "timetable-minutes")
    assert await refused(desk.acts(Wanted(minutes=40))) == (Conflict, "timetable-nothing-changes")


@pytest.mark.parametrize(
    "wanted", [Wanted(), Wanted(minutes=30, distance=True), Wanted(closed=CancelReason.OTHER, by=MONDAY)]
)
def test_an_act_orders_one_thing(wanted: Wanted) -> None:
    with pytest.raises(OfficeError, match="Назовите что-нибудь одно"):
        wanted.check()


def test_hours_are_read_as_people_write_them() -> None:
    assert timetable.read_hours(None) is None
    assert (
        timetable.read_hours("14:00–14:45") == timetable.read_hours(" 14:00 - 14:45 ") == Hours(time(14), time(14, 45))
    )
    for written in ("14", "14:00-25:00", "14:00"):
        with pytest.raises(OfficeError, match="напишите время так"):
            timetable.read_hours(written)
    with pytest.raises(Invalid):
        timetable.read_hours("15:00-14:00")
