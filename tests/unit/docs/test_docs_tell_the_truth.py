"""The documents name what is there: every reply, log event, metric and alert, and only tests that exist."""

import re
from pathlib import Path

import pytest

from gateway.model import reply as replies
from gateway.model.reply import Reply
from gateway.observe.metrics import COUNTERS, GAUGES, HISTOGRAMS

REPOSITORY = Path(__file__).parents[3]
OPERATE = (REPOSITORY / "docs" / "OPERATE.md").read_text()
SOURCES = {file: file.read_text() for file in (REPOSITORY / "gateway").rglob("*.py")}
OURS = {name: value for name, value in vars(replies).items() if isinstance(value, Reply)}


@pytest.mark.parametrize("name", sorted(OURS))
def test_every_reply_is_explained_and_used(name: str) -> None:
    reply = OURS[name]
    code = f"| {reply.code} {reply.enhanced}".rstrip()
    text = reply.text.replace("<", "&lt;").replace(">", "&gt;")
    assert f"{code} | {text} |" in OPERATE
    users = [file for file, source in SOURCES.items() if re.search(rf"\b{name}\b", source) and file.name != "reply.py"]
    assert users, f"nobody says {name}"


def test_no_reply_is_explained_that_does_not_exist() -> None:
    table = OPERATE.partition("## 5.")[2].partition("## 6.")[0]
    explained = re.findall(r"^\| (\d{3}) ?(\S*) \|", table, re.M)
    known = {(str(reply.code), reply.enhanced) for reply in OURS.values()}
    assert set(explained) <= known


def test_every_log_event_is_explained() -> None:
    said = set()
    for source in SOURCES.values():
        said |= set(re.findall(r"\.(?:event|exception)\(\s*\"([a-z_]+)\"", source))
    explained = set(re.findall(r"^\| `([a-z_]+)` \|", OPERATE, re.M)) | {"message"}
    assert said - explained == set()


def test_every_metric_is_explained() -> None:
    for name in COUNTERS:
        assert f"`vitalgate_{name}_total" in OPERATE
    for name in (*GAUGES, *HISTOGRAMS):
        assert f"`vitalgate_{name}" in OPERATE


def test_every_alert_says_what_to_do() -> None:
    alerts = re.findall(r"- alert: (\w+)", (REPOSITORY / "config" / "alerts.yml").read_text())
    for alert in alerts:
        assert f"- **{alert}** —" in OPERATE


@pytest.mark.parametrize(
    "document", [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))], ids=lambda file: file.name
)
def test_documents_name_files_that_exist(document: Path) -> None:
    for name in re.findall(r"`((?:docs|config|systemd|tests|gateway|rules|bench)/[\w./-]+)`", document.read_text()):
        assert (REPOSITORY / name).exists(), name
