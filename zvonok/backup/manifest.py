"""What a backup says of itself, and the order in which it says it.

A manifest; then each table in the manifest's order: its name, its rows as the text of ``COPY``, its tally; then the
end. Frames are a letter, a length and that many bytes, compressed together before they are sealed.
"""

from datetime import date, datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from zvonok.backup.tally import Tally

FORMAT: Literal[1] = 1
MANIFEST, TABLE, ROWS, TALLY, END = b"M", b"T", b"R", b"C", b"Z"


class _Stated(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Table(_Stated):
    """One table or one month's partition, and the columns that are copied."""

    room: str
    name: str
    columns: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.room}.{self.name}"


class Counting(_Stated):
    """A column that numbers its rows by itself, and the last number that was given."""

    room: str
    table: str
    column: str
    last: int | None


class Shape(_Stated):
    """How a database is built, as far as a backup must know."""

    tables: tuple[Table, ...]
    countings: tuple[Counting, ...]
    months: tuple[date, ...]
    """First days of the months whose partitions are there."""


class Manifest(_Stated):
    """The head of a backup."""

    format: Literal[1]
    migration: str
    snapshot_at: AwareDatetime
    server: str
    secret_salt: str
    secret_mark: str
    """By which it is known, without either secret, whether an installation's secret is the one of this backup."""
    shape: Shape


class Counted(_Stated):
    """A table's tally, as a frame."""

    rows: int
    digest: str

    def tally(self) -> Tally:
        """Return it as a value."""
        return Tally(self.rows, self.digest)


type Tallies = dict[str, Tally]
"""Table → what it holds."""


def stamp(at: datetime) -> str:
    """Return a moment for the name of a file: UTC, so that names sort by time."""
    return f"{at:%Y%m%d-%H%M%S}"
