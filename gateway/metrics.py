"""Figures for Prometheus: what couriers have done is counted here, how the ledger stands is read at each question.

Values of labels are closed sets: channels, lanes, outcomes, codes of reasons. No ids, no names, no texts; a code that
the set does not hold is counted as ``other``, so that a slip elsewhere can neither leak nor flood.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta

from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from core.events import Channel
from gateway.gauges import Gauges
from gateway.states import Lane, Reason

NAMESPACE = "zvonok_gateway"
CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
"""Of the page: names and labels are plain ASCII, so that the oldest format will do for every Prometheus."""
OTHER, NONE = "other", "none"
CHANNELS = frozenset(Channel)
OUTCOMES = ("accepted", "deferred", "rejected", "unknown")
SET_ASIDE = ("school-unknown", "too-far-ahead", "too-old", "unreadable")
"""Why intake sets an event aside; what follows a colon names fields."""
_MINUTE, _HOUR = 60, 3600
BUCKETS = (
    *(1, 2, 5, 10, 30, _MINUTE),
    # An undo window of a minute is the usual one: what matters to a parent is how soon after it.
    *(62, 65, 70, 80, 100, 2 * _MINUTE, 3 * _MINUTE, 5 * _MINUTE, 10 * _MINUTE, 30 * _MINUTE),
    *(_HOUR, 4 * _HOUR, 12 * _HOUR, 24 * _HOUR, 168 * _HOUR),
)

type Labels = tuple[str, ...]
_ALONE: Labels = ()
"""Labels of a figure that has none."""


class Meter:
    """Counts what the couriers of this process do, and writes the page that Prometheus reads.

    ``served`` are the channels of this process; ``reasons`` are all codes that an outcome may carry here.
    """

    def __init__(self, served: Collection[str], reasons: Collection[str]) -> None:
        self._reasons = frozenset(reasons) | {NONE}
        self._counted = CollectorRegistry()
        self._outcomes = Counter(
            "outcomes",
            "Tries that ended, one for each thread that a message told.",
            ("channel", "outcome", "reason"),
            namespace=NAMESPACE,
            registry=self._counted,
        )
        self._told = Histogram(
            "commit_to_accepted_seconds",
            "From the journal's commit to the provider's acceptance, undo window and quiet hours included.",
            ("channel", "lane"),
            namespace=NAMESPACE,
            registry=self._counted,
            buckets=BUCKETS,
        )
        for channel in sorted(served):
            # So that the first one is a rise from nought: a series that begins with 1 has none.
            self._outcomes.labels(channel, OUTCOMES[0], NONE)
            for lane in Lane:
                self._told.labels(channel, lane_name(lane))

    def recorded(self, channel: str, outcome: str, reason: str | None) -> None:
        """Count a try that ended."""
        labels = (_of(channel, CHANNELS), _of(outcome, OUTCOMES), _of(reason or NONE, self._reasons))
        self._outcomes.labels(*labels).inc()

    def told(self, channel: str, lane: Lane, after: timedelta) -> None:
        """Note how long after the journal's commit a reader was told."""
        self._told.labels(_of(channel, CHANNELS), lane_name(lane)).observe(max(0.0, after.total_seconds()))

    def page(self, gauges: Gauges | None) -> bytes:
        """Write the page; without gauges (the database is away) it says so and holds what was counted here."""
        return generate_latest(_Page([*self._read(gauges), *self._counted.collect()]))

    def _read(self, gauges: Gauges | None) -> Iterable[Metric]:
        yield _gauge(
            "ledger_readable", "1 if the database answered this question, else 0.", {(): int(gauges is not None)}
        )
        if gauges is None:
            return
        yield _gauge(
            "oldest_due_age_seconds",
            "Age of the oldest message that is due and has not left.",
            {(lane_name(lane),): age for lane, age in gauges.due.items()},
            ("lane",),
        )
        behind: dict[Labels, float] = {} if gauges.horizon is None else {_ALONE: gauges.horizon}
        yield _gauge("horizon_age_seconds", "How far planning is behind in the slowest partition.", behind)
        yield from self._by_reason(gauges)
        yield _gauge(
            "lease_held",
            "1 if some gateway owns the channel's bot or account, else 0.",
            {(_of(channel, CHANNELS),): int(held) for channel, held in gauges.leases.items()},
            ("channel",),
        )
        yield _gauge(
            "pause_seconds",
            "How long the channel's bot or account still has to be silent.",
            {
                (_of(channel, CHANNELS), _of(pause.reason, self._reasons)): pause.seconds
                for channel, pause in gauges.pauses.items()
            },
            ("channel", "reason"),
        )

    def _by_reason(self, gauges: Gauges) -> Iterable[Metric]:
        gateway = frozenset(Reason)
        yield _gauge(
            "suppressed_last_hour",
            "Messages that were not sent on purpose, of the last hour.",
            _summed(((_of(reason, gateway),), count) for reason, count in gauges.suppressed.items()),
            ("reason",),
        )
        yield _gauge(
            "events_set_aside",
            "Events that could not be planned and lie aside.",
            dict.fromkeys(((reason,) for reason in (*SET_ASIDE, OTHER)), 0.0)
            | _summed(((_of(reason.partition(":")[0], SET_ASIDE),), n) for reason, n in gauges.set_aside.items()),
            ("reason",),
        )
        yield _gauge(
            "dead_letters",
            "Messages given up that are still news and were told by no other way.",
            _summed(((_of(ch, CHANNELS), _of(why or NONE, self._reasons)), n) for (ch, why), n in gauges.dead.items()),
            ("channel", "reason"),
        )


def lane_name(lane: Lane) -> str:
    """Return how a lane is called in labels."""
    return lane.name.lower()


class _Page(Collector):
    """Metrics as they stand at one question; without the moments of their creation, which nobody reads."""

    def __init__(self, metrics: Iterable[Metric]) -> None:
        self._metrics = list(metrics)

    def collect(self) -> Iterable[Metric]:
        for metric in self._metrics:
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
        return self._metrics


def _gauge(name: str, meaning: str, values: Mapping[Labels, float], labels: tuple[str, ...] = ()) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{NAMESPACE}_{name}", meaning, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(key, value)
    return family


def _summed(counts: Iterable[tuple[Labels, int]]) -> dict[Labels, float]:
    """Add up what falls under the same labels."""
    found: dict[Labels, float] = {}
    for labels, count in counts:
        found[labels] = found.get(labels, 0) + count
    return found


def _of(value: str, allowed: Collection[str]) -> str:
    return value if value in allowed else OTHER
