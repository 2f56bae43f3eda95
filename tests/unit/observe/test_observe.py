"""Counts add up over workers, the page is Prometheus', and nothing personal gets through the log."""

import json
import logging

import pytest
from prometheus_client.parser import text_string_to_metric_families

from gateway.observe.counts import Counts
from gateway.observe.log import Log, adopt_library_logs
from gateway.observe.metrics import Metrics
from gateway.observe.redact import redact


def test_counts_travel_and_add_up() -> None:
    worker, total = Counts(), Counts()
    for seconds in (0.0001, 0.02, 99.0):
        worker.add("messages", ("relay",))
        worker.observe("message_seconds", seconds, ("total",))
    data = json.loads(json.dumps(worker.take()))
    total.put(data)
    total.put(data)
    assert total.counters[("messages", ("relay",))] == 6
    assert total.histograms[("message_seconds", ("total",))][-1] == pytest.approx(2 * 99.0201)
    assert worker.take() == {"counters": [], "histograms": []}


def test_the_page_is_what_prometheus_reads() -> None:
    metrics = Metrics("9.9")
    metrics.counts.add("messages", ("relay",))
    metrics.counts.observe("message_seconds", 0.003, ("total",))
    metrics.gauge("connections", lambda: {(): 3.0})
    samples = {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(metrics.render().decode())
        for sample in family.samples
    }
    assert samples[("vitalgate_messages_total", (("disposition", "relay"),))] == 1
    assert samples[("vitalgate_messages_total", (("disposition", "quarantine"),))] == 0
    assert samples[("vitalgate_connections", ())] == 3
    assert samples[("vitalgate_build_info", (("version", "9.9"),))] == 1
    assert samples[("vitalgate_message_seconds_bucket", (("le", "0.005"), ("stage", "total")))] == 1
    assert samples[("vitalgate_message_seconds_bucket", (("le", "+Inf"), ("stage", "total")))] == 1
    assert samples[("vitalgate_message_seconds_count", (("stage", "total"),))] == 1


@pytest.mark.parametrize(
    "secret",
    [
        "1 85 05 78 006 084 91",
        "185057800608491",
        "2 85 05 2A 006 084",
        "FR76 3000 6000 0112 3456 7890 189",
        "FR7630006000011234567890189",
        "4970 1234 5678 9012",
    ],
)
def test_numbers_of_people_are_masked(secret: str) -> None:
    assert secret not in redact(f"before {secret}, after")
    assert redact(f"before {secret}, after").endswith(", after")


def test_ordinary_numbers_stay() -> None:
    text = '{"time":"2026-11-25T08:00:00.000+00:00","id":"1k9zabcdefgh234567","client":"192.0.2.10","bytes":36700160}'
    assert redact(text) == text


def test_log_lines_are_json_on_one_line() -> None:
    lines: list[bytes] = []
    log = Log(write=lines.append, addresses="hashed", key=b"k" * 32)
    log.event("message", client="a\r\nb\x1b[31m\u2028", mail_from=log.address("Jeanne@Mutuelle.example"))
    assert lines[0].count(b"\n") == 1
    line = json.loads(lines[0])
    assert line["mail_from"].startswith("h:")
    assert "jeanne" not in lines[0].decode().lower()
    assert log.address("JEANNE@mutuelle.example") == line["mail_from"]
    assert b"\x1b" not in lines[0]
    assert b"\r" not in lines[0]


def test_exceptions_are_told_without_their_text() -> None:
    lines: list[bytes] = []
    log = Log(write=lines.append)
    try:
        raise ValueError("body of a mail")
    except ValueError as error:
        log.exception("unexpected", error, id="x")
    assert b"body of a mail" not in lines[0]
    assert json.loads(lines[0])["error"] == "ValueError"


def test_libraries_say_where_not_what() -> None:
    lines: list[bytes] = []
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    try:
        adopt_library_logs(Log(write=lines.append))
        logging.getLogger("some.library").warning("text of %s", "a mail")
        logging.getLogger("mail.log").warning("a command line")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    assert len(lines) == 1
    assert b"text of" not in lines[0]


def test_level_is_a_threshold() -> None:
    lines: list[bytes] = []
    Log(write=lines.append, level="warning").event("message")
    assert lines == []
