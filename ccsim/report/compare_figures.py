"""Drawings of a comparison: differences with their intervals, and cost against service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from markupsafe import Markup

from ccsim.report.figures import FAINT, FIRST, INK, SECOND, THIRD, figure_style, inline_svg

MARKS: Final = "so^vDP*X<>"
"""Shapes of the alternatives, so that they are told apart without colour; the base first."""
COLOURS: Final = {"better": SECOND, "worse": FIRST, "": INK}


@dataclass(frozen=True, slots=True)
class Spread:
    """Differences of one KPI: a panel."""

    title: str
    unit: str
    data: pd.DataFrame
    """`variant`, `difference`, `half` (0 without an interval) and `good`, one row a variant, in shown units."""


def difference_plot(name: str, spreads: Sequence[Spread], said: str) -> Markup:
    """Every variant's difference from the base with its interval, a panel a KPI; the dashed line is no change."""
    from matplotlib.figure import Figure

    with figure_style(name):
        heights = [0.26 * len(spread.data) + 0.1 for spread in spreads]
        height = sum(heights) + 0.72 * len(spreads) + 0.1
        figure = Figure(figsize=(5.4, height))
        top = height
        for spread, tall in zip(spreads, heights, strict=True):
            top -= 0.3
            axes = figure.add_axes((1.75 / 5.4, (top - tall) / height, 3.5 / 5.4, tall / height))
            top -= tall + 0.42
            rows = range(len(spread.data))[::-1]
            axes.axvline(0, color=FAINT, linestyle="--", linewidth=1.1)
            for row, one in zip(rows, spread.data.to_dict("records"), strict=True):
                axes.errorbar(
                    [one["difference"]], [row], xerr=[one["half"]], fmt="o" if one["good"] else "D", markersize=4,
                    capsize=3, linewidth=1.6, color=COLOURS[one["good"]],
                )  # fmt: skip
            axes.set_yticks(list(rows), list(spread.data["variant"]), fontsize=8.5)
            axes.set_ylim(-0.6, len(spread.data) - 0.4)
            axes.set_title(f"{spread.title}, {spread.unit}", fontsize=10, x=-0.5, ha="left")
            axes.tick_params(axis="x", labelsize=8.5)
        return inline_svg(figure, said, tight=False)


def cost_plot(name: str, data: pd.DataFrame, service: str, cost: str, said: str) -> Markup:
    """Cost against a KPI of service with the base (a square) and every variant.

    `data` holds `alternative`, `cost`, `cost_half`, `service`, `service_half`, the base first.
    """
    from matplotlib.figure import Figure

    with figure_style(name):
        lines = -(-len(data) // 2)
        height = 3.0 + 0.2 * lines
        figure = Figure(figsize=(5.4, height))
        axes = figure.add_axes((0.16, 0.5 / height, 0.78, 2.35 / height))
        for i, one in enumerate(data.to_dict("records")):
            axes.errorbar(
                [one["cost"]], [one["service"]], xerr=[one["cost_half"]], yerr=[one["service_half"]],
                fmt=MARKS[i % len(MARKS)], markersize=6, linewidth=1, label=one["alternative"],
                color=THIRD if i == 0 else SECOND if i % 2 else INK,
            )  # fmt: skip
        axes.legend(loc="lower center", bbox_to_anchor=(0.45, 1.0), ncols=2, fontsize=8.5)
        axes.locator_params(axis="x", nbins=5)
        axes.set_xlabel(cost)
        axes.set_ylabel(service)
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.10g}")
        return inline_svg(figure, said, tight=False)
