"""What `ccsim sweep` prints: the plan, or a table of all points with their goals and costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ccsim.experiments.progress import short_time
from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.metrics.paired import title_of
from ccsim.results.parquet import plain_rows
from ccsim.results.summary import aligned
from ccsim.results.text import (
    decimals_for,
    ends_of,
    ends_text,
    few,
    limits_of,
    rounded,
    short,
    shown,
    side_of,
    three_digits,
)

if TYPE_CHECKING:
    from ccsim.experiments.sweep_plan import SweepPlan
    from ccsim.results.sweep import Sweep

MOST_ROWS: Final = 60
"""Points of a table on the terminal; the files have all."""
WITHOUT_GOALS: Final = ("service_level", "abandonment", "occupancy")
"""KPIs of the table where the scenario has no goals."""
AS_WRITTEN: Final = "as written"

Row = Mapping[str, Any]


def plan_document(plan: SweepPlan) -> dict[str, Any]:
    """The plan as one JSON document."""
    return {
        "sweep": plan.name,
        "question": plan.question,
        "points": [{"point": one.number, "scenario": one.name, "values": dict(one.values)} for one in plan.points],
        "scenarios_simulated": len(plan.tasks),
        "replications": plan.replications,
        "seed": plan.seed,
        "plays": plan.plays,
        "workers": plan.workers,
        "foreseen_seconds": plan.seconds,
    }


def plan_lines(plan: SweepPlan) -> Iterator[str]:
    """The plan for people."""
    points, tasks = len(plan.points), len(plan.tasks)
    yield f"{plan.name}: {points} point{'s' * (points != 1)}, the scenario as written among them; seed {plan.seed}"
    yield (
        f"{tasks} scenario{'s' * (tasks != 1)} of {plan.replications} replications are to be simulated, {plan.plays:,} "
        f"replications{_priced(points - tasks)}"
    )
    yield f"about {short_time(plan.seconds)} on {plan.workers} worker{'s' * (plan.workers != 1)}"
    yield ""
    keys = list(dict.fromkeys(key for one in plan.points for key, _ in one.values))
    several = len({one.name for one in plan.points}) > 1
    cells = [["point", *(["scenario"] if several else []), *keys]]
    for one in plan.points[:MOST_ROWS]:
        values = dict(one.values)
        said = [values.get(key, "") for key in keys] if values else [AS_WRITTEN, *([""] * (len(keys) - 1))]
        cells.append([str(one.number), *([one.name] if several else []), *said])
    yield from aligned(cells)
    if points > MOST_ROWS:
        yield f"... and {points - MOST_ROWS} more points"


def _priced(points: int) -> str:
    if points < 1:
        return ""
    return f"; {points} point{'s differ' if points != 1 else ' differs'} from another in prices at most"


def document(made: Sweep) -> dict[str, Any]:
    """The sweep as one JSON document."""
    return {
        "sweep": made.name,
        "folder": None if made.folder is None else str(made.folder),
        "digest": made.digest,
        "seed": made.seed,
        "replications": made.replications,
        "parked": [{"point": point, "error": error} for point, error in made.parked.items()],
        "points": plain_rows(made.points),
        "kpis": plain_rows(made.kpis),
        "goals": plain_rows(made.goals),
    }


def lines(made: Sweep, *, kpis: Sequence[str] = ()) -> Iterator[str]:
    """The sweep for people, line by line; of `kpis` a table each."""
    told = _Told(made)
    played = made.points["played_as"].nunique()
    if made.provenance.get("question"):
        yield str(made.provenance["question"])
    yield (
        f"{made.name}: {len(told.points)} points on common random numbers, {made.replications} replications each, "
        f"seed {made.seed}{_priced(len(told.points) - played)}"
    )
    if words := few(made.replications):
        yield f"  {words}"
    yield from told.answer()
    yield ""
    yield from aligned(list(told.table()))
    for kpi in kpis:
        yield ""
        yield from aligned(list(told.of_kpi(kpi)))
    if len(told.points) > MOST_ROWS:
        yield f"... and {len(told.points) - MOST_ROWS} more points: see kpis.csv"
    yield ""
    for point, error in made.parked.items():
        yield f"point {point} failed and is left out: {error}"
    yield "Intervals hold with 95 % each, not for all points at once; differences are paired, of shares in points."
    yield f"Results: {made.folder}" if made.folder is not None else "Results were not stored"


class _Told:
    """The tables of a sweep, by point."""

    def __init__(self, made: Sweep) -> None:
        self.made = made
        self.keys = made.keys()
        self.points: dict[int, dict[str, str]] = {}
        self.names: dict[int, str] = {}
        for row in plain_rows(made.points):
            self.points.setdefault(row["point"], {}).update({row["key"]: row["value"]} if row["key"] else {})
            self.names[row["point"]] = row["scenario"]
        self.several = len(set(self.names.values())) > 1
        self.goals: dict[int, list[Row]] = {}
        for row in plain_rows(made.goals):
            self.goals.setdefault(row["point"], []).append(row)
        self.kpis: dict[int, list[Row]] = {}
        for row in plain_rows(made.kpis):
            self.kpis.setdefault(row["point"], []).append(row)

    def row(self, point: int, kpi: str) -> Row | None:
        """A KPI of everything; of a service level the first threshold."""
        return next((row for row in self.kpis.get(point, ()) if row["kpi"] == kpi and row["scope"] == "all"), None)

    def heads(self, point: int) -> list[str]:
        values = self.points[point]
        said = [values.get(key, "") for key in self.keys]
        if not values and said:
            said[0] = AS_WRITTEN
        return [str(point), *([self.names[point]] if self.several else []), *said]

    @property
    def titles(self) -> list[str]:
        return ["point", *(["scenario"] if self.several else []), *self.keys]

    @property
    def costs(self) -> bool:
        """Whether anything costs anything."""
        return any((self.row(point, MAIN_COST) or {}).get("value") for point in self.points)

    def answer(self) -> Iterator[str]:
        """Which points meet all goals, and the cheapest of them."""
        first = self.goals.get(0) or next(iter(self.goals.values()), [])
        if not first:
            return
        met = [point for point, goals in self.goals.items() if all(goal["verdict"] == "pass" for goal in goals)]
        what = "the goal" if len(first) == 1 else "both goals" if len(first) == 2 else f"all {len(first)} goals"
        if not met:
            yield f"No point surely meets {what}."
            return
        yield f"{len(met)} of {len(self.points)} points surely meet{'s' * (len(met) == 1)} {what}."
        if self.costs:
            cheapest = min(met, key=lambda point: float((self.row(point, MAIN_COST) or {}).get("value") or 0.0))
            said = ", ".join(f"{key}={value}" for key, value in self.points[cheapest].items()) or AS_WRITTEN
            row = self.row(cheapest, MAIN_COST)
            yield f"The cheapest of them by its mean: point {cheapest} ({said}), {_short(row)} a day."

    def table(self) -> Iterator[list[str]]:
        """Cost with its difference, then the goals with their verdicts."""
        goals = self.goals.get(0) or next(iter(self.goals.values()), [])
        titles = [_asked(goal) for goal in goals] or [KPIS[kpi].title for kpi in WITHOUT_GOALS]
        yield [*self.titles, *([KPIS[MAIN_COST].title, "difference"] if self.costs else []), *titles]
        for point in list(self.points)[:MOST_ROWS]:
            cells = self.heads(point)
            if point in self.made.parked:
                yield [*cells, "parked"] + [""] * (len(titles) - 1 + 2 * self.costs)
                continue
            if self.costs:
                cells += [_short(self.row(point, MAIN_COST)), _moved(self.row(point, MAIN_COST), point)]
            if goals:
                cells += [_judged(goal) for goal in self.goals[point]]
            else:
                cells += [_short(self.row(point, kpi)) for kpi in WITHOUT_GOALS]
            yield cells

    def of_kpi(self, kpi: str) -> Iterator[list[str]]:
        """One KPI of everything at each point, with its difference."""
        yield [*self.titles, KPIS[kpi].title, "difference", ""]
        for point in list(self.points)[:MOST_ROWS]:
            row = self.row(point, kpi)
            good = "" if row is None else row["good"] or ("?" if row["verdict"] == "not decided" else "")
            yield [*self.heads(point), _value(row), _moved(row, point), good]


def _value(row: Row | None) -> str:
    return "-" if row is None else shown(row["value"], ends_of(row, "value_"), row["unit"].partition("/")[0])


def _short(row: Row | None) -> str:
    """A value with the digits that its interval justifies."""
    return "-" if row is None else short(row["value"], ends_of(row, "value_"), row["unit"].partition("/")[0])


def _asked(goal: Row) -> str:
    limits = limits_of(goal).replace("at least", ">=").replace("at most", "<=")
    where = goal["asked"].partition("(")[2].partition(")")[0]
    return f"{title_of(goal['kpi'], goal['threshold_s'])}{f' ({where})' if where else ''} {limits}"


def _judged(goal: Row) -> str:
    verdict = "?" if goal["verdict"] == "inconclusive" else goal["verdict"]
    return f"{short(goal['estimate'], ends_of(goal), goal['unit'].partition('/')[0])} {verdict}"


def _moved(row: Row | None, point: int) -> str:
    """A difference with its sign and interval; shares in points."""
    if row is None or point == 0 or row["difference"] is None:
        return ""
    if row["verdict"] == "equal":
        return "none"
    scale, ends = 100.0 if row["unit"] == "share" else 1.0, ends_of(row)
    value = row["difference"] * scale
    if ends is None or ends[0] == ends[1]:
        text = three_digits(value)
    else:
        low, high = ends[0] * scale, ends[1] * scale
        decimals = decimals_for(side_of(value, (low, high)))
        text = f"{rounded(value, decimals)} {ends_text(value, low, high, decimals)}"
    return f"+{text}" if value > 0 else text
