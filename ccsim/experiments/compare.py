"""Paired replications of a base and its variants: the same seed and index, so the same random numbers for the same
contact.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from ccsim.errors import CcsimError
from ccsim.experiments.compare_alternatives import Contestant, check_decidable, line_up
from ccsim.experiments.progress import Progress
from ccsim.experiments.replicate import Stop
from ccsim.experiments.runs import simulate_run
from ccsim.experiments.until import Ended, simulate_until
from ccsim.experiments.until_rule import check_until
from ccsim.language.goals import TIMES
from ccsim.metrics.best import DRAWS, best
from ccsim.metrics.decide import FIRST, Until
from ccsim.metrics.goals import kpi_of_goal, scope_of
from ccsim.metrics.paired import Confidence, differences, simultaneous
from ccsim.metrics.paired_influence import Simulated
from ccsim.metrics.standing import goal_rows, standings
from ccsim.metrics.sums import Sums
from ccsim.metrics.time_goals import asked_time, in_time
from ccsim.results.comparison import Alternative, Comparison
from ccsim.results.comparison_columns import ALTERNATIVES, BEST, DIFFERENCES
from ccsim.results.comparison_store import ComparisonFolder, frame_of_rows
from ccsim.results.measured import Measured
from ccsim.results.places import is_run
from ccsim.results.provenance import machine, recorded_now, sha256_of_value, versions
from ccsim.results.run import Run
from ccsim.results.store import RunFolder
from ccsim.results.text import few

if TYPE_CHECKING:
    from ccsim.language.goals import Goal

log: Final = logging.getLogger("ccsim.compare")


class Unfinished(KeyboardInterrupt):
    """Stopped before every alternative was simulated; its text says what is kept."""


def compare(
    base: Contestant,
    variants: Sequence[Contestant],
    *,
    replications: int | None = None,
    until: Until | None = None,
    out: str | Path | None = None,
    force: bool = False,
    workers: int | None = None,
    progress: Progress | None = None,
    stop: Stop | None = None,
    command: Sequence[str] | None = None,
) -> Comparison:
    """Simulate a base and its variants on common random numbers, and tell what differs, with intervals.

    All are simulated with the seed and the number of replications of the base, and judged by its goals.

    Parameters
    ----------
    replications
        Paired replications, >= 2; default the base's. With `until` it says nothing.
    until
        Simulate until this is reached, or its caps.
    out
        Folder for the comparison and its runs; default: not stored. One that was not finished is resumed:
        runs with the same scenario, seed, replications, goals, versions and processor are taken as they are.
        `OutputError` if it asks something else, or if another process is writing there.
    force
        Replace a finished comparison that is in `out`, once the new one is complete; begin an unfinished one anew.
    workers
        Threads; the result does not depend on them.

    Raises
    ------
    NotComparable
        A difference would mean nothing; with `until`, a goal is about a part that one of them does not have.
    Unfinished
        Ctrl-C before there was anything to compare.
    """
    if until is not None:
        check_until(until, base.plan.goals, [one.plan.measured for one in (base, *variants)])
    count = until.most_replications if until is not None else replications
    contestants = line_up(base, variants, replications=count)
    if until is not None and until.what != "best":
        check_decidable(contestants)
    warnings = {str(one): None for each in contestants for one in each.plan.remarks if one.kind == "warning"}
    for warning in warnings:
        log.warning("%s", warning)
    with nullcontext() if out is None else ComparisonFolder(out, force=force) as place:
        if place is not None:
            place.begin(_question(contestants, until))
        began = time.monotonic()
        if until is None:
            runs = _fixed(contestants, place, workers=workers, progress=progress, stop=stop)
            confidence, method = simultaneous(len(variants)), {}
        else:
            ended = simulate_until(contestants, until, place, workers=workers, progress=progress, stop=stop)
            runs, confidence, method = ended.runs, ended.confidence, _told(until, ended)
        sides = [Alternative(one.plan.name, one.folder, runs[one.plan.name].digest, one.changes) for one in contestants]
        spent = time.monotonic() - began
        made = comparison_of(sides, runs, base.plan.goals, confidence, method, command=command, elapsed=spent)
        return made if place is None else place.store(made)


def _question(contestants: Sequence[Contestant], until: Until | None) -> dict[str, str]:
    """What a comparison asks; not on what machine and with which versions, which only decide what is simulated
    again."""
    plan = contestants[0].plan
    asked = {"seed": str(plan.seed), "replications": str(plan.replications), "until": "none"}
    if until is not None:
        asked["until"] = sha256_of_value({name: str(value) for name, value in asdict(until).items()})
    asked["goals"] = sha256_of_value([[str(part) for part in _asked(goal, plan.measured)] for goal in plan.goals])
    for one in contestants:
        asked[f"scenario {one.plan.name}"] = sha256_of_value(one.plan.scenario or {})
    return asked


def comparison_of(
    alternatives: Sequence[Alternative],
    runs: Mapping[str, Run],
    goals: Sequence[Goal],
    confidence: Confidence,
    method: Mapping[str, Any],
    *,
    command: Sequence[str] | None = None,
    elapsed: float = 0.0,
) -> Comparison:
    """What the runs of some alternatives (by name, the base first), judged by the same goals, say about each other."""
    simulated = {one.name: Simulated(Sums(runs[one.name].tables, runs[one.name].measured)) for one in alternatives}
    base = runs[alternatives[0].name]
    others = {one.name: simulated[one.name] for one in alternatives[1:]}
    judged = {name: runs[name].goals for name in simulated}
    return Comparison(
        alternatives=tuple(alternatives),
        runs=dict(runs),
        differences=frame_of_rows(differences(simulated[alternatives[0].name], others, confidence), DIFFERENCES),
        best=frame_of_rows(goal_rows(goals, simulated, best(goals, simulated), confidence), BEST),
        standings=frame_of_rows(standings(goals, judged, simulated), ALTERNATIVES),
        method=_intervals(confidence, len(others), min(run.replications for run in runs.values())) | dict(method),
        seed=base.provenance["seed"],
        replications=max(run.replications for run in runs.values()),
        provenance=recorded_now(command, elapsed),
    )


def _intervals(confidence: Confidence, variants: int, replications: int) -> dict[str, Any]:
    shared = f", which hold for all {variants} variants at once (Bonferroni)" if variants > 1 else ""
    level = 1 - confidence.error
    return {
        "level": level,
        "shares": confidence.shares,
        "text": f"paired jackknife intervals, {level * 100:g} %{shared}, KPI by KPI; corrected for skewness",
        "few_replications": few(replications) or None,
        "best": f"share of {DRAWS:,} bootstrap samples of whole replications in which the mean is best",
    }


def _told(until: Until, ended: Ended) -> dict[str, Any]:
    return {
        "until": str(until),
        "looks": ended.looks,
        "reached": ended.reached,
        "why": ended.why,
        "text": "paired intervals by the jackknife, longer than Student's where differences are skewed (Hall), that "
        f"hold at every look, for all variants and goals at once, with {(1 - until.error) * 100:g} % (the error is "
        f"spent over looks, variants and goals){_few(ended.looks[0])}",
    }


def _few(first: int) -> str:
    """What is less sure of a look at fewer replications than the first look should have."""
    if first >= FIRST:
        return ""
    fewer = f"; {first} replications are fewer than the {FIRST} of a first look"
    return f"{fewer}: a skewed KPI is decided with less confidence"


def _fixed(
    contestants: Sequence[Contestant],
    place: ComparisonFolder | None,
    *,
    workers: int | None,
    progress: Progress | None,
    stop: Stop | None,
) -> dict[str, Run]:
    """Every contestant's run, one after the other: those that are finished stay if it is stopped."""
    runs: dict[str, Run] = {}
    stop = Stop() if stop is None else stop
    for number, one in enumerate(contestants, 1):
        kept = None if place is None else finished_run(place.of(one.folder), one)
        if kept is None:
            log.info("%s (%d of %d)", one.plan.name, number, len(contestants))
            kept = _simulate(one, place, workers=workers, progress=progress, stop=stop)
        else:
            log.info("%s (%d of %d): already simulated, used as it is", one.plan.name, number, len(contestants))
        if kept is None:
            saved = f"{len(runs)} of {len(contestants)} alternatives are finished and kept; the same command resumes"
            raise Unfinished(f"stopped: {saved if place is not None else 'nothing is kept'}")
        runs[one.plan.name] = kept
    return runs


