"""`python -m experiments.engines`: simulate random scenarios with both engines, and show where they differ."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from ccsim.workers import default_workers
from experiments.engines.simulate import leave_ctrl_c, simulate_one

SAY_SECONDS = 5.0


def main(arguments: Sequence[str] | None = None) -> int:
    """0: all equal; 1: some differ, or cannot be simulated; 130: stopped, and what was simulated is told."""
    options = _parser().parse_args(arguments)
    numbers = range(options.first_seed, options.first_seed + options.count)
    began, said_at, simulated, rows, differ = time.monotonic(), time.monotonic(), 0, 0, 0
    stopped = False
    try:
        for log_rows, said in _all(numbers, options.workers):
            simulated, rows, differ = simulated + 1, rows + log_rows, differ + bool(said)
            if said:
                print(said, end="\n\n", flush=True)
            if time.monotonic() - said_at > SAY_SECONDS:
                said_at = time.monotonic()
                left = (said_at - began) / simulated * (len(numbers) - simulated)
                print(f"{simulated} of {len(numbers)}, {differ} differ, {left:.0f} s left", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        stopped = True
    print(f"{simulated - differ} of {simulated} random scenarios from number {numbers.start} are equal, {rows} visits")
    return 130 if stopped else int(differ > 0)


def _all(numbers: range, workers: int) -> Iterator[tuple[int, str]]:
    """In order of the numbers."""
    if workers == 1:
        yield from map(simulate_one, numbers)
        return
    pool = ProcessPoolExecutor(workers, get_context("spawn"), leave_ctrl_c)
    try:
        yield from pool.map(simulate_one, numbers, chunksize=4)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m experiments.engines", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="so many scenarios (1000)")
    parser.add_argument("--first-seed", type=int, default=0, metavar="N", help="number of the first (0)")
    parser.add_argument("--workers", type=int, default=default_workers(), metavar="N", help="processes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
