"""`python -m experiments.mutants`: change modules in small ways and count how many changes their tests see."""

from __future__ import annotations

import os

os.environ |= {"NUMBA_DISABLE_JIT": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # before any import

import argparse
import json
import math
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from experiments.mutants.mutations import Mutation, mutations
from experiments.mutants.rooms import ROOMS
from experiments.mutants.trial import Verdict, prepare, trial


def main(arguments: Sequence[str] | None = None) -> int:
    """Try the mutants asked for; 0 when all ran, 1 when the tests fail on the unchanged package."""
    options = _parser().parse_args(arguments)
    prepare()
    failed = False
    for name in options.room or list(ROOMS):
        room = ROOMS[name]
        usual = trial(room.tests)
        if usual.killed:
            print(f"{name}: the tests fail on the unchanged package: {usual.by}", file=sys.stderr)
            failed = True
            continue
        print(f"{name}: tests take {usual.seconds:.1f} s of processor time", flush=True)
        modules = [module for module in room.modules if options.module in module]
        every = [one for module in modules for one in mutations(module)]
        file = options.out / f"{name}.jsonl"
        known = _known(file) if options.again else {}
        rows = []
        for one in _sampled(every, options.sample, options.seed):
            row = known.get(_key(vars(one)))
            if row is None or row["outcome"] == "survived":
                row = _row(one, trial(room.tests, one.module, one.source(), usual.seconds))
                print(f"  {row['outcome']}: {one.module}:{one.line} {row['by']}", flush=True)
                if row["outcome"] == "survived":
                    print(row["change"], flush=True)
            rows.append(row)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(json.dumps(each) + "\n" for each in rows), "utf-8")
        _summary(name, rows, len(every))
    return int(failed)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m experiments.mutants", description=__doc__)
    parser.add_argument("--room", action="append", choices=list(ROOMS), help="only this room (may be given again)")
    parser.add_argument("--module", default="", metavar="TEXT", help="only modules with this in their path")
    parser.add_argument("--sample", type=int, default=60, metavar="N", help="so many mutants a room (60); 0: all")
    parser.add_argument("--seed", type=int, default=1, help="of the sample (1)")
    parser.add_argument("--again", action="store_true", help="of an earlier run with these options, only survivors")
    parser.add_argument(
        "--out", type=Path, default=Path("out/mutants"), metavar="FOLDER", help="a file a room, JSON lines"
    )
    return parser


def _sampled(every: list[Mutation], size: int, seed: int) -> list[Mutation]:
    """A sample without replacement; a larger one with the same seed begins with the smaller."""
    order = list(every)
    random.Random(seed).shuffle(order)
    return order[: size or None]


def _key(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["module"], row["operator"], row["occurrence"]


def _known(file: Path) -> dict[tuple[Any, ...], dict[str, Any]]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return {_key(row): row for row in map(json.loads, lines)}


def _row(one: Mutation, verdict: Verdict) -> dict[str, Any]:
    return vars(one) | vars(verdict) | {"change": one.difference()}


def _summary(name: str, rows: list[dict[str, Any]], every: int) -> None:
    """The score with its interval (Wilson, 1927; 95 %), then the survivors."""
    for row in rows:
        if row["outcome"] == "survived":
            print(f"{row['module']}:{row['line']} {row['operator']} {row['occurrence']}")
    n, killed = len(rows), sum(row["outcome"] != "survived" for row in rows)
    share, z2 = killed / max(n, 1), 1.96**2
    middle, whole = share + z2 / (2 * max(n, 1)), 1 + z2 / max(n, 1)
    half = math.sqrt(z2 * (share * (1 - share) / max(n, 1) + z2 / (4 * max(n, 1) ** 2)))
    ends = f"{100 * (middle - half) / whole:.0f} to {100 * (middle + half) / whole:.0f} %"
    print(f"{name}: {killed} of {n} killed, {100 * share:.0f} % ({ends}); {every} mutants in all\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
