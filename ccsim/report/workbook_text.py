"""Sheets that say what the run is: about it, its goals and main estimates, definitions, provenance."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from ccsim.kpis.definitions import KPIS
from ccsim.report import method, sentences
from ccsim.report.facts import Facts, Row
from ccsim.report.workbook_sheet import SHARE, Cell, Column, Number, Sheet, count, number, with_ends, with_heads
from ccsim.results.text import when_of

MANY: Final = 1e6
"""Sums from here on are shown whole."""
READ: Final = (
    "Shares are numbers from 0 to 1 shown in per cent. Columns low and high hold the ends of the 95 % interval of the "
    "number before them, empty with one replication. An empty cell means that there is no value. "
    "Cells hold all digits and show as many as the interval justifies."
)


def about_sheet(facts: Facts) -> Sheet:
    """What was simulated, and what came out in a sentence."""
    rows = [
        ("Title", facts.title),
        ("Answer", sentences.answer(facts)),
        *method.simulated(facts),
        ("How to read", READ),
    ]
    return Sheet("About", "One fact about the run", [Column("Item"), Column("Value")], [list(row) for row in rows])


def goal_sheet(facts: Facts) -> Sheet | None:
    """Every goal against the run; None without goals."""
    titles = ("KPI", "Title", "Limited to", "Threshold", "At least", "At most", "Verdict", "Why",
              *with_heads("Estimate"),
              "Unit", "P(goal)", "P(goal) low", "P(goal) high", "Replications", "Method",
              "Note")  # fmt: skip
    units = {"Threshold": "s", "P(goal)": SHARE, "P(goal) low": SHARE, "P(goal) high": SHARE}
    columns = [Column(title, units.get(title, "")) for title in titles]
    rows = [_goal(facts, goal) for goal in facts.run.goals]
    about = "A goal; pass, fail: the whole 95 % interval lies on one side of the limit"
    return Sheet("Goals", about, columns, rows, 2) if rows else None


def part_of(goal: Row) -> str:
    """What a goal is about, and when it holds: `channel phone, on every day`."""
    said = (*(f"{what} {name}" for what, name in goal["scope"].items()), when_of(goal))
    return ", ".join(filter(None, said)) or "everything"


def _goal(facts: Facts, goal: Row) -> list[Cell]:
    unit = goal["unit"]
    chances = [number(goal[name], SHARE) for name in ("probability", "probability_low", "probability_high")]
    return [
        goal["kpi"],
        facts.kpis[goal["kpi"]].title,
        part_of(goal),
        number(goal["threshold_s"]),
        number(goal["at_least"], unit),
        number(goal["at_most"], unit),
        goal["verdict"],
        goal["why"],
        *with_ends(goal),
        unit,
        *chances,
        count(goal["replications"]),
        goal["method"],
        goal["note"],
    ]


def estimate_sheet(facts: Facts) -> Sheet:
    """Every KPI of everything together."""
    titles = ("KPI", "Title", "Threshold", "Estimate", "Low", "High", "Unit", "Numerator",
              "Denominator", "Replications", "Method", "Note")  # fmt: skip
    columns = [Column(title, "s" if title == "Threshold" else "") for title in titles]
    rows = [_estimate(facts, row) for row in facts.rows if row["scope"] == "all"]
    about = "A KPI of everything together, live and deferred work alike; estimates.csv has every part"
    return Sheet("Estimates", about, columns, rows, 2)


def _estimate(facts: Facts, row: Row) -> list[Cell]:
    return [
        row["kpi"],
        facts.kpis[row["kpi"]].title,
        number(row["threshold_s"]),
        *with_ends(row),
        row["unit"],
        _sum(row["numerator"]),
        _sum(row["denominator"]),
        count(row["replications"]),
        row["method"],
        row["note"],
    ]


def _sum(value: float | None) -> Number | None:
    return None if value is None else number(value) if abs(value) < MANY and value % 1 else count(value)


def definition_sheet(facts: Facts) -> Sheet:
    """What every KPI means."""
    titles = ("KPI", "Title", "Unit", "Better", "Meaning", "Formula", "Counts")
    made = zip(facts.kpis.values(), method.definitions(facts, list(facts.kpis)), strict=True)
    rows: list[list[Cell]] = [
        [kpi.name, kpi.title, kpi.unit.replace("money", facts.measured.currency), kpi.better,
         said.meaning, said.formula, said.counts]
        for kpi, said in made
    ]  # fmt: skip
    about = "A KPI: the sums that are divided are columns of the run's tables"
    return Sheet("KPI definitions", about, [Column(title) for title in titles], rows)


def provenance_sheet(facts: Facts) -> Sheet:
    """Everything that is needed to simulate it again, but for the scenario's values, which `run.json` has."""
    rows: list[list[Cell]] = [list(row) for row in _records(facts)]
    columns = [Column("About"), Column("Item"), Column("Value")]
    return Sheet("Provenance", "One fact about how the run was made; run.json has every value", columns, rows, 2)


def _records(facts: Facts) -> Iterator[tuple[str, str, str]]:
    yield from records_of(facts.run.provenance)
    for table, digest in facts.run.digests.items():
        yield "digest", table, str(digest)


def meanings_sheet(kpis: Iterable[str]) -> Sheet:
    """What KPIs mean, each once, without the sums of a run."""
    rows: list[list[Cell]] = [
        [name, KPIS[name].title, KPIS[name].unit, KPIS[name].better, KPIS[name].meaning] for name in dict.fromkeys(kpis)
    ]
    columns = [Column(title) for title in ("KPI", "Title", "Unit", "Better", "Meaning")]
    return Sheet("KPI definitions", "What a KPI means", columns, rows)


def origin_sheet(provenance: Mapping[str, Any], digest: str, what: str) -> Sheet:
    """How a sweep or a search was made, `what`, and the digest of its tables."""
    rows: list[list[Cell]] = [[*row] for row in records_of(provenance)]
    rows.append(["digest", "all tables", digest])
    columns = [Column("About"), Column("Item"), Column("Value")]
    return Sheet("Provenance", f"One fact about how the {what} was made", columns, rows, 2)


def records_of(provenance: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """How something was made, a fact a row: heading, item, value; not the scenario's values."""
    for key, value in provenance.items():
        if key == "scenario":
            continue
        if key == "files":
            for file in value:
                yield "file, SHA-256", str(file["name"]), str(file["sha256"])
        elif isinstance(value, dict):
            for name, inner in value.items():
                yield key, str(name), _text(inner)
        else:
            yield "run", key, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(one) for one in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
