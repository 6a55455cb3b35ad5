"""XLSX books: what Excel, other programs and enemies put into them."""

import io
import struct
import time
import zipfile
from datetime import date, datetime
from datetime import time as clock

import pytest
import python_calamine
import xlsxwriter

from core.roster_file import ClassTitle, Code, Limits, NamedBytes, NoticeCode
from core.roster_file.cells import Cell, RawTable
from core.roster_file.rows import DEFAULT_LIMITS
from core.roster_file.xlsx_book import read_xlsx
from core.roster_file.xlsx_numbers import Shape, shape_of_format
from tests.unit.roster_tables import (
    LESSON,
    PUPIL,
    STAFF,
    bad,
    good,
    matrix,
    raw_book,
    raw_parts,
    raw_row,
    read,
    relations,
    told,
    zipped,
)
from zvonok.demo.sample_school import FOLDER, XLSX_FILE

SECONDS = 20
"""Far more than any hostile file may take here."""


def table(file: NamedBytes) -> RawTable:
    """Read the only sheet of a book."""
    return read_xlsx(file.data, DEFAULT_LIMITS).tables[0]


def cells(rows: str, **parts: str) -> list[tuple[Cell, ...]]:
    """Read the cells of hand-written rows."""
    return [row.cells for row in table(raw_book(rows, **parts)).rows]


def test_real_dates_and_times_of_a_book() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    pupils, lessons = book.add_worksheet("Ученики"), book.add_worksheet("Уроки")
    day, hour = book.add_format({"num_format": "d mmmm yyyy;@"}), book.add_format({"num_format": "[$-419]h:mm"})
    for line, row in enumerate(matrix({**PUPIL, "Класс": "5"})):
        for column, value in enumerate(row):
            pupils.write_string(line + 3, column + 1, value)
    pupils.write_datetime(4, 5, date(2015, 5, 7), day)
    pupils.write_number(4, 1, 5)
    for line, row in enumerate(matrix({**LESSON, "Класс": "5"})):
        for column, value in enumerate(row):
            lessons.write_string(line, column, value)
    lessons.write_number(1, 1, 2)
    lessons.write_number(1, 2, 3)
    lessons.write_datetime(1, 3, clock(10, 15), hour)
    lessons.write_datetime(1, 4, datetime(2026, 9, 1, 10, 55), hour)  # noqa: DTZ001 - a spreadsheet's date has no zone
    lessons.write_number(1, 7, 21)
    book.close()
    result = good(read(NamedBytes("b.xlsx", stream.getvalue())))
    pupil, lesson = result.pupils[0], result.lessons[0]
    assert (pupil.birth_date, pupil.school_class, str(pupil.place)) == (
        date(2015, 5, 7),
        ClassTitle(5),
        "b.xlsx:Ученики:5",
    )
    assert (lesson.weekday, lesson.number, lesson.starts_at, lesson.ends_at, lesson.room) == (
        2,
        3,
        clock(10, 15),
        clock(10, 55),
        "21",
    )


def test_bells_ring_on_the_minute() -> None:
    header, values = matrix(LESSON)
    row = raw_row(2, values).replace('<c t="inlineStr"><is><t>8:30</t></is></c>', '<c s="2"><v>0.35451</v></c>')
    result = read(raw_book(raw_row(1, header) + row, styles=STYLES))
    assert [(error.code, error.place.column) for error in bad(result)] == [(Code.BAD_TIME, "Начало")]


