"""``zvonok movement``: the office's words become orders, a passing to the next year, the closing of the old one."""

from collections.abc import Awaitable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import URL

from core.access import Role
from core.database import Database
from core.movement.movements import Order
from core.movement.orders import Leaving
from core.plan import years
from core.refusals import Conflict, Invalid, NotFound
from core.school_time import MachineClock
from core.staff import roles
from core.staff.roles import Term
from tests.integration.core_world import Watch, refused
from tests.integration.movement_world import TODAY, Movers, movers
from tests.unit import year_cases
from zvonok import movement, next_year
from zvonok.installation import Installation
from zvonok.movement import Comer
from zvonok.next_year import CloseWish, Wish
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

ANNA, GLEB, LEV, VERA = "Иванова Анна", "Абрамов Глеб", "Яшин Лев", "Котова Вера"
ORDER = Order("12-у", date(2026, 11, 20))
JUNE = datetime(2027, 6, 28, 7, 0, tzinfo=UTC)
PASSING = Order("45-у", date(2027, 6, 25))


@pytest_asyncio.fixture
async def school(core_database: Database, database_url: URL) -> Movers:
    lists = {"5А": [ANNA, GLEB], "5Б": [], "9А": [VERA], "11А": [LEV]}
    return await movers(core_database, Watch(database_url), lists)


@pytest_asyncio.fixture
async def desk(school: Movers, database_url: URL, tmp_path: Path) -> Installation:
    secret = Secret(b"the secret of these tests, of thirty-two bytes")
    settings = Settings(data=tmp_path, database_url=None)
    return Installation(settings, database_url, secret, school.hands.clock, MachineClock())


async def fails(doing: Awaitable[object]) -> str:
    with pytest.raises(OfficeError) as refusal:
        await doing
    return str(refusal.value)


async def test_the_office_keeps_the_book_of_movement(desk: Installation) -> None:
    comer = Comer("Новиков Пётр Олегович", new=True, born=date(2014, 7, 1), other_school="Школа № 3 города Ишима")
    lines = await movement.arrive(desk, None, comer, "5а", date(2026, 11, 16), ORDER)
    assert lines == [
        (
            "Новиков Пётр Олегович: в 5А с 16.11.2026. "
            "Дальше: запишите взрослых (zvonok people relate) и выдайте им коды (zvonok codes --person)."
        )
    ]
    assert await movement.transfer(desk, None, ANNA, "5Б", date(2026, 11, 23), ORDER) == [
        "Иванова Анна: в 5Б с 23.11.2026. Родителям ничего подключать заново не нужно."
    ]
    leaving = Leaving(TODAY, Order("14-у", ORDER.day, "переезд"), "Гимназия № 1")
    assert "последний день — 24.11.2026" in (await movement.leave(desk, None, GLEB, leaving))[0]
    assert await movement.correct(desk, None, GLEB, Order("15-у", ORDER.day, "не уезжает")) == [
        (
            "Абрамов Глеб: последний приказ больше не действует. Если нужен другой, запишите его. "
            "Проверьте и группы: сами они не возвращаются."
        ),
        "24.11.2026 — Абрамов Глеб: выбытие, из 5А. Приказ № 14-у от 20.11.2026.",
        "  Другая школа: Гимназия № 1.",
        "  Примечание: переезд.",
        "  Не действует: исправлено позже.",
    ]
    assert await movement.listing(desk, None, None, None, None) == [
        "16.11.2026 — Новиков Пётр: прибытие, в 5А. Приказ № 12-у от 20.11.2026.",
        "  Другая школа: Школа № 3 города Ишима.",
        "23.11.2026 — Иванова Анна: перевод в другой класс, 5А → 5Б. Приказ № 12-у от 20.11.2026.",
        "24.11.2026 — Абрамов Глеб: выбытие, из 5А. Приказ № 14-у от 20.11.2026.",
        "  Другая школа: Гимназия № 1.",
        "  Примечание: переезд.",
        "  Не действует: исправлено позже.",
        (
            "24.11.2026 — Абрамов Глеб: исправление, предыдущий приказ не действует; место снова в 5А. "
            "Приказ № 15-у от 20.11.2026."
        ),
        "  Примечание: не уезжает.",
    ]


