"""`docs/RULES.md`, followed word by word: its files are written, its commands run, its output compared."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.rulebook.grammar import PREDICATES, Words
from gateway.settings.yaml_lines import parse_yaml

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "RULES.md").read_text(encoding="utf-8")
WALK = TEXT.split("\n## Walk-through\n")[1].split("\n## ")[0]
_FENCE = re.compile(r"(?:File `([^`]+)`:\n\n)?```(\w+)\n(.*?)```", re.S)


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """The commands of a console block, each with the lines it must print."""
    for piece in block.split("$ ")[1:]:
        command, *expected = piece.rstrip("\n").split("\n")
        yield command, expected


def run(command: str, folder: Path) -> str:
    assert command.startswith("vitalgate ")
    done = subprocess.run(
        [sys.executable, "-m", "gateway", *command.split()[1:]],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    output = done.stdout + done.stderr
    return output + (f"[exit {done.returncode}]\n" if done.returncode else "")


def pattern_of(expected: list[str]) -> str:
    """`...` stands for anything, also for whole lines."""
    return ".*".join(re.escape(piece) for piece in "\n".join(expected).split("..."))


def test_walkthrough(tmp_path: Path) -> None:
    seen = 0
    for name, language, body in _FENCE.findall(WALK):
        if name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(body, encoding="utf-8")
            continue
        assert language == "console", f"a block without a file name: {body[:60]}"
        for command, expected in commands(body):
            seen += 1
            output = run(command, tmp_path)
            assert re.search(pattern_of(expected), output, re.S), f"$ {command}\n{output}"
    assert seen == 6


@pytest.mark.parametrize("name", sorted(PREDICATES))
def test_every_predicate_is_in_the_reference(name: str) -> None:
    assert f"`{name}" in TEXT or f"`{name}`" in TEXT
    for parameter in PREDICATES[name].parameters:
        if parameter not in (PREDICATES[name].short, "in", "is", "at_least"):
            assert parameter in TEXT, f"{name}: {parameter}"


def test_kinds_of_asks_and_signs_are_all_in_the_reference() -> None:
    for predicate, parameter in (("asks", "kinds"), ("signs", "kinds"), ("link", "flags"), ("form", "flags")):
        kind = PREDICATES[predicate].parameters[parameter]
        assert isinstance(kind, Words)
        assert [word for word in kind.choices if f"`{word}`" not in TEXT] == []


def test_yaml_of_the_reference_is_yaml() -> None:
    for _, language, body in _FENCE.findall(TEXT):
        if language == "yaml":
            parse_yaml(body, Path("RULES.md"))