def test_merged_cells_hold_their_value_everywhere() -> None:
    """A class beside all its pupils, and a header of two rows: «Родитель 1» above «фамилия»."""
    upper = ["Класс", "Фамилия", "Имя", "Дата рождения", "Родитель 1", "", "", "", "", ""]
    lower = ["", "", "", "", "фамилия", "имя", "кем приходится", "эл. почта", "почта подтверждена", "согласие от"]
    adult = ["Зорина", "Анна", "мать", "z@example.org", "01.09.2026", "01.09.2026"]
    rows = [upper, lower, ["5А", "Зорин", "Глеб", "07.05.2015", *adult], ["", "Зорина", "Вера", "07.05.2015", *adult]]
    merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:J1", "A3:A4"))
    body = "".join(raw_row(number, row) for number, row in enumerate(rows, start=1))
    result = good(read(raw_book(body, after=f"<mergeCells>{merged}</mergeCells>")))
    assert [(row.name.given, row.school_class, row.guardians[0].name.surname) for row in result.pupils] == [
        ("Глеб", ClassTitle(5, "А"), "Зорина"),
        ("Вера", ClassTitle(5, "А"), "Зорина"),
    ]


def test_sheets_that_are_none_of_ours_are_told_and_left() -> None:
    parts = raw_parts("".join(raw_row(number, row) for number, row in enumerate(matrix(STAFF), start=1)))
    parts["xl/workbook.xml"] = (
        '<workbook xmlns:r="r"><sheets><sheet name="Сотрудники" r:id="r1"/><sheet name="Справка" r:id="r2"/>'
        '<sheet name="Черновик" state="hidden" r:id="r3"/><sheet name="Пустой" r:id="r4"/>'
        '<sheet name="График" r:id="r5"/></sheets></workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = relations(
        ("worksheet", "worksheets/sheet1.xml"),
        ("worksheet", "help.xml"),
        ("worksheet", "worksheets/sheet1.xml"),
        ("worksheet", "empty.xml"),
        ("chartsheet", "chart.xml"),
    )
    parts["xl/help.xml"] = f"<worksheet><sheetData>{raw_row(1, ['Как заполнять'])}</sheetData></worksheet>"
    parts["xl/empty.xml"] = "<worksheet><sheetData/></worksheet>"
    result = good(read(NamedBytes("b.xlsx", zipped(parts))))
    assert [(notice.place.sheet, notice.code) for notice in result.notices] == [
        ("Черновик", NoticeCode.SHEET_HIDDEN),
        ("Справка", NoticeCode.SHEET_SKIPPED),
    ]
    assert told(result)[0] == "b.xlsx, лист «Черновик»: лист скрыт и пропущен."
    assert len(result.staff) == 1


def test_texts_of_every_kind() -> None:
    strings = (
        "<si><t>простой</t></si><si><r><t>Коро</t></r><r><t>лёва</t></r><rPh><t>пхо</t></rPh></si>"
        "<si><t>две_x000a_строки</t></si><si/>"
    )
    row = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v> 2 </v></c><c t="s"><v>3</v></c>'
        '<c t="inlineStr"><is><r><t>в </t></r><r><t>ячейке</t></r></is></c>'
        '<c t="str"><f>A1&amp;B1</f><v>итог</v></c><c t="b"><v>1</v></c><c t="b"><v>0</v></c>'
        '<c t="d"><v>2015-05-07</v></c></row>'
    )
    assert cells(row, strings=strings) == [
        ("простой", "Королёва", "две\nстроки", "", "в ячейке", "итог", "ИСТИНА", "ЛОЖЬ", "2015-05-07")
    ]


def test_rows_and_cells_may_leave_out_their_places() -> None:
    rows = '<row><c><v>1</v></c></row><row r="7"><c r="C7"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    found = table(raw_book(rows)).rows
    assert [(row.line, row.cells) for row in found] == [(1, (1.0,)), (7, ("", "", 2.0, 3.0)), (8, (4.0,))]


