"""What `ccsim drivers` prints: for each goal and the cost the inputs that move it, the largest effect first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from ccsim.experiments.progress import short_time
from ccsim.metrics.drivers import SIDES, effects
from ccsim.report.drivers_told import DriversTold
from ccsim.results.parquet import plain_rows
from ccsim.results.summary import aligned
from ccsim.results.text import few

if TYPE_CHECKING:
    from ccsim.experiments.sweep_plan import SweepPlan
    from ccsim.results.sweep import Sweep

MOST_ROWS: Final = 15
"""Inputs of a table on the terminal; the page has all."""


def plan_lines(plan: SweepPlan) -> Iterator[str]:
    """What would be moved, for people."""
    told: Sequence[Any] = plan.about["drivers"]
    tasks = len(plan.tasks)
    yield f"{plan.name}: {len(told)} input{'s' * (len(told) != 1)}, one at a time; seed {plan.seed}"
    yield (
        f"{tasks} scenario{'s' * (tasks != 1)} of {plan.replications} replications are to be simulated, the scenario "
        f"as written among them, {plan.replications_in_all:,} replications; what is a price is priced"
    )
    yield f"about {short_time(plan.seconds)} on {plan.workers} worker{'s' * (plan.workers != 1)}"
    yield ""
    cells = [["input", "low end", "high end", "keys"]]
    for one in told:
        ends = [words if one[end] is not None else "" for end, words in zip(SIDES, one["ends"], strict=True)]
        keys = ", ".join(one["keys"][:3]) + (f" and {len(one['keys']) - 3} more" if len(one["keys"]) > 3 else "")
        cells.append([one["driver"], *ends, keys])
    yield from aligned(cells)
    yield from (f"left out: {one}" for one in plan.about["left_out"])


def document(made: Sweep, kpis: Sequence[str]) -> dict[str, Any]:
    """The drivers as one JSON document."""
    return {
        "drivers": made.name,
        "folder": None if made.folder is None else str(made.folder),
        "digest": made.digest,
        "seed": made.seed,
        "replications": made.replications,
        "step": made.provenance["step"],
        "parked": [{"point": point, "error": error} for point, error in made.parked.items()],
        "left_out": list(made.provenance["left_out"]),
        "inputs": list(made.provenance["drivers"]),
        "effects": plain_rows(effects(made, kpis)),
    }


def lines(made: Sweep, kpis: Sequence[str] = ()) -> Iterator[str]:
    """The drivers for people, line by line."""
    told = DriversTold(made, kpis)
    simulated = made.points["simulated_as"].nunique()
    follow = ", people follow the work" if made.provenance.get("staff") else ""
    inputs = f"{len(told.inputs)} input{'s' * (len(told.inputs) != 1)}"
    yield (
        f"{made.name}: {inputs}, each by {made.provenance['step']} unless it says otherwise, one at a time{follow}; "
        f"{simulated} scenario{'s' * (simulated != 1)} on common random numbers, "
        f"{made.replications} replications each, seed {made.seed}"
    )
    if words := few(made.replications):
        yield f"  {words}"
    yield from told.answer()
    for title, rows in told.targets:
        yield ""
        yield f"{title}: {told.now(rows)} as written"
        table = list(told.table(rows))
        if len(table) > 1:
            yield from (f"  {line}" for line in aligned(table[: MOST_ROWS + 1]))
        if len(table) > MOST_ROWS + 1:
            yield f"  ... and {len(table) - MOST_ROWS - 1} more inputs: see the page"
        yield from (f"  {line}" for line in told.noted(rows))
    yield ""
    yield from (f"left out: {one}" for one in told.left_out)
    yield from (f"point {point} failed and is left out: {error}" for point, error in made.parked.items())
    yield (
        "Effects are paired differences, of shares in points, each with its 95 % interval; significant: with 95 % for "
        "all effects on a goal together."
    )
    yield f"Results: {made.folder}" if made.folder is not None else "Results were not stored"
