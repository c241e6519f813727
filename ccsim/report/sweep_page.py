"""The page of a sweep: one HTML file with the curve of cost against service and a table of all points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from ccsim.kpis.definitions import KPIS, MAIN_COST
from ccsim.report.drawing import drawn_last, figures_last
from ccsim.report.figures import FIRST, INK, PAPER, SECOND, THIRD, figure_style, inline_svg, labelled, thousands
from ccsim.report.numbers import shown_in
from ccsim.report.page import check_page_place, put_page, render_page
from ccsim.report.parts import Cell, Chart, Column, Table, word
from ccsim.report.study_page import definitions_of, left_out, made_by
from ccsim.report.sweep_heatmap import heatmaps
from ccsim.report.sweep_told import AS_WRITTEN, WITHOUT_GOALS, SweepTold, asked_in_short
from ccsim.results.sweep import Sweep

TEMPLATE: Final = Path(__file__).parent / "sweep.html"
MOST_LINES: Final = 8
"""Curves that are told apart in the figure; of more points there are dots alone."""
MOST_NAMED: Final = 12
"""Points of the frontier that are named."""
ACROSS: Final = (MAIN_COST, "agents")
"""What the curve is drawn against: cost; agents on the line where there are no prices."""
_STYLES: Final = tuple((colour, line) for line in ("-", "--", ":") for colour in (SECOND, INK, THIRD))


def sweep_page(made: Sweep) -> str:
    """The page of a sweep as HTML; the same sweep gives the same text."""
    with figures_last() as figures:
        return figures.put_into(_page(made))


def write_sweep_report(made: Sweep, path: Path) -> None:
    """Write the page of a sweep, whole or not at all; `OutputError` if that cannot be done."""
    check_page_place(path)
    put_page(sweep_page(made), path)


def _page(made: Sweep) -> str:
    told = SweepTold(made)
    question, keys = str(made.provenance.get("question") or ""), made.keys()
    kpis = [goal["kpi"] for goal in told.first_goals] or list(WITHOUT_GOALS)
    kpis += [kpi for kpi in (told.best, told.plot.get("x"), told.plot.get("y")) if kpi and kpi not in kpis]
    return render_page(
        TEMPLATE,
        title=f"{made.name}: {len(told.points)} points",
        question=question or f"What {'does' if len(keys) == 1 else 'do'} {' and '.join(keys)} do?",
        summary=[
            f"{made.replications_told}, paired",
            f"seed {made.seed}",
            f"{made.points['simulated_as'].nunique()} scenarios simulated",
        ],
        warnings=left_out(made),
        answer=" ".join(told.answer()),
        picture=trade_curve(told),
        maps=heatmaps(told),
        points=_table(told),
        indices=[_indices(title, cells) for title, cells in told.indices() if cells],
        simulated=[
            ("Varied", ", ".join(keys)),
            *made_by(made),
        ],
        definitions=definitions_of([*ACROSS, *kpis]),
    )


def _table(told: SweepTold) -> Table:
    """All points: values, cost with its difference, goals with their verdicts."""
    heads, *rows = told.table(len(told.points))
    kpis = told.kpis_by_head()
    columns = [Column(head, kpi=kpis.get(head, ""), words=0 < i < len(told.titles)) for i, head in enumerate(heads)]
    return Table("All points", columns, [[word(cell) if i < len(told.titles) else number_first(cell) for i, cell in
                                          enumerate(row)] for row in rows])  # fmt: skip


def _indices(title: str, cells: Sequence[Sequence[str]]) -> Table:
    """Sobol indices of a KPI."""
    columns = [Column(head, words=i == 0) for i, head in enumerate(cells[0])]
    return Table(title, columns, [[word(row[0]), *(number_first(cell) for cell in row[1:])] for row in cells[1:]])


def number_first(text: str) -> Cell:
    """A cell that is sorted by the number that it begins with."""
    number = text.split(" ")[0].replace(",", "")
    try:
        return Cell(text, value=float(number))
    except ValueError:
        return Cell(text)


def trade_curve(told: SweepTold) -> Chart | None:
    """Cost against the KPI of the first goal that is not of cost, or what the question plots, with the scenario as
    written marked; None where either is not known at two points.
    """
    x_wanted, y_wanted = told.plot.get("x"), told.plot.get("y")
    xs = [x_wanted, *ACROSS] if x_wanted else list(ACROSS)
    across = next((kpi for kpi in xs if any(_known(told.row(point, kpi)) for point in told.points)), None)
    goal = next((one for one in told.first_goals if not y_wanted and not one["kpi"].startswith("cost")), None)
    up = y_wanted or WITHOUT_GOALS[0]
    if across is None:
        return None
    title = asked_in_short(goal) if goal is not None else KPIS[up].title
    found = []
    for point in told.points:
        x = told.row(point, across)
        y = told.row(point, up) if goal is None else told.goal_row(point, goal["goal"])
        if x is None or y is None or not _known(x) or not _known(y):
            continue
        found.append((point, told.line_of(point), *_ends(x), *_ends(y)))
        units = (shown_in(x["unit"]).unit, shown_in(y["unit"]).unit)
    if len(found) < 2:
        return None
    names = ["point", "line", "cost", "cost_low", "cost_high", "service", "service_low", "service_high"]
    data = pd.DataFrame(found, columns=names)
    limits = [] if goal is None else [goal[one] for one in ("at_least", "at_most") if goal[one] is not None]
    factor = shown_in(goal["unit"]).factor if goal is not None else 1.0
    labels = (f"{KPIS[across].title}, {units[0]}", f"{KPIS[up if goal is None else goal['kpi']].title}, {units[1]}")
    rises = (goal["at_most"] is None) if goal is not None else KPIS[up].better != "lower"
    edge = frontier(data, rises=rises)
    data["frontier"] = data["point"].isin(edge)
    svg = curve("sweep", data, labels, [one * factor for one in limits], f"{title} against {KPIS[across].title}")
    note = "Dots with 95 % intervals; the ring is the scenario as written."
    note += " The dashed line is the goal." if limits else ""
    line, these = ("shaded line", "these points") if len(edge) > 1 else ("shaded point", "this point")
    note += f" The {line} is the frontier, {_some(edge)}: nothing is cheaper and no worse than {these}."
    if told.lines_told:
        note += f" A curve for each value of {' and '.join(told.line_keys)}, along {told.along}."
    shown = {f"cost{end}": units[0] for end in ("", "_low", "_high")}
    shown |= {f"service{end}": units[1] for end in ("", "_low", "_high")}
    return Chart(f"{title} against {KPIS[across].title.lower()}", svg, "", note, data, units=shown)


def frontier(data: pd.DataFrame, *, rises: bool) -> list[int]:
    """Points for which no other costs less and serves as well, or serves better for the same, by cost; of equals the
    first.

    Parameters
    ----------
    data
        Columns `point`, `cost`, `service`.
    rises
        Whether more of the KPI is better service.
    """
    sign = 1.0 if rises else -1.0
    best, found = -float("inf"), []
    ordered = data.assign(worse=-sign * data["service"]).sort_values(["cost", "worse", "point"])
    for point, service in zip(ordered["point"], sign * ordered["service"], strict=True):
        if service > best:
            best = service
            found.append(int(point))
    return found


def _some(points: Sequence[int]) -> str:
    shown = ", ".join(map(str, points[:MOST_NAMED]))
    return shown if len(points) <= MOST_NAMED else f"{shown} and {len(points) - MOST_NAMED} more"


def _known(row: Mapping[str, Any] | None) -> bool:
    return row is not None and bool(row["value"])


def _ends(row: Mapping[str, Any]) -> tuple[float, float, float]:
    factor = shown_in(row["unit"]).factor
    low = row["value"] if row["value_low"] is None else row["value_low"]
    high = row["value"] if row["value_high"] is None else row["value_high"]
    return row["value"] * factor, low * factor, high * factor


@drawn_last
def curve(name: str, data: pd.DataFrame, labels: tuple[str, str], limits: Sequence[float], said: str) -> Markup:
    """Dots with intervals by `line` of the data, their curves, dashed limits, and a ring around what is as written;
    shaded those of a column `frontier`, if there is one."""
    from matplotlib.figure import Figure

    with figure_style(name):
        figure = Figure(figsize=(5.4, 3.6))
        axes = figure.add_axes((0.15, 0.14, 0.8, 0.82))
        for limit in limits:
            axes.axhline(limit, color=FIRST, linestyle="--", linewidth=1.1)
        if "frontier" in data:
            edge = data[data["frontier"]].sort_values("cost")
            axes.plot(edge["cost"], edge["service"], color=FIRST, linewidth=7, alpha=0.18, solid_capstyle="round")
        others = data[data["line"] != AS_WRITTEN]
        lines = list(others.groupby("line", sort=False))
        for number, (line, points) in enumerate(lines):
            colour, dashes = _STYLES[number % len(_STYLES)] if len(lines) <= MOST_LINES else (SECOND, "")
            axes.errorbar(
                points["cost"], points["service"],
                xerr=[points["cost"] - points["cost_low"], points["cost_high"] - points["cost"]],
                yerr=[points["service"] - points["service_low"], points["service_high"] - points["service"]],
                fmt="o", linestyle=dashes if len(points) > 1 else "", markersize=4, capsize=2, linewidth=1.3,
                color=colour, label=str(line) or None,
            )  # fmt: skip
        base = data[data["line"] == AS_WRITTEN]
        axes.plot(base["cost"], base["service"], "o", markersize=11, fillstyle="none", color=FIRST, label=AS_WRITTEN)
        if len(lines) <= MOST_LINES:
            axes.legend(fontsize=8, frameon=True, facecolor=PAPER, edgecolor="none", framealpha=0.8)
        axes.xaxis.set_major_formatter(thousands)
        labelled(axes, labels)
        return inline_svg(figure, said, tight=False)