STYLES = (
    '<numFmts><numFmt numFmtId="164" formatCode="dd\\.mm\\.yyyy"/></numFmts>'
    '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="22"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("serial", "style", "value"),
    [
        ("42131", 0, 42131.0),
        ("42131", 1, date(2015, 5, 7)),
        ("42131.0", 1, date(2015, 5, 7)),
        ("1", 1, date(1900, 1, 1)),
        ("61", 1, date(1900, 3, 1)),
        ("2958465", 1, date(9999, 12, 31)),
        ("0.354166666666667", 2, clock(8, 30)),
        ("42131.354166666664", 2, clock(8, 30)),
        ("42131.5", 3, datetime(2015, 5, 7, 12, 0)),  # noqa: DTZ001 - a spreadsheet's date has no zone
        ("0.5", 3, clock(12, 0)),
        ("42131", 99, 42131.0),
    ],
)
def test_serial_numbers(serial: str, style: int, value: Cell) -> None:
    assert cells(f'<row><c s="{style}"><v>{serial}</v></c></row>', styles=STYLES) == [(value,)]


def test_dates_counted_from_1904() -> None:
    parts = raw_parts('<row><c s="1"><v>40669</v></c></row>', styles=STYLES)
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    assert read_xlsx(zipped(parts), DEFAULT_LIMITS).tables[0].rows[0].cells == (date(2015, 5, 7),)


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        ("General", Shape.NUMBER),
        ("0.00", Shape.NUMBER),
        ('0" дней"', Shape.NUMBER),
        ("0.00E+00", Shape.NUMBER),
        ("[Red]0;[Yellow]-0", Shape.NUMBER),
        ("#,##0\\ [$сом-440]", Shape.NUMBER),
        ("dd.mm.yyyy", Shape.DATE),
        ("[$-F800]dddd, mmmm dd, yyyy", Shape.DATE),
        ("mmmm", Shape.DATE),
        ("DD/MM/YY hh:mm", Shape.DATE),
        ("h:mm;@", Shape.TIME),
        ("[h]:mm:ss", Shape.TIME),
        ("[$-419]h:mm", Shape.TIME),
        ("mm:ss", Shape.TIME),
    ],
)
def test_what_a_format_shows(code: str, shape: Shape) -> None:
    assert shape_of_format(164, code) is shape


def test_both_dialects_and_odd_names_of_parts() -> None:
    """Strict OOXML has other namespaces; some programs write backslashes, other capitals and absolute targets."""
    strict = "http://purl.oclc.org/ooxml"
    parts = {
        "_rels\\.rels": relations(("officeDocument", "/XL/Workbook.xml")).replace(
            "http://schemas.openxmlformats.org", strict
        ),
        "xl/workbook.xml": f'<x:workbook xmlns:x="{strict}" xmlns:r="{strict}/r"><x:sheets>'
        '<x:sheet name="1" r:id="r1"/></x:sheets></x:workbook>',
        "xl/_rels/Workbook.xml.rels": relations(("worksheet", "/xl/worksheets/../One.xml")),
        "XL\\one.xml": '<x:worksheet xmlns:x="s"><x:sheetData><x:row><x:c><x:v>5</x:v></x:c></x:row></x:sheetData>'
        "</x:worksheet>",
    }
    assert read_xlsx(zipped(parts), DEFAULT_LIMITS).tables[0].rows[0].cells == (5.0,)


def test_the_sample_book_is_read_as_an_independent_reader_reads_it() -> None:
    data = (FOLDER / XLSX_FILE).read_bytes()
    theirs = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    for ours in read_xlsx(data, DEFAULT_LIMITS).tables:
        assert ours.sheet is not None
        rows = theirs.get_sheet_by_name(ours.sheet).to_python(skip_empty_area=False)
        width = max(len(row) for row in rows)
        assert [row.line for row in ours.rows] == list(range(1, len(rows) + 1))
        assert [[*row.cells, *[""] * (width - len(row.cells))] for row in ours.rows] == rows


# --- What an enemy, or an accident, puts into a book --------------------------------------------------------------


def refused(file: NamedBytes, limits: Limits = DEFAULT_LIMITS) -> Code:
    """Return why the file was refused; it must not have taken long."""
    started = time.monotonic()
    errors = bad(read(file, limits=limits))
    assert time.monotonic() - started < SECONDS
    assert all(told(read(file, limits=limits)))
    return errors[0].code


