"""From a compiled model to a run: simulate, put together, estimate, judge, store."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from typing import Any

from ccsim.experiments.again import Seconds
from ccsim.experiments.plan import FirstWord, ModelLike, Plan
from ccsim.experiments.progress import Progress
from ccsim.experiments.replicate import Begun, Simulator, Stop
from ccsim.interrupts import raise_if_lost
from ccsim.metrics.arriving import Arriving
from ccsim.metrics.estimates import estimate, frame_of_estimates
from ccsim.metrics.goals import judge
from ccsim.metrics.periods import by_period, why_no_periods
from ccsim.metrics.spread import spread_of
from ccsim.metrics.sums import Sums
from ccsim.results.held_tables import Tables
from ccsim.results.provenance import provenance
from ccsim.results.run import Run
from ccsim.results.store import RunFolder
from ccsim.results.tables import Assembler, SimulatedTables


def simulate_run(
    plan: Plan,
    model: ModelLike,
    simulate: Simulator | Begun,
    *,
    folder: RunFolder | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
    warn: Callable[[str], None] | None = None,
    first: FirstWord | None = None,
) -> Run:
    """Simulate a plan and return its run, stored where a `folder` (an entered context) is given.

    With a folder the tables are written while it is simulated; without one they are kept in memory while they are
    short, and beyond that in a temporary folder that is gone with the run.
    Stopped early, the run holds the replications that were finished, as if no more had been asked for, and
    `warn` is told; KeyboardInterrupt if there is none. `first` is told before the run is stored. What is simulated may
    have been begun, with the plan's replications and workers.
    """
    sinks = folder.sinks(model.thresholds, visits=plan.visits) if folder is not None else None
    made = Assembler(model.names, model.workforce_plan, model.thresholds, visits=plan.visits, sinks=sinks)
    begun = (
        Begun(simulate, plan.replications, workers=plan.workers, stop=stop)
        if callable(simulate)
        else nullcontext(simulate)
    )
    again = Seconds(plan, model)
    arriving = Arriving(made.named(), plan.measured)

    def take(one: SimulatedTables) -> None:
        made.add(one)
        arriving.take(one.tables)

    ahead: list[Callable[[], object]] = [] if folder is None else [partial(folder.write_ahead, made.named())]
    meanwhile = [*ahead, *(() if first is None else first.meanwhile)]
    raise_if_lost()
    with begun as simulating:
        simulated = simulating.hand_to(again.beside(take), progress, meanwhile)
    if simulated == 0:
        raise KeyboardInterrupt("stopped before a replication was finished")
    if simulated < plan.replications and warn is not None:
        warn(f"stopped: {simulated} of {plan.replications} replications were finished and are kept")
    spent = time.monotonic() - simulating.since
    return run_of(
        plan,
        made,
        folder,
        workers=simulating.workers,
        elapsed_seconds=spent,
        first=first,
        again=again.tables(),
        arriving=arriving,
    )


def run_of(
    plan: Plan,
    made: Assembler,
    folder: RunFolder | None = None,
    *,
    workers: int,
    elapsed_seconds: float,
    first: FirstWord | None = None,
    again: Tables | None = None,
    arriving: Arriving | None = None,
) -> Run:
    """The run that the taken replications make: estimated, judged, and stored where there is a folder.

    `again`: tables of the second replications of its first replications, where inputs are uncertain. `arriving`: has
    added the replications up as they arrived.
    """
    frames, digests = made.finish()
    if folder is not None:
        tables = Tables(frames, folder.written())
    else:
        tables = Tables(frames, made.spill.close(), spill=made.spill)
    sums = Sums(tables, plan.measured, None if arriving is None else arriving.names)
    if arriving is not None:
        arriving.hand_to(sums)
    shared = None if folder is None else sums  # who holds a run that is not stored holds its tables alone
    run = Run(
        name=plan.name,
        measured=plan.measured,
        tables=tables,
        estimates=frame_of_estimates(()),
        goals=judge(plan.goals, tables, plan.measured, sums=sums),
        digests=digests,
        provenance=provenance(
            scenario=plan.scenario or {},
            files=plan.files,
            variants=plan.variants,
            settings=plan.settings,
            overrides=plan.overrides,
            remarks=plan.remarks,
            seed=plan.seed,
            replications_asked=plan.replications,
            replications=made.replications,
            workers=workers,
            elapsed_seconds=elapsed_seconds,
            command=plan.command,
            holidays=plan.holidays,
            engine=plan.engine,
        ),
        periods=None if why_no_periods(plan.measured) else partial(by_period, tables, plan.measured, sums=shared),
        **_of_uncertain(plan, sums, again),
    )
    if first is not None:
        first.begin(run, sums)
        told = estimate(tables, plan.measured, kpis=first.kpis, among=first.scopes, sums=sums)
        first.tell(replace(run, estimates=told))
    run = replace(run, estimates=estimate(tables, plan.measured, sums=sums))
    if first is not None:
        first.whole(run)
    return run if folder is None else folder.store(run)


def _of_uncertain(plan: Plan, sums: Sums, again: Tables | None) -> dict[str, Any]:
    """What a run tells of its uncertain inputs; nothing where it has none."""
    if plan.uncertainty is None:
        return {}
    second = None if again is None else Sums(again, plan.measured)
    return {
        "inputs": plan.uncertainty.table(plan.seed, sums.replications),
        "spread": spread_of(plan.goals, sums, second),
    }
