"""``zvonok timetable`` as the office uses it: views, the schedule of control works, events beside lessons."""

import csv
import re
from datetime import date, time
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.refusals import Conflict, NotFound
from core.timetable.control_works import ControlWorkDraft
from core.year.span import Span
from tests.integration.core_world import DAY, refused
from tests.integration.test_office import Desk
from tests.unit.roster_tables import LESSON
from zvonok import control_works, school_events, timetable, timetable_views
from zvonok.named_lesson import Named
from zvonok.school_events import Wanted
from zvonok.timetable import Otherwise
from zvonok.timetable_views import Asked, Days
from zvonok.trouble import OfficeError

TUESDAY = date(2026, 12, 1)
"""A week after ``DAY``."""
TEST = ControlWorkDraft("контрольная работа", "Обыкновенные дроби")
NUMBER = re.compile(r"[0-9a-f]{8}")
FAIR = Wanted(
    title="Ярмарка",
    first=TUESDAY,
    last=None,
    hours=(time(14, 0), time(16, 0)),
    classes=(),
    place="Актовый зал",
    note="",
)


@pytest.fixture
async def desk(database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    made = Desk(database_url, tmp_path)
    lessons = [
        {**LESSON, "День недели": weekday, "Урок": number, "Начало": starts, "Конец": ends, "Предмет": subject}
        for weekday, number, starts, ends, subject in (
            ("вторник", "1", "8:30", "9:10", "математика"),
            ("вторник", "2", "9:20", "10:00", "русский язык"),
            ("вторник", "3", "10:20", "11:00", "русский язык"),
            ("среда", "1", "8:30", "9:10", "математика"),
        )
    ]
    files = made.files()
    await made.imports([*files[:2], made.file("timetable.csv", *lessons)])
    return made


async def show(desk: Desk, asked: Asked, week: date | None = None) -> str:
    return "\n".join(await timetable_views.show(desk.here, None, asked, week))


async def plan(
    desk: Desk, number: int = 1, day: date = TUESDAY, draft: ControlWorkDraft = TEST, subject: str | None = None
) -> list[str]:
    return await control_works.plan(desk.here, None, Named("5а", day, number, subject), draft)


async def schedule(desk: Desk, days: Days = Days(), path: Path | None = None, title: str | None = None) -> list[str]:  # noqa: B008 - a frozen value
    return await control_works.schedule(desk.here, None, days, title, path)


@pytest.mark.req("TT-11")
async def test_the_administration_keeps_lessons_and_events_in_one_timetable(desk: Desk) -> None:
    """The timetable came in with the office's list; the events of the school and of a class are planned beside it."""
    await plan(desk)
    await school_events.plan(desk.here, None, FAIR)
    excursion = Wanted(
        **{name: getattr(FAIR, name) for name in FAIR.__slots__} | {"title": "Экскурсия", "classes": ("5а",)}
    )
    await school_events.plan(desk.here, None, excursion)
    said = await show(desk, Asked("5а"), TUESDAY)
    assert said.startswith("5А, неделя 30.11.2026 – 06.12.2026\n\nпонедельник, 30.11.2026\n  уроков нет\n")
    tuesday = said.partition("вторник, 01.12.2026\n")[2].partition("\n\n")[0]
    assert tuesday.splitlines() == [
        "  1. 08:30–09:10  математика, 5А, кабинет 21 — Семёнова Ольга Петровна [контрольная работа]",
        "  2. 09:20–10:00  русский язык, 5А, кабинет 21 — Семёнова Ольга Петровна",
        "  3. 10:20–11:00  русский язык, 5А, кабинет 21 — Семёнова Ольга Петровна",
        "  14:00–16:00 Экскурсия; Актовый зал; 5А",
        "  14:00–16:00 Ярмарка; Актовый зал; вся школа",
    ]


async def test_a_teacher_a_room_and_a_day_are_shown(desk: Desk) -> None:
    by_teacher = await show(desk, Asked(teacher="Семёнова Ольга"))
    assert by_teacher.startswith("Семёнова Ольга Петровна, неделя 23.11.2026 – 29.11.2026")
    assert by_teacher.count("русский язык") == 2
    assert (await show(desk, Asked(room="21"))).count("математика") == 2
    day = await show(desk, Asked(day=DAY))
    assert day.startswith("Школа 1\n\nвторник, 24.11.2026\n  1. 08:30–09:10  математика, 5А")
    await timetable.move(desk.here, None, Named("5А", TUESDAY, 1), (TUESDAY, 1), Otherwise(hours="15:00-15:40"))
    assert "15:00–15:40  математика, 5А, кабинет 21 — Семёнова Ольга Петровна [по расписанию — 08:30–09:10]" in (
        await show(desk, Asked(day=TUESDAY))
    )
    with pytest.raises(OfficeError, match="«99»: такого кабинета нет"):
        await show(desk, Asked(room="99"))
    assert await refused(show(desk, Asked("9Я"))) == (NotFound, "class-unknown")


async def test_days_whose_lessons_are_not_made_are_not_said_to_be_free(desk: Desk) -> None:
    """While the year is not set, lessons are made a day ahead: of a later Tuesday nobody knows that it has none."""
    said = await show(desk, Asked("5А"), date(2027, 2, 1))
    not_made, none = "уроки этого дня ещё не составлены", "уроков нет"
    assert [said.count(one) for one in (not_made, none)] == [2, 4], "the timetable has two days a week"
    assert said.endswith("Уроки составляются на день вперёд, пока не задан календарь года: zvonok year set")
    this_week = await show(desk, Asked("5А"))
    assert (this_week.count(not_made), "календарь года" in this_week) == (0, False)
    before = await show(desk, Asked("5А"), date(2026, 11, 10))
    assert (before.count("записей нет: школа ведёт этот журнал с"), before.count(none)) == (6, 0)
    await desk.watch.rows(
        "INSERT INTO core.school_year (school_id, year, calendar, version, planned_until)"
        " SELECT id, 2026, '{}', 1, '2027-05-31' FROM core.school"
    )
    assert not_made not in await show(desk, Asked("5А"), date(2027, 2, 1))


@pytest.mark.parametrize("asked", [Asked(), Asked(title="5А", room="21")])
def test_one_thing_is_asked_for(asked: Asked) -> None:
    with pytest.raises(OfficeError, match="Назовите одно"):
        asked.check()


async def test_a_work_is_planned_moved_and_taken_off_by_its_number(desk: Desk) -> None:
    (said,) = await plan(desk, draft=ControlWorkDraft("тест", "Дроби", for_control=True))
    assert said.startswith("Запланировано: 5А, математика, 01.12.2026, урок 1. Номер работы — ")
    number = NUMBER.findall(said)[-1]
    lines = await schedule(desk)
    assert lines[:3] == ["Сводный график контрольных работ, 24.11.2026 – 23.01.2027", "", "вторник, 01.12.2026"]
    assert lines[3] == f"  5А, урок 1: математика — тест, «Дроби»; Семёнова Ольга Петровна; ВШК ({number})"
    assert await control_works.move(desk.here, None, number, date(2026, 12, 2), 1) == [
        "Перенесено: 5А, математика, 02.12.2026, урок 1."
    ]
    assert "среда, 02.12.2026" in await schedule(desk, title="5А")
    assert await control_works.withdraw(desk.here, None, number.upper()) == [f"Работа {number} снята с графика."]
    assert (await schedule(desk))[-1] == "Работ на эти дни не запланировано."
    with pytest.raises(OfficeError, match=f"«{number}»: такого номера в графике нет"):
        await control_works.withdraw(desk.here, None, number)


async def test_the_lesson_meant_is_named_or_refused(desk: Desk) -> None:
    with pytest.raises(OfficeError, match=r"01\.12\.2026: урока 5 для «5а» нет"):
        await plan(desk, 5)
    with pytest.raises(OfficeError, match=r"01\.12\.2026: урока 1 для «5а» нет"):
        await plan(desk, subject="химия")
    await plan(desk, subject="Математика")
    assert await refused(plan(desk, 3)) == (Conflict, "control-work-day-full")


async def test_numbers_that_name_several_or_none_are_refused(desk: Desk) -> None:
    await plan(desk)
    await plan(desk, 1, date(2026, 12, 2))
    await desk.watch.rows("UPDATE core.control_work SET id = gen_random_uuid()")
    await desk.watch.rows("UPDATE core.control_work SET id = overlay(id::text placing '0000' from 1 for 4)::uuid")
    with pytest.raises(OfficeError, match="таких номеров несколько"):
        await control_works.withdraw(desk.here, None, "0000")
    for nothing in ("", "%", "_", "12345"):
        with pytest.raises(OfficeError, match="такого номера в графике нет"):
            await control_works.withdraw(desk.here, None, nothing)


async def test_the_schedule_is_a_table_that_excel_opens(desk: Desk) -> None:
    """And no cell of it is a formula, whatever somebody wrote into a topic."""
    await plan(desk, draft=ControlWorkDraft("тест", '=HYPERLINK("http://evil";"Дроби")'))
    path = desk.folder / "график.csv"
    (said,) = await schedule(desk, path=path)
    assert said == f"График записан в {path}. Работ в нём: 1."
    assert path.read_bytes().startswith("\ufeff".encode())
    assert path.stat().st_mode & 0o777 == 0o600, "nobody else of the machine reads it"
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file, delimiter=";")
    assert head[:4] == ["день", "день недели", "урок", "класс или группа"]
    assert row[:7] == ["01.12.2026", "вторник", "1", "5А", "математика", "Семёнова Ольга Петровна", "тест"]
    assert row[7] == '\'=HYPERLINK("http://evil";"Дроби")'