def test_two_cells_in_opposite_corners_take_no_memory() -> None:
    """5 kB of file; a reader that returns a rectangle asks for half a terabyte and takes the process with it."""
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="BL1048576"><v>2</v></c></row>'
    assert [row.line for row in table(raw_book(rows)).rows] == [1, 1048576]
    assert refused(raw_book(rows.replace("BL1048576", "XFD1048576"))) is Code.TOO_MANY_COLUMNS


def test_a_book_of_empty_styled_cells_is_no_large_book() -> None:
    styled = "".join(f'<row r="{line}"><c r="XFD{line}" s="1"/></row>' for line in range(3, 1000))
    rows = "".join(raw_row(number, row) for number, row in enumerate(matrix(STAFF), start=1))
    assert len(good(read(raw_book(rows + styled))).staff) == 1


def test_one_long_text_in_very_many_cells_is_one_text() -> None:
    strings = f"<si><t>{'я' * 1_000_000}</t></si>"
    rows = f"<row>{'<c t="s"><v>0</v></c>' * 60}</row>" * 2_000
    found = table(raw_book(rows, strings=strings)).rows
    assert len({id(cell) for row in found for cell in row.cells}) == 1
    text = found[0].cells[0]
    assert isinstance(text, str)
    assert len(text) == DEFAULT_LIMITS.cell_characters + 1


def test_a_text_cut_at_the_limit_is_refused_and_never_shortened() -> None:
    escaped = "_x0041_" * 500  # 3,500 letters that mean 500
    body = raw_row(1, ["Фамилия", "Имя", "Должность"]) + raw_row(2, ["Ким", "Вера", escaped])
    assert refused(raw_book(body)) is Code.CELL_TOO_LONG


def test_a_number_format_without_end() -> None:
    started = time.monotonic()
    own = f'<numFmts><numFmt numFmtId="164" formatCode="{"[" * 1_000_000}"/></numFmts>'
    styles = f'{own}<cellXfs><xf numFmtId="164"/></cellXfs>'
    assert cells("<row><c><v>1</v></c></row>", styles=styles) == [(1.0,)]
    assert time.monotonic() - started < SECONDS


def test_merged_areas_without_end() -> None:
    areas = '<mergeCell ref="A1:XFD1048576"/>' * 500
    rows = "".join(raw_row(number, ["1", "2"]) for number in range(1, 5_001))
    assert refused(raw_book(rows, after=areas)) is Code.TOO_MANY_ROWS
    upside_down = '<mergeCell ref="B2:A1"/><mergeCell ref="x"/><mergeCell ref="A0:B9999999"/>'
    assert len(table(raw_book(rows, after=upside_down)).rows) == 5_000


def test_more_elements_than_any_table_needs() -> None:
    table(raw_book(f"<row>{'<c/>' * 1_900}</row>"))
    assert refused(raw_book(f"<row>{'<c/>' * 2_000}</row>"), Limits(elements=1_999)) is Code.TOO_MANY_ROWS


def test_a_bomb_is_refused_by_what_it_declares() -> None:
    parts: dict[str, str | bytes] = {**raw_parts(""), "xl/worksheets/sheet1.xml": b" " * (200 * 1024 * 1024 + 1)}
    data = zipped(parts)
    assert len(data) < 300_000
    assert refused(NamedBytes("bomb.xlsx", data)) is Code.UNPACKED_TOO_LARGE


def lying(data: bytes, name: bytes, size: int) -> bytes:
    """Make the archive declare another unpacked size of a part, in its directory and before the part."""
    changed = bytearray(data)
    for signature, offset, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = -1
        while (at := data.find(signature, at + 1)) >= 0:
            if data[at + name_at : at + name_at + len(name)] == name:
                changed[at + offset : at + offset + 4] = struct.pack("<I", size)
    return bytes(changed)


