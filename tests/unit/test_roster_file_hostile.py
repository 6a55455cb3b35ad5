"""Files that mean harm, or were saved badly: refused in one sentence, or read right; nothing runs."""

import tracemalloc
import zipfile
from io import BytesIO

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from core.roster_file import Code, NamedBytes, RosterErrors
from core.roster_file.fields import parse_text, shielded
from tests.unit.roster_tables import STAFF, csv_text, good, matrix, read

MEGABYTE = 1024 * 1024
STAFF_CSV = csv_text(matrix(STAFF))


def codes(name: str, data: bytes) -> list[Code]:
    """Read a file that must be refused; return why."""
    result = read(NamedBytes(name, data))
    assert isinstance(result, RosterErrors)
    return [error.code for error in result.errors]


def with_position(text: str) -> bytes:
    """Write one employee whose position is this text."""
    return csv_text(matrix({**STAFF, "Должность": text})).encode()


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x.example";"счёт")', "+7 900", "-2+3", "@SUM(A1)", "\t=1+1"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused(text: str) -> None:
    assert codes("staff.csv", with_position(text)) == [Code.FORMULA]


@pytest.mark.parametrize("text", ["'=HYPERLINK(1)", "'+7 900", "'@SUM(A1)", "''=1"])
def test_a_shielded_text_is_read_as_it_was(text: str) -> None:
    assert good(read(NamedBytes("staff.csv", with_position(text)))).staff[0].position == text[1:]


@given(st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20))
def test_whatever_is_shielded_is_read_as_it_was(text: str) -> None:
    shown = shielded(text)
    assert not shown.startswith(("=", "+", "-", "@"))
    assert parse_text(shown) == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251", "utf-16"])
def test_every_encoding_that_offices_save_in_is_read(encoding: str) -> None:
    assert good(read(NamedBytes("staff.csv", STAFF_CSV.encode(encoding)))).staff[0].name.surname == "Семёнова"


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "mac-cyrillic", "utf-16-be", "utf-32"])
def test_another_encoding_is_refused_and_never_read_as_garbage(encoding: str) -> None:
    found = codes("staff.csv", STAFF_CSV.encode(encoding))
    assert found in ([Code.UNKNOWN_TABLE], [Code.BAD_ENCODING], [Code.NUL_BYTES], [Code.NOT_A_TABLE])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.EMPTY_FILE),
        (b" \n\n ", Code.EMPTY_FILE),
        (b"\xef\xbb\xbf", Code.EMPTY_FILE),
        (STAFF_CSV.encode().replace("учитель".encode(), b"\x00"), Code.NUL_BYTES),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), Code.ENCRYPTED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "VBA".encode("utf-16-le"), Code.OLD_EXCEL),
        (b"PK\x03\x04" + bytes(100), Code.DAMAGED),
    ],
    ids=["nothing", "blanks", "a byte order mark", "NUL", "a password", "an old book with macros", "half an archive"],
)
def test_what_is_no_table_is_told_apart(data: bytes, code: Code) -> None:
    assert codes("file.csv", data) == [code]


def book(sheet_xml: bytes | None = None, *, macros: bool = False) -> bytes:
    """Write a book of one sheet as a spreadsheet program does; with other XML in place of the sheet, or with macros."""
    stream = BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = made.add_worksheet("Сотрудники")
    for line, row in enumerate(matrix(STAFF)):
        sheet.write_row(line, 0, row)
    made.close()
    if sheet_xml is None and not macros:
        return stream.getvalue()
    changed = BytesIO()
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "xl/worksheets/sheet1.xml" and sheet_xml is not None:
                part = sheet_xml
            if name == "[Content_Types].xml" and macros:
                part = part.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
            target.writestr(name, part)
        if macros:
            target.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 Sub Auto_Open() Shell calc")
    return changed.getvalue()


def test_a_book_with_macros_is_read_and_its_macros_are_nobody_s_business() -> None:
    assert (
        good(read(NamedBytes("staff.xlsm", book(macros=True)))).staff == good(read(NamedBytes("a.xlsx", book()))).staff
    )


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol">%s]><worksheet>
<sheetData><row><c t="str"><v>&j;</v></c></row></sheetData></worksheet>""" % b"".join(
    b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("k"))
)


@pytest.mark.parametrize(
    "xml",
    [
        LAUGHS,
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet>&x;</worksheet>',
        b'<?xml version="1.0"?><!DOCTYPE a PUBLIC "x" "http://127.0.0.1:9/x.dtd"><worksheet/>',
    ],
    ids=["a billion laughs", "a file of the machine", "an address outside"],
)
def test_entities_are_neither_grown_nor_fetched(xml: bytes) -> None:
    assert codes("staff.xlsx", book(xml)) == [Code.DAMAGED]


def test_a_zip_bomb_is_refused_before_it_unpacks() -> None:
    bomb = book(b"<worksheet>" + b" " * (201 * MEGABYTE) + b"</worksheet>")
    assert len(bomb) < MEGABYTE
    tracemalloc.start()
    try:
        assert codes("staff.xlsx", bomb) == [Code.UNPACKED_TOO_LARGE]
        assert tracemalloc.get_traced_memory()[1] < 5 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_merged_cells_have_their_value_in_every_row() -> None:
    stream = BytesIO()
    made = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = made.add_worksheet("Расписание")
    sheet.write_row(0, 0, ["Класс", "День недели", "Урок", "Предмет", "Учитель"])
    for line, name in enumerate(("алгебра", "геометрия", "химия"), 1):
        sheet.write_row(line, 2, [str(line), name, "Семёнова Ольга Петровна"])
    sheet.merge_range(1, 0, 3, 0, "5А")
    sheet.merge_range(1, 1, 3, 1, "вторник")
    made.close()
    lessons = good(read(NamedBytes("t.xlsx", stream.getvalue()))).lessons
    assert [(str(row.school_class), row.weekday.name, row.number) for row in lessons] == [
        ("5А", "TUESDAY", number) for number in (1, 2, 3)
    ]
