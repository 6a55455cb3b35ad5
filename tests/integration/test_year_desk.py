"""The school year at the command line: set by a file, looked at first, shown; rooms, subjects, shifts; readiness."""

from collections.abc import Awaitable
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.database import Database
from core.plan.subjects import PlanPart
from core.refusals import Conflict, Invalid, NotFound
from core.school_time import MachineClock
from core.year.weekly import Service
from tests.integration.core_world import DAY, ClassRoom, class_room, refused
from zvonok import year as desk
from zvonok import year_file
from zvonok.installation import Installation
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError
from zvonok.year import RoomWords, SubjectWords
from zvonok.year_file import YearFile

EXAMPLE = Path(__file__).parents[2] / "docs" / "how-to" / "year-2026.toml"


@pytest.fixture
async def room(core_database: Database, database_url: URL) -> ClassRoom:
    return await class_room(core_database, database_url, lessons=0)


@pytest.fixture
def here(room: ClassRoom, database_url: URL, tmp_path: Path) -> Installation:
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    settings = Settings(data=tmp_path, database_url=None)
    return Installation(settings, database_url, secret, room.hands.clock, MachineClock())


def example(*changes: tuple[str, str]) -> YearFile:
    """Read the example of the page with some words changed."""
    text = EXAMPLE.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return year_file.read(text.encode())


async def said(work: Awaitable[object]) -> list[str]:
    """Return the lines of a complaint."""
    with pytest.raises(OfficeError) as refusal:
        await work
    return str(refusal.value).split("\n")


async def test_the_example_of_the_page_is_looked_at_then_set_then_shown(room: ClassRoom, here: Installation) -> None:
    before = await room.watch.everything()
    assert await desk.show(here, None, None) == [
        "Календаря на 2026/27 учебный год ещё нет. Задать его: zvonok year set year.toml"
    ]
    looked = await desk.set_year(here, None, example(), dry=True)
    assert await room.watch.everything() == before
    assert looked[0] == "+ 2026/27 учебный год: 01.09.2026 – 26.05.2027"
    assert looked[-1] == "Это только просмотр, ничего не записано."
    assert await desk.set_year(here, None, example(), dry=False) == [
        "2026/27 учебный год записан. Что изменилось:",
        *looked[:-1],
    ]
    shown = await desk.show(here, None, 2026)
    assert [f"+ {line.strip()}" for line in shown] == looked[:-1]
    assert await desk.set_year(here, None, example(), dry=False) == ["Всё уже так и записано, ничего не изменилось."]
    assert await desk.set_year(here, None, example(), dry=True) == ["Всё уже так и записано, ничего не изменилось."]


async def test_lessons_on_a_day_that_becomes_free_are_named_before_and_after(
    room: ClassRoom, here: Installation
) -> None:
    await room.builder.lesson(room.school_class, room.teacher, time(8, 30))
    await room.watch.rows("UPDATE core.slot SET weekday = 6, starts = NULL, ends = NULL")
    warning = (
        "Внимание: суббота по этому календарю — выходной, а в расписании на этот день есть уроки: 5А. "
        "Они останутся в расписании, но проводиться не будут."
    )
    looked = await desk.set_year(here, None, example(), dry=True)
    assert looked[-2:] == [warning, "Это только просмотр, ничего не записано."]
    assert (await desk.set_year(here, None, example(), dry=False))[-1] == warning
    six = example(("[1, 2, 3, 4, 5, 6, 7, 8, 9]", "[1, 2, 3, 4]"), ("[10, 11]", "[5, 6, 7, 8, 9, 10, 11]"))
    assert warning not in await desk.set_year(here, None, six, dry=False)


async def test_lessons_whose_own_hours_are_not_those_of_the_bells_are_counted(
    room: ClassRoom, here: Installation
) -> None:
    for number in (1, 2):
        await room.builder.lesson(room.school_class, room.teacher, time(8, 30), number=number)
    assert (await desk.set_year(here, None, example(), dry=False))[-1] == (
        "Часы расписания важнее звонков. Уроков, у которых они другие: 1. Чтобы такой урок шёл по звонкам, "
        "загрузите расписание без начала и конца у него: zvonok import timetable.csv"
    )


