"""docs/THREATS.md names a test for each attack, and every test that it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
THREATS = (TESTS.parent / "docs" / "THREATS.md").read_text()
NAMED = sorted(set(re.findall(r"`([\w/]+\.py)::(\w+)`", THREATS)))


@cache
def functions(file: str) -> set[str]:
    tree = ast.parse((TESTS / file).read_text())
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_test_exists(file: str, name: str) -> None:
    assert (TESTS / file).is_file(), file
    assert name in functions(file)


def test_every_attack_has_a_test() -> None:
    rows = [
        line for line in THREATS.splitlines() if line.startswith("| ") and not line.startswith(("| attack", "| ---"))
    ]
    assert len(rows) > 40
    assert [row for row in rows if "::test_" not in row.rpartition(" | ")[2] and "::test_" not in row] == []
