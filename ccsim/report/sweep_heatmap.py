"""The heatmap of two factors: what a KPI is at each combination of their values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.report.drawing import drawn_last
from ccsim.report.figures import INK, SECOND, figure_style, inline_svg
from ccsim.report.numbers import number, shown_in
from ccsim.report.parts import Chart
from ccsim.report.sweep_told import WITHOUT_GOALS, SweepTold, asked_in_short
from ccsim.results.text import ends_of, side_of

MOST_CELLS: Final = 20
"""Values of a factor that still have room for a number each."""


@dataclass(frozen=True, slots=True)
class Lattice:
    """Points that are all combinations of the values of two factors."""

    keys: tuple[str, str]
    values: tuple[tuple[str, ...], tuple[str, ...]]
    point: Mapping[tuple[str, str], int]


def lattice_of(told: SweepTold) -> Lattice | None:
    """The points of one scenario as combinations of the two keys that take several values; None where they are not."""
    points = {point: values for point, values in told.points.items() if values}
    several = [key for key in told.keys if len({values.get(key) for values in points.values()}) > 1]
    if len(several) != 2 or told.several:
        return None
    first, second = several
    values = tuple(tuple(dict.fromkeys(one[key] for one in points.values())) for key in several)
    point = {(one[first], one[second]): number for number, one in points.items()}
    whole = len(point) == len(points) == len(values[0]) * len(values[1])
    small = max(map(len, values)) <= MOST_CELLS
    return Lattice((first, second), (values[0], values[1]), point) if whole and small else None


def heatmaps(told: SweepTold) -> list[Chart]:
    """A heatmap of the KPI of the first goal that is not of cost, and one of cost, where two factors are combined."""
    lattice = lattice_of(told)
    if lattice is None:
        return []
    goal = next((one for one in told.first_goals if not one["kpi"].startswith("cost")), None)
    rows: list[tuple[str, dict[int, Any]]] = []
    if goal is not None:
        rows.append((asked_in_short(goal), {p: told.goal_row(p, goal["goal"]) for p in lattice.point.values()}))
    else:
        kpi = WITHOUT_GOALS[0]
        rows.append((KPIS[kpi].title, {p: told.row(p, kpi) for p in lattice.point.values()}))
    if told.costs:
        rows.append((KPIS[MAIN_COST].title, {p: told.row(p, MAIN_COST) for p in lattice.point.values()}))
    return [
        made for name, (title, found) in enumerate(rows) if (made := _chart(told, lattice, str(name), title, found))
    ]


def _chart(told: SweepTold, lattice: Lattice, name: str, title: str, found: Mapping[int, Any]) -> Chart | None:
    known = {point: row for point, row in found.items() if row is not None and row["value"] is not None}
    if len(known) < 2:
        return None
    unit = shown_in(next(iter(known.values()))["unit"])
    met = told.met()
    cells = []
    for (across, down), point in lattice.point.items():
        row = known.get(point)
        value = None if row is None else row["value"] * unit.factor
        ends = None if row is None else ends_of(row, "value_")
        half = None if ends is None or row is None else side_of(row["value"], ends) * unit.factor
        text = "-" if value is None else number(value, half)
        cells.append((point, across, down, value, text, point in met))
    columns = ["point", lattice.keys[0], lattice.keys[1], "value", "shown", "meets all goals"]
    data = pd.DataFrame(cells, columns=columns)
    note = f"{unit.unit}; a stronger blue is more."
    note += " Framed: the point is shown to meet all goals." if told.first_goals else ""
    svg = _drawn(f"heat{name}", data, lattice.keys, lattice.values, f"{title} by two factors")
    return Chart(f"{title} by {lattice.keys[0]} and {lattice.keys[1]}", svg, "", note, data)


@drawn_last
def _drawn(name: str, data: pd.DataFrame, keys: tuple[str, str], values: Sequence[Sequence[str]], said: str) -> Markup:
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    across, down = ({value: place for place, value in enumerate(one)} for one in values)
    least, most = data["value"].min(), data["value"].max()
    with figure_style(name):
        figure = Figure(figsize=(5.4, min(1.3 + 0.42 * len(down), 7.0)))
        axes = figure.add_axes((0.2, 0.6 / figure.get_figheight(), 0.78, 1 - 0.7 / figure.get_figheight()))
        for _, x, y, value, text, met in data.itertuples(index=False):
            at = across[x] - 0.5, down[y] - 0.5
            weight = 0.0 if pd.isna(value) else 0.08 + 0.62 * (value - least) / ((most - least) or 1.0)
            axes.add_patch(Rectangle(at, 1, 1, facecolor=SECOND, alpha=weight, edgecolor="none"))
            if met:
                axes.add_patch(Rectangle((at[0] + 0.05, at[1] + 0.05), 0.9, 0.9, fill=False, edgecolor=INK))
            axes.text(across[x], down[y], text, ha="center", va="center", fontsize=7.5, color=INK)
        axes.set_xlim(-0.5, len(across) - 0.5)
        axes.set_ylim(-0.5, len(down) - 0.5)
        axes.set_xticks(range(len(across)), _short(list(across)), fontsize=7.5)
        axes.set_yticks(range(len(down)), _short(list(down)), fontsize=7.5)
        axes.set_xlabel(keys[0], fontsize=8.5)
        axes.set_ylabel(keys[1].rpartition(".")[2], fontsize=8.5)
        axes.grid(visible=False)
        return inline_svg(figure, said, tight=False)


def _short(labels: Sequence[str]) -> list[str]:
    return [label if len(label) <= 12 else f"{label[:11]}…" for label in labels]