async def test_only_what_changes_is_told(room: ClassRoom, here: Installation) -> None:
    await desk.set_year(here, None, example(), dry=False)
    later = example(("last = 2026-11-04", "last = 2026-11-05"), ("first = 2026-11-05", "first = 2026-11-06"))
    assert await desk.set_year(here, None, later, dry=False) == [
        "2026/27 учебный год записан. Что изменилось:",
        "− 2 четверть: 05.11.2026 – 30.12.2026",
        "+ 2 четверть: 06.11.2026 – 30.12.2026",
        "− 2 четверть: 05.11.2026 – 30.12.2026",
        "+ 2 четверть: 06.11.2026 – 30.12.2026",
        "− осенние: 26.10.2026 – 04.11.2026 (10 дней)",
        "+ осенние: 26.10.2026 – 05.11.2026 (11 дней)",
    ]
    assert len(await room.watch.audit("year.calendar")) == 2
    assert len(await room.watch.audit("year.bells")) == 1


async def test_what_contradicts_itself_is_told_whole_and_nothing_is_set(room: ClassRoom, here: Installation) -> None:
    before = await room.watch.everything()
    wrong = example(("first = 2026-11-05", "first = 2026-11-09"), ("by = 2027-02-22", "by = 2027-02-21"))
    assert await said(desk.set_year(here, None, wrong, dry=False)) == [
        "1–4 классы: с 05.11.2026 по 06.11.2026 есть учебные дни, которые не входят ни в один период. Это каникулы?",
        "5–9 классы: с 05.11.2026 по 06.11.2026 есть учебные дни, которые не входят ни в один период. Это каникулы?",
        "День 20.02.2027 учится по расписанию 21.02.2027, но это воскресенье: расписания на него нет.",
        "Ничего не изменено.",
    ]
    hidden = example(('name = "суббота"\nweekdays = [6]', 'name = "все"'), ('"08:30-09:05"', '"08:30-09:20"'))
    assert await said(desk.set_year(here, None, hidden, dry=False)) == [
        "«первый класс»: урок 2 начинается раньше, чем кончается урок 1.",
        "«первая смена» никогда не действует: раньше в списке стоит «все» для тех же классов и дней.",
        "Ничего не изменено.",
    ]
    assert await room.watch.everything() == before


async def test_a_class_that_the_calendar_leaves_out_is_named(room: ClassRoom, here: Installation) -> None:
    await room.builder.school_class(room.school, "5Б")
    without = example(("4, 5, 6", "4, 6"))
    with pytest.raises(Invalid, match="plan-class-without-grade") as refusal:
        await desk.set_year(here, None, without, dry=False)
    assert refusal.value.details == {"classes": "5А, 5Б"}


async def test_a_file_that_is_not_there_is_said_before_a_database_is_needed(tmp_path: Path) -> None:
    with pytest.raises(OfficeError, match="нет"):
        desk.read_file(tmp_path / "year.toml")
    with pytest.raises(OfficeError, match="не открывается"):
        desk.read_file(tmp_path)
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 300_000)
    with pytest.raises(OfficeError, match="слишком велик"):
        desk.read_file(large)
    assert desk.read_file(EXAMPLE) == example()


async def test_the_year_that_is_meant_without_saying_turns_in_july(room: ClassRoom, here: Installation) -> None:
    for at, years in ((datetime(2026, 6, 30, tzinfo=UTC), "2025/26"), (datetime(2026, 7, 1, tzinfo=UTC), "2026/27")):
        room.hands.at = at
        assert years in (await desk.show(here, None, None))[0]
        assert years in (await desk.ready(here, None, None))[0]


async def test_the_checklist_tells_what_is_missing_and_how_late_it_is(here: Installation) -> None:
    await desk.set_year(here, None, example(), dry=False)
    lines = await desk.ready(here, None, None)
    assert lines[:2] == ["2026/27 учебный год: готово 6 из 13.", "Срок был 05.09.2026: просрочено 80 дней."]
    assert lines[lines.index("не готово: кабинеты (0)") + 1] == "  Нет ни одного кабинета: zvonok year rooms add 12 14"
    assert "готово: каникулы (4)" in lines
    assert "готово: контингент (учеников в классах: 5)" in lines


async def test_rooms_are_kept_at_the_desk(here: Installation) -> None:
    assert (await desk.list_rooms(here, None))[0].startswith("Кабинетов в журнале ещё нет.")
    assert await desk.add_rooms(here, None, ("14", "12"), RoomWords(seats=30)) == ["Добавлены 2 кабинета."]
    assert await desk.add_rooms(here, None, ("спортзал",), RoomWords(shared=True)) == ["Добавлен 1 кабинет."]
    assert await desk.change_room(here, None, "СПОРТЗАЛ", RoomWords("большой зал")) == [
        "большой зал, несколько уроков сразу"
    ]
    assert await desk.change_room(here, None, "14", RoomWords(seats=21)) == ["14, 21 место"]
    assert await desk.close_room(here, None, "12", closed=True) == ["12, 30 мест, закрыт"]
    assert await desk.list_rooms(here, None) == [
        "12, 30 мест, закрыт",
        "14, 21 место",
        "большой зал, несколько уроков сразу",
    ]
    assert await desk.close_room(here, None, "12", closed=False) == ["12, 30 мест"]
    assert await refused(desk.close_room(here, None, "99", closed=True)) == (NotFound, "room-unknown-name")


