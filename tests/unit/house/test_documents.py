"""The documents hold together: links lead somewhere, both languages say the same, states are the code's."""

import re
from pathlib import Path

import pytest

from gateway.states import State
from tests.unit.house import tree

PAGES = sorted([*tree.ROOT.glob("*.md"), *(tree.ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\[[^\]]+\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def name(page: Path) -> str:
    return page.relative_to(tree.ROOT).as_posix()


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as they are made from their words."""
    headings = re.findall(r"^#+ (.+)$", BLOCK.sub("", page.read_text(encoding="utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page: Path) -> list[str]:
    found = []
    for target in LINK.findall(BLOCK.sub("", page.read_text(encoding="utf-8"))):
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if "://" in target or (there.exists() and (not anchor or anchor in anchors(there))):
            continue
        found.append(target)
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One page\n[a](#one-page) [b](other.md) [c](#two) [d](https://example.org)\n```\n[e](f)\n```\n")
    assert broken(page) == ["other.md", "#two"]


@pytest.mark.parametrize("page", [page for page in PAGES if page.name.endswith(".ru.md")], ids=name)
def test_a_page_in_two_languages_gives_the_same_commands(page: Path) -> None:
    """Words in a command may be translated (file names are); its program and its first word may not."""
    other = page.with_name(page.name.replace(".ru.md", ".md"))
    ours, theirs = (
        [line.split()[:2] for block in BLOCK.findall(text.read_text(encoding="utf-8")) for line in block.splitlines()]
        for text in (page, other)
    )
    assert ours == theirs
    assert f"({other.name})" in page.read_text(encoding="utf-8")
    assert f"({page.name})" in other.read_text(encoding="utf-8")


def test_the_house_shows_every_state_of_a_delivery() -> None:
    house = (tree.ROOT / "docs" / "explanation" / "house.md").read_text(encoding="utf-8")
    states = house.split("## States of a delivery", 1)[1].split("\n## ", 1)[0]
    assert [state.value for state in State if not re.search(rf"\b{state.value}\b", states)] == []


def test_every_decision_is_listed() -> None:
    folder = tree.ROOT / "docs" / "adr"
    listed = set(LINK.findall((folder / "README.md").read_text(encoding="utf-8")))
    assert {page.name for page in folder.glob("0*.md")} == listed
