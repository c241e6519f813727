"""Bands of the main KPIs by week, with uncertain inputs: P10, P50 and P90 of the replications, drawn or as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from ccsim.kpis.definitions import KPIS
from ccsim.kpis.shown import names_in
from ccsim.report.drawing import drawn_last
from ccsim.report.facts import Facts
from ccsim.report.figures import PAPER, SECOND, figure_style, inline_svg, thousands
from ccsim.report.numbers import shown_in
from ccsim.report.parts import Cell, Chart, Column, Table
from ccsim.results.summary import within
from ccsim.results.text import three_digits

Row = dict[str, Any]

MOST_IN_TABLE: Final = 6
"""More weeks are drawn, in place of a table."""
MOST_TICKS: Final = 4
_BAND: Final = ("p10", "p50", "p90")


def week_text(row: Row) -> str:
    """The Monday of a week, and whether it is counted in part."""
    return f"{row['start']}{'' if row['whole'] else ', in part'}"


def bands_by_week(facts: Facts, rows: Sequence[Row]) -> tuple[list[Chart], list[Table]]:
    """The main KPIs that differ between replications, of fewer weeks a table, of more a small picture for each KPI;
    nothing of one week.
    """
    main = names_in("main KPIs")
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["period"] == "week" and not row["goal"] and row["kpi"] in main and row["p50"] is not None:
            found.setdefault(row["kpi"], []).append(row)
    kept = [mine for mine in found.values() if len(mine) > 1 and any(row["sd"] for row in mine)]
    if not kept:
        return [], []
    facts.used.update(mine[0]["kpi"] for mine in kept)
    weeks = {row["start"]: week_text(row) for mine in kept for row in mine}
    if len(weeks) > MOST_IN_TABLE:
        return [_drawn(kept, weeks)], []
    return [], [_table(kept, weeks)]


def _title(row: Row) -> str:
    return within(KPIS[row["kpi"]].title, row["threshold_s"]) + ("" if row["scope"] == "all" else f" ({row['name']})")


def _table(kept: Sequence[Sequence[Row]], weeks: dict[str, str]) -> Table:
    columns = [Column("KPI", words=True), *(Column(f"Week of {weeks[start]}") for start in sorted(weeks))]
    made = []
    for mine in kept:
        shown = shown_in(mine[0]["unit"], [row[name] for row in mine for name in _BAND])
        by_week = {row["start"]: row for row in mine}
        cells = [_cell(by_week.get(start), shown.factor) for start in sorted(weeks)]
        made.append([Cell(_title(mine[0]), unit=shown.unit, kpi=mine[0]["kpi"]), *cells])
    note = "P50 of the replications, and P10 to P90; spread.csv has more KPIs."
    return Table("Main KPIs, week by week", columns, made, note, sortable=False)


def _cell(row: Row | None, factor: float) -> Cell:
    if row is None:
        return Cell("-")
    low, middle, high = (row[name] * factor for name in _BAND)
    ends = f"({three_digits(low)} to {three_digits(high)})" if high > low else ""
    return Cell(three_digits(middle), ends, middle, row["note"] or "")


def _drawn(kept: Sequence[Sequence[Row]], weeks: dict[str, str]) -> Chart:
    data = []
    drawn = []
    for place, mine in enumerate(kept):
        shown = shown_in(mine[0]["unit"], [row[name] for row in mine for name in _BAND])
        made = pd.DataFrame(
            {
                "kpi": _title(mine[0]),
                "week": [row["start"] for row in mine],
                "whole": [row["whole"] for row in mine],
                **{name: [row[name] * shown.factor for row in mine] for name in _BAND},
                "unit": shown.unit,
            }
        )
        data.append(made)
        drawn.append(_panel(f"bands-{place}", made, sorted(weeks)))
    svg = Markup('<div class="panels">') + Markup("\n").join(drawn) + Markup("</div>")
    cut = any(not row["whole"] for mine in kept for row in mine)
    part = " An open dot: a week that is counted in part." if cut else ""
    note = f"The line is P50 of the replications, the band P10 to P90.{part} Axes do not begin at 0."
    return Chart("Main KPIs, week by week", svg, "", note, pd.concat(data, ignore_index=True), wide=True)


@drawn_last
def _panel(name: str, data: pd.DataFrame, weeks: Sequence[str]) -> Markup:
    from matplotlib.figure import Figure

    title, unit = data["kpi"].iloc[0], data["unit"].iloc[0]
    with figure_style(name):
        figure = Figure(figsize=(2.6, 1.6))
        axes = figure.add_axes((0.2, 0.16, 0.76, 0.6))
        figure.text(0.02, 0.98, title, fontsize=9, fontweight="bold", verticalalignment="top")
        figure.text(0.02, 0.87, unit, fontsize=8.5, verticalalignment="top")
        x = [weeks.index(week) for week in data["week"]]
        axes.fill_between(x, data["p10"], data["p90"], color=SECOND, alpha=0.22, linewidth=0)
        axes.plot(x, data["p50"], color=SECOND, linewidth=1.6)
        part = data["whole"] == 0
        axes.plot(
            [at for at, open_ in zip(x, part, strict=True) if open_], data["p50"][part], "o", color=SECOND,
            markersize=3.5, markerfacecolor=PAPER, linestyle="",
        )  # fmt: skip
        every = -(-len(weeks) // MOST_TICKS)
        axes.set_xticks(range(0, len(weeks), every), [week[5:] for week in weeks[::every]])
        axes.set_xlim(-0.3, len(weeks) - 0.7)
        axes.tick_params(labelsize=8.5)
        axes.locator_params(axis="y", nbins=4)
        axes.yaxis.set_major_formatter(thousands)
        said = "; ".join(f"{row.week} {row.p50:.4g}" for row in data.itertuples())
        return inline_svg(figure, f"{title}, {unit}, P50 by week: {said}", tight=False)
