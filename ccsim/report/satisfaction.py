"""The section about ratings: what customers think, and what moved it, in parts that add up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from ccsim.records.satisfaction import BILLION, FACTORS, OF_RATINGS
from ccsim.report import charts
from ccsim.report.facts import Facts
from ccsim.report.numbers import said
from ccsim.report.parts import Cell, Chart, Column, Section, Table, word
from ccsim.results.held_tables import batches

BASE: Final = "First contact, at once, resolved"
CHANCE: Final = "Chance"


@dataclass(frozen=True, slots=True)
class InParts:
    """What is told in parts: the share of satisfied customers, or the mean rating."""

    kpi: str
    summed: str
    """Column of `ratings` in which that which was drawn is added up."""
    scale: int
    decimals: int
    head: str
    """Head of its column."""
    unit: str
    """Unit of that column."""
    parts: str
    """Unit of its parts."""
    start: str
    """What it is after a contact that has nothing against it."""


SHARE: Final = InParts(
    "csat", "satisfied", 100, 2, "Satisfied", "% of rated contacts, or points of it", "percentage points",
    "{} %, the share of satisfied customers",
)  # fmt: skip
RATING: Final = InParts(
    "csat_score", "score", 1, 3, "Rating", "mean rating of 5, or points of it", "points", "{}, the mean rating"
)


def told_in_parts(facts: Facts) -> InParts:
    """What the ratings of a run are told by: those in points by their mean."""
    return RATING if (facts.scenario.get("satisfaction") or {}).get("base") is not None else SHARE


@dataclass(frozen=True, slots=True)
class MovedBy:
    """Satisfied customers, or the ratings, as parts that add up, all replications together; whole billionths."""

    rated: int
    """Rated contacts."""
    base: int
    """What it would be had every contact been the first of its case, answered at once, and resolved."""
    parts: dict[str, int]
    """What each factor adds, by its title; without those that add nothing."""
    chance: int
    """What the ratings that were drawn differ from what was expected of them."""

    @property
    def whole(self) -> int:
        """What was drawn."""
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
    chance = total[told_in_parts(facts).summed] * BILLION - total["expected_e9"]
    return MovedBy(total["rated"], total["base_e9"], parts, chance)


def satisfaction_section(facts: Facts) -> Section:
    """What customers think, and what moved it."""
    key, title = "satisfaction", "Satisfaction: what moved it"
    found = moved_by(facts)
    if found is None:
        return Section(key, title)
    told = told_in_parts(facts)
    text = _text(facts, found, told)
    points = _points(found, told)
    chart = _chart(points, text, told)
    return Section(key, title, text, [chart], [_table(facts, points, told)])


def _points(found: MovedBy, told: InParts) -> list[tuple[str, float]]:
    """Lines of the table in the unit of what is told, rounded so that they add up to the last line."""
    fine = 10**told.decimals
    scale = told.scale * fine / (BILLION * found.rated)
    exact = {BASE: found.base, **found.parts, CHANCE: found.chance}
    lines = {name: round(value * scale) for name, value in exact.items()}
    largest = max(found.parts or {CHANCE: 0}, key=lambda name: abs(exact[name]))
    lines[largest] += round(found.whole * scale) - sum(lines.values())
    made = [(name, value / fine) for name, value in lines.items()]
    first, *middle, last = made
    return [first, *sorted(middle, key=lambda line: (-abs(line[1]), line[0])), last]


def _text(facts: Facts, found: MovedBy, told: InParts) -> str:
    kpi = facts.kpis[told.kpi]
    facts.used.add(kpi.name)
    row = facts.one(kpi.name)
    text = f"{kpi.title} is {said(row)}." if row is not None else ""
    if not found.parts:
        return f"{text} Nothing moved it: every contact was the first of its case, answered at once and resolved."
    name, value = max(found.parts.items(), key=lambda part: (abs(part[1]), part[0]))
    points = abs(value * told.scale / (BILLION * found.rated))
    word_ = "lowered" if value < 0 else "raised"
    return f"{text} {name} {word_} it most, by {points:.{told.decimals - 1}f} points."


def _chart(points: list[tuple[str, float]], text: str, told: InParts) -> Chart:
    names = [name for name, _ in points[1:]]
    values = [value for _, value in points[1:]]
    drawn = charts.signed_bars("satisfaction", names, values, told.parts, f"What moved satisfaction. {text}")
    data = pd.DataFrame({"moved_by": names, "points": values})
    start = told.start.format(f"{points[0][1]:.{told.decimals}f}")
    note = f"Difference from {start} after a first contact that is answered at once and resolved."
    return Chart("What moved satisfaction", drawn, "", note, data, units={"points": told.parts})


def _table(facts: Facts, points: list[tuple[str, float]], told: InParts) -> Table:
    rows = [[word(name), _cell(value, told, signed=at > 0)] for at, (name, value) in enumerate(points)]
    total = [word(facts.kpis[told.kpi].title), _cell(sum(value for _, value in points), told, signed=False)]
    curve = (
        "Each is the points that it adds, less where the scale ends (Aumann and Shapley)"
        if told is RATING
        else "Each has its part of the log odds times the mean slope of the way from the first line (Aumann and "
        "Shapley)"
    )
    note = (
        f"The lines add up. {curve}, so no order favours any. {CHANCE}: the ratings that were drawn, less what "
        "was expected."
    )
    columns = [Column("part", words=True), Column(told.head, told.unit)]
    return Table("Parts that add up", columns, rows, note, total=total, sortable=False)


def _cell(value: float, told: InParts, *, signed: bool) -> Cell:
    text = f"{value:+.{told.decimals}f}" if signed else f"{value:.{told.decimals}f}"
    return Cell(text.replace("-", "\N{MINUS SIGN}"), value=value)
