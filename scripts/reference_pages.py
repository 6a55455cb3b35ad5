"""Writes the reference pages that are made from the code: commands, events, error codes, states, settings, rules."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from scripts import settings_page
from scripts.pages import command_line, errors, events, http_api, school_rules, states

FOLDER = Path(__file__).parents[1] / "docs" / "reference"
PAGES: Mapping[str, Callable[[], str]] = {
    "api.md": http_api.page,
    "command-line.md": command_line.page,
    "events.md": events.page,
    "errors.md": errors.page,
    "states.md": states.page,
    "settings.md": settings_page.page,
    "school-rules.md": school_rules.page,
}


def stale(folder: Path = FOLDER) -> list[str]:
    """Return the pages that do not say what the code says."""
    paths = {name: folder / name for name in PAGES}
    return [name for name, path in paths.items() if not path.exists() or path.read_text("utf-8") != PAGES[name]()]


def main(folder: Path = FOLDER) -> int:
    """Write the pages that are stale and name them; the exit code is 0."""
    for name in stale(folder):
        (folder / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"written: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
