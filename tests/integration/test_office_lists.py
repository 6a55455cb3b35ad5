"""``zvonok import`` when lists come again: a table to look at, the same and nothing else written, the way back."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import URL

from core.refusals import Conflict
from tests.integration.core_world import refused
from tests.integration.test_office import KNOWN, SIGNED, Desk
from tests.unit.roster_tables import LESSON, PUPIL, STAFF
from zvonok import lists
from zvonok.lists import Asked, NewSchool
from zvonok.trouble import OfficeError

SECOND = {**SIGNED, "Имя": "Лев", "Дата рождения": "01.06.2015", "Родитель 2: согласие от": ""}


class ListDesk(Desk):
    """The office's desk, where lists come again."""

    async def looks(self, paths: list[Path], asked: Asked = Asked(), school: NewSchool = KNOWN) -> list[str]:  # noqa: B008 - a frozen value
        """Look; everything must stay as it was."""
        before = await self.watch.everything()
        lines = await lists.look(self.here, paths, school, asked)
        assert await self.watch.everything() == before
        return lines

    async def brings(self, paths: list[Path], asked: Asked = Asked()) -> str:  # noqa: B008 - a frozen value
        """Bring in; return the number of the import."""
        self.hands.move(minutes=1)
        lines = await lists.bring_in(self.here, paths, KNOWN, asked)
        found = re.search(r"undo ([0-9a-f]{8})$", lines[-1])
        assert found is not None
        return found[1]

    async def undoes(self, number: str) -> list[str]:
        """Take an import back."""
        self.hands.move(minutes=1)
        return await lists.undo(self.here, None, number, "не тот файл")


