"""Prints at the end what tests have measured: ``record_property("figure", "…")``; from workers, too."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the figures, in their own order."""
    reports = [report for many in terminalreporter.stats.values() for report in many]
    measured = [one for one in reports if isinstance(one, pytest.TestReport) and one.when == "call"]
    figures = [str(value) for one in measured for name, value in one.user_properties if name == "figure"]
    if figures:
        terminalreporter.section("figures")
        for figure in sorted(figures):
            terminalreporter.line(figure)