def test_a_bomb_that_declares_little_is_refused_by_what_comes_out() -> None:
    name = "xl/worksheets/sheet1.xml"
    honest = zipped({**raw_parts(""), name: b" " * 5_000_000})
    assert refused(NamedBytes("bomb.xlsx", lying(honest, name.encode(), 10))) is Code.DAMAGED
    small = Limits(unpacked_bytes=1_000_000)
    assert refused(NamedBytes("bomb.xlsx", honest), small) is Code.UNPACKED_TOO_LARGE


def test_one_part_read_a_hundred_times_counts_a_hundred_times() -> None:
    parts = raw_parts(f"<row><c><v>{' ' * 100_000}1</v></c></row>")
    sheets = "".join(f'<sheet name="{number}" r:id="r1"/>' for number in range(100))
    parts["xl/workbook.xml"] = f'<workbook xmlns:r="r"><sheets>{sheets}</sheets></workbook>'
    small = Limits(unpacked_bytes=1_000_000)
    assert refused(NamedBytes("b.xlsx", zipped(parts)), small) is Code.UNPACKED_TOO_LARGE


def test_an_archive_of_too_many_parts() -> None:
    data = zipped({**raw_parts(""), **{f"{number}": "" for number in range(2_001)}}, zipfile.ZIP_STORED)
    assert refused(NamedBytes("b.xlsx", data)) is Code.UNPACKED_TOO_LARGE


LAUGHS = '<!DOCTYPE a [<!ENTITY b "смешно"><!ENTITY c "&b;&b;&b;">]><worksheet><sheetData>&c;</sheetData></worksheet>'
OUTSIDE = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><worksheet/>'


@pytest.mark.parametrize(
    "sheet",
    [LAUGHS, OUTSIDE, "<worksheet>", "нет", '<?xml version="1.0" encoding="cp1251x"?><a/>', "<a>&nothing;</a>"],
)
def test_a_sheet_that_is_no_plain_xml(sheet: str) -> None:
    data = zipped({**raw_parts(""), "xl/worksheets/sheet1.xml": sheet})
    assert refused(NamedBytes("b.xlsx", data)) is Code.DAMAGED


@pytest.mark.parametrize(
    "parts",
    [
        {"xl/workbook.xml": '<workbook xmlns:r="r"><sheet name="a" r:id="r1"/><sheet name="a" r:id="r1"/></workbook>'},
        {"xl/_rels/workbook.xml.rels": relations(("worksheet", "../../../../etc/passwd"))},
        {"xl/_rels/workbook.xml.rels": relations(("worksheet", "nowhere.xml"))},
        {"xl/worksheets/sheet1.xml": '<a><row><c t="s"><v>7</v></c></row></a>'},
        {"xl/worksheets/sheet1.xml": f'<a><row><c t="s"><v>{"9" * 5_000}</v></c></row></a>'},
    ],
    ids=["same names", "outside", "nowhere", "no such string", "a very large number"],
)
def test_parts_that_do_not_fit_together(parts: dict[str, str]) -> None:
    assert refused(NamedBytes("b.xlsx", zipped({**raw_parts(""), **parts}))) is Code.DAMAGED


def test_archives_that_no_spreadsheet_program_writes() -> None:
    good_parts = raw_parts(raw_row(1, ["а"]))
    assert refused(NamedBytes("b.xlsx", zipped(good_parts, zipfile.ZIP_BZIP2))) is Code.DAMAGED
    encrypted = bytearray(zipped(good_parts))
    at = encrypted.find(b"PK\x01\x02")
    encrypted[at + 8] |= 1
    assert refused(NamedBytes("b.xlsx", bytes(encrypted))) is Code.ENCRYPTED
    twice = zipped({"a": "1", "b": "2"}).replace(b"b", b"a")
    assert len(zipfile.ZipFile(io.BytesIO(twice)).namelist()) == 2
    assert refused(NamedBytes("b.xlsx", twice)) is Code.DAMAGED


def test_a_hundred_megabytes_are_refused_unread() -> None:
    started = time.monotonic()
    assert refused(NamedBytes("b.xlsx", bytes(100 * 1024 * 1024))) is Code.FILE_TOO_LARGE
    assert time.monotonic() - started < 1
