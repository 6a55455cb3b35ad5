"""``make requirements``: how many requirements are tested, from the ``req`` marks of the tests that exist.

Without arguments a table by area. With areas or ids (``ATT``, ``ATT-08``) the state of each requirement and its tests,
or what it waits for; of the tables of deadlines and contradictions (``DL``, ``CONF-02``) the rules that answer them.
Exit code 1 if a mark names what no test may claim, or if the tests cannot be collected.
"""

import contextlib
import io
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import pytest

from scripts import rule_rows
from scripts.catalogue import Catalogue, Requirement, State, load

STATES = tuple(State)


class Marks:
    """A pytest plugin that notes which tests carry which requirement; skipped-for-good tests prove nothing."""

    def __init__(self) -> None:
        self.tests: defaultdict[str, list[str]] = defaultdict(list)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Note the ids of every collected test."""
        for item in items:
            if item.get_closest_marker("skip") is not None:
                continue
            name = item.nodeid.partition("[")[0]
            for mark in item.iter_markers("req"):
                for requirement in mark.args:
                    if name not in self.tests[requirement]:
                        self.tests[requirement].append(name)


def collect(arguments: Sequence[str] = ()) -> tuple[Mapping[str, Sequence[str]], str]:
    """Collect the tests without running them; return tests by requirement, and pytest's complaint if it had one."""
    marks = Marks()
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = pytest.main(["--collect-only", "-q", *arguments], plugins=[marks])
    fine = (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    # What was collected fills thousands of lines before the complaint.
    return marks.tests, "" if code in fine else said.getvalue().rpartition("= ERRORS =")[2].lstrip("= ")


def table(catalogue: Catalogue, tests: Mapping[str, object]) -> str:
    """Lay out the counts of each state by area and in all."""
    counts: defaultdict[str, Counter[State]] = defaultdict(Counter)
    for requirement in catalogue.requirements.values():
        counts[requirement.area][catalogue.state(requirement, tests)] += 1
    counts["total"] = sum(counts.values(), Counter())
    lines = [_line("area", STATES, "all")]
    lines += [_line(area, [by[state] for state in STATES], by.total()) for area, by in counts.items()]
    return "\n".join(lines)


def _line(name: str, cells: Sequence[object], last: object) -> str:
    return f"{name:<8}" + "".join(f"{cell!s:>16}" for cell in cells) + f"{last!s:>8}"


def details(catalogue: Catalogue, tests: Mapping[str, Sequence[str]], wanted: Sequence[str]) -> str:
    """List the wanted areas or ids: state, sentence, tests (or why there can be none, or what it waits for)."""
    lines: list[str] = []
    for requirement in _wanted(catalogue, wanted):
        state = catalogue.state(requirement, tests)
        lines += [f"{requirement.id:<10}{state:<16}{requirement.sentence}"]
        lines += [f"{'':<26}{name}" for name in tests.get(requirement.id, ())]
        if state is State.NOT_TESTABLE:
            lines += [f"{'':<26}({catalogue.not_testable[requirement.id]})"]
        if state is State.NO_TEST and (later := catalogue.later.get(requirement.id)) is not None:
            lines += [f"{'':<26}(waits for {later.work}: {later.missing})"]
    return "\n".join(lines)


def _wanted(catalogue: Catalogue, wanted: Sequence[str]) -> list[Requirement]:
    return [row for row in catalogue.requirements.values() if row.area in wanted or row.id in wanted]


def main(arguments: Sequence[str]) -> int:
    """Print the report; return the exit code."""
    catalogue = load()
    areas = {row.area for row in catalogue.requirements.values()} | catalogue.requirements.keys()
    of_rules = rule_rows.TABLES.keys() | rule_rows.subjects().keys()
    if unknown := [word for word in arguments if word not in areas | of_rules]:
        print(f"make requirements: no area or requirement is called {', '.join(unknown)}", file=sys.stderr)
        return 1
    if rules := rule_rows.listed(arguments):
        print(rules)
    if arguments and areas.isdisjoint(arguments):
        return 0
    tests, complaint = collect()
    if complaint:
        print(f"{complaint}\nmake requirements: the tests cannot be collected, see above", file=sys.stderr)
        return 1
    print(details(catalogue, tests, arguments) if arguments else table(catalogue, tests))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
