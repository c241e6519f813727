"""Sheets of a sweep: its answer, every point, every KPI at every point, goals, how people followed the work."""

from __future__ import annotations

from typing import Any, Final

from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.metrics.drivers import by_target, is_of_drivers
from ccsim.report.sweep_told import WITHOUT_GOALS, SweepTold
from ccsim.report.workbook_sheet import Cell, Column, Sheet, count, number, triple, with_ends, with_heads
from ccsim.report.workbook_text import meanings_sheet, origin_sheet
from ccsim.results.sweep import Sweep

READ: Final = (
    "Differences are a point less point 0, the scenario as written, paired replication by replication; low and high "
    "are ends of 95 % intervals, each for itself. Shares are numbers from 0 to 1 shown in per cent, so a difference of "
    "1% is one point. An empty cell means that there is no value. Cells hold all digits and show as many as the "
    "interval justifies."
)


def sweep_sheets(made: Sweep) -> list[Sheet | None]:
    """Every sheet but the list of them, in order; None where there is nothing to put in one."""
    told = SweepTold(made)
    return [
        _about(told),
        _effects(made),
        _points(told),
        _kpis(told),
        _goals(told),
        _people(told),
        meanings_sheet(row["kpi"] for found in told.kpis.values() for row in found),
        origin_sheet(made.provenance, made.digest, "sweep"),
    ]


def _about(told: SweepTold) -> Sheet:
    made = told.made
    rows: list[list[Cell]] = [
        ["Scenario", made.name],
        ["Question", str(made.provenance.get("question") or "")],
        ["Answer", " ".join(told.answer())],
        ["Points", count(len(told.points))],
        ["Paired replications", count(made.replications)] if not made.until else ["Paired", made.replications_told],
        ["Seed", str(made.seed)],
        ["How to read", READ],
    ]
    rows += [[f"Point {point}", f"failed and is left out: {error}"] for point, error in made.parked.items()]
    rows += [["People", said] for said in told.people_notes()]
    return Sheet("About", "One fact about the sweep", [Column("Item"), Column("Value")], rows)


def _effects(made: Sweep) -> Sheet | None:
    """The tornado of drivers: the effect of each end of an input on each target, by rank; None for another sweep."""
    if not is_of_drivers(made):
        return None
    titles = ("Target", "Rank", "Input", "Kind", "End", "Value", "As written", "Result", *with_heads("Effect"), "Unit",
              "p value", "Significant", "Point", "Note")  # fmt: skip
    rows: list[list[Cell]] = [
        [row["target"], count(row["rank"]), row["driver"], row["kind"], row["end"], row["value"],
         number(row["base"], row["unit"]), number(row["result"], row["unit"]), *with_ends(row, "difference"),
         row["unit"], number(row["p_value"]), "yes" if row["significant"] else "no", count(row["point"]), row["note"]]
        for _, found in by_target(made)
        for row in found
    ]  # fmt: skip
    about = "The effect of an end of an input on a target, the largest first"
    return Sheet("Effects", about, [Column(title) for title in titles], rows, 3)


def _points(told: SweepTold) -> Sheet:
    """A row for each point: values, cost and its difference, the KPI of each goal with its verdict."""
    goals = told.first_goals
    unit = next((row["unit"] for row in (told.row(p, MAIN_COST) for p in told.points) if row), "")
    columns = [Column(title) for title in told.titles]
    if told.costs:
        columns += [*triple(KPIS[MAIN_COST].title, unit), *triple("Difference", unit)]
    if not goals:
        for kpi in WITHOUT_GOALS:
            columns += triple(KPIS[kpi].title, KPIS[kpi].unit)
    for goal in goals:
        columns += [*triple(goal["asked"], goal["unit"]), Column("Verdict")]
    rows: list[list[Cell]] = []
    for point in told.points:
        _, *said = told.heads(point)
        cells: list[Cell] = [count(point), *said]
        if told.costs:
            row = told.row(point, MAIN_COST)
            cells += [*with_ends(row, "value", "value_"), *with_ends(row, "difference")]
        if not goals:
            for kpi in WITHOUT_GOALS:
                cells += with_ends(told.row(point, kpi), "value", "value_")
        mine = {goal["goal"]: goal for goal in told.goals.get(point, ())}
        for goal in goals:
            found = mine.get(goal["goal"])
            cells += [*with_ends(found), "" if found is None else found["verdict"]]
        rows.append(cells)
    return Sheet("Points", "A point: what is varied, its cost and its goals", columns, rows, len(told.titles))


def _kpis(told: SweepTold) -> Sheet | None:
    titles = ("Point", "KPI", "Scope", "Part", "Threshold", "Value", "Value low", "Value high", "Difference",
              "Difference low", "Difference high", "Unit", "Verdict", "For the", "Note")  # fmt: skip
    rows: list[list[Cell]] = [
        [count(row["point"]), row["kpi"], row["scope"], row["name"], number(row["threshold_s"]),
         *with_ends(row, "value", "value_"), *with_ends(row, "difference"), row["unit"], row["verdict"], row["good"],
         row["note"]]
        for found in told.kpis.values()
        for row in found
        if row["scope"] != "goal"
    ]  # fmt: skip
    columns = [Column(title, "s" if title == "Threshold" else "") for title in titles]
    return Sheet("KPIs", "A KPI at a point, with its paired difference", columns, rows, 2) if rows else None


def _goals(told: SweepTold) -> Sheet | None:
    titles = ("Point", "Goal", "Estimate", "Low", "High", "Unit", "Verdict", "Replications that meet it", "Why")
    rows: list[list[Cell]] = [
        [count(row["point"]), row["asked"], *with_ends(row), row["unit"], row["verdict"],
         number(row["probability"], "share"), row["why"]]
        for found in told.goals.values()
        for row in found
    ]  # fmt: skip
    return Sheet("Goals", "A goal at a point", [Column(one) for one in titles], rows, 2) if rows else None


def _people(told: SweepTold) -> Sheet | None:
    titles = ("Point", "Pool", "Key", "Factor on its work", "People before", "People after", "Note")
    rows: list[list[Cell]] = [
        [count(row["point"]), row["pool"], row["key"], number(row["work"]), _people_of(row["before"]),
         _people_of(row["after"]), row["note"]]
        for found in told.people.values()
        for row in found
    ]  # fmt: skip
    about = "A number of people that was to follow the work at a point"
    return Sheet("People", about, [Column(one) for one in titles], rows, 2) if rows else None


def _people_of(value: Any) -> Cell:
    return None if value is None else count(value)
