"""``zvonok groups``, ``plan`` and ``load``: lists brought in, again, tried, refused line by line; words become acts."""

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL

from core.database import Database
from core.plan.study_groups import Purpose
from core.refusals import Conflict
from core.school_time import MachineClock
from core.tables import Subject
from tests.integration.core_world import ClassRoom, class_room, refused
from tests.unit.roster_tables import csv_text
from zvonok import groups, load, study_plans
from zvonok.installation import Installation
from zvonok.plan_files import WhichYear
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

HERE = WhichYear()
GROUPS = ("Класс", "Предмет", "Группа", "Фамилия", "Имя", "Вид группы", "В группе с")
ENGLISH = "английский язык"
FIRST, SECOND = "английский 1", "английский 2"
HALVES = (
    ("5А", ENGLISH, FIRST, "Абрамов", "Глеб", "", ""),
    ("5А", ENGLISH, FIRST, "Елкин", "Вадим", "", ""),
    ("5А", ENGLISH, SECOND, "Иванова", "Анна", "", ""),
    ("5А", ENGLISH, SECOND, "Иванова", "Ева", "", ""),
)


@dataclass
class Desk:
    """The office's chair."""

    room: ClassRoom
    here: Installation
    folder: Path

    def file(self, *lines: Sequence[str], name: str = "list.csv") -> Path:
        path = self.folder / name
        path.write_text(csv_text(lines), encoding="utf-8")
        return path

    async def groups(self, *lines: Sequence[str], dry: bool = False) -> list[str]:
        return await groups.bring_in(self.here, HERE, self.file(GROUPS, *lines), dry=dry)

    async def listed(self, on: date | None = None) -> list[str]:
        return await groups.listing(self.here, HERE, on)


@pytest.fixture
async def desk(core_database: Database, database_url: URL, tmp_path: Path) -> Desk:
    room = await class_room(core_database, database_url, lessons=0)
    async with core_database.begin() as session:
        for name in (ENGLISH, "математика", "шахматы в школе"):
            session.add(Subject(id=uuid4(), school_id=room.school.id, name=name))
    settings = Settings(data=tmp_path, database_url=None)
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    return Desk(room, Installation(settings, database_url, secret, room.hands.clock, MachineClock()), tmp_path)


async def fails(doing: Awaitable[object]) -> list[str]:
    with pytest.raises(OfficeError) as refusal:
        await doing
    return str(refusal.value).splitlines()


async def test_a_list_of_groups_is_tried_brought_in_and_comes_again(desk: Desk) -> None:
    before = await desk.room.watch.everything()
    told = [
        f"Новая группа: {FIRST}",
        f"Новая группа: {SECOND}",
        "Добавлены 4 ученика, никто не переведён, без изменений: 0.",
    ]
    tried = await desk.groups(*HALVES, dry=True)
    assert tried == ["Проба: так изменится журнал. Пока ничего не записано.", *told]
    assert await desk.room.watch.everything() == before
    assert await desk.groups(*HALVES) == told
    lines = [f"{title} — подгруппа, {ENGLISH} (5А), 2 ученика" for title in (FIRST, SECOND)]
    assert await desk.listed() == lines
    assert await desk.listed(date(2026, 9, 1)) == lines, "groups made just now are so from the beginning of the year"
    kept = await desk.room.watch.everything()
    assert await desk.groups(*HALVES) == ["Никто не добавлен, никто не переведён, без изменений: 4."]
    assert await desk.room.watch.everything() == kept


async def test_a_changed_list_transfers_between_halves_and_names_who_stays(desk: Desk) -> None:
    await desk.groups(*HALVES)
    moved = [(*HALVES[0][:2], SECOND, *HALVES[0][3:]), *HALVES[2:]]
    assert await desk.groups(*moved) == ["Никто не добавлен, переведён 1, без изменений: 2."]
    yesterday, today = date(2026, 11, 23), date(2026, 11, 24)
    assert [line[-9:] for line in await desk.listed(yesterday)] == ["2 ученика"] * 2
    assert [line[-9:] for line in await desk.listed(today)] == [" 1 ученик", "3 ученика"]
    (line,) = [line for line in await desk.groups(HALVES[1], HALVES[2]) if "Ева" in line]
    assert line == (
        f"В группе «{SECOND}», но не в файле: Иванова Ева. Если это ошибка, отчислите: "
        f'zvonok groups leave "{SECOND}" "Иванова Ева"'
    )


