"""For any roster and any garbage: what was written is read back, and nothing ever raises."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.roster_file import (
    ClassTitle,
    GuardianCells,
    LessonRow,
    NamedBytes,
    Place,
    PupilRow,
    Relation,
    RosterErrors,
    RosterFiles,
    StaffRow,
    Weekday,
)
from core.roster_file.writing import Table, lessons_table, pupils_table, staff_table, to_csv, to_xlsx
from core.russian import FullName
from tests.unit.roster_tables import PUPIL, STAFF, TODAY, csv_text, good, matrix, raw_parts, raw_row, read, told, zipped

FEW = settings(max_examples=50, deadline=None)
MANY = settings(max_examples=1_500, deadline=None)
NOWHERE: Final = Place("")
LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
ENCODINGS = ("utf-8", "utf-8-sig", "cp1251", "utf-16")


def word(shortest: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS, min_size=shortest, max_size=8).map(str.capitalize)


NAMES = st.builds(FullName, word(1) | word(1).map(lambda one: f"{one}-Ёлкина"), word(2), st.just("") | word(2))
PAPER_DAYS = st.dates(date(2000, 1, 1), TODAY)
ADULT_DAYS = st.dates(date(1950, 1, 1), date(2005, 1, 1))
CLASSES = st.builds(ClassTitle, st.integers(1, 11), st.just("") | st.sampled_from(LETTERS.upper()))
TEXTS = (
    st.text(LETTERS + "АБВ «»\";,'№.()123-", min_size=1, max_size=20)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: bool(text) and not text.startswith(("-", "=", "+", "@")))
)
SUBJECTS = st.text(LETTERS, min_size=7, max_size=12) | st.just("основы безопасности и защиты Родины")
MAILBOXES = st.builds(
    lambda local, dot, domain: f"{local}{dot}@{domain}",
    st.text("abcXYZ019_", min_size=1, max_size=8),
    st.sampled_from(("", ".a", "+a", "-1.b")),
    st.sampled_from(("example.org", "a.test", "xn--80ak6aa92e.test")),
)
MAIL = st.one_of(st.just((None, None)), st.tuples(MAILBOXES, st.none()), st.tuples(MAILBOXES, PAPER_DAYS))
"""An address with or without its verification, or none."""
GUARDIANS = st.builds(
    lambda name, born, relation, mail, consent: GuardianCells(name, born, relation, mail[0], mail[1], consent),
    NAMES,
    st.none() | ADULT_DAYS,
    st.sampled_from(Relation),
    MAIL,
    st.none() | PAPER_DAYS,
)
STAFF_ROWS = st.builds(
    lambda name, born, position, mail: StaffRow(NOWHERE, name, born, position, None, mail[0], mail[1]),
    NAMES,
    st.none() | ADULT_DAYS,
    TEXTS,
    MAIL,
)
PUPILS = st.tuples(NAMES, st.integers(0, 364), st.lists(GUARDIANS, min_size=1, max_size=2))
LESSONS = st.tuples(
    st.sampled_from(Weekday),
    NAMES,
    st.lists(st.integers(7 * 60, 20 * 60 - 1), min_size=2, max_size=5, unique=True),
    SUBJECTS,
    st.none() | TEXTS,
)


def marked(name: FullName, number: int) -> FullName:
    """Make names of different numbers different."""
    return replace(name, surname=f"{name.surname}-{''.join(LETTERS[int(digit)] for digit in str(number))}")


def pupil_row(number: int, school_class: ClassTitle, drawn: tuple[FullName, int, list[GuardianCells]]) -> PupilRow:
    name, day, adults = drawn
    born = date(TODAY.year - 7 - school_class.grade, 1, 1) + timedelta(days=day)
    guardians = tuple(replace(adult, name=marked(adult.name, number * 10 + one)) for one, adult in enumerate(adults))
    return PupilRow(NOWHERE, school_class, marked(name, number), born, guardians)


def lesson_rows(
    number: int, school_class: ClassTitle, drawn: tuple[Weekday, FullName, list[int], str, str | None]
) -> list[LessonRow]:
    """Lessons of one class, with a teacher who teaches in no other and bells that follow one another."""
    weekday, teacher, minutes, subject, room = drawn
    bells = [time(*divmod(minute, 60)) for minute in sorted(minutes)]
    name = marked(teacher, number).in_full()
    return [
        LessonRow(NOWHERE, school_class, weekday, index, start, end, subject, name, room)
        for index, (start, end) in enumerate(pairwise(bells))
    ]


@st.composite
def rosters(draw: st.DrawFn) -> RosterFiles:
    classes = draw(st.lists(CLASSES, min_size=1, max_size=3, unique=True))
    staff = [draw(STAFF_ROWS) for _ in range(len(classes) + 1)]
    titles = (*classes, None)
    pupils = [pupil_row(number, title, draw(PUPILS)) for number, title in enumerate(classes)]
    lessons = [row for number, title in enumerate(classes) for row in lesson_rows(number, title, draw(LESSONS))]
    return RosterFiles(
        tuple(
            replace(row, name=marked(row.name, number), class_teacher_of=titles[number])
            for number, row in enumerate(staff)
        ),
        tuple(pupils),
        tuple(lessons),
    )


def tables(roster: RosterFiles) -> Mapping[str, Table]:
    return {
        "Сотрудники": staff_table(roster.staff),
        "Ученики": pupils_table(roster.pupils),
        "Расписание": lessons_table(roster.lessons),
    }


def is_read_back(roster: RosterFiles, *files: NamedBytes) -> None:
    result = good(read(*files))
    assert (result.staff, result.pupils, result.lessons) == (roster.staff, roster.pupils, roster.lessons)
    for rows in (result.staff, result.pupils, result.lessons):
        assert [row.place.line for row in rows] == list(range(2, len(rows) + 2))


@st.composite
def csv_cases(draw: st.DrawFn) -> tuple[RosterFiles, list[NamedBytes]]:
    """A roster, and its tables as CSV in some dialect, their columns in any order."""
    roster = draw(rosters())
    delimiter, newline = draw(st.sampled_from(";,\t")), draw(st.sampled_from(("\n", "\r\n")))
    encoding = draw(st.sampled_from(ENCODINGS))
    files = []
    for name, table in tables(roster).items():
        order = draw(st.permutations(range(len(table[0]))))
        shuffled = tuple(tuple(row[column] for column in order) for row in table)
        files.append(NamedBytes(name, to_csv(shuffled, delimiter=delimiter, encoding=encoding, newline=newline)))
    return roster, files


@FEW
@given(csv_cases())
def test_any_roster_survives_csv(case: tuple[RosterFiles, list[NamedBytes]]) -> None:
    is_read_back(case[0], *case[1])


@FEW
@given(rosters())
def test_any_roster_survives_xlsx(roster: RosterFiles) -> None:
    is_read_back(roster, NamedBytes("книга.xlsx", to_xlsx(tables(roster))))


@pytest.mark.deep
@pytest.mark.timeout(3600)
@MANY
@given(csv_cases())
def test_very_many_rosters_survive_csv(case: tuple[RosterFiles, list[NamedBytes]]) -> None:
    is_read_back(case[0], *case[1])


@pytest.mark.deep
@pytest.mark.timeout(3600)
@MANY
@given(rosters())
def test_very_many_rosters_survive_xlsx(roster: RosterFiles) -> None:
    is_read_back(roster, NamedBytes("книга.xlsx", to_xlsx(tables(roster))))


BEGINNINGS = (
    b"",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    csv_text(matrix(PUPIL)).encode(),
    csv_text(matrix(PUPIL)).encode("cp1251"),
    csv_text(matrix(STAFF), "\t").encode("utf-16"),
)
SMALL_PARTS = raw_parts(
    "".join(raw_row(number, row) for number, row in enumerate(matrix(STAFF), start=1)),
    after='<mergeCells><mergeCell ref="A2:A3"/></mergeCells>',
    strings="<si><t>а</t></si>",
    styles='<cellXfs><xf numFmtId="14"/></cellXfs>',
)
SMALL_BOOK = zipped(SMALL_PARTS)
SNIPPETS = (
    b"<c>",
    b"</c>",
    b"<v>",
    b"</row>",
    b'<c t="s">',
    b"<!DOCTYPE a>",
    b"&#0;",
    b"&a;",
    b"9" * 5_000,
    b"_x0000_",
    b"A0",
)


def never_raises(data: bytes) -> None:
    """Whatever the bytes, the answer is rows or reasons in words."""
    result = read(NamedBytes("f", data))
    assert not isinstance(result, RosterErrors) or result.errors
    assert all(told(result)), told(result)


@st.composite
def mutilated(draw: st.DrawFn, source: bytes) -> bytes:
    """Some bytes changed, cut out or put in."""
    data = bytearray(source)
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(len(data) - 1, 0)))
        length = draw(st.integers(0, 12))
        data[at : at + length] = draw(st.binary(max_size=6) | st.sampled_from(SNIPPETS))
    return bytes(data)


@st.composite
def books_of_mutilated_parts(draw: st.DrawFn) -> bytes:
    """A sound archive around an unsound part."""
    name = draw(st.sampled_from(sorted(SMALL_PARTS)))
    return zipped({**SMALL_PARTS, name: draw(mutilated(SMALL_PARTS[name].encode()))})


GARBAGE: Mapping[str, Callable[[], st.SearchStrategy[bytes]]] = {
    "bytes": lambda: st.builds(bytes.__add__, st.sampled_from(BEGINNINGS), st.binary(max_size=200)),
    "letters": lambda: st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass")),
    "archives": lambda: mutilated(SMALL_BOOK),
    "parts": books_of_mutilated_parts,
    "tables": lambda: st.sampled_from(BEGINNINGS[-3:]).flatmap(mutilated),
}


@pytest.mark.parametrize("kind", GARBAGE)
@FEW
@given(st.data())
def test_no_garbage_raises(kind: str, data: st.DataObject) -> None:
    never_raises(data.draw(GARBAGE[kind]()))


@pytest.mark.deep
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("kind", GARBAGE)
@MANY
@given(st.data())
def test_very_much_garbage_raises_nothing(kind: str, data: st.DataObject) -> None:
    never_raises(data.draw(GARBAGE[kind]()))
