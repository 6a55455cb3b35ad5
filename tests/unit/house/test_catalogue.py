"""The catalogue of requirements is whole, and its counts are those that its page states."""

import re
from collections import Counter
from pathlib import Path

import pytest

from scripts import catalogue, requirements
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


@pytest.mark.parametrize(
    ("rows", "untestable", "complaint"),
    [("A-01,x,y,core\nA-01,x,y,core\n", "", "stands twice"), ("A-01,x,y,core\n", "A-02,why\n", "unknown")],
)
def test_a_broken_catalogue_is_refused(tmp_path: Path, rows: str, untestable: str, complaint: str) -> None:
    (tmp_path / "catalogue.csv").write_text(f"id,sentence,source,tag\n{rows}")
    (tmp_path / "not-testable.csv").write_text(f"id,reason\n{untestable}")
    with pytest.raises(ValueError, match=complaint):
        catalogue.load(tmp_path)