async def test_an_employee_comes_to_learn_if_that_is_meant(desk: Installation, school: Movers) -> None:
    await school.builder.teacher(school.school, "Петрова Анна")
    comer = Comer("Петрова Анна", new=False, adult=True)
    (said,) = await movement.arrive(desk, None, comer, "11А", TODAY, ORDER)
    assert said.startswith("Петрова Анна: в 11А с 24.11.2026.")


async def test_what_the_office_got_wrong_is_said_and_changes_nothing(desk: Installation, school: Movers) -> None:
    await school.builder.teacher(school.school, "Петрова Анна")
    before = await school.watch.everything()
    comer = Comer("Новиков Пётр", new=True)
    assert "--born" in await fails(movement.arrive(desk, None, comer, "5А", TODAY, ORDER))
    comer = Comer("Петрова Анна", new=False)
    assert await refused(movement.arrive(desk, None, comer, "5А", TODAY, ORDER)) == (Conflict, "movement-of-adult")
    assert "исправлять нечего" in await fails(movement.correct(desk, None, ANNA, ORDER))
    assert await refused(movement.transfer(desk, None, ANNA, "6Ъ", TODAY, ORDER)) == (NotFound, "class-unknown")
    assert await refused(movement.transfer(desk, None, ANNA, "5А", TODAY, ORDER)) == (
        Conflict,
        "pupil-in-class-already",
    )
    assert await movement.listing(desk, None, None, date(2026, 9, 1), None) == ["Приказов за это время нет."]
    assert await school.watch.everything() == before


async def test_the_passing_is_shown_answered_and_carried_out(
    desk: Installation, school: Movers, tmp_path: Path
) -> None:
    school.hands.at = JUNE
    shown = await next_year.pass_on(desk, None, None, Wish(()))
    assert shown == [
        "Из 2026/2027 учебного года в следующий. Первый день — 01.09.2027.",
        "5А → 6А, 2 ученика. Классный руководитель ещё не назначен.",
        "9А → ?, 1 ученик.",
        "11А → выпуск, 1 ученик.",
        'Не решено, куда идут: 9А. Ответьте на каждый класс или ученика: --set "9А=10А", --set "Иванова Анна=выпуск".',
    ]
    file = tmp_path / "answers.txt"
    file.write_text("\ufeff# педсовет 25 мая\n9А = 10А\nабрамов глеб = 5Б  # повторно\n", encoding="utf-8")
    answers = next_year.read_answers(file, [])
    shown = await next_year.pass_on(desk, None, None, Wish(answers))
    assert shown[1:4] == [
        "5А → 6А, 2 ученика. Классный руководитель ещё не назначен.",
        "  Абрамов Глеб → 5Б",
        "9А → 10А, 1 ученик. Классный руководитель ещё не назначен.",
    ]
    plan = shown[-2].partition("--plan ")[2].partition(" ")[0]
    wish = Wish(answers, plan, PASSING, date(2027, 6, 30))
    done = [
        "Переведены: 2. Повторное обучение: 1. Выпуск: 1.",
        "Новые классы: 5Б, 6А, 10А.",
        'Без классного руководителя: 5Б, 6А, 10А. Назначить: zvonok staff lead 5А "Иванова Анна"',
        "Связи с родителями, согласия, подключённые мессенджеры и настройки сообщений остались.",
    ]
    assert await next_year.pass_on(desk, None, None, wish) == done
    assert await next_year.pass_on(desk, None, None, wish) == [
        "Этот переход уже выполнен, второй раз ничего не сделано."
    ]
    assert await next_year.pass_on(desk, None, None, Wish(())) == [
        "Переводить некого: с 01.09.2027 в классах этого года никто не учится."
    ]
    assert (await school.stays(GLEB))[-1] == ("5Б", date(2027, 9, 1), None)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("9А", "--set «9А»: нужно «класс = новый класс»"),
        ("9А=", "нужно «класс = новый класс»"),
        ("8Ж=9Ж", "«8Ж» — такого класса или ученика среди переводимых нет"),
        ("Иванова Анна, 01.01.2001=выпуск", "такого класса или ученика среди переводимых нет"),
        ("9А=x\x00", "--set «9А=x»: название класса не читается"),
        ("9А=" + "я" * 3000, f"--set «9А={'я' * 57}…»: название класса не читается"),
        ("9А=\u202eхы", "название класса не читается"),
        ("ы" * 3000 + "=10А", f"«{'ы' * 60}…» — такого класса или ученика"),
    ],
)
async def test_an_answer_that_says_nothing_is_named(desk: Installation, school: Movers, answer: str, said: str) -> None:
    school.hands.at = JUNE
    assert said in await fails(next_year.pass_on(desk, None, None, Wish(next_year.read_answers(None, [answer]))))


