"""The catalogue of requirements (docs/reference/requirements) and the state of each requirement."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference" / "requirements"
ORGANISATIONAL = "organisational"


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
class Catalogue:
    """All requirements in their order, and the reasons why some of them cannot be tested."""

    requirements: Mapping[str, Requirement]
    not_testable: Mapping[str, str]

    def state(self, requirement: Requirement, marked: Mapping[str, object]) -> State:
        """Return the state of a requirement, given the ids that tests are marked with."""
        if requirement.id in marked:
            return State.TESTED
        if requirement.home == ORGANISATIONAL:
            return State.DUTY
        return State.NOT_TESTABLE if requirement.id in self.not_testable else State.NO_TEST

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
    """Read the catalogue; raise ``ValueError`` if an id stands twice or a not testable one is unknown."""
    rows = [Requirement(**row) for row in _rows(folder / "catalogue.csv")]
    requirements = {row.id: row for row in rows}
    if len(requirements) != len(rows):
        raise ValueError(f"{folder}/catalogue.csv: an id stands twice")
    not_testable = {row["id"]: row["reason"] for row in _rows(folder / "not-testable.csv")}
    if unknown := not_testable.keys() - requirements.keys():
        raise ValueError(f"{folder}/not-testable.csv: unknown {sorted(unknown)}")
    return Catalogue(requirements, not_testable)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
