"""What Prometheus reads: names, labels and their values are closed sets; counts add up; nothing of anybody leaks."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

from prometheus_client.parser import text_string_to_metric_families

from gateway.gauges import Gauges, Pause
from gateway.metrics import NAMESPACE, Meter
from gateway.states import Lane, Reason
from zvonok.reason_codes import REASONS

FAMILIES = {
    "commit_to_accepted_seconds": ("histogram", {"channel", "lane"}),
    "dead_letters": ("gauge", {"channel", "reason"}),
    "events_set_aside": ("gauge", {"reason"}),
    "horizon_age_seconds": ("gauge", set()),
    "lease_held": ("gauge", {"channel"}),
    "ledger_readable": ("gauge", set()),
    "oldest_due_age_seconds": ("gauge", {"lane"}),
    "outcomes": ("counter", {"channel", "outcome", "reason"}),
    "pause_seconds": ("gauge", {"channel", "reason"}),
    "suppressed_last_hour": ("gauge", {"reason"}),
}
"""Every family that there is: whoever changes a name breaks somebody's alarm, and changes it here, too."""
LEAK = "Иванова Анна 4a3f6f3e-0000-4000-8000-000000000000 anna@example.ru"


def gauges(**changes: Any) -> Gauges:
    values: dict[str, Any] = {
        "due": {Lane.URGENT: 90.0, Lane.NORMAL: 0.0, Lane.DIGEST: 0.0},
        "horizon": 0.5,
        "suppressed": {"no-consent": 3, "no-address": 1},
        "set_aside": {"unreadable: data.pupil,data.day": 2, "unreadable: id": 1, "too-old": 4},
        "leases": {"telegram": True, "mail": False},
        "pauses": {"mail": Pause(30.0, "policy")},
        "dead": {("telegram", "refused"): 2, ("telegram", ""): 1},
    }
    return Gauges(**(values | changes))


def meter() -> Meter:
    return Meter(("telegram", "mail"), REASONS)


def read(page: bytes) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    families = text_string_to_metric_families(page.decode())
    return {(one.name, frozenset(one.labels.items())): one.value for family in families for one in family.samples}


def value(page: bytes, name: str, **labels: str) -> float:
    return read(page)[f"{NAMESPACE}_{name}", frozenset(labels.items())]


def test_every_name_and_label_is_known() -> None:
    counted = meter()
    counted.recorded("telegram", "deferred", "server-error")
    families = list(text_string_to_metric_families(counted.page(gauges()).decode()))
    found = {
        family.name.removeprefix(f"{NAMESPACE}_"): (
            family.type,
            {label for sample in family.samples for label in sample.labels} - {"le"},
        )
        for family in families
    }
    assert found == FAMILIES
    assert all(family.documentation.endswith(".") for family in families)


def test_values_of_labels_are_closed_sets_whatever_is_given() -> None:
    counted = meter()
    counted.recorded(LEAK, LEAK, LEAK)
    counted.recorded("telegram", "unknown", str(uuid4()))
    counted.told(LEAK, Lane.URGENT, timedelta(seconds=1))
    given = gauges(
        suppressed={LEAK: 1, "no-consent": 1},
        set_aside={LEAK: 1, f"unreadable: {LEAK}": 1},
        leases={LEAK: True},
        pauses={LEAK: Pause(1.0, LEAK)},
        dead={(LEAK, LEAK): 1, (LEAK, "refused"): 1},
    )
    page = counted.page(given)
    assert not re.search(r"[^\x00-\x7f]|@|[0-9a-f]{8}-", page.decode())
    assert value(page, "outcomes_total", channel="other", outcome="other", reason="other") == 1
    assert value(page, "outcomes_total", channel="telegram", outcome="unknown", reason="other") == 1
    assert value(page, "events_set_aside", reason="unreadable") == 1
    assert value(page, "dead_letters", channel="other", reason="refused") == 1
    labels = {name: text for _, labels in read(page) for name, text in labels if name != "le"}
    assert set(labels) == {"channel", "lane", "outcome", "reason"}


def test_what_falls_under_one_label_is_added_up() -> None:
    page = meter().page(gauges())
    assert value(page, "events_set_aside", reason="unreadable") == 3
    assert value(page, "events_set_aside", reason="too-old") == 4
    assert value(page, "events_set_aside", reason="school-unknown") == 0, "so that the first one is a rise"
    assert value(page, "dead_letters", channel="telegram", reason="none") == 1
    assert value(page, "oldest_due_age_seconds", lane="urgent") == 90
    assert value(page, "lease_held", channel="telegram") == 1
    assert value(page, "lease_held", channel="mail") == 0
    assert value(page, "pause_seconds", channel="mail", reason="policy") == 30


def test_outcomes_and_times_are_counted() -> None:
    counted = meter()
    before = counted.page(None)
    assert value(before, "outcomes_total", channel="mail", outcome="accepted", reason="none") == 0, "a rise from nought"
    assert value(before, "commit_to_accepted_seconds_count", channel="mail", lane="digest") == 0
    for seconds in (63, 64, 4000):
        counted.recorded("telegram", "accepted", None)
        counted.told("telegram", Lane.URGENT, timedelta(seconds=seconds))
    page = counted.page(None)
    assert value(page, "outcomes_total", channel="telegram", outcome="accepted", reason="none") == 3
    name, of = "commit_to_accepted_seconds_bucket", {"channel": "telegram", "lane": "urgent"}
    assert [value(page, name, le=le, **of) for le in ("62.0", "65.0", "3600.0", "+Inf")] == [0, 2, 2, 3]
    assert "_created" not in page.decode()


def test_two_meters_share_nothing() -> None:
    one, other = meter(), meter()
    one.recorded("telegram", "accepted", None)
    assert value(other.page(None), "outcomes_total", channel="telegram", outcome="accepted", reason="none") == 0


def test_without_the_ledger_the_page_says_so_and_keeps_its_counts() -> None:
    page = meter().page(None)
    assert value(page, "ledger_readable") == 0
    assert value(meter().page(gauges()), "ledger_readable") == 1
    names = {name for name, _ in read(page)}
    assert not any("due" in name or "horizon" in name or "dead" in name for name in names), "nought would be a lie"


def test_while_nothing_was_ever_planned_there_is_no_age_of_it() -> None:
    names = {name for name, _ in read(meter().page(gauges(horizon=None)))}
    assert f"{NAMESPACE}_horizon_age_seconds" not in names


def test_every_reason_of_the_gateway_is_a_label() -> None:
    page = meter().page(gauges(suppressed=dict.fromkeys(Reason, 1)))
    told = {labels for name, labels in read(page) if name.endswith("suppressed_last_hour")}
    assert len(told) == len(Reason)
    assert frozenset({("reason", "other")}) not in told