async def test_the_schedule_is_a_book_too_and_a_folder_that_is_not_there_is_named(desk: Desk) -> None:
    await plan(desk)
    path = desk.folder / "график.xlsx"
    await schedule(desk, path=path)
    assert path.read_bytes().startswith(b"PK")
    with pytest.raises(OfficeError, match="не записать"):
        await schedule(desk, path=desk.folder / "нет" / "график.csv")
    assert sorted(one.name for one in desk.folder.glob("*график*")) == ["график.xlsx"]


async def test_events_are_listed_and_called_off(desk: Desk) -> None:
    (said,) = await school_events.plan(desk.here, None, FAIR)
    number = NUMBER.findall(said)[-1]
    lines = await school_events.listing(desk.here, None, Days())
    assert lines == [
        "Мероприятия, 24.11.2026 – 24.12.2026",
        f"  вторник, 01.12.2026: 14:00–16:00 Ярмарка; Актовый зал; вся школа ({number})",
    ]
    assert await school_events.withdraw(desk.here, None, number) == [f"Мероприятие {number} отменено."]
    assert (await school_events.listing(desk.here, None, Days()))[-1] == "Мероприятий на эти дни нет."


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("14:00-16:30", (time(14, 0), time(16, 30))),
        (" 9:05 – 10:00", (time(9, 5), time(10, 0))),
        ("18:00-9:00", (time(18, 0), time(9, 0))),
    ],
)
def test_hours_are_read(written: str, read: tuple[time, time]) -> None:
    assert school_events.hours_of(written) == read


