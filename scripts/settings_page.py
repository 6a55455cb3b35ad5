"""Writes ``docs/reference/settings.md`` from the settings themselves, so that the page cannot lie."""

import ast
import inspect
from itertools import pairwise
from pathlib import Path

from pydantic_core import PydanticUndefined

from zvonok import settings
from zvonok.settings import Settings

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "settings.md"
HEAD = """# Settings

Read from the environment and from `.env`. Made by `python -m scripts.settings_page`; do not edit by hand.

| variable | default | meaning |
|---|---|---|
"""


def page() -> str:
    """Return the page: a row for each field, its meaning from the line below it in the code."""
    meanings = _meanings()
    rows = [
        f"| `ZVONOK_{name.upper()}` | {_default(field.default)} | {meanings.get(name, '')} |"
        for name, field in Settings.model_fields.items()
    ]
    return HEAD + "\n".join(rows) + "\n"


def _default(value: object) -> str:
    return "none" if value is None or value is PydanticUndefined else f"`{value}`"


def _meanings() -> dict[str, str]:
    """Read the text under each field of the class."""
    tree = ast.parse(inspect.getsource(settings))
    body = next(node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Settings")
    found: dict[str, str] = {}
    for field, text in pairwise(body):
        if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
            continue
        if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
            found[field.target.id] = " ".join(str(text.value.value).split())
    return found


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
