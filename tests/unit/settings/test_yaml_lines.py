"""The strict YAML loader: values as written, every fault with file and line."""

from pathlib import Path

import pytest

from gateway.model.errors import SettingsError
from gateway.settings.yaml_lines import dotted, load_yaml, parse_yaml

FILE = Path("x.yml")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("no", "no"),
        ("on", "on"),
        ("012", "012"),
        ("2A", "2A"),
        ("12:30:00", "12:30:00"),
        ("2_94", "2_94"),
        ("0x10", "0x10"),
        (".inf", ".inf"),
        ("2026-01-31", "2026-01-31"),
        ('"true"', "true"),
        ("'1'", "1"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ('""', ""),
        ("8", 8),
        ("-2", -2),
        ("7.5", 7.5),
        ("1e3", 1000.0),
        ("9" * 40, "9" * 40),
        ('"\\u200b"', "\u200b"),
        ("« carte\u00a0Vitale »", "« carte\u00a0Vitale »"),
    ],
)
def test_scalar(written: str, read: object) -> None:
    node = parse_yaml(f"a: {written}\n", FILE)
    assert node.data == {"a": read}
    assert isinstance(node.data, dict)
    assert type(node.data["a"]) is type(read)


def test_lines() -> None:
    node = parse_yaml("rules:\n  - id: a\n    when:\n      all: [x,\n        y]\n", FILE)
    assert node.line_of(()) == 1
    assert node.line_of(("rules", 0)) == 2
    assert node.line_of(("rules", 0, "when", "all", 1)) == 5
    assert node.line_of(("rules", 0, "points")) == 2  # absent: its parent's
    assert node.problem(("rules", 0, "when"), "oops") == "x.yml:4: rules[0].when: oops"


def faults(text: str) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        parse_yaml(text, FILE)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("a: 1\nb: 2\na: 3\n", "x.yml:3: a: stands twice (first on line 1)"),
        ("a: &x 1\n", "x.yml:1: a: anchors"),
        ("a: !!python/object:os.system x\n", "x.yml:1: a: tags"),
        ("a: 1\n--- \nb: 1\n", "x.yml:2: a second document"),
        ("a: [1\nb: 2\n", "x.yml:2: not YAML"),
        ("? [a, b]\n: 1\n", "x.yml:1: a key must be"),
        (
            "a: carte\u200b vitale\n",
            'x.yml:1: invisible character U+200B; write it as an escape in double quotes, such as "\\u200b"',
        ),
        ("# \u202e\n", "x.yml:1: invisible character U+202E"),
        ("a: \x00\n", "x.yml:1: invisible character U+0000"),
        ("a: " + "[" * 60 + "]" * 60 + "\n", "x.yml:1: a" + "[0]" * 39 + ": nested more than 40 deep"),
        ("[" * 5000, "x.yml:1: "),
    ],
)
def test_fault(text: str, start: str) -> None:
    assert faults(text)[0].startswith(start)


def test_alias_bomb_and_all_faults_at_once() -> None:
    problems = faults("a: &a [x]\nb: [*a, *a]\nc: 1\nc: 2\n")
    assert [problem.split(":")[1] for problem in problems] == ["1", "2", "2", "4"]


def test_too_many_values() -> None:
    assert "more than 200000 values" in faults("a: [" + "1," * 200_001 + "]")[0]


def test_files(tmp_path: Path) -> None:
    file = tmp_path / "s.yml"
    with pytest.raises(SettingsError, match="can't be read"):
        load_yaml(file)
    file.write_bytes(b"a: 1\nb: caf\xe9\n")
    with pytest.raises(SettingsError, match=r"s\.yml:2: isn't UTF-8"):
        load_yaml(file)
    file.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert load_yaml(file).data == {"a": 1}
    file.write_bytes(b"")
    assert load_yaml(file).data is None


def test_dotted() -> None:
    assert dotted(("policy", "for", 0, "domains")) == "policy.for[0].domains"
