"""The school's lists at the command line: written into a file that the office opens, and may bring in again."""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4

from core.actor import OFFICE, Act
from core.lists import exporting
from core.lists.exporting import Exported, ListKind
from core.roster_file.writing import Table, to_csv, to_xlsx
from core.school import schools
from texts.reader import load
from zvonok.installation import Installation
from zvonok.trouble import OfficeError

_SAY = load("ru").format
ENDINGS = (".csv", ".xlsx")
KIND_COLUMN = 1
"""Of a book of orders: what happened."""
ONLY_OWN = 0o600
"""Lists of people are read by whoever took them out, and by nobody else of the machine."""
SHEETS: Mapping[ListKind, str] = MappingProxyType({kind: _SAY(f"export-list-{kind.value}") for kind in ListKind})


def check_target(path: Path, *, overwrite: bool) -> None:
    """Look whether a list may be written there. Raises ``OfficeError``."""
    if path.suffix.casefold() not in ENDINGS:
        raise OfficeError(_SAY("export-ending", path=str(path)))
    if path.exists() and not overwrite:
        raise OfficeError(_SAY("export-there", path=str(path)))
    if not path.absolute().parent.is_dir():
        raise OfficeError(_SAY("export-no-folder", folder=str(path.absolute().parent)))


async def export(here: Installation, school_name: str | None, kind: ListKind, path: Path) -> list[str]:
    """Write a list into a file. Raises ``OfficeError``."""
    async with here.journal() as database, database.begin() as session:
        school = await schools.find(session, school_name)
        act = Act(OFFICE, here.school_clock.now(), f"export:{uuid4()}")
        exported = await exporting.export(session, act, school, kind)
        # Before the commit: a list that could not be written was not taken out.
        write_private(path, _bytes(path, kind, _in_words(kind, exported.table)))
    return _told(kind, path, exported)


def write_private(path: Path, data: bytes) -> None:
    """Write all of a file or none of it, for nobody else of the machine to read. Raises ``OfficeError``."""
    half = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, ONLY_OWN), "wb") as file:
            file.write(data)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise OfficeError(_SAY("export-shut", path=str(path), error=type(error).__name__)) from None


def _told(kind: ListKind, path: Path, exported: Exported) -> list[str]:
    said = _SAY("export-written", list=SHEETS[kind], path=str(path), rows=exported.rows)
    return [said, *([_SAY("export-left-out", count=exported.left_out)] if exported.left_out else [])]


def _in_words(kind: ListKind, table: Table) -> Table:
    """Put the words of the school in place of our names for what happened to a pupil."""
    if kind is not ListKind.MOVEMENT:
        return table
    header, *rows = table
    return (
        header,
        *((*row[:KIND_COLUMN], _SAY(f"movement-kind-{row[KIND_COLUMN]}"), *row[KIND_COLUMN + 1 :]) for row in rows),
    )


def _bytes(path: Path, kind: ListKind, table: Table) -> bytes:
    return to_csv(table) if path.suffix.casefold() == ".csv" else to_xlsx({SHEETS[kind]: table})
