"""Every fuzz target there is: the `TARGETS` and `SEEDS` of all modules named `*_targets.py` in this folder."""

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASES = HERE / "cases"


@dataclass(frozen=True, slots=True)
class Target:
    """One function of bytes that fails by an exception, and inputs to begin with."""

    run: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def all_targets() -> dict[str, Target]:
    """Name -> target."""
    found: dict[str, Target] = {}
    for file in sorted(HERE.glob("*_targets.py")):
        module = importlib.import_module(f"tests.fuzz.{file.stem}")
        targets: Mapping[str, Callable[[bytes], None]] = module.TARGETS
        seeds: Mapping[str, tuple[bytes, ...]] = module.SEEDS
        for name, run in targets.items():
            found[name] = Target(run, tuple(seeds.get(name, ())))
    return found
