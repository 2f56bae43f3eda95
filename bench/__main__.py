"""What each stage costs, class by class, beside the plain way: one table.

python -m bench [CLASS ...]        text2k dkim2k html file200k mb5 mb25; all but mb25 when none is named
"""

import asyncio
import platform
import sys
import warnings

from bench.gateway_parts import judge_all, load_parts
from bench.messages import CLASSES, samples
from bench.stages import Bench, Row, rows

USUAL = ("text2k", "dkim2k", "html", "file200k", "mb5")


def main(names: list[str]) -> int:
    """Measure and print."""
    unknown = [name for name in names if name not in CLASSES]
    if unknown:
        print(f"no such class: {', '.join(unknown)}; there are {', '.join(CLASSES)}", file=sys.stderr)
        return 2
    warnings.simplefilter("ignore")
    parts = load_parts()
    table: dict[str, dict[str, Row]] = {}
    chosen = names or list(USUAL)
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        for name in chosen:
            found = samples(name)
            bench = Bench(parts=parts, name=name, samples=found, judged=judge_all(parts, found, loop), loop=loop)
            for row in rows(bench):
                table.setdefault(row.stage, {})[name] = row
    _print(table, chosen)
    return 0


def _print(table: dict[str, dict[str, Row]], names: list[str]) -> None:
    print(f"CPU ms per message: ours / the plain way. Python {platform.python_version()}, {platform.machine()}\n")
    print(f"{'stage':30}" + "".join(f"{name:>18}" for name in names) + "   the plain way")
    for stage, cells in table.items():
        line = f"{stage:30}"
        for name in names:
            cell = cells[name]
            line += f"{_number(cell.ours) + (' / ' + _number(cell.plain) if cell.plain is not None else ''):>18}"
        print(f"{line}   {next((cell.plain_name for cell in cells.values() if cell.plain_name), '')}")


def _number(milliseconds: float) -> str:
    return f"{milliseconds:.3f}" if milliseconds < 10 else f"{milliseconds:.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
