"""Monitoring with Debian's Prometheus: it scrapes the real gateway, and alerts and dashboard speak of what is there."""

import json
import re
import shutil
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.observe.metrics import COUNTERS, GAUGES, HISTOGRAMS, PREFIX
from tests.real_gateway import RealGateway, free_port
from tests.smtp_dialogue import SmtpDialogue

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

CONFIG = Path(__file__).parents[2] / "config"
PROMTOOL, PROMETHEUS = shutil.which("promtool"), shutil.which("prometheus")
METRIC = re.compile(r"\bvitalgate_[a-z_]+")


def known() -> set[str]:
    names = {PREFIX + name + "_total" for name in COUNTERS} | {PREFIX + name for name in GAUGES}
    names |= {PREFIX + name + end for name in HISTOGRAMS for end in ("_bucket", "_sum", "_count")}
    return names | {PREFIX + "build_info"}


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[RealGateway]:
    with RealGateway(tmp_path, {"next_hop": {"maildir": "delivered"}}) as running:
        yield running


def named_in(file: Path) -> set[str]:
    if file.suffix == ".json":
        panels = json.loads(file.read_text())["panels"]
        text = "\n".join(target["expr"] for panel in panels for target in panel["targets"])
    else:
        text = "\n".join(line for line in file.read_text().splitlines() if not line.lstrip().startswith("#"))
    return set(METRIC.findall(text))


@pytest.mark.parametrize("name", ["alerts.yml", "dashboard.json"])
def test_only_metrics_that_exist_are_named(name: str) -> None:
    assert named_in(CONFIG / name) - known() == set()


def test_every_metric_has_a_place_on_the_dashboard() -> None:
    shown = {re.sub(r"_(bucket|sum|count)$", "", name) for name in named_in(CONFIG / "dashboard.json")}
    there = {re.sub(r"_(bucket|sum|count)$", "", name) for name in known()}
    assert there - shown - {PREFIX + "certificate_expiry_seconds"} == set()


def test_the_endpoint_shows_what_the_dashboard_asks_for(gateway: RealGateway) -> None:
    with SmtpDialogue(("127.0.0.1", gateway.port)) as client:
        client.envelope(b"a@sender.example", b"b@mutuelle.example")
        assert client.data(b"From: a@sender.example\r\nSubject: x\r\n\r\nBonjour").code == 250
    gateway.wait_for(lambda: gateway.metric('vitalgate_messages_total{disposition="relay"}') == 1)
    page = gateway.page()
    families = {line.split()[2] for line in page.splitlines() if line.startswith("# TYPE ")}
    for name in named_in(CONFIG / "dashboard.json"):
        assert {name, re.sub(r"_(bucket|sum|count|total|info)$", "", name)} & families, name


@pytest.mark.skipif(PROMTOOL is None, reason="promtool is missing: apt-get install prometheus")
def test_alerts_are_sound_and_fire_when_they_should() -> None:
    for words in (["check", "rules", "alerts.yml"], ["test", "rules", "alerts.test.yml"]):
        done = subprocess.run([str(PROMTOOL), *words], cwd=CONFIG, capture_output=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    tested = (CONFIG / "alerts.test.yml").read_text()
    for alert in re.findall(r"- alert: (\w+)", (CONFIG / "alerts.yml").read_text()):
        assert f"alertname: {alert}" in tested, f"{alert} has no test"


@pytest.mark.skipif(PROMETHEUS is None, reason="Prometheus is missing: apt-get install prometheus")
def test_a_real_prometheus_scrapes_the_gateway(gateway: RealGateway, tmp_path: Path) -> None:
    port = free_port()
    config = tmp_path / "prometheus.yml"
    scrape = {"job_name": "vitalgate", "static_configs": [{"targets": [f"127.0.0.1:{gateway.metrics_port}"]}]}
    config.write_text(
        json.dumps(
            {
                "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                "rule_files": [str(CONFIG / "alerts.yml")],
                "scrape_configs": [scrape],
            }
        )
    )
    command = [
        str(PROMETHEUS),
        f"--config.file={config}",
        f"--storage.tsdb.path={tmp_path / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
    ]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as prometheus:
        try:
            gateway.wait_for(lambda: ask(port, 'up{job="vitalgate"}') == ["1"], 30)
            assert ask(port, "vitalgate_workers") == ["1"]
            assert ask(port, "count(vitalgate_messages_total)") == ["6"]
        finally:
            prometheus.terminate()


def ask(port: int, expression: str) -> list[str]:
    """The values a Prometheus answers with; [] while it isn't there."""
    query = urllib.parse.urlencode({"query": expression})
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/query?{query}", timeout=5) as answer:
            result: list[dict[str, Any]] = json.loads(answer.read())["data"]["result"]
    except OSError:
        time.sleep(0.2)
        return []
    return [str(item["value"][1]) for item in result]


def test_cardinality_stays_flat_whoever_writes(gateway: RealGateway) -> None:
    def lines() -> int:
        return len([line for line in gateway.page().splitlines() if not line.startswith("#")])

    def write(first: int, count: int) -> None:
        with SmtpDialogue(("127.0.0.1", gateway.port), timeout_s=60) as client:
            client.expect(b"EHLO client.example", 250)
            for number in range(first, first + count):
                sender = b"u%d@d%d.example" % (number, number)
                for reply in client.commands(b"MAIL FROM:<%s>" % sender, b"RCPT TO:<b%d@mutuelle.example>" % number):
                    assert reply.code == 250
                assert client.data(b"From: %s\r\nSubject: %d\r\n\r\nBonjour" % (sender, number)).code == 250

    write(0, 50)
    time.sleep(1.5)
    before = lines()
    write(50, 400)
    time.sleep(1.5)
    assert lines() <= before + 3
