"""The catalogue of requirements is whole, and its counts are those that its page states."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from scripts import catalogue, marks, requirements
from scripts.catalogue import State

WHOLE = catalogue.load()
PAGE = (catalogue.FOLDER / "README.md").read_text(encoding="utf-8")
HOMES = ("core", "gateway", "bot", "web", "report", "ops", "external", "organisational")


def stated() -> dict[str, list[int]]:
    """Read the page's table: by area (and in all) the number of entries, then of each home."""
    rows = re.findall(r"^\| \**(\w+)[^|]*\|((?:[ *\d]*\|){9})$", PAGE, re.MULTILINE)
    return {area: [int(cell.strip(" *") or 0) for cell in cells.split("|")[:-1]] for area, cells in rows}


def counted() -> dict[str, list[int]]:
    homes = Counter((row.area, row.home) for row in WHOLE.requirements.values())
    areas = dict.fromkeys(row.area for row in WHOLE.requirements.values())
    return {area: [sum(by), *by] for area in areas for by in [[homes[area, home] for home in HOMES]]}


def test_the_catalogue_is_as_long_as_its_page_says() -> None:
    table = stated()
    total = table.pop("requirements")
    assert counted() == table
    assert total == [385, 178, 25, 7, 26, 70, 16, 19, 44]
    assert [sum(column) for column in zip(*table.values(), strict=True)] == total


def test_requirements_are_numbered_without_gaps() -> None:
    by_area = Counter(row.area for row in WHOLE.requirements.values())
    expected = [f"{area}-{number:02}" for area, size in by_area.items() for number in range(1, size + 1)]
    assert list(WHOLE.requirements) == expected


def test_every_requirement_is_a_sentence_with_a_source() -> None:
    rows = WHOLE.requirements.values()
    assert [row.id for row in rows if not (row.sentence.endswith((".", ")", "*")) and row.source)] == []


def test_only_what_stands_in_the_list_is_not_testable() -> None:
    states = Counter(WHOLE.state(row, {}) for row in WHOLE.requirements.values())
    assert states == {State.NO_TEST: 326, State.DUTY: 44, State.NOT_TESTABLE: 15}


def test_the_report_counts_tested_requirements() -> None:
    lines = requirements.table(WHOLE, {"ATT-08": ["tests/a.py::test_a"], "MSG-07": []}).splitlines()
    rows = {line.split()[0]: [int(word) for word in line.split()[1:]] for line in lines[1:]}
    assert rows["ATT"] == [1, 17, 0, 0, 18]
    assert rows["total"] == [2, 324, 44, 15, 385]


def test_the_report_lists_an_area_with_its_tests() -> None:
    text = requirements.details(WHOLE, {"ATT-08": ["tests/a.py::test_a"]}, ["ATT", "GEN-01"])
    lines = text.splitlines()
    assert sum(line.startswith("ATT-") for line in lines) == 18
    at = next(number for number, line in enumerate(lines) if line.startswith("ATT-08    tested"))
    assert lines[at + 1].strip() == "tests/a.py::test_a"
    assert lines[1].strip() == "(definition of a term)"


def test_an_area_that_does_not_exist_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert requirements.main(["ATT", "ATTT"]) == 1
    assert "no area or requirement is called ATTT" in capsys.readouterr().err


def test_of_a_contradiction_the_report_names_the_rules_that_answer_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert requirements.main(["CONF-02", "CONF-25"]) == 0
    first, rule, second, elsewhere = capsys.readouterr().out.splitlines()
    assert first == "CONF-02   rule            who records absence and causes"
    assert rule.strip() == "class_teacher_sets_absence"
    assert second == "CONF-25   rule            data entry"
    assert elsewhere.strip().startswith("(who enters data is a matter of rights")


@pytest.mark.parametrize(
    ("rows", "untestable", "later", "complaint"),
    [
        ("A-01,x,y,core\nA-01,x,y,core\n", "", "", "stands twice"),
        ("A-01,x,y,core\n", "A-02,why\n", "", "not-testable.csv: unknown"),
        ("A-01,x,y,core\n", "", "A-02,reports,figures\n", "later.csv: unknown"),
    ],
)
def test_a_broken_catalogue_is_refused(tmp_path: Path, rows: str, untestable: str, later: str, complaint: str) -> None:
    (tmp_path / "catalogue.csv").write_text(f"id,sentence,source,tag\n{rows}")
    (tmp_path / "not-testable.csv").write_text(f"id,reason\n{untestable}")
    (tmp_path / "later.csv").write_text(f"id,work,missing\n{later}")
    with pytest.raises(ValueError, match=complaint):
        catalogue.load(tmp_path)


type Marked = dict[str, None]


@pytest.fixture(scope="module")
def marked() -> Marked:
    """Ids that tests carry."""
    return dict.fromkeys(marks.marked())


def test_what_has_no_test_in_a_built_area_is_said_to_wait_for_something(marked: Marked) -> None:
    assert WHOLE.unexplained(marked) == [], "needs a test, or a line in docs/reference/requirements/later.csv"
    assert all(one.work and one.missing for one in WHOLE.later.values())


def test_nothing_is_said_to_wait_that_is_tested_or_never_will_be(marked: Marked) -> None:
    assert WHOLE.over(marked) == [], "these may leave docs/reference/requirements/later.csv"


def test_every_built_area_is_one() -> None:
    known = {row.area for row in WHOLE.requirements.values()} | WHOLE.requirements.keys()
    assert known >= catalogue.BUILT


def test_both_omissions_are_found(marked: Marked) -> None:
    (waiting, *_) = WHOLE.later
    bare = replace(WHOLE, later={one: later for one, later in WHOLE.later.items() if one != waiting})
    assert bare.unexplained(marked) == [waiting]
    assert bare.unexplained({**marked, waiting: None}) == []
    assert WHOLE.over({**marked, waiting: None}) == [waiting]
    assert replace(WHOLE, not_testable={waiting: "never"}).over({}) == [waiting]


def test_the_report_says_what_a_requirement_waits_for() -> None:
    later = WHOLE.later["ROLE-07"]
    first, second = requirements.details(WHOLE, {}, ["ROLE-07"]).splitlines()
    assert first.startswith("ROLE-07   no test")
    assert second.strip() == f"(waits for {later.work}: {later.missing})"
    assert "waits for" not in requirements.details(WHOLE, {"ROLE-07": ["a.py::test_a"]}, ["ROLE-07"])


def test_marks_are_read_from_the_source(tmp_path: Path) -> None:
    (tmp_path / "test_a.py").write_text(
        "import pytest\nTABLE: dict[str, int] = {'A-02': 1, 'A-03': 2}\n"
        "@pytest.mark.req('A-01', 'B-01')\ndef test_a(): pass\n"
        "@pytest.mark.parametrize('x', [pytest.param(one, marks=pytest.mark.req(one)) for one in TABLE])\n"
        "def test_b(x): \"@pytest.mark.req('C-01')\"\n"
    )
    assert marks.marked(tmp_path) == {"A-01", "A-02", "A-03", "B-01"}
    (tmp_path / "test_b.py").write_text("import pytest\n@pytest.mark.req(*ids())\ndef test_a(): pass\n")
    with pytest.raises(ValueError, match=r"test_b\.py:2: the ids of this mark"):
        marks.marked(tmp_path)
