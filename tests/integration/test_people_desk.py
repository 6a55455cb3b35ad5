"""``zvonok people`` and ``zvonok staff``: the office's words become relations and roles, and its mistakes sentences."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.events import RelationKind
from core.refusals import Invalid, NotFound
from core.school_time import MachineClock
from core.staff.roles import Term
from core.staff.staffing import Job
from tests.integration.core_world import Hands, Watch, refused
from tests.unit.roster_tables import LESSON, PUPIL, STAFF, csv_text, matrix
from zvonok import adults, office, staffing
from zvonok.adults import NewAdult, Wish
from zvonok.installation import Installation
from zvonok.office import NewSchool
from zvonok.school_days import SchoolDays
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.staffing import Hired
from zvonok.trouble import OfficeError

ORDER = "приказ № 7"
COURT = "решение суда № 2-114"


@pytest_asyncio.fixture
async def desk(database_url: URL, tmp_path: Path) -> Installation:
    hands = Hands()
    settings = Settings(data=tmp_path, database_url=None)
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    here = Installation(settings, database_url, secret, hands.clock, MachineClock())
    paths = []
    for name, row in (("staff", STAFF), ("pupils", PUPIL), ("timetable", LESSON)):
        paths.append(tmp_path / f"{name}.csv")
        paths[-1].write_text(csv_text(matrix(row)), encoding="utf-8")
    await office.import_files(here, paths, NewSchool("Школа 1", "private", "Asia/Yekaterinburg"))
    return here


async def fails(doing: Any) -> str:
    with pytest.raises(OfficeError) as refusal:
        await doing
    return str(refusal.value)


async def test_the_office_keeps_the_adults_of_a_pupil(desk: Installation) -> None:
    child, mother, father = "Королёва Алёна", "Королёва Анна", "Щеглов Игорь"
    assert await adults.listing(desk, None, child) == [
        "1. Королёва Анна Юрьевна — мать (родитель); с 24.11.2026",
        "2. Щеглов Игорь — отец (родитель); с 24.11.2026",
    ]
    wish = Wish("няня", RelationKind.TRUSTED, priority=3, until=date(2027, 5, 31))
    lines = await adults.relate(desk, None, child, "Зуева Яна Львовна", wish, NewAdult(date(1970, 1, 2)))
    span = "с 24.11.2026 по 31.05.2027; очередь звонка — 3"
    assert lines[2] == f"3. Зуева Яна Львовна — няня (доверенное лицо); {span}; подпись не нужна"
    lines = await adults.relate(desk, None, child, mother, Wish(no_contact=True, basis="заявление"), None)
    assert (
        lines[0]
        == "1. Королёва Анна Юрьевна — мать (родитель); с 24.11.2026; очередь звонка — 1; не сообщать; заявление"
    )
    lines = await adults.bar(desk, None, child, father, COURT, barred=True)
    assert (
        lines[1] == f"2. Щеглов Игорь — отец (родитель); с 24.11.2026; очередь звонка — 1; доступ закрыт судом; {COURT}"
    )
    lines = await adults.bar(desk, None, child, father, "отменено", barred=False)
    assert "доступ закрыт" not in lines[1]
    lines = await adults.part(desk, None, child, mother, None, "переезд")
    assert "сейчас не действует" in lines[0]
    await adults.part(desk, None, child, father, None, "")
    assert await adults.alone(desk, None) == [
        "Без законного представителя — 1 ученик:",
        "5А, Королёва Алёна Игоревна — только доверенные лица",
    ]
    again = await office.import_files(desk, [desk.settings.data / "pupils.csv"], NewSchool(None, None, None))
    assert again[-1] == "У 1 ученика нет законного представителя. Кто это: zvonok people alone"
    assert await adults.institution(desk, None, "Детский дом № 3", "МКУ «Детский дом № 3»") == [
        "Детский дом № 3: записано."
    ]
    home = Wish("детский дом", RelationKind.INSTITUTION)
    lines = await adults.relate(desk, None, child, "Детский дом № 3", home, None)
    assert lines[0].startswith("1. Детский дом № 3 —")
    assert await adults.alone(desk, None) == ["У каждого ученика есть законный представитель."]


async def test_what_the_office_leaves_unclear_is_asked_back_and_changes_nothing(desk: Installation) -> None:
    watch = Watch(desk.url)
    stood = await watch.everything()
    child = "Королёва Алёна"
    assert "Кем взрослый приходится" in await fails(
        adults.relate(desk, None, child, "Зуева Яна", Wish(), NewAdult(date(1970, 1, 2)))
    )
    assert "«Фамилия Имя Отчество»" in await fails(adults.relate(desk, None, child, "Зуева", Wish("няня"), NewAdult()))
    assert await fails(adults.listing(desk, None, "Королёва Анна")) == ("«Королёва Анна»: такого ученика в школе нет.")
    assert "такого ученика" in await fails(adults.listing(desk, None, f"{child}, 08.05.2015"))
    assert "с датой рождения" in await fails(adults.listing(desk, None, f"{child}, 8 мая"))
    assert await refused(adults.listing(desk, None, "Нет Такой")) == (NotFound, "person-unknown")
    for words, code in ((Wish(priority=0), "relation-priority"), (Wish(may_see=False), "custody-basis-needed")):
        asked = adults.relate(desk, None, child, "Щеглов Игорь", words, None)
        assert await refused(asked) == (Invalid, code)
    with pytest.raises(OfficeError, match="--nobody"):
        adults.check_answer((), nobody=False)
    with pytest.raises(OfficeError, match="--nobody"):
        adults.check_answer(("мать",), nobody=True)
    assert await watch.everything() == stood


async def test_a_grown_pupil_s_paper_is_entered(desk: Installation) -> None:
    child, watch = "Королёва Алёна", Watch(desk.url)
    await watch.rows("UPDATE core.person SET birth_date = '2008-11-24' WHERE given = 'Алёна'")
    async with desk.journal() as database:
        days = SchoolDays(database, desk.school_clock)
        await days.run()
        stood = await watch.everything()
        await days.run()
        assert await watch.everything() == stood
    head = "5А, Королёва Алёна Игоревна (24.11.2026)"
    mother, father = "  Королёва Анна Юрьевна —", "  Щеглов Игорь —"
    assert await adults.grown(desk, None) == [
        "Ещё не ответил 1 совершеннолетний ученик:",
        f"{head} — ответа нет",
        f"{mother} нельзя",
        f"{father} нельзя",
    ]
    assert await adults.answer(desk, None, child, ["Королёва Анна"]) == [
        f"{head} — ответ есть",
        f"{mother} можно",
        f"{father} нельзя",
    ]
    assert await adults.grown(desk, None) == ["Все совершеннолетние ученики ответили."]


async def test_the_office_hires_gives_roles_and_dismisses(desk: Installation) -> None:
    teacher, hr = "Семёнова Ольга", "Зуева Яна Львовна"
    hired = Hired(hr, Job("инспектор по кадрам", ORDER), new=True)
    assert await staffing.hire(desk, None, hired) == ["Зуева Яна Львовна: приём записан."]
    assert await staffing.grant(desk, None, hr, "hr", Term(ORDER)) == [
        "специалист по кадрам (hr), с 24.11.2026; приказ № 7"
    ]
    assert await staffing.name_role(desk, None, "psychologist", "Психолог")
    assert await staffing.rights(desk, None, ("psychologist", "pupil.view", "school")) == [
        "Своя роль psychologist: «Психолог».",
        "psychologist: pupil.view — school",
    ]
    await staffing.grant(desk, None, teacher, "psychologist", Term(ORDER, until=date(2026, 12, 31)))
    assert await staffing.listing(desk, None) == [
        "Зуева Яна Львовна — инспектор по кадрам",
        "  специалист по кадрам (hr), с 24.11.2026; приказ № 7",
        "Семёнова Ольга Петровна — учитель математики",
        "  Психолог (psychologist), с 24.11.2026 по 31.12.2026; приказ № 7",
    ]
    stands = await staffing.stand_in(desk, None, "5а", hr, Term(ORDER))
    assert stands[-1].startswith("замещает классного руководителя (stand-in)")
    assert await staffing.take(desk, None, hr, "stand-in", None, "ошибка") == stands[:-1]
    assert "роли clerk" in await fails(staffing.take(desk, None, hr, "clerk", None, ""))
    assert await staffing.dismiss(desk, None, teacher, date(2026, 11, 30), ORDER) == [
        "Семёнова Ольга: последний рабочий день — 30.11.2026.",
        "Класс 5А останется без руководителя: назначьте другого.",
        "В недельном расписании остался 1 урок этого учителя: поставьте другого.",
    ]
    assert await staffing.lead(desk, None, "5А", hr, ORDER) == [f"Класс 5А, классный руководитель: {hr}."]
    assert "Семёнова Ольга Петровна — учитель математики, работает до 30.11.2026" in await staffing.listing(desk, None)
    for words in (("hr", "pupil.fly", "school"), ("hr", "pupil.view", "moon")):
        with pytest.raises(OfficeError, match="нет"):
            staffing.read_decided(words)


async def test_a_list_takes_no_dismissal_back(desk: Installation) -> None:
    await staffing.dismiss(desk, None, "Семёнова Ольга", date(2026, 11, 23), ORDER)
    again = desk.settings.data / "staff.csv"
    again.write_text(csv_text(matrix({**STAFF, "Должность": "директор"})), encoding="utf-8")
    await office.import_files(desk, [again], NewSchool(None, None, None))
    assert await staffing.listing(desk, None) == ["Сотрудников в журнале нет."]
    assert await Watch(desk.url).rows("SELECT 1 FROM core.role_assignment") == []
