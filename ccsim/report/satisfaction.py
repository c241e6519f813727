"""The section about ratings: what customers think, and what moved it, in parts that add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ccsim.kpis.kpi import Kpi
from ccsim.records.satisfaction import BILLION, FACTORS, OF_RATINGS
from ccsim.report import charts
from ccsim.report.facts import Facts
from ccsim.report.numbers import said
from ccsim.report.parts import Cell, Chart, Column, Section, Table, word
from ccsim.results.run import batches

BASE: Final = "First contact, at once, resolved"
CHANCE: Final = "Chance"
DECIMALS: Final = 2


@dataclass(frozen=True, slots=True)
class MovedBy:
    """The share of satisfied customers as parts that add up, all replications together; whole billionths."""

    rated: int
    """Rated contacts."""
    base: int
    """What it would be had every contact been the first of its case, answered at once, and resolved."""
    parts: dict[str, int]
    """What each factor adds, by its title; without those that add nothing."""
    chance: int
    """What the customers who were drawn differ from what was expected of them."""

    @property
    def whole(self) -> int:
        """The satisfied."""
        return self.base + sum(self.parts.values()) + self.chance


def moved_by(facts: Facts) -> MovedBy | None:
    """What moved the ratings of a run; None where nothing is rated."""
    if "ratings" not in facts.tables:
        return None
    names = [column.name for column in OF_RATINGS]
    total = dict.fromkeys(names, 0)
    for frame in batches(facts.tables, "ratings", names):
        for name in names:
            total[name] += int(frame[name].to_numpy(np.int64).sum())
    if total["rated"] == 0:
        return None
    parts = {factor.title: total[f"{factor.name}_e9"] for factor in FACTORS if total[f"{factor.name}_e9"]}
    chance = total["satisfied"] * BILLION - total["expected_e9"]
    return MovedBy(total["rated"], total["base_e9"], parts, chance)


def satisfaction_section(facts: Facts) -> Section:
    """What customers think, and what moved it."""
    key, title = "satisfaction", "Satisfaction: what moved it"
    found = moved_by(facts)
    if found is None:
        return Section(key, title)
    text = _text(facts, found)
    points = _points(found)
    chart = _chart(points, text)
    return Section(key, title, text, [chart], [_table(facts, points)])


def _points(found: MovedBy) -> list[tuple[str, float]]:
    """Lines of the table in points of satisfied customers, rounded so that they add up to the last line."""
    scale = 100 * 10**DECIMALS / (BILLION * found.rated)
    exact = {BASE: found.base, **found.parts, CHANCE: found.chance}
    lines = {name: round(value * scale) for name, value in exact.items()}
    largest = max(found.parts or {CHANCE: 0}, key=lambda name: abs(exact[name]))
    lines[largest] += round(found.whole * scale) - sum(lines.values())
    made = [(name, value / 10**DECIMALS) for name, value in lines.items()]
    first, *middle, last = made
    return [first, *sorted(middle, key=lambda line: (-abs(line[1]), line[0])), last]


def _about(facts: Facts) -> Kpi:
    """The KPI that is told in parts: the first of those about ratings."""
    return next(kpi for kpi in facts.kpis.values() if kpi.of_ratings)


def _text(facts: Facts, found: MovedBy) -> str:
    kpi = _about(facts)
    facts.used.add(kpi.name)
    row = facts.one(kpi.name)
    text = f"{kpi.title} is {said(row)}." if row is not None else ""
    if not found.parts:
        return f"{text} Nothing moved it: every contact was the first of its case, answered at once and resolved."
    name, value = max(found.parts.items(), key=lambda part: (abs(part[1]), part[0]))
    points = value * 100 / (BILLION * found.rated)
    word_ = "lowered" if value < 0 else "raised"
    return f"{text} {name} {word_} it most, by {abs(points):.1f} points."


def _chart(points: list[tuple[str, float]], text: str) -> Chart:
    names = [name for name, _ in points[1:]]
    values = [value for _, value in points[1:]]
    drawn = charts.signed_bars("satisfaction", names, values, "percentage points", f"What moved satisfaction. {text}")
    data = pd.DataFrame({"moved_by": names, "points": values})
    note = (
        f"Difference from {points[0][1]:.{DECIMALS}f} %, the share of satisfied customers after a first contact that "
    )
    note += "is answered at once and resolved."
    return Chart("What moved satisfaction", drawn, "", note, data, units={"points": "percentage points"})


def _table(facts: Facts, points: list[tuple[str, float]]) -> Table:
    kpi = _about(facts)
    rows = [[word(name), _cell(value, signed=at > 0)] for at, (name, value) in enumerate(points)]
    total = [word(kpi.title), _cell(sum(value for _, value in points), signed=False)]
    note = (
        "The lines add up. Each has its part of the log odds times the mean slope of the way from the first line "
        f"(Aumann and Shapley), so no order favours any. {CHANCE}: the ratings that were drawn, less what "
        "was expected."
    )
    columns = [Column("part", words=True), Column("Satisfied", "% of rated contacts, or points of it")]
    return Table("Parts that add up", columns, rows, note, total=total, sortable=False)


def _cell(value: float, *, signed: bool) -> Cell:
    text = f"{value:+.{DECIMALS}f}" if signed else f"{value:.{DECIMALS}f}"
    return Cell(text.replace("-", "\N{MINUS SIGN}"), value=value)