async def test_streams_clubs_and_combined_classes_come_by_their_words(desk: Desk) -> None:
    other = await desk.room.builder.school_class(desk.room.school, "6А")
    await desk.room.builder.pupil(other, "Шестов Иван")
    await desk.groups(
        ("5А", "", "лекции", "Абрамов", "Глеб", "поток", ""),
        ("6А", "", "лекции", "Шестов", "Иван", "поток", ""),
        ("5А", "шахматы в школе", "шахматы", "Яшин", "Лев", "факультатив", "05.10.2026"),
        ("5А", "", "5 и 6", "", "", "класс-комплект", ""),
        ("6А", "", "5 и 6", "", "", "класс-комплект", ""),
    )
    assert await desk.listed() == [
        "шахматы — факультатив, шахматы в школе (5А), 1 ученик",
        "5 и 6 — класс-комплект (5А, 6А), 6 учеников",
        "лекции — поток (5А, 6А), 2 ученика",
    ]
    assert (await desk.listed(date(2026, 10, 4)))[0].endswith("никого")
    assert await groups.check(desk.here, HERE) == [
        "Поток «лекции»: учеников 2. Поток — это больше 30 человек; меньше — обычная группа."
    ]


async def test_every_line_that_is_wrong_is_told_and_nothing_is_written(desk: Desk) -> None:
    before = await desk.room.watch.everything()
    assert await fails(
        desk.groups(
            HALVES[0],
            ("7Г", ENGLISH, FIRST, "Елкин", "Вадим", "", ""),
            ("5А", "латынь", FIRST, "Елкин", "Вадим", "", ""),
        )
    ) == [
        "list.csv, строка 3, столбец «Класс»: класса 7Г в этом учебном году нет.",
        (
            "list.csv, строка 4, столбец «Предмет»: предмета «латынь» в списке школы нет. "
            'Сначала добавьте его: zvonok year subjects add "латынь"'
        ),
        "Ничего не записано. Исправьте файл и загрузите его ещё раз.",
    ]
    assert (
        await fails(
            desk.groups(
                HALVES[0],
                ("5А", ENGLISH, FIRST, "Нетов", "Пётр", "", ""),
                ("5А", ENGLISH, FIRST, "Абрамов", "Глеб", "", ""),
            )
        )
    )[:2] == [
        "list.csv, строка 3, столбец «Фамилия»: Нетов Пётр: среди учеников такого имени нет. Проверьте класс и имя.",
        f"list.csv, строка 4, столбец «Фамилия»: Абрамов Глеб уже есть в группе «{FIRST}» строкой выше.",
    ]
    await desk.room.builder.pupil(desk.room.school_class, "Иванова Анна Петровна")
    assert "подходит не один ученик" in (await fails(desk.groups(HALVES[2])))[0]
    after = await desk.room.watch.everything()
    assert {name for name in before if before[name] != after[name]} == {
        "core.person",
        "core.pupil",
        "core.enrolment",
    }


async def test_a_line_against_what_is_stored_is_told_by_name(desk: Desk) -> None:
    await desk.groups(*HALVES)
    await groups.join(desk.here, HERE, FIRST, ["Яшин Лев"], (date(2026, 12, 1), None))
    early = ("5А", ENGLISH, FIRST, "Яшин", "Лев", "", "01.11.2026")
    assert (await fails(desk.groups(early)))[0] == (
        f"list.csv, строка 2: Яшин Лев: на 01.12.2026 уже в группе «{FIRST}»."
    )
    long_ago = ("5А", ENGLISH, FIRST, "Яшин", "Лев", "", "01.11.2019")
    assert (await fails(desk.groups(long_ago)))[0] == (
        f"list.csv, строка 2: Яшин Лев: на 01.11.2019 не в тех классах, из которых набрана группа «{FIRST}»."
    )


