"""The page of drivers: a tornado for each goal and the cost, with a table of all effects below each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from ccsim.metrics.drivers import EFFECTS, SIDES
from ccsim.report.drawing import drawn_last, figures_last
from ccsim.report.drivers_told import HEADS, DriversTold, Row, unit_of_effect
from ccsim.report.figures import FAINT, FIRST, INK, SECOND, figure_style, inline_svg
from ccsim.report.numbers import shown_in
from ccsim.report.page import check_page_place, put_page, render_page
from ccsim.report.parts import Cell, Chart, Column, Section, Table, word
from ccsim.report.study_page import definitions_of, left_out, made_by
from ccsim.results.sweep import Sweep

TEMPLATE: Final = Path(__file__).parent / "drivers.html"
MOST_BARS: Final = 20
"""Inputs of a tornado; the table has all."""


def drivers_page(made: Sweep) -> str:
    """The page of drivers as HTML; the same sweep gives the same text."""
    with figures_last() as figures:
        return figures.put_into(_page(made))


def write_drivers_report(made: Sweep, path: Path) -> None:
    """Write the page of drivers, whole or not at all; `OutputError` if that cannot be done."""
    check_page_place(path)
    put_page(drivers_page(made), path)


def _page(made: Sweep) -> str:
    told = DriversTold(made)
    about = made.provenance
    kpis = dict.fromkeys(row["kpi"] for _, rows in told.targets for row in rows[:1])
    return render_page(
        TEMPLATE,
        title=f"{made.name}: {len(told.inputs)} inputs",
        question=about["question"],
        summary=[
            f"each input by {about['step']} unless it says otherwise",
            *(["people follow the work"] if about.get("staff") else []),
            f"{made.replications} paired replications",
            f"seed {made.seed}",
        ],
        warnings=left_out(made) + [f"Left out: {one}" for one in told.left_out],
        answer=list(told.answer()),
        sections=[_section(told, number, title, rows) for number, (title, rows) in enumerate(told.targets)],
        simulated=made_by(made),
        definitions=definitions_of(kpis),
    )


def _section(told: DriversTold, number: int, title: str, rows: Sequence[Row]) -> Section:
    said = " ".join(f"{one[0].upper()}{one[1:]}." for one in told.noted(rows))
    return Section(
        f"target-{number}",
        f"{title}, {told.now(rows)} as written",
        said,
        charts=[one] if (one := tornado(told, title, rows, f"tornado-{number}")) else [],
        tables=[_table(told, title, rows)],
    )


def _table(told: DriversTold, title: str, rows: Sequence[Row]) -> Table:
    cells = list(told.table(rows))[1:]
    columns = [
        Column("effect", unit_of_effect(rows[0]), rows[0]["kpi"]) if head == "effect" else Column(head, words=True)
        for head in HEADS
    ]
    made = [[_cell(cell) if HEADS[i] == "effect" else word(cell) for i, cell in enumerate(row)] for row in cells]
    return Table(f"What moves {title}", columns, made)


def _cell(text: str) -> Cell:
    try:
        return Cell(text, value=float(text.split(" ")[0].replace(",", "")))
    except ValueError:
        return Cell(text)


def tornado(told: DriversTold, title: str, rows: Sequence[Row], name: str) -> Chart | None:
    """Effects of both ends of each input as bars from the scenario as written, the largest on top; None without any."""
    shown = [one for one in told.by_input(rows) if one not in told.without(rows)][:MOST_BARS]
    bars = [dict(row) for one in shown for row in rows if row["driver"] == one and row["difference"] is not None]
    if not bars:
        return None
    unit = unit_of_effect(rows[0])
    factor = shown_in(rows[0]["unit"]).factor
    data = pd.DataFrame(bars)[[column for column in EFFECTS if column in bars[0]]]
    svg = _bars(name, shown, bars, factor, f"Change of {title}, {unit}")
    note = (
        "Bars from the scenario as written to the low end (blue) and the high end (orange) of an input, with 95 % "
        "intervals; pale ones are not significant."
    )
    return Chart(f"Tornado: {title}", svg, "", note, data, wide=True)


@drawn_last
def _bars(name: str, shown: Sequence[str], bars: Sequence[dict[str, Any]], factor: float, label: str) -> Markup:
    from matplotlib.figure import Figure

    with figure_style(name):
        figure = Figure(figsize=(8.2, 0.9 + 0.34 * len(shown)))
        axes = figure.add_axes((0.34, 0.5 / (0.9 + 0.34 * len(shown)), 0.64, 1 - 0.65 / (0.9 + 0.34 * len(shown))))
        for bar in bars:
            at = float(len(shown) - 1 - shown.index(bar["driver"]))
            end = SIDES.index(bar["end"])
            change = bar["difference"] * factor
            at += 0.18 * (1 - 2 * end)
            colour, pale = (SECOND, FIRST)[end], 1.0 if bar["significant"] else 0.3
            axes.barh(at, change, height=0.34, color=colour, alpha=pale)
            if bar["low"] is not None:
                axes.plot([bar["low"] * factor, bar["high"] * factor], [at, at], color=INK, linewidth=1)
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(range(len(shown)), list(reversed(shown)), fontsize=8.5)
        axes.set_xlabel(label, fontsize=8.5)
        axes.tick_params(labelsize=8.5)
        axes.grid(axis="x", color=FAINT)
        axes.set_axisbelow(True)
        return inline_svg(figure, label, tight=False)
