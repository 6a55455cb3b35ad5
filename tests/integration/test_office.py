"""The office at the command line: readable answers, everything or nothing."""

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from pypdfium2 import PdfDocument
from sqlalchemy import URL
from sqlalchemy.exc import DBAPIError

from core.account import accounts
from core.account.accounts import CodeKeeper, Linked, LinkOffer, MessengerAccount
from core.database import Database
from core.events import Channel, SchoolSettings
from core.refusals import Invalid, NotFound
from core.school import schools
from core.school_time import MachineClock
from tests.integration.core_world import DAY, Hands, Watch, listening, refused
from tests.unit.roster_tables import LESSON, PUPIL, STAFF, csv_text, matrix
from zvonok import office
from zvonok.installation import Installation
from zvonok.office import NewSchool, WhoGetsCodes
from zvonok.secret import Secret
from zvonok.settings import Settings
from zvonok.trouble import OfficeError

NEW = NewSchool("Школа 1", "private", "Asia/Yekaterinburg")
KNOWN = NewSchool(None, None, None)
SIGNED = {**PUPIL, "Родитель 2: согласие от": "29.08.2026"}
CODE = re.compile(r"([2-9A-Z]{5})-([2-9A-Z]{5})  ")


class Desk:
    """The office's desk: a folder of files and the installation."""

    def __init__(self, url: URL, folder: Path) -> None:
        self.hands = Hands()
        self.watch = Watch(url)
        self.folder = folder
        settings = Settings(data=folder, database_url=None)
        secret = Secret(b"the secret of these tests, of thirty-two bytes")
        self.here = Installation(settings, url, secret, self.hands.clock, MachineClock())

    def file(self, name: str, *rows: Mapping[str, str]) -> Path:
        path = self.folder / name
        path.write_text(csv_text(matrix(*rows)), encoding="utf-8")
        return path

    def files(self, **changed: Mapping[str, str]) -> list[Path]:
        rows = {"staff": STAFF, "pupils": SIGNED, "timetable": LESSON} | changed
        return [self.file(f"{name}.csv", row) for name, row in rows.items()]

    async def imports(self, paths: list[Path], school: NewSchool = NEW) -> list[str]:
        return await office.import_files(self.here, paths, school)

    async def fails(self, paths: list[Path], school: NewSchool = NEW) -> str:
        """Import what must be refused; everything must stay as it was. Returns the words."""
        before = await self.watch.everything()
        with pytest.raises(OfficeError) as refusal:
            await self.imports(paths, school)
        assert await self.watch.everything() == before
        return str(refusal.value)

    async def codes(
        self, *, title: str | None = None, person: str | None = None, staff: bool = False, school: str | None = None
    ) -> list[str]:
        return await office.codes(self.here, school, WhoGetsCodes(title, person, staff=staff))