async def test_namesakes_and_answers_given_twice_are_named(desk: Installation, school: Movers, tmp_path: Path) -> None:
    await school.learn("9А", ANNA)
    school.hands.at = JUNE

    async def pass_on(*said: str) -> object:
        return await next_year.pass_on(desk, None, None, Wish(next_year.read_answers(None, said)))

    assert "таких несколько (2)" in await fails(pass_on("Иванова Анна=выпуск"))
    assert "«9а» ответ уже есть" in await fails(pass_on("9А=10А", "9а=10Б"))
    assert await refused(pass_on("9А=8А")) == (Invalid, "rollover-wrong-grade")
    broken = tmp_path / "broken.txt"
    broken.write_bytes("9А = 10А".encode("cp1251"))
    for path in (broken, tmp_path / "nowhere.txt"):
        with pytest.raises(OfficeError, match="UTF-8"):
            next_year.read_answers(path, [])
    assert "--order" in await fails(next_year.pass_on(desk, None, None, Wish((), plan="of yesterday")))
    stale = Wish(next_year.read_answers(None, ["9А=10А"]), "of yesterday", PASSING, date(2027, 6, 30))
    assert await refused(next_year.pass_on(desk, None, None, stale)) == (Conflict, "rollover-changed")


async def test_the_office_enters_how_two_people_close_a_year(desk: Installation, school: Movers) -> None:
    for name, role in (("Мухин Лев", Role.ADMINISTRATOR), ("Зимина Яна", Role.DEPUTY)):
        person = await school.builder.teacher(school.school, name)
        async with school.database.begin() as session:
            await roles.grant(session, school.act(), person, role, Term("приказ № 1 от 01.09.2026"))
    async with school.database.begin() as session:
        await years.set_calendar(session, school.act(), school.school.id, year_cases.calendar())
    notes = [
        "4 ученика остаются в классах этого года: 5А, 9А, 11А. Переход на новый год: zvonok movement next-year",
        "Отметки и итоги здесь не проверяются.",
    ]

    async def close(*wish: str | None) -> list[str]:
        return await next_year.close(desk, None, None, CloseWish(*wish))

    assert await close() == [
        "2026/2027 учебный год открыт.",
        "Год ещё идёт: последний день занятий — 26.05.2027. Закрыть нельзя.",
        *notes,
    ]
    school.hands.at = JUNE
    assert 'zvonok staff grant "Зимина Яна" administrator' in await fails(close("Зимина Яна"))
    assert await close("Мухин Лев") == [
        (
            "Закрыть 2026/2027 учебный год предложено: Мухин Лев, 28.06.2027. "
            "Теперь подтвердить должен директор или заместитель."
        ),
        *notes,
    ]
    assert (await close(None, "Зимина Яна"))[0] == "2026/2027 учебный год закрыт: Зимина Яна, 28.06.2027."
    assert "Выберите одно" in await fails(close("Мухин Лев", "Зимина Яна"))
    assert await close(None, None, "ошибка в итогах") == ["2026/2027 учебный год снова открыт."]
    assert (await close())[0] == "2026/2027 учебный год открыт."


async def test_whoever_has_no_role_to_close_a_year_is_named_with_the_command_but_first_that_it_goes_on(
    desk: Installation, school: Movers
) -> None:
    await school.builder.teacher(school.school, "Мухин Лев")
    async with school.database.begin() as session:
        await years.set_calendar(session, school.act(), school.school.id, year_cases.calendar())
    propose, confirm = CloseWish("Мухин Лев", None, None), CloseWish(None, "Мухин Лев", None)
    assert await refused(next_year.close(desk, None, None, propose)) == (Conflict, "year-goes-on")
    school.hands.at = JUNE
    said = await fails(next_year.close(desk, None, None, propose))
    assert said.endswith('Назначить: zvonok staff grant "Мухин Лев" administrator --order "приказ № 1"')
    assert "подтвердить закрытие года может только директор" in await fails(next_year.close(desk, None, None, confirm))