@pytest.fixture
async def desk(database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ListDesk:
    monkeypatch.chdir(tmp_path)
    desk = ListDesk(database_url, tmp_path)
    await desk.imports(desk.files())
    return desk


async def test_a_look_is_a_table_that_an_office_reads(desk: ListDesk) -> None:
    moved = {**SIGNED, "Класс": "5Б", "Родитель 1: эл. почта": "n@example.org", "Родитель 1: почта подтверждена": ""}
    mail = {name: moved[name] for name in moved if name.startswith("Родитель 1: ")}
    paths = [desk.file("pupils.csv", moved, {**SECOND, "Класс": "5Б"} | mail)]
    lines = await desk.looks(paths)
    assert lines[0] == "Школа 1. Что изменит загрузка (пока ничего не записано):"
    assert lines[1:4] == ["", "Новые классы: 1", "  5Б"]
    assert "Новые ученики: 1" in lines
    assert "  5Б  Королёва Лев Игоревна" in lines
    assert "  Королёва Алёна Игоревна (5А): класс: 5А → 5Б с 24.11.2026" in lines
    told = "koroleva@example.org (подтверждён 30.08.2026) → n@example.org (не подтверждён)"
    assert f"  Королёва Анна Юрьевна (5А, Королёва Алёна Игоревна): почта: {told}" in lines
    assert lines[-1].startswith("Чтобы загрузить ровно это, повторите команду, заменив --dry-run на --expect ")
    assert not re.search("[0-9a-f]{8}-[0-9a-f]{4}-", "\n".join(lines)), "no ids of ours"


async def test_a_look_at_what_stands_already_says_so(desk: ListDesk) -> None:
    lines = await desk.looks(desk.files())
    assert lines[0] == "Школа 1. Загрузка ничего не изменит: всё уже так и записано."
    assert lines[-1] == "Без изменений строк: 5."


async def test_a_look_makes_no_school(desk: ListDesk) -> None:
    lines = await desk.looks(desk.files(), Asked(), NewSchool("Школа 2", "private", "Asia/Omsk"))
    assert lines[0].startswith("Школа 2. Что изменит загрузка")
    with pytest.raises(OfficeError, match="Школы «Школа 3» в журнале нет"):
        await desk.looks(desk.files(), Asked(), NewSchool("Школа 3", None, None))


async def test_bad_lines_and_unknown_teachers_are_told_in_a_look_too(desk: ListDesk) -> None:
    with pytest.raises(OfficeError, match=r"строка 2, столбец «Дата рождения»"):
        await desk.looks([desk.file("pupils.csv", {**PUPIL, "Дата рождения": "31.02.2015"})])


async def test_what_was_looked_at_is_brought_in_and_taken_back(desk: ListDesk) -> None:
    paths = [desk.file("pupils.csv", {**SIGNED, "Класс": "5Б"})]
    lines = await desk.looks(paths)
    fingerprint = lines[-1].rpartition(" ")[2]
    assert f"Отпечаток: {fingerprint}" in lines
    assert (await desk.looks(paths))[-1].endswith(fingerprint)
    number = await desk.brings(paths, Asked(expected=fingerprint))
    again = Asked(expected=fingerprint)
    assert await refused(lists.bring_in(desk.here, paths, KNOWN, again)) == (Conflict, "import-not-as-shown")
    newest, first = await lists.listing(desk.here, None)
    assert newest == f"{number}  24.11.2026 08:41  pupils.csv: записано 2"
    assert first.endswith("  24.11.2026 08:40  staff.csv, pupils.csv, timetable.csv: записано 16")
    assert await desk.undoes(number) == [
        f"Загрузка {number} от 24.11.2026 08:41 отменена. Возвращено как было: 2.",
        "Записи людей остались, но ни с кем не связаны. Согласия из списка отозваны, в реестре это видно.",
    ]
    assert (await lists.listing(desk.here, None))[0] == f"{newest}, отменена 24.11.2026 08:42"
    assert await desk.watch.value("SELECT title FROM core.pupil JOIN core.school_class c ON c.id = class_id") == "5А"
    assert await refused(desk.undoes(number)) == (Conflict, "import-undone-already")
    with pytest.raises(OfficeError, match="Загрузки ffffffff нет"):
        await desk.undoes("ffffffff")


async def test_why_an_import_stands_is_said_with_names(desk: ListDesk) -> None:
    number = await desk.brings([desk.file("pupils.csv", {**SIGNED, "Класс": "5Б"})])
    await desk.brings([desk.file("pupils.csv", {**SIGNED, "Класс": "6А"})])
    before = await desk.watch.everything()
    with pytest.raises(OfficeError) as refusal:
        await desk.undoes(number)
    assert str(refusal.value).splitlines() == [
        f"Загрузку {number} отменить нельзя, ничего не изменено:",
        "  после неё изменено: Королёва Алёна Игоревна",
    ]
    assert await desk.watch.everything() == before
    first = (await lists.listing(desk.here, None))[-1][:8]
    await desk.codes(staff=True)
    with pytest.raises(OfficeError, match=r"уже есть код, вход, карточка или другие записи: .*Семёнова Ольга Петровна"):
        await desk.undoes(first)


async def test_a_doubtful_line_is_a_question_with_its_answers(desk: ListDesk) -> None:
    other = {**SIGNED, "Фамилия": "Зуева"} | {name: "Зуев" for name in SIGNED if name.endswith(": фамилия")}
    paths = [desk.file("pupils.csv", other)]
    asked = [
        "Под вопросом: 1. Пока вопросы есть, загрузить нельзя",
        "  pupils.csv:2: Зуева Алёна Игоревна, 07.05.2015. Возможно, это уже есть в журнале:",
        "    1) Королёва Алёна Игоревна (5А), 07.05.2015",
        "      да, это один человек: --same pupils.csv:2",
        "    нет, это другой человек: --other pupils.csv:2",
    ]
    lines = await desk.looks(paths)
    start = lines.index(asked[0])
    assert lines[start : start + len(asked)] == asked
    assert "Отпечаток" not in "\n".join(lines), "what is doubtful cannot be brought in"
    words = await desk.fails(paths, KNOWN)
    assert words.splitlines() == [
        *asked,
        "Ничего не загружено: ответьте на вопросы и повторите с теми же ключами --same и --other.",
    ]
    lines = await desk.looks(paths, Asked(lists.read_answers(["pupils.csv:2"], [])))
    assert "  Королёва Алёна Игоревна (5А): фамилия: Королёва → Зуева" in lines
    lines = await desk.looks(paths, Asked(lists.read_answers([], ["pupils.csv:2"])))
    assert "  5А  Зуева Алёна Игоревна" in lines


@pytest.mark.parametrize(
    ("same", "other", "read"),
    [
        (["pupils.csv:14"], [], {"pupils.csv:14": 1}),
        (
            ["pupils.csv:14=2", "a=b.csv:3"],
            ["pupils.csv:9/1"],
            {"pupils.csv:14": 2, "a=b.csv:3": 1, "pupils.csv:9/1": 0},
        ),
        (["книга.xlsx:5А:7=3"], [], {"книга.xlsx:5А:7": 3}),
    ],
)
def test_answers_are_read(same: list[str], other: list[str], read: dict[str, int]) -> None:
    assert lists.read_answers(same, other) == read


@pytest.mark.parametrize(("same", "other"), [(["14"], []), ([], ["Юдин"]), (["p.csv:1"], ["p.csv:1"])])
def test_an_answer_that_names_no_line_is_explained(same: list[str], other: list[str]) -> None:
    with pytest.raises(OfficeError, match="напишите строку так, как она названа в вопросе"):
        lists.read_answers(same, other)


async def test_a_long_heading_is_cut_unless_all_is_asked_for(desk: ListDesk) -> None:
    rows = [{**SECOND, "Имя": f"Лев-{chr(1072 + number).upper()}в"} for number in range(31)]
    paths = [desk.file("pupils.csv", SIGNED, *rows)]
    lines = await desk.looks(paths)
    assert "  …и ещё 1. Показать всё: --all" in lines
    assert "Показать всё" not in "\n".join(await desk.looks(paths, Asked(everything=True)))


async def test_next_year_the_same_pupils_move_up(desk: ListDesk) -> None:
    desk.hands.at += timedelta(days=300)
    lines = await desk.looks([desk.file("pupils.csv", {**SIGNED, "Класс": "6А"})])
    assert "  Королёва Алёна Игоревна (5А (2026/27)): класс: 5А (2026/27) → 6А с 01.09.2027" in lines
    assert lines[1:4] == ["", "Новые классы: 1", "  6А"]
    assert lines[0].startswith("Школа 1. ")


async def test_a_clash_names_both_lines_the_day_and_how_often(desk: ListDesk) -> None:
    other = {**STAFF, "Имя": "Вера", "Дата рождения": "", "Классное руководство": "", "Эл. почта": "v@example.org"}
    lesson = {**LESSON, "Класс": "5Б", "Учитель": "Семёнова В. П.", "Предмет": "химия"}
    paths = [desk.file("staff.csv", STAFF, other), desk.file("timetable.csv", LESSON, lesson)]
    with pytest.raises(OfficeError) as refusal:
        await desk.looks(paths)
    both, nothing = str(refusal.value).splitlines()
    lessons = ("математика, 5А (08:30–09:10)", "химия, 5Б (08:30–09:10)")
    line = r"timetable\.csv, строка [23]"
    said = rf"{line}; {line}: 01\.09\.2026, кабинет 21: два урока одновременно: .* и .*\. Таких дней в году: 53\."
    assert re.fullmatch(said, both), both
    assert all(one in both for one in lessons)
    assert nothing == "Ничего не загружено: исправьте файлы и повторите."
    paths = [paths[0], desk.file("timetable.csv", lesson)]
    with pytest.raises(
        OfficeError, match=r"^timetable\.csv, строка 2 и урок, который уже есть в журнале: 01\.09\.2026, каб"
    ):
        await desk.looks(paths)
