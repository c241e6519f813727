"""`python -m experiments.coverage`: coverage of the 95 % intervals on four desks, as a table."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from ccsim.kpis.definitions import KPIS as DEFINED
from experiments.coverage.desks import DESKS, KPIS
from experiments.coverage.measure import BLOCK, Cell, measure

MARKS = ("<!-- coverage -->", "<!-- end of coverage -->")
SIZES = (3, 5, 10, 20)
TITLES = {
    "own": "Intervals of the KPIs: share that holds the exact value, %",
    "difference": "Intervals of the paired difference to a variant with one agent more, %",
    "plain": "For comparison, what the delta method with Student's t alone would hold, %",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure the desks asked for and print the tables; 0."""
    parser = argparse.ArgumentParser(prog="python -m experiments.coverage", description=__doc__)
    parser.add_argument("--replications", type=int, default=20_000, help=f"of each desk, a multiple of {BLOCK}")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="replications of a run, e.g. 10,20")
    parser.add_argument("--only", default="", help="desks whose names hold this text")
    parser.add_argument("--doc", type=Path, help=f"write the tables between {MARKS[0]} and {MARKS[1]} of this file")
    options = parser.parse_args(arguments)
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.replications < max(sizes) or min(sizes) < 2:
        parser.error("at least 2 replications a run, and one run of every size")
    desks = [desk for desk in DESKS if options.only in desk.name]
    if not desks:
        parser.error(f"no desk has {options.only!r} in its name; there are {', '.join(desk.name for desk in DESKS)}")
    cells = [cell for desk in desks for cell in measure(desk, sizes, options.replications, _say)]
    text = "\n".join(tables(cells))
    print(text)
    if options.doc:
        _write(options.doc, text)
    return 0


def tables(cells: Sequence[Cell]) -> Iterator[str]:
    """The tables as Markdown."""
    for kind, title in TITLES.items():
        mine = [cell for cell in cells if cell.kind == kind]
        yield f"{title}:"
        yield ""
        yield (
            "| desk | replications | runs | "
            + " | ".join(DEFINED[kpi].title for kpi in KPIS)
            + " | misses below : above |"
        )
        yield "|---|" + "---:|" * (len(KPIS) + 3)
        for desk, size in dict.fromkeys((cell.desk, cell.replications) for cell in mine):
            row = [cell for cell in mine if (cell.desk, cell.replications) == (desk, size)]
            shares = " | ".join(f"{cell.covered * 100:.1f}" for cell in row)
            below, above = sum(cell.below for cell in row), sum(cell.above for cell in row)
            yield f"| {desk} | {size} | {row[0].runs:,} | {shares} | {below:,} : {above:,} |"
        yield ""


def _write(path: Path, text: str) -> None:
    first, last = MARKS
    head, _, rest = path.read_text(encoding="utf-8").partition(first)
    _, found, tail = rest.partition(last)
    if not found:
        raise SystemExit(f"{path}: has no {first} with {last} after it")
    path.write_text(f"{head}{first}\n{text.strip()}\n{last}{tail}", encoding="utf-8")


def _say(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
