"""What the fuzzer found once is never found again; and every target lives with its own seeds."""

from pathlib import Path

import pytest

from tests.fuzz.targets import CASES, Target, all_targets

TARGETS = all_targets()
FOUND = sorted(path for path in CASES.iterdir() if path.suffix != ".md")


def _target_of(path: Path) -> Target:
    """A case is called TARGET-WHAT-HASH, as libFuzzer names it."""
    return TARGETS[path.name.split("-", 1)[0]]


@pytest.mark.parametrize("path", FOUND, ids=lambda path: path.name[:60])
def test_found_cases_stay_mended(path: Path) -> None:
    _target_of(path).run(path.read_bytes())


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_every_target_lives_with_its_seeds(name: str) -> None:
    assert TARGETS[name].seeds, "a target without seeds finds little"
    for seed in (b"", *TARGETS[name].seeds):
        TARGETS[name].run(seed)
