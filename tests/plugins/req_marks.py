"""Stops the run if a ``req`` mark names a requirement that does not exist, or that no test can check."""

import pytest

from scripts.catalogue import load


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Compare every mark with the catalogue; raise ``pytest.UsageError``, which pytest prints as its only line."""
    catalogue = load()
    refused = [
        f"{item.nodeid}: {refusal}"
        for item in items
        for mark in item.iter_markers("req")
        for refusal in catalogue.refusals(mark.args)
    ]
    if refused:
        raise pytest.UsageError("\n".join(refused))
