"""All metrics of the gateway, and their rendering for Prometheus. Labels are closed sets; nothing comes from mail."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)

from gateway.observe.counts import BUCKETS, Counts, Labels

PREFIX = "vitalgate_"
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Counter:
    """One counter: its help text, its labels, and the label values that stand at 0 from the start."""

    help: str
    labels: tuple[str, ...] = ()
    initial: tuple[Labels, ...] = ((),)


def _each(*values: str) -> tuple[Labels, ...]:
    return tuple((value,) for value in values)


COUNTERS: Mapping[str, Counter] = {
    "messages": Counter(
        "Messages by what was done with them (strictest recipient).",
        ("disposition",),
        _each("relay", "tag", "quarantine", "reject", "defer", "failed"),
    ),
    "rule_hits": Counter("Rule hits by rule and mode.", ("rule", "mode"), ()),
    "rule_unknown": Counter("Rules whose condition could not be known, by rule.", ("rule",), ()),
    "authentication_results": Counter("Authentication results by method.", ("method", "result"), ()),
    "unchecked": Counter("Checks that could not be made.", ("check", "cause"), ()),
    "refusals": Counter("Refusals by us, by reason.", ("reason",), _each("relay_denied")),
    "next_hop_replies": Counter(
        "Answers of the next hop by class, and its faults.",
        ("class",),
        _each("2xx", "4xx", "5xx", "unreachable", "lost", "changed"),
    ),
    "dns_answers": Counter("DNS answers by kind.", ("kind",), _each("found", "no_data", "no_name", "failed", "cached")),
    "worker_restarts": Counter("Workers that had to be replaced."),
    "inspections": Counter(
        "Attachment inspections by outcome.",
        ("outcome",),
        _each("done", "remembered", "refused", "timeout", "crash", "absent"),
    ),
    "history_dropped": Counter("History rows that were lost."),
    "reloads": Counter("Reloads by result.", ("result",), _each("ok", "failed")),
}
HISTOGRAMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "message_seconds": ("Seconds per message by stage.", ("stage",)),
    "message_bytes": ("Size of messages in bytes.", ()),
}
GAUGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "connections": ("Open SMTP sessions.", ()),
    "bytes_in_flight": ("Bytes of messages being received or judged.", ()),
    "quarantine_messages": ("Messages held.", ()),
    "quarantine_bytes": ("Bytes of held messages on disk.", ()),
    "quarantine_oldest_seconds": ("Age of the oldest held message.", ()),
    "quarantine_free_bytes": ("Free space where held messages lie.", ()),
    "certificate_expiry_seconds": ("Seconds until a listener's certificate ends.", ("listener",)),
    "reload_success": ("1 when the last reload succeeded.", ()),
    "workers": ("Workers running.", ()),
    "ready": ("1 when /readyz says so.", ()),
    "start_time_seconds": ("Start of the gateway, Unix time.", ()),
}


class Metrics:
    """What the endpoint shows: the sum of all workers' counts, and gauges asked for at each scrape."""

    def __init__(self, version: str) -> None:
        self.counts = Counts()
        self._version = version
        self._gauges: dict[str, Callable[[], Mapping[Labels, float]]] = {}
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(self)
        for name, counter in COUNTERS.items():
            for labels in counter.initial:
                self.counts.add(name, labels, 0.0)

    def gauge(self, name: str, read: Callable[[], Mapping[Labels, float]]) -> None:
        """Set how a gauge is read: a function that gives value by label values."""
        if name not in GAUGES:
            raise KeyError(name)
        self._gauges[name] = read

    def describe_rules(self, rules: Iterable[tuple[str, str]]) -> None:
        """Start the counters of these (rule, mode) pairs at 0."""
        for rule, mode in rules:
            self.counts.add("rule_hits", (rule, mode), 0.0)

    def render(self) -> bytes:
        """The page in Prometheus' text format."""
        return generate_latest(self._registry)

    def collect(self) -> Iterator[Metric]:
        """Called by prometheus_client."""
        yield InfoMetricFamily(PREFIX + "build", "Version of the gateway.", value={"version": self._version})
        by_name: dict[str, list[tuple[Labels, Any]]] = defaultdict(list)
        for (name, labels), value in self.counts.counters.items():
            by_name[name].append((labels, value))
        for name, counter in COUNTERS.items():
            family = CounterMetricFamily(PREFIX + name, counter.help, labels=counter.labels)
            for labels, value in by_name[name]:
                family.add_metric(labels, value)
            yield family
        yield from self._collect_histograms()
        for name, read in self._gauges.items():
            text, label_names = GAUGES[name]
            gauge = GaugeMetricFamily(PREFIX + name, text, labels=label_names)
            for labels, value in read().items():
                gauge.add_metric(labels, value)
            yield gauge

    def _collect_histograms(self) -> Iterator[Metric]:
        for name, (text, label_names) in HISTOGRAMS.items():
            family = HistogramMetricFamily(PREFIX + name, text, labels=label_names)
            for (metric, labels), cells in self.counts.histograms.items():
                if metric != name:
                    continue
                running, buckets = 0.0, []
                for bound, cell in zip((*BUCKETS[name], float("inf")), cells, strict=False):
                    running += cell
                    buckets.append(("+Inf" if bound == float("inf") else repr(bound), running))
                family.add_metric(labels, buckets, sum_value=cells[-1])
            yield family
