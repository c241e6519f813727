"""The page of a search for a value: the KPI against the key with intervals, and where it reaches what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd
from markupsafe import Markup

from ccsim.kpis.definitions import KPIS
from ccsim.report.drawing import drawn_last, figures_last
from ccsim.report.figures import FIRST, INK, SECOND, figure_style, inline_svg, labelled
from ccsim.report.numbers import shown_in
from ccsim.report.page import check_page_place, put_page, render_page
from ccsim.report.parts import Cell, Chart, Column, Table, word
from ccsim.report.study_page import definitions_of, left_out, made_by
from ccsim.results.sweep import Sweep
from ccsim.units import HOUR, MINUTE

TEMPLATE: Final = Path(__file__).parent / "solve.html"
Told = Mapping[str, Any]


def solve_page(made: Sweep) -> str:
    """The page of a search as HTML; the same search gives the same text."""
    with figures_last() as figures:
        return figures.put_into(_page(made))


def write_solve_report(made: Sweep, path: Path) -> None:
    """Write the page of a search, whole or not at all; `OutputError` if that cannot be done."""
    check_page_place(path)
    put_page(solve_page(made), path)


def _page(made: Sweep) -> str:
    told: Told = made.provenance["solve"]
    return render_page(
        TEMPLATE,
        title=f"{made.name}: {told['key']} from {told['from']} to {told['to']}",
        question=told["question"],
        summary=[
            f"{len(told['points'])} points",
            f"up to {told['replications']} paired replications",
            f"seed {made.seed}",
        ],
        warnings=left_out(made),
        answer=told["answer"],
        picture=_curve(told),
        points=_table(told),
        base=told["base"],
        not_monotone=told["not_monotone"],
        outcome=told["outcome"],
        simulated=[("Asked", told["until"]), *made_by(made)],
        definitions=definitions_of([told["kpi"]]),
    )


def _table(told: Told) -> Table:
    shown = shown_in(told["kpi_unit"], [one["result"] for one in told["points"]])
    apart = "points" if told["kpi_unit"] == "share" else shown.unit
    title = "Difference" if told["base"] else "Above it"
    columns = [
        Column(told["key"], words=True),
        Column(KPIS[told["kpi"]].title, shown.unit, kpi=told["kpi"]),
        Column(title, apart),
        Column("Replications"),
    ]
    rows = [
        [
            word(one["value"]),
            shown.cell(one["result"], None, ""),
            shown.cell(one["difference"], None if one["low"] is None else (one["low"], one["high"]), ""),
            Cell(str(one["replications"]), value=float(one["replications"])),
        ]
        for one in told["points"]
    ]
    return Table("Points that were simulated", columns, rows)


def _curve(told: Told) -> Chart | None:
    """The KPI at every value, its target, and the interval of the answer; None where the target is not known."""
    if told["target"] is None:
        return None
    factor, unit = shown_in(told["kpi_unit"]).factor, shown_in(told["kpi_unit"]).unit
    across, name = _scale(told)
    data = pd.DataFrame(
        [
            {
                "value": one["at"] / across,
                "kpi": one["result"] * factor,
                "kpi_low": None if one["low"] is None else (one["result"] - one["difference"] + one["low"]) * factor,
                "kpi_high": None if one["high"] is None else (one["result"] - one["difference"] + one["high"]) * factor,
                "replications": one["replications"],
            }
            for one in told["points"]
        ]
    )
    kpi = KPIS[told["kpi"]].title
    ends = [None if told[end] is None else told[end] / across for end in ("value", "low", "high")]
    labels = (f"{told['key']}{f', {name}' if name else ''}", f"{kpi}, {unit}")
    svg = _drawn("solve", data, told["target"] * factor, ends, labels)
    note = "Dots with 95 % intervals of the difference from what is to be reached, the dashed line."
    note += " Shaded is where the answer lies." if None not in ends[1:] else ""
    return Chart(f"{kpi} against {told['key']}", svg, "", note, data, units={"kpi": unit, "value": name})


def _scale(told: Told) -> tuple[float, str]:
    """What values of the key are divided by, and the unit that is shown: times are in microseconds."""
    if told["unit"] != "microseconds":
        return 1.0, str(told["unit"])
    most = max(abs(one["at"]) for one in told["points"])
    return (HOUR, "h") if most >= 3 * HOUR else (MINUTE, "min") if most >= 3 * MINUTE else (1e6, "s")


@drawn_last
def _drawn(name: str, data: pd.DataFrame, target: float, ends: list[float | None], labels: tuple[str, str]) -> Markup:
    from matplotlib.figure import Figure

    with figure_style(name):
        figure = Figure(figsize=(5.4, 3.6))
        axes = figure.add_axes((0.15, 0.14, 0.82, 0.82))
        axes.axhline(target, color=FIRST, linestyle="--", linewidth=1.1)
        root, low, high = ends
        if low is not None and high is not None:
            axes.axvspan(min(low, high), max(low, high), color=FIRST, alpha=0.18, linewidth=0)
        if root is not None:
            axes.axvline(root, color=FIRST, linewidth=1.3)
        axes.plot(data["value"], data["kpi"], color=SECOND, linewidth=1.3)
        known = data.dropna(subset=["kpi_low", "kpi_high"])
        axes.errorbar(
            known["value"], known["kpi"],
            yerr=[(known["kpi"] - known["kpi_low"]).clip(lower=0), (known["kpi_high"] - known["kpi"]).clip(lower=0)],
            fmt="none", capsize=2, linewidth=1.3, color=INK,
        )  # fmt: skip
        axes.plot(data["value"], data["kpi"], "o", markersize=4, color=SECOND)
        if (data["value"] % 1 == 0).all():  # nobody has half a person
            axes.locator_params(axis="x", integer=True)
        labelled(axes, labels)
        return inline_svg(figure, f"{labels[1]} against {labels[0]}", tight=False)
