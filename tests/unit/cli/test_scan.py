"""`vitalgate scan`: the demo's samples, the contract of its JSON, and lines that are not what they should be."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from gateway.cli.main import cli

CONFIG = Path(__file__).parents[3] / "config"
SAMPLES: list[dict[str, Any]] = json.loads((CONFIG / "demo.samples" / "samples.json").read_text())


def scan(*words: str, given: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["scan", "--config", str(CONFIG / "demo.yml"), *words], input=given)


def line_of(sample: dict[str, Any], **more: Any) -> str:
    facts = {name: sample[name] for name in ("ip", "helo", "mail_from", "rcpt_to")}
    return json.dumps({"eml": str(CONFIG / "demo.samples" / sample["file"]), **facts, **more})


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["file"])
def test_the_samples_of_make_run_go_where_they_should(sample: dict[str, Any]) -> None:
    done = scan("--json-lines", given=line_of(sample))
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["action"] == sample["expected"]


def test_the_fields_of_the_contract_are_there() -> None:
    answer = json.loads(scan("--json-lines", given=line_of(SAMPLES[2])).output)
    assert set(answer) == {
        *("id", "action", "recipients", "score", "reasons", "hits", "authentication", "unchecked"),
        *("claims", "asks", "links", "milliseconds"),
    }
    assert set(answer["recipients"][0]) == {"address", "action"}
    assert {"rule", "family", "points", "mode", "where"} <= set(answer["hits"][0])
    assert set(answer["authentication"]["spf"]) == {"result", "domain", "identity"}
    assert set(answer["authentication"]["dmarc"]) == {"result", "policy", "domain"}
    assert set(answer["authentication"]["arc"]) == {"result"}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("nonsense", "Expecting value"),
        ("[1]", 'must be an object with "eml"'),
        ('{"ip": "192.0.2.1"}', 'must be an object with "eml"'),
        ('{"eml": 5}', "eml must be a file name"),
        ('{"eml": "/does/not/exist"}', "No such file"),
        ('{"eml": "x", "ip": 7}', "ip must be text"),
        ('{"eml": "x", "mail_from": 5}', "mail_from must be text"),
        ('{"eml": "x", "helo": ["x"]}', "helo must be text"),
        ('{"eml": "x", "rcpt_to": "a@b.example"}', "rcpt_to must be a list of addresses"),
        ('{"eml": "x", "rcpt_to": [5]}', "rcpt_to must be a list of addresses"),
        ('{"eml": "x", "authentication": "yes"}', 'authentication can only be "unknown"'),
        ('{"eml": "x", "colour": "red"}', "unknown facts: colour"),
    ],
)
def test_a_bad_line_gets_its_answer_and_the_next_one_too(line: str, problem: str) -> None:
    done = scan("--json-lines", given=f"{line}\n{line_of(SAMPLES[0])}\n")
    first, second = (json.loads(answer) for answer in done.output.splitlines())
    assert problem in first["error"]
    assert second["action"] == "relay"
    assert done.exit_code == 2


def test_a_readable_page_without_json() -> None:
    sample = SAMPLES[2]
    done = scan("--ip", sample["ip"], "--helo", sample["helo"], "--mail-from", sample["mail_from"],
                "--rcpt", sample["rcpt_to"][0], str(CONFIG / "demo.samples" / sample["file"]))  # fmt: skip
    assert done.exit_code == 0
    for part in ("mis en quarantaine", "spf=pass", "assurance_maladie", "Règles", "Demande"):
        assert part in done.output


def test_nothing_known_of_the_envelope_is_not_failed() -> None:
    answer = json.loads(scan("--json", str(CONFIG / "demo.samples" / "honest.eml")).output)
    assert answer["authentication"]["spf"]["result"] == "none"
    assert answer["action"] == "relay"
    unknown = json.loads(scan("--json", "--no-authentication", str(CONFIG / "demo.samples" / "honest.eml")).output)
    assert unknown["authentication"]["spf"]["result"] == "unknown"
    assert unknown["authentication"]["dkim"] == []


@pytest.mark.parametrize("words", [(), ("--json-lines", "x.eml"), ("--ip", "nowhere", "README.md")])
def test_usage_errors_are_2(words: tuple[str, ...]) -> None:
    assert scan(*words).exit_code == 2
