"""What `ccsim sweep` prints: the plan, or a table of all points with their goals and costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ccsim.experiments.progress import short_time
from ccsim.kpis.definitions import KPIS
from ccsim.report.sweep_told import AS_WRITTEN, SweepTold, one_moved, people_text
from ccsim.results.parquet import plain_rows
from ccsim.results.summary import aligned
from ccsim.results.text import few

if TYPE_CHECKING:
    from ccsim.experiments.sweep_best import BestPoint
    from ccsim.experiments.sweep_plan import SweepPlan
    from ccsim.results.sweep import Sweep

MOST_ROWS: Final = 60
"""Points of a table on the terminal; the files have all."""


def plan_document(plan: SweepPlan) -> dict[str, Any]:
    """The plan as one JSON document."""
    return {
        "sweep": plan.name,
        "question": plan.question,
        "points": [{"point": one.number, "scenario": one.name, "values": dict(one.values)} for one in plan.points],
        "scenarios_simulated": len(plan.tasks),
        "replications": plan.replications,
        **({} if plan.until is None else {"until": str(plan.until), "least_replications": plan.least_replications}),
        "seed": plan.seed,
        "replications_in_all": plan.replications_in_all,
        "workers": plan.workers,
        "foreseen_seconds": plan.seconds,
        "staff": plan.staff,
        "people": [{"point": one.number} | row for one in plan.points for row in one.people],
        "searches": len(plan.searches),
    }


def plan_lines(plan: SweepPlan) -> Iterator[str]:
    """The plan for people."""
    points, tasks = len(plan.points), len(plan.tasks)
    yield f"{plan.name}: {points} point{'s' * (points != 1)}, the scenario as written among them; seed {plan.seed}"
    many, replications = str(plan.replications), f"{plan.replications_in_all:,}"
    if plan.until is not None:
        least = plan.least_replications
        many, replications = f"{least} to {many}", f"{least * tasks:,} to {replications}"
    yield (
        f"{tasks} scenario{'s' * (tasks != 1)} of {many} replications are to be simulated, {replications} replications"
        f"{f', until {plan.until}' if plan.until is not None else ''}{_priced(points - tasks)}"
    )
    if told := searches_told(plan):
        yield told
    about = "about" if plan.until is None else "at most"
    yield f"{about} {short_time(plan.seconds)} on {plan.workers} worker{'s' * (plan.workers != 1)}"
    yield ""
    keys = list(dict.fromkeys(key for one in plan.points for key, _ in one.values))
    several = len({one.name for one in plan.points}) > 1
    moved = {one.number: [one_moved(row) for row in one.people] for one in plan.points}
    follows = ["people"] if any(moved.values()) else []
    cells = [["point", *(["scenario"] if several else []), *keys, *follows]]
    for one in plan.points[:MOST_ROWS]:
        values = dict(one.values)
        said = [values.get(key, "") for key in keys] if values else [AS_WRITTEN, *([""] * (len(keys) - 1))]
        people = [people_text(moved[one.number])] if follows else []
        cells.append([str(one.number), *([one.name] if several else []), *said, *people])
    yield from aligned(cells)
    if points > MOST_ROWS:
        yield f"... and {points - MOST_ROWS} more points"


def _priced(points: int) -> str:
    if points < 1:
        return ""
    return f"; {points} point{'s differ' if points != 1 else ' differs'} from another in prices at most"


def searches_told(plan: SweepPlan) -> str:
    """What the searches for people take; nothing where there are none."""
    if not plan.searches:
        return ""
    looks = sum(one.looks() for one in plan.searches)
    many = len(plan.searches)
    return (
        f"before {'it is' if many == 1 else 'they are'} simulated, the people of {many} point{'s' * (many != 1)} are "
        f"searched: some {looks:,} looks at plans"
    )


def document(made: Sweep, best: Mapping[str, BestPoint] | None = None) -> dict[str, Any]:
    """The sweep as one JSON document."""
    return {
        "sweep": made.name,
        "folder": None if made.folder is None else str(made.folder),
        "digest": made.digest,
        "seed": made.seed,
        "replications": made.replications,
        **({"until": made.until} if made.until else {}),
        "parked": [{"point": point, "error": error} for point, error in made.parked.items()],
        "points": plain_rows(made.points),
        "kpis": plain_rows(made.kpis),
        "goals": plain_rows(made.goals),
        **({} if made.indices is None else {"indices": plain_rows(made.indices)}),
        "people": plain_rows(made.people),
        **({} if best is None else {"best": [{"at": at} | best_document(one) for at, one in best.items()]}),
    }


def lines(made: Sweep, *, kpis: Sequence[str] = (), best: Mapping[str, BestPoint] | None = None) -> Iterator[str]:
    """The sweep for people, line by line; of `kpis` a table each; what is the best in place of the cheapest."""
    told = SweepTold(made)
    simulated = made.points["simulated_as"].nunique()
    if made.provenance.get("question"):
        yield str(made.provenance["question"])
    yield (
        f"{made.name}: {len(told.points)} points on common random numbers, {made.replications_told}, "
        f"seed {made.seed}{_priced(len(told.points) - simulated)}"
    )
    if words := few(made.fewest_replications):
        yield f"  {words}"
    if best is None:
        yield from told.answer()
    for at, one in (best or {}).items():
        if at:
            yield f"With {at}:"
        yield from (f"  {line}" if at else line for line in best_lines(one))
    yield ""
    yield from aligned(list(told.table(MOST_ROWS)))
    for kpi in kpis:
        yield ""
        yield from aligned(list(told.of_kpi(kpi, MOST_ROWS)))
    for title, cells in told.indices(kpis):
        yield ""
        yield title
        yield from (f"  {line}" for line in aligned(cells))
    if len(told.points) > MOST_ROWS:
        yield f"... and {len(told.points) - MOST_ROWS} more points: see kpis.csv"
    yield ""
    yield from told.people_notes()
    for point, error in made.parked.items():
        yield f"point {point} failed and is left out: {error}"
    yield "Intervals hold with 95 % each, not for all points at once; differences are paired, of shares in points."
    yield f"Results: {made.folder}" if made.folder is not None else "Results were not stored"


def best_document(found: BestPoint) -> dict[str, Any]:
    """The best point as one JSON document."""
    return {
        "kpi": found.kpi,
        "where": list(found.asked) or "all goals",
        "best": found.met[0] if found.met else None,
        "settings": found.sweep.settings(found.met[0]) if found.met else {},
        "meet": list(found.met),
        "undecided": list(found.perhaps),
        "not_significantly_worse": list(found.alike),
        "differences": list(found.beside),
    }


def best_lines(found: BestPoint) -> Iterator[str]:
    """The best point for people."""
    told, kpi = SweepTold(found.sweep), KPIS[found.kpi]
    what = " and ".join(found.asked) if found.asked else "all goals"

    def named(point: int) -> str:
        said = ", ".join(f"{key}={value}" for key, value in told.points[point].items()) or AS_WRITTEN
        return f"point {point} ({said})"

    yield f"{len(found.met)} of {found.of} points {'is' if len(found.met) == 1 else 'are'} shown to meet {what}."
    if found.met:
        best = found.met[0]
        yield f"The {kpi.better[:-2] + 'est'} {kpi.title.lower()} of them: {named(best)}, {told.shown(best, found.kpi)}"
        same = [row["point"] for row in found.beside if row["verdict"] == "equal"]
        yield from _points("The same in every replication", same)
        apart = [row for row in found.beside if row["verdict"] != "equal"]
        if apart:
            words = {"worse": "significantly worse", "better": "significantly better"}
            said = words.get(apart[0]["good"], "not significantly worse")
            yield f"The next: {named(apart[0]['point'])}, {told.apart(apart[0], found.kpi)}: {said}"
        others = [row["point"] for row in apart[1:] if row["good"] != "worse"]
        yield from _points("Not significantly worse either", others)
    yield from _points("Not decided whether they meet it, more replications would tell", found.perhaps)
    if found.beside:
        yield "Differences from the best are paired and hold with 95 % for all of them at once."


def _points(said: str, points: Sequence[int]) -> Iterator[str]:
    if points:
        yield f"{said}: point{'s' * (len(points) > 1)} {', '.join(map(str, points))}"
