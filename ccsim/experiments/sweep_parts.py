"""What is kept of a simulated point: its KPIs with what each replication did to them, and its goals.

That is enough for every paired difference between any two points, so a run's tables are let go of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np

from ccsim.experiments.kept import Kept
from ccsim.experiments.prepared import Prepared
from ccsim.experiments.replicate import Stop, replicate
from ccsim.experiments.sweep_people import with_point
from ccsim.experiments.sweep_plan import Point, SweepPlan, Task
from ccsim.kpis.definitions import KPIS, kpis_of
from ccsim.kpis.shown import names_in
from ccsim.language.goals import Goal
from ccsim.metrics.best import influence_on_goal
from ccsim.metrics.decide import looks, waits_for
from ccsim.metrics.goals import judge
from ccsim.metrics.paired import Confidence, difference_row
from ccsim.metrics.paired_influence import Influence, Simulated
from ccsim.metrics.sums import Sums
from ccsim.results.held_tables import Tables
from ccsim.results.sweep_columns import GOALS_OF_POINTS, KPIS_OF_POINTS
from ccsim.results.text import limits_of

GOAL: Final = "goal"
"""Scope of what a goal is about."""
KEPT_SCOPES: Final = ("all", "kind")
"""Scopes that are always kept."""

Row = dict[str, Any]
Key = tuple[str, str, str, float | None]
"""KPI, scope, part, threshold in seconds."""


@dataclass(frozen=True, slots=True)
class SimulatedPoint:
    """One simulated point."""

    point: int
    lines: tuple[Row, ...]
    """KPIs: the columns of `kpis` up to the value's interval and `note`, with the arrays `moves`, `taken`, `tops` and
    `bottoms`, shape [replications]. Where a rule says how many replications there are, those of every look: two points
    are told apart by the replications that both have."""
    goals: tuple[Row, ...]
    """Goals: the columns of `goals`."""
    people: tuple[Row, ...] = ()
    """How people follow the work: the columns of `people`."""


def kept_kpis(goals: Iterable[Goal], more: Sequence[str]) -> list[str]:
    """KPIs that are kept: the main ones, those of a comparison's table, those of the goals, and more."""
    wanted = {*names_in("main KPIs"), *names_in("trade-off"), *(goal.kpi for goal in goals), *more}
    return [name for name in KPIS if name in wanted]


def simulate_task(
    task: Task, plan: SweepPlan, *, workers: int, stop: Stop, told: Any = None
) -> list[SimulatedPoint] | None:
    """Simulate all replications of a task and keep what is told of its points; None where it was stopped.

    Parameters
    ----------
    workers
        Threads of this task.
    told
        Progress, called on the thread of the task.
    """
    points, people = task.points, {point.number: with_point(point.people, point.number) for point in task.points}
    if task.search is None:
        ready = task.ready()
    else:
        found = task.search.found(workers=workers, stop=stop)
        if found is None:
            return None
        prepared, rows = found
        ready = prepared(seed=plan.seed, replications=plan.replications, workers=workers)
        points = tuple(replace(point, measured=ready.plan.measured) for point in points)
        people = {point.number: with_point(rows, point.number) for point in points}

    def told_of(tables: Tables) -> list[tuple[SimulatedPoint, Simulated]]:
        return [_part(point, plan, tables, people[point.number]) for point in points]

    simulate = ready.simulator(plan.seed)
    if plan.before is not None and task.digest:
        simulate = plan.before.simulator(simulate, f"{task.digest} {plan.seed}")
    return _look_by_look(ready, simulate, plan, task.least, told_of, workers=workers, stop=stop, told=told)


def _look_by_look(
    ready: Prepared,
    simulate: Callable[[int], Any],
    plan: SweepPlan,
    least: int,
    told_of: Callable[[Tables], list[tuple[SimulatedPoint, Simulated]]],
    *,
    workers: int,
    stop: Stop,
    told: Any,
) -> list[SimulatedPoint] | None:
    """Simulate the plan's replications, or until all points of a task have what they wait for; None where it is
    stopped."""
    until, kept = plan.until, Kept(ready.plan, ready.model, every=True)
    lines: dict[int, tuple[Row, ...]] = {}
    parts: list[SimulatedPoint] = []
    wanted = [plan.replications] if until is None else looks(until.most_replications, until.first)
    for number, many in enumerate(wanted, 1):
        first = kept.replications
        replicate(partial(_after, simulate, first), many - first, kept.take, workers=workers, progress=told, stop=stop)
        if kept.replications < many:
            return None
        found = told_of(kept.tables())
        parts = [replace(part, lines=(*lines.get(part.point, ()), *part.lines)) for part, _ in found]
        lines = {part.point: part.lines for part in parts}
        if until is None:
            break
        if many >= least and not any(waits_for(until, plan.goals, {"": simulated}, number) for _, simulated in found):
            break
    if told is not None and kept.replications < plan.replications:
        told.advance(plan.replications - kept.replications, 0)
    return parts