async def test_what_a_list_says_of_a_group_that_is_there_is_carried_out_or_refused_by_line(desk: Desk) -> None:
    await desk.room.builder.school_class(desk.room.school, "5Б")
    await desk.groups(*HALVES)
    header = (*GROUPS, "В группе по")
    ending = (*HALVES[0], "31.12.2026")
    told = "Никто не добавлен, никто не переведён, изменён последний день: 1, без изменений: 1."
    brought = await groups.bring_in(desk.here, HERE, desk.file(header, ending, (*HALVES[1], "")), dry=False)
    assert brought == [told]
    lines = await desk.listed(date(2027, 1, 1))
    assert [line[-9:] for line in lines] == [" 1 ученик", "2 ученика"]
    desk.room.hands.move(days=50)
    again = await groups.bring_in(desk.here, HERE, desk.file(header, ending, (*HALVES[1], "")), dry=False)
    assert again == ["Никто не добавлен, никто не переведён, без изменений: 2."], "though that day is over"
    before = await desk.room.watch.everything()
    assert (
        await fails(
            desk.groups(
                ("5А", "математика", FIRST, "Яшин", "Лев", "", ""),
                ("5Б", "", SECOND, "", "", "кружок", ""),
            )
        )
    )[:3] == [
        (
            f"list.csv, строка 2, столбец «Предмет»: группа «{FIRST}» уже есть, и предмет у неё другой. "
            "Список предмет группы не меняет."
        ),
        (
            f"list.csv, строка 3, столбец «Вид группы»: группа «{SECOND}» уже есть, и вид у неё другой. "
            "Список вид группы не меняет."
        ),
        (
            f"list.csv, строка 3, столбец «Класс»: группа «{SECOND}» уже есть, и набрана она не из 5Б. "
            "Список классов группы не меняет."
        ),
    ]
    assert await desk.room.watch.everything() == before


async def test_the_office_makes_fills_and_closes_groups_by_words(desk: Desk) -> None:
    here = desk.here
    assert await groups.divide(here, HERE, "5а", "Английский язык", (FIRST, SECOND)) == [
        f"{FIRST} — подгруппа, {ENGLISH} (5А), никого",
        f"{SECOND} — подгруппа, {ENGLISH} (5А), никого",
    ]
    since = date(2026, 9, 1)
    assert await groups.join(here, HERE, FIRST, ["Абрамов Глеб", "Ёлкин Вадим"], (since, None)) == [
        f"«{FIRST}»: записаны 2 ученика с 01.09.2026."
    ]
    assert await groups.transfer(here, HERE, (FIRST, SECOND), ["Елкин Вадим"], None) == [
        f"Из «{FIRST}» в «{SECOND}» с 24.11.2026: 1 ученик."
    ]
    assert (await groups.show(here, HERE, SECOND, None))[1:] == ["  1. Ёлкин Вадим"]
    assert await groups.leave(here, HERE, FIRST, ["Абрамов Глеб"], date(2026, 11, 25)) == [
        f"«{FIRST}»: 1 ученик остаётся в группе по 25.11.2026 включительно."
    ]
    wish = groups.Wish("шахматы", ("5А",), Purpose.CLUB, None, 2)
    assert await groups.create(here, HERE, wish) == ["шахматы — кружок (5А), никого"]
    assert (await groups.close(here, HERE, "Шахматы", date(2026, 11, 24)))[0].startswith("Группа «шахматы» закрыта")
    assert (await desk.listed())[-1] == "шахматы — кружок (5А), никого, закрыта"
    again = groups.join(here, HERE, "шахматы", ["Яшин Лев"], (since, None))
    assert await refused(again) == (Conflict, "group-closed")


async def test_plans_come_by_a_list_and_come_again(desk: Desk) -> None:
    titles = ("План", "Параллель", "Предмет", "Часов в неделю", "Классы", "Вид плана", "Профиль")
    lines = (
        ("План школы", "5", "математика", "5", "5А", "", ""),
        ("План школы", "5", ENGLISH, "2,5", "", "", ""),
        ("Профиль", "10", "математика", "8", "", "профильный", "технологический"),
    )
    file = desk.file(titles, *lines)
    counted = "новых 2, изменено 0, без изменений 0, не названо в файле и осталось 0."
    assert (await study_plans.bring_in(desk.here, HERE, file, dry=True))[1] == f"Планы: {counted}"
    assert await study_plans.listing(desk.here, HERE) == ["Без учебного плана: 5А"]
    assert await study_plans.bring_in(desk.here, HERE, file, dry=False) == [f"Планы: {counted}"]
    assert await study_plans.listing(desk.here, HERE) == [
        "План школы — школьный, уроки; классы: 5А",
        "Профиль — профильный, уроки, профиль: технологический",
    ]
    assert await study_plans.show(desk.here, HERE, "план школы") == [
        "План школы — школьный, уроки; классы: 5А",
        "Параллель 5: 7,5 ч в неделю",
        f"  {ENGLISH} — 2,5",
        "  математика — 5",
    ]
    changed = desk.file(titles, ("План школы", "5", "математика", "6", "", "", ""))
    assert await study_plans.bring_in(desk.here, HERE, changed, dry=False) == [
        "Планы: новых 0, изменено 1, без изменений 0, не названо в файле и осталось 1."
    ]
    assert await study_plans.remove(desk.here, HERE, "Профиль") == ["План «Профиль» вычеркнут."]
    assert (await fails(study_plans.show(desk.here, HERE, "Профиль")))[0].startswith("«Профиль»: такого плана")
    wrong = desk.file(titles, ("А", "6", "математика", "5", "5А", "", ""), ("А", "6", "математика", "4", "", "", ""))
    assert await fails(study_plans.bring_in(desk.here, HERE, wrong, dry=False)) == [
        "list.csv, строка 3, столбец «Предмет»: математика, параллель 6: уже есть в этом плане строкой выше.",
        "Ничего не записано. Исправьте файл и загрузите его ещё раз.",
    ]
    other = desk.file(titles, ("А", "6", "математика", "5", "5А", "", ""))
    assert (await fails(study_plans.bring_in(desk.here, HERE, other, dry=False)))[0] == (
        "list.csv, строка 2: План «А» для 5А не годится: он индивидуальный или без этой параллели."
    )


