"""Rows of the tables DL and CONF: no requirements, but deadlines and contradictions that a rule of a school answers."""

from collections.abc import Sequence
from pathlib import Path

from core.rule_book.model import KEPT_ELSEWHERE, SchoolRules, rule_of
from scripts.catalogue import FOLDER, rows_of

TABLES = {"DL": ("deadlines.csv", "what"), "CONF": ("contradictions.csv", "subject")}


def subjects(folder: Path = FOLDER) -> dict[str, str]:
    """Return what each row is about."""
    return {row["id"]: row[column] for name, column in TABLES.values() for row in rows_of(folder / name)}


def listed(wanted: Sequence[str]) -> str:
    """List the wanted tables or rows: what each is about, and the rules of a school that answer it."""
    lines: list[str] = []
    for row, subject in subjects().items():
        if row in wanted or row.partition("-")[0] in wanted:
            lines += [f"{row:<10}{'rule':<16}{subject}", *(f"{'':<26}{answer}" for answer in _answers(row))]
    return "\n".join(lines)


def _answers(row: str) -> list[str]:
    names = [name for name in SchoolRules.model_fields if row in rule_of(name).rows]
    return [*names, *([f"({KEPT_ELSEWHERE[row]})"] if row in KEPT_ELSEWHERE else [])]
