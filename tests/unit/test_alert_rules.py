"""The example alarms speak of what the gateway tells: every figure, label and value in them is there, and explained."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from core.events import Channel
from gateway.metrics import NAMESPACE, NONE, OTHER, OUTCOMES, SET_ASIDE, lane_name
from gateway.states import Lane
from tests.unit.test_gateway_metrics import FAMILIES, gauges, meter
from zvonok.reason_codes import REASONS

HOW_TO = Path(__file__).parents[2] / "docs" / "how-to"
RULES: list[dict[str, Any]] = [
    rule for group in yaml.safe_load((HOW_TO / "alerts.yml").read_text("utf-8"))["groups"] for rule in group["rules"]
]
VALUES = {
    "channel": {channel.value for channel in Channel},
    "lane": {lane_name(lane) for lane in Lane},
    "outcome": set(OUTCOMES),
    "reason": REASONS | set(SET_ASIDE) | {NONE, OTHER},
}
FIGURE = re.compile(rf"\b({NAMESPACE}_\w+)(?:\{{([^}}]*)\}})?")
SELECTOR = re.compile(r'(\w+)(=~|!~|!=|=)"([^"]*)"')


def figures() -> dict[str, set[str]]:
    """Return every figure with its labels, as a page tells them."""
    found: dict[str, set[str]] = {}
    counted = meter()
    counted.recorded("telegram", "deferred", "server-error")
    for family in text_string_to_metric_families(counted.page(gauges()).decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def faults(expression: str) -> Iterator[str]:
    """Name what an expression speaks of and no page tells."""
    known = figures()
    for name, selectors in FIGURE.findall(expression):
        if name not in known:
            yield name
            continue
        for label, operator, wanted in SELECTOR.findall(selectors):
            if label not in known[name]:
                yield f"{name}.{label}"
            values = wanted.split("|") if "~" in operator else [wanted]
            yield from (value for value in values if value not in VALUES.get(label, set()))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_speaks_of_what_there_is(rule: dict[str, Any]) -> None:
    assert list(faults(rule["expr"])) == []
    grouped = {label for labels in re.findall(r"by \(([^)]*)\)", rule["expr"]) for label in labels.split(", ")}
    assert grouped <= {*VALUES, "le"}
    said = set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"]))
    assert said <= grouped, "what is summed away cannot be told"
    assert rule["annotations"]["summary"].endswith(".")


@pytest.mark.parametrize(
    ("expression", "fault"),
    [
        ("zvonok_gateway_oldest_due_seconds > 1", "zvonok_gateway_oldest_due_seconds"),
        ('zvonok_gateway_outcomes_total{state="accepted"}', "zvonok_gateway_outcomes_total.state"),
        ('zvonok_gateway_outcomes_total{outcome="sent"}', "sent"),
        ('zvonok_gateway_pause_seconds{reason=~"policy|weather"}', "weather"),
    ],
)
def test_a_rule_that_would_never_ring_is_found(expression: str, fault: str) -> None:
    assert fault in list(faults(expression))


def test_every_alarm_and_every_figure_is_explained_in_both_languages() -> None:
    for name in ("metrics.md", "metrics.ru.md"):
        page = (HOW_TO / name).read_text(encoding="utf-8")
        assert [rule["alert"] for rule in RULES if f"`{rule['alert']}`" not in page] == []
        assert [figure for figure in FAMILIES if f"`{NAMESPACE}_{figure}" not in page] == []
        assert [one for one in set(re.findall(rf"{NAMESPACE}_\w+", page)) if one not in figures()] == []