def _simulate(
    one: Contestant, place: ComparisonFolder | None, *, workers: int | None, progress: Progress | None, stop: Stop
) -> Run | None:
    """A whole run; None where it was stopped: what is stored then says so, and is simulated again by the next
    attempt."""
    plan = replace(one.plan, workers=workers)
    run = None
    with suppress(KeyboardInterrupt):
        if place is None:
            run = simulate_run(plan, one.model, one.simulate, progress=progress, stop=stop)
        else:
            with RunFolder(place.of(one.folder), force=True) as folder:
                run = simulate_run(plan, one.model, one.simulate, folder=folder, progress=progress, stop=stop)
    return None if run is None or run.stopped else run


def finished_run(folder: Path, one: Contestant) -> Run | None:
    """A run that was stored before, if simulating the contestant would give the same; None otherwise."""
    if not is_run(folder):
        return None
    try:
        run = Run.read(folder)
        for file in folder.glob("*.parquet"):
            pq.read_metadata(file)  # stands at the end: an error where a file is cut off
    except (CcsimError, OSError, pa.ArrowException):
        return None
    found = run.provenance
    same = (
        run.name == one.plan.name
        and run.replications == one.plan.replications
        and not run.stopped
        and found.get("seed") == one.plan.seed
        and found.get("scenario_sha256") == sha256_of_value(one.plan.scenario or {})
        and found.get("versions") == versions()
        and found.get("machine", {}).get("processor") == machine()["processor"]
        and [_judged(goal) for goal in run.goals] == [_asked(goal, one.plan.measured) for goal in one.plan.goals]
    )
    return run if same else None


def _judged(goal: Mapping[str, Any]) -> tuple[Any, ...]:
    time = {name: value for name, value in goal.get("time", {}).items() if name in TIMES}
    return goal["kpi"], goal["scope"], goal["threshold_s"], goal["at_least"], goal["at_most"], time


def _asked(goal: Goal, measured: Measured) -> tuple[Any, ...]:
    _, within = kpi_of_goal(goal, measured)
    time = asked_time(goal) if in_time(goal) else {}
    return goal.kpi, scope_of(goal), None if within is None else within / 1e6, goal.at_least, goal.at_most, time
