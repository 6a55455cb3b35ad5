"""The page of settings is what the settings say, and says something of each."""

from scripts.settings_page import PAGE, page


def test_the_page_is_made_from_the_settings() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def test_no_setting_goes_unexplained() -> None:
    rows = [line for line in page().splitlines() if line.startswith("| `ZVONOK_")]
    assert len(rows) > 20
    assert [row for row in rows if row.endswith("|  |")] == []