def _after(simulate: Callable[[int], Any], first: int, number: int) -> Any:
    return simulate(first + number)


def replications_of(part: SimulatedPoint) -> int:
    """Replications that a point has."""
    return max((line["replications"] for line in part.lines), default=0)


def last_look(part: SimulatedPoint) -> list[Row]:
    """Its KPIs by all its replications."""
    most = replications_of(part)
    return [line for line in part.lines if line["replications"] == most]


def _part(point: Point, plan: SweepPlan, tables: Tables, people: tuple[Row, ...]) -> tuple[SimulatedPoint, Simulated]:
    sums = Sums(tables, point.measured)
    simulated = Simulated(sums)
    lines: list[Row] = []
    known = kpis_of(point.measured.rule)
    for line in simulated.lines([name for name in kept_kpis(plan.goals, plan.kpis) if name in known], None):
        if line.scope not in (*KEPT_SCOPES, *plan.scopes):
            continue
        found = simulated.influence(line)
        threshold = None if line.threshold is None else line.threshold / 1e6
        for i, name in enumerate(found.names if found is not None else ()):
            assert found is not None
            lines.append(_line(point, (line.kpi, line.scope, name, threshold), found, i))
    told = judge(plan.goals, tables, point.measured, level=plan.level, sums=sums)
    for number, (goal, judged) in enumerate(zip(plan.goals, told, strict=True)):
        key = (goal.kpi, GOAL, str(number), judged["threshold_s"])
        lines.append(_line(point, key, influence_on_goal(goal, simulated), 0))
    goals = tuple(_goal(point, n, judged) for n, judged in enumerate(told))
    return SimulatedPoint(point.number, tuple(lines), goals, people), simulated


def _line(point: Point, key: Key, found: Influence, i: int) -> Row:
    kpi, scope, name, threshold = key
    low, high = found.ends[i]
    return {
        "point": point.number,
        "kpi": kpi,
        "scope": scope,
        "name": name,
        "threshold_s": threshold,
        "unit": KPIS[kpi].unit.replace("money", point.measured.currency),
        "replications": found.replications,
        "value": float(found.values[i]) if found.known[i] else None,
        "value_low": low,
        "value_high": high,
        "note": found.notes[i],
        "moves": found.moves[i].copy(),
        "taken": found.taken[i].copy(),
        "tops": None if found.tops is None else found.tops[i].copy(),
        "bottoms": None if found.bottoms is None else found.bottoms[i].copy(),
    }


def _goal(point: Point, number: int, judged: Mapping[str, Any]) -> Row:
    scope = " ".join(f"{what} {name}" for what, name in judged["scope"].items())
    asked = f"{judged['kpi']}{f' ({scope})' if scope else ''} {limits_of(judged)}"
    made: Row = {"point": point.number, "goal": number, "asked": asked}
    return made | {c.name: judged[c.name] for c in GOALS_OF_POINTS if c.name not in made}


def with_arrays(line: Row) -> Row:
    """A line that was read back, what each replication did in arrays again: lists take four times the memory."""
    kinds = {"moves": np.float64, "taken": np.bool_, "tops": np.float64, "bottoms": np.float64}
    made: Row = {name: None if line[name] is None else np.array(line[name], dtype=kind) for name, kind in kinds.items()}
    return line | made


def influence_in(line: Row) -> Influence:
    """What each replication did to a KPI, from what was kept."""
    value = line["value"]

    def matrix(name: str) -> Any:
        return None if line[name] is None else np.array([line[name]], dtype=np.float64)

    return Influence(
        names=(line["name"],),
        values=np.array([0.0 if value is None else value], dtype=np.float64),
        known=np.array([value is not None]),
        moves=np.array([line["moves"]], dtype=np.float64),
        taken=np.array([line["taken"]], dtype=bool),
        ends=((line["value_low"], line["value_high"]),),
        notes=(line["note"],),
        tops=matrix("tops"),
        bottoms=matrix("bottoms"),
    )


def rows_of_kpis(base: SimulatedPoint | None, part: SimulatedPoint, confidence: Confidence) -> list[Row]:
    """The rows of the table `kpis` of a point, each against the same KPI of the base where that was simulated, by the
    same replications."""
    ours = {(_key(line), line["replications"]): line for line in base.lines} if base is not None else {}
    rows = []
    for line in last_look(part):
        theirs = influence_in(line)
        first = ours.get((_key(line), line["replications"]))
        there = None if first is None else 0
        found = difference_row(
            KPIS[line["kpi"]].better, theirs if first is None else influence_in(first), there, theirs, 0, confidence
        )
        row = line | {name: found[name] for name in _FOUND}
        rows.append({column.name: row[column.name] for column in KPIS_OF_POINTS})
    return rows


_FOUND: Final = ("base", "difference", "low", "high", "standard_error", "verdict", "good")


def _key(line: Row) -> Key:
    return line["kpi"], line["scope"], line["name"], line["threshold_s"]