@pytest.mark.parametrize("written", ["", "два", "14:00", "24:00-25:00", "9-10", "9.30-10.00", "14:60-15:00"])
def test_hours_that_cannot_be_read_are_named(written: str) -> None:
    with pytest.raises(OfficeError, match="напишите время так: 14:00-14:45"):
        school_events.hours_of(written)


async def test_the_journal_of_substituted_lessons_of_a_quiet_month(desk: Desk) -> None:
    assert await timetable_views.substituted_lessons(desk.here, None, Days(DAY, DAY)) == [
        "Журнал замещения уроков, 24.11.2026 – 24.11.2026",
        "Замещённых уроков нет.",
        "",
        "Уроков по расписанию: 3. Замещено: 0. Отменено: 0.",
    ]


async def test_a_substituted_lesson_is_a_line_with_its_reason_and_signature(desk: Desk) -> None:
    (slot, teacher, lesson) = (
        await desk.watch.rows("SELECT slot_id, teacher_id, id FROM core.lesson WHERE day = $1 AND number = 1", DAY)
    )[0]
    await desk.watch.rows(
        "INSERT INTO core.person (id, school_id, surname, given, patronymic, sort_key)"
        " SELECT gen_random_uuid(), school_id, 'Зимин', 'Олег', 'Андреевич', 'я' FROM core.person WHERE id = $1",
        teacher,
    )
    await desk.watch.rows(
        "UPDATE core.lesson SET substitute_id = (SELECT id FROM core.person WHERE surname = 'Зимин') WHERE id = $1",
        lesson,
    )
    await desk.watch.rows(
        "INSERT INTO core.timetable_change (id, school_id, year, kind, slot_id, first, last, data, why, made_at)"
        " SELECT gen_random_uuid(), school_id, 2026, 'substitution', $1, $2, $2, '{}', 'приказ 12', $3 FROM core.slot"
        " WHERE id = $1",
        slot,
        DAY,
        desk.hands.at,
    )
    await desk.watch.rows(
        "INSERT INTO core.roll_call (lesson_id, recorded_at, version, withdrawn) VALUES ($1, $2, 1, false)",
        lesson,
        desk.hands.at,
    )
    lines = await timetable_views.substituted_lessons(desk.here, None, Days())
    assert lines[1:4] == [
        "24.11.2026, урок 1: 5А, математика — Зимин Олег Андреевич; по расписанию — Семёнова Ольга Петровна",
        "  причина: приказ 12",
        "  записи в журнале: канцелярия, 24.11.2026 08:40",
    ]
    assert "[замена; по расписанию — Семёнова Ольга Петровна]" in await show(desk, Asked(day=DAY))


def test_substituted_lessons_since_a_day_are_those_of_a_month_or_up_to_today() -> None:
    today = date(2026, 11, 24)
    assert Days(today).before(today) == Span(today, date(2026, 12, 24))
    assert Days(date(2026, 9, 1)).before(today) == Span(date(2026, 9, 1), today)
    assert Days().before(today) == Span(date(2026, 10, 25), today)
