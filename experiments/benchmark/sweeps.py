"""Two workers against one on a whole sweep, and what its store costs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.benchmark.clock import Lap, in_turn
from experiments.benchmark.figures import Figure
from experiments.benchmark.plan import Plan
from experiments.benchmark.subject import REPOSITORY

if TYPE_CHECKING:
    from ccsim.experiments.sweep_plan import SweepPlan

PART = "sweep (regional desk)"
MOST_ROUNDS = 2
"""A process takes a second or two to start: a lap is to be as long as a sweep of so many runs is."""
KEY = "channels.phone.patience.mean"
REPLICATIONS = 20
AIM, STORE_AT_MOST = 1.8, 0.05
STORE = ("begin", "kept", "keep", "store")
"""What the store of a sweep is asked for."""


@dataclass
class Kept:
    """Seconds in the store."""

    wall: float = 0.0
    cpu: float = 0.0


def sweeps(plan: Plan) -> list[Figure]:
    """So many runs as `plan.replications` on one worker, and as many on two; the sweeps take turns."""
    from ccsim.experiments.sweep import swept

    rounds = min(plan.rounds, MOST_ROUNDS)
    each = max(1, plan.replications // (rounds * REPLICATIONS))
    planned = _planned(each)
    kept: dict[int, list[Kept]] = {1: [], 2: []}

    def program(workers: int) -> Callable[[], int]:
        def simulate() -> int:
            with tempfile.TemporaryDirectory() as folder, _watched() as seen:
                swept(replace(planned, workers=workers), out=Path(folder) / "sweep")
            kept[workers].append(seen)
            return planned.replications_in_all

        return simulate

    swept(replace(_planned(1), workers=1))  # so that nothing is compiled or loaded in what is measured
    laps = in_turn({"1": program(1), "2": program(2)}, rounds)
    one, two = laps["1"], laps["2"]
    runs = planned.replications_in_all * 2 * rounds
    note = f"{len(planned.tasks)} scenarios of {REPLICATIONS} replications a lap, {runs:,} runs"
    return [
        Figure(PART, "one worker", "runs/s", tuple(lap.wall_rate for lap in one), note=note),
        Figure(PART, "two workers", "runs/s", tuple(lap.wall_rate for lap in two)),
        Figure(PART, "two / one", "times",
               tuple(b.wall_rate / a.wall_rate for a, b in zip(one, two, strict=True)), AIM),
        Figure(PART, "cores busy, one worker", "cores", tuple(lap.cpu / lap.wall for lap in one)),
        Figure(PART, "cores busy, two workers", "cores", tuple(lap.cpu / lap.wall for lap in two)),
        Figure(PART, "per second of processor time, two / one", "times",
               tuple(b.rate / a.rate for a, b in zip(one, two, strict=True))),
        Figure(PART, "store, share of the time, one worker", "share", _shares(one, kept[1]), STORE_AT_MOST, "at most"),
        Figure(PART, "store, share of processor time", "share",
               tuple(seen.cpu / lap.cpu for lap, seen in zip(one, kept[1], strict=True))),
    ]  # fmt: skip


def _shares(laps: list[Lap], kept: list[Kept]) -> tuple[float, ...]:
    return tuple(seen.wall / lap.wall for lap, seen in zip(laps, kept, strict=True))


def _planned(points: int) -> SweepPlan:
    """A sweep of so many points beside the scenario as written: what is measured is simulated, not planned."""
    from ccsim.experiments.asked import Effort
    from ccsim.experiments.sweep_factors import factors_of
    from ccsim.experiments.sweep_plan import SweepAsked, plan_sweep

    values = f"x0.9..x1.1:{points}" if points > 1 else "x1.1"
    factors, faults = factors_of([f"{KEY}={values}"])
    assert not faults, faults
    scenario = str(REPOSITORY / "scenarios" / "regional_desk.yaml")
    return plan_sweep(SweepAsked([scenario], factors, effort=Effort(REPLICATIONS)))


@contextmanager
def _watched() -> Iterator[Kept]:
    """Time what the store is asked for."""
    from ccsim.results.sweep_store import SweepFolder

    seen, before = Kept(), {name: getattr(SweepFolder, name) for name in STORE}

    def timed(inner: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **more: Any) -> Any:
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return inner(*given, **more)
            finally:
                seen.wall += time.perf_counter() - wall
                seen.cpu += time.thread_time() - cpu

        return call

    try:
        for name, inner in before.items():
            setattr(SweepFolder, name, timed(inner))
        yield seen
    finally:
        for name, inner in before.items():
            setattr(SweepFolder, name, inner)
