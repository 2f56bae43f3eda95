"""Coverage-guided fuzzing: `python -m tests.fuzz --seconds N [--target NAME ...]` (`make fuzz SECONDS=N`).

Every target is a function of bytes in a `*_targets.py` beside this file; each gets its share of the time in a process
of its own, since libFuzzer ends the one it runs in. What was learnt lies in `.fuzz/NAME` and is gone on with; an input
that fails, hangs or eats memory is written to `cases/NAME-...`, where `test_fuzz_cases.py` replays it for ever.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from tests.fuzz.targets import CASES, all_targets

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT / ".fuzz"
SLOWEST_INPUT_S = 5
MEMORY_MIB = 2048
LONGEST_INPUT = 65536


def fuzz_one(name: str, seconds: int) -> None:
    """Fuzz one target in this process, which libFuzzer ends."""
    import atheris

    with atheris.instrument_imports(include=["gateway", "dns", "aiosmtpd"], enable_loader_override=False):
        target = all_targets()[name]
    folder = CORPUS / name
    folder.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(target.seeds):
        (folder / f"seed-{number}").write_bytes(seed)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={SLOWEST_INPUT_S}",
        f"-rss_limit_mb={MEMORY_MIB}",
        f"-max_len={LONGEST_INPUT}",
        f"-artifact_prefix={CASES}/{name}-",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder)], target.run)
    atheris.Fuzz()


def main() -> int:
    """Fuzz the targets one after another: 1 when one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="in all, shared by the targets")
    parser.add_argument("--target", action="append", help="only this one; may be given several times")
    parser.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    names = options.target or sorted(all_targets())
    if options.alone:
        fuzz_one(names[0], options.seconds)
        return 0
    share = max(1, options.seconds // len(names))
    failed = []
    for name in names:
        print(f"== {name}: {share} s", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", "--alone", "--target", name, "--seconds", str(share)]
        done = subprocess.run(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, check=False)
        told = done.stderr.splitlines()
        print("\n".join(line for line in told if line.startswith("stat::number")), flush=True)
        if done.returncode:
            failed.append(name)
            print("\n".join(told[-40:]), flush=True)
    print(f"failed: {', '.join(failed)}" if failed else f"{len(names)} targets, nothing found", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