@pytest.fixture
def desk(database_url: URL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(database_url, tmp_path)


async def test_a_new_school_comes_in_with_its_files_and_its_lessons_are_open(desk: Desk) -> None:
    lines = await desk.imports(desk.files())
    assert lines[1:] == [line for line in lines[1:] if line.startswith("Номер загрузки: ")]
    assert lines[:1] == [
        (
            "Школа 1. Новых учеников: 1, сотрудников: 1, связей с родителями: 2, адресов: 2."
            " Уроков в недельном расписании: 1. Без изменений строк: 0."
        )
    ]
    assert await desk.watch.value("SELECT array_agg(day) FROM core.lesson") == [DAY]
    again = await desk.imports(desk.files(), KNOWN)
    assert "Новых учеников: 0, сотрудников: 0, связей с родителями: 0, адресов: 0." in again[0]
    assert again[0].endswith("Без изменений строк: 4.")


async def test_a_new_school_needs_name_kind_and_zone(desk: Desk) -> None:
    for new in (KNOWN, NewSchool("Школа 1", None, None), NewSchool("Школа 1", "private", None)):
        words = await desk.fails(desk.files(), new)
        assert words == "Школы ещё нет. Чтобы завести её, укажите --school, --kind и --zone."


async def test_a_zone_that_is_not_there_brings_in_nothing(desk: Desk) -> None:
    before = await desk.watch.everything()
    doing = desk.imports(desk.files(), NewSchool("Школа 1", "private", "Europe/Moskow"))
    assert await refused(doing) == (Invalid, "school-zone-unknown")
    assert await desk.watch.everything() == before


async def test_every_bad_line_is_named_and_nothing_is_brought_in(desk: Desk) -> None:
    bad = [PUPIL, {**PUPIL, "Имя": "Лев", "Дата рождения": "31.02.2015"}, {**PUPIL, "Имя": "Ян", "Класс": "пятый"}]
    paths = [*desk.files(), desk.file("pupils.csv", *bad)]
    lines = (await desk.fails([paths[0], paths[2], paths[3]])).splitlines()
    assert lines == [
        "pupils.csv, строка 3, столбец «Дата рождения»: «31.02.2015»: такой даты нет.",
        "pupils.csv, строка 4, столбец «Класс»: «пятый» — не класс. Пишите так: 5А или 11Б.",
        "Ничего не загружено: исправьте файлы и повторите.",
    ]


async def test_a_known_school_is_untouched_by_a_half_broken_file(desk: Desk) -> None:
    await desk.imports(desk.files())
    new = {**PUPIL, "Имя": "Лев", "Дата рождения": "01.06.2015"}
    words = await desk.fails([desk.file("pupils.csv", new, {**new, "Имя": ""})], KNOWN)
    assert "pupils.csv, строка 3, столбец «Имя»" in words


async def test_an_unknown_teacher_is_named_with_his_line(desk: Desk) -> None:
    lines = (await desk.fails(desk.files(timetable={**LESSON, "Учитель": "Щукин Иван Иванович"}))).splitlines()
    assert lines == [
        "timetable.csv, строка 2: Щукин Иван Иванович: в списке сотрудников такого человека нет.",
        "Ничего не загружено: исправьте файлы и повторите.",
    ]


async def test_all_errors_of_all_files_are_named_at_once(desk: Desk) -> None:
    wrong = {"pupils": {**SIGNED, "Дата рождения": "31.02.2015"}, "timetable": {**LESSON, "Учитель": "Щукин И. И."}}
    lines = (await desk.fails(desk.files(**wrong))).splitlines()
    assert lines == [
        "pupils.csv, строка 2, столбец «Дата рождения»: «31.02.2015»: такой даты нет.",
        "timetable.csv, строка 2: Щукин И. И.: в списке сотрудников такого человека нет.",
        "Ничего не загружено: исправьте файлы и повторите.",
    ]
    wrong["staff"] = {**STAFF, "Должность": ""}
    assert "Щукин" not in await desk.fails(desk.files(**wrong)), "he may be the one whose line is wrong"


async def test_what_is_said_otherwise_of_a_known_school_is_refused(desk: Desk) -> None:
    await desk.imports(desk.files())
    assert NEW.name is not None
    for zone in ("Europe/Moskva", "Asia/Omsk"):
        words = await desk.fails(desk.files(), NewSchool(NEW.name, None, zone))
        assert words.startswith(f"{NEW.name}: школа уже заведена, её часовой пояс — {NEW.zone}, а не «{zone}».")
    assert "её вид — частная, а не муниципальная" in await desk.fails(
        desk.files(), NewSchool(NEW.name, "municipal", NEW.zone)
    )
    await desk.imports(desk.files(), NEW)


async def test_more_errors_than_can_be_read_are_counted(desk: Desk) -> None:
    bad = [{**PUPIL, "Имя": f"Имя{number}"} for number in range(221)]
    lines = (await desk.fails([desk.file("pupils.csv", *bad)])).splitlines()
    assert len(lines) == 202
    assert lines[-2] == "И ещё 21 ошибка."


@pytest.mark.parametrize("name", ["nobody.csv", "folder"])
async def test_a_file_that_cannot_be_opened_is_named_in_russian(desk: Desk, name: str) -> None:
    (desk.folder / "folder").mkdir()
    words = await desk.fails([desk.folder / name])
    assert re.search("[а-я]{4}", words)
    assert str(desk.folder / name) in words
    assert not re.search(r"[A-Za-z]{4,} [a-z]{2,}", words.replace(str(desk.folder), ""))


async def test_a_file_of_rubbish_is_refused_in_a_sentence(desk: Desk) -> None:
    path = desk.folder / "photo.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert (await desk.fails([path])).startswith("photo.csv: это картинка, а не таблица.")


async def test_notices_are_shown_beside_the_result(desk: Desk) -> None:
    lines = await desk.imports(desk.files(pupils={**PUPIL, "Группа здоровья": "1"}))
    words = "столбец «Группа здоровья» не читается: такого заголовка мы не знаем."
    assert lines[0] == f"pupils.csv, строка 1: {words}"
    assert [line.split(":")[0] for line in lines[1:]] == ["Школа 1. Новых учеников", "Номер загрузки"]


async def test_several_schools_need_a_name(desk: Desk) -> None:
    await desk.imports(desk.files())
    await desk.imports(desk.files(), NewSchool("Школа 2", "branch", "Asia/Kamchatka"))
    assert await refused(desk.imports(desk.files(), KNOWN)) == (Invalid, "school-name-needed")
    assert await refused(desk.codes(staff=True)) == (Invalid, "school-name-needed")
    assert await refused(desk.codes(staff=True, school="Школа 3")) == (NotFound, "school-unknown")
    assert len(await desk.codes(staff=True, school="Школа 2")) == 1


async def test_codes_of_a_class_are_lines_to_hand_out(desk: Desk) -> None:
    await desk.imports(desk.files())
    lines = await desk.codes(title="5а")
    until = DAY + timedelta(days=30)
    assert [CODE.sub("", line) for line in lines] == [
        f"Королёва Анна Юрьевна — 5А, Королёва Алёна  (до {until:%d.%m.%Y})",
        f"Щеглов Игорь — 5А, Королёва Алёна  (до {until:%d.%m.%Y})",
    ]
    assert len({match.group() for line in lines if (match := CODE.match(line))}) == 2


async def test_a_printed_code_opens_what_it_should(desk: Desk, core_database: Database) -> None:
    await desk.imports(desk.files())
    (teacher,) = await desk.codes(staff=True)
    mother = next(line for line in await desk.codes(title="5А") if "Анна" in line)
    keeper: CodeKeeper = desk.here.secret.code_keeper()
    async with core_database.begin() as session:
        shown = [
            await accounts.show_code(
                session, keeper, MessengerAccount(Channel.TELEGRAM, line[:3]), line.split()[0], desk.hands.at
            )
            for line in (teacher, mother)
        ]
    assert isinstance(shown[0], Linked)
    assert shown[1] == LinkOffer(("5А, К. А.",))


async def test_a_code_for_one_person_by_name(desk: Desk) -> None:
    await desk.imports(desk.files())
    (line,) = await desk.codes(person="щеглов игорь")
    assert "Щеглов Игорь" in line
    before = await desk.watch.everything()
    for name in ("Щеглов", " ", "Щеглов Игорь Петрович", "Иванов Иван"):
        assert await refused(desk.codes(person=name)) == (NotFound, "person-unknown")
    assert await refused(desk.codes(title="7Я")) == (NotFound, "class-unknown")
    assert await desk.watch.everything() == before


async def test_codes_for_nobody_are_no_codes(desk: Desk) -> None:
    await desk.imports(desk.files())
    with pytest.raises(OfficeError, match="Скажите, кому выдать коды"):
        await desk.codes()
    await desk.watch.rows("UPDATE core.guardianship SET until = $1", DAY - timedelta(days=1))
    with pytest.raises(OfficeError, match="Выдавать некому"):
        await desk.codes(title="5А")


async def test_a_class_of_last_year_is_not_the_one_of_this_year(desk: Desk) -> None:
    await desk.imports(desk.files())
    desk.hands.move(days=300)
    await desk.imports(
        desk.files(pupils={**SIGNED, "Имя": "Ева", "Родитель 1: имя": "Инна", "Родитель 2: имя": "Иван"})
    )
    lines = await desk.codes(title="5А")
    assert [CODE.sub("", line).split("  (")[0] for line in lines] == [
        "Королёва Инна Юрьевна — 5А, Королёва Ева",
        "Щеглов Иван — 5А, Королёва Ева",
    ]


async def test_another_name_than_the_known_school_is_questioned(desk: Desk) -> None:
    await desk.imports(desk.files())
    words = await desk.fails(desk.files(), NewSchool("Школа 2", None, None))
    assert words == "Школы «Школа 2» в журнале нет, есть «Школа 1». Если это новая школа, укажите ещё --kind и --zone."


async def test_settings_are_shown_and_changed(desk: Desk, core_database: Database) -> None:
    await desk.imports(desk.files())
    shown = await office.school_settings(desk.here, None, [])
    assert shown[:3] == [
        "Школа 1 (частная, Asia/Yekaterinburg)",
        "  undo_window_seconds = 60",
        '  allowed_channels = ["telegram", "max", "mail"]',
    ]
    assert [line.split()[0] for line in shown[1:]] == list(SchoolSettings.model_fields), "every one of them"
    changed = await office.school_settings(desk.here, None, ["undo_window_seconds=0", "allowed_channels=mail"])
    assert changed[1:3] == ["  undo_window_seconds = 0", '  allowed_channels = ["mail"]']
    assert await office.school_settings(desk.here, "Школа 1", []) == changed
    async with core_database.begin() as session:
        assert (await schools.find(session)).settings.undo_window_seconds == 0


@pytest.mark.parametrize(
    "change", ["undo_window_seconds=скоро", "undo_window_seconds=true", "undo_window=5", "allowed_channels=", "=5"]
)
async def test_a_setting_that_cannot_be_is_refused(desk: Desk, change: str) -> None:
    await desk.imports(desk.files())
    before = await desk.watch.everything()
    doing = office.school_settings(desk.here, None, ["undo_window_seconds=5", change])
    assert await refused(doing) == (Invalid, "school-setting-invalid")
    assert await desk.watch.everything() == before


async def test_a_change_without_a_value_is_explained(desk: Desk) -> None:
    await desk.imports(desk.files())
    with pytest.raises(OfficeError, match="нужен вид имя=значение"):
        await office.school_settings(desk.here, None, ["undo_window_seconds"])


async def test_the_bell_rings_for_what_the_office_did(desk: Desk) -> None:
    async with listening(desk.watch.url) as ear:
        await desk.imports(desk.files())
        assert await ear.caught_up() >= 1


async def sheets(desk: Desk, path: Path, **bots: str) -> list[str]:
    named = Installation(
        desk.here.settings.model_copy(update=bots), desk.here.url, desk.here.secret, desk.hands.clock, MachineClock()
    )
    return await office.codes(named, None, WhoGetsCodes("5А", None, staff=False), path)


@pytest.mark.req("AUTH-07")
async def test_codes_of_a_class_stand_on_sheets_to_hand_out_and_nowhere_else(desk: Desk) -> None:
    await desk.imports(desk.files())
    path = desk.folder / "письма.pdf"
    said = await sheets(desk, path, max_bot_name="school1_bot")
    assert "Листки в файле" in said[0] or "Листок в файле" in said[0]
    assert CODE.search("\n".join(said)) is None, "not on the screen as well"
    assert path.stat().st_mode & 0o777 == 0o600
    with PdfDocument(path) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
    code = re.search(r"\b([2-9A-Z]{5})-([2-9A-Z]{5})\b", text)
    assert code is not None
    keeper = desk.here.secret.code_keeper()
    kept = await desk.watch.value("SELECT count(*) FROM core.link_code WHERE code_hash = $1", keeper.hash(code[0]))
    assert kept == 1


async def test_no_sheets_stay_whose_codes_were_not_issued(desk: Desk) -> None:
    await desk.imports(desk.files())
    before = await desk.watch.everything()
    # The commit itself fails, when the file is there already.
    await desk.watch.rows("CREATE FUNCTION core.no() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'no'; END$$")
    await desk.watch.rows(
        "CREATE CONSTRAINT TRIGGER no AFTER INSERT ON core.link_code DEFERRABLE INITIALLY DEFERRED"
        " FOR EACH ROW EXECUTE FUNCTION core.no()"
    )
    with pytest.raises(DBAPIError):
        await sheets(desk, desk.folder / "письма.pdf", max_bot_name="school1_bot")
    assert await desk.watch.everything() == before
    assert list(desk.folder.glob("*письма*")) == []


async def test_no_code_is_issued_for_sheets_that_cannot_be_written(desk: Desk) -> None:
    await desk.imports(desk.files())
    await desk.codes(title="5А")
    before = await desk.watch.everything()
    there = desk.folder / "есть.pdf"
    there.write_bytes(b"old")
    for path, words in (
        (there, "уже есть"),
        (desk.folder / "письма.doc", "листки пишутся в PDF"),
        (desk.folder / "нет такой" / "письма.pdf", "Папки"),
    ):
        with pytest.raises(OfficeError, match=words):
            await sheets(desk, path, max_bot_name="school1_bot")
    with pytest.raises(OfficeError, match="ZVONOK_MAX_BOT_NAME"):
        await sheets(desk, desk.folder / "письма.pdf")
    assert there.read_bytes() == b"old"
    assert await desk.watch.everything() == before
    assert [path.name for path in desk.folder.glob("*.pdf")] == ["есть.pdf"]