async def test_load_comes_by_a_list_and_by_words(desk: Desk) -> None:
    await desk.groups(*HALVES)
    titles = ("Учитель", "Предмет", "Класс", "Группа", "Ученик", "Часов в неделю")
    file = desk.file(
        titles,
        ("Кузнецова М.П.", "математика", "5А", "", "", "5"),
        ("Кузнецова Мария Петровна", ENGLISH, "5А", FIRST, "", "3"),
        ("Громова Н. С.", ENGLISH, "", SECOND, "", "3"),
        ("Громова Н. С.", "математика", "5А", "", "Яшин Лев", "0,5"),
    )
    told = "Нагрузка: новых строк 4, изменено 0, без изменений 0, не названо в файле и осталось 0."
    assert await load.bring_in(desk.here, HERE, file, dry=False) == [told]
    again = "Нагрузка: новых строк 0, изменено 0, без изменений 4, не названо в файле и осталось 0."
    assert await load.bring_in(desk.here, HERE, file, dry=False) == [again]
    teacher, maths = "Кузнецова Мария Петровна", "математика"
    assert await load.give(desk.here, HERE, load.Named(teacher, maths, "5а"), Decimal("4.5")) == [
        f"{teacher} → 5а: 4,5 ч в неделю."
    ]
    head, *lines = await load.listing(desk.here, HERE, teacher)
    assert head == f"{teacher}: 7,5 ч в неделю"
    assert set(lines) == {f"  5А, {maths} — 4,5", f"  {FIRST}, {ENGLISH} — 3"}
    named = load.Named("Громова Нина Сергеевна", maths, "Яшин Лев")
    assert await load.take(desk.here, HERE, named) == ["Громова Нина Сергеевна → Яшин Лев: часы сняты."]
    assert (await fails(load.take(desk.here, HERE, named)))[0].startswith("Громова Нина Сергеевна → Яшин Лев: таких")
    differing = await load.check(desk.here, HERE)
    assert f"5А, {maths}, {teacher}: в нагрузке 4,5 ч, в расписании 0 ч." in differing
    assert (await fails(load.give(desk.here, HERE, load.Named(teacher, maths, "никому"), Decimal(1))))[0].startswith(
        "«никому»: такого класса, группы или ученика"
    )
    wrong = desk.file(
        titles,
        ("Незнаева А. Б.", maths, "5А", "", "", "5"),
        ("Орлов П. И.", maths, "5А", "", "", "0,1"),
        ("Орлов П. И.", maths, "", "немецкий 1", "", "1"),
    )
    assert (await fails(load.bring_in(desk.here, HERE, wrong, dry=False)))[:3] == [
        "list.csv, строка 2, столбец «Учитель»: Незнаева А. Б.: в списке сотрудников такого человека нет.",
        (
            "list.csv, строка 3, столбец «Часов в неделю»: 0,1 ч в неделю не бывает. "
            "Часы — от 0,25 до 40, с точностью до четверти часа."
        ),
        (
            "list.csv, строка 4, столбец «Группа»: группы «немецкий 1» в этом учебном году нет. "
            "Сначала заведите её: zvonok groups import groups.csv"
        ),
    ]


async def test_a_file_that_cannot_be_opened_is_a_sentence(desk: Desk) -> None:
    missing = desk.folder / "нет.csv"
    assert await fails(groups.bring_in(desk.here, HERE, missing, dry=False)) == [f"Файла {missing} нет."]
    folder = await fails(load.bring_in(desk.here, HERE, desk.folder, dry=False))
    assert folder == [f"{desk.folder} — это папка, а нужен файл."]
    assert (await fails(groups.show(desk.here, HERE, "нигде", None)))[0].startswith("«нигде»: такой группы")
