"""Skips tests whose Debian package is missing, loudly; under ``CI=true`` every skip is a failure."""

import os
from collections.abc import Generator

import pytest

from scripts.debian_packages import Need


def strict() -> bool:
    """Whether this run may skip nothing."""
    return os.environ.get("CI", "").lower() in {"true", "1"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a program that is not here."""
    for item in items:
        for mark in item.iter_markers("debian"):
            need = Need(*mark.args)
            if need.missing:
                item.add_marker(pytest.mark.skip(reason=f"needs the Debian package {need.package}"))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let no test be skipped under CI; an expected failure is not a skip."""
    report = yield
    _refuse(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Let no whole module be skipped under CI."""
    report = yield
    _refuse(report)
    return report


def _refuse(report: pytest.TestReport | pytest.CollectReport) -> None:
    if strict() and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and CI=true allows no skip: {_reason(report)}"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    skip = report.longrepr
    return skip[2].removeprefix("Skipped: ") if isinstance(skip, tuple) else str(skip)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None]:
    """Say in one loud line what was skipped, as the last thing before the closing line."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        reasons = "; ".join(sorted({_reason(report) for report in skipped}))
        terminalreporter.write_line(f"!!! {len(skipped)} TESTS WERE SKIPPED: {reasons}", red=True, bold=True)
