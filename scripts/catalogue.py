"""The catalogue of requirements (docs/reference/requirements) and the state of each requirement."""

import csv
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference" / "requirements"
ORGANISATIONAL = "organisational"
BUILT = frozenset(
    {"ROLE", "AUTH", "AUDIT", "CONS", "BACK", "YEAR", "TT", "ATT"}
    | {"GEN-09", "GEN-10", "GEN-13", "GEN-17", "GEN-27", "GEN-28", "GEN-29", "MON-21"}
)
"""Areas, and ids out of other areas, that are built: what has no test there waits for something that is named."""


class State(StrEnum):
    """What has become of a requirement; the values are printed."""

    TESTED = "tested"
    NO_TEST = "no test"
    DUTY = "duty of people"
    NOT_TESTABLE = "not testable"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One sentence of the catalogue."""

    id: str
    sentence: str
    source: str
    tag: str

    @property
    def area(self) -> str:
        """The letters before the number."""
        return self.id.partition("-")[0]

    @property
    def home(self) -> str:
        """The primary tag."""
        return self.tag.partition("+")[0]


@dataclass(frozen=True, slots=True)
class Later:
    """What a requirement of a built area still waits for."""

    id: str
    work: str
    """The later work that completes it."""
    missing: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All requirements in their order, why some of them cannot be tested, and what some of them wait for."""

    requirements: Mapping[str, Requirement]
    not_testable: Mapping[str, str]
    later: Mapping[str, Later]

    def state(self, requirement: Requirement, marked: Mapping[str, object]) -> State:
        """Return the state of a requirement, given the ids that tests are marked with."""
        if requirement.id in marked:
            return State.TESTED
        if requirement.home == ORGANISATIONAL:
            return State.DUTY
        return State.NOT_TESTABLE if requirement.id in self.not_testable else State.NO_TEST

    def unexplained(self, marked: Mapping[str, object], built: Container[str] = BUILT) -> list[str]:
        """Return the ids of built areas that have no test although nothing says what they wait for."""
        return [
            row.id
            for row in self.requirements.values()
            if (row.area in built or row.id in built)
            and self.state(row, marked) is State.NO_TEST
            and row.id not in self.later
        ]

    def over(self, marked: Mapping[str, object]) -> list[str]:
        """Return the ids that are said to wait for something and wait no more."""
        return [one for one in self.later if self.state(self.requirements[one], marked) is not State.NO_TEST]

    def refusals(self, marked: Iterable[str]) -> list[str]:
        """Say of each marked id that no test may claim why it may not; an empty list if all is well."""
        return [refusal for refusal in map(self._refusal, marked) if refusal]

    def _refusal(self, marked: str) -> str:
        requirement = self.requirements.get(marked)
        if requirement is None:
            return f"{marked}: no such requirement in docs/reference/requirements/catalogue.csv"
        if requirement.home == ORGANISATIONAL:
            return f"{marked}: a duty of people, which no test can check"
        if marked in self.not_testable:
            return f"{marked}: not testable ({self.not_testable[marked]})"
        return ""


def load(folder: Path = FOLDER) -> Catalogue:
    """Read the catalogue; raise ``ValueError`` if an id stands twice, or one of the other lists is unknown."""
    rows = [Requirement(**row) for row in rows_of(folder / "catalogue.csv")]
    requirements = {row.id: row for row in rows}
    if len(requirements) != len(rows):
        raise ValueError(f"{folder}/catalogue.csv: an id stands twice")
    not_testable = {row["id"]: row["reason"] for row in rows_of(folder / "not-testable.csv")}
    later = {row["id"]: Later(**row) for row in rows_of(folder / "later.csv")}
    for name, ids in (("not-testable", not_testable.keys()), ("later", later.keys())):
        if unknown := ids - requirements.keys():
            raise ValueError(f"{folder}/{name}.csv: unknown {sorted(unknown)}")
    return Catalogue(requirements, not_testable, later)


def rows_of(path: Path) -> list[dict[str, str]]:
    """Read a table of the catalogue."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