async def test_of_several_rooms_or_subjects_one_is_wrong_and_none_is_added(room: ClassRoom, here: Installation) -> None:
    before = await room.watch.everything()
    assert await refused(desk.add_rooms(here, None, ("12", "12"), RoomWords())) == (Conflict, "room-there")
    adding = desk.add_subjects(here, None, ("физика", "Химия"), SubjectWords())
    assert await refused(adding) == (Invalid, "subject-name-capital")
    assert await refused(desk.shift(here, None, 2, ("5А", "6Я"))) == (NotFound, "class-unknown")
    assert await room.watch.everything() == before


async def test_subjects_are_kept_at_the_desk(here: Installation) -> None:
    assert (await desk.list_subjects(here, None))[0].startswith("Предметов в журнале ещё нет.")
    await desk.add_subjects(here, None, ("физика", "биология"), SubjectWords())
    extra = SubjectWords(part=PlanPart.SCHOOL, service=Service.EXTRA_CURRICULAR)
    assert await desk.add_subjects(here, None, ("шахматы",), extra) == ["Добавлен 1 предмет."]
    assert await desk.change_subject(here, None, "Физика", SubjectWords(part=PlanPart.SCHOOL)) == [
        "физика: уроки, компонент школы"
    ]
    assert await desk.list_subjects(here, None) == [
        "уроки, федеральная часть плана:",
        "  биология",
        "уроки, компонент школы:",
        "  физика",
        "внеурочная деятельность, компонент школы:",
        "  шахматы",
    ]
    changing = desk.change_subject(here, None, "химия", SubjectWords())
    assert await refused(changing) == (NotFound, "subject-unknown-name")


async def test_classes_are_put_into_a_shift(room: ClassRoom, here: Installation) -> None:
    await room.builder.school_class(room.school, "10А")
    assert await desk.shift(here, None, 2, ("10а", "5А")) == ["Смена 2: 5А, 10А."]
    assert await room.watch.value("SELECT array_agg(DISTINCT shift) FROM core.school_class") == [2]


async def lesson_days(room: ClassRoom) -> list[date]:
    return [
        row["day"] for row in await room.watch.rows("SELECT day FROM core.lesson WHERE cancelled IS NULL ORDER BY day")
    ]


async def test_lessons_follow_the_calendar_to_its_last_day_and_no_further(room: ClassRoom, here: Installation) -> None:
    # A lesson every Tuesday, that of today among them, which is being held.
    await room.builder.lesson(room.school_class, room.teacher, time(8, 30))
    await desk.set_year(here, None, example(), dry=False)
    whole = await lesson_days(room)
    assert whole[0] == DAY
    assert whole[-1] == date(2027, 5, 25)
    holidays = {date(2027, 1, 5), date(2027, 2, 23), date(2027, 3, 30)}
    assert [day for day in whole if day.isoweekday() != 2 or day in holidays] == []
    shorter = example(("2027-05-26", "2027-05-20"), (", 2027-05-10", ""))
    await desk.set_year(here, None, shorter, dry=False)
    assert await lesson_days(room) == [day for day in whole if day <= date(2027, 5, 20)]
    await desk.set_year(here, None, example(), dry=False)
    assert await lesson_days(room) == whole


async def test_a_closed_year_is_shown_with_the_day_of_its_closing(room: ClassRoom, here: Installation) -> None:
    await desk.set_year(here, None, example(), dry=False)
    # Still the 9th in London, already the 10th in Yekaterinburg.
    await room.watch.rows("UPDATE core.school_year SET closed_at = '2027-06-09 20:00+00'")
    assert (await desk.show(here, None, 2026))[-1] == "Год закрыт 10.06.2027."
    closed = example(("2027-05-10]", "2027-05-11]"))
    assert await refused(desk.set_year(here, None, closed, dry=False)) == (Conflict, "plan-year-closed")


async def test_lessons_that_would_have_no_bell_are_named(room: ClassRoom, here: Installation) -> None:
    await room.builder.lesson(room.school_class, room.teacher, time(8, 30))
    await room.watch.rows("UPDATE core.slot SET starts = NULL, ends = NULL, number = 9")
    assert await said(desk.set_year(here, None, example(), dry=False)) == [
        "5А: в расписании есть урок 9, смена 1, а звонка для него нет.",
        "Ничего не изменено.",
    ]
